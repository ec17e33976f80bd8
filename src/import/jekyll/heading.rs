//! The heading of a session: its title without labels, links and lists, and the people whom it names.

use super::fields::{Fields, Reading};
use super::html;
use super::names::{self, is_placeholder, tidy};
use super::session::TITLE;
use super::titles::split_label;
use crate::content::{Role, SessionKind, Severity};

/// What the title of a session tells.
pub(crate) struct Heading {
    pub(crate) title: String,
    pub(crate) label: Option<SessionKind>,
    pub(crate) is_tentative: bool,
    /// People whom the title names where nobody else does.
    pub(crate) people: Vec<String>,
}

/// Reads a title: its label, whether it is still to be announced, and the people in it.
pub(crate) fn heading(reading: &mut Reading<'_>, raw: &str, line: u32, names_nobody: bool) -> Heading {
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
pub(crate) fn names_after_colon(heading: &mut Heading) {
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

/// The titles that a title lists: `Spotlight talks: <ul><li>…</li></ul>`.
pub(crate) fn listed_in_title(fields: &mut Fields<'_>) -> Vec<String> {
    let title = fields.raw(&TITLE).map_or("", |(title, _)| title);
    let list = &title[title_without_list(title).len()..];
    if list.is_empty() { Vec::new() } else { html::lines(list).iter().map(|line| tidy(line)).collect() }
}

pub(crate) fn title_without_list(title: &str) -> &str {
    let at =
        ["<ul", "<ol"].iter().filter_map(|list| title.find(list)).min().filter(|at| !tidy(&title[..*at]).is_empty());
    at.map_or(title, |at| &title[..at])
}

/// A title without the links that are no part of it.
#[derive(Default)]
pub(crate) struct Unlinked {
    pub(crate) title: String,
    pub(crate) links: Vec<TitleLink>,
}

/// A link in a title.
pub(crate) struct TitleLink {
    pub(crate) text: String,
    pub(crate) url: String,
    /// The key that means the same, for words such as `Slides`.
    pub(crate) key: Option<&'static str>,
}

/// Parts a title from links such as `<a href="…">[Posters]</a>` that are no part of it.
pub(crate) fn without_links(title: &str) -> Unlinked {
    const KEYS: [(&str, &[&str]); 3] = [
        ("slides", &["slides", "slide", "slide deck", "presentation"]),
        ("video", &["video", "recording", "talk recording", "youtube", "slideslive"]),
        ("stream", &["stream", "livestream", "live stream", "zoom", "zoom link", "join"]),
    ];
    const ASIDES: [&str; 8] = ["here", "paper", "pdf", "poster", "posters", "code", "abstract", "website"];
    let mut unlinked = Unlinked { title: with_html_links(title), ..Unlinked::default() };
    while let Some(start) = unlinked.title.find("<a ") {
        let Some(end) = unlinked.title[start..].find("</a>").map(|end| start + end + 4) else { break };
        let link = unlinked.title[start..end].to_owned();
        let text = tidy(&link);
        let word = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        // A title that is a link as a whole keeps its words.
        let is_whole = tidy(&unlinked.title) == text;
        let key = KEYS.iter().find(|(_, words)| words.contains(&word.as_str()) && !is_whole).map(|(key, _)| *key);
        let is_aside = key.is_some()
            || text.starts_with(['[', '('])
            || word.contains("link")
            || (ASIDES.contains(&word.as_str()) && !is_whole);
        if let Some(url) = super::person_links::link_in(&link) {
            unlinked.links.push(TitleLink { text: text.clone(), url, key });
        }
        unlinked.title.replace_range(start..end, if is_aside { "" } else { &text });
    }
    unlinked.title = unlinked.title.replace("[]", "").replace("()", "").replace(" )", ")");
    unlinked
}

/// Links of Markdown as links of HTML, where a template lets titles be Markdown.
fn with_html_links(title: &str) -> String {
    let mut linked = String::with_capacity(title.len());
    let mut rest = title;
    while let Some(link) = names::markdown_link(rest) {
        let url = link.url.replace('"', "%22");
        linked.push_str(&format!("{}<a href=\"{url}\">{}</a>", &rest[..link.span.start], link.text));
        rest = &rest[link.span.end..];
    }
    linked + rest
}
