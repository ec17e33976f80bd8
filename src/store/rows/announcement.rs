//! Announcements as rows.

use entity::announcement;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Item, Origin, to_json, to_word, whole_microseconds};
use crate::content::{Announcement, Head, Kind, Markdown};
use crate::error::Error;

impl Item for Announcement {
    type Table = announcement::Entity;

    const KINDS: &'static [Kind] = &[Kind::Announcement];

    fn from_row(_: Kind, head: Head, row: announcement::Model) -> Result<Self, Error> {
        let origin = Origin::new("announcement", row.id);
        Ok(Announcement {
            head,
            title: row.title,
            severity: origin.word(row.severity)?,
            body: row.body.map(Markdown),
            links: origin.json(&row.links)?,
            shows_from: origin.optional_instant(row.shows_from)?,
            shows_until: origin.optional_instant(row.shows_until)?,
        })
    }

    fn to_row(&self) -> announcement::Model {
        announcement::Model {
            id: self.head.id.0,
            title: self.title.clone(),
            severity: to_word(&self.severity),
            body: self.body.clone().map(|text| text.0),
            links: to_json(&self.links),
            shows_from: self.shows_from.map(Timestamp::as_microsecond),
            shows_until: self.shows_until.map(Timestamp::as_microsecond),
        }
    }

    fn id(row: &announcement::Model) -> Uuid {
        row.id
    }

    fn cut_instants(&mut self) {
        self.shows_from = self.shows_from.map(whole_microseconds);
        self.shows_until = self.shows_until.map(whole_microseconds);
        for link in &mut self.links {
            link.starts_at = link.starts_at.map(whole_microseconds);
            link.ends_at = link.ends_at.map(whole_microseconds);
        }
    }
}
