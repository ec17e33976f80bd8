//! Papers as rows; who wrote them is in `paper_author`.

use entity::paper;
use uuid::Uuid;

use super::{Item, Origin, to_word};
use crate::content::{Head, Id, Kind, Markdown, Paper, PaperAuthor};
use crate::error::Error;

impl Item for Paper {
    type Table = paper::Entity;

    const KINDS: &'static [Kind] = &[Kind::Paper];

    fn from_row(_: Kind, head: Head, row: paper::Model) -> Result<Self, Error> {
        let origin = Origin::new("paper", row.id);
        Ok(Paper {
            head,
            number: row.number,
            title: row.title,
            summary: row.summary.map(Markdown),
            authors: Vec::new(),
            presentation: row.presentation.map(|word| origin.word(word)).transpose()?,
            pdf_url: row.pdf_url,
            supplement_url: row.supplement_url,
            poster_url: row.poster_url,
            slides_url: row.slides_url,
            video_url: row.video_url,
            code_url: row.code_url,
            openreview_url: row.openreview_url,
            arxiv_url: row.arxiv_url,
            doi: row.doi,
        })
    }

    fn to_row(&self) -> paper::Model {
        paper::Model {
            id: self.head.id.0,
            number: self.number.clone(),
            title: self.title.clone(),
            summary: self.summary.clone().map(|text| text.0),
            presentation: self.presentation.as_ref().map(to_word),
            pdf_url: self.pdf_url.clone(),
            supplement_url: self.supplement_url.clone(),
            poster_url: self.poster_url.clone(),
            slides_url: self.slides_url.clone(),
            video_url: self.video_url.clone(),
            code_url: self.code_url.clone(),
            openreview_url: self.openreview_url.clone(),
            arxiv_url: self.arxiv_url.clone(),
            doi: self.doi.clone(),
        }
    }

    fn id(row: &paper::Model) -> Uuid {
        row.id
    }
}

pub(in crate::store) fn author_from_row(row: entity::paper_author::Model) -> PaperAuthor {
    PaperAuthor {
        person: row.person_id.map(Id),
        name: row.name,
        affiliation: row.affiliation,
        corresponding: row.corresponding,
    }
}

pub(in crate::store) fn author_to_row(paper: Uuid, position: i32, author: &PaperAuthor) -> entity::paper_author::Model {
    entity::paper_author::Model {
        paper_id: paper,
        position,
        person_id: author.person.map(|id| id.0),
        name: author.name.clone(),
        affiliation: author.affiliation.clone(),
        corresponding: author.corresponding,
    }
}
