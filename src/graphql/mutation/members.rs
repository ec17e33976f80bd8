//! Members of events: inviting them, their roles, and removing them.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::event_with_right;
use crate::access::{Right, Role};
use crate::accounts::normalized_email;
use crate::content::Id;
use crate::graphql::account::{InvitationNode, MemberNode, failed, members_of, visit};
use crate::graphql::query::reading;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::store::Membership;

/// What `inviteMember` takes.
#[derive(Debug, InputObject)]
struct InviteMemberInput {
    /// The slug of the event.
    event: String,
    /// The address of whoever is invited.
    email: String,
    /// What they are to be.
    role: Role,
}

/// What `withdrawInvitation` takes.
#[derive(Debug, InputObject)]
struct WithdrawInvitationInput {
    /// The slug of the event.
    event: String,
    /// The id of the invitation.
    id: Id,
}

/// What `changeMemberRole` takes.
#[derive(Debug, InputObject)]
struct ChangeMemberRoleInput {
    /// The slug of the event.
    event: String,
    /// The id of the user.
    user: Id,
    /// What they are from now on.
    role: Role,
}

/// What `removeMember` takes.
#[derive(Debug, InputObject)]
struct RemoveMemberInput {
    /// The slug of the event.
    event: String,
    /// The id of the user.
    user: Id,
}

/// What `inviteMember` came to.
#[derive(Default, SimpleObject)]
#[graphql(serial)]
struct InviteMemberPayload {
    /// The invitation.
    invitation: Option<InvitationNode>,
    /// What it is accepted with: send it to whoever is invited, by a way that only they can read. It is shown this once.
    secret: Option<String>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `withdrawInvitation` came to.
#[derive(SimpleObject)]
#[graphql(serial)]
struct WithdrawInvitationPayload {
    /// The id of the invitation, which is gone.
    withdrawn: Option<Id>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `changeMemberRole` came to.
#[derive(SimpleObject)]
#[graphql(serial)]
struct ChangeMemberRolePayload {
    /// The member.
    member: Option<MemberNode>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `removeMember` came to.
#[derive(SimpleObject)]
#[graphql(serial)]
struct RemoveMemberPayload {
    /// The id of the user, who is no member any more.
    removed: Option<Id>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// The mutations of members.
#[derive(Debug, Default)]
pub(super) struct MemberMutations;

#[Object]
impl MemberMutations {
    /// Invites somebody to an event. Nothing is sent: pass the token on yourself. The invitation is good for 7 days, and
    /// ends an open one to the same address.
    async fn invite_member(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who is invited, and to what.")] input: InviteMemberInput,
    ) -> Result<InviteMemberPayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let wrong = |field, code, message| InviteMemberPayload {
            user_errors: vec![UserError::new(field, code, message)],
            ..Default::default()
        };
        let Some(email) = normalized_email(&input.email) else {
            return Ok(wrong("email", UserErrorCode::Invalid, "this is no e-mail address"));
        };
        let accounts = &visit(context)?.accounts;
        let members = accounts.members(header.event.id).await.map_err(failed)?;
        if members.iter().any(|member| member.user.email == email) {
            return Ok(wrong("email", UserErrorCode::Taken, "they are a member: change their role instead"));
        }
        let invited_by = reading(context)?.viewer().account().map(|account| account.user);
        let invited = accounts.invite(header.event.id, email, input.role, invited_by).await.map_err(failed)?;
        Ok(match invited {
            Some(invited) => InviteMemberPayload {
                invitation: Some(InvitationNode::from(invited.invitation)),
                secret: Some(invited.token.reveal().to_owned()),
                user_errors: Vec::new(),
            },
            None => wrong("event", UserErrorCode::Invalid, "too many invitations are open: withdraw some first"),
        })
    }

    /// Takes an invitation back that nobody has accepted yet.
    async fn withdraw_invitation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which invitation.")] input: WithdrawInvitationInput,
    ) -> Result<WithdrawInvitationPayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let accounts = &visit(context)?.accounts;
        let was_there = accounts.withdraw_invitation(header.event.id, input.id).await.map_err(failed)?;
        let message = "there is no open invitation with this id";
        let user_errors = if was_there { vec![] } else { vec![UserError::new("id", UserErrorCode::NotFound, message)] };
        Ok(WithdrawInvitationPayload { withdrawn: was_there.then_some(input.id), user_errors })
    }

    /// Gives a member another role, from their next request on. The last owner stays one.
    async fn change_member_role(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whose role.")] input: ChangeMemberRoleInput,
    ) -> Result<ChangeMemberRolePayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let accounts = &visit(context)?.accounts;
        let done = accounts.change_member_role(header.event.id, input.user, input.role).await.map_err(failed)?;
        let user_errors = user_errors(done);
        let members = if user_errors.is_empty() { members_of(context, &header.event).await? } else { None };
        let member = members.into_iter().flatten().find(|member| member.user_id() == input.user);
        Ok(ChangeMemberRolePayload { member, user_errors })
    }

    /// Removes a member from an event, from their next request on; everybody can remove themselves. The last owner stays.
    async fn remove_member(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whom.")] input: RemoveMemberInput,
    ) -> Result<RemoveMemberPayload> {
        let account = reading(context)?.viewer().account();
        let leaves = account.is_some_and(|account| account.user == input.user && account.may_change_account());
        let right = if leaves { Right::Read } else { Right::Manage };
        let header = event_with_right(context, &input.event, right)?;
        let accounts = &visit(context)?.accounts;
        let user_errors = user_errors(accounts.remove_member(header.event.id, input.user).await.map_err(failed)?);
        Ok(RemoveMemberPayload { removed: user_errors.is_empty().then_some(input.user), user_errors })
    }
}

fn user_errors(done: Membership) -> Vec<UserError> {
    let wrong = |code, message| vec![UserError::new("user", code, message)];
    match done {
        Membership::Done => Vec::new(),
        Membership::NotThere => wrong(UserErrorCode::NotFound, "there is no such member"),
        Membership::LastOwner => {
            wrong(UserErrorCode::InUse, "they are the event's last owner: make somebody else an owner first")
        }
    }
}
