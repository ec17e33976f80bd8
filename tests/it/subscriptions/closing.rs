//! The handshake, who may say what, and every code with which a socket is closed.

use std::sync::Arc;
use std::time::Duration;

use futures_util::SinkExt;
use jiff::ToSpan;
use parking_lot::Mutex;
use plenary::clock::Clock;
use serde_json::json;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::socket::{Heard, Socket};
use super::{Watched, subscription};
use crate::harness::sample;

#[tokio::test]
async fn the_protocol_is_agreed_upon() {
    let (server, _folder) = Watched::alone(|_| {}).await;
    let request = Socket::request(server.address, Some("other, graphql-transport-ws"));
    let (_socket, response) = Socket::connect(request).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-transport-ws");
    for other in ["graphql-ws", "mqtt"] {
        let request = Socket::request(server.address, Some(other));
        // The client of these tests refuses an answer without a protocol by itself; browsers hear the code.
        assert!(matches!(*Socket::connect(request).await.err().unwrap(), Error::Protocol(_)));
    }
    let (mut socket, _) = Socket::connect(Socket::request(server.address, None)).await.unwrap();
    assert_eq!(socket.close_code().await, Some(4406));
}

#[tokio::test]
async fn pages_connect_from_where_they_may() {
    let (server, _folder) =
        Watched::alone(|config| config.server.cors.origins = vec!["https://good.example".to_owned()]).await;
    let own = format!("http://{}", server.address);
    for (origin, status) in
        [("https://good.example", 101), (own.as_str(), 101), ("https://bad.example", 403), ("null", 403)]
    {
        let mut request = Socket::request(server.address, Some("graphql-transport-ws"));
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let answered = match Socket::connect(request).await {
            Ok((_, response)) => response.status().as_u16(),
            Err(error) => match *error {
                Error::Http(response) => response.status().as_u16(),
                other => panic!("{other}"),
            },
        };
        assert_eq!(answered, status, "{origin}");
    }
}

#[tokio::test]
async fn who_does_not_begin_is_not_waited_for() {
    let (server, _folder) = Watched::alone(|config| config.subscriptions.init_timeout_ms = 500).await;
    let mut socket = Socket::silent(server.address).await;
    assert_eq!(socket.close_code().await, Some(4408));
    let mut socket = Socket::open(server.address, json!({})).await;
    assert_eq!(socket.hear_within(Duration::from_millis(800)).await, None, "who has begun may stay");
}

#[tokio::test]
async fn sockets_are_closed_with_the_codes_of_the_protocol() {
    let (server, _folder) = Watched::alone(|config| config.subscriptions.message_limit_bytes = 2_000).await;
    let subscribe = json!({"type": "subscribe", "id": "1", "payload": {"query": subscription("")}}).to_string();
    let init = json!({"type": "connection_init"}).to_string();
    let long = format!("{{\"type\":\"ping\",\"payload\":{{\"a\":\"{}\"}}}}", "x".repeat(2_000));
    let very_long = "x".repeat(10_000);
    for (said, code) in [
        (vec!["nonsense"], 4400),
        (vec!["[]"], 4400),
        (vec![r#"{"type":"start"}"#], 4400),
        (vec![&init, r#"{"type":"subscribe","payload":{"query":"{ __typename }"}}"#], 4400),
        (vec![&init, r#"{"type":"subscribe","id":"1","payload":{"query":5}}"#], 4400),
        (vec![&subscribe], 4401),
        (vec![r#"{"type":"connection_init","payload":{"Authorization":"Bearer nonsense"}}"#], 4403),
        (vec![r#"{"type":"connection_init","payload":{"authorization":""}}"#], 4403),
        (vec![&init, &subscribe, &subscribe], 4409),
        (vec![&init, &init], 4429),
        (vec![&init, &long], 1009),
        (vec![&init, &very_long], 1009),
    ] {
        let mut socket = Socket::silent(server.address).await;
        for text in &said {
            socket.say_text(text).await;
        }
        assert_eq!(socket.close_code().await, Some(code), "{said:?}");
    }
    let mut socket = Socket::silent(server.address).await;
    socket.stream.send(Message::Binary(init.into_bytes().into())).await.unwrap();
    assert_eq!(socket.close_code().await, Some(4400));
}

#[tokio::test]
async fn both_sides_ask_whether_the_other_is_there() {
    let (server, _folder) = Watched::alone(|config| config.subscriptions.keep_alive_ms = 300).await;
    let mut socket = Socket::silent(server.address).await;
    socket.say(&json!({"type": "ping", "payload": {"a": 1}})).await;
    assert_eq!(socket.hear().await, Heard::Message(json!({"type": "pong", "payload": {"a": 1}})));
    socket.say(&json!({"type": "pong"})).await;
    socket.say(&json!({"type": "connection_init"})).await;
    assert_eq!(socket.hear().await, Heard::Message(json!({"type": "connection_ack"})));
    // This client answers pings of the WebSocket only while it listens.
    assert_eq!(socket.hear_within(Duration::from_secs(1)).await, None);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(socket.close_code().await, None, "who gives no sign of life is gone");
}

#[tokio::test]
async fn queries_are_answered_and_mutations_are_not() {
    let (server, _folder) = Watched::alone(|_| {}).await;
    let mut socket = Socket::open(server.address, json!({})).await;
    socket.subscribe("q", "{ event(slug: \"watched\") { name } }").await;
    let answer = socket.message("next").await;
    assert_eq!(answer, json!({"id": "q", "type": "next", "payload": {"data": {"event": {"name": "Event watched"}}}}));
    assert_eq!(socket.message("complete").await["id"], "q");
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        (
            &subscription("").replace("subscription {", "subscription { a: eventChanged(event: \"x\") { cursor }"),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("query a { __typename } query b { __typename }", "OPERATION_RESOLUTION_FAILURE"),
        ("mutation { __typename }", "BAD_REQUEST"),
        (&format!("{{ {} }}", "a: __typename ".repeat(100)), "TOO_COMPLEX"),
        (&subscription(", since: \"soon\""), "BAD_USER_INPUT"),
        (&subscription(", view: WORKING"), "UNAUTHENTICATED"),
        (&subscription("").replace("watched", "other"), "NOT_FOUND"),
    ] {
        socket.subscribe("x", query).await;
        let error = socket.message("error").await;
        assert_eq!(
            (&error["id"], &error["payload"][0]["extensions"]["code"]),
            (&json!("x"), &json!(code)),
            "{query}: {error}"
        );
    }
}

#[tokio::test]
async fn connections_and_operations_are_counted() {
    let (server, _folder) = Watched::alone(|config| {
        config.subscriptions.connections_per_address = 2;
        config.subscriptions.operations_per_connection = 2;
    })
    .await;
    let mut socket = Socket::open(server.address, json!({})).await;
    for id in ["1", "2"] {
        socket.subscribe(id, &subscription("")).await;
    }
    socket.subscribe("3", &subscription("")).await;
    let error = socket.message("error").await;
    assert_eq!((&error["id"], &error["payload"][0]["extensions"]["code"]), (&json!("3"), &json!("LIMIT_REACHED")));
    socket.say(&json!({"type": "complete", "id": "1"})).await;
    socket.subscribe("3", "{ __typename }").await;
    socket.message("next").await;

    let text = reqwest::get(format!("http://{}/metrics", server.address)).await.unwrap().text().await.unwrap();
    assert!(text.contains("plenary_subscription_connections{transport=\"Websocket\"} 1"), "{text}");
    let second = Socket::open(server.address, json!({})).await;
    let request = || Socket::request(server.address, Some("graphql-transport-ws"));
    match *Socket::connect(request()).await.err().unwrap() {
        Error::Http(response) => assert_eq!(response.status(), 429),
        other => panic!("{other}"),
    }
    drop(second);
    for _ in 0..250 {
        if Socket::connect(request()).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the place of a connection that is gone is free again");
}

#[tokio::test]
async fn a_token_opens_the_working_view_as_long_as_it_is_valid() {
    let time = Arc::new(Mutex::new(sample::now()));
    let (server, _folder) = Watched::alone_at(Clock::Fixed(time.clone()), |_| {}).await;
    let token = server.token();
    let mut by_payload = Socket::open(server.address, json!({"authorization": token})).await;
    let mut request = Socket::request(server.address, Some("graphql-transport-ws"));
    request.headers_mut().insert("authorization", token.parse().unwrap());
    let (mut by_header, _) = Socket::connect(request).await.unwrap();
    by_header.say(&json!({"type": "connection_init"})).await;
    by_header.message("connection_ack").await;
    for socket in [&mut by_payload, &mut by_header] {
        socket.subscribe("q", "{ event(slug: \"watched\", view: WORKING) { name } }").await;
        assert!(socket.message("next").await["payload"]["data"]["event"]["name"].is_string());
        socket.message("complete").await;
        socket.subscribe("s", &subscription(", view: WORKING")).await;
    }
    assert_eq!(by_payload.hear_within(Duration::from_millis(1_200)).await, None);
    *time.lock() += 2.hours();
    for socket in [&mut by_payload, &mut by_header] {
        assert_eq!(socket.close_code().await, Some(4403), "the token has expired");
    }
    let mut request = Socket::request(server.address, Some("graphql-transport-ws"));
    request.headers_mut().insert("authorization", token.parse().unwrap());
    match *Socket::connect(request).await.err().unwrap() {
        Error::Http(response) => assert_eq!(response.status(), 401),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_server_that_stops_says_so() {
    let (mut server, _folder) = Watched::alone(|_| {}).await;
    let mut socket = Socket::open(server.address, json!({})).await;
    socket.subscribe("1", &subscription("")).await;
    socket.subscribe("q", "{ __typename }").await;
    socket.message("next").await;
    server.ask_to_stop();
    assert_eq!(socket.close_code().await, Some(1001));
    drop(socket);
    assert!(tokio::time::timeout(Duration::from_secs(5), server.stopped()).await.unwrap());
}
