//! One session of a schedule: its title, kind, people, paper and links. When it is, is not known here.

use std::collections::HashMap;

use super::addresses;
use super::draft::name_key;
use super::fields::{Fields, Reading};
use super::heading::{TitleLink, heading, names_after_colon, title_without_list, without_links};
use super::html;
use super::names::{self, is_placeholder, tidy};
use super::person_links;
use super::presenters::{self, Circle};
use super::session_paper::paper_of;
use super::titles::{self, Clues};
use super::yaml::{Node, Value};
use crate::content::{
    Id, Kind, Markdown, Paper, PaperAuthor, Presentation, Role, Room, Session, SessionKind, SessionPart, SessionPerson,
    SessionStatus, Severity, Track,
};

pub(crate) const TITLE: [&str; 8] = ["title", "name", "event", "session", "activity", "topic", "what", "item"];
const PRESENTERS: [&str; 12] = [
    "presenter",
    "presenters",
    "speaker",
    "speakers",
    "people",
    "who",
    "by",
    "host",
    "facilitator",
    "facilitators",
    "instructor",
    "instructors",
];
const CHAIRS: [&str; 6] = ["chair", "chairs", "session_chair", "moderator", "moderators", "chaired_by"];
const PANELISTS: [&str; 4] = ["panelist", "panelists", "panellists", "panel"];

/// What is kept from session to session.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// The papers that were presented so far, with the line where.
    presented: HashMap<Id, u32>,
}

/// Reads a session; `parent` is the kind and title of the session that it is a part of.
pub(crate) fn read(
    reading: &mut Reading<'_>,
    fields: &mut Fields<'_>,
    context: &mut Context,
    parent: Option<&(SessionKind, String)>,
    has_parts: bool,
) -> Session {
    let line = fields.line;
    let presenters = people_in(reading, fields, &PRESENTERS);
    let chairs = people_in(reading, fields, &CHAIRS);
    let panelists = people_in(reading, fields, &PANELISTS);
    let unlinked = without_links(fields.raw(&TITLE).map_or("", |(title, _)| title_without_list(title)));
    let mut heading = heading(reading, &unlinked.title, line, presenters.is_empty() && panelists.is_empty());
    let named_kind = kind_key(reading, fields);
    let whole_line = is_true(fields, "whole_line");
    let is_paper = is_true(fields, "is_paper") || is_true(fields, "paper");
    let paper = paper_of(reading, fields, &heading, is_paper, line);
    let parent_kind = parent.and_then(|(_, title)| titles::kind_of_words(title));
    // The words of a long title are about its subject: “Breaking …” is no break.
    let is_about_something = !presenters.is_empty() && heading.title.split_whitespace().count() > 7 && !whole_line;
    let kind = titles::kind_of(&Clues {
        named: named_kind,
        label: heading.label,
        words: if is_about_something { None } else { titles::kind_of_words(&heading.title) },
        has_parts,
        is_paper: is_paper || paper.is_some(),
        is_spotlight: paper.as_ref().is_some_and(|paper| paper.presentation == Some(Presentation::Spotlight)),
        is_by_speaker: names_speaker(reading, presenters.iter().map(|(name, _)| name).chain(&heading.people)),
        has_presenters: !presenters.is_empty(),
        parent: parent_kind,
    });
    if kind == SessionKind::Panel {
        names_after_colon(&mut heading);
    }
    let head = reading.draft.head(Kind::Session, &heading.title);
    let mut session = Session::new(head, kind, heading.title.clone());
    if heading.is_tentative {
        session.status = SessionStatus::Tentative;
    }
    let circle = circle(reading, kind, paper.as_ref());
    let main_part = if kind == SessionKind::Panel { SessionPart::Panelist } else { SessionPart::Speaker };
    let from_title = heading.people.iter().map(|name| (name.clone(), line)).collect::<Vec<_>>();
    let everybody = [
        (&presenters, main_part),
        (&from_title, main_part),
        (&panelists, SessionPart::Panelist),
        (&chairs, SessionPart::Chair),
    ];
    for (people, part) in everybody {
        for (name, line) in people {
            join(reading, &mut session, name, *line, part, &circle);
        }
    }
    if presenters.is_empty() {
        nobody(reading, fields, &session, line);
    }
    if let Some(paper) = &paper {
        session.paper = Some(paper.head.id);
        if let Some(earlier) = context.presented.insert(paper.head.id, line) {
            let message = format!("the paper “{}” is presented twice, first on line {earlier}", paper.title);
            reading.report(Severity::Warning, "paper-presented-twice", line, message);
        }
    }
    let asides = title_links(reading, &mut session, unlinked.links, line);
    texts(reading, fields, &mut session, &asides, line);
    places(reading, fields, &mut session);
    links(reading, fields, &mut session);
    session
}

/// Whether one of these names is that of an invited speaker.
fn names_speaker<'n>(reading: &Reading<'_>, mut names: impl Iterator<Item = &'n String>) -> bool {
    names.any(|name| {
        let person = reading.draft.find_person(&names::parse_person(name).name);
        reading.draft.document.speakers.iter().any(|speaker| Some(speaker.person) == person)
    })
}

/// Adds the people of a part such as `Panelists: Jane Doe, John Roe` to the session that it is a part of.
pub(crate) fn adds_people(reading: &mut Reading<'_>, fields: &mut Fields<'_>, session: &mut Session) -> bool {
    let Some((title, line)) = fields.raw(&TITLE) else { return false };
    let plain = tidy(title);
    let Some((label, _)) = plain.split_once(':') else { return false };
    let part = match label.trim().to_lowercase().as_str() {
        "panelists" | "panelist" | "panellists" => SessionPart::Panelist,
        "speakers" | "speaker" | "presenters" | "presenter" => SessionPart::Speaker,
        "moderator" | "moderators" | "chair" | "chairs" | "session chair" => SessionPart::Chair,
        _ => return false,
    };
    let list = title.split_once(':').map_or("", |(_, list)| list);
    let circle = circle(reading, session.kind, None);
    for name in names::split_people(list) {
        join(reading, session, &name, line, part, &circle);
    }
    true
}

fn is_true(fields: &mut Fields<'_>, key: &str) -> bool {
    fields
        .raw(&[key])
        .is_some_and(|(text, _)| matches!(text.trim().to_lowercase().as_str(), "true" | "yes" | "1" | "on"))
}

fn kind_key(reading: &mut Reading<'_>, fields: &mut Fields<'_>) -> Option<SessionKind> {
    let (text, line) = fields.line_of_text(reading, &["type", "kind", "category", "session_type"])?;
    let kind = titles::kind_named(&text);
    if kind.is_none() {
        let message = format!("“{text}” is no kind of session that is known; the kind was taken from the title");
        reading.report(Severity::Info, "unknown-kind", line, message);
    }
    kind
}

/// The people under some keys: texts, lists of texts, lists of records.
fn people_in(reading: &mut Reading<'_>, fields: &mut Fields<'_>, keys: &[&str]) -> Vec<(String, u32)> {
    let mut people = Vec::new();
    for key in keys {
        if let Some(node) = fields.node(&[key]) {
            people_of(reading, node, &mut people);
        }
    }
    people.retain(|(name, _)| !is_placeholder(name));
    people
}

fn people_of(reading: &mut Reading<'_>, node: &Node, people: &mut Vec<(String, u32)>) {
    match &node.value {
        Value::Null => {}
        Value::Text(text) => people.extend(names::split_people(text).into_iter().map(|name| (name, node.line))),
        Value::List(items) => items.iter().for_each(|item| people_of(reading, item, people)),
        Value::Map(_) => {
            let Some(mut fields) = Fields::of(node) else { return };
            if let Some((name, line)) = fields.line_of_text(reading, &["name", "presenter", "speaker"]) {
                let affiliation = fields.line_of_text(reading, &["affiliation", "institution", "affil", "org"]);
                people.push((affiliation.map_or(name.clone(), |(place, _)| format!("{name} ({place})")), line));
            }
            fields.finish(reading);
        }
    }
}

fn circle(reading: &Reading<'_>, kind: SessionKind, paper: Option<&Paper>) -> Circle {
    if let Some(paper) = paper {
        let likely = paper.authors.iter().filter_map(|author| author.person).collect();
        let is_anonymous = paper.authors.iter().any(|author: &PaperAuthor| author.person.is_none());
        return Circle { likely, are_authors: true, is_anonymous };
    }
    let document = &reading.draft.document;
    let people = if kind == SessionKind::Panel {
        vec![&document.panelists, &document.speakers]
    } else {
        vec![&document.speakers, &document.organizers]
    };
    Circle { likely: people.into_iter().flatten().map(|item| item.person).collect(), ..Circle::default() }
}

fn join(reading: &mut Reading<'_>, session: &mut Session, name: &str, line: u32, part: SessionPart, circle: &Circle) {
    if let Some(person) = presenters::resolve(reading, name, line, circle)
        && !session.people.iter().any(|known| known.person == person)
    {
        session.people.push(SessionPerson { person, part });
    }
}

/// Reports a session that should name somebody and does not. A panel without names takes the panelists of the site.
fn nobody(reading: &mut Reading<'_>, fields: &mut Fields<'_>, session: &Session, line: u32) {
    let expects = matches!(
        session.kind,
        SessionKind::Keynote | SessionKind::Talk | SessionKind::Spotlight | SessionKind::Panel | SessionKind::Opening
    );
    if session.people.is_empty() && expects && fields.has(&PRESENTERS) {
        let message = format!("nobody is named yet for “{}”", session.title);
        reading.report(Severity::Info, "presenter-missing", line, message);
    }
}

/// Reads abstract and biography.
fn texts(reading: &mut Reading<'_>, fields: &mut Fields<'_>, session: &mut Session, asides: &str, line: u32) {
    let text = fields.raw(&["abstract", "description", "summary", "details", "info", "content", "notes"]);
    session.summary = text.filter(|(text, _)| !is_placeholder(&tidy(text))).map(|(text, _)| html::markdown(text));
    if !asides.is_empty() {
        add_text(session, asides);
        let message = "the title holds a link; the title was taken without it, and the link was put below the abstract";
        reading.report(Severity::Info, "link-in-title", line, message);
    }
    let bio = fields.raw(&["bio", "biography", "speaker_bio"]).filter(|(text, _)| !is_placeholder(&tidy(text)));
    let Some((bio, line)) = bio else { return };
    let bio = html::markdown(bio);
    let speakers: Vec<Id> =
        session.people.iter().filter(|person| person.part != SessionPart::Chair).map(|person| person.person).collect();
    let entry = match speakers[..] {
        [person] => Role::ALL.into_iter().find_map(|role| {
            let items = reading.draft.document.participations(role);
            items.iter().find(|item| item.person == person).map(|item| (role, item.head.id, item.bio.clone()))
        }),
        _ => None,
    };
    match entry {
        Some((role, id, None)) => reading.draft.change_participation(role, id, |item| item.bio = Some(bio)),
        Some((_, _, Some(known))) if known == bio => {}
        Some(_) => reading.report(
            Severity::Info,
            "second-bio",
            line,
            "the speaker has another biography already; the first one counts",
        ),
        None => {
            reading.report(
                Severity::Info,
                "bio-without-person",
                line,
                "this biography belongs to nobody on the lists; it was put below the abstract",
            );
            add_text(session, &bio.0);
        }
    }
}

fn add_text(session: &mut Session, text: &str) {
    let before = session.summary.take().map_or_else(String::new, |before| before.0 + "\n\n");
    session.summary = Some(Markdown(before + text));
}

/// Reads room, track, status and language.
fn places(reading: &mut Reading<'_>, fields: &mut Fields<'_>, session: &mut Session) {
    if let Some((name, line)) = fields.line_of_text(reading, &["room", "location", "place", "venue", "where"])
        && !is_placeholder(&name)
    {
        let known = reading
            .draft
            .document
            .rooms
            .iter()
            .find(|room| name_key(&room.name) == name_key(&name))
            .map(|room| room.head.id);
        session.room = Some(known.unwrap_or_else(|| {
            let head = reading.draft.head(Kind::Room, &name);
            let id = head.id;
            let online = ["virtual", "online", "zoom"].iter().any(|word| name.to_lowercase().contains(word));
            let place = reading.at(line);
            reading.draft.add(Room { head, name, description: None, capacity: None, online, url: None }, place);
            id
        }));
    }
    if let Some((name, line)) = fields.line_of_text(reading, &["track", "stream_name"]) {
        let known = reading
            .draft
            .document
            .tracks
            .iter()
            .find(|track| name_key(&track.name) == name_key(&name))
            .map(|track| track.head.id);
        session.track = Some(known.unwrap_or_else(|| {
            let head = reading.draft.head(Kind::Track, &name);
            let id = head.id;
            let place = reading.at(line);
            reading.draft.add(Track { head, name, description: None, color: None }, place);
            id
        }));
    }
    if let Some((status, line)) = fields.line_of_text(reading, &["status", "cancelled", "canceled"]) {
        match status.to_lowercase().as_str() {
            "cancelled" | "canceled" | "true" | "yes" => session.status = SessionStatus::Cancelled,
            "tentative" => session.status = SessionStatus::Tentative,
            "confirmed" | "false" | "no" => {}
            _ => reading.unread("status", line),
        }
    }
}

/// Reads the links of a session.
fn links(reading: &mut Reading<'_>, fields: &mut Fields<'_>, session: &mut Session) {
    const LINKS: [&str; 22] = [
        "slides",
        "slides_link",
        "slides_url",
        "slide",
        "video",
        "video_link",
        "video_url",
        "recording",
        "recording_link",
        "recording_url",
        "youtube",
        "slideslive",
        "stream",
        "stream_url",
        "livestream",
        "zoom",
        "zoom_link",
        "join",
        "link",
        "url",
        "href",
        "website",
    ];
    for key in LINKS {
        let Some((text, line)) = fields.raw(&[key]) else { continue };
        let Some(url) = addresses::url_or_path(reading, text, line) else { continue };
        match place_of(session, key, &url) {
            None => add_text(session, &format!("<{url}>")),
            Some(place) if place.is_some() => reading.unread(key, line),
            Some(place) => *place = Some(url),
        }
    }
}

/// Where a link of a session belongs, by its key, else by where it leads.
fn place_of<'s>(session: &'s mut Session, key: &str, url: &str) -> Option<&'s mut Option<String>> {
    let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let is_on = |hosts: &[&str]| hosts.iter().any(|known| host.ends_with(known));
    let is_live = is_on(&["zoom.us", "gather.town", "meet.google.com", "teams.microsoft.com", "webex.com"]);
    let is_video = is_on(&["youtube.com", "youtu.be", "slideslive.com", "vimeo.com"]);
    let lower = url.to_lowercase();
    match key.split('_').next().unwrap_or_default() {
        "slides" | "slide" => Some(&mut session.slides_url),
        "video" | "recording" | "youtube" | "slideslive" => Some(&mut session.recording_url),
        "stream" | "livestream" | "zoom" | "join" => Some(&mut session.stream_url),
        _ if is_live => Some(&mut session.stream_url),
        _ if is_video => Some(&mut session.recording_url),
        _ if lower.ends_with(".pdf") || lower.ends_with(".pptx") => Some(&mut session.slides_url),
        _ => None,
    }
}

/// Puts the links of a title where they belong: slides and recordings to the session, the page of a person to the
/// person. The others come back as Markdown.
fn title_links(reading: &mut Reading<'_>, session: &mut Session, links: Vec<TitleLink>, line: u32) -> String {
    let mut asides = Vec::new();
    for TitleLink { text, url, key } in links {
        let Some(url) = addresses::url_or_path(reading, &url, line) else { continue };
        let named = reading.draft.find_person(&names::parse_person(&text).name);
        let place = match key {
            Some(key) => place_of(session, key, &url).filter(|place| place.is_none()),
            None => None,
        };
        if let Some(place) = place {
            *place = Some(url);
        } else if let Some(person) = session.people.iter().map(|own| own.person).find(|own| Some(*own) == named) {
            person_links::put(reading, person, "Website", url, line);
        } else {
            let label = text.replace('[', "\\[").replace(']', "\\]");
            asides.push(format!("[{label}]({url})"));
        }
    }
    asides.join(" ")
}
