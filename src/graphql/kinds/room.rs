//! Rooms, as they are asked for.

use async_graphql::ComplexObject;

use super::session::SessionNode;
use crate::content::Room;

node! {
    /// A place where sessions are, at the venue or on the network.
    complex RoomNode, Room, "Room"
}

#[ComplexObject]
impl RoomNode {
    /// The sessions in this room, by start.
    async fn sessions(&self) -> Vec<SessionNode> {
        let sessions = self.scope.sessions_in_room(self.item.head.id);
        sessions.map(|session| SessionNode::new(session, &self.scope)).collect()
    }
}
