//! Important dates.

use sea_orm::entity::prelude::*;

/// A row of `important_date`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "important_date")]
pub struct Model {
    /// The id of the item, in `item` too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is called.
    pub label: String,
    /// What is due.
    pub kind: String,
    /// The day as announced, `YYYY-MM-DD`.
    pub date: String,
    /// Whether a time of day was announced.
    pub has_time: bool,
    /// Whether the day ends when it has ended everywhere.
    pub anywhere_on_earth: bool,
    /// The instant, in microseconds since 1970 UTC.
    pub at: i64,
    /// A JSON list of the moments that were announced before.
    pub superseded: String,
    /// Whether the organizers struck it through.
    pub struck_through: bool,
    /// A remark.
    pub note: Option<String>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
