//! Refresh tokens, as hashes. Each is replaced when it is used.

use sea_orm::entity::prelude::*;

/// A row of `refresh_token`.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    /// The SHA-256 of the token, in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// The session that it goes on with.
    pub session_id: Uuid,
    /// When it was given, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When it was used.
    pub replaced_at: Option<i64>,
}

impl std::fmt::Debug for Model {
    /// The hashes are not shown.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RefreshToken").field("session_id", &self.session_id).finish_non_exhaustive()
    }
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
