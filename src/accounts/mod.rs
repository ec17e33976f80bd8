//! Accounts at work: signing in and out, tokens, and members of events.
//!
//! It puts together what `access` decides and `store` keeps, with passwords hashed on a bounded pool and guesses
//! limited. It knows no HTTP and no GraphQL: callers tell it who asks and from where.

mod authenticate;
mod known;
mod limits;
mod members;
mod passwords;
mod sign_in;
mod tokens;
mod watched;

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use jsonwebtoken::jwk::JwkSet;

pub use authenticate::Refused;
pub use members::{Accepted, Invited};
pub use passwords::check_new_password;
pub use sign_in::{Changed, SignedIn};
pub use tokens::{MAX_DAYS, MadeToken, TokenRequest};

use crate::access::key_file;
use crate::access::outside::OutsideIssuer;
use crate::access::token::KeyRing;
use crate::clock::Clock;
use crate::config::{AuthConfig, OutsideConfig};
use crate::error::Error;
use crate::store::Store;
use known::KnownUsers;
use limits::Limits;
use passwords::Passwords;
use watched::Watched;

/// The longest name of a user or a token, in characters.
const MAX_NAME: usize = 200;

/// The accounts of a server.
#[derive(Debug)]
pub struct Accounts {
    store: Store,
    clock: Clock,
    config: AuthConfig,
    keys: Watched<KeyRing>,
    outside: Option<Watched<OutsideIssuer>>,
    passwords: Passwords,
    limits: Limits,
    known: KnownUsers,
}

/// One request's way to the accounts.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The accounts.
    pub accounts: Arc<Accounts>,
    /// The address that the request came from, where it came by network.
    pub from: Option<IpAddr>,
}

/// Why something about accounts was not done, for no fault of the input.
#[derive(Debug)]
pub enum AccountError {
    /// There were too many attempts.
    Limited {
        /// When it is worth trying again, in seconds.
        retry_after: u64,
    },
    /// This side failed; the text is for the log.
    Failed(Error),
}

impl From<Error> for AccountError {
    fn from(error: Error) -> Self {
        AccountError::Failed(error)
    }
}

impl Accounts {
    /// The accounts in a store.
    pub fn new(store: Store, clock: Clock, config: AuthConfig) -> Arc<Accounts> {
        let keys = Watched::new(config.key_file.clone(), key_file::read);
        let outside = config.outside.clone().map(|outside| {
            let path = outside.jwks_file.clone();
            Watched::new(path, move |path| read_outside(&outside, path))
        });
        Arc::new(Accounts {
            limits: Limits::new(&config),
            store,
            clock,
            config,
            keys,
            outside,
            passwords: Passwords::default(),
            known: KnownUsers::default(),
        })
    }

    /// The keys that check this server's tokens, for others; nothing where there are none yet.
    pub fn public_keys(&self) -> Result<JwkSet, Error> {
        self.keys.get().map_or_else(|| Ok(JwkSet { keys: Vec::new() }), |keys| keys.public_keys())
    }

    /// Checks the files that the settings name, as far as they are there: a server that could not read them had better
    /// not start.
    pub fn check_files(&self) -> Result<(), Error> {
        key_file::read(&self.config.key_file)?;
        match &self.config.outside {
            Some(outside) => match read_outside(outside, &outside.jwks_file)? {
                Some(_) => Ok(()),
                None => Err(Error::Configuration("auth.outside.jwks_file names a file that is not there".to_owned())),
            },
            None => Ok(()),
        }
    }

    /// The keys to sign with; a first one is made where there is none.
    fn signing_keys(&self) -> Result<Arc<KeyRing>, Error> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        key_file::read_or_create(&self.config.key_file)?;
        self.keys.get_anew().ok_or_else(|| Error::Input("the key file came and went".to_owned()))
    }
}

fn read_outside(config: &OutsideConfig, path: &Path) -> Result<Option<OutsideIssuer>, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => OutsideIssuer::new(&config.issuer, &config.audience, &text).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(format!("the JWKS file {} can't be read", path.display()))(error)),
    }
}

/// An e-mail address in the form in which it is kept and compared; `None` where it is none.
pub fn normalized_email(text: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization;
    let text: String = text.trim().nfkc().collect::<String>().to_lowercase();
    crate::content::is_email(&text).then_some(text)
}

/// A name of a user or a token, without what surrounds it; `None` where it is empty, too long, or more than a line.
pub fn normalized_name(text: &str) -> Option<String> {
    let text = text.trim();
    let good = !text.is_empty() && text.chars().count() <= MAX_NAME && !text.contains(char::is_control);
    good.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_in_one_form() {
        assert_eq!(normalized_email(" Ada@Example.ORG ").as_deref(), Some("ada@example.org"));
        assert_eq!(normalized_email("ａda@example.org").as_deref(), Some("ada@example.org"));
        let long = format!("{}@example.org", "x".repeat(250));
        for bad in ["", "ada", "@example.org", "ada@", "ada@example", "a b@example.org", "a@b@c.org", "a@.org", &long] {
            assert_eq!(normalized_email(bad), None, "{bad}");
        }
        assert_eq!(normalized_name("  Ada "), Some("Ada".to_owned()));
        assert!(normalized_name(" ").is_none() && normalized_name("a\nb").is_none());
    }
}
