//! Alerts of the page as announcements, and what is commented out: alerts and whole texts as unpublished ones, the rest
//! as findings.

use jiff::tz::TimeZone;
use scraper::{ElementRef, Html};

use super::markup::Prepared;
use super::sections::{Alert, heading_level, is_alert};
use super::{liquid, short};
use crate::content::{Announcement, AnnouncementLink, AnnouncementSeverity, Kind, Severity, instant};
use crate::import::jekyll::addresses;
use crate::import::jekyll::dates;
use crate::import::jekyll::fields::Reading;
use crate::import::jekyll::html::{lines_of, markdown, plain, text_of, with_known_tags};
use crate::import::jekyll::{place, times};

/// The most characters of a headline that is taken from the text.
const HEADLINE: usize = 120;
/// From how many words on something commented out is worth keeping.
const WORTH_KEEPING: usize = 12;

/// Makes an announcement of every alert.
pub(super) fn read_alerts(alerts: &[Alert], reading: &mut Reading<'_>) {
    for alert in alerts {
        announce(reading, &alert.html, severity(&alert.class), alert.line, true);
    }
}

/// Makes an announcement of every item of a list of news; tells whether there was such a list.
pub(super) fn read_news(html: &str, reading: &mut Reading<'_>) -> bool {
    let tree = Html::parse_fragment(html);
    let items: Vec<_> =
        tree.root_element().descendent_elements().filter(|element| element.value().name() == "li").collect();
    for item in &items {
        announce(reading, &item.inner_html(), AnnouncementSeverity::Info, super::sections::line(*item), true);
    }
    !items.is_empty()
}

/// Looks at what is commented out.
pub(super) fn read_comments(page: &Prepared, reading: &mut Reading<'_>) {
    for (line, comment) in &page.comments {
        let (html, _) = liquid::without_liquid(comment, None);
        let html = with_known_tags(&html).into_owned();
        let tree = Html::parse_fragment(&html);
        let alert = tree.root_element().descendent_elements().find(|element| is_alert(*element));
        let text = text_of(tree.root_element());
        let words = text.split_whitespace().count();
        if let Some(alert) = alert {
            let class = alert.attr("class").unwrap_or_default();
            announce(reading, &alert.inner_html(), severity(class), *line, false);
            told(reading, *line, "an alert");
        } else if words >= WORTH_KEEPING {
            announce(reading, &html, AnnouncementSeverity::Info, *line, false);
            told(reading, *line, "a text");
        } else if words == 0 && !comment.contains(['{', '=']) {
            // A tag that was put aside says nothing.
        } else if words > 5 || comment.contains('<') || comment.contains("{%") || comment.contains("{{") {
            let what = if text.is_empty() { plain_excerpt(comment) } else { plain_excerpt(&text) };
            let message = format!("“{what}” is commented out, and was left out");
            reading.report(Severity::Info, "commented-out", *line, message);
        }
    }
}

fn told(reading: &mut Reading<'_>, line: u32, what: &str) {
    let message = format!("{what} is commented out; it is kept as an unpublished announcement");
    reading.report(Severity::Info, "commented-out", line, message);
}

fn plain_excerpt(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(10).collect();
    words.join(" ").chars().take(80).collect()
}

fn severity(class: &str) -> AnnouncementSeverity {
    let has = |words: &[&str]| words.iter().any(|word| class.contains(word));
    if has(&["danger", "error", "critical"]) {
        AnnouncementSeverity::Critical
    } else if has(&["warning", "caution", "important"]) {
        AnnouncementSeverity::Warning
    } else if has(&["success"]) {
        AnnouncementSeverity::Success
    } else {
        AnnouncementSeverity::Info
    }
}

fn announce(reading: &mut Reading<'_>, html: &str, severity: AnnouncementSeverity, line: u32, published: bool) {
    let tree = Html::parse_fragment(html);
    let root = tree.root_element();
    if text_of(root).is_empty() {
        return;
    }
    let heading = root.descendent_elements().find(|element| heading_level(*element).is_some());
    let title = heading.map(text_of).filter(|title| !title.is_empty()).unwrap_or_else(|| headline(root));
    let title = short(&title);
    let rest = heading.map_or_else(|| html.to_owned(), |heading| html.replacen(&heading.html(), "", 1));
    let body = Some(markdown(&rest)).filter(|body| !body.0.is_empty());
    let links = links(root, reading, line);
    let mut head = reading.draft.head(Kind::Announcement, &title);
    head.published = published;
    let item = Announcement { head, title, severity, body, links, shows_from: None, shows_until: None };
    let place = reading.at(line);
    reading.draft.add(item, place);
}

/// The first sentence, shortened where it is too long.
fn headline(root: ElementRef<'_>) -> String {
    let line = lines_of(root).into_iter().next().unwrap_or_default();
    if line.chars().count() <= HEADLINE {
        return line;
    }
    let sentence = line.split_inclusive(['.', '!', '?']).next().unwrap_or(&line);
    if sentence.chars().count() <= HEADLINE {
        return sentence.trim().to_owned();
    }
    let mut short = String::new();
    for word in sentence.split_whitespace() {
        if short.chars().count() + word.chars().count() + 2 > HEADLINE {
            break;
        }
        short.push_str(if short.is_empty() { "" } else { " " });
        short.push_str(word);
    }
    format!("{short}…")
}

/// The links of an announcement: items of lists that name a day or lead somewhere, and links in the running text.
fn links(root: ElementRef<'_>, reading: &mut Reading<'_>, line: u32) -> Vec<AnnouncementLink> {
    let mut links = Vec::new();
    for element in root.descendent_elements() {
        let name = element.value().name();
        let in_item = element.ancestors().filter_map(ElementRef::wrap).any(|above| above.value().name() == "li");
        if name == "li" {
            links.extend(item_link(element, reading, line));
        } else if name == "a" && !in_item {
            let label = text_of(element);
            let url = element.attr("href").and_then(|href| addresses::url_or_path(reading, href, line));
            if let Some(url) = url {
                let label = if label.is_empty() { url.clone() } else { label };
                links.push(AnnouncementLink { label: short(&label), url: Some(url), starts_at: None, ends_at: None });
            }
        }
    }
    links
}

fn item_link(item: ElementRef<'_>, reading: &mut Reading<'_>, line: u32) -> Option<AnnouncementLink> {
    let anchor = item.descendent_elements().find(|element| element.value().name() == "a");
    let url = anchor.and_then(|anchor| addresses::url_or_path(reading, anchor.attr("href")?, line));
    let text = text_of(item);
    let (starts_at, ends_at) = times_of(&text, reading);
    if url.is_none() && starts_at.is_none() {
        return None;
    }
    let anchor_text = anchor.map(text_of).unwrap_or_default();
    let bare = text
        .strip_suffix(anchor_text.as_str())
        .map(|text| text.trim_end_matches([':', ' ', '-', '–']))
        .unwrap_or(&text);
    let label = if bare.is_empty() { plain(&text) } else { bare.to_owned() };
    Some(AnnouncementLink { label: short(&label), url, starts_at, ends_at })
}

/// From when to when: `Tuesday the 6th of September 2022 from 10PM to 11PM (UTC-04:00)`.
fn times_of(text: &str, reading: &Reading<'_>) -> (Option<jiff::Timestamp>, Option<jiff::Timestamp>) {
    let event = &reading.draft.document.event;
    let Some(day) = dates::find_dates(text, Some(event.starts_on.0.year())).into_iter().next() else {
        return (None, None);
    };
    let rest = format!("{} {}", &text[..day.span.start], &text[day.span.end..]);
    let Some(range) = times::parse_range(&rest, None) else { return (None, None) };
    let zone = place::zone_in(&rest).and_then(|name| TimeZone::get(&name).ok()).unwrap_or_else(|| event.zone());
    let at = |minutes: i32| {
        let midnight = day.start.at(0, 0, 0, 0);
        midnight.checked_add(jiff::Span::new().minutes(minutes)).ok().map(|local| instant(local, &zone))
    };
    (at(range.start), range.end.and_then(at))
}
