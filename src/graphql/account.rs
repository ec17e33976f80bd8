//! How accounts are shown: users, tokens, members. Only to themselves, and members to those who manage the event; the
//! values have no secrets in them.

use std::sync::Arc;

use async_graphql::{Context, Error, Object, Result, SimpleObject};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::Code;
use super::kinds::event::EventNode;
use super::query::reading;
use crate::access::{Account, Right, Role};
use crate::accounts::{AccountError, SignedIn, Visit};
use crate::content::{DateTime, Event, Id};
use crate::snapshot::View;
use crate::store::{AccessToken, EventHeader, Invitation, Member};

/// The request's way to the accounts.
pub(super) fn visit<'a>(context: &Context<'a>) -> Result<&'a Visit> {
    context.data::<Visit>().map_err(|_| Code::Internal.error("the request has no way to the accounts"))
}

/// The account of whoever asks.
pub(super) fn account<'a>(context: &Context<'a>) -> Result<&'a Arc<Account>> {
    let account = reading(context)?.viewer().account();
    account.ok_or_else(|| Code::Unauthenticated.error("this needs the token of a user"))
}

/// The account of whoever asks, who may change it: nobody may with a personal access token.
pub(super) fn own_account<'a>(context: &Context<'a>) -> Result<&'a Arc<Account>> {
    let account = account(context)?;
    if account.may_change_account() {
        return Ok(account);
    }
    Err(Code::Forbidden.error("this can't be done with a personal access token: sign in"))
}

/// What a caller is told when something about accounts was not done.
pub(super) fn failed(error: AccountError) -> Error {
    match error {
        AccountError::Limited { retry_after } => {
            Code::RateLimited.error(format!("too many attempts; try again in {retry_after} seconds"))
        }
        AccountError::Failed(error) => {
            tracing::error!(%error, "accounts could not be read or written");
            Code::Unavailable.error("accounts can't be reached at the moment; try again")
        }
    }
}

/// The members of an event, for those who manage it; `None` for everybody else.
pub(super) async fn members_of(context: &Context<'_>, event: &Event) -> Result<Option<Vec<MemberNode>>> {
    if !reading(context)?.viewer().may(Right::Manage, event) {
        return Ok(None);
    }
    let members = visit(context)?.accounts.members(event.id).await.map_err(failed)?;
    Ok(Some(members.into_iter().map(MemberNode::from).collect()))
}

/// The open invitations of an event, for those who manage it; `None` for everybody else.
pub(super) async fn invitations_of(context: &Context<'_>, event: &Event) -> Result<Option<Vec<InvitationNode>>> {
    if !reading(context)?.viewer().may(Right::Manage, event) {
        return Ok(None);
    }
    let open = visit(context)?.accounts.open_invitations(event.id).await.map_err(failed)?;
    Ok(Some(open.into_iter().map(InvitationNode::from).collect()))
}

fn utc(instant: Timestamp) -> DateTime {
    DateTime::new(instant, &TimeZone::UTC)
}

/// The tokens of a session.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(super) struct SignIn {
    /// What requests carry, as `Authorization: Bearer …`.
    access_token: String,
    /// When the access token ends; get the next one with `refreshSession` before.
    expires_at: DateTime,
    /// What `refreshSession` takes, once.
    refresh_token: String,
    /// When the session ends, however often it is renewed.
    session_expires_at: DateTime,
}

impl From<SignedIn> for SignIn {
    fn from(signed_in: SignedIn) -> Self {
        SignIn {
            access_token: signed_in.access_token.reveal().to_owned(),
            expires_at: utc(signed_in.access_expires_at),
            refresh_token: signed_in.refresh_token.reveal().to_owned(),
            session_expires_at: utc(signed_in.session_expires_at),
        }
    }
}

/// Somebody with an account.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial, name = "User")]
pub(super) struct UserNode {
    /// The identity: a UUID that never changes.
    id: Id,
    /// The address that they sign in with.
    email: String,
    /// The name.
    name: String,
}

impl From<&Account> for UserNode {
    fn from(account: &Account) -> Self {
        UserNode { id: account.user, email: account.email.clone(), name: account.name.clone() }
    }
}

/// A personal access token, without its secret.
#[derive(Debug)]
pub(super) struct AccessTokenNode(AccessToken);

impl From<AccessToken> for AccessTokenNode {
    fn from(token: AccessToken) -> Self {
        AccessTokenNode(token)
    }
}

/// A personal access token, without its secret.
#[Object(serial, name = "AccessToken")]
impl AccessTokenNode {
    /// The identity: a UUID that never changes.
    async fn id(&self) -> Id {
        self.0.id
    }

    /// What it is for.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its first characters, by which you recognise it.
    async fn prefix(&self) -> &str {
        &self.0.prefix
    }

    /// What it may do at most.
    async fn scopes(&self) -> Vec<Right> {
        self.0.scopes.iter().copied().collect()
    }

    /// The ids of the events that it is good for; absent where it is good for all events that you have a role at.
    async fn events(&self) -> Option<Vec<Id>> {
        self.0.events.as_ref().map(|events| events.iter().copied().collect())
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        utc(self.0.created_at)
    }

    /// When it ends by itself.
    async fn expires_at(&self) -> DateTime {
        utc(self.0.expires_at)
    }

    /// When it was last used, to the minute or so; absent where it never was.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(utc)
    }

    /// When it was revoked; absent where it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(utc)
    }
}

/// Somebody who may do something with an event.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial, name = "Member")]
pub(super) struct MemberNode {
    /// Who it is.
    user: UserNode,
    /// What they are there.
    role: Role,
    /// Since when.
    since: DateTime,
}

impl From<Member> for MemberNode {
    fn from(member: Member) -> Self {
        let Member { user, role, since } = member;
        MemberNode { user: UserNode { id: user.id, email: user.email, name: user.name }, role, since: utc(since) }
    }
}

impl MemberNode {
    /// Who it is.
    pub(super) fn user_id(&self) -> Id {
        self.user.id
    }
}

/// An invitation to be a member of an event, without its secret.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial, name = "Invitation")]
pub(super) struct InvitationNode {
    /// The identity: a UUID that never changes.
    id: Id,
    /// Who is invited.
    email: String,
    /// What they are to be.
    role: Role,
    /// When it was made.
    created_at: DateTime,
    /// Until when it can be accepted.
    expires_at: DateTime,
}

impl From<Invitation> for InvitationNode {
    fn from(invitation: Invitation) -> Self {
        InvitationNode {
            id: invitation.id,
            email: invitation.email,
            role: invitation.role,
            created_at: utc(invitation.created_at),
            expires_at: utc(invitation.expires_at),
        }
    }
}

/// What you are at an event.
#[derive(Debug, SimpleObject)]
#[graphql(serial, name = "Membership")]
pub(super) struct MembershipNode {
    /// The event, as you see it.
    event: EventNode,
    /// What you are there.
    role: Role,
}

impl MembershipNode {
    /// A role at an event, which whoever has a role at it may see.
    pub(super) fn new(header: &EventHeader, role: Role) -> Self {
        MembershipNode { event: EventNode::listed(header, View::Working), role }
    }
}
