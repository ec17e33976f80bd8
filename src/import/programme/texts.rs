//! Texts of a source as Markdown: HTML where there are tags of it, otherwise Markdown with every line break kept.

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser};

use crate::content::{MAX_LINE, MAX_MARKDOWN, Markdown};
use crate::import::html;

/// The Markdown that says what a text of a source says; `None` where it says nothing.
pub(crate) fn markdown(text: &str) -> Option<Markdown> {
    let text = without_controls(text.trim());
    if text.is_empty() {
        return None;
    }
    let markdown = if has_tags(&text) {
        html::markdown(&text).0
    } else {
        // Plain texts with references of HTML are common, and so is Markdown; neither has a bare `&word;`.
        with_breaks(&unreferenced(&text))
    };
    let markdown: String = markdown.chars().take(MAX_MARKDOWN).collect();
    (!markdown.trim().is_empty()).then_some(Markdown(markdown))
}

/// A text that is Markdown already.
pub(super) fn as_it_is(text: &str) -> Option<Markdown> {
    let text = without_controls(text);
    (!text.trim().is_empty()).then(|| Markdown(text.chars().take(MAX_MARKDOWN).collect()))
}

/// A text that is one line already, but for blanks.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_LINE).collect()
}

fn without_controls(text: &str) -> Cow<'_, str> {
    if text.contains(|character: char| character.is_control() && !matches!(character, '\n' | '\t')) {
        Cow::Owned(
            text.chars().filter(|character| !character.is_control() || matches!(character, '\n' | '\t')).collect(),
        )
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether there is a tag of HTML: `<p>`, `</b>`, `<a href=…>`; not `P<NP`, `<https://…>` or `<br` without an end.
fn has_tags(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = &text[at + 1..];
        let name = html::tag_name(rest);
        let after = rest.trim_start_matches('/').get(name.len()..).unwrap_or_default();
        html::is_known(&name) && after.starts_with(['>', '/', ' ', '\n']) && after.contains('>')
    })
}

fn unreferenced(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = text.to_owned();
    for (reference, character) in [
        ("&nbsp;", " "),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&gt;", ">"),
        ("&lt;", "\\<"),
        ("&amp;", "&"),
    ] {
        plain = plain.replace(reference, character);
    }
    Cow::Owned(plain)
}

/// Markdown in which the line breaks of paragraphs are seen: whoever writes into a form means them.
fn with_breaks(text: &str) -> String {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut broken = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for (event, range) in parser.into_offset_iter() {
        if event == Event::SoftBreak && range.start >= from {
            broken.push_str(text[from..range.start].trim_end_matches(' '));
            broken.push('\\');
            from = range.start;
        }
    }
    broken.push_str(&text[from..]);
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        markdown(text).map_or_else(String::new, |markdown| markdown.0)
    }

    #[test]
    fn html_markdown_and_plain_text_are_told_apart() {
        assert_eq!(shown("<p>One <b>two</b></p>"), "One **two**");
        assert_eq!(shown("One **two**"), "One **two**");
        assert_eq!(shown("one\ntwo\n\nthree"), "one\\\ntwo\n\nthree");
        assert_eq!(shown("- a\n- b"), "- a\n- b");
        assert_eq!(shown("P<NP, R&amp;D and <https://example.org/>"), "P<NP, R&D and <https://example.org/>");
        assert_eq!(shown(" \u{7}\n"), "");
        let twice = markdown(&shown("one\ntwo")).unwrap();
        assert_eq!(twice.0, "one\\\ntwo", "reading what was read changes nothing");
    }
}
