//! Personal access tokens, as hashes.

use sea_orm::entity::prelude::*;

/// A row of `access_token`.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "access_token")]
pub struct Model {
    /// The identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// What it is for.
    pub name: String,
    /// Its first characters, by which people recognise it.
    pub prefix: String,
    /// The SHA-256 of the token, in hexadecimal.
    #[sea_orm(unique)]
    pub hash: String,
    /// The rights that it has at most, as a JSON list.
    pub scopes: String,
    /// The ids of the events that it is good for, as a JSON list; absent: all events of its user.
    pub events: Option<String>,
    /// When it was made, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When it ends by itself.
    pub expires_at: i64,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

impl std::fmt::Debug for Model {
    /// The hashes are not shown.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("AccessToken").field("id", &self.id).finish_non_exhaustive()
    }
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
