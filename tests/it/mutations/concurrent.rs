//! Fifty editors at once: no lost update, no deadlock, no position twice, and every acknowledged write is there.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{editor, errors, public};
use crate::accounts::desk::{Desk, EVENT};
use crate::harness::on_each_database;

const EDITORS: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_editors_write_at_once() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let counter = json!({"event": EVENT, "title": "Counter", "number": "0"});
        let counter = desk.run(Some(&token), "createPaper", "paper { id }", counter).await["paper"]["id"].clone();
        let one = async |number: usize| {
            let input = json!({"event": EVENT, "title": format!("Paper {number}")});
            let made = desk.run(Some(&token), "createPaper", "paper { id }", input).await;
            assert_eq!(errors(&made), [], "{made}");
            // Everybody counts one up, and tries again when somebody was quicker.
            loop {
                let query = "query($id: ID!) { node(id: $id) { ... on Paper { number revision } } }";
                let seen = desk.ask(None, query, json!({ "id": counter })).await["data"]["node"].clone();
                let next = seen["number"].as_str().unwrap().parse::<usize>().unwrap() + 1;
                let input = json!({"id": counter, "ifRevision": seen["revision"], "number": next.to_string()});
                let done = desk.run(Some(&token), "updatePaper", "paper { number }", input).await;
                if errors(&done).is_empty() {
                    assert!(done["paper"].is_object(), "{done}");
                    break made["paper"]["id"].as_str().unwrap().to_owned();
                }
            }
        };
        let made: HashSet<String> = join_all((0..EDITORS).map(one)).await.into_iter().collect();
        let seen = public(&desk, "papers(first: 100) { totalCount nodes { id number position } }").await;
        let nodes = seen["papers"]["nodes"].as_array().unwrap();
        let ids: HashSet<String> = nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect();
        assert!(made.len() == EDITORS && made.is_subset(&ids));
        let positions: HashSet<i64> = nodes.iter().map(|node| node["position"].as_i64().unwrap()).collect();
        assert_eq!(positions.len(), nodes.len(), "no position is there twice");
        let count = nodes.iter().find(|node| node["id"] == counter).map(|node| node["number"].clone());
        assert_eq!(count, Some(Value::from(EDITORS.to_string())), "no update is lost");

        // The log led to what is there.
        let event = desk.event(EVENT).await;
        let stored = desk.app.store.load(event).await.unwrap().unwrap();
        let followed = desk.app.shelf.stored(event).await.unwrap().unwrap();
        assert_eq!(stored, followed);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_second_is_shown_what_another_server_wrote() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        // This one hears of nothing by itself for a minute.
        let other = Desk::join_with(&database, &desk, |config| config.shelf.poll_interval_ms = 60_000).await;
        let made = desk.run(Some(&token), "createPaper", "paper { id }", json!({"event": EVENT, "title": "A"})).await;
        let id = made["paper"]["id"].clone();
        let write = async |desk: &Desk, revision: i32, title: &str| {
            let input = json!({"id": id, "ifRevision": revision, "title": title});
            desk.run(Some(&token), "updatePaper", "paper { title revision }", input).await
        };
        other.app.shelf.refresh().await.unwrap();
        assert_eq!(errors(&write(&desk, 1, "B").await), []);
        let late = write(&other, 1, "C").await;
        assert_eq!(errors(&late), [("ifRevision".to_owned(), "CONFLICT".to_owned())], "{late}");
        assert_eq!(late["paper"], json!({"title": "B", "revision": 2}));
    })
    .await;
}
