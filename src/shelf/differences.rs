//! What a view of an event showed before, and how that differs from what it shows: worked out from the newest document
//! and the change log backwards, once for all who ask.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Shelf;
use super::shelved::item_revision;
use crate::content::{Document, Id, Kind, Publication};
use crate::error::Error;
use crate::publishing::{self, Edit};
use crate::snapshot::{Cursor, Seen, Snapshot, Stamp, View};
use crate::store::{Change, Operation};

/// How many changed records a difference names.
pub const MAX_NAMED: usize = 200;
/// How many entries of the change log are gone back at most.
const MAX_REWOUND: usize = 10_000;
/// How many differences are kept. Everybody who watches an event asks for the same few.
pub(super) const KEPT: usize = 128;

/// What a difference is between: an event, a view of it, and two states of that.
pub(super) type Between = (Id, View, Cursor, Stamp);

/// How what a view shows differs from what it showed before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The records that differ, in an order in which each finds what it refers to. Empty where there are too many.
    pub named: Vec<Changed>,
    /// Whether there are more than [`MAX_NAMED`].
    pub is_too_much: bool,
}

/// A record that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its kind.
    pub kind: Kind,
    /// The record.
    pub id: Id,
    /// What happened to it, as this view shows it.
    pub operation: Operation,
}

/// Why a difference can't be told.
#[derive(Debug)]
pub enum Untold {
    /// Nobody knows any more what was shown then, or never did.
    Unknown,
    /// The store could not be asked.
    Error(Error),
}

impl From<Error> for Untold {
    fn from(error: Error) -> Untold {
        Untold::Error(error)
    }
}

impl Difference {
    fn between(before: Option<&Document>, after: &Document) -> Difference {
        let edits = publishing::diff(before, after);
        if edits.len() > MAX_NAMED {
            return Difference { named: Vec::new(), is_too_much: true };
        }
        let changed = |edit: &Edit| Changed {
            kind: edit.kind,
            id: edit.id,
            operation: Operation::between(edit.before.as_ref(), edit.after.as_ref()),
        };
        Difference { named: edits.iter().map(changed).collect(), is_too_much: false }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty() && !self.is_too_much
    }
}

impl Shelf {
    /// How a snapshot differs from what the same view showed at a cursor. `before` is the snapshot of that moment, where
    /// the caller still has it; otherwise the change log is gone back.
    pub async fn difference(
        &self,
        from: Cursor,
        before: Option<&Snapshot>,
        to: &Snapshot,
    ) -> Result<Arc<Difference>, Untold> {
        let between = (to.event().id, to.view(), from, to.stamp());
        let make = async {
            if let Some(before) = before {
                return Ok(Arc::new(Difference::between(Some(before.document()), to.document())));
            }
            let before = self.earlier(to.event().id, to.view(), from).await?;
            Ok(Arc::new(Difference::between(before.as_ref(), to.document())))
        };
        self.differences.get_or_insert_async(&between, make).await
    }

    /// Follows the log up to a cursor at least: another server may have told of a change that this one has not seen yet.
    pub async fn catch_up(&self, cursor: Cursor) -> Result<(), Untold> {
        if self.followed() < cursor.revision {
            self.refresh().await?;
        }
        if self.followed() < cursor.revision { Err(Untold::Unknown) } else { Ok(()) }
    }

    /// The document that a view showed at a cursor; `None` when it showed nothing.
    pub(super) async fn earlier(&self, event: Id, view: View, cursor: Cursor) -> Result<Option<Document>, Untold> {
        let shelved = self.shelved(event).await?.ok_or(Untold::Unknown)?;
        // The entry at the cursor is read too, for the time at which it was written.
        let limit = MAX_REWOUND as u64 + 1;
        let mut changes = self.store.changes_of_event(event, cursor.revision.saturating_sub(1), limit).await?;
        let is_too_many = changes.len() > MAX_REWOUND;
        changes.retain(|change| change.sequence <= shelved.revision());
        let rest = changes.iter().position(|change| change.sequence > cursor.revision).unwrap_or(changes.len());
        let at = changes[..rest].last().map_or(Timestamp::MIN, |change| change.at);
        let document = rewind(shelved.document(), &changes[rest..]).ok_or(Untold::Unknown)?;
        if is_too_many || (document.is_some() && self.has_forgotten(cursor.revision).await?) {
            return Err(Untold::Unknown);
        }
        let now = match cursor.embargoes {
            Seen::UpTo(instant) => instant.unwrap_or(Timestamp::MIN),
            Seen::AtRevision => at,
        };
        let Some(document) = document else { return Ok(None) };
        match (view, document.event.publication) {
            (View::Working, _) => Ok(Some(document)),
            (View::Public, Publication::Draft) => Ok(None),
            (View::Public, Publication::Live) => Ok(Some(publishing::public(&document, now))),
            (View::Public, Publication::Released) => {
                let mut releases = shelved.releases().iter().rev();
                let newest = releases.find(|release| release.sequence <= cursor.revision);
                let Some(newest) = newest else { return Ok(None) };
                let mut document = self.store.release_document(event, newest.number).await?.ok_or(Untold::Unknown)?;
                document.event = publishing::released_event(&document.event);
                Ok(Some(publishing::public(&document, now)))
            }
        }
    }

    /// Whether the change log no longer has all entries after a sequence number.
    async fn has_forgotten(&self, sequence: i64) -> Result<bool, Error> {
        Ok(self.store.oldest_sequence().await?.is_none_or(|oldest| oldest > sequence.saturating_add(1)))
    }
}

/// The document before entries of the log, given in their order; `Some(None)` when they begin with the making of the
/// event. Each must find what it says that it left behind: where it does not, an entry is missing.
fn rewind(document: &Document, changes: &[Change]) -> Option<Option<Document>> {
    let mut there: HashMap<(Kind, Id), Option<i32>> =
        document.records().iter().map(|record| ((record.kind(), record.id()), item_revision(record))).collect();
    let mut earlier = document.clone();
    // No document holds releases.
    for change in changes.iter().rev().filter(|change| change.kind != Kind::Release) {
        let key = (change.kind, change.item);
        if there.get(&key) != change.after.as_ref().map(item_revision).as_ref() {
            return None;
        }
        match &change.before {
            Some(record) => there.insert(key, item_revision(record)),
            None if change.kind == Kind::Event => return Some(None),
            None => there.remove(&key),
        };
        publishing::apply(&mut earlier, change.kind, change.item, change.before.clone());
    }
    Some(Some(earlier))
}
