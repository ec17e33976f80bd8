//! Links of a session: slides, recordings, streams and papers have fields of their own, the others go below the abstract.

use super::{LinkFacts, Talk};
use crate::content::{MAX_LINE, Paper};
use crate::import::text::clean;

/// What the links of a session are for.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) slides: Option<String>,
    pub(super) recording: Option<String>,
    pub(super) stream: Option<String>,
    /// Its paper.
    pub(super) paper: Option<PaperLinks>,
    /// Everything else.
    pub(super) others: Vec<LinkFacts>,
    /// What is no address that can be kept.
    pub(super) unusable: Vec<LinkFacts>,
}

/// A paper as the links of a session tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PaperLinks {
    pub(super) title: Option<String>,
    pub(super) slug: Option<String>,
    /// Its addresses, each in the field where it belongs.
    pub(super) fields: Vec<(PaperField, String)>,
}

/// Where something of a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaperField {
    Pdf,
    Openreview,
    Arxiv,
    Doi,
    Supplement,
    Poster,
    Slides,
    Video,
    Code,
}

impl PaperField {
    /// The field that an address tells by itself.
    pub(super) fn of_address(url: &str) -> PaperField {
        let parsed = url::Url::parse(url).ok();
        let path = parsed.as_ref().map(|url| url.path().to_owned()).unwrap_or_default();
        match parsed.as_ref().and_then(|url| url.host_str()) {
            Some("openreview.net") if !path.starts_with("/pdf") => PaperField::Openreview,
            Some("arxiv.org") if !path.starts_with("/pdf/") => PaperField::Arxiv,
            Some("doi.org" | "dx.doi.org") if crate::content::doi(url).is_some() => PaperField::Doi,
            Some("github.com" | "gitlab.com") => PaperField::Code,
            _ => PaperField::Pdf,
        }
    }

    /// The field of a link that is of a paper, by its address and its title.
    fn of_link(link: &LinkFacts) -> PaperField {
        let title = link.title.as_deref().unwrap_or_default().to_lowercase();
        match PaperField::of_address(&link.url) {
            PaperField::Pdf if title.contains("poster") => PaperField::Poster,
            PaperField::Pdf if title.contains("supplement") => PaperField::Supplement,
            PaperField::Pdf if title.contains("slides") => PaperField::Slides,
            PaperField::Pdf if title.contains("video") => PaperField::Video,
            field => field,
        }
    }
}

impl PaperLinks {
    /// Puts the addresses into the paper.
    pub(super) fn fill(self, paper: &mut Paper) {
        for (field, url) in self.fields {
            let slot = match field {
                PaperField::Doi => {
                    paper.doi = crate::content::doi(&url);
                    continue;
                }
                PaperField::Pdf => &mut paper.pdf_url,
                PaperField::Openreview => &mut paper.openreview_url,
                PaperField::Arxiv => &mut paper.arxiv_url,
                PaperField::Supplement => &mut paper.supplement_url,
                PaperField::Poster => &mut paper.poster_url,
                PaperField::Slides => &mut paper.slides_url,
                PaperField::Video => &mut paper.video_url,
                PaperField::Code => &mut paper.code_url,
            };
            *slot = Some(url);
        }
    }
}

/// Sorts the links of a session.
pub(super) fn sorted(talk: &Talk) -> Sorted {
    let mut sorted =
        Sorted { recording: talk.recording_url.clone(), stream: talk.stream_url.clone(), ..Sorted::default() };
    let mut paper = PaperLinks::default();
    for link in &talk.links {
        let Some(url) = usable(&link.url) else {
            sorted.unusable.push(link.clone());
            continue;
        };
        let link = LinkFacts { url, ..link.clone() };
        let words =
            format!("{} {}", link.kind.as_deref().unwrap_or_default(), link.title.as_deref().unwrap_or_default());
        let words = words.to_lowercase();
        let has = |wanted: &[&str]| wanted.iter().any(|word| words.contains(word));
        let slot = if is_paper(&link) {
            let field = PaperField::of_link(&link);
            if paper.fields.iter().any(|(known, _)| *known == field) {
                sorted.others.push(link);
                continue;
            }
            // A title of one word is the name of a site.
            let title = link.title.filter(|title| title.trim().contains(' '));
            paper.title = paper.title.take().or(title);
            paper.fields.push((field, link.url));
            continue;
        } else if has(&["slides", "folien", "presentation"]) {
            &mut sorted.slides
        } else if has(&["recording", "aufzeichnung"]) || link.url.contains("media.ccc.de/v/") {
            &mut sorted.recording
        } else if has(&["livestream", "live stream"]) {
            &mut sorted.stream
        } else {
            sorted.others.push(link);
            continue;
        };
        match slot {
            None => *slot = Some(link.url),
            Some(known) if *known == link.url => {}
            Some(_) => sorted.others.push(link),
        }
    }
    sorted.paper = (!paper.fields.is_empty()).then_some(paper);
    sorted
}

/// An address as content may keep it.
pub(crate) fn usable(url: &str) -> Option<String> {
    let url = url.trim();
    let full = match url::Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https" | "mailto") => url.to_owned(),
        Ok(_) => return None,
        Err(_) if url.starts_with('/') && !url.starts_with("//") => url.to_owned(),
        Err(_) => {
            let guess = format!("https://{}", url.trim_start_matches('/'));
            let host = url::Url::parse(&guess).ok()?.host_str()?.to_owned();
            (host.contains('.') && !url.contains(' ')).then_some(guess)?
        }
    };
    (full.len() <= crate::content::MAX_URL && !full.chars().any(char::is_control)).then_some(full)
}

fn is_paper(link: &LinkFacts) -> bool {
    let host = url::Url::parse(&link.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    link.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("paper"))
        || matches!(host.as_str(), "openreview.net" | "arxiv.org" | "doi.org" | "dx.doi.org")
}

/// Links as a list in Markdown.
pub(super) fn list(links: &[LinkFacts]) -> String {
    // A sentence keeps the list apart from one at the end of the abstract.
    let mut text = String::from("Links:\n\n");
    for link in links {
        let title = clean(link.title.as_deref().unwrap_or_default());
        let title = if title.is_empty() { link.url.clone() } else { title.chars().take(MAX_LINE).collect() };
        let mut label = String::with_capacity(title.len());
        for character in title.chars() {
            if matches!(character, '[' | ']' | '\\' | '*' | '_' | '`' | '<' | '>' | '~') {
                label.push('\\');
            }
            label.push(character);
        }
        let url = link.url.replace('(', "%28").replace(')', "%29").replace(' ', "%20");
        let url = url.replace('<', "%3C").replace('>', "%3E");
        text.push_str(&format!("- [{label}]({url})\n"));
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_usable_or_not() {
        for (given, kept) in [
            ("https://example.org/a b", Some("https://example.org/a b")),
            ("example.org/x", Some("https://example.org/x")),
            ("/attachments/1.pdf", Some("/attachments/1.pdf")),
            ("javascript:alert(1)", None),
            ("see the board", None),
            ("", None),
        ] {
            assert_eq!(usable(given).as_deref(), kept, "{given}");
        }
    }
}
