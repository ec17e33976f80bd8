//! A snapshot: everything of one event that one view shows, immutable, with indexes.
//!
//! Pure: no waiting, no clock, no database. What is not in the document that a snapshot was made of can't be reached
//! through it.

mod cursor;
mod index;
mod schedule;
mod search;

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::content::{
    Award, Document, Event, Id, Kind, Paper, Participation, Person, Record, Release, Room, Session, Sponsor,
    SponsorTier, Track,
};
use crate::each_list;
pub use cursor::{Cursor, Seen};
use index::Index;
pub use schedule::{Day, NowAndNext, RoomSlots};
pub use search::{Hit, MAX_QUERY, Snippet};

/// Which of an event's two sides a snapshot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
pub enum View {
    /// What everybody may see.
    Public,
    /// Everything, drafts and embargoed items included; for those with access.
    Working,
}

/// What a snapshot was made from: the same stamp is the same content, on every replica and after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// The sequence number of the newest change that is in it: the event's newest, or that of the release.
    pub revision: i64,
    /// The number of the release that it shows, where it shows one.
    pub release: Option<i32>,
    /// The newest embargo instant that has passed, if any: content that appears by itself makes a new stamp.
    pub released_at: Option<Timestamp>,
}

/// Everything of one event that one view shows.
#[derive(Debug)]
pub struct Snapshot {
    view: View,
    stamp: Stamp,
    zone: TimeZone,
    document: Document,
    releases: Arc<[Arc<Release>]>,
    /// What the view shows of the newest of these, where somebody looks back.
    past: Vec<Arc<Snapshot>>,
    /// When the newest change that is in it was written, where that is known.
    changed_at: Option<Timestamp>,
    /// Made when first asked for, so that an edit of a large event costs no more than one of a small.
    index: OnceLock<Index>,
    search: OnceLock<search::Index>,
}

impl Snapshot {
    /// Indexes a document, from which everything that `view` must not show has been taken out.
    pub fn new(document: Document, view: View, stamp: Stamp) -> Self {
        let zone = document.event.zone();
        Snapshot {
            view,
            stamp,
            zone,
            document,
            releases: Arc::new([]),
            past: Vec::new(),
            changed_at: None,
            index: OnceLock::new(),
            search: OnceLock::new(),
        }
    }

    /// The snapshot with the releases that its view shows, the oldest first.
    pub fn with_releases(self, releases: Arc<[Arc<Release>]>) -> Self {
        Snapshot { releases, ..self }
    }

    /// The same content with releases beside it, to tell how they differ.
    pub fn looking_back(&self, past: Vec<Arc<Snapshot>>) -> Self {
        let same = Snapshot::new(self.document.clone(), self.view, self.stamp);
        Snapshot { past, changed_at: self.changed_at, ..same.with_releases(self.releases.clone()) }
    }

    /// The snapshot with the instant at which the newest change that is in it was written.
    pub fn with_changed_at(self, at: Timestamp) -> Self {
        Snapshot { changed_at: Some(at), ..self }
    }

    /// What the view shows of a release, if that was put beside the content.
    pub fn past(&self, number: i32) -> Option<&Arc<Snapshot>> {
        self.past.iter().find(|snapshot| snapshot.stamp.release == Some(number))
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.document))
    }

    /// The releases of the event that the view shows, the oldest first.
    pub fn releases(&self) -> &[Arc<Release>] {
        &self.releases
    }

    /// Which side of the event this is.
    pub fn view(&self) -> View {
        self.view
    }

    /// What the snapshot was made from.
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// When the snapshot became what it is: by the newest change, also one that took something away or that this view does
    /// not show, or by an embargo that ended since. It never goes back.
    pub fn changed_at(&self) -> Timestamp {
        let changed_at = self.changed_at.unwrap_or_else(|| self.modified_at());
        self.stamp.released_at.map_or(changed_at, |released_at| changed_at.max(released_at))
    }

    /// The newest instant at which something that is in the snapshot was written or appeared: it stays where a change is
    /// none for this view, and what was taken away leaves no trace here.
    pub fn modified_at(&self) -> Timestamp {
        let document = self.document();
        let mut newest = document.event.updated_at.max(document.event.created_at);
        each_list!(&document, list => {
            for item in list {
                newest = newest.max(item.head.updated_at);
            }
        });
        let people = document.people.iter().map(|person| person.updated_at);
        let releases = self.releases().iter().filter(|release| Some(release.number) == self.stamp().release);
        let others = people.chain(self.stamp().released_at).chain(releases.map(|release| release.at));
        others.fold(newest, Timestamp::max)
    }

    /// The event's time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The event's own fields.
    pub fn event(&self) -> &Arc<Event> {
        &self.document.event
    }

    /// Everything, list by list.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The record with this id, whatever its kind.
    pub fn record(&self, id: Id) -> Option<Record> {
        if id == self.document.event.id {
            return Some(Record::Event(self.document.event.clone()));
        }
        let (kind, place) = self.index().place(id)?;
        self.index().record(&self.document, kind, place)
    }

    /// The item of a kind with this slug.
    pub fn by_slug(&self, kind: Kind, slug: &str) -> Option<Record> {
        let place = self.index().place_of_slug(kind, slug)?;
        self.index().record(&self.document, kind, place)
    }

    /// Where an item stands in its list of the document, counted from 0.
    pub fn place(&self, kind: Kind, id: Id) -> Option<usize> {
        self.index().place(id).filter(|(found, _)| *found == kind).map(|(_, place)| place)
    }

    /// The person with this id.
    pub fn person(&self, id: Id) -> Option<&Arc<Person>> {
        self.place(Kind::Person, id).map(|place| &self.document.people[place])
    }

    /// The session with this id.
    pub fn session(&self, id: Id) -> Option<&Arc<Session>> {
        self.place(Kind::Session, id).map(|place| &self.document.sessions[place])
    }

    /// The paper with this id.
    pub fn paper(&self, id: Id) -> Option<&Arc<Paper>> {
        self.place(Kind::Paper, id).map(|place| &self.document.papers[place])
    }

    /// The room with this id.
    pub fn room(&self, id: Id) -> Option<&Arc<Room>> {
        self.place(Kind::Room, id).map(|place| &self.document.rooms[place])
    }

    /// The track with this id.
    pub fn track(&self, id: Id) -> Option<&Arc<Track>> {
        self.place(Kind::Track, id).map(|place| &self.document.tracks[place])
    }

    /// The sponsor tier with this id.
    pub fn sponsor_tier(&self, id: Id) -> Option<&Arc<SponsorTier>> {
        self.place(Kind::SponsorTier, id).map(|place| &self.document.sponsor_tiers[place])
    }

    /// What a person is at the event: their participations, in the order of the roles.
    pub fn participations_of(&self, person: Id) -> impl Iterator<Item = &Arc<Participation>> {
        self.index().participations_of(person).iter().map(|(role, place)| {
            let list = self.document.participations(*role);
            &list[*place as usize]
        })
    }

    /// The sessions that a person takes part in, by start.
    pub fn sessions_of_person(&self, person: Id) -> impl Iterator<Item = &Arc<Session>> {
        self.sessions_at(self.index().sessions_of_person(person))
    }

    /// The papers that a person wrote, in the order of the list.
    pub fn papers_of_person(&self, person: Id) -> impl Iterator<Item = &Arc<Paper>> {
        self.index().papers_of_person(person).iter().map(|place| &self.document.papers[*place as usize])
    }

    /// The sessions in which a paper is presented, by start.
    pub fn sessions_of_paper(&self, paper: Id) -> impl Iterator<Item = &Arc<Session>> {
        self.sessions_at(self.index().sessions_of_paper(paper))
    }

    /// The sessions in a room, by start.
    pub fn sessions_in_room(&self, room: Id) -> impl Iterator<Item = &Arc<Session>> {
        self.sessions_at(self.index().sessions_in_room(room))
    }

    /// The sessions of a track, by start.
    pub fn sessions_in_track(&self, track: Id) -> impl Iterator<Item = &Arc<Session>> {
        self.sessions_at(self.index().sessions_in_track(track))
    }

    /// The sessions that a session holds, by start.
    pub fn parts_of_session(&self, session: Id) -> impl Iterator<Item = &Arc<Session>> {
        self.sessions_at(self.index().parts_of_session(session))
    }

    /// All sessions by start, then end, then position; those without a start come last.
    pub fn sessions_by_start(&self) -> impl ExactSizeIterator<Item = &Arc<Session>> {
        self.index().sessions_by_start().iter().map(|place| &self.document.sessions[*place as usize])
    }

    /// The awards that a paper won, in the order of the list.
    pub fn awards_of_paper(&self, paper: Id) -> impl Iterator<Item = &Arc<Award>> {
        self.document.awards.iter().filter(move |award| award.papers.contains(&paper))
    }

    /// The sponsors of a tier, in the order of the list.
    pub fn sponsors_in_tier(&self, tier: Id) -> impl Iterator<Item = &Arc<Sponsor>> {
        self.document.sponsors.iter().filter(move |sponsor| sponsor.tier == tier)
    }

    fn sessions_at<'a>(&'a self, places: &'a [u32]) -> impl Iterator<Item = &'a Arc<Session>> {
        places.iter().map(|place| &self.document.sessions[*place as usize])
    }
}

#[cfg(test)]
pub(crate) mod examples;
