//! How links are asked for.

use async_graphql::ComplexObject;

use super::event::EventNode;
use super::item_node;
use crate::graphql::inline::InlineList;
use crate::graphql::scope::Scope;

item_node! {
    /// A link that the event shows, in its navigation or elsewhere.
    LinkNode, "Link", Link
}

#[ComplexObject]
impl LinkNode {
    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

pub(in crate::graphql) fn all(scope: &Scope) -> InlineList<LinkNode> {
    scope.document().links.iter().map(|item| LinkNode::new(item, scope)).collect()
}
