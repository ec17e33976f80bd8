//! A paper: what was accepted, and who wrote it.

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Id, Markdown, Report};

/// How a paper is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Presentation {
    /// A full talk.
    Oral,
    /// A short talk.
    Spotlight,
    /// A poster.
    Poster,
    /// In another way.
    Other,
}

/// One of a paper's authors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "PaperAuthorFields")]
pub struct PaperAuthor {
    /// Who it is; `None` where the paper does not tell, as for `Anonymous`.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Id>,
    /// The name as it stands on the paper.
    pub name: String,
    /// The affiliation as it stands on the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
    /// Whether this is the author to write to, marked `*` on many papers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub corresponding: bool,
}

/// A paper of the event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "PaperFields")]
pub struct Paper {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// The submission number or code as the organizers know it, for example `17`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The title.
    pub title: String,
    /// The abstract.
    #[serde(rename = "abstract", default, skip_serializing_if = "Option::is_none")]
    #[graphql(name = "abstract")]
    pub summary: Option<Markdown>,
    /// Who wrote it, in the order of the paper.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<PaperAuthor>,
    /// How it is presented, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presentation: Option<Presentation>,
    /// The paper itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf_url: Option<String>,
    /// Supplementary material.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplement_url: Option<String>,
    /// The poster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster_url: Option<String>,
    /// The slides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slides_url: Option<String>,
    /// A video of the presentation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video_url: Option<String>,
    /// The code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_url: Option<String>,
    /// The paper's page on OpenReview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openreview_url: Option<String>,
    /// The paper's page on arXiv.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arxiv_url: Option<String>,
    /// The DOI, bare, for example `10.1000/182`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
}

impl Paper {
    /// A paper of which only the title is known.
    pub fn new(head: Head, title: impl Into<String>) -> Self {
        Paper {
            head,
            number: None,
            title: title.into(),
            summary: None,
            authors: Vec::new(),
            presentation: None,
            pdf_url: None,
            supplement_url: None,
            poster_url: None,
            slides_url: None,
            video_url: None,
            code_url: None,
            openreview_url: None,
            arxiv_url: None,
            doi: None,
        }
    }

    /// Adds what is wrong with the paper to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.optional_line("number", self.number.as_deref());
        report.line("title", &self.title);
        report.markdown("abstract", self.summary.as_ref());
        for (position, author) in self.authors.iter().enumerate() {
            report.within(format!("authors.{position}"), |report| {
                report.line("name", &author.name);
                report.optional_line("affiliation", author.affiliation.as_deref());
            });
        }
        for (field, url) in [
            ("pdfUrl", &self.pdf_url),
            ("supplementUrl", &self.supplement_url),
            ("posterUrl", &self.poster_url),
            ("slidesUrl", &self.slides_url),
            ("videoUrl", &self.video_url),
            ("codeUrl", &self.code_url),
            ("openreviewUrl", &self.openreview_url),
            ("arxivUrl", &self.arxiv_url),
        ] {
            report.url_or_path(field, url.as_deref());
        }
        report.optional_line("doi", self.doi.as_deref());
        if self.doi.as_ref().is_some_and(|doi| super::doi(doi).as_ref() != Some(doi)) {
            report.add("doi", "doi", "a DOI looks like 10.1000/182");
        }
    }
}
