//! What every content item has, whatever its kind: identity, order, visibility, times.

use async_graphql::SimpleObject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, Report};

/// The head of a content item; the fields that are its kind's own are its body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "HeadFields")]
pub struct Head {
    /// The item's identity: a UUID that never changes, and its guid in every feed.
    pub id: Id,
    /// A readable name for URLs, unique among the items of its kind in the event, kept when the title changes.
    pub slug: String,
    /// Where the item stands among its kind in the event, counted from 0.
    pub position: i32,
    /// Whether the item may be seen by the public at all; held-back items are only in the working view.
    pub published: bool,
    /// The instant from which the public sees the item; `None` is at once.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Timestamp>,
    /// How often the item has been written: 1 when created, one more at every change. An item that was deleted and comes back
    /// goes on counting, so that no revision ever stands for two contents.
    pub revision: i32,
    /// When the item was created.
    #[graphql(skip)]
    pub created_at: Timestamp,
    /// When the item was last changed.
    #[graphql(skip)]
    pub updated_at: Timestamp,
}

impl Head {
    /// The head of a new, published item that was never written before.
    pub fn new(id: Id, slug: impl Into<String>, position: i32, now: Timestamp) -> Self {
        Head {
            id,
            slug: slug.into(),
            position,
            published: true,
            publish_at: None,
            revision: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether the public may see the item at `now`.
    pub fn is_visible(&self, now: Timestamp) -> bool {
        self.published && self.publish_at.is_none_or(|from| from <= now)
    }

    pub(super) fn check(&self, report: &mut Report) {
        report.slug("slug", &self.slug);
        if self.position < 0 {
            report.add("position", "position", "positions count from 0");
        }
    }
}
