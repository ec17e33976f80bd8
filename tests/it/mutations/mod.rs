//! Writing content from outside: every kind, whole jobs, who may, what is told, and many at once.

mod concurrent;
mod items;
mod jobs;
mod retries;
mod roles;

use plenary::access::Role;
use serde_json::{Value, json};

use crate::accounts::desk::{Desk, EVENT};

/// A server with an editor of the event, and their token.
async fn editor(database: &str) -> (Desk, String) {
    let desk = Desk::open(database).await;
    desk.member("ada@example.org", EVENT, Role::Editor).await;
    let token = desk.login("ada@example.org").await.access;
    (desk, token)
}

/// What everybody sees.
async fn public(desk: &Desk, query: &str) -> Value {
    desk.ask(None, &format!("{{ event(slug: \"{EVENT}\") {{ {query} }} }}"), json!({})).await["data"]["event"].clone()
}

/// The codes and fields of what is to be mended.
fn errors(payload: &Value) -> Vec<(String, String)> {
    let errors = payload["userErrors"].as_array().cloned().unwrap_or_default();
    let field = |error: &Value| {
        let parts = error["field"].as_array().cloned().unwrap_or_default();
        parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(".")
    };
    errors.iter().map(|error| (field(error), error["code"].as_str().unwrap_or_default().to_owned())).collect()
}
