//! The list of important dates: labels, days, what was struck through, and what stands beside it.
//!
//! It reads the HTML of a section and tells what is written; instants are made where the event's zone is known.

use jiff::tz::{Offset, TimeZone};
use scraper::{ElementRef, Html};

use super::sections::line;
use crate::content::{Date, ImportantDateKind, Moment};
use crate::import::jekyll::dates::{self, FoundDate};
use crate::import::jekyll::html::{is_block, text_of};
use crate::import::jekyll::place;
use crate::import::jekyll::text::clean;

/// One line of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Pieces of text, and whether they are struck through.
    pub(super) runs: Vec<(String, bool)>,
    pub(super) line: u32,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Deadline {
    pub(crate) label: String,
    pub(crate) kind: ImportantDateKind,
    pub(crate) moment: Moment,
    pub(crate) superseded: Vec<Moment>,
    pub(crate) struck_through: bool,
    pub(crate) note: Option<String>,
    /// Whether the year had to be assumed.
    pub(crate) assumed_year: bool,
    /// Whether day and month could be the other way round.
    pub(crate) ambiguous: bool,
}

/// The entries of a section: items of lists, rows of tables, or lines.
pub(super) fn entries(html: &str) -> Vec<Entry> {
    let tree = Html::parse_fragment(html);
    let root = tree.root_element();
    let mut entries = vec![Entry::default()];
    runs(root, false, &mut entries);
    for entry in &mut entries {
        split_tildes(entry);
    }
    entries.retain(|entry| entry.runs.iter().any(|(text, _)| text.chars().any(char::is_alphanumeric)));
    entries
}

fn runs(element: ElementRef<'_>, struck: bool, entries: &mut Vec<Entry>) {
    for node in element.children() {
        if let Some(text) = node.value().as_text() {
            entries.last_mut().expect("there is always an entry").runs.push((text.to_string(), struck));
            continue;
        }
        let Some(child) = ElementRef::wrap(node) else { continue };
        let name = child.value().name();
        // The head of a table names its columns.
        if name == "thead" && dates::find_dates(&text_of(child), Some(2000)).is_empty() {
            continue;
        }
        let strikes = matches!(name, "s" | "strike" | "del")
            || child.attr("style").is_some_and(|style| style.replace(' ', "").contains("line-through"));
        let ends = name == "br" || (is_block(name) && !matches!(name, "td" | "th"));
        if ends {
            entries.push(Entry { line: line(child), ..Entry::default() });
        }
        if matches!(name, "td" | "th") {
            let entry = entries.last_mut().expect("there is always an entry");
            if entry.runs.iter().any(|(text, _)| !text.trim().is_empty()) {
                // Cells are parted like label and day.
                entry.runs.push((": ".to_owned(), false));
            }
        }
        runs(child, struck || strikes, entries);
        if ends && name != "br" {
            entries.push(Entry { line: line(child), ..Entry::default() });
        }
    }
}

/// `~~text~~` strikes through too, where Markdown stands inside HTML.
fn split_tildes(entry: &mut Entry) {
    let mut split = Vec::new();
    for (text, struck) in entry.runs.drain(..) {
        if text.matches("~~").count() >= 2 {
            split.extend(text.split("~~").enumerate().map(|(at, part)| (part.to_owned(), struck || at % 2 == 1)));
        } else {
            split.push((text, struck));
        }
    }
    entry.runs = split;
}

impl Entry {
    /// The whole text.
    pub(super) fn text(&self) -> String {
        clean(&self.runs.iter().map(|(text, _)| text.as_str()).collect::<String>())
    }

    /// What the entry says; `None` when it names no day. `aoe` is said of the list as a whole.
    pub(super) fn read(&self, event: jiff::civil::Date, zone: &TimeZone, aoe: bool) -> Option<Deadline> {
        let whole: String = self.runs.iter().map(|(text, _)| text.as_str()).collect();
        let found = dates::find_dates(&whole, Some(event.year()));
        let (label, after_label) = self.label(&whole, found.first()?);
        self.labelled(label, after_label, event, zone, aoe)
    }

    /// What the entry says of this label, which ends at `after_label`.
    fn labelled(
        &self,
        label: String,
        after_label: usize,
        event: jiff::civil::Date,
        zone: &TimeZone,
        aoe: bool,
    ) -> Option<Deadline> {
        let whole: String = self.runs.iter().map(|(text, _)| text.as_str()).collect();
        let found = dates::find_dates(&whole, Some(event.year()));
        let first = found.first()?;
        let kind = kind_of(&label);
        let clock = Clock::of(&whole, first.span.start, zone, aoe && kind != ImportantDateKind::Event);
        let mut live = Vec::new();
        let mut struck = Vec::new();
        let mut written_year = found.iter().rev().find(|found| found.has_year).map(|found| found.start.year());
        for one in &found {
            let mut day = one.start;
            if !one.has_year {
                written_year = written_year.or_else(|| previous_year(day, event, kind));
                day = written_year.and_then(|year| day.with().year(year).build().ok()).unwrap_or(day);
            }
            let moment = clock.moment(day);
            if self.is_struck(one.span.start) { struck.push(moment) } else { live.push(moment) }
        }
        // `Sep 25 → Oct 1 (extended)`: the last day counts.
        let is_extended = live.len() > 1 && says_extended(&whole);
        let (moment, struck_through) = match (live.len(), struck.len()) {
            (0, _) => (struck.pop()?, true),
            (_, _) if is_extended => {
                let moment = live.pop()?;
                struck.append(&mut live);
                (moment, false)
            }
            (_, _) => (live.remove(0), false),
        };
        let is_event = kind == ImportantDateKind::Event;
        let note = self.note(&found, after_label, struck_through, is_event);
        let assumed_year = found.iter().all(|found| !found.has_year);
        let ambiguous = found.iter().any(|found| found.ambiguous);
        Some(Deadline { label, kind, moment, superseded: struck, struck_through, note, assumed_year, ambiguous })
    }

    /// The label, and where the text after it begins.
    fn label(&self, whole: &str, first: &FoundDate) -> (String, usize) {
        let trimmed = |text: &str| {
            let text = text.trim_matches(|c: char| {
                c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '|' | '*' | ',' | '(' | '→')
            });
            clean(text)
        };
        let before = &whole[..first.span.start];
        let colon = before.find(':').map(|at| at + 1);
        let label = trimmed(colon.map_or(before, |at| &before[..at]));
        let is_weekday = dates_are_all(&label);
        if !label.is_empty() && !is_weekday {
            return (without_weekday(&label), colon.unwrap_or(before.len()));
        }
        // `September 25, 2022 (AoE): Submission deadline`
        let after = &whole[first.span.end..];
        let rest = after
            .split_once([':', '–', '—'])
            .map(|(_, rest)| rest)
            .or_else(|| after.split_once(" - ").map(|(_, rest)| rest));
        let label = trimmed(rest.unwrap_or(after));
        if label.is_empty() { ("Date".to_owned(), whole.len()) } else { (label, whole.len()) }
    }

    fn is_struck(&self, at: usize) -> bool {
        let mut end = 0;
        self.runs
            .iter()
            .find(|(text, _)| {
                end += text.len();
                at < end
            })
            .is_some_and(|(_, struck)| *struck)
    }

    /// What is written after the label that is no day, time or zone.
    fn note(&self, found: &[FoundDate], from: usize, struck_through: bool, is_event: bool) -> Option<String> {
        let mut rest = String::new();
        let mut at = 0;
        for (text, struck) in &self.runs {
            let range = at..at + text.len();
            at = range.end;
            if *struck && !struck_through {
                continue;
            }
            for (offset, character) in text.char_indices() {
                let place = range.start + offset;
                if place >= from && !found.iter().any(|found| found.span.contains(&place)) {
                    rest.push(character);
                }
            }
        }
        for phrase in ["anywhere on earth", "anywhere-on-earth"] {
            while let Some(at) = rest.to_ascii_lowercase().find(phrase) {
                rest.replace_range(at..at + phrase.len(), " ");
            }
        }
        let mut ranges = found.iter().filter_map(|found| Some(format!("{} to {}", found.start, found.end?)));
        let range = ranges.next().filter(|_| !is_event);
        if let Some((_, span)) = dates::find_time(&rest) {
            rest.replace_range(span, " ");
        }
        let words: Vec<&str> = rest
            .split(|character: char| {
                character.is_whitespace() || matches!(character, '(' | ')' | '[' | ']' | ',' | ';' | ':' | '→')
            })
            .filter(|word| !is_filler(word))
            .collect();
        let note = words.join(" ");
        match (note.chars().any(char::is_alphanumeric), range) {
            (true, Some(range)) => Some(format!("{range}; {note}")),
            (true, None) => Some(note),
            (false, range) => range,
        }
    }
}

fn says_extended(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["extended", "postponed", "moved", "new deadline", "→", "=>", "->"].iter().any(|word| lower.contains(word))
}

fn is_filler(word: &str) -> bool {
    const WORDS: [&str; 22] = [
        "aoe",
        "(aoe)",
        "aoe.",
        "-",
        "–",
        "—",
        ".",
        "at",
        "on",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "utc",
        "gmt",
        "utc-12",
        "until",
        "by",
        "->",
    ];
    let lower = word.to_lowercase();
    let is_zone = word.len() >= 2
        && word.len() <= 4
        && word.chars().all(|c| c.is_ascii_uppercase())
        && place::zone_in(word).is_some();
    lower.is_empty()
        || is_zone
        || WORDS.contains(&lower.as_str())
        || WORDS[9..16].iter().any(|day| is_short(&lower, day))
}

fn is_short(word: &str, day: &str) -> bool {
    let word = word.trim_end_matches('.');
    (3..=5).contains(&word.len()) && day.starts_with(word)
}

/// Whether a text is nothing but names of weekdays.
fn dates_are_all(text: &str) -> bool {
    text.split_whitespace().all(is_filler)
}

fn without_weekday(label: &str) -> String {
    let mut words: Vec<&str> = label.split_whitespace().collect();
    while words.len() > 1 && words.last().is_some_and(|word| is_filler(word.trim_end_matches(','))) {
        words.pop();
    }
    words.join(" ").trim_end_matches([':', '-', '–', ' ', '(']).to_owned()
}

/// A deadline without a year that would be after the event is one of the year before.
fn previous_year(day: jiff::civil::Date, event: jiff::civil::Date, kind: ImportantDateKind) -> Option<i16> {
    (day > event && kind != ImportantDateKind::Event).then(|| day.year() - 1)
}

/// What an entry says about the time of day.
struct Clock {
    time: Option<dates::FoundTime>,
    anywhere_on_earth: bool,
    zone: TimeZone,
}

impl Clock {
    fn of(whole: &str, after: usize, zone: &TimeZone, aoe: bool) -> Clock {
        let time = dates::find_time(&whole[after..]).or_else(|| dates::find_time(whole)).map(|(time, _)| time);
        let named = place::zone_in(&whole[after..]).and_then(|name| TimeZone::get(&name).ok());
        let anywhere_on_earth = dates::is_anywhere_on_earth(whole) || (aoe && named.is_none());
        let zone = if anywhere_on_earth {
            TimeZone::fixed(Offset::constant(-12))
        } else {
            named.unwrap_or_else(|| zone.clone())
        };
        Clock { time, anywhere_on_earth, zone }
    }

    fn moment(&self, day: jiff::civil::Date) -> Moment {
        match self.time {
            Some(time) => Moment::at(day.at(time.hour, time.minute, 0, 0), &self.zone, self.anywhere_on_earth),
            None if self.anywhere_on_earth => Moment::end_of_day_anywhere_on_earth(Date(day)),
            None => Moment::end_of_day(Date(day), &self.zone),
        }
    }
}

/// A date of the data, whose label stands beside it.
pub(crate) fn of_data(label: &str, html: &str, event: jiff::civil::Date, zone: &TimeZone) -> Option<Deadline> {
    let runs = entries(html).into_iter().flat_map(|entry| entry.runs.into_iter().chain([(" ".to_owned(), false)]));
    let entry = Entry { runs: runs.collect(), line: 0 };
    entry.labelled(label.to_owned(), 0, event, zone, dates::is_anywhere_on_earth(label))
}

/// Whether a heading, or a sentence of the section, says *anywhere on earth* of all its dates.
pub(super) fn says_aoe_of_all(title: &str, html: &str) -> bool {
    let speaks_of_all = |text: &str| {
        let lower = text.to_lowercase();
        ["all ", "deadlines are", "dates are", "times are"].iter().any(|phrase| lower.contains(phrase))
    };
    dates::is_anywhere_on_earth(title)
        || entries(html).iter().map(Entry::text).any(|text| speaks_of_all(&text) && dates::is_anywhere_on_earth(&text))
}

/// The list of a section that is a list of dates, as HTML, where it is the only list there.
pub(super) fn list_in(html: &str) -> Option<String> {
    let tree = Html::parse_fragment(html);
    let mut lists =
        tree.root_element().descendent_elements().filter(|element| matches!(element.value().name(), "ul" | "ol"));
    let list = lists.next().filter(|list| is_list_of_dates(*list))?;
    lists.next().is_none().then(|| list.html())
}

/// Whether most of the dated items of a list say what is due: then they are dates of the event and no news.
pub(super) fn are_due(list: &str) -> bool {
    let entries = entries(list);
    let labels = entries.iter().filter(|entry| {
        let text = entry.text();
        text.split_once(':').is_some_and(|(label, _)| kind_of(label) != ImportantDateKind::Other)
    });
    labels.count() * 2 > entries.len()
}

/// What is due, by the words of the label.
pub(crate) fn kind_of(label: &str) -> ImportantDateKind {
    let lower = label.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["camera", "final version", "final paper"]) {
        ImportantDateKind::CameraReady
    } else if has(&["notif", "decision", "acceptance"]) {
        ImportantDateKind::Notification
    } else if has(&["abstract"]) {
        ImportantDateKind::AbstractSubmission
    } else if has(&["review", "rebuttal"]) {
        ImportantDateKind::Review
    } else if has(&["registration", "register"]) {
        ImportantDateKind::Registration
    } else if has(&["submission", "deadline", "submit"]) || (has(&["paper"]) && !has(&["call for"])) {
        ImportantDateKind::Submission
    } else if has(&["workshop", "conference", "event", "symposium"]) {
        ImportantDateKind::Event
    } else {
        ImportantDateKind::Other
    }
}

/// Whether most items of a list say days: then it is a list of dates wherever it stands.
pub(super) fn is_list_of_dates(list: ElementRef<'_>) -> bool {
    let items: Vec<String> = list.child_elements().map(text_of).filter(|item| !item.is_empty()).collect();
    let dated = items.iter().filter(|item| !dates::find_dates(item, Some(2000)).is_empty()).count();
    items.len() >= 2 && dated * 3 >= items.len() * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        let zone = TimeZone::get("America/Chicago").unwrap();
        let day = |moment: &Moment| {
            let aoe = if moment.anywhere_on_earth { " AoE" } else { "" };
            if moment.has_time { format!("{}{aoe}", moment.at) } else { format!("{}{aoe}", moment.date) }
        };
        entries(html)
            .iter()
            .filter_map(|entry| entry.read(jiff::civil::date(2022, 12, 2), &zone, says_aoe_of_all("", html)))
            .map(|deadline| {
                let before: String = deadline.superseded.iter().map(|moment| format!("{} > ", day(moment))).collect();
                let struck = if deadline.struck_through { " struck" } else { "" };
                let note = deadline.note.map(|note| format!(" ({note})")).unwrap_or_default();
                format!("{:?} {}: {before}{}{struck}{note}", deadline.kind, deadline.label, day(&deadline.moment))
            })
            .collect()
    }

    #[test]
    fn dates_are_read_in_many_spellings() {
        for (html, wanted) in [
            (
                "<ul><li>Submission Deadline: <strike> September 25, 2022 AOE </strike></li></ul>",
                "Submission Submission Deadline: 2022-09-25 AoE struck",
            ),
            (
                "<li>Workshop Date: <b>Friday December 2, 2022</b> (in-person and virtual)</li>",
                "Event Workshop Date: 2022-12-02 (in-person and virtual)",
            ),
            (
                "<li>Submission: <s>Sep 25</s> Oct 1, 2022 (AoE)</li>",
                "Submission Submission: 2022-09-25 AoE > 2022-10-01 AoE",
            ),
            (
                "<p>Paper deadline: ~~Sep 25, 2022~~ Oct 1, 2022, 11:59PM AoE</p>",
                "Submission Paper deadline: 2022-09-26T11:59:00Z AoE > 2022-10-02T11:59:00Z AoE",
            ),
            (
                "<li>Abstracts: <b>August 22, 2022, Anywhere on Earth (AOE)</b></li>",
                "AbstractSubmission Abstracts: 2022-08-22 AoE",
            ),
            (
                "<p>All deadlines are 11:59 pm UTC-12h (\"Anywhere on Earth\").</p><li>Abstracts: August 22, 2022</li>",
                "AbstractSubmission Abstracts: 2022-08-22 AoE",
            ),
            ("<li>Workshop: December 1st or 2nd, 2022</li>", "Event Workshop: 2022-12-01"),
            ("<li>Second call for papers: June 2, 2022</li>", "Other Second call for papers: 2022-06-02"),
            ("<table><tr><td>Camera-ready</td><td>Nov 1</td></tr></table>", "CameraReady Camera-ready: 2022-11-01"),
            ("Notification: Oct 20, 23:59 PST<br>", "Notification Notification: 2022-10-21T06:59:00Z"),
            (
                "<li>September 25, 2022: Abstract registration</li>",
                "AbstractSubmission Abstract registration: 2022-09-25",
            ),
            ("<li><b>Reviews due</b> - Dec 20</li>", "Review Reviews due: 2021-12-20"),
            (
                "<li>Submission deadline: Sep 5, 2022, extended to Sep 9, 2022</li>",
                "Submission Submission deadline: 2022-09-05 > 2022-09-09 (extended to)",
            ),
        ] {
            assert_eq!(shown(html), [wanted], "{html}");
        }
    }
}
