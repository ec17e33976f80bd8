//! Texts of a source as Markdown: HTML where there are tags of it, otherwise Markdown with every line break kept.

use std::borrow::Cow;
use std::collections::HashMap;

use pulldown_cmark::{Event, Options, Parser};

use crate::content::{MAX_LINE, MAX_MARKDOWN, Markdown};
use crate::import::html;

/// The Markdown that says what a text of a source says; `None` where it says nothing.
pub(crate) fn markdown(text: &str) -> Option<Markdown> {
    let text = without_controls(text.trim());
    if text.is_empty() {
        return None;
    }
    let markdown = if is_html(&text) {
        html::markdown(&text).0
    } else {
        // Plain texts with references of HTML are common, and so is Markdown; neither has a bare `&word;`.
        with_breaks(&without_raw_html(&unreferenced(&text)))
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

/// Elements that people write without closing them.
const OPEN: [&str; 9] = ["br", "hr", "img", "p", "li", "td", "tr", "wbr", "dd"];

/// Whether a text is written in HTML: a tag is closed, or is one that needs no closing. A tag that is only mentioned, or
/// that stands in code, makes no HTML: `P<NP`, `the <video> element`, `<https://…>`.
pub(super) fn is_html(text: &str) -> bool {
    if !text.contains('<') {
        return false;
    }
    // Where Markdown sees code there is no tag.
    let tags: String = Parser::new(text)
        .filter_map(|event| match event {
            Event::Html(part) | Event::InlineHtml(part) => Some(part.into_string()),
            _ => None,
        })
        .collect();
    let mut closed: HashMap<String, usize> = HashMap::new();
    for (at, _) in tags.match_indices("</") {
        closed.insert(html::tag_name(&tags[at + 1..]), at);
    }
    tags.match_indices('<').any(|(at, _)| {
        let rest = &tags[at + 1..];
        let name = html::tag_name(rest);
        let is_tag = html::is_known(&name)
            && !html::is_unseen(&name)
            && rest.get(name.len()..).is_some_and(|after| after.starts_with(['>', '/', ' ', '\n']));
        is_tag && (OPEN.contains(&name.as_str()) || closed.get(&name).is_some_and(|end| *end > at))
    })
}

/// Markdown in which tags are text: whoever mentions a tag means it to be read.
fn without_raw_html(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let raw = Parser::new(text).into_offset_iter().filter_map(|(event, range)| match event {
        Event::Html(_) | Event::InlineHtml(_) => Some(range),
        _ => None,
    });
    let mut safe = String::with_capacity(text.len() + 8);
    let mut from = 0;
    for range in raw {
        safe.push_str(&text[from..range.start]);
        let mut part = &text[range.clone()];
        while let Some(at) = part.find('<') {
            let is_tag = part[at + 1..].starts_with(|next: char| next.is_ascii_alphabetic() || "/!?".contains(next));
            safe.push_str(&part[..at]);
            safe.push_str(if is_tag { "\\<" } else { "<" });
            part = &part[at + 1..];
        }
        safe.push_str(part);
        from = range.end;
    }
    safe.push_str(&text[from..]);
    Cow::Owned(safe)
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
        for (text, read) in [
            ("How <script> tags & x < y work\nand why", "How <script> tags & x < y work\nand why"),
            ("<video> in 2031\n\n- **one**", "<video> in 2031\n\none"),
            ("Use `<b>bold</b>` and \n\n```\n<p>x</p>\n```", "Use <b>bold</b> and\n\n<p>x</p>"),
            ("<script>alert(1)</script> considered", "<script>alert(1)</script> considered"),
            ("<p>How <script> works</p><p>more</p>", "How <script> works\n\nmore"),
            ("<div>one</div>", "one"),
        ] {
            let kept = markdown(text).unwrap();
            assert_eq!(kept.to_text(), read, "{text}");
            assert_eq!(markdown(&kept.0), Some(kept), "reading it again changes nothing");
        }
        let twice = markdown(&shown("one\ntwo")).unwrap();
        assert_eq!(twice.0, "one\\\ntwo", "reading what was read changes nothing");
    }
}
