//! Instants in iCalendar: in UTC, or as the clocks of the event's zone show them, with the `VTIMEZONE` that says how these
//! go.
//!
//! The zone is told by its IANA name, and its observances are made from the time zone database, one by one for the years
//! around the event: rules that a reader has to understand can be wrong, transitions can't.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::lines::Lines;

/// How far before the first and after the last instant the zone is told: a year, so that a change of the clocks that
/// follows every year is in it.
const AROUND: SignedDuration = SignedDuration::from_hours(366 * 24);

/// The years to which the beginning of an observance is told as it was; for what began before, an offset that has been
/// there for ever says the same.
const BEGINNING: Timestamp = Timestamp::UNIX_EPOCH;

/// How instants are written.
pub(super) struct Clock<'a> {
    /// The zone and its name; `None` for UTC.
    zone: Option<(&'a TimeZone, &'a str)>,
}

impl<'a> Clock<'a> {
    /// In UTC.
    pub(super) fn utc() -> Self {
        Clock { zone: None }
    }

    /// As the clocks in `zone` show it, if it has a name and is not UTC.
    pub(super) fn of(zone: &'a TimeZone) -> Self {
        let is_utc = |name: &&str| matches!(*name, "UTC" | "Etc/UTC" | "Etc/Unknown");
        let name = zone.iana_name().filter(|name| !is_utc(name));
        Clock { zone: name.map(|name| (zone, name)) }
    }

    /// A property with an instant.
    pub(super) fn instant(&self, lines: &mut Lines, name: &str, at: Timestamp) {
        let at = whole_second(at);
        match self.zone {
            // The second of two equal readings of a clock can't be told by the clock.
            Some((zone, zone_name)) if is_first_reading(zone, at) => {
                lines.plain(&format!("{name};TZID={zone_name}"), &local(zone.to_datetime(at)));
            }
            _ => lines.plain(name, &utc(at)),
        }
    }

    /// The zone, for everything from `first` to `last`.
    pub(super) fn zone(&self, lines: &mut Lines, first: Timestamp, last: Timestamp) {
        let Some((zone, name)) = self.zone else { return };
        let from = first.checked_sub(AROUND).unwrap_or(Timestamp::MIN);
        let until = last.checked_add(AROUND).unwrap_or(Timestamp::MAX);
        lines.begin("VTIMEZONE");
        lines.plain("TZID", name);
        let info = zone.to_offset_info(from);
        let known = zone
            .preceding(from.saturating_add(SignedDuration::from_secs(1)).unwrap_or(from))
            .next()
            .filter(|transition| transition.timestamp() >= BEGINNING);
        let (begin, before) = match known {
            Some(transition) => (transition.timestamp(), offset_before(zone, transition.timestamp())),
            None => (BEGINNING, info.offset()),
        };
        observance(lines, begin, before, info.offset(), info.abbreviation(), info.dst().is_dst());
        for transition in zone.following(from).take_while(|transition| transition.timestamp() <= until) {
            let (at, offset) = (transition.timestamp(), transition.offset());
            let before = offset_before(zone, at);
            observance(lines, at, before, offset, transition.abbreviation(), transition.dst().is_dst());
        }
        lines.end("VTIMEZONE");
    }
}

/// What stands in a calendar without anything: it has to have one component (RFC 5545 §3.6).
pub(super) fn nothing(lines: &mut Lines) {
    lines.begin("VTIMEZONE");
    lines.plain("TZID", "Etc/UTC");
    observance(lines, BEGINNING, Offset::UTC, Offset::UTC, "UTC", false);
    lines.end("VTIMEZONE");
}

fn observance(lines: &mut Lines, at: Timestamp, from: Offset, to: Offset, name: &str, is_dst: bool) {
    let kind = if is_dst { "DAYLIGHT" } else { "STANDARD" };
    lines.begin(kind);
    // It begins as the clock of the offset before it shows (RFC 5545 §3.6.5).
    lines.plain("DTSTART", &local(from.to_datetime(at)));
    lines.plain("TZOFFSETFROM", &offset(from));
    lines.plain("TZOFFSETTO", &offset(to));
    lines.text("TZNAME", name);
    lines.end(kind);
}

fn offset_before(zone: &TimeZone, at: Timestamp) -> Offset {
    zone.to_offset(at.checked_sub(SignedDuration::from_secs(1)).unwrap_or(at))
}

fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes, rest) = (seconds.abs() / 3600, seconds.abs() / 60 % 60, seconds.abs() % 60);
    if rest == 0 { format!("{sign}{hours:02}{minutes:02}") } else { format!("{sign}{hours:02}{minutes:02}{rest:02}") }
}

/// Whether the clock's reading at an instant means that instant, and not an earlier one with the same reading.
fn is_first_reading(zone: &TimeZone, at: Timestamp) -> bool {
    crate::content::instant(zone.to_datetime(at), zone) == at
}

fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

fn local(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%S").to_string()
}

/// An instant in UTC.
pub(super) fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
