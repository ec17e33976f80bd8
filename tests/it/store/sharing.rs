//! People and series that several events share.

use std::sync::Arc;

use plenary::content::{Document, Event, Id, Kind, Participation, Person, Role, Series};
use plenary::store::{Change, Operation, Store};

use super::{load, put};
use crate::harness::database::open;
use crate::harness::{on_each_database, sample};

/// An event at which a person organizes.
fn with_organizer(event: Event, person: &Person) -> Document {
    let mut document = Document::new(event);
    document.people = vec![Arc::new(person.clone())];
    document.organizers = vec![Arc::new(Participation {
        head: sample::head(document.event.id.0.as_u128() % 10_000 + 50, "organizer", 0),
        role: Role::Organizer,
        person: person.id,
        honorific: None,
        affiliation: None,
        photo: None,
        bio: None,
        group: None,
    })];
    document
}

async fn since(store: &Store, sequence: i64) -> Vec<Change> {
    store.changes_after(sequence, 100).await.unwrap()
}

fn outline(changes: &[Change]) -> Vec<(Id, Kind, Operation)> {
    changes.iter().map(|change| (change.event, change.kind, change.operation)).collect()
}

#[tokio::test]
async fn a_person_who_changes_changes_in_every_event() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut person = Person::new(sample::id(500), "Ada Lovelace", sample::now());
        let first = with_organizer(sample::event(0, "first"), &person);
        put(&store, &first).await;
        let mark = store.newest_sequence().await.unwrap();
        // Who comes into another event is new there, although the row is not.
        let written = put(&store, &with_organizer(sample::event(100, "second"), &person)).await;
        assert_eq!(written.created, 3);
        let log = since(&store, mark).await;
        let second = sample::id(100);
        let created = |kind| (second, kind, Operation::Create);
        assert_eq!(outline(&log), [created(Kind::Event), created(Kind::Person), created(Kind::Organizer)]);
        // A change in the second is one in the first too.
        person.homepage = Some("https://example.org/ada".to_owned());
        let written = put(&store, &with_organizer(sample::event(100, "second"), &person)).await;
        assert_eq!((written.created, written.updated, written.deleted), (0, 1, 0));
        let log = since(&store, written.revision - 1).await;
        let updated = |event| (event, Kind::Person, Operation::Update);
        assert_eq!(outline(&log), [updated(second), updated(first.event.id)]);
        assert_eq!(log[0].after, log[1].after);
        let stored = store.load(first.event.id).await.unwrap().unwrap();
        assert_eq!(stored.revision, log[1].sequence);
        assert_eq!(stored.document.people[0].homepage, person.homepage);
        assert_eq!(store.newest_sequence().await.unwrap(), log[1].sequence);
    })
    .await;
}

#[tokio::test]
async fn who_is_no_longer_referred_to_leaves_the_document_and_stays_on_record() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let person = Person::new(sample::id(500), "Ada Lovelace", sample::now());
        let mut document = with_organizer(sample::event(0, "first"), &person);
        put(&store, &document).await;
        // Nobody refers to this one, so the document does not hold them.
        let stranger = Person::new(sample::id(501), "Nobody", sample::now());
        document.people.push(Arc::new(stranger));
        assert_eq!(put(&store, &document).await.updated, 0);
        assert_eq!(load(&store, document.event.id).await.people.len(), 1);

        let mark = store.newest_sequence().await.unwrap();
        document.organizers.clear();
        put(&store, &document).await;
        let gone = |kind| (document.event.id, kind, Operation::Delete);
        assert_eq!(outline(&since(&store, mark).await), [gone(Kind::Organizer), gone(Kind::Person)]);
        assert_eq!(load(&store, document.event.id).await.people, []);
        assert_eq!(store.people_named(&["ada lovelace".to_owned()]).await.unwrap(), [person]);
    })
    .await;
}

#[tokio::test]
async fn a_series_that_changes_changes_in_every_edition() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut series = Series {
            id: sample::id(500),
            slug: "workshop".to_owned(),
            name: "Workshop".to_owned(),
            description: None,
            created_at: sample::now(),
            updated_at: sample::now(),
        };
        let edition = |number, slug, series: &Series| {
            let mut document = Document::new(Event { series: Some(series.id), ..sample::event(number, slug) });
            document.series = Some(Arc::new(series.clone()));
            document
        };
        put(&store, &edition(0, "first", &series)).await;
        put(&store, &edition(100, "second", &series)).await;
        series.name = "The Workshop".to_owned();
        let written = put(&store, &edition(0, "first", &series)).await;
        let log = since(&store, written.revision - 1).await;
        let updated = |number| (sample::id(number), Kind::Series, Operation::Update);
        assert_eq!(outline(&log), [updated(0), updated(100)]);
        let headers = store.headers().await.unwrap();
        assert!(headers.iter().all(|header| header.series.as_ref().unwrap().name == "The Workshop"));
        // An event that leaves its series leaves it alone.
        let left = Document::new(sample::event(0, "first"));
        let written = put(&store, &left).await;
        assert_eq!((written.updated, written.deleted), (1, 1));
        assert_eq!(load(&store, left.event.id).await.series, None);
        assert!(store.find_series("workshop").await.unwrap().is_some());
    })
    .await;
}
