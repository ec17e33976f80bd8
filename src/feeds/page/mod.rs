//! The event's page: all that the public may know of an event, as HTML for people. It has no script, so it is read, saved
//! and printed as it is; and it links to every feed.
//!
//! It knows no request: the address and its headers are `http`'s. Content is text here: what is not escaped by the
//! template comes out of the sanitizer of [`Markdown`].

mod items;
mod parts;
mod people;
mod schedule;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use self::parts::{Parts, date_range};
use super::{FEEDS, Source, text};
use crate::content::{Event, Id, Markdown, Role};

/// The one style of all pages, as it stands in them: a security policy names its hash.
pub const STYLE: &str = include_str!("style.css");

/// How long the description for search engines and previews may be, in characters.
const DESCRIPTION: usize = 200;

/// A section of the page, which is left out where it has nothing to say.
struct Section {
    /// Its anchor. The underscore keeps it apart from those of sessions, which are slugs.
    id: &'static str,
    title: &'static str,
    body: Markup,
}

impl Section {
    /// A section, if there is something in it.
    fn new(id: &'static str, title: &'static str, body: Option<Markup>) -> Option<Section> {
        body.map(|body| Section { id, title, body })
    }
}

/// The page of an event.
pub fn render(source: &Source<'_>) -> Vec<u8> {
    let event = source.snapshot.event();
    let parts = Parts::new(source, anchors(source));
    let sections = sections(&parts);
    let name = text::line(&event.name);
    let head = html! {
        link rel="canonical" href=(text::strict_url(&source.event_url()));
        @for link in exports(source) {
            link rel="alternate" type=(link.media_type) href=(link.url) title=(link.title);
        }
    };
    let body = html! {
        (header(&parts))
        nav aria-label="On this page" {
            ul { @for section in &sections { li { a href={ "#" (section.id) } { (section.title) } } } }
        }
        main #section_main tabindex="-1" {
            @for section in &sections {
                section aria-labelledby=(section.id) { h2 id=(section.id) { (section.title) } (section.body) }
            }
        }
        footer {
            p {
                "Version: " (source.version()) ". Times are those of the event, in the time zone "
                (source.zone_name()) ". "
                a href={ (text::strict_url(source.base_url)) "/events" } { "All events" }
            }
        }
    };
    page(&name, &description(event), &head, &body)
}

/// The page of all events.
pub fn render_list(events: &[Arc<Event>], base_url: &str) -> Vec<u8> {
    let base = text::strict_url(base_url);
    let body = html! {
        header { h1 { "Events" } }
        main #section_main tabindex="-1" {
            @if events.is_empty() { p { "There is no public event yet." } }
            ul.plain {
                @for event in events {
                    li.paper {
                        h2.plain { a href={ (base) "/events/" (event.slug) } { (text::line(&event.name)) } }
                        p.soft { (date_range(event)) @if let Some(place) = parts::place(event) { " · " (place) } }
                    }
                }
            }
        }
    };
    let head = html! { link rel="canonical" href={ (base) "/events" }; };
    page("Events", "The workshops and conferences that are published here.", &head, &body)
}

/// The frame of every page.
fn page(title: &str, description: &str, head: &Markup, body: &Markup) -> Vec<u8> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                meta name="description" content=(description);
                meta name="referrer" content="strict-origin-when-cross-origin";
                (head)
                style { (PreEscaped(STYLE)) }
            }
            body { a.skip href="#section_main" { "Skip to the content" } (body) }
        }
    };
    let mut bytes = page.into_string().into_bytes();
    bytes.push(b'\n');
    bytes
}

fn sections(parts: &Parts<'_>) -> Vec<Section> {
    let document = parts.source.snapshot.document();
    let about = document.event.description.as_ref().map(|text| parts.prose(text, 3));
    let all = [
        Section::new("section_announcements", "Announcements", items::announcements(parts)),
        Section::new("section_about", "About", about),
        Section::new("section_schedule", "Schedule", schedule::schedule(parts)),
        Section::new("section_speakers", "Speakers", people::cards(parts, Role::Speaker)),
        Section::new("section_panelists", "Panelists", people::cards(parts, Role::Panelist)),
        Section::new("section_papers", "Papers", items::papers(parts)),
        Section::new("section_awards", "Awards", items::awards(parts)),
        Section::new("section_dates", "Important dates", items::dates(parts)),
        Section::new("section_topics", "Topics", items::topics(parts)),
        Section::new("section_pages", "More about the event", items::pages(parts)),
        Section::new("section_organizers", "Organizers", people::cards(parts, Role::Organizer)),
        Section::new("section_committee", "Programme committee", people::names(parts, Role::CommitteeMember)),
        Section::new("section_volunteers", "Volunteers", people::names(parts, Role::Volunteer)),
        Section::new("section_sponsors", "Sponsors", items::sponsors(parts)),
        Section::new("section_links", "Links", items::links(parts)),
        Section::new("section_releases", "Releases", items::releases(parts)),
        Section::new("section_subscribe", "Subscribe and export", Some(subscribe(parts.source))),
    ];
    all.into_iter().flatten().collect()
}

fn header(parts: &Parts<'_>) -> Markup {
    let source = parts.source;
    let event = source.snapshot.event();
    let website = event.website.as_deref().and_then(|url| source.web_url(url));
    let email = event.contact_email.as_deref().map(text::line);
    html! {
        header {
            h1 lang=[parts.lang()] { (text::line(&event.name)) }
            p.facts { (date_range(event)) @if let Some(place) = parts::place(event) { " · " (place) } }
            @if let Some(host) = event.host_conference.as_deref() { p.soft { "At " (text::line(host)) } }
            @if let Some(venue) = &event.venue {
                p.soft {
                    (text::line(&venue.name))
                    @if let Some(address) = &venue.address { ", " (text::line(address)) }
                    @if let Some(map) = venue.map_url.as_deref().and_then(|url| source.web_url(url)) {
                        " · " a href=(map) { "Map" }
                    }
                }
            }
            ul.links {
                @if let Some(website) = website { li { a href=(website) { "Website" } } }
                @if let Some(email) = email { li { a href={ "mailto:" (parts::mail_address(&email)) } { (email) } } }
                @for link in &event.social_links {
                    @if let Some(url) = source.web_url(&link.url) { li { a href=(url) { (text::line(&link.label)) } } }
                }
                li { a href="#section_subscribe" { "Subscribe" } }
            }
            (parts.old_release())
            @if let Some(banner) = &event.banner { (parts.image(banner, Some("banner"), "")) }
        }
    }
}

/// What the event can be had as.
struct Export {
    url: String,
    /// Without parameters.
    media_type: &'static str,
    title: &'static str,
}

fn exports(source: &Source<'_>) -> Vec<Export> {
    let document = format!("{}.json", source.event_url());
    let whole = Export { url: text::strict_url(&document), media_type: "application/json", title: "Everything (JSON)" };
    let feeds = FEEDS.iter().map(|feed| Export {
        url: text::strict_url(&source.feed_url(feed.path)),
        media_type: feed.media_type.split(';').next().unwrap_or_default(),
        title: feed.title,
    });
    std::iter::once(whole).chain(feeds).collect()
}

fn subscribe(source: &Source<'_>) -> Markup {
    html! {
        p {
            "The schedule in your calendar or conference app, and everything for programs. "
            "What changes here changes there: a calendar or an app that is given one of these addresses asks again."
        }
        ul {
            @for link in exports(source) {
                li { a href=(link.url) type=(link.media_type) { (link.title) } }
            }
        }
    }
}

/// A plain line about the event, for search engines and previews.
fn description(event: &Event) -> String {
    let told = event.description.as_ref().map(Markdown::to_text).unwrap_or_default();
    let told = text::line(&told);
    let place = parts::place(event).map(|place| format!(", {place}")).unwrap_or_default();
    let whole = format!("{}, {}{place}. {told}", text::line(&event.name), parts::plain_dates(event));
    if whole.chars().count() <= DESCRIPTION {
        return whole.trim_end().to_owned();
    }
    let cut: String = whole.chars().take(DESCRIPTION - 1).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
}

/// Where each person is told of: as a speaker if they are one, else as what comes first on the page.
fn anchors(source: &Source<'_>) -> HashMap<Id, String> {
    let mut anchors = HashMap::new();
    for role in [Role::Speaker, Role::Panelist, Role::Organizer] {
        for one in source.snapshot.document().participations(role) {
            anchors.entry(one.person).or_insert_with(|| people::anchor(one));
        }
    }
    anchors
}
