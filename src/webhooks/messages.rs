//! What there is to tell when a view showed one document before and shows another now: pure.
//!
//! It is made from what everybody sees, so a message tells nobody what they could not look up. An item is told of once in
//! a burst, whatever happened to it; which type that has depends on what an endpoint wants to hear.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::payload::Source;
use super::types::{Wanted, WebhookEventType as Type};
use crate::content::{Document, Id, Kind, Record, Release, Role, Session};
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
    releases: &[Arc<Release>],
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
    let way = Way {
        before,
        after,
        old: records(before),
        new: records(after),
        released_at: releases.last().map(|newest| newest.at),
    };
    let mut changes = way.changes();
    for key in std::mem::take(&mut changes.order) {
        let change = changes.found.remove(&key).unwrap_or_default();
        found.extend(way.occurrence(key, change, source));
    }
    found
}

type Key = (Kind, Id);

/// From one document to another.
struct Way<'a> {
    before: &'a Document,
    after: &'a Document,
    old: HashMap<Key, Record>,
    new: HashMap<Key, Record>,
    /// When the newest release was made that is on the way.
    released_at: Option<Timestamp>,
}

fn records(document: &Document) -> HashMap<Key, Record> {
    document.records().into_iter().map(|record| ((record.kind(), record.id()), record)).collect()
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
    order: Vec<Key>,
    found: HashMap<Key, Change>,
}

impl Changes {
    fn of(&mut self, kind: Kind, id: Id) -> &mut Change {
        if !self.found.contains_key(&(kind, id)) {
            self.order.push((kind, id));
        }
        self.found.entry((kind, id)).or_default()
    }
}

impl Way<'_> {
    fn changes(&self) -> Changes {
        let mut changes = Changes::default();
        for told in release_diff(self.before, self.after) {
            match told.kind {
                Kind::Person => self.spread(&mut changes, told.id, &told.what),
                // A series is told of as a part of the event.
                Kind::Series => changes.of(Kind::Event, self.after.event.id).update("series"),
                kind => changes.of(kind, told.id).note(kind, told.what, self.moved_fields(told.id)),
            }
        }
        changes
    }

    /// People are told of as what they are at the event, and with a new name as those who are in a session.
    fn spread(&self, changes: &mut Changes, person: Id, what: &What) {
        let (fields, is_renamed): (&[String], bool) = match what {
            What::Changed { fields } => (fields, false),
            What::Renamed { .. } => (&[], true),
            _ => return,
        };
        for role in Role::ALL {
            for item in self.after.participations(role).iter().filter(|item| item.person == person) {
                let change = changes.of(role.kind(), item.head.id);
                fields.iter().for_each(|field| change.update(field));
                if is_renamed {
                    change.update("name");
                }
            }
        }
        let theirs = |session: &&Arc<Session>| session.people.iter().any(|one| one.person == person);
        for session in self.after.sessions.iter().filter(|_| is_renamed).filter(theirs) {
            changes.of(Kind::Session, session.head.id).update("people");
        }
    }

    /// Which fields of a session say that it is elsewhere.
    fn moved_fields(&self, id: Id) -> Vec<&'static str> {
        let key = (Kind::Session, id);
        let (Some(Record::Session(before)), Some(Record::Session(after))) = (self.old.get(&key), self.new.get(&key))
        else {
            return Vec::new();
        };
        let differs = [
            ("startsAt", before.starts_at != after.starts_at),
            ("endsAt", before.ends_at != after.ends_at),
            ("room", before.room != after.room),
        ];
        differs.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }

    fn occurrence(&self, key: Key, change: Change, source: &Source<'_>) -> Option<Occurrence> {
        let (old, new) = (self.old.get(&key), self.new.get(&key));
        let types = change.types(key.0);
        let at = self.happened_at(old, new, source.now);
        let document = if new.is_some() { self.after } else { self.before };
        let mut data = source.record(document, new.or(old)?);
        if change.is_moved {
            data["from"] = source.slot(self.before, old?);
            data["to"] = source.slot(self.after, new?);
        }
        if change.fields.contains("moment") {
            data["from"] = source.moment(old?);
            data["to"] = source.moment(new?);
        }
        if !change.is_added && !change.is_removed {
            data["changed"] = change.fields.into_iter().collect();
        }
        Some(Occurrence::new(types, at, data))
    }

    /// When it happened, as far as that is known: it was released then, or written, or its embargo ended; else by now.
    fn happened_at(&self, before: Option<&Record>, after: Option<&Record>, now: Timestamp) -> Timestamp {
        let changed = |record: &Record| match record {
            Record::Event(event) => Some(event.updated_at),
            record => record.head().map(|head| head.updated_at),
        };
        let written = after.and_then(changed).filter(|at| before.and_then(changed) != Some(*at));
        let appeared = after.and_then(Record::head).and_then(|head| head.publish_at).filter(|_| before.is_none());
        let known = written.max(appeared).max(self.released_at);
        known.filter(|at| *at <= now).unwrap_or(now)
    }
}

impl Change {
    /// Something of it is different, but not where it is nor whether it takes place.
    fn update(&mut self, field: &str) {
        self.is_updated = true;
        self.fields.insert(field.to_owned());
    }

    fn note(&mut self, kind: Kind, what: What, moved: Vec<&'static str>) {
        match what {
            What::Added => self.is_added = true,
            What::Removed => self.is_removed = true,
            What::Moved { .. } => {
                self.is_moved = true;
                self.fields.extend(moved.into_iter().map(str::to_owned));
            }
            What::Cancelled => {
                self.is_cancelled = true;
                self.fields.insert("status".to_owned());
            }
            What::Renamed { .. } => self.update(match kind {
                Kind::ImportantDate | Kind::Link => "label",
                Kind::Session | Kind::Paper | Kind::Topic | Kind::Announcement | Kind::Page => "title",
                _ => "name",
            }),
            What::Rescheduled { .. } => self.update("moment"),
            What::Changed { fields } => fields.iter().for_each(|field| self.update(field)),
        }
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
}
