//! What every filter and order is made of: operators on texts, ids, times and choices, `and`, `or`, `not`, and bounds.
//!
//! Nothing here knows a kind. A condition that names nothing matches nothing; it is never taken for "everything".

use std::cmp::Reverse;
use std::sync::Arc;

use async_graphql::{
    Enum, InputObject, InputType, InputValueError, InputValueResult, Result, Scalar, ScalarType, Value,
};
use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::change::ChangeOperation;
use super::connection::{Identified, Listing};
use super::error::Code;
use crate::content::{AttendanceMode, Date, DateTime, Head, Id, Kind, Presentation, SessionKind, SessionStatus};

/// The most filter objects that a filter may hold, itself included.
const MAX_FILTERS: usize = 50;
/// How deep filters may hold filters.
const MAX_DEPTH: usize = 5;
/// The most ids that can be looked for in the store.
const MAX_IDS: usize = 100;
/// The most orders that can be combined.
const MAX_ORDERS: usize = 3;

/// A text without case and accents, for comparing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Folded(String);

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Folded(text.to_ascii_lowercase());
        }
        Folded(text.nfkd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase).collect())
    }
}

/// In the schema it is a string; it is folded once, when the argument is read, and not for every item.
#[Scalar(name = "String")]
impl ScalarType for Folded {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Folded::new(&text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// Conditions on a text. Letters match whatever their case and accents. Conditions that are given together all hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct TextFilter {
    /// The text is this, as a whole.
    eq: Option<Folded>,
    /// The text is one of these, as a whole; an empty list matches nothing.
    #[graphql(name = "in")]
    one_of: Option<Vec<Folded>>,
    /// The text has this somewhere.
    contains: Option<Folded>,
    /// The text begins with this.
    starts_with: Option<Folded>,
}

impl TextFilter {
    /// Whether a text meets the conditions; a text that is not there meets none.
    pub(super) fn accepts(&self, text: Option<&str>) -> bool {
        let TextFilter { eq, one_of, contains, starts_with } = self;
        if eq.is_none() && one_of.is_none() && contains.is_none() && starts_with.is_none() {
            return true;
        }
        let Some(text) = text.map(Folded::new) else { return false };
        eq.as_ref().is_none_or(|wanted| text == *wanted)
            && one_of.as_ref().is_none_or(|wanted| wanted.contains(&text))
            && contains.as_ref().is_none_or(|wanted| text.0.contains(&wanted.0))
            && starts_with.as_ref().is_none_or(|wanted| text.0.starts_with(&wanted.0))
    }

    /// Whether one of several texts meets the conditions; without conditions, all do.
    pub(super) fn accepts_any<'a>(&self, texts: impl Iterator<Item = &'a str>) -> bool {
        self.accepts(None) || texts.into_iter().any(|text| self.accepts(Some(text)))
    }
}

/// Conditions on an identity.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct IdFilter {
    /// It is one of these; an empty list matches nothing.
    #[graphql(name = "in")]
    one_of: Option<Vec<Id>>,
    /// It is none of these.
    not_in: Option<Vec<Id>>,
}

impl IdFilter {
    pub(super) fn accepts(&self, id: Id) -> bool {
        self.accepts_any(std::iter::once(id))
    }

    /// The ids that are wanted, and those that are not, for what is looked for in the store; both are bounded.
    pub(super) fn for_store(&self, name: &str) -> Result<(Option<Vec<Id>>, Vec<Id>)> {
        let count = self.one_of.as_ref().map_or(0, Vec::len) + self.not_in.as_ref().map_or(0, Vec::len);
        if count > MAX_IDS {
            let message = format!("`{name}` names {count} ids; at most {MAX_IDS} can be looked for");
            return Err(Code::BadUserInput.error(message));
        }
        Ok((self.one_of.clone(), self.not_in.clone().unwrap_or_default()))
    }

    /// Whether one of several ids is wanted, and none of them unwanted.
    pub(super) fn accepts_any(&self, mut ids: impl Iterator<Item = Id> + Clone) -> bool {
        self.not_in.as_ref().is_none_or(|unwanted| !ids.clone().any(|id| unwanted.contains(&id)))
            && self.one_of.as_ref().is_none_or(|wanted| ids.any(|id| wanted.contains(&id)))
    }
}

/// Conditions on what an item refers to.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct ReferenceFilter {
    /// It refers to one of these, by id or by slug; an empty list matches nothing.
    #[graphql(name = "in")]
    one_of: Option<Vec<String>>,
    /// Whether it refers to anything.
    exists: Option<bool>,
}

impl ReferenceFilter {
    pub(super) fn accepts(&self, target: Option<(Id, &str)>) -> bool {
        let names = |(id, slug): (Id, &str)| {
            self.one_of
                .as_ref()
                .is_none_or(|wanted| wanted.iter().any(|wanted| wanted == slug || wanted.parse() == Ok(id)))
        };
        self.exists.is_none_or(|exists| exists == target.is_some())
            && (self.one_of.is_none() || target.is_some_and(names))
    }

    /// Whether the item that is referred to meets the conditions.
    pub(super) fn accepts_item(&self, head: Option<&Head>) -> bool {
        self.accepts(head.map(|head| (head.id, head.slug.as_str())))
    }

    /// Whether one of the items that are referred to meets the conditions.
    pub(super) fn accepts_items<'a>(&self, heads: impl Iterator<Item = &'a Head>) -> bool {
        let mut heads = heads.peekable();
        match heads.peek() {
            None => self.accepts(None),
            Some(_) => heads.any(|head| self.accepts_item(Some(head))),
        }
    }
}

/// A span of time; the ends may be open.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct TimeFilter {
    /// It is at this instant or later.
    from: Option<DateTime>,
    /// It is before this instant.
    to: Option<DateTime>,
}

impl TimeFilter {
    /// The ends, the second one not included.
    pub(super) fn ends(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        (self.from.as_ref().map(DateTime::instant), self.to.as_ref().map(DateTime::instant))
    }

    /// Whether an instant is in the span; one that is not known is in none.
    pub(super) fn accepts(&self, at: Option<Timestamp>) -> bool {
        let Some(at) = at else { return self.from.is_none() && self.to.is_none() };
        self.from.as_ref().is_none_or(|from| from.instant() <= at)
            && self.to.as_ref().is_none_or(|to| at < to.instant())
    }
}

/// A span of days; the ends may be open.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct DateFilter {
    /// It is this day or later.
    from: Option<Date>,
    /// It is this day or earlier.
    to: Option<Date>,
}

impl DateFilter {
    pub(super) fn accepts(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// Conditions on a choice.
#[derive(Clone, Debug, InputObject)]
#[graphql(concrete(name = "SessionKindFilter", params(SessionKind)))]
#[graphql(concrete(name = "SessionStatusFilter", params(SessionStatus)))]
#[graphql(concrete(name = "PresentationFilter", params(Presentation)))]
#[graphql(concrete(name = "AttendanceModeFilter", params(AttendanceMode)))]
#[graphql(concrete(name = "KindFilter", params(Kind)))]
#[graphql(concrete(name = "ChangeOperationFilter", params(ChangeOperation)))]
pub(super) struct ChoiceFilter<T: InputType> {
    /// It is this.
    eq: Option<T>,
    /// It is one of these; an empty list matches nothing.
    #[graphql(name = "in")]
    one_of: Option<Vec<T>>,
    /// It is none of these.
    not_in: Option<Vec<T>>,
}

impl<T: InputType + Copy + PartialEq> ChoiceFilter<T> {
    /// Whether a choice meets the conditions; one that was not made meets none that asks for something.
    pub(super) fn accepts(&self, choice: Option<T>) -> bool {
        self.eq.as_ref().is_none_or(|wanted| choice.as_ref() == Some(wanted))
            && self.one_of.as_ref().is_none_or(|wanted| choice.as_ref().is_some_and(|choice| wanted.contains(choice)))
            && self.not_in.as_ref().is_none_or(|not| choice.as_ref().is_none_or(|choice| !not.contains(choice)))
    }
}

/// A filter that holds filters of its own type: see [`combined`].
pub(super) trait Combined: Sized {
    fn all(&self) -> Option<&[Self]>;
    fn any(&self) -> Option<&[Self]>;
    fn none(&self) -> Option<&Self>;
}

/// Says that filters have `and`, `or` and `not`.
macro_rules! combined {
    ($($filter:ident),*) => {
        $(
            impl $crate::graphql::filter::Combined for $filter {
                fn all(&self) -> Option<&[Self]> {
                    self.and.as_deref()
                }
                fn any(&self) -> Option<&[Self]> {
                    self.or.as_deref()
                }
                fn none(&self) -> Option<&Self> {
                    self.not.as_deref()
                }
            }
        )*
    };
}
pub(super) use combined;

/// Whether a filter and the filters that it holds accept an item; `own` looks at the conditions of one filter only.
fn matches<F: Combined>(filter: &F, own: &impl Fn(&F) -> bool) -> bool {
    own(filter)
        && filter.all().is_none_or(|all| all.iter().all(|filter| matches(filter, own)))
        && filter.any().is_none_or(|any| any.iter().any(|filter| matches(filter, own)))
        && filter.none().is_none_or(|none| !matches(none, own))
}

/// Refuses filters that would cost too much.
fn check<F: Combined>(filter: &F) -> Result<()> {
    fn count<F: Combined>(filter: &F, depth: usize) -> usize {
        if depth > MAX_DEPTH {
            return MAX_FILTERS + 1;
        }
        let lists = [filter.all(), filter.any()];
        let held = lists.into_iter().flatten().flatten().chain(filter.none());
        held.fold(1, |sum, filter| if sum > MAX_FILTERS { sum } else { sum + count(filter, depth + 1) })
    }
    if count(filter, 1) > MAX_FILTERS {
        let message = format!("a filter may hold at most {MAX_FILTERS} filters, {MAX_DEPTH} deep");
        return Err(Code::TooComplex.error(message));
    }
    Ok(())
}

/// Which way a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub(super) enum OrderDirection {
    /// From small to large, from early to late, from A to Z; items that lack the value come last.
    #[default]
    Asc,
    /// From large to small, from late to early, from Z to A; items that lack the value come first.
    Desc,
}

/// One step of an order. What it leaves equal is ordered by the next step, and in the end by id.
#[derive(Clone, Debug, InputObject)]
#[graphql(concrete(name = "EventOrder", params(super::kinds::event::EventOrderField)))]
#[graphql(concrete(name = "PersonOrder", params(super::kinds::person::PersonOrderField)))]
#[graphql(concrete(name = "ParticipantOrder", params(super::kinds::participant::ParticipantOrderField)))]
#[graphql(concrete(name = "SessionOrder", params(super::kinds::session::SessionOrderField)))]
#[graphql(concrete(name = "PaperOrder", params(super::kinds::paper::PaperOrderField)))]
#[graphql(concrete(name = "SponsorOrder", params(super::kinds::sponsor::SponsorOrderField)))]
pub(super) struct Order<F: InputType> {
    /// What the list is ordered by.
    field: F,
    /// Which way.
    #[graphql(default)]
    direction: OrderDirection,
}

/// A value that lists are ordered by; what is absent comes last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Number(i64),
    Time(Timestamp),
    Day(Date),
    Text(Folded),
    Absent,
}

impl Key {
    pub(super) fn text(text: &str) -> Key {
        Key::Text(Folded::new(text))
    }

    pub(super) fn optional_text(text: Option<&str>) -> Key {
        text.map_or(Key::Absent, Key::text)
    }
}

/// What a caller chose from a list.
#[derive(Debug)]
pub(super) struct Choice<F, O: InputType> {
    pub filter: Option<F>,
    pub order_by: Option<Vec<Order<O>>>,
}

impl<F: Combined, O: InputType + Copy> Choice<F, O> {
    /// The items of a list that were chosen, in the order that was chosen. Without a choice it costs nothing.
    ///
    /// `accepts` looks at the conditions of one filter, without the filters that it holds; `key` gives the value that
    /// items are ordered by.
    pub(super) fn of<'a, T: Identified>(
        &self,
        list: Listing<'a, T>,
        accepts: impl Fn(&F, &T) -> bool,
        key: impl Fn(O, &T) -> Key,
    ) -> Result<Listing<'a, T>> {
        let orders = self.order_by.as_deref().unwrap_or_default();
        if orders.len() > MAX_ORDERS {
            return Err(Code::BadUserInput.error(format!("`orderBy` takes at most {MAX_ORDERS} orders")));
        }
        if self.filter.is_none() && orders.is_empty() {
            return Ok(list);
        }
        let mut chosen: Vec<&'a Arc<T>> = match list {
            Listing::Whole(items) => items.iter().collect(),
            Listing::Chosen(items) => items,
        };
        if let Some(filter) = &self.filter {
            check(filter)?;
            chosen.retain(|item| matches(filter, &|filter| accepts(filter, item)));
        }
        if !orders.is_empty() {
            chosen.sort_by_cached_key(|item| {
                let keys = orders.iter().map(|order| match order.direction {
                    OrderDirection::Asc => (Some(key(order.field, item)), None),
                    OrderDirection::Desc => (None, Some(Reverse(key(order.field, item)))),
                });
                (keys.collect::<Vec<_>>(), item.identity())
            });
        }
        Ok(Listing::Chosen(chosen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default)]
    struct Wanted {
        is: Option<bool>,
        and: Option<Vec<Wanted>>,
        or: Option<Vec<Wanted>>,
        not: Option<Box<Wanted>>,
    }
    combined!(Wanted);

    fn is(is: bool) -> Wanted {
        Wanted { is: Some(is), ..Wanted::default() }
    }

    fn accepts(filter: &Wanted) -> bool {
        matches(filter, &|own| own.is.is_none_or(|is| is))
    }

    #[test]
    fn filters_combine() {
        assert!(accepts(&Wanted::default()));
        assert!(accepts(&Wanted { and: Some(vec![]), ..is(true) }));
        assert!(!accepts(&Wanted { or: Some(vec![]), ..is(true) }), "one of none");
        assert!(accepts(&Wanted { or: Some(vec![is(false), is(true)]), ..is(true) }));
        assert!(!accepts(&Wanted { and: Some(vec![is(false), is(true)]), ..is(true) }));
        assert!(!accepts(&Wanted { not: Some(Box::new(is(true))), ..is(true) }));
        assert!(!accepts(&Wanted { not: Some(Box::new(is(false))), ..is(false) }));
    }

    #[test]
    fn filters_are_bounded() {
        assert!(check(&Wanted { or: Some((0..49).map(|_| is(true)).collect()), ..is(true) }).is_ok());
        assert!(check(&Wanted { or: Some((0..50).map(|_| is(true)).collect()), ..is(true) }).is_err());
        let nest = |depth| (1..depth).fold(is(true), |held, _| Wanted { not: Some(Box::new(held)), ..is(true) });
        assert!(check(&nest(5)).is_ok());
        assert!(check(&nest(6)).is_err());
    }

    #[test]
    fn texts_match_without_case_and_accents() {
        let contains = |wanted: &str| TextFilter { contains: Some(Folded::new(wanted)), ..TextFilter::default() };
        assert!(contains("ECOLE").accepts(Some("L'École polytechnique")));
        assert!(contains("École").accepts(Some("the ecole")));
        assert!(!contains("x").accepts(None));
        assert!(TextFilter::default().accepts(None));
        assert!(!TextFilter { one_of: Some(vec![]), ..TextFilter::default() }.accepts(Some("a")));
    }
}
