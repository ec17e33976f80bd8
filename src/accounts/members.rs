//! Members of events and invitations. Whether the caller may do this is decided before.

use std::net::IpAddr;

use jiff::SignedDuration;

use super::{AccountError, Accounts, SignedIn, check_new_password};
use crate::access::secret::{Purpose, Secret};
use crate::access::{Account, Role};
use crate::content::Id;
use crate::store::{Guest, Invitation, Member, Membership, NewInvitation, NewUser, User};

/// How long an invitation can be accepted.
const INVITATION_DAYS: i64 = 7;

/// An invitation and its token, which is shown this once.
#[derive(Debug)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// What it is accepted with.
    pub token: Secret,
}

/// What became of an accepted invitation.
#[derive(Debug)]
pub enum Accepted {
    /// The guest is a member now; somebody who made an account with it is signed in too.
    Done {
        /// What was accepted.
        invitation: Invitation,
        /// Who accepted.
        user: Box<User>,
        /// The session of a new user.
        session: Option<Box<SignedIn>>,
    },
    /// There is no such invitation (any more).
    Unknown,
    /// It is for somebody else, or for somebody who has an account and should sign in first.
    SignInFirst,
    /// A new account needs a name.
    NameNeeded,
    /// The password won't do.
    Weak(&'static str),
}

impl Accounts {
    /// The members of an event.
    pub async fn members(&self, event: Id) -> Result<Vec<Member>, AccountError> {
        Ok(self.store.members(event).await?)
    }

    /// The invitations of an event that wait for an answer.
    pub async fn open_invitations(&self, event: Id) -> Result<Vec<Invitation>, AccountError> {
        Ok(self.store.open_invitations(event, self.clock.now()).await?)
    }

    /// Invites somebody to be a member of an event; `None` when too many invitations are open. An open invitation to
    /// the same address ends.
    pub async fn invite(
        &self,
        event: Id,
        email: String,
        role: Role,
        invited_by: Option<Id>,
    ) -> Result<Option<Invited>, AccountError> {
        let token = Secret::generate(Purpose::Invitation)?;
        let now = self.clock.now();
        let validity = SignedDuration::from_hours(24 * INVITATION_DAYS);
        let expires_at = now.saturating_add(validity).unwrap_or(now);
        let new = NewInvitation { event, email, role, hash: token.hash(), invited_by, expires_at };
        let invitation = self.store.add_invitation(new, now).await?;
        Ok(invitation.map(|invitation| Invited { invitation, token }))
    }

    /// Takes an invitation back; answers whether there was one.
    pub async fn withdraw_invitation(&self, event: Id, id: Id) -> Result<bool, AccountError> {
        Ok(self.store.withdraw_invitation(event, id).await?)
    }

    /// Accepts an invitation: as the user who is signed in, or with a new account.
    pub async fn accept_invitation(
        &self,
        token: &str,
        account: Option<&Account>,
        name: Option<String>,
        password: Option<&Secret>,
        from: Option<IpAddr>,
    ) -> Result<Accepted, AccountError> {
        let now = self.clock.now();
        let begun = self.limits.begin(None, from, now);
        let attempt = begun.map_err(|retry_after| AccountError::Limited { retry_after })?;
        let Some(token) = Secret::parse(token, Purpose::Invitation) else { return Ok(Accepted::Unknown) };
        let hash = token.hash();
        let Some(invitation) = self.store.open_invitation(&hash, now).await? else { return Ok(Accepted::Unknown) };
        self.limits.succeeded(&attempt);
        let guest = match (account, name, password) {
            (Some(account), ..) if account.email == invitation.email => Guest::User(account.user),
            (Some(_), ..) | (None, _, None) => return Ok(Accepted::SignInFirst),
            (None, None, Some(_)) => return Ok(Accepted::NameNeeded),
            (None, Some(name), Some(password)) => {
                if let Err(why) = check_new_password(password, &invitation.email) {
                    return Ok(Accepted::Weak(why));
                }
                Guest::New(NewUser {
                    email: invitation.email,
                    name,
                    password: Some(self.passwords.hash(password).await?),
                    administrator: false,
                    creates_events: false,
                    email_verified: false,
                })
            }
        };
        let is_new = matches!(guest, Guest::New(_));
        let Some((invitation, user)) = self.store.accept_invitation(&hash, guest, now).await? else {
            return Ok(Accepted::SignInFirst);
        };
        self.forget_known();
        let session = if is_new { Some(Box::new(self.begin_session(&user).await?)) } else { None };
        Ok(Accepted::Done { invitation, user: Box::new(user), session })
    }

    /// Gives a member another role.
    pub async fn change_member_role(&self, event: Id, user: Id, role: Role) -> Result<Membership, AccountError> {
        let done = self.store.change_member_role(event, user, role, self.clock.now()).await?;
        self.forget_known();
        Ok(done)
    }

    /// Removes a member.
    pub async fn remove_member(&self, event: Id, user: Id) -> Result<Membership, AccountError> {
        let done = self.store.remove_member(event, user).await?;
        self.forget_known();
        Ok(done)
    }
}
