//! Awards, as they are asked for.

use async_graphql::ComplexObject;

use super::paper::PaperNode;
use crate::content::Award;

node! {
    /// An award that the event gives.
    complex AwardNode, Award, "Award"
}

#[ComplexObject]
impl AwardNode {
    /// The papers that won it.
    async fn papers(&self) -> Vec<PaperNode> {
        let papers = self.item.papers.iter().filter_map(|id| self.scope.paper(*id));
        papers.map(|paper| PaperNode::new(paper, &self.scope)).collect()
    }
}
