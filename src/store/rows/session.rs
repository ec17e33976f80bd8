//! Sessions as rows; who takes part in them is in `session_person`.

use entity::session;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Item, Origin, to_word, whole_microseconds};
use crate::content::{Head, Id, Kind, Markdown, Session, SessionPerson};
use crate::error::Error;

impl Item for Session {
    type Table = session::Entity;

    const KINDS: &'static [Kind] = &[Kind::Session];

    fn from_row(_: Kind, head: Head, row: session::Model) -> Result<Self, Error> {
        let origin = Origin::new("session", row.id);
        Ok(Session {
            head,
            number: row.number,
            sequence: row.sequence,
            kind: origin.word(row.kind)?,
            title: row.title,
            summary: row.summary.map(Markdown),
            starts_at: origin.optional_instant(row.starts_at)?,
            ends_at: origin.optional_instant(row.ends_at)?,
            moved_from: origin.optional_instant(row.moved_from)?,
            room: row.room_id.map(Id),
            track: row.track_id.map(Id),
            parent: row.parent_id.map(Id),
            paper: row.paper_id.map(Id),
            people: Vec::new(),
            status: origin.word(row.status)?,
            language: row.language,
            stream_url: row.stream_url,
            recording_url: row.recording_url,
            slides_url: row.slides_url,
            do_not_record: row.do_not_record,
        })
    }

    fn to_row(&self) -> session::Model {
        session::Model {
            id: self.head.id.0,
            number: self.number,
            sequence: self.sequence,
            kind: to_word(&self.kind),
            title: self.title.clone(),
            summary: self.summary.clone().map(|text| text.0),
            starts_at: self.starts_at.map(Timestamp::as_microsecond),
            ends_at: self.ends_at.map(Timestamp::as_microsecond),
            moved_from: self.moved_from.map(Timestamp::as_microsecond),
            room_id: self.room.map(|id| id.0),
            track_id: self.track.map(|id| id.0),
            parent_id: self.parent.map(|id| id.0),
            paper_id: self.paper.map(|id| id.0),
            status: to_word(&self.status),
            language: self.language.clone(),
            stream_url: self.stream_url.clone(),
            recording_url: self.recording_url.clone(),
            slides_url: self.slides_url.clone(),
            do_not_record: self.do_not_record,
        }
    }

    fn id(row: &session::Model) -> Uuid {
        row.id
    }

    fn cut_instants(&mut self) {
        self.starts_at = self.starts_at.map(whole_microseconds);
        self.ends_at = self.ends_at.map(whole_microseconds);
        self.moved_from = self.moved_from.map(whole_microseconds);
    }
}

pub(in crate::store) fn session_person_from_row(row: entity::session_person::Model) -> Result<SessionPerson, Error> {
    let origin = Origin::new("session", row.session_id);
    Ok(SessionPerson { person: Id(row.person_id), part: origin.word(row.part)? })
}

pub(in crate::store) fn session_person_to_row(
    session: Uuid,
    position: i32,
    person: &SessionPerson,
) -> entity::session_person::Model {
    entity::session_person::Model {
        session_id: session,
        position,
        person_id: person.person.0,
        part: to_word(&person.part),
    }
}
