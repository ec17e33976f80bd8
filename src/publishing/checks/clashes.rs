//! Sessions that happen at the same time: in one room, with one person, or where nothing tells them apart.

use std::collections::{HashMap, HashSet};

use super::{Checks, MAX_FINDINGS};
use crate::content::{Id, Session, Severity};

/// How deep sessions in one another are looked through.
const MAX_DEPTH: usize = 32;

impl<'a> Checks<'a> {
    pub(super) fn clashes(&mut self) {
        let sessions = self.scheduled();
        self.in_one_place(&sessions);
        self.with_one_person(&sessions);
    }

    /// Two sessions at once that are in one room, or of which nothing says that they are in different ones.
    fn in_one_place(&mut self, sessions: &[&'a Session]) {
        for (first, second) in Overlapping::new(sessions) {
            if self.found.len() >= MAX_FINDINGS {
                return;
            }
            let message = format!("{} overlaps {}", self.shown(second), self.shown(first));
            let records = [second.head.id, first.head.id];
            let same_room = first.room.is_some() && first.room == second.room;
            if same_room && !self.is_within(first, second) {
                let room = self.document.rooms.iter().find(|room| Some(room.head.id) == first.room);
                let name = room.map_or("the same room", |room| room.name.as_str());
                self.add(Severity::Warning, "room-twice", &records, format!("{message} in {name}"));
            } else if !same_room && first.parent == second.parent && !is_elsewhere(first, second) {
                self.add(Severity::Warning, "session-overlap", &records, message);
            }
        }
    }

    /// Somebody who is in two sessions at once, of which neither is a part of the other.
    fn with_one_person(&mut self, sessions: &[&'a Session]) {
        let mut by_person: HashMap<Id, Vec<&'a Session>> = HashMap::new();
        let mut order = Vec::new();
        for session in sessions {
            let mut seen = HashSet::new();
            for person in session.people.iter().map(|person| person.person).filter(|person| seen.insert(*person)) {
                let theirs = by_person.entry(person).or_insert_with(|| {
                    order.push(person);
                    Vec::new()
                });
                theirs.push(session);
            }
        }
        for person in order {
            for (first, second) in Overlapping::new(&by_person[&person]) {
                if self.found.len() >= MAX_FINDINGS {
                    return;
                }
                if !self.is_within(first, second) {
                    let name = self.name(person);
                    let message = format!("{name} is in {} and in {}", self.shown(first), self.shown(second));
                    let records = [second.head.id, first.head.id, person];
                    self.add(Severity::Warning, "person-twice", &records, message);
                }
            }
        }
    }

    /// Whether one of the two is a part of the other, however deep.
    fn is_within(&self, first: &Session, second: &Session) -> bool {
        let holds = |outer: Id, inner: Id| {
            let above = |id: &Id| self.parents.get(id).copied();
            std::iter::successors(above(&inner), above).take(MAX_DEPTH).any(|id| id == outer)
        };
        holds(first.head.id, second.head.id) || holds(second.head.id, first.head.id)
    }
}

/// Whether something says that the two are in different places.
fn is_elsewhere(first: &Session, second: &Session) -> bool {
    let differ = |first: Option<Id>, second: Option<Id>| first.is_some() && second.is_some() && first != second;
    differ(first.room, second.room) || differ(first.track, second.track)
}

/// The pairs of sessions that overlap, out of a list by start. Sessions without duration overlap nothing that begins with
/// them.
struct Overlapping<'s, 'a> {
    sessions: &'s [&'a Session],
    first: usize,
    second: usize,
}

impl<'s, 'a> Overlapping<'s, 'a> {
    fn new(sessions: &'s [&'a Session]) -> Self {
        Overlapping { sessions, first: 0, second: 1 }
    }
}

impl<'a> Iterator for Overlapping<'_, 'a> {
    type Item = (&'a Session, &'a Session);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let first = *self.sessions.get(self.first)?;
            let second = self.sessions.get(self.second).copied().filter(|second| first.ends_at > second.starts_at);
            let Some(second) = second else {
                self.first += 1;
                self.second = self.first + 1;
                continue;
            };
            self.second += 1;
            if second.starts_at < second.ends_at {
                return Some((first, second));
            }
        }
    }
}
