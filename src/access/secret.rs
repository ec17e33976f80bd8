//! Secrets that are made here: random texts with a prefix that says what they are for and a checksum, kept only as
//! hashes. A [`Secret`] shows itself to nobody by accident.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};

use crate::error::Error;

/// How many random characters a secret has: 62 to the 40th is more than 2 to the 238th.
const LENGTH: usize = 40;
const CHECKSUM: usize = 6;
/// How many of the random characters people may see, to recognise a token.
const SHOWN: usize = 4;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A password or a token in clear.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(text)
    }
}

/// What a made secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A personal access token.
    AccessToken,
    /// What an access token of a sign-in is renewed with.
    Refresh,
    /// What an invitation is accepted with.
    Invitation,
}

impl Purpose {
    /// How secrets of this purpose begin, so that people and scanners recognise them.
    pub const fn prefix(self) -> &'static str {
        match self {
            Purpose::AccessToken => "plenary_pat_",
            Purpose::Refresh => "plenary_refresh_",
            Purpose::Invitation => "plenary_invitation_",
        }
    }
}

impl Secret {
    /// A new one.
    pub fn generate(purpose: Purpose) -> Result<Secret, Error> {
        let random = SystemRandom::new();
        let mut text = purpose.prefix().to_owned();
        let mut bytes = [0_u8; 64];
        while text.len() < purpose.prefix().len() + LENGTH {
            random.fill(&mut bytes).map_err(|_| Error::Input("the system gave no random numbers".to_owned()))?;
            // 248 is the greatest multiple of 62 in a byte: larger values would make some digits likelier.
            let digits = bytes.iter().filter(|byte| **byte < 248).map(|byte| digit(u64::from(*byte)));
            text.extend(digits.take(purpose.prefix().len() + LENGTH - text.len()));
        }
        text.push_str(&checksum(&text));
        Ok(Secret(text))
    }

    /// A text that may be a secret of this purpose: it has the form, and its checksum is right.
    pub fn parse(text: &str, purpose: Purpose) -> Option<Secret> {
        let random = text.strip_prefix(purpose.prefix())?;
        let (random, check) = random.split_at_checked(LENGTH)?;
        let of_digits = random.bytes().all(|byte| DIGITS.contains(&byte));
        (of_digits && check == checksum(&text[..text.len() - check.len()])).then(|| Secret(text.to_owned()))
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The SHA-256 in hexadecimal, which is what is kept of a made secret: it has so much randomness that it needs no
    /// slow hash.
    pub fn hash(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The beginning of a made secret, by which people recognise it.
    pub fn shown(&self, purpose: Purpose) -> String {
        self.0.chars().take(purpose.prefix().len() + SHOWN).collect()
    }
}

fn digit(number: u64) -> char {
    char::from(DIGITS[(number % 62) as usize])
}

/// Tells a mistyped or cut token, and a text that only looks like one, from a real one without asking anybody.
fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    (0..CHECKSUM)
        .map(|_| {
            let next = digit(number);
            number /= 62;
            next
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_recognised_and_not_shown() {
        let secret = Secret::generate(Purpose::AccessToken).unwrap();
        let text = secret.reveal();
        assert_eq!(text.len(), "plenary_pat_".len() + 46);
        assert_eq!(Secret::parse(text, Purpose::AccessToken).as_ref(), Some(&secret));
        assert!(!format!("{secret:?}").contains(&text[12..]));
        assert_eq!((secret.shown(Purpose::AccessToken).len(), secret.hash().len()), (16, 64));
        assert_ne!(Secret::generate(Purpose::AccessToken).unwrap(), secret);
    }

    #[test]
    fn what_only_looks_like_a_secret_is_not_one() {
        let text = Secret::generate(Purpose::Refresh).unwrap().reveal().to_owned();
        assert!(Secret::parse(&text, Purpose::AccessToken).is_none());
        let swapped = text.replace("plenary_refresh_", "plenary_pat_");
        let longer = format!("{text}0");
        let other = format!("{}{}", &text[..20], "x".repeat(text.len() - 20));
        for bad in ["", "plenary_refresh_", &text[..text.len() - 1], &longer, &swapped, &other, "plenary_refresh_ü"] {
            assert!(Secret::parse(bad, Purpose::Refresh).is_none(), "{bad}");
        }
    }
}
