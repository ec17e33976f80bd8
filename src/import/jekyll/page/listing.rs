//! Papers written into the page: a list whose items are a title that is set off, then authors, then links.
//!
//! It makes records as `_data` would hold them; how these are read is known there.

use scraper::{ElementRef, Html};

use super::sections::line;
use crate::content::Presentation;
use crate::import::jekyll::authors;
use crate::import::jekyll::html::text_of;
use crate::import::jekyll::names;
use crate::import::jekyll::papers;
use crate::import::jekyll::yaml::{Node, Value};

/// The papers of a section, and what else stands there.
pub(super) struct Listing {
    /// The records, with how the heading above each says that they are presented.
    pub(super) papers: Vec<(Option<Presentation>, Node)>,
    /// The section without its lists, as HTML.
    pub(super) rest: String,
}

/// Reads the lists of a section; `None` unless every item is a paper or a heading of papers.
pub(super) fn read(html: &str) -> Option<Listing> {
    let tree = Html::parse_fragment(html);
    let root = tree.root_element();
    let mut papers = Vec::new();
    let mut presentation = None;
    for item in root.descendent_elements().filter(|element| element.value().name() == "li") {
        let own = text_of(item);
        let holds_items = item.descendent_elements().skip(1).any(|inner| inner.value().name() == "li");
        if own.is_empty() || holds_items {
            continue;
        }
        match paper(item, &own) {
            Some(record) => papers.push((presentation, record)),
            // `Oral` above a list of its own.
            None if papers::presentation_of(&own).is_some() && own.split_whitespace().count() <= 3 => {
                presentation = papers::presentation_of(&own);
            }
            None => return None,
        }
    }
    let mut rest = root.inner_html();
    let is_list = |element: &ElementRef<'_>| matches!(element.value().name(), "ul" | "ol");
    for list in root.descendent_elements().filter(is_list) {
        rest = rest.replacen(&list.html(), "", 1);
    }
    (!papers.is_empty()).then_some(Listing { papers, rest })
}

/// `<b>On Moss</b> - <em>Jane Doe, John Roe</em> <a href="…">[PDF]</a>` as a record.
fn paper(item: ElementRef<'_>, whole: &str) -> Option<Node> {
    let is_marked = |element: &ElementRef<'_>| matches!(element.value().name(), "b" | "strong" | "i" | "em" | "a");
    let marked =
        item.descendent_elements().skip(1).find(|element| is_marked(element) && !text_of(*element).is_empty())?;
    let title = text_of(marked);
    let mut after = whole.trim_start_matches(['"', '“', '”']).strip_prefix(title.as_str())?.to_owned();
    let links: Vec<(String, &str)> = item
        .descendent_elements()
        .filter(|element| element.value().name() == "a")
        .filter_map(|link| Some((text_of(link), link.attr("href")?)))
        .collect();
    for (text, _) in &links {
        after = after.replacen(text.as_str(), "", 1);
    }
    let edges = |c: char| {
        c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':' | ',' | '.' | '|' | '(' | ')' | '[' | ']' | '"')
    };
    let people = after.trim_matches(edges);
    let (named, _) = authors::parse(people);
    let is_people = !named.is_empty() && named.iter().all(|author| names::looks_like_name(&author.name));
    if title.split_whitespace().count() < 2 || !is_people {
        return None;
    }
    let number = line(item);
    let text = |text: &str| Node { line: number, value: Value::Text(text.to_owned()) };
    let title = title.trim_matches(['"', '“', '”', '.', ' ']);
    let mut entries = vec![("title".to_owned(), text(title)), ("authors".to_owned(), text(people))];
    for (label, url) in links {
        let key = key_of(&label, url);
        if !entries.iter().any(|(known, _)| known == key) {
            entries.push((key.to_owned(), text(url)));
        }
    }
    Some(Node { line: number, value: Value::Map(entries) })
}

/// The key that data files use for a link with these words.
fn key_of(label: &str, url: &str) -> &'static str {
    let label = label.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if has(&["poster"]) {
        "poster"
    } else if has(&["slide", "presentation"]) {
        "slides"
    } else if has(&["video", "recording", "talk"]) {
        "video"
    } else if has(&["code", "github"]) {
        "code"
    } else if url.contains("/10.") {
        "doi"
    } else {
        "link"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        let entry = |(key, node): &(String, Node)| format!("{key}={}", node.text().unwrap_or_default());
        let record = |(presentation, node): &(Option<Presentation>, Node)| {
            let entries: Vec<_> = node.map().unwrap_or_default().iter().map(entry).collect();
            format!("{presentation:?} {}", entries.join(" "))
        };
        read(html).map_or_else(Vec::new, |listing| listing.papers.iter().map(record).collect())
    }

    #[test]
    fn papers_are_read_item_by_item() {
        let html = "<p>All are online.</p><ul><li><b>Oral</b></li><ul>\
            <li><i>On Moss - A View</i> - Ada Falk, Bo Lund <a href=\"https://doi.example.org/10.1/x\">(proceedings)</a>\
            <a href=\"slides/1.pdf\">(presentation)</a></li></ul><li><b>Poster</b></li><ul>\
            <li><b>Slow Trees</b> <em>Cy Moe and Di Ros</em></li></ul></ul>";
        assert_eq!(
            shown(html),
            [
                "Some(Oral) title=On Moss - A View authors=Ada Falk, Bo Lund doi=https://doi.example.org/10.1/x slides=slides/1.pdf",
                "Some(Poster) title=Slow Trees authors=Cy Moe and Di Ros",
            ]
        );
        assert_eq!(read(html).map(|listing| listing.rest).as_deref(), Some("<p>All are online.</p>"));
    }

    #[test]
    fn lists_of_anything_else_are_left_alone() {
        for html in ["<ul><li><b>Moss</b> is a plant</li></ul>", "<ul><li>Ada Falk</li></ul>", "<p>none</p>"] {
            assert!(read(html).is_none(), "{html}");
        }
    }
}
