//! The catalogue: a header for every event, so that lists of events load none of them.
//!
//! It has the two sides that snapshots have: what the public must not see is not in the public headers. It is a value: a
//! change makes another one. Who may see which header of the working side is not decided here.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::content::{Event, Id, Kind, Publication, Record, Series};
use crate::publishing::released_event;
use crate::snapshot::View;
use crate::store::{Change, EventHeader};

/// The headers of all events.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    working: Headers,
    public: Arc<Headers>,
}

/// One side of the catalogue.
#[derive(Clone, Debug, Default)]
pub struct Headers {
    /// The headers, the latest event first.
    pub events: Vec<Arc<EventHeader>>,
    /// Rises when any of these headers changes.
    pub revision: i64,
    places: Arc<Places>,
}

/// Headers that are new or different.
type Changed = HashMap<Id, Arc<EventHeader>>;

#[derive(Debug, Default)]
struct Places {
    by_id: HashMap<Id, usize>,
    by_slug: HashMap<String, usize>,
}

impl Catalogue {
    /// A catalogue of these events, as of a sequence number of the change log.
    pub fn new(events: Vec<Arc<EventHeader>>, revision: i64) -> Self {
        let public = events.iter().filter_map(public_header).collect();
        Catalogue { working: Headers::new(events, revision), public: Arc::new(Headers::new(public, revision)) }
    }

    /// What one view shows of the events: in the public one, only what everybody may see; in the working one everything,
    /// of which [`crate::reading::Reading`] shows what its viewer may see.
    pub fn side(&self, view: View) -> &Headers {
        match view {
            View::Public => &self.public,
            View::Working => &self.working,
        }
    }

    /// The header of the event with this id, as it is written, drafts included.
    pub fn with_id(&self, id: Id) -> Option<&Arc<EventHeader>> {
        self.working.with_id(id)
    }

    /// The header of the event with this slug, as it is written, drafts included.
    pub fn with_slug(&self, slug: &str) -> Option<&Arc<EventHeader>> {
        self.working.with_slug(slug)
    }

    /// The catalogue after entries of the change log, of which the newest is `revision`; `None` when they do not tell
    /// enough, and the headers have to be read anew.
    pub(super) fn follow(&self, changes: &[Change], revision: i64) -> Option<Catalogue> {
        let (changed, gone) = self.changed(changes)?;
        let mut shown = Changed::new();
        let mut hidden: HashSet<Id> = HashSet::new();
        for (id, header) in &changed {
            match public_header(header) {
                Some(header) if self.public.with_id(*id) == Some(&header) => {}
                Some(header) => _ = shown.insert(*id, header),
                None => _ = hidden.insert(*id),
            }
        }
        hidden.extend(&gone);
        hidden.retain(|id| self.public.with_id(*id).is_some());
        let is_same = shown.is_empty() && hidden.is_empty();
        let public = if is_same { self.public.clone() } else { Arc::new(self.public.with(shown, &hidden, revision)) };
        Some(Catalogue { working: self.working.with(changed, &gone, revision), public })
    }

    /// The headers that entries of the change log change, and the events that they delete.
    fn changed(&self, changes: &[Change]) -> Option<(Changed, HashSet<Id>)> {
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
                        let release = known.and_then(|header| header.release.clone());
                        EventHeader { event: event.clone(), series, revision: change.sequence, release }
                    });
                    (header.event, header.revision) = (event.clone(), change.sequence);
                }
                None if change.kind == Kind::Event => {
                    changed.remove(&change.event);
                    gone.insert(change.event);
                }
                _ if gone.contains(&change.event) => {}
                after => {
                    if let Some(known) = known {
                        changed.entry(change.event).or_insert_with(|| EventHeader::clone(known));
                    }
                    if let Some(header) = changed.get_mut(&change.event) {
                        header.revision = change.sequence;
                        if let Some(Record::Release(release)) = after {
                            header.release = Some(release.clone());
                        }
                    }
                }
            }
        }
        self.follow_series(changes, &mut changed)?;
        Some((changed.into_iter().map(|(id, header)| (id, Arc::new(header))).collect(), gone))
    }

    /// Gives changed headers the series that they are of; `None` when one of them is not known.
    fn follow_series(&self, changes: &[Change], changed: &mut HashMap<Id, EventHeader>) -> Option<()> {
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
        Some(())
    }

    fn series(&self, id: Id) -> Option<Arc<Series>> {
        self.working.events.iter().filter_map(|header| header.series.as_ref()).find(|series| series.id == id).cloned()
    }
}

impl Headers {
    fn new(mut events: Vec<Arc<EventHeader>>, revision: i64) -> Self {
        events.sort_by_key(|header| (Reverse(header.event.starts_on), header.event.id));
        let mut places = Places::default();
        for (place, header) in events.iter().enumerate() {
            places.by_id.insert(header.event.id, place);
            places.by_slug.insert(header.event.slug.clone(), place);
        }
        Headers { events, revision, places: Arc::new(places) }
    }

    /// The header of the event with this id.
    pub fn with_id(&self, id: Id) -> Option<&Arc<EventHeader>> {
        self.places.by_id.get(&id).map(|place| &self.events[*place])
    }

    /// The header of the event with this slug.
    pub fn with_slug(&self, slug: &str) -> Option<&Arc<EventHeader>> {
        self.places.by_slug.get(slug).map(|place| &self.events[*place])
    }

    fn with(&self, changed: Changed, gone: &HashSet<Id>, revision: i64) -> Headers {
        let stays = |header: &Arc<EventHeader>| {
            self.with_id(header.event.id).is_some_and(|old| {
                (&old.event.slug, old.event.starts_on) == (&header.event.slug, header.event.starts_on)
            })
        };
        if gone.is_empty() && changed.values().all(stays) {
            let mut events = self.events.clone();
            for (id, header) in changed {
                events[self.places.by_id[&id]] = header;
            }
            return Headers { events, revision, places: self.places.clone() };
        }
        let unchanged = self
            .events
            .iter()
            .filter(|header| !gone.contains(&header.event.id) && !changed.contains_key(&header.event.id));
        let mut events: Vec<_> = unchanged.cloned().collect();
        events.extend(changed.into_values());
        Headers::new(events, revision)
    }
}

/// What everybody may see of a header; `None` when that is nothing.
fn public_header(header: &Arc<EventHeader>) -> Option<Arc<EventHeader>> {
    match header.event.publication {
        Publication::Draft => None,
        Publication::Live if header.event.withdrawn.is_empty() => Some(header.clone()),
        // Lists show nothing of an event's sessions, and some of these may be held back by now.
        Publication::Live => {
            let event = Event { withdrawn: Vec::new(), ..Event::clone(&header.event) };
            Some(Arc::new(EventHeader { event: Arc::new(event), ..EventHeader::clone(header) }))
        }
        Publication::Released => header.release.as_ref().map(|release| {
            Arc::new(EventHeader {
                event: released_event(&release.event),
                series: release.series.clone(),
                revision: release.sequence,
                release: Some(release.clone()),
            })
        }),
    }
}
