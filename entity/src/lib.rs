//! Plenary's database rows, a file for each table: no rules, no serialization and no GraphQL.
//!
//! An item is a row of `item` and a row with the same id in the table of its kind; `session_person`, `paper_author` and
//! `award_paper` hold ordered lists. The schema itself, with its constraints, is in the `migration` crate.

pub mod access_token;
pub mod announcement;
pub mod award;
pub mod award_paper;
pub mod change;
pub mod event;
pub mod idempotent_request;
pub mod important_date;
pub mod invitation;
pub mod item;
pub mod link;
pub mod log_position;
pub mod login_session;
pub mod member;
pub mod page;
pub mod paper;
pub mod paper_author;
pub mod participation;
pub mod person;
pub mod refresh_token;
pub mod release;
pub mod release_document;
pub mod room;
pub mod series;
pub mod session;
pub mod session_number;
pub mod session_person;
pub mod sponsor;
pub mod sponsor_tier;
pub mod topic;
pub mod track;
pub mod user;
pub mod webhook;
pub mod webhook_attempt;
pub mod webhook_message;
