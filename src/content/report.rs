//! What is wrong with content: one type for mutations, imports and `plenary check`.
//!
//! A report collects; it never stops at the first problem.

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// For information: something was mended or noticed, nothing is needed.
    Info,
    /// Suspicious: it was taken as it is, and a person should look at it.
    Warning,
    /// Wrong: it can't be stored like this.
    Error,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The fields that lead to it from the checked value, for example `["venue", "mapUrl"]`.
    pub path: Vec<String>,
    /// A stable word for programs, in kebab-case, for example `url-scheme`.
    pub code: &'static str,
    /// A sentence for people: what, and what to do.
    pub message: String,
}

/// The problems of one value, collected by `check`.
#[derive(Debug, Default)]
pub struct Report {
    path: Vec<String>,
    problems: Vec<Problem>,
}

/// The most characters that a title, a name or a label may have.
pub const MAX_LINE: usize = 500;
/// The most characters that a Markdown text may have.
pub const MAX_MARKDOWN: usize = 100_000;
/// The most characters that a URL may have.
pub const MAX_URL: usize = 2_000;

impl Report {
    /// The problems that were found, in the order of the checks.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Adds a problem of `field`.
    pub fn add(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        let mut path = self.path.clone();
        if !field.is_empty() {
            path.push(field.to_owned());
        }
        self.problems.push(Problem { path, code, message: message.into() });
    }

    /// Checks a part with its name put before the paths of its problems.
    pub fn within(&mut self, part: impl Into<String>, check: impl FnOnce(&mut Self)) {
        self.path.push(part.into());
        check(self);
        self.path.pop();
    }

    /// A line of text that must be there: not blank, no control characters, at most [`MAX_LINE`] characters.
    pub fn line(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(field, "blank", "this must not be blank");
        }
        if text.chars().count() > MAX_LINE {
            self.add(field, "too-long", format!("at most {MAX_LINE} characters are kept here"));
        }
        if text.chars().any(char::is_control) {
            self.add(field, "control-character", "control characters and line breaks do not belong here");
        }
    }

    /// A line of text that may be left out.
    pub fn optional_line(&mut self, field: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.line(field, text);
        }
    }

    /// A Markdown text of at most [`MAX_MARKDOWN`] characters.
    pub fn markdown(&mut self, field: &str, text: Option<&super::Markdown>) {
        if text.is_some_and(|text| text.as_str().chars().count() > MAX_MARKDOWN) {
            self.add(field, "too-long", format!("at most {MAX_MARKDOWN} characters are kept here"));
        }
        if text.is_some_and(|text| text.as_str().contains('\0')) {
            self.add(field, "control-character", "the character U+0000 can't be stored");
        }
    }

    /// An absolute `http`, `https` or `mailto` URL.
    pub fn url(&mut self, field: &str, text: Option<&str>) {
        let Some(text) = text else { return };
        if text.len() > MAX_URL {
            self.add(field, "too-long", format!("a URL has at most {MAX_URL} characters"));
        }
        if text.chars().any(char::is_control) {
            self.add(field, "control-character", "control characters and line breaks do not belong into a URL");
            return;
        }
        match url::Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https" | "mailto") => {}
            Ok(url) => self.add(field, "url-scheme", format!("{} URLs are not allowed; use https", url.scheme())),
            Err(_) => self.add(field, "url", "this is not a URL; it should look like https://example.org/"),
        }
    }

    /// An absolute URL as in [`Report::url`], or a path on the event's own website that begins with one `/`.
    pub fn url_or_path(&mut self, field: &str, text: Option<&str>) {
        match text {
            Some(path)
                if path.starts_with('/')
                    && !path.starts_with("//")
                    && path.len() <= MAX_URL
                    && !path.chars().any(char::is_control) => {}
            other => self.url(field, other),
        }
    }

    /// A picture: where it is as in [`Report::url_or_path`], and a line that tells what it shows.
    pub fn image(&mut self, field: &str, image: Option<&super::Image>) {
        self.url_or_path(field, image.map(|image| image.url.as_str()));
        self.optional_line(field, image.and_then(|image| image.alt.as_deref()));
    }

    /// A slug: lower-case ASCII letters, digits and single inner hyphens, at most 80 characters.
    pub fn slug(&mut self, field: &str, slug: &str) {
        let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if slug.len() > 80 || !slug.split('-').all(word) {
            self.add(field, "slug", "a slug is made of a-z, 0-9 and single hyphens, at most 80 characters");
        }
    }
}
