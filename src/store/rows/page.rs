//! Pages as rows.

use entity::page;
use uuid::Uuid;

use super::Item;
use crate::content::{Head, Kind, Markdown, Page};
use crate::error::Error;

impl Item for Page {
    type Table = page::Entity;

    const KINDS: &'static [Kind] = &[Kind::Page];

    fn from_row(_: Kind, head: Head, row: page::Model) -> Result<Self, Error> {
        Ok(Page { head, title: row.title, body: Markdown(row.body) })
    }

    fn to_row(&self) -> page::Model {
        page::Model { id: self.head.id.0, title: self.title.clone(), body: self.body.0.clone() }
    }

    fn id(row: &page::Model) -> Uuid {
        row.id
    }
}
