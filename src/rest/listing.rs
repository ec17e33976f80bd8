//! Pages of collections, single items and the document, as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::collections::PublicRelease;
use super::{Asked, Refusal};
use crate::content::{Document, Id, Person, Record, references};
use crate::snapshot::Snapshot;

/// A page of a list.
#[derive(Debug)]
pub struct Listed {
    /// The JSON.
    pub body: Vec<u8>,
    /// Where the next page is, if there is one.
    pub next: Option<String>,
}

/// What the public saw at the instant from which on changes are asked for, beside the instants of the records: a release
/// may bring what was written long before it, or what was there once.
#[derive(Debug)]
pub enum Since {
    /// The instants of the records tell all.
    Records,
    /// There was nothing to see.
    Nothing,
    /// This.
    Seen(Arc<Snapshot>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    total_count: usize,
    items: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<Arc<Person>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a str>,
}

/// The page of a list that is asked for. `person` finds those whom items refer to, and `next` is the address of the page
/// after an item.
pub fn list(
    records: Vec<Record>,
    asked: &Asked,
    since: &Since,
    person: impl Fn(Id) -> Option<Arc<Person>>,
    next: impl Fn(Id) -> String,
) -> Result<Listed, Refusal> {
    // The place is looked for among all: the item there may be one that did not change.
    let after = asked.after.map(|id| match records.iter().position(|record| record.id() == id) {
        Some(place) => Ok(place + 1),
        None => {
            Err(Refusal::NotFound(format!("there is no item {id} in this list any more; begin again without after")))
        }
    });
    let mut before = records;
    let mut rest = before.split_off(after.transpose()?.unwrap_or(0));
    for part in [&mut before, &mut rest] {
        part.retain(|record| asked.updated_since.is_none_or(|instant| is_changed(record, instant, since)));
    }
    let total_count = before.len() + rest.len();
    let page = &rest[..rest.len().min(asked.limit)];
    let next = page.last().filter(|_| page.len() < rest.len()).map(|last| next(last.id()));
    Ok(Listed { body: page_of(page, total_count, next.as_deref(), asked, person), next })
}

/// A list on a single page, whatever its length: for files, which have no parameters.
pub fn whole_list(records: &[Record], person: impl Fn(Id) -> Option<Arc<Person>>) -> Vec<u8> {
    page_of(records, records.len(), None, &Asked::default(), person)
}

fn page_of(
    records: &[Record],
    total_count: usize,
    next: Option<&str>,
    asked: &Asked,
    person: impl Fn(Id) -> Option<Arc<Person>>,
) -> Vec<u8> {
    let people = people_of(records, asked, person);
    let items = records.iter().map(|record| shown(record, asked)).collect();
    bytes(&Page { total_count, items, people, next })
}

/// One item, with the people whom it refers to.
pub fn item(record: &Record, asked: &Asked, person: impl Fn(Id) -> Option<Arc<Person>>) -> Vec<u8> {
    #[derive(Serialize)]
    struct Item {
        item: Value,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        people: Vec<Arc<Person>>,
    }
    let people = people_of(std::slice::from_ref(record), asked, person);
    bytes(&Item { item: shown(record, asked), people })
}

/// The document: its canonical JSON, or only some of its lists.
pub fn document(document: &Document, asked: &Asked) -> Vec<u8> {
    let Some(fields) = &asked.fields else { return document.to_json() };
    let mut value = serde_json::to_value(document).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        members.retain(|name, _| name == "format" || fields.contains(name));
    }
    bytes(&value)
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("content has only strings as keys, so it is always JSON")
}

/// The JSON of a record: what the document has, and of a release only what everybody may see.
fn shown(record: &Record, asked: &Asked) -> Value {
    let value = match record {
        Record::Release(release) => serde_json::to_value(PublicRelease {
            id: release.id,
            number: release.number,
            name: release.name.as_deref(),
            note: release.note.as_ref(),
            published_at: release.at,
        }),
        record => serde_json::to_value(record),
    };
    let mut value = value.expect("content has only strings as keys, so it is always JSON");
    if let (Some(fields), Value::Object(members)) = (&asked.fields, &mut value) {
        let all: Map<String, Value> = std::mem::take(members);
        members.extend(all.into_iter().filter(|(name, _)| name == "id" || fields.contains(name)));
    }
    value
}

/// Whom the records refer to in the fields that are asked for, by name.
fn people_of(records: &[Record], asked: &Asked, person: impl Fn(Id) -> Option<Arc<Person>>) -> Vec<Arc<Person>> {
    let is_asked = |field: &str| asked.fields.as_ref().is_none_or(|fields| fields.iter().any(|asked| asked == field));
    let referred = records.iter().flat_map(references).filter(|(field, ..)| is_asked(field));
    let people: BTreeMap<Id, Arc<Person>> =
        referred.filter_map(|(_, id, _)| person(id)).map(|person| (person.id, person)).collect();
    let mut people: Vec<_> = people.into_values().collect();
    people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    people
}

fn is_changed(record: &Record, instant: Timestamp, since: &Since) -> bool {
    let changed_at = match record {
        Record::Event(event) => event.updated_at,
        Record::Series(series) => series.updated_at,
        Record::Person(person) => person.updated_at,
        Record::Release(release) => release.at,
        // An item that was held back until an instant is news from then on.
        item => item
            .head()
            .map_or(Timestamp::MIN, |head| head.publish_at.map_or(head.updated_at, |from| from.max(head.updated_at))),
    };
    changed_at >= instant
        || match since {
            Since::Records => false,
            Since::Nothing => true,
            Since::Seen(snapshot) => snapshot.record(record.id()).as_ref() != Some(record),
        }
}
