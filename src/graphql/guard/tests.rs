//! What the guard lets through, what it refuses, and how fast.

use std::fmt::Write;
use std::time::{Duration, Instant};

use async_graphql::Variables;

use super::super::error::Code;
use super::{Guard, Measure, Refusal};
use crate::config::Config;

const SDL: &str = "
    type Query { event(slug: String): Event nodes(ids: [ID!]!): [Event]! }
    type Event { id: ID! name: String papers(first: Int, last: Int): PaperConnection! rooms: [Room!]! }
    type PaperConnection { nodes: [Paper!]! edges: [PaperEdge!]! totalCount: Int! }
    type PaperEdge { node: Paper! cursor: String! }
    type Paper { id: ID! title: String! event: Event! }
    type Room { id: ID! name: String! }
    type Subscription { eventChanged(event: String!): EventChange! }
    type EventChange { cursor: String! event: Event changes: [RecordChange!]! }
    type RecordChange { node: Paper }
    schema { query: Query subscription: Subscription }
";

fn guard() -> Guard {
    Guard::new(SDL, &Config::defaults().graphql)
}

fn measure_with(query: &str, variables: &str) -> Result<Measure, Refusal> {
    let guard = guard();
    let document = guard.parse(query)?;
    let variables = Variables::from_json(serde_json::from_str(variables).unwrap());
    guard.measure(&document, None, &variables)
}

fn measure(query: &str) -> Result<Measure, Refusal> {
    measure_with(query, "{}")
}

/// Checks that a query is refused with a code, well within the time that a refusal may take.
fn refuses(query: &str, code: Code) {
    let guard = guard();
    let shown: String = query.chars().take(60).collect();
    let mut best = Duration::MAX;
    // Other tests run at the same time, so the best of a few times counts.
    for _ in 0..5 {
        let begin = Instant::now();
        let result = guard.parse(query).and_then(|document| guard.measure(&document, None, &Variables::default()));
        best = best.min(begin.elapsed());
        assert_eq!(result.expect_err(&shown).code, code, "{shown}");
    }
    assert!(best < Duration::from_millis(50), "{shown} took {best:?}");
}

#[test]
fn costs_follow_page_sizes() {
    let of_ten = measure("{ event { papers(first: 10) { nodes { id title } } } }").unwrap();
    assert_eq!((of_ten.cost, of_ten.depth, of_ten.fields), (3 + 10 * 2, 4, 5));
    let by_default = measure("{ event { papers { nodes { id title } totalCount } } }").unwrap();
    assert_eq!(by_default.cost, 4 + 20 * 2);
    let query = "query($n: Int = 5) { event { papers(first: $n) { edges { node { id } } } } }";
    assert_eq!(measure(query).unwrap().cost, 3 + 5 * 2);
    assert_eq!(measure_with(query, r#"{"n": 50}"#).unwrap().cost, 3 + 50 * 2);
    assert_eq!(measure(r#"{ nodes(ids: ["a", "b", "c"]) { id } }"#).unwrap().cost, 1 + 3);
}

#[test]
fn fragments_count_as_if_they_were_written_out() {
    let written = measure("{ event { papers(first: 7) { nodes { id title event { name } } } } }").unwrap();
    let spread = "query { event { papers(first: 7) { ...c } } }
        fragment c on PaperConnection { nodes { ...p } } fragment p on Paper { id title event { name } }";
    let spread = measure(spread).unwrap();
    assert_eq!((spread.cost, spread.depth), (written.cost, written.depth));
}

#[test]
fn a_fan_out_of_fragments_is_refused_at_once() {
    for steps in [13, 16, 22, 31, 60] {
        let mut query = "{ ...f0 } ".to_owned();
        for step in 0..steps {
            write!(query, "fragment f{step} on Query {{ ...f{0} ...f{0} }} ", step + 1).unwrap();
        }
        write!(query, "fragment f{steps} on Query {{ __typename }}").unwrap();
        refuses(&query, Code::TooComplex);
    }
}

#[test]
fn operations_that_are_not_executed_count_too() {
    let fields = "event { id } ".repeat(20);
    let operations: String = (0..30).map(|n| format!("query q{n} {{ ...f }} ")).collect();
    let guard = guard();
    let query = format!("{} fragment f on Query {{ {fields} }}", operations.replace("...f", &"...f ".repeat(9)));
    let refusal = guard.measure(&guard.parse(&query).unwrap(), Some("q1"), &Variables::default()).unwrap_err();
    assert_eq!(refusal.code, Code::TooComplex);
}

#[test]
fn introspection_can_be_switched_off() {
    let config = crate::config::GraphqlConfig { introspection: false, ..Config::defaults().graphql };
    let guard = Guard::new(SDL, &config);
    for query in ["{ __schema { queryType { name } } }", "{ ... on Query { __type(name: \"Query\") { name } } }"] {
        let refusal = guard.measure(&guard.parse(query).unwrap(), None, &Variables::default()).unwrap_err();
        assert_eq!(refusal.code, Code::GraphqlValidationFailed, "{query}");
    }
    assert!(guard.measure(&guard.parse("{ __typename }").unwrap(), None, &Variables::default()).is_ok());
}

#[test]
fn pages_within_pages_are_refused() {
    let query = "{ event { papers(first: 100) { nodes { event { papers(first: 100) { nodes { event {
        papers(first: 100) { nodes { id } } } } } } } } } }";
    refuses(query, Code::TooComplex);
}

#[test]
fn size_depth_aliases_and_directives_are_bounded() {
    refuses(&format!("{{ {} }}", "a: __typename ".repeat(4_000)), Code::TooComplex);
    refuses(
        &format!("{{ {} }}", (0..1_000).map(|n| format!("a{n}:event{{id}} ")).collect::<String>()),
        Code::TooComplex,
    );
    refuses(&format!("{{ event {}{{ id }} }}", "@skip(if: false) ".repeat(300)), Code::TooComplex);
    refuses(&format!("{{ event {}", "{ event ".repeat(400)), Code::GraphqlParseFailed);
    refuses(&"{ a".repeat(100_000), Code::TooComplex);
    refuses(&"[".repeat(30_000), Code::TooComplex);
    refuses(&format!("{{ a(b: \"{}\") }}", "x".repeat(40_000)), Code::TooComplex);
    let deep = format!("{{ {} id {} }}", "event { papers { nodes { ".repeat(6), "} } } ".repeat(6));
    refuses(&deep, Code::TooComplex);
    let inline = format!("{{ {} __typename {} }}", "... { ".repeat(200), "} ".repeat(200));
    refuses(&inline, Code::TooComplex);
    refuses(&"query { a } ".repeat(1_000), Code::TooComplex);
}

#[test]
fn what_validation_would_miss_is_refused() {
    refuses("{ __typename @nope(x: 1) }", Code::GraphqlValidationFailed);
    refuses("{ __typename(a: 1) }", Code::GraphqlValidationFailed);
    refuses("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", Code::GraphqlValidationFailed);
    refuses("{ ...nowhere }", Code::GraphqlValidationFailed);
    refuses("{ event { id } } fragment a on Query { event { id } }", Code::GraphqlValidationFailed);
    refuses("query($slug: String!) { event(slug: $slug) { id } }", Code::BadUserInput);
    refuses("query A { event { id } } query B { event { id } }", Code::OperationResolutionFailure);
}

#[test]
fn the_introspection_of_tools_passes_and_a_circular_one_does_not() {
    let query = include_str!("introspection.graphql");
    let measured = measure(query).unwrap();
    assert!(measured.depth <= 15 && measured.fields < 500, "{measured:?}");
    refuses("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", Code::TooComplex);
}

#[test]
fn a_syntax_error_is_one_line_that_does_not_repeat_the_query() {
    let refusal = measure("{ event(slug: \"secret\" ").unwrap_err();
    assert_eq!(refusal.code, Code::GraphqlParseFailed);
    assert!(!refusal.message.contains("secret") && !refusal.message.contains('\n'), "{}", refusal.message);
    assert!(refusal.position.is_some());
}

#[test]
fn a_subscription_has_one_root_field_and_costs_what_its_messages_cost() {
    let changes = "eventChanged(event: \"e\") { cursor changes { node { title } } }";
    // One field, the cursor, and 200 changes with a node and its title.
    assert_eq!(measure(&format!("subscription {{ {changes} }}")).unwrap().cost, 1 + 1 + 1 + 200 * 2);
    for refused in [
        format!("subscription {{ {changes} other: {changes} }}"),
        "subscription { __typename }".to_owned(),
        "subscription { __schema { queryType { name } } }".to_owned(),
        format!("subscription {{ {changes} __typename }}"),
        format!("subscription {{ ... on Subscription {{ {changes} }} }}"),
        format!("subscription {{ ...f }} fragment f on Subscription {{ {changes} }}"),
        format!("subscription($no: Boolean!) {{ {} }}", changes.replace(") {", ") @include(if: $no) {")),
    ] {
        refuses(&refused, Code::GraphqlValidationFailed);
    }
}
