//! A page file as one HTML text whose elements know their lines: front matter, comments, Liquid and kramdown are
//! taken out or turned into HTML.
//!
//! It does not know what a page says.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::liquid::{self, Note};
use crate::import::jekyll::html::{is_block, is_known, tag_name, with_known_tags};
use crate::import::jekyll::source::SourceFile;
use crate::import::jekyll::yaml::{self, Node};

/// The attribute that tells an element's line.
pub(super) const LINE: &str = "data-line";

/// A page, made ready.
pub(super) struct Prepared {
    /// The front matter.
    pub(super) front: Option<Node>,
    /// What is wrong with the front matter.
    pub(super) fault: Option<(u32, String)>,
    /// The page as HTML.
    pub(super) html: String,
    /// What is commented out, with its first line.
    pub(super) comments: Vec<(u32, String)>,
    /// What Liquid left open.
    pub(super) notes: Vec<Note>,
    /// The files of `_data` that the template shows, with the lines where.
    pub(super) shows: Vec<(u32, String)>,
}

/// Makes a page file ready.
pub(super) fn prepare(file: &SourceFile) -> Prepared {
    let (front, fault, body) = front_matter(&file.text);
    let title = front.as_ref().and_then(|front| front.get("title")).and_then(Node::text).map(str::to_owned);
    let (body, mut comments) = without_comments(&body);
    let shows = liquid::shown_data(&body);
    let (body, mut notes) = liquid::without_liquid(&body, title.as_deref());
    notes.retain(|note| match note {
        Note::Comment { line, text } => {
            comments.push((*line, text.clone()));
            false
        }
        Note::Unfilled { .. } | Note::Condition { .. } => true,
    });
    comments.sort_by_key(|(line, _)| *line);
    let is_markdown =
        !file.path.to_ascii_lowercase().ends_with("html") && !file.path.to_ascii_lowercase().ends_with("htm");
    let marked = with_lines(&with_known_tags(&with_autolinks(&body)));
    let html = if is_markdown { html_of_markdown(&marked) } else { marked };
    Prepared { front, fault, html, comments, notes, shows }
}

/// Parts the front matter from the page; the page keeps its line numbers.
fn front_matter(text: &str) -> (Option<Node>, Option<(u32, String)>, String) {
    let is_rule = |line: &str| line.trim_end() == "---";
    let mut lines = text.split_inclusive('\n');
    if !lines.next().is_some_and(is_rule) {
        return (None, None, text.to_owned());
    }
    let Some(length) = lines.clone().position(is_rule) else { return (None, None, text.to_owned()) };
    let yaml: String = lines.clone().take(length).collect();
    let body: String = lines.skip(length + 1).collect();
    let body = format!("{}{body}", "\n".repeat(length + 2));
    match yaml::parse(&yaml) {
        Ok((front, _)) => (Some(front), None, body),
        Err(fault) => (None, Some((fault.line + 1, fault.message)), body),
    }
}

/// Takes HTML comments out and keeps their lines.
fn without_comments(text: &str) -> (String, Vec<(u32, String)>) {
    let mut plain = String::with_capacity(text.len());
    let mut comments = Vec::new();
    let mut rest = text;
    let mut line = 1_u32;
    let count = |part: &str| u32::try_from(part.matches('\n').count()).unwrap_or(u32::MAX);
    while let Some(at) = rest.find("<!--") {
        plain.push_str(&rest[..at]);
        line = line.saturating_add(count(&rest[..at]));
        let inner = &rest[at + 4..];
        // `-->` ends it; without one it reaches to the end of the page, as in browsers.
        let (comment, after) = inner.find("-->").map_or((inner, ""), |end| (&inner[..end], &inner[end + 3..]));
        comments.push((line, comment.to_owned()));
        plain.extend(comment.chars().filter(|character| *character == '\n'));
        line = line.saturating_add(count(comment));
        rest = after;
    }
    plain.push_str(rest);
    (plain, comments)
}

/// `<https://…>` and `<name@host>` as links.
fn with_autolinks(text: &str) -> String {
    let mut linked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        linked.push_str(before);
        let inner =
            tag[1..].split_once('>').map(|(inner, _)| inner).filter(|inner| !inner.contains(char::is_whitespace));
        let address =
            inner.filter(|inner| inner.starts_with("http") || (inner.contains('@') && !inner.contains(['"', '='])));
        if let Some(inner) = address.filter(|inner| inner.contains("://") || inner.contains('@')) {
            let scheme = if inner.contains(':') { "" } else { "mailto:" };
            linked.push_str(&format!("<a href=\"{scheme}{inner}\">{inner}</a>"));
            rest = &tag[inner.len() + 2..];
        } else {
            linked.push('<');
            rest = &tag[1..];
        }
    }
    linked.push_str(rest);
    linked
}

/// Writes its line into every tag.
fn with_lines(html: &str) -> String {
    let mut marked = String::with_capacity(html.len() * 5 / 4);
    for (number, line) in (1..).zip(html.split_inclusive('\n')) {
        let mut rest = line;
        while let Some(at) = rest.find('<') {
            let name = tag_name(&rest[at + 1..]);
            let end = at + 1 + name.len();
            if rest[at + 1..].starts_with('/') || name.is_empty() || !is_known(&name) {
                marked.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
            } else {
                marked.push_str(&rest[..end]);
                marked.push_str(&format!(" {LINE}=\"{number}\""));
                rest = &rest[end..];
            }
        }
        marked.push_str(rest);
    }
    marked
}

/// Turns kramdown outside blocks of HTML into HTML; those blocks stay as they are, however they are indented.
fn html_of_markdown(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 5 / 4);
    let mut chunk = Chunk::default();
    let mut open: Vec<String> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.is_empty() && open.last().is_some_and(|name| name == "p") {
            open.pop();
        }
        let is_heading = is_heading(line);
        if is_heading && !open.iter().any(|name| matches!(name.as_str(), "pre" | "script" | "style" | "table")) {
            // Inside a block that was never closed a heading is still meant as one.
            open.clear();
        }
        let is_markup = !open.is_empty() || has_block_tag(trimmed) || is_only_breaks(trimmed);
        if is_markup {
            chunk.flush(&mut html);
            html.push_str(line);
            html.push('\n');
            follow(&mut open, line);
        } else {
            if is_heading {
                chunk.flush(&mut html);
            }
            chunk.push(number, line);
            if is_heading {
                chunk.flush(&mut html);
            }
        }
    }
    chunk.flush(&mut html);
    html
}

/// `## Title` at the beginning of a line.
fn is_heading(line: &str) -> bool {
    let marks = line.len() - line.trim_start_matches('#').len();
    (1..=6).contains(&marks)
        && line[marks..].starts_with(' ')
        && line[marks..].trim().chars().any(char::is_alphanumeric)
}

fn tags(line: &str) -> impl Iterator<Item = (String, bool, &str)> {
    line.match_indices('<').map(|(at, _)| {
        let after = &line[at + 1..];
        (tag_name(after), after.starts_with('/'), after)
    })
}

fn has_block_tag(line: &str) -> bool {
    tags(line).any(|(name, _, _)| is_block(&name) || matches!(name.as_str(), "script" | "style" | "iframe"))
}

fn is_only_breaks(line: &str) -> bool {
    let mut names = tags(line).peekable();
    line.starts_with('<') && line.ends_with('>') && names.peek().is_some() && names.all(|(name, _, _)| name == "br")
}

/// Notes which blocks a line of HTML opens and closes.
fn follow(open: &mut Vec<String>, line: &str) {
    for (name, closes, tag) in tags(line) {
        let is_container = (is_block(&name)
            && !["hr", "li", "td", "th", "tr", "dd", "dt", "body"].contains(&name.as_str()))
            || matches!(name.as_str(), "script" | "style" | "iframe");
        if !is_container {
            continue;
        }
        if closes {
            if let Some(at) = open.iter().rposition(|other| *other == name) {
                open.truncate(at);
            }
        } else {
            // A paragraph ends where another block begins.
            if open.last().is_some_and(|last| last == "p") {
                open.pop();
            }
            let tag = tag.split('>').next().unwrap_or_default();
            if !tag.contains("markdown=") && !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
}

/// Lines of Markdown that belong together.
#[derive(Default)]
struct Chunk {
    text: String,
    numbers: Vec<u32>,
    has_list: bool,
}

impl Chunk {
    fn push(&mut self, number: u32, line: &str) {
        let trimmed = line.trim_start();
        let is_item = trimmed.starts_with(['-', '*', '+'])
            || trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(". ");
        self.has_list |= is_item;
        let line = without_attributes(line);
        // Indented text is code only for Markdown; people indent what stands between HTML.
        self.text.push_str(if self.has_list { &line } else { line.trim_start() });
        self.text.push('\n');
        self.numbers.push(number);
    }

    fn flush(&mut self, html: &mut String) {
        let chunk = std::mem::take(self);
        if !chunk.text.trim().is_empty() {
            chunk.render(html);
        }
    }

    fn render(&self, html: &mut String) {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_HEADING_ATTRIBUTES;
        let events = Parser::new_ext(&self.text, options).into_offset_iter().map(|(event, span)| {
            let before = self.text[..span.start].matches('\n').count();
            let line = self.numbers.get(before).copied().unwrap_or_default();
            with_line(event, line)
        });
        pulldown_cmark::html::push_html(html, events);
    }
}

/// An event of the Markdown parser; headings, paragraphs and items say their line.
fn with_line(event: Event<'_>, line: u32) -> Event<'_> {
    let html = match &event {
        Event::Start(Tag::Heading { level, id, .. }) => {
            let id = id.as_ref().map(|id| format!(" id=\"{}\"", id.replace(['"', '<', '&'], ""))).unwrap_or_default();
            format!("<h{} {LINE}=\"{line}\"{id}>", number(*level))
        }
        Event::End(TagEnd::Heading(level)) => format!("</h{}>\n", number(*level)),
        Event::Start(Tag::Paragraph) => format!("<p {LINE}=\"{line}\">"),
        Event::Start(Tag::Item) => format!("<li {LINE}=\"{line}\">"),
        Event::End(TagEnd::Item) => "</li>\n".to_owned(),
        _ => return event,
    };
    Event::Html(CowStr::from(html))
}

fn number(level: HeadingLevel) -> u8 {
    level as u8
}

/// Without the attribute lists of kramdown, `{: .class #id}`.
fn without_attributes(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("{:") {
        let Some(end) = rest[at..].find('}') else { break };
        plain.push_str(&rest[..at]);
        rest = &rest[at + end + 1..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(text: &str) -> Prepared {
        prepare(&SourceFile { path: "index.md".to_owned(), text: text.to_owned() })
    }

    #[test]
    fn markdown_and_html_become_html_that_knows_its_lines() {
        let page = prepared(
            "---\ntitle: X\n---\n<div>\n\t\t<h2>A</h2>\n\n    text\n</div>\n## B {#b}\nSome *text*\n    more\n\n- one\n- ~~two~~\n<br>\n<p>open\n\n## C\n",
        );
        let html = &page.html;
        assert!(html.contains("<h2 data-line=\"5\">A</h2>\n\n    text"), "{html}");
        assert!(html.contains("<h2 data-line=\"9\" id=\"b\">B</h2>"), "{html}");
        assert!(html.contains("<p data-line=\"10\">Some <em>text</em>\nmore</p>"), "{html}");
        assert!(html.contains("<li data-line=\"14\"><del>two</del></li>"), "{html}");
        assert!(html.contains("<h2 data-line=\"18\">C</h2>"), "{html}");
        assert!(!html.contains("<code>"), "{html}");
    }

    #[test]
    fn comments_keep_their_lines() {
        let page = prepared("a\n<!-- one\ntwo -->\nb <!-- open\n<b>x</b>");
        assert_eq!(page.comments, [(2, " one\ntwo ".to_owned()), (4, " open\n<b>x</b>".to_owned())]);
        assert!(page.html.contains("a") && !page.html.contains('x'));
    }

    #[test]
    fn a_broken_front_matter_is_told() {
        assert_eq!(prepared("---\na: [\n---\ntext").fault.map(|(line, _)| line > 1), Some(true));
    }
}
