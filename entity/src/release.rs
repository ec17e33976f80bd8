//! Releases, without their documents.

use sea_orm::entity::prelude::*;

/// A row of `release`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "release")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The event.
    pub event_id: Uuid,
    /// Counted from 1 in its event.
    pub number: i32,
    /// The name of the version.
    pub name: Option<String>,
    /// Markdown.
    pub note: Option<String>,
    /// When it was made, in microseconds since 1970 UTC.
    pub at: i64,
    /// Who made it.
    pub actor: String,
    /// Its entry in the change log.
    pub sequence: i64,
    /// The slug that the event had, in `event` too.
    pub slug: String,
    /// The event's own fields, as JSON.
    pub event: String,
    /// The series, as JSON.
    pub series: Option<String>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
