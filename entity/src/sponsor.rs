//! Sponsors.

use sea_orm::entity::prelude::*;

/// A row of `sponsor`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sponsor")]
pub struct Model {
    /// The id of the item, in `item` too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The tier.
    pub tier_id: Uuid,
    /// The name.
    pub name: String,
    /// Its own site.
    pub url: Option<String>,
    /// The logo; without a URL there is none.
    pub logo_url: Option<String>,
    /// What the logo shows.
    pub logo_alt: Option<String>,
    /// Markdown.
    pub description: Option<String>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
