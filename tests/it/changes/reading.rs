//! Who sees the log, what they learn of each other, pages and filters.

use jiff::SignedDuration;
use plenary::access::{Role, key_file};
use serde_json::{Value, json};

use super::{done, done_to, log, member, newest};
use crate::accounts::desk::{Desk, EVENT, OTHER, add_user};
use crate::harness::on_each_database;

fn sequences(page: &Value) -> Vec<String> {
    let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{page}")).iter();
    nodes.map(|node| node["sequence"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_see_the_working_view_see_the_log() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        let owner = desk.member("owner@example.org", EVENT, Role::Owner).await;
        desk.member("editor@example.org", EVENT, Role::Editor).await;
        desk.member("reviewer@example.org", EVENT, Role::Reviewer).await;
        desk.member("elsewhere@example.org", OTHER, Role::Owner).await;
        desk.user("nobody@example.org").await;
        let root = add_user(&desk.app.store, "root@example.org", true).await;
        let access = async |name: &str| desk.login(&format!("{name}@example.org")).await.access;
        let (owner_token, editor) = (access("owner").await, access("editor").await);
        let secret = json!({"title": "An embargoed secret", "published": false});
        done(&desk, &editor, "createSession", "session { id }", secret).await;
        let script = desk.script(&owner_token, &["READ", "WRITE"], None).await;
        done(&desk, &script, "createRoom", "room { id }", json!({"name": "Cellar"})).await;

        desk.app.store.add_member(desk.event(OTHER).await, owner, Role::Owner, desk.now()).await.unwrap();
        let other = desk.script(&access("owner").await, &["READ", "MANAGE"], Some(&[OTHER])).await;
        for token in [None, Some(access("nobody").await), Some(access("elsewhere").await), Some(other)] {
            assert_eq!(log(&desk, token.as_deref(), json!({})).await, Value::Null, "{token:?}");
        }
        // Where nothing may be seen, an argument that is wrong is not even looked at.
        assert_eq!(log(&desk, None, json!({"first": 1000})).await, Value::Null);
        let hidden = "{ event(slug: \"other\") { changes { totalCount } } }";
        assert_eq!(desk.ask(Some(&editor), hidden, json!({})).await["data"]["event"], Value::Null);

        let reader = key_file::read_or_create(&desk.folder.path().join("key.pem")).unwrap();
        let preview = |slug: &str| {
            reader.issue("preview", Some(vec![slug.to_owned()]), desk.now(), SignedDuration::from_mins(5)).unwrap()
        };
        assert_eq!(log(&desk, Some(&preview(OTHER)), json!({})).await, Value::Null);

        let seen = |name: &str, email: bool| {
            let email = email.then(|| format!("{name}@example.org"));
            json!({"id": if name == "owner" { json!(owner) } else { Value::Null }, "name": name, "email": email})
        };
        for (who, token, knows_owner, knows_editor) in [
            ("owner", owner_token.clone(), true, true),
            ("editor", editor.clone(), false, true),
            ("reviewer", access("reviewer").await, false, false),
            ("administrator", access("root").await, true, true),
            ("script", script.clone(), true, false),
        ] {
            let page = log(&desk, Some(&token), json!({"first": 2})).await;
            let (room, session) = (&page["nodes"][0], &page["nodes"][1]);
            assert_eq!(room["actor"]["kind"], "TOKEN", "{who}: {page}");
            assert_eq!(room["actor"]["user"], seen("owner", knows_owner), "{who}");
            assert!(room["actor"]["tokenId"].is_string(), "{who}");
            assert_eq!((&session["actor"]["kind"], &session["actor"]["tokenId"]), (&json!("USER"), &Value::Null));
            assert_eq!(session["actor"]["user"]["name"], "editor", "{who}");
            assert_eq!(session["actor"]["user"]["email"].is_string(), knows_editor, "{who}");
            assert_eq!(session["after"]["title"], "An embargoed secret", "{who}");
            assert_eq!(session["node"]["id"], session["recordId"], "{who}");
        }
        let page = log(&desk, Some(&preview(EVENT)), json!({"first": 1})).await;
        let actor = &page["nodes"][0]["actor"];
        assert_eq!((&actor["kind"], &actor["userId"], &actor["user"]), (&json!("TOKEN"), &json!(owner), &Value::Null));
        let oldest = log(&desk, Some(&owner_token), json!({"last": 1})).await;
        let operator = json!({"kind": "OPERATOR", "userId": null, "tokenId": null, "user": null});
        assert_eq!(oldest["nodes"][0]["actor"], operator);
        assert_ne!(root, owner);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_says_what_was_before_and_what_is_after() {
    on_each_database(async |database| {
        let (desk, token) = member(&database, Role::Editor).await;
        let made = done(&desk, &token, "createRoom", "room { id }", json!({"name": "Cellar", "capacity": 9})).await;
        let id = made["room"]["id"].clone();
        let created = newest(&desk, &token).await;
        assert_eq!((&created["operation"], &created["kind"]), (&json!("CREATE"), &json!("ROOM")), "{created}");
        assert_eq!((&created["before"], &created["fields"]), (&Value::Null, &json!([])));
        assert_eq!(created["at"], "2022-11-01T07:00:00-05:00", "as the clocks of the event show it");
        let input = json!({"id": id, "name": "Attic", "capacity": null});
        done_to(&desk, &token, "updateRoom", "room { id }", input).await;
        let updated = newest(&desk, &token).await;
        assert_eq!((&updated["operation"], &updated["recordId"]), (&json!("UPDATE"), &id), "{updated}");
        assert_eq!(updated["fields"], json!(["capacity", "name"]));
        assert_eq!((&updated["before"]["name"], &updated["after"]["name"]), (&json!("Cellar"), &json!("Attic")));
        assert_eq!(updated["before"], created["after"]);
        assert_eq!(updated["node"], json!({"__typename": "Room", "id": id}));
        done_to(&desk, &token, "deleteRoom", "deletedId", json!({"id": id})).await;
        let deleted = newest(&desk, &token).await;
        assert_eq!((&deleted["operation"], &deleted["node"]), (&json!("DELETE"), &Value::Null), "{deleted}");
        assert_eq!((&deleted["before"], &deleted["after"]), (&updated["after"], &Value::Null));
        done(&desk, &token, "publishRelease", "release { number }", json!({"name": "First"})).await;
        let released = newest(&desk, &token).await;
        assert_eq!((&released["kind"], &released["after"]["name"]), (&json!("RELEASE"), &json!("First")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_comes_in_pages() {
    on_each_database(async |database| {
        let (desk, token) = member(&database, Role::Editor).await;
        let whole = log(&desk, Some(&token), json!({"first": 100})).await;
        let all = sequences(&whole);
        assert_eq!(whole["totalCount"], all.len());
        let numbers: Vec<i64> = all.iter().map(|sequence| sequence.parse().unwrap()).collect();
        assert!(numbers.len() > 30 && numbers.is_sorted_by(|newer, older| newer > older), "{numbers:?}");
        let ends = json!({"hasNextPage": false, "hasPreviousPage": false, "startCursor": all[0],
            "endCursor": all.last()});
        assert_eq!(whole["pageInfo"], ends);

        let (mut forwards, mut after) = (Vec::new(), Value::Null);
        for number in 0.. {
            let page = log(&desk, Some(&token), json!({"first": 7, "after": after})).await;
            forwards.extend(sequences(&page));
            assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(number > 0));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            if number == 1 {
                // What is written in the meantime comes before the pages that are still to come.
                done(&desk, &token, "createRoom", "room { id }", json!({"name": "Cellar"})).await;
            }
        }
        assert_eq!(forwards, all);
        let (mut backwards, mut before) = (Vec::new(), Value::Null);
        loop {
            let page = log(&desk, Some(&token), json!({"last": 9, "before": before})).await;
            backwards.splice(0..0, sequences(&page));
            assert_eq!(page["pageInfo"]["hasNextPage"], json!(!before.is_null()));
            before = page["pageInfo"]["startCursor"].clone();
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
        }
        assert_eq!((&backwards[1..], backwards.len()), (&all[..], all.len() + 1));
        let between = log(&desk, Some(&token), json!({"after": all[3], "before": all[6]})).await;
        assert_eq!(sequences(&between), all[4..6]);
        assert_eq!(
            (&between["pageInfo"]["hasNextPage"], &between["pageInfo"]["hasPreviousPage"]),
            (&json!(true), &json!(true))
        );
        let none = log(&desk, Some(&token), json!({"first": 0})).await;
        assert_eq!((sequences(&none), &none["pageInfo"]["hasNextPage"]), (Vec::new(), &json!(true)));
        for wrong in [
            json!({"first": 101}),
            json!({"first": -1}),
            json!({"first": 1, "last": 1}),
            json!({"after": ""}),
            json!({"after": "x"}),
            json!({"before": "99999999999999999999"}),
            json!({"f": {"recordId": {"in": vec!["01840000-0000-7000-8000-000000000001"; 101]}}}),
        ] {
            let refused = log(&desk, Some(&token), wrong.clone()).await;
            assert_eq!(refused[0]["extensions"]["code"], "BAD_USER_INPUT", "{wrong}: {refused}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_can_be_filtered() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        let ada = desk.member("ada@example.org", EVENT, Role::Owner).await;
        let ed = desk.member("ed@example.org", EVENT, Role::Editor).await;
        let (token, other) = (desk.login("ada@example.org").await.access, desk.login("ed@example.org").await.access);
        desk.wait(SignedDuration::from_mins(1));
        let noon = desk.now().to_string();
        let made = done(&desk, &token, "createRoom", "room { id }", json!({"name": "Cellar"})).await;
        let id = &made["room"]["id"];
        let script = desk.script(&token, &["WRITE"], None).await;
        done_to(&desk, &script, "updateRoom", "room { id }", json!({"id": id, "name": "Attic"})).await;
        desk.wait(SignedDuration::from_mins(1));
        let later = desk.now().to_string();
        done_to(&desk, &other, "deleteRoom", "deletedId", json!({"id": id})).await;
        let total = log(&desk, Some(&token), json!({})).await["totalCount"].as_u64().unwrap();
        for (filter, count) in [
            (json!({}), total),
            (json!({"recordId": {"in": [id]}}), 3),
            (json!({"recordId": {"in": []}}), 0),
            (json!({"recordId": {"notIn": [id]}}), total - 3),
            (json!({"recordId": {"in": [id]}, "operation": {"in": ["CREATE", "DELETE"]}}), 2),
            (json!({"recordId": {"in": [id]}, "operation": {"notIn": ["CREATE"]}}), 2),
            (json!({"kind": {"eq": "ROOM"}}), 4),
            (json!({"kind": {"in": []}}), 0),
            (json!({"kind": {"eq": "ROOM"}, "actor": {"notIn": [ada, ed]}}), 1),
            (json!({"actor": {"in": [ada]}}), 2),
            (json!({"actor": {"in": [ada, ed]}}), 3),
            (json!({"actor": {"notIn": [ada]}}), total - 2),
            (json!({"at": {"from": noon}}), 3),
            (json!({"at": {"from": noon, "to": later}}), 2),
            (json!({"at": {"to": noon}}), total - 3),
        ] {
            let page = log(&desk, Some(&token), json!({"first": 100, "f": filter})).await;
            assert_eq!((&page["totalCount"], sequences(&page).len() as u64), (&json!(count), count), "{filter}");
        }
        let rest = log(&desk, Some(&token), json!({"first": 1, "f": {"recordId": {"in": [id]}}})).await;
        assert_eq!((&rest["totalCount"], &rest["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_with_the_id_of_another_has_not_its_log() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        let id = desk.event(EVENT).await;
        add_user(&desk.app.store, "root@example.org", true).await;
        let root = desk.login("root@example.org").await.access;
        done(&desk, &root, "deleteEvent", "deletedId", json!({"confirm": EVENT})).await;
        let input = json!({"id": id, "slug": EVENT, "name": "New", "startsOn": "2023-01-01", "timeZone": "UTC"});
        let made = desk.run(Some(&root), "createEvent", "event { slug }", input).await;
        assert_eq!(made["event"]["slug"], EVENT, "{made}");
        let query = format!(
            "{{ event(slug: \"{EVENT}\", view: WORKING) {{ changes {{ totalCount pageInfo {{ hasNextPage }}
            nodes {{ operation after }} }} }} }}"
        );
        let seen = desk.ask(Some(&root), &query, json!({})).await["data"]["event"]["changes"].clone();
        assert_eq!((&seen["totalCount"], &seen["pageInfo"]["hasNextPage"]), (&json!(1), &json!(false)), "{seen}");
        assert_eq!(seen["nodes"][0]["after"]["name"], "New");
        let before = json!({"event": EVENT, "change": "5"});
        let refused = desk.run(Some(&root), "undoChange", "event { slug }", before).await;
        assert_eq!(refused["userErrors"][0]["code"], "NOT_FOUND", "{refused}");
    })
    .await;
}
