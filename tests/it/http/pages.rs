//! Pages for people over HTTP: what browsers are told, and what the public never finds in them.

use std::sync::Arc;

use base64::Engine as _;
use plenary::access::Viewer;
use plenary::content::{Document, Publication};
use plenary::store::Version;
use reqwest::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
use reqwest::{Method, StatusCode};
use sha2::{Digest, Sha256};

use super::server::{TestServer, document, header};
use crate::harness::sample;

const PAGE: &str = "/events/sample";

async fn text(server: &TestServer, path: &str) -> String {
    let answer = server.get(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_page_is_answered_at_once_and_known_again() {
    let server = TestServer::start().await;
    for path in [PAGE, "/events"] {
        let first = server.get(path).send().await.unwrap();
        assert_eq!(first.status(), 200, "{path}");
        assert_eq!(header(&first, "content-type"), "text/html; charset=utf-8");
        assert_eq!(header(&first, "cache-control"), "public, max-age=10, stale-while-revalidate=60");
        let tag = header(&first, "etag").to_owned();
        let date = first.headers().get("last-modified").map(|date| date.to_str().unwrap().to_owned());
        assert_eq!(date.is_some(), path == PAGE);
        let policy = header(&first, "content-security-policy").to_owned();
        let body = first.text().await.unwrap();
        let (_, style) = body.split_once("<style>").unwrap();
        let style = style.split_once("</style>").unwrap().0;
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style));
        let expected = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; img-src http: https: data:; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'"
        );
        assert_eq!(policy, expected, "{path}");

        let head = server.client.request(Method::HEAD, server.url(path)).send().await.unwrap();
        assert_eq!((head.status(), header(&head, "etag")), (StatusCode::OK, &*tag));
        assert_eq!(header(&head, "content-length"), body.len().to_string());
        let mut conditions = vec![(IF_NONE_MATCH, tag, 304), (IF_NONE_MATCH, "\"other\"".to_owned(), 200)];
        conditions.extend(date.map(|date| (IF_MODIFIED_SINCE, date, 304)));
        conditions.push((IF_MODIFIED_SINCE, "Sun, 06 Nov 1994 08:49:37 GMT".to_owned(), 200));
        for (name, value, status) in conditions {
            let again = server.get(path).header(&name, &value).send().await.unwrap();
            assert_eq!(again.status(), status, "{path} {name}: {value}");
            assert_eq!(header(&again, "content-security-policy"), policy);
        }
    }
}

#[tokio::test]
async fn what_is_hidden_is_on_no_page() {
    let server = TestServer::start().await;
    let mut draft = sample::document(1_000, "draft");
    Arc::make_mut(&mut draft.event).name = "Secret draft".to_owned();
    server.put(draft).await;
    let mut hiding = document();
    let titles: Vec<String> = hiding.sessions.iter().map(|session| session.title.clone()).collect();
    let shown = text(&server, PAGE).await;
    assert!(titles.iter().any(|title| shown.contains(title.as_str())));
    let later = server.app.clock.now() + jiff::ToSpan::hours(24);
    for (place, paper) in hiding.papers.iter_mut().enumerate() {
        let paper = Arc::make_mut(paper);
        paper.title = format!("Secret paper {place}");
        if place % 2 == 0 {
            paper.head.published = false;
        } else {
            paper.head.publish_at = Some(later);
        }
    }
    for page in &mut hiding.pages {
        let page = Arc::make_mut(page);
        page.title = "Secret page".to_owned();
        page.head.publish_at = Some(later);
    }
    assert!(!hiding.papers.is_empty() && !hiding.pages.is_empty());
    server.put(hiding).await;
    let (page, list) = (text(&server, PAGE).await, text(&server, "/events").await);
    assert!(page != shown && !page.contains("Secret"), "{page}");
    assert!(list.contains("/events/sample\"") && !list.contains("Secret") && !list.contains("/events/draft"));
    let hidden = server.get("/events/draft").send().await.unwrap();
    let nothing = server.get("/events/nothing").send().await.unwrap();
    assert_eq!((hidden.status(), nothing.status()), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(hidden.text().await.unwrap(), nothing.text().await.unwrap());
    for (path, status) in [("/events/sample/releases/1", 404), ("/events/%ff", 400), ("/events/sample/", 404)] {
        assert_eq!(server.get(path).send().await.unwrap().status(), status, "{path}");
    }
    let posted = server.client.post(server.url(PAGE)).send().await.unwrap();
    assert_eq!((posted.status().as_u16(), header(&posted, "allow")), (405, "GET,HEAD"));
}

#[tokio::test]
async fn an_event_that_goes_changes_the_list() {
    let server = TestServer::start().await;
    let first = server.get("/events").send().await.unwrap();
    let tag = header(&first, "etag").to_owned();
    let mut gone = document();
    Arc::make_mut(&mut gone.event).publication = Publication::Draft;
    server.put(gone).await;
    let again = server.get("/events").header(IF_NONE_MATCH, tag).send().await.unwrap();
    assert_eq!(again.status(), 200);
    assert!(!again.text().await.unwrap().contains("/events/sample"));
}

/// Makes a release of what is stored.
async fn publish(server: &TestServer, document: &Document) {
    let publisher = Viewer::Operator.editor(&document.event).unwrap();
    let (store, version) = (&server.app.store, Version { name: None, note: None });
    store.publish(&publisher, document.event.id, version, sample::now()).await.unwrap().unwrap();
    server.app.shelf.refresh().await.unwrap();
}

#[tokio::test]
async fn a_release_has_its_page_and_says_when_it_is_old() {
    let server = TestServer::start().await;
    let mut document = document();
    Arc::make_mut(&mut document.event).publication = Publication::Released;
    server.put(document.clone()).await;
    publish(&server, &document).await;
    let mut renamed = document.clone();
    Arc::make_mut(&mut renamed.event).name = "Another name".to_owned();
    server.put(renamed.clone()).await;
    assert!(!text(&server, PAGE).await.contains("Another name"));
    publish(&server, &renamed).await;
    let (old, new) =
        (text(&server, "/events/sample/releases/1").await, text(&server, "/events/sample/releases/2").await);
    assert!(old.contains("This is release 1") && !old.contains("<h1>Another name"));
    assert!(!new.contains("This is release") && new.contains("<h1>Another name"));
    let page = text(&server, PAGE).await;
    assert!(page.contains("<h1>Another name") && page.contains("/events/sample/releases/1\""));
}
