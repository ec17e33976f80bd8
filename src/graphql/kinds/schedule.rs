//! The schedule, ready to draw: days, rooms, slots, and what runs now.

use async_graphql::SimpleObject;

use super::room::RoomNode;
use super::session::SessionNode;
use crate::content::{Date, DateTime};
use crate::graphql::scope::Scope;
use crate::snapshot;

/// A day of the schedule.
#[derive(SimpleObject)]
pub struct ScheduleDay {
    /// The day. What begins before 04:00 still belongs to the day before.
    date: Date,
    /// When the first session of the day begins.
    starts_at: DateTime,
    /// When the last session of the day ends.
    ends_at: DateTime,
    /// The rooms in which something happens on this day, in the event's order.
    rooms: Vec<ScheduleRoom>,
}

/// A room on a day of the schedule.
#[derive(SimpleObject)]
pub struct ScheduleRoom {
    /// The room; absent for sessions that have none.
    room: Option<RoomNode>,
    /// What happens there on this day, by start. Parts of a session are in its `parts`.
    slots: Vec<SessionNode>,
}

/// What happens at a moment.
#[derive(SimpleObject)]
pub struct NowAndNext {
    /// The moment.
    at: DateTime,
    /// The sessions that are running.
    now: Vec<SessionNode>,
    /// The sessions that begin next; several when they begin together.
    next: Vec<SessionNode>,
}

/// The schedule of a scope.
pub fn schedule(scope: &Scope) -> Vec<ScheduleDay> {
    scope.schedule().into_iter().map(|day| ScheduleDay::new(day, scope)).collect()
}

impl ScheduleDay {
    fn new(day: snapshot::Day<'_>, scope: &Scope) -> Self {
        let rooms = day.rooms.into_iter().map(|slots| ScheduleRoom {
            room: slots.room.map(|room| RoomNode::new(room, scope)),
            slots: slots.slots.into_iter().map(|session| SessionNode::new(session, scope)).collect(),
        });
        ScheduleDay {
            date: day.date,
            starts_at: scope.time(day.starts_at),
            ends_at: scope.time(day.ends_at),
            rooms: rooms.collect(),
        }
    }
}

impl NowAndNext {
    /// What happens at a moment.
    pub fn new(at: jiff::Timestamp, scope: &Scope) -> Self {
        let found = scope.now_and_next(at);
        let nodes = |sessions: Vec<&std::sync::Arc<crate::content::Session>>| {
            sessions.into_iter().map(|session| SessionNode::new(session, scope)).collect()
        };
        NowAndNext { at: scope.time(at), now: nodes(found.now), next: nodes(found.next) }
    }
}
