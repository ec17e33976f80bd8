//! Rooms as rows.

use entity::room;
use uuid::Uuid;

use super::Item;
use crate::content::{Head, Kind, Markdown, Room};
use crate::error::Error;

impl Item for Room {
    type Table = room::Entity;

    const KINDS: &'static [Kind] = &[Kind::Room];

    fn from_row(_: Kind, head: Head, row: room::Model) -> Result<Self, Error> {
        Ok(Room {
            head,
            name: row.name,
            description: row.description.map(Markdown),
            capacity: row.capacity,
            online: row.online,
            url: row.url,
        })
    }

    fn to_row(&self) -> room::Model {
        room::Model {
            id: self.head.id.0,
            name: self.name.clone(),
            description: self.description.clone().map(|text| text.0),
            capacity: self.capacity,
            online: self.online,
            url: self.url.clone(),
        }
    }

    fn id(row: &room::Model) -> Uuid {
        row.id
    }
}
