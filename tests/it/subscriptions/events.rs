//! Server-sent events: GraphQL over SSE, one operation for each request.

use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan;
use parking_lot::Mutex;
use plenary::clock::Clock;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{Watched, document, paper, put, subscription};
use crate::harness::sample;

/// An event of a stream.
#[derive(Debug, Default, PartialEq)]
struct Event {
    name: String,
    id: Option<String>,
    data: Value,
}

struct Events {
    response: Response,
    rest: String,
    /// Comments that came by.
    signs_of_life: usize,
}

impl Events {
    async fn of(request: RequestBuilder) -> Events {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Events { response, rest: String::new(), signs_of_life: 0 }
    }

    /// The next event; `None` at the end of the stream, however it ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.rest = rest;
                let mut event = Event::default();
                for line in block.lines() {
                    match line.split_once(':').unwrap() {
                        ("", _) => self.signs_of_life += 1,
                        ("event", name) => event.name = name.trim().to_owned(),
                        ("id", id) => event.id = Some(id.trim().to_owned()),
                        ("data", data) => event.data = serde_json::from_str(data.trim()).unwrap_or(Value::Null),
                        other => panic!("{other:?}"),
                    }
                }
                if !event.name.is_empty() {
                    return Some(event);
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.response.chunk()).await.unwrap();
            self.rest.push_str(std::str::from_utf8(&chunk.ok().flatten()?).unwrap());
        }
    }
}

fn ask(server: &Watched, query: &str) -> RequestBuilder {
    let body = json!({"query": query}).to_string();
    let request = Client::new().post(format!("http://{}/graphql", server.address));
    request.header("accept", "text/event-stream").header("content-type", "application/json").body(body)
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_come_as_events_and_go_on_from_the_last() {
    let (server, _folder) = Watched::alone(|config| config.subscriptions.keep_alive_ms = 50).await;
    let mut events = Events::of(ask(&server, &subscription(""))).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut content = document();
    content.papers = vec![paper(1, "One")];
    put(&server.store, &content).await;
    let event = events.next().await.unwrap();
    let change = &event.data["data"]["eventChanged"];
    assert_eq!((event.name.as_str(), event.id.as_deref()), ("next", change["cursor"].as_str()));
    assert_eq!(change["changes"][0]["node"]["title"], "One");
    assert!(events.signs_of_life >= 3, "{}", events.signs_of_life);
    drop(events);
    content.papers = vec![paper(1, "Two")];
    put(&server.store, &content).await;

    // An `EventSource` asks again in the very same words, and says in a header what it has seen.
    let query: String = url::form_urlencoded::byte_serialize(subscription(", since: \"0\"").as_bytes()).collect();
    let request = Client::new().get(format!("http://{}/graphql?query={query}", server.address));
    let request = request.header("accept", "text/event-stream");
    let mut events = Events::of(request.header("last-event-id", event.id.unwrap())).await;
    let event = events.next().await.unwrap();
    let change = &event.data["data"]["eventChanged"];
    assert_eq!(
        (&change["changes"][0]["operation"], &change["changes"][0]["node"]["title"]),
        (&json!("UPDATE"), &json!("Two"))
    );
    assert_eq!(change["changes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn queries_and_errors_are_events_too() {
    let (server, _folder) = Watched::alone(|_| {}).await;
    let complete = Event { name: "complete".to_owned(), ..Event::default() };
    let mut events = Events::of(ask(&server, "{ event(slug: \"watched\") { name } }")).await;
    assert_eq!(events.next().await.unwrap().data, json!({"data": {"event": {"name": "Event watched"}}}));
    assert_eq!((events.next().await.unwrap(), events.next().await), (complete, None));
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { __typename }", "BAD_REQUEST"),
        (&subscription(", view: WORKING"), "UNAUTHENTICATED"),
        (&subscription("").replace("watched", "other"), "NOT_FOUND"),
        (&subscription(", since: \"99999\""), "RESUME_IMPOSSIBLE"),
    ] {
        let mut events = Events::of(ask(&server, query)).await;
        let event = events.next().await.unwrap();
        assert_eq!(
            (event.name.as_str(), &event.data["errors"][0]["extensions"]["code"]),
            ("next", &json!(code)),
            "{event:?}"
        );
        assert_eq!(events.next().await.unwrap().name, "complete");
        assert_eq!(events.next().await, None);
    }
    // Requests that are none have a status.
    let status = async |request: RequestBuilder| request.send().await.unwrap().status().as_u16();
    assert_eq!(status(ask(&server, "{ __typename }").header("authorization", "Bearer x")).await, 401);
    assert_eq!(status(ask(&server, "{ __typename }").body("{}")).await, 400);
    let plain = |accept: &str| {
        let body = json!({"query": subscription("")}).to_string();
        let request = Client::new().post(format!("http://{}/graphql", server.address)).body(body);
        request.header("accept", accept).header("content-type", "application/json")
    };
    assert_eq!(status(plain("application/json")).await, 406);
    // A client that takes events among other things gets them for a subscription.
    let taken = plain("application/graphql-response+json, application/json, text/event-stream, multipart/mixed");
    assert_eq!(taken.send().await.unwrap().headers()["content-type"], "text/event-stream; charset=utf-8");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_end_with_the_token_and_break_off_with_the_server() {
    let time = Arc::new(Mutex::new(sample::now()));
    let (mut server, _folder) = Watched::alone_at(Clock::Fixed(time.clone()), |_| {}).await;
    let request = ask(&server, &subscription(", view: WORKING"));
    let mut events = Events::of(request.header("authorization", server.token())).await;
    *time.lock() += 2.hours();
    let event = events.next().await.unwrap();
    assert_eq!(event.data["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{event:?}");
    assert_eq!(events.next().await.unwrap().name, "complete");

    let mut events = Events::of(ask(&server, &subscription(""))).await;
    server.ask_to_stop();
    assert_eq!(events.next().await, None, "it is not complete: it goes on elsewhere");
    assert!(tokio::time::timeout(Duration::from_secs(5), server.stopped()).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_gone_give_their_place_back() {
    let (server, _folder) = Watched::alone(|config| config.subscriptions.connections = 1).await;
    let events = Events::of(ask(&server, &subscription(""))).await;
    let refused = ask(&server, &subscription("")).send().await.unwrap();
    assert_eq!(refused.status(), 503);
    let refused: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
    assert_eq!(refused["errors"][0]["extensions"]["code"], "LIMIT_REACHED");
    drop(events);
    for _ in 0..250 {
        if ask(&server, &subscription("")).send().await.unwrap().status() == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a place that is free is not given");
}
