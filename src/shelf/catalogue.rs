//! The catalogue: a header for every event, so that lists of events load none of them.
//!
//! It is a value: a change makes another one. Who may see which header is not decided here.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::content::{Id, Kind, Record, Series};
use crate::store::{Change, EventHeader};

/// The headers of all events.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The headers, the latest event first; drafts included: [`crate::reading::Reading`] shows only what its viewer may
    /// see.
    pub events: Vec<Arc<EventHeader>>,
    /// Rises when any header changes; equal on replicas that have seen the same changes.
    pub revision: i64,
    places: Arc<Places>,
}

#[derive(Debug, Default)]
struct Places {
    by_id: HashMap<Id, usize>,
    by_slug: HashMap<String, usize>,
}

impl Catalogue {
    /// A catalogue of these events, as of a sequence number of the change log.
    pub fn new(mut events: Vec<Arc<EventHeader>>, revision: i64) -> Self {
        events.sort_by_key(|header| (Reverse(header.event.starts_on), header.event.id));
        let mut places = Places::default();
        for (place, header) in events.iter().enumerate() {
            places.by_id.insert(header.event.id, place);
            places.by_slug.insert(header.event.slug.clone(), place);
        }
        Catalogue { events, revision, places: Arc::new(places) }
    }

    /// The header of the event with this id.
    pub fn with_id(&self, id: Id) -> Option<&Arc<EventHeader>> {
        self.places.by_id.get(&id).map(|place| &self.events[*place])
    }

    /// The header of the event with this slug.
    pub fn with_slug(&self, slug: &str) -> Option<&Arc<EventHeader>> {
        self.places.by_slug.get(slug).map(|place| &self.events[*place])
    }

    /// The catalogue after entries of the change log, of which the newest is `revision`; `None` when they do not tell
    /// enough, and the headers have to be read anew.
    pub(super) fn follow(&self, changes: &[Change], revision: i64) -> Option<Catalogue> {
        let mut changed: HashMap<Id, EventHeader> = HashMap::new();
        let mut gone: HashSet<Id> = HashSet::new();
        for change in changes {
            let known = self.with_id(change.event);
            if known.is_some_and(|header| change.sequence <= header.revision) {
                continue;
            }
            match &change.after {
                Some(Record::Event(event)) => {
                    gone.remove(&change.event);
                    let header = changed.entry(change.event).or_insert_with(|| {
                        let series = known.and_then(|header| header.series.clone());
                        EventHeader {
                            event: event.clone(),
                            series,
                            revision: change.sequence,
                            release: known.and_then(|known| known.release.clone()),
                        }
                    });
                    (header.event, header.revision) = (event.clone(), change.sequence);
                }
                None if change.kind == Kind::Event => {
                    changed.remove(&change.event);
                    gone.insert(change.event);
                }
                _ if gone.contains(&change.event) => {}
                _ => {
                    if let Some(known) = known {
                        changed.entry(change.event).or_insert_with(|| EventHeader::clone(known));
                    }
                    if let Some(header) = changed.get_mut(&change.event) {
                        header.revision = change.sequence;
                    }
                }
            }
        }
        for change in changes {
            // The series of a new event may stand in the log before the event itself.
            if let (Some(Record::Series(series)), Some(header)) = (&change.after, changed.get_mut(&change.event)) {
                header.series = Some(series.clone());
            }
        }
        for header in changed.values_mut() {
            let wanted = header.event.series;
            header.series = header.series.take().filter(|series| Some(series.id) == wanted);
            if let (Some(wanted), None) = (wanted, &header.series) {
                header.series = Some(self.series(wanted)?);
            }
        }
        Some(self.with(changed, &gone, revision))
    }

    fn series(&self, id: Id) -> Option<Arc<Series>> {
        self.events.iter().filter_map(|header| header.series.as_ref()).find(|series| series.id == id).cloned()
    }

    fn with(&self, changed: HashMap<Id, EventHeader>, gone: &HashSet<Id>, revision: i64) -> Catalogue {
        let stays = |header: &EventHeader| {
            self.with_id(header.event.id).is_some_and(|old| {
                (&old.event.slug, old.event.starts_on) == (&header.event.slug, header.event.starts_on)
            })
        };
        if gone.is_empty() && changed.values().all(stays) {
            let mut events = self.events.clone();
            for (id, header) in changed {
                events[self.places.by_id[&id]] = Arc::new(header);
            }
            return Catalogue { events, revision, places: self.places.clone() };
        }
        let unchanged = self
            .events
            .iter()
            .filter(|header| !gone.contains(&header.event.id) && !changed.contains_key(&header.event.id));
        let mut events: Vec<_> = unchanged.cloned().collect();
        events.extend(changed.into_values().map(Arc::new));
        Catalogue::new(events, revision)
    }
}
