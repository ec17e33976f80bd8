//! What is sent to break a GraphQL server: each gets a 4xx at once.

use std::fmt::Write;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use serde_json::json;

use super::server::{TestServer, refused, send};

/// How long a refusal may take.
const LIMIT: Duration = Duration::from_millis(50);

/// Sends a query that must be refused at once. Other tests run at the same time, so the best of a few times counts.
async fn refused_at_once(server: &TestServer, query: &str, code: &str) {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let request = server.query(query);
        let begin = Instant::now();
        refused(request, 400, code).await;
        best = best.min(begin.elapsed());
        if best < LIMIT {
            return;
        }
    }
    let shown: String = query.chars().take(60).collect();
    panic!("{shown} took {best:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn amplifications_are_refused_at_once() {
    let server = TestServer::start_with(|config| config.server.body_limit_bytes = 4 << 20).await;
    // The first request opens the connection, and the first parse builds the parser's tables.
    refused(server.query("{"), 400, "GRAPHQL_PARSE_FAILED").await;
    for steps in [16, 22, 31] {
        let mut query = "{ ...f0 } ".to_owned();
        for step in 0..steps {
            write!(query, "fragment f{step} on Query {{ ...f{0} ...f{0} }} ", step + 1).unwrap();
        }
        write!(query, "fragment f{steps} on Query {{ __typename }}").unwrap();
        refused_at_once(&server, &query, "TOO_COMPLEX").await;
    }
    let aliases: String = (0..1_000).map(|n| format!("a{n}: node(id: \"x\") {{ id }} ")).collect();
    refused_at_once(&server, &format!("{{ {aliases} }}"), "TOO_COMPLEX").await;
    let searches: String = (0..1_000).map(|n| format!("a{n}:search(query:\"a\"){{totalCount}}")).collect();
    refused_at_once(&server, &format!("{{ {searches} }}"), "TOO_COMPLEX").await;
    refused_at_once(&server, &format!("{{ {} }}", "a: __typename ".repeat(4_000)), "TOO_COMPLEX").await;
    refused_at_once(&server, &format!("{{ {} }}", "__typename ".repeat(1_500)), "TOO_COMPLEX").await;
    refused_at_once(&server, &"{ a".repeat(100_000), "TOO_COMPLEX").await;
    refused_at_once(&server, &format!("{{ a(b: {}", "[".repeat(100_000)), "TOO_COMPLEX").await;
    refused_at_once(&server, &format!("{{ __typename {} }}", "@skip(if: false) ".repeat(300)), "TOO_COMPLEX").await;
    let cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }";
    refused_at_once(&server, cycle, "GRAPHQL_VALIDATION_FAILED").await;
    refused_at_once(&server, &format!("{{ event(slug: \"{}\") {{ id }} }}", "x".repeat(40_000)), "TOO_COMPLEX").await;
    refused_at_once(
        &server,
        &format!("{{ papers(first: {}) {{ totalCount }} }}", "9".repeat(1_000)),
        "GRAPHQL_PARSE_FAILED",
    )
    .await;
    refused_at_once(
        &server,
        "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }",
        "TOO_COMPLEX",
    )
    .await;
    let pages = "{ events(first: 100) { nodes { papers(first: 100) { nodes { event { papers(first: 100) { nodes { \
                 event { papers(first: 100) { nodes { id } } } } } } } } } } }";
    refused_at_once(&server, pages, "TOO_COMPLEX").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_and_large_bodies_are_refused() {
    let server = TestServer::start().await;
    let batch = vec![json!({"query": "{ __typename }"}); 1_000];
    refused(server.post(&json!(batch)), 400, "BAD_REQUEST").await;
    let long = format!("{{\"query\":\"{{ __typename }}\",\"x\":\"{}\"}}", "x".repeat(70_000));
    refused(server.post_text(long.clone()), 413, "BAD_REQUEST").await;
    // The same without a length that is said beforehand.
    let body = reqwest::Body::wrap(Full::new(Bytes::from(long)).map_frame(|frame| frame));
    refused(server.post_text(body), 413, "BAD_REQUEST").await;
    let (response, _) = send(server.query("{ __typename }")).await;
    assert_eq!(response.status(), 200);
}
