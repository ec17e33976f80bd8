//! How the public side of an event goes on, for those who keep up with it over restarts: what was shown at a place that
//! they have kept, and what is shown now.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Shelf, Untold};
use crate::content::{Document, Id};
use crate::error::Error;
use crate::snapshot::{Cursor, Seen, Snapshot, View};

/// What the public saw of an event at a cursor, and what it sees now.
#[derive(Debug)]
pub struct Progress {
    /// Where this leads to. Its revision is that of the newest change to the event, whether the public sees that or not: it
    /// is for this side only.
    pub cursor: Cursor,
    /// What the public saw.
    pub before: Before,
    /// What it sees now; `None` when it sees nothing of the event.
    pub after: Option<Arc<Snapshot>>,
    /// When it sees more by itself.
    pub appears: Option<Timestamp>,
}

/// What the public saw at a cursor.
#[derive(Debug)]
pub enum Before {
    /// There was no change since.
    Same,
    /// This document, or nothing of the event.
    Shown(Option<Box<Document>>),
    /// Nobody knows any more.
    Unknown,
}

/// The first instant that a cursor can hold.
const FIRST: Timestamp = Timestamp::constant(0, 1_000);

impl Shelf {
    /// How the public side of an event went on since a cursor; `None` when there is no such event. Without a cursor it only
    /// says where it is now.
    pub async fn progress(&self, event: Id, since: Option<Cursor>) -> Result<Option<Progress>, Error> {
        let Some(shelved) = self.shelved(event).await? else { return Ok(None) };
        let now = self.clock.now();
        let after = shelved.snapshot(View::Public, now);
        // A cursor has no words for instants before 1970; whatever ended before then has ended at its first moment.
        let ended = |after: &Arc<Snapshot>| after.stamp().released_at.map(|at| at.max(FIRST));
        let embargoes = after.as_ref().map_or(Seen::AtRevision, |after| Seen::UpTo(ended(after)));
        let cursor = Cursor { revision: shelved.revision(), embargoes };
        let appears = shelved.side().and_then(|side| side.next_change(now));
        let before = match since {
            Some(since) if since != cursor => match self.earlier(event, View::Public, since).await {
                Ok(document) => Before::Shown(document.map(Box::new)),
                Err(Untold::Unknown) => Before::Unknown,
                Err(Untold::Error(error)) => return Err(error),
            },
            _ => Before::Same,
        };
        Ok(Some(Progress { cursor, before, after, appears }))
    }
}
