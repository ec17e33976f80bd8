//! A topic of the call for papers, with its bullets.

use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Markdown, Report};

/// A group of themes in the call for papers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "TopicFields")]
pub struct Topic {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// What the group is called.
    pub title: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Markdown>,
    /// The themes, one by one, as plain text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// Whether it is a special track of the call.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub special: bool,
}

impl Topic {
    /// Adds what is wrong with the topic to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.line("title", &self.title);
        report.markdown("description", self.description.as_ref());
        for (position, item) in self.items.iter().enumerate() {
            if item.trim().is_empty() || item.chars().count() > 2_000 || item.contains('\0') {
                report.add(&format!("items.{position}"), "item", "a theme has 1 to 2,000 characters");
            }
        }
    }
}
