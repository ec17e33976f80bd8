//! The change log: nothing is missing, nothing comes twice, and it leads to what is stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use plenary::content::{
    Document, Event, Id, Paper, PaperAuthor, Participation, Person, Role, Room, Series, Session, SessionKind,
    SessionPart, SessionPerson,
};
use plenary::publishing::{apply, diff};
use plenary::store::{Change, Store};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::{editor, load, put};
use crate::harness::database::open;
use crate::harness::{on_each_database, sample};

/// Follows the log until it is told that no more comes, and gives all that it saw.
async fn follow(store: Store, done: Arc<AtomicBool>) -> Vec<Change> {
    let mut seen: Vec<Change> = Vec::new();
    loop {
        let finishing = done.load(Ordering::SeqCst);
        let last = seen.last().map_or(0, |change| change.sequence);
        let new = store.changes_after(last, 7).await.unwrap();
        if new.is_empty() && finishing {
            return seen;
        }
        seen.extend(new);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_at_once_lose_nothing_and_followers_see_all_in_order() {
    on_each_database(async |url| {
        // Two stores, as in two processes. Four writers each have an event of their own, and four share one.
        let stores = [open(&url).await, open(&url).await];
        let done = Arc::new(AtomicBool::new(false));
        let followers: Vec<_> = (0..2).map(|_| tokio::spawn(follow(stores[1].clone(), done.clone()))).collect();
        let mut writers = Vec::new();
        for writer in 0..8_u128 {
            let store = stores[(writer % 2) as usize].clone();
            writers.push(tokio::spawn(async move {
                let event = if writer < 4 { sample::event(writer * 100, &format!("event-{writer}")) } else { shared() };
                for round in 0..10 {
                    let mut document = Document::new(event.clone());
                    let title = format!("Round {round} of {writer}");
                    let head = sample::head(10_000 + event.id.0.as_u128() % 10_000, "talk", 0);
                    document.sessions = vec![Arc::new(Session::new(head, SessionKind::Talk, title))];
                    let written = store.put_document(&editor(), document, sample::now()).await.unwrap();
                    assert!(written.created + written.updated >= 1);
                }
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        done.store(true, Ordering::SeqCst);
        let newest = stores[0].newest_sequence().await.unwrap();
        for follower in followers {
            let seen: Vec<_> = follower.await.unwrap().iter().map(|change| change.sequence).collect();
            assert_eq!(seen, (1..=newest).collect::<Vec<_>>());
        }
        // Five events with a session each, and then a change in every further round.
        assert_eq!(newest, 5 * 2 + 5 * 9 + 30);
        let talk = load(&stores[0], shared().id).await.sessions[0].clone();
        assert_eq!(talk.head.revision, 40);
    })
    .await;
}

fn shared() -> Event {
    sample::event(4_000, "shared")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_while_others_write_is_of_one_moment() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let versions: Vec<Document> = (0..2)
            .map(|version| {
                let mut document = sample::large(0, "large", 60, 0);
                for paper in &mut document.papers {
                    Arc::make_mut(paper).title = format!("Version {version}");
                }
                document
            })
            .collect();
        put(&store, &versions[0]).await;
        let writer = tokio::spawn({
            let (store, versions) = (store.clone(), versions.clone());
            async move {
                for round in 1..9 {
                    put(&store, &versions[round % 2]).await;
                }
            }
        });
        while !writer.is_finished() {
            let stored = store.load(versions[0].event.id).await.unwrap().unwrap();
            let titles: BTreeSet<_> = stored.document.papers.iter().map(|paper| paper.title.clone()).collect();
            let revisions: BTreeSet<_> = stored.document.papers.iter().map(|paper| paper.head.revision).collect();
            assert_eq!((titles.len(), revisions.len()), (1, 1));
            // 60 papers and 240 people came first with the event; then every round wrote 60 papers.
            let round = i64::from(*revisions.first().unwrap()) - 1;
            assert_eq!(stored.revision, 301 + 60 * round);
        }
        writer.await.unwrap();
    })
    .await;
}

/// What one event holds after an edit, in small numbers that stand for ids, names and slugs.
#[derive(Clone, Debug)]
struct Plan {
    event: u8,
    series: Option<u8>,
    series_name: u8,
    names: [u8; 4],
    organizers: BTreeSet<u8>,
    rooms: BTreeMap<u8, u8>,
    sessions: BTreeMap<u8, PlannedSession>,
    papers: BTreeMap<u8, Vec<Option<u8>>>,
}

#[derive(Clone, Debug)]
struct PlannedSession {
    slug: u8,
    position: u8,
    parent: Option<u8>,
    room: Option<u8>,
    paper: Option<u8>,
    people: Vec<u8>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let session = (0..3_u8, 0..3_u8, 0..4_u8, 0..3_u8, 0..3_u8, prop::collection::vec(0..4_u8, 0..3)).prop_map(
        |(slug, position, parent, room, paper, people)| PlannedSession {
            slug,
            position,
            parent: (parent < 3).then_some(parent),
            room: (room < 2).then_some(room),
            paper: (paper < 2).then_some(paper),
            people,
        },
    );
    (
        0..2_u8,
        prop::option::of(0..2_u8),
        0..3_u8,
        prop::array::uniform4(0..3_u8),
        prop::collection::btree_set(0..4_u8, 0..3),
        prop::collection::btree_map(0..2_u8, 0..3_u8, 0..3),
        prop::collection::btree_map(0..3_u8, session, 0..4),
        prop::collection::btree_map(0..2_u8, prop::collection::vec(prop::option::of(0..4_u8), 0..3), 0..3),
    )
        .prop_map(|(event, series, series_name, names, organizers, rooms, sessions, papers)| Plan {
            event,
            series,
            series_name,
            names,
            organizers,
            rooms,
            sessions,
            papers,
        })
}

impl Plan {
    /// The document of the plan. People and series are shared by the two events; items are not.
    fn document(&self) -> Document {
        let items = 1_000 + 1_000 * u128::from(self.event);
        let item = |kind: u128, number: u8| items + 10 * kind + u128::from(number);
        let person = |number: u8| sample::id(100 + u128::from(number));
        let mut event = sample::event(items, &format!("event-{}", self.event));
        event.series = self.series.map(|number| sample::id(200 + u128::from(number)));
        let mut document = Document::new(event);
        document.series = self.series.map(|number| {
            Arc::new(Series {
                id: sample::id(200 + u128::from(number)),
                slug: format!("series-{number}"),
                name: format!("Series {}", self.series_name),
                description: None,
                created_at: sample::now(),
                updated_at: sample::now(),
            })
        });
        for (number, name) in (0..).zip(self.names) {
            let person = Person::new(person(number), format!("Person {name}"), sample::now());
            document.people.push(Arc::new(person));
        }
        for number in &self.organizers {
            document.organizers.push(Arc::new(Participation {
                head: sample::head(item(1, *number), &format!("organizer-{number}"), 0),
                role: Role::Organizer,
                person: person(*number),
                honorific: None,
                affiliation: None,
                photo: None,
                bio: None,
                group: None,
            }));
        }
        for (number, name) in &self.rooms {
            document.rooms.push(Arc::new(Room {
                head: sample::head(item(2, *number), &format!("room-{number}"), i32::from(*name)),
                name: format!("Room {name}"),
                description: None,
                capacity: None,
                online: false,
                url: None,
            }));
        }
        for (number, authors) in &self.papers {
            let mut paper = Paper::new(sample::head(item(3, *number), &format!("paper-{number}"), 0), "Paper");
            paper.authors = authors
                .iter()
                .map(|author| PaperAuthor {
                    person: author.map(person),
                    name: "As on the paper".to_owned(),
                    affiliation: None,
                    corresponding: author.is_none(),
                })
                .collect();
            document.papers.push(Arc::new(paper));
        }
        for (number, planned) in &self.sessions {
            // Numbers come in turn, so that slugs are exchanged between sessions and never double.
            let slug = format!("session-{}", (planned_turn(&self.sessions) + number) % 3);
            let head = sample::head(item(4, *number), &slug, i32::from(planned.position));
            let mut session = Session::new(head, SessionKind::Talk, "Session");
            session.room =
                planned.room.filter(|room| self.rooms.contains_key(room)).map(|room| sample::id(item(2, room)));
            session.paper =
                planned.paper.filter(|paper| self.papers.contains_key(paper)).map(|paper| sample::id(item(3, paper)));
            // A parent has a greater number, so that there are no circles.
            session.parent = planned
                .parent
                .filter(|parent| parent > number && self.sessions.contains_key(parent))
                .map(|parent| sample::id(item(4, parent)));
            session.people = planned
                .people
                .iter()
                .map(|number| SessionPerson { person: person(*number), part: SessionPart::Speaker })
                .collect();
            document.sessions.push(Arc::new(session));
        }
        document.sort();
        document
    }
}

fn planned_turn(sessions: &BTreeMap<u8, PlannedSession>) -> u8 {
    sessions.values().next().map_or(0, |session| session.slug)
}

/// Applies the log to the documents that were followed so far, and compares each with what is stored.
async fn check_log(store: &Store, followed: &mut HashMap<Id, Document>, sequence: &mut i64) -> BTreeSet<Id> {
    let mut changed = BTreeSet::new();
    for change in store.changes_after(*sequence, 1_000).await.unwrap() {
        assert_eq!(change.sequence, *sequence + 1);
        *sequence = change.sequence;
        changed.insert(change.event);
        if let Some(document) = followed.get_mut(&change.event) {
            apply(document, change.kind, change.item, change.after);
        } else if let Some(stored) = store.load(change.event).await.unwrap() {
            // The first sight of an event: it is loaded, and what the log says besides is in it already.
            followed.insert(change.event, stored.document);
        }
    }
    for (event, document) in followed {
        let stored = store.load(*event).await.unwrap().unwrap();
        assert_eq!(*document, stored.document);
        assert!(stored.revision <= *sequence);
    }
    changed
}

#[tokio::test]
async fn the_log_leads_to_what_is_stored() {
    on_each_database(async |url| {
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRunner::deterministic().new_rng());
        let store = open(&url).await;
        let mut followed = HashMap::new();
        let mut sequence = 0;
        for _ in 0..150 {
            let plan = plan().new_tree(&mut runner).unwrap().current();
            let document = plan.document();
            let before = followed.get(&document.event.id).cloned();
            let written = put(&store, &document).await;
            let changed = check_log(&store, &mut followed, &mut sequence).await;
            let stored = load(&store, document.event.id).await;
            let wrote = written.created + written.updated + written.deleted > 0;
            assert_eq!(wrote, changed.contains(&document.event.id), "{plan:#?}");
            assert_eq!(wrote, before.as_ref() != Some(&stored), "{plan:#?}");
            // What was put is there, but for people to whom nothing refers.
            let missing = diff(Some(&stored), &document);
            assert!(missing.iter().all(|edit| edit.kind == plenary::content::Kind::Person && edit.before.is_none()));
            assert_eq!(put(&store, &document).await.revision, written.revision, "{plan:#?}");
        }
    })
    .await;
}
