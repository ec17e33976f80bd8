//! Pages of lists, as the Relay cursor connections specification has them: of slices in memory, and of the change log.
//!
//! Nothing here knows what is listed. Asking for too much is an error, never a silent cut.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{Object, Result, TypeName};
use uuid::Uuid;

use super::error::Code;
use super::inline::{Inline, InlineList, Ref};
use crate::content::{Content, Id, Person};
use crate::store::{EventHeader, LogSpan};

/// How many items a page has when the caller does not say.
pub const DEFAULT_PAGE: usize = 20;
/// The most items that a page may have.
pub const MAX_PAGE: usize = 100;

/// The arguments of a connection, as they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct PageArguments {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

/// What has an identity, for cursors.
pub(super) trait Identified {
    /// The identity.
    fn identity(&self) -> Id;
}

impl<T: Content> Identified for T {
    fn identity(&self) -> Id {
        self.head().id
    }
}

impl Identified for Person {
    fn identity(&self) -> Id {
        self.id
    }
}

impl Identified for EventHeader {
    fn identity(&self) -> Id {
        self.event.id
    }
}

/// What a page is cut from.
#[derive(Debug)]
pub(super) enum Listing<'a, T> {
    /// A whole list in its natural order; costs nothing to make.
    Whole(&'a [Arc<T>]),
    /// Items that were chosen or put into another order.
    Chosen(Vec<&'a Arc<T>>),
}

impl<'a, T> Listing<'a, T> {
    fn len(&self) -> usize {
        match self {
            Listing::Whole(items) => items.len(),
            Listing::Chosen(items) => items.len(),
        }
    }

    fn get(&self, place: usize) -> Option<&'a Arc<T>> {
        match self {
            Listing::Whole(items) => items.get(place),
            Listing::Chosen(items) => items.get(place).copied(),
        }
    }
}

/// A place in a list, for the next page: the item, and where it stood. A list that has changed since then is gone on with
/// from the item, or from where it stood if it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    id: Id,
    place: usize,
}

impl Cursor {
    fn encode(self) -> String {
        format!("{}{:x}", self.id.0.simple(), self.place)
    }

    fn decode(argument: &str, text: &str) -> Result<Self> {
        let read = || {
            let (id, place) = text.split_at_checked(32)?;
            let plain = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
            let place = u32::from_str_radix(place, 16).ok()?;
            Some(Cursor { id: Id(Uuid::parse_str(id).ok()?), place: place as usize }).filter(|_| plain)
        };
        read().ok_or_else(|| no_cursor(argument))
    }
}

/// A place in a list, in memory or in the change log.
#[derive(Clone, Copy, Debug)]
enum Place {
    Item(Cursor),
    /// An entry of the log, by its sequence number.
    Entry(i64),
}

impl Place {
    fn encode(self) -> String {
        match self {
            Place::Item(cursor) => cursor.encode(),
            Place::Entry(sequence) => sequence.to_string(),
        }
    }
}

/// The number of an entry of the log, as its cursor and as clients name it.
pub(super) fn sequence(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

fn no_cursor(argument: &str) -> async_graphql::Error {
    Code::BadUserInput.error(format!("`{argument}` is not a cursor that this API gave"))
}

/// Where a cursor stands in a list now: before which place, and whether its item is there.
fn locate(cursor: Cursor, length: usize, id_at: impl Fn(usize) -> Option<Id>) -> (usize, bool) {
    let is_there = |place: &usize| id_at(*place) == Some(cursor.id);
    let found = Some(cursor.place).filter(is_there).or_else(|| (0..length).find(is_there));
    (found.unwrap_or(cursor.place.min(length)), found.is_some())
}

impl PageArguments {
    /// The page of a listing that these arguments ask for.
    pub(super) fn page<T: Identified, N: Listed>(
        &self,
        listing: &Listing<'_, T>,
        node: impl Fn(&Arc<T>) -> N,
    ) -> Result<Connection<N>> {
        let id_at = |place| listing.get(place).map(|item| item.identity());
        let range = self.range(listing.len(), id_at)?;
        let items = range.clone().filter_map(|place| listing.get(place).map(|item| (place, item)));
        let edges = items
            .map(|(place, item)| (Place::Item(Cursor { id: item.identity(), place }), node(item)))
            .map(|(cursor, node)| Edge { cursor, node })
            .collect();
        let (total, beyond) = (listing.len(), (range.start > 0, range.end < listing.len()));
        Ok(Connection { edges, beyond, total })
    }

    /// The part of a change log, the newest entry first, that these arguments ask for.
    pub(super) fn span(&self) -> Result<LogSpan> {
        let (first, last) = self.bounds()?;
        let entry = |argument: &str, text: &Option<String>| {
            text.as_deref().map(|text| sequence(text).ok_or_else(|| no_cursor(argument))).transpose()
        };
        Ok(LogSpan {
            before: entry("after", &self.after)?,
            after: entry("before", &self.before)?,
            limit: first.or(last).unwrap_or(DEFAULT_PAGE) as u64,
            oldest: last.is_some(),
            counted: false,
        })
    }

    /// How many items from the beginning, and how many from the end.
    fn bounds(&self) -> Result<(Option<usize>, Option<usize>)> {
        let first = bounded("first", self.first)?;
        let last = bounded("last", self.last)?;
        if first.is_some() && last.is_some() {
            return Err(Code::BadUserInput.error("give `first` or `last`, not both"));
        }
        Ok((first, last))
    }

    /// Which places of a list of `length` items these arguments ask for.
    fn range(&self, length: usize, id_at: impl Fn(usize) -> Option<Id>) -> Result<Range<usize>> {
        let (first, last) = self.bounds()?;
        let mut range = 0..length;
        if let Some(after) = &self.after {
            let (place, found) = locate(Cursor::decode("after", after)?, length, &id_at);
            range.start = place + usize::from(found);
        }
        if let Some(before) = &self.before {
            let (place, _) = locate(Cursor::decode("before", before)?, length, &id_at);
            range.end = place.max(range.start);
        }
        match last {
            Some(last) => range.start = range.start.max(range.end.saturating_sub(last)),
            None => range.end = range.end.min(range.start + first.unwrap_or(DEFAULT_PAGE)),
        }
        Ok(range)
    }
}

fn bounded(argument: &str, value: Option<i32>) -> Result<Option<usize>> {
    let Some(value) = value else { return Ok(None) };
    match usize::try_from(value) {
        Ok(count) if count <= MAX_PAGE => Ok(Some(count)),
        _ => {
            let message = format!("`{argument}` is {value}; it must be from 0 to {MAX_PAGE}");
            Err(Code::BadUserInput.error(message))
        }
    }
}

/// A node that lists are made of, and the names of the types of these lists.
pub(super) trait Listed: ContainerType {
    /// The name of the connection type.
    const CONNECTION: &'static str;
    /// The name of the edge type.
    const EDGE: &'static str;
}

/// A page of a list, and where it stands in the list.
#[derive(Debug)]
pub(super) struct Connection<N> {
    edges: Vec<Edge<N>>,
    /// Whether the list goes on before the page, and after it.
    beyond: (bool, bool),
    total: usize,
}

impl<N> Connection<N> {
    /// A page of a change log: its entries with their sequence numbers, whether there are newer and older ones, and how
    /// many there are altogether.
    pub(super) fn of_log(entries: impl Iterator<Item = (i64, N)>, beyond: (bool, bool), total: usize) -> Self {
        let edges = entries.map(|(sequence, node)| Edge { cursor: Place::Entry(sequence), node }).collect();
        Connection { edges, beyond, total }
    }
}

/// An item of a page, and its place in the list.
#[derive(Debug)]
pub(super) struct Edge<N> {
    cursor: Place,
    node: N,
}

impl<N: Listed> TypeName for Connection<N> {
    fn type_name() -> Cow<'static, str> {
        N::CONNECTION.into()
    }
}

impl<N: Listed> TypeName for Edge<N> {
    fn type_name() -> Cow<'static, str> {
        N::EDGE.into()
    }
}

/// A page of a list, as the Relay cursor connections specification has it.
#[Object(name_type, serial)]
impl<N: Listed> Connection<N> {
    /// The items of the page with their cursors, in the order of the list.
    async fn edges(&self) -> InlineList<Ref<'_, Edge<N>>> {
        self.edges.iter().map(Ref).collect()
    }

    /// The items of the page without their cursors, in the order of the list.
    async fn nodes(&self) -> InlineList<Ref<'_, N>> {
        self.edges.iter().map(|edge| Ref(&edge.node)).collect()
    }

    /// Where the page stands in the list.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.beyond.0,
            has_next_page: self.beyond.1,
            start_cursor: self.edges.first().map(|edge| edge.cursor.encode()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.encode()),
        }
    }

    /// How many items the whole list has, whatever the page; with a filter, how many match it.
    async fn total_count(&self) -> usize {
        self.total
    }
}

/// An item of a page and its cursor, as the Relay cursor connections specification has it.
#[Object(name_type, serial)]
impl<N: Listed> Edge<N> {
    /// Where the item stands in the list: opaque, to be given as `after` or `before`.
    async fn cursor(&self) -> String {
        self.cursor.encode()
    }

    /// The item.
    async fn node(&self) -> Inline<Ref<'_, N>> {
        Inline(Ref(&self.node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Id {
        Id(Uuid::from_u128(number))
    }

    fn range(arguments: &PageArguments, ids: &[u128]) -> Result<Range<usize>, String> {
        let at = |place: usize| ids.get(place).map(|number| id(*number));
        arguments.range(ids.len(), at).map_err(|error| error.message)
    }

    fn cursor(number: u128, place: usize) -> Option<String> {
        Some(Cursor { id: id(number), place }.encode())
    }

    #[test]
    fn pages_go_forwards_and_backwards() {
        let ids: Vec<u128> = (0..50).collect();
        let none = PageArguments::default();
        assert_eq!(range(&none, &ids), Ok(0..20));
        assert_eq!(range(&PageArguments { first: Some(0), ..none.clone() }, &ids), Ok(0..0));
        assert_eq!(range(&PageArguments { last: Some(3), ..none.clone() }, &ids), Ok(47..50));
        let after = PageArguments { first: Some(5), after: cursor(9, 9), ..none.clone() };
        assert_eq!(range(&after, &ids), Ok(10..15));
        let before = PageArguments { last: Some(5), before: cursor(9, 9), ..none.clone() };
        assert_eq!(range(&before, &ids), Ok(4..9));
        let between = PageArguments { after: cursor(3, 3), before: cursor(6, 6), ..none.clone() };
        assert_eq!(range(&between, &ids), Ok(4..6));
        let crossed = PageArguments { after: cursor(6, 6), before: cursor(3, 3), ..none };
        assert_eq!(range(&crossed, &ids), Ok(7..7));
    }

    #[test]
    fn a_cursor_finds_its_item_where_it_is_now_or_where_it_was() {
        let none = PageArguments::default();
        let moved = PageArguments { first: Some(2), after: cursor(7, 1), ..none.clone() };
        assert_eq!(range(&moved, &[1, 2, 7, 3, 4]), Ok(3..5));
        let gone = PageArguments { first: Some(2), after: cursor(9, 2), ..none.clone() };
        assert_eq!(range(&gone, &[1, 2, 3, 4]), Ok(2..4));
        let far = PageArguments { first: Some(2), after: cursor(9, 99), ..none };
        assert_eq!(range(&far, &[1, 2]), Ok(2..2));
    }

    #[test]
    fn what_can_not_be_answered_is_refused() {
        let none = PageArguments::default();
        for refused in [
            PageArguments { first: Some(101), ..none.clone() },
            PageArguments { first: Some(-1), ..none.clone() },
            PageArguments { last: Some(i32::MAX), ..none.clone() },
            PageArguments { first: Some(1), last: Some(1), ..none.clone() },
            PageArguments { after: Some("abc".to_owned()), ..none.clone() },
            PageArguments { after: Some(String::new()), ..none.clone() },
            PageArguments { before: Some("é".repeat(40)), ..none.clone() },
            PageArguments { before: cursor(1, 1).map(|text| text + "fffffffff"), ..none },
        ] {
            assert!(range(&refused, &[1, 2, 3]).is_err(), "{refused:?}");
        }
    }
}
