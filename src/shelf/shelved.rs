//! One event on the shelf: its document at a revision, and the two snapshots, made when first asked for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use parking_lot::RwLock;
use serde::Serialize;

use crate::content::{Document, Id, Kind, Publication, Record, Release};
use crate::publishing::{self, Embargoes};
use crate::snapshot::{Snapshot, Stamp, View};
use crate::store::{Change, Loaded, Stored};

/// How many bytes of memory a byte of a document's JSON is taken to need: once in the document, a little in the indexes,
/// and most of it in the texts and words of a search. Measured with 4,000 papers whose public side is searched.
pub(super) const BYTES_PER_JSON_BYTE: usize = 6;

/// How many entries of the log are few.
const FEW: usize = 32;

/// An event as it is at one revision. It never changes, but for the public snapshot when an embargo ends.
#[derive(Debug)]
pub(super) struct Shelved {
    document: Document,
    revision: i64,
    changed_at: Timestamp,
    /// All its releases, the oldest first.
    releases: Arc<[Arc<Release>]>,
    /// What the newest release holds, while the event is published by releases.
    released: Option<Released>,
    /// `None` when the public sees nothing of the event.
    side: Option<PublicSide>,
    json_bytes: usize,
    used: AtomicU64,
    working: OnceLock<Arc<Snapshot>>,
    public: RwLock<Option<Arc<Snapshot>>>,
}

/// The document of a release, and how long its JSON is.
#[derive(Clone, Debug)]
struct Released {
    document: Arc<Document>,
    json_bytes: usize,
}

/// What the public side of an event is made from: while it is the same, the public sees the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PublicSide {
    revision: i64,
    release: Option<i32>,
    embargoes: Embargoes,
}

impl PublicSide {
    /// The stamp of the public snapshot at `now`.
    pub(super) fn stamp(&self, now: Timestamp) -> Stamp {
        Stamp { revision: self.revision, release: self.release, released_at: self.embargoes.last_change(now) }
    }

    /// When the public next sees more by itself, because an embargo ends.
    pub(super) fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        self.embargoes.next_change(now)
    }

    /// Whether it shows a release, and so is the same whatever is written, as long as the newest release is that one.
    pub(super) fn shows_release(&self, number: i32) -> bool {
        self.release == Some(number)
    }
}

impl Shelved {
    pub(super) fn new(loaded: impl Into<Loaded>) -> Self {
        let Loaded { stored, releases, released } = loaded.into();
        let released = released.map(|document| Released::new(&document, json_length(&document)));
        let json_bytes = json_length(&stored.document);
        Shelved::made(stored, releases, released, json_bytes, 0)
    }

    fn made(
        Stored { document, revision, changed_at }: Stored,
        releases: Arc<[Arc<Release>]>,
        released: Option<Released>,
        json_bytes: usize,
        used: u64,
    ) -> Self {
        let side = match document.event.publication {
            Publication::Draft => None,
            Publication::Live => Some(PublicSide { revision, release: None, embargoes: Embargoes::of(&document) }),
            Publication::Released => releases.last().zip(released.as_ref()).map(|(newest, released)| PublicSide {
                revision: newest.sequence,
                release: Some(newest.number),
                embargoes: Embargoes::of(&released.document),
            }),
        };
        Shelved {
            document,
            revision,
            changed_at,
            releases,
            released,
            side,
            json_bytes,
            used: AtomicU64::new(used),
            working: OnceLock::new(),
            public: RwLock::new(None),
        }
    }

    /// The event after entries of the change log; `None` when they do not continue what is here, or show a release whose
    /// document is not here.
    ///
    /// Snapshots that were in use are made again at once, so that no reader has to wait for them. A public snapshot that
    /// the entries do not concern stays.
    pub(super) fn follow(&self, changes: &[&Change], now: Timestamp) -> Option<Shelved> {
        let newer: Vec<&Change> = changes.iter().copied().filter(|change| change.sequence > self.revision).collect();
        let revision = newer.last().map_or(self.revision, |change| change.sequence);
        let changed_at = newer.last().map_or(self.changed_at, |change| change.at);
        let Followed { document, releases, released } = follow(&self.document, &newer)?;
        let content = || newer.iter().filter(|change| change.kind != Kind::Release);
        let length = |record: &Option<Record>| record.as_ref().map_or(0, json_length);
        let added: usize = content().map(|change| length(&change.after)).sum();
        let removed: usize = content().map(|change| length(&change.before)).sum();
        let json_bytes = (self.json_bytes + added).saturating_sub(removed);

        let is_released = document.event.publication == Publication::Released;
        let released = released.map(|document| Released::new(&document, json_bytes));
        let released = released.or_else(|| self.released.clone()).filter(|_| is_released);
        let releases = if releases.is_empty() {
            self.releases.clone()
        } else {
            self.releases.iter().cloned().chain(releases).collect()
        };
        if is_released && released.is_none() && !releases.is_empty() {
            return None;
        }
        let stored = Stored { document, revision, changed_at };
        let next = Shelved::made(stored, releases, released, json_bytes, self.used.load(Ordering::Relaxed));
        if self.working.get().is_some() {
            next.snapshot(View::Working, now);
        }
        if let Some(public) = &*self.public.read() {
            let is_same = next.side.is_some() && next.side == self.side;
            *next.public.write() = is_same.then(|| public.clone());
            next.snapshot(View::Public, now);
        }
        Some(next)
    }

    /// What a view shows at `now`; `None` when the public sees nothing of the event.
    pub(super) fn snapshot(&self, view: View, now: Timestamp) -> Option<Arc<Snapshot>> {
        if view == View::Working {
            let make = || {
                let stamp = Stamp { revision: self.revision, release: None, released_at: None };
                let snapshot = Snapshot::new(self.document.clone(), View::Working, stamp);
                Arc::new(snapshot.with_releases(self.releases.clone()).with_changed_at(self.changed_at))
            };
            return Some(self.working.get_or_init(make).clone());
        }
        let stamp = self.side.as_ref()?.stamp(now);
        // A reader that looked at the clock a moment before another must not bring the older snapshot back.
        let is_enough = |made: &&Arc<Snapshot>| made.stamp().released_at >= stamp.released_at;
        if let Some(made) = self.public.read().as_ref().filter(is_enough) {
            return Some(made.clone());
        }
        let mut public = self.public.write();
        if let Some(made) = public.as_ref().filter(is_enough) {
            return Some(made.clone());
        }
        let shown = publishing::public(self.public_document(), now);
        let releases = publishing::open_releases(self.document.event.publication, &self.releases);
        let changed_at = match stamp.release {
            Some(_) => self.releases.last().map_or(self.changed_at, |newest| newest.at),
            None => self.changed_at,
        };
        let snapshot =
            Snapshot::new(shown, View::Public, stamp).with_releases(releases.into()).with_changed_at(changed_at);
        Some(public.insert(Arc::new(snapshot)).clone())
    }

    /// The document that the public side is made from.
    pub(super) fn public_document(&self) -> &Document {
        self.released.as_ref().map_or(&self.document, |released| &released.document)
    }

    /// All releases of the event, the oldest first.
    pub(super) fn releases(&self) -> &Arc<[Arc<Release>]> {
        &self.releases
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

    /// The event as the store has it.
    pub(super) fn stored(&self) -> Stored {
        Stored { document: self.document.clone(), revision: self.revision, changed_at: self.changed_at }
    }

    pub(super) fn revision(&self) -> i64 {
        self.revision
    }

    pub(super) fn side(&self) -> Option<&PublicSide> {
        self.side.as_ref()
    }

    /// Whether a content item is in one of the snapshots that have been made.
    pub(super) fn shows(&self, item: Id) -> bool {
        let is_item = |snapshot: &Arc<Snapshot>| snapshot.record(item).is_some_and(|record| record.kind().is_item());
        self.working.get().is_some_and(is_item) || self.public.read().as_ref().is_some_and(is_item)
    }

    /// About how much memory it takes, a snapshot and its search included whether they are made or not.
    pub(super) fn bytes(&self) -> usize {
        let released = self.released.as_ref().map_or(0, |released| released.json_bytes);
        (self.json_bytes + released) * BYTES_PER_JSON_BYTE
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

impl Released {
    fn new(document: &Document, json_bytes: usize) -> Self {
        let event = publishing::released_event(&document.event);
        Released { document: Arc::new(Document { event, ..document.clone() }), json_bytes }
    }
}

/// What entries of the log lead to.
struct Followed {
    document: Document,
    /// The releases that they tell of.
    releases: Vec<Arc<Release>>,
    /// The document of the last of these: what stood before its entry.
    released: Option<Document>,
}

/// The document after entries of the log, in their order. Each must find what it says was there before: where it does
/// not, an entry is missing.
fn follow(document: &Document, changes: &[&Change]) -> Option<Followed> {
    // For a few entries it is quicker to look for each than to make a map of everything.
    let mut there = (changes.len() > FEW).then(|| revisions(document));
    let mut followed = Followed { document: document.clone(), releases: Vec::new(), released: None };
    for change in changes {
        if let Some(Record::Release(release)) = &change.after {
            followed.releases.push(release.clone());
            followed.released = Some(followed.document.clone());
            continue;
        }
        let key = (change.kind, change.item);
        let found = match &there {
            Some(there) => there.get(&key).copied(),
            None => followed.document.find(change.kind, change.item).as_ref().map(item_revision),
        };
        if found != change.before.as_ref().map(item_revision) {
            return None;
        }
        match (&change.after, &mut there) {
            (Some(record), Some(there)) => _ = there.insert(key, item_revision(record)),
            (None, _) if change.kind == Kind::Event => return None,
            (None, Some(there)) => _ = there.remove(&key),
            (_, None) => {}
        }
        publishing::apply(&mut followed.document, change.kind, change.item, change.after.clone());
    }
    Some(followed)
}

/// What each record of a document is at.
fn revisions(document: &Document) -> HashMap<(Kind, Id), Option<i32>> {
    document.records().iter().map(|record| ((record.kind(), record.id()), item_revision(record))).collect()
}

/// Only content items count their revisions; of events, series and people it is enough that they are there.
pub(super) fn item_revision(record: &Record) -> Option<i32> {
    record.head().map(|head| head.revision)
}

/// How long the JSON of a value is, without making it.
pub(super) fn json_length(value: &impl Serialize) -> usize {
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
