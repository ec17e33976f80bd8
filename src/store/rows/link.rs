//! Links as rows.

use entity::link;
use uuid::Uuid;

use super::{Item, Origin, to_word};
use crate::content::{Head, Kind, Link};
use crate::error::Error;

impl Item for Link {
    type Table = link::Entity;

    const KINDS: &'static [Kind] = &[Kind::Link];

    fn from_row(_: Kind, head: Head, row: link::Model) -> Result<Self, Error> {
        let origin = Origin::new("link", row.id);
        Ok(Link { head, label: row.label, url: row.url, kind: origin.word(row.kind)? })
    }

    fn to_row(&self) -> link::Model {
        link::Model { id: self.head.id.0, label: self.label.clone(), url: self.url.clone(), kind: to_word(&self.kind) }
    }

    fn id(row: &link::Model) -> Uuid {
        row.id
    }
}
