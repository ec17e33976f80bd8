//! Tracks as rows.

use entity::track;
use uuid::Uuid;

use super::Item;
use crate::content::{Head, Kind, Markdown, Track};
use crate::error::Error;

impl Item for Track {
    type Table = track::Entity;

    const KINDS: &'static [Kind] = &[Kind::Track];

    fn from_row(_: Kind, head: Head, row: track::Model) -> Result<Self, Error> {
        Ok(Track { head, name: row.name, description: row.description.map(Markdown), color: row.color })
    }

    fn to_row(&self) -> track::Model {
        track::Model {
            id: self.head.id.0,
            name: self.name.clone(),
            description: self.description.clone().map(|text| text.0),
            color: self.color.clone(),
        }
    }

    fn id(row: &track::Model) -> Uuid {
        row.id
    }
}
