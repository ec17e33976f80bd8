//! The working view: refused to those without a token, shown to those with one, and never kept for others.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use plenary::access::key_file;
use reqwest::header::AUTHORIZATION;
use serde_json::json;

use super::server::{SLUG, TestServer, document, header, refused, send};

const DRAFTS: &str = "{ event(slug: \"sample\", view: WORKING) { name } }";

#[expect(clippy::disallowed_methods, reason = "the server under test has the system's clock")]
fn now() -> Timestamp {
    Timestamp::now()
}

#[tokio::test]
async fn the_working_view_needs_a_token_for_the_event() {
    let server = TestServer::start().await;
    let (response, body) = send(server.query(DRAFTS)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{body}");

    let path = server.file("key.pem");
    // Whoever sends a token before there is a key is refused too.
    refused(server.query(DRAFTS).header(AUTHORIZATION, "Bearer a.b.c"), 401, "UNAUTHENTICATED").await;
    let key = key_file::read_or_create(&path).unwrap();
    let token = |events| key.issue("preview", events, now(), SignedDuration::from_mins(5)).unwrap();
    let good = format!("Bearer {}", token(Some(vec![SLUG.to_owned()])));
    for _ in 0..2 {
        let (response, body) = send(server.query(DRAFTS).header(AUTHORIZATION, &good)).await;
        assert!(body["data"]["event"]["name"].is_string(), "{body}");
        assert_eq!(header(&response, "cache-control"), "private, no-store");
    }
    let other = format!("Bearer {}", token(Some(vec!["other".to_owned()])));
    let (_, body) = send(server.query(DRAFTS).header(AUTHORIZATION, other)).await;
    assert!(body["data"]["event"].is_null(), "{body}");
    let (_, body) = send(server.query(DRAFTS)).await;
    assert!(body["data"]["event"].is_null(), "{body}");
}

#[tokio::test]
async fn a_bad_token_is_refused_and_never_ignored() {
    let server = TestServer::start().await;
    let key = key_file::read_or_create(&server.file("key.pem")).unwrap();
    let expired = key.issue("x", None, now() - SignedDuration::from_hours(2), SignedDuration::from_hours(1)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let stranger = key_file::read_or_create(&folder.path().join("key.pem")).unwrap();
    let strange = stranger.issue("x", None, now(), SignedDuration::from_hours(1)).unwrap();
    for credentials in [
        format!("Bearer {expired}"),
        format!("Bearer {strange}"),
        "Bearer".to_owned(),
        "Bearer nonsense".to_owned(),
        "Basic dXNlcjpwYXNz".to_owned(),
        String::new(),
    ] {
        let request = server.query("{ __typename }").header(AUTHORIZATION, &credentials);
        let response = refused(request, 401, "UNAUTHENTICATED").await;
        assert!(header(&response, "www-authenticate").starts_with("Bearer"), "{credentials}");
        assert_eq!(header(&response, "cache-control"), "no-store");
    }
}

#[tokio::test]
async fn drafts_are_in_no_answer_that_was_kept() {
    let server = TestServer::start().await;
    let mut document = document();
    let paper = Arc::make_mut(&mut document.papers[0]);
    paper.title = "A Secret Draft".to_owned();
    paper.head.published = false;
    server.put(document).await;
    let key = key_file::read_or_create(&server.file("key.pem")).unwrap();
    let token = key.issue("preview", None, now(), SignedDuration::from_mins(5)).unwrap();
    let query =
        |view: &str| format!("{{ event(slug: \"{SLUG}\", view: {view}) {{ papers {{ nodes {{ title }} }} }} }}");
    let ask = async |view: &str, token: Option<&str>| {
        let request = server.post(&json!({"query": query(view)}));
        let request = token.iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        send(request).await.1.to_string()
    };
    assert!(ask("WORKING", Some(&token)).await.contains("Secret"));
    assert!(!ask("WORKING", None).await.contains("Secret"));
    assert!(!ask("PUBLIC", Some(&token)).await.contains("Secret"));
    assert!(!ask("PUBLIC", None).await.contains("Secret"));
}
