//! Important dates as rows; the moments that were announced before are JSON.

use entity::important_date;
use uuid::Uuid;

use super::{Item, Origin, to_json, to_word, whole_microseconds};
use crate::content::{Head, ImportantDate, Kind, Moment};
use crate::error::Error;

impl Item for ImportantDate {
    type Table = important_date::Entity;

    const KINDS: &'static [Kind] = &[Kind::ImportantDate];

    fn from_row(_: Kind, head: Head, row: important_date::Model) -> Result<Self, Error> {
        let origin = Origin::new("important_date", row.id);
        let moment = Moment {
            date: origin.date(&row.date)?,
            has_time: row.has_time,
            anywhere_on_earth: row.anywhere_on_earth,
            at: origin.instant(row.at)?,
        };
        Ok(ImportantDate {
            head,
            label: row.label,
            kind: origin.word(row.kind)?,
            moment,
            superseded: origin.json(&row.superseded)?,
            struck_through: row.struck_through,
            note: row.note,
        })
    }

    fn to_row(&self) -> important_date::Model {
        important_date::Model {
            id: self.head.id.0,
            label: self.label.clone(),
            kind: to_word(&self.kind),
            date: self.moment.date.to_string(),
            has_time: self.moment.has_time,
            anywhere_on_earth: self.moment.anywhere_on_earth,
            at: self.moment.at.as_microsecond(),
            superseded: to_json(&self.superseded),
            struck_through: self.struck_through,
            note: self.note.clone(),
        }
    }

    fn id(row: &important_date::Model) -> Uuid {
        row.id
    }

    fn cut_instants(&mut self) {
        for moment in self.superseded.iter_mut().chain([&mut self.moment]) {
            moment.at = whole_microseconds(moment.at);
        }
    }
}
