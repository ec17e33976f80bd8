//! The shelf: the current snapshots by event, and the catalogue of all events.
//!
//! It loads through the store on demand, once however many ask, follows the change log, lets embargoes end at their
//! instant, and keeps to a memory budget. What it holds at one moment is a value (`state`); this file and `following`
//! only fetch, and swap one value for another. It knows no viewer: see [`crate::reading`].

mod catalogue;
mod differences;
mod following;
mod past;
mod progress;
mod shelved;
mod state;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use quick_cache::sync::Cache;
use tokio::sync::{OnceCell, watch};

pub use catalogue::{Catalogue, Headers};
pub use differences::{Changed, Difference, MAX_NAMED, Untold};
use past::Past;
pub use progress::{Before, Progress};
use shelved::Shelved;
use state::Current;

use crate::clock::Clock;
use crate::content::Id;
use crate::error::Error;
use crate::snapshot::{Snapshot, Stamp, View};
use crate::store::{Loaded, Store, Stored};

/// The current snapshots.
#[derive(Debug)]
pub struct Shelf {
    store: Store,
    clock: Clock,
    budget: usize,
    current: Current,
    past: Past,
    /// Counts uses, to know which event was used least recently.
    moment: AtomicU64,
    /// The loads that are under way: whoever asks for the same event waits for the same one.
    loading: Mutex<HashMap<Id, Load>>,
    loads: AtomicU64,
    /// Held by whoever is following the log, so that one does at a time.
    following: tokio::sync::Mutex<()>,
    /// The newest change that has been followed, for those who wait for the next.
    followed: watch::Sender<i64>,
    /// How events changed lately: whoever watches the same event asks for the same.
    differences: Cache<differences::Between, Arc<Difference>>,
}

/// A load that several may wait for.
type Load = Arc<OnceCell<Result<Option<Arc<Shelved>>, Arc<Error>>>>;

/// What an answer was made from: while every part of it is current, the answer is too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// One side of the catalogue at a revision.
    Catalogue(View, i64),
    /// One view of an event at a stamp.
    Event(Id, View, Stamp),
    /// Something that can change at any moment, such as the time of day: the answer must not be kept.
    Volatile,
}

/// How full the shelf is, for those who watch over the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// How many events are on the shelf.
    pub events: usize,
    /// About how many bytes they take.
    pub bytes: usize,
    /// How often an event was loaded from the store since the start.
    pub loads: u64,
}

impl Shelf {
    /// An empty shelf over a store; `budget` is the bytes that snapshots may take together. Its catalogue is empty until
    /// the first [`Shelf::refresh`].
    pub fn new(store: Store, clock: Clock, budget: usize) -> Arc<Shelf> {
        Arc::new(Shelf {
            store,
            clock,
            budget,
            current: Current::default(),
            past: past::past(budget),
            moment: AtomicU64::new(0),
            loading: Mutex::default(),
            loads: AtomicU64::new(0),
            following: tokio::sync::Mutex::default(),
            followed: watch::Sender::new(0),
            differences: Cache::new(differences::KEPT),
        })
    }

    /// A shelf with its catalogue: what a server begins with.
    pub async fn open(store: Store, clock: Clock, budget: usize) -> Result<Arc<Shelf>, Error> {
        let shelf = Shelf::new(store, clock, budget);
        shelf.refresh().await?;
        Ok(shelf)
    }

    /// The store that the shelf is loaded from.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The headers of all events, as of the newest change that has been followed.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.current.look(|state| state.catalogue.clone())
    }

    /// The snapshot of an event; `None` when there is no such event, or nothing of it is to be seen in that view.
    ///
    /// An event that is on the shelf needs no database. An embargo ends at its instant: the first reader afterwards gets
    /// the public snapshot that has what it kept back.
    pub async fn snapshot(&self, event: Id, view: View) -> Result<Option<Arc<Snapshot>>, Error> {
        let shelved = self.shelved(event).await?;
        Ok(shelved.and_then(|shelved| shelved.snapshot(view, self.clock.now())))
    }

    /// The content of an event, drafts included, as of the newest change that has been followed: what an edit begins
    /// with.
    pub async fn stored(&self, event: Id) -> Result<Option<Stored>, Error> {
        let shelved = self.shelved(event).await?;
        Ok(shelved.map(|shelved| shelved.stored()))
    }

    /// The event, from the shelf or from the store.
    async fn shelved(&self, event: Id) -> Result<Option<Arc<Shelved>>, Error> {
        let there = self.current.look(|state| state.shelved(event).cloned());
        let shelved = match there {
            Some(shelved) => Some(shelved),
            None => self.load(event).await?,
        };
        if let Some(shelved) = &shelved {
            shelved.touch(self.next_moment());
        }
        Ok(shelved)
    }

    /// Is woken whenever more of the change log has been followed; holds the number of the newest entry.
    pub fn follows(&self) -> watch::Receiver<i64> {
        self.followed.subscribe()
    }

    /// The number of the newest entry of the change log that has been followed.
    fn followed(&self) -> i64 {
        *self.followed.borrow()
    }

    /// When the public sees more of an event by itself, because an embargo ends. Where that is not known it is time to
    /// look again in a second.
    pub fn next_appearance(&self, event: Id) -> Option<Timestamp> {
        let now = self.clock.now();
        let known = self.current.look(|state| state.next_appearance(event, now));
        known.unwrap_or_else(|_| now.checked_add(SignedDuration::from_secs(1)).ok())
    }

    /// The event that a content item belongs to; for an event's own id, itself. Asks the snapshots that are there, then
    /// the store. People and series belong to no event.
    pub async fn locate(&self, item: Id) -> Result<Option<Id>, Error> {
        let state = self.current.get();
        if state.catalogue.with_id(item).is_some() {
            return Ok(Some(item));
        }
        match state.all_shelved().find(|shelved| shelved.shows(item)) {
            Some(shelved) => Ok(Some(shelved.id())),
            None => self.store.locate(item).await,
        }
    }

    /// The events in which a person has a role, is in a session or wrote a paper. Asks the store, because an event that
    /// is not on the shelf counts too.
    pub async fn events_of_person(&self, person: Id) -> Result<Vec<Id>, Error> {
        self.store.events_of_person(person).await
    }

    /// Whether an answer that was made from this is still right. Cheap: no lock is held long, nothing is loaded. Where
    /// it is not known, the answer is no.
    pub fn is_current(&self, dependency: &Dependency) -> bool {
        self.current.look(|state| state.is_current(dependency, || self.clock.now()))
    }

    /// How full the shelf is.
    pub fn statistics(&self) -> Statistics {
        let state = self.current.get();
        let (events, bytes) = (state.all_shelved().count(), state.bytes());
        Statistics { events, bytes, loads: self.loads.load(Ordering::Relaxed) }
    }

    /// Loads an event, once for all who ask in the meantime. When the one who began gives up, another goes on.
    async fn load(&self, event: Id) -> Result<Option<Arc<Shelved>>, Error> {
        let load = self.loading.lock().entry(event).or_default().clone();
        let outcome = load.get_or_init(|| async {
            let outcome = self.load_from_store(event).await;
            // Whoever comes later finds the event on the shelf, or has to ask the store again.
            self.loading.lock().remove(&event);
            outcome.map_err(Arc::new)
        });
        outcome.await.clone().map_err(Error::Shared)
    }

    async fn load_from_store(&self, event: Id) -> Result<Option<Arc<Shelved>>, Error> {
        if let Some(there) = self.current.look(|state| state.shelved(event).cloned()) {
            return Ok(Some(there));
        }
        let Some(stored) = self.fetch(event).await? else { return Ok(None) };
        if let Some(shelved) = self.shelve(stored) {
            return Ok(Some(shelved));
        }
        // What was read is older than what has been followed in the meantime. With the log standing still, what is read
        // next can't be.
        let _standing_still = self.following.lock().await;
        Ok(self.fetch(event).await?.and_then(|stored| self.shelve(stored)))
    }

    async fn fetch(&self, event: Id) -> Result<Option<Loaded>, Error> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.store.load_with_releases(event).await
    }

    fn shelve(&self, loaded: Loaded) -> Option<Arc<Shelved>> {
        let moment = self.next_moment();
        self.current.change(|state| state.shelve(loaded, self.budget, moment))
    }

    fn next_moment(&self) -> u64 {
        self.moment.fetch_add(1, Ordering::Relaxed)
    }
}
