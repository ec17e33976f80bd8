//! What a node sees: one view of one event, carried by the node itself.

use std::ops::Deref;
use std::sync::Arc;

use jiff::Timestamp;

use crate::content::{DateTime, Head};
use crate::snapshot::Snapshot;

/// One view of one event. A node hands its scope on to the nodes that it leads to, so that no path leads from one view
/// into another.
#[derive(Clone, Debug)]
pub struct Scope(Arc<Snapshot>);

impl Scope {
    /// The scope of everything in a snapshot.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        Scope(snapshot)
    }

    /// An instant as the event's clocks show it.
    pub fn time(&self, instant: Timestamp) -> DateTime {
        DateTime::new(instant, self.zone())
    }

    /// The times of an item's head.
    pub fn times(&self, head: &Head) -> Times {
        Times {
            publish_at: head.publish_at.map(|at| self.time(at)),
            created_at: self.time(head.created_at),
            updated_at: self.time(head.updated_at),
        }
    }
}

impl Deref for Scope {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.0
    }
}

/// The times that every item has.
#[derive(async_graphql::SimpleObject, Clone, Debug)]
#[graphql(name = "TimeFields")]
pub struct Times {
    /// The instant from which the public sees the item; absent where that is at once.
    publish_at: Option<DateTime>,
    /// When the item was created.
    created_at: DateTime,
    /// When the item was last changed.
    updated_at: DateTime,
}
