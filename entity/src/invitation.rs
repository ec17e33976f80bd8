//! Invitations to be a member of an event, with their tokens as hashes.

use sea_orm::entity::prelude::*;

/// A row of `invitation`.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// The identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The event.
    pub event_id: Uuid,
    /// Who is invited, in lower case.
    pub email: String,
    /// `owner`, `editor` or `reviewer`.
    pub role: String,
    /// The SHA-256 of the token, in hexadecimal.
    #[sea_orm(unique)]
    pub hash: String,
    /// Who invites.
    pub invited_by: Option<Uuid>,
    /// When, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// Until when it can be accepted.
    pub expires_at: i64,
    /// When it was accepted.
    pub accepted_at: Option<i64>,
}

impl std::fmt::Debug for Model {
    /// The hashes are not shown.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Invitation").field("id", &self.id).finish_non_exhaustive()
    }
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
