//! GraphQL over HTTP: what may be sent how, and what comes back. (The audits of `graphql-http` check the same from the
//! side of its authors.)

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::json;

use super::server::{GRAPHQL_RESPONSE, SLUG, TestServer, header, refused, send};

#[tokio::test]
async fn answers_have_the_media_type_that_the_client_likes() {
    let server = TestServer::start().await;
    for (accept, expected) in [
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        (GRAPHQL_RESPONSE, "application/graphql-response+json; charset=utf-8"),
        (
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json; charset=utf-8",
        ),
    ] {
        let (response, body) = send(server.post(&json!({"query": "{ __typename }"})).header(ACCEPT, accept)).await;
        assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, expected));
        assert_eq!(body, json!({"data": {"__typename": "Query"}}));
    }
    let request = server.post(&json!({"query": "{ __typename }"})).header(ACCEPT, "text/csv");
    refused(request, 406, "BAD_REQUEST").await;
}

#[tokio::test]
async fn queries_may_be_sent_by_get_and_mutations_may_not() {
    let server = TestServer::start().await;
    let (response, body) = send(server.get_query(&format!("{{ event(slug: \"{SLUG}\") {{ slug }} }}"))).await;
    assert_eq!(response.status(), 200);
    assert_eq!(body["data"]["event"]["slug"], SLUG);
    let response = refused(server.get_query("mutation { __typename }"), 405, "BAD_REQUEST").await;
    assert_eq!(header(&response, "allow"), "POST");
    refused(server.get("/graphql").header(ACCEPT, GRAPHQL_RESPONSE), 400, "BAD_REQUEST").await;
    let put = server.client.request(Method::PUT, server.url("/graphql"));
    let response = refused(put, 405, "BAD_REQUEST").await;
    assert!(header(&response, "allow").contains("POST"));
    let head = server.client.head(server.url("/graphql?query={__typename}")).send().await.unwrap();
    assert_eq!(head.status(), 200);
}

#[tokio::test]
async fn the_named_operation_is_executed() {
    let server = TestServer::start().await;
    let query = "query A { a: __typename } query B { b: __typename }";
    for (name, field) in [("A", "a"), ("B", "b")] {
        let (_, body) = send(server.post(&json!({"query": query, "operationName": name}))).await;
        assert_eq!(body["data"][field], "Query");
        let (_, body) = send(server.get(&format!("/graphql?operationName={name}&query={query}"))).await;
        assert_eq!(body["data"][field], "Query");
    }
    refused(server.query(query), 400, "OPERATION_RESOLUTION_FAILURE").await;
    let unknown = json!({"query": query, "operationName": "C"});
    refused(server.post(&unknown).header(ACCEPT, GRAPHQL_RESPONSE), 400, "OPERATION_RESOLUTION_FAILURE").await;
}

#[tokio::test]
async fn fields_are_answered_in_the_order_of_the_query() {
    let server = TestServer::start().await;
    let missing = "node(id: \"01840000-0000-7000-8000-00000000ffff\") { id }";
    let query = format!(
        "{{ a: {missing} b: __typename ...f c: {missing} d: __typename }} fragment f on Query {{ e: {missing} f: __typename b: __typename }}"
    );
    let answer = server.query(&query).send().await.unwrap().text().await.unwrap();
    let places: Vec<_> = ["a", "b", "e", "f", "c", "d"].map(|key| answer.find(&format!("\"{key}\":")).unwrap()).into();
    assert!(places.is_sorted(), "{answer}");
}

#[tokio::test]
async fn bodies_that_are_not_json_are_refused() {
    let server = TestServer::start().await;
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql"]
    {
        let request = server.client.post(server.url("/graphql")).body("{\"query\":\"{__typename}\"}");
        refused(request.header(CONTENT_TYPE, content_type), 415, "BAD_REQUEST").await;
    }
    refused(server.client.post(server.url("/graphql")), 415, "BAD_REQUEST").await;
    for body in ["", "{", "null", "5", "{\"query\": 5}", "{\"query\":\"{a}\",\"variables\":[]}", "{}"] {
        refused(server.post_text(body), 400, "BAD_REQUEST").await;
    }
}

#[tokio::test]
async fn each_fault_has_its_code_and_says_nothing_of_the_inside() {
    let server = TestServer::start().await;
    for (query, code) in [
        ("{ event(slug: \"secret", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ event(slug: 5) { name } }", "BAD_USER_INPUT"),
        ("query($slug: String!) { event(slug: $slug) { name } }", "BAD_USER_INPUT"),
        ("{ __typename @nope }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        refused(server.query(query), 400, code).await;
        // Clients of the older media type get the same with status 200, as the specification says for them.
        refused(server.post(&json!({"query": query})), 200, code).await;
    }
    let (_, body) = send(server.query("{ event(slug: \"secret ")).await;
    assert!(!body.to_string().contains("secret"), "{body}");
    let (response, body) = send(server.query("{ a: event(slug: \"sample\") { name } node(id: \"x\") { id } }")).await;
    assert_eq!(response.status(), 200);
    for error in body["errors"].as_array().into_iter().flatten() {
        assert!(error["extensions"]["code"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn the_cost_is_told_to_whom_asks() {
    let server = TestServer::start().await;
    let query = format!("{{ event(slug: \"{SLUG}\") {{ papers(first: 10) {{ nodes {{ title }} }} }} }}");
    let (_, plain) = send(server.post(&json!({"query": query}))).await;
    assert!(plain.get("extensions").is_none());
    let (_, body) = send(server.post(&json!({"query": query, "extensions": {"cost": true}}))).await;
    let cost = &body["extensions"]["cost"];
    assert_eq!((cost["requested"].as_u64(), cost["depth"].as_u64()), (Some(13), Some(4)), "{body}");
    assert!(cost["maximum"].as_u64() > Some(13));
    let (response, body) = send(server.get_query(&query).header("plenary-cost", "1")).await;
    assert_eq!(body["extensions"]["cost"]["requested"], 13);
    assert_eq!(header(&response, "cache-control"), "private, no-store");
}

#[tokio::test]
async fn introspection_works_and_can_be_switched_off() {
    let query = include_str!("../../../src/graphql/guard/introspection.graphql");
    let server = TestServer::start().await;
    let (response, body) = send(server.query(query)).await;
    assert_eq!(response.status(), 200, "{body}");
    assert!(body["data"]["__schema"]["types"].as_array().unwrap().len() > 20);
    // What is asked again, and not answered from the cache, is answered by the same schema.
    let query = "{ __typename __type(name: \"Query\") { fields { name } } }";
    let mut fields = Vec::new();
    for _ in 0..3 {
        let (_, body) = send(server.get_query(query).header("plenary-cost", "1")).await;
        fields.push(body["data"]["__type"]["fields"].clone());
    }
    assert!(fields[0].as_array().unwrap().len() > 10 && fields.iter().all(|later| *later == fields[0]), "{fields:?}");
    for query in ["{ _service { sdl } }", "{ _service { sdl } }", "{ _entities(representations: []) { __typename } }"] {
        refused(server.query(query), 400, "GRAPHQL_VALIDATION_FAILED").await;
    }
    let server = TestServer::start_with(|config| config.graphql.introspection = false).await;
    refused(server.query(query), 400, "GRAPHQL_VALIDATION_FAILED").await;
    refused(server.query("{ __type(name: \"Query\") { name } }"), 400, "GRAPHQL_VALIDATION_FAILED").await;
}

#[test]
fn every_code_is_documented() {
    let manual = include_str!("../../../docs/errors.md");
    for code in plenary::graphql::error::Code::ALL {
        assert!(manual.contains(&format!("| `{}` |", code.as_str())), "{}", code.as_str());
    }
}
