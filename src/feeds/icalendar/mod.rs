//! `schedule.ics` and `dates.ics`: the schedule and the important dates for calendars (RFC 5545 and RFC 7986).
//!
//! Calendars subscribe and come again, so what is said must be about the same thing every time: a session's `UID` is its
//! id, `DTSTAMP` is when it was last changed (without a `METHOD` that is what it means), `SEQUENCE` is kept by the store,
//! and what the public can't see any more stays as something cancelled. Nothing depends on the request but the base
//! URL and the parameters.

mod choice;
mod clock;
mod dates;
mod lines;

use std::collections::HashSet;

use jiff::Timestamp;

use self::choice::Choice;
use self::clock::{Clock, utc};
use self::lines::{Lines, address, quoted};
use super::links::links;
use super::programme::{Programme, Slot};
use super::{Feed, Options, Parameter, Refusal, Source, Values, text};
use crate::content::{Calendar, Id, Markdown, SessionKind, SessionPart, SessionStatus, Withdrawn};

pub(super) use dates::FEED as DATES;

/// The feed.
pub(super) const FEED: Feed = Feed {
    path: "schedule.ics",
    media_type: MEDIA_TYPE,
    title: "Schedule for calendars (iCalendar)",
    parameters: &[
        Parameter { name: "track", description: "Only the sessions of the track with this slug.", values: Values::Any },
        Parameter { name: "room", description: "Only the sessions in the room with this slug.", values: Values::Any },
        Parameter {
            name: "person",
            description: "Only the sessions of this person: their id, or the slug or id of what they are at the event.",
            values: Values::Any,
        },
        Parameter {
            name: "sessions",
            description: "Only these sessions: at most 100 ids or slugs, parted by commas.",
            values: Values::Matching("^[A-Za-z0-9-]+(,[A-Za-z0-9-]+){0,99}$"),
        },
        Parameter {
            name: "tz",
            description: "`utc` gives every instant in UTC; `local`, the default, in the event's zone.",
            values: Values::Of(&["utc", "local"]),
        },
        Parameter {
            name: "attendees",
            description: "`true` lists the speakers as attendees, as Kongress wants them.",
            values: Values::Of(&["true", "false", "1", "0", ""]),
        },
    ],
    render,
};

const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

fn render(source: &Source<'_>, options: &Options) -> Result<Vec<u8>, Refusal> {
    let choice = Choice::new(source, options)?;
    let with_attendees = choice::flag(options, "attendees")?;
    let clock = if choice::is_utc(options)? { Clock::utc() } else { Clock::of(source.snapshot.zone()) };
    let programme = Programme::new(source);
    let mut slots: Vec<&Slot<'_>> = programme.slots().filter(|slot| choice.has(slot.session)).collect();
    slots.sort_by_key(|slot| (slot.start, slot.end, slot.number));
    let known: HashSet<Id> = programme.slots().map(|slot| slot.session.head.id).collect();
    let there = |item: Id| known.contains(&item);
    let event = source.snapshot.event();
    let withdrawn: Vec<&Withdrawn> =
        tombstones(source, Calendar::Schedule, there).filter(|withdrawn| choice.had(withdrawn)).collect();
    choice.found(slots.is_empty() && withdrawn.is_empty())?;

    let mut lines = Lines::default();
    let name = choice.title(&text::line(&event.name));
    head(&mut lines, source, &name, (&format!("{}{}", event.id, choice.suffix()), FEED.path, options));
    let starts = slots.iter().map(|slot| slot.start).chain(withdrawn.iter().map(|withdrawn| withdrawn.starts_at));
    let ends = slots.iter().map(|slot| slot.end).chain(withdrawn.iter().filter_map(|withdrawn| withdrawn.ends_at));
    let instants: Vec<Timestamp> = starts.chain(ends).collect();
    match (instants.iter().min(), instants.iter().max()) {
        (Some(first), Some(last)) => clock.zone(&mut lines, *first, *last),
        _ => clock::nothing(&mut lines),
    }
    for slot in slots {
        session(&mut lines, source, &clock, (&programme, slot), with_attendees);
    }
    for withdrawn in withdrawn {
        tombstone(&mut lines, source, withdrawn, |lines| {
            times(lines, &clock, withdrawn.starts_at, withdrawn.ends_at.unwrap_or(withdrawn.starts_at));
        });
    }
    lines.end("VCALENDAR");
    Ok(lines.into_bytes())
}

/// What stands at the top: the identity of the calendar, what it is called, and how often to come again.
fn head(lines: &mut Lines, source: &Source<'_>, name: &str, (uid, path, options): (&str, &str, &Options)) {
    let event = source.snapshot.event();
    lines.begin("VCALENDAR");
    lines.plain("VERSION", "2.0");
    lines.plain("PRODID", "-//Plenary//Plenary//EN");
    lines.plain("CALSCALE", "GREGORIAN");
    lines.text("UID", uid);
    for name_property in ["NAME", "X-WR-CALNAME"] {
        lines.text(name_property, name);
    }
    let description = event.description.as_ref().map(Markdown::to_text).unwrap_or_default();
    for description_property in ["DESCRIPTION", "X-WR-CALDESC"] {
        lines.optional_text(description_property, &description);
    }
    lines.text("X-WR-TIMEZONE", source.zone_name());
    lines.plain("LAST-MODIFIED", &utc(source.snapshot.modified_at()));
    lines.plain("URL", &address(&source.event_url()));
    lines.plain("SOURCE;VALUE=URI", &own_address(source, path, options));
    lines.plain("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    lines.plain("X-PUBLISHED-TTL", "PT1H");
}

/// Where the calendar itself is.
fn own_address(source: &Source<'_>, path: &str, options: &Options) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(options.iter());
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    address(&format!("{}{mark}{query}", source.feed_url(path))).into_owned()
}

fn session(
    lines: &mut Lines,
    source: &Source<'_>,
    clock: &Clock<'_>,
    (programme, slot): (&Programme<'_>, &Slot<'_>),
    with_attendees: bool,
) {
    let session = slot.session;
    let changed = utc(last_change(source, slot));
    lines.begin("VEVENT");
    lines.text("UID", &session.head.id.to_string());
    lines.plain("DTSTAMP", &changed);
    lines.plain("CREATED", &utc(session.head.created_at));
    lines.plain("LAST-MODIFIED", &changed);
    lines.plain("SEQUENCE", &source.snapshot.event().sequence_of(session).to_string());
    let status = match session.status {
        SessionStatus::Confirmed => "CONFIRMED",
        SessionStatus::Tentative => "TENTATIVE",
        SessionStatus::Cancelled => "CANCELLED",
    };
    lines.plain("STATUS", status);
    times(lines, clock, slot.start, slot.end);
    lines.text("SUMMARY", &slot.plain_title());
    lines.optional_text("DESCRIPTION", &description(source, slot));
    lines.text("LOCATION", &programme.places[slot.place].name);
    let place = source.snapshot.event().venue.as_ref().and_then(|venue| venue.coordinates);
    let is_online = programme.places[slot.place].room.is_some_and(|room| room.online);
    if let Some(place) = place.filter(|_| !is_online) {
        lines.plain("GEO", &format!("{:.6};{:.6}", place.latitude, place.longitude));
    }
    lines.plain("URL", &address(&source.session_url(session)));
    let track = slot.track.map(|track| text::line(&track.name));
    lines.text("CATEGORIES", track.as_deref().filter(|track| !track.is_empty()).unwrap_or(slot.kind()));
    let stream = session.stream_url.as_deref().and_then(|url| source.web_url(url));
    if let Some(stream) = stream {
        lines.plain("CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=\"Live stream\"", &address(&stream));
    }
    if with_attendees {
        for (person, name) in slot.people(source) {
            lines.plain(&format!("ATTENDEE;CN={}", quoted(&name)), &format!("urn:uuid:{}", person.id));
        }
    }
    let is_pause = matches!(session.kind, SessionKind::Break | SessionKind::Meal);
    let is_off = session.status == SessionStatus::Cancelled;
    lines.plain("TRANSP", if is_pause || is_off { "TRANSPARENT" } else { "OPAQUE" });
    lines.end("VEVENT");
}

/// What was withdrawn from a calendar and is not `there` again.
fn tombstones<'a>(
    source: &Source<'a>,
    calendar: Calendar,
    there: impl Fn(Id) -> bool,
) -> impl Iterator<Item = &'a Withdrawn> {
    let withdrawn = source.snapshot.event().withdrawn.iter();
    withdrawn.filter(move |withdrawn| withdrawn.calendar == calendar && !there(withdrawn.item))
}

/// Something that the public can't see any more: calendars that have it are told that it is off. `times` says when it was.
fn tombstone(lines: &mut Lines, source: &Source<'_>, withdrawn: &Withdrawn, times: impl FnOnce(&mut Lines)) {
    let event = source.snapshot.event();
    let at = utc(withdrawn.at);
    lines.begin("VEVENT");
    lines.text("UID", &withdrawn.item.to_string());
    lines.plain("DTSTAMP", &at);
    lines.plain("LAST-MODIFIED", &at);
    lines.plain("SEQUENCE", &withdrawn.sequence.to_string());
    lines.plain("STATUS", "CANCELLED");
    times(lines);
    let title = withdrawn.title.as_deref().map(text::line).filter(|title| !title.is_empty());
    let nameless = match withdrawn.calendar {
        Calendar::Schedule => "Withdrawn session",
        Calendar::Dates => "Withdrawn date",
    };
    lines.text("SUMMARY", title.as_deref().unwrap_or(nameless));
    let place = withdrawn.place.as_deref().map(text::line).filter(|place| !place.is_empty());
    lines.text("LOCATION", &place.unwrap_or_else(|| text::line(&event.name)));
    lines.plain("URL", &address(&source.event_url()));
    lines.plain("TRANSP", "TRANSPARENT");
    lines.end("VEVENT");
}

/// The start and the end. The end is later than the start, as RFC 5545 §3.8.2.2 wants it, by a minute at least.
fn times(lines: &mut Lines, clock: &Clock<'_>, start: Timestamp, end: Timestamp) {
    clock.instant(lines, "DTSTART", start);
    let minute = jiff::SignedDuration::from_mins(1);
    let end = if end.as_second() > start.as_second() { end } else { start.checked_add(minute).unwrap_or(end) };
    clock.instant(lines, "DTEND", end);
}

/// When what is said about a session was last changed: the session, or what it refers to.
fn last_change(source: &Source<'_>, slot: &Slot<'_>) -> Timestamp {
    let (snapshot, session) = (source.snapshot, slot.session);
    let head = |head: &crate::content::Head| head.publish_at.map_or(head.updated_at, |from| from.max(head.updated_at));
    let room = session.room.and_then(|room| snapshot.room(room)).map(|room| head(&room.head));
    let track = slot.track.map(|track| head(&track.head));
    let paper = session.paper.and_then(|paper| snapshot.paper(paper)).map(|paper| head(&paper.head));
    let people = session.people.iter().filter_map(|part| snapshot.person(part.person)).map(|person| person.updated_at);
    // One that was withdrawn and came back is another thing than its tombstone.
    let back = snapshot.event().withdrawn(session.head.id).map(|withdrawn| withdrawn.at);
    let others = room.into_iter().chain(track).chain(paper).chain(people).chain(back);
    others.fold(head(&session.head), Timestamp::max)
}

/// Who takes part, what it is about, and the links.
fn description(source: &Source<'_>, slot: &Slot<'_>) -> String {
    let mut parts = Vec::new();
    for (part, label) in
        [(SessionPart::Speaker, "Speakers"), (SessionPart::Panelist, "Panelists"), (SessionPart::Chair, "Chairs")]
    {
        let of_part = slot.session.people.iter().filter(|person| person.part == part);
        let names = of_part.filter_map(|person| source.snapshot.person(person.person));
        let names: Vec<String> = names.map(|person| text::line(&person.name)).collect();
        match names.as_slice() {
            [] => {}
            [one] => parts.push(format!("{}: {one}", label.trim_end_matches('s'))),
            many => parts.push(format!("{label}: {}", many.join(", "))),
        }
    }
    parts.push(Markdown(slot.summary(source)).to_text());
    parts.push(links(source, slot.session).iter().map(|link| format!("{}: {}\n", link.title, link.url)).collect());
    parts.retain(|part| !part.trim().is_empty());
    parts.iter().map(|part| part.trim()).collect::<Vec<_>>().join("\n\n")
}
