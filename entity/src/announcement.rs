//! Announcements.

use sea_orm::entity::prelude::*;

/// A row of `announcement`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "announcement")]
pub struct Model {
    /// The id of the item, in `item` too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The headline.
    pub title: String,
    /// How loud it is.
    pub severity: String,
    /// Markdown.
    pub body: Option<String>,
    /// A JSON list of links.
    pub links: String,
    /// From when a site shows it, in microseconds since 1970 UTC.
    pub shows_from: Option<i64>,
    /// Until when a site shows it, in microseconds since 1970 UTC.
    pub shows_until: Option<i64>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
