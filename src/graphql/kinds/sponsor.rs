//! Sponsors, as they are asked for.

use std::cmp::Ordering;

use async_graphql::{ComplexObject, Enum, InputObject, Result};

use super::sponsor_tier::SponsorTierNode;
use crate::content::{Kind, Sponsor};
use crate::graphql::connection::{Page, PageArguments, page_of};
use crate::graphql::filter::{Filter, IdFilter, Order, OrderDirection, TextFilter, combinations, compare_text, select};
use crate::graphql::scope::Scope;

node! {
    /// An organization that supports the event.
    complex SponsorNode, Sponsor, "Sponsor"
}

#[ComplexObject]
impl SponsorNode {
    /// The tier that it is in.
    async fn tier(&self) -> Option<SponsorTierNode> {
        self.scope.sponsor_tier(self.item.tier).map(|tier| SponsorTierNode::new(tier, &self.scope))
    }
}

/// Which sponsors: all conditions that are given have to hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SponsorFilter {
    /// The sponsor's id.
    pub id: Option<IdFilter>,
    /// What it is called.
    pub name: Option<TextFilter>,
    /// The id of its tier.
    pub tier: Option<IdFilter>,
    /// All of these have to hold too.
    pub and: Option<Vec<SponsorFilter>>,
    /// One of these has to hold too.
    pub or: Option<Vec<SponsorFilter>>,
    /// This must not hold.
    pub not: Option<Box<SponsorFilter>>,
}

impl Filter<Sponsor> for SponsorFilter {
    fn matches_own(&self, sponsor: &Sponsor, _: &Scope) -> bool {
        self.id.as_ref().is_none_or(|filter| filter.matches(Some(sponsor.head.id)))
            && self.name.as_ref().is_none_or(|filter| filter.matches(Some(&sponsor.name)))
            && self.tier.as_ref().is_none_or(|filter| filter.matches(Some(sponsor.tier)))
    }

    combinations!();
}

/// What sponsors can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SponsorOrderField {
    /// Their place in the organizers' list.
    Position,
    /// What they are called.
    Name,
}

/// An order of sponsors.
#[derive(Clone, Debug, InputObject)]
pub struct SponsorOrder {
    /// What to order by.
    pub field: SponsorOrderField,
    /// Which way to order.
    #[graphql(default)]
    pub direction: OrderDirection,
}

impl Order<Sponsor> for SponsorOrder {
    fn compare(&self, a: &Sponsor, b: &Sponsor, _: &Scope) -> Ordering {
        match self.field {
            SponsorOrderField::Position => a.head.position.cmp(&b.head.position),
            SponsorOrderField::Name => compare_text(&a.name, &b.name),
        }
    }

    fn direction(&self) -> OrderDirection {
        self.direction
    }
}

/// A page of sponsors.
pub fn sponsors(
    scope: &Scope,
    arguments: &PageArguments,
    filter: Option<&SponsorFilter>,
    orders: Option<&[SponsorOrder]>,
) -> Result<Page<SponsorNode>> {
    let list = &scope.document().sponsors;
    let places = select(list, filter, orders, scope)?;
    let place_of = |id| scope.place(Kind::Sponsor, id);
    page_of(arguments, &places, list, place_of, |item| item.head.id, |item| SponsorNode::new(item, scope))
}
