//! Topics of the call for papers as rows.

use entity::topic;
use uuid::Uuid;

use super::{Item, Origin, to_json};
use crate::content::{Head, Kind, Markdown, Topic};
use crate::error::Error;

impl Item for Topic {
    type Table = topic::Entity;

    const KINDS: &'static [Kind] = &[Kind::Topic];

    fn from_row(_: Kind, head: Head, row: topic::Model) -> Result<Self, Error> {
        let origin = Origin::new("topic", row.id);
        Ok(Topic {
            head,
            title: row.title,
            description: row.description.map(Markdown),
            items: origin.json(&row.items)?,
            special: row.special,
        })
    }

    fn to_row(&self) -> topic::Model {
        topic::Model {
            id: self.head.id.0,
            title: self.title.clone(),
            description: self.description.clone().map(|text| text.0),
            items: to_json(&self.items),
            special: self.special,
        }
    }

    fn id(row: &topic::Model) -> Uuid {
        row.id
    }
}
