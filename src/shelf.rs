//! The shelf: the current snapshots by event, and the catalogue of all events.
//!
//! It loads through the store on demand, once however many ask, follows the change log, rebuilds at embargo instants,
//! and keeps to a memory budget.

use std::sync::Arc;

use crate::clock::Clock;
use crate::content::Id;
use crate::error::Error;
use crate::snapshot::{Snapshot, Stamp, View};
use crate::store::{EventHeader, Store};

/// The headers of all events.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// The headers, the latest event first; drafts included: [`Reading`] shows only what its viewer may see.
    pub events: Vec<Arc<EventHeader>>,
    /// Rises when any header changes; equal on replicas that have seen the same changes.
    pub revision: i64,
}

/// The current snapshots.
#[derive(Debug)]
pub struct Shelf {
    #[expect(dead_code, reason = "stub")]
    store: Store,
    #[expect(dead_code, reason = "stub")]
    clock: Clock,
}

/// What an answer was made from: while every part of it is current, the answer is too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// The catalogue at a revision.
    Catalogue(i64),
    /// One view of an event at a stamp.
    Event(Id, View, Stamp),
    /// Something that can change at any moment, such as the time of day: the answer must not be kept.
    Volatile,
}

impl Shelf {
    /// An empty shelf over a store; `budget` is the bytes that snapshots may take together.
    pub fn new(store: Store, clock: Clock, _budget: usize) -> Arc<Shelf> {
        Arc::new(Shelf { store, clock })
    }

    /// The headers of all events, as of the newest change that has been followed.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::new(Catalogue::default())
    }

    /// The snapshot of an event; `None` when there is no such event, or nothing of it is to be seen in that view.
    pub async fn snapshot(&self, _event: Id, _view: View) -> Result<Option<Arc<Snapshot>>, Error> {
        Ok(None)
    }

    /// The event that an item belongs to: asks the snapshots that are there, then the store.
    pub async fn locate(&self, _item: Id) -> Result<Option<Id>, Error> {
        Ok(None)
    }

    /// Whether an answer that was made from this is still right. Cheap: no lock is held long, nothing is loaded.
    pub fn is_current(&self, _dependency: &Dependency) -> bool {
        false
    }

    /// Follows the change log and the clock until the future is dropped: call it once, in a task of its own.
    pub async fn follow(self: Arc<Self>) {}

    /// Looks for changes now instead of at the next poll.
    pub async fn refresh(&self) -> Result<(), Error> {
        Ok(())
    }
}
