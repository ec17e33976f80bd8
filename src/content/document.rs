//! The document: everything of one event in one value.
//!
//! It is the export, the backup and the import format, and what a snapshot is made of. Its JSON is canonical: the
//! same content has the same bytes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Announcement, Award, Content, Event, Id, ImportantDate, Kind, Link, Page, Paper, Participation, Person, Record,
    Report, Role, Room, Series, Session, Sponsor, SponsorTier, Topic, Track,
};

/// The number of the document format; older numbers stay readable.
pub const FORMAT: u32 = 1;

/// How deep sessions may hold sessions.
const MAX_DEPTH: usize = 32;

/// Everything of one event.
///
/// Lists of items are ordered by position, then id; people by name, then id. [`Document::sort`] makes it so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// The number of the format, [`FORMAT`].
    pub format: u32,
    /// The event.
    pub event: Arc<Event>,
    /// The series that the event is an edition of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Arc<Series>>,
    /// Everybody whom the items refer to.
    #[serde(default)]
    pub people: Vec<Arc<Person>>,
    /// Who gives invited talks.
    #[serde(default)]
    pub speakers: Vec<Arc<Participation>>,
    /// Who sits on panels.
    #[serde(default)]
    pub panelists: Vec<Arc<Participation>>,
    /// Who organizes.
    #[serde(default)]
    pub organizers: Vec<Arc<Participation>>,
    /// Who helps.
    #[serde(default)]
    pub volunteers: Vec<Arc<Participation>>,
    /// Who is on the committees.
    #[serde(default)]
    pub committee: Vec<Arc<Participation>>,
    /// The rooms.
    #[serde(default)]
    pub rooms: Vec<Arc<Room>>,
    /// The tracks.
    #[serde(default)]
    pub tracks: Vec<Arc<Track>>,
    /// The papers.
    #[serde(default)]
    pub papers: Vec<Arc<Paper>>,
    /// The sessions.
    #[serde(default)]
    pub sessions: Vec<Arc<Session>>,
    /// The topics of the call for papers.
    #[serde(default)]
    pub topics: Vec<Arc<Topic>>,
    /// The important dates.
    #[serde(default)]
    pub important_dates: Vec<Arc<ImportantDate>>,
    /// The announcements.
    #[serde(default)]
    pub announcements: Vec<Arc<Announcement>>,
    /// The pages.
    #[serde(default)]
    pub pages: Vec<Arc<Page>>,
    /// The awards.
    #[serde(default)]
    pub awards: Vec<Arc<Award>>,
    /// The sponsor tiers.
    #[serde(default)]
    pub sponsor_tiers: Vec<Arc<SponsorTier>>,
    /// The sponsors.
    #[serde(default)]
    pub sponsors: Vec<Arc<Sponsor>>,
    /// The links.
    #[serde(default)]
    pub links: Vec<Arc<Link>>,
}

/// Does the same to every list of items of a document: `each_list!(&mut document, list => expression)`, or with `&`.
///
/// This is the one list of a document's collections for code that treats all kinds alike.
#[macro_export]
#[doc(hidden)]
macro_rules! each_list {
    (&mut $document:expr, $list:ident => $body:expr) => {
        $crate::each_list!(@mutable $document, $list => $body;
            speakers panelists organizers volunteers committee rooms tracks papers sessions topics important_dates
            announcements pages awards sponsor_tiers sponsors links)
    };
    (& $document:expr, $list:ident => $body:expr) => {
        $crate::each_list!(@shared $document, $list => $body;
            speakers panelists organizers volunteers committee rooms tracks papers sessions topics important_dates
            announcements pages awards sponsor_tiers sponsors links)
    };
    (@mutable $document:expr, $list:ident => $body:expr; $($field:ident)*) => {{
        $({ let $list = &mut $document.$field; $body; })*
    }};
    (@shared $document:expr, $list:ident => $body:expr; $($field:ident)*) => {{
        $({ let $list = &$document.$field; $body; })*
    }};
}

impl Document {
    /// A document with nothing but the event.
    pub fn new(event: Event) -> Self {
        Document {
            format: FORMAT,
            event: Arc::new(event),
            series: None,
            people: Vec::new(),
            speakers: Vec::new(),
            panelists: Vec::new(),
            organizers: Vec::new(),
            volunteers: Vec::new(),
            committee: Vec::new(),
            rooms: Vec::new(),
            tracks: Vec::new(),
            papers: Vec::new(),
            sessions: Vec::new(),
            topics: Vec::new(),
            important_dates: Vec::new(),
            announcements: Vec::new(),
            pages: Vec::new(),
            awards: Vec::new(),
            sponsor_tiers: Vec::new(),
            sponsors: Vec::new(),
            links: Vec::new(),
        }
    }

    /// The document's canonical JSON: the same content has the same bytes.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("content has only strings as keys, so it is always JSON")
    }

    /// The participations with a role.
    pub fn participations(&self, role: Role) -> &Vec<Arc<Participation>> {
        match role {
            Role::Speaker => &self.speakers,
            Role::Panelist => &self.panelists,
            Role::Organizer => &self.organizers,
            Role::Volunteer => &self.volunteers,
            Role::CommitteeMember => &self.committee,
        }
    }

    /// The participations with a role, to be changed.
    pub fn participations_mut(&mut self, role: Role) -> &mut Vec<Arc<Participation>> {
        match role {
            Role::Speaker => &mut self.speakers,
            Role::Panelist => &mut self.panelists,
            Role::Organizer => &mut self.organizers,
            Role::Volunteer => &mut self.volunteers,
            Role::CommitteeMember => &mut self.committee,
        }
    }

    /// Every record, in the order of [`Kind::ALL`]: each stands after those that it refers to.
    pub fn records(&self) -> Vec<Record> {
        let mut records = Vec::new();
        records.extend(self.series.clone().map(Record::Series));
        records.push(Record::Event(self.event.clone()));
        records.extend(self.people.iter().cloned().map(Record::Person));
        each_list!(&self, list => records.extend(list.iter().cloned().map(Record::from)));
        records
    }

    /// Puts every list into its order.
    pub fn sort(&mut self) {
        self.people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        each_list!(&mut self, list => list.sort_by_key(|item| (item.head.position, item.head.id)));
    }

    /// Puts a record in the place of the one with its id, or adds it, and keeps the order of its list. Releases stand
    /// beside documents and change none.
    pub fn put(&mut self, record: Record) {
        match record {
            Record::Event(event) => self.event = event,
            Record::Series(series) => self.series = Some(series),
            Record::Person(person) => {
                self.people.retain(|other| other.id != person.id);
                let place = self.people.partition_point(|other| (&other.name, other.id) < (&person.name, person.id));
                self.people.insert(place, person);
            }
            Record::Participation(item) => put(self.participations_mut(item.role), item),
            Record::Session(item) => put(&mut self.sessions, item),
            Record::Paper(item) => put(&mut self.papers, item),
            Record::Room(item) => put(&mut self.rooms, item),
            Record::Track(item) => put(&mut self.tracks, item),
            Record::Topic(item) => put(&mut self.topics, item),
            Record::ImportantDate(item) => put(&mut self.important_dates, item),
            Record::Announcement(item) => put(&mut self.announcements, item),
            Record::Page(item) => put(&mut self.pages, item),
            Record::Award(item) => put(&mut self.awards, item),
            Record::SponsorTier(item) => put(&mut self.sponsor_tiers, item),
            Record::Sponsor(item) => put(&mut self.sponsors, item),
            Record::Link(item) => put(&mut self.links, item),
            Record::Release(_) => {}
        }
    }

    /// Takes the record with this kind and id out; the event itself stays.
    pub fn remove(&mut self, kind: Kind, id: Id) {
        match kind {
            Kind::Event | Kind::Release => {}
            Kind::Series => self.series = self.series.take().filter(|series| series.id != id),
            Kind::Person => self.people.retain(|person| person.id != id),
            _ => each_list!(&mut self, list => list.retain(|item| item.head.id != id || item.record_kind() != kind)),
        }
    }

    /// The record with this kind and id.
    pub fn find(&self, kind: Kind, id: Id) -> Option<Record> {
        fn find<T: Content>(list: &[Arc<T>], id: Id) -> Option<Record>
        where
            Record: From<Arc<T>>,
        {
            list.iter().find(|item| item.head().id == id).cloned().map(Record::from)
        }
        if let Some(role) = kind.role() {
            return find(self.participations(role), id);
        }
        match kind {
            Kind::Event => Some(Record::Event(self.event.clone())).filter(|record| record.id() == id),
            Kind::Series => self.series.clone().map(Record::Series).filter(|record| record.id() == id),
            Kind::Person => self.people.iter().find(|person| person.id == id).cloned().map(Record::Person),
            Kind::Room => find(&self.rooms, id),
            Kind::Track => find(&self.tracks, id),
            Kind::Paper => find(&self.papers, id),
            Kind::Session => find(&self.sessions, id),
            Kind::Topic => find(&self.topics, id),
            Kind::ImportantDate => find(&self.important_dates, id),
            Kind::Announcement => find(&self.announcements, id),
            Kind::Page => find(&self.pages, id),
            Kind::Award => find(&self.awards, id),
            Kind::SponsorTier => find(&self.sponsor_tiers, id),
            Kind::Sponsor => find(&self.sponsors, id),
            Kind::Link => find(&self.links, id),
            Kind::Speaker
            | Kind::Panelist
            | Kind::Organizer
            | Kind::Volunteer
            | Kind::CommitteeMember
            | Kind::Release => None,
        }
    }

    /// The ids and positions of the items of a kind, in their order.
    pub fn heads(&self, kind: Kind) -> Vec<(Id, i32)> {
        let mut heads = Vec::new();
        each_list!(&self, list => {
            if list.first().is_some_and(|item| item.record_kind() == kind) {
                heads.extend(list.iter().map(|item| (item.head.id, item.head.position)));
            }
        });
        heads
    }

    /// The position of an item that is added at the end of its list.
    pub fn next_position(&self, kind: Kind) -> i32 {
        self.heads(kind).last().map_or(0, |(_, position)| position.saturating_add(1))
    }

    /// The slug, or one made from it by a number, that no item of the kind has.
    pub fn free_slug(&self, kind: Kind, slug: &str) -> String {
        let mut taken = HashSet::new();
        each_list!(&self, list => {
            if list.first().is_some_and(|item| item.record_kind() == kind) {
                taken.extend(list.iter().map(|item| item.head.slug.as_str()));
            }
        });
        let numbered = (2_u64..).map(|number| {
            let end = format!("-{number}");
            format!("{}{end}", slug[..slug.len().min(80 - end.len())].trim_end_matches('-'))
        });
        let mut candidates = std::iter::once(slug.to_owned()).chain(numbered);
        candidates.find(|slug| !taken.contains(slug.as_str())).unwrap_or_default()
    }

    /// Drops people to whom no item refers, and a series that is not the event's: a document does not hold them.
    pub fn drop_unreferenced(&mut self) {
        let mut referenced = HashSet::new();
        each_list!(&self, list => for item in list {
            referenced.extend(references(&Record::from(item.clone())).into_iter().map(|(_, id, _)| id));
        });
        self.people.retain(|person| referenced.contains(&person.id));
        let wanted = self.event.series;
        self.series = self.series.take().filter(|series| Some(series.id) == wanted);
    }

    /// Adds everything that is wrong with the document to `report`: each record, ids and slugs that are used twice,
    /// and references to what is not there.
    pub fn check(&self, report: &mut Report) {
        if self.format != FORMAT {
            report.add("format", "format", format!("this server reads document format {FORMAT}"));
        }
        let records = self.records();
        let kinds: HashMap<Id, Kind> = records.iter().map(|record| (record.id(), record.kind())).collect();
        let mut ids = HashSet::new();
        let mut slugs = HashSet::new();
        for record in &records {
            report.within(format!("{}:{}", record.kind().name(), record.id()), |report| {
                record.check(report);
                if !ids.insert(record.id()) {
                    report.add("id", "duplicate-id", "another record has this id");
                }
                if let Some(head) = record.head()
                    && !slugs.insert((record.kind(), head.slug.clone()))
                {
                    report.add(
                        "slug",
                        "duplicate-slug",
                        format!("another item of its kind has the slug {}", head.slug),
                    );
                }
                for (field, id, wanted) in references(record) {
                    if kinds.get(&id) != Some(&wanted) {
                        let message = format!("there is no {} with the id {id} in this document", wanted.name());
                        report.add(field, "dangling-reference", message);
                    }
                }
            });
        }
        self.check_session_circles(report);
    }

    /// Sessions that hold sessions are a tree; one that holds itself through others has no place in a schedule.
    fn check_session_circles(&self, report: &mut Report) {
        let parents: HashMap<Id, Id> =
            self.sessions.iter().filter_map(|session| Some((session.head.id, session.parent?))).collect();
        for session in &self.sessions {
            let id = session.head.id;
            let mut above = parents.get(&id);
            let mut steps = 0;
            while let Some(parent) = above.filter(|parent| **parent != id && steps < MAX_DEPTH) {
                above = parents.get(parent);
                steps += 1;
            }
            // A session that is directly its own parent is refused with the session itself.
            if above.is_some() && steps > 0 {
                report.within(format!("{}:{id}", Kind::Session.name()), |report| {
                    report.add(
                        "parent",
                        "circle",
                        "it is a part of itself, or of more than 32 sessions in one another",
                    );
                });
            }
        }
    }
}

/// What a record refers to: the field, the id, and the kind that must be there.
pub(crate) fn references(record: &Record) -> Vec<(&'static str, Id, Kind)> {
    let mut found = Vec::new();
    match record {
        Record::Event(event) => found.extend(event.series.map(|id| ("series", id, Kind::Series))),
        Record::Participation(item) => found.push(("person", item.person, Kind::Person)),
        Record::Session(session) => {
            found.extend(session.room.map(|id| ("room", id, Kind::Room)));
            found.extend(session.track.map(|id| ("track", id, Kind::Track)));
            found.extend(session.parent.map(|id| ("parent", id, Kind::Session)));
            found.extend(session.paper.map(|id| ("paper", id, Kind::Paper)));
            found.extend(session.people.iter().map(|person| ("people", person.person, Kind::Person)));
        }
        Record::Paper(paper) => {
            found.extend(paper.authors.iter().filter_map(|author| Some(("authors", author.person?, Kind::Person))));
        }
        Record::Award(award) => found.extend(award.papers.iter().map(|id| ("papers", *id, Kind::Paper))),
        Record::Sponsor(sponsor) => found.push(("tier", sponsor.tier, Kind::SponsorTier)),
        Record::Series(_)
        | Record::Person(_)
        | Record::Room(_)
        | Record::Track(_)
        | Record::Topic(_)
        | Record::ImportantDate(_)
        | Record::Announcement(_)
        | Record::Page(_)
        | Record::SponsorTier(_)
        | Record::Link(_)
        | Record::Release(_) => {}
    }
    found
}

fn put<T: Content>(list: &mut Vec<Arc<T>>, item: Arc<T>) {
    let key = |item: &T| (item.head().position, item.head().id);
    list.retain(|other| other.head().id != item.head().id);
    let place = list.partition_point(|other| key(other) < key(&item));
    list.insert(place, item);
}
