//! Requests that came with an `Idempotency-Key`.

use sea_orm::entity::prelude::*;

/// A row of `idempotent_request`.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotent_request")]
pub struct Model {
    /// The SHA-256 of the user and the key, in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Who sent it.
    pub user_id: Uuid,
    /// The SHA-256 of what was asked, in hexadecimal.
    pub fingerprint: String,
    /// When it came first, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// Until when its execution may take.
    pub held_until: i64,
    /// When it is forgotten.
    pub expires_at: i64,
    /// The body of the answer; none while it is being executed.
    pub answer: Option<String>,
}

impl std::fmt::Debug for Model {
    /// The answer is not shown.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("IdempotentRequest").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
