//! A release: a numbered state of an event's content that was fixed. Not an item: it stands beside what it fixes.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Event, Id, Markdown, Report, Series};

/// What is known of a release without its document.
///
/// The event and the series are what they were when it was made: lists of events show them without loading the
/// document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// The release's identity.
    pub id: Id,
    /// Which release of the event it is, counted from 1.
    pub number: i32,
    /// The name of the version, for example `v1.0` or `Final programme`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What is new in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Markdown>,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub actor: String,
    /// The place of its own entry in the change log: the document is what all entries before it led to.
    pub sequence: i64,
    /// The event's own fields.
    pub event: Arc<Event>,
    /// The series that the event is an edition of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Arc<Series>>,
}

impl Release {
    /// Adds what is wrong with the release's own words to `report`.
    pub fn check(&self, report: &mut Report) {
        check_words(self.name.as_deref(), self.note.as_ref(), report);
    }
}

/// Adds what is wrong with the name and the note of a release to `report`.
pub fn check_words(name: Option<&str>, note: Option<&Markdown>, report: &mut Report) {
    report.optional_line("name", name);
    report.markdown("note", note);
}
