//! How pages are asked for.

use async_graphql::ComplexObject;

use super::event::EventNode;
use super::item_node;
use crate::graphql::inline::InlineList;
use crate::graphql::scope::Scope;

item_node! {
    /// A text of the event's site.
    PageNode, "Page", Page
}

#[ComplexObject]
impl PageNode {
    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

pub(in crate::graphql) fn all(scope: &Scope) -> InlineList<PageNode> {
    scope.document().pages.iter().map(|item| PageNode::new(item, scope)).collect()
}
