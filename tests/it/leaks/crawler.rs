//! Queries that visit every path of a schema, made from the schema: what is new in it is visited without being named here.
//!
//! Each relation of each type is asked for with everything below it, and each argument with every value that could find
//! something hidden. An argument for which no value is known stops the tests.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt::Write;

use serde_json::Value;

use super::canaries::BEGINNING;
use super::world::{Guesses, SERIES, World};

const INTROSPECTION: &str = "{ __schema { types { kind name possibleTypes { name } interfaces { name } \
    enumValues { name } fields { name type { ...t } args { name defaultValue type { ...t } } } \
    inputFields { name type { ...t } } } } } \
    fragment t on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// What the caller of [`Crawler::queries`] asks about.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) event: &'a str,
    pub(super) view: &'a str,
    pub(super) guesses: &'a Guesses,
}

/// The schema of a running server.
pub(super) struct Crawler {
    types: HashMap<String, Value>,
}

/// A way to a type: what stands before its fields, and how many braces that opens.
type Way = (String, usize);

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}

/// The name of the type inside of lists and non-nulls.
fn named(of: &Value) -> &str {
    let mut inner = of;
    while !inner["ofType"].is_null() {
        inner = &inner["ofType"];
    }
    text(inner, "name")
}

fn is_required(argument: &Value) -> bool {
    text(&argument["type"], "kind") == "NON_NULL" && argument["defaultValue"].is_null()
}

impl Crawler {
    pub(super) async fn of(world: &World) -> Crawler {
        let answer = world.ask(None, INTROSPECTION).await;
        let answer: Value = serde_json::from_str(&answer.body).unwrap();
        let types = list(&answer["data"]["__schema"], "types");
        Crawler { types: types.map(|kind| (text(kind, "name").to_owned(), kind.clone())).collect() }
    }

    /// Every query about one event in one view, as far as paths begin at `root`s that `wanted` says.
    pub(super) fn queries(&self, asked: Asked<'_>, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let ways = self.ways(asked);
        let mut types: Vec<&String> = ways
            .keys()
            .filter(|name| wanted(name) && !name.ends_with("Connection") && !name.ends_with("Edge"))
            .collect();
        types.sort();
        let mut queries = Vec::new();
        for name in types {
            for field in self.fields(name) {
                let target = named(&field["type"]);
                let mut asks = Vec::new();
                if !self.is_leaf(target) && !self.is_value(target) && !target.ends_with("Edge") {
                    let depth = match target {
                        _ if name == "Query" && self.is_node(target) => 1,
                        // What hangs on these is visited from the root.
                        "Node" | "Event" => 0,
                        _ if self.is_node(target) => 1,
                        _ => 2,
                    };
                    asks.push(self.ask(name, field, &[], &self.selection(target, depth, "", asked), asked));
                }
                // Arguments could let something through where there is something to be kept back.
                if asked.view == "PUBLIC" {
                    asks.extend(self.variations(name, field, asked));
                }
                queries.extend(asks.chunks(40).map(|asks| within(&ways[name], asks)));
            }
        }
        queries
    }

    /// The shortest way to each type that has fields, from the root.
    fn ways(&self, asked: Asked<'_>) -> HashMap<String, Way> {
        let mut ways: HashMap<String, Way> = HashMap::from([("Query".to_owned(), (String::new(), 0))]);
        let mut queue = VecDeque::from(["Query".to_owned()]);
        while let Some(name) = queue.pop_front() {
            for field in self.fields(&name) {
                let target = named(&field["type"]);
                if target == "Node" {
                    // What leads to anything leads nowhere in particular.
                    continue;
                }
                let (before, braces) = ways[&name].clone();
                let step = format!("{before} {}{} {{", text(field, "name"), self.arguments(&name, field, &[], asked));
                let possible: Vec<&str> =
                    list(&self.types[target], "possibleTypes").map(|kind| text(kind, "name")).collect();
                let found = match text(&self.types[target], "kind") {
                    "OBJECT" if !self.is_value(target) => vec![(target, step, braces + 1)],
                    "INTERFACE" | "UNION" => possible
                        .into_iter()
                        .map(|kind| (kind, format!("{step} ... on {kind} {{"), braces + 2))
                        .collect(),
                    _ => Vec::new(),
                };
                for (kind, step, braces) in found {
                    if !ways.contains_key(kind) {
                        ways.insert(kind.to_owned(), (step, braces));
                        queue.push_back(kind.to_owned());
                    }
                }
            }
        }
        ways
    }

    fn fields(&self, name: &str) -> Vec<&Value> {
        list(&self.types[name], "fields").collect()
    }

    fn is_leaf(&self, name: &str) -> bool {
        matches!(text(&self.types[name], "kind"), "SCALAR" | "ENUM")
    }

    /// Whether a type is a node, or one of several that are.
    fn is_node(&self, name: &str) -> bool {
        let kind = &self.types[name];
        text(kind, "kind") == "INTERFACE" || list(kind, "interfaces").any(|interface| text(interface, "name") == "Node")
    }

    /// Whether a type only holds values, so that nothing leads on from it.
    fn is_value(&self, name: &str) -> bool {
        text(&self.types[name], "kind") == "OBJECT"
            && !self.is_node(name)
            && self.fields(name).into_iter().all(|field| {
                let target = named(&field["type"]);
                list(field, "args").next().is_none() && (self.is_leaf(target) || self.is_value(target))
            })
    }

    /// Everything that a type tells of itself, and what it leads to within `depth` steps from node to node.
    fn selection(&self, name: &str, depth: usize, prefix: &str, asked: Asked<'_>) -> String {
        let kind = &self.types[name];
        if text(kind, "kind") != "OBJECT" {
            let possible = list(kind, "possibleTypes").map(|kind| text(kind, "name"));
            let parts: String = possible
                .map(|kind| {
                    let depth = if kind == "Event" { 0 } else { depth };
                    format!("... on {kind} {{ {} }} ", self.selection(kind, depth, &format!("{kind}_"), asked))
                })
                .collect();
            return format!("__typename {parts}");
        }
        let mut selection = "__typename".to_owned();
        for field in self.fields(name) {
            let target = named(&field["type"]);
            let below = if self.is_leaf(target) {
                String::new()
            } else if self.is_value(target) {
                format!(" {{ {} }}", self.selection(target, 0, "", asked))
            } else if target.ends_with("Edge") {
                " { cursor }".to_owned()
            } else if depth == 0 {
                continue;
            } else if target == "Node" {
                " { __typename id }".to_owned()
            } else if !self.is_node(target) {
                format!(" {{ {} }}", self.selection(target, depth, "", asked))
            } else {
                let depth = if target == "Event" { 0 } else { depth - 1 };
                format!(" {{ {} }}", self.selection(target, depth, "", asked))
            };
            let own = text(field, "name");
            let masked = if name == "Event" && matches!(own, "revision" | "cursor") { "masked_" } else { "" };
            let arguments = self.arguments(name, field, &[], asked);
            write!(selection, " {prefix}{masked}{own}: {own}{arguments}{below}").unwrap();
        }
        selection
    }

    /// A field with arguments and what is asked of it.
    fn ask(&self, name: &str, field: &Value, given: &[(&str, String)], below: &str, asked: Asked<'_>) -> String {
        format!("{}{} {{ {below} }}", text(field, "name"), self.arguments(name, field, given, asked))
    }

    /// The arguments of a field: those that are given, those that it must have, and the longest page.
    fn arguments(&self, name: &str, field: &Value, given: &[(&str, String)], asked: Asked<'_>) -> String {
        let mut arguments = Vec::new();
        for argument in list(field, "args") {
            let own = text(argument, "name");
            let value = given.iter().find(|(given, _)| *given == own).map(|(_, value)| value.clone());
            let value = value.or_else(|| match own {
                "view" => Some(asked.view.to_owned()),
                "event" => Some(format!("\"{}\"", asked.event)),
                "first" => (!given.iter().any(|(given, _)| *given == "last")).then(|| "100".to_owned()),
                _ if is_required(argument) => Some(required(name, text(field, "name"), own, asked)),
                _ => None,
            });
            arguments.extend(value.map(|value| format!("{own}: {value}")));
        }
        if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) }
    }

    /// A field with each value of each argument that it may have.
    fn variations(&self, name: &str, field: &Value, asked: Asked<'_>) -> Vec<String> {
        let target = named(&field["type"]);
        let mut variations = Vec::new();
        for argument in list(field, "args") {
            let own = text(argument, "name");
            if is_required(argument) || matches!(own, "view" | "event" | "first") {
                continue;
            }
            for value in self.values(&argument["type"], own, false, asked) {
                let depth = usize::from(!target.ends_with("Connection"));
                let below = self.selection(target, depth, "", asked);
                let ask = self.ask(name, field, &[(own, value)], &below, asked);
                variations.push(format!("{own}{}: {ask}", variations.len()));
            }
        }
        variations
    }

    /// Values of an input that could find something hidden.
    fn values(&self, of: &Value, name: &str, is_nested: bool, asked: Asked<'_>) -> Vec<String> {
        let inner = &of["ofType"];
        let own = text(of, "name");
        match text(of, "kind") {
            "NON_NULL" => self.values(inner, name, is_nested, asked),
            "LIST" if named(inner) == "ID" => {
                let ids: Vec<String> = asked.guesses.ids.iter().step_by(12).map(|id| format!("\"{id}\"")).collect();
                vec![format!("[{}]", ids.join(", "))]
            }
            "LIST" if text(&self.types[named(inner)], "kind") == "ENUM" => {
                let all: Vec<&str> =
                    list(&self.types[named(inner)], "enumValues").map(|one| text(one, "name")).collect();
                vec![format!("[{}]", all.join(", "))]
            }
            "LIST" => self.values(inner, name, is_nested, asked).iter().map(|value| format!("[{value}]")).collect(),
            "ENUM" => list(&self.types[own], "enumValues").map(|one| text(one, "name").to_owned()).collect(),
            "INPUT_OBJECT" if own.ends_with("Order") => {
                let field = list(&self.types[own], "inputFields").find(|field| text(field, "name") == "field");
                let fields = self.values(&field.unwrap()["type"], "field", true, asked);
                let both = |field: &String| ["ASC", "DESC"].map(|way| format!("{{field: {field}, direction: {way}}}"));
                fields.iter().flat_map(both).collect()
            }
            "INPUT_OBJECT" => self.conditions(own, is_nested, asked),
            _ => vec![scalar(own, name, asked)],
        }
    }

    /// A filter with each of its conditions, one at a time.
    fn conditions(&self, name: &str, is_nested: bool, asked: Asked<'_>) -> Vec<String> {
        let mut conditions = Vec::new();
        for field in list(&self.types[name], "inputFields") {
            let (own, of) = (text(field, "name"), &field["type"]);
            let is_same = named(of) == name;
            if is_same && is_nested {
                continue;
            }
            let values = self.values(of, own, is_same, asked);
            // What `and`, `or` and `not` make of a condition is the same for each of them.
            let enough = if is_same { 4 } else { values.len() };
            conditions.extend(values.iter().take(enough).map(|value| format!("{{{own}: {value}}}")));
        }
        conditions
    }
}

fn scalar(of: &str, name: &str, asked: Asked<'_>) -> String {
    match (of, name) {
        ("Boolean", _) => "true".to_owned(),
        ("Int", "release" | "to") => "2".to_owned(),
        ("Int", "last") => "3".to_owned(),
        ("Int", "year") => "2022".to_owned(),
        ("String", "after" | "before") => format!("\"{}0\"", asked.guesses.ids[0].replace('-', "")),
        ("String", "eq" | "in") => format!("\"{}\"", asked.guesses.slugs["papers"]),
        ("String", "contains" | "startsWith") => format!("\"{BEGINNING}\""),
        ("DateTime", _) => "\"2022-12-02T14:10:00Z\"".to_owned(),
        ("Date", _) => "\"2022-12-02\"".to_owned(),
        _ => panic!("the crawler knows no value for {name}: {of}"),
    }
}

/// A value for an argument that a field must have: something hidden, or what the query is about.
fn required(name: &str, field: &str, argument: &str, asked: Asked<'_>) -> String {
    let hidden = |list: &str| format!("\"{}\"", asked.guesses.slugs[list]);
    let id = |place: usize| format!("\"{}\"", asked.guesses.ids[place]);
    match (name, field, argument) {
        ("Query", "event", "slug") => format!("\"{}\"", asked.event),
        ("Query", "series", "slug") => format!("\"{SERIES}\""),
        ("Query", "releaseDiff", "from") => "0".to_owned(),
        ("Query", "node", "id") | ("Event", "person", "id") => id(0),
        ("Query", "nodes", "ids") => format!("[{}, {}]", id(0), id(1)),
        ("Event", "session" | "paper" | "page" | "speaker" | "room" | "track", "slug") => hidden(&format!("{field}s")),
        (_, "search", "query") => format!("\"{BEGINNING}\""),
        _ => panic!("the crawler knows no value for {name}.{field}({argument})"),
    }
}

/// Fields at the end of a way, as a query.
fn within((before, braces): &Way, asks: &[String]) -> String {
    format!("{{{before} {} {}}}", asks.join(" "), "}".repeat(*braces))
}

/// The names of the types that are reached, for checks that nothing is left out.
impl Crawler {
    pub(super) fn nodes(&self) -> HashSet<&str> {
        let nodes = list(&self.types["Node"], "possibleTypes").map(|kind| text(kind, "name"));
        nodes.collect()
    }

    pub(super) fn reached(&self, asked: Asked<'_>) -> HashSet<String> {
        self.ways(asked).into_keys().collect()
    }
}
