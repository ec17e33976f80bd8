//! How important dates are asked for.

use async_graphql::{ComplexObject, OutputType, SimpleObject};
use jiff::tz::{Offset, TimeZone};

use super::event::EventNode;
use super::item_node;
use crate::content::{DateTime, Moment};
use crate::graphql::inline::InlineList;
use crate::graphql::scope::Scope;

item_node! {
    /// A deadline or another day to remember.
    ImportantDateNode, "ImportantDate", ImportantDate
}

#[ComplexObject]
impl ImportantDateNode {
    #[graphql(flatten)]
    async fn moment(&self) -> MomentNode<'_> {
        MomentNode { fields: &self.item.content.moment, scope: &self.item.scope }
    }

    /// What was announced before, oldest first: an extended deadline keeps its former ones.
    async fn superseded(&self) -> InlineList<MomentNode<'_>> {
        let scope = &self.item.scope;
        self.item.content.superseded.iter().map(|fields| MomentNode { fields, scope }).collect()
    }

    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

/// A moment as it was announced: often only a day, often *anywhere on earth*.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex, serial, name = "Moment")]
pub(in crate::graphql) struct MomentNode<'a> {
    #[graphql(flatten)]
    fields: &'a Moment,
    #[graphql(skip)]
    scope: &'a Scope,
}

impl<'a> MomentNode<'a> {
    pub(in crate::graphql) fn new(fields: &'a Moment, scope: &'a Scope) -> Self {
        MomentNode { fields, scope }
    }
}

#[ComplexObject]
impl MomentNode<'_> {
    /// The instant; without an announced time, the last second of the day. Its offset is that of the event's time zone,
    /// and `-12:00` for *anywhere on earth*.
    async fn at(&self) -> DateTime {
        if self.fields.anywhere_on_earth {
            return DateTime::new(self.fields.at, &TimeZone::fixed(Offset::constant(-12)));
        }
        self.scope.date_time(self.fields.at)
    }
}

pub(in crate::graphql) fn all(scope: &Scope) -> InlineList<ImportantDateNode> {
    scope.document().important_dates.iter().map(|item| ImportantDateNode::new(item, scope)).collect()
}
