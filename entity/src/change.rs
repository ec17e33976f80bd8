//! The change log.

use sea_orm::entity::prelude::*;

/// A row of `change`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    /// The place in the log: later changes have greater numbers.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    /// The event that changed.
    pub event_id: Uuid,
    /// When, in microseconds since 1970 UTC.
    pub at: i64,
    /// Who wrote it.
    pub actor: String,
    /// The kind of the record, in snake case.
    pub kind: String,
    /// The record.
    pub item_id: Uuid,
    /// `create`, `update` or `delete`.
    pub operation: String,
    /// The record before, as JSON.
    pub before: Option<String>,
    /// The record after, as JSON.
    pub after: Option<String>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
