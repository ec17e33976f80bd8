//! The operators that filters are made of, and the way in which all filters work.
//!
//! A filter names only what everybody may see of an item, and an unknown or empty condition never means "everything":
//! `in: []` matches nothing.

use std::cmp::Ordering;
use std::sync::Arc;

use async_graphql::{Enum, InputObject, InputType, Result};

use super::connection::Places;
use super::error::Code;
use super::scope::Scope;
use crate::content::{Date, DateTime, Id};

/// How many conditions and combinations a filter may have.
const MAX_PARTS: usize = 50;
/// How deep combinations may be nested.
const MAX_DEPTH: usize = 5;
/// How many orders may be given.
const MAX_ORDERS: usize = 5;

/// Conditions on a text. Case and accents make no difference; all that are given have to hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct TextFilter {
    /// The whole text is this.
    pub eq: Option<String>,
    /// The whole text is one of these, at most 100.
    #[graphql(name = "in")]
    pub one_of: Option<Vec<String>>,
    /// The text contains this.
    pub contains: Option<String>,
    /// The text begins with this.
    pub starts_with: Option<String>,
}

/// Conditions on an id.
#[derive(Clone, Debug, Default, InputObject)]
pub struct IdFilter {
    /// The id is this.
    pub eq: Option<Id>,
    /// The id is one of these, at most 100.
    #[graphql(name = "in")]
    pub one_of: Option<Vec<Id>>,
}

/// A span of time.
#[derive(Clone, Debug, Default, InputObject)]
pub struct TimeFilter {
    /// At this instant or later.
    pub from: Option<DateTime>,
    /// Before this instant.
    pub to: Option<DateTime>,
}

/// A span of days.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DateFilter {
    /// On this day or later.
    pub from: Option<Date>,
    /// On this day or earlier.
    pub to: Option<Date>,
}

/// Which way to order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// The smallest, earliest or alphabetically first comes first.
    #[default]
    Asc,
    /// The greatest, latest or alphabetically last comes first.
    Desc,
}

/// A text as it is compared: without case and accents.
fn folded(text: &str) -> String {
    deunicode::deunicode(text).to_lowercase()
}

impl TextFilter {
    /// Whether a text fulfils the conditions; where there is no text, only an empty filter is fulfilled.
    pub fn matches(&self, text: Option<&str>) -> bool {
        let Some(text) = text else {
            return self.eq.is_none() && self.one_of.is_none() && self.contains.is_none() && self.starts_with.is_none();
        };
        let text = folded(text);
        self.eq.as_ref().is_none_or(|wanted| folded(wanted) == text)
            && self.one_of.as_ref().is_none_or(|wanted| wanted.iter().any(|wanted| folded(wanted) == text))
            && self.contains.as_ref().is_none_or(|part| text.contains(&folded(part)))
            && self.starts_with.as_ref().is_none_or(|part| text.starts_with(&folded(part)))
    }

    /// Whether one of several texts fulfils the conditions.
    pub fn matches_any<'a>(&self, mut texts: impl Iterator<Item = &'a str>) -> bool {
        texts.any(|text| self.matches(Some(text)))
    }
}

impl IdFilter {
    /// Whether an id fulfils the conditions; where there is none, only an empty filter is fulfilled.
    pub fn matches(&self, id: Option<Id>) -> bool {
        self.eq.is_none_or(|wanted| id == Some(wanted))
            && self.one_of.as_ref().is_none_or(|wanted| id.is_some_and(|id| wanted.contains(&id)))
    }

    /// Whether one of several ids fulfils the conditions.
    pub fn matches_any(&self, mut ids: impl Iterator<Item = Id>) -> bool {
        ids.any(|id| self.matches(Some(id)))
    }
}

impl TimeFilter {
    /// Whether an instant is in the span; where there is none, only an empty filter is fulfilled.
    pub fn matches(&self, at: Option<jiff::Timestamp>) -> bool {
        self.from.as_ref().is_none_or(|from| at.is_some_and(|at| at >= from.instant()))
            && self.to.as_ref().is_none_or(|to| at.is_some_and(|at| at < to.instant()))
    }
}

impl DateFilter {
    /// Whether a day is in the span.
    pub fn matches(&self, day: Date) -> bool {
        self.from.is_none_or(|from| day >= from) && self.to.is_none_or(|to| day <= to)
    }
}

/// A filter over items of a type, which are looked at in a scope where that has to be known.
pub trait Filter<T, S = Scope>: InputType {
    /// Whether an item fulfils this filter's own conditions, without its combinations.
    fn matches_own(&self, item: &T, scope: &S) -> bool;
    /// The filters of which all, one, and none have to be fulfilled too.
    fn combinations(&self) -> (Option<&[Self]>, Option<&[Self]>, Option<&Self>);
}

/// Whether an item fulfils a filter with all its combinations.
fn matches<T, S, F: Filter<T, S>>(filter: &F, item: &T, scope: &S) -> bool {
    let (all, one, none) = filter.combinations();
    filter.matches_own(item, scope)
        && all.is_none_or(|parts| parts.iter().all(|part| matches(part, item, scope)))
        && one.is_none_or(|parts| parts.iter().any(|part| matches(part, item, scope)))
        && none.is_none_or(|part| !matches(part, item, scope))
}

fn count<T, S, F: Filter<T, S>>(filter: &F, depth: usize) -> Result<usize> {
    let (all, one, none) = filter.combinations();
    let mut parts = 1;
    for part in all.into_iter().chain(one).flatten().chain(none) {
        parts += if depth < MAX_DEPTH { count(part, depth + 1)? } else { MAX_PARTS };
        if parts > MAX_PARTS {
            let message = format!("a filter has at most {MAX_PARTS} parts, {MAX_DEPTH} deep");
            return Err(Code::TooComplex.error(message));
        }
    }
    Ok(parts)
}

/// An order in the list of an `orderBy` argument.
pub trait Order<T, S = Scope> {
    /// How two items compare in this order, ascending.
    fn compare(&self, a: &T, b: &T, scope: &S) -> Ordering;
    /// Which way it goes.
    fn direction(&self) -> OrderDirection;
}

/// The places of the items that fulfil a filter, in an order; ties keep the order of the list.
pub fn select<T, S, F: Filter<T, S>, O: Order<T, S>>(
    list: &[Arc<T>],
    filter: Option<&F>,
    orders: Option<&[O]>,
    scope: &S,
) -> Result<Places> {
    let orders = orders.unwrap_or_default();
    if filter.is_none() && orders.is_empty() {
        return Ok(Places::All(list.len()));
    }
    if orders.len() > MAX_ORDERS {
        return Err(Code::TooComplex.error(format!("at most {MAX_ORDERS} orders can be given")));
    }
    let mut places: Vec<usize> = (0..list.len()).collect();
    if let Some(filter) = filter {
        count(filter, 0)?;
        places.retain(|place| matches(filter, &*list[*place], scope));
    }
    if !orders.is_empty() {
        places.sort_by(|a, b| {
            let compare = |order: &O| match order.direction() {
                OrderDirection::Asc => order.compare(&list[*a], &list[*b], scope),
                OrderDirection::Desc => order.compare(&list[*b], &list[*a], scope),
            };
            orders.iter().map(compare).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
        });
    }
    Ok(Places::Some(places))
}

/// Compares texts as people sort them: without case and accents, then as they are.
pub fn compare_text(a: &str, b: &str) -> Ordering {
    folded(a).cmp(&folded(b)).then_with(|| a.cmp(b))
}

/// Implements [`Filter::combinations`] for an input with the fields `and`, `or` and `not`.
macro_rules! combinations {
    () => {
        fn combinations(&self) -> (Option<&[Self]>, Option<&[Self]>, Option<&Self>) {
            (self.and.as_deref(), self.or.as_deref(), self.not.as_deref())
        }
    };
}
pub(super) use combinations;
