//! A track: sessions that belong together by theme.

use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Markdown, Report};

/// A theme that sessions share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "TrackFields")]
pub struct Track {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// What the track is called.
    pub name: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Markdown>,
    /// The colour to draw it in, as `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

impl Track {
    /// Adds what is wrong with the track to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.line("name", &self.name);
        report.markdown("description", self.description.as_ref());
        let hexadecimal = |color: &String| {
            color.len() == 7 && color.starts_with('#') && color[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        if self.color.as_ref().is_some_and(|color| !hexadecimal(color)) {
            report.add("color", "color", "a colour looks like #1f6feb");
        }
    }
}
