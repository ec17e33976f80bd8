//! Makes records fit the bounds of content, where an input has none: what is too long is cut, what can't stand where it
//! is goes, and both are told. One field that does not fit is no reason to refuse a whole site.

use serde_json::Value;

use super::text::clean;
use crate::content::{MAX_LINE, MAX_MARKDOWN, Problem, Record, Report};

/// How often a record is looked at again. One that still does not fit is left to whoever stores it.
const MAX_ROUNDS: usize = 100;

/// What was done to a field, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fitted {
    pub(super) problem: Problem,
    pub(super) done: Done,
}

/// What was done to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// Characters that can't be kept were taken out.
    Cleaned,
    /// The end was cut off.
    Cut,
    /// The field, or the entry of a list that it is in, was left out.
    Removed,
}

impl Fitted {
    /// A sentence for people: which field, what was wrong, and what was done.
    pub(super) fn message(&self) -> String {
        let done = match self.done {
            Done::Cleaned => "they were taken out",
            Done::Cut => "the rest was cut off",
            Done::Removed => "it was left out",
        };
        format!("{}: {}; {done}", self.problem.path.join("."), self.problem.message)
    }
}

/// Makes a record fit as far as that is possible, and says what was done; nothing where nothing was.
pub(super) fn fit(record: &mut Record) -> Vec<Fitted> {
    let mut fitted = Vec::new();
    let mut hopeless: Vec<Problem> = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let Some(problem) = problems(record).into_iter().find(|problem| !hopeless.contains(problem)) else { break };
        match mended(record, &problem) {
            Some((mended, done)) => {
                *record = mended;
                fitted.push(Fitted { problem, done });
            }
            None => hopeless.push(problem),
        }
    }
    fitted
}

/// What is wrong with a record by itself.
pub(super) fn problems(record: &Record) -> Vec<Problem> {
    let mut report = Report::default();
    record.check(&mut report);
    report.into_problems()
}

/// The record without this problem, by whatever loses least.
fn mended(record: &Record, problem: &Problem) -> Option<(Record, Done)> {
    let whole = serde_json::to_value(record).ok()?;
    let mut candidates = Vec::new();
    if let Some(text) = at(&mut whole.clone(), &problem.path).and_then(|value| value.as_str().map(str::to_owned)) {
        candidates.push((Done::Cleaned, text.replace('\0', "")));
        candidates.push((Done::Cleaned, clean(&text)));
        candidates.push((Done::Cut, cut(&text, MAX_MARKDOWN)));
        // Half an address is none.
        if !is_address(&text) {
            candidates.push((Done::Cut, cut(&text, MAX_LINE)));
        }
    }
    let changed = candidates.into_iter().map(|(done, text)| {
        let mut changed = whole.clone();
        *at(&mut changed, &problem.path)? = Value::String(text);
        Some((changed, done))
    });
    let removed =
        (1..=problem.path.len()).rev().map(|length| Some((without(&whole, &problem.path[..length])?, Done::Removed)));
    changed.chain(removed).flatten().find_map(|(json, done)| {
        let mended = Record::from_json(record.kind(), &json.to_string()).ok()?;
        let is_gone = problems(&mended).iter().all(|other| other != problem);
        (is_gone && mended != *record).then_some((mended, done))
    })
}

fn is_address(text: &str) -> bool {
    let begins_so = text.contains("://") || text.starts_with('/') || text.starts_with("mailto:");
    begins_so && !text.contains(char::is_whitespace)
}

fn cut(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length - 1).collect();
    format!("{}…", kept.trim_end())
}

/// The value at a path of a problem: names of fields, and `links.3` for an entry of a list.
fn at<'a>(value: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    path.iter().flat_map(|part| part.split('.')).try_fold(value, |value, part| match value {
        Value::Array(list) => list.get_mut(part.parse::<usize>().ok()?),
        value => value.get_mut(part),
    })
}

/// The whole without the value at a path.
fn without(whole: &Value, path: &[String]) -> Option<Value> {
    let mut whole = whole.clone();
    let parts: Vec<String> = path.iter().flat_map(|part| part.split('.')).map(str::to_owned).collect();
    let (last, above) = parts.split_last()?;
    match at(&mut whole, above)? {
        Value::Array(list) => {
            let position = last.parse::<usize>().ok().filter(|position| *position < list.len())?;
            list.remove(position);
        }
        value => {
            value.as_object_mut()?.remove(last)?;
        }
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Kind, Markdown};

    fn record(kind: Kind, fields: &Value) -> Record {
        let mut record = serde_json::json!({
            "id": "0193f6a0-0000-7000-8000-000000000001",
            "slug": "it",
            "position": 0,
            "revision": 1,
            "published": true,
            "createdAt": "2030-01-01T00:00:00Z",
            "updatedAt": "2030-01-01T00:00:00Z",
        });
        record.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        Record::from_json(kind, &record.to_string()).unwrap()
    }

    #[test]
    fn what_is_too_long_is_cut_and_told() {
        let title = "a word and ".repeat(100);
        let mut page = record(Kind::Page, &serde_json::json!({ "title": title.trim(), "body": "x" }));
        let told = fit(&mut page);
        let Record::Page(page) = page else { panic!("it stays a page") };
        assert!(page.title.chars().count() <= MAX_LINE && page.title.ends_with('…'), "{}", page.title);
        assert_eq!(told.iter().map(|fitted| fitted.done).collect::<Vec<_>>(), [Done::Cut]);
        assert_eq!(told[0].message(), "title: at most 500 characters are kept here; the rest was cut off");
        assert_eq!(page.body, Markdown("x".to_owned()));
    }

    #[test]
    fn what_can_not_be_kept_goes_and_lines_stay() {
        let fields = serde_json::json!({ "title": "Call\nfor papers", "body": "one\n\ntwo\u{0}" });
        let mut page = record(Kind::Page, &fields);
        assert_eq!(fit(&mut page).iter().map(|fitted| fitted.done).collect::<Vec<_>>(), [Done::Cleaned, Done::Cleaned]);
        let Record::Page(page) = page else { panic!("it stays a page") };
        assert_eq!((page.title.as_str(), page.body.as_str()), ("Call for papers", "one\n\ntwo"));
    }

    #[test]
    fn a_word_without_end_is_cut_too() {
        let mut page = record(Kind::Page, &serde_json::json!({ "title": "x".repeat(600), "body": "x" }));
        assert_eq!(fit(&mut page).iter().map(|fitted| fitted.done).collect::<Vec<_>>(), [Done::Cut]);
        assert_eq!(problems(&page), vec![]);
    }

    #[test]
    fn half_an_address_is_none() {
        let url = format!("https://example.org/{}", "a".repeat(3000));
        let links =
            serde_json::json!([{ "label": "good", "url": "https://example.org/" }, { "label": "bad", "url": url }]);
        let mut announcement =
            record(Kind::Announcement, &serde_json::json!({ "title": "News", "severity": "INFO", "links": links }));
        let told = fit(&mut announcement);
        let Record::Announcement(announcement) = announcement else { panic!("it stays an announcement") };
        let kept: Vec<_> = announcement.links.iter().map(|link| (link.label.as_str(), link.url.as_deref())).collect();
        assert_eq!(kept, [("good", Some("https://example.org/")), ("bad", None)]);
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].done, told[0].problem.code), (Done::Removed, "too-long"));
    }

    #[test]
    fn what_fits_is_left_alone_and_what_must_be_there_is_not_taken() {
        let mut page = record(Kind::Page, &serde_json::json!({ "title": "Call", "body": "x" }));
        let before = page.clone();
        assert_eq!((fit(&mut page), page == before), (vec![], true));
        let mut blank = record(Kind::Page, &serde_json::json!({ "title": " ", "body": "x" }));
        let before = blank.clone();
        assert_eq!((fit(&mut blank), blank == before), (vec![], true));
        assert_eq!(problems(&blank).len(), 1);
    }
}
