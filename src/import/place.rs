//! Where an event is, and which clocks it goes by: cities of a small gazetteer, and time zones as people name them.
//!
//! It knows places and zones, not pages. What it does not know it leaves open.

use std::sync::LazyLock;

use jiff::tz::TimeZone;

/// A city where conferences are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct City {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its country, as ISO 3166-1 alpha-2.
    pub(crate) country: &'static str,
    /// Its IANA time zone.
    pub(crate) zone: &'static str,
}

/// What texts call a city, with the city; longer names first, so that `Cambridge, MA` is not `Cambridge`.
static NAMES: LazyLock<Vec<(&'static str, City)>> = LazyLock::new(|| {
    let mut names = Vec::new();
    for line in include_str!("gazetteer.csv").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split(';');
        let mut next = || fields.next().unwrap_or_default();
        let (name, country, zone, others) = (next(), next(), next(), next());
        let city = City { name: name.trim_start_matches('!'), country, zone };
        names.extend((!name.starts_with('!')).then_some((name, city)));
        names.extend(others.split('|').filter(|other| !other.is_empty()).map(|other| (other, city)));
    }
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names
});

/// The city that a text names; of several, the one that stands first.
pub(crate) fn city_in(text: &str) -> Option<City> {
    let mut first: Option<(usize, usize, City)> = None;
    for (name, city) in NAMES.iter() {
        let Some(at) = find_word(text, name) else { continue };
        if first.is_none_or(|(best, length, _)| at < best || (at == best && name.len() > length)) {
            first = Some((at, name.len(), *city));
        }
    }
    first.map(|(_, _, city)| city)
}

/// Where a word or phrase stands in a text, with no letter beside it. Capitals count.
pub(crate) fn find_word(text: &str, word: &str) -> Option<usize> {
    let is_letter = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    text.match_indices(word)
        .find(|(at, _)| {
            !is_letter(text[..*at].chars().next_back()) && !is_letter(text[at + word.len()..].chars().next())
        })
        .map(|(at, _)| at)
}

/// The time zone that a text names: an IANA name, a city's time, an abbreviation, or an offset from UTC.
///
/// Abbreviations are read where most conferences would mean them: `CST` is that of Chicago, `IST` that of India.
pub(crate) fn zone_in(text: &str) -> Option<String> {
    iana_in(text).or_else(|| city_time_in(text)).or_else(|| offset_in(text)).or_else(|| abbreviation_in(text))
}

fn iana_in(text: &str) -> Option<String> {
    text.split(|character: char| character.is_whitespace() || "()[],;:\"'".contains(character))
        .filter(|word| word.contains('/') && word.starts_with(|first: char| first.is_ascii_uppercase()))
        .find_map(|word| TimeZone::get(word).ok()?.iana_name().map(str::to_owned))
}

/// `New Orleans Time Zone`, `Vancouver time`, `local time in Paris`.
fn city_time_in(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let names_time = ["time zone", "timezone", "local time", " time)", " time,", " time.", " time;"]
        .iter()
        .any(|phrase| lower.contains(phrase))
        || lower.trim_end().ends_with(" time");
    if !names_time {
        return None;
    }
    city_in(text).map(|city| city.zone.to_owned())
}

/// `UTC-5`, `GMT+02:00`; half hours have no zone of their own and stay open.
fn offset_in(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase().replace(['−', '–'], "-");
    let at = ["UTC", "GMT"].iter().find_map(|name| find_word(&upper, name))?;
    let rest: String = upper[at + 3..].chars().filter(|character| !character.is_whitespace()).take(6).collect();
    let Some(sign) = rest.chars().next().filter(|sign| matches!(sign, '+' | '-')) else {
        return Some("UTC".to_owned());
    };
    let mut parts = rest[1..].split(':');
    let digits: String = parts.next()?.chars().take_while(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..digits.len().min(2))?.parse().ok()?;
    let minutes =
        parts.next().map_or(0, |part| part.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0));
    match (hours, minutes) {
        (0, 0) => Some("UTC".to_owned()),
        (5, 30) if sign == '+' => Some("Asia/Kolkata".to_owned()),
        // The names of these zones count westwards.
        (1..=14, 0) => Some(format!("Etc/GMT{}{hours}", if sign == '+' { '-' } else { '+' })),
        _ => None,
    }
    .filter(|name| TimeZone::get(name).is_ok())
}

fn abbreviation_in(text: &str) -> Option<String> {
    const ZONES: [(&str, &[&str]); 26] = [
        (
            "America/New_York",
            &["EST", "EDT", "ET", "Eastern Time", "Eastern Standard Time", "Eastern Daylight Time", "US Eastern"],
        ),
        (
            "America/Chicago",
            &["CST", "CDT", "CT", "Central Time", "Central Standard Time", "Central Daylight Time", "US Central"],
        ),
        ("America/Denver", &["MST", "MDT", "MT", "Mountain Time", "Mountain Standard Time", "Mountain Daylight Time"]),
        (
            "America/Los_Angeles",
            &["PST", "PDT", "PT", "Pacific Time", "Pacific Standard Time", "Pacific Daylight Time", "US Pacific"],
        ),
        ("America/Halifax", &["ADT", "Atlantic Time"]),
        ("Pacific/Honolulu", &["HST"]),
        ("America/Sao_Paulo", &["BRT"]),
        ("Europe/Paris", &["CET", "CEST", "Central European Time", "Central European Summer Time"]),
        ("Europe/Athens", &["EET", "EEST", "Eastern European Time"]),
        ("Europe/Lisbon", &["WET", "WEST"]),
        ("Europe/London", &["BST", "British Summer Time"]),
        ("Europe/Istanbul", &["TRT"]),
        ("Europe/Moscow", &["MSK"]),
        ("Asia/Dubai", &["GST"]),
        ("Asia/Kolkata", &["IST", "India Standard Time"]),
        ("Asia/Singapore", &["SGT", "Singapore Time"]),
        ("Asia/Hong_Kong", &["HKT"]),
        ("Asia/Bangkok", &["ICT"]),
        ("Asia/Tokyo", &["JST", "Japan Standard Time"]),
        ("Asia/Seoul", &["KST", "Korea Standard Time"]),
        ("Asia/Shanghai", &["Beijing Time", "China Standard Time"]),
        ("Australia/Sydney", &["AEST", "AEDT"]),
        ("Australia/Adelaide", &["ACST", "ACDT"]),
        ("Australia/Perth", &["AWST"]),
        ("Pacific/Auckland", &["NZST", "NZDT"]),
        ("Africa/Johannesburg", &["SAST"]),
    ];
    ZONES
        .iter()
        .flat_map(|(zone, names)| names.iter().filter_map(|name| Some((find_word(text, name)?, *zone))))
        .min_by_key(|(at, _)| *at)
        .map(|(_, zone)| zone.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gazetteer_names_real_zones() {
        for (name, city) in NAMES.iter() {
            assert!(TimeZone::get(city.zone).is_ok(), "{name}: {}", city.zone);
            assert_eq!(city.country.len(), 2, "{name}");
        }
        assert!(NAMES.len() > 300);
    }

    #[test]
    fn cities_are_found_as_words() {
        let name = |text| city_in(text).map(|city| (city.name, city.country));
        assert_eq!(name("Friday Dec. 2nd 2022, New Orleans "), Some(("New Orleans", "US")));
        assert_eq!(name("Cambridge, MA, USA"), Some(("Cambridge", "US")));
        assert_eq!(name("held in Cambridge"), Some(("Cambridge", "GB")));
        assert_eq!(name("Zurich, Switzerland"), Some(("Zürich", "CH")));
        assert_eq!(name("a nice reading of Parisian text"), None);
    }

    #[test]
    fn zones_are_found_as_people_name_them() {
        for (text, zone) in [
            ("Schedule (New Orleans Time Zone)", "America/Chicago"),
            ("All times are in Vancouver time", "America/Vancouver"),
            ("times in America/New_York", "America/New_York"),
            ("Schedule (CET)", "Europe/Paris"),
            ("Program (EST)", "America/New_York"),
            ("Schedule (UTC-5)", "Etc/GMT+5"),
            ("Schedule (GMT+02:00)", "Etc/GMT-2"),
            ("UTC", "UTC"),
            ("Pacific Time", "America/Los_Angeles"),
        ] {
            assert_eq!(zone_in(text).as_deref(), Some(zone), "{text}");
        }
        assert_eq!(zone_in("Schedule"), None);
        assert_eq!(zone_in("The best time of the year in Paris was spent"), None);
    }
}
