//! Series, of which events are the editions.

use sea_orm::entity::prelude::*;

/// A row of `series`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "series")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Unique on the server.
    pub slug: String,
    /// The name that the editions share.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// When it was created, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When it was last changed, in microseconds since 1970 UTC.
    pub updated_at: i64,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
