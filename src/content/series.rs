//! A series: the workshop through the years. Not an item; events are its editions.

use async_graphql::SimpleObject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, Markdown, Report};

/// A workshop or conference that comes again, of which events are the editions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "SeriesFields")]
pub struct Series {
    /// The series' identity: a UUID that never changes.
    pub id: Id,
    /// The name of the series in URLs, unique on this server, for example `enlsp`.
    pub slug: String,
    /// The name that all editions share.
    pub name: String,
    /// What the series is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Markdown>,
    /// When the series was created on this server.
    #[graphql(skip)]
    pub created_at: Timestamp,
    /// When the series was last changed.
    #[graphql(skip)]
    pub updated_at: Timestamp,
}

impl Series {
    /// Adds what is wrong with the series to `report`.
    pub fn check(&self, report: &mut Report) {
        report.slug("slug", &self.slug);
        report.line("name", &self.name);
        report.markdown("description", self.description.as_ref());
    }
}
