//! What a node carries: its content, and the one snapshot that everything below it is read from.
//!
//! The view travels in the node and never in the request, so two views in one request can't mix, and nothing below a
//! node waits.

use std::ops::Deref;
use std::sync::Arc;

use async_graphql::{ComplexObject, ObjectType, SimpleObject, TypeName};
use jiff::Timestamp;

use crate::content::{Content, DateTime};
use crate::snapshot::Snapshot;

/// The snapshot that a node was read from.
#[derive(Clone, Debug)]
pub(super) struct Scope(Arc<Snapshot>);

impl Scope {
    /// Everything below reads from `snapshot`.
    pub(super) fn new(snapshot: Arc<Snapshot>) -> Self {
        Scope(snapshot)
    }

    /// An instant as the event's clocks show it.
    pub(super) fn date_time(&self, instant: Timestamp) -> DateTime {
        DateTime::new(instant, self.0.zone())
    }
}

impl Deref for Scope {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.0
    }
}

/// A content item in its scope. Nodes flatten it: the fields that every kind has are said here and in `content`, once.
///
/// It must have no relations. A type that several nodes flatten is still empty in the registry while its own relations
/// lead to the next of these nodes.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex, serial, name_type)]
pub(super) struct Item<T: Content + ObjectType> {
    #[graphql(flatten)]
    pub(super) content: Arc<T>,
    #[graphql(skip)]
    pub(super) scope: Scope,
}

impl<T: Content + ObjectType> TypeName for Item<T> {
    fn type_name() -> std::borrow::Cow<'static, str> {
        format!("{}InScope", T::type_name()).into()
    }
}

#[ComplexObject]
impl<T: Content + ObjectType> Item<T> {
    /// The instant from which the public sees the item; absent when that is at once.
    async fn publish_at(&self) -> Option<DateTime> {
        self.content.head().publish_at.map(|instant| self.scope.date_time(instant))
    }

    /// When the item was created.
    async fn created_at(&self) -> DateTime {
        self.scope.date_time(self.content.head().created_at)
    }

    /// When the item was last changed.
    async fn updated_at(&self) -> DateTime {
        self.scope.date_time(self.content.head().updated_at)
    }
}

impl<T: Content + ObjectType> Item<T> {
    /// A content item as `scope` shows it.
    pub(super) fn new(content: &Arc<T>, scope: &Scope) -> Self {
        Item { content: content.clone(), scope: scope.clone() }
    }
}
