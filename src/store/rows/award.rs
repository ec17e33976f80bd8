//! Awards as rows; which papers won them is in `award_paper`.

use entity::award;
use uuid::Uuid;

use super::Item;
use crate::content::{Award, Head, Kind, Markdown};
use crate::error::Error;

impl Item for Award {
    type Table = award::Entity;

    const KINDS: &'static [Kind] = &[Kind::Award];

    fn from_row(_: Kind, head: Head, row: award::Model) -> Result<Self, Error> {
        Ok(Award { head, name: row.name, description: row.description.map(Markdown), papers: Vec::new() })
    }

    fn to_row(&self) -> award::Model {
        award::Model {
            id: self.head.id.0,
            name: self.name.clone(),
            description: self.description.clone().map(|text| text.0),
        }
    }

    fn id(row: &award::Model) -> Uuid {
        row.id
    }
}
