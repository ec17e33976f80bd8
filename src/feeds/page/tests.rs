//! What the page must never do with content, and what it must always have.

use std::collections::HashSet;
use std::sync::Arc;

use scraper::{Html, Selector};

use super::*;
use crate::content::{
    Announcement, AnnouncementLink, AnnouncementSeverity, Date, Document, Image, ImportantDate, ImportantDateKind,
    Link, LinkKind, Moment, Page, Participation, Person, Session, SessionStatus, Sponsor, Venue, WebLink,
};
use crate::snapshot::examples;

/// What somebody writes who wants more than words on the page.
const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>\u{0}\u{1b}\u{7}&amp;";
const ALIVE: &str = "javascript:alert(1)";

fn drawn(document: Document) -> String {
    let snapshot = examples::snapshot(document);
    let page = render(&Source { snapshot: &snapshot, base_url: "https://plenary.example/sub" });
    String::from_utf8(page).unwrap()
}

fn select<'a>(html: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn line(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn markdown(text: &str) -> Option<Markdown> {
    Some(Markdown(text.to_owned()))
}

/// A document that says `text` wherever it can, and leads to `url` wherever it can.
fn saying(text: &str, url: &str) -> Document {
    let mut document = examples::document("America/Chicago", "2022-12-02", "2022-12-03");
    let image = || Some(Image { url: url.to_owned(), alt: line(text) });
    let now = document.event.updated_at;
    let mut event = (*document.event).clone();
    event.name = text.to_owned();
    event.description = markdown(&format!("# {text}\n\n### Deep\n\n![{text}]({url}) [{text}]({url})"));
    event.venue = Some(Venue { name: text.to_owned(), address: line(text), coordinates: None, map_url: line(url) });
    event.city = line(text);
    event.host_conference = line(text);
    event.contact_email = line(text);
    event.banner = image();
    event.language = line(text);
    event.social_links = vec![WebLink { label: text.to_owned(), url: url.to_owned() }];
    document.event = Arc::new(event);
    let room = crate::content::Room { url: line(url), name: text.to_owned(), ..examples::room(3, "Hall") };
    let person = Person { homepage: line(url), orcid: line(url), ..Person::new(examples::id(4), text, now) };
    let start = "2022-12-02T09:00-06:00";
    let session = Session {
        summary: markdown(text),
        room: Some(room.head.id),
        language: line(text),
        slides_url: line(url),
        recording_url: line(url),
        ..examples::session(5, text, start, "2022-12-02T10:00-06:00")
    };
    let part = Session { parent: Some(session.head.id), ..examples::session(6, text, start, "2022-12-02T09:30-06:00") };
    let mut paper = examples::paper(7, text);
    paper.summary = markdown(text);
    paper.pdf_url = line(url);
    paper.code_url = line(url);
    document.people = vec![Arc::new(person)];
    document.speakers = vec![Arc::new(Participation {
        head: examples::head(8),
        role: Role::Speaker,
        person: examples::id(4),
        honorific: line(text),
        affiliation: line(text),
        photo: image(),
        bio: markdown(text),
        group: line(text),
    })];
    document.rooms = vec![Arc::new(room)];
    document.sessions = vec![Arc::new(session), Arc::new(part)];
    document.papers = vec![Arc::new(paper)];
    document.announcements = vec![Arc::new(Announcement {
        head: examples::head(9),
        title: text.to_owned(),
        severity: AnnouncementSeverity::Critical,
        body: markdown(text),
        links: vec![AnnouncementLink { label: text.to_owned(), url: line(url), starts_at: None, ends_at: None }],
        shows_from: None,
        shows_until: None,
    })];
    let body = Markdown(format!("## {text}\n\n<b onclick='x'>raw</b>"));
    document.pages = vec![Arc::new(Page { head: examples::head(10), title: text.to_owned(), body })];
    document.links = vec![Arc::new(Link {
        head: examples::head(11),
        label: text.to_owned(),
        url: url.to_owned(),
        kind: LinkKind::Other,
    })];
    document.sponsors = vec![Arc::new(Sponsor {
        head: examples::head(12),
        tier: examples::id(99),
        name: text.to_owned(),
        url: line(url),
        logo: image(),
        description: markdown(text),
    })];
    document
}

#[test]
fn every_feed_is_linked_for_programs_and_for_people() {
    let page = drawn(examples::document("UTC", "2022-12-02", "2022-12-02"));
    let html = Html::parse_document(&page);
    let base = examples::snapshot(examples::document("UTC", "2022-12-02", "2022-12-02"));
    let source = Source { snapshot: &base, base_url: "https://plenary.example/sub" };
    for feed in FEEDS {
        let url = source.feed_url(feed.path);
        let bare = feed.media_type.split(';').next().unwrap();
        let named = format!("head link[rel=alternate][type='{bare}'][href='{url}'][title=\"{}\"]", feed.title);
        assert_eq!(select(&html, &named).len(), 1, "{url}");
        assert_eq!(select(&html, &format!("main a[href='{url}']")).len(), 1, "{url}");
    }
    let whole = format!("{}.json", source.event_url());
    assert_eq!(select(&html, &format!("link[rel=alternate][type='application/json'][href='{whole}']")).len(), 1);
}

#[test]
fn an_empty_event_is_a_page_without_empty_sections() {
    let page = drawn(examples::document("UTC", "2022-12-02", "2022-12-02"));
    let html = Html::parse_document(&page);
    let titles: Vec<String> = select(&html, "h2").iter().map(|title| title.text().collect()).collect();
    assert_eq!(titles, ["Subscribe and export"]);
    assert_eq!(select(&html, "html[lang=en] > head > meta[name=description]").len(), 1);
    let list = String::from_utf8(render_list(&[], "https://plenary.example")).unwrap();
    assert!(list.contains("There is no public event yet."));
}

#[test]
fn hostile_content_stays_text() {
    let hostile = format!("{HOSTILE}<style>*{{}}</style></main><iframe>");
    let document = saying(&hostile, ALIVE);
    let list =
        String::from_utf8(render_list(std::slice::from_ref(&document.event), "https://plenary.example")).unwrap();
    for page in [drawn(document), drawn(saying(&hostile, "data:text/html,x")), list] {
        let html = Html::parse_document(&page);
        assert!(select(&html, "script, iframe, object, embed, form, base").is_empty(), "{page}");
        assert_eq!((select(&html, "style").len(), select(&html, "head > style").len()), (1, 1));
        assert!(page.chars().all(|character| character == '\n' || character == '\t' || !character.is_control()));
        for element in select(&html, "*") {
            for (name, value) in element.value().attrs() {
                assert!(!name.starts_with("on") && name != "style", "{name}");
                let leads = ["http://", "https://", "mailto:", "#"].iter().any(|start| value.starts_with(start));
                assert!(leads || !matches!(name, "href" | "src" | "srcset" | "action"), "{name}={value}");
            }
        }
        let title: String = select(&html, "title")[0].text().collect();
        assert!(title == "Events" || title.contains("<script>alert(1)</script>"), "{title}");
    }
}

#[test]
fn headings_leave_no_level_out_and_names_are_unique() {
    let mut document = saying("Some words", "/files/a.png");
    let around = document.sessions[1].head.id;
    let inner = examples::session(21, "Inner", "2022-12-02T09:00-06:00", "2022-12-02T09:10-06:00");
    document.sessions.push(Arc::new(Session { parent: Some(around), ..inner }));
    // Two that hold each other.
    let one = examples::session(22, "One", "2022-12-02T12:00-06:00", "2022-12-02T12:10-06:00");
    let other = examples::session(23, "Other", "2022-12-02T12:00-06:00", "2022-12-02T12:10-06:00");
    document.sessions.push(Arc::new(Session { parent: Some(other.head.id), ..one.clone() }));
    document.sessions.push(Arc::new(Session { parent: Some(one.head.id), ..other }));
    let mut website = (*document.event).clone();
    website.website = line("https://site.example/2022/");
    document.event = Arc::new(website);
    let page = drawn(document);
    let html = Html::parse_document(&page);
    let mut before = 0;
    for heading in select(&html, "h1, h2, h3, h4, h5, h6") {
        let level: u32 = heading.value().name()[1..].parse().unwrap();
        assert!(level <= before + 1 && (level > 1 || before == 0), "h{before}, then h{level}");
        before = level;
    }
    let mut names = HashSet::new();
    for named in select(&html, "[id]") {
        assert!(names.insert(named.value().id().unwrap().to_owned()), "{:?}", named.value().id());
    }
    for link in select(&html, "a[href^='#']") {
        let anchor = &link.attr("href").unwrap()[1..];
        assert!(names.contains(anchor), "nothing is called {anchor}");
    }
    for image in select(&html, "img") {
        assert_eq!(image.attr("src"), Some("https://site.example/files/a.png"));
        assert_eq!((image.attr("loading"), image.attr("referrerpolicy")), (Some("lazy"), Some("no-referrer")));
        assert!(image.attr("alt").is_some());
    }
    assert!(select(&html, "img").len() >= 4);
    assert_eq!(select(&html, "li.slot").len(), 5);
}

#[test]
fn the_schedule_is_told_in_the_time_of_the_event() {
    let mut document = examples::document("America/Chicago", "2022-12-02", "2022-12-02");
    let talk = examples::session(5, "Talk", "2022-12-02T15:00Z", "2022-12-02T16:00Z");
    let moved_from = Some("2022-12-02T14:00Z".parse().unwrap());
    let moved = Session { moved_from, do_not_record: true, ..talk.clone() };
    let off = examples::session(6, "Gone", "2022-12-02T17:00Z", "2022-12-02T18:00Z");
    document.sessions =
        vec![Arc::new(moved), Arc::new(Session { status: SessionStatus::Cancelled, do_not_record: true, ..off })];
    let end = Moment::end_of_day_anywhere_on_earth(Date(jiff::civil::date(2022, 9, 1)));
    document.important_dates = vec![Arc::new(ImportantDate {
        head: examples::head(30),
        label: "Deadline".to_owned(),
        kind: ImportantDateKind::Submission,
        moment: end,
        superseded: vec![],
        struck_through: false,
        note: None,
    })];
    let slug = talk.head.slug;
    let page = drawn(document);
    let html = Html::parse_document(&page);
    let when = select(&html, &format!("[id='{slug}'] time[datetime='2022-12-02T09:00:00-06:00']"));
    assert_eq!(when[0].text().collect::<String>(), "09:00");
    let words = |selector: &str| select(&html, selector).iter().flat_map(scraper::ElementRef::text).collect::<String>();
    assert!(words(&format!("[id='{slug}']")).contains("Moved was 2 December 2022, 08:00 Not recorded"));
    assert_eq!(words(".off .mark"), "Cancelled");
    assert_eq!(select(&html, "dt time[datetime='2022-09-01T23:59:59-12:00']").len(), 1);
    assert_eq!(words("dt abbr"), "AoE");
}
