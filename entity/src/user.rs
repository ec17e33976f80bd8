//! Users. The hash of the password is here; the store gives it only to what checks passwords.

use sea_orm::entity::prelude::*;

/// A row of `user`.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    /// The identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The address to sign in with, in lower case.
    #[sea_orm(unique)]
    pub email: String,
    /// The name.
    pub name: String,
    /// The Argon2id hash (PHC string); absent where there is no password to sign in with.
    pub password_hash: Option<String>,
    /// Whether the user may do everything.
    pub administrator: bool,
    /// Whether the user may create events.
    pub creates_events: bool,
    /// Whether somebody trusted has said that the address is the user's.
    pub email_verified: bool,
    /// Whether the user may sign in.
    pub active: bool,
    /// Grows with everything that ends what the user has signed in with.
    pub version: i32,
    /// The outside issuer that the user is known to.
    pub outside_issuer: Option<String>,
    /// Who the user is to that issuer.
    pub outside_subject: Option<String>,
    /// When the account was made, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
}

impl std::fmt::Debug for Model {
    /// The hashes are not shown.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
