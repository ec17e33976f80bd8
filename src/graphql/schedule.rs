//! The schedule as a site draws it, and what runs at an instant.

use async_graphql::SimpleObject;
use jiff::Timestamp;

use super::inline::InlineList;
use super::kinds::room::RoomNode;
use super::kinds::session::SessionNode;
use super::scope::Scope;
use crate::content::{Date, DateTime};

/// A day of the schedule.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct ScheduleDay {
    /// The day, in the event's time zone. It ends at 04:00 of the next, so that what goes on after midnight stays with
    /// its evening.
    date: Date,
    /// When the first of its sessions begins.
    starts_at: DateTime,
    /// When the last of its sessions ends.
    ends_at: DateTime,
    /// The rooms that have sessions on that day, in their order; sessions without a room come last.
    rooms: InlineList<ScheduleRoom>,
}

/// What is in one room on one day.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct ScheduleRoom {
    /// The room; absent for sessions without one.
    room: Option<RoomNode>,
    /// The sessions, by start.
    slots: InlineList<SessionNode>,
}

impl ScheduleDay {
    pub(super) fn all(scope: &Scope) -> InlineList<ScheduleDay> {
        let day = |day: crate::snapshot::Day<'_>| ScheduleDay {
            date: day.date,
            starts_at: scope.date_time(day.starts_at),
            ends_at: scope.date_time(day.ends_at),
            rooms: day.rooms.iter().map(|room| ScheduleRoom::new(room, scope)).collect(),
        };
        scope.schedule().into_iter().map(day).collect()
    }
}

impl ScheduleRoom {
    fn new(slots: &crate::snapshot::RoomSlots<'_>, scope: &Scope) -> Self {
        ScheduleRoom {
            room: slots.room.map(|room| RoomNode::new(room, scope)),
            slots: slots.slots.iter().map(|session| SessionNode::new(session, scope)).collect(),
        }
    }
}

/// What runs at an instant, and what comes next. Cancelled sessions are neither.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial, name = "NowAndNext")]
pub(super) struct NowAndNextNode {
    /// The instant that was looked at.
    at: DateTime,
    /// The sessions that have begun and not ended, by start.
    now: InlineList<SessionNode>,
    /// The sessions that begin next, all at the same instant.
    next: InlineList<SessionNode>,
}

impl NowAndNextNode {
    pub(super) fn new(scope: &Scope, at: Timestamp) -> Self {
        let found = scope.now_and_next(at);
        NowAndNextNode {
            at: scope.date_time(at),
            now: found.now.iter().map(|session| SessionNode::new(session, scope)).collect(),
            next: found.next.iter().map(|session| SessionNode::new(session, scope)).collect(),
        }
    }
}
