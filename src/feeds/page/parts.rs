//! What the sections of the page are made of: times, places, images, longer text and links to people.

use std::collections::HashMap;

use jiff::Timestamp;
use maud::{Markup, PreEscaped, html};
use url::Url;

use super::super::{Source, text};
use crate::content::{Event, Id, Image, Markdown, Person};

/// What every section needs.
pub(super) struct Parts<'a> {
    pub(super) source: &'a Source<'a>,
    /// The anchors of people.
    people: HashMap<Id, String>,
    /// Where relative addresses in content lead from.
    website: Option<Url>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(source: &'a Source<'a>, people: HashMap<Id, String>) -> Parts<'a> {
        let website = source.snapshot.event().website.as_deref().and_then(|url| Url::parse(url).ok());
        Parts { source, people, website: website.filter(|url| matches!(url.scheme(), "http" | "https")) }
    }

    /// The language of the content, where it is not that of the page's own words.
    pub(super) fn lang(&self) -> Option<&'a str> {
        language(self.source.snapshot.event().language.as_deref())
    }

    /// Longer text, with its headings below the one that it stands under.
    pub(super) fn prose(&self, text: &Markdown, top: u8) -> Markup {
        let html = Markdown(text::clean(text.as_str()).into_owned()).to_embedded_html(top, self.website.as_ref());
        html! { div.prose lang=[self.lang()] { (PreEscaped(html)) } }
    }

    /// An image of the content; one that is not on the web is left out.
    pub(super) fn image(&self, image: &Image, class: Option<&str>, otherwise: &str) -> Markup {
        let Some(url) = self.source.web_url(&image.url) else { return html! {} };
        let alt = image.alt.as_deref().map(text::line).filter(|alt| !alt.is_empty());
        let alt = alt.unwrap_or_else(|| otherwise.to_owned());
        html! { img class=[class] src=(url) alt=(alt) loading="lazy" decoding="async" referrerpolicy="no-referrer"; }
    }

    /// A person's name, leading to where the page tells more of them.
    pub(super) fn person(&self, person: &Person) -> Markup {
        let name = text::line(&person.name);
        match self.people.get(&person.id) {
            Some(anchor) => html! { a href={ "#" (anchor) } { (name) } },
            None => html! { (name) },
        }
    }

    /// A link to the web, or only its words if it leads elsewhere.
    pub(super) fn link(&self, url: &str, words: &str) -> Markup {
        let words = text::line(words);
        match self.source.web_url(url) {
            Some(url) => html! { a href=(url) { (words) } },
            None => html! { (words) },
        }
    }

    /// The time of day of an instant at the event.
    pub(super) fn clock(&self, at: Timestamp) -> Markup {
        let local = at.to_zoned(self.source.snapshot.zone().clone());
        html! { time datetime=(machine(&local)) { (local.strftime("%H:%M").to_string()) } }
    }

    /// The day and time of day of an instant at the event.
    pub(super) fn day_and_clock(&self, at: Timestamp) -> Markup {
        let local = at.to_zoned(self.source.snapshot.zone().clone());
        html! { time datetime=(machine(&local)) { (local.strftime("%-d %B %Y, %H:%M").to_string()) } }
    }

    /// What a reader of a release that is no longer shown must know.
    pub(super) fn old_release(&self) -> Markup {
        let snapshot = self.source.snapshot;
        let newest = snapshot.releases().iter().map(|release| release.number).max();
        let Some(number) = snapshot.stamp().release.filter(|number| newest.is_some_and(|newest| *number < newest))
        else {
            return html! {};
        };
        let current = text::strict_url(&self.source.event_url());
        html! {
            p.notice.warning {
                "This is release " (number) ", which newer ones have replaced. "
                a href=(current) { "See what holds now" }
            }
        }
    }
}

/// A language that can stand in an attribute, where it is not English.
pub(super) fn language(tag: Option<&str>) -> Option<&str> {
    let is_tag = |tag: &&str| {
        let fit = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (2..=35).contains(&tag.len()) && tag.split('-').all(fit)
    };
    tag.filter(is_tag).filter(|tag| !tag.eq_ignore_ascii_case("en"))
}

/// A zoned time as HTML writes it.
pub(super) fn machine(local: &jiff::Zoned) -> String {
    local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A day in words.
pub(super) fn day(date: jiff::civil::Date) -> Markup {
    html! { time datetime=(date.to_string()) { (date.strftime("%-d %B %Y").to_string()) } }
}

/// From the first to the last day, as both readers and programs read it.
pub(super) fn date_range(event: &Event) -> Markup {
    let (first, last) = (event.starts_on.0, event.ends_on.0);
    html! { (day(first)) @if last != first { " – " (day(last)) } }
}

/// From the first to the last day in plain words.
pub(super) fn plain_dates(event: &Event) -> String {
    let word = |date: jiff::civil::Date| date.strftime("%-d %B %Y").to_string();
    let (first, last) = (event.starts_on.0, event.ends_on.0);
    if first == last { word(first) } else { format!("{} – {}", word(first), word(last)) }
}

/// The city and the country, as far as they are known.
pub(super) fn place(event: &Event) -> Option<String> {
    let known = [&event.city, &event.country].into_iter().flatten().map(|name| text::line(name));
    let known: Vec<String> = known.filter(|name| !name.is_empty()).collect();
    (!known.is_empty()).then(|| known.join(", "))
}

/// A mail address as it stands after `mailto:`: what could begin a header or another recipient is encoded.
pub(super) fn mail_address(address: &str) -> String {
    text::strict_url(address).replace('?', "%3F").replace('&', "%26").replace(',', "%2C").replace('#', "%23")
}
