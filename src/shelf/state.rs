//! What the shelf holds at one moment, as a value, and the changes from one moment to the next.
//!
//! Nothing here waits or reads a clock or a database: the shelf swaps one state for another, and readers go on with the
//! one that they have.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::{Mutex, RwLock};

use super::Dependency;
use super::catalogue::Catalogue;
use super::shelved::{PublicSide, Shelved};
use crate::content::{Id, Publication};
use crate::snapshot::{Stamp, View};
use crate::store::{Change, EventHeader, Loaded};

/// What the shelf holds.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// The newest change that has been followed; `None` until the catalogue is there.
    pub(super) sequence: Option<i64>,
    pub(super) catalogue: Arc<Catalogue>,
    /// The events that have been loaded, also those that had to leave again.
    known: HashMap<Id, Known>,
}

/// The event has not been loaded at this revision.
#[derive(Debug)]
pub(super) struct NotKnown;

/// What is known of an event that has been loaded.
#[derive(Clone, Debug)]
struct Known {
    revision: i64,
    /// What the public side is made from; `None` when it has none or was not loaded.
    side: Option<PublicSide>,
    shelved: Option<Arc<Shelved>>,
}

impl State {
    /// The event, if it is on the shelf.
    pub(super) fn shelved(&self, event: Id) -> Option<&Arc<Shelved>> {
        self.known.get(&event)?.shelved.as_ref()
    }

    /// The events on the shelf.
    pub(super) fn all_shelved(&self) -> impl Iterator<Item = &Arc<Shelved>> {
        self.known.values().filter_map(|known| known.shelved.as_ref())
    }

    /// The next instant after `now` at which the public sees more of an event by itself; `Err` where that is not known.
    pub(super) fn next_appearance(&self, event: Id, now: Timestamp) -> Result<Option<Timestamp>, NotKnown> {
        let known = self.known.get(&event).filter(|known| known.shelved.is_some()).ok_or(NotKnown)?;
        Ok(known.side.as_ref().and_then(|side| side.next_change(now)))
    }

    /// About how much memory the events on the shelf take.
    pub(super) fn bytes(&self) -> usize {
        self.all_shelved().map(|shelved| shelved.bytes()).sum()
    }

    /// Whether what an answer was made from is still what it would be made from at `now`.
    pub(super) fn is_current(&self, dependency: &Dependency, now: impl FnOnce() -> Timestamp) -> bool {
        match dependency {
            Dependency::Volatile => false,
            Dependency::Catalogue(view, revision) => self.catalogue.side(*view).revision == *revision,
            Dependency::Event(event, view, stamp) => {
                self.known.get(event).is_some_and(|known| known.is_at(*view, stamp, now))
            }
        }
    }

    /// Puts a loaded event on the shelf, and takes others off until the budget is kept. A load that is older than what
    /// has been followed is refused; one that is not newer than what is there changes nothing.
    pub(super) fn shelve(
        &self,
        loaded: impl Into<Loaded>,
        budget: usize,
        moment: u64,
    ) -> Option<(State, Arc<Shelved>)> {
        let loaded = loaded.into();
        let (event, revision) = (loaded.stored.document.event.id, loaded.stored.revision);
        if let Some(there) = self.shelved(event).filter(|there| there.revision() >= revision) {
            return Some((self.clone(), there.clone()));
        }
        let followed = self.catalogue.with_id(event).map_or(0, |header| header.revision);
        if revision < self.known.get(&event).map_or(followed, |known| known.revision.max(followed)) {
            return None;
        }
        let shelved = Arc::new(Shelved::new(loaded));
        shelved.touch(moment);
        let mut next = self.clone();
        next.known.insert(event, Known::on_shelf(shelved.clone()));
        next.evict(budget, Some(event));
        Some((next, shelved))
    }

    /// The state after entries of the change log, of which the newest is `newest`; `None` when they do not tell enough
    /// and the headers have to be read anew. An event that they do not continue leaves the shelf.
    pub(super) fn follow(&self, changes: &[Change], newest: i64, budget: usize, now: Timestamp) -> Option<State> {
        let mut next = self.clone();
        next.catalogue = Arc::new(self.catalogue.follow(changes, newest)?);
        next.sequence = Some(newest);
        let mut by_event: HashMap<Id, Vec<&Change>> = HashMap::new();
        for change in changes {
            by_event.entry(change.event).or_default().push(change);
        }
        for (event, changes) in by_event {
            let Some(known) = next.known.get_mut(&event) else { continue };
            let Some(header) = next.catalogue.with_id(event) else {
                next.known.remove(&event);
                continue;
            };
            let revision = changes.last().map_or(0, |change| change.sequence);
            if revision <= known.revision {
                continue;
            }
            let followed = known.shelved.as_ref().and_then(|shelved| shelved.follow(&changes, now));
            if known.shelved.is_some() && followed.is_none() {
                tracing::warn!(%event, "the change log does not continue what was loaded; the event is loaded anew");
            }
            *known = match followed {
                Some(shelved) => Known::on_shelf(Arc::new(shelved)),
                None => known.off_shelf(header),
            };
        }
        next.evict(budget, None);
        Some(next)
    }

    /// The state with headers that were read anew, when everything up to `sequence` had been written. Events stay on the
    /// shelf only where they are at the same revision.
    pub(super) fn with_headers(&self, headers: Vec<EventHeader>, sequence: i64) -> State {
        let catalogue = Catalogue::new(headers.into_iter().map(Arc::new).collect(), sequence);
        let mut known = self.known.clone();
        known.retain(|event, known| match catalogue.with_id(*event) {
            Some(header) if header.revision != known.revision => {
                *known = known.off_shelf(header);
                true
            }
            header => header.is_some(),
        });
        State { sequence: Some(sequence), catalogue: Arc::new(catalogue), known }
    }

    /// Takes the least recently used off the shelf until the rest is within the budget. The one that is `kept` stays,
    /// however big it is: somebody is asking for it.
    fn evict(&mut self, budget: usize, kept: Option<Id>) {
        let mut bytes = self.bytes();
        if bytes <= budget {
            return;
        }
        let mut leaving: Vec<Arc<Shelved>> =
            self.all_shelved().filter(|shelved| Some(shelved.id()) != kept).cloned().collect();
        leaving.sort_by_key(|shelved| shelved.last_used());
        for shelved in leaving {
            if bytes <= budget {
                return;
            }
            bytes -= shelved.bytes();
            if let Some(known) = self.known.get_mut(&shelved.id()) {
                known.shelved = None;
            }
        }
    }
}

impl Known {
    fn on_shelf(shelved: Arc<Shelved>) -> Self {
        Known { revision: shelved.revision(), side: shelved.side().cloned(), shelved: Some(shelved) }
    }

    /// What is known of the event when it is at another revision, without its content: the public side stays only where
    /// it still shows the same release.
    fn off_shelf(&self, header: &EventHeader) -> Self {
        let shown = header.release.as_ref().filter(|_| header.event.publication == Publication::Released);
        let side = self.side.clone().filter(|side| shown.is_some_and(|release| side.shows_release(release.number)));
        Known { revision: header.revision, side, shelved: None }
    }

    fn is_at(&self, view: View, stamp: &Stamp, now: impl FnOnce() -> Timestamp) -> bool {
        match view {
            View::Working => *stamp == Stamp { revision: self.revision, release: None, released_at: None },
            View::Public => self.side.as_ref().is_some_and(|side| side.stamp(now()) == *stamp),
        }
    }
}

/// Where the current state is. Readers hold a lock only to copy a pointer; one change at a time is worked out beside
/// it and then put in its place.
#[derive(Debug, Default)]
pub(super) struct Current {
    state: RwLock<Arc<State>>,
    changing: Mutex<()>,
}

impl Current {
    /// The state as it is now.
    pub(super) fn get(&self) -> Arc<State> {
        self.state.read().clone()
    }

    /// Looks at the state as it is now.
    pub(super) fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.read())
    }

    /// Changes the state, if `change` makes another one of it.
    pub(super) fn change<T>(&self, change: impl FnOnce(&State) -> Option<(State, T)>) -> Option<T> {
        let _alone = self.changing.lock();
        let (next, answer) = change(&self.get())?;
        *self.state.write() = Arc::new(next);
        Some(answer)
    }
}

#[cfg(test)]
mod tests;
