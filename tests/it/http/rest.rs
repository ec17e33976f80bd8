//! JSON over plain HTTP: lists, items, the document, and the description of it all.

use std::sync::Arc;

use plenary::access::Viewer;
use plenary::content::Publication;
use plenary::rest::COLLECTIONS;
use plenary::store::Version;
use reqwest::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
use serde_json::{Value, json};

use super::server::{TestServer, document, header};
use crate::harness::sample;

async fn get(server: &TestServer, path: &str) -> Value {
    let answer = server.get(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(header(&answer, "content-type"), "application/json", "{path}");
    answer.json().await.unwrap()
}

#[tokio::test]
async fn lists_and_items_are_what_the_document_has() {
    let server = TestServer::start().await;
    let whole = get(&server, "/events/sample.json").await;
    let stored = server.app.store.load(document().event.id).await.unwrap().unwrap().document;
    assert_eq!(whole["sessions"], serde_json::to_value(&stored.sessions).unwrap());
    assert_eq!(whole["event"], serde_json::to_value(&stored.event).unwrap());
    for collection in COLLECTIONS {
        let name = collection.name;
        let items = whole[name].as_array().unwrap();
        let listed = get(&server, &format!("/events/sample/{name}.json")).await;
        assert_eq!((&listed["items"], &listed["totalCount"]), (&whole[name], &json!(items.len())), "{name}");
        for item in items {
            for key in ["id", "slug"] {
                let Some(key) = item[key].as_str() else { continue };
                let one = get(&server, &format!("/events/sample/{name}/{key}.json")).await;
                assert_eq!(&one["item"], item, "{name} {key}");
            }
        }
    }
    let speakers = get(&server, "/events/sample/speakers.json").await;
    let person = speakers["items"][0]["person"].as_str().unwrap();
    let people = speakers["people"].as_array().unwrap();
    assert!(people.iter().any(|there| there["id"] == person), "who speaks is in the same answer");
    let events = get(&server, "/events.json").await;
    assert_eq!(events["items"], json!([whole["event"]]));
}

#[tokio::test]
async fn pages_lead_to_each_other_and_have_every_item_once() {
    let server = TestServer::start().await;
    let all = get(&server, "/events/sample/sessions.json?fields=title").await;
    assert!(all["items"][0].as_object().unwrap().keys().eq(["id", "title"]));
    let mut found = Vec::new();
    let mut next = Some(server.url("/events/sample/sessions.json?limit=2&fields=title"));
    while let Some(url) = next {
        let answer = server.client.get(&url).send().await.unwrap();
        let link = header(&answer, "link").to_owned();
        let page: Value = answer.json().await.unwrap();
        assert_eq!(page["totalCount"], all["totalCount"]);
        let items = page["items"].as_array().unwrap();
        assert!((1..=2).contains(&items.len()));
        found.extend(items.iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
        let said = next.as_ref().is_none_or(|next| link.contains(&format!("<{next}>; rel=\"next\"")));
        assert!(said && link.contains("rel=\"next\"") == next.is_some() && link.contains("rel=\"first\""), "{link}");
    }
    assert_eq!(json!(found), all["items"]);
}

#[tokio::test]
async fn what_changed_since_is_listed_also_when_a_release_brought_it() {
    let server = TestServer::start().await;
    let editor = Viewer::Operator.creator().unwrap();
    let changed = async |since: &str| {
        let path = format!("/events/sample/rooms.json?fields=name&updatedSince={since}");
        let page = get(&server, &path).await;
        let names = page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    let all = document().rooms.len();
    assert_eq!(changed("2022-11-01T12:00:00Z").await.len(), all, "at the very instant is since");
    assert!(changed("2022-11-01T13:00:01%2B01:00").await.is_empty());

    let event = document().event.id;
    let release = async |at: &str| {
        server.app.store.publish(&editor, event, Version::default(), sample::at(at)).await.unwrap().unwrap();
        server.app.shelf.refresh().await.unwrap();
    };
    release("2022-11-03T00:00:00Z").await;
    let then = sample::at("2022-11-03T00:00:01Z");
    server.app.store.set_publication(&editor, event, Publication::Released, then).await.unwrap().unwrap();
    release("2022-11-03T06:00:00Z").await;
    let mut next = document();
    Arc::make_mut(&mut next.event).publication = Publication::Released;
    Arc::make_mut(&mut next.rooms[0]).name = "Renamed".to_owned();
    server.app.store.put_document(&editor, next, sample::at("2022-11-04T00:00:00Z")).await.unwrap();
    server.app.shelf.refresh().await.unwrap();
    assert!(changed("2022-11-03T12:00:00Z").await.is_empty(), "it is not released");
    release("2022-11-06T00:00:00Z").await;
    assert_eq!(changed("2022-11-05T00:00:00Z").await, ["Renamed"], "written before, published since");
    assert!(changed("2022-11-07T00:00:00Z").await.is_empty());
    let frozen = get(&server, "/events/sample/releases/2/rooms.json?fields=name").await;
    assert_ne!(frozen["items"][0]["name"], "Renamed");
    let numbers = get(&server, "/events/sample/releases.json?fields=number").await;
    let numbers: Vec<_> = numbers["items"].as_array().unwrap().iter().map(|item| item["number"].clone()).collect();
    assert_eq!(numbers, [2, 3], "the first was made before there were releases for everybody");
}

#[tokio::test]
async fn what_can_t_be_answered_says_why() {
    let server = TestServer::start().await;
    server.put(sample::document(1_000, "draft")).await;
    for (path, status, words) in [
        ("/events/draft.json", 404, "no such event"),
        ("/events/nothing.json", 404, "no such event"),
        ("/events/draft/rooms.json", 404, "no such event"),
        ("/events/sample/secrets.json", 404, "/openapi.json"),
        ("/events/sample/rooms/nothing.json", 404, "rooms"),
        ("/events/sample/releases/1.json", 404, "release"),
        ("/events/sample/rooms.json?limit=501", 400, "500"),
        ("/events/sample/rooms.json?Limit=1", 400, "updatedSince"),
        ("/events/sample/rooms.json?fields=password", 400, "capacity"),
        ("/events/sample/rooms.json?updatedSince=yesterday", 400, "date-time"),
        ("/events/sample/rooms.json?limit=1&limit=2", 400, "once"),
        ("/events/sample/rooms.json?after=01840000-0000-7000-8000-00000000ffff", 404, "begin again"),
        ("/events/sample/releases/1/rooms.json?updatedSince=2022-11-05T00:00:00Z", 400, "limit"),
    ] {
        let answer = server.get(path).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (status, "application/problem+json"));
        let problem: Value = answer.json().await.unwrap();
        assert!(problem["detail"].as_str().unwrap().contains(words), "{path}: {problem}");
    }
    let events = get(&server, "/events.json").await;
    assert_eq!(events["totalCount"], 1, "drafts are not there");
}

#[tokio::test]
async fn the_answer_is_known_again() {
    let server = TestServer::start().await;
    for path in ["/events/sample.json", "/events/sample/sessions.json?limit=1", "/events.json", "/openapi.json"] {
        let first = server.get(path).send().await.unwrap();
        let tag = header(&first, "etag").to_owned();
        let again = server.get(path).header(IF_NONE_MATCH, &tag).send().await.unwrap();
        assert_eq!(again.status(), 304, "{path}");
        if let Some(date) = first.headers().get("last-modified") {
            let again = server.get(path).header(IF_MODIFIED_SINCE, date).send().await.unwrap();
            assert_eq!(again.status(), 304, "{path}");
        }
    }
}

#[tokio::test]
async fn every_address_of_the_description_answers_as_it_says() {
    let server = TestServer::start().await;
    let mut shown = document();
    for item in &mut shown.announcements {
        Arc::make_mut(item).head.published = true;
    }
    server.put(shown).await;
    let editor = Viewer::Operator.creator().unwrap();
    let event = document().event.id;
    server.app.store.publish(&editor, event, Version::default(), sample::now()).await.unwrap().unwrap();
    server.app.store.set_publication(&editor, event, Publication::Released, sample::now()).await.unwrap().unwrap();
    server.app.shelf.refresh().await.unwrap();
    let whole = get(&server, "/events/sample.json").await;
    let description = get(&server, "/openapi.json").await;
    for (path, item) in description["paths"].as_object().unwrap() {
        let list = path.trim_end_matches("/{item}.json").rsplit('/').next().unwrap();
        let id = whole[list][0]["id"].as_str().unwrap_or_default();
        let address = path.replace("{event}", "sample").replace("{number}", "1").replace("{item}", id);
        let answer = server.get(&address).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let media_type = header(&answer, "content-type").split(';').next().unwrap().to_owned();
        assert!(item["get"]["responses"]["200"]["content"][&media_type].is_object(), "{path}: {media_type}");
    }
    let viewer = server.get("/openapi/").send().await.unwrap();
    assert_eq!(viewer.status(), 200);
    assert!(header(&viewer, "content-security-policy").contains("script-src 'self'"));
    let again = server.get("/openapi/").header(IF_NONE_MATCH, header(&viewer, "etag")).send().await.unwrap();
    assert_eq!(again.status(), 304);
    let page = server.get("/openapi").send().await.unwrap();
    assert_eq!((page.status().as_u16(), header(&page, "location")), (308, "openapi/"));
    assert_eq!(server.get("/openapi/nothing.js").send().await.unwrap().status(), 404);
    let script = server.get("/openapi/swagger-initializer.js").send().await.unwrap().text().await.unwrap();
    assert!(script.contains("../openapi.json"), "{script}");
}
