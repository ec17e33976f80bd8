//! Endpoints that are told what changes in an event.

use sea_orm::entity::prelude::*;

/// A row of `webhook`.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    /// The identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The event that it is told of.
    pub event_id: Uuid,
    /// Where messages are sent.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
    /// The secrets that messages are signed with, as a JSON list. Kept readable: a hash signs nothing.
    pub secrets: String,
    /// The types of the messages that it gets, as a JSON list; absent: all.
    pub types: Option<String>,
    /// Up to where of what the public sees messages have been made.
    pub cursor: String,
    /// The number of its newest message.
    pub position: i64,
    /// When the next delivery is due, in microseconds since 1970 UTC; absent when nothing waits.
    pub due_at: Option<i64>,
    /// The process that delivers at the moment.
    pub leased_by: Option<Uuid>,
    /// Until when it does, unless it says that it goes on.
    pub leased_until: Option<i64>,
    /// Since when every delivery has failed.
    pub failing_since: Option<i64>,
    /// When a delivery last succeeded.
    pub delivered_at: Option<i64>,
    /// Since when it gets nothing.
    pub disabled_at: Option<i64>,
    /// Why it gets nothing.
    pub disabled_reason: Option<String>,
    /// Who made it, in the words of the change log.
    pub created_by: String,
    /// When it was made.
    pub created_at: i64,
    /// When its settings were last changed.
    pub updated_at: i64,
}

impl std::fmt::Debug for Model {
    /// Neither the secrets are shown nor the address, which may hold one.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Webhook").field("id", &self.id).finish_non_exhaustive()
    }
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
