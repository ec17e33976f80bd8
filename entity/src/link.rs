//! Links of the navigation and to places that belong to the event.

use sea_orm::entity::prelude::*;

/// A row of `link`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
pub struct Model {
    /// The id of the item, in `item` too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub url: String,
    /// What it is for.
    pub kind: String,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
