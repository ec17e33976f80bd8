//! Sponsor tiers as rows.

use entity::sponsor_tier;
use uuid::Uuid;

use super::Item;
use crate::content::{Head, Kind, SponsorTier};
use crate::error::Error;

impl Item for SponsorTier {
    type Table = sponsor_tier::Entity;

    const KINDS: &'static [Kind] = &[Kind::SponsorTier];

    fn from_row(_: Kind, head: Head, row: sponsor_tier::Model) -> Result<Self, Error> {
        Ok(SponsorTier { head, name: row.name })
    }

    fn to_row(&self) -> sponsor_tier::Model {
        sponsor_tier::Model { id: self.head.id.0, name: self.name.clone() }
    }

    fn id(row: &sponsor_tier::Model) -> Uuid {
        row.id
    }
}
