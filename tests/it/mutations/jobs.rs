//! Several changes at once, moving a block of the schedule, merging people, whole documents, events.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{editor, errors, public};
use crate::accounts::desk::{Desk, EVENT, add_user};
use crate::harness::{on_each_database, sample};

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_made_together_or_not_at_all() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let before = public(&desk, "revision sessions { totalCount }").await;
        let (room, session) = (Uuid::now_v7(), Uuid::now_v7());
        let changes = |title: &str| {
            json!({"event": EVENT, "changes": [
                {"room": {"id": room, "name": "New room"}},
                {"session": {"id": session, "title": title, "room": room}},
            ]})
        };
        let fields = "records { id ... on Session { room { name } } }";
        let refused = desk.run(Some(&token), "applyChanges", fields, changes("")).await;
        assert_eq!(errors(&refused), [("changes.1.title".to_owned(), "REQUIRED".to_owned())], "{refused}");
        assert_eq!(public(&desk, "revision sessions { totalCount }").await, before);
        let done = desk.run(Some(&token), "applyChanges", fields, changes("Together")).await;
        assert_eq!(done["records"][1], json!({"id": session, "room": {"name": "New room"}}), "{done}");
        let late = |revision: i32| {
            let change = json!({"id": session, "ifRevision": revision, "title": "Late"});
            json!({"event": EVENT, "changes": [{"session": change}]})
        };
        let refused = desk.run(Some(&token), "applyChanges", fields, late(7)).await;
        assert_eq!(errors(&refused), [("changes.0.ifRevision".to_owned(), "CONFLICT".to_owned())], "{refused}");
        let gone = json!({"event": EVENT, "changes": [{"session": {"id": session, "delete": true}}]});
        let done = desk.run(Some(&token), "applyChanges", fields, gone.clone()).await;
        assert_eq!(done["records"], json!([null]), "{done}");
        // What was seen and is gone is not made anew.
        for input in [gone, late(1)] {
            let again = desk.run(Some(&token), "applyChanges", fields, input).await;
            assert_eq!(errors(&again), [("changes.0.id".to_owned(), "NOT_FOUND".to_owned())], "{again}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_have_their_bounds() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let ids: Vec<String> = (0..101).map(|_| Uuid::now_v7().to_string()).collect();
        let input = json!({"event": EVENT, "keep": Uuid::now_v7(), "merge": ids});
        let refused = desk.run(Some(&token), "mergePeople", "person { id }", input).await;
        assert_eq!(errors(&refused), [("merge".to_owned(), "INVALID".to_owned())], "{refused}");
        for minutes in [i32::MIN, i32::MAX] {
            let input = json!({"event": EVENT, "sessions": [], "minutes": minutes});
            let refused = desk.run(Some(&token), "moveSessions", "sessions { id }", input).await;
            assert_eq!(errors(&refused), [("minutes".to_owned(), "INVALID".to_owned())], "{refused}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_of_the_schedule_moves_with_its_parts() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let new = async |mut input: Value| {
            input["event"] = json!(EVENT);
            let made = desk.run(Some(&token), "createSession", "session { id startsAt }", input).await;
            (
                made["session"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned(),
                made["session"]["startsAt"].clone(),
            )
        };
        let room = desk.run(Some(&token), "createRoom", "room { id }", json!({"event": EVENT, "name": "Hall"})).await;
        let room = &room["room"]["id"];
        let day = public(&desk, "startsOn").await["startsOn"].as_str().unwrap().to_owned();
        let at = |time: &str| json!(format!("{day}T{time}:00Z"));
        let (block, _) = new(json!({"title": "Block", "startsAt": at("17:00"), "endsAt": at("18:00")})).await;
        let (part, _) =
            new(json!({"title": "Part", "startsAt": at("17:00"), "endsAt": at("17:30"), "parent": block})).await;
        new(json!({"title": "Other", "startsAt": at("18:30"), "endsAt": at("19:00"), "room": room})).await;
        let input =
            |dry: bool| json!({"event": EVENT, "sessions": [block], "minutes": 90, "room": room, "dryRun": dry});
        let fields = "sessions { title startsAt } warnings { code }";
        let looked = desk.run(Some(&token), "moveSessions", fields, input(true)).await;
        assert!(!looked["warnings"].as_array().unwrap().is_empty(), "{looked}");
        let query = "query($id: ID!) { node(id: $id) { ... on Session { startsAt room { name } } } }";
        let seen = async |id: &str| desk.ask(None, query, json!({ "id": id })).await["data"]["node"].clone();
        let before = seen(&part).await;
        let moved = desk.run(Some(&token), "moveSessions", fields, input(false)).await;
        assert_eq!(errors(&moved), [], "{moved}");
        let after = seen(&part).await;
        assert_ne!(before, after);
        assert_eq!(after["room"]["name"], "Hall");
        let outside = json!({"event": EVENT, "sessions": [block], "minutes": 60 * 24 * 30});
        let refused = desk.run(Some(&token), "moveSessions", fields, outside).await;
        assert!(errors(&refused).iter().all(|(field, _)| field.ends_with("startsAt")), "{refused}");
        assert_eq!(errors(&refused).len(), 2, "{refused}");
        assert_eq!(seen(&part).await, after);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_are_one_become_one() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let speaker = async |name: &str| {
            let input = json!({"event": EVENT, "name": name});
            let made = desk.run(Some(&token), "createSpeaker", "speaker { person { id } }", input).await;
            made["speaker"]["person"]["id"].as_str().unwrap().to_owned()
        };
        let (keep, merge) = (speaker("Grace Hopper").await, speaker("G. Hopper").await);
        let input = json!({"event": EVENT, "title": "Compilers", "authors": [{"person": merge}]});
        desk.run(Some(&token), "createPaper", "paper { id }", input).await;
        let input = json!({"event": EVENT, "keep": keep, "merge": [merge]});
        let fields = "person { name papers { title } participations { id } }";
        let merged = desk.run(Some(&token), "mergePeople", fields, input).await;
        assert_eq!(merged["person"]["papers"], json!([{"title": "Compilers"}]), "{merged}");
        assert_eq!(merged["person"]["participations"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_made_from_nothing_and_deleted() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        add_user(&desk.app.store, "root@example.org", true).await;
        let token = desk.login("ada@example.org").await.access;
        let input = json!({"name": "A new workshop", "startsOn": "2027-05-01", "timeZone": "Europe/Vienna"});
        let fields = "event { slug publication startsOn endsOn name }";
        let refused = desk.run(Some(&token), "createEvent", fields, input.clone()).await;
        assert_eq!(refused["extensions"]["code"], "FORBIDDEN", "{refused}");
        let root = desk.login("root@example.org").await.access;
        let empty = desk.run(Some(&root), "createEvent", fields, json!({})).await;
        assert_eq!(errors(&empty).len(), 3, "{empty}");
        let made = desk.run(Some(&root), "createEvent", fields, input.clone()).await;
        assert_eq!(made["event"]["slug"], "a-new-workshop", "{made}");
        assert_eq!(made["event"]["publication"], "DRAFT");
        let taken = desk.run(Some(&root), "createEvent", fields, input).await;
        assert_eq!(errors(&taken), [("slug".to_owned(), "TAKEN".to_owned())], "{taken}");

        let series = json!({"event": "a-new-workshop", "series": {"name": "Workshops"}});
        let made = desk.run(Some(&root), "createSeries", "series { slug name }", series).await;
        assert_eq!(made["series"]["slug"], "workshops", "{made}");
        let changed = json!({"event": "a-new-workshop", "changes": {"city": "Wien", "endsOn": "2027-04-01"}});
        let refused = desk.run(Some(&root), "updateEvent", fields, changed).await;
        assert_eq!(errors(&refused), [("endsOn".to_owned(), "INVALID".to_owned())], "{refused}");
        let half = json!({"event": "a-new-workshop", "confirm": "yes"});
        let refused = desk.run(Some(&root), "deleteEvent", "deletedId", half).await;
        assert_eq!(errors(&refused).len(), 1);
        let gone = json!({"event": "a-new-workshop", "confirm": "a-new-workshop"});
        let gone = desk.run(Some(&root), "deleteEvent", "deletedId", gone).await;
        assert!(gone["deletedId"].is_string(), "{gone}");
        let again = desk
            .run(Some(&root), "createSession", "session { id }", json!({"event": "a-new-workshop", "title": "x"}))
            .await;
        assert_eq!(again["extensions"]["code"], "NOT_FOUND");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_looked_at_and_taken_over() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let event = desk.event(EVENT).await;
        let mut document = desk.app.store.load(event).await.unwrap().unwrap().document;
        document.links.pop();
        let input = |dry: bool| json!({"document": serde_json::to_value(&document).unwrap(), "dryRun": dry});
        let fields = "created updated deleted differences { kind operation }";
        let before = public(&desk, "revision").await;
        let looked = desk.run(Some(&token), "importDocument", fields, input(true)).await;
        assert_eq!((&looked["deleted"], errors(&looked)), (&json!(1), vec![]), "{looked}");
        assert_eq!(public(&desk, "revision").await, before);
        let done = desk.run(Some(&token), "importDocument", fields, input(false)).await;
        assert_eq!(done["differences"], looked["differences"], "{done}");
        assert_eq!(desk.app.store.load(event).await.unwrap().unwrap().document.links.len(), document.links.len());
        let nonsense = desk.run(Some(&token), "importDocument", fields, json!({"document": {"a": 1}})).await;
        assert_eq!(errors(&nonsense), [("document".to_owned(), "INVALID".to_owned())]);
        let new = sample::document(990_000, "elsewhere");
        let new = json!({"document": serde_json::to_value(&new).unwrap()});
        let refused = desk.run(Some(&token), "importDocument", fields, new).await;
        assert_eq!(refused["extensions"]["code"], "FORBIDDEN", "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_event_may_be_longer_than_what_anybody_may_send() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let event = desk.event(EVENT).await;
        let mut document = desk.app.store.load(event).await.unwrap().unwrap().document;
        let new = sample::large(5_000_000, EVENT, 400, 0);
        let there = document.papers.len();
        document.people.extend(new.people);
        document.papers.extend(new.papers);
        let input = json!({"document": serde_json::to_value(&document).unwrap()});
        assert!(input.to_string().len() > 500_000);
        let refused = desk.run(None, "importDocument", "created", input.clone()).await;
        assert!(refused["message"].as_str().unwrap().contains("server.body_limit_bytes"), "{refused}");
        let done = desk.run(Some(&token), "importDocument", "created", input).await;
        assert_eq!((&done["created"], errors(&done)), (&json!(2_000), vec![]), "{done}");
        assert_eq!(desk.app.store.load(event).await.unwrap().unwrap().document.papers.len(), there + 400);
    })
    .await;
}
