//! Who the API thinks you are.

use async_graphql::{Context, Enum, Object, Result};

use super::account::{AccessTokenNode, MembershipNode, UserNode, failed, visit};
use super::error::denied;
use super::query::reading;
use crate::access::{Credential, Right, Viewer};
use crate::snapshot::View;

const RIGHTS: [Right; 4] = [Right::Read, Right::Write, Right::Publish, Right::Manage];

/// Whom the API takes a viewer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum ViewerKind {
    /// Somebody of whom nothing is known: sees what is public.
    Anonymous,
    /// Whoever holds a token that opens the working view of some events.
    Reader,
    /// Somebody with an account, by signing in.
    User,
    /// A script with a personal access token of a user.
    Script,
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
        match &self.0 {
            Viewer::Anonymous => ViewerKind::Anonymous,
            Viewer::Reader { .. } => ViewerKind::Reader,
            Viewer::User(account) => match account.credential {
                Credential::AccessToken(..) => ViewerKind::Script,
                Credential::Session(_) | Credential::Outside => ViewerKind::User,
            },
            Viewer::Operator => ViewerKind::Operator,
        }
    }

    /// The name that your token was issued to; absent without a token.
    async fn subject(&self) -> Option<&str> {
        match &self.0 {
            Viewer::Reader { subject, .. } => Some(subject),
            Viewer::User(account) => Some(&account.name),
            Viewer::Anonymous | Viewer::Operator => None,
        }
    }

    /// Your account; absent where you have none.
    async fn user(&self) -> Option<UserNode> {
        self.0.account().map(|account| UserNode::from(&**account))
    }

    /// Whether you may do everything on this server, within the scopes of your token.
    async fn is_administrator(&self) -> bool {
        self.0 == Viewer::Operator || self.0.account().is_some_and(|account| account.administrator)
    }

    /// Whether you may create events.
    async fn can_create_events(&self) -> bool {
        self.0.creator().is_some()
    }

    /// The events that you have a role at, as far as your token is good for them, the latest first.
    async fn memberships(&self, context: &Context<'_>) -> Result<Vec<MembershipNode>> {
        let Some(account) = self.0.account() else { return Ok(Vec::new()) };
        let headers = reading(context)?.events(View::Working).map_err(denied)?;
        let roles = headers.iter().filter_map(|header| Some((header, *account.roles.get(&header.event.id)?)));
        Ok(roles.map(|(header, role)| MembershipNode::new(header, role)).collect())
    }

    /// What you may do with an event; nothing where there is no such event, or none that you may see.
    async fn rights(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the event.")] event: String,
    ) -> Result<Vec<Right>> {
        if self.0.is_public() {
            return Ok(Vec::new());
        }
        let header = reading(context)?.event_with_slug(&event, View::Working).map_err(denied)?;
        let Some(header) = header else { return Ok(Vec::new()) };
        Ok(RIGHTS.into_iter().filter(|right| self.0.may(*right, &header.event)).collect())
    }

    /// Whether you may see the working view of an event, drafts included. Where you may not, it does not tell whether
    /// there is such an event.
    async fn can_see_working_view(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the event.")] event: String,
    ) -> Result<bool> {
        if self.0.is_public() {
            return Ok(false);
        }
        Ok(reading(context)?.event_with_slug(&event, View::Working).map_err(denied)?.is_some())
    }

    /// Your personal access tokens, the newest first, ended ones too; absent where you did not sign in.
    async fn access_tokens(&self, context: &Context<'_>) -> Option<Result<Vec<AccessTokenNode>>> {
        let account = self.0.account().filter(|account| account.may_change_account())?;
        let tokens = match visit(context) {
            Ok(visit) => visit.accounts.access_tokens(account.user).await.map_err(failed),
            Err(error) => Err(error),
        };
        Some(tokens.map(|tokens| tokens.into_iter().map(AccessTokenNode::from).collect()))
    }
}
