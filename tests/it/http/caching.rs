//! What is kept, and for how long it is right: entity tags, compressed forms, persisted queries.

use std::sync::Arc;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, IF_NONE_MATCH};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::server::{GRAPHQL_RESPONSE, SLUG, TestServer, document, header, refused, send};
use crate::harness::sample;

const NAME: &str = "{ event(slug: \"sample\") { name } }";

#[tokio::test]
async fn an_answer_is_known_again_until_its_event_changes() {
    let server = TestServer::start().await;
    let (first, body) = send(server.get_query(NAME)).await;
    let tag = header(&first, "etag").to_owned();
    assert_eq!(header(&first, "cache-control"), "public, max-age=10, stale-while-revalidate=60");
    assert!(tag.starts_with('"') && header(&first, "vary").contains("authorization"));
    let (again, empty) = send(server.get_query(NAME).header(IF_NONE_MATCH, &tag)).await;
    assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, &*tag));
    assert!(empty.is_null());

    let mut other = sample::document(1_000, "other");
    Arc::make_mut(&mut other.event).name = "Another".to_owned();
    server.put(other).await;
    let (again, _) = send(server.get_query(NAME).header(IF_NONE_MATCH, &tag)).await;
    assert_eq!(again.status(), 304, "another event's change is no reason to send it again");

    let mut document = document();
    Arc::make_mut(&mut document.event).name = "A New Name".to_owned();
    server.put(document).await;
    let (changed, new) = send(server.get_query(NAME).header(IF_NONE_MATCH, &tag)).await;
    assert_eq!(changed.status(), 200);
    assert_ne!(body, new);
    assert_eq!(new["data"]["event"]["name"], "A New Name");
}

#[tokio::test]
async fn another_process_s_change_is_seen_within_a_second() {
    let server = TestServer::start().await;
    send(server.get_query(NAME)).await;
    let mut document = document();
    Arc::make_mut(&mut document.event).name = "Imported".to_owned();
    let elsewhere = crate::harness::database::open(&server.app.config.database.url).await;
    let editor = plenary::access::Viewer::Operator.creator().unwrap();
    elsewhere.put_document(&editor, document, sample::now()).await.unwrap();
    for _ in 0..50 {
        let (_, body) = send(server.get_query(NAME)).await;
        if body["data"]["event"]["name"] == "Imported" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the change was not seen");
}

#[tokio::test]
async fn equal_requests_share_an_answer_and_others_do_not() {
    let server = TestServer::start().await;
    let query = "query($slug: String!, $n: Int) { event(slug: $slug) { papers(first: $n) { nodes { title } } } }";
    let bodies = [
        json!({"query": query, "variables": {"slug": SLUG, "n": 1}}),
        json!({"variables": {"n": 1, "slug": SLUG}, "query": query, "more": true}),
    ];
    for body in bodies {
        for _ in 0..2 {
            let (_, body) = send(server.post(&body)).await;
            assert_eq!(body["data"]["event"]["papers"]["nodes"].as_array().unwrap().len(), 1, "{body}");
        }
    }
    let metrics = server.get("/metrics").send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("plenary_response_cache_misses_total 1\n"), "{metrics}");
    assert!(metrics.contains("plenary_response_cache_hits_total 3\n"), "{metrics}");
    let (_, none) = send(server.post(&json!({"query": query, "variables": {"slug": "other"}}))).await;
    assert!(none["data"]["event"].is_null());
}

#[tokio::test]
async fn answers_that_depend_on_the_moment_or_have_errors_are_not_kept() {
    let server = TestServer::start().await;
    for _ in 0..2 {
        send(server.get_query("{ event(slug: \"sample\", view: WORKING) { name } }")).await;
    }
    let metrics = server.get("/metrics").send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("plenary_response_cache_hits_total 0\n"), "{metrics}");
    let (failed, _) = send(server.get_query("{ event(slug: \"sample\", view: WORKING) { name } }")).await;
    assert_eq!(header(&failed, "cache-control"), "private, no-store");
}

#[tokio::test]
async fn each_form_of_an_answer_has_its_own_tag() {
    let server = TestServer::start().await;
    let query = include_str!("../../../src/graphql/guard/introspection.graphql");
    let plain = server.get_query(query).send().await.unwrap();
    let mut tags = vec![header(&plain, "etag").to_owned()];
    let expected = plain.bytes().await.unwrap();
    for (accept, name) in [("gzip", "gzip"), ("gzip, br", "br"), ("gzip, zstd", "zstd")] {
        for _ in 0..2 {
            let response = server.get_query(query).header(ACCEPT_ENCODING, accept).send().await.unwrap();
            assert_eq!(header(&response, "content-encoding"), name);
            tags.push(header(&response, "etag").to_owned());
            let body = response.bytes().await.unwrap();
            assert!(body.len() * 3 < expected.len());
            assert_eq!(unpacked(name, &body), expected);
        }
    }
    let other = server.get_query(query).header(ACCEPT, GRAPHQL_RESPONSE).send().await.unwrap();
    tags.push(header(&other, "etag").to_owned());
    tags.dedup();
    assert_eq!(tags.len(), 5, "{tags:?}");
}

/// What was packed as the header says.
pub(super) fn unpacked(name: &str, body: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut out = Vec::new();
    match name {
        "gzip" => flate2::read::GzDecoder::new(body).read_to_end(&mut out).unwrap(),
        "br" => brotli::Decompressor::new(body, 4096).read_to_end(&mut out).unwrap(),
        _ => zstd::Decoder::new(body).unwrap().read_to_end(&mut out).unwrap(),
    };
    out
}

#[tokio::test]
async fn persisted_queries_are_known_by_their_hash() {
    let server = TestServer::start().await;
    let hash: String = Sha256::digest(NAME).iter().map(|byte| format!("{byte:02x}")).collect();
    let extensions = json!({"persistedQuery": {"version": 1, "sha256Hash": hash}});
    let by_hash = json!({"extensions": extensions});
    refused(server.post(&by_hash), 200, "PERSISTED_QUERY_NOT_FOUND").await;
    refused(server.post(&by_hash).header(ACCEPT, GRAPHQL_RESPONSE), 400, "PERSISTED_QUERY_NOT_FOUND").await;
    let wrong = json!({"query": "{ __typename }", "extensions": extensions});
    refused(server.post(&wrong), 400, "BAD_REQUEST").await;
    let (_, first) = send(server.post(&json!({"query": NAME, "extensions": extensions}))).await;
    let (_, second) = send(server.post(&by_hash)).await;
    assert_eq!(first, second);
    let (response, third) = send(server.get(&format!("/graphql?extensions={extensions}"))).await;
    assert_eq!(first, third);
    assert!(header(&response, "cache-control").starts_with("public"));
    let unreadable = json!({"persistedQuery": {"version": 2, "sha256Hash": hash}});
    refused(server.post(&json!({"extensions": unreadable})), 400, "BAD_REQUEST").await;
}

#[tokio::test]
async fn a_server_without_caches_gives_the_same_answers() {
    let server = TestServer::start_with(|config| {
        config.cache.documents_bytes = 0;
        config.cache.persisted_bytes = 0;
        config.cache.responses_bytes = 0;
    })
    .await;
    for _ in 0..3 {
        let (response, body) = send(server.get_query(NAME)).await;
        assert_eq!(response.status(), 200);
        assert!(body["data"]["event"]["name"].is_string());
    }
    let metrics = server.get("/metrics").send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("plenary_response_cache_hits_total 0\n"), "{metrics}");
}
