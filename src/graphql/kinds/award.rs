//! How awards are asked for.

use async_graphql::ComplexObject;

use super::event::EventNode;
use super::item_node;
use super::paper::PaperNode;
use crate::graphql::inline::InlineList;
use crate::graphql::scope::Scope;

item_node! {
    /// An award that the event gives.
    AwardNode, "Award", Award
}

#[ComplexObject]
impl AwardNode {
    /// The papers that won it.
    async fn papers(&self) -> InlineList<PaperNode> {
        let scope = &self.item.scope;
        let papers = self.item.content.papers.iter().filter_map(|id| scope.paper(*id));
        papers.map(|paper| PaperNode::new(paper, scope)).collect()
    }

    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

pub(in crate::graphql) fn all(scope: &Scope) -> InlineList<AwardNode> {
    scope.document().awards.iter().map(|item| AwardNode::new(item, scope)).collect()
}
