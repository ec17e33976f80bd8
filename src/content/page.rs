//! A page: longer text of the site, such as the overview.

use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Markdown, Report};

/// A text of the event's site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "PageFields")]
pub struct Page {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// The title.
    pub title: String,
    /// The text.
    pub body: Markdown,
}

impl Page {
    /// Adds what is wrong with the page to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.line("title", &self.title);
        report.markdown("body", Some(&self.body));
    }
}
