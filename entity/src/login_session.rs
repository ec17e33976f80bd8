//! Sign-ins: each is the family of the refresh tokens that came of it.

use sea_orm::entity::prelude::*;

/// A row of `login_session`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "login_session")]
pub struct Model {
    /// The identity, which access tokens name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who signed in.
    pub user_id: Uuid,
    /// The user's version then; with another one, the session is over.
    pub user_version: i32,
    /// When, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When it ends by itself.
    pub expires_at: i64,
    /// When it was ended.
    pub ended_at: Option<i64>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
