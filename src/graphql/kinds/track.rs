//! Tracks, as they are asked for.

use async_graphql::ComplexObject;

use super::session::SessionNode;
use crate::content::Track;

node! {
    /// A theme that sessions share.
    complex TrackNode, Track, "Track"
}

#[ComplexObject]
impl TrackNode {
    /// The sessions of this track, by start.
    async fn sessions(&self) -> Vec<SessionNode> {
        let sessions = self.scope.sessions_in_track(self.item.head.id);
        sessions.map(|session| SessionNode::new(session, &self.scope)).collect()
    }
}
