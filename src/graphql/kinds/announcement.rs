//! How announcements are asked for.

use async_graphql::{ComplexObject, SimpleObject};

use super::event::EventNode;
use super::item_node;
use crate::content::{AnnouncementLink, DateTime};
use crate::graphql::inline::InlineList;
use crate::graphql::scope::Scope;

item_node! {
    /// News from the organizers.
    AnnouncementNode, "Announcement", Announcement
}

#[ComplexObject]
impl AnnouncementNode {
    /// Links that belong to it, in order.
    async fn links(&self) -> InlineList<AnnouncementLinkNode<'_>> {
        let scope = &self.item.scope;
        self.item.content.links.iter().map(|fields| AnnouncementLinkNode { fields, scope }).collect()
    }

    /// From when a site shows it; absent when it shows from the beginning.
    async fn shows_from(&self) -> Option<DateTime> {
        self.item.content.shows_from.map(|instant| self.item.scope.date_time(instant))
    }

    /// Until when a site shows it; absent when it shows for ever.
    async fn shows_until(&self) -> Option<DateTime> {
        self.item.content.shows_until.map(|instant| self.item.scope.date_time(instant))
    }

    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

/// A link in an announcement, often to a meeting at a certain time.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex, serial, name = "AnnouncementLink")]
pub(in crate::graphql) struct AnnouncementLinkNode<'a> {
    #[graphql(flatten)]
    fields: &'a AnnouncementLink,
    #[graphql(skip)]
    scope: &'a Scope,
}

#[ComplexObject]
impl AnnouncementLinkNode<'_> {
    /// When what it leads to begins.
    async fn starts_at(&self) -> Option<DateTime> {
        self.fields.starts_at.map(|instant| self.scope.date_time(instant))
    }

    /// When what it leads to ends.
    async fn ends_at(&self) -> Option<DateTime> {
        self.fields.ends_at.map(|instant| self.scope.date_time(instant))
    }
}

pub(in crate::graphql) fn all(scope: &Scope) -> InlineList<AnnouncementNode> {
    scope.document().announcements.iter().map(|item| AnnouncementNode::new(item, scope)).collect()
}
