//! HTML into plain text, lines and Markdown: nothing of it is passed through raw.
//!
//! Whatever is given is first made a tree by an HTML parser. Where the text comes from is not known here.

use std::borrow::Cow;
use std::sync::LazyLock;

use htmd::HtmlToMarkdown;
use htmd::element_handler::Handlers;
use scraper::{ElementRef, Html};

use super::text::clean;
use crate::content::{MAX_MARKDOWN, Markdown};

/// The most levels that HTML may be nested; of deeper HTML only the text is read.
const MAX_DEPTH: usize = 200;

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 37] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// Elements inside a line; with the blocks and the unseen these are the tags of HTML that sites use.
const INLINE: [&str; 41] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "button", "caption", "cite", "code", "del", "dfn", "em",
    "font", "i", "img", "input", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "tbody", "tfoot", "thead", "time", "tt", "u", "var", "wbr", "html",
];

/// Elements of which nothing is text for readers.
const UNSEEN: [&str; 14] = [
    "script", "style", "iframe", "template", "noscript", "head", "object", "embed", "svg", "math", "video", "audio",
    "canvas", "select",
];

/// Whether an element stands on lines of its own.
pub(crate) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// The text in one line, without any markup.
pub(crate) fn plain(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return clean(html);
    }
    text_of(Html::parse_fragment(&with_known_tags(html)).root_element())
}

/// The text of an element in one line.
pub(crate) fn text_of(element: ElementRef<'_>) -> String {
    lines_of(element).join(" ")
}

/// The lines of an element as a reader sees them: parted by line breaks and by what stands on lines of its own.
pub(crate) fn lines_of(element: ElementRef<'_>) -> Vec<String> {
    let mut lines = vec![String::new()];
    // Iterative, so that nesting costs no stack.
    let mut stack = vec![(element, element.first_child(), is_block(element.value().name()))];
    while let Some((parent, child, block)) = stack.pop() {
        let Some(node) = child else {
            if block {
                lines.push(String::new());
            }
            continue;
        };
        stack.push((parent, node.next_sibling(), block));
        if let Some(text) = node.value().as_text() {
            lines.last_mut().expect("there is always a last line").push_str(text);
        } else if let Some(inner) = ElementRef::wrap(node) {
            let name = inner.value().name();
            if UNSEEN.contains(&name) {
                continue;
            }
            if is_block(name) || name == "br" {
                lines.push(String::new());
            }
            stack.push((inner, inner.first_child(), is_block(name)));
        }
    }
    lines.iter().map(|line| clean(line)).filter(|line| !line.is_empty()).collect()
}

/// The items of a list as sites write them: by `<br>`, `<ul>`, `<p>`, ` · `, `•`, or lines of plain text.
pub(crate) fn lines(html: &str) -> Vec<String> {
    let html = with_known_tags(html);
    let whole = if has_markup(&html) {
        lines_of(Html::parse_fragment(&html).root_element())
    } else {
        html.lines().map(plain).collect()
    };
    whole
        .iter()
        .flat_map(|line| line.split(['•', '·', '∙', '●', '▪']))
        .map(clean)
        .filter(|line| !line.is_empty())
        .collect()
}

/// Markdown that says the same, without raw HTML. Characters that Markdown would take as marks stay themselves.
pub(crate) fn markdown(html: &str) -> Markdown {
    let html = with_known_tags(html);
    let html = if has_markup(&html) { html } else { Cow::Owned(paragraphs(&html)) };
    let mut safe = sanitized(&html);
    let may_strike = safe.contains('~') && !safe.contains("<code") && !safe.contains("<pre");
    if may_strike {
        safe = safe.replace('~', "\u{e000}");
    }
    let Ok(mut markdown) = converter().convert(&safe) else { return Markdown(escaped(&plain(&html))) };
    if may_strike {
        markdown = markdown.replace('\u{e000}', "\\~");
    }
    Markdown(tidied(&markdown))
}

/// Whether there are tags at all.
fn has_markup(html: &str) -> bool {
    html.contains('<') && Html::parse_fragment(html).root_element().child_elements().next().is_some()
}

/// Plain text whose paragraphs are parted by empty lines, as HTML.
fn paragraphs(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    let mut paragraph = String::new();
    for line in text.lines().chain([""]) {
        if !line.trim().is_empty() {
            paragraph.push_str(line);
            paragraph.push('\n');
        } else if !paragraph.is_empty() {
            html.push_str("<p>");
            html.push_str(&paragraph);
            html.push_str("</p>");
            paragraph.clear();
        }
    }
    html
}

/// HTML that a parser can be given: `<` that begins no tag of HTML is `&lt;`, for people write `P<NP` in titles and
/// abstracts, and so it is where an element that hides what is in it is named and never closed, for it would hide the
/// rest; and where tags are nested deeper than any page needs, they are left out.
pub(crate) fn with_known_tags(html: &str) -> Cow<'_, str> {
    if !html.contains('<') {
        return Cow::Borrowed(html);
    }
    let mut safe = String::with_capacity(html.len());
    let mut rest = html;
    let mut depth = 0_usize;
    let mut hidden = Hidden { html, last: Vec::new() };
    while let Some(at) = rest.find('<') {
        safe.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let name = tag_name(rest);
        if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if is_nesting(&name) {
            depth += 1;
        }
        if depth > MAX_DEPTH {
            return Cow::Owned(without_tags(html));
        }
        let hides_the_rest = is_unseen(&name) && !rest.starts_with('/') && !hidden.is_closed(&name, rest);
        let is_tag = is_known(&name) && !hides_the_rest || rest.starts_with("!--");
        safe.push_str(if is_tag { "<" } else { "&lt;" });
    }
    safe.push_str(rest);
    Cow::Owned(safe)
}

/// Where elements that hide what is in them are closed for the last time; looked for once for each name.
struct Hidden<'a> {
    html: &'a str,
    last: Vec<(String, Option<usize>)>,
}

impl Hidden<'_> {
    /// Whether an element of this name is closed in the `rest` of the text.
    fn is_closed(&mut self, name: &str, rest: &str) -> bool {
        let place = self.html.len() - rest.len();
        let known = self.last.iter().find(|(known, _)| known == name).map(|(_, last)| *last);
        let last = known.unwrap_or_else(|| {
            // An `embed` holds nothing and is never closed.
            let last = if name == "embed" {
                Some(self.html.len())
            } else {
                self.html.to_ascii_lowercase().rfind(&format!("</{name}"))
            };
            self.last.push((name.to_owned(), last));
            last
        });
        last.is_some_and(|last| last >= place)
    }
}

/// The name of the tag whose text after `<` is given, in small letters; empty where there is none.
pub(crate) fn tag_name(after: &str) -> String {
    let name = after.strip_prefix('/').unwrap_or(after);
    name.chars().take_while(char::is_ascii_alphanumeric).take(12).collect::<String>().to_ascii_lowercase()
}

/// Whether nothing in an element is text for readers.
pub(crate) fn is_unseen(name: &str) -> bool {
    UNSEEN.contains(&name)
}

pub(crate) fn is_known(name: &str) -> bool {
    [&BLOCKS[..], &INLINE[..], &UNSEEN[..]].iter().any(|tags| tags.contains(&name))
}

/// Whether an element must be closed. The others, which people seldom close, can't nest in themselves.
fn is_nesting(name: &str) -> bool {
    is_known(name)
        && !["p", "li", "td", "th", "tr", "dd", "dt", "hr", "br", "img", "input", "wbr", "embed"].contains(&name)
}

fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let is_tag = is_known(&tag_name(&rest[at + 1..])) || rest.starts_with("<!--");
        let end = if is_tag { rest[at..].find('>') } else { None };
        text.push_str(if is_tag { " " } else { "&lt;" });
        rest = &rest[end.map_or(at + 1, |end| at + end + 1)..];
    }
    text.push_str(rest);
    text
}

fn sanitized(html: &str) -> String {
    static SANITIZER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
        let mut builder = ammonia::Builder::default();
        builder
            .url_schemes(["http", "https", "mailto"].into())
            .clean_content_tags(["script", "style", "iframe", "template", "noscript", "head", "object"].into())
            .rm_tags(["article", "aside", "figure", "figcaption", "header", "footer", "nav", "details", "summary"])
            .link_rel(None);
        builder
    });
    SANITIZER.clean(html).to_string()
}

fn converter() -> HtmlToMarkdown {
    let strike = |handlers: &dyn Handlers, element: htmd::Element<'_>| {
        let content = handlers.walk_children(element.node).content;
        let text = content.trim();
        let marked = if text.is_empty() { String::new() } else { format!("~~{text}~~") };
        Some(marked.into())
    };
    HtmlToMarkdown::builder()
        .options(htmd::options::Options {
            bullet_list_marker: htmd::options::BulletListMarker::Dash,
            ul_bullet_spacing: 1,
            ol_number_spacing: 1,
            br_style: htmd::options::BrStyle::Backslash,
            ..Default::default()
        })
        .add_handler(vec!["del", "s", "strike"], strike)
        .build()
}

/// Plain text as Markdown that reads the same.
fn escaped(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation() && !matches!(character, '.' | ',' | ':' | ';' | '\'' | '"' | '?' | '/') {
            markdown.push('\\');
        }
        markdown.push(character);
    }
    tidied(&markdown)
}

/// Without breaks that break nothing, and at most as long as content may be.
fn tidied(markdown: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in markdown.lines() {
        let line = line.trim_end();
        // A single blank at the beginning is left of a break and means nothing.
        let line = line.strip_prefix(' ').filter(|rest| !rest.starts_with(' ')).unwrap_or(line);
        let is_empty = line.trim_start().trim_end_matches('\\').is_empty() && !line.contains("\\\\");
        if !is_empty {
            lines.push(line);
        } else if lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push("");
        }
        // A break at the end of a paragraph is a stray backslash.
        if let [.., before, ""] = lines.as_mut_slice() {
            *before = without_break(before);
        }
    }
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    if let Some(last) = lines.last_mut() {
        *last = without_break(last);
    }
    let text = lines.join("\n");
    text.chars().take(MAX_MARKDOWN).collect()
}

fn without_break(line: &str) -> &str {
    let slashes = line.len() - line.trim_end_matches('\\').len();
    if slashes % 2 == 1 { line[..line.len() - 1].trim_end() } else { line }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_has_no_markup() {
        assert_eq!(plain("The 2<sup>nd</sup> <b>talk</b><br>on&nbsp;C&amp;C &lt;x&gt;"), "The 2nd talk on C&C <x>");
        assert_eq!(plain("P<NP and a < b"), "P<NP and a < b");
        assert_eq!(plain("a<script>alert(1)</script><!-- no -->b"), "ab");
        assert_eq!(plain("The <video> element and <b>you</b>"), "The <video> element and you");
    }

    #[test]
    fn lists_of_all_spellings_are_lines() {
        for html in [
            "A <br> B<br/>C",
            "<ul><li>A</li><li>B<li>C</ul>",
            "A · B · C",
            "• A • B • C",
            "A\nB\nC\n",
            "<p>A</p><p>B</p>C",
        ] {
            assert_eq!(lines(html), ["A", "B", "C"], "{html}");
        }
        assert_eq!(lines(" "), Vec::<String>::new());
    }

    #[test]
    fn markdown_says_the_same_without_html() {
        let html = "<p>One <b>two</b> <a href=\"https://example.org/~x/\">three</a></p><ul><li>a</li><li>b</li></ul><br><br>end<br>";
        assert_eq!(markdown(html).0, "One **two** [three](https://example.org/\\~x/)\n\n- a\n- b\n\nend");
        let hostile = "<script>x</script><iframe src=x></iframe><!-- c --><a href='javascript:x'>y</a> &lt;img src=x&gt; <strike>z</strike>";
        let text = markdown(hostile);
        assert_eq!(text.0.trim(), "y \\<img src=x> ~~z~~");
        assert!(!text.to_html().contains("<img"));
    }

    #[test]
    fn text_that_looks_like_markdown_stays_literal() {
        for text in [
            "2 * 3 * 4",
            "# not a title",
            "a_b_c",
            "[x](y)",
            "1. one",
            "5~6 and 7~8",
            "f(x) = `y`",
            "P<NP",
            "- x",
            "> x",
        ] {
            assert_eq!(markdown(text).to_text(), text, "{}", markdown(text).0);
        }
        assert_eq!(markdown("one\ntwo\n\nthree").to_text(), "one two\n\nthree");
    }

    #[test]
    fn deep_nesting_costs_no_stack() {
        let deep = format!("{}x", "<div>".repeat(20_000));
        assert_eq!(markdown(&deep).0, "x");
        assert_eq!(plain(&deep), "x");
    }

    proptest! {
        #[test]
        fn no_raw_html_comes_out(html in "(<[a-z/!-]{1,6}[ >]?|[a-z*_#`~\\[\\]()<>&;]{1,6}|[ \\n]){0,20}") {
            let markdown = markdown(&html);
            let raw = pulldown_cmark::Parser::new(&markdown.0)
                .any(|event| matches!(event, pulldown_cmark::Event::Html(_) | pulldown_cmark::Event::InlineHtml(_)));
            prop_assert!(!raw, "{:?} became {:?}", html, markdown.0);
            let _ = (plain(&html), lines(&html));
        }
    }
}
