//! Announcements, as they are asked for.

use async_graphql::{ComplexObject, SimpleObject};

use crate::content::{Announcement, AnnouncementLink, DateTime};

node! {
    /// News from the organizers.
    complex AnnouncementNode, Announcement, "Announcement"
}

/// A link in an announcement, often to a meeting at a certain time.
#[derive(SimpleObject)]
#[graphql(name = "AnnouncementLink")]
pub struct AnnouncementLinkNode {
    #[graphql(flatten)]
    link: AnnouncementLink,
    /// When what it leads to begins.
    starts_at: Option<DateTime>,
    /// When what it leads to ends.
    ends_at: Option<DateTime>,
}

#[ComplexObject]
impl AnnouncementNode {
    /// Links that belong to it, in order.
    async fn links(&self) -> Vec<AnnouncementLinkNode> {
        let node = |link: &AnnouncementLink| AnnouncementLinkNode {
            link: link.clone(),
            starts_at: link.starts_at.map(|at| self.scope.time(at)),
            ends_at: link.ends_at.map(|at| self.scope.time(at)),
        };
        self.item.links.iter().map(node).collect()
    }

    /// From when a site shows it; absent where that is from the beginning.
    async fn shows_from(&self) -> Option<DateTime> {
        self.item.shows_from.map(|at| self.scope.time(at))
    }

    /// Until when a site shows it; absent where that is for ever.
    async fn shows_until(&self) -> Option<DateTime> {
        self.item.shows_until.map(|at| self.scope.time(at))
    }
}
