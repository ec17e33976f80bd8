//! Days as people write them in a text: `Friday Dec. 2nd 2022`, `2-3 July 2025`, `July 30 – Aug 1`, `2024-05-01`.
//!
//! It finds them wherever they stand in a sentence. What a day is for is not known here.

use jiff::civil::Date;

/// A day, or a range of days, in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundDate {
    /// The first day; without a written year it is in the year that was assumed.
    pub(crate) start: Date,
    /// The last day of a range.
    pub(crate) end: Option<Date>,
    /// Whether the year was written.
    pub(crate) has_year: bool,
    /// Whether day and month could be read the other way round too, as in `04/05/2024`.
    pub(crate) ambiguous: bool,
    /// Where it stands in the text, in bytes.
    pub(crate) span: std::ops::Range<usize>,
}

/// A time of day in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FoundTime {
    pub(crate) hour: i8,
    pub(crate) minute: i8,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number { value: i32, digits: usize },
    Word(String),
    Mark(char),
}

/// Every day in a text, in order. `assumed` is the year of those that are written without one.
pub(crate) fn find_dates(text: &str, assumed: Option<i16>) -> Vec<FoundDate> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let reading = Reading { tokens: &tokens, at };
        match reading.numeric().or_else(|| reading.month_first()).or_else(|| reading.day_first()) {
            Some((parts, next)) => {
                let span = tokens[at].1.start..tokens[next - 1].1.end;
                found.extend(parts.into_found(assumed, span));
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

/// The first time of day in a text: `11:59PM`, `23:59`, `5 pm`. Its place in bytes comes with it.
pub(crate) fn find_time(text: &str) -> Option<(FoundTime, std::ops::Range<usize>)> {
    let tokens = tokens(text);
    for (at, (token, span)) in tokens.iter().enumerate() {
        let Token::Number { value: hour, digits: 1 | 2 } = *token else { continue };
        let mut next = at + 1;
        let mut minute = 0;
        let mut has_minute = false;
        if matches!(tokens.get(next), Some((Token::Mark(':' | 'h'), _)))
            && let Some((Token::Number { value, digits: 2 }, _)) = tokens.get(next + 1)
        {
            minute = *value;
            has_minute = true;
            next += 2;
        }
        let half = match tokens.get(next) {
            Some((Token::Word(word), _)) if matches!(word.as_str(), "am" | "a" | "pm" | "p") => Some(word.as_str()),
            _ => None,
        };
        let hour = match half {
            Some("am" | "a") if hour <= 12 => hour % 12,
            Some(_) if hour <= 12 => hour % 12 + 12,
            _ => hour,
        };
        let (Ok(hour), Ok(minute)) = (i8::try_from(hour), i8::try_from(minute)) else { continue };
        // `24:00` is the end of the day.
        let time =
            if hour == 24 && minute == 0 { FoundTime { hour: 23, minute: 59 } } else { FoundTime { hour, minute } };
        if (has_minute || half.is_some()) && time.hour < 24 && minute < 60 {
            let end = tokens[if half.is_some() { next } else { next - 1 }].1.end;
            return Some((time, span.start..end));
        }
    }
    None
}

/// Whether a text says *anywhere on earth*.
pub(crate) fn is_anywhere_on_earth(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|character: char| !character.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    words.contains(&"aoe")
        || words.windows(3).any(|words| words == ["anywhere", "on", "earth"] || words == ["a", "o", "e"])
}

/// The English name of a month, also short; the first is 1.
pub(crate) fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let number = match word {
        "sept" => 9,
        word if word.len() >= 3 => MONTHS.iter().position(|month| month.starts_with(word))? + 1,
        _ => return None,
    };
    i8::try_from(number).ok()
}

/// What a text tells of a day.
struct Parts {
    start: (i32, i8),
    end: Option<(i32, i8)>,
    year: Option<i32>,
    start_year: Option<i32>,
    ambiguous: bool,
}

impl Parts {
    fn into_found(self, assumed: Option<i16>, span: std::ops::Range<usize>) -> Option<FoundDate> {
        let year = match self.year {
            Some(year) => i16::try_from(year).ok()?,
            None => assumed?,
        };
        let date = |year: i16, (day, month): (i32, i8)| Date::new(year, month, i8::try_from(day).ok()?).ok();
        let start_year = match self.start_year {
            Some(year) => i16::try_from(year).ok()?,
            None => year,
        };
        let mut start = date(start_year, self.start)?;
        let end = self.end.and_then(|end| date(year, end));
        // `Dec 30 – Jan 2, 2026` begins in the year before.
        if end.is_some_and(|end| end < start) {
            start = date(year - 1, self.start)?;
        }
        let end = end.filter(|end| *end > start);
        Some(FoundDate { start, end, has_year: self.year.is_some(), ambiguous: self.ambiguous, span })
    }
}

struct Reading<'a> {
    tokens: &'a [(Token, std::ops::Range<usize>)],
    at: usize,
}

impl Reading<'_> {
    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at).map(|(token, _)| token)
    }

    fn number(&self, at: usize) -> Option<(i32, usize)> {
        match self.token(at)? {
            Token::Number { value, digits } => Some((*value, *digits)),
            _ => None,
        }
    }

    fn day(&self, at: usize) -> Option<i32> {
        let is_hour = self.is_mark(at + 1, &[':']) && self.number(at + 2).is_some();
        let is_minute = at >= 2 && self.is_mark(at - 1, &[':']) && self.number(at - 2).is_some();
        let (value, digits) = self.number(at)?;
        (digits <= 2 && (1..=31).contains(&value) && !is_hour && !is_minute).then_some(value)
    }

    fn month(&self, at: usize) -> Option<i8> {
        match self.token(at)? {
            Token::Word(word) => month(word),
            _ => None,
        }
    }

    fn is_mark(&self, at: usize, marks: &[char]) -> bool {
        matches!(self.token(at), Some(Token::Mark(mark)) if marks.contains(mark))
    }

    /// Past marks and words that stand between the parts of one day.
    fn skip(&self, mut at: usize, words: &[&str]) -> usize {
        while match self.token(at) {
            Some(Token::Mark(mark)) => matches!(mark, ',' | '.'),
            Some(Token::Word(word)) => words.contains(&word.as_str()),
            _ => false,
        } {
            at += 1;
        }
        at
    }

    /// Past what joins the two ends of a range.
    fn join(&self, at: usize) -> Option<usize> {
        match self.token(at)? {
            Token::Mark('-' | '&' | '/') => Some(at + 1),
            Token::Word(word) if matches!(word.as_str(), "to" | "and" | "until" | "through") => Some(at + 1),
            _ => None,
        }
    }

    /// A year, after the day it belongs to; where the next token is.
    fn year(&self, at: usize) -> Option<(i32, usize)> {
        let at = self.skip(at, &["of", "in"]);
        if self.is_mark(at, &['\'']) {
            let (value, digits) = self.number(at + 1)?;
            return (digits == 2).then_some((2000 + value, at + 2));
        }
        let (value, digits) = self.number(at)?;
        (digits == 4 && (1950..2200).contains(&value)).then_some((value, at + 1))
    }

    /// Past the name of a weekday.
    fn weekday(&self, at: usize) -> usize {
        const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        match self.token(at) {
            Some(Token::Word(word))
                if word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(word.trim_end_matches('s'))) =>
            {
                self.skip(at + 1, &["the"])
            }
            _ => at,
        }
    }

    /// `2024-05-01`, `2024/5/1`, `12/13/2021`, `13.12.2021`.
    fn numeric(&self) -> Option<(Parts, usize)> {
        let at = self.at;
        let (first, first_digits) = self.number(at)?;
        let (second, second_digits) = self.number(at + 2)?;
        let (third, third_digits) = self.number(at + 4)?;
        let marks = ['-', '/', '.'];
        let is_even = self.is_mark(at + 1, &marks) && self.token(at + 1) == self.token(at + 3);
        if !is_even || second_digits > 2 {
            return None;
        }
        let parts = |day: i32, month: i32, year: i32, ambiguous| {
            let month = i8::try_from(month).ok()?;
            Some(Parts { start: (day, month), end: None, year: Some(year), start_year: None, ambiguous })
        };
        let whole = if first_digits == 4 && third_digits <= 2 {
            parts(third, second, first, false)?
        } else if third_digits == 4 && first_digits <= 2 {
            let european = self.is_mark(at + 1, &['.']) || first > 12;
            let (day, month) = if european { (first, second) } else { (second, first) };
            parts(day, month, third, !european && second <= 12 && first != second)?
        } else {
            return None;
        };
        (1..=12).contains(&whole.start.1).then_some((whole, at + 5))
    }

    /// `December 13, 2021`, `July 2nd–3rd`, `Jul 30 - Aug 1, 2025`.
    fn month_first(&self) -> Option<(Parts, usize)> {
        let month = self.month(self.at)?;
        let at = self.skip(self.at + 1, &["the"]);
        let day = self.day(at)?;
        let mut next = at + 1;
        let start_year = self.year(next).filter(|(_, after)| self.join(*after).is_some());
        let mut end = None;
        let mut ambiguous = false;
        if matches!(self.token(next), Some(Token::Word(word)) if word == "or") && self.day(next + 1).is_some() {
            // `December 5th or 6th` is not settled yet; the first counts until it is.
            ambiguous = true;
            next += 2;
        }
        let joint = start_year.map_or(next, |(_, after)| after);
        if let Some(after) = self.join(joint) {
            let after = self.weekday(after);
            if let (Some(second), Some(day)) = (self.month(after), self.day(self.skip(after + 1, &[]))) {
                end = Some((day, second));
                next = self.skip(after + 1, &[]) + 1;
            } else if let Some(second) =
                self.day(after).filter(|second| *second > day && self.month(after + 1).is_none())
            {
                end = Some((second, month));
                next = after + 1;
            }
        }
        let (year, next) = self.year(next).map_or((None, next), |(year, next)| (Some(year), next));
        let start_year = end.and(start_year).map(|(year, _)| year);
        let parts = Parts { start: (day, month), end, year: year.or(start_year), start_year, ambiguous };
        Some((parts, next))
    }

    /// `2 December 2022`, `6th of September 2022`, `2-3 July 2025`, `30 July – 1 August`.
    fn day_first(&self) -> Option<(Parts, usize)> {
        let day = self.day(self.at)?;
        let mut next = self.skip(self.at + 1, &["of"]);
        // `28-Oct-2024`
        if self.is_mark(next, &['-']) && self.month(next + 1).is_some() {
            next += 1;
        }
        if let Some(month) = self.month(next) {
            let next = next + 1;
            if let Some(after) = self.join(self.skip(next, &[])) {
                let after = self.weekday(after);
                let second = self.skip(after + 1, &["of"]);
                if let (Some(last), Some(last_month)) = (self.day(after), self.month(second)) {
                    return Some(self.ending((day, month), Some((last, last_month)), second + 1));
                }
            }
            return Some(self.ending((day, month), None, next));
        }
        let after = self.weekday(self.join(self.at + 1)?);
        let second = self.skip(after + 1, &["of"]);
        let (last, month) = (self.day(after)?, self.month(second)?);
        (last > day).then(|| self.ending((day, month), Some((last, month)), second + 1))
    }

    fn ending(&self, start: (i32, i8), end: Option<(i32, i8)>, next: usize) -> (Parts, usize) {
        let is_joined = self.is_mark(next, &['-']) && self.number(next + 1).is_some_and(|(_, digits)| digits == 4);
        let next = next + usize::from(is_joined);
        let (year, next) = self.year(next).map_or((None, next), |(year, next)| (Some(year), next));
        (Parts { start, end, year, start_year: None, ambiguous: false }, next)
    }
}

/// The numbers, words and marks of a text. Endings of ordinals belong to their numbers.
fn tokens(text: &str) -> Vec<(Token, std::ops::Range<usize>)> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        let mut end = start + first.len_utf8();
        let mut run = |wanted: fn(char) -> bool| {
            while let Some((at, next)) = rest.next_if(|(_, next)| wanted(*next)) {
                end = at + next.len_utf8();
            }
            end
        };
        if first.is_ascii_digit() {
            let end = run(|next| next.is_ascii_digit());
            let digits = end - start;
            let value = text[start..end].parse().unwrap_or(i32::MAX);
            tokens.push((Token::Number { value, digits }, start..end));
        } else if first.is_alphabetic() {
            let end = run(char::is_alphabetic);
            let word = text[start..end].to_lowercase();
            let is_ending = matches!(word.as_str(), "st" | "nd" | "rd" | "th")
                && matches!(tokens.last(), Some((Token::Number { .. }, span)) if text[span.end..start].trim().is_empty());
            if is_ending {
                if let Some((_, span)) = tokens.last_mut() {
                    span.end = end;
                }
            } else if word == "h" {
                tokens.push((Token::Mark('h'), start..end));
            } else {
                tokens.push((Token::Word(word), start..end));
            }
        } else if !first.is_whitespace() {
            let mark = match first {
                '–' | '—' | '−' | '‐' | '‑' | '~' => '-',
                '’' | '‘' => '\'',
                other => other,
            };
            tokens.push((Token::Mark(mark), start..end));
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let found = find_dates(text, Some(2030));
        let day = |found: &FoundDate| {
            let end = found.end.map(|end| format!("/{end}")).unwrap_or_default();
            format!("{}{end}{}", found.start, if found.has_year { "" } else { "?" })
        };
        found.iter().map(day).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn days_are_found_as_people_write_them() {
        for (text, wanted) in [
            ("Friday Dec. 2nd 2022, New Orleans", "2022-12-02"),
            ("December 13, 2021", "2021-12-13"),
            ("Saturday, December 14th, 2024 | Room 220-222", "2024-12-14"),
            ("2-3 July 2025", "2025-07-02/2025-07-03"),
            ("July 2nd–3rd", "2030-07-02/2030-07-03?"),
            ("July 2nd – 3rd, 2025", "2025-07-02/2025-07-03"),
            ("30 July – 1 August 2025", "2025-07-30/2025-08-01"),
            ("Jul 30 to Aug 1, 2025", "2025-07-30/2025-08-01"),
            ("Dec 30, 2024 - Jan 2, 2025", "2024-12-30/2025-01-02"),
            ("Tuesday the 6th of September 2022 from 10PM to 11PM", "2022-09-06"),
            ("2024-05-01", "2024-05-01"),
            ("28-Oct, 2024", "2024-10-28"),
            ("28-Oct-2024", "2024-10-28"),
            ("December 5th or 6th, 2025", "2025-12-05"),
            ("12/13/2021", "2021-12-13"),
            ("13.12.2021", "2021-12-13"),
            ("Sept 5 2023 11:59PM", "2023-09-05"),
            ("Sep 25 Oct 1, 2022", "2030-09-25? 2022-10-01"),
            ("2 sessions at 10:30, may begin", ""),
            ("ENLSP 2022, 14 papers", ""),
            ("February 30, 2022", ""),
            ("Friday, 2 & 3 May '25", "2025-05-02/2025-05-03"),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
        assert!(find_dates("04/05/2024", None)[0].ambiguous);
        assert!(find_dates("December 5th or 6th, 2025", None)[0].ambiguous);
        assert_eq!(find_dates("May 4", None), []);
    }

    #[test]
    fn times_are_found() {
        let time = |text| find_time(text).map(|(time, span)| (time.hour, time.minute, &text[span]));
        assert_eq!(time("Sep 25, 11:59PM AoE"), Some((23, 59, "11:59PM")));
        assert_eq!(time("23:59 PST"), Some((23, 59, "23:59")));
        assert_eq!(time("from 10PM to 11PM"), Some((22, 0, "10PM")));
        assert_eq!(time("12:00 am"), Some((0, 0, "12:00 am")));
        assert_eq!(time("24:00"), Some((23, 59, "24:00")));
        assert_eq!(time("Room 12, May 5"), None);
    }

    #[test]
    fn anywhere_on_earth_is_a_word() {
        assert!(
            is_anywhere_on_earth("(AoE)") && is_anywhere_on_earth("Anywhere on Earth") && is_anywhere_on_earth("AOE")
        );
        assert!(!is_anywhere_on_earth("Phaoe"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([0-9]{1,4}|Dec|may|of|to|th|[-–/.,: ']|am|pm){0,16}") {
            for found in find_dates(&text, Some(2030)) {
                prop_assert!(found.span.end <= text.len());
                prop_assert!(found.end.is_none_or(|end| end > found.start));
            }
            let _ = find_time(&text);
        }
    }
}
