//! What is hidden stays hidden, whatever refers to it.

use jiff::ToSpan;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::content::{
    AttendanceMode, Award, Date, Event, Head, Page, Paper, PaperAuthor, Participation, Person, Publication, Record,
    Report, Role, Room, SessionKind, SessionPart, SessionPerson, Sponsor, SponsorTier, Track,
};

/// How an item is kept from the public, if at all.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Veil {
    None,
    Lifted,
    HeldBack,
    Embargoed,
}

/// Of each of these there are some; every one may be hidden, and refers to others by number.
#[derive(Clone, Debug)]
struct Plan {
    rooms: Vec<Veil>,
    tracks: Vec<Veil>,
    papers: Vec<(Veil, usize)>,
    /// The veil, then which room, track, paper, person and earlier session.
    sessions: Vec<(Veil, usize, usize, usize, usize, Option<usize>)>,
    awards: Vec<(Veil, Vec<usize>)>,
    tiers: Vec<Veil>,
    sponsors: Vec<(Veil, usize)>,
    speakers: Vec<(Veil, usize)>,
    pages: Vec<Veil>,
}

const PEOPLE: usize = 6;

fn now() -> Timestamp {
    "2022-12-02T14:00:00Z".parse().unwrap()
}

fn plans() -> impl Strategy<Value = Plan> {
    let veil = || prop::sample::select(vec![Veil::None, Veil::None, Veil::Lifted, Veil::HeldBack, Veil::Embargoed]);
    let veils = || prop::collection::vec(veil(), 1..4);
    let number = || 0..100_usize;
    let session = (veil(), number(), number(), number(), number(), prop::option::of(number()));
    (
        (veils(), veils(), veils(), veils()),
        prop::collection::vec((veil(), number()), 1..5),
        prop::collection::vec(session, 0..8),
        prop::collection::vec((veil(), prop::collection::vec(number(), 0..3)), 0..3),
        prop::collection::vec((veil(), number()), 0..4),
        prop::collection::vec((veil(), number()), 0..4),
    )
        .prop_map(|((rooms, tracks, tiers, pages), papers, sessions, awards, sponsors, speakers)| Plan {
            rooms,
            tracks,
            papers,
            sessions,
            awards,
            tiers,
            sponsors,
            speakers,
            pages,
        })
}

/// Makes the document of a plan. Each item's slug and title carry a word that is nowhere else.
struct Maker {
    made: u128,
}

impl Maker {
    fn id(&mut self) -> Id {
        self.made += 1;
        Id(Uuid::from_u128(0xC0FF_EE00_0000_0000_0000_0000_0000_0000 + self.made))
    }

    fn head(&mut self, veil: Veil, position: usize) -> (Head, String) {
        let id = self.id();
        let word = format!("canary{}end", self.made);
        let mut head = Head::new(id, word.clone(), i32::try_from(position).unwrap(), now());
        match veil {
            Veil::None => {}
            Veil::Lifted => head.publish_at = Some(now() - 1.hour()),
            Veil::HeldBack => head.published = false,
            Veil::Embargoed => head.publish_at = Some(now() + 1.hour()),
        }
        (head, word)
    }

    fn document(&mut self, plan: &Plan) -> Document {
        let mut document = Document::new(event(self.id()));
        for person in 0..PEOPLE {
            let id = self.id();
            document.people.push(Arc::new(Person::new(id, format!("person{person}end"), now())));
        }
        let people: Vec<Id> = document.people.iter().map(|person| person.id).collect();
        for (place, veil) in plan.rooms.iter().enumerate() {
            let (head, name) = self.head(*veil, place);
            let room = Room { head, name, description: None, capacity: None, online: false, url: None };
            document.rooms.push(Arc::new(room));
        }
        for (place, veil) in plan.tracks.iter().enumerate() {
            let (head, name) = self.head(*veil, place);
            document.tracks.push(Arc::new(Track { head, name, description: None, color: None }));
        }
        for (place, (veil, author)) in plan.papers.iter().enumerate() {
            let (head, title) = self.head(*veil, place);
            let person = people[author % PEOPLE];
            let author = PaperAuthor {
                person: Some(person),
                name: "As Printed".to_owned(),
                affiliation: None,
                corresponding: false,
            };
            document.papers.push(Arc::new(Paper { authors: vec![author], ..Paper::new(head, title) }));
        }
        self.sessions(plan, &people, &mut document);
        for (place, (veil, papers)) in plan.awards.iter().enumerate() {
            let (head, name) = self.head(*veil, place);
            let papers = papers.iter().map(|paper| document.papers[paper % plan.papers.len()].head.id).collect();
            document.awards.push(Arc::new(Award { head, name, description: None, papers }));
        }
        for (place, veil) in plan.tiers.iter().enumerate() {
            let (head, name) = self.head(*veil, place);
            document.sponsor_tiers.push(Arc::new(SponsorTier { head, name }));
        }
        for (place, (veil, tier)) in plan.sponsors.iter().enumerate() {
            let (head, name) = self.head(*veil, place);
            let tier = document.sponsor_tiers[tier % plan.tiers.len()].head.id;
            document.sponsors.push(Arc::new(Sponsor { head, tier, name, url: None, logo: None, description: None }));
        }
        for (place, (veil, person)) in plan.speakers.iter().enumerate() {
            let (head, word) = self.head(*veil, place);
            document.speakers.push(Arc::new(Participation {
                head,
                role: Role::Speaker,
                person: people[person % PEOPLE],
                honorific: None,
                affiliation: Some(word),
                photo: None,
                bio: None,
                group: None,
            }));
        }
        for (place, veil) in plan.pages.iter().enumerate() {
            let (head, title) = self.head(*veil, place);
            document.pages.push(Arc::new(Page { head, title, body: crate::content::Markdown::default() }));
        }
        document.drop_unreferenced();
        document.sort();
        document
    }

    fn sessions(&mut self, plan: &Plan, people: &[Id], document: &mut Document) {
        for (place, (veil, room, track, paper, person, parent)) in plan.sessions.iter().enumerate() {
            let (head, title) = self.head(*veil, place);
            let parent = parent.filter(|_| place > 0).map(|parent| document.sessions[parent % place].head.id);
            document.sessions.push(Arc::new(Session {
                number: i32::try_from(place).unwrap() + 1,
                room: Some(document.rooms[room % plan.rooms.len()].head.id),
                track: Some(document.tracks[track % plan.tracks.len()].head.id),
                paper: Some(document.papers[paper % plan.papers.len()].head.id),
                people: vec![SessionPerson { person: people[person % PEOPLE], part: SessionPart::Speaker }],
                parent,
                ..Session::new(head, SessionKind::Talk, title)
            }));
        }
    }
}

fn event(id: Id) -> Event {
    let day = Date("2022-12-02".parse().unwrap());
    Event {
        id,
        slug: "workshop".to_owned(),
        name: "A Workshop".to_owned(),
        acronym: None,
        edition: None,
        series: None,
        host_conference: None,
        description: None,
        starts_on: day,
        ends_on: day,
        time_zone: "UTC".to_owned(),
        attendance_mode: AttendanceMode::Hybrid,
        venue: None,
        city: None,
        country: None,
        website: None,
        contact_email: None,
        banner: None,
        social_links: Vec::new(),
        language: None,
        publication: Publication::Live,
        withdrawn: Vec::new(),
        created_at: now(),
        updated_at: now(),
    }
}

fn problems(document: &Document) -> Vec<crate::content::Problem> {
    let mut report = Report::default();
    document.check(&mut report);
    report.into_problems()
}

proptest! {
    #[test]
    fn nothing_hidden_is_anywhere_in_the_public_document(plan in plans()) {
        let document = Maker { made: 0 }.document(&plan);
        prop_assert_eq!(problems(&document), vec![]);
        let shown = public(&document, now());
        let json = serde_json::to_string(&shown).unwrap();
        let hidden = |record: &Record| record.head().is_some_and(|head| !head.is_visible(now()));
        for record in document.records().iter().filter(|record| hidden(record)) {
            let head = record.head().unwrap();
            prop_assert!(!json.contains(&head.id.to_string()), "{} is in {json}", head.id);
            prop_assert!(!json.contains(&head.slug), "{} is in {json}", head.slug);
        }
        prop_assert_eq!(problems(&shown), vec![]);
        prop_assert_eq!(public(&shown, now()), shown.clone());
        for record in shown.records() {
            let before = document.records().into_iter().find(|other| other.id() == record.id()).unwrap();
            prop_assert_eq!(record == before, shares(&record, &before), "what is unchanged is shared");
        }
    }

    #[test]
    fn people_are_those_of_visible_items(plan in plans()) {
        let shown = public(&Maker { made: 0 }.document(&plan), now());
        let mut again = shown.clone();
        again.drop_unreferenced();
        prop_assert_eq!(again.people.len(), shown.people.len());
    }
}

fn shares(one: &Record, other: &Record) -> bool {
    match (one, other) {
        (Record::Event(one), Record::Event(other)) => Arc::ptr_eq(one, other),
        (Record::Person(one), Record::Person(other)) => Arc::ptr_eq(one, other),
        (Record::Session(one), Record::Session(other)) => Arc::ptr_eq(one, other),
        (Record::Paper(one), Record::Paper(other)) => Arc::ptr_eq(one, other),
        (Record::Award(one), Record::Award(other)) => Arc::ptr_eq(one, other),
        _ => one == other,
    }
}

#[test]
fn a_part_goes_with_the_session_that_holds_it() {
    let plan = Plan {
        rooms: vec![Veil::HeldBack],
        tracks: vec![Veil::None],
        papers: vec![(Veil::Embargoed, 0)],
        sessions: vec![
            (Veil::Embargoed, 0, 0, 0, 1, None),
            (Veil::None, 0, 0, 0, 2, Some(0)),
            (Veil::None, 0, 0, 0, 3, Some(1)),
            (Veil::None, 0, 0, 0, 4, None),
        ],
        awards: vec![(Veil::None, vec![0])],
        tiers: vec![Veil::HeldBack],
        sponsors: vec![(Veil::None, 0)],
        speakers: vec![],
        pages: vec![],
    };
    let shown = public(&Maker { made: 0 }.document(&plan), now());
    assert_eq!(shown.sessions.len(), 1);
    assert_eq!((shown.sessions[0].room, shown.sessions[0].paper), (None, None));
    assert!(shown.sessions[0].track.is_some());
    assert!(shown.awards[0].papers.is_empty());
    assert!(shown.sponsors.is_empty());
    assert_eq!(shown.people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["person4end"]);
    let later = public(&Maker { made: 0 }.document(&plan), now() + 2.hours());
    assert_eq!(later.sessions.len(), 4);
}

#[test]
fn embargoes_say_when_the_public_document_changes() {
    let plan = Plan {
        rooms: vec![Veil::Lifted, Veil::Embargoed, Veil::Embargoed],
        tracks: vec![Veil::HeldBack],
        papers: vec![(Veil::None, 0)],
        sessions: vec![],
        awards: vec![],
        tiers: vec![Veil::None],
        sponsors: vec![],
        speakers: vec![],
        pages: vec![],
    };
    let document = Maker { made: 0 }.document(&plan);
    let embargoes = Embargoes::of(&document);
    let (before, after) = (now() - 1.hour(), now() + 1.hour());
    assert_eq!((embargoes.last_change(now()), embargoes.next_change(now())), (Some(before), Some(after)));
    assert_eq!((embargoes.last_change(after), embargoes.next_change(after)), (Some(after), None));
    assert_eq!(embargoes.last_change(before - 1.second()), None);
    assert_eq!(public(&document, after).rooms.len(), 3);
    assert_eq!(public(&document, after - 1.nanosecond()).rooms.len(), 1);
}
