//! Every number that a session ever had, so that none is given to another.

use sea_orm::entity::prelude::*;

/// A row of `session_number`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session_number")]
pub struct Model {
    /// The number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// The session; it may be gone.
    pub session_id: Uuid,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
