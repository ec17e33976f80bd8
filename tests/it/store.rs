//! The store: what is put in comes out, and nothing else is changed. On SQLite and on PostgreSQL.

mod constraints;
mod following;
mod sharing;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use plenary::access::{Editor, Viewer};
use plenary::config::DatabaseConfig;
use plenary::content::{Document, Id, Kind, Problem, Record, Room, Session, SessionKind};
use plenary::error::Error;
use plenary::publishing::{diff, is_same};
use plenary::store::{Operation, Store, Written};

use crate::harness::database::{config, open, shared_server};
use crate::harness::{on_each_database, sample};

pub(crate) fn editor() -> Editor {
    Viewer::Operator.creator().unwrap()
}

/// Puts a document that must be accepted.
pub(crate) async fn put(store: &Store, document: &Document) -> Written {
    put_at(store, document, sample::now()).await
}

async fn put_at(store: &Store, document: &Document, now: Timestamp) -> Written {
    store.put_document(&editor(), document.clone(), now).await.unwrap()
}

/// Puts a document that must be refused, and gives the reasons.
pub(crate) async fn refused(store: &Store, document: &Document) -> Vec<Problem> {
    match store.put_document(&editor(), document.clone(), sample::now()).await {
        Err(Error::Invalid(problems)) => problems,
        other => panic!("it should have been refused: {other:?}"),
    }
}

/// Loads an event that must be there.
pub(crate) async fn load(store: &Store, event: Id) -> Document {
    store.load(event).await.unwrap().unwrap().document
}

/// The session with this slug, to be changed.
fn session<'a>(document: &'a mut Document, slug: &str) -> &'a mut Session {
    Arc::make_mut(document.sessions.iter_mut().find(|session| session.head.slug == slug).unwrap())
}

#[tokio::test]
async fn everything_that_is_put_comes_back() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let document = sample::document(0, "sample");
        let written = put(&store, &document).await;
        let records = document.records().len();
        assert_eq!(written, Written { created: records, updated: 0, deleted: 0, revision: records as i64 });

        let stored = store.load(document.event.id).await.unwrap().unwrap();
        assert_eq!(stored.revision, written.revision);
        let mut numbered = document.clone();
        for (number, session) in (1..).zip(&mut numbered.sessions) {
            Arc::make_mut(session).number = number;
        }
        assert_eq!(stored.document, numbered);
        assert!(store.load(sample::id(999)).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn putting_the_same_again_changes_nothing() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut document = sample::document(0, "sample");
        // Finer than the database keeps: what is compared is what would be stored.
        session(&mut document, "talk").ends_at = Some(sample::at("2022-12-02T14:30:00.123456789Z"));
        let first = put(&store, &document).await;
        let stored = store.load(document.event.id).await.unwrap();
        let later = sample::now() + SignedDuration::from_hours(1);
        let again = put_at(&store, &document, later).await;
        assert_eq!(again, Written { revision: first.revision, ..Written::default() });
        assert_eq!(put_at(&store, &stored.as_ref().unwrap().document, later).await, again);
        assert_eq!(store.load(document.event.id).await.unwrap(), stored);
        assert_eq!(store.newest_sequence().await.unwrap(), first.revision);
    })
    .await;
}

#[tokio::test]
async fn one_changed_title_is_one_change() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut document = sample::document(0, "sample");
        let first = put(&store, &document).await;
        let before = load(&store, document.event.id).await;
        session(&mut document, "talk").title = "Another talk".to_owned();
        let later = sample::now() + SignedDuration::from_hours(1);
        let written = put_at(&store, &document, later).await;
        assert_eq!(written, Written { created: 0, updated: 1, deleted: 0, revision: first.revision + 1 });

        let after = load(&store, document.event.id).await;
        let edits = diff(Some(&before), &after);
        assert_eq!(edits.len(), 1);
        let head = edits[0].after.as_ref().unwrap().head().unwrap().clone();
        assert_eq!((head.revision, head.created_at, head.updated_at), (2, sample::now(), later));

        let log = store.changes_after(first.revision, 10).await.unwrap();
        assert_eq!(log.len(), 1);
        assert_eq!((log[0].event, log[0].at, log[0].actor.as_str()), (document.event.id, later, "operator"));
        assert_eq!((log[0].kind, log[0].operation, log[0].item), (Kind::Session, Operation::Update, head.id));
        assert_eq!((&log[0].before, &log[0].after), (&edits[0].before, &edits[0].after));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_longer_in_the_document_goes() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let full = sample::document(0, "sample");
        put(&store, &full).await;
        let bare = Document::new((*full.event).clone());
        let bare = Document { series: full.series.clone(), ..bare };
        let written = put(&store, &bare).await;
        assert_eq!((written.created, written.updated, written.deleted), (0, 0, full.records().len() - 2));
        assert_eq!(load(&store, full.event.id).await, bare);
        // And it all comes back, with the numbers that the sessions had.
        let written = put(&store, &full).await;
        assert_eq!((written.created, written.deleted), (full.records().len() - 2, 0));
        let sessions = load(&store, full.event.id).await.sessions;
        assert_eq!(sessions.iter().map(|session| session.number).collect::<Vec<_>>(), [1, 2, 3]);
    })
    .await;
}

#[tokio::test]
async fn references_may_move_while_things_come_and_go() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut document = sample::document(0, "sample");
        put(&store, &document).await;
        // The slugs of two sessions are exchanged, a third becomes the part of one, and a new room takes the place and
        // the slug of the one that goes.
        session(&mut document, "panel").head.slug = "wanted".to_owned();
        session(&mut document, "talk").head.slug = "panel".to_owned();
        session(&mut document, "wanted").head.slug = "talk".to_owned();
        let room = Room { head: sample::head(500, "ballroom-c", 0), ..(*document.rooms[0]).clone() };
        session(&mut document, "panel").room = Some(room.head.id);
        let panel = session(&mut document, "panel").head.id;
        session(&mut document, "panel").parent = None;
        session(&mut document, "talks").parent = Some(panel);
        document.rooms = vec![Arc::new(room)];
        // The tier of the sponsor goes.
        document.sponsor_tiers.remove(0);
        Arc::make_mut(&mut document.sponsors[0]).tier = document.sponsor_tiers[0].head.id;
        put(&store, &document).await;
        assert_eq!(diff(Some(&load(&store, document.event.id).await), &document), []);
    })
    .await;
}

#[tokio::test]
async fn a_document_that_breaks_a_rule_is_refused_whole() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut document = sample::document(0, "sample");
        let first = put(&store, &document).await;
        let stored = store.load(document.event.id).await.unwrap();
        session(&mut document, "panel").title = "Changed".to_owned();
        session(&mut document, "talk").room = Some(sample::id(777));
        let problems = refused(&store, &document).await;
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["dangling-reference"]);
        assert_eq!(store.load(document.event.id).await.unwrap(), stored);
        assert_eq!(store.newest_sequence().await.unwrap(), first.revision);
    })
    .await;
}

#[tokio::test]
async fn sessions_in_circles_are_refused() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut document = sample::document(0, "sample");
        let [talk, talks] = ["talk", "talks"].map(|slug| session(&mut document, slug).head.id);
        assert_eq!(session(&mut document, "talk").parent, Some(talks));
        session(&mut document, "panel").parent = Some(talk);
        put(&store, &document).await;
        session(&mut document, "talks").parent = Some(talk);
        let codes: Vec<_> = refused(&store, &document).await.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["circle"; 3]);
        session(&mut document, "talks").parent = Some(talks);
        let codes: Vec<_> = refused(&store, &document).await.iter().map(|problem| problem.code).collect();
        assert!(codes.contains(&"own-parent"), "{codes:?}");
    })
    .await;
}

/// Every string in a JSON value, to be changed one at a time.
fn strings(value: &mut serde_json::Value) -> Vec<&mut String> {
    match value {
        serde_json::Value::String(text) => vec![text],
        serde_json::Value::Array(values) => values.iter_mut().flat_map(strings).collect(),
        serde_json::Value::Object(fields) => fields.values_mut().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn text_that_postgresql_can_not_hold_is_refused_on_both() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let json = serde_json::to_value(sample::document(0, "sample")).unwrap();
        let mut tried = 0;
        for number in 0..strings(&mut json.clone()).len() {
            let mut json = json.clone();
            strings(&mut json)[number].push('\0');
            // Ids, instants and words of enumerations are no longer what they were, so that is no document.
            let Ok(document) = serde_json::from_value::<Document>(json) else { continue };
            refused(&store, &document).await;
            tried += 1;
        }
        assert!(tried > 100, "{tried}");
    })
    .await;
}

#[tokio::test]
async fn what_was_acknowledged_survives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite://{}?mode=rwc", folder.path().join(name).display());
    let store = open(&url("first.db")).await;
    store.migrate().await.unwrap();
    let document = sample::document(0, "sample");
    put(&store, &document).await;
    // The files as they would be if the process were killed now.
    for end in ["", "-wal"] {
        let file = |name: &str| folder.path().join(format!("{name}{end}"));
        std::fs::copy(file("first.db"), file("second.db")).unwrap();
    }
    let stored = load(&open(&url("second.db")).await, document.event.id).await;
    assert_eq!(diff(Some(&stored), &document), []);
    // Who closes it leaves one file.
    store.close().await.unwrap();
    assert!(!folder.path().join("first.db-wal").exists());
}

#[tokio::test]
async fn numbers_of_sessions_are_never_used_again() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut first = Document::new(sample::event(0, "first"));
        let talk = |number| {
            let slug = format!("talk-{number}");
            Arc::new(Session::new(sample::head(number, &slug, 0), SessionKind::Talk, "Talk"))
        };
        first.sessions = vec![talk(1), talk(2)];
        put(&store, &first).await;
        first.sessions = vec![talk(1)];
        put(&store, &first).await;
        // The next number is a new one, in whatever event.
        let mut second = Document::new(sample::event(10, "second"));
        second.sessions = vec![talk(11)];
        put(&store, &second).await;
        assert_eq!(load(&store, second.event.id).await.sessions[0].number, 3);
        // Number 2 is not given to another session, number 1 is not taken from its own, and 40 is free.
        let numbered = |id, number| Arc::new(Session { number, ..(*talk(id)).clone() });
        for wrong in [numbered(12, 2), numbered(12, 1), numbered(11, 9)] {
            second.sessions = vec![wrong];
            assert_eq!(refused(&store, &second).await[0].code, "number");
        }
        second.sessions = vec![numbered(12, 40), talk(13)];
        put(&store, &second).await;
        let sessions = load(&store, second.event.id).await.sessions;
        assert_eq!(sessions.iter().map(|session| session.number).collect::<Vec<_>>(), [40, 41]);
    })
    .await;
}

#[tokio::test]
async fn ids_and_slugs_of_others_are_refused() {
    on_each_database(async |url| {
        let store = open(&url).await;
        put(&store, &sample::document(0, "sample")).await;
        let codes = async |document: &Document| -> Vec<_> {
            refused(&store, document).await.iter().map(|problem| problem.code).collect()
        };
        assert_eq!(codes(&sample::document(1_000, "sample")).await, ["duplicate-slug", "duplicate-slug"]);
        let mut thief = Document::new(sample::event(1_000, "other"));
        thief.rooms = sample::document(0, "sample").rooms;
        assert_eq!(codes(&thief).await, ["duplicate-id"]);
        let mut changed_kind = sample::document(0, "sample");
        let room = changed_kind.links.remove(0).head.clone();
        changed_kind.rooms.push(Arc::new(Room { head: room, ..(*changed_kind.rooms[0]).clone() }));
        assert_eq!(codes(&changed_kind).await, ["duplicate-id"]);
        assert!(store.load(thief.event.id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn events_people_and_items_are_found() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let document = sample::document(0, "sample");
        put(&store, &document).await;
        let mut older = Document::new(sample::event(1_000, "older"));
        Arc::make_mut(&mut older.event).starts_on = "2019-05-01".parse().map(plenary::content::Date).unwrap();
        put(&store, &older).await;
        let event = document.event.id;
        assert_eq!(store.find_event("sample").await.unwrap(), Some(event));
        assert_eq!(store.find_event("sampl").await.unwrap(), None);
        assert_eq!(store.find_series("sample-series").await.unwrap().as_ref(), document.series.as_deref());
        assert_eq!(store.find_series("sample").await.unwrap(), None);
        assert_eq!(store.locate(document.papers[0].head.id).await.unwrap(), Some(event));
        assert_eq!(store.locate(event).await.unwrap(), Some(event));
        assert_eq!(store.locate(sample::id(999)).await.unwrap(), None);

        let names = ["ADA LOVELACE", "emilie  du chatelet", "Nobody"].map(str::to_owned);
        let found = store.people_named(&names).await.unwrap();
        assert_eq!(
            found.iter().map(|person| &*person.name).collect::<Vec<_>>(),
            ["Ada Łovelace", "Émilie du Châtelet"]
        );

        let headers = store.headers().await.unwrap();
        assert_eq!(headers.iter().map(|header| &*header.event.slug).collect::<Vec<_>>(), ["sample", "older"]);
        assert_eq!((&headers[0].event, &headers[0].series), (&document.event, &document.series));
        let newest = store.newest_sequence().await.unwrap();
        assert_eq!((headers[0].revision, headers[1].revision), (newest - 1, newest));
    })
    .await;
}

#[tokio::test]
async fn more_rows_than_one_statement_takes() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut document = sample::large(0, "large", 450, 300);
        put(&store, &document).await;
        assert_eq!(diff(Some(&load(&store, document.event.id).await), &document), []);
        for paper in &mut document.papers {
            Arc::make_mut(paper).authors.reverse();
        }
        let written = put(&store, &document).await;
        assert_eq!((written.created, written.updated, written.deleted), (0, 450, 0));
        let stored = load(&store, document.event.id).await;
        assert!(is_same(&Record::Paper(stored.papers[449].clone()), &Record::Paper(document.papers[449].clone())));
    })
    .await;
}

#[tokio::test]
async fn two_processes_may_migrate_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = format!("sqlite://{}?mode=rwc", folder.path().join("empty.db").display());
    for (url, is_embedded) in [(embedded, true), (shared_server().empty_database().await, false)] {
        let (first, second) = (open(&url).await, open(&url).await);
        assert_eq!(first.is_embedded(), is_embedded);
        let pending = first.pending_migrations().await.unwrap();
        assert!(!pending.is_empty());
        let (one, other) = tokio::join!(first.migrate(), second.migrate());
        assert_eq!(one.unwrap() + other.unwrap(), pending.len());
        assert_eq!(second.pending_migrations().await.unwrap(), Vec::<String>::new());
        first.ping().await.unwrap();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_database_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.db");
    let store = Store::open(&config(&format!("sqlite://{}?mode=rwc", path.display()))).await.unwrap();
    store.migrate().await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap()).collect();
    assert!(files.iter().any(|file| file.file_name() == "new.db-wal"), "{files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_url_that_can_not_be_used_is_named_without_its_password() {
    let open = async |url: &str| {
        let settings = DatabaseConfig { acquire_timeout_ms: 2_000, ..config(url) };
        Store::open(&settings).await.map(|_| ()).unwrap_err()
    };
    for url in [
        "mysql://user:secret@localhost/plenary",
        "plenary.db",
        "sqlite::memory:",
        "sqlite://plenary.db?mode=memory",
        "sqlite://?mode=rwc",
        "postgres://user:secret@localhost:port/plenary",
    ] {
        let error = open(url).await;
        assert!(matches!(error, Error::Configuration(_)), "{url}: {error:?}");
        let text = format!("{error} {error:?}");
        assert!(text.contains("database.url") && !text.contains("secret"), "{url}: {text}");
    }
    let error = open("postgres://user:secret@127.0.0.1:1/plenary").await;
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    assert!(error.to_string().contains("refused"), "{error}");
    let error = open("sqlite:///nowhere/at/all/plenary.db?mode=rwc").await;
    assert!(matches!(error, Error::Database(_)), "{error:?}");
}
