//! What there is to tell when a view showed one document before and shows another now: pure.
//!
//! It is made from what everybody sees, so a message tells nobody what they could not look up. An item is told of once in
//! a burst, whatever happened to it; which type that has depends on what an endpoint wants to hear.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::payload::Source;
use super::types::{Wanted, WebhookEventType as Type};
use crate::content::{Document, Id, Kind, Record, Release};
use crate::publishing::release_diff::{What, nothing_of, release_diff};

/// Something that happened: the types that it can be told as, the one that says most first, and what is told.
#[derive(Clone, Debug)]
pub(super) struct Occurrence {
    types: Vec<Type>,
    pub(super) at: Timestamp,
    data: Value,
}

/// A message that is to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    pub(super) kind: Type,
    pub(super) at: Timestamp,
    pub(super) body: String,
}

/// The body of a message, as the specification has it.
pub(super) fn body(kind: Type, at: Timestamp, data: &Value) -> String {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(rename = "type")]
        kind: &'a str,
        timestamp: Timestamp,
        data: &'a Value,
    }
    serde_json::to_string(&Body { kind: kind.name(), timestamp: at, data })
        .expect("a message has only strings as keys, so it is always JSON")
}

impl Occurrence {
    pub(super) fn new(types: Vec<Type>, at: Timestamp, data: Value) -> Self {
        Occurrence { types, at, data }
    }

    /// The message for an endpoint; `None` when it does not want to hear of this.
    pub(super) fn for_endpoint(&self, wanted: &Wanted<'_>) -> Option<Draft> {
        let kind = self.types.iter().copied().find(|kind| wanted.accepts(*kind))?;
        Some(Draft { kind, at: self.at, body: body(kind, self.at, &self.data) })
    }
}

/// What is to be told of the way from one document to another, either of which may not be there: then the event is not
/// to be seen. `releases` are those that were published on the way.
pub(super) fn occurrences(
    before: Option<&Document>,
    after: Option<&Document>,
    releases: &[std::sync::Arc<Release>],
    source: &Source<'_>,
) -> Vec<Occurrence> {
    let Some(after) = after else {
        let gone =
            before.map(|before| Occurrence::new(vec![Type::EventUnpublished], source.now, source.event(&before.event)));
        return gone.into_iter().collect();
    };
    let mut found = Vec::new();
    if before.is_none() {
        found.push(Occurrence::new(vec![Type::EventPublished], source.now, source.event(&after.event)));
    }
    found.extend(
        releases
            .iter()
            .map(|release| Occurrence::new(vec![Type::ReleasePublished], release.at, source.release(after, release))),
    );
    let nothing;
    let before = match before {
        Some(before) => before,
        None => {
            nothing = nothing_of(after);
            &nothing
        }
    };
    let mut changes = changes(before, after);
    for key in std::mem::take(&mut changes.order) {
        let change = changes.found.remove(&key).unwrap_or_default();
        found.extend(change.occurrence(key, before, after, source));
    }
    found
}

/// What happened to one record.
#[derive(Clone, Debug, Default)]
struct Change {
    is_added: bool,
    is_removed: bool,
    is_moved: bool,
    is_cancelled: bool,
    is_updated: bool,
    fields: BTreeSet<String>,
}

#[derive(Default)]
struct Changes {
    order: Vec<(Kind, Id)>,
    found: BTreeMap<(Kind, Id), Change>,
}

impl Changes {
    fn of(&mut self, kind: Kind, id: Id) -> &mut Change {
        if !self.found.contains_key(&(kind, id)) {
            self.order.push((kind, id));
        }
        self.found.entry((kind, id)).or_default()
    }
}

fn changes(before: &Document, after: &Document) -> Changes {
    let mut changes = Changes::default();
    for told in release_diff(before, after) {
        if told.kind == Kind::Person {
            spread(&mut changes, told.id, &told.what, after);
            continue;
        }
        let change = changes.of(told.kind, told.id);
        match told.what {
            What::Added => change.is_added = true,
            What::Removed => change.is_removed = true,
            What::Moved { .. } => {
                change.is_moved = true;
                change.fields.extend(moved_fields(before, after, told.id));
            }
            What::Cancelled => {
                change.is_cancelled = true;
                change.fields.insert("status".to_owned());
            }
            What::Renamed { .. } => {
                change.is_updated = true;
                let field = match told.kind {
                    Kind::ImportantDate | Kind::Link => "label",
                    Kind::Session | Kind::Paper | Kind::Topic | Kind::Announcement | Kind::Page => "title",
                    _ => "name",
                };
                change.fields.insert(field.to_owned());
            }
            What::Rescheduled { .. } => {
                change.is_updated = true;
                change.fields.insert("moment".to_owned());
            }
            What::Changed { fields } => {
                change.is_updated = true;
                change.fields.extend(fields);
            }
        }
    }
    changes
}

/// People are told of as what they are at the event, and with a new name as those who are in a session.
fn spread(changes: &mut Changes, person: Id, what: &What, after: &Document) {
    let (fields, is_renamed): (&[String], bool) = match what {
        What::Changed { fields } => (fields, false),
        What::Renamed { .. } => (&[], true),
        _ => return,
    };
    for role in crate::content::Role::ALL {
        for item in after.participations(role).iter().filter(|item| item.person == person) {
            let change = changes.of(role.kind(), item.head.id);
            change.is_updated = true;
            change.fields.extend(fields.iter().cloned());
            change.fields.extend(is_renamed.then(|| "name".to_owned()));
        }
    }
    let theirs =
        |session: &&std::sync::Arc<crate::content::Session>| session.people.iter().any(|one| one.person == person);
    for session in after.sessions.iter().filter(|_| is_renamed).filter(theirs) {
        let change = changes.of(Kind::Session, session.head.id);
        change.is_updated = true;
        change.fields.insert("people".to_owned());
    }
}

fn moved_fields(before: &Document, after: &Document, id: Id) -> Vec<String> {
    let find = |document: &Document| document.sessions.iter().find(|session| session.head.id == id).cloned();
    let (Some(before), Some(after)) = (find(before), find(after)) else { return Vec::new() };
    let differs = [
        ("startsAt", before.starts_at != after.starts_at),
        ("endsAt", before.ends_at != after.ends_at),
        ("room", before.room != after.room),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field.to_owned()).collect()
}

impl Change {
    fn occurrence(
        self,
        (kind, id): (Kind, Id),
        before: &Document,
        after: &Document,
        source: &Source<'_>,
    ) -> Option<Occurrence> {
        let (old, new) = (before.find(kind, id), after.find(kind, id));
        let types = self.types(kind);
        let at = self.happened_at(old.as_ref(), new.as_ref(), source.now);
        let record = new.as_ref().or(old.as_ref())?;
        let document = if new.is_some() { after } else { before };
        let mut data = source.record(document, record);
        if self.is_moved {
            data["from"] = source.slot(before, old.as_ref()?);
            data["to"] = source.slot(after, new.as_ref()?);
        }
        if self.fields.contains("moment") {
            data["from"] = source.moment(old.as_ref()?);
            data["to"] = source.moment(new.as_ref()?);
        }
        if !self.is_added && !self.is_removed {
            data["changed"] = self.fields.into_iter().collect();
        }
        Some(Occurrence::new(types, at, data))
    }

    fn types(&self, kind: Kind) -> Vec<Type> {
        let [added, updated, removed] = match kind {
            Kind::Event | Kind::Series => [Type::EventUpdated; 3],
            Kind::Session => [Type::SessionCreated, Type::SessionUpdated, Type::SessionDeleted],
            Kind::Speaker => [Type::SpeakerAdded, Type::SpeakerUpdated, Type::SpeakerRemoved],
            Kind::Paper => [Type::PaperAdded, Type::PaperUpdated, Type::PaperRemoved],
            Kind::ImportantDate => [Type::DateAdded, Type::DateChanged, Type::DateRemoved],
            Kind::Announcement => [Type::AnnouncementPublished, Type::AnnouncementUpdated, Type::AnnouncementRemoved],
            _ => [Type::ItemAdded, Type::ItemUpdated, Type::ItemRemoved],
        };
        let possible = [
            (self.is_added, added),
            (self.is_removed, removed),
            (self.is_cancelled, Type::SessionCancelled),
            (self.is_moved, Type::SessionMoved),
            (self.is_updated, updated),
        ];
        possible.into_iter().filter(|(is_so, _)| *is_so).map(|(_, kind)| kind).collect()
    }

    /// When it happened, as far as the records know it: what came to be seen or went without being written did so by now.
    fn happened_at(&self, before: Option<&Record>, after: Option<&Record>, now: Timestamp) -> Timestamp {
        let Some(record) = after else { return now };
        let changed = |record: &Record| match record {
            Record::Event(event) => Some(event.updated_at),
            record => record.head().map(|head| head.updated_at),
        };
        let appeared = record.head().and_then(|head| head.publish_at).filter(|_| self.is_added);
        let written = changed(record).filter(|at| before.and_then(changed) != Some(*at));
        written.max(appeared).filter(|at| *at <= now).unwrap_or(now)
    }
}
