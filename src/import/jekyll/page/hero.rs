//! The top of the page: when and where the event happens.
//!
//! It reads lines of text and tells facts; nothing here changes a document.

use jiff::civil::Date;

use super::title;
use crate::import::jekyll::dates;
use crate::import::jekyll::place::{self, City, find_word};

/// What the top of a page, or the site's configuration, tells of an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    pub(crate) name: Option<String>,
    pub(crate) acronym: Option<String>,
    pub(crate) edition: Option<i32>,
    pub(crate) host: Option<String>,
    pub(crate) days: Option<(Date, Date)>,
    pub(crate) city: Option<City>,
    pub(crate) zone: Option<String>,
    pub(crate) venue: Option<String>,
    pub(crate) room: Option<String>,
    pub(crate) in_person: bool,
    pub(crate) online: bool,
}

/// Reads a line that is no title: a day, a place, whether people meet or only their pictures do.
pub(crate) fn read_line(line: &str, assumed_year: Option<i16>, facts: &mut Facts) {
    if facts.days.is_none() {
        let found = dates::find_dates(line, assumed_year);
        facts.days = found.first().map(|first| {
            // `Dec 2 and Dec 3` are two days of one event.
            let last = found.iter().map(|found| found.end.unwrap_or(found.start)).max().unwrap_or(first.start);
            let near = (last - first.start).get_days() <= 14 && last >= first.start;
            (first.start, if near { last } else { first.end.unwrap_or(first.start) })
        });
    }
    if facts.city.is_none() {
        facts.city = place::city_in(line);
    }
    read_attendance(line, facts);
    for segment in
        line.split(['(', ')', ',', '|', '•', '·', ';', '/']).flat_map(|part| part.split(" at ")).map(str::trim)
    {
        read_venue(segment, facts);
    }
    if facts.host.is_none() {
        facts.host = title::host_after_words(line).or_else(|| title::host_in(line, facts.acronym.as_deref()));
    }
}

/// Whether a line is about when and where, not about what.
pub(crate) fn is_facts(line: &str) -> bool {
    let mut facts = Facts::default();
    let lower = format!(" {} ", line.to_lowercase());
    let is_sentence =
        [" will ", " is ", " are ", " was ", " we ", " our ", " please "].iter().any(|word| lower.contains(word));
    if is_sentence && line.split_whitespace().count() > 5 {
        return false;
    }
    read_line(line, Some(2000), &mut facts);
    line.chars().count() <= 160
        && (facts.days.is_some() || facts.room.is_some() || facts.city.is_some() && line.len() < 60)
        || (line.chars().count() <= 40 && (facts.in_person || facts.online))
}

fn read_attendance(line: &str, facts: &mut Facts) {
    let lower = line.to_lowercase().replace('-', " ");
    let has = |words: &[&str]| words.iter().any(|word| find_word(&lower, word).is_some());
    let hybrid = has(&["hybrid"]);
    facts.in_person |= hybrid || has(&["in person", "onsite", "on site", "inperson"]);
    facts.online |= hybrid || has(&["virtual", "virtually", "online", "zoom", "remote", "fully virtual"]);
}

/// `Ballroom C` is a room, `Ernest N. Morial Convention Center` a venue.
fn read_venue(segment: &str, facts: &mut Facts) {
    const ROOMS: [&str; 9] =
        ["room", "rooms", "ballroom", "hall", "auditorium", "theatre", "theater", "amphitheater", "mr"];
    const VENUES: [&str; 12] = [
        "center",
        "centre",
        "hotel",
        "university",
        "campus",
        "institute",
        "palace",
        "palais",
        "building",
        "resort",
        "museum",
        "convention",
    ];
    let lower = segment.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| find_word(&lower, word).is_some());
    let words = segment.split_whitespace().count();
    if segment.is_empty() || words > 8 || !dates::find_dates(segment, Some(2000)).is_empty() {
        return;
    }
    let named = strip_label(segment);
    if has(&VENUES) && words > 1 {
        facts.venue.get_or_insert_with(|| named.to_owned());
    } else if has(&ROOMS) && (words > 1) || has(&["ballroom", "auditorium"]) {
        facts.room.get_or_insert_with(|| named.to_owned());
    }
}

/// `Room: 220-222` is `Room 220-222`, `Location: Hall A` is `Hall A`.
fn strip_label(segment: &str) -> String {
    match segment.split_once(':') {
        Some((label, rest)) if label.eq_ignore_ascii_case("room") => format!("{} {}", label.trim(), rest.trim()),
        Some((label, rest)) if label.split_whitespace().count() <= 2 && !rest.trim().is_empty() => {
            rest.trim().to_owned()
        }
        _ => segment.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_tell_days_and_places() {
        let mut facts = Facts::default();
        read_line("Friday Dec. 2nd 2022, New Orleans", None, &mut facts);
        read_line("In-person (Ballroom C) and Virtual", None, &mut facts);
        assert_eq!(facts.days, Some((jiff::civil::date(2022, 12, 2), jiff::civil::date(2022, 12, 2))));
        assert_eq!(facts.city.map(|city| city.zone), Some("America/Chicago"));
        assert_eq!(facts.room.as_deref(), Some("Ballroom C"));
        assert!(facts.in_person && facts.online);

        let mut facts = Facts::default();
        read_line("July 2nd–3rd, 2025 | Room 220-222, Vancouver Convention Centre, Canada", None, &mut facts);
        assert_eq!(facts.days, Some((jiff::civil::date(2025, 7, 2), jiff::civil::date(2025, 7, 3))));
        assert_eq!(facts.room.as_deref(), Some("Room 220-222"));
        assert_eq!(facts.venue.as_deref(), Some("Vancouver Convention Centre"));
    }
}
