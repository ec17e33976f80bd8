//! Every attempt to deliver a message.

use sea_orm::entity::prelude::*;

/// A row of `webhook_attempt`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_attempt")]
pub struct Model {
    /// The message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    /// Which attempt of the message it is, counted from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// When it began, in microseconds since 1970 UTC.
    pub at: i64,
    /// How long it took, in milliseconds.
    pub duration: i64,
    /// The status of the answer; absent when there was none.
    pub status: Option<i32>,
    /// Why there was no answer.
    pub problem: Option<String>,
    /// The beginning of the answer.
    pub answer: Option<String>,
    /// When the message was to be tried again.
    pub next_attempt_at: Option<i64>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
