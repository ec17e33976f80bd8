//! An announcement: what the organizers want to be seen now.

use async_graphql::{Enum, SimpleObject};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Markdown, Report};

/// How loud an announcement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AnnouncementSeverity {
    /// For information.
    Info,
    /// Good news.
    Success,
    /// Something to mind.
    Warning,
    /// Nobody should miss it.
    Critical,
}

/// A link in an announcement, often to a meeting at a certain time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "AnnouncementLinkFields")]
pub struct AnnouncementLink {
    /// What it is called.
    pub label: String,
    /// Where it leads; absent while the organizers have not given it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When what it leads to begins.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// When what it leads to ends.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
}

/// News from the organizers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "AnnouncementFields")]
pub struct Announcement {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// The headline.
    pub title: String,
    /// How loud it is.
    pub severity: AnnouncementSeverity,
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Markdown>,
    /// Links that belong to it, in order.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<AnnouncementLink>,
    /// From when a site shows it; `None` is from the beginning.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows_from: Option<Timestamp>,
    /// Until when a site shows it; `None` is for ever.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows_until: Option<Timestamp>,
}

impl Announcement {
    /// Adds what is wrong with the announcement to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.line("title", &self.title);
        report.markdown("body", self.body.as_ref());
        for (position, link) in self.links.iter().enumerate() {
            report.within(format!("links.{position}"), |report| {
                report.line("label", &link.label);
                report.url_or_path("url", link.url.as_deref());
                if link.starts_at.zip(link.ends_at).is_some_and(|(start, end)| end < start) {
                    report.add("endsAt", "end-before-start", "it ends before it begins");
                }
            });
        }
        if self.shows_from.zip(self.shows_until).is_some_and(|(from, until)| until < from) {
            report.add("showsUntil", "end-before-start", "it would stop showing before it starts");
        }
    }
}
