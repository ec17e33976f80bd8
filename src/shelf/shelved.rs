//! One event on the shelf: its document at a revision, and the two snapshots, made when first asked for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use parking_lot::RwLock;
use serde::Serialize;

use crate::content::{Document, Id, Kind, Publication, Record};
use crate::publishing::{self, Embargoes};
use crate::snapshot::{Snapshot, Stamp, View};
use crate::store::{Change, Stored};

/// How many bytes of memory a byte of a document's JSON is taken to need: once in the document, a little in the indexes,
/// and most of it in the texts and words of a search. Measured with 4,000 papers whose public side is searched.
const BYTES_PER_JSON_BYTE: usize = 6;

/// An event as it is at one revision. It never changes, but for the public snapshot when an embargo ends.
#[derive(Debug)]
pub(super) struct Shelved {
    document: Document,
    revision: i64,
    embargoes: Embargoes,
    json_bytes: usize,
    used: AtomicU64,
    working: OnceLock<Arc<Snapshot>>,
    public: RwLock<Option<Arc<Snapshot>>>,
}

impl Shelved {
    pub(super) fn new(stored: Stored) -> Self {
        let json_bytes = json_length(&stored.document);
        Shelved::made(stored.document, stored.revision, json_bytes, 0)
    }

    fn made(document: Document, revision: i64, json_bytes: usize, used: u64) -> Self {
        Shelved {
            revision,
            embargoes: Embargoes::of(&document),
            json_bytes,
            used: AtomicU64::new(used),
            working: OnceLock::new(),
            public: RwLock::new(None),
            document,
        }
    }

    /// The event after entries of the change log; `None` when they do not continue what is here.
    ///
    /// Snapshots that were in use are made again at once, so that no reader has to wait for them.
    pub(super) fn follow(&self, changes: &[&Change], now: Timestamp) -> Option<Shelved> {
        let newer: Vec<&Change> = changes.iter().copied().filter(|change| change.sequence > self.revision).collect();
        let revision = newer.last().map_or(self.revision, |change| change.sequence);
        let document = follow(&self.document, &newer)?;
        let length = |record: &Option<Record>| record.as_ref().map_or(0, json_length);
        let added: usize = newer.iter().map(|change| length(&change.after)).sum();
        let removed: usize = newer.iter().map(|change| length(&change.before)).sum();
        let json_bytes = (self.json_bytes + added).saturating_sub(removed);
        let next = Shelved::made(document, revision, json_bytes, self.used.load(Ordering::Relaxed));
        if self.working.get().is_some() {
            next.snapshot(View::Working, now);
        }
        if self.public.read().is_some() {
            next.snapshot(View::Public, now);
        }
        Some(next)
    }

    /// What a view shows at `now`; `None` when the public sees nothing of the event.
    pub(super) fn snapshot(&self, view: View, now: Timestamp) -> Option<Arc<Snapshot>> {
        if view == View::Working {
            let make = || {
                let stamp = Stamp { revision: self.revision, released_at: None };
                Arc::new(Snapshot::new(self.document.clone(), View::Working, stamp))
            };
            return Some(self.working.get_or_init(make).clone());
        }
        if self.document.event.publication == Publication::Draft {
            return None;
        }
        let stamp = public_stamp(self.revision, &self.embargoes, now);
        // A reader that looked at the clock a moment before another must not bring the older snapshot back.
        let is_enough = |made: &&Arc<Snapshot>| made.stamp().released_at >= stamp.released_at;
        if let Some(made) = self.public.read().as_ref().filter(is_enough) {
            return Some(made.clone());
        }
        let mut public = self.public.write();
        if let Some(made) = public.as_ref().filter(is_enough) {
            return Some(made.clone());
        }
        let shown = publishing::public(&self.document, now);
        Some(public.insert(Arc::new(Snapshot::new(shown, View::Public, stamp))).clone())
    }

    /// Makes the public snapshot again if it was in use and an embargo has ended, so that no reader has to wait for it.
    pub(super) fn lift_embargoes(&self, now: Timestamp) {
        if self.public.read().is_some() {
            self.snapshot(View::Public, now);
        }
    }

    pub(super) fn id(&self) -> Id {
        self.document.event.id
    }

    /// Everything of the event, drafts included.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    pub(super) fn revision(&self) -> i64 {
        self.revision
    }

    pub(super) fn embargoes(&self) -> &Embargoes {
        &self.embargoes
    }

    /// Whether a content item is in one of the snapshots that have been made.
    pub(super) fn shows(&self, item: Id) -> bool {
        let is_item = |snapshot: &Arc<Snapshot>| snapshot.record(item).is_some_and(|record| record.kind().is_item());
        self.working.get().is_some_and(is_item) || self.public.read().as_ref().is_some_and(is_item)
    }

    /// About how much memory it takes, a snapshot and its search included whether they are made or not.
    pub(super) fn bytes(&self) -> usize {
        self.json_bytes * BYTES_PER_JSON_BYTE
    }

    /// Notes that it is used; `moment` counts uses.
    pub(super) fn touch(&self, moment: u64) {
        self.used.store(moment, Ordering::Relaxed);
    }

    /// The moment of its last use.
    pub(super) fn last_used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }
}

/// The stamp of an event's public snapshot at `now`.
pub(super) fn public_stamp(revision: i64, embargoes: &Embargoes, now: Timestamp) -> Stamp {
    Stamp { revision, released_at: embargoes.last_change(now) }
}

/// The document after entries of the log, in their order. Each must find what it says was there before: where it does
/// not, an entry is missing.
fn follow(document: &Document, changes: &[&Change]) -> Option<Document> {
    let key = |record: &Record| (record.kind(), record.id());
    let mut there: HashMap<(Kind, Id), Option<i32>> =
        document.records().iter().map(|record| (key(record), item_revision(record))).collect();
    let mut next = document.clone();
    for change in changes {
        let found = there.get(&(change.kind, change.item));
        if found != change.before.as_ref().map(item_revision).as_ref() {
            return None;
        }
        match &change.after {
            Some(record) => there.insert((change.kind, change.item), item_revision(record)),
            None if change.kind == Kind::Event => return None,
            None => there.remove(&(change.kind, change.item)),
        };
        publishing::apply(&mut next, change.kind, change.item, change.after.clone());
    }
    Some(next)
}

/// Only content items count their revisions; of events, series and people it is enough that they are there.
pub(super) fn item_revision(record: &Record) -> Option<i32> {
    record.head().map(|head| head.revision)
}

/// How long the JSON of a value is, without making it.
fn json_length(value: &impl Serialize) -> usize {
    struct Counter(usize);
    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    // Nothing here can refuse to be written; if something did, the estimate would be too low and nothing worse.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
}
