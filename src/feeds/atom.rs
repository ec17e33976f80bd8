//! `feed.xml`: the announcements and the releases of an event, for feed readers (Atom, RFC 4287).
//!
//! An entry is known by the id of what it tells of, and its `updated` is when that was last changed: a reader shows as new
//! what is new, and nothing else.

use std::io;

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event as Xml};

use super::{Feed, Options, Refusal, Source, text};
use crate::content::{Announcement, AnnouncementSeverity, Id, Markdown, Release};
use crate::publishing::release_diff::release_diff;

/// The feed.
pub(super) const FEED: Feed = Feed {
    path: "feed.xml",
    media_type: "application/atom+xml; charset=utf-8",
    title: "Announcements and releases (Atom)",
    parameters: &[],
    render,
};

/// How many entries there are at most, the newest first.
const MAX_ENTRIES: usize = 100;

/// How many changes of a release are told one by one.
const MAX_CHANGES: usize = 100;

type Out = Writer<Vec<u8>>;

/// What an entry says.
struct Entry {
    id: Id,
    title: String,
    published: Timestamp,
    updated: Timestamp,
    category: &'static str,
    /// Where it is on the web.
    url: String,
    /// Sanitised HTML; empty where there is nothing more to say.
    html: String,
}

fn render(source: &Source<'_>, _: &Options) -> Result<Vec<u8>, Refusal> {
    let announcements = source.snapshot.document().announcements.iter();
    let mut entries: Vec<Entry> = announcements.map(|one| announcement(source, one)).collect();
    // The news of a release are those that there were when it was the newest.
    let shown = source.snapshot.stamp().release;
    let releases = source.snapshot.releases().iter().filter(|one| shown.is_none_or(|shown| one.number <= shown));
    entries.extend(releases.map(|one| release(source, one)));
    entries.sort_by_key(|entry| (std::cmp::Reverse(entry.updated), entry.id));
    entries.truncate(MAX_ENTRIES);
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing into memory does not fail.
    let _ = write(&mut out, source, &entries);
    let mut bytes = out.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn announcement(source: &Source<'_>, announcement: &Announcement) -> Entry {
    let head = &announcement.head;
    let mut html = announcement.body.as_ref().map(Markdown::to_html).unwrap_or_default();
    let links = announcement.links.iter().filter_map(|link| Some((&link.label, source.web_url(link.url.as_deref()?)?)));
    for (label, url) in links {
        let (url, label) = (quick_xml::escape::escape(&url), text::line(label));
        html.push_str(&format!("<p><a href=\"{url}\">{}</a></p>", quick_xml::escape::escape(&label)));
    }
    let published = head.publish_at.map_or(head.created_at, |from| from.max(head.created_at));
    Entry {
        id: head.id,
        title: titled(&announcement.title, "Announcement"),
        published,
        updated: head.updated_at.max(published),
        category: match announcement.severity {
            AnnouncementSeverity::Info => "info",
            AnnouncementSeverity::Success => "success",
            AnnouncementSeverity::Warning => "warning",
            AnnouncementSeverity::Critical => "critical",
        },
        url: format!("{}#{}", source.event_url(), head.slug),
        html,
    }
}

fn release(source: &Source<'_>, release: &Release) -> Entry {
    let name = release.name.as_deref().map(text::line).filter(|name| !name.is_empty());
    let title = format!("Release {}", release.number);
    Entry {
        id: release.id,
        title: name.map_or_else(|| title.clone(), |name| format!("{title}: {name}")),
        published: release.at,
        updated: release.at,
        category: "release",
        url: format!("{}#release-{}", source.event_url(), release.number),
        html: release.note.as_ref().map(Markdown::to_html).unwrap_or_default() + &changes(source, release),
    }
}

/// What is different from the release before, as a list, where both were put beside the snapshot.
fn changes(source: &Source<'_>, release: &Release) -> String {
    let before = source.snapshot.releases().iter().rev().find(|other| other.number < release.number);
    let before = before.and_then(|before| source.snapshot.past(before.number));
    let Some((before, after)) = before.zip(source.snapshot.past(release.number)) else { return String::new() };
    let mut lines: Vec<String> = release_diff(before.document(), after.document())
        .iter()
        .map(|change| text::line(&change.in_words(after.zone())))
        .collect();
    let more = lines.len().saturating_sub(MAX_CHANGES);
    lines.truncate(MAX_CHANGES);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    let items = lines.iter().map(|line| format!("<li>{}</li>", quick_xml::escape::escape(line)));
    if lines.is_empty() { String::new() } else { format!("<ul>{}</ul>", items.collect::<String>()) }
}

fn titled(title: &str, otherwise: &str) -> String {
    let title = text::line(title);
    if title.is_empty() { otherwise.to_owned() } else { title }
}

fn write(out: &mut Out, source: &Source<'_>, entries: &[Entry]) -> io::Result<()> {
    let event = source.snapshot.event();
    let updated = entries.iter().map(|entry| entry.updated).fold(event.created_at, Timestamp::max);
    out.write_event(Xml::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut feed = out.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    let language = event.language.as_deref().map(text::line).filter(|language| !language.is_empty());
    if let Some(language) = &language {
        feed = feed.with_attribute(("xml:lang", language.as_str()));
    }
    let written = feed.write_inner_content(|out| {
        element(out, "id", &urn(event.id))?;
        element(out, "title", &titled(&event.name, "Event"))?;
        element(out, "updated", &updated.to_string())?;
        link(out, "self", &source.feed_url(FEED.path), "application/atom+xml")?;
        link(out, "alternate", &source.event_url(), "text/html")?;
        out.create_element("author").write_inner_content(|out| element(out, "name", &titled(&event.name, "Event")))?;
        element(out, "generator", "Plenary")?;
        entries.iter().try_for_each(|each| entry(out, each))
    });
    written.map(|_| ())
}

fn entry(out: &mut Out, entry: &Entry) -> io::Result<()> {
    let written = out.create_element("entry").write_inner_content(|out| {
        element(out, "id", &urn(entry.id))?;
        element(out, "title", &entry.title)?;
        element(out, "published", &entry.published.to_string())?;
        element(out, "updated", &entry.updated.to_string())?;
        out.create_element("category").with_attribute(("term", entry.category)).write_empty()?;
        link(out, "alternate", &entry.url, "text/html")?;
        let html = text::clean(&entry.html);
        let content = out.create_element("content").with_attribute(("type", "html"));
        content.write_text_content(BytesText::new(if html.is_empty() { &entry.title } else { &html })).map(|_| ())
    });
    written.map(|_| ())
}

fn link(out: &mut Out, relation: &str, url: &str, media_type: &str) -> io::Result<()> {
    let url = text::strict_url(url);
    let attributes = [("rel", relation), ("type", media_type), ("href", url.as_str())];
    out.create_element("link").with_attributes(attributes).write_empty().map(|_| ())
}

fn urn(id: Id) -> String {
    format!("urn:uuid:{id}")
}

fn element(out: &mut Out, name: &str, content: &str) -> io::Result<()> {
    out.create_element(name).write_text_content(BytesText::new(content)).map(|_| ())
}
