//! A server's content, made by hand and kept in a database in a temporary folder, and questions to it.

use std::sync::Arc;

use async_graphql::parser::parse_query;
use async_graphql::{Request, Response, ServerError, Variables};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::Viewer;
use crate::clock::Clock;
use crate::config::DatabaseConfig;
use crate::content::{
    Announcement, AnnouncementLink, AnnouncementSeverity, Award, Date, Document, Event, Head, Id, ImportantDate,
    ImportantDateKind, Link, LinkKind, Markdown, Moment, Page, Paper, PaperAuthor, Participation, Person, Presentation,
    Role, Room, Series, Session, SessionKind, SessionPart, SessionPerson, Sponsor, SponsorTier, Topic, Track,
};
use crate::graphql::execution::{self, Prepared};
use crate::graphql::{Schema, Settings, schema};
use crate::reading::Reading;
use crate::shelf::{Dependency, Shelf};
use crate::store::Store;

pub(super) fn now() -> Timestamp {
    at("2022-12-02T15:00:00Z")
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn id(number: u128) -> Id {
    Id(Uuid::from_u128(number))
}

fn head(number: u128, slug: &str) -> Head {
    Head::new(id(number), slug, i32::try_from(number % 100).unwrap(), at("2022-01-01T00:00:00Z"))
}

fn event(number: u128, slug: &str, day: &str, publication: &str) -> Document {
    let event: Event = serde_json::from_value(json!({
        "id": id(number), "slug": slug, "name": format!("Workshop {slug}"), "edition": number, "series": id(90),
        "startsOn": day, "endsOn": day, "timeZone": "America/Chicago", "attendanceMode": "HYBRID",
        "city": "New Orleans", "publication": publication,
        "createdAt": "2022-01-01T00:00:00Z", "updatedAt": "2022-01-01T00:00:00Z",
    }))
    .unwrap();
    let series = Series {
        id: id(90),
        slug: "series".to_owned(),
        name: "The series".to_owned(),
        description: None,
        created_at: at("2022-01-01T00:00:00Z"),
        updated_at: at("2022-01-01T00:00:00Z"),
    };
    Document { series: Some(Arc::new(series)), ..Document::new(event) }
}

fn participation(number: u128, slug: &str, role: Role, person: u128) -> Arc<Participation> {
    Arc::new(Participation {
        head: head(number, slug),
        role,
        person: id(person),
        honorific: Some("Prof.".to_owned()),
        affiliation: Some("University of Then".to_owned()),
        photo: None,
        bio: Some(Markdown("Likes *trees*.".to_owned())),
        group: None,
    })
}

fn people(document: &mut Document) {
    for (number, name) in [(11, "Ada Moreau"), (12, "Émile Petit"), (13, "Zoe Lang")] {
        document.people.push(Arc::new(Person::new(id(number), name, now())));
    }
    document.speakers =
        vec![participation(101, "ada", Role::Speaker, 11), participation(102, "emile", Role::Speaker, 12)];
    document.panelists = vec![participation(111, "ada", Role::Panelist, 11)];
    document.organizers = vec![participation(121, "zoe", Role::Organizer, 13)];
}

fn programme(document: &mut Document) {
    let room = Room {
        head: head(201, "hall"),
        name: "Hall".to_owned(),
        description: None,
        capacity: Some(300),
        online: false,
        url: None,
    };
    let track = Track { head: head(211, "speed"), name: "Speed".to_owned(), description: None, color: None };
    let session = |number, slug: &str, kind, title: &str, start, end| Session {
        starts_at: Some(at(start)),
        ends_at: Some(at(end)),
        room: Some(id(201)),
        ..Session::new(head(number, slug), kind, title)
    };
    let ada = SessionPerson { person: id(11), part: SessionPart::Speaker };
    let zoe = SessionPerson { person: id(13), part: SessionPart::Chair };
    document.sessions = vec![
        Arc::new(Session {
            people: vec![ada.clone(), zoe],
            track: Some(id(211)),
            summary: Some(Markdown("About **pruning**.".to_owned())),
            ..session(302, "keynote", SessionKind::Keynote, "Pruning", "2022-12-02T14:30:00Z", "2022-12-02T15:30:00Z")
        }),
        Arc::new(session(
            301,
            "opening",
            SessionKind::Opening,
            "Opening",
            "2022-12-02T14:00:00Z",
            "2022-12-02T14:30:00Z",
        )),
        Arc::new(session(303, "talks", SessionKind::Other, "Talks", "2022-12-02T16:00:00Z", "2022-12-02T17:00:00Z")),
        Arc::new(Session {
            parent: Some(id(303)),
            paper: Some(id(401)),
            people: vec![ada],
            ..session(304, "talk", SessionKind::Talk, "First talk", "2022-12-02T16:00:00Z", "2022-12-02T16:20:00Z")
        }),
        Arc::new(Session::new(head(305, "later"), SessionKind::Social, "To be placed")),
        Arc::new(Session {
            head: Head { published: false, ..head(306, "secret") },
            ..Session::new(head(306, "secret"), SessionKind::Talk, "Canary draft")
        }),
    ];
    document.rooms = vec![Arc::new(room)];
    document.tracks = vec![Arc::new(track)];
}

fn papers(document: &mut Document, count: u128) {
    for number in 1..=count {
        let author = |name: &str, person: Option<u128>, corresponding| PaperAuthor {
            person: person.map(id),
            name: name.to_owned(),
            affiliation: Some("Then Labs".to_owned()),
            corresponding,
        };
        document.papers.push(Arc::new(Paper {
            number: Some(number.to_string()),
            presentation: (number % 2 == 0).then_some(Presentation::Poster),
            authors: vec![author("A. Moreau", Some(11), true), author("Anonymous", None, false)],
            ..Paper::new(head(400 + number, &format!("paper-{number}")), format!("Paper {number:02} on Éclairs"))
        }));
    }
    let award =
        Award { head: head(601, "best"), name: "Best paper".to_owned(), description: None, papers: vec![id(402)] };
    document.awards = vec![Arc::new(award)];
}

fn around(document: &mut Document) {
    let day = |text: &str| Date(text.parse().unwrap());
    let zone = document.event.zone();
    document.important_dates = vec![Arc::new(ImportantDate {
        head: head(701, "submission"),
        label: "Submission".to_owned(),
        kind: ImportantDateKind::Submission,
        moment: Moment::end_of_day_anywhere_on_earth(day("2022-10-15")),
        superseded: vec![Moment::end_of_day(day("2022-10-01"), &zone)],
        struck_through: false,
        note: None,
    })];
    let link = AnnouncementLink {
        label: "Join".to_owned(),
        url: None,
        starts_at: Some(at("2022-11-01T14:00:00Z")),
        ends_at: None,
    };
    document.announcements = vec![Arc::new(Announcement {
        head: head(711, "mentoring"),
        title: "Mentoring".to_owned(),
        severity: AnnouncementSeverity::Info,
        body: None,
        links: vec![link],
        shows_from: None,
        shows_until: Some(at("2022-12-01T00:00:00Z")),
    })];
    let (title, body) = ("Overview".to_owned(), Markdown("Welcome.".to_owned()));
    document.pages = vec![Arc::new(Page { head: head(721, "overview"), title, body })];
    document.topics = vec![Arc::new(Topic {
        head: head(731, "data"),
        title: "Data".to_owned(),
        description: None,
        items: vec!["Less of it".to_owned()],
        special: true,
    })];
    document.sponsor_tiers = vec![Arc::new(SponsorTier { head: head(741, "gold"), name: "Gold".to_owned() })];
    document.sponsors = vec![Arc::new(Sponsor {
        head: head(751, "acme"),
        tier: id(741),
        name: "Acme".to_owned(),
        url: None,
        logo: None,
        description: None,
    })];
    let (label, url, kind) = ("Overview".to_owned(), "/#overview".to_owned(), LinkKind::Navigation);
    document.links = vec![Arc::new(Link { head: head(761, "overview"), label, url, kind })];
}

/// The server: three events, one of them a draft.
pub(super) struct Server {
    schema: Schema,
    shelf: Arc<Shelf>,
    folder: tempfile::TempDir,
}

impl Server {
    pub(super) async fn new() -> Server {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("content.db").display());
        let config = DatabaseConfig { url, max_connections: 2, acquire_timeout_ms: 5_000 };
        let store = Store::open(&config).await.unwrap();
        store.migrate().await.unwrap();
        let mut main = event(2, "main-2022", "2022-12-02", "LIVE");
        people(&mut main);
        programme(&mut main);
        papers(&mut main, 45);
        around(&mut main);
        let editor = Viewer::Operator.creator().unwrap();
        let documents =
            [event(1, "main-2021", "2021-12-13", "LIVE"), main, event(3, "main-2023", "2023-12-15", "DRAFT")];
        for document in documents {
            store.put_document(&editor, document, now()).await.unwrap();
        }
        let shelf = Shelf::open(store, Clock::fixed(now()), 100 << 20).await.unwrap();
        let settings = Settings {
            introspection: true,
            default_event: Some("main-2022".to_owned()),
            webhooks: crate::config::Config::defaults().webhooks,
        };
        Server { schema: schema(&settings), shelf, folder }
    }

    /// The same content without a default event.
    pub(super) fn without_default_event(self) -> Server {
        Server {
            schema: schema(&Settings {
                introspection: true,
                default_event: None,
                webhooks: crate::config::Config::defaults().webhooks,
            }),
            ..self
        }
    }

    /// The whole answer to a query, and what it was made from.
    pub(super) async fn answer(&self, viewer: Viewer, query: &str) -> (Value, Vec<Dependency>) {
        assert!(self.folder.path().exists());
        let reading = Arc::new(Reading::new(self.shelf.clone(), viewer.clone(), now()));
        let response = self.schema.execute(Request::new(query).data(reading.clone())).await;
        self.is_written_alike(viewer, query, &response).await;
        (serde_json::to_value(response).unwrap(), reading.dependencies())
    }

    /// What is written in one go is what the library makes.
    async fn is_written_alike(&self, viewer: Viewer, query: &str, expected: &Response) {
        let Ok(document) = parse_query(query) else { return };
        let reading = Arc::new(Reading::new(self.shelf.clone(), viewer, now()));
        let prepared = Prepared::new(document);
        let outcome = execution::execute(&self.schema, &prepared, None, Variables::default(), reading, None).await;
        if outcome.is_executed() {
            let written: Value = serde_json::from_slice(&outcome.to_json::<()>(None)).unwrap();
            assert_eq!(written["data"], serde_json::to_value(&expected.data).unwrap(), "{query}");
        }
        let paths = |errors: &[ServerError]| errors.iter().map(|error| error.path.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&outcome.errors), paths(&expected.errors), "{query}");
    }

    /// What anybody gets for a query that has no errors.
    pub(super) async fn ask(&self, query: &str) -> Value {
        let (mut answer, _) = self.answer(Viewer::Anonymous, query).await;
        assert_eq!(answer.get("errors"), None, "{query}");
        answer["data"].take()
    }

    /// The code, the message and the data of a query that anybody asks and that has one error.
    pub(super) async fn refused(&self, query: &str) -> (String, String, Value) {
        let (mut answer, _) = self.answer(Viewer::Anonymous, query).await;
        let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{query} is answered: {answer}"));
        assert_eq!(errors.len(), 1, "{errors:?}");
        let text = |pointer: &str| errors[0].pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (code, message) = (text("/extensions/code"), text("/message"));
        (code, message, answer["data"].take())
    }
}
