//! Which papers won an award, in order.

use sea_orm::entity::prelude::*;

/// A row of `award_paper`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "award_paper")]
pub struct Model {
    /// The award.
    #[sea_orm(primary_key, auto_increment = false)]
    pub award_id: Uuid,
    /// The place in the list, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The paper.
    pub paper_id: Uuid,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
