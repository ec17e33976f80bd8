//! A link of the site's navigation, or to a place that belongs to the event.

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Report};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LinkKind {
    /// A part of the event's own site.
    Navigation,
    /// The site of another edition.
    Edition,
    /// A place on the network where the event happens.
    VirtualVenue,
    /// Anything else.
    Other,
}

/// A link that the event shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "LinkFields")]
pub struct Link {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// What it is called.
    pub label: String,
    /// Where it leads: an `http(s)` or `mailto` URL, or a path that begins with `/`, relative to the event's website.
    pub url: String,
    /// What it is for.
    pub kind: LinkKind,
}

impl Link {
    /// Adds what is wrong with the link to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.line("label", &self.label);
        report.url_or_path("url", Some(&self.url));
    }
}
