//! How sponsor tiers are asked for.

use async_graphql::ComplexObject;

use super::event::EventNode;
use super::item_node;
use super::sponsor::SponsorNode;
use crate::graphql::inline::InlineList;
use crate::graphql::scope::Scope;

item_node! {
    /// A level of sponsorship, such as Gold.
    SponsorTierNode, "SponsorTier", SponsorTier
}

#[ComplexObject]
impl SponsorTierNode {
    /// The sponsors in this tier, in the organizers' order.
    async fn sponsors(&self) -> InlineList<SponsorNode> {
        let scope = &self.item.scope;
        scope.sponsors_in_tier(self.item.content.head.id).map(|sponsor| SponsorNode::new(sponsor, scope)).collect()
    }

    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

pub(in crate::graphql) fn all(scope: &Scope) -> InlineList<SponsorTierNode> {
    scope.document().sponsor_tiers.iter().map(|item| SponsorTierNode::new(item, scope)).collect()
}
