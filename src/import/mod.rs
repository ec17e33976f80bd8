//! Getting content in: a reader per format gives a document and diagnostics, and the rest is the same for all.

pub mod diagnostic;
pub mod document;
pub mod identity;
pub mod jekyll;
pub mod render;

pub use diagnostic::{Diagnostic, Diagnostics};

use crate::content::{Date, Document, Publication};

/// What the operator told the importer beside the input.
#[derive(Clone, Debug)]
pub struct Options {
    /// The event's slug.
    pub slug: String,
    /// The IANA time zone, where the operator says it.
    pub time_zone: Option<String>,
    /// The first day, where the operator says it.
    pub date: Option<Date>,
    /// The event's website, where the operator says it.
    pub website: Option<String>,
    /// What the event's publication becomes when the import creates it.
    pub publication: Publication,
    /// The present time, for new records.
    pub now: jiff::Timestamp,
}

/// What a reader made of its input: never nothing, and everything that was odd.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The content, with fresh ids.
    pub document: Document,
    /// What was mended, unread or suspicious.
    pub diagnostics: Diagnostics,
}
