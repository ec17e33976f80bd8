//! An award, and which papers won it.

use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Id, Markdown, Report};

/// An award that the event gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "AwardFields")]
pub struct Award {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// What the award is called.
    pub name: String,
    /// What it is given for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Markdown>,
    /// The papers that won it.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<Id>,
}

impl Award {
    /// Adds what is wrong with the award to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.line("name", &self.name);
        report.markdown("description", self.description.as_ref());
    }
}
