//! How topics of the call for papers are asked for.

use async_graphql::ComplexObject;

use super::event::EventNode;
use super::item_node;
use crate::graphql::inline::InlineList;
use crate::graphql::scope::Scope;

item_node! {
    /// A group of themes in the call for papers.
    TopicNode, "Topic", Topic
}

#[ComplexObject]
impl TopicNode {
    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

pub(in crate::graphql) fn all(scope: &Scope) -> InlineList<TopicNode> {
    scope.document().topics.iter().map(|item| TopicNode::new(item, scope)).collect()
}
