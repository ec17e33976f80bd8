//! One session of a schedule: its title, kind, people, paper and links. When it is, is not known here.

use std::collections::HashMap;

use super::addresses;
use super::draft::name_key;
use super::fields::{Fields, Reading};
use super::html;
use super::names::{self, is_placeholder, tidy};
use super::papers;
use super::presenters::{self, Circle};
use super::titles::{self, split_label};
use super::yaml::{Node, Value};
use crate::content::{
    Id, Kind, Markdown, Paper, PaperAuthor, Presentation, Role, Room, Session, SessionKind, SessionPart, SessionPerson,
    SessionStatus, Severity, Track,
};

pub(crate) const TITLE: [&str; 8] = ["title", "name", "event", "session", "activity", "topic", "what", "item"];
const PRESENTERS: [&str; 8] = ["presenter", "presenters", "speaker", "speakers", "people", "who", "by", "host"];
const CHAIRS: [&str; 6] = ["chair", "chairs", "session_chair", "moderator", "moderators", "chaired_by"];
const PANELISTS: [&str; 4] = ["panelist", "panelists", "panellists", "panel"];

/// What is kept from session to session.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// The papers that were presented so far, with the line where.
    presented: HashMap<Id, u32>,
}

/// What the title of a session tells.
struct Heading {
    title: String,
    label: Option<SessionKind>,
    is_tentative: bool,
    /// People whom the title names where nobody else does.
    people: Vec<String>,
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
    let (raw_title, title_links) = without_links(fields.raw(&TITLE).map_or("", |(title, _)| title_without_list(title)));
    let mut heading = heading(reading, &raw_title, line, presenters.is_empty() && panelists.is_empty());
    let named_kind = kind_key(reading, fields);
    let whole_line = is_true(fields, "whole_line");
    let is_paper = is_true(fields, "is_paper") || is_true(fields, "paper");
    let paper = paper_of(reading, fields, &heading, is_paper, line);
    let section_is_spotlight = parent.is_some_and(|(_, title)| title.to_lowercase().contains("spotlight"));
    let is_long_talk = !presenters.is_empty() && heading.title.split_whitespace().count() > 7 && !whole_line;
    let by_words = if is_long_talk { None } else { titles::kind_of_words(&heading.title) };
    let is_keynote_speaker = || {
        let names = presenters.iter().map(|(name, _)| name).chain(&heading.people);
        names
            .filter_map(|name| reading.draft.find_person(&names::parse_person(name).name))
            .any(|id| reading.draft.document.speakers.iter().any(|speaker| speaker.person == id))
    };
    let kind = match (named_kind, heading.label, &paper, by_words) {
        (Some(kind), ..) => kind,
        (None, Some(kind), None, _) if has_parts && matches!(kind, SessionKind::Talk | SessionKind::Spotlight) => {
            SessionKind::Other
        }
        (None, Some(SessionKind::Keynote), ..) => SessionKind::Keynote,
        (None, label, _, words) if paper.is_some() || is_paper => {
            let is_spotlight = [label, words].contains(&Some(SessionKind::Spotlight))
                || section_is_spotlight
                || paper.as_ref().is_some_and(|paper| paper.presentation == Some(Presentation::Spotlight));
            if is_spotlight { SessionKind::Spotlight } else { SessionKind::Talk }
        }
        (None, Some(kind), ..) => kind,
        (None, None, _, Some(SessionKind::Talk | SessionKind::Spotlight)) if has_parts => SessionKind::Other,
        (None, None, _, Some(kind)) => kind,
        _ if has_parts => SessionKind::Other,
        _ if is_keynote_speaker() => SessionKind::Keynote,
        _ if section_is_spotlight => SessionKind::Spotlight,
        _ if !presenters.is_empty()
            || parent.is_some_and(|(_, title)| titles::kind_of_words(title) == Some(SessionKind::Talk)) =>
        {
            SessionKind::Talk
        }
        _ => SessionKind::Other,
    };
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
    nobody(reading, fields, &session, line);
    if let Some(paper) = &paper {
        session.paper = Some(paper.head.id);
        if let Some(earlier) = context.presented.insert(paper.head.id, line) {
            let message = format!("the paper “{}” is presented twice, first on line {earlier}", paper.title);
            reading.report(Severity::Warning, "paper-presented-twice", line, message);
        }
    }
    texts(reading, fields, &mut session, &title_links, line);
    places(reading, fields, &mut session);
    links(reading, fields, &mut session);
    session
}

/// Adds the people of a part such as `Panelists: Jane Doe, John Roe` to the session that it is a part of.
pub(crate) fn adds_people(
    reading: &mut Reading<'_>,
    fields: &mut Fields<'_>,
    session: &mut Session,
    _context: &Context,
) -> bool {
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

/// Reads a title: its label, whether it is still to be announced, and the people in it.
fn heading(reading: &mut Reading<'_>, raw: &str, line: u32, names_nobody: bool) -> Heading {
    let plain = super::fields::short(reading, without_symbols(&tidy(raw)), line);
    let labelled = split_label(&plain);
    let mut heading =
        Heading { title: labelled.title.to_owned(), label: labelled.kind, is_tentative: false, people: Vec::new() };
    if plain.is_empty() || (is_placeholder(&heading.title) && !heading.title.is_empty()) {
        reading.report(Severity::Info, "title-tbd", line, "the title of this session is still to be announced");
        heading.title = if plain.is_empty() { "TBD".to_owned() } else { heading.title };
        heading.is_tentative = true;
        return heading;
    }
    if heading.title.is_empty() {
        if heading.label == Some(SessionKind::Keynote) || !names_nobody {
            let comment = comment_on(reading, line);
            let message = format!("this session has no title but “{plain}”; it may be missing{comment}");
            reading.report(Severity::Info, "title-missing", line, message);
        }
        plain.trim_matches(['(', ')', '[', ']', ':', ' ']).clone_into(&mut heading.title);
        return heading;
    }
    if names_nobody && !raw.trim().is_empty() {
        heading_people(reading, &mut heading);
    }
    heading
}

/// What stands behind a `#` on a line, which YAML takes for a comment and its author may not have meant as one.
fn comment_on(reading: &Reading<'_>, line: u32) -> String {
    let index = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    let comment = reading.file.text.lines().nth(index).and_then(|line| line.split_once(" #"));
    comment
        .map_or_else(String::new, |(_, comment)| format!(" (the line goes on with the comment “{}”)", comment.trim()))
}

/// Takes the speaker out of titles such as `Invited speaker: Jane Doe` and `Keynote: Jane Doe - On Trees`.
fn heading_people(reading: &Reading<'_>, heading: &mut Heading) {
    let is_known = |name: &str| {
        reading.draft.find_person(&names::parse_person(name).name).is_some_and(|id| {
            Role::ALL
                .iter()
                .any(|role| reading.draft.document.participations(*role).iter().any(|item| item.person == id))
        })
    };
    let is_keynote = heading.label == Some(SessionKind::Keynote);
    let may_be = |name: &str| is_known(name) || (is_keynote && names::looks_like_name(name));
    let title = heading.title.clone();
    for dash in [": ", " - ", " – ", " — "] {
        if let Some((name, rest)) = title.split_once(dash)
            && may_be(name)
            && !rest.trim().is_empty()
        {
            heading.people = vec![name.to_owned()];
            rest.trim().clone_into(&mut heading.title);
            return;
        }
    }
    let people = names::split_people(&title);
    if !people.is_empty() && people.iter().all(|name| may_be(name)) {
        heading.people = people;
    }
}

/// Takes the panelists out of `Panel discussion: Jane Doe, John Roe`.
fn names_after_colon(heading: &mut Heading) {
    if let Some((title, list)) = heading.title.split_once(':') {
        let people = names::split_people(list);
        if people.len() > 1 && people.iter().all(|name| names::looks_like_name(name)) {
            let title = title.trim().to_owned();
            heading.people = people;
            heading.title = title;
        }
    }
}

/// A title without the pictures that decorate it.
fn without_symbols(text: &str) -> String {
    let is_picture = |c: char| matches!(u32::from(c), 0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0xFE0F | 0x200D);
    text.trim_matches(|c: char| is_picture(c) || c.is_whitespace()).to_owned()
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

/// The paper that a session presents; one that is on no list is added.
fn paper_of(
    reading: &mut Reading<'_>,
    fields: &mut Fields<'_>,
    heading: &Heading,
    is_paper: bool,
    line: u32,
) -> Option<Paper> {
    let authors = fields.node(&["authors", "author"]);
    let title = fields
        .line_of_text(reading, &["paper_title", "paper"])
        .map(|(title, _)| title)
        .filter(|title| !matches!(title.to_lowercase().as_str(), "true" | "false" | "yes" | "no"))
        .unwrap_or_else(|| heading.title.clone());
    if heading.is_tentative || is_placeholder(&title) {
        return None;
    }
    let found = find_paper(reading, &title, is_paper);
    let authors = authors.filter(|node| node.text().is_none_or(|text| !is_placeholder(&tidy(text))));
    let authors = authors.map(|node| papers::authors_of(reading, node)).unwrap_or_default();
    if let Some(mut paper) = found {
        if tidy(&paper.title).to_lowercase() != title.to_lowercase() {
            let message = format!(
                "the schedule calls the paper “{title}” and the list of papers “{}”; they were taken for one",
                paper.title
            );
            reading.report(Severity::Info, "title-differs", line, message);
        }
        if paper.authors.is_empty() && !authors.is_empty() {
            paper.authors = papers::people(reading, authors, line);
            let place = reading.draft.place(paper.head.id);
            reading.draft.add(paper.clone(), place);
        } else {
            compare_authors(reading, &paper, &authors, line);
        }
        return Some(paper);
    }
    if !is_paper
        || (heading.label.is_none() && titles::kind_of_words(&title).is_some() && title.split_whitespace().count() < 4)
    {
        return None;
    }
    if !reading.draft.document.papers.is_empty() {
        let message =
            format!("“{title}” is a paper by the schedule and on no list of papers; it was added to the papers");
        reading.report(Severity::Warning, "paper-not-in-list", line, message);
    } else {
        let message =
            "the site has no list of papers; the papers of the schedule were taken (only the first is reported)";
        reading.report_once(Severity::Info, "papers-from-schedule", line, message);
    }
    let head = reading.draft.head(Kind::Paper, &title);
    let mut paper = Paper::new(head, title);
    paper.authors = papers::people(reading, authors, line);
    paper.summary = fields.peek("abstract").filter(|text| !is_placeholder(&tidy(text))).map(html::markdown);
    let place = reading.at(line);
    reading.draft.add(paper.clone(), place);
    Some(paper)
}

/// The paper with this title: the same letters, or, for what is a paper for sure, nearly the same.
fn find_paper(reading: &Reading<'_>, title: &str, is_paper: bool) -> Option<Paper> {
    let key = name_key(title);
    let papers = &reading.draft.document.papers;
    if let Some(paper) = papers.iter().find(|paper| name_key(&paper.title) == key) {
        return Some((**paper).clone());
    }
    if !is_paper {
        return None;
    }
    let similarity = |paper: &Paper| strsim::normalized_damerau_levenshtein(&name_key(&paper.title), &key);
    let best = papers.iter().map(|paper| (similarity(paper), paper)).max_by(|one, other| one.0.total_cmp(&other.0))?;
    let begins_alike = |one: &str, other: &str| one.len() > 20 && other.starts_with(one);
    let other_key = name_key(&best.1.title);
    (best.0 >= 0.85 || begins_alike(&key, &other_key) || begins_alike(&other_key, &key)).then(|| (**best.1).clone())
}

/// Reports authors in the schedule who are not among those of the paper.
fn compare_authors(reading: &mut Reading<'_>, paper: &Paper, authors: &[super::authors::Author], line: u32) {
    let known: Vec<String> = paper.authors.iter().map(|author| name_key(&author.name)).collect();
    let strangers: Vec<&str> = authors
        .iter()
        .map(|author| author.name.as_str())
        .filter(|name| !super::authors::is_anonymous(name) && !known.contains(&name_key(name)))
        .collect();
    let is_hidden = paper.authors.iter().any(|author| author.person.is_none());
    if !strangers.is_empty() && !is_hidden {
        let message = format!(
            "the schedule names authors who are not in the list of papers: {}; the list counts",
            strangers.join(", ")
        );
        reading.report(Severity::Info, "authors-differ", line, message);
    }
}

/// The titles that a title lists: `Spotlight talks: <ul><li>…</li></ul>`.
pub(crate) fn listed_in_title(fields: &mut Fields<'_>) -> Vec<String> {
    let title = fields.raw(&TITLE).map_or("", |(title, _)| title);
    let list = &title[title_without_list(title).len()..];
    if list.is_empty() { Vec::new() } else { html::lines(list).iter().map(|line| tidy(line)).collect() }
}

fn title_without_list(title: &str) -> &str {
    let at =
        ["<ul", "<ol"].iter().filter_map(|list| title.find(list)).min().filter(|at| !tidy(&title[..*at]).is_empty());
    at.map_or(title, |at| &title[..at])
}

/// Parts a title from links such as `<a href="…">[Posters]</a>` that are no part of it.
fn without_links(title: &str) -> (String, String) {
    let (mut rest, mut links) = (title.to_owned(), String::new());
    while let Some(start) = rest.find("<a ") {
        let Some(end) = rest[start..].find("</a>").map(|end| start + end + 4) else { break };
        let link = rest[start..end].to_owned();
        let text = tidy(&link);
        links.push_str(&link);
        links.push(' ');
        // A title that is a link as a whole keeps its words.
        let is_aside =
            text.starts_with(['[', '(']) || text.to_lowercase().contains("link") || text.to_lowercase() == "here";
        rest.replace_range(start..end, if is_aside { "" } else { &text });
    }
    (rest.replace("[]", "").replace("()", ""), links)
}

/// Reads abstract and biography.
fn texts(reading: &mut Reading<'_>, fields: &mut Fields<'_>, session: &mut Session, title_links: &str, line: u32) {
    let text = fields.raw(&["abstract", "description", "summary", "details", "info", "content", "notes"]);
    session.summary = text.filter(|(text, _)| !is_placeholder(&tidy(text))).map(|(text, _)| html::markdown(text));
    if !title_links.is_empty() {
        add_text(session, &html::markdown(title_links).0);
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
        let host = url::Url::parse(&url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let is_live = ["zoom.us", "gather.town", "meet.google.com", "teams.microsoft.com", "webex.com"]
            .iter()
            .any(|live| host.ends_with(live));
        let is_video =
            ["youtube.com", "youtu.be", "slideslive.com", "vimeo.com"].iter().any(|video| host.ends_with(video));
        let place = match key.split('_').next().unwrap_or_default() {
            "slides" | "slide" => &mut session.slides_url,
            "video" | "recording" | "youtube" | "slideslive" => &mut session.recording_url,
            "stream" | "livestream" | "zoom" | "join" => &mut session.stream_url,
            _ if is_live => &mut session.stream_url,
            _ if is_video => &mut session.recording_url,
            _ if url.to_lowercase().ends_with(".pdf") || url.to_lowercase().ends_with(".pptx") => {
                &mut session.slides_url
            }
            _ => {
                add_text(session, &format!("<{url}>"));
                continue;
            }
        };
        if place.is_some() {
            reading.unread(key, line);
        } else {
            *place = Some(url);
        }
    }
}
