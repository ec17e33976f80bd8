//! What webhooks are signed with: secrets and signatures as Standard Webhooks 1.0.0 has them.
//!
//! Unlike every other secret it has to be kept readable. It shows itself to nobody by accident, and knows neither who
//! sends nor what.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error::Error;

/// How secrets begin.
const PREFIX: &str = "whsec_";
/// How many random bytes a new secret has; the specification wants 24 to 64.
const LENGTH: usize = 32;

/// A secret that messages are signed with, in clear.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Vec<u8>);

impl std::fmt::Debug for SigningSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SigningSecret")
    }
}

impl SigningSecret {
    /// A new one.
    pub fn generate() -> Result<SigningSecret, Error> {
        let mut bytes = vec![0_u8; LENGTH];
        let filled = SystemRandom::new().fill(&mut bytes);
        filled.map_err(|_| Error::Input("the system gave no random numbers".to_owned()))?;
        Ok(SigningSecret(bytes))
    }

    /// A secret as it is written.
    pub fn parse(text: &str) -> Option<SigningSecret> {
        STANDARD.decode(text.strip_prefix(PREFIX)?).ok().map(SigningSecret)
    }

    /// The secret as receivers take it.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// The signature of a message: `v1,` and the HMAC-SHA256 of its id, the time of the attempt and its body.
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(tag.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // The example that the reference libraries are tested with.
        let secret = SigningSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_long_enough_and_does_not_show_itself() {
        let secret = SigningSecret::generate().unwrap();
        assert_eq!(SigningSecret::parse(&secret.reveal()), Some(secret.clone()));
        assert_eq!(secret.reveal().len(), "whsec_".len() + 44);
        assert_eq!(format!("{secret:?}"), "SigningSecret");
        assert_ne!(SigningSecret::generate().unwrap(), secret);
        assert_eq!(SigningSecret::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), None);
    }
}
