//! What browsers need: GraphiQL, CORS, and headers that keep pages safe.

use reqwest::Method;
use reqwest::header::{ACCEPT, IF_NONE_MATCH, ORIGIN};

use super::server::{TestServer, header, send};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[tokio::test]
async fn browsers_get_graphiql_that_loads_nothing_from_elsewhere() {
    let server = TestServer::start().await;
    let response = server.get("/graphql").header(ACCEPT, BROWSER).send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, "text/html; charset=utf-8"));
    let policy = header(&response, "content-security-policy").to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"), "{policy}");
    let tag = header(&response, "etag").to_owned();
    let page = response.text().await.unwrap();
    assert!(!page.contains("https://") && !page.contains("<script>"));
    for reference in page.split(['"', '\'']).filter(|text| text.starts_with("/graphql/assets/")) {
        let response = server.get(reference).send().await.unwrap();
        assert_eq!(response.status(), 200, "{reference}");
        assert_ne!(header(&response, "content-type"), "application/octet-stream", "{reference}");
    }
    let again = server.get("/graphql").header(ACCEPT, BROWSER).header(IF_NONE_MATCH, tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    for path in ["/graphql/assets/none.js", "/graphql/assets/..%2f..%2fCargo.toml", "/graphql/assets/../../Cargo.toml"]
    {
        assert_eq!(server.get(path).send().await.unwrap().status(), 404, "{path}");
    }
    let root = server.get("/").header(ACCEPT, BROWSER).send().await.unwrap();
    assert_eq!((root.status().as_u16(), header(&root, "location")), (307, "/graphql"));

    let server = TestServer::start_with(|config| config.graphql.graphiql = false).await;
    let response = server.get("/graphql").header(ACCEPT, BROWSER).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert!(header(&response, "content-type").starts_with("application/json"));
}

#[tokio::test]
async fn every_page_may_read_answers_unless_the_operator_says_which() {
    let server = TestServer::start().await;
    let (response, _) = send(server.query("{ __typename }").header(ORIGIN, "https://a.example")).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert_eq!(header(&response, "access-control-allow-credentials"), "");
    let preflight = |server: &TestServer, origin: &'static str| {
        server
            .client
            .request(Method::OPTIONS, server.url("/graphql"))
            .header(ORIGIN, origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type,authorization")
    };
    let response = preflight(&server, "https://a.example").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(header(&response, "access-control-allow-headers").contains("content-type"));
    assert_eq!(header(&response, "access-control-max-age"), "7200");

    let origins = vec!["https://a.example".to_owned()];
    let server = TestServer::start_with(|config| config.server.cors.origins = origins).await;
    for (origin, expected) in [("https://a.example", "https://a.example"), ("https://b.example", "")] {
        let response = preflight(&server, origin).send().await.unwrap();
        assert_eq!(header(&response, "access-control-allow-origin"), expected);
        let (response, _) = send(server.get_query("{ __typename }").header(ORIGIN, origin)).await;
        assert_eq!(header(&response, "access-control-allow-origin"), expected);
        let vary: Vec<_> =
            response.headers().get_all("vary").iter().map(|value| value.to_str().unwrap().to_lowercase()).collect();
        assert!(vary.join(",").contains("origin") && vary.join(",").contains("accept-encoding"), "{vary:?}");
    }
}

#[tokio::test]
async fn every_answer_has_an_id_and_is_not_guessed_at() {
    let server = TestServer::start().await;
    let mut ids = std::collections::HashSet::new();
    for path in ["/", "/healthz", "/readyz", "/metrics", "/nothing", "/graphql?query={__typename}"] {
        let response = server.get(path).send().await.unwrap();
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert!(header(&response, "content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(header(&response, "x-request-id").len() > 32, "{path}");
        assert!(ids.insert(header(&response, "x-request-id").to_owned()), "each request has an id of its own");
    }
    let (response, _) = send(server.query("{ __typename }").header("x-request-id", "abc-123")).await;
    assert_eq!(header(&response, "x-request-id"), "abc-123");
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    // What is about documents stands in every answer that a browser could show.
    assert_eq!(header(&response, "content-security-policy"), "");
    let (response, _) = send(server.query("{ __typename }").header("x-request-id", "a b<script>")).await;
    assert!(ids.insert(header(&response, "x-request-id").to_owned()));
}
