//! What is refused, with which code, and what is left of the answer.

use serde_json::Value;

use super::content::Server;

async fn code(server: &Server, query: &str) -> String {
    server.refused(query).await.0
}

#[tokio::test]
async fn an_event_must_be_named_and_there() {
    let server = Server::new().await;
    assert_eq!(code(&server, "{ papers(event: \"nothing\") { totalCount } }").await, "NOT_FOUND");
    assert_eq!(code(&server, "{ papers(event: \"main-2023\") { totalCount } }").await, "NOT_FOUND", "a draft");
    assert_eq!(code(&server, "{ pages(event: \"\") { id } }").await, "BAD_USER_INPUT");
    let server = server.without_default_event();
    let (code, message, data) = server.refused("{ topics { id } }").await;
    assert_eq!((code.as_str(), data), ("BAD_USER_INPUT", Value::Null));
    assert!(message.contains("default event"), "{message}");
}

#[tokio::test]
async fn pages_are_bounded() {
    let server = Server::new().await;
    for arguments in ["first: 101", "last: 101", "first: -1", "first: 1, last: 1", "after: \"x\"", "before: \"\""] {
        let query = format!("{{ papers({arguments}) {{ totalCount }} }}");
        assert_eq!(code(&server, &query).await, "BAD_USER_INPUT", "{arguments}");
    }
    let ids = vec!["\"00000000-0000-0000-0000-00000000000b\""; 101].join(" ");
    assert_eq!(code(&server, &format!("{{ nodes(ids: [{ids}]) {{ id }} }}")).await, "BAD_USER_INPUT");
    let orders = "{field: TITLE} {field: NUMBER} {field: POSITION} {field: TITLE}";
    assert_eq!(code(&server, &format!("{{ papers(orderBy: [{orders}]) {{ totalCount }} }}")).await, "BAD_USER_INPUT");
}

#[tokio::test]
async fn filters_and_searches_are_bounded() {
    let server = Server::new().await;
    let deep = (0..6).fold("{}".to_owned(), |held, _| format!("{{not: {held}}}"));
    assert_eq!(code(&server, &format!("{{ papers(filter: {deep}) {{ totalCount }} }}")).await, "TOO_COMPLEX");
    for query in ["", "  ", &"x".repeat(257)] {
        assert_eq!(
            code(&server, &format!("{{ search(query: \"{query}\") {{ totalCount }} }}")).await,
            "BAD_USER_INPUT"
        );
    }
    let unknown = server.refused("{ papers(filter: {published: true}) { totalCount } }").await;
    assert!(unknown.1.contains("published"), "an unknown condition is never ignored: {}", unknown.1);
}

#[tokio::test]
async fn the_working_view_needs_a_token() {
    let server = Server::new().await;
    for field in [
        "event(slug: \"main-2022\", view: WORKING) { slug }",
        "events(view: WORKING) { totalCount }",
        "papers(view: WORKING) { totalCount }",
        "nodes(ids: [\"00000000-0000-0000-0000-00000000000b\"], view: WORKING) { id }",
        "search(query: \"x\", view: WORKING) { totalCount }",
        "series(slug: \"series\", view: WORKING) { name }",
    ] {
        assert_eq!(code(&server, &format!("{{ {field} }}")).await, "UNAUTHENTICATED", "{field}");
    }
}
