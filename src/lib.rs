//! Plenary: a headless GraphQL and JSON content API for academic workshops and conferences.

pub mod access;
pub mod accounts;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod content;
pub mod error;
pub mod feeds;
pub mod graphql;
pub mod http;
pub mod import;
pub mod publishing;
pub mod reading;
pub mod rest;
pub mod shelf;
pub mod snapshot;
pub mod store;
pub mod watching;
pub mod webhooks;
