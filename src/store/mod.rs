//! The only module with a database connection.
//!
//! It keeps documents, the log of their changes, and accounts, whole in and whole out. It decides nothing about who may read or
//! write ([`Editor`](crate::access::Editor) is the proof of that) nor what the public sees.

mod accounts;
mod bulk;
mod edit;
mod edits;
mod find;
mod follow;
mod history;
mod idempotency;
mod identity;
mod load;
mod open;
mod releases;
mod returning;
mod rows;
mod shared;
mod webhooks;
mod write;

use std::sync::Arc;

use jiff::Timestamp;
use sea_orm::DatabaseConnection;

pub use accounts::{
    AccessToken, AddedToken, Guest, Invitation, Known, Member, Membership, NewAccessToken, NewInvitation, NewUser,
    PasswordHash, Refreshed, User,
};
pub use history::{LogFilter, LogPage, LogSpan};
pub use idempotency::{OnceOnly, Turn};
pub use releases::Version;
pub use webhooks::{
    Attempt, Delivery, KeptSecret, Message, MessagePage, MessageStatus, NewMessage, NewWebhook, Room, Verdict, Webhook,
    WebhookChange,
};

use crate::content::{Document, Event, Id, Kind, Record, Release, Series};

/// The database, opened. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    /// Woken when there may be something to deliver.
    outbox: Arc<tokio::sync::Notify>,
}

/// An event as it is stored, with everything that it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The content, drafts included.
    pub document: Document,
    /// The sequence number of the event's newest change.
    pub revision: i64,
    /// When that was written.
    pub changed_at: Timestamp,
}

/// An event with what its public side may be made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The event as it is stored.
    pub stored: Stored,
    /// Its releases, the oldest first.
    pub releases: Arc<[Arc<Release>]>,
    /// The document of the newest release, if the event's publication is by releases and it has one.
    pub released: Option<Document>,
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
    /// Its newest release.
    pub release: Option<Arc<Release>>,
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
