//! People: one row across all events.

use sea_orm::entity::prelude::*;

/// A row of `person`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The name as the person writes it.
    pub name: String,
    /// The name without case and accents, to be found by.
    pub name_key: String,
    /// The newest known affiliation.
    pub affiliation: Option<String>,
    /// The person's own page.
    pub homepage: Option<String>,
    /// The ORCID iD as a URL.
    pub orcid: Option<String>,
    /// The page on Google Scholar.
    pub scholar: Option<String>,
    /// The page on LinkedIn.
    pub linkedin: Option<String>,
    /// A JSON list of other links.
    pub links: String,
    /// When the person was first recorded, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When the row was last changed, in microseconds since 1970 UTC.
    pub updated_at: i64,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
