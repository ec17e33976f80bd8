//! Small content for the tests of the snapshot and of the shelf.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Snapshot, Stamp, View};
use crate::content::{AttendanceMode, Date, Document, Event, Head, Id, Paper, Publication, Room, Session, SessionKind};

pub(crate) fn id(number: u32) -> Id {
    Id(Uuid::from_u128(u128::from(number)))
}

pub(crate) fn head(number: u32) -> Head {
    Head::new(id(number), format!("item-{number}"), i32::try_from(number).unwrap(), Timestamp::UNIX_EPOCH)
}

pub(crate) fn event(number: u32, zone: &str, first: &str, last: &str) -> Event {
    Event {
        id: id(number),
        slug: format!("event-{number}"),
        name: format!("Workshop {number}"),
        acronym: None,
        edition: None,
        series: None,
        host_conference: None,
        description: None,
        starts_on: Date(first.parse().unwrap()),
        ends_on: Date(last.parse().unwrap()),
        time_zone: zone.to_owned(),
        attendance_mode: AttendanceMode::Hybrid,
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
    }
}

pub(crate) fn document(zone: &str, first: &str, last: &str) -> Document {
    Document::new(event(1_000_000, zone, first, last))
}

pub(crate) fn session(number: u32, title: &str, start: &str, end: &str) -> Session {
    Session {
        number: i32::try_from(number).unwrap(),
        starts_at: Some(start.parse().unwrap()),
        ends_at: Some(end.parse().unwrap()),
        ..Session::new(head(number), SessionKind::Talk, title)
    }
}

pub(crate) fn paper(number: u32, title: &str) -> Paper {
    Paper::new(head(number), title)
}

pub(crate) fn room(number: u32, name: &str) -> Room {
    Room { head: head(number), name: name.to_owned(), description: None, capacity: None, online: false, url: None }
}

pub(crate) fn snapshot(document: Document) -> Snapshot {
    Snapshot::new(document, View::Public, Stamp { revision: 1, release: None, released_at: None })
}
