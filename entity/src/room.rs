//! Rooms.

use sea_orm::entity::prelude::*;

/// A row of `room`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "room")]
pub struct Model {
    /// The id of the item, in `item` too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// How many people it holds.
    pub capacity: Option<i32>,
    /// Whether it is on the network.
    pub online: bool,
    /// Where it is entered, or a map.
    pub url: Option<String>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
