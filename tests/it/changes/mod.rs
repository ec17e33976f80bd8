//! The change log for editors: who sees what of it, pages and filters, undo, and what is left of a deleted account.

mod erasing;
mod reading;
mod undoing;

use plenary::access::Role;
use serde_json::{Value, json};

use crate::accounts::desk::{Desk, EVENT};

const LOG: &str = "query($e: String!, $first: Int, $after: String, $last: Int, $before: String, $f: ChangeFilter) {
    event(slug: $e) { changes(first: $first, after: $after, last: $last, before: $before, filter: $f) { totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { sequence at kind recordId operation before after fields actor { kind userId tokenId user { id name email } }
    node { __typename id } } } } }";

/// What somebody gets of the log of the event; null, or an error, where they get nothing.
async fn log(desk: &Desk, token: Option<&str>, mut arguments: Value) -> Value {
    arguments["e"] = json!(EVENT);
    let answer = desk.ask(token, LOG, arguments).await;
    answer.get("errors").cloned().unwrap_or_else(|| answer["data"]["event"]["changes"].clone())
}

/// The newest change that somebody sees.
async fn newest(desk: &Desk, token: &str) -> Value {
    log(desk, Some(token), json!({"first": 1})).await["nodes"][0].clone()
}

/// The newest change of a record of this kind.
async fn newest_of(desk: &Desk, token: &str, kind: &str) -> Value {
    let filter = json!({"first": 1, "f": {"kind": {"eq": kind}}});
    log(desk, Some(token), filter).await["nodes"][0].clone()
}

/// A server with a member of the event who has this role, and their token.
async fn member(database: &str, role: Role) -> (Desk, String) {
    let desk = Desk::open(database).await;
    desk.member("ada@example.org", EVENT, role).await;
    let token = desk.login("ada@example.org").await.access;
    (desk, token)
}

/// Runs a mutation about the event that must succeed.
async fn done(desk: &Desk, token: &str, mutation: &str, fields: &str, mut input: Value) -> Value {
    input["event"] = json!(EVENT);
    done_to(desk, token, mutation, fields, input).await
}

/// Runs a mutation about a record that must succeed.
async fn done_to(desk: &Desk, token: &str, mutation: &str, fields: &str, input: Value) -> Value {
    let payload = desk.run(Some(token), mutation, fields, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{mutation}: {payload}");
    payload
}

/// Takes a change back; answers the payload, or the error.
async fn undo(desk: &Desk, token: &str, change: &Value) -> Value {
    let input = json!({"event": EVENT, "change": change["sequence"]});
    desk.run(Some(token), "undoChange", "event { slug } node { __typename id }", input).await
}
