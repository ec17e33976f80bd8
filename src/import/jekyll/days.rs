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
    if let ["day", count] = words[..] {
        return first.checked_add(jiff::Span::new().try_days(i64::from(number(count)?) - 1).ok()?).ok();
    }
    super::dates::find_dates(text, Some(first.year())).first().map(|found| found.start)
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
