//! What endpoints are told: the outbox, and its past.

use sea_orm::entity::prelude::*;

/// A row of `webhook_message`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_message")]
pub struct Model {
    /// The identity; receivers know it as `msg_` and 32 digits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whom it is for.
    pub webhook_id: Uuid,
    /// Its place among the messages of that endpoint.
    pub position: i64,
    /// The type, for example `session.moved`.
    pub kind: String,
    /// The body, byte for byte as it is sent.
    pub payload: String,
    /// When what it tells happened, in microseconds since 1970 UTC.
    pub happened_at: i64,
    /// When it was made.
    pub created_at: i64,
    /// `pending`, `delivered` or `failed`.
    pub status: String,
    /// How often it was tried in all.
    pub attempts: i32,
    /// How often it was tried since it was last put into the queue.
    pub tries: i32,
    /// When it is tried next.
    pub next_attempt_at: Option<i64>,
    /// When it was delivered or given up.
    pub finished_at: Option<i64>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
