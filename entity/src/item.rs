//! The head of every content item; what is its kind's own is in the table of the kind.

use sea_orm::entity::prelude::*;

/// A row of `item`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "item")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The event that it belongs to.
    pub event_id: Uuid,
    /// The kind, in snake case.
    pub kind: String,
    /// Unique for its kind in the event.
    pub slug: String,
    /// The place among its kind, from 0.
    pub position: i32,
    /// Whether the public may see it at all.
    pub published: bool,
    /// From when the public sees it, in microseconds since 1970 UTC.
    pub publish_at: Option<i64>,
    /// How often it has been written.
    pub revision: i32,
    /// When it was created, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When it was last changed, in microseconds since 1970 UTC.
    pub updated_at: i64,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
