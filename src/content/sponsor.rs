//! A sponsor and its logo.

use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Id, Image, Markdown, Report};

/// An organization that supports the event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "SponsorFields")]
pub struct Sponsor {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// The tier that it is in.
    #[graphql(skip)]
    pub tier: Id,
    /// What it is called.
    pub name: String,
    /// Its own site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Image>,
    /// What it says about itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Markdown>,
}

impl Sponsor {
    /// Adds what is wrong with the sponsor to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        if self.tier.0.is_nil() {
            report.add("tier", "required", "a sponsor needs its tier");
        }
        report.line("name", &self.name);
        report.url("url", self.url.as_deref());
        report.image("logo", self.logo.as_ref());
        report.markdown("description", self.description.as_ref());
    }
}
