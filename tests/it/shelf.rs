//! The shelf over real databases: it loads once, follows what others write, and goes on without the database.

use std::sync::Arc;
use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use plenary::access::Viewer;
use plenary::clock::Clock;
use plenary::config::DatabaseConfig;
use plenary::content::{
    Award, Document, Event, Head, Id, Paper, PaperAuthor, Person, Publication, Room, Session, SessionKind, SessionPart,
    SessionPerson,
};
use plenary::shelf::{Dependency, Shelf};
use plenary::snapshot::{Cursor, Seen, Snapshot, View};
use plenary::store::{Store, Version};
use proptest::prelude::*;
use uuid::Uuid;

use crate::harness::on_each_database;

const PLENTY: usize = 100 << 20;

fn now() -> Timestamp {
    "2022-12-02T12:00:00Z".parse().unwrap()
}

fn id(number: u128) -> Id {
    Id(Uuid::from_u128(number))
}

fn head(number: u128) -> Head {
    Head::new(id(number), format!("item-{number}"), 0, now())
}

fn document(number: u128) -> Document {
    let event: Event = serde_json::from_value(serde_json::json!({
        "id": id(number),
        "slug": format!("event-{number}"),
        "name": "A Workshop",
        "startsOn": "2022-12-02",
        "endsOn": "2022-12-02",
        "timeZone": "America/Chicago",
        "attendanceMode": "HYBRID",
        "publication": "LIVE",
        "createdAt": now(),
        "updatedAt": now(),
    }))
    .unwrap();
    Document::new(event)
}

fn talk(number: u128, title: &str) -> Arc<Session> {
    Arc::new(Session::new(head(number), SessionKind::Talk, title))
}

async fn opened(url: &str) -> Store {
    let config = DatabaseConfig { url: url.to_owned(), max_connections: 4, acquire_timeout_ms: 5_000 };
    let store = Store::open(&config).await.unwrap();
    store.migrate().await.unwrap();
    store
}

async fn put(store: &Store, document: &Document) {
    let editor = Viewer::Operator.creator().unwrap();
    store.put_document(&editor, document.clone(), now()).await.unwrap();
}

async fn shelf(store: &Store) -> Arc<Shelf> {
    Shelf::open(store.clone(), Clock::fixed(now()), PLENTY).await.unwrap()
}

async fn titles(shelf: &Shelf, event: u128, view: View) -> Vec<String> {
    let snapshot = shelf.snapshot(id(event), view).await.unwrap().unwrap();
    snapshot.document().sessions.iter().map(|session| session.title.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_loaded_once_however_many_ask() {
    on_each_database(async |url| {
        let store = opened(&url).await;
        put(&store, &document(1)).await;
        let shelf = shelf(&store).await;
        assert_eq!(shelf.statistics().loads, 0);
        let readers: Vec<_> = (0..50)
            .map(|_| {
                let shelf = shelf.clone();
                tokio::spawn(async move { shelf.snapshot(id(1), View::Public).await.unwrap().is_some() })
            })
            .collect();
        for reader in readers {
            assert!(reader.await.unwrap());
        }
        assert_eq!(shelf.statistics().loads, 1);
        assert_eq!(shelf.statistics().events, 1);
        assert!(shelf.snapshot(id(2), View::Public).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_writes_is_seen_within_a_second() {
    on_each_database(async |url| {
        let (here, elsewhere) = (opened(&url).await, opened(&url).await);
        let mut content = document(1);
        put(&elsewhere, &content).await;
        let shelf = shelf(&here).await;
        assert_eq!(titles(&shelf, 1, View::Public).await, [""; 0]);
        let stamp = shelf.snapshot(id(1), View::Public).await.unwrap().unwrap().stamp();
        let answer = Dependency::Event(id(1), View::Public, stamp);
        assert!(shelf.is_current(&answer));

        let following = tokio::spawn(shelf.clone().follow());
        content.sessions.push(talk(10, "New"));
        put(&elsewhere, &content).await;
        put(&elsewhere, &document(2)).await;
        tokio::time::timeout(Duration::from_secs(1), async {
            while titles(&shelf, 1, View::Public).await != ["New"] || shelf.catalogue().with_slug("event-2").is_none() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .expect("it is seen within a second");
        assert!(!shelf.is_current(&answer));
        assert_eq!(shelf.statistics().loads, 1, "nothing is loaded again");
        following.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_the_shelf_needs_no_database() {
    on_each_database(async |url| {
        let store = opened(&url).await;
        let mut content = document(1);
        content.sessions.push(talk(10, "Talk"));
        put(&store, &content).await;
        put(&store, &document(2)).await;
        let shelf = shelf(&store).await;
        let stamp = shelf.snapshot(id(1), View::Public).await.unwrap().unwrap().stamp();
        let following = tokio::spawn(shelf.clone().follow_every(Duration::from_millis(5)));
        store.close().await.unwrap();
        assert!(shelf.refresh().await.is_err());
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(titles(&shelf, 1, View::Public).await, ["Talk"]);
        assert_eq!(titles(&shelf, 1, View::Working).await, ["Talk"]);
        assert!(shelf.is_current(&Dependency::Event(id(1), View::Public, stamp)));
        assert_eq!(shelf.catalogue().side(View::Working).events.len(), 2);
        assert_eq!(shelf.locate(id(10)).await.unwrap(), Some(id(1)));
        assert_eq!(shelf.locate(id(2)).await.unwrap(), Some(id(2)));
        assert!(shelf.snapshot(id(2), View::Public).await.is_err(), "this one was never loaded");
        assert!(!following.is_finished());
        following.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embargo_ends_at_its_instant() {
    on_each_database(async |url| {
        let store = opened(&url).await;
        let mut content = document(1);
        let mut secret = talk(10, "Secret");
        let lifts = now() + 1.hour();
        Arc::make_mut(&mut secret).head.publish_at = Some(lifts);
        content.sessions.push(secret);
        put(&store, &content).await;
        let time = Arc::new(parking_lot::Mutex::new(now()));
        let shelf = Shelf::open(store, Clock::Fixed(time.clone()), PLENTY).await.unwrap();
        assert_eq!(titles(&shelf, 1, View::Public).await, [""; 0]);
        assert_eq!(titles(&shelf, 1, View::Working).await, ["Secret"]);
        let stamp = shelf.snapshot(id(1), View::Public).await.unwrap().unwrap().stamp();
        let answer = Dependency::Event(id(1), View::Public, stamp);
        *time.lock() = lifts - 1.nanosecond();
        assert!(shelf.is_current(&answer));
        *time.lock() = lifts;
        assert!(!shelf.is_current(&answer));
        assert_eq!(titles(&shelf, 1, View::Public).await, ["Secret"]);
    })
    .await;
}

/// What a document is changed into: which of ten papers there are, each with a title, authors, a session, an award.
#[derive(Clone, Debug)]
struct Shape {
    papers: Vec<(u8, u8, Vec<u8>)>,
    room: Option<u8>,
    draft: bool,
    name: u8,
}

fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    let paper = (0..10_u8, 0..3_u8, prop::collection::vec(0..6_u8, 0..4));
    let shape = (prop::collection::vec(paper, 0..8), prop::option::of(0..3_u8), any::<bool>(), 0..3_u8)
        .prop_map(|(papers, room, draft, name)| Shape { papers, room, draft, name });
    prop::collection::vec(shape, 1..5)
}

/// The document of a shape; the people are shared by all events, and their affiliation depends on the shape.
fn shaped(event: u128, shape: &Shape) -> Document {
    let number = |kind: u128, place: u8| event * 1_000 + kind * 100 + u128::from(place);
    let mut document = document(event);
    for person in 0..6_u8 {
        let mut person = Person::new(id(900_000 + u128::from(person)), format!("Person {person}"), now());
        person.affiliation = Some(format!("Lab {}", shape.name));
        document.people.push(Arc::new(person));
    }
    if let Some(room) = shape.room {
        let (head, name) = (head(number(1, room)), format!("Room {room}"));
        document.rooms.push(Arc::new(Room { head, name, description: None, capacity: None, online: false, url: None }));
    }
    let mut seen = Vec::new();
    for (place, title, authors) in &shape.papers {
        if seen.contains(place) {
            continue;
        }
        seen.push(*place);
        let author = |author: &u8| PaperAuthor {
            person: Some(id(900_000 + u128::from(*author))),
            name: format!("Person {author}"),
            affiliation: None,
            corresponding: false,
        };
        let mut paper = Paper::new(head(number(2, *place)), format!("Paper {title}"));
        paper.authors = authors.iter().map(author).collect();
        paper.head.published = !shape.draft;
        paper.head.position = i32::from(*title);
        document.papers.push(Arc::new(paper));
        let speaker = authors
            .first()
            .map(|author| SessionPerson { person: id(900_000 + u128::from(*author)), part: SessionPart::Speaker });
        document.sessions.push(Arc::new(Session {
            paper: Some(id(number(2, *place))),
            room: shape.room.map(|room| id(number(1, room))),
            people: speaker.into_iter().collect(),
            ..Session::new(head(number(3, *place)), SessionKind::Talk, format!("Talk {title}"))
        }));
    }
    let papers = seen.iter().map(|place| id(number(2, *place))).collect();
    document.awards.push(Arc::new(Award {
        head: head(number(4, 0)),
        name: "Best".to_owned(),
        description: None,
        papers,
    }));
    document.sort();
    document
}

#[tokio::test(flavor = "multi_thread")]
async fn following_gives_what_loading_gives() {
    on_each_database(async |url| {
        let store = opened(&url).await;
        let following = shelf(&store).await;
        let runner = &mut proptest::test_runner::TestRunner::deterministic();
        let mut events = 0;
        for _ in 0..12 {
            use proptest::strategy::ValueTree;
            let shapes = shapes().new_tree(runner).unwrap().current();
            events += 1;
            put(&store, &shaped(events, &shapes[0])).await;
            following.refresh().await.unwrap();
            following.snapshot(id(events), View::Working).await.unwrap().unwrap();
            for shape in &shapes {
                put(&store, &shaped(events, shape)).await;
                following.refresh().await.unwrap();
            }
        }
        let loading = shelf(&store).await;
        for event in 1..=events {
            for view in [View::Working, View::Public] {
                let followed = following.snapshot(id(event), view).await.unwrap().unwrap();
                let loaded = loading.snapshot(id(event), view).await.unwrap().unwrap();
                assert_eq!(followed.document(), loaded.document());
                assert_eq!(followed.stamp(), loaded.stamp());
            }
        }
        let headers = |shelf: &Shelf| {
            shelf.catalogue().side(View::Working).events.iter().map(|header| (**header).clone()).collect::<Vec<_>>()
        };
        assert_eq!(headers(&following), headers(&loading));
        assert_eq!(
            following.catalogue().side(View::Working).revision,
            loading.catalogue().side(View::Working).revision
        );
        assert_eq!(following.statistics().loads, u64::try_from(events).unwrap(), "each event was loaded once");
        let (followed, counted) = (following.statistics().bytes, loading.statistics().bytes);
        assert!(followed.abs_diff(counted) * 10 < counted, "the estimate {followed} stays near {counted}");
    })
    .await;
}

/// What happens to an event that is published by releases, in turn.
#[derive(Clone, Debug)]
enum Step {
    Write(Shape),
    Publish,
    SetPublication(Publication),
    RollBack(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let publication =
        prop::sample::select(vec![Publication::Draft, Publication::Live, Publication::Released, Publication::Released]);
    let write = shapes().prop_map(|shapes| Step::Write(shapes[0].clone()));
    let step = prop_oneof![
        4 => write,
        3 => Just(Step::Publish),
        2 => publication.prop_map(Step::SetPublication),
        1 => (1..4_u8).prop_map(Step::RollBack),
    ];
    prop::collection::vec(step, 4..10)
}

async fn take(store: &Store, event: u128, step: &Step) {
    let editor = Viewer::Operator.creator().unwrap();
    match step {
        Step::Write(shape) => {
            let mut document = shaped(event, shape);
            let stored = store.load(id(event)).await.unwrap().unwrap();
            Arc::make_mut(&mut document.event).publication = stored.document.event.publication;
            put(store, &document).await;
        }
        Step::Publish => _ = store.publish(&editor, id(event), Version::default(), now()).await.unwrap().unwrap(),
        // Both may be refused: there may be no release.
        Step::SetPublication(publication) => {
            let _ = store.set_publication(&editor, id(event), *publication, now()).await;
        }
        Step::RollBack(number) => {
            let (number, version) = (i32::from(*number), Version::default());
            store.roll_back(&editor, id(event), number, version, now()).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn following_releases_gives_what_loading_gives() {
    on_each_database(async |url| {
        let store = opened(&url).await;
        let following = shelf(&store).await;
        let runner = &mut proptest::test_runner::TestRunner::deterministic();
        for event in 1..=15 {
            use proptest::strategy::ValueTree;
            let steps = steps().new_tree(runner).unwrap().current();
            put(&store, &document(event)).await;
            following.refresh().await.unwrap();
            let mut answers: Vec<(Dependency, Option<Document>)> = Vec::new();
            for step in &steps {
                take(&store, event, step).await;
                following.refresh().await.unwrap();
                let loading = shelf(&store).await;
                for view in [View::Working, View::Public] {
                    let followed = following.snapshot(id(event), view).await.unwrap();
                    let loaded = loading.snapshot(id(event), view).await.unwrap();
                    let parts = |snapshot: &Option<Arc<Snapshot>>| {
                        snapshot.as_ref().map(|it| (it.document().clone(), it.stamp(), it.releases().to_vec()))
                    };
                    assert_eq!(parts(&followed), parts(&loaded), "{steps:#?}");
                    let headers = |shelf: &Shelf| shelf.catalogue().side(view).events.clone();
                    assert_eq!(headers(&following), headers(&loading), "{steps:#?}");
                    // What is taken for current is what would be answered now.
                    for (answer, document) in answers.iter().filter(|(answer, _)| following.is_current(answer)) {
                        if matches!(answer, Dependency::Event(_, of, _) if *of == view) {
                            assert_eq!(document.as_ref(), followed.as_ref().map(|it| it.document()), "{steps:#?}");
                        }
                    }
                    if let Some(snapshot) = followed {
                        let answer = Dependency::Event(id(event), view, snapshot.stamp());
                        assert!(following.is_current(&answer));
                        answers.push((answer, Some(snapshot.document().clone())));
                    }
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn going_back_gives_what_was_there() {
    on_each_database(async |url| {
        use proptest::strategy::ValueTree;
        let store = opened(&url).await;
        let watching = shelf(&store).await;
        let coming = shelf(&store).await;
        let runner = &mut proptest::test_runner::TestRunner::deterministic();
        for event in 1..=6 {
            let shapes = shapes().new_tree(runner).unwrap().current();
            let mut seen = Vec::new();
            for shape in &shapes {
                put(&store, &shaped(event, shape)).await;
                watching.refresh().await.unwrap();
                for view in [View::Working, View::Public] {
                    seen.push(watching.snapshot(id(event), view).await.unwrap().unwrap());
                }
            }
            coming.refresh().await.unwrap();
            for before in seen {
                let now = watching.snapshot(id(event), before.view()).await.unwrap().unwrap();
                let cursor = Cursor::from(before.stamp());
                let watched = watching.difference(cursor, Some(&before), &now).await.unwrap();
                let gone_back = coming.difference(cursor, None, &now).await.unwrap();
                assert_eq!(watched, gone_back);
                assert_eq!(watched.is_empty(), before.document() == now.document() || before.stamp() == now.stamp());
            }
            // Before the event there was nothing, so all of it is new.
            let now = coming.snapshot(id(event), View::Working).await.unwrap().unwrap();
            let nothing = Cursor { revision: 0, embargoes: Seen::AtRevision };
            let all = coming.difference(nothing, None, &now).await.unwrap();
            assert_eq!(all.named.len(), now.document().records().len());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_the_public_does_not_see_changes_nothing_for_it() {
    on_each_database(async |url| {
        let store = opened(&url).await;
        let mut content = document(1);
        Arc::make_mut(&mut content.event).publication = Publication::Released;
        content.sessions.push(talk(10, "First"));
        put(&store, &content).await;
        put(&store, &document(2)).await;
        let shelf = shelf(&store).await;
        assert!(shelf.snapshot(id(1), View::Public).await.unwrap().is_none(), "there is no release yet");
        let editor = Viewer::Operator.creator().unwrap();
        store.publish(&editor, id(1), Version::default(), now()).await.unwrap();
        shelf.refresh().await.unwrap();
        let before = shelf.snapshot(id(1), View::Public).await.unwrap().unwrap();
        let answers = [
            Dependency::Event(id(1), View::Public, before.stamp()),
            Dependency::Catalogue(View::Public, shelf.catalogue().side(View::Public).revision),
        ];
        content.sessions[0] = talk(10, "Staged");
        Arc::make_mut(&mut content.event).slug = "renamed".to_owned();
        put(&store, &content).await;
        shelf.refresh().await.unwrap();
        assert!(answers.iter().all(|answer| shelf.is_current(answer)));
        let after = shelf.snapshot(id(1), View::Public).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&before, &after), "it is not even made again");
        assert_eq!(titles(&shelf, 1, View::Working).await, ["Staged"]);
        assert!(shelf.catalogue().side(View::Public).with_slug("renamed").is_none());
        assert!(shelf.catalogue().side(View::Public).with_slug("event-1").is_some());

        store.publish(&editor, id(1), Version::default(), now()).await.unwrap();
        shelf.refresh().await.unwrap();
        assert!(!answers.iter().any(|answer| shelf.is_current(answer)));
        assert_eq!(titles(&shelf, 1, View::Public).await, ["Staged"]);
        assert_eq!(shelf.statistics().loads, 1, "a release is followed like everything else");
    })
    .await;
}
