//! Connections that stay open end with the right to what they show.

use futures_util::future::BoxFuture;
use plenary::access::Role;
use serde_json::{Value, json};

use super::desk::{Desk, OTHER, PASSWORD, Tokens};
use crate::harness::on_each_database;
use crate::subscriptions::socket::Socket;

/// Somebody with a role at the draft, and how they came.
struct Visitor {
    email: String,
    tokens: Tokens,
    /// What the connections are opened with.
    token: String,
}

/// A way in which a right ends.
type Way = (&'static str, fn(&Desk, Visitor) -> BoxFuture<'_, ()>);

const WAYS: [Way; 6] = [
    ("signing out", |desk, visitor| {
        Box::pin(async move {
            let input = json!({"refreshToken": visitor.tokens.refresh});
            done(&desk.run(Some(&visitor.token), "logout", "", input).await);
        })
    }),
    ("a new password", |desk, visitor| {
        Box::pin(async move {
            let input = json!({"currentPassword": PASSWORD, "newPassword": "quite another password"});
            done(&desk.run(Some(&visitor.tokens.access), "changePassword", "", input).await);
        })
    }),
    ("revoking the token", |desk, visitor| {
        Box::pin(async move {
            let query = "{ viewer { accessTokens { id } } }";
            let shown = desk.ask(Some(&visitor.tokens.access), query, json!({})).await;
            let id = shown["data"]["viewer"]["accessTokens"][0]["id"].clone();
            done(&desk.run(Some(&visitor.tokens.access), "revokeAccessToken", "", json!({"id": id})).await);
        })
    }),
    ("disabling the account", |desk, visitor| {
        Box::pin(async move {
            let user = user(desk, &visitor.email).await;
            desk.app.store.set_active(user, false, desk.now()).await.unwrap();
        })
    }),
    ("leaving the event", |desk, visitor| {
        Box::pin(async move {
            let user = user(desk, &visitor.email).await;
            desk.app.store.remove_member(desk.event(OTHER).await, user).await.unwrap();
        })
    }),
    ("deleting the account", |desk, visitor| {
        Box::pin(async move { desk.app.store.delete_user(user(desk, &visitor.email).await).await.unwrap() })
    }),
];

fn done(payload: &Value) {
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
}

async fn user(desk: &Desk, email: &str) -> plenary::content::Id {
    desk.app.store.user_with_email(email).await.unwrap().unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_ends_with_the_right() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        let subscription = format!("subscription {{ eventChanged(event: \"{OTHER}\", view: WORKING) {{ cursor }} }}");
        for (place, (way, end)) in WAYS.into_iter().enumerate() {
            let email = format!("visitor-{place}@example.org");
            desk.member(&email, OTHER, Role::Reviewer).await;
            let tokens = desk.login(&email).await;
            let token = match way {
                "revoking the token" => desk.script(&tokens.access, &["READ"], None).await,
                _ => tokens.access.clone(),
            };
            let payload = json!({"Authorization": format!("Bearer {token}")});
            let mut socket = Socket::open(desk.address(), payload).await;
            socket.subscribe("1", &subscription).await;
            socket.begun().await;
            let request = desk.client.post(desk.url("/graphql")).json(&json!({ "query": subscription }));
            let request = request.header("accept", "text/event-stream").bearer_auth(&token);
            let mut stream = request.send().await.unwrap();
            assert_eq!(stream.status(), 200, "{way}");

            end(&desk, Visitor { email, tokens, token }).await;
            assert_eq!(socket.close_code().await, Some(4403), "{way}");
            let mut heard = String::new();
            while let Some(chunk) = stream.chunk().await.unwrap() {
                heard.push_str(std::str::from_utf8(&chunk).unwrap());
            }
            assert!(heard.contains("UNAUTHENTICATED") || heard.contains("FORBIDDEN"), "{way}: {heard}");
            assert!(!heard.contains("\"data\":{\"eventChanged\""), "{way}: {heard}");
        }
    })
    .await;
}
