//! `plenary export`, `import document`, `publish` and `check`.

use std::sync::Arc;

use plenary::cli::DEMO_DOCUMENT;
use plenary::content::Document;
use serde_json::Value;

use super::{document, put};
use crate::harness::database::{open, shared_server};
use crate::harness::{on_each_database, plenary, sample, shared_site};

async fn run(database: &str, arguments: &[&str]) -> String {
    let output = plenary(database, arguments).await;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A fresh database of each kind beside the one of the test.
async fn fresh(folder: &tempfile::TempDir, name: &str) -> [String; 2] {
    let url = format!("sqlite://{}?mode=rwc", folder.path().join(name).display());
    open(&url).await.migrate().await.unwrap();
    [url, shared_server().database().await]
}

/// Exports an event, imports it into empty databases, and exports it again.
async fn goes_around(database: &str, event: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.json");
    let file = file.to_str().unwrap();
    run(database, &["export", "document", event, "-o", file]).await;
    let first = std::fs::read_to_string(file).unwrap();
    assert_eq!(run(database, &["export", "document", event]).await, first);
    for (number, other) in (0..).zip(fresh(&folder, "other.db").await) {
        let told = run(&other, &["import", "document", file, "--format", "json"]).await;
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["diagnostics"], serde_json::json!([]), "{number}");
        assert_eq!(run(&other, &["export", "document", event]).await, first, "the same bytes come out");
        let again = run(&other, &["import", "document", file, "--dry-run", "--format", "json"]).await;
        let again: Value = serde_json::from_str(&again).unwrap();
        assert_eq!((&again["changes"]["created"], &again["changes"]["updated"]), (&0.into(), &0.into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_event_comes_back_as_it_was() {
    on_each_database(async |database| {
        let store = open(&database).await;
        // Several edits, so that revisions, times and numbers are not those of something new.
        let mut sample = document();
        put(&store, &Document::new(sample::event(300, "before"))).await;
        put(&store, &sample).await;
        Arc::make_mut(&mut sample.papers[0]).title = "Corrected".to_owned();
        let later = sample::now() + jiff::SignedDuration::from_micros(123_456);
        store.put_document(&super::editor(), sample, later).await.unwrap();
        goes_around(&database, "sample").await;
        let demo: Document = serde_json::from_str(DEMO_DOCUMENT).unwrap();
        let slug = demo.event.slug.clone();
        // Its numbers are taken here, so its sessions get others.
        store.restore_document(&super::editor(), demo, sample::now()).await.unwrap();
        goes_around(&database, &slug).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shared_site_goes_around() {
    let Some(site) = shared_site("enlsp-2022") else { return };
    on_each_database(async |database| {
        run(&database, &["import", "jekyll", site.to_str().unwrap(), "--event", "enlsp-2022"]).await;
        goes_around(&database, "enlsp-2022").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_beside_others_gives_new_numbers_where_it_must() {
    on_each_database(async |database| {
        let store = open(&database).await;
        put(&store, &document()).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("document.json");
        let mut other = sample::document(2_000, "other");
        for (number, session) in (1..).zip(&mut other.sessions) {
            Arc::make_mut(session).number = number;
        }
        std::fs::write(&file, other.to_json()).unwrap();
        run(&database, &["import", "document", file.to_str().unwrap(), "--event", "here"]).await;
        let stored = store.load(sample::id(2_000)).await.unwrap().unwrap().document;
        assert_eq!(stored.event.slug, "here");
        assert_eq!(stored.sessions.iter().map(|session| session.number).collect::<Vec<_>>(), [4, 5, 6]);

        std::fs::write(&file, "{\"format\": 2}").unwrap();
        let output = plenary(&database, &["import", "document", file.to_str().unwrap()]).await;
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("has another document format than 1"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn releases_are_made_and_exported_by_the_command_line() {
    on_each_database(async |database| {
        let store = open(&database).await;
        let mut content = document();
        put(&store, &content).await;
        let tried = run(&database, &["publish", "sample", "--dry-run"]).await;
        assert!(tried.contains("session “Talk” added") && tried.contains("Nothing was written."), "{tried}");
        let done = run(&database, &["publish", "sample", "--name", "First", "--note", "It begins."]).await;
        assert!(done.contains("sample is released: number 1."), "{done}");
        let first = run(&database, &["export", "document", "sample"]).await;
        let talk = content.sessions.iter_mut().find(|session| session.head.slug == "talk").unwrap();
        let talk = Arc::make_mut(talk);
        talk.ends_at = Some(sample::at("2022-12-02T15:00:00Z"));
        put(&store, &content).await;
        let second = run(&database, &["publish", "sample"]).await;
        let moved = "session “Talk” moved from 2022-12-02 08:00 – 2022-12-02 08:30, Ballroom C to 2022-12-02 08:00 – 2022-12-02 09:00";
        assert!(second.contains(moved) && second.contains("1 difference for everybody."), "{second}");
        assert_eq!(run(&database, &["export", "document", "sample", "--release", "1"]).await, first);
        for wrong in [&["export", "document", "sample", "--release", "9"][..], &["publish", "nothing"]] {
            assert!(!plenary(&database, wrong).await.status.success());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_and_fails_as_it_is_asked_to() {
    on_each_database(async |database| {
        let store = open(&database).await;
        let mut content = document();
        let talk = content.sessions.iter_mut().find(|session| session.head.slug == "talk").unwrap();
        Arc::make_mut(talk).ends_at = Some(sample::at("2023-01-01T15:00:00Z"));
        put(&store, &content).await;
        let text = run(&database, &["check", "sample"]).await;
        assert!(text.contains("warning[session-outside-days] “Talk”"), "{text}");
        let json: Value =
            serde_json::from_str(&run(&database, &["check", "sample", "--format", "json"]).await).unwrap();
        let codes: Vec<_> = json["findings"].as_array().unwrap().iter().map(|found| &found["code"]).collect();
        assert!(codes.contains(&&"session-outside-days".into()), "{json}");
        let strict = plenary(&database, &["check", "sample", "--strict"]).await;
        assert_eq!(strict.status.code(), Some(1));
        assert!(!strict.stdout.is_empty());
        put(&store, &Document::new(sample::event(900, "empty"))).await;
        let fine = run(&database, &["check", "empty", "--strict"]).await;
        assert_eq!(fine, "Nothing looks wrong.\n");
        assert_eq!(plenary(&database, &["check", "nothing"]).await.status.code(), Some(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_has_what_the_server_answers() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}?mode=rwc", folder.path().join("mirror.db").display());
    let mut document = sample::document(1, "sample");
    std::sync::Arc::make_mut(&mut document.event).publication = plenary::content::Publication::Live;
    let file = folder.path().join("sample.json");
    std::fs::write(&file, document.to_json()).unwrap();
    run(&database, &["import", "document", file.to_str().unwrap()]).await;
    let mirror = folder.path().join("mirror");
    let said = run(&database, &["export", "--all", "sample", "-o", mirror.to_str().unwrap()]).await;
    assert!(said.contains("schedule.ics"), "it says what it wrote");
    let there = |path: &str| std::fs::read(mirror.join("events").join(path)).unwrap();
    for feed in plenary::feeds::FEEDS {
        let one = run(&database, &["export", "feed", "sample", feed.path]).await;
        assert!(there(&format!("sample/{}", feed.path)) == one.as_bytes(), "{}", feed.path);
    }
    let whole: serde_json::Value = serde_json::from_slice(&there("sample.json")).unwrap();
    for collection in plenary::rest::COLLECTIONS {
        let list: serde_json::Value =
            serde_json::from_slice(&there(&format!("sample/{}.json", collection.name))).unwrap();
        assert_eq!(list["items"], whole[collection.name]);
    }
    assert!(String::from_utf8_lossy(&there("sample/index.html")).contains("<h1>Event sample"), "the page is there");
    let rooms = std::fs::read_dir(mirror.join("events/sample/calendars/rooms")).unwrap().count();
    assert!(rooms > 0, "each room has its calendar");
    // The other spelling writes the same.
    let other = folder.path().join("other");
    run(&database, &["export", "all", "sample", "-o", other.to_str().unwrap()]).await;
    assert!(std::fs::read(other.join("events/sample/schedule.xml")).unwrap() == there("sample/schedule.xml"));
}
