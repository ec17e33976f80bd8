//! The documents of releases, apart from what lists of releases read.

use sea_orm::entity::prelude::*;

/// A row of `release_document`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "release_document")]
pub struct Model {
    /// The id of the release.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The canonical JSON of the document, compressed as zstd.
    pub document: Vec<u8>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
