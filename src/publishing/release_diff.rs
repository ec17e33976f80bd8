//! What is different between two states of an event, in the words of those who attend it: a session moved, a speaker was
//! added, a title changed. Pure; give it what the public sees of each state, so that it tells nothing else.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Map, Value};

use super::diff;
use crate::content::{Document, Id, Kind, Moment, Record, Session, SessionStatus};

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseChange {
    /// The kind of the record.
    pub kind: Kind,
    /// The record.
    pub id: Id,
    /// What it is called afterwards, or was called before it went.
    pub title: String,
    /// What happened to it.
    #[serde(flatten)]
    pub what: What,
}

/// What happened to a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum What {
    /// It is new.
    Added,
    /// It is no longer there.
    Removed,
    /// A session is at another time or in another room.
    Moved {
        /// Where it was.
        before: Slot,
        /// Where it is.
        after: Slot,
    },
    /// A session does not take place.
    Cancelled,
    /// It is called something else.
    Renamed {
        /// What it was called.
        before: String,
    },
    /// An important date is at another time.
    Rescheduled {
        /// When it was.
        before: Moment,
        /// When it is.
        after: Moment,
    },
    /// Something else of it is different.
    Changed {
        /// The names of the fields in the document, in alphabetical order.
        fields: Vec<String>,
    },
}

/// A place in the schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Slot {
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// The name of the room.
    pub room: Option<String>,
}

/// What the store and the publishing of an item keep: no difference for those who read.
const BOOKKEEPING: [&str; 9] = [
    "revision",
    "createdAt",
    "updatedAt",
    "published",
    "publishAt",
    "publication",
    "sequence",
    "movedFrom",
    "withdrawn",
];

/// What `after` has else than `before`, in the order of [`Kind::ALL`], what went last. People come and go with what they
/// do, so they are told only when something of themselves is different.
pub fn release_diff(before: &Document, after: &Document) -> Vec<ReleaseChange> {
    let (old, new) = (Names::of(before), Names::of(after));
    let mut changes = Vec::new();
    for edit in diff(Some(before), after) {
        let mut add = |title: String, what: What| {
            changes.push(ReleaseChange { kind: edit.kind, id: edit.id, title, what });
        };
        match (&edit.before, &edit.after) {
            (None, Some(_)) | (Some(_), None) if edit.kind == Kind::Person => {}
            (None, Some(record)) => add(new.title(record), What::Added),
            (Some(record), None) => add(old.title(record), What::Removed),
            (Some(record), Some(changed)) => {
                let title = new.title(changed);
                differences(record, changed, (&old, &new)).into_iter().for_each(|what| add(title.clone(), what));
            }
            (None, None) => {}
        }
    }
    changes
}

/// What is different between two states of a record.
fn differences(before: &Record, after: &Record, (old, new): (&Names<'_>, &Names<'_>)) -> Vec<What> {
    let mut found = Vec::new();
    let mut told: Vec<&str> = BOOKKEEPING.to_vec();
    if let (Record::Session(before), Record::Session(after)) = (before, after) {
        let (from, to) = (old.slot(before), new.slot(after));
        let is_moved = (before.starts_at, before.ends_at, before.room) != (after.starts_at, after.ends_at, after.room);
        if is_moved {
            found.push(What::Moved { before: from, after: to });
        }
        told.extend(["startsAt", "endsAt", "room"]);
        if before.status != after.status && after.status == SessionStatus::Cancelled {
            found.push(What::Cancelled);
            told.push("status");
        }
    }
    if let (Record::ImportantDate(before), Record::ImportantDate(after)) = (before, after) {
        if before.moment != after.moment {
            found.push(What::Rescheduled { before: before.moment.clone(), after: after.moment.clone() });
        }
        // An extension keeps the date that it takes the place of.
        told.extend(["moment", "superseded"]);
    }
    let title = old.title(before);
    if title_field(after.kind()).is_some() && title != new.title(after) {
        found.push(What::Renamed { before: title });
    }
    told.extend(title_field(after.kind()));
    let fields = changed_fields(before, after, &told);
    if !fields.is_empty() {
        found.push(What::Changed { fields });
    }
    found
}

/// The field that a record of a kind is called by, if it is its own.
const fn title_field(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Session | Kind::Paper | Kind::Topic | Kind::Announcement | Kind::Page => Some("title"),
        Kind::ImportantDate | Kind::Link => Some("label"),
        Kind::Event
        | Kind::Series
        | Kind::Person
        | Kind::Room
        | Kind::Track
        | Kind::Award
        | Kind::SponsorTier
        | Kind::Sponsor
        | Kind::Release => Some("name"),
        Kind::Speaker | Kind::Panelist | Kind::Organizer | Kind::Volunteer | Kind::CommitteeMember => None,
    }
}

fn changed_fields(before: &Record, after: &Record, told: &[&str]) -> Vec<String> {
    let fields = |record: &Record| match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let mut names: Vec<String> = before
        .iter()
        .map(|(name, value)| (name, Some(value) != after.get(name)))
        .chain(after.keys().map(|name| (name, !before.contains_key(name))))
        .filter(|(name, differs)| *differs && !told.contains(&name.as_str()))
        .map(|(name, _)| name.clone())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// What records are called in a document.
struct Names<'a> {
    people: HashMap<Id, &'a str>,
    rooms: HashMap<Id, &'a str>,
}

impl<'a> Names<'a> {
    fn of(document: &'a Document) -> Self {
        Names {
            people: document.people.iter().map(|person| (person.id, person.name.as_str())).collect(),
            rooms: document.rooms.iter().map(|room| (room.head.id, room.name.as_str())).collect(),
        }
    }

    fn slot(&self, session: &Session) -> Slot {
        let room = session.room.and_then(|room| self.rooms.get(&room)).map(|name| (*name).to_owned());
        Slot { starts_at: session.starts_at, ends_at: session.ends_at, room }
    }

    fn title(&self, record: &Record) -> String {
        match record {
            Record::Event(event) => event.name.clone(),
            Record::Series(series) => series.name.clone(),
            Record::Person(person) => person.name.clone(),
            Record::Participation(item) => self.people.get(&item.person).copied().unwrap_or_default().to_owned(),
            Record::Session(item) => item.title.clone(),
            Record::Paper(item) => item.title.clone(),
            Record::Room(item) => item.name.clone(),
            Record::Track(item) => item.name.clone(),
            Record::Topic(item) => item.title.clone(),
            Record::ImportantDate(item) => item.label.clone(),
            Record::Announcement(item) => item.title.clone(),
            Record::Page(item) => item.title.clone(),
            Record::Award(item) => item.name.clone(),
            Record::SponsorTier(item) => item.name.clone(),
            Record::Sponsor(item) => item.name.clone(),
            Record::Link(item) => item.label.clone(),
            Record::Release(release) => release.name.clone().unwrap_or_default(),
        }
    }
}

impl ReleaseChange {
    /// The difference in a line, with times as the clocks of `zone` show them.
    pub fn in_words(&self, zone: &TimeZone) -> String {
        let what = format!("{} “{}”", self.kind.name().replace('_', " "), self.title);
        let clock = |at: Option<Timestamp>| {
            at.map_or_else(|| "open".to_owned(), |at| zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string())
        };
        let place = |slot: &Slot| {
            let room = slot.room.as_ref().map(|room| format!(", {room}")).unwrap_or_default();
            format!("{} – {}{room}", clock(slot.starts_at), clock(slot.ends_at))
        };
        match &self.what {
            What::Added => format!("{what} added"),
            What::Removed => format!("{what} removed"),
            What::Moved { before, after } => format!("{what} moved from {} to {}", place(before), place(after)),
            What::Cancelled => format!("{what} cancelled"),
            What::Renamed { before } => format!("{what} was called “{before}”"),
            What::Rescheduled { before, after } => {
                format!("{what} moved from {} to {}", clock(Some(before.at)), clock(Some(after.at)))
            }
            What::Changed { fields } => format!("{what} changed: {}", fields.join(", ")),
        }
    }
}

/// An event with nothing in it: what the first release is compared with.
pub fn nothing_of(document: &Document) -> Document {
    Document { series: document.series.clone(), ..Document::new(crate::content::Event::clone(&document.event)) }
}

#[cfg(test)]
mod tests;
