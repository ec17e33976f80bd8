//! Documents in which every text is a canary: the sample, rewritten as JSON, so that no kind and no field is forgotten.

use std::collections::BTreeSet;

use plenary::content::Document;
use serde_json::{Value, json};

/// In every text that nobody may see who has no right to.
pub(super) const WORD: &str = "Zyzzyva";
/// What hidden texts begin with and what is looked for with filters and searches. It is not the word itself: an answer may
/// repeat what it was asked for.
pub(super) const BEGINNING: &str = "zyzz";
/// Texts of a form that leaves no room for a word.
const ORCID: &str = "https://orcid.org/0000-0002-9079-593X";
const COLOR: &str = "#5ec2e7";
/// Long after every clock of these tests.
pub(super) const FAR: &str = "2099-01-01T00:00:00Z";
/// What a document can't be filled with: the store notes it, or it has to be one of a few words.
const EXEMPT: [&str; 5] =
    ["event-withdrawn", "sessions-sequence", "sessions-movedFrom", "event-country", "event-timeZone"];

/// The JSON of a document.
pub(super) fn json(document: &Document) -> Value {
    serde_json::to_value(document).unwrap()
}

/// The document of a JSON.
pub(super) fn document(value: Value) -> Document {
    let mut document: Document = serde_json::from_value(value).unwrap();
    document.sort();
    document
}

/// Writes `word` and the name of the field into every text.
pub(super) fn plant(document: &mut Value, word: &str) {
    for (list, value) in document.as_object_mut().unwrap() {
        rewrite(value, list, word);
    }
}

fn rewrite(value: &mut Value, label: &str, word: &str) {
    match value {
        Value::String(text) => *text = rewritten(text, label, word),
        Value::Array(values) => values.iter_mut().for_each(|value| rewrite(value, label, word)),
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                rewrite(value, &format!("{label}-{name}"), word);
            }
            if fields.contains_key("slug") {
                let id = fields["id"].as_str().unwrap();
                fields["slug"] = json!(format!("{}-{}", word.to_lowercase(), &id[id.len() - 4..]));
            }
        }
        _ => {}
    }
}

fn rewritten(text: &str, label: &str, word: &str) -> String {
    let lower = word.to_lowercase();
    let is_choice = !label.ends_with("-acronym")
        && text.len() > 1
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let is_time = text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::Date>().is_ok();
    if is_choice || is_time || uuid::Uuid::parse_str(text).is_ok() || label.ends_with("-timeZone") {
        return text.to_owned();
    }
    match text {
        _ if label.ends_with("-orcid") => if word == WORD { ORCID } else { text }.to_owned(),
        _ if label.ends_with("-color") => if word == WORD { COLOR } else { text }.to_owned(),
        _ if label.ends_with("-language") => lower,
        _ if text.contains('@') => format!("{lower}.{label}@example.org"),
        _ if text.starts_with("10.") => format!("10.1000/{lower}.{label}"),
        _ if text.starts_with("http") => format!("https://{lower}.example/{label}"),
        _ if text.starts_with('/') => format!("/{lower}/{label}"),
        _ => format!("{word} {label}"),
    }
}

/// Whether there is a canary in a text.
pub(super) fn sings(text: &str) -> bool {
    let text = text.to_lowercase();
    [WORD, ORCID, COLOR].iter().any(|canary| text.contains(&canary.to_lowercase()))
}

/// Every text with a canary in a JSON.
pub(super) fn songs(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if sings(text) => _ = found.insert(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| songs(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| songs(value, found)),
        _ => {}
    }
}

/// The items of a document, whatever their kind.
fn items(document: &mut Value) -> impl Iterator<Item = &mut serde_json::Map<String, Value>> {
    let lists = document.as_object_mut().unwrap().values_mut().filter_map(Value::as_array_mut);
    lists.flatten().filter_map(Value::as_object_mut).filter(|item| item.contains_key("published"))
}

/// How an item is kept from the public.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    HeldBack,
    Embargoed,
}

/// Shows every item.
pub(super) fn show(document: &mut Value) {
    for item in items(document) {
        item.insert("published".to_owned(), json!(true));
        item.remove("publishAt");
    }
}

/// Hides every item; held back, those that go with another only through that one.
pub(super) fn hide(document: &mut Value, how: Hidden) {
    show(document);
    let goes_along = |item: &serde_json::Map<String, Value>| item.contains_key("tier") || item.contains_key("parent");
    for item in items(document).filter(|item| how == Hidden::Embargoed || !goes_along(item)) {
        match how {
            Hidden::HeldBack => item.insert("published".to_owned(), json!(false)),
            Hidden::Embargoed => item.insert("publishAt".to_owned(), json!(FAR)),
        };
    }
}

/// Adds the items and the people of another document, after its own.
pub(super) fn add(document: &mut Value, mut other: Value) {
    for item in items(&mut other) {
        item["position"] = json!(item["position"].as_i64().unwrap() + 100);
    }
    for (name, values) in document.as_object_mut().unwrap() {
        if let (Value::Array(values), Value::Array(more)) = (values, &mut other[name]) {
            values.append(more);
        }
    }
}

/// The fields of the schema of documents that no document fills, and the texts that have no canary.
pub(super) fn forgotten(schemas: &Value, documents: &[Value]) -> Vec<String> {
    let mut missing = Vec::new();
    let values: Vec<&Value> = documents.iter().collect();
    look(schemas, &schemas["Document"], &values, "", &mut missing);
    missing
}

fn look(schemas: &Value, schema: &Value, values: &[&Value], label: &str, missing: &mut Vec<String>) {
    if EXEMPT.contains(&label) {
        return;
    }
    let present: Vec<&Value> = values.iter().copied().filter(|value| !value.is_null()).collect();
    if present.is_empty() {
        missing.push(format!("{label} is never filled"));
        return;
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        look(schemas, &schemas[name], &present, label, missing);
    }
    for parts in ["allOf", "oneOf", "anyOf"] {
        for part in schema[parts].as_array().into_iter().flatten().filter(|part| part["type"] != "null") {
            look(schemas, part, &present, label, missing);
        }
    }
    if !schema["items"].is_null() {
        let inner: Vec<&Value> = present.iter().filter_map(|value| value.as_array()).flatten().collect();
        look(schemas, &schema["items"], &inner, label, missing);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let inner: Vec<&Value> = present.iter().filter_map(|value| value.get(name)).collect();
        let label = if label.is_empty() { name.clone() } else { format!("{label}-{name}") };
        look(schemas, property, &inner, &label, missing);
    }
    let types = &schema["type"];
    let is_text = types == "string" || types.as_array().is_some_and(|types| types.contains(&json!("string")));
    let is_free = is_text && schema["enum"].is_null() && schema["format"].is_null();
    if is_free && !present.iter().any(|value| value.as_str().is_some_and(sings)) {
        missing.push(format!("{label} has no canary"));
    }
}
