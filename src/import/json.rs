//! JSON as readers of formats look at it: a key that nobody asked for is told.
//!
//! It knows no format.

use std::cell::RefCell;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::diagnostic::Place;
use super::input::Input;
use super::json_lines::Lines;
use super::tally::Tally;
use super::text::truth;
use crate::content::Severity;
use crate::error::Error;

/// A file as JSON.
#[derive(Debug)]
pub(crate) struct Json<'a> {
    /// What is in it.
    pub(crate) value: Value,
    name: &'a str,
    lines: Lines,
}

impl Json<'_> {
    /// The place of the object or list with a path such as `sessions.3`.
    pub(crate) fn place(&self, path: &str) -> Place {
        Place { file: Some(self.name.to_owned()), line: self.lines.line(path) }
    }

    /// How far into the file the object or list with a path stands. The keys of an object come in another order.
    pub(crate) fn offset(&self, path: &str) -> Option<usize> {
        self.lines.offset(path)
    }
}

/// Reads a file as JSON. Deep nesting is refused by the parser.
pub(crate) fn parse(input: &Input) -> Result<Json<'_>, Error> {
    let text = input.text.trim_start_matches(['\u{feff}', ' ', '\n', '\t']);
    if text.starts_with('<') {
        let hint = if text.to_ascii_lowercase().starts_with("<!doctype html") { "an HTML page" } else { "XML" };
        return Err(Error::Input(format!("{} is {hint}, no JSON; give the address or file of the JSON", input.name)));
    }
    let value = serde_json::from_str(&input.text).map_err(|error| {
        let remedy =
            if error.is_eof() { "the file is cut off; fetch it again" } else { "mend it there, or fetch it again" };
        Error::Input(format!("{}:{}: this JSON can't be read: {error}; {remedy}", input.name, error.line()))
    })?;
    Ok(Json { value, name: &input.name, lines: Lines::of(&input.text) })
}

/// An object whose keys are counted as they are asked for.
pub(crate) struct Object<'a> {
    map: &'a Map<String, Value>,
    asked: RefCell<HashSet<&'a str>>,
}

impl<'a> Object<'a> {
    pub(crate) fn of(value: &'a Value) -> Option<Object<'a>> {
        value.as_object().map(|map| Object { map, asked: RefCell::default() })
    }

    /// The value of the first of these keys that has one.
    pub(crate) fn get(&self, keys: &[&str]) -> Option<&'a Value> {
        let mut found = None;
        for key in keys {
            let Some((key, value)) = self.map.get_key_value(*key) else { continue };
            self.asked.borrow_mut().insert(key);
            if found.is_none() && !is_empty(value) {
                found = Some(value);
            }
        }
        found
    }

    /// Text, trimmed; a number as its digits, and a text in several languages in English or the first of them.
    pub(crate) fn text(&self, keys: &[&str]) -> Option<String> {
        text_of(self.get(keys)?)
    }

    /// Longer text as it stands.
    pub(crate) fn long(&self, keys: &[&str]) -> Option<String> {
        let value = self.get(keys)?;
        value.as_str().map(str::to_owned).or_else(|| text_of(value))
    }

    pub(crate) fn list(&self, keys: &[&str]) -> &'a [Value] {
        self.get(keys).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn object(&self, keys: &[&str]) -> Option<Object<'a>> {
        Object::of(self.get(keys)?)
    }

    /// A whole number, also where it is written as text.
    pub(crate) fn number(&self, keys: &[&str]) -> Option<i64> {
        let value = self.get(keys)?;
        value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// Whether something holds; `Y`, `yes`, `true` and 1 do.
    pub(crate) fn truth(&self, keys: &[&str]) -> Option<bool> {
        match self.get(keys)? {
            Value::Bool(truth) => Some(*truth),
            other => truth(&text_of(other)?),
        }
    }

    /// Says of keys that they are known and tell nothing of their own.
    pub(crate) fn known(&self, keys: &[&str]) {
        let _ = self.get(keys);
    }

    /// Tells about the keys that nobody asked for; those of `no_place` are known and have no place.
    pub(crate) fn tell_others(&self, what: &str, no_place: &[&str], place: &Place, tally: &mut Tally) {
        let asked = self.asked.borrow();
        for (key, value) in self.map {
            if asked.contains(key.as_str()) && is_multilingual(value) {
                let message = format!("“{key}” of {what} is told in several languages, and is kept in one");
                tally.add(Severity::Info, "languages", place.clone(), message);
            }
            if asked.contains(key.as_str()) || is_empty(value) {
                continue;
            }
            let key: String = key.chars().take(80).collect();
            if no_place.contains(&key.as_str()) {
                tally.add(
                    Severity::Info,
                    "left-out",
                    place.clone(),
                    format!("“{key}” of {what} has no place here, and is left out"),
                );
            } else {
                tally.add(
                    Severity::Warning,
                    "unknown-key",
                    place.clone(),
                    format!("“{key}” of {what} is not known, and is left out"),
                );
            }
        }
    }
}

/// The text of a value.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(languages) => {
            let value = languages
                .get("en")
                .filter(|value| value.is_string())
                .or_else(|| languages.values().find(|value| value.is_string()));
            value?.as_str()?.trim().to_owned()
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Whether a value is a text in several languages: `{"en": …, "de": …}`.
fn is_multilingual(value: &Value) -> bool {
    let Value::Object(map) = value else { return false };
    let is_language = |key: &String| key.split(['-', '_']).next().is_some_and(|first| first.len() == 2);
    map.keys().all(is_language) && map.values().filter(|value| !is_empty(value)).count() > 1
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}
