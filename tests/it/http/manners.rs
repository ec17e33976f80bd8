//! The manners of everything public: every address that the lists in the code have, on servers that share a database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plenary::access::Viewer;
use plenary::content::{Document, Publication};
use plenary::feeds::{FEEDS, Feed, Values};
use plenary::store::Version;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH,
};
use reqwest::{Method, Response};
use serde_json::Value;

use super::caching::unpacked;
use super::server::{TestServer, document, header};
use crate::harness::database::{PostgresServer, config};
use crate::harness::{on_each_database, sample};

/// The release that is asked for where an address has a number.
const RELEASE: i32 = 2;

/// What an address answers, with what tells whether that is still so.
#[derive(Clone, Debug, PartialEq)]
struct Answered {
    tag: String,
    date: String,
    body: bytes::Bytes,
}

type All = BTreeMap<String, Answered>;

/// A server of a database, at an address that all of them have. The second keeps no answers: it makes each anew.
async fn server(database: &str, keeps: bool) -> TestServer {
    TestServer::over(|settings| {
        settings.database = config(database);
        settings.server.public_url = Some("https://plenary.example".to_owned());
        if !keeps {
            settings.cache.responses_bytes = 0;
        }
    })
    .await
}

/// Stores an event that is published by releases, with two of them.
async fn fill(server: &TestServer) {
    let mut shown = document();
    for item in &mut shown.announcements {
        Arc::make_mut(item).head.published = true;
    }
    server.put(shown).await;
    let (editor, event) = (Viewer::Operator.creator().unwrap(), document().event.id);
    let store = &server.app.store;
    // The first is there so that the event does not vanish; only later ones are for everybody for good.
    store.publish(&editor, event, Version::default(), sample::now()).await.unwrap().unwrap();
    store.set_publication(&editor, event, Publication::Released, sample::now()).await.unwrap().unwrap();
    store.publish(&editor, event, Version::default(), sample::at("2022-11-03T00:00:00Z")).await.unwrap().unwrap();
    server.app.shelf.refresh().await.unwrap();
}

/// Every public address with content, by the lists that routes and descriptions are made from.
async fn addresses(server: &TestServer) -> Vec<String> {
    let whole: Value = server.get("/events/sample.json").send().await.unwrap().json().await.unwrap();
    let described: Value = server.get("/openapi.json").send().await.unwrap().json().await.unwrap();
    let paths = described["paths"].as_object().unwrap().keys().filter(|path| path.starts_with("/events"));
    let mut addresses: BTreeSet<String> = paths
        .map(|path| {
            let list = path.trim_end_matches("/{item}.json").rsplit('/').next().unwrap();
            let id = whole[list][0]["id"].as_str().unwrap_or_default();
            path.replace("{event}", "sample").replace("{number}", &RELEASE.to_string()).replace("{item}", id)
        })
        .collect();
    for feed in FEEDS {
        for query in queries(feed, &whole) {
            let (path, separator) = (feed.path, if query.is_empty() { "" } else { "?" });
            addresses.insert(format!("/events/sample/{path}{separator}{query}"));
            addresses.insert(format!("/events/sample/releases/{RELEASE}/{path}{separator}{query}"));
        }
    }
    let pages = ["/events", "/events/sample", "/events/sample/releases/2", "/openapi.json"];
    addresses.extend(pages.map(str::to_owned));
    addresses.into_iter().collect()
}

/// What a feed can be asked for: nothing, and each of its parameters alone.
fn queries(feed: &Feed, whole: &Value) -> Vec<String> {
    let mut queries = vec![String::new()];
    for parameter in feed.parameters {
        let name = parameter.name;
        match parameter.values {
            Values::Of(values) => queries.extend(values.iter().map(|value| format!("{name}={value}"))),
            Values::Any | Values::Matching(_) => {
                let list = match name {
                    "person" => "people",
                    "sessions" => "sessions",
                    "track" => "tracks",
                    "room" => "rooms",
                    other => panic!("say what is asked of {} with {other}", feed.path),
                };
                let item = &whole[list][0];
                let value = item["slug"].as_str().or(item["id"].as_str()).unwrap();
                queries.push(format!("{name}={value}"));
            }
        }
    }
    queries
}

async fn ask(server: &TestServer, address: &str) -> Answered {
    let response = server.get(address).send().await.unwrap();
    assert_eq!(response.status(), 200, "{address}");
    let [tag, date] = ["etag", "last-modified"].map(|name| header(&response, name).to_owned());
    Answered { tag, date, body: response.bytes().await.unwrap() }
}

async fn all(server: &TestServer, addresses: &[String]) -> All {
    let mut all = All::new();
    for address in addresses {
        all.insert(address.clone(), ask(server, address).await);
    }
    all
}

/// The document with another name for everything that has one.
fn renamed(document: &Document) -> Document {
    let mut json = serde_json::to_value(document).unwrap();
    json["event"]["name"] = "Another name".into();
    for item in json.as_object_mut().unwrap().values_mut().filter_map(Value::as_array_mut).flatten() {
        for key in ["name", "title", "label", "honorific"] {
            if let Some(text) = item.get(key).and_then(Value::as_str) {
                item[key] = format!("{text} 2").into();
            }
        }
    }
    serde_json::from_value(json).unwrap()
}

/// The addresses that differ between two answers to everything.
fn differing(one: &All, other: &All, by: impl Fn(&Answered, &Answered) -> bool) -> Vec<String> {
    one.iter().filter(|(address, answer)| by(answer, &other[*address])).map(|(address, _)| address.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_of_a_database_agree_and_know_what_has_changed() {
    on_each_database(async |database| {
        let (one, two) = (server(&database, true).await, server(&database, false).await);
        fill(&one).await;
        two.app.shelf.refresh().await.unwrap();
        let addresses = addresses(&one).await;
        assert!(addresses.len() > 100, "{addresses:?}");
        let first = all(&one, &addresses).await;
        for (address, answer) in &first {
            assert!(answer.tag.starts_with('"') && answer.tag.len() > 20, "{address}: {}", answer.tag);
            // A list of events says nothing of when one of them went, and the description is older than all.
            assert_eq!(!answer.date.is_empty(), address.starts_with("/events/"), "{address}: {}", answer.date);
        }
        assert_eq!(differing(&first, &all(&two, &addresses).await, PartialEq::ne), [""; 0], "another server");
        drop(one);
        let one = server(&database, true).await;
        assert_eq!(differing(&first, &all(&one, &addresses).await, PartialEq::ne), [""; 0], "the server started again");

        let mut other = sample::document(1_000, "other");
        Arc::make_mut(&mut other.event).publication = Publication::Live;
        one.put(other).await;
        two.app.shelf.refresh().await.unwrap();
        for server in [&one, &two] {
            let now = all(server, &addresses).await;
            assert_eq!(differing(&first, &now, PartialEq::ne), ["/events", "/events.json"], "another event");
        }
        let before = all(&one, &addresses).await;

        let (editor, event) = (Viewer::Operator.creator().unwrap(), document().event.id);
        let stored = one.app.store.load(event).await.unwrap().unwrap().document;
        let later = sample::at("2022-12-05T00:00:00Z");
        one.app.store.put_document(&editor, renamed(&stored), later).await.unwrap();
        one.app.store.publish(&editor, event, Version::default(), later).await.unwrap().unwrap();
        for server in [&one, &two] {
            server.app.shelf.refresh().await.unwrap();
        }
        let after = all(&one, &addresses).await;
        assert_eq!(differing(&after, &all(&two, &addresses).await, PartialEq::ne), [""; 0], "another server, after it");
        // The page of a release says that there is a newer one.
        let page = format!("/events/sample/releases/{RELEASE}");
        let is_fixed = |address: &str| address.contains("/releases/") && address != page || address == "/openapi.json";
        let same = differing(&before, &after, |one, other| one.tag == other.tag);
        let fixed: Vec<_> = addresses.iter().filter(|address| is_fixed(address)).cloned().collect();
        assert_eq!(same, fixed, "what is not of a release has changed");
        for (address, answer) in before.iter().filter(|(address, _)| !is_fixed(address)) {
            let asked = one.get(address).header(IF_NONE_MATCH, &answer.tag).send().await.unwrap();
            assert_eq!(asked.status(), 200, "{address}");
            if !answer.date.is_empty() {
                assert_ne!(answer.date, after[address].date, "{address}");
                let asked = one.get(address).header(IF_MODIFIED_SINCE, &answer.date).send().await.unwrap();
                assert_eq!(asked.status(), 200, "{address}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_answered_while_the_database_is_away() {
    let postgres = PostgresServer::start();
    let server = server(&postgres.database().await, false).await;
    fill(&server).await;
    let addresses = addresses(&server).await;
    let before = all(&server, &addresses).await;
    drop(postgres);
    assert_eq!(differing(&before, &all(&server, &addresses).await, PartialEq::ne), [""; 0]);
}

/// The headers of an answer but those that are of the moment, and those of the body where there is none.
fn lasting(response: &Response) -> HeaderMap {
    let mut headers = response.headers().clone();
    headers.remove(DATE);
    headers.remove("x-request-id");
    headers
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_keeps_to_the_manners() {
    let server = TestServer::over(|_| {}).await;
    fill(&server).await;
    for address in addresses(&server).await {
        let whole = server.get(&address).send().await.unwrap();
        assert_eq!((whole.status().as_u16(), whole.url().path()), (200, address.split('?').next().unwrap()));
        let headers = lasting(&whole);
        let vary = header(&whole, "vary").to_owned();
        assert!(vary.split(", ").any(|name| name == "accept-encoding"), "{address}: {vary}");
        assert_eq!(header(&whole, "access-control-allow-origin"), "*", "{address}");
        assert!(!header(&whole, "cache-control").contains("no-store"), "{address}");
        let exposed = header(&whole, "access-control-expose-headers").to_owned();
        assert!(["etag", "last-modified", "link"].iter().all(|name| exposed.contains(name)), "{address}: {exposed}");
        let [tag, date] = ["etag", "last-modified"].map(|name| header(&whole, name).to_owned());
        let body = whole.bytes().await.unwrap();

        let head = server.client.request(Method::HEAD, server.url(&address)).send().await.unwrap();
        assert_eq!((head.status().as_u16(), &lasting(&head)), (200, &headers), "{address}");
        assert_eq!(header(&head, "content-length"), body.len().to_string(), "{address}");
        assert!(head.bytes().await.unwrap().is_empty(), "{address}");

        let mut kept = headers.clone();
        for name in [CONTENT_LENGTH, CONTENT_TYPE] {
            kept.remove(name);
        }
        let mut conditions = vec![
            (vec![(IF_NONE_MATCH, tag.clone())], true),
            (vec![(IF_NONE_MATCH, format!("\"other\", {tag}"))], true),
            (vec![(IF_NONE_MATCH, format!("W/{tag}"))], true),
            (vec![(IF_NONE_MATCH, "*".to_owned())], true),
            (vec![(IF_NONE_MATCH, "\"other\"".to_owned()), (IF_NONE_MATCH, tag.clone())], true),
            (vec![(IF_NONE_MATCH, "\"other\"".to_owned())], false),
            (vec![(IF_MODIFIED_SINCE, "Sun, 06 Nov 1994 08:49:37 GMT".to_owned())], false),
            (vec![(IF_MODIFIED_SINCE, "soon".to_owned())], false),
        ];
        if !date.is_empty() {
            conditions.push((vec![(IF_MODIFIED_SINCE, date.clone())], true));
            conditions.push((vec![(IF_NONE_MATCH, "\"other\"".to_owned()), (IF_MODIFIED_SINCE, date)], false));
        }
        for (condition, is_known) in conditions {
            for method in [Method::GET, Method::HEAD] {
                let request = server.client.request(method.clone(), server.url(&address));
                let request = condition.iter().fold(request, |request, (name, value)| request.header(name, value));
                let answer = request.send().await.unwrap();
                if !is_known {
                    assert_eq!(
                        (answer.status().as_u16(), &lasting(&answer)),
                        (200, &headers),
                        "{address} {condition:?}"
                    );
                    continue;
                }
                assert_eq!(answer.status(), 304, "{address} {method} {condition:?}");
                let mut left = lasting(&answer);
                left.remove(CONTENT_LENGTH);
                assert_eq!(left, kept, "{address} {method} {condition:?}");
                assert!(answer.bytes().await.unwrap().is_empty(), "{address}");
            }
        }

        let mut tags = BTreeSet::from([tag]);
        for encoding in ["gzip", "br", "zstd"] {
            let packed = server.get(&address).header(ACCEPT_ENCODING, encoding).send().await.unwrap();
            if packed.headers().contains_key(CONTENT_ENCODING) {
                assert_eq!(
                    (header(&packed, "content-encoding"), header(&packed, "vary")),
                    (encoding, &*vary),
                    "{address}"
                );
                let tag = header(&packed, "etag").to_owned();
                assert!(tags.insert(tag.clone()), "{address}: other bytes are told by another tag");
                assert_eq!(unpacked(encoding, &packed.bytes().await.unwrap()), body, "{address}");
                let again = server.get(&address).header(ACCEPT_ENCODING, encoding).header(IF_NONE_MATCH, tag);
                assert_eq!(again.send().await.unwrap().status(), 304, "{address}");
            } else {
                assert!(body.len() < 1024, "{address} is not packed as {encoding}");
            }
        }
        let preflight =
            server.client.request(Method::OPTIONS, server.url(&address)).header("origin", "https://a.example");
        let preflight = preflight.header("access-control-request-method", "GET");
        let preflight = preflight.header("access-control-request-headers", "if-none-match").send().await.unwrap();
        assert!(preflight.status().is_success(), "{address}");
        assert_eq!(header(&preflight, "access-control-allow-origin"), "*", "{address}");
        assert!(header(&preflight, "access-control-allow-headers").contains("if-none-match"), "{address}");
    }
}
