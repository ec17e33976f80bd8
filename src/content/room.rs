//! A room: a place at the venue, or one on the network.

use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Markdown, Report};

/// A place where sessions are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "RoomFields")]
pub struct Room {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// What the room is called.
    pub name: String,
    /// How to find it, and what else is to be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Markdown>,
    /// How many people it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i32>,
    /// Whether the room is on the network and not at the venue.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub online: bool,
    /// Where an online room is entered, or where the room is on the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Room {
    /// Adds what is wrong with the room to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.line("name", &self.name);
        report.markdown("description", self.description.as_ref());
        if self.capacity.is_some_and(|capacity| capacity < 0) {
            report.add("capacity", "capacity", "a room holds 0 people or more");
        }
        report.url_or_path("url", self.url.as_deref());
    }
}
