//! For those who run the server: where to look, whether it lives, whether it can answer, and what it counts.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, StatusCode, Uri};
use serde_json::json;

use super::Api;
use super::failure::problem;
use super::metrics::CONTENT_TYPE as OPENMETRICS;
use super::negotiation::prefers_html;

/// How long the database may take to give a sign of life.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where to look: GraphiQL for browsers, a list for programs.
pub(super) async fn root(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    if api.parts.config.graphql.graphiql && prefers_html(&headers) {
        return Redirect::temporary("/graphql").into_response();
    }
    let places = json!({
        "name": "Plenary",
        "version": env!("CARGO_PKG_VERSION"),
        "graphql": "/graphql",
        "events": "/events.json",
        "openapi": "/openapi.json",
        "health": "/healthz",
        "readiness": "/readyz",
        "metrics": "/metrics",
    });
    json_response(StatusCode::OK, &places)
}

fn json_response(status: StatusCode, body: &serde_json::Value) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (status, headers, body.to_string()).into_response()
}

/// Whether the process lives.
pub(super) async fn health() -> Response {
    json_response(StatusCode::OK, &json!({ "status": "ok" }))
}

/// Whether the server can answer. While the database is away it goes on answering from memory, so it is ready, but it
/// says so; only a server that has nothing to answer from is not.
pub(super) async fn readiness(State(api): State<Arc<Api>>) -> Response {
    let database = matches!(tokio::time::timeout(PATIENCE, api.parts.store.ping()).await, Ok(Ok(())));
    let events = api.parts.shelf.statistics().events;
    let (status, word) = match (database, events) {
        (true, _) => (StatusCode::OK, "ready"),
        (false, 1..) => (StatusCode::OK, "degraded"),
        (false, 0) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    let database = if database { "ok" } else { "away" };
    json_response(status, &json!({ "status": word, "database": database, "eventsInMemory": events }))
}

/// The keys that check this server's tokens, for others who take them (RFC 7517).
pub(super) async fn public_keys(State(api): State<Arc<Api>>) -> Response {
    match api.parts.accounts.public_keys() {
        Ok(keys) => {
            let headers = [(CONTENT_TYPE, "application/jwk-set+json"), (CACHE_CONTROL, "public, max-age=60")];
            (headers, json!(keys).to_string()).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the keys could not be shown");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "the keys could not be shown")
        }
    }
}

/// The counters.
pub(super) async fn metrics(State(api): State<Arc<Api>>) -> Response {
    match api.metrics.text() {
        Ok(text) => ([(CONTENT_TYPE, OPENMETRICS), (CACHE_CONTROL, "no-store")], text).into_response(),
        Err(_) => problem(StatusCode::INTERNAL_SERVER_ERROR, "the metrics could not be written"),
    }
}

pub(super) async fn not_found(uri: Uri) -> Response {
    let path: String = uri.path().chars().take(200).collect();
    problem(StatusCode::NOT_FOUND, &format!("there is nothing at {path}"))
}

pub(super) async fn method_not_allowed() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, "this address takes other methods: see the header Allow")
}
