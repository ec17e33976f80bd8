//! How sponsors are asked for.

use async_graphql::{ComplexObject, Enum, InputObject, Result};

use super::event::EventNode;
use super::item_node;
use super::sponsor_tier::SponsorTierNode;
use crate::content::Sponsor;
use crate::graphql::connection::{Connection, Listed, Listing, PageArguments};
use crate::graphql::filter::{Choice, IdFilter, Key, ReferenceFilter, TextFilter, combined};
use crate::graphql::scope::Scope;

item_node! {
    /// An organization that supports the event.
    SponsorNode, "Sponsor", Sponsor
}

#[ComplexObject]
impl SponsorNode {
    /// The tier that it is in; absent only while the tier is not public.
    async fn tier(&self) -> Option<SponsorTierNode> {
        let scope = &self.item.scope;
        scope.sponsor_tier(self.item.content.tier).map(|tier| SponsorTierNode::new(tier, scope))
    }

    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

impl Listed for SponsorNode {
    const CONNECTION: &'static str = "SponsorConnection";
    const EDGE: &'static str = "SponsorEdge";
}

/// Which sponsors. Conditions that are given together all hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct SponsorFilter {
    /// The id.
    id: Option<IdFilter>,
    /// The slug.
    slug: Option<TextFilter>,
    /// The name.
    name: Option<TextFilter>,
    /// The tier.
    tier: Option<ReferenceFilter>,
    /// All of these hold too.
    pub(in crate::graphql) and: Option<Vec<SponsorFilter>>,
    /// One of these holds too; an empty list matches nothing.
    pub(in crate::graphql) or: Option<Vec<SponsorFilter>>,
    /// This does not hold.
    pub(in crate::graphql) not: Option<Box<SponsorFilter>>,
}
combined!(SponsorFilter);

impl SponsorFilter {
    fn accepts(&self, sponsor: &Sponsor, scope: &Scope) -> bool {
        let SponsorFilter { id, slug, name, tier, and: _, or: _, not: _ } = self;
        let tier_head = || scope.sponsor_tier(sponsor.tier).map(|tier| &tier.head);
        id.as_ref().is_none_or(|id| id.accepts(sponsor.head.id))
            && slug.as_ref().is_none_or(|slug| slug.accepts(Some(&sponsor.head.slug)))
            && name.as_ref().is_none_or(|name| name.accepts(Some(&sponsor.name)))
            && tier.as_ref().is_none_or(|tier| tier.accepts_item(tier_head()))
    }
}

/// What sponsors can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum SponsorOrderField {
    /// The organizers' order; this is also the order when none is given.
    Position,
    /// The name.
    Name,
}

pub(in crate::graphql) fn list(
    scope: &Scope,
    page: &PageArguments,
    choice: &Choice<SponsorFilter, SponsorOrderField>,
) -> Result<Connection<SponsorNode>> {
    let chosen = choice.of(
        Listing::Whole(&scope.document().sponsors),
        |filter, sponsor| filter.accepts(sponsor, scope),
        |field, sponsor| match field {
            SponsorOrderField::Position => Key::Number(sponsor.head.position.into()),
            SponsorOrderField::Name => Key::text(&sponsor.name),
        },
    )?;
    page.page(&chosen, |sponsor| SponsorNode::new(sponsor, scope))
}
