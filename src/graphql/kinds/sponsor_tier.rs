//! Sponsor tiers, as they are asked for.

use async_graphql::ComplexObject;

use super::sponsor::SponsorNode;
use crate::content::SponsorTier;

node! {
    /// A level of sponsorship.
    complex SponsorTierNode, SponsorTier, "SponsorTier"
}

#[ComplexObject]
impl SponsorTierNode {
    /// The sponsors of this tier, in order.
    async fn sponsors(&self) -> Vec<SponsorNode> {
        let sponsors = self.scope.sponsors_in_tier(self.item.head.id);
        sponsors.map(|sponsor| SponsorNode::new(sponsor, &self.scope)).collect()
    }
}
