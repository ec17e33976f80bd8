//! The indexes of a snapshot: by id, by slug, by start, by person.

use std::collections::HashMap;

use crate::content::{Document, Id, Kind, Record, Role, Session};
use crate::each_list;

/// Where everything is. Places are positions in the lists of the document.
#[derive(Debug, Default)]
pub(super) struct Index {
    places: HashMap<Id, (Kind, u32)>,
    slugs: HashMap<(Kind, Box<str>), u32>,
    participations: HashMap<Id, Vec<(Role, u32)>>,
    papers_of_person: HashMap<Id, Vec<u32>>,
    by_start: Vec<u32>,
    /// Lists of sessions by what they share: a person, a paper, a room, a track, the session that holds them.
    sessions: HashMap<(Kind, Id), Vec<u32>>,
}

impl Index {
    pub(super) fn new(document: &Document) -> Self {
        let mut index = Index::default();
        for (place, person) in document.people.iter().enumerate() {
            index.places.insert(person.id, (Kind::Person, as_place(place)));
        }
        if let Some(series) = &document.series {
            index.places.insert(series.id, (Kind::Series, 0));
        }
        each_list!(&document, list => {
            for (place, item) in list.iter().enumerate() {
                use crate::content::Content;
                let kind = item.record_kind();
                index.places.insert(item.head.id, (kind, as_place(place)));
                index.slugs.insert((kind, item.head.slug.as_str().into()), as_place(place));
            }
        });
        for role in Role::ALL {
            for (place, item) in document.participations(role).iter().enumerate() {
                index.participations.entry(item.person).or_default().push((role, as_place(place)));
            }
        }
        for (place, paper) in document.papers.iter().enumerate() {
            for person in paper.authors.iter().filter_map(|author| author.person) {
                push_once(index.papers_of_person.entry(person).or_default(), as_place(place));
            }
        }
        let order = |session: &Session| {
            let head = &session.head;
            (session.starts_at.is_none(), session.starts_at, session.ends_at, head.position, head.id)
        };
        index.by_start = (0..document.sessions.len()).map(as_place).collect();
        index.by_start.sort_by_key(|place| order(&document.sessions[*place as usize]));
        for place in &index.by_start {
            let session = &document.sessions[*place as usize];
            let people = session.people.iter().map(|person| (Kind::Person, person.person));
            let single = [
                (Kind::Paper, session.paper),
                (Kind::Room, session.room),
                (Kind::Track, session.track),
                (Kind::Session, session.parent),
            ];
            let single = single.into_iter().filter_map(|(kind, id)| Some((kind, id?)));
            for key in people.chain(single) {
                push_once(index.sessions.entry(key).or_default(), *place);
            }
        }
        index
    }

    pub(super) fn place(&self, id: Id) -> Option<(Kind, usize)> {
        self.places.get(&id).map(|(kind, place)| (*kind, *place as usize))
    }

    pub(super) fn place_of_slug(&self, kind: Kind, slug: &str) -> Option<usize> {
        self.slugs.get(&(kind, slug.into())).map(|place| *place as usize)
    }

    pub(super) fn record(&self, document: &Document, kind: Kind, place: usize) -> Option<Record> {
        if let Some(role) = kind.role() {
            return document.participations(role).get(place).cloned().map(Record::Participation);
        }
        match kind {
            Kind::Event => Some(Record::Event(document.event.clone())),
            Kind::Series => document.series.clone().map(Record::Series),
            Kind::Person => document.people.get(place).cloned().map(Record::Person),
            Kind::Session => document.sessions.get(place).cloned().map(Record::Session),
            Kind::Paper => document.papers.get(place).cloned().map(Record::Paper),
            Kind::Room => document.rooms.get(place).cloned().map(Record::Room),
            Kind::Track => document.tracks.get(place).cloned().map(Record::Track),
            Kind::Topic => document.topics.get(place).cloned().map(Record::Topic),
            Kind::ImportantDate => document.important_dates.get(place).cloned().map(Record::ImportantDate),
            Kind::Announcement => document.announcements.get(place).cloned().map(Record::Announcement),
            Kind::Page => document.pages.get(place).cloned().map(Record::Page),
            Kind::Award => document.awards.get(place).cloned().map(Record::Award),
            Kind::SponsorTier => document.sponsor_tiers.get(place).cloned().map(Record::SponsorTier),
            Kind::Sponsor => document.sponsors.get(place).cloned().map(Record::Sponsor),
            Kind::Link => document.links.get(place).cloned().map(Record::Link),
            Kind::Speaker
            | Kind::Panelist
            | Kind::Organizer
            | Kind::Volunteer
            | Kind::CommitteeMember
            | Kind::Release => None,
        }
    }

    pub(super) fn participations_of(&self, person: Id) -> &[(Role, u32)] {
        self.participations.get(&person).map_or(&[], Vec::as_slice)
    }

    pub(super) fn papers_of_person(&self, person: Id) -> &[u32] {
        self.papers_of_person.get(&person).map_or(&[], Vec::as_slice)
    }

    pub(super) fn sessions_by_start(&self) -> &[u32] {
        &self.by_start
    }

    pub(super) fn sessions_of_person(&self, person: Id) -> &[u32] {
        self.sessions_with(Kind::Person, person)
    }

    pub(super) fn sessions_of_paper(&self, paper: Id) -> &[u32] {
        self.sessions_with(Kind::Paper, paper)
    }

    pub(super) fn sessions_in_room(&self, room: Id) -> &[u32] {
        self.sessions_with(Kind::Room, room)
    }

    pub(super) fn sessions_in_track(&self, track: Id) -> &[u32] {
        self.sessions_with(Kind::Track, track)
    }

    pub(super) fn parts_of_session(&self, session: Id) -> &[u32] {
        self.sessions_with(Kind::Session, session)
    }

    fn sessions_with(&self, kind: Kind, id: Id) -> &[u32] {
        self.sessions.get(&(kind, id)).map_or(&[], Vec::as_slice)
    }
}

fn as_place(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn push_once(places: &mut Vec<u32>, place: u32) {
    if places.last() != Some(&place) {
        places.push(place);
    }
}
