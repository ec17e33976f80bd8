//! Tokens that open the working view: signed statements (JWT, EdDSA) of who may see the drafts of which events.
//!
//! It is told the time and the key, and never logs a token. Accounts and revocation are not its business: a token is
//! short-lived, and a new key file ends them all.

use std::fmt::Write;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Viewer;
use crate::error::Error;

/// The longest time that a token may be valid.
pub const MAX_VALIDITY: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The longest text that is looked at as a token.
const MAX_LENGTH: usize = 8192;
/// How far the clocks of two machines may differ, in seconds.
const LEEWAY: i64 = 30;
const TYPE: &str = "at+jwt";
const ISSUER: &str = "plenary";
const AUDIENCE: &str = "plenary";
const SCOPE: &str = "read:working";

/// What a token says.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    scope: String,
    /// The slugs of the events; left out, every event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    events: Option<Vec<String>>,
}

/// The key that signs and checks tokens.
pub struct TokenKey {
    id: String,
    sign: EncodingKey,
    check: DecodingKey,
}

/// Why a token opens nothing. The text may be shown to whoever sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// It is no token of this server, or was changed.
    #[error("the token is not one of this server")]
    Invalid,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not begun.
    #[error("the token is not valid yet")]
    NotYetValid,
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("TokenKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl TokenKey {
    /// A new key, as the text of a PEM file (PKCS#8).
    pub fn generate() -> Result<String, Error> {
        let document = Ed25519KeyPair::generate()
            .and_then(|pair| pair.to_pkcs8())
            .map_err(|_| Error::Input("the system could not make a key".to_owned()))?;
        Ok(pem::encode(&pem::Pem::new("PRIVATE KEY", document.as_ref())))
    }

    /// The key in the text of a PEM file.
    pub fn from_pem(text: &str) -> Result<TokenKey, Error> {
        let bad = |_| Error::Input("the key file does not hold an Ed25519 key (PKCS#8, PEM)".to_owned());
        let der = pem::parse(text).map_err(|_| bad(()))?;
        let pair = Ed25519KeyPair::from_pkcs8(der.contents()).map_err(|_| bad(()))?;
        let public = pair.public_key().as_ref();
        let id = Sha256::digest(public).iter().take(8).fold(String::new(), |mut id, byte| {
            let _ = write!(id, "{byte:02x}");
            id
        });
        // The crate must use the backend that made the key, whatever features other crates switch on in it.
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        Ok(TokenKey { id, sign: EncodingKey::from_ed_der(der.contents()), check: DecodingKey::from_ed_der(public) })
    }

    /// A token for `subject` that opens the working view of these events (`None`: of every event).
    pub fn issue(
        &self,
        subject: &str,
        events: Option<Vec<String>>,
        now: Timestamp,
        validity: SignedDuration,
    ) -> Result<String, Error> {
        if subject.is_empty() || subject.len() > 200 || subject.chars().any(char::is_control) {
            return Err(Error::Input("the subject must have 1 to 200 characters".to_owned()));
        }
        if validity < SignedDuration::from_secs(1) || validity > MAX_VALIDITY {
            return Err(Error::Input("a token may be valid for 1 second to 30 days".to_owned()));
        }
        let begin = now.as_second();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: subject.to_owned(),
            iat: begin,
            nbf: begin,
            exp: begin + validity.as_secs(),
            jti: uuid::Uuid::now_v7().to_string(),
            scope: SCOPE.to_owned(),
            events,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, &claims, &self.sign)
            .map_err(|_| Error::Input("the token could not be signed".to_owned()))
    }

    /// Who sends this token, if it is good at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Viewer, Rejected> {
        if token.len() > MAX_LENGTH {
            return Err(Rejected::Invalid);
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // The times are compared below, with the clock that the caller has.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let token = jsonwebtoken::decode::<Claims>(token, &self.check, &validation).map_err(|_| Rejected::Invalid)?;
        if token.header.typ.as_deref() != Some(TYPE) || token.header.kid.as_deref() != Some(&self.id) {
            return Err(Rejected::Invalid);
        }
        let claims = token.claims;
        if claims.scope != SCOPE || claims.exp.saturating_sub(claims.iat) > MAX_VALIDITY.as_secs() {
            return Err(Rejected::Invalid);
        }
        let now = now.as_second();
        if claims.exp.saturating_add(LEEWAY) <= now {
            return Err(Rejected::Expired);
        }
        if claims.nbf.saturating_sub(LEEWAY) > now || claims.iat.saturating_sub(LEEWAY) > now {
            return Err(Rejected::NotYetValid);
        }
        Ok(Viewer::Reader { subject: claims.sub, events: claims.events })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn key() -> TokenKey {
        TokenKey::from_pem(&TokenKey::generate().unwrap()).unwrap()
    }

    #[test]
    fn a_token_opens_what_it_says_while_it_is_valid() {
        let key = key();
        let noon = at("2026-11-01T12:00:00Z");
        let events = Some(vec!["a".to_owned()]);
        let token = key.issue("preview", events, noon, SignedDuration::from_hours(1)).unwrap();
        let viewer = key.verify(&token, at("2026-11-01T12:59:00Z")).unwrap();
        assert!(viewer.may_see_working("a") && !viewer.may_see_working("b"));
        assert_eq!(key.verify(&token, at("2026-11-01T13:00:31Z")), Err(Rejected::Expired));
        assert_eq!(key.verify(&token, at("2026-11-01T11:59:00Z")), Err(Rejected::NotYetValid));
        let all = key.issue("preview", None, noon, SignedDuration::from_hours(1)).unwrap();
        assert!(key.verify(&all, noon).unwrap().may_see_working("b"));
    }

    #[test]
    fn tokens_that_others_made_open_nothing() {
        let key = key();
        let now = at("2026-11-01T12:00:00Z");
        let token = key.issue("preview", None, now, SignedDuration::from_hours(1)).unwrap();
        let other = self::key().issue("preview", None, now, SignedDuration::from_hours(1)).unwrap();
        assert_eq!(key.verify(&other, now), Err(Rejected::Invalid));
        let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        parts[1].insert(5, 'A');
        assert_eq!(key.verify(&parts.join("."), now), Err(Rejected::Invalid));
        for bad in ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", &"x".repeat(10_000)] {
            assert_eq!(key.verify(bad, now), Err(Rejected::Invalid));
        }
    }

    #[test]
    fn a_header_of_another_kind_is_refused() {
        let key = key();
        let now = at("2026-11-01T12:00:00Z");
        let claims = |scope: &str, exp: i64| Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: "x".to_owned(),
            iat: now.as_second(),
            nbf: now.as_second(),
            exp: now.as_second() + exp,
            jti: "1".to_owned(),
            scope: scope.to_owned(),
            events: None,
        };
        let sign = |typ: &str, kid: &str, claims: &Claims| {
            let mut header = Header::new(Algorithm::EdDSA);
            header.typ = Some(typ.to_owned());
            header.kid = Some(kid.to_owned());
            jsonwebtoken::encode(&header, claims, &key.sign).unwrap()
        };
        assert!(key.verify(&sign(TYPE, &key.id, &claims(SCOPE, 60)), now).is_ok());
        for token in [
            sign("JWT", &key.id, &claims(SCOPE, 60)),
            sign(TYPE, "other", &claims(SCOPE, 60)),
            sign(TYPE, &key.id, &claims("write", 60)),
            sign(TYPE, &key.id, &claims(SCOPE, 100 * 86_400)),
        ] {
            assert_eq!(key.verify(&token, now), Err(Rejected::Invalid));
        }
    }

    #[test]
    fn what_makes_no_sense_is_not_issued() {
        let key = key();
        let now = at("2026-11-01T12:00:00Z");
        assert!(key.issue("", None, now, SignedDuration::from_hours(1)).is_err());
        assert!(key.issue("x", None, now, SignedDuration::from_hours(24 * 31)).is_err());
        assert!(key.issue("x", None, now, SignedDuration::ZERO).is_err());
        assert!(TokenKey::from_pem("not a key").is_err());
    }
}
