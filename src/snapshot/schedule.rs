//! The schedule of a snapshot, ready to draw: days, then rooms, then slots; and what runs now.
//!
//! Pure: the instant to look at is an argument.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::{self, Time};
use jiff::{Timestamp, ToSpan};

use super::Snapshot;
use crate::content::{Date, Id, Room, Session, SessionStatus};

/// The time of day at which a day of the schedule ends and the next begins: what starts in the small hours still belongs
/// to the evening before, as in most schedule apps.
const DAY_CHANGE: Time = civil::time(4, 0, 0, 0);

/// How deep sessions may hold sessions before it is taken for a circle.
const DEEPEST: usize = 16;

/// A day of the schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Day<'a> {
    /// The day, in the event's time zone. It ends at 04:00 of the next; the event's first day begins at midnight.
    pub date: Date,
    /// When the first of its sessions begins.
    pub starts_at: Timestamp,
    /// When the last of its sessions ends.
    pub ends_at: Timestamp,
    /// The rooms with sessions on that day, in their order; sessions without a room come last.
    pub rooms: Vec<RoomSlots<'a>>,
}

/// What is in one room on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomSlots<'a> {
    /// The room; `None` for sessions without one.
    pub room: Option<&'a Arc<Room>>,
    /// The sessions by start. A session that is a part of another one in the schedule is not here but in its parts.
    pub slots: Vec<&'a Arc<Session>>,
}

/// What runs at an instant, and what comes next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NowAndNext<'a> {
    /// The sessions that have begun and not ended, by start. A session without an end is over as it begins.
    pub now: Vec<&'a Arc<Session>>,
    /// The sessions that begin next, all at the same instant.
    pub next: Vec<&'a Arc<Session>>,
}

impl Snapshot {
    /// The schedule: every session that has a start, by day and room.
    pub fn schedule(&self) -> Vec<Day<'_>> {
        let mut days: BTreeMap<Date, BTreeMap<usize, Vec<&Arc<Session>>>> = BTreeMap::new();
        let order: HashMap<Id, usize> =
            self.document.rooms.iter().enumerate().map(|(place, room)| (room.head.id, place)).collect();
        for session in self.sessions_by_start() {
            let Some(start) = session.starts_at else { break };
            if self.is_within_a_slot(session) {
                continue;
            }
            let room = session.room.and_then(|room| order.get(&room).copied()).unwrap_or(usize::MAX);
            days.entry(self.day_of(start)).or_default().entry(room).or_default().push(session);
        }
        days.into_iter().filter_map(|(date, rooms)| self.day(date, rooms)).collect()
    }

    /// What runs at an instant and what comes next; cancelled sessions are neither.
    pub fn now_and_next(&self, at: Timestamp) -> NowAndNext<'_> {
        let places = self.index().sessions_by_start();
        let session = |place: &u32| &self.document.sessions[*place as usize];
        let begun = places.partition_point(|place| session(place).starts_at.is_some_and(|start| start <= at));
        let takes_place = |session: &&Arc<Session>| session.status != SessionStatus::Cancelled;
        let runs = |session: &&Arc<Session>| session.ends_at.is_some_and(|end| at < end);
        let mut coming = places[begun..].iter().map(session).filter(takes_place).peekable();
        let soonest = coming.peek().and_then(|session| session.starts_at);
        NowAndNext {
            now: places[..begun].iter().map(session).filter(takes_place).filter(runs).collect(),
            next: coming.take_while(|session| soonest.is_some() && session.starts_at == soonest).collect(),
        }
    }

    /// Whether one of the sessions that hold this one has a place in the schedule.
    fn is_within_a_slot(&self, session: &Session) -> bool {
        let mut parent = session.parent;
        let mut scheduled = false;
        for _ in 0..DEEPEST {
            let Some(holder) = parent.and_then(|id| self.session(id)) else { return scheduled };
            scheduled |= holder.starts_at.is_some();
            parent = holder.parent;
        }
        false
    }

    fn day_of(&self, start: Timestamp) -> Date {
        let local = self.zone.to_datetime(start);
        let first = self.document.event.starts_on;
        if local.time() < DAY_CHANGE && Date(local.date()) != first {
            return Date(local.date().saturating_sub(1.day()));
        }
        Date(local.date())
    }

    fn day<'a>(&'a self, date: Date, rooms: BTreeMap<usize, Vec<&'a Arc<Session>>>) -> Option<Day<'a>> {
        let slots = || rooms.values().flatten();
        let starts_at = slots().filter_map(|session| session.starts_at).min()?;
        let ends_at = slots().filter_map(|session| session.ends_at.or(session.starts_at)).max()?;
        let rooms = rooms.into_iter().map(|(place, slots)| RoomSlots { room: self.document.rooms.get(place), slots });
        Some(Day { date, starts_at, ends_at, rooms: rooms.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{self, session};
    use super::*;

    fn titles<'a>(sessions: &[&'a Arc<Session>]) -> Vec<&'a str> {
        sessions.iter().map(|session| session.title.as_str()).collect()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn days_hold_rooms_hold_slots() {
        let hall = examples::room(1, "Hall");
        let attic = examples::room(2, "Attic");
        let mut document = examples::document("America/Chicago", "2022-12-02", "2022-12-03");
        let block = session(10, "Block", "2022-12-02T10:00-06:00", "2022-12-02T12:00-06:00");
        let sessions = vec![
            session(11, "Opening", "2022-12-02T01:00-06:00", "2022-12-02T02:00-06:00"),
            Session { room: Some(attic.head.id), ..block.clone() },
            Session {
                room: Some(hall.head.id),
                parent: Some(block.head.id),
                ..session(12, "Part", "2022-12-02T10:00-06:00", "2022-12-02T11:00-06:00")
            },
            Session {
                room: Some(hall.head.id),
                ..session(13, "Party", "2022-12-02T22:00-06:00", "2022-12-03T03:00-06:00")
            },
            session(14, "Afterparty", "2022-12-03T02:00-06:00", "2022-12-03T05:00-06:00"),
            session(15, "Breakfast", "2022-12-03T08:00-06:00", "2022-12-03T09:00-06:00"),
            Session {
                starts_at: None,
                ends_at: None,
                ..session(16, "Some time", "2022-12-03T00:00Z", "2022-12-03T00:00Z")
            },
        ];
        document.rooms = vec![Arc::new(hall), Arc::new(attic)];
        document.sessions = sessions.into_iter().map(Arc::new).collect();
        let snapshot = examples::snapshot(document);
        let days = snapshot.schedule();
        let drawn: Vec<_> = days
            .iter()
            .map(|day| {
                let rooms = day
                    .rooms
                    .iter()
                    .map(|slots| (slots.room.map_or("", |room| room.name.as_str()), titles(&slots.slots)));
                (day.date.to_string(), rooms.collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            drawn,
            [
                (
                    "2022-12-02".to_owned(),
                    vec![("Hall", vec!["Party"]), ("Attic", vec!["Block"]), ("", vec!["Opening", "Afterparty"])]
                ),
                ("2022-12-03".to_owned(), vec![("", vec!["Breakfast"])]),
            ]
        );
        assert_eq!((days[0].starts_at, days[0].ends_at), (at("2022-12-02T07:00Z"), at("2022-12-03T11:00Z")));
    }

    #[test]
    fn parts_of_an_unscheduled_session_are_slots() {
        let mut document = examples::document("UTC", "2022-12-02", "2022-12-02");
        let holder =
            Session { starts_at: None, ends_at: None, ..session(1, "Talks", "2022-12-02T00:00Z", "2022-12-02T00:00Z") };
        let part = session(2, "Talk", "2022-12-02T10:00Z", "2022-12-02T11:00Z");
        let one = session(3, "One of a circle", "2022-12-02T12:00Z", "2022-12-02T13:00Z");
        let other = session(4, "Other of a circle", "2022-12-02T13:00Z", "2022-12-02T14:00Z");
        document.sessions = vec![
            Arc::new(Session { parent: Some(holder.head.id), ..part }),
            Arc::new(holder),
            Arc::new(Session { parent: Some(other.head.id), ..one.clone() }),
            Arc::new(Session { parent: Some(one.head.id), ..other }),
        ];
        let snapshot = examples::snapshot(document);
        let days = snapshot.schedule();
        assert_eq!(titles(&days[0].rooms[0].slots), ["Talk", "One of a circle", "Other of a circle"]);
    }

    #[test]
    fn now_is_half_open_and_next_is_the_soonest() {
        let mut document = examples::document("UTC", "2022-12-02", "2022-12-02");
        let cancelled = |session: Session| Session { status: SessionStatus::Cancelled, ..session };
        document.sessions = [
            session(1, "First", "2022-12-02T10:00Z", "2022-12-02T11:00Z"),
            session(2, "All day", "2022-12-02T09:00Z", "2022-12-02T17:00Z"),
            cancelled(session(3, "Off", "2022-12-02T10:00Z", "2022-12-02T17:00Z")),
            cancelled(session(4, "Off too", "2022-12-02T10:30Z", "2022-12-02T17:00Z")),
            session(5, "Second", "2022-12-02T11:00Z", "2022-12-02T12:00Z"),
            session(6, "Beside it", "2022-12-02T11:00Z", "2022-12-02T13:00Z"),
            session(7, "Last", "2022-12-02T16:00Z", "2022-12-02T17:00Z"),
            Session {
                starts_at: None,
                ends_at: None,
                ..session(8, "Some time", "2022-12-02T00:00Z", "2022-12-02T00:00Z")
            },
        ]
        .map(Arc::new)
        .to_vec();
        let snapshot = examples::snapshot(document);
        let look = |text: &str| {
            let found = snapshot.now_and_next(at(text));
            (titles(&found.now), titles(&found.next))
        };
        assert_eq!(look("2022-12-02T08:00Z"), (vec![], vec!["All day"]));
        assert_eq!(look("2022-12-02T10:00Z"), (vec!["All day", "First"], vec!["Second", "Beside it"]));
        assert_eq!(look("2022-12-02T11:00Z"), (vec!["All day", "Second", "Beside it"], vec!["Last"]));
        assert_eq!(look("2022-12-02T17:00Z"), (vec![], vec![]));
    }
}
