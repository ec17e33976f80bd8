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
    /// The links of its paper.
    pub(super) paper: Vec<LinkFacts>,
    /// Everything else.
    pub(super) others: Vec<LinkFacts>,
    /// What is no address that can be kept.
    pub(super) unusable: Vec<LinkFacts>,
}

/// Sorts the links of a session.
pub(super) fn sorted(talk: &Talk) -> Sorted {
    let mut sorted = Sorted { recording: talk.recording_url.clone(), stream: talk.stream_url.clone(), ..Sorted::default() };
    for link in &talk.links {
        let Some(url) = usable(&link.url) else {
            sorted.unusable.push(link.clone());
            continue;
        };
        let link = LinkFacts { url, ..link.clone() };
        let words = format!("{} {}", link.kind.as_deref().unwrap_or_default(), link.title.as_deref().unwrap_or_default()).to_lowercase();
        let has = |wanted: &[&str]| wanted.iter().any(|word| words.contains(word));
        let slot = if is_paper(&link) {
            sorted.paper.push(link);
            continue;
        } else if has(&["slides", "folien", "presentation"]) {
            &mut sorted.slides
        } else if has(&["recording", "aufzeichnung"]) || link.url.contains("media.ccc.de/v/") {
            &mut sorted.recording
        } else if has(&["livestream", "live stream", "stream"]) {
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

/// Puts the links of a paper into its fields; what finds no field is given back.
pub(super) fn fill_paper(paper: &mut Paper, links: Vec<LinkFacts>) -> Vec<LinkFacts> {
    let mut left = Vec::new();
    for link in links {
        let parsed = url::Url::parse(&link.url).ok();
        let host = parsed.as_ref().and_then(|url| url.host_str()).unwrap_or_default().to_owned();
        let title = link.title.as_deref().unwrap_or_default().to_lowercase();
        let doi = parsed.as_ref().filter(|_| matches!(host.as_str(), "doi.org" | "dx.doi.org"));
        if let Some(doi) = doi.map(|url| url.path().trim_start_matches('/')).filter(|doi| doi.starts_with("10.") && doi.contains('/')) {
            if paper.doi.is_none() {
                paper.doi = Some(doi.to_owned());
                continue;
            }
        }
        let slot = match host.as_str() {
            "openreview.net" if !link.url.contains("/pdf") => &mut paper.openreview_url,
            "arxiv.org" if !link.url.contains("/pdf/") => &mut paper.arxiv_url,
            "github.com" | "gitlab.com" => &mut paper.code_url,
            _ if title.contains("poster") => &mut paper.poster_url,
            _ if title.contains("supplement") => &mut paper.supplement_url,
            _ if title.contains("code") => &mut paper.code_url,
            _ if title.contains("slides") => &mut paper.slides_url,
            _ if title.contains("video") => &mut paper.video_url,
            _ => &mut paper.pdf_url,
        };
        if slot.is_none() {
            *slot = Some(link.url);
        } else {
            left.push(link);
        }
    }
    left
}

/// Links as a list in Markdown.
pub(super) fn list(links: &[LinkFacts]) -> String {
    let mut text = String::new();
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
