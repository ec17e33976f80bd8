//! Papers.

use sea_orm::entity::prelude::*;

/// A row of `paper`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "paper")]
pub struct Model {
    /// The id of the item, in `item` too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The number as the organizers know it.
    pub number: Option<String>,
    /// The title.
    pub title: String,
    /// The abstract, in Markdown.
    pub summary: Option<String>,
    /// How it is presented.
    pub presentation: Option<String>,
    /// The paper itself.
    pub pdf_url: Option<String>,
    /// Supplementary material.
    pub supplement_url: Option<String>,
    /// The poster.
    pub poster_url: Option<String>,
    /// The slides.
    pub slides_url: Option<String>,
    /// A video.
    pub video_url: Option<String>,
    /// The code.
    pub code_url: Option<String>,
    /// The page on OpenReview.
    pub openreview_url: Option<String>,
    /// The page on arXiv.
    pub arxiv_url: Option<String>,
    /// The bare DOI.
    pub doi: Option<String>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
