//! `dates.ics`: the important dates.
//!
//! A deadline *anywhere on earth*, or one with a time of day, is an instant and told as one: as a whole day it would end
//! when the day ends where the reader is, which can be a day too early. It stands there without an end, which is how
//! RFC 5545 says that something ends as it begins. A date of which only the day was announced is told as that whole day:
//! a time would say more than anybody knows. (What can't read whole days reads schedules, and there are none in
//! `schedule.ics`.) What was announced before a date was moved is no event any more: it is told in the description.

use jiff::{Timestamp, ToSpan};

use super::clock::{self, utc};
use super::lines::{Lines, address};
use super::{MEDIA_TYPE, head, tombstone, tombstones};
use crate::content::{Calendar, Date, ImportantDate, Moment, Withdrawn};
use crate::feeds::{Feed, Options, Refusal, Source, text};

/// The feed.
pub(in crate::feeds) const FEED: Feed = Feed {
    path: "dates.ics",
    media_type: MEDIA_TYPE,
    title: "Important dates for calendars (iCalendar)",
    parameters: &[],
    render,
};

fn render(source: &Source<'_>, options: &Options) -> Result<Vec<u8>, Refusal> {
    let event = source.snapshot.event();
    let name = format!("{}: important dates", text::line(&event.name));
    let mut lines = Lines::default();
    head(&mut lines, source, &name, (&format!("{}-dates", event.id), FEED.path, options));
    let mut dates: Vec<&ImportantDate> = source.snapshot.document().important_dates.iter().map(AsRef::as_ref).collect();
    dates.sort_by_key(|date| (date.moment.at, date.head.id));
    let there = |item| dates.iter().any(|date| date.head.id == item);
    let withdrawn: Vec<&Withdrawn> = tombstones(source, Calendar::Dates, there).collect();
    if dates.is_empty() && withdrawn.is_empty() {
        clock::nothing(&mut lines);
    }
    for date in dates {
        important_date(&mut lines, source, date);
    }
    for withdrawn in withdrawn {
        tombstone(&mut lines, source, withdrawn, |lines| time(lines, withdrawn.starts_at, withdrawn.day));
    }
    lines.end("VCALENDAR");
    Ok(lines.into_bytes())
}

fn important_date(lines: &mut Lines, source: &Source<'_>, date: &ImportantDate) {
    let event = source.snapshot.event();
    // One that was withdrawn and came back is another thing than its tombstone.
    let back = event.withdrawn(date.head.id).map(|withdrawn| withdrawn.at);
    let changed = date.head.publish_at.into_iter().chain(back).fold(date.head.updated_at, Timestamp::max);
    lines.begin("VEVENT");
    lines.text("UID", &date.head.id.to_string());
    lines.plain("DTSTAMP", &utc(changed));
    lines.plain("CREATED", &utc(date.head.created_at));
    lines.plain("LAST-MODIFIED", &utc(changed));
    lines.plain("SEQUENCE", &event.sequence_of_date(date).to_string());
    lines.plain("STATUS", "CONFIRMED");
    let moment = &date.moment;
    time(lines, moment.at, moment.whole_day());
    let short = event.acronym.as_deref().unwrap_or(&event.name);
    lines.text("SUMMARY", &format!("{}: {}", text::line(short), text::line(&date.label)));
    lines.optional_text("DESCRIPTION", &description(source, date));
    let place = event.city.as_deref().or(event.venue.as_ref().map(|venue| venue.name.as_str()));
    let place = if moment.anywhere_on_earth { "Anywhere on Earth" } else { place.unwrap_or("Online") };
    lines.text("LOCATION", &text::line(place));
    lines.plain("URL", &address(&format!("{}#{}", source.event_url(), date.head.slug)));
    lines.plain("TRANSP", "TRANSPARENT");
    lines.end("VEVENT");
}

/// An instant, or a whole day.
fn time(lines: &mut Lines, at: Timestamp, day: Option<Date>) {
    match day {
        None => lines.plain("DTSTART", &utc(at)),
        Some(Date(day)) => {
            lines.plain("DTSTART;VALUE=DATE", &day.strftime("%Y%m%d").to_string());
            lines.plain("DTEND;VALUE=DATE", &day.saturating_add(1.day()).strftime("%Y%m%d").to_string());
        }
    }
}

fn description(source: &Source<'_>, date: &ImportantDate) -> String {
    let mut parts = vec![announced(source, &date.moment)];
    parts.extend(date.superseded.iter().map(|moment| format!("Before: {}", announced(source, moment))));
    parts.extend(date.note.as_deref().map(text::line));
    parts.join("\n")
}

/// A date in the words in which it was announced.
fn announced(source: &Source<'_>, moment: &Moment) -> String {
    let mut words = moment.date.to_string();
    let aoe = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(-12));
    let zone = if moment.anywhere_on_earth { &aoe } else { source.snapshot.zone() };
    if moment.has_time {
        words.push_str(&zone.to_datetime(moment.at).strftime(" %H:%M").to_string());
    }
    if moment.anywhere_on_earth {
        words.push_str(" anywhere on earth (AoE, UTC-12)");
    } else if moment.has_time {
        words.push_str(&format!(" ({})", source.zone_name()));
    }
    words
}
