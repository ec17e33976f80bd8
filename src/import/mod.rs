//! Getting content in: a reader per format gives a document and diagnostics, and the rest is the same for all.

mod additions;
pub mod c3voc;
pub mod csv;
pub mod diagnostic;
pub mod document;
mod fit;
pub mod frab;
mod html;
pub mod identity;
pub mod input;
pub mod jekyll;
mod json;
mod json_lines;
pub mod openreview;
mod place;
mod programme;
pub mod render;
pub mod sched;
pub mod sessionize;
mod source_ids;
mod tally;
mod text;
mod titles;
mod xml;

pub use diagnostic::{Diagnostic, Diagnostics};

use crate::content::{Date, Document, Publication};

/// What the operator told the importer beside the input.
#[derive(Clone, Debug)]
pub struct Options {
    /// The event's slug.
    pub slug: String,
    /// The IANA time zone, where the operator says it.
    pub time_zone: Option<String>,
    /// The IANA time zone that the event has on the server, for inputs that name none.
    pub known_zone: Option<String>,
    /// The first day, where the operator says it.
    pub date: Option<Date>,
    /// The event's website, where the operator says it.
    pub website: Option<String>,
    /// What the event's publication becomes when the import creates it.
    pub publication: Publication,
    /// The present time, for new records.
    pub now: jiff::Timestamp,
}

/// How much of an event an input tells. What it does not tell stays as it is on the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// Everything: what is not in the input goes.
    #[default]
    Whole,
    /// The programme: sessions, rooms, tracks and who speaks. Sessions that are not in the input go.
    Programme {
        /// Whether the input says which sessions are cancelled.
        tells_status: bool,
        /// Whether it says what the event is called.
        tells_name: bool,
        /// Whether it says from when to when the event is.
        tells_days: bool,
    },
}

/// What a reader made of its input: never nothing, and everything that was odd.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The content, with fresh ids.
    pub document: Document,
    /// What was mended, unread or suspicious.
    pub diagnostics: Diagnostics,
    /// How much of the event it is.
    pub extent: Extent,
    /// Whether it says of every session whether it must not be recorded. What does not say it never allows it.
    pub tells_recording: bool,
    /// When the content was last changed, where the input tells that of a Plenary elsewhere: an event that is new here is
    /// as old.
    pub dated: Option<jiff::Timestamp>,
}
