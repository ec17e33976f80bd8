//! What is told: what the view shows, as it changes, and never what the public can't see.

use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan;
use plenary::content::{Document, Markdown, Publication};
use serde_json::{Value, json};

use super::socket::{Heard, Socket};
use super::{Watched, document, now, paper, put, subscription};
use crate::harness::{on_each_database, sample};

/// How long a message that must not come is waited for.
const SILENCE: Duration = Duration::from_millis(300);

/// The kinds, operations and titles of a message.
fn told(change: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let changes = change["changes"].as_array().unwrap().iter();
    changes
        .map(|one| format!("{} {} {}", word(&one["kind"]), word(&one["operation"]), word(&one["node"]["title"])))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_by_another_process_are_told() {
    on_each_database(async |database| {
        let server = Watched::start(&database).await;
        let mut socket = Socket::open(server.address, json!({})).await;
        socket.subscribe("1", &subscription("")).await;
        socket.begun().await;

        let mut content = document();
        content.papers = vec![paper(1, "One"), paper(2, "Two")];
        put(&server.store, &content).await;
        let change = socket.change().await;
        assert_eq!(told(&change), ["PAPER CREATE One", "PAPER CREATE Two"]);
        assert_eq!((&change["event"]["name"], &change["reload"]), (&json!("Event watched"), &json!(false)));
        assert_eq!(change["changes"][0]["recordId"], change["changes"][0]["node"]["id"]);

        content.papers = vec![paper(1, "One, again")];
        Arc::make_mut(&mut content.event).name = "Renamed".to_owned();
        put(&server.store, &content).await;
        let change = socket.change().await;
        assert_eq!(told(&change), ["EVENT UPDATE -", "PAPER UPDATE One, again", "PAPER DELETE -"]);
        assert_eq!(change["event"]["name"], "Renamed");
        assert_eq!(change["changes"][2]["node"], Value::Null);

        // Another event is none of this subscription's business, and an end to it is the end.
        put(&server.store, &Document::new(sample::event(2, "other"))).await;
        assert_eq!(socket.hear_within(SILENCE).await, None);
        socket.say(&json!({"type": "complete", "id": "1"})).await;
        content.papers.clear();
        put(&server.store, &content).await;
        assert_eq!(socket.hear_within(SILENCE).await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_hears_only_of_what_it_sees() {
    on_each_database(async |database| {
        let server = Watched::start(&database).await;
        let mut public = Socket::open(server.address, json!({})).await;
        let mut working = Socket::open(server.address, json!({"Authorization": server.token()})).await;
        public.subscribe("1", &subscription("")).await;
        working.subscribe("1", &subscription(", view: WORKING")).await;
        // Whoever can see drafts may still ask for what everybody sees.
        let mut asked = Socket::open(server.address, json!({"Authorization": server.token()})).await;
        asked.subscribe("1", &subscription("")).await;
        for socket in [&mut public, &mut working, &mut asked] {
            socket.begun().await;
        }

        let mut content = document();
        let mut secret = paper(1, "Canary");
        Arc::make_mut(&mut secret).head.published = false;
        content.papers = vec![secret];
        put(&server.store, &content).await;
        assert_eq!(told(&working.change().await), ["PAPER CREATE Canary"]);
        for socket in [&mut public, &mut asked] {
            assert_eq!(socket.hear_within(SILENCE).await, None);
        }

        let lifts = now() + 2.seconds();
        let held = Arc::make_mut(&mut content.papers[0]);
        (held.head.published, held.head.publish_at) = (true, Some(lifts));
        put(&server.store, &content).await;
        assert_eq!(told(&working.change().await), ["PAPER UPDATE Canary"]);
        assert_eq!(public.hear_within(SILENCE).await, None);
        for socket in [&mut public, &mut asked] {
            assert_eq!(told(&socket.change().await), ["PAPER CREATE Canary"], "its embargo has ended");
        }
        assert!(now() >= lifts && now() < lifts + 2.seconds());

        Arc::make_mut(&mut content.papers[0]).head.published = false;
        put(&server.store, &content).await;
        let gone = public.change().await;
        assert_eq!(told(&gone), ["PAPER DELETE -"]);
        assert_eq!(gone["changes"][0]["node"], Value::Null);
        Arc::make_mut(&mut content.papers[0]).title = "Canary, changed".to_owned();
        put(&server.store, &content).await;
        assert_eq!(public.hear_within(SILENCE).await, None);

        Arc::make_mut(&mut content.event).publication = Publication::Draft;
        put(&server.store, &content).await;
        let last = public.change().await;
        assert_eq!((told(&last), &last["event"]), (vec!["EVENT DELETE -".to_owned()], &Value::Null));
        public.message("complete").await;
        public.subscribe("2", &subscription("")).await;
        assert_eq!(public.message("error").await["payload"][0]["extensions"]["code"], "NOT_FOUND");
        let told_to_editors = [working.change().await, working.change().await];
        assert!(told_to_editors.iter().all(|change| change["event"]["name"].is_string()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_at_once_is_to_be_loaded_anew() {
    let (server, _folder) = Watched::alone(|_| {}).await;
    let mut socket = Socket::open(server.address, json!({})).await;
    socket.subscribe("1", &subscription("")).await;
    socket.begun().await;
    let mut content = document();
    content.papers = (0..201).map(|number| paper(number, "A paper")).collect();
    put(&server.store, &content).await;
    let change = socket.change().await;
    assert_eq!((&change["reload"], &change["changes"]), (&json!(true), &json!([])));
    content.papers.truncate(1);
    put(&server.store, &content).await;
    let change = socket.change().await;
    assert_eq!((&change["reload"], change["changes"].as_array().unwrap().len()), (&json!(false), 200));
}

/// A subscription whose messages have 12 MB, which is more than the system keeps for somebody who does not read.
fn heavy() -> String {
    let papers = "event { papers(first: 100) { nodes { abstract { markdown } } } }";
    let heavy: String = (0..20).map(|number| format!("a{number}: {papers} ")).collect();
    subscription("").replace("cursor", &format!("cursor {heavy}"))
}

/// An event whose papers are long.
fn long_content() -> Document {
    let mut content = document();
    content.papers = (0..20).map(|number| paper(number, "Version 0")).collect();
    for paper in &mut content.papers {
        Arc::make_mut(paper).summary = Some(Markdown("x".repeat(30_000)));
    }
    content
}

/// Begins a heavy subscription and changes the first paper often while nobody reads.
async fn read_nothing(server: &Watched) -> Socket {
    let mut socket = Socket::open(server.address, json!({})).await;
    socket.subscribe("1", &heavy()).await;
    socket.begun().await;
    let mut content = long_content();
    for version in 0..10 {
        Arc::make_mut(&mut content.papers[0]).title = format!("Version {version}");
        put(&server.store, &content).await;
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    socket
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_piles_up_for_who_reads_slowly() {
    let (server, _folder) = Watched::alone(|_| {}).await;
    let mut socket = read_nothing(&server).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let first = socket.change().await;
    assert_eq!(first["changes"].as_array().unwrap().len(), 20);
    let mut messages = 1;
    loop {
        let change = socket.change().await;
        messages += 1;
        if told(&change) == ["PAPER UPDATE Version 9"] {
            break;
        }
    }
    assert!(messages < 6, "{messages} messages for 10 changes");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_in_nothing_is_cut_off_and_misses_nothing() {
    let (server, _folder) = Watched::alone(|config| config.subscriptions.send_timeout_ms = 300).await;
    let mut socket = read_nothing(&server).await;
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let mut cursor = "0".to_owned();
    let code = loop {
        match socket.hear().await {
            Heard::Message(message) => {
                let change = &message["payload"]["data"]["eventChanged"];
                cursor = change["cursor"].as_str().unwrap().to_owned();
            }
            Heard::Closed(code) => break code,
        }
    };
    // The code can be heard only where there was room left for it.
    assert!(matches!(code, None | Some(1013)), "{code:?}");
    let mut socket = Socket::open(server.address, json!({})).await;
    socket.subscribe("1", &subscription(&format!(", since: \"{cursor}\""))).await;
    let change = socket.change().await;
    assert!(told(&change).iter().any(|one| one.ends_with("Version 9")), "{change}");
}
