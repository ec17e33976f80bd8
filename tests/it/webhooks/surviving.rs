//! The program itself, killed in the middle: nothing is lost, and what comes twice has the same id.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use plenary::access::Viewer;
use plenary::content::Document;
use serde_json::{Value, json};

use super::{Answer, Receiver, eventually};
use crate::accounts::desk::{EVENT, PASSWORD, add_user};
use crate::harness::database::open;
use crate::harness::server::command;
use crate::harness::{Server, on_each_database, sample};

/// How many papers are added, one after the other.
const PAPERS: usize = 30;

async fn server(database: &str, folder: &std::path::Path) -> Server {
    let mut command = command(database);
    for (name, value) in [
        ("BURST_MS", "20"),
        ("POLL_INTERVAL_MS", "20"),
        ("RETRY_SECONDS", "0,1,1,1,1,1"),
        ("TIMEOUT_MS", "2000"),
        ("ALLOW_HTTP", "true"),
        ("ALLOW_PRIVATE", "true"),
    ] {
        command.env(format!("PLENARY__WEBHOOKS__{name}"), value);
    }
    command.env("PLENARY__AUTH__KEY_FILE", folder.join("key.pem"));
    Server::start_with(&mut command).await
}

async fn ask(server: &Server, token: Option<&str>, query: &str) -> Value {
    let request = reqwest::Client::new().post(server.url("/graphql")).json(&json!({ "query": query }));
    let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
    request.send().await.unwrap().json().await.unwrap()
}

/// Makes an endpoint as an administrator who signs in.
async fn hook(server: &Server, url: &str) {
    let login = format!(
        "mutation {{ login(input: {{email: \"root@example.org\", password: \"{PASSWORD}\"}}) {{ signIn {{ accessToken }} }} }}"
    );
    let answer = ask(server, None, &login).await;
    let token = answer["data"]["login"]["signIn"]["accessToken"].as_str().unwrap_or_else(|| panic!("{answer}"));
    let create = format!(
        "mutation {{ createWebhook(input: {{event: \"{EVENT}\", url: \"{url}\"}}) {{ secret userErrors {{ message }} }} }}"
    );
    let made = ask(server, Some(token), &create).await;
    assert!(made["data"]["createWebhook"]["secret"].is_string(), "{made}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_loses_nothing() {
    on_each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&database).await;
        add_user(&store, "root@example.org", true).await;
        let mut document = Document::new(sample::event(1, EVENT));
        let put = async |document: &Document| {
            let editor = Viewer::Operator.creator().unwrap();
            store.put_document(&editor, document.clone(), sample::now()).await.unwrap();
        };
        put(&document).await;
        let receiver = Receiver::start().await;
        let first = server(&database, folder.path()).await;
        hook(&first, &receiver.url).await;
        receiver.answer((0..10).map(|number| Answer {
            status: if number % 3 == 0 { 500 } else { 200 },
            delay: Duration::from_millis(40),
            ..Answer::default()
        }));
        let mut running = Some(first);
        for number in 0..PAPERS {
            let head = sample::head(100 + number as u128, &format!("paper-{number}"), number as i32);
            document.papers.push(plenary::content::Paper::new(head, format!("Paper {number}")).into());
            put(&document).await;
            tokio::time::sleep(Duration::from_millis(30)).await;
            match number {
                // Killed as by -9, with a message on its way; the next one starts while the content goes on.
                10 | 20 => drop(running.take()),
                13 | 23 => running = Some(server(&database, folder.path()).await),
                _ => {}
            }
        }
        let told = || {
            let mut papers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for message in receiver.received() {
                assert_eq!(message.kind(), "paper.added");
                let title = message.json()["data"]["paper"]["title"].as_str().unwrap().to_owned();
                papers.entry(title).or_default().insert(message.id().to_owned());
            }
            papers
        };
        eventually(|| if told().len() == PAPERS { Ok(()) } else { Err(format!("{:?}", told().keys())) }).await;
        for (title, ids) in told() {
            assert_eq!(ids.len(), 1, "{title} was told as {ids:?}");
        }
        // In order, whatever came twice.
        let mut seen = BTreeSet::new();
        let order: Vec<usize> = receiver
            .received()
            .iter()
            .filter(|message| seen.insert(message.id().to_owned()))
            .map(|message| message.json()["data"]["paper"]["title"].as_str().unwrap()[6..].parse().unwrap())
            .collect();
        assert!(order.is_sorted(), "{order:?}");
        running.unwrap().stop().await;
    })
    .await;
}
