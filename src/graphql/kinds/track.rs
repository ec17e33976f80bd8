//! How tracks are asked for.

use async_graphql::{ComplexObject, Result};

use super::event::EventNode;
use super::item_node;
use super::session::SessionNode;
use crate::graphql::connection::{Connection, Listing, PageArguments};
use crate::graphql::inline::InlineList;
use crate::graphql::scope::Scope;

item_node! {
    /// A theme that sessions share.
    TrackNode, "Track", Track
}

#[ComplexObject]
impl TrackNode {
    /// Its sessions, by start.
    async fn sessions(
        &self,
        #[graphql(desc = "The most items to give, from the beginning: 0 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Give what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most items to give, from the end: 0 to 100. Not together with `first`.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Give what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SessionNode>> {
        let scope = &self.item.scope;
        let sessions = Listing::Chosen(scope.sessions_in_track(self.item.content.head.id).collect());
        PageArguments { first, after, last, before }.page(&sessions, |session| SessionNode::new(session, scope))
    }

    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

pub(in crate::graphql) fn all(scope: &Scope) -> InlineList<TrackNode> {
    scope.document().tracks.iter().map(|item| TrackNode::new(item, scope)).collect()
}
