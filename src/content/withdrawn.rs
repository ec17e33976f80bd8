//! A withdrawn session: what is kept of one that the public could see in the schedule and no longer can.
//!
//! Calendars that subscribed to the schedule have a copy of it. They take it away only when they are told, so what they
//! need for that is kept for as long as the event.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Id;

/// How many withdrawn sessions an event keeps; the oldest go first.
pub(crate) const MAX_WITHDRAWN: usize = 1_000;

/// A session that is not in the public schedule any more: it was deleted, held back, or lost its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Withdrawn {
    /// The session that it was.
    pub session: Id,
    /// Its title; absent while the session itself is held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it would have begun.
    pub starts_at: Timestamp,
    /// When it would have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// The name of the room that it was to be in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The room, the track and the people whose calendars it was in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<Id>,
    /// The sequence number with which calendars are told that it is off. Should the session come back, it begins above
    /// that.
    pub sequence: i32,
    /// When it was withdrawn.
    pub at: Timestamp,
}
