//! Who the API thinks you are.

use async_graphql::{Enum, Object};

use crate::access::Viewer;

/// Whom the API takes a viewer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum ViewerKind {
    /// Somebody of whom nothing is known: sees what is public.
    Anonymous,
    /// Whoever holds a token that opens the working view of some events.
    Reader,
    /// Whoever runs the server.
    Operator,
}

/// Who the API thinks you are, and what you may see.
#[derive(Debug)]
pub(super) struct ViewerNode(pub(super) Viewer);

/// Who the API thinks you are, and what you may see.
#[Object(name = "Viewer")]
impl ViewerNode {
    /// Whom the API takes you for.
    async fn kind(&self) -> ViewerKind {
        match self.0 {
            Viewer::Anonymous => ViewerKind::Anonymous,
            Viewer::Reader { .. } => ViewerKind::Reader,
            Viewer::Operator => ViewerKind::Operator,
        }
    }

    /// The name that your token was issued to; absent without a token.
    async fn subject(&self) -> Option<&str> {
        match &self.0 {
            Viewer::Reader { subject, .. } => Some(subject),
            Viewer::Anonymous | Viewer::Operator => None,
        }
    }

    /// Whether you may see the working view of an event, drafts included. Tells nothing about whether there is such an
    /// event.
    async fn can_see_working_view(&self, #[graphql(desc = "The slug of the event.")] event: String) -> bool {
        self.0.may_see_working(&event)
    }
}
