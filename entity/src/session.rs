//! What is in the schedule.

use sea_orm::entity::prelude::*;

/// A row of `session`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// The id of the item, in `item` too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The number for schedule apps, from `session_number`.
    pub number: i32,
    /// How often the time, the room or the status was changed.
    pub sequence: i32,
    /// What happens in it.
    pub kind: String,
    /// The title.
    pub title: String,
    /// The abstract, in Markdown.
    pub summary: Option<String>,
    /// When it begins, in microseconds since 1970 UTC.
    pub starts_at: Option<i64>,
    /// When it ends, in microseconds since 1970 UTC.
    pub ends_at: Option<i64>,
    /// When it was to begin before it was moved, in microseconds since 1970 UTC.
    pub moved_from: Option<i64>,
    /// Where it is.
    pub room_id: Option<Uuid>,
    /// The track.
    pub track_id: Option<Uuid>,
    /// The session that it is a part of.
    pub parent_id: Option<Uuid>,
    /// The paper that is presented.
    pub paper_id: Option<Uuid>,
    /// Whether it takes place.
    pub status: String,
    /// A BCP 47 tag.
    pub language: Option<String>,
    /// The live stream.
    pub stream_url: Option<String>,
    /// The recording.
    pub recording_url: Option<String>,
    /// The slides.
    pub slides_url: Option<String>,
    /// Whether it must not be recorded or streamed.
    pub do_not_record: bool,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
