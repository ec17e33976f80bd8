//! Sponsors as rows.

use entity::sponsor;
use uuid::Uuid;

use super::{Item, image, image_columns};
use crate::content::{Head, Id, Kind, Markdown, Sponsor};
use crate::error::Error;

impl Item for Sponsor {
    type Table = sponsor::Entity;

    const KINDS: &'static [Kind] = &[Kind::Sponsor];

    fn from_row(_: Kind, head: Head, row: sponsor::Model) -> Result<Self, Error> {
        Ok(Sponsor {
            head,
            tier: Id(row.tier_id),
            name: row.name,
            url: row.url,
            logo: image(row.logo_url, row.logo_alt),
            description: row.description.map(Markdown),
        })
    }

    fn to_row(&self) -> sponsor::Model {
        let (logo_url, logo_alt) = image_columns(self.logo.as_ref());
        sponsor::Model {
            id: self.head.id.0,
            tier_id: self.tier.0,
            name: self.name.clone(),
            url: self.url.clone(),
            logo_url,
            logo_alt,
            description: self.description.clone().map(|text| text.0),
        }
    }

    fn id(row: &sponsor::Model) -> Uuid {
        row.id
    }
}
