//! Important dates, as they are asked for.

use async_graphql::{ComplexObject, OutputType as _, SimpleObject};
use jiff::tz::{Offset, TimeZone};

use crate::content::{DateTime, ImportantDate, Moment};
use crate::graphql::scope::Scope;

node! {
    /// A deadline or another day to remember.
    complex ImportantDateNode, ImportantDate, "ImportantDate"
}

/// A moment that was announced before it was moved.
#[derive(SimpleObject)]
#[graphql(name = "SupersededMoment")]
pub struct SupersededMoment {
    #[graphql(flatten)]
    moment: Moment,
    /// The instant. Without an announced time it is the last second of the day.
    at: DateTime,
}

/// The instant of a moment: *anywhere on earth* has the offset -12:00, others that of the event's zone.
fn time(moment: &Moment, scope: &Scope) -> DateTime {
    match moment.anywhere_on_earth {
        true => DateTime::new(moment.at, &TimeZone::fixed(Offset::constant(-12))),
        false => scope.time(moment.at),
    }
}

#[ComplexObject]
impl ImportantDateNode {
    #[graphql(flatten)]
    async fn moment(&self) -> Moment {
        self.item.moment.clone()
    }

    /// The instant, with the offset -12:00 where it is *anywhere on earth*. Without an announced time it is the last
    /// second of the day.
    async fn at(&self) -> DateTime {
        time(&self.item.moment, &self.scope)
    }

    /// What was announced before, oldest first: an extended deadline keeps its former ones.
    async fn superseded(&self) -> Vec<SupersededMoment> {
        let node = |moment: &Moment| SupersededMoment { moment: moment.clone(), at: time(moment, &self.scope) };
        self.item.superseded.iter().map(node).collect()
    }
}
