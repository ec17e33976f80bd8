//! The schema's shape: its file, its descriptions, its names, and what Relay wants of it.

use std::path::Path;

use async_graphql::Request;
use serde_json::Value;

use crate::graphql::{Settings, schema, sdl};

const INTROSPECTION: &str = "{ __schema { types { kind name description isOneOf specifiedByURL
    fields(includeDeprecated: true) { name description type { ...type } args { name description type { ...type } } }
    inputFields { name description type { ...type } }
    enumValues(includeDeprecated: true) { name description }
    interfaces { name } possibleTypes { name } } } }
    fragment type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

fn settings(introspection: bool) -> Settings {
    Settings { introspection, default_event: None, webhooks: crate::config::Config::defaults().webhooks }
}

fn types() -> Vec<Value> {
    let answer = futures_util::future::FutureExt::now_or_never(schema(&settings(true)).execute(INTROSPECTION));
    let answer = answer.expect("introspection does not wait");
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    let data = answer.data.into_json().unwrap();
    let types = data["__schema"]["types"].as_array().unwrap().clone();
    types.into_iter().filter(|kind| !name(kind).starts_with("__")).collect()
}

fn name(thing: &Value) -> &str {
    thing["name"].as_str().unwrap_or_default()
}

fn list<'a>(thing: &'a Value, field: &str) -> &'a [Value] {
    thing[field].as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn the_file_is_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let (is, was) = (sdl(), std::fs::read_to_string(&path).unwrap_or_default());
    if is != was {
        std::fs::write(&path, is).unwrap();
        panic!("schema.graphql was not the schema; it has been written anew: look at what changed, and commit it");
    }
}

#[test]
fn everything_is_described() {
    let mut bare = Vec::new();
    let mut look = |path: String, thing: &Value| {
        if thing["description"].as_str().is_none_or(|text| text.trim().len() < 5) {
            bare.push(path);
        }
    };
    for kind in types() {
        look(name(&kind).to_owned(), &kind);
        for part in ["fields", "inputFields", "enumValues"].iter().flat_map(|parts| list(&kind, parts)) {
            look(format!("{}.{}", name(&kind), name(part)), part);
            for argument in list(part, "args") {
                look(format!("{}.{}({})", name(&kind), name(part), name(argument)), argument);
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

#[test]
fn names_follow_the_conventions() {
    let capital = |text: &str| text.starts_with(|first: char| first.is_ascii_uppercase()) && !text.contains('_');
    let small = |text: &str| text.starts_with(|first: char| first.is_ascii_lowercase()) && !text.contains('_');
    for kind in types() {
        let own = name(&kind);
        assert!(capital(own), "{own}");
        let inner = ["Fields", "InScope", "Node", "Collections", "Roots"];
        assert!(own == "Node" || !inner.iter().any(|end| own.ends_with(end)), "{own} shows how the schema is made");
        assert!(
            list(&kind, "fields").iter().chain(list(&kind, "inputFields")).all(|field| small(name(field))),
            "{own}"
        );
        let shouted = |value: &Value| name(value).chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
        assert!(list(&kind, "enumValues").iter().all(shouted), "{own}");
        if kind["kind"] == "INPUT_OBJECT" {
            assert!(["Filter", "Order", "Input"].iter().any(|end| own.ends_with(end)), "{own}");
        }
    }
}

#[test]
fn connections_are_what_relay_wants() {
    let types = types();
    let find = |wanted: &str| types.iter().find(|kind| name(kind) == wanted).unwrap_or_else(|| panic!("no {wanted}"));
    let connections: Vec<_> = types.iter().filter(|kind| name(kind).ends_with("Connection")).collect();
    assert!(connections.len() >= 10, "{}", connections.len());
    for connection in connections {
        let edge = find(&name(connection).replace("Connection", "Edge"));
        let fields: Vec<_> = list(edge, "fields").iter().map(name).collect();
        assert_eq!(fields, ["cursor", "node"]);
        let fields: Vec<_> = list(connection, "fields").iter().map(name).collect();
        assert_eq!(fields, ["edges", "nodes", "pageInfo", "totalCount"]);
    }
}

#[test]
fn relay_can_fetch_a_node_again() {
    // relay-compiler refuses `@refetchable` when `node` has another argument than `id`.
    let types = types();
    let query = types.iter().find(|kind| name(kind) == "Query").unwrap();
    let node = list(query, "fields").iter().find(|field| name(field) == "node").unwrap();
    let arguments: Vec<_> = list(node, "args").iter().map(name).collect();
    assert_eq!((arguments.as_slice(), name(&node["type"])), (["id"].as_slice(), "Node"));
}

#[test]
fn interfaces_have_what_their_types_have() {
    let types = types();
    let find = |wanted: &str| types.iter().find(|kind| name(kind) == wanted).unwrap();
    for interface in types.iter().filter(|kind| kind["kind"] == "INTERFACE") {
        let possible = list(interface, "possibleTypes");
        assert!(possible.len() >= 5);
        for object in possible.iter().map(|kind| find(name(kind))) {
            assert!(list(object, "interfaces").iter().any(|other| name(other) == "Node"), "{}", name(object));
            for field in list(interface, "fields") {
                let own = list(object, "fields").iter().find(|own| name(own) == name(field));
                assert_eq!(own.map(|own| &own["type"]), Some(&field["type"]), "{}.{}", name(object), name(field));
            }
        }
    }
    let participant = find("Participant");
    assert_eq!(list(participant, "fields"), list(find("Speaker"), "fields"));
    assert_eq!(list(participant, "fields"), list(find("CommitteeMember"), "fields"));
    assert!(list(find("Speaker"), "fields").len() > 20);
}

#[test]
fn introspection_can_be_switched_off() {
    let schema = schema(&settings(false));
    let answer = futures_util::future::FutureExt::now_or_never(
        schema.execute(Request::new("{ __schema { queryType { name } } }")),
    );
    assert!(
        answer.is_some_and(|answer| answer
            .data
            .into_json()
            .is_ok_and(|data| data.pointer("/__schema/queryType").is_none()))
    );
    let wrong = futures_util::future::FutureExt::now_or_never(schema.execute("{ evnt { name } }")).unwrap();
    assert!(!wrong.errors[0].message.contains("events"), "{}", wrong.errors[0].message);
}

#[test]
fn what_signs_in_is_in_the_schema() {
    let types = types();
    let mutations = types.iter().find(|kind| name(kind) == "Mutation").unwrap();
    for wanted in crate::graphql::guard::SIGN_INS {
        assert!(list(mutations, "fields").iter().any(|field| name(field) == wanted), "{wanted}");
    }
}

#[test]
fn what_opens_something_is_known_as_a_secret() {
    for kind in types() {
        for field in list(&kind, "fields") {
            let text = field["type"]["name"] == "String" || field["type"]["ofType"]["name"] == "String";
            let named = ["secret", "token", "password"].iter().any(|word| name(field).to_lowercase().ends_with(word));
            let known = crate::graphql::guard::is_secret(name(&kind), name(field));
            assert_eq!(text && named, known, "{}.{}", name(&kind), name(field));
        }
    }
}

#[test]
fn mutations_take_an_input_and_give_a_payload_with_user_errors() {
    let types = types();
    let mutations = types.iter().find(|kind| name(kind) == "Mutation").unwrap();
    for mutation in list(mutations, "fields") {
        let [input] = list(mutation, "args") else { panic!("{} has one argument", name(mutation)) };
        assert_eq!((name(input), input["type"]["kind"].as_str()), ("input", Some("NON_NULL")), "{}", name(mutation));
        let payload = name(&mutation["type"]["ofType"]);
        let payload = types.iter().find(|kind| name(kind) == payload).unwrap();
        assert!(name(payload).ends_with("Payload"), "{}", name(mutation));
        assert!(list(payload, "fields").iter().any(|field| name(field) == "userErrors"), "{}", name(mutation));
    }
}
