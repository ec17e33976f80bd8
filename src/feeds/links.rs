//! What a session links to: its papers, slides, recording and stream, as links with a title and a type.

use super::{Source, text};
use crate::content::{Paper, Session};

/// A link of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) title: String,
    pub(super) url: String,
    /// One of the types of c3voc's schema: `slides`, `paper`, `web`, `media`, `related`.
    pub(super) kind: &'static str,
}

/// The links of a session, each address once.
pub(super) fn links(source: &Source<'_>, session: &Session) -> Vec<Link> {
    let mut links = Vec::new();
    let mut add = |title: &str, kind, url: &Option<String>| {
        let Some(url) = url.as_deref().and_then(|url| source.web_url(url)) else { return };
        if !links.iter().any(|link: &Link| link.url == url) {
            links.push(Link { title: text::line(title), url, kind });
        }
    };
    if let Some(paper) = session.paper.and_then(|paper| source.snapshot.paper(paper)) {
        for (title, kind, url) in addresses(source, paper) {
            add(&title, kind, &Some(url));
        }
    }
    add("Slides", "slides", &session.slides_url);
    add("Recording", "media", &session.recording_url);
    add("Live stream", "media", &session.stream_url);
    links
}

/// Where a paper is. One that is nowhere else is on the event's page.
pub(super) fn addresses(source: &Source<'_>, paper: &Paper) -> Vec<(String, &'static str, String)> {
    let doi = paper.doi.as_ref().map(|doi| format!("https://doi.org/{doi}"));
    let all = [
        (paper.title.as_str(), "paper", &paper.pdf_url),
        ("OpenReview", "paper", &paper.openreview_url),
        ("arXiv", "paper", &paper.arxiv_url),
        ("DOI", "paper", &doi),
        ("Supplement", "related", &paper.supplement_url),
        ("Poster", "related", &paper.poster_url),
        ("Slides", "slides", &paper.slides_url),
        ("Video", "media", &paper.video_url),
        ("Code", "related", &paper.code_url),
    ];
    let known = all.into_iter().filter_map(|(title, kind, url)| Some((title, kind, source.web_url(url.as_deref()?)?)));
    let mut known: Vec<_> = known.map(|(title, kind, url)| (title.to_owned(), kind, url)).collect();
    match known.iter_mut().find(|(_, kind, _)| *kind == "paper") {
        // The first link to a paper says which it is.
        Some(first) => first.0.clone_from(&paper.title),
        None => {
            known.insert(0, (paper.title.clone(), "paper", source.paper_url(paper)));
        }
    }
    known
}
