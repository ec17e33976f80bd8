//! Every mutation of the schema, with everybody who comes: generated from the schema, so that a new one can't be
//! forgotten.

use std::collections::HashMap;
use std::sync::Arc;

use plenary::access::{Role, Viewer};
use plenary::content::{Document, Id, Kind};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::accounts::desk::{Desk, EVENT, OTHER};
use crate::harness::on_each_database;

/// What concerns the caller's own account and no event.
const OWN: [&str; 7] = [
    "login",
    "refreshSession",
    "logout",
    "changePassword",
    "createAccessToken",
    "revokeAccessToken",
    "acceptInvitation",
];
/// What needs no event that exists.
const WITHOUT_EVENT: [&str; 2] = ["createEvent", "importDocument"];

const SCHEMA: &str = "{ __schema { mutationType { fields { name args { type { ofType { name } } } } } \
    types { kind name enumValues { name } inputFields { name defaultValue type { ...t } } } } } \
    fragment t on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The schema, as far as inputs go.
struct Schema {
    mutations: Vec<(String, String)>,
    types: HashMap<String, Value>,
}

impl Schema {
    async fn of(desk: &Desk) -> Schema {
        let answer = desk.ask(None, SCHEMA, Value::Null).await;
        let schema = &answer["data"]["__schema"];
        let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
        let mutations = schema["mutationType"]["fields"].as_array().unwrap_or_else(|| panic!("{answer}")).iter();
        let types = schema["types"].as_array().unwrap().iter();
        Schema {
            mutations: mutations.map(|field| (name(field), name(&field["args"][0]["type"]["ofType"]))).collect(),
            types: types.map(|kind| (name(kind), kind.clone())).collect(),
        }
    }

    /// The smallest input: what must be there, and the event.
    fn input(&self, name: &str, target: &Target<'_>) -> Value {
        let fields = self.types[name]["inputFields"].as_array().unwrap();
        let mut input = Map::new();
        for field in fields {
            let key = field["name"].as_str().unwrap();
            let needed = field["type"]["kind"] == "NON_NULL" && field["defaultValue"].is_null();
            if needed {
                input.insert(key.to_owned(), self.value(key, &field["type"]["ofType"], target));
            }
        }
        Value::Object(input)
    }

    fn value(&self, key: &str, of: &Value, target: &Target<'_>) -> Value {
        match (of["kind"].as_str().unwrap(), of["name"].as_str().unwrap_or_default()) {
            ("LIST", _) => json!([]),
            ("INPUT_OBJECT", name) => self.input(name, target),
            ("ENUM", name) => self.types[name]["enumValues"][0]["name"].clone(),
            (_, "ID") => json!(target.id),
            (_, "Int") => json!(1),
            (_, "Boolean") => json!(false),
            (_, "Date") => json!("2022-12-02"),
            (_, "DateTime") => json!("2022-12-02T12:00:00Z"),
            (_, "JSON") => json!({}),
            _ if key == "event" || key == "confirm" => json!(target.event),
            _ => json!("something"),
        }
    }

    /// What a mutation answers.
    async fn ask(&self, desk: &Desk, token: Option<&str>, mutation: &str, input: &str, target: &Target<'_>) -> Value {
        let query =
            format!("mutation($i: {input}!) {{ {mutation}(input: $i) {{ userErrors {{ field code message }} }} }}");
        desk.ask(token, &query, json!({ "i": self.input(input, target) })).await
    }

    /// The code of the error that a mutation answers, or its payload's `userErrors`.
    async fn run(&self, desk: &Desk, token: Option<&str>, mutation: &str, input: &str, target: &Target<'_>) -> Value {
        let answer = self.ask(desk, token, mutation, input, target).await;
        match answer["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => json!(code),
            None => answer["data"][mutation]["userErrors"].clone(),
        }
    }
}

/// What a mutation is tried on.
struct Target<'a> {
    event: &'a str,
    id: String,
}

/// A record of the kind that a mutation is about, where there is one.
fn target<'a>(event: &'a str, document: &Document, mutation: &str) -> Target<'a> {
    let about = mutation.trim_start_matches("update").trim_start_matches("delete");
    let is_about = |kind: Kind| kind.name().replace('_', "").eq_ignore_ascii_case(about);
    let record = document.records().into_iter().find(|record| is_about(record.kind()));
    let id = record.map_or_else(Uuid::now_v7, |record| record.id().0);
    Target { event, id: id.to_string() }
}

async fn document(desk: &Desk, slug: &str) -> Document {
    let event = desk.event(slug).await;
    desk.app.store.load(event).await.unwrap().unwrap().document
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mutation_asks_who_comes() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("reviewer@example.org", EVENT, Role::Reviewer).await;
        desk.member("elsewhere@example.org", OTHER, Role::Owner).await;
        desk.user("nobody@example.org").await;
        let owner = desk.member("owner@example.org", EVENT, Role::Owner).await;
        desk.app.store.add_member(desk.event(OTHER).await, owner, Role::Owner, desk.now()).await.unwrap();
        let mut tokens = Vec::new();
        for email in ["reviewer@example.org", "elsewhere@example.org", "nobody@example.org"] {
            tokens.push((email, desk.login(email).await.access));
        }
        let access = desk.login("owner@example.org").await.access;
        tokens.push(("a script that reads", desk.script(&access, &["READ"], None).await));
        tokens.push(("a script for another event", desk.script(&access, &["READ", "WRITE"], Some(&[OTHER])).await));
        let schema = Schema::of(&desk).await;
        assert!(schema.mutations.len() > 80, "{}", schema.mutations.len());
        let before = document(&desk, EVENT).await;
        for (mutation, input) in &schema.mutations {
            if OWN.contains(&mutation.as_str()) {
                continue;
            }
            let target = target(EVENT, &before, mutation);
            let answer = schema.run(&desk, None, mutation, input, &target).await;
            assert_eq!(answer, "UNAUTHENTICATED", "{mutation} without a token");
            for (who, token) in &tokens {
                let answer = schema.run(&desk, Some(token), mutation, input, &target).await;
                let is_refused = answer == "FORBIDDEN" || answer == "NOT_FOUND";
                let is_nonsense = mutation == "importDocument" && answer[0]["code"] == "INVALID";
                assert!(is_refused || is_nonsense, "{mutation} by {who}: {answer}");
            }
        }
        assert_eq!(document(&desk, EVENT).await, before, "nothing was written");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_seen_is_not_there() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("owner@example.org", EVENT, Role::Owner).await;
        let token = desk.login("owner@example.org").await.access;
        let schema = Schema::of(&desk).await;
        let hidden = document(&desk, OTHER).await;
        for (mutation, input) in &schema.mutations {
            if OWN.contains(&mutation.as_str()) || WITHOUT_EVENT.contains(&mutation.as_str()) {
                continue;
            }
            let told = async |target: &Target<'_>| {
                let answer = schema.ask(&desk, Some(&token), mutation, input, target).await;
                answer.to_string().replace(&target.id, "").replace(target.event, "")
            };
            let there = told(&target(OTHER, &hidden, mutation)).await;
            let not_there = told(&Target { event: "no-such-event", id: Uuid::now_v7().to_string() }).await;
            assert_eq!(there, not_there, "{mutation} tells that there is something");
            assert!(there.contains("\"NOT_FOUND\""), "{mutation}: {there}");
        }
        assert_eq!(document(&desk, OTHER).await, hidden);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_other_events_are_not_changed_from_here() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("owner@example.org", EVENT, Role::Owner).await;
        let token = desk.login("owner@example.org").await.access;
        let hidden = document(&desk, OTHER).await;
        let person = hidden.people[0].id;
        let input = json!({"event": EVENT, "person": person, "name": "Somebody else"});
        let refused = desk.run(Some(&token), "createSpeaker", "speaker { id }", input).await;
        let codes: Vec<_> = super::errors(&refused).into_iter().map(|(_, code)| code).collect();
        let nobody = json!({"event": EVENT, "person": Uuid::now_v7(), "name": "Somebody else"});
        let unknown = desk.run(Some(&token), "createSpeaker", "speaker { id }", nobody).await;
        assert!(codes.contains(&"NOT_FOUND".to_owned()), "{refused}");
        assert!(super::errors(&unknown).iter().any(|(_, code)| code == "NOT_FOUND"), "{unknown}");
        assert_eq!(document(&desk, OTHER).await, hidden);
    })
    .await;
}

/// The codes of what is to be mended when a document is taken over, or an event goes back to its first release.
async fn codes(desk: &Desk, token: &str, mutation: &str, input: Value) -> Vec<String> {
    let payload = desk.run(Some(token), mutation, "", input).await;
    super::errors(&payload).into_iter().map(|(_, code)| code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_documents_change_nothing_in_the_events_of_others() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("owner@example.org", EVENT, Role::Owner).await;
        let token = desk.login("owner@example.org").await.access;
        let put = async |document: &Document| {
            let operator = Viewer::Operator.creator().unwrap();
            desk.app.store.put_document(&operator, document.clone(), desk.now()).await.unwrap();
            desk.app.shelf.refresh().await.unwrap();
        };
        let import = async |change: &dyn Fn(&mut Document)| {
            let mut document = document(&desk, EVENT).await;
            change(&mut document);
            let input = json!({"document": serde_json::to_value(&document).unwrap()});
            codes(&desk, &token, "importDocument", input).await
        };
        let rename = |document: &mut Document| Arc::make_mut(&mut document.people[0]).name = "Renamed".to_owned();
        let rename_series = |document: &mut Document| {
            Arc::make_mut(document.series.as_mut().unwrap()).name = "Renamed".to_owned();
        };
        let released = desk.run(Some(&token), "publishRelease", "release { number }", json!({"event": EVENT})).await;
        assert_eq!(released["release"]["number"], 1, "{released}");
        let back = json!({"event": EVENT, "to": 1});
        assert!(import(&rename).await.is_empty() && import(&rename_series).await.is_empty(), "they are its own");
        assert!(codes(&desk, &token, "rollback", back.clone()).await.is_empty());
        assert!(import(&rename).await.is_empty() && import(&rename_series).await.is_empty());

        // From now on the other event, which the owner of this one may not even see, has them too.
        let mine = document(&desk, EVENT).await;
        let mut other = document(&desk, OTHER).await;
        let theirs = other.clone();
        let person: Id = mine.people.iter().find(|person| person.name == "Renamed").unwrap().id;
        other.people.push(mine.people.iter().find(|one| one.id == person).unwrap().clone());
        Arc::make_mut(&mut other.speakers[0]).person = person;
        (other.series, Arc::make_mut(&mut other.event).series) = (mine.series.clone(), mine.event.series);
        put(&other).await;
        let shared = document(&desk, OTHER).await;
        assert!(import(&|_| {}).await.is_empty(), "what stays as it is may be sent");
        let again = |document: &mut Document| {
            let place = document.people.iter().position(|one| one.id == person).unwrap();
            Arc::make_mut(&mut document.people[place]).name = "Renamed again".to_owned();
        };
        assert_eq!(import(&again).await, ["IN_USE"]);
        let series = |document: &mut Document| {
            Arc::make_mut(document.series.as_mut().unwrap()).name = "Renamed again".to_owned();
        };
        assert_eq!(import(&series).await, ["IN_USE"]);
        assert_eq!(codes(&desk, &token, "rollback", back).await, ["IN_USE"]);

        // Nor does a document bring in whom and what only the other has.
        put(&theirs).await;
        let newcomer = |document: &mut Document| {
            document.people.push(theirs.people[1].clone());
            Arc::make_mut(&mut document.speakers[0]).person = theirs.people[1].id;
        };
        assert_eq!(import(&newcomer).await, ["TAKEN"]);
        let joining = |document: &mut Document| {
            Arc::make_mut(&mut document.event).series = theirs.event.series;
            document.series = theirs.series.clone();
        };
        assert_eq!(import(&joining).await, ["TAKEN"]);
        assert_eq!(document(&desk, OTHER).await.people, theirs.people);
        assert!(shared.people.iter().any(|one| one.name == "Renamed"));
    })
    .await;
}

/// What only the server decides, and what only those decide who run it.
const DECIDED_ELSEWHERE: [&str; 14] = [
    "administrator",
    "isAdministrator",
    "createsEvents",
    "active",
    "verified",
    "hash",
    "passwordHash",
    "createdAt",
    "updatedAt",
    "createdBy",
    "actor",
    "sequence",
    "movedFrom",
    "withdrawn",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_input_says_what_is_decided_elsewhere() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        let schema = Schema::of(&desk).await;
        let mut inputs = 0;
        for (name, kind) in schema.types.iter().filter(|(_, kind)| kind["kind"] == "INPUT_OBJECT") {
            let fields = kind["inputFields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap());
            let decided: Vec<&str> = fields.filter(|field| DECIDED_ELSEWHERE.contains(field)).collect();
            // A filter of the change log asks for an actor, and sets none.
            let is_filter = name.ends_with("Filter") || name.ends_with("Order");
            assert!(decided.is_empty() || is_filter, "{name} has {decided:?}");
            inputs += 1;
        }
        assert!(inputs > 100, "{inputs}");
        // Publication is no field of an event's own, which WRITE may change: it needs PUBLISH.
        let fields = schema.types["EventInput"]["inputFields"].to_string();
        assert!(fields.contains("\"hostConference\"") && !fields.contains("\"publication\""), "{fields}");
    })
    .await;
}
