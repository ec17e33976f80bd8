//! Mutations with an `Idempotency-Key`: executed once, however often and wherever they are sent.

use futures_util::future::join_all;
use jiff::SignedDuration;
use plenary::access::Role;
use reqwest::Response;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use super::{editor, public};
use crate::accounts::desk::{Desk, EVENT};
use crate::harness::on_each_database;

const CREATE: &str =
    "mutation($i: CreateSessionInput!) { createSession(input: $i) { session { id } userErrors { code } } }";

/// Sends a mutation under a key.
async fn send(desk: &Desk, token: &str, key: &str, query: &str, input: &Value) -> Response {
    let body = json!({ "query": query, "variables": { "i": input } });
    let request = desk.client.post(desk.url("/graphql")).bearer_auth(token).json(&body);
    request.header("idempotency-key", key).send().await.unwrap()
}

fn new_session(title: &str) -> Value {
    json!({ "event": EVENT, "title": title })
}

fn is_replayed(response: &Response) -> bool {
    response.headers().get("idempotency-replayed").is_some_and(|value| value == "true")
}

async fn titled(desk: &Desk, title: &str) -> usize {
    let seen = public(desk, "sessions(first: 100) { nodes { title } }").await;
    seen["sessions"]["nodes"].as_array().unwrap().iter().filter(|session| session["title"] == title).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_twenty_times_is_done_once() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let input = new_session("Once");
        let answers = join_all((0..20).map(|_| send(&desk, &token, "\"a key\"", CREATE, &input))).await;
        // A blank is not visible.
        assert!(answers.iter().all(|answer| answer.status() == 400));
        let answers = join_all((0..20).map(|_| send(&desk, &token, "one-key", CREATE, &input))).await;
        let mut bodies = Vec::new();
        let mut first = 0;
        for answer in answers {
            match answer.status().as_u16() {
                409 => assert!(answer.headers().contains_key("retry-after")),
                200 => {
                    first += usize::from(!is_replayed(&answer));
                    bodies.push(answer.text().await.unwrap());
                }
                status => panic!("{status}: {}", answer.text().await.unwrap()),
            }
        }
        assert_eq!(first, 1);
        let later = send(&desk, &token, "\"one-key\"", CREATE, &input).await;
        assert!(is_replayed(&later) && later.headers()["cache-control"] == "private, no-store");
        bodies.push(later.text().await.unwrap());
        assert!(bodies.iter().all(|body| *body == bodies[0] && body.contains("\"id\"")), "{bodies:?}");
        assert_eq!(titled(&desk, "Once").await, 1);

        // Another server of the same database, as after a restart.
        let other = Desk::join(&database, &desk).await;
        let elsewhere = send(&other, &token, "one-key", CREATE, &input).await;
        assert!(is_replayed(&elsewhere));
        assert_eq!(elsewhere.text().await.unwrap(), bodies[0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_means_one_request_of_one_user_for_a_day() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let input = new_session("Mine");
        assert!(!is_replayed(&send(&desk, &token, "key", CREATE, &input).await));
        let other = send(&desk, &token, "key", CREATE, &new_session("Not mine")).await;
        assert_eq!(other.status(), 422);
        let body: Value = other.json().await.unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "IDEMPOTENCY_KEY_REUSED", "{body}");

        desk.member("grace@example.org", EVENT, Role::Editor).await;
        let grace = desk.login("grace@example.org").await.access;
        assert!(!is_replayed(&send(&desk, &grace, "key", CREATE, &input).await));
        assert_eq!(titled(&desk, "Mine").await, 2);

        // Signing in anew is still the same user.
        let again = desk.login("ada@example.org").await.access;
        assert!(is_replayed(&send(&desk, &again, "key", CREATE, &input).await));
        desk.wait(SignedDuration::from_hours(25));
        let token = desk.login("ada@example.org").await.access;
        assert!(!is_replayed(&send(&desk, &token, "key", CREATE, &input).await));
        assert_eq!(titled(&desk, "Mine").await, 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_executed_is_not_remembered_and_secrets_never_are() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let bad = "mutation($i: CreateSessionInput!) { createSession(input: $i) { nothing } }";
        assert!(send(&desk, &token, "key", bad, &new_session("Mended")).await.text().await.unwrap().contains("errors"));
        let mended = send(&desk, &token, "key", CREATE, &new_session("Mended")).await;
        assert!(mended.status() == 200 && !is_replayed(&mended));
        // What the caller can mend was an answer.
        let wrong = json!({ "event": EVENT, "title": " " });
        for replayed in [false, true] {
            let refused = send(&desk, &token, "wrong", CREATE, &wrong).await;
            assert_eq!(is_replayed(&refused), replayed);
        }
        let secret = "mutation($i: CreateAccessTokenInput!) { createAccessToken(input: $i) { secret } }";
        let input = json!({ "name": "script", "scopes": ["READ"] });
        let refused = send(&desk, &token, "secret", secret, &input).await;
        assert_eq!(refused.status(), 400);
        for key in ["", "ä", &"x".repeat(256)] {
            let body = json!({ "query": CREATE, "variables": { "i": new_session("Never") } });
            let request = desk.client.post(desk.url("/graphql")).bearer_auth(&token).json(&body);
            let refused = request.header("idempotency-key", key.as_bytes()).send().await.unwrap();
            assert_eq!(refused.status(), 400, "{key}");
        }
        assert_eq!(titled(&desk, "Never").await, 0);
        // Queries take no notice.
        let body = json!({ "query": "{ __typename }" });
        let request = desk.client.post(desk.url("/graphql")).bearer_auth(&token).json(&body);
        assert!(!is_replayed(&request.header("idempotency-key", "wrong").send().await.unwrap()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_server_died_is_free_again_after_its_time() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let input = new_session("Twice");
        assert_eq!(send(&desk, &token, "key", CREATE, &input).await.status(), 200);
        let connection = Database::connect(&database).await.unwrap();
        connection.execute_unprepared("UPDATE idempotent_request SET answer = NULL").await.unwrap();
        connection.close().await.unwrap();
        let taken = send(&desk, &token, "key", CREATE, &input).await;
        assert_eq!(taken.status(), 409);
        desk.wait(SignedDuration::from_secs(16));
        let freed = send(&desk, &token, "key", CREATE, &input).await;
        assert!(freed.status() == 200 && !is_replayed(&freed));
        assert!(is_replayed(&send(&desk, &token, "key", CREATE, &input).await));
    })
    .await;
}
