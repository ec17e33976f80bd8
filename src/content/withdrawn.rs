//! Something withdrawn: what is kept of a session or an important date that the public could see in a calendar and no longer
//! can.
//!
//! Calendars that subscribed have a copy of it. They take it away only when they are told, so what they need for that is
//! kept for as long as the event.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Date, Id};

/// How many withdrawn items an event keeps; the oldest go first.
pub(crate) const MAX_WITHDRAWN: usize = 1_000;

/// The calendar that something was withdrawn from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Calendar {
    /// That of the sessions.
    #[default]
    Schedule,
    /// That of the important dates.
    Dates,
}

impl Calendar {
    fn is_schedule(&self) -> bool {
        *self == Calendar::Schedule
    }
}

/// An item that is not in a public calendar any more: it was deleted, held back, or lost its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Withdrawn {
    /// The item that it was.
    #[serde(alias = "session")]
    pub item: Id,
    /// The calendar that it was in.
    #[serde(default, skip_serializing_if = "Calendar::is_schedule")]
    pub calendar: Calendar,
    /// Its title; absent while the item itself is held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it would have begun.
    pub starts_at: Timestamp,
    /// When it would have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// The day, of something that was a whole day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The name of the room that it was to be in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The room, the track and the people whose calendars it was in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<Id>,
    /// The sequence number with which calendars are told that it is off. Should the item come back, it begins above that.
    pub sequence: i32,
    /// When it was withdrawn.
    pub at: Timestamp,
}
