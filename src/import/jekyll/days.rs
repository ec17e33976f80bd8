//! The days of a schedule: a date, a day of the month with its month, `Day 2`; and full date-times.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Reads a full date-time as the clocks in `zone` show it; `None` for a mere time of day.
pub(crate) fn parse_moment(text: &str, zone: &TimeZone) -> Option<DateTime> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(zone.to_datetime(instant));
    }
    if text.len() > 10 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit) {
        for format in ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M %z", "%Y-%m-%dT%H:%M%:z"] {
            if let Ok(instant) = jiff::Timestamp::strptime(format, text) {
                return Some(zone.to_datetime(instant));
            }
        }
        for format in ["%Y-%m-%d %I:%M %p", "%Y-%m-%d %I:%M%p", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"] {
            if let Ok(moment) = DateTime::strptime(format, text) {
                return Some(moment);
            }
        }
        return text.parse().ok();
    }
    None
}

/// Reads the day of a schedule's item: a date, a day of the month with its month, or `Day 2`, where `first` is the
/// event's first day.
pub(crate) fn parse_day(text: &str, first: Date) -> Option<Date> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| -> Option<i16> {
        word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok().filter(|_| word.len() <= 4)
    };
    if let Some(found) = super::dates::find_dates(text, Some(first.year())).first() {
        return Some(found.start);
    }
    let later = |days: i64| first.checked_add(jiff::Span::new().try_days(days).ok()?).ok();
    if let Some(at) = words.iter().position(|word| *word == "day")
        && let Some(count) = words.get(at + 1).and_then(|word| number(word))
    {
        return later(i64::from(count) - 1);
    }
    // A weekday is that of the event's week.
    (0..7).filter_map(later).find(|day| words.iter().any(|word| *word == weekday(*day)))
}

fn weekday(day: Date) -> &'static str {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    NAMES[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default()]
}

/// The day of a row that is nothing but the heading of a day: `Day 2: Sunday, May 5`.
pub(crate) fn heading(text: &str, first: Date) -> Option<Date> {
    const WORDS: [&str; 8] = ["day", "workshop", "the", "of", "main", "conference", "schedule", "program"];
    let is_month = |word: &str| word.len() >= 3 && super::dates::month(word).is_some();
    let is_weekday = |word: &str| {
        word.len() >= 3
            && (0..7).any(|days| {
                let day = first.checked_add(jiff::Span::new().days(days));
                day.is_ok_and(|day| weekday(day).starts_with(word))
            })
    };
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_only = words.all(|word| {
        word.starts_with(|c: char| c.is_ascii_digit()) || WORDS.contains(&word) || is_month(word) || is_weekday(word)
    });
    parse_day(text, first).filter(|_| is_only)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_and_full_date_times_are_read() {
        let first = jiff::civil::date(2030, 5, 3);
        let day = |text| parse_day(text, first).map(|day| day.to_string());
        assert_eq!(day("2030-05-04").as_deref(), Some("2030-05-04"));
        assert_eq!(day("Saturday, May 4th").as_deref(), Some("2030-05-04"));
        assert_eq!(day("Day 2").as_deref(), Some("2030-05-04"));
        assert_eq!(day("Workshop day 2 (Saturday)").as_deref(), Some("2030-05-04"));
        assert_eq!(day("Sunday").as_deref(), Some("2030-05-05"));
        let head = |text| heading(text, first).map(|day| day.to_string());
        assert_eq!(head("Day 2: Sat, May 4").as_deref(), Some("2030-05-04"));
        assert_eq!(head("Sunday morning coffee"), None);
        assert_eq!(head("Session 2"), None);
        assert_eq!(day("4 June 2031").as_deref(), Some("2031-06-04"));
        assert_eq!(day("tomorrow"), None);
        let zone = TimeZone::get("America/Chicago").unwrap();
        let moment = |text| parse_moment(text, &zone).map(|moment| moment.to_string());
        assert_eq!(moment("2030-05-03T14:00:00Z").as_deref(), Some("2030-05-03T09:00:00"));
        assert_eq!(moment("2030-05-03 09:00").as_deref(), Some("2030-05-03T09:00:00"));
        assert_eq!(moment("9:00"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = parse_day(&text, jiff::civil::date(2030, 5, 3));
            let _ = parse_moment(&text, &TimeZone::UTC);
        }
    }
}
