//! Those who watch: the public, strangers and webhooks are told nothing of what is changed behind the curtain.

use std::time::Duration;

use futures_util::FutureExt;
use serde_json::{Value, json};

use super::canaries::sings;
use super::world::{DRAFT, OPEN, PRIVATE, STABLE, STAGED, World};
use crate::harness::on_each_database;
use crate::subscriptions::socket::{Heard, Socket};
use crate::webhooks::Receiver;

/// How long a message that must not come is waited for.
const SILENCE: Duration = Duration::from_millis(400);

const CHANGES: &str = "cursor reload event { name } changes { kind operation recordId node { id __typename } }";

/// What everybody may subscribe to.
fn subscriptions() -> Vec<String> {
    let changes = |event| format!("subscription {{ eventChanged(event: \"{event}\") {{ {CHANGES} }} }}");
    let released = format!("subscription {{ releasePublished(event: \"{STABLE}\") {{ release {{ name }} }} }}");
    vec![changes(OPEN), changes(STABLE), released]
}

/// A stream of server-sent events to a subscription.
async fn stream(world: &World, token: Option<&str>, query: &str) -> reqwest::Response {
    let request = world.desk.client.post(world.desk.url("/graphql")).json(&json!({ "query": query }));
    let request = request.header("accept", "text/event-stream");
    let response = token.iter().fold(request, reqwest::RequestBuilder::bearer_auth).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response
}

/// Changes whatever the public can't see.
async fn change_what_is_hidden(world: &World) {
    let run = async |mutation: &str, input: Value| {
        let answer = world.desk.run(Some(&world.owner), mutation, "", input).await;
        assert_eq!(answer["userErrors"], json!([]), "{mutation}: {answer}");
    };
    let title = "Zyzzyva, changed";
    run("updateEvent", json!({"event": DRAFT, "changes": {"name": title}})).await;
    run("updateEvent", json!({"event": STAGED, "changes": {"name": title}})).await;
    run("createPaper", json!({"event": STAGED, "title": title})).await;
    run("createPaper", json!({"event": OPEN, "title": title, "published": false})).await;
    run("createSpeaker", json!({"event": OPEN, "name": title, "publishAt": "2099-01-01T00:00:00Z"})).await;
    run("createSession", json!({"event": OPEN, "title": title, "kind": "TALK", "published": false})).await;
    run("inviteMember", json!({"event": OPEN, "email": format!("{PRIVATE}-new@example.org"), "role": "EDITOR"})).await;
}

/// A change that everybody sees.
async fn change_what_is_seen(world: &World) {
    let input = json!({"event": OPEN, "title": "Everybody sees this"});
    let answer = world.desk.run(Some(&world.owner), "createPaper", "", input).await;
    assert_eq!(answer["userErrors"], json!([]), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_watch_hear_nothing_of_what_is_hidden() {
    on_each_database(async |database| {
        let world = World::new(&database, true).await;
        let mut sockets = Vec::new();
        let mut streams = Vec::new();
        for (who, token) in std::iter::once(("the public", None)).chain(world.each_stranger()) {
            let payload = token.map_or(json!({}), |token| json!({"Authorization": format!("Bearer {token}")}));
            let mut socket = Socket::open(world.desk.address(), payload).await;
            for (place, query) in subscriptions().iter().enumerate() {
                socket.subscribe(&place.to_string(), query).await;
                if token.is_none() {
                    streams.push(stream(&world, token, query).await);
                }
            }
            socket.begun().await;
            sockets.push((who, socket));
        }
        change_what_is_hidden(&world).await;
        for (who, socket) in &mut sockets {
            assert_eq!(socket.hear_within(SILENCE).await, None, "{who} hears of something hidden");
        }
        for stream in &mut streams {
            let heard = stream.chunk().now_or_never().map(|chunk| chunk.unwrap().unwrap_or_default());
            let heard = String::from_utf8(heard.unwrap_or_default().to_vec()).unwrap();
            assert!(!heard.contains("event:"), "{heard}");
        }
        change_what_is_seen(&world).await;
        for (who, socket) in &mut sockets {
            let Heard::Message(message) = socket.hear().await else { panic!("{who} hears nothing") };
            let changes = &message["payload"]["data"]["eventChanged"]["changes"];
            assert_eq!(changes.as_array().map(Vec::len), Some(1), "{who}: {message}");
            assert!(!sings(&message.to_string()) && !message.to_string().contains(PRIVATE), "{who}: {message}");
        }
        // The events of the first subscription say the same.
        let mut heard = String::new();
        while !heard.contains("event: next") && !heard.contains("event:next") {
            let chunk = tokio::time::timeout(Duration::from_secs(20), streams[0].chunk()).await.unwrap();
            heard.push_str(std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap());
        }
        assert!(!sings(&heard) && !heard.contains(PRIVATE), "{heard}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_told_what_everybody_sees() {
    on_each_database(async |database| {
        let world = World::new(&database, true).await;
        let receiver = Receiver::start().await;
        // The endpoints that are secrets themselves are nowhere.
        for event in [OPEN, STAGED, DRAFT] {
            let query = format!("{{ event(slug: \"{event}\", view: WORKING) {{ webhooks {{ id }} }} }}");
            let answer = world.desk.ask(Some(&world.owner), &query, json!({})).await;
            let old = json!({"event": event, "id": answer["data"]["event"]["webhooks"][0]["id"]});
            let gone = world.desk.run(Some(&world.owner), "deleteWebhook", "", old).await;
            assert_eq!(gone["userErrors"], json!([]), "{gone}");
            let new = json!({"event": event, "url": receiver.url()});
            let made = world.desk.run(Some(&world.owner), "createWebhook", "webhook { id }", new).await;
            assert!(made["webhook"]["id"].is_string(), "{made}");
        }
        let running = world.desk.app.deliver_webhooks("https://api.example.org").unwrap().unwrap();
        change_what_is_hidden(&world).await;
        change_what_is_seen(&world).await;
        receiver.wait_for(1).await;
        tokio::time::sleep(SILENCE).await;
        let received = receiver.wait_for(1).await;
        for message in &received {
            let told = format!("{:?} {}", message.headers(), message.body());
            assert!(!sings(&told) && !told.contains(PRIVATE), "{told}");
        }
        assert!(received.iter().any(|message| message.body().contains("Everybody sees this")), "{received:?}");
        assert_eq!(received.len(), 1, "{received:?}");
        running.stop(Duration::from_millis(100)).await;
    })
    .await;
}
