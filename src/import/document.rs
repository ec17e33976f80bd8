//! Reads an event's own document back: what `plenary export document` wrote, perhaps edited since.

use std::collections::HashSet;
use std::path::Path;

use serde_json::Value;

use super::diagnostic::Place;
use super::input::Input;
use super::{Diagnostics, Extent, Imported};
use crate::content::{Document, FORMAT, Id, Severity};
use crate::error::Error;

/// The most fields that are told to be unknown.
const MAX_UNKNOWN: usize = 100;

/// Reads the file of a document, or standard input for `-`; `slug` is the event's name in URLs here, where it is to have another one.
pub fn read(path: &Path, slug: Option<&str>) -> Result<Imported, Error> {
    let mut diagnostics = Diagnostics::default();
    let input = Input::open(path, &mut diagnostics)?;
    read_input(&input, slug, diagnostics)
}

/// Reads the text of a document.
pub fn read_input(input: &Input, slug: Option<&str>, mut diagnostics: Diagnostics) -> Result<Imported, Error> {
    let text = input.text.as_str();
    let name = &input.name;
    let failed = |error: serde_json::Error| {
        Error::Input(format!("{name} is no document of an event: {error}; `plenary export document` writes one"))
    };
    let given: Value = serde_json::from_str(text).map_err(failed)?;
    if given.get("format").is_some_and(|format| *format != FORMAT) {
        return Err(Error::Input(format!(
            "{name} has another document format than {FORMAT}, which this version reads"
        )));
    }
    let mut document: Document = serde_json::from_str(text).map_err(failed)?;
    let understood = serde_json::to_value(&document).map_err(failed)?;
    let mut unknown = Vec::new();
    find_unknown(&given, &understood, "", &mut unknown);
    for path in unknown {
        let message = format!("{path} is not a field that this version knows, and is left out");
        diagnostics.add(Severity::Warning, "unknown-field", Place::default(), message);
    }
    if let Some(slug) = slug {
        std::sync::Arc::make_mut(&mut document.event).slug = slug.to_owned();
    }
    let people = document.people.clone();
    document.drop_unreferenced();
    let kept: HashSet<Id> = document.people.iter().map(|person| person.id).collect();
    for person in people.iter().filter(|person| !kept.contains(&person.id)) {
        let message = format!("nothing refers to {}, who is left out", person.name);
        diagnostics.add(Severity::Warning, "unreferenced-person", Place::default(), message);
    }
    document.sort();
    Ok(Imported { document, diagnostics, extent: Extent::Whole, tells_recording: true, dated: None })
}

/// The places of what is given and was not understood. What is empty says nothing, and may be left out.
fn find_unknown(given: &Value, understood: &Value, path: &str, found: &mut Vec<String>) {
    match (given, understood) {
        (Value::Object(given), Value::Object(understood)) => {
            for (name, value) in given {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match understood.get(name) {
                    Some(known) => find_unknown(value, known, &path, found),
                    None if is_empty(value) || found.len() >= MAX_UNKNOWN => {}
                    None => found.push(path),
                }
            }
        }
        (Value::Array(given), Value::Array(understood)) => {
            for (place, (value, known)) in given.iter().zip(understood).enumerate() {
                find_unknown(value, known, &format!("{path}.{place}"), found);
            }
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(more: &str) -> String {
        format!(
            r#"{{"format":1{more},"event":{{"id":"01a2085c-cbf1-734d-86cb-af19d8371afe","slug":"e","name":"E",
            "startsOn":"2022-12-02","endsOn":"2022-12-02","timeZone":"UTC","attendanceMode":"ONLINE","publication":"LIVE",
            "createdAt":"2022-01-01T00:00:00Z","updatedAt":"2022-01-01T00:00:00Z","colour":"red","city":null}}}}"#
        )
    }

    #[test]
    fn what_is_not_understood_is_told() {
        let person = r#","people":[{"id":"01a2085c-cbf1-734d-86cb-af19d8371aff","name":"Nobody",
            "createdAt":"2022-01-01T00:00:00Z","updatedAt":"2022-01-01T00:00:00Z"}]"#;
        let imported =
            read_input(&Input::of("x.json", &document(person)), Some("here"), Diagnostics::default()).unwrap();
        assert_eq!(imported.document.event.slug, "here");
        let told: Vec<_> = imported.diagnostics.iter().map(|found| (found.code, found.message.as_str())).collect();
        assert_eq!(told[0].0, "unknown-field");
        assert!(told[0].1.starts_with("event.colour is not"), "{told:?}");
        assert_eq!(told[1].0, "unreferenced-person");
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn what_is_no_document_is_an_error() {
        for text in ["", "[]", "{}", &document("").replace("\"format\":1", "\"format\":2")] {
            let read = read_input(&Input::of("x.json", text), None, Diagnostics::default());
            assert!(matches!(read, Err(Error::Input(_))), "{text}");
        }
    }
}
