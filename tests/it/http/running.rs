//! What those who run the server see: health, metrics, errors in one form, and an orderly end.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::{TestServer, header, send};

#[tokio::test]
async fn health_and_readiness_are_told() {
    let server = TestServer::start().await;
    let (response, body) = send(server.get("/healthz")).await;
    assert_eq!((response.status().as_u16(), &body), (200, &json!({"status": "ok"})));
    let (response, body) = send(server.get("/readyz")).await;
    assert_eq!((response.status().as_u16(), &body["status"], &body["database"]), (200, &json!("ready"), &json!("ok")));
    send(server.get_query("{ event(slug: \"sample\") { speakers { totalCount } } }")).await;
    server.app.store.close().await.unwrap();
    let (response, body) = send(server.get("/readyz")).await;
    assert_eq!((response.status().as_u16(), &body["status"]), (200, &json!("degraded")), "{body}");
    let (_, body) = send(server.get_query("{ event(slug: \"sample\") { panelists { totalCount } } }")).await;
    assert!(body["data"]["event"]["panelists"]["totalCount"].is_number(), "{body}");
}

#[tokio::test]
async fn metrics_count_what_happens() {
    let server = TestServer::start().await;
    send(server.query("{ __typename }")).await;
    send(server.query("{")).await;
    send(server.get("/nothing")).await;
    let text = server.get("/metrics").send().await.unwrap().text().await.unwrap();
    for line in [
        "plenary_http_requests_total{route=\"/graphql\",status=\"200\"} 1",
        "plenary_http_requests_total{route=\"/graphql\",status=\"400\"} 1",
        "plenary_http_requests_total{route=\"other\",status=\"404\"} 1",
        "plenary_refusals_total{code=\"GRAPHQL_PARSE_FAILED\"} 1",
        "plenary_http_requests_in_flight 1",
        "plenary_shelf_events",
        "# EOF",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let server = TestServer::start().await;
    let (response, body) = send(server.get("/nothing/here")).await;
    assert_eq!((response.status().as_u16(), header(&response, "content-type")), (404, "application/problem+json"));
    assert_eq!(body["status"], 404);
    let (response, body) = send(server.client.delete(server.url("/healthz"))).await;
    assert_eq!((response.status().as_u16(), &body["status"]), (405, &json!(405)));
    assert!(header(&response, "allow").contains("GET"));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let server = TestServer::start_with(|config| config.server.request_timeout_ms = 100).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 1024];
    let length = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("TIMEOUT"), "{answer}");
}

/// However a body comes, it is read to its end and not beyond, so that the connection goes on with the next request.
#[tokio::test]
async fn bodies_come_in_any_number_of_parts() {
    const HEAD: &str = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let server = TestServer::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let whole = format!("{HEAD}Content-Length: 25\r\n\r\n{{\"query\":\"{{__typename}}\" }}");
    let chunked = format!("{HEAD}Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n");
    let empty = format!("{HEAD}Content-Length: 0\r\n\r\n");
    let (head, body) = whole.split_at(whole.len() - 25);
    let twice = format!("{whole}{whole}");
    let cases: [(&[&str], usize, &str); 6] = [
        (&[&whole], 1, "200"),
        (&[head, &body[..3], &body[3..20], &body[20..]], 1, "200"),
        (&[&chunked, "5\r\n{\"que\r\n", "16\r\nry\":\"{__typename}\" }  \r\n", "0\r\nX-Sum: 1\r\n\r\n"], 1, "200"),
        (&[&twice], 2, "200"),
        (&[&empty], 1, "400"),
        (&[&whole], 1, "200"),
    ];
    for (parts, answers, status) in cases {
        for part in parts {
            stream.write_all(part.as_bytes()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut text = String::new();
        while text.matches("HTTP/1.1 ").count() < answers || !text.ends_with('}') {
            let mut bytes = vec![0; 4096];
            let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut bytes)).await.unwrap().unwrap();
            assert!(read > 0, "{parts:?}: {text}");
            text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
        }
        assert_eq!(text.matches(&format!("HTTP/1.1 {status}")).count(), answers, "{parts:?}: {text}");
        assert_eq!(
            text.matches("\"__typename\":\"Query\"").count(),
            if status == "200" { answers } else { 0 },
            "{text}"
        );
    }
}

/// Begins a request whose body is not there yet.
async fn half_a_request(server: &TestServer) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head =
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n{\"query\":";
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server is in the middle of it when it says so.
    for _ in 0..250 {
        let text = server.get("/metrics").send().await.unwrap().text().await.unwrap();
        if text.contains("plenary_http_requests_in_flight 2") {
            return stream;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the request did not arrive");
}

#[tokio::test]
async fn requests_that_are_being_answered_may_finish() {
    let mut server = TestServer::start().await;
    let mut stream = half_a_request(&server).await;
    server.ask_to_stop();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(TcpStream::connect(server.address).await.is_err(), "a stopping server takes no new connections");
    stream.write_all(b"\"{__typename}\" }").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"Query\""), "{answer}");
    assert!(server.stopped().await);
}

#[tokio::test]
async fn the_end_does_not_wait_longer_than_it_may() {
    let mut server = TestServer::start_with(|config| config.server.shutdown_grace_ms = 50).await;
    let _stream = half_a_request(&server).await;
    server.ask_to_stop();
    let finished = tokio::time::timeout(Duration::from_secs(5), server.stopped()).await.unwrap();
    assert!(!finished);
}
