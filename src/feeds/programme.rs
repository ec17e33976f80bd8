//! The programme as schedule apps want it: every session that has a start, with an end, in a room, on a day; and the
//! numbers by which they know sessions and people.
//!
//! It knows no format. What apps can't do without and content may leave out is made up here, once, the same for all.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::{Date, DateTime, Time, time};
use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};

use super::{Source, text};
use crate::content::{Event, Id, Person, Room, Session, SessionKind, SessionStatus, Track};

/// How long a session without an end is, at most, in minutes.
const USUAL: i64 = 30;

/// The hours at which a day of the schedule may end and the next begin, the usual first.
const CHANGES: [i8; 10] = [4, 5, 6, 3, 2, 7, 1, 0, 8, 9];

/// The programme of an event.
pub(super) struct Programme<'a> {
    /// The event's short name, of lower-case letters, digits and underscores, at least four of them.
    pub(super) acronym: String,
    /// The rooms that the programme uses, in their order.
    pub(super) places: Vec<Place<'a>>,
    /// The days with sessions, or the event's first day if there are none.
    pub(super) days: Vec<Day<'a>>,
    /// Positive numbers of the people in it.
    pub(super) people: HashMap<Id, i32>,
}

/// Where sessions are.
pub(super) struct Place<'a> {
    /// The name, which no other place of the event has.
    pub(super) name: String,
    pub(super) guid: Id,
    pub(super) number: i32,
    /// The room; `None` for where sessions without a room are.
    pub(super) room: Option<&'a Room>,
}

/// A day, from change to change.
pub(super) struct Day<'a> {
    pub(super) date: Date,
    /// Counted from 1.
    pub(super) index: usize,
    pub(super) start: Timestamp,
    /// The last minute of it.
    pub(super) end: Timestamp,
    /// The places with sessions on that day, and their sessions by start.
    pub(super) places: Vec<(usize, Vec<Slot<'a>>)>,
}

/// A session in its place.
#[derive(Clone)]
pub(super) struct Slot<'a> {
    pub(super) session: &'a Session,
    /// A positive number that no other session of the event has.
    pub(super) number: i32,
    pub(super) place: usize,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    /// A readable name that no other session of the event has, as c3voc wants it.
    pub(super) slug: String,
    pub(super) track: Option<&'a Track>,
}

impl<'a> Slot<'a> {
    /// How long it is, in minutes: at least one, and begun minutes count.
    pub(super) fn minutes(&self) -> i64 {
        ((self.end.as_second() - self.start.as_second() + 59) / 60).max(1)
    }

    /// The title; apps that know no other sign of it see in it that a session is cancelled.
    pub(super) fn title(&self) -> String {
        let title = self.plain_title();
        if self.session.status == SessionStatus::Cancelled { format!("Cancelled: {title}") } else { title }
    }

    pub(super) fn plain_title(&self) -> String {
        let title = text::line(&self.session.title);
        if title.is_empty() { "Untitled".to_owned() } else { title }
    }

    /// The abstract, or that of the paper.
    pub(super) fn summary(&self, source: &Source<'_>) -> String {
        let paper = self.session.paper.and_then(|paper| source.snapshot.paper(paper));
        let summary = self.session.summary.as_ref().or(paper.and_then(|paper| paper.summary.as_ref()));
        summary.map(|summary| text::clean(summary.as_str()).trim().to_owned()).unwrap_or_default()
    }

    /// The people, each once, with their names.
    pub(super) fn people(&self, source: &Source<'a>) -> Vec<(&'a Person, String)> {
        let mut people: Vec<(&Person, String)> = Vec::new();
        for part in &self.session.people {
            let Some(person) = source.snapshot.person(part.person) else { continue };
            let name = text::line(&person.name);
            if !name.is_empty() && !people.iter().any(|(other, _)| other.id == person.id) {
                people.push((person, name));
            }
        }
        people
    }

    /// What happens in it, in one word.
    pub(super) fn kind(&self) -> &'static str {
        match self.session.kind {
            SessionKind::Keynote => "keynote",
            SessionKind::Talk => "talk",
            SessionKind::Spotlight => "spotlight",
            SessionKind::Panel => "panel",
            SessionKind::Poster => "poster",
            SessionKind::Break => "break",
            SessionKind::Meal => "meal",
            SessionKind::Opening => "opening",
            SessionKind::Closing => "closing",
            SessionKind::Award => "award",
            SessionKind::Social => "social",
            SessionKind::Other => "other",
        }
    }

    /// The language, or that of the event.
    pub(super) fn language(&self, event: &Event) -> Option<String> {
        let language = self.session.language.as_ref().or(event.language.as_ref())?;
        Some(text::line(language)).filter(|language| !language.is_empty())
    }
}

impl<'a> Programme<'a> {
    pub(super) fn new(source: &Source<'a>) -> Programme<'a> {
        let snapshot = source.snapshot;
        let acronym = acronym(snapshot.event());
        let (places, mut slots) = placed(source);
        end_open(&mut slots);
        name(&mut slots, &acronym);
        let change = change(source, &slots);
        let people = numbers(slots.iter().flat_map(|slot| &slot.session.people).map(|person| person.person));
        let days = days(source, change, slots);
        Programme { acronym, places, days, people }
    }

    /// Every session, by day, place and start.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot<'a>> {
        self.days.iter().flat_map(|day| &day.places).flat_map(|(_, slots)| slots)
    }
}

/// The rooms that are used, and the sessions with a start by it.
fn placed<'a>(source: &Source<'a>) -> (Vec<Place<'a>>, Vec<Slot<'a>>) {
    let snapshot = source.snapshot;
    let event = snapshot.event();
    let scheduled = || snapshot.sessions_by_start().take_while(|session| session.starts_at.is_some());
    let room_of = |session: &Session| session.room.filter(|room| snapshot.room(*room).is_some());
    let used: HashSet<Option<Id>> = scheduled().map(|session| room_of(session)).collect();
    let mut names = HashSet::new();
    let rooms = snapshot.document().rooms.iter().filter(|room| used.contains(&Some(room.head.id)));
    let mut places: Vec<Place<'a>> = rooms
        .map(|room| {
            let name = unique(text::line(&room.name), &mut names);
            Place { name, guid: room.head.id, number: 0, room: Some(room) }
        })
        .collect();
    if used.contains(&None) {
        let venue = event.venue.as_ref().map_or(event.name.as_str(), |venue| venue.name.as_str());
        places.push(Place { name: unique(text::line(venue), &mut names), guid: event.id, number: 0, room: None });
    }
    let ids = numbers(places.iter().map(|place| place.guid));
    for place in &mut places {
        place.number = ids[&place.guid];
    }
    let order: HashMap<Option<Id>, usize> =
        places.iter().enumerate().map(|(at, place)| (place.room.map(|room| room.head.id), at)).collect();
    let own: HashSet<i32> = scheduled().map(|session| session.number).filter(|number| *number > 0).collect();
    let mut told = HashSet::new();
    let slots = scheduled().filter_map(|session| {
        let start = session.starts_at?;
        let mut number = session.number;
        if number < 1 || !told.insert(number) {
            number = number_of(session.head.id);
            while own.contains(&number) || !told.insert(number) {
                number = next(number);
            }
        }
        let track = session.track.and_then(|track| snapshot.track(track)).map(|track| &**track);
        let end = session.ends_at.unwrap_or(start);
        Some(Slot { session, number, place: order[&room_of(session)], start, end, slug: String::new(), track })
    });
    let slots = slots.collect();
    (places, slots)
}

/// Gives sessions without an end one: half an hour later, or when the next in the room begins.
fn end_open(slots: &mut [Slot<'_>]) {
    let starts: Vec<(usize, Timestamp)> = slots.iter().map(|slot| (slot.place, slot.start)).collect();
    for (at, slot) in slots.iter_mut().enumerate() {
        if slot.session.ends_at.is_some() {
            continue;
        }
        let usual = slot.start.saturating_add(USUAL.minutes()).unwrap_or(slot.start);
        let following = starts[at..].iter().find(|(place, start)| *place == slot.place && *start > slot.start);
        slot.end = following.map_or(usual, |(_, start)| usual.min(*start));
    }
}

/// Gives every session a readable name as c3voc wants it: the acronym, a hyphen, and at least four characters.
fn name(slots: &mut [Slot<'_>], acronym: &str) {
    let mut names = HashSet::new();
    for slot in slots {
        let own = &slot.session.head.slug;
        let is_fit = own.len() >= 4
            && own.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && own.bytes().last().is_some_and(|byte| byte != b'-');
        let wanted = if is_fit { format!("{acronym}-{own}") } else { format!("{acronym}-session-{}", slot.number) };
        slot.slug = wanted.clone();
        while !names.insert(slot.slug.clone()) {
            slot.slug = format!("{wanted}-{}", slot.number);
        }
    }
}

/// The hour at which days change so that the fewest sessions go across it or stand before the event's first day.
fn change(source: &Source<'_>, slots: &[Slot<'_>]) -> Time {
    let zone = source.snapshot.zone();
    let first = source.snapshot.event().starts_on.0;
    let span = |slot: &Slot<'_>| {
        let (start, end) = (zone.to_datetime(slot.start), zone.to_datetime(slot.end));
        // What ends as the next day begins is still on its own.
        (start, end.checked_sub(1.second()).unwrap_or(end).max(start))
    };
    let spans: Vec<(DateTime, DateTime)> = slots.iter().map(span).collect();
    let oddities = |hour: i8| {
        let at = time(hour, 0, 0, 0);
        let odd = |(start, last): &&(DateTime, DateTime)| {
            let date = date_of(*start, at);
            date != date_of(*last, at) || (date < first && start.date() >= first)
        };
        spans.iter().filter(odd).count()
    };
    let hour = CHANGES.into_iter().min_by_key(|hour| oddities(*hour)).unwrap_or(CHANGES[0]);
    time(hour, 0, 0, 0)
}

fn date_of(local: DateTime, change: Time) -> Date {
    if local.time() < change { local.date().saturating_sub(1.day()) } else { local.date() }
}

fn days<'a>(source: &Source<'_>, change: Time, slots: Vec<Slot<'a>>) -> Vec<Day<'a>> {
    let zone = source.snapshot.zone();
    let mut days: BTreeMap<Date, BTreeMap<usize, Vec<Slot<'a>>>> = BTreeMap::new();
    for slot in slots {
        let date = date_of(zone.to_datetime(slot.start), change);
        days.entry(date).or_default().entry(slot.place).or_default().push(slot);
    }
    if days.is_empty() {
        days.insert(source.snapshot.event().starts_on.0, BTreeMap::new());
    }
    let begin = |date: Date| zone.to_timestamp(date.to_datetime(change)).unwrap_or(Timestamp::UNIX_EPOCH);
    let day = |(index, (date, places)): (usize, (Date, BTreeMap<usize, Vec<Slot<'a>>>))| {
        let next = begin(date.saturating_add(1.day()));
        let end = next.saturating_sub(1.minute()).unwrap_or(next);
        Day { date, index: index + 1, start: begin(date), end, places: places.into_iter().collect() }
    };
    days.into_iter().enumerate().map(day).collect()
}

/// The event's slug, or its beginning, without what one of the schemas refuses.
fn acronym(event: &Event) -> String {
    let mut acronym: String = event.slug.chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit()).collect();
    if acronym.len() < 4 {
        acronym.push_str(&event.starts_on.0.year().to_string());
    }
    while acronym.len() < 4 {
        acronym.push('_');
    }
    acronym
}

/// Positive numbers for ids, the same whenever the ids are the same, and almost always the same for one id.
pub(super) fn numbers(ids: impl Iterator<Item = Id>) -> HashMap<Id, i32> {
    let mut ids: Vec<Id> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let mut taken = HashSet::new();
    let numbered = ids.into_iter().map(|id| {
        let mut number = number_of(id);
        while !taken.insert(number) {
            number = next(number);
        }
        (id, number)
    });
    numbered.collect()
}

/// The first 31 bits of the id's hash.
fn number_of(id: Id) -> i32 {
    let hash = Sha256::digest(id.0.as_bytes());
    let number = i32::from_be_bytes([hash[0] & 0x7f, hash[1], hash[2], hash[3]]);
    number.max(1)
}

fn next(number: i32) -> i32 {
    number.checked_add(1).unwrap_or(1)
}

fn unique(name: String, names: &mut HashSet<String>) -> String {
    let name = if name.is_empty() { "Room".to_owned() } else { name };
    let mut free = name.clone();
    let mut count = 1;
    while !names.insert(free.clone()) {
        count += 1;
        free = format!("{name} ({count})");
    }
    free
}
