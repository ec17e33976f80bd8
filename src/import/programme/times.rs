//! Times as schedules write them: days that begin late at night, clocks without dates, durations of many spellings.

use jiff::civil::{self, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::content::Date;

/// When a day of a schedule changes where the schedule does not say it: what is earlier belongs to the night before.
pub(crate) const DAY_CHANGE: i32 = 6 * 60;

/// One day of a schedule.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Day {
    pub(crate) date: Option<civil::Date>,
    pub(crate) starts_at: Option<Timestamp>,
    pub(crate) ends_at: Option<Timestamp>,
}

/// What a source's date may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// An instant: with an offset.
    At(Timestamp, Offset),
    /// What a clock shows, wherever that is.
    Local(DateTime),
    /// Only a day.
    On(civil::Date),
}

/// Reads a date, a date with a clock, or an instant.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    if let Ok(date) = text.parse::<civil::Date>()
        && text.len() <= 10
    {
        return Some(Moment::On(date));
    }
    let text = text.replacen(' ', "T", 1).replace(' ', "");
    if let Ok(pieces) = jiff::fmt::temporal::Pieces::parse(&text)
        && let Some(offset) = pieces.to_numeric_offset().or_else(|| text.ends_with(['Z', 'z']).then_some(Offset::UTC))
    {
        let time = pieces.time()?;
        return Some(Moment::At(offset.to_timestamp(pieces.date().to_datetime(time)).ok()?, offset));
    }
    text.parse::<DateTime>().ok().map(Moment::Local)
}

/// The instant of a moment in a zone; midnight for a day.
pub(crate) fn instant(moment: Moment, zone: &TimeZone) -> Option<Timestamp> {
    match moment {
        Moment::At(at, _) => Some(at),
        Moment::Local(clock) => zone.to_ambiguous_zoned(clock).compatible().ok().map(|zoned| zoned.timestamp()),
        Moment::On(date) => zone
            .to_ambiguous_zoned(date.to_datetime(civil::Time::midnight()))
            .compatible()
            .ok()
            .map(|zoned| zoned.timestamp()),
    }
}

/// The day of a moment in a zone.
pub(crate) fn day(moment: Moment, zone: &TimeZone) -> civil::Date {
    match moment {
        Moment::At(at, _) => zone.to_datetime(at).date(),
        Moment::Local(clock) => clock.date(),
        Moment::On(date) => date,
    }
}

/// The last day of an event that ends at a moment. Midnight after the last day that is listed is the end of the day before.
pub(crate) fn last_day(end: Moment, listed: Option<Date>, zone: &TimeZone) -> Date {
    let clock = match end {
        Moment::On(date) => return Date(date),
        Moment::At(at, _) => zone.to_datetime(at),
        Moment::Local(clock) => clock,
    };
    let is_after = clock.time() == civil::Time::midnight() && listed.is_some_and(|last| last.0 < clock.date());
    Date(if is_after { clock.date().saturating_sub(1.day()) } else { clock.date() })
}

/// Minutes after midnight: `9:00`, `09:00:00`, `09.00`, `25:30`; seconds are left out.
pub(crate) fn clock(text: &str) -> Option<i32> {
    let mut parts = text.trim().split([':', '.']);
    let hours: i32 = number(parts.next()?)?;
    let minutes: i32 = number(parts.next()?)?;
    if parts.next().is_some_and(|seconds| number(seconds).is_none()) || parts.next().is_some() {
        return None;
    }
    ((0..48).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

/// A duration: minutes alone, `H:MM`, `D:HH:MM`, `HH:MM:SS`, ISO 8601.
///
/// Three numbers are days, hours and minutes, as those who write frab mean it, unless the first is padded like hours, the
/// second is no hour, or the schedule writes durations with seconds (see [`has_seconds`]).
pub(crate) fn duration(text: &str, has_seconds: bool) -> Option<SignedDuration> {
    let text = text.trim();
    if text.starts_with(['P', 'p']) {
        let span: jiff::Span = text.to_uppercase().parse().ok()?;
        return span.to_duration(civil::date(2000, 1, 1)).ok().filter(|length| !length.is_negative());
    }
    let parts: Vec<&str> = text.split(':').collect();
    let numbers: Vec<i64> = parts.iter().map(|part| number(part).map(i64::from)).collect::<Option<_>>()?;
    let minutes = match numbers.as_slice() {
        [minutes] => *minutes,
        [hours, minutes] => hours * 60 + minutes,
        [hours, minutes, seconds]
            if has_seconds || *minutes > 23 || (parts[0].len() == 2 && parts[0].starts_with('0')) =>
        {
            hours * 60 + minutes + i64::from(*seconds >= 30)
        }
        [days, hours, minutes] => (days * 24 + hours) * 60 + minutes,
        _ => return None,
    };
    Some(SignedDuration::from_mins(minutes))
}

/// Whether a duration tells that its writer means hours, minutes and seconds and does not pad hours: who writes `0:45:00`
/// or `1:30:00` means an hour by `1:00:00`.
pub(crate) fn has_seconds(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split(':').collect();
    let [first, second, _] = parts.as_slice() else { return false };
    first.len() == 1 && number(second).is_some_and(|second| second > 23)
}

fn number(text: &str) -> Option<i32> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

/// The instant at which a clock shows `start` on a day of a schedule, and whether that is after midnight.
///
/// A day goes on after midnight: what begins before the day does, or before its change, is in the night after it.
pub(crate) fn begin(day: &Day, start: i32, day_change: Option<i32>, zone: &TimeZone) -> Option<(Timestamp, bool)> {
    let date = day.date.or_else(|| day.starts_at.map(|at| zone.to_datetime(at).date()))?;
    let at = |days: i32| -> Option<Timestamp> {
        let date = date.checked_add((i64::from(days) + i64::from(start / 1440)).days()).ok()?;
        let minutes = start % 1440;
        let clock = date.at(i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?, 0, 0);
        zone.to_ambiguous_zoned(clock).compatible().ok().map(|zoned| zoned.timestamp())
    };
    let (same, next) = (at(0)?, at(1)?);
    let is_night = match (day.starts_at, day.ends_at) {
        _ if start >= 1440 => false,
        // What is within the day is where it says.
        (Some(from), Some(until)) if from <= same && same < until => false,
        (Some(from), Some(until)) if from <= next && next < until => true,
        (None, Some(until)) if next < until => true,
        // A day that ends before its midnight has no night.
        (Some(_), Some(until)) if zone.to_datetime(until).date() <= date => false,
        _ => start < day_change.unwrap_or(DAY_CHANGE),
    };
    Some(if is_night { (next, true) } else { (same, start >= 1440) })
}

/// The IANA zone that a source's word names.
pub(crate) fn zone_named(word: &str) -> Option<String> {
    let word = word.trim();
    let zone = TimeZone::get(word).ok()?;
    Some(zone.iana_name().unwrap_or(word).to_owned())
}

/// A zone whose clocks always stand at this offset; `None` for offsets that have none, as half hours.
pub(crate) fn zone_of_offset(offset: Offset) -> Option<String> {
    let hours = offset.seconds() / 3600;
    if offset.seconds() % 3600 != 0 {
        return None;
    }
    // The names of these zones count westwards.
    let name = match hours {
        0 => "UTC".to_owned(),
        east @ 1.. => format!("Etc/GMT-{east}"),
        west => format!("Etc/GMT+{}", -west),
    };
    TimeZone::get(&name).is_ok().then_some(name)
}

/// The first and last of some days, as an event has them.
pub(crate) fn range(days: impl Iterator<Item = civil::Date>) -> Option<(Date, Date)> {
    days.fold(None, |range, day| match range {
        None => Some((Date(day), Date(day))),
        Some((first, last)) => Some((first.min(Date(day)), last.max(Date(day)))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_all_spellings() {
        for (text, minutes) in [
            ("45", 45),
            ("0:45", 45),
            ("00:45", 45),
            ("1:30", 90),
            ("26:00", 1560),
            ("1:02:30", 24 * 60 + 150),
            ("00:45:00", 45),
            ("01:30:00", 90),
            ("0:45:00", 45),
            ("PT1H15M", 75),
            (" 0:00 ", 0),
        ] {
            assert_eq!(duration(text, false).map(|length| length.as_mins()), Some(minutes), "{text}");
        }
        assert_eq!(duration("1:00:00", true), Some(SignedDuration::from_mins(60)));
        for text in ["", "soon", "1:-3", "1:2:3:4", "9999999"] {
            assert_eq!(duration(text, false), None, "{text}");
        }
    }

    #[test]
    fn moments_of_all_spellings() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for text in [
            "2031-12-27T10:00:00+01:00",
            "2031-12-27T09:00:00Z",
            "2031-12-27T09:00:00.000Z",
            "2031-12-27 10:00:00 +0100",
            "2031-12-27 10:00",
            "2031-12-27T10:00:00",
        ] {
            let at = moment(text).and_then(|moment| instant(moment, &zone));
            assert_eq!(at, Some("2031-12-27T09:00:00Z".parse().unwrap()), "{text}");
        }
        assert_eq!(moment("2031-12-27"), Some(Moment::On(civil::date(2031, 12, 27))));
        assert_eq!(moment("tomorrow"), None);
        assert_eq!(moment(""), None);
    }

    #[test]
    fn nights_belong_to_the_day_before() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let date = Some(civil::date(2031, 12, 27));
        let shown = |day: &Day, start: &str, change: Option<i32>| {
            begin(day, clock(start).unwrap(), change, &zone).map(|(at, _)| zone.to_datetime(at).to_string()).unwrap()
        };
        let bare = Day { date, ..Day::default() };
        assert_eq!(shown(&bare, "10:00", None), "2031-12-27T10:00:00");
        assert_eq!(shown(&bare, "00:30", None), "2031-12-28T00:30:00");
        assert_eq!(shown(&bare, "05:00", Some(240)), "2031-12-27T05:00:00");
        assert_eq!(shown(&bare, "25:15", None), "2031-12-28T01:15:00");
        let told = Day {
            date,
            starts_at: Some("2031-12-27T10:00:00Z".parse().unwrap()),
            ends_at: Some("2031-12-28T03:00:00Z".parse().unwrap()),
        };
        assert_eq!(shown(&told, "02:00", None), "2031-12-28T02:00:00");
        assert_eq!(shown(&told, "12:00", None), "2031-12-27T12:00:00");
        assert_eq!(shown(&told, "08:00", None), "2031-12-27T08:00:00", "before the day begins, and not in its night");
        let short = Day {
            ends_at: Some("2031-12-27T22:59:59Z".parse().unwrap()),
            starts_at: Some("2031-12-26T23:00:00Z".parse().unwrap()),
            date,
        };
        assert_eq!(shown(&short, "01:00", None), "2031-12-27T01:00:00");
    }

    #[test]
    fn midnight_after_the_last_day_is_its_end() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (end, listed, last) in [
            ("2031-12-30", Some("2031-12-29"), "2031-12-30"),
            ("2031-12-30T17:45:00+01:00", Some("2031-12-29"), "2031-12-30"),
            ("2031-12-30T23:00:00Z", Some("2031-12-30"), "2031-12-30"),
            ("2031-12-31T00:00:00", Some("2031-12-30"), "2031-12-30"),
            ("2031-12-31T00:00:00", Some("2031-12-31"), "2031-12-31"),
            ("2031-12-31T00:00:00", None, "2031-12-31"),
        ] {
            let listed = listed.map(|day: &str| Date(day.parse().unwrap()));
            let found = last_day(moment(end).unwrap(), listed, &zone);
            assert_eq!(found.0.to_string(), last, "{end} {listed:?}");
        }
    }

    #[test]
    fn offsets_have_zones() {
        assert_eq!(zone_of_offset(jiff::tz::offset(2)).as_deref(), Some("Etc/GMT-2"));
        assert_eq!(zone_of_offset(jiff::tz::offset(-5)).as_deref(), Some("Etc/GMT+5"));
        assert_eq!(zone_of_offset(Offset::UTC).as_deref(), Some("UTC"));
    }
}
