//! Signing in and out, and the password.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::passwords::{Verdict, check_new_password};
use super::{AccountError, Accounts, normalized_email};
use crate::access::secret::{Purpose, Secret};
use crate::access::{Account, Credential};
use crate::content::Id;
use crate::error::Error;
use crate::store::{Refreshed, User};

/// How long a refresh token that was used may be used again: an answer can be lost on its way.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// What a sign-in gives.
#[derive(Debug)]
pub struct SignedIn {
    /// Who signed in.
    pub user: Id,
    /// What requests carry.
    pub access_token: Secret,
    /// When it ends.
    pub access_expires_at: Timestamp,
    /// What the next access token is asked for with; it is good for one use.
    pub refresh_token: Secret,
    /// When the session ends, however often it is renewed.
    pub session_expires_at: Timestamp,
}

/// What became of a change of password.
#[derive(Debug)]
pub enum Changed {
    /// It is changed; everything that was signed in before has ended, and this is a new session.
    Done(Box<SignedIn>),
    /// The password given as the current one is not.
    WrongPassword,
    /// The new password won't do.
    Weak(&'static str),
}

impl Accounts {
    /// Signs in with a password; `None` when there is no such user, they may not sign in, or the password is wrong: the
    /// caller learns no more, neither by words nor by time.
    pub async fn login(
        &self,
        email: &str,
        password: &Secret,
        from: Option<IpAddr>,
    ) -> Result<Option<SignedIn>, AccountError> {
        let email = normalized_email(email);
        let now = self.clock.now();
        let begun = self.limits.begin(email.as_deref(), from, now);
        let attempt = begun.map_err(|retry_after| AccountError::Limited { retry_after })?;
        let found = self.store.password_of(email.as_deref().unwrap_or_default()).await?;
        let (user, hash) = found.filter(|(user, _)| user.active).unzip();
        let hash = hash.flatten();
        let verdict = self.passwords.check(password, hash.clone()).await?;
        let Some(user) = user.filter(|_| verdict != Verdict::Wrong) else { return Ok(None) };
        self.limits.succeeded(&attempt);
        if let (Verdict::RightButOld, Some(old)) = (verdict, hash) {
            let new = self.passwords.hash(password).await?;
            self.store.rehash_password(user.id, &old, new).await?;
        }
        tracing::info!(user = %user.id, "signed in");
        Ok(Some(self.begin_session(&user).await?))
    }

    /// Goes on with a session; `None` when the token is none, was used before, or its session is over.
    pub async fn refresh(&self, token: &str, from: Option<IpAddr>) -> Result<Option<SignedIn>, AccountError> {
        let now = self.clock.now();
        let begun = self.limits.begin(None, from, now);
        let attempt = begun.map_err(|retry_after| AccountError::Limited { retry_after })?;
        let Some(token) = Secret::parse(token, Purpose::Refresh) else { return Ok(None) };
        let next = Secret::generate(Purpose::Refresh)?;
        match self.store.refresh_session(&token.hash(), next.hash(), GRACE, now).await? {
            Refreshed::Going { session, user, expires_at } => {
                self.limits.succeeded(&attempt);
                Ok(Some(self.signed_in(user, session, next, expires_at, now)?))
            }
            Refreshed::Reused => {
                self.forget_known();
                tracing::warn!("a refresh token was used twice: its session has been ended");
                Ok(None)
            }
            Refreshed::Unknown => Ok(None),
        }
    }

    /// Ends the session that an account came with, or all of the user's; answers whether there was one to end.
    pub async fn logout(&self, account: &Account, everywhere: bool) -> Result<bool, AccountError> {
        let now = self.clock.now();
        let done = match (everywhere, &account.credential) {
            (true, _) => {
                self.store.end_sessions(account.user, now).await?;
                true
            }
            (false, Credential::Session(session)) => {
                self.store.end_session(*session, now).await?;
                true
            }
            (false, Credential::AccessToken(..) | Credential::Outside) => false,
        };
        self.forget_known();
        Ok(done)
    }

    /// Ends the session of a refresh token, whoever has it.
    pub async fn logout_with(&self, refresh_token: &str) -> Result<(), AccountError> {
        if let Some(token) = Secret::parse(refresh_token, Purpose::Refresh) {
            self.store.end_session_of(&token.hash(), self.clock.now()).await?;
            self.forget_known();
        }
        Ok(())
    }

    /// Changes the password of an account, which ends all sessions and, unless they are to be kept, all personal access
    /// tokens.
    pub async fn change_password(
        &self,
        account: &Account,
        current: &Secret,
        new: &Secret,
        keep_tokens: bool,
        from: Option<IpAddr>,
    ) -> Result<Changed, AccountError> {
        if let Err(why) = check_new_password(new, &account.email) {
            return Ok(Changed::Weak(why));
        }
        let begun = self.limits.begin(Some(&account.email), from, self.clock.now());
        let attempt = begun.map_err(|retry_after| AccountError::Limited { retry_after })?;
        let old = self.store.password_of(&account.email).await?.and_then(|(_, hash)| hash);
        if self.passwords.check(current, old.clone()).await? == Verdict::Wrong {
            return Ok(Changed::WrongPassword);
        }
        self.limits.succeeded(&attempt);
        let hash = self.passwords.hash(new).await?;
        // Of two changes at once the second one finds that its old password is none any more.
        let now = self.clock.now();
        let user = self.store.set_password(account.user, old.as_ref(), hash, keep_tokens, now).await?;
        self.forget_known();
        match user.filter(|user| user.active) {
            Some(user) => Ok(Changed::Done(Box::new(self.begin_session(&user).await?))),
            None => Ok(Changed::WrongPassword),
        }
    }

    /// The hash of a password, for whoever makes an account.
    pub async fn hash_password(&self, password: &Secret) -> Result<crate::store::PasswordHash, Error> {
        self.passwords.hash(password).await
    }

    pub(super) async fn begin_session(&self, user: &User) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let refresh = Secret::generate(Purpose::Refresh)?;
        let validity = SignedDuration::from_hours(24 * i64::from(self.config.session_days));
        let session = self.store.begin_session(user, refresh.hash(), now, validity).await?;
        self.signed_in(user.id, session, refresh, now.saturating_add(validity).unwrap_or(now), now)
    }

    fn signed_in(
        &self,
        user: Id,
        session: Id,
        refresh_token: Secret,
        session_expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<SignedIn, Error> {
        let validity = SignedDuration::from_mins(i64::from(self.config.access_token_minutes));
        let access_token = self.signing_keys()?.issue_session(user, session, now, validity)?;
        let access_expires_at = now.saturating_add(validity).unwrap_or(now).min(session_expires_at);
        Ok(SignedIn { user, access_token, access_expires_at, refresh_token, session_expires_at })
    }
}
