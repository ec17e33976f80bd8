//! Who wrote a paper, in order.

use sea_orm::entity::prelude::*;

/// A row of `paper_author`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "paper_author")]
pub struct Model {
    /// The paper.
    #[sea_orm(primary_key, auto_increment = false)]
    pub paper_id: Uuid,
    /// The place in the list, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// Who it is, where that is known.
    pub person_id: Option<Uuid>,
    /// The name as it stands on the paper.
    pub name: String,
    /// The affiliation as it stands on the paper.
    pub affiliation: Option<String>,
    /// Whether this is the author to write to.
    pub corresponding: bool,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
