//! A tier of sponsors, such as Gold.

use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Report};

/// A level of sponsorship.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "SponsorTierFields")]
pub struct SponsorTier {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// What the tier is called, for example `Gold`.
    pub name: String,
}

impl SponsorTier {
    /// Adds what is wrong with the tier to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.line("name", &self.name);
    }
}
