//! Taking one change back, if what it left is still there.

use serde_json::Value;
use uuid::Uuid;

use super::diff::{Edit, is_same};
use super::draft::{Draft, Refusal};
use crate::content::{Id, Kind, Record};

/// What the store keeps about records, which is no difference.
const BOOKKEEPING: [&str; 6] = ["revision", "createdAt", "updatedAt", "sequence", "movedFrom", "withdrawn"];

/// Puts back what a record was before a change: what was created goes, what was deleted is there again, what was changed
/// is as before. The record must be as the change left it.
pub fn undo(draft: &mut Draft, change: &Edit) -> Result<(), Refusal> {
    if let Some(why) = why_not(change) {
        return Err(refusal("final", why));
    }
    let now = draft.document().find(change.kind, change.id);
    if let Some(message) = changed_since(change.after.as_ref(), now.as_ref()) {
        return Err(refusal("conflict", &message));
    }
    match change.before.clone() {
        Some(mut before) => {
            if now.is_none() {
                at_free_position(draft, &mut before);
            }
            draft.put(before);
            Ok(())
        }
        None => draft.remove(change.kind, change.id),
    }
}

/// The fields in which two records differ, by their names in JSON. What the store keeps about them is left out.
pub fn differing_fields(before: &Record, after: &Record) -> Vec<String> {
    let fields = |record: &Record| match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.retain(|name| !BOOKKEEPING.contains(&name.as_str()) && before.get(*name) != after.get(*name));
    names.sort_unstable();
    names.dedup();
    names.into_iter().cloned().collect()
}

/// What can't be taken back this way.
fn why_not(change: &Edit) -> Option<&'static str> {
    match (&change.before, &change.after) {
        (Some(Record::Event(before)), Some(Record::Event(after))) => (before.publication != after.publication)
            .then_some("who sees the event is not taken back but set, by whoever may publish it"),
        _ if change.kind == Kind::Event => Some("an event that was created is deleted, not taken back"),
        _ if change.kind == Kind::Release => Some("a release stays; go back to an earlier one instead"),
        (Some(_), Some(_)) => None,
        _ if change.kind == Kind::Person => {
            Some("people come and go with what refers to them: undo the change of that instead")
        }
        _ if change.kind == Kind::Series => {
            Some("the series comes and goes with the event's: undo that change instead")
        }
        _ => None,
    }
}

/// What is not as a change left it.
fn changed_since(left: Option<&Record>, now: Option<&Record>) -> Option<String> {
    match (left, now) {
        (None, None) => None,
        (Some(_), None) => Some("it was deleted since".to_owned()),
        (None, Some(_)) => Some("it was created again since".to_owned()),
        (Some(left), Some(now)) if is_same(left, now) || differing_fields(left, now).is_empty() => None,
        (Some(left), Some(now)) => {
            Some(format!("it was changed since: {} differ now", differing_fields(left, now).join(", ")))
        }
    }
}

/// Where somebody else stands now, what comes back goes to the end.
fn at_free_position(draft: &Draft, record: &mut Record) {
    let kind = record.kind();
    let heads = draft.document().heads(kind);
    if let Some(head) = record.head_mut()
        && heads.iter().any(|(_, position)| *position == head.position)
    {
        head.position = draft.document().next_position(kind);
    }
}

fn refusal(code: &'static str, message: &str) -> Refusal {
    Refusal::invalid(Id(Uuid::nil()), "", code, message)
}
