//! Schedules: flat or nested, of one day or several; where each session stands in time.
//!
//! What a session is (its kind, its people, its paper) is read by [`super::session`].

use std::collections::HashMap;

use jiff::civil::Date;

use super::days;
use super::draft::name_key;
use super::fields::{Fields, Reading, key_name};
use super::names::{is_placeholder, tidy};
use super::people;
use super::session::{self, Context};
use super::times::{self, Range};
use super::yaml::{Node, Value};
use crate::content::{Id, Session, SessionKind, SessionPart, SessionPerson, Severity};

/// Keys that hold the sessions of a day or the parts of a session.
const PARTS: [&str; 19] = [
    "sub_events",
    "subevents",
    "sub_sessions",
    "subsessions",
    "talks",
    "sessions",
    "events",
    "items",
    "slots",
    "timeslots",
    "time_slots",
    "contents",
    "children",
    "presentations",
    "schedule",
    "program",
    "programme",
    "agenda",
    "papers",
];
const TIME: [&str; 5] = ["time", "times", "when", "hour", "slot"];
const START: [&str; 8] = ["start_time", "start", "starts", "begin", "from", "start_at", "time_start", "starttime"];
const END: [&str; 8] = ["end_time", "end", "ends", "finish", "until", "end_at", "time_end", "endtime"];

/// Whether a key of this name holds times.
pub(crate) fn is_time(key: &str) -> bool {
    let key = key_name(key);
    TIME.iter().chain(&START).chain(&END).any(|name| *name == key)
}

/// A session and where it stands, before its instants are known.
struct Placed {
    session: Session,
    line: u32,
    day: Date,
    start: Option<i32>,
    end: Option<i32>,
    has_parts: bool,
}

/// The schedule while it is read.
struct Programme {
    day: Date,
    /// When the last session of each day and level ended.
    clock: HashMap<(Date, Option<Id>), i32>,
    placed: Vec<Placed>,
    context: Context,
}

/// Reads a schedule.
pub(crate) fn read(reading: &mut Reading<'_>, node: &Node) {
    let day = reading.draft.document.event.starts_on.0;
    let known_rooms = reading.draft.document.rooms.len();
    let mut programme = Programme { day, clock: HashMap::new(), placed: Vec::new(), context: Context::default() };
    walk(reading, &mut programme, node, None);
    fill_parents(&mut programme.placed);
    fill_ends(reading, &mut programme.placed);
    people_of_panel(reading, &mut programme.placed);
    // A schedule that names rooms knows where everything is.
    let names_no_rooms = reading.draft.document.rooms.len() == known_rooms
        && programme.placed.iter().all(|placed| placed.session.room.is_none());
    if names_no_rooms {
        one_room(reading, &mut programme.placed);
    }
    keep(reading, programme.placed);
}

fn walk(reading: &mut Reading<'_>, programme: &mut Programme, node: &Node, parent: Option<usize>) {
    match &node.value {
        Value::Null => {}
        Value::Text(text) => from_text(reading, programme, text, node.line, parent),
        Value::List(items) => items.iter().for_each(|item| walk(reading, programme, item, parent)),
        Value::Map(_) if is_session(node) => from_fields(reading, programme, node, parent),
        Value::Map(entries) => {
            set_day(reading, programme, node);
            for (key, value) in entries {
                group(reading, programme, key, value, parent);
            }
        }
    }
}

/// A key of a map that is no session: a day, a part of a day, or a time with its title.
fn group(reading: &mut Reading<'_>, programme: &mut Programme, key: &str, value: &Node, parent: Option<usize>) {
    let first = reading.draft.document.event.starts_on.0;
    match &value.value {
        Value::Text(title) if times::parse_range(key, None).is_some() => {
            timed_text(reading, programme, key, title, value.line, parent);
        }
        Value::Text(_) if !matches!(key_name(key).as_str(), "day" | "date" | "num_row" | "title" | "name") => {
            reading.unread(key, value.line);
        }
        Value::Null | Value::Text(_) => {}
        Value::List(_) | Value::Map(_) => {
            if let Some(day) = days::parse_day(key, first) {
                programme.day = day;
            } else if !PARTS.contains(&key_name(key).as_str()) {
                let message = format!("the sessions under {key} were read as a part of the schedule without a name");
                reading.report(Severity::Info, "schedule-group", value.line, message);
            }
            walk(reading, programme, value, parent);
        }
    }
}

fn is_session(node: &Node) -> bool {
    let Some(entries) = node.map() else { return false };
    let has = |keys: &[&str]| {
        entries.iter().any(|(key, value)| keys.contains(&key_name(key).as_str()) && value.text().is_some())
    };
    let has_parts =
        entries.iter().any(|(key, value)| PARTS.contains(&key_name(key).as_str()) && value.list().is_some());
    let is_day = has_parts && has(&["day", "date"]) && !has(&TIME) && !has(&START);
    let is_titled_day = has_parts
        && !has(&TIME)
        && !has(&START)
        && node
            .get("title")
            .or(node.get("name"))
            .and_then(Node::text)
            .is_some_and(|title| days::heading(&tidy(title), jiff::civil::date(2000, 1, 1)).is_some());
    !is_day && !is_titled_day && (has(&session::TITLE) || has(&TIME) || has(&START))
}

/// Takes the day that a block of the schedule is about.
fn set_day(reading: &mut Reading<'_>, programme: &mut Programme, node: &Node) {
    let first = reading.draft.document.event.starts_on.0;
    for key in ["date", "day", "title", "name"] {
        let Some(text) = node.get(key).and_then(Node::text).map(tidy).filter(|text| !text.is_empty()) else { continue };
        if let Some(day) = days::parse_day(&text, first) {
            programme.day = day;
            return;
        }
        let message = format!("“{text}” is no day that could be read; the sessions were put on {}", programme.day);
        reading.report(Severity::Warning, "day-unread", node.line, message);
    }
}

/// A line such as `08:00 - 08:30 Breakfast`.
fn from_text(reading: &mut Reading<'_>, programme: &mut Programme, text: &str, line: u32, parent: Option<usize>) {
    let text = tidy(text);
    let is_time = |c: char| c.is_ascii_digit() || c.is_whitespace() || ":.hHaApPmM-–—".contains(c);
    let end = text.find(|c| !is_time(c)).unwrap_or(text.len());
    // The first letters of the title may look like a part of the time.
    let end = text[..end].rfind(' ').map_or(0, |space| space + 1);
    let (time, title) = text.split_at(end);
    let title = title.trim_start_matches([':', '-', '–', ' ']);
    if time.chars().any(|c| c.is_ascii_digit()) && times::parse_range(time, None).is_some() && !title.is_empty() {
        timed_text(reading, programme, time, title, line, parent);
    } else {
        timed_text(reading, programme, "", &text, line, parent);
    }
}

/// The day of a row without a time that is the heading of a day.
fn heading_of_day(reading: &Reading<'_>, node: &Node) -> Option<Date> {
    let entries = node.map()?;
    let is_title = |key: &str| session::TITLE.contains(&key_name(key).as_str());
    // A row of the template says of itself that it is as wide as the table, and nothing else.
    let is_bare = entries.iter().all(|(key, value)| {
        is_title(key)
            || value.is_empty()
            || value.text().is_some_and(|text| matches!(text.trim().to_lowercase().as_str(), "true" | "false"))
    });
    let mut titles = entries.iter().filter(|(key, _)| is_title(key)).filter_map(|(_, value)| value.text());
    let title = titles.next().filter(|_| is_bare)?;
    days::heading(&tidy(title), reading.draft.document.event.starts_on.0)
}

fn timed_text(
    reading: &mut Reading<'_>,
    programme: &mut Programme,
    time: &str,
    title: &str,
    line: u32,
    parent: Option<usize>,
) {
    let text = |text: &str| Node { line, value: Value::Text(text.to_owned()) };
    let mut entries = vec![("title".to_owned(), text(title))];
    if !time.is_empty() {
        entries.push(("time".to_owned(), text(time)));
    }
    from_fields(reading, programme, &Node { line, value: Value::Map(entries) }, parent);
}

fn from_fields(reading: &mut Reading<'_>, programme: &mut Programme, node: &Node, parent: Option<usize>) {
    let Some(mut fields) = Fields::of(node) else { return };
    let line = node.line;
    if let Some(day) = heading_of_day(reading, node) {
        programme.day = day;
        return;
    }
    if let Some((text, line)) = fields.line_of_text(reading, &["day", "date"]) {
        match days::parse_day(&text, reading.draft.document.event.starts_on.0) {
            Some(day) => programme.day = day,
            None => {
                let message =
                    format!("“{text}” is no day that could be read; the session was put on {}", programme.day);
                reading.report(Severity::Warning, "day-unread", line, message);
            }
        }
    }
    let parts =
        PARTS.iter().find_map(|key| fields.node(&[key]).filter(|node| node.list().is_some() || node.map().is_some()));
    let listed = super::heading::listed_in_title(&mut fields);
    let has_parts = parts.is_some() || !listed.is_empty();
    let parent_id = parent.map(|parent| programme.placed[parent].session.head.id);
    let time = time_of(reading, programme, &mut fields, parent, line);
    // `Panelists: …` below a panel is no session but tells who sits there.
    if let Some(parent) = parent
        && time.is_none()
        && session::adds_people(reading, &mut fields, &mut programme.placed[parent].session)
    {
        return fields.finish(reading);
    }
    let parent_kind =
        parent.map(|parent| (programme.placed[parent].session.kind, programme.placed[parent].session.title.clone()));
    let mut session = session::read(reading, &mut fields, &mut programme.context, parent_kind.as_ref(), has_parts);
    fields.finish(reading);
    session.parent = parent_id;
    if time.is_none() && !has_parts {
        let message = format!("“{}” has no time that could be read; it has no place in the schedule", session.title);
        reading.report(if parent.is_some() { Severity::Info } else { Severity::Warning }, "no-time", line, message);
    }
    let (start, end) = (time.as_ref().map(|time| time.start), time.as_ref().and_then(|time| time.end));
    if let Some(end) = end.or(start) {
        programme.clock.insert((programme.day, parent_id), end);
    }
    let day = programme.day;
    let own = programme.placed.len();
    programme.placed.push(Placed { session, line, day, start, end, has_parts });
    for title in listed {
        timed_text(reading, programme, "", &title, line, Some(own));
    }
    if let Some(parts) = parts {
        walk(reading, programme, parts, Some(own));
        programme.day = day;
    }
}

/// When a session is, from `Time:` or from `start_time:` and `end_time:`.
fn time_of(
    reading: &mut Reading<'_>,
    programme: &mut Programme,
    fields: &mut Fields<'_>,
    parent: Option<usize>,
    line: u32,
) -> Option<Range> {
    let zone = reading.draft.document.event.zone();
    let mut text = fields.line_of_text(reading, &TIME).map_or_else(String::new, |(text, _)| text);
    let start = fields.line_of_text(reading, &START).map(|(text, _)| text);
    let end = fields.line_of_text(reading, &END).map(|(text, _)| text);
    let duration = fields.line_of_text(reading, &["duration", "length"]).map(|(text, _)| text);
    let start = start.or_else(|| days::parse_moment(&text, &zone).map(|_| std::mem::take(&mut text)));
    if let Some(start) = start {
        if let Some(moment) = days::parse_moment(&start, &zone) {
            programme.day = moment.date();
            let minutes = |moment: jiff::civil::DateTime| i32::from(moment.hour()) * 60 + i32::from(moment.minute());
            let end = end.as_deref().and_then(|end| days::parse_moment(end, &zone));
            let days = end.map_or(0, |end| (end.date() - moment.date()).get_days());
            let end = end.map(|end| minutes(end).saturating_add(days.saturating_mul(24 * 60)));
            return Some(Range {
                start: minutes(moment),
                end: end.filter(|end| *end >= minutes(moment)),
                ..Range::default()
            });
        }
        text = match end {
            Some(end) => format!("{start} - {end}"),
            None => start,
        };
    } else if let Some(end) = end.filter(|_| !text.is_empty()) {
        // `time: "9:00"` beside `end_time: "9:30"`
        text = format!("{text} - {end}");
    }
    if let Some(duration) = duration {
        match minutes_of(&duration) {
            Some(minutes) => text = format!("{text} ({minutes} min)"),
            None => text = format!("{text} ({duration})"),
        }
    }
    if text.is_empty() || is_placeholder(&text) {
        return None;
    }
    let parent_id = parent.map(|parent| programme.placed[parent].session.head.id);
    let before = programme
        .clock
        .get(&(programme.day, parent_id))
        .copied()
        .or(parent.and_then(|parent| programme.placed[parent].start));
    let Some(range) = times::parse_range(&text, before) else {
        reading.report(Severity::Warning, "time-unread", line, format!("“{text}” is no time that could be read"));
        return None;
    };
    for finding in &range.findings {
        if finding.code == "afternoon-inferred" {
            let message = format!("{} (only the first case is reported)", finding.message);
            reading.report_once(finding.severity, finding.code, line, message);
        } else {
            reading.report(finding.severity, finding.code, line, &finding.message);
        }
    }
    if let Some(named) = &range.zone {
        let message =
            format!("the times name the zone {named}; they were read in {}", reading.draft.document.event.time_zone);
        reading.report_once(Severity::Info, "time-zone-named", line, message);
    }
    Some(range)
}

/// The minutes of a duration that is only numbers: `45`, `0.75` (of an hour), `1:30` or `1:30:00`.
fn minutes_of(duration: &str) -> Option<i32> {
    let duration = duration.trim();
    let numbers: Vec<i32> = duration.split(':').map_while(|part| part.trim().parse::<i32>().ok()).collect();
    match numbers[..] {
        // Nothing takes two minutes; hours are counted so.
        [hours @ 1..=3] if !duration.contains(':') => Some(hours * 60),
        [minutes] if !duration.contains(':') => Some(minutes),
        [hours @ 0..=24, minutes @ 0..=59] | [hours @ 0..=24, minutes @ 0..=59, 0] => Some(hours * 60 + minutes),
        _ => {
            let (hours, part) = duration.split_once('.').filter(|(_, part)| (1..=2).contains(&part.len()))?;
            let hours = if hours.is_empty() { 0 } else { hours.parse::<i32>().ok()? };
            let hundredths = part.parse::<i32>().ok()? * if part.len() == 1 { 10 } else { 1 };
            (0..=24).contains(&hours).then_some(hours * 60 + hundredths * 60 / 100)
        }
    }
}

/// A session without times that holds sessions with times takes them from those.
fn fill_parents(placed: &mut [Placed]) {
    for own in (0..placed.len()).rev() {
        if !placed[own].has_parts || placed[own].start.is_some() {
            continue;
        }
        let id = placed[own].session.head.id;
        let parts = || placed.iter().filter(|part| part.session.parent == Some(id));
        let day = parts().find(|part| part.start.is_some()).map_or(placed[own].day, |part| part.day);
        let start = parts().filter_map(|part| part.start).min();
        let end = parts().filter_map(|part| part.end).max();
        (placed[own].day, placed[own].start, placed[own].end) = (day, start, end);
    }
}

/// A session without an end ends when the next one begins; a last part ends with the whole.
fn fill_ends(reading: &mut Reading<'_>, placed: &mut [Placed]) {
    for own in 0..placed.len() {
        let (Some(start), None) = (placed[own].start, placed[own].end) else { continue };
        let (day, parent) = (placed[own].day, placed[own].session.parent);
        let next = placed[own + 1..]
            .iter()
            .filter(|other| other.day == day && other.session.parent == parent)
            .find_map(|other| other.start.filter(|next| *next > start));
        let whole = placed.iter().find(|other| Some(other.session.head.id) == parent).and_then(|other| other.end);
        let end = next.or(whole.filter(|end| *end > start));
        placed[own].end = end;
        let title = &placed[own].session.title;
        let message = match end {
            Some(_) => format!("“{title}” has no end; it was given the start of what comes next"),
            None => format!("“{title}” has no end, and nothing comes after it"),
        };
        reading.report(Severity::Info, "no-end", placed[own].line, message);
    }
}

/// A panel without names has the panelists of the site, where it is the only one.
fn people_of_panel(reading: &mut Reading<'_>, placed: &mut [Placed]) {
    let panelists: Vec<Id> = reading.draft.document.panelists.iter().map(|item| item.person).collect();
    let mut panels = placed.iter_mut().filter(|placed| placed.session.kind == SessionKind::Panel);
    let (Some(panel), None) = (panels.next(), panels.next()) else { return };
    let has_panelists = panel.session.people.iter().any(|person| person.part == SessionPart::Panelist);
    if has_panelists || panelists.is_empty() {
        return;
    }
    let message = format!("“{}” names nobody; the panelists of the site were taken", panel.session.title);
    reading.report(Severity::Info, "panelists-assumed", panel.line, message);
    let sits = |person| SessionPerson { person, part: SessionPart::Panelist };
    panel.session.people.extend(panelists.into_iter().map(sits));
}

/// At an event in one room everything is there, but for what only happens on the network.
fn one_room(reading: &Reading<'_>, placed: &mut [Placed]) {
    let rooms: Vec<Id> =
        reading.draft.document.rooms.iter().filter(|room| !room.online).map(|room| room.head.id).collect();
    if let [room] = rooms[..] {
        for placed in placed.iter_mut().filter(|placed| !is_online(&placed.session.title)) {
            placed.session.room = Some(room);
        }
    }
}

/// Turns the times into instants and puts the sessions into the document.
fn keep(reading: &mut Reading<'_>, placed: Vec<Placed>) {
    let zone = reading.draft.document.event.zone();
    let mut last: Option<(Date, Option<Id>, i32)> = None;
    let mut last_day = reading.draft.document.event.ends_on.0;
    for Placed { mut session, line, day, start, end, .. } in placed {
        let instant = |minutes: i32| {
            let midnight = day.to_datetime(jiff::civil::Time::midnight());
            let moment = midnight.checked_add(jiff::Span::new().try_minutes(minutes).ok()?).ok()?;
            zone.to_zoned(moment).ok().map(|moment| moment.timestamp())
        };
        session.starts_at = start.and_then(instant);
        session.ends_at = end.and_then(instant).filter(|end| session.starts_at.is_some_and(|start| start <= *end));
        if let Some(start) = start {
            last_day = last_day.max(day);
            if let Some((before, parent, earlier)) = last
                && (before, parent) == (day, session.parent)
                && start < earlier
            {
                let message = format!("“{}” begins before what stands above it in the file", session.title);
                reading.report(Severity::Info, "session-out-of-order", line, message);
            }
            last = Some((day, session.parent, start));
        }
        let place = reading.at(line);
        reading.draft.add(session, place);
    }
    if last_day > reading.draft.document.event.ends_on.0 {
        let message = format!("the schedule goes on until {last_day}, which was taken as the event's last day");
        reading.report(Severity::Info, "event-days", 1, message);
        reading.draft.event_mut().ends_on = crate::content::Date(last_day);
    }
}

fn is_online(title: &str) -> bool {
    let title = title.to_lowercase();
    ["virtual", "online", "gather.town", "zoom"].iter().any(|word| title.contains(word))
}

/// Gives the talks that speakers' entries tell of to the sessions of those speakers.
pub(crate) fn give_talks(draft: &mut super::draft::Draft) {
    for talk in std::mem::take(&mut draft.talks) {
        let found = draft.document.sessions.iter().find(|session| {
            session.kind == SessionKind::Keynote && session.people.iter().any(|person| person.person == talk.person)
        });
        let (mut session, place) = match found.cloned() {
            Some(session) => ((*session).clone(), draft.place(session.head.id)),
            None => {
                let name = draft.person_of(talk.person).map_or_else(String::new, |person| person.name.clone());
                let title = talk.title.clone().unwrap_or_else(|| format!("Talk by {name}"));
                let message =
                    format!("the talk “{title}” of {name} is not in the schedule; it was added without a time");
                draft.report(Severity::Info, "talk-without-slot", talk.place.clone(), message);
                let head = draft.head(crate::content::Kind::Session, &title);
                let mut session = Session::new(head, SessionKind::Keynote, title);
                session.people.push(people::speaker(talk.person));
                (session, talk.place.clone())
            }
        };
        session.summary = session.summary.take().or(talk.summary);
        let name = draft.person_of(talk.person).map_or_else(String::new, |person| person.name.clone());
        let has_no_title = session.status == crate::content::SessionStatus::Tentative
            || name_key(&session.title) == name_key(&name)
            || super::titles::split_label(&session.title).title.is_empty();
        match talk.title {
            Some(title) if has_no_title => {
                session.title = title;
                session.status = crate::content::SessionStatus::Confirmed;
            }
            Some(title) if name_key(&title) != name_key(&session.title) => {
                let message = format!(
                    "the list of speakers calls the talk of {name} “{title}” and the schedule “{}”; the schedule counts",
                    session.title
                );
                draft.report(Severity::Info, "title-differs", talk.place, message);
            }
            _ => {}
        }
        draft.add(session, place);
    }
}
