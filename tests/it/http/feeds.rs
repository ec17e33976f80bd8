//! Feeds over HTTP: what standard clients ask with, and what they are told.

use std::sync::Arc;

use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use reqwest::{Method, StatusCode};

use super::server::{TestServer, document, header};
use crate::harness::sample;

const XML: &str = "/events/sample/schedule.xml";
const LONG_AGO: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

#[tokio::test]
async fn every_feed_is_answered_and_known_again() {
    let server = TestServer::start().await;
    for feed in plenary::feeds::FEEDS {
        let path = format!("/events/sample/{}", feed.path);
        let first = server.get(&path).send().await.unwrap();
        assert_eq!(first.status(), 200, "{path}");
        assert_eq!(header(&first, "content-type"), feed.media_type);
        assert_eq!(header(&first, "cache-control"), "public, max-age=10, stale-while-revalidate=60");
        assert_eq!(header(&first, "vary"), "accept-encoding");
        assert_eq!(header(&first, "access-control-allow-origin"), "*");
        let (tag, date) = (header(&first, "etag").to_owned(), header(&first, "last-modified").to_owned());
        let body = first.bytes().await.unwrap();

        let head = server.client.request(Method::HEAD, server.url(&path)).send().await.unwrap();
        assert_eq!((head.status(), header(&head, "etag")), (StatusCode::OK, &*tag));
        assert_eq!(header(&head, "content-length"), body.len().to_string());
        for (name, value, other, status) in [
            (IF_NONE_MATCH, &*tag, None, 304),
            (IF_NONE_MATCH, "\"other\"", None, 200),
            (IF_NONE_MATCH, "\"other\"", Some(&*date), 200),
            (IF_NONE_MATCH, &*tag, Some(LONG_AGO), 304),
            (IF_MODIFIED_SINCE, &*date, None, 304),
            (IF_MODIFIED_SINCE, LONG_AGO, None, 200),
            (IF_MODIFIED_SINCE, "yesterday", None, 200),
        ] {
            let mut request = server.get(&path).header(&name, value);
            if let Some(other) = other {
                request = request.header(IF_MODIFIED_SINCE, other);
            }
            let again = request.send().await.unwrap();
            assert_eq!(again.status(), status, "{path} {name}: {value}");
            assert_eq!((header(&again, "etag"), header(&again, "last-modified")), (&*tag, &*date));
        }
        let mut tags = std::collections::HashSet::from([tag]);
        for encoding in ["gzip", "br", "zstd"] {
            let compressed = server.get(&path).header(ACCEPT_ENCODING, encoding).send().await.unwrap();
            if body.len() >= 1024 {
                assert_eq!(header(&compressed, "content-encoding"), encoding);
                assert!(tags.insert(header(&compressed, "etag").to_owned()));
            }
        }
    }
}

#[tokio::test]
async fn a_change_also_one_that_takes_away_is_a_new_answer() {
    let server = TestServer::start().await;
    let first = server.get(XML).send().await.unwrap();
    let (tag, date) = (header(&first, "etag").to_owned(), header(&first, "last-modified").to_owned());
    let editor = plenary::access::Viewer::Operator.creator().unwrap();
    let mut less = document();
    let parents: Vec<_> = less.sessions.iter().filter_map(|session| session.parent).collect();
    let is_leaf = |session: &plenary::content::Session| !parents.contains(&session.head.id);
    let leaf = less.sessions.iter().rposition(|session| session.starts_at.is_some() && is_leaf(session)).unwrap();
    less.sessions.remove(leaf);
    let later = server.app.clock.now() + jiff::ToSpan::hours(1);
    server.app.store.put_document(&editor, less, later).await.unwrap();
    server.app.shelf.refresh().await.unwrap();
    for (name, value) in [(IF_NONE_MATCH, tag), (IF_MODIFIED_SINCE, date)] {
        let answer = server.get(XML).header(&name, &value).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name}: {value}");
    }
}

#[tokio::test]
async fn what_can_t_be_answered_is_told_as_problem_details() {
    let server = TestServer::start().await;
    let mut draft = sample::document(1_000, "draft");
    Arc::make_mut(&mut draft.event).name = "Secret".to_owned();
    server.put(draft).await;
    for (path, status) in [
        ("/events/nothing/schedule.xml", 404),
        ("/events/draft/schedule.xml", 404),
        ("/events/sample/releases/1/schedule.xml", 404),
        ("/events/sample/releases/x/schedule.xml", 404),
        ("/events/sample/releases/99999999999/schedule.xml", 404),
        ("/events/%00%ff/schedule.xml", 400),
        ("/events/sample/schedule.doc", 404),
        ("/events/sample/sessionize/view/All?tz=mars", 400),
        ("/events/sample/sessionize/view/All?tz=utc&tz=utc", 400),
        ("/events/sample/sessionize/view/All?tz=local&cache=1&cache=2", 200),
    ] {
        let answer = server.get(path).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        if status != 200 {
            assert_eq!(header(&answer, "content-type"), "application/problem+json", "{path}");
            assert!(!answer.text().await.unwrap().contains("Secret"));
        }
    }
    let posted = server.client.post(server.url(XML)).send().await.unwrap();
    assert_eq!((posted.status().as_u16(), header(&posted, "allow")), (405, "GET,HEAD"));
    let refused = server.get(XML).header(AUTHORIZATION, "Bearer nonsense").send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let odd = server.get(XML).header(HOST, "a\"b").send().await.unwrap();
    assert_eq!(odd.status(), 400);
}

#[tokio::test]
async fn addresses_are_where_the_client_asked_or_where_the_settings_say() {
    let server = TestServer::start().await;
    let body = server.get(XML).header(HOST, "one.example").send().await.unwrap().text().await.unwrap();
    assert!(body.contains("<url>http://one.example/events/sample/schedule.xml</url>"), "{body}");
    let body = server.get(XML).header(HOST, "two.example").send().await.unwrap().text().await.unwrap();
    assert!(body.contains("<url>http://two.example/events/sample/schedule.xml</url>"));
    let fixed = |config: &mut plenary::config::Config| {
        config.server.public_url = Some("https://fixed.example/sub".to_owned());
    };
    let server = TestServer::start_with(fixed).await;
    let body = server.get(XML).send().await.unwrap().text().await.unwrap();
    assert!(body.contains("<url>https://fixed.example/sub/events/sample/schedule.xml</url>"));
}
