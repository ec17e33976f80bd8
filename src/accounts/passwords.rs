//! Passwords: hashed slowly with Argon2id, few at a time, and compared in the same time whether there is one or not.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::access::secret::Secret;
use crate::error::Error;
use crate::store::PasswordHash;

/// Memory in KiB, passes and lanes: the least that OWASP recommends.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// The fewest characters of a new password.
const MIN_LENGTH: usize = 12;
/// The longest password that is looked at, in bytes.
const MAX_LENGTH: usize = 1024;
/// What a password is compared with where there is none. It costs the same, and nothing is its password.
const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cGxlbmFyeS1kdW1teS1zYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords, on as many threads as the machine has cores: each takes 19 MiB while it is hashed.
#[derive(Debug)]
pub(super) struct Passwords {
    turns: Arc<Semaphore>,
}

/// Whether a password is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Wrong,
    Right,
    /// It is right, and should be hashed again: the cost has grown since.
    RightButOld,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Passwords { turns: Arc::new(Semaphore::new(cores)) }
    }
}

impl Passwords {
    pub(super) async fn hash(&self, password: &Secret) -> Result<PasswordHash, Error> {
        let password = normalized(password);
        self.in_turn(move || {
            let mut salt = [0_u8; 16];
            SystemRandom::new().fill(&mut salt).map_err(|_| failed())?;
            let hash = argon2().hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| failed())?;
            Ok(PasswordHash(hash.to_string()))
        })
        .await?
    }

    /// Compares a password with a hash, or with nothing, at the same cost.
    pub(super) async fn check(&self, password: &Secret, hash: Option<PasswordHash>) -> Result<Verdict, Error> {
        // No password was ever taken that is longer, whoever's it is.
        if password.reveal().len() > MAX_LENGTH {
            return Ok(Verdict::Wrong);
        }
        let password = normalized(password);
        self.in_turn(move || {
            let is_real = hash.is_some();
            let text = hash.map_or_else(|| DUMMY.to_owned(), |hash| hash.0);
            let Ok(parsed) = Phc::new(&text) else { return Err(failed()) };
            let fits = argon2().verify_password(password.as_bytes(), &parsed).is_ok();
            let cost = Params::try_from(&parsed).map(|params| (params.m_cost(), params.t_cost(), params.p_cost()));
            Ok(match (fits && is_real, cost) {
                (false, _) => Verdict::Wrong,
                (true, Ok(COST)) => Verdict::Right,
                (true, _) => Verdict::RightButOld,
            })
        })
        .await?
    }

    /// Does the work when it is its turn. The turn ends with the work, also when nobody waits for it any more.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| failed())?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|_| failed())
    }
}

/// Says what is wrong with a new password.
pub fn check_new_password(password: &Secret, email: &str) -> Result<(), &'static str> {
    let text = normalized(password);
    if password.reveal().len() > MAX_LENGTH {
        return Err("the password is longer than 1024 bytes");
    }
    if text.chars().count() < MIN_LENGTH {
        return Err("the password must have at least 12 characters; a few words make a good one");
    }
    let mut letters: Vec<char> = text.to_lowercase().chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let (local, _) = email.split_once('@').unwrap_or((email, ""));
    if letters.len() < 5 || text.to_lowercase() == email || text.to_lowercase().trim_matches(char::is_numeric) == local
    {
        return Err("the password is too easy to guess");
    }
    Ok(())
}

/// The same text from every keyboard and system.
fn normalized(password: &Secret) -> String {
    password.reveal().nfkc().collect()
}

fn argon2() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).expect("the cost is within the bounds of Argon2");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn failed() -> Error {
    Error::Input("a password could not be hashed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::from(text.to_owned())
    }

    #[tokio::test]
    async fn passwords_are_hashed_and_compared() {
        let passwords = Passwords::default();
        let hash = passwords.hash(&secret("correct horse battery")).await.unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(passwords.hash(&secret("correct horse battery")).await.unwrap(), hash);
        let check = async |text: &str, hash: Option<&PasswordHash>| {
            passwords.check(&secret(text), hash.cloned()).await.unwrap()
        };
        assert_eq!(check("correct horse battery", Some(&hash)).await, Verdict::Right);
        for wrong in ["correct horse batterz", "", &"x".repeat(5000)] {
            assert_eq!(check(wrong, Some(&hash)).await, Verdict::Wrong);
        }
        assert_eq!(check("correct horse battery", None).await, Verdict::Wrong);
        // The two ways to write an umlaut, and a hash of a lower cost.
        let params = Params::new(8192, 1, 1, None).unwrap();
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let cheap = cheap.hash_password_with_salt("pässwörter".as_bytes(), b"0123456789abcdef").unwrap().to_string();
        assert_eq!(check("pa\u{308}sswo\u{308}rter", Some(&PasswordHash(cheap))).await, Verdict::RightButOld);
    }

    #[test]
    fn the_dummy_costs_what_a_password_costs() {
        let dummy = Phc::new(DUMMY).unwrap();
        let params = Params::try_from(&dummy).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), COST);
        assert_eq!(dummy.hash.unwrap().len(), 32);
    }

    #[test]
    fn new_passwords_are_not_too_easy() {
        let check = |text: &str| check_new_password(&secret(text), "ada.lovelace@example.org");
        assert!(check("correct horse battery").is_ok());
        for bad in [
            "short",
            "aaaaaaaaaaaaaaaa",
            "ada.lovelace@example.org",
            "ada.lovelace1815",
            "ADA.LOVELACE",
            &"long enough".repeat(100),
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
