//! Topics of the call for papers.

use sea_orm::entity::prelude::*;

/// A row of `topic`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "topic")]
pub struct Model {
    /// The id of the item, in `item` too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The title.
    pub title: String,
    /// Markdown.
    pub description: Option<String>,
    /// A JSON list of themes.
    pub items: String,
    /// Whether it is a special track.
    pub special: bool,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
