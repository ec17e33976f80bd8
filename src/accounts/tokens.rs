//! Personal access tokens: made, listed and revoked by their users.

use jiff::SignedDuration;

use super::{AccountError, Accounts};
use crate::access::secret::{Purpose, Secret};
use crate::access::{Grant, Right};
use crate::content::Id;
use crate::store::{AccessToken, AddedToken, NewAccessToken};

/// The longest time that a personal access token is valid, in days.
pub const MAX_DAYS: u16 = 366;

/// A personal access token that somebody wants.
#[derive(Debug)]
pub struct TokenRequest {
    /// Whose it is to be.
    pub user: Id,
    /// The session of whoever makes it, where they have one.
    pub session: Option<Id>,
    /// What it is for.
    pub name: String,
    /// What it leaves of the rights of its user.
    pub grant: Grant,
    /// How long it is valid, in days.
    pub days: u16,
}

/// What became of a personal access token that somebody wants.
#[derive(Debug)]
pub enum MadeToken {
    /// It is there, and this is its secret.
    Done(Secret, Box<AccessToken>),
    /// The user has as many as may be.
    TooMany,
    /// What the user came with has ended.
    Ended,
}

impl Accounts {
    /// Makes a personal access token, which is shown this once. Every token may read.
    pub async fn create_access_token(&self, request: TokenRequest) -> Result<MadeToken, AccountError> {
        let TokenRequest { user, session, name, mut grant, days } = request;
        grant.scopes.insert(Right::Read);
        let secret = Secret::generate(Purpose::AccessToken)?;
        let now = self.clock.now();
        let validity = SignedDuration::from_hours(24 * i64::from(days.clamp(1, MAX_DAYS)));
        let new = NewAccessToken {
            user,
            session,
            name,
            prefix: secret.shown(Purpose::AccessToken),
            hash: secret.hash(),
            grant,
            expires_at: now.saturating_add(validity).unwrap_or(now),
        };
        Ok(match self.store.add_access_token(new, now).await? {
            AddedToken::Done(token) => MadeToken::Done(secret, token),
            AddedToken::TooMany => MadeToken::TooMany,
            AddedToken::Ended => MadeToken::Ended,
        })
    }

    /// The personal access tokens of a user, the newest first, ended ones too.
    pub async fn access_tokens(&self, user: Id) -> Result<Vec<AccessToken>, AccountError> {
        Ok(self.store.access_tokens(user).await?)
    }

    /// Revokes a personal access token, at once; `None` when the user has no such token.
    pub async fn revoke_access_token(&self, user: Id, id: Id) -> Result<Option<AccessToken>, AccountError> {
        let revoked = self.store.revoke_access_token(user, id, self.clock.now()).await?;
        self.forget_known();
        Ok(revoked)
    }
}
