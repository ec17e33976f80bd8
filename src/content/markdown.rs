//! Longer text: kept as Markdown, shown as Markdown, HTML or plain text.

use std::sync::LazyLock;

use ammonia::UrlRelative;
use async_graphql::Object;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

/// Text in CommonMark with tables and strikethrough, without raw HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Markdown(pub String);

/// Longer text in three renditions of the same content.
#[Object(name = "RichText", serial)]
impl Markdown {
    /// The text as CommonMark with tables and strikethrough, without raw HTML.
    pub async fn markdown(&self) -> &str {
        &self.0
    }

    /// The text as sanitised HTML, safe to insert into a page: no scripts, styles, event handlers or foreign frames.
    pub async fn html(&self) -> String {
        self.to_html()
    }

    /// The text without any markup; paragraphs are parted by an empty line.
    pub async fn text(&self) -> String {
        self.to_text()
    }
}

impl Markdown {
    /// The Markdown source.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as sanitised HTML. Raw HTML in the source comes out as text.
    pub fn to_html(&self) -> String {
        static SANITIZER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(sanitizer);
        SANITIZER.clean(&self.rendered(|event| event)).to_string()
    }

    /// The text as sanitised HTML for a page that it is a part of: its headings begin at `top` and leave no level out,
    /// relative addresses lead from `base` or nowhere, and images wait until they are looked at.
    pub fn to_embedded_html(&self, top: u8, base: Option<&Url>) -> String {
        let mut around: Vec<HeadingLevel> = Vec::new();
        let html = self.rendered(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => {
                around.retain(|outer| *outer < level);
                around.push(level);
                Event::Start(Tag::Heading { level: below(top, around.len()), id: None, classes: vec![], attrs: vec![] })
            }
            Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(below(top, around.len()))),
            other => other,
        });
        let relative = base.cloned().map_or(UrlRelative::Deny, UrlRelative::RewriteWithBase);
        let mut sanitizer = sanitizer();
        sanitizer.url_relative(relative).set_tag_attribute_value("img", "loading", "lazy").set_tag_attribute_value(
            "img",
            "referrerpolicy",
            "no-referrer",
        );
        sanitizer.clean(&html).to_string()
    }

    fn rendered<'a>(&'a self, mut change: impl FnMut(Event<'a>) -> Event<'a>) -> String {
        let escaped = self.parser().map(|event| match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            other => change(other),
        });
        let mut html = String::with_capacity(self.0.len() * 3 / 2);
        pulldown_cmark::html::push_html(&mut html, escaped);
        html
    }

    /// The text without any markup; paragraphs are parted by an empty line, list items stand on lines of their own.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        for event in self.parser() {
            match event {
                Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => {
                    text.push_str(&part);
                }
                Event::SoftBreak => text.push(' '),
                Event::HardBreak => text.push('\n'),
                Event::Start(Tag::Item) if !text.is_empty() && !text.ends_with('\n') => text.push('\n'),
                Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::List(_)) => {
                    text.truncate(text.trim_end().len());
                    text.push_str("\n\n");
                }
                _ => {}
            }
        }
        text.truncate(text.trim_end().len());
        text
    }

    fn parser(&self) -> Parser<'_> {
        Parser::new_ext(&self.0, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
    }
}

fn sanitizer() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::default();
    builder.url_schemes(["http", "https", "mailto"].into()).link_rel(Some("noopener noreferrer"));
    builder
}

/// The level of a heading that stands at a depth, counted from 1, under headings that begin at `top`.
fn below(top: u8, depth: usize) -> HeadingLevel {
    let level = usize::from(top) + depth.saturating_sub(1);
    HeadingLevel::try_from(level.clamp(1, 6)).unwrap_or(HeadingLevel::H6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_sanitised_and_raw_html_is_text() {
        let hostile = Markdown("Hi <script>alert(1)</script> [x](javascript:alert(2)) **there**".to_owned());
        let html = hostile.to_html();
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("href=\"javascript"), "{html}");
        assert!(html.contains("<strong>there</strong>"), "{html}");
    }

    #[test]
    fn embedded_html_fits_the_page_around_it() {
        let base = Url::parse("https://example.org/2022/").unwrap();
        let text = Markdown("# A\n\n#### B\n\n## C\n\n![x](/a.png) [y](b.html) <b>z</b>".to_owned());
        let html = text.to_embedded_html(3, Some(&base));
        for part in ["<h3>A</h3>", "<h4>B</h4>", "<h4>C</h4>", "src=\"https://example.org/a.png\"", "loading=\"lazy\""]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(html.contains("href=\"https://example.org/2022/b.html\"") && html.contains("&lt;b&gt;z"), "{html}");
        let nowhere = text.to_embedded_html(6, None);
        assert!(nowhere.contains("<h6>B</h6>") && !nowhere.contains("href=") && !nowhere.contains("src="), "{nowhere}");
    }

    #[test]
    fn text_keeps_paragraphs_and_items_apart() {
        let text = Markdown("# Title\n\nOne *two*\nthree\n\n- a\n- b\n\nend".to_owned()).to_text();
        assert_eq!(text, "Title\n\nOne two three\n\na\nb\n\nend");
    }
}
