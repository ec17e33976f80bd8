//! The call for papers: what introduces it, and the topics with their bullets.
//!
//! It reads the HTML of a section and tells topics; nothing here changes a document.

use scraper::{ElementRef, Html};

use super::sections::{heading_level, line};
use crate::import::jekyll::html::{is_block, text_of};
use crate::import::jekyll::text::clean;

/// A group of themes as it stands in the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) title: String,
    /// What it is about, as HTML.
    pub(super) description: String,
    pub(super) items: Vec<String>,
    pub(super) special: bool,
    pub(super) line: u32,
}

/// What a call is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Call {
    /// What is neither a title nor a description nor a list of themes, as HTML.
    pub(super) prose: String,
    pub(super) groups: Vec<Group>,
}

/// A piece of a call, in the order of the page.
enum Piece<'a> {
    /// A title: bold at the beginning of a line, or a heading.
    Title(String, u32),
    /// Running text, as HTML.
    Prose(String),
    /// A list of themes.
    List(ElementRef<'a>),
}

/// Reads a call. `title` names the themes of a list that has no title of its own.
pub(super) fn read(html: &str, title: &str) -> Call {
    let tree = Html::parse_fragment(html);
    let mut pieces = Vec::new();
    let mut at_line_start = true;
    gather(tree.root_element(), &mut pieces, &mut at_line_start);
    let mut call = Call::default();
    let mut current: Option<Group> = None;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Title(text, line) => {
                close(&mut call, current.take());
                current = Some(Group { title: text.clone(), line: *line, ..Group::default() });
            }
            Piece::Prose(html) => match &mut current {
                Some(group) if group.items.is_empty() => group.description.push_str(html),
                // What follows a list is no description of its group.
                Some(_) => {
                    close(&mut call, current.take());
                    call.prose.push_str(html);
                }
                None => call.prose.push_str(html),
            },
            Piece::List(list) => {
                if nested(*list, &mut call, &mut current) {
                    continue;
                }
                let items = items(*list);
                match &mut current {
                    Some(group) => group.items.extend(items),
                    None => {
                        let own = short_title(&pieces[..at]).unwrap_or_else(|| title.to_owned());
                        current = Some(Group { title: own, items, line: line(*list), ..Group::default() });
                    }
                }
            }
        }
    }
    close(&mut call, current);
    for group in &mut call.groups {
        special(group);
    }
    call
}

/// Puts a finished group to the call; a title without a list is running text.
fn close(call: &mut Call, group: Option<Group>) {
    match group {
        Some(group) if group.items.is_empty() => {
            let title = group.title.replace('&', "&amp;").replace('<', "&lt;");
            call.prose.push_str(&format!("<p><b>{title}</b> {}</p>", group.description));
        }
        Some(group) => call.groups.push(group),
        None => {}
    }
}

fn gather<'a>(element: ElementRef<'a>, pieces: &mut Vec<Piece<'a>>, at_line_start: &mut bool) {
    for node in element.children() {
        if let Some(text) = node.value().as_text() {
            if !text.trim().is_empty() {
                *at_line_start = false;
            }
            prose(pieces, &text.replace('&', "&amp;").replace('<', "&lt;"));
            if text.contains("\n\n") {
                *at_line_start = true;
            }
            continue;
        }
        let Some(child) = ElementRef::wrap(node) else { continue };
        let name = child.value().name();
        let text = text_of(child);
        let holds_list = child.descendent_elements().skip(1).any(|inner| matches!(inner.value().name(), "ul" | "ol"));
        if matches!(name, "ul" | "ol") {
            pieces.push(Piece::List(child));
            *at_line_start = true;
        } else if heading_level(child).is_some() && !text.is_empty() {
            pieces.push(Piece::Title(titled(&text), line(child)));
            *at_line_start = true;
        } else if matches!(name, "b" | "strong") && *at_line_start && !text.is_empty() && !holds_list {
            pieces.push(Piece::Title(titled(&text), line(child)));
            *at_line_start = false;
        } else if name == "br" || name == "hr" {
            prose(pieces, "<br>");
            *at_line_start = true;
        } else if is_block(name) && (holds_list || begins_bold(child) || has_bold_line(child)) && name != "table" {
            *at_line_start = true;
            gather(child, pieces, at_line_start);
            prose(pieces, "<br>");
            *at_line_start = true;
        } else {
            prose(pieces, &child.html());
            *at_line_start = is_block(name) || (*at_line_start && text.is_empty());
        }
    }
}

fn prose(pieces: &mut Vec<Piece<'_>>, html: &str) {
    match pieces.last_mut() {
        Some(Piece::Prose(before)) => before.push_str(html),
        // Blanks and breaks between a list and the next title are nothing.
        Some(Piece::List(_)) | None if html.trim().is_empty() || html == "<br>" => {}
        _ => pieces.push(Piece::Prose(html.to_owned())),
    }
}

fn begins_bold(element: ElementRef<'_>) -> bool {
    let first = element.children().find(|node| node.value().as_text().is_none_or(|text| !text.trim().is_empty()));
    first.and_then(ElementRef::wrap).is_some_and(|first| {
        matches!(first.value().name(), "b" | "strong") || heading_level(first).is_some() || begins_bold(first)
    })
}

/// Whether a line inside begins bold: what a paragraph ends with may be the title of the list after it.
fn has_bold_line(element: ElementRef<'_>) -> bool {
    let mut after_break = false;
    element.children().any(|node| {
        if let Some(child) = ElementRef::wrap(node) {
            let is_title = after_break && matches!(child.value().name(), "b" | "strong");
            after_break = child.value().name() == "br";
            return is_title;
        }
        after_break &= node.value().as_text().is_none_or(|text| text.trim().is_empty());
        false
    })
}

fn titled(text: &str) -> String {
    text.trim_end_matches([':', ' ', '.']).to_owned()
}

/// A list whose items are groups with lists of their own.
fn nested(list: ElementRef<'_>, call: &mut Call, current: &mut Option<Group>) -> bool {
    let entries = entries(list);
    if entries.len() < 2 || !entries.iter().all(|(_, inner)| inner.is_some()) {
        return false;
    }
    if let Some(group) = current.take() {
        close(call, Some(group));
    }
    for (entry, inner) in entries {
        let items = inner.map(items).unwrap_or_default();
        let (title, description) = heading_of(entry);
        call.groups.push(Group { title: titled(&title), description, items, line: line(entry), ..Group::default() });
    }
    true
}

/// The items of a list, each with its own list: one inside it or, as people write it, one that follows it.
fn entries(list: ElementRef<'_>) -> Vec<(ElementRef<'_>, Option<ElementRef<'_>>)> {
    let mut entries: Vec<(ElementRef<'_>, Option<ElementRef<'_>>)> = Vec::new();
    for child in list.child_elements() {
        if is_list(child) {
            if let Some((_, inner @ None)) = entries.last_mut() {
                *inner = Some(child);
            }
        } else if child.value().name() == "li" && !text_of(child).is_empty() {
            entries.push((child, child.descendent_elements().skip(1).find(|inner| is_list(*inner))));
        }
    }
    entries
}

fn is_list(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "ul" | "ol")
}

/// The title of a group that is an item of a list, and what it is about: `<b>Graphs:</b> all kinds of them`.
fn heading_of(entry: ElementRef<'_>) -> (String, String) {
    let mut title = String::new();
    let mut description = String::new();
    for node in entry.children() {
        let child = ElementRef::wrap(node);
        if child.is_some_and(is_list) {
            break;
        }
        let text =
            child.map(text_of).or_else(|| node.value().as_text().map(|text| text.to_string())).unwrap_or_default();
        let is_marked = child.is_some_and(|child| matches!(child.value().name(), "b" | "strong" | "u" | "em" | "i"));
        if title.is_empty() && is_marked {
            title = text;
        } else if let Some(child) = child {
            description.push_str(&child.html());
        } else {
            description.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
        }
    }
    let words = description.trim_start_matches([':', ' ', '\n', '\t', '-', '–']).trim_end().to_owned();
    if title.is_empty() { (crate::import::jekyll::html::plain(&words), String::new()) } else { (title, words) }
}

/// The themes of a list, as plain text; those of a list in it belong to their item.
fn items(list: ElementRef<'_>) -> Vec<String> {
    let mut items = Vec::new();
    for child in list.child_elements() {
        match child.value().name() {
            "li" => items.push(text_of(child)),
            // A list beside the items, where it should be in one.
            "ul" | "ol" => items.extend(self::items(child)),
            _ => {}
        }
    }
    items.retain(|item| !item.is_empty());
    items
}

/// The last line of the running text before a list, if it is short enough to be a title.
fn short_title(pieces: &[Piece<'_>]) -> Option<String> {
    let Some(Piece::Prose(html)) = pieces.last() else { return None };
    let lines = crate::import::jekyll::html::lines(html);
    let last = lines.last()?;
    let fits =
        last.chars().count() <= 80 && last.ends_with(':') && last.split_whitespace().count() <= 8 && lines.len() > 1;
    fits.then(|| titled(last))
}

/// `Special Track) Graphs` and `Graphs (special track)` are a special group called `Graphs`.
fn special(group: &mut Group) {
    let lower = group.title.to_lowercase();
    for phrase in ["special track", "special session", "special theme", "special topic", "special focus"] {
        let Some(at) = lower.find(phrase) else { continue };
        if lower.len() != group.title.len() {
            return;
        }
        group.special = true;
        let marks = ['(', ')', '[', ']', ':', '-', '–', '—', ' ', ','];
        let before = group.title[..at].trim_end_matches(marks);
        let after = group.title[at + phrase.len()..].trim_start_matches(['s', 'S']).trim_start_matches(marks);
        let rest = clean(&format!("{before} {after}"));
        if !rest.is_empty() {
            group.title = rest;
        }
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        let mark = |group: &Group| if group.special { "!" } else { "" };
        let call = read(html, "Topics");
        call.groups.iter().map(|group| format!("{}{}={}", mark(group), group.title, group.items.join("|"))).collect()
    }

    #[test]
    fn groups_are_read_in_many_spellings() {
        let wanted = ["A=1|2", "!B=3"];
        for html in [
            "Intro: \n\n<b>A</b> about a\n<br>\n<ul><li>1</li><li><i>2</i></li></ul>\n\n<b>Special Track) B</b><br><ul><li>3</li></ul><br>",
            "<p>Intro</p><h4>A</h4><ul><li>1<li>2</ul><h4>(Special Track) B</h4><ul><li>3</ul>",
            "<p>Intro</p><p><strong>A:</strong> about</p><ul><li>1</li><li>2</li></ul><p><strong>B (special track)</strong></p><ol><li>3</li></ol>",
            "<ul><li><b>A</b><ul><li>1</li><li>2</li></ul></li><li>Special session: B<ul><li>3</li></ul></li></ul>",
            "<ul><li>\n<u>A</u>: about a\n</li><ul><li>1</li><li>2</li></ul><li><b>B (special track):</b> and b</li><ul><li>3</li></ul></ul>",
            "<p>Intro and:\n<br><br>\n<b>A</b> about a\n<ul><li>1</li><li>2</li></ul>\n<b>Special track: B</b> b<ul><li>3</li></ul></p>",
        ] {
            assert_eq!(shown(html), wanted, "{html}");
        }
        assert_eq!(shown("<p>We ask for:</p><ul><li>1</li></ul>"), ["Topics=1"]);
    }

    #[test]
    fn introduction_and_descriptions_are_kept() {
        let call = read("Intro text\n\n<b>A</b> about a<br><ul><li>1</li></ul>Closing <b>words</b>.", "Topics");
        assert_eq!(call.groups[0].description.trim(), "about a<br>");
        assert!(call.prose.contains("Intro text") && call.prose.contains("Closing <b>words</b>"), "{}", call.prose);
        let call =
            read("<ul><li><u>A</u>: about a<ul><li>1</li></ul></li><li>B<ul><li>2</li></ul></li></ul>", "Topics");
        assert_eq!(call.groups[0].description, "about a");
        // A list in a list of mere themes loses none of them.
        let call = read("<ul><li>1</li><ul><li>2</li></ul><li>3</li></ul>", "Topics");
        assert_eq!(call.groups[0].items, ["1", "2", "3"]);
    }
}
