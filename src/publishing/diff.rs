//! How two documents of an event differ, record by record, and how a difference is applied.
//!
//! The change log is such a difference, written down: applied in order to what was loaded before, it gives what would be
//! loaded now. That holds because the documents hold exactly the people and the series that are referred to, so
//! somebody who comes in or goes is an [`Edit`] like any other, whether or not their row is new.

use std::collections::HashMap;
use std::sync::Arc;

use crate::content::{Document, Id, Kind, Record};

/// A record that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The kind of the record.
    pub kind: Kind,
    /// The record.
    pub id: Id,
    /// The record before; `None` when it is new in the document.
    pub before: Option<Record>,
    /// The record after; `None` when it is no longer in the document.
    pub after: Option<Record>,
}

/// What must be done to `before` so that it becomes `after`, in an order in which it can be written: new and changed
/// records in the order of [`Kind::ALL`], then those that go in the reverse order.
///
/// Revisions, sequence numbers and the times of creation and change are not compared, nor is the number of a session that
/// has none yet.
pub fn diff(before: Option<&Document>, after: &Document) -> Vec<Edit> {
    let mut old: HashMap<(Kind, Id), Record> = before
        .map(Document::records)
        .unwrap_or_default()
        .into_iter()
        .map(|record| ((record.kind(), record.id()), record))
        .collect();
    let mut edits = Vec::new();
    for record in after.records() {
        let (kind, id) = (record.kind(), record.id());
        match old.remove(&(kind, id)) {
            Some(before) if is_same(&before, &record) => {}
            before => edits.push(Edit { kind, id, before, after: Some(record) }),
        }
    }
    edits.extend(old.into_iter().map(|((kind, id), before)| Edit { kind, id, before: Some(before), after: None }));
    in_writing_order(edits)
}

/// New and changed records in the order of [`Kind::ALL`], then those that go in the reverse order.
pub(super) fn in_writing_order(edits: Vec<Edit>) -> Vec<Edit> {
    let (mut edits, mut gone): (Vec<Edit>, Vec<Edit>) = edits.into_iter().partition(|edit| edit.after.is_some());
    edits.sort_by_key(|edit| place(edit.kind));
    gone.sort_by_key(|edit| (std::cmp::Reverse(place(edit.kind)), edit.id));
    edits.extend(gone);
    edits
}

/// Applies one difference, or one entry of the change log. A document to which all of them were applied in order is
/// the one that the store would load.
pub fn apply(document: &mut Document, kind: Kind, id: Id, after: Option<Record>) {
    match after {
        Some(record) => document.put(record),
        None => document.remove(kind, id),
    }
}

/// Whether two records of one identity say the same, whatever the store keeps about them.
pub fn is_same(before: &Record, after: &Record) -> bool {
    before.is_shared_with(after) || *before == with_bookkeeping(after.clone(), before)
}

/// The record with what the store keeps about `before`: revision, times, a session's sequence number, what an event notes of
/// withdrawn sessions, and a session's number where it has none.
fn with_bookkeeping(mut record: Record, before: &Record) -> Record {
    if let (Some(head), Some(kept)) = (record.head_mut(), before.head()) {
        head.revision = kept.revision;
        head.created_at = kept.created_at;
        head.updated_at = kept.updated_at;
    }
    match (&mut record, before) {
        (Record::Event(event), Record::Event(kept)) => {
            let event = Arc::make_mut(event);
            (event.created_at, event.updated_at) = (kept.created_at, kept.updated_at);
            event.withdrawn.clone_from(&kept.withdrawn);
        }
        (Record::Series(series), Record::Series(kept)) => {
            let series = Arc::make_mut(series);
            (series.created_at, series.updated_at) = (kept.created_at, kept.updated_at);
        }
        (Record::Person(person), Record::Person(kept)) => {
            let person = Arc::make_mut(person);
            (person.created_at, person.updated_at) = (kept.created_at, kept.updated_at);
        }
        (Record::Session(session), Record::Session(kept)) => {
            let session = Arc::make_mut(session);
            (session.sequence, session.moved_from) = (kept.sequence, kept.moved_from);
            if session.number == 0 {
                session.number = kept.number;
            }
        }
        _ => {}
    }
    record
}

fn place(kind: Kind) -> usize {
    Kind::ALL.iter().position(|other| *other == kind).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::content::{AttendanceMode, Date, Event, Head, Publication, Session, SessionKind};

    fn document() -> Document {
        let day = Date(jiff::civil::date(2022, 12, 2));
        Document::new(Event {
            id: Id(Uuid::from_u128(1)),
            slug: "event".to_owned(),
            name: "Event".to_owned(),
            acronym: None,
            edition: None,
            series: None,
            host_conference: None,
            description: None,
            starts_on: day,
            ends_on: day,
            time_zone: "UTC".to_owned(),
            attendance_mode: AttendanceMode::Online,
            venue: None,
            city: None,
            country: None,
            website: None,
            contact_email: None,
            banner: None,
            social_links: Vec::new(),
            language: None,
            publication: Publication::Live,
            withdrawn: Vec::new(),
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        })
    }

    fn session(id: u128, title: &str) -> Session {
        let head = Head::new(Id(Uuid::from_u128(id)), format!("session-{id}"), 0, Timestamp::UNIX_EPOCH);
        Session::new(head, SessionKind::Talk, title)
    }

    #[test]
    fn bookkeeping_is_no_difference() {
        let mut before = document();
        let stored = Session { number: 7, ..session(2, "Talk") };
        before.sessions = vec![Arc::new(stored)];
        let mut after = before.clone();
        let given = Arc::make_mut(&mut after.sessions[0]);
        given.number = 0;
        given.head.revision = 9;
        given.head.updated_at = Timestamp::MAX;
        Arc::make_mut(&mut after.event).created_at = Timestamp::MAX;
        assert_eq!(diff(Some(&before), &after), []);
    }

    #[test]
    fn what_is_new_comes_first_and_what_goes_last() {
        let mut before = document();
        before.sessions = vec![Arc::new(session(2, "Goes")), Arc::new(session(3, "Changes"))];
        let mut after = document();
        after.sessions = vec![Arc::new(session(3, "Changed")), Arc::new(session(4, "New"))];
        let edits = diff(Some(&before), &after);
        let seen: Vec<_> =
            edits.iter().map(|edit| (edit.id.0.as_u128(), edit.before.is_some(), edit.after.is_some())).collect();
        assert_eq!(seen, [(3, true, true), (4, false, true), (2, true, false)]);
        for edit in edits {
            apply(&mut before, edit.kind, edit.id, edit.after);
        }
        assert_eq!(before, after);
    }
}
