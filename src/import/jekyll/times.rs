//! The times of a schedule as people write them: `8:30-8:45`, `09.00 – 09.15`, `11:25 AM - 12:00 AM`, `8:15M`.
//!
//! A time is a number of minutes after the midnight that begins its day. Nothing here knows a session; what was mended
//! or guessed is told as findings.

use crate::content::Severity;

/// Minutes of half a day: what `PM` adds.
const HALF_DAY: i32 = 12 * 60;
/// Minutes of a day.
const DAY: i32 = 24 * 60;
/// The longest that a session plausibly takes, for finding out whether `AM` was meant to be `PM`.
const LONG: i32 = 5 * 60;

/// From when to when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Range {
    /// When it begins, in minutes after midnight.
    pub(crate) start: i32,
    /// When it ends: never before it begins, maybe after the next midnight.
    pub(crate) end: Option<i32>,
    /// The time zone that is named beside the times, as written.
    pub(crate) zone: Option<String>,
    /// What was mended or guessed.
    pub(crate) findings: Vec<TimeFinding>,
}

/// Something odd about a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimeFinding {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Before noon or after, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
    /// There was an `M` and no letter before it.
    Unclear,
    /// Nothing was written.
    Unsaid,
}

/// A time as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Written {
    hour: i32,
    minute: i32,
    half: Half,
}

/// Reads a time or a range of times; `previous_end` is when the item before it ends, on the same day.
pub(crate) fn parse_range(text: &str, previous_end: Option<i32>) -> Option<Range> {
    let mut range = Range::default();
    let Scanned { times, duration, zone } = scan(text);
    range.zone = zone;
    let first = *times.first()?;
    if times.len() > 2 {
        range.add(Severity::Warning, "time-unread", format!("more than two times in “{text}”; the first two count"));
    }
    match times.get(1) {
        Some(second) => both(&mut range, text, first, *second, previous_end),
        None => {
            let (start, guess) = plausible(first, previous_end, None);
            range.start = start;
            range.end = duration.map(|minutes| start + minutes);
            if guess {
                range.afternoon(text);
            }
        }
    }
    if times.iter().any(|time| time.half == Half::Unclear) {
        let message = format!("“{text}” has an M without A or P; it was read as {}", range.shown());
        range.add(Severity::Warning, "time-typo", message);
    }
    Some(range)
}

impl Range {
    fn add(&mut self, severity: Severity, code: &'static str, message: String) {
        self.findings.push(TimeFinding { severity, code, message });
    }

    fn afternoon(&mut self, text: &str) {
        let message =
            format!("“{text}” says neither AM nor PM; it was read as {}, after what stands before it", self.shown());
        self.add(Severity::Info, "afternoon-inferred", message);
    }

    /// The range as a 24-hour clock shows it.
    pub(crate) fn shown(&self) -> String {
        self.end.map_or_else(|| clock(self.start), |end| format!("{}–{}", clock(self.start), clock(end)))
    }
}

fn clock(minutes: i32) -> String {
    format!("{:02}:{:02}", minutes.rem_euclid(DAY) / 60, minutes.rem_euclid(60))
}

/// Settles a start and an end that may lack AM and PM, or have the wrong ones.
fn both(range: &mut Range, text: &str, first: Written, second: Written, previous_end: Option<i32>) {
    let (mut start, guess) = plausible(first, previous_end, Some(second));
    let mut end = match fixed(second) {
        Some(end) => end,
        None => later(second, start),
    };
    // `12:00 AM` in the middle of the day's programme is noon.
    let is_day = previous_end.is_none_or(|previous| previous >= 6 * 60);
    let start_is_midnight = first.half == Half::Am && first.hour == 12;
    let end_is_midnight = second.half == Half::Am && second.hour == 12;
    if start_is_midnight && is_day && (previous_end.is_some() || end - start > LONG) {
        start += HALF_DAY;
        if end < start {
            end += HALF_DAY;
        }
        noon(range, text, start, end);
    } else if end_is_midnight && end < start && (HALF_DAY - LONG..HALF_DAY + 60).contains(&start) {
        end += HALF_DAY;
        noon(range, text, start, end);
    }
    // A morning after an evening may be that of the next day; AM is a slip where PM goes on at once, or at night.
    let early_for_the_day = previous_end
        .is_some_and(|previous| previous - start > LONG && (start < 6 * 60 || start + HALF_DAY <= previous + 90));
    if end - start > 2 * LONG || end < start || (early_for_the_day && first.half == Half::Am) {
        (start, end) = swapped_half(range, text, (first, start), (second, end), previous_end);
    }
    range.start = start;
    range.end = Some(end);
    if end < start {
        range.end = None;
        let message = format!("“{text}” ends before it begins; it was left without an end");
        range.add(Severity::Warning, "end-before-start", message);
    }
    if guess {
        range.afternoon(text);
    }
}

fn noon(range: &mut Range, text: &str, start: i32, end: i32) {
    let message =
        format!("“{text}” says 12 AM, which is midnight, for noon; it was read as {}–{}", clock(start), clock(end));
    range.add(Severity::Warning, "noon-as-midnight", message);
}

/// A start and an end of which one or both have AM for PM, or the other way round; or an end after midnight.
fn swapped_half(
    range: &mut Range,
    text: &str,
    (first, start): (Written, i32),
    (second, end): (Written, i32),
    previous_end: Option<i32>,
) -> (i32, i32) {
    let may_swap = |written: Written| written.half != Half::Unsaid && written.hour <= 12;
    let other = |minutes: i32| if minutes < HALF_DAY { minutes + HALF_DAY } else { minutes - HALF_DAY };
    let fits = |start: i32, end: i32| {
        (0..=LONG).contains(&(end - start)) && previous_end.is_none_or(|previous| start >= previous - 2 * 60)
    };
    let (flip_first, flip_second) = (may_swap(first), may_swap(second));
    let mut tries = Vec::new();
    if flip_second {
        tries.push((start, other(end)));
    }
    if flip_first {
        tries.push((other(start), end));
    }
    if flip_first && (flip_second || second.half == Half::Unsaid) {
        tries.push((other(start), other(end)));
    }
    let over_midnight = start >= 17 * 60 && end <= 5 * 60 && end < start;
    if let Some((start, end)) = tries.into_iter().find(|(start, end)| fits(*start, *end) && !over_midnight) {
        let message = format!("AM and PM are mixed up in “{text}”; it was read as {}–{}", clock(start), clock(end));
        range.add(Severity::Warning, "am-pm-mixed-up", message);
        return (start, end);
    }
    if over_midnight { (start, end + DAY) } else { (start, end) }
}

/// The minutes of a time that leaves no doubt.
fn fixed(time: Written) -> Option<i32> {
    let minutes = time.hour * 60 + time.minute;
    match time.half {
        _ if time.hour == 0 || time.hour > 12 => Some(minutes),
        Half::Am => Some(minutes % HALF_DAY),
        Half::Pm => Some(minutes % HALF_DAY + HALF_DAY),
        Half::Unclear | Half::Unsaid => None,
    }
}

/// The first time not before `start` that the clock shows so.
fn later(time: Written, start: i32) -> i32 {
    let morning = time.hour * 60 + time.minute;
    let noon = morning % HALF_DAY + HALF_DAY;
    if time.hour == 12 && start <= noon {
        return noon;
    }
    if morning >= start || time.hour == 12 { morning } else { noon }
}

/// When something begins, and whether the afternoon had to be guessed.
fn plausible(time: Written, previous_end: Option<i32>, end: Option<Written>) -> (i32, bool) {
    if let Some(minutes) = fixed(time) {
        return (minutes, false);
    }
    let morning = time.hour * 60 + time.minute;
    let afternoon = morning % HALF_DAY + HALF_DAY;
    // The end tells: `1:30 - 2 PM` begins after noon, `11:30 - 12:15 PM` before.
    if let Some(end) = end.filter(|end| matches!(end.half, Half::Am | Half::Pm)).and_then(fixed) {
        let half = if afternoon <= end { afternoon } else { morning };
        return (half, false);
    }
    if time.hour == 12 {
        return (afternoon, false);
    }
    let guess = match previous_end {
        Some(previous) if time.hour < 8 => morning < previous - 60,
        Some(previous) => morning < previous - 60 && previous >= 17 * 60,
        None => time.hour < 6,
    };
    if guess { (afternoon, true) } else { (morning, false) }
}

/// The times of a text in their order, and what else it says.
struct Scanned {
    times: Vec<Written>,
    duration: Option<i32>,
    zone: Option<String>,
}

fn scan(text: &str) -> Scanned {
    let (text, mut zone) = without_offset(text);
    let lower: Vec<char> =
        text.to_lowercase().replace("noon", "12:00 pm").replace("midnight", "12:00 am").chars().collect();
    let mut scanned = Scanned { times: Vec::new(), duration: None, zone: None };
    let mut at = 0;
    while at < lower.len() {
        if !lower[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let (found, next) = number(&lower, at);
        match found {
            Found::Time(time) => scanned.times.push(time),
            Found::Minutes(minutes) => scanned.duration = Some(scanned.duration.unwrap_or(0).saturating_add(minutes)),
            Found::Nothing => {}
        }
        at = next;
    }
    if zone.is_none() {
        zone = text
            .split(|character: char| !character.is_ascii_alphabetic())
            .find(|word| (2..=4).contains(&word.len()) && is_zone(word))
            .map(str::to_owned);
    }
    scanned.zone = zone;
    scanned
}

fn is_zone(word: &str) -> bool {
    let letters = word.as_bytes();
    let is_capital = letters.iter().all(u8::is_ascii_uppercase);
    is_capital
        && (matches!(
            word,
            "UTC" | "GMT" | "ET" | "CT" | "MT" | "PT" | "AOE" | "JST" | "KST" | "IST" | "BST" | "HKT" | "SGT"
        ) || (letters.len() >= 3 && (word.ends_with("ST") || word.ends_with("DT") || word.ends_with("ET"))))
}

/// Takes an offset like `UTC-04:00` out, whose hours are no time of day.
fn without_offset(text: &str) -> (String, Option<String>) {
    let upper = text.to_ascii_uppercase();
    let Some(at) = ["UTC", "GMT"].iter().find_map(|zone| upper.find(zone)) else { return (text.to_owned(), None) };
    let length = text[at + 3..]
        .chars()
        .take_while(|character| character.is_ascii_digit() || "+-−: ".contains(*character))
        .map(char::len_utf8)
        .sum::<usize>();
    let offset = text[at..at + 3 + length].trim();
    // `8:00 UTC - 9:00` has a dash of its own and no offset.
    if offset[3..].starts_with(['+', '-', '−']) && offset.len() > 4 {
        (format!("{} {}", &text[..at], &text[at + 3 + length..]), Some(offset.to_owned()))
    } else {
        (text.to_owned(), Some(text[at..at + 3].to_owned()))
    }
}

enum Found {
    Time(Written),
    Minutes(i32),
    Nothing,
}

/// Reads a number with what follows it, from `at`; tells what it is and where the rest begins.
fn number(text: &[char], mut at: usize) -> (Found, usize) {
    let digits = |from: usize, most: usize| text[from..].iter().take(most).take_while(|c| c.is_ascii_digit()).count();
    let value = |from: usize, count: usize| {
        text[from..from + count]
            .iter()
            .fold(0, |sum, digit| sum * 10 + i32::try_from(digit.to_digit(10).unwrap_or(0)).unwrap_or(0))
    };
    let count = digits(at, 5);
    let mut time = Written { hour: 0, minute: 0, half: Half::Unsaid };
    match count {
        1 | 2 => time.hour = value(at, count),
        3 | 4 => (time.hour, time.minute) = (value(at, count) / 100, value(at, count) % 100),
        _ => return (Found::Nothing, at + text[at..].iter().take_while(|c| c.is_ascii_digit()).count()),
    }
    let first = at;
    at += count;
    let mut has_minutes = count > 2;
    if count <= 2 && text.get(at).is_some_and(|c| ":.;h".contains(*c)) && digits(at + 1, 3) == 2 {
        time.minute = value(at + 1, 2);
        has_minutes = true;
        at += 3;
        if text.get(at) == Some(&':') && digits(at + 1, 3) == 2 {
            at += 3;
        }
    }
    let blanks = text[at..].iter().take_while(|c| c.is_whitespace() || **c == '\u{a0}').count();
    let word: String = text[at + blanks..].iter().take_while(|c| c.is_alphabetic() || **c == '.').collect();
    let next = at + blanks + word.chars().count();
    if !has_minutes {
        match word.trim_end_matches('.') {
            "min" | "mins" | "minute" | "minutes" | "m" if count <= 3 => {
                return (Found::Minutes(value(first, count)), next);
            }
            "hour" | "hours" | "hr" | "hrs" => return (Found::Minutes(value(first, count) * 60), next),
            _ => {}
        }
    }
    time.half = match word.replace('.', "").as_str() {
        "am" | "a" | "an" | "a,m" => Half::Am,
        "pm" | "p" => Half::Pm,
        "m" => Half::Unclear,
        _ => Half::Unsaid,
    };
    // A number without minutes and without AM or PM is a time only where a dash or the end follows it.
    let bare = !has_minutes && time.half == Half::Unsaid && word != "h";
    let follows = text[at..].iter().find(|c| !c.is_whitespace());
    let precedes = text[..first].iter().rev().find(|c| !c.is_whitespace());
    let is_beside_dash = follows.is_none_or(|c| is_dash(*c)) || precedes.is_some_and(|c| is_dash(*c));
    let is_plausible = time.hour <= 24 && time.minute < 60 && (!bare || is_beside_dash);
    let at = if time.half == Half::Unsaid { at } else { next };
    (if is_plausible { Found::Time(time) } else { Found::Nothing }, at)
}

fn is_dash(character: char) -> bool {
    matches!(character, '-' | '–' | '—' | '−' | '‐' | '‑' | '~')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a text is read as after something that ends at `previous`, with the codes of the findings.
    fn read(text: &str, previous: &str) -> String {
        let previous =
            previous.split_once(':').map(|(h, m)| h.parse::<i32>().unwrap() * 60 + m.parse::<i32>().unwrap());
        let Some(range) = parse_range(text, previous) else { return "unread".to_owned() };
        let codes: Vec<_> = range.findings.iter().map(|finding| finding.code).collect();
        format!("{} {}", range.shown(), codes.join(" ")).trim().to_owned()
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, previous, expected) in [
            ("07:30AM - 07:50AM", "", "07:30–07:50"),
            ("08:30 am – 9 am", "", "08:30–09:00"),
            ("1:30 PM – 2 PM", "", "13:30–14:00"),
            ("09.00 - 09.15", "", "09:00–09:15"),
            ("8:30-8:45", "", "08:30–08:45"),
            ("8h30 – 9h", "", "08:30–09:00"),
            ("13:00 to 13:40", "", "13:00–13:40"),
            ("03:30PM-04:00PM", "15:30", "15:30–16:00"),
            ("12:00 - 12:15 PM", "12:00", "12:00–12:15"),
            ("11:30 - 12:15 PM", "11:30", "11:30–12:15"),
            ("9:00 AM - 10:00 AM", "18:00", "09:00–10:00"),
            ("10:00 p.m. - 11:00 p.m.", "18:00", "22:00–23:00"),
            ("11:00 PM - 1:00 AM", "18:00", "23:00–01:00"),
            ("11:30AM - noon", "11:30", "11:30–12:00"),
            ("8:30", "", "08:30"),
            ("8:30 (45 min)", "", "08:30–09:15"),
            ("0830-0900", "", "08:30–09:00"),
            ("13:30 PM - 14:00 PM", "", "13:30–14:00"),
            ("9:00-10:00 (UTC-05:00)", "", "09:00–10:00"),
            ("TBD", "", "unread"),
            ("", "", "unread"),
        ] {
            assert_eq!(read(text, previous), expected, "{text} after {previous}");
        }
    }

    #[test]
    fn what_is_mended_is_reported() {
        for (text, previous, expected) in [
            ("8:00AM - 8:15M", "", "08:00–08:15 time-typo"),
            ("8:15M - 8:45AM", "08:15", "08:15–08:45 time-typo"),
            ("11:48AM - 11:54PM", "11:48", "11:48–11:54 am-pm-mixed-up"),
            ("11:25 AM - 12:00 AM", "11:25", "11:25–12:00 noon-as-midnight"),
            ("12:00 AM - 01:00 PM", "12:00", "12:00–13:00 noon-as-midnight"),
            ("12:00 AM - 12:30 AM", "12:00", "12:00–12:30 noon-as-midnight"),
            ("1:30-2:00", "12:30", "13:30–14:00 afternoon-inferred"),
            ("1:30AM - 2:00AM", "13:30", "13:30–14:00 am-pm-mixed-up"),
            ("11:30PM - 12:30PM", "11:30", "11:30–12:30 am-pm-mixed-up"),
            ("10:00AM - 9:30AM", "", "10:00 end-before-start"),
        ] {
            assert_eq!(read(text, previous), expected, "{text} after {previous}");
        }
    }

    #[test]
    fn zones_are_told() {
        let zone = |text| parse_range(text, None).and_then(|range| range.zone);
        assert_eq!(zone("8:00 AM - 9:00 AM EST").as_deref(), Some("EST"));
        assert_eq!(zone("8:00 - 9:00 (CET)").as_deref(), Some("CET"));
        assert_eq!(zone("9:00-10:00 (UTC-05:00)").as_deref(), Some("UTC-05:00"));
        assert_eq!(zone("8:00 AM - 9:00 AM"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_no_end_is_before_its_start(text in ".{0,40}", previous in proptest::option::of(0..1440)) {
            if let Some(range) = parse_range(&text, previous) {
                prop_assert!(range.end.is_none_or(|end| end >= range.start));
            }
        }

        #[test]
        fn scrambled_times_do_not_panic(text in "[0-9:.;hapmAPMU TC+\\-–()]{0,24}", previous in proptest::option::of(0..1440)) {
            if let Some(range) = parse_range(&text, previous) {
                prop_assert!(range.end.is_none_or(|end| end >= range.start));
            }
        }
    }
}
