//! Pages of lists that can grow, as Relay's connections (GraphQL Cursor Connections Specification).
//!
//! A page costs what is on it: without filter and order, nothing before or after it is touched. A cursor is the id of
//! its item, so it stays right while the list changes around it.

use std::sync::Arc;

use std::borrow::Cow;

use async_graphql::connection::PageInfo;
use async_graphql::{Object, OutputType, Result, TypeName};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::Code;
use crate::content::Id;

/// How many items a page has when nothing is said.
pub const DEFAULT_PAGE: usize = 20;
/// How many items a page has at the most.
pub const MAX_PAGE: usize = 100;

/// A page of a connection.
#[derive(Debug)]
pub struct Page<N> {
    edges: Vec<Edge<N>>,
    has_previous_page: bool,
    has_next_page: bool,
    total_count: i32,
}

/// An item on a page.
#[derive(Debug)]
pub struct Edge<N> {
    id: Id,
    node: N,
}

impl<N: OutputType> TypeName for Page<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", N::type_name()).into()
    }
}

impl<N: OutputType> TypeName for Edge<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", N::type_name()).into()
    }
}

/// A page of a list, with the way to the next.
#[Object(name_type)]
impl<N: OutputType> Page<N> {
    /// The items on this page with their cursors.
    async fn edges(&self) -> &[Edge<N>] {
        &self.edges
    }

    /// The items on this page.
    async fn nodes(&self) -> Vec<&N> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Whether there are pages before and after this one, and where it begins and ends.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous_page,
            has_next_page: self.has_next_page,
            start_cursor: self.edges.first().map(|edge| encode(edge.id)),
            end_cursor: self.edges.last().map(|edge| encode(edge.id)),
        }
    }

    /// How many items there are on all pages, after the filter.
    async fn total_count(&self) -> i32 {
        self.total_count
    }
}

/// An item on a page, with its cursor.
#[Object(name_type)]
impl<N: OutputType> Edge<N> {
    /// Where the item stands in the list: give it as `after` or `before` to go on from here.
    async fn cursor(&self) -> String {
        encode(self.id)
    }

    /// The item.
    async fn node(&self) -> &N {
        &self.node
    }
}

/// A cursor is the id of its item, opaque to callers.
fn encode(id: Id) -> String {
    URL_SAFE_NO_PAD.encode(id.0.as_bytes())
}

fn decode(cursor: &str) -> Result<Id> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
    let uuid = uuid::Uuid::from_slice(&bytes);
    uuid.map(Id).map_err(|_| Code::BadUserInput.error("this is no cursor of this API"))
}

/// The four arguments of a connection.
#[derive(Clone, Debug, Default)]
pub struct PageArguments {
    /// How many items from the beginning, or after `after`.
    pub first: Option<i32>,
    /// The cursor after which the page begins.
    pub after: Option<String>,
    /// How many items up to the end, or before `before`.
    pub last: Option<i32>,
    /// The cursor before which the page ends.
    pub before: Option<String>,
}

/// What is paged over: a whole list in its own order, or the places of some of its items in another.
pub enum Places {
    /// Everything, in the order of the list; the number is its length.
    All(usize),
    /// These places of the list, in this order.
    Some(Vec<usize>),
}

impl Places {
    fn len(&self) -> usize {
        match self {
            Places::All(length) => *length,
            Places::Some(places) => places.len(),
        }
    }

    fn get(&self, rank: usize) -> usize {
        match self {
            Places::All(_) => rank,
            Places::Some(places) => places[rank],
        }
    }

    fn rank(&self, place: usize) -> Option<usize> {
        match self {
            Places::All(length) => (place < *length).then_some(place),
            Places::Some(places) => places.iter().position(|other| *other == place),
        }
    }
}

/// Cuts a page out of a list.
///
/// `place_of` finds the place of an id in the list, `node_at` gives the id and the node at a place.
pub fn page<N: OutputType>(
    arguments: &PageArguments,
    places: &Places,
    place_of: impl Fn(Id) -> Option<usize>,
    node_at: impl Fn(usize) -> (Id, N),
) -> Result<Page<N>> {
    let rank = |cursor: &str| {
        let id = decode(cursor)?;
        let message = "the item of this cursor is no longer in the list; begin again without a cursor";
        place_of(id).and_then(|place| places.rank(place)).ok_or_else(|| Code::BadUserInput.error(message))
    };
    let total = places.len();
    let from = arguments.after.as_deref().map(rank).transpose()?.map_or(0, |rank| rank + 1);
    let to = arguments.before.as_deref().map(rank).transpose()?.unwrap_or(total).max(from);
    let (from, to) = match (size("first", arguments.first)?, size("last", arguments.last)?) {
        (Some(_), Some(_)) => return Err(Code::BadUserInput.error("give first or last, not both")),
        (None, Some(last)) => (from.max(to.saturating_sub(last)), to),
        (first, None) => (from, to.min(from + first.unwrap_or(DEFAULT_PAGE))),
    };
    let total_count = i32::try_from(total).unwrap_or(i32::MAX);
    let edges = (from..to).map(|rank| {
        let (id, node) = node_at(places.get(rank));
        Edge { id, node }
    });
    Ok(Page { edges: edges.collect(), has_previous_page: from > 0, has_next_page: to < total, total_count })
}

fn size(name: &str, given: Option<i32>) -> Result<Option<usize>> {
    let Some(given) = given else { return Ok(None) };
    match usize::try_from(given) {
        Ok(size) if size <= MAX_PAGE => Ok(Some(size)),
        Ok(_) => Err(Code::BadUserInput.error(format!("{name} is {given}; a page holds at most {MAX_PAGE} items"))),
        Err(_) => Err(Code::BadUserInput.error(format!("{name} is {given}; it can't be negative"))),
    }
}

/// A page of a list of shared values, each made into a node.
pub fn page_of<T, N: OutputType>(
    arguments: &PageArguments,
    places: &Places,
    list: &[Arc<T>],
    place_of: impl Fn(Id) -> Option<usize>,
    id_of: impl Fn(&T) -> Id,
    node: impl Fn(&Arc<T>) -> N,
) -> Result<Page<N>> {
    page(arguments, places, place_of, |place| (id_of(&list[place]), node(&list[place])))
}
