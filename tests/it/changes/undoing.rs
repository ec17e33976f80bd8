//! Taking changes back: what can be, what can't any more, and by whom.

use plenary::access::Role;
use serde_json::{Value, json};

use super::{done, done_to, log, member, newest, newest_of, undo};
use crate::accounts::desk::{Desk, EVENT, OTHER, code};
use crate::harness::{on_each_database, sample};

/// The working view of an item.
async fn item(desk: &Desk, token: &str, id: &Value, fields: &str) -> Value {
    let query = format!("query($ids: [ID!]!) {{ nodes(ids: $ids, view: WORKING) {{ id {fields} }} }}");
    desk.ask(Some(token), &query, json!({"ids": [id]})).await["data"]["nodes"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_is_as_before() {
    on_each_database(async |database| {
        let (desk, token) = member(&database, Role::Editor).await;
        let id = json!(sample::id(35));
        let fields = "... on Session { slug title number status room { id } people { part person { id } } }";
        let before = item(&desk, &token, &id, fields).await;
        let change = json!({"id": id, "title": "Changed", "slug": "changed", "room": null, "people": []});
        done_to(&desk, &token, "updateSession", "session { id }", change).await;
        let changed = newest(&desk, &token).await;
        assert_eq!(changed["fields"], json!(["people", "room", "slug", "title"]), "{changed}");
        let payload = undo(&desk, &token, &changed).await;
        assert_eq!((&payload["node"]["id"], &payload["userErrors"]), (&id, &json!([])), "{payload}");
        assert_eq!(item(&desk, &token, &id, fields).await, before);

        // It is a change like any other, and what was undone can't be undone once more.
        let again = undo(&desk, &token, &changed).await;
        assert_eq!((code(&again), &again["userErrors"][0]["field"]), ("CONFLICT", &json!(["change"])), "{again}");
        let undone = newest(&desk, &token).await;
        assert_eq!(undone["fields"], changed["fields"]);
        assert_eq!(undo(&desk, &token, &undone).await["userErrors"], json!([]));
        assert_eq!(item(&desk, &token, &id, fields).await["title"], "Changed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_since_is_named_and_stays() {
    on_each_database(async |database| {
        let (desk, token) = member(&database, Role::Editor).await;
        let id = json!(sample::id(31));
        done_to(&desk, &token, "updateRoom", "room { id }", json!({"id": id, "name": "First", "capacity": 1})).await;
        let first = newest(&desk, &token).await;
        done_to(&desk, &token, "updateRoom", "room { id }", json!({"id": id, "name": "Second"})).await;
        let second = newest(&desk, &token).await;
        let refused = undo(&desk, &token, &first).await;
        assert_eq!(code(&refused), "CONFLICT", "{refused}");
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains(": name differ"), "{refused}");
        assert_eq!((&refused["event"], &refused["node"]), (&Value::Null, &Value::Null));
        assert_eq!(newest(&desk, &token).await, second, "nothing was written");
        // One after the other, the newest first, both can be undone.
        assert_eq!(undo(&desk, &token, &second).await["userErrors"], json!([]));
        assert_eq!(undo(&desk, &token, &first).await["userErrors"], json!([]));
        assert_eq!(item(&desk, &token, &id, "... on Room { name }").await["name"], "Ballroom C");
        done_to(&desk, &token, "deleteRoom", "deletedId", json!({"id": id})).await;
        let refused = undo(&desk, &token, &first).await;
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("deleted since"), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_created_goes_and_what_was_deleted_comes_back() {
    on_each_database(async |database| {
        let (desk, token) = member(&database, Role::Editor).await;
        done(&desk, &token, "createPage", "page { id }", json!({"title": "Travel", "body": "By train."})).await;
        let created = newest(&desk, &token).await;
        let payload = undo(&desk, &token, &created).await;
        assert_eq!((&payload["event"]["slug"], &payload["node"]), (&json!(EVENT), &Value::Null), "{payload}");
        assert_eq!(item(&desk, &token, &created["recordId"], "").await, Value::Null);
        assert_eq!(code(&undo(&desk, &token, &created).await), "CONFLICT");

        let (id, fields) = (json!(sample::id(35)), "... on Session { slug number title people { person { id } } }");
        let before = item(&desk, &token, &id, fields).await;
        done_to(&desk, &token, "deleteSession", "deletedId", json!({"id": id})).await;
        assert_eq!(item(&desk, &token, &id, fields).await, Value::Null);
        let deleted = newest_of(&desk, &token, "SESSION").await;
        let payload = undo(&desk, &token, &deleted).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        let after = item(&desk, &token, &id, fields).await;
        assert_eq!(after, before, "with its id, its slug, its number and its people");
        assert_eq!(code(&undo(&desk, &token, &deleted).await), "CONFLICT");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_goes_on_counting_its_revisions() {
    on_each_database(async |database| {
        let (desk, token) = member(&database, Role::Editor).await;
        let id = json!("019c0000-0000-7000-8000-000000000001");
        let create = json!({"id": id, "title": "First", "body": "A page."});
        let fields = "page { revision createdAt }";
        let first = done(&desk, &token, "createPage", fields, create.clone()).await;
        assert_eq!(first["page"]["revision"], 1);
        done_to(&desk, &token, "updatePage", fields, json!({"id": id, "title": "Second"})).await;
        done_to(&desk, &token, "deletePage", "deletedId", json!({"id": id})).await;
        desk.wait(jiff::SignedDuration::from_mins(5));
        let deleted = newest(&desk, &token).await;
        assert_eq!(undo(&desk, &token, &deleted).await["userErrors"], json!([]));
        let back = item(&desk, &token, &id, "... on Page { title revision createdAt }").await;
        assert_eq!((&back["title"], &back["revision"]), (&json!("Second"), &json!(3)), "{back}");
        assert_eq!(back["createdAt"], first["page"]["createdAt"]);
        // Whoever has seen the first revision has not seen this.
        let late = json!({"id": id, "ifRevision": 1, "title": "Late"});
        let refused = desk.run(Some(&token), "updatePage", fields, late).await;
        assert_eq!((code(&refused), &refused["page"]["revision"]), ("CONFLICT", &json!(3)), "{refused}");
        // The same holds for something new with an id that was used before.
        done_to(&desk, &token, "deletePage", "deletedId", json!({"id": id})).await;
        let anew = done(&desk, &token, "createPage", fields, create).await;
        assert_eq!(anew["page"]["revision"], 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_comes_back_with_what_refers_to_them() {
    on_each_database(async |database| {
        let (desk, token) = member(&database, Role::Editor).await;
        let made = done(&desk, &token, "createSpeaker", "speaker { id person { id } }", json!({"name": "Alan"})).await;
        let (id, person) = (&made["speaker"]["id"], &made["speaker"]["person"]["id"]);
        let came = newest_of(&desk, &token, "PERSON").await;
        assert_eq!(&came["recordId"], person);
        assert_eq!(code(&undo(&desk, &token, &came).await), "INVALID", "a person goes with what refers to them");
        done_to(&desk, &token, "deleteSpeaker", "deletedId", json!({"id": id})).await;
        assert_eq!(item(&desk, &token, person, "").await, Value::Null);
        let gone = newest_of(&desk, &token, "PERSON").await;
        assert_eq!(code(&undo(&desk, &token, &gone).await), "INVALID");
        let payload = undo(&desk, &token, &newest_of(&desk, &token, "SPEAKER").await).await;
        assert_eq!(payload["node"]["id"], *id, "{payload}");
        assert_eq!(item(&desk, &token, person, "... on Person { name }").await["name"], "Alan");
        let back = log(&desk, Some(&token), json!({"first": 2})).await;
        let operations: Vec<_> = back["nodes"].as_array().unwrap().iter().map(|node| &node["operation"]).collect();
        assert_eq!(operations, ["CREATE", "CREATE"], "{back}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_any_more_is_told() {
    on_each_database(async |database| {
        let (desk, token) = member(&database, Role::Editor).await;
        let (session, room) = (json!(sample::id(35)), json!(sample::id(31)));
        done_to(&desk, &token, "updateSession", "session { id }", json!({"id": session, "room": null})).await;
        let moved = newest(&desk, &token).await;
        done_to(&desk, &token, "deleteRoom", "deletedId", json!({"id": room})).await;
        let deleted = newest(&desk, &token).await;
        let refused = undo(&desk, &token, &moved).await;
        assert_eq!((code(&refused), &refused["userErrors"][0]["field"]), ("NOT_FOUND", &json!(["change", "room"])));
        done(&desk, &token, "createRoom", "room { id }", json!({"name": "New", "slug": "ballroom-c"})).await;
        let refused = undo(&desk, &token, &deleted).await;
        assert_eq!((code(&refused), &refused["userErrors"][0]["field"]), ("TAKEN", &json!(["change", "slug"])));
        assert_eq!(undo(&desk, &token, &newest(&desk, &token).await).await["userErrors"], json!([]));
        for change in [&deleted, &moved] {
            assert_eq!(undo(&desk, &token, change).await["userErrors"], json!([]));
        }
        let back = item(&desk, &token, &session, "... on Session { room { id } }").await;
        assert_eq!(back["room"]["id"], room);

        // A tier with a sponsor stays.
        let tier = done(&desk, &token, "createSponsorTier", "sponsorTier { id }", json!({"name": "Tin"})).await;
        let created = newest(&desk, &token).await;
        let input = json!({"name": "Acme", "slug": "acme-2", "tier": tier["sponsorTier"]["id"]});
        done(&desk, &token, "createSponsor", "sponsor { id }", input).await;
        assert_eq!(code(&undo(&desk, &token, &created).await), "IN_USE");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_taken_back_but_not_who_sees_it() {
    on_each_database(async |database| {
        let (desk, token) = member(&database, Role::Owner).await;
        let changes = json!({"changes": {"name": "Renamed", "slug": "renamed"}});
        done(&desk, &token, "updateEvent", "event { slug }", changes).await;
        let query = "{ event(slug: \"renamed\") { changes(first: 1) { nodes { sequence } } } }";
        let renamed = desk.ask(Some(&token), query, json!({})).await;
        let change = &renamed["data"]["event"]["changes"]["nodes"][0]["sequence"];
        let payload =
            desk.run(Some(&token), "undoChange", "event { slug name }", json!({"event": "renamed", "change": change}));
        assert_eq!(payload.await["event"]["slug"], EVENT);
        done(&desk, &token, "setPublication", "event { slug }", json!({"publication": "DRAFT"})).await;
        done(&desk, &token, "setPublication", "event { slug }", json!({"publication": "LIVE"})).await;
        assert_eq!(code(&undo(&desk, &token, &newest(&desk, &token).await).await), "INVALID");
        done(&desk, &token, "publishRelease", "release { number }", json!({})).await;
        assert_eq!(code(&undo(&desk, &token, &newest(&desk, &token).await).await), "INVALID");
        let first = json!({"last": 1, "f": {"kind": {"eq": "EVENT"}}});
        let first = log(&desk, Some(&token), first).await["nodes"][0].clone();
        assert_eq!((code(&undo(&desk, &token, &first).await), &first["operation"]), ("INVALID", &json!("CREATE")));
        assert_eq!(desk.app.store.releases(desk.event(EVENT).await).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_write_takes_back() {
    on_each_database(async |database| {
        let (desk, token) = member(&database, Role::Editor).await;
        done(&desk, &token, "createRoom", "room { id }", json!({"name": "Cellar"})).await;
        let change = newest(&desk, &token).await;
        desk.member("reviewer@example.org", EVENT, Role::Reviewer).await;
        desk.member("elsewhere@example.org", OTHER, Role::Owner).await;
        let reviewer = desk.login("reviewer@example.org").await.access;
        let elsewhere = desk.login("elsewhere@example.org").await.access;
        let script = desk.script(&token, &["READ"], None).await;
        for who in [&reviewer, &elsewhere, &script] {
            assert_eq!(code(&undo(&desk, who, &change).await), "FORBIDDEN");
        }
        let anybody = json!({"event": EVENT, "change": change["sequence"]});
        assert_eq!(code(&desk.run(None, "undoChange", "event { slug }", anybody).await), "UNAUTHENTICATED");
        // A change of another event is not there.
        for sequence in [change["sequence"].as_str().unwrap(), "1", "0", "-1", "x", "", "999999999999999999"] {
            let input = json!({"event": OTHER, "change": sequence});
            let answer = desk.run(Some(&elsewhere), "undoChange", "event { slug }", input).await;
            assert_eq!((code(&answer), &answer["event"]), ("NOT_FOUND", &Value::Null), "{sequence}");
        }
        // Somebody who is in an event of others too is not changed from here.
        desk.member("both@example.org", EVENT, Role::Editor).await;
        let person = sample::id(11);
        let here = json!({"id": person, "changes": {"affiliation": "Elsewhere"}});
        done(&desk, &token, "updatePerson", "person { id }", here).await;
        let changed = newest_of(&desk, &token, "PERSON").await;
        let both = desk.app.store.load(desk.event(OTHER).await).await.unwrap().unwrap().document;
        let shared = desk.app.store.load(desk.event(EVENT).await).await.unwrap().unwrap().document;
        let mut both = both;
        let somebody = shared.people.iter().find(|other| other.id == person).unwrap();
        both.people.push(somebody.clone());
        std::sync::Arc::make_mut(&mut both.papers[0]).authors[0].person = Some(person);
        let operator = plenary::access::Viewer::Operator.creator().unwrap();
        desk.app.store.put_document(&operator, both, desk.now()).await.unwrap();
        assert_eq!(code(&undo(&desk, &token, &changed).await), "IN_USE");
    })
    .await;
}
