//! People written into the page: cards with portraits, or lists of names. They are read like those of `_data`.

use std::collections::HashSet;

use scraper::{ElementRef, Html};

use super::sections::{heading_level, line};
use crate::content::Role;
use crate::import::jekyll::fields::Reading;
use crate::import::jekyll::html::{lines_of, text_of};
use crate::import::jekyll::names;
use crate::import::jekyll::people;
use crate::import::jekyll::yaml::{Node, Value};

/// From how many characters on a line of a card is a biography.
const LONG: usize = 140;

/// Reads the people of a section; what is no person comes back as lines of text.
pub(super) fn read(html: &str, role: Role, group: Option<&str>, reading: &mut Reading<'_>) -> Vec<String> {
    let tree = Html::parse_fragment(html);
    let root = tree.root_element();
    let images: Vec<_> = root.descendent_elements().filter(|element| element.value().name() == "img").collect();
    if images.is_empty() {
        return from_lines(root, role, group, reading);
    }
    let mut on_cards = HashSet::new();
    for image in images {
        let card = card_of(image);
        let lines = lines_of(card);
        if let Some(node) = node_of(card, image, &lines) {
            people::read(reading, &node, role, group);
        }
        on_cards.extend(lines);
    }
    let mut rest = lines_of(root);
    rest.retain(|line| !on_cards.contains(line));
    rest
}

/// The card of a portrait: the biggest element that holds no other portrait.
fn card_of(image: ElementRef<'_>) -> ElementRef<'_> {
    let images = |element: ElementRef<'_>| {
        element.descendent_elements().filter(|inner| inner.value().name() == "img").take(2).count()
    };
    let above = image.ancestors().filter_map(ElementRef::wrap);
    let fits = above.take_while(|element| images(*element) == 1 && element.value().name() != "html");
    fits.last().unwrap_or(image)
}

fn node_of(card: ElementRef<'_>, image: ElementRef<'_>, lines: &[String]) -> Option<Node> {
    let number = line(image);
    let bold = card.descendent_elements().find(|element| {
        (heading_level(*element).is_some() || matches!(element.value().name(), "b" | "strong" | "figcaption"))
            && names::looks_like_name(names::split_honorific(&first_line(*element)).1)
    });
    let alt = image.attr("alt").map(str::trim).filter(|alt| names::looks_like_name(alt));
    let name = bold
        .map(first_line)
        .or_else(|| lines.iter().find(|line| names::looks_like_name(names::split_honorific(line).1)).cloned())
        .or_else(|| alt.map(str::to_owned))?;
    let others: Vec<&String> = lines.iter().filter(|line| **line != name && !is_link_text(card, line)).collect();
    let (bio, short): (Vec<&String>, Vec<&String>) = others.into_iter().partition(|line| line.chars().count() > LONG);
    let affiliation = short.iter().map(|line| line.as_str()).collect::<Vec<_>>().join(", ");
    let mut entries = Vec::new();
    let mut add = |key: &str, text: String| {
        if !text.is_empty() {
            entries.push((key.to_owned(), Node { line: number, value: Value::Text(text) }));
        }
    };
    add("name", name);
    let affiliation = affiliation.trim_matches(['(', ')', ',', ' ']).to_owned();
    add("affiliation", affiliation);
    add("photo", image.attr("src").unwrap_or_default().to_owned());
    add("bio", bio.into_iter().cloned().collect::<Vec<_>>().join("\n\n"));
    for anchor in card.descendent_elements().filter(|element| element.value().name() == "a") {
        let Some(url) = anchor.attr("href").filter(|url| url.starts_with("http")) else { continue };
        add(key_of(url), url.to_owned());
    }
    Some(Node { line: number, value: Value::Map(entries) })
}

fn first_line(element: ElementRef<'_>) -> String {
    lines_of(element).into_iter().next().unwrap_or_default()
}

fn is_link_text(card: ElementRef<'_>, line: &str) -> bool {
    let words = [
        "website",
        "homepage",
        "scholar",
        "google scholar",
        "linkedin",
        "twitter",
        "github",
        "home page",
        "link",
        "bio",
    ];
    let is_named = words.contains(&line.trim_matches(['[', ']']).to_lowercase().as_str());
    is_named && card.descendent_elements().any(|element| element.value().name() == "a" && text_of(element) == line)
}

/// Under which key `_data` would have such a link.
fn key_of(url: &str) -> &'static str {
    let hosts = [
        ("scholar.google", "scholar_link"),
        ("linkedin.", "linkedin_link"),
        ("orcid.org", "orcid"),
        ("github.com", "github"),
        ("twitter.com", "twitter"),
        ("//x.com", "twitter"),
    ];
    hosts.iter().find(|(host, _)| url.contains(host)).map_or("website", |(_, key)| key)
}

/// Names in items of lists, rows of tables or lines.
fn from_lines(root: ElementRef<'_>, role: Role, group: Option<&str>, reading: &mut Reading<'_>) -> Vec<String> {
    let rows: Vec<_> =
        root.descendent_elements().filter(|element| matches!(element.value().name(), "li" | "tr")).collect();
    let mut rest = lines_of(root);
    let entries: Vec<(String, u32)> = if rows.is_empty() {
        rest.iter().map(|text| (text.clone(), 0)).collect()
    } else {
        rows.iter().map(|row| (lines_of(*row).join(", "), line(*row))).collect()
    };
    for (text, number) in entries {
        let named = names::parse_person(&text);
        if !names::looks_like_name(&named.name) {
            continue;
        }
        let node = Node { line: number.max(1), value: Value::Text(text.clone()) };
        people::read(reading, &node, role, group);
        rest.retain(|line| *line != text && (rows.is_empty() || !text.contains(line.as_str())));
    }
    rest
}
