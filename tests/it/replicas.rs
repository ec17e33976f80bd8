//! A running server and the rest of the world: other processes that write, and a database that goes away.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::database::PostgresServer;
use crate::harness::{Server, on_each_database, plenary};

const TITLE: &str = "{ event(slug: \"fixture\") { name papers { totalCount } } }";

/// Imports the fixture site in a process of its own.
async fn import(database: &str) -> Value {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/jekyll-site");
    let arguments = ["import", "jekyll", site.to_str().unwrap(), "--event", "fixture", "--format", "json"];
    let output = plenary(database, &arguments).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_by_another_process_shows_within_a_second() {
    on_each_database(async |database| {
        let server = Server::start(&database).await;
        assert_eq!(server.graphql(TITLE).await, json!({"data": {"event": null}}));
        import(&database).await;
        let written = Instant::now();
        loop {
            let answer = server.graphql(TITLE).await;
            if answer["data"]["event"]["papers"]["totalCount"].as_i64() > Some(0) {
                break;
            }
            assert!(written.elapsed() < Duration::from_secs(1), "{answer}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn public_answers_go_on_while_the_database_is_away() {
    let postgres = PostgresServer::start();
    let database = postgres.database().await;
    import(&database).await;
    let server = Server::start(&database).await;
    let before = server.graphql(TITLE).await;
    let id = server.graphql("{ event(slug: \"fixture\") { sessions(first: 1) { nodes { id } } } }").await;
    let id = id["data"]["event"]["sessions"]["nodes"][0]["id"].as_str().unwrap().to_owned();

    let feed = async |path: &str| reqwest::get(server.url(&format!("/events/fixture/{path}"))).await.unwrap();
    let changed = feed("schedule.xml").await.headers()["last-modified"].clone();

    drop(postgres);
    // A feed that was never asked for before is made of what is in memory, and says the same date.
    let asked = Instant::now();
    let fresh = feed("schedule.json").await;
    assert_eq!((fresh.status().as_u16(), &fresh.headers()["last-modified"]), (200, &changed));
    assert!(asked.elapsed() < Duration::from_secs(2), "it did not wait for the database");
    let ready = reqwest::get(server.url("/readyz")).await.unwrap();
    assert_eq!(ready.status(), 200);
    let ready: Value = ready.json().await.unwrap();
    assert_eq!(ready["status"], "degraded", "{ready}");
    assert_eq!(server.graphql(TITLE).await, before);
    // This one was never asked before, so it is not an answer that was kept.
    let fresh = server.graphql("{ event(slug: \"fixture\") { sessions { nodes { title } } search: slug } }").await;
    assert!(fresh["data"]["event"]["sessions"]["nodes"][0]["title"].is_string(), "{fresh}");
    let node = server.graphql(&format!("{{ node(id: \"{id}\") {{ id ... on Session {{ title }} }} }}")).await;
    assert_eq!(node["data"]["node"]["id"], json!(id), "{node}");
    server.stop().await;
}
