//! Who sends a token. Every time anew, give or take half a second, the user and what the token came from are looked up:
//! whatever has ended, ends here.

use std::sync::Arc;

use super::known::Key;
use super::{Accounts, normalized_email};
use crate::access::secret::{Purpose, Secret};
use crate::access::token::{Rejected, Statement};
use crate::access::{Account, Credential, Grant, Viewer};
use crate::content::Id;
use crate::error::Error;
use crate::store::{AccessToken, Known};

/// Why a token opens nothing.
#[derive(Debug)]
pub enum Refused {
    /// It is not good; the text may be shown to whoever sent it.
    Rejected(Rejected),
    /// It can't be checked at the moment; the text is for the log.
    Unavailable(Error),
}

impl From<Rejected> for Refused {
    fn from(rejected: Rejected) -> Self {
        Refused::Rejected(rejected)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Unavailable(error)
    }
}

impl Accounts {
    /// Who sends this token.
    pub async fn viewer(self: &Arc<Self>, token: &str) -> Result<Viewer, Refused> {
        if token.starts_with(Purpose::AccessToken.prefix()) {
            let secret = Secret::parse(token, Purpose::AccessToken).ok_or(Rejected::Invalid)?;
            return self.by_access_token(secret.hash()).await;
        }
        let now = self.clock.now();
        let check = |keys: Option<Arc<_>>| {
            keys.map_or(Err(Rejected::UnknownKey), |keys| crate::access::token::KeyRing::verify(&keys, token, now))
        };
        let stated = match check(self.keys.get()) {
            // The key may have come since the file was last looked at.
            Err(Rejected::UnknownKey) => check(self.keys.get_anew()),
            stated => stated,
        };
        match stated {
            Ok(Statement::Preview(viewer)) => Ok(viewer),
            Ok(Statement::Session { user, session }) => self.by_session(user, session).await,
            Err(Rejected::UnknownKey) => self.by_outside_token(token).await,
            Err(rejected) => Err(rejected.into()),
        }
    }

    /// The viewer as they are now: with the roles that they have meanwhile, or no more. For what stays open, such as a
    /// subscription. It does not look at when a signed token expires: the session counts.
    pub async fn recheck(self: &Arc<Self>, viewer: &Viewer) -> Result<Viewer, Refused> {
        let Viewer::User(account) = viewer else { return Ok(viewer.clone()) };
        let now = self.clock.now();
        let account = match &account.credential {
            Credential::Session(session) => return self.by_session(account.user, *session).await,
            Credential::AccessToken(id, _) => {
                let known = self.store.user_of_access_token_id(*id, now).await?.ok_or(Rejected::Ended)?;
                of_access_token(known)
            }
            Credential::Outside => {
                let user = self.store.user(account.user).await?.filter(|user| user.active).ok_or(Rejected::Ended)?;
                of_known(self.store.known(user, ()).await?, Credential::Outside)
            }
        };
        Ok(Viewer::User(Arc::new(account)))
    }

    /// Lets the next request of everybody be looked up anew. Whatever changes accounts calls it.
    pub(super) fn forget_known(&self) {
        self.known.forget();
    }

    async fn by_session(&self, user: Id, session: Id) -> Result<Viewer, Refused> {
        let key = Key::Session(session);
        let age = match self.known.get(&key) {
            Ok(account) if account.user == user => return Ok(Viewer::User(account)),
            Ok(_) => return Err(Rejected::Invalid.into()),
            Err(age) => age,
        };
        let known = self.store.user_of_session(session, self.clock.now()).await?;
        let known = known.filter(|known| known.user.id == user).ok_or(Rejected::Ended)?;
        Ok(self.remember(key, of_known(known, Credential::Session(session)), age))
    }

    async fn by_access_token(self: &Arc<Self>, hash: String) -> Result<Viewer, Refused> {
        let key = Key::AccessToken(hash);
        let age = match self.known.get(&key) {
            Ok(account) => return Ok(Viewer::User(account)),
            Err(age) => age,
        };
        let Key::AccessToken(hash) = &key else { return Err(Rejected::Invalid.into()) };
        let now = self.clock.now();
        let known = self.store.user_of_access_token(hash, now).await?.ok_or(Rejected::Ended)?;
        let (accounts, token) = (self.clone(), known.with.clone());
        // Nobody waits for this note, and a server that can't write it still answers.
        tokio::spawn(async move {
            if let Err(error) = accounts.store.note_use(&token, now).await {
                tracing::warn!(%error, "the use of an access token could not be noted");
            }
        });
        Ok(self.remember(key, of_access_token(known), age))
    }

    async fn by_outside_token(&self, token: &str) -> Result<Viewer, Refused> {
        let Some(outside) = &self.outside else { return Err(Rejected::Invalid.into()) };
        let now = self.clock.now();
        let issuer = outside.get().ok_or(Rejected::Invalid)?;
        let stranger = match issuer.verify(token, now) {
            Err(Rejected::UnknownKey) => outside.get_anew().ok_or(Rejected::Invalid)?.verify(token, now)?,
            stranger => stranger?,
        };
        let key = Key::Outside(stranger.subject.clone());
        let age = match self.known.get(&key) {
            Ok(account) => return Ok(Viewer::User(account)),
            Err(age) => age,
        };
        let email = stranger.verified_email.as_deref().and_then(normalized_email);
        let user = self.store.user_from_outside(&stranger.issuer, &stranger.subject, email.as_deref(), now).await?;
        let user = user.filter(|user| user.active).ok_or(Rejected::Ended)?;
        let account = of_known(self.store.known(user, ()).await?, Credential::Outside);
        Ok(self.remember(key, account, age))
    }

    fn remember(&self, key: Key, account: Account, age: u64) -> Viewer {
        let account = Arc::new(account);
        self.known.remember(key, account.clone(), age);
        Viewer::User(account)
    }
}

fn of_access_token(known: Known<AccessToken>) -> Account {
    let grant = Grant { scopes: known.with.scopes.clone(), events: known.with.events.clone() };
    let credential = Credential::AccessToken(known.with.id, grant);
    of_known(known, credential)
}

fn of_known<T>(known: Known<T>, credential: Credential) -> Account {
    let Known { user, roles, .. } = known;
    Account {
        user: user.id,
        email: user.email,
        name: user.name,
        administrator: user.administrator,
        creates_events: user.creates_events,
        roles,
        credential,
    }
}
