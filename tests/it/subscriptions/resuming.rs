//! Going on where one was: without a gap and without a repeat, whatever is written in the meantime.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::ToSpan;
use plenary::content::Publication;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use super::socket::Socket;
use super::{Watched, document, now, paper, put, subscription};
use crate::harness::on_each_database;

/// What a client keeps who applies what it is told: the titles by id.
#[derive(Debug, Default)]
struct Kept {
    titles: BTreeMap<String, String>,
    cursor: String,
}

impl Kept {
    /// Applies a message; panics where it does not continue what is there.
    fn apply(&mut self, change: &Value) {
        for one in change["changes"].as_array().unwrap().iter().filter(|one| one["kind"] == "PAPER") {
            let id = one["recordId"].as_str().unwrap().to_owned();
            let title = one["node"]["title"].as_str().unwrap_or_default().to_owned();
            match one["operation"].as_str().unwrap() {
                "CREATE" => assert_eq!(self.titles.insert(id, title), None, "told twice: {change}"),
                "UPDATE" => {
                    let before = self.titles.insert(id, title.clone());
                    assert!(before.is_some_and(|before| before != title), "not told before, or told twice: {change}");
                }
                _ => assert!(self.titles.remove(&id).is_some(), "not told before: {change}"),
            }
        }
        self.cursor = change["cursor"].as_str().unwrap().to_owned();
    }
}

/// The state of an event as a query shows it, and its cursor.
async fn load(server: &Watched) -> Kept {
    let query = "{ event(slug: \"watched\") { cursor papers(first: 100) { nodes { id title } } } }";
    let client = reqwest::Client::new();
    let answer = client.post(format!("http://{}/graphql", server.address)).header("content-type", "application/json");
    let answer = answer.body(json!({"query": query}).to_string()).send().await.unwrap().text().await.unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let event = &answer["data"]["event"];
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let papers = event["papers"]["nodes"].as_array().unwrap().iter();
    let titles = papers.map(|paper| (word(&paper["id"]), word(&paper["title"]))).collect();
    Kept { titles, cursor: word(&event["cursor"]) }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_missed_and_nothing_comes_twice() {
    on_each_database(async |database| {
        let server = Watched::start(&database).await;
        let is_writing = Arc::new(AtomicBool::new(true));
        let writer = tokio::spawn({
            let (store, is_writing) = (server.store.clone(), is_writing.clone());
            async move {
                let mut content = document();
                for version in 0_u128..60 {
                    content.papers.retain(|paper| paper.head.position != i32::try_from(version % 7).unwrap());
                    content.papers.push(paper(version % 5, &format!("Version {version}")));
                    content.papers.dedup_by_key(|paper| paper.head.id);
                    let mut seen = std::collections::HashSet::new();
                    content.papers.reverse();
                    content.papers.retain(|paper| seen.insert(paper.head.id));
                    content.papers.reverse();
                    if version % 3 == 0 {
                        Arc::make_mut(content.papers.last_mut().unwrap()).head.published = version % 2 == 0;
                    }
                    put(&store, &content).await;
                }
                is_writing.store(false, Ordering::SeqCst);
            }
        });
        let mut kept = load(&server).await;
        let mut connections = 0;
        loop {
            let last = !is_writing.load(Ordering::SeqCst);
            let mut socket = Socket::open(server.address, json!({})).await;
            connections += 1;
            socket.subscribe("1", &subscription(&format!(", since: \"{}\"", kept.cursor))).await;
            // The connection breaks after a few messages, some of them on the way.
            for _ in 0..connections % 3 + 1 {
                match socket.hear_within(Duration::from_millis(400)).await {
                    Some(super::socket::Heard::Message(mut message)) => {
                        assert_eq!(message["type"], "next", "{message}");
                        kept.apply(&message["payload"]["data"]["eventChanged"].take());
                    }
                    _ => break,
                }
            }
            if last && load(&server).await.cursor == kept.cursor {
                break;
            }
            assert!(connections < 200, "{kept:?}");
        }
        writer.await.unwrap();
        let loaded = load(&server).await;
        assert_eq!((kept.titles, connections > 3), (loaded.titles, true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn embargoes_and_drafts_are_resumed_too() {
    on_each_database(async |database| {
        let server = Watched::start(&database).await;
        let mut content = document();
        let mut held = paper(1, "Held");
        let lifts = now() + 2.seconds();
        Arc::make_mut(&mut held).head.publish_at = Some(lifts);
        content.papers = vec![held, paper(2, "Shown")];
        let revision = put(&server.store, &content).await;
        server.app.shelf.refresh().await.unwrap();
        let from_the_beginning = |socket: Socket, since: String| async move {
            let mut socket = socket;
            socket.subscribe("1", &subscription(&format!(", since: \"{since}\""))).await;
            socket.change().await
        };
        let open = async || Socket::open(server.address, json!({})).await;
        // Everything that the public can see is new to somebody who has seen nothing.
        let change = from_the_beginning(open().await, "0".to_owned()).await;
        let mut kept = Kept::default();
        kept.apply(&change);
        assert_eq!(kept.titles.values().collect::<Vec<_>>(), ["Shown"]);
        while now() <= lifts {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // No entry of the log says that the embargo has ended.
        let change = from_the_beginning(open().await, kept.cursor.clone()).await;
        kept.apply(&change);
        assert_eq!(kept.titles.values().collect::<Vec<_>>(), ["Held", "Shown"]);
        let change = from_the_beginning(open().await, revision.to_string()).await;
        assert_eq!(change["changes"].as_array().unwrap().len(), 1, "{change}");

        // What was a draft then was not to be seen then.
        Arc::make_mut(&mut content.event).publication = Publication::Draft;
        let hidden = put(&server.store, &content).await;
        Arc::make_mut(&mut content.event).publication = Publication::Live;
        content.papers.remove(1);
        put(&server.store, &content).await;
        server.app.shelf.refresh().await.unwrap();
        let change = from_the_beginning(open().await, hidden.to_string()).await;
        let kinds: Vec<_> =
            change["changes"].as_array().unwrap().iter().map(|one| (&one["kind"], &one["operation"])).collect();
        assert_eq!(kinds, [(&json!("EVENT"), &json!("CREATE")), (&json!("PAPER"), &json!("CREATE"))]);
        // To somebody who has seen it before, only what is different now is told.
        let change = from_the_beginning(open().await, kept.cursor.clone()).await;
        kept.apply(&change);
        assert_eq!(kept.titles.values().collect::<Vec<_>>(), ["Held"]);
        let mut socket = Socket::open(server.address, json!({"Authorization": server.token()})).await;
        socket.subscribe("1", &subscription(", view: WORKING, since: \"0\"")).await;
        assert_eq!(socket.change().await["changes"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_knows_any_more_is_refused() {
    on_each_database(async |database| {
        let server = Watched::start(&database).await;
        let mut content = document();
        for title in ["One", "Two", "Three"] {
            content.papers = vec![paper(1, title)];
            put(&server.store, &content).await;
        }
        let newest = server.store.newest_sequence().await.unwrap();
        let connection = Database::connect(&database).await.unwrap();
        connection.execute_unprepared(&format!("DELETE FROM change WHERE sequence < {newest}")).await.unwrap();
        let mut socket = Socket::open(server.address, json!({})).await;
        for since in ["0".to_owned(), (newest - 2).to_string(), (newest + 1).to_string(), format!("{}-0", newest + 100)]
        {
            socket.subscribe("1", &subscription(&format!(", since: \"{since}\""))).await;
            let error = socket.message("error").await;
            assert_eq!(error["payload"][0]["extensions"]["code"], "RESUME_IMPOSSIBLE", "{since}: {error}");
        }
        socket.subscribe("1", &subscription(&format!(", since: \"{}\"", newest - 1))).await;
        assert_eq!(socket.change().await["changes"][0]["node"]["title"], "Three");
    })
    .await;
}
