//! Signed tokens (JWT, EdDSA): of a sign-in, and of the preview that opens the working view of some events.
//!
//! It is told the time and the keys, and never logs a token. Whether the session of a token is still going on and its
//! user still there is not its business: `accounts` asks the store.

use std::fmt::Write;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Viewer;
use super::secret::Secret;
use crate::content::Id;
use crate::error::Error;

/// The longest time that a preview token may be valid.
pub const MAX_VALIDITY: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The longest text that is looked at as a token.
pub(super) const MAX_LENGTH: usize = 8192;
/// How far the clocks of two machines may differ, in seconds.
pub(super) const LEEWAY: i64 = 30;
const TYPE: &str = "at+jwt";
const ISSUER: &str = "plenary";
const AUDIENCE: &str = "plenary";
const PREVIEW: &str = "read:working";
const SESSION: &str = "session";

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
    /// The sign-in, of a token of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<Id>,
    /// The slugs of the events that a preview opens; left out, every event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    events: Option<Vec<String>>,
}

/// A key that signs and checks tokens.
struct TokenKey {
    id: String,
    sign: EncodingKey,
    check: DecodingKey,
}

/// The keys of a server: the first one signs, and all of them check, so that a new one can come before the old one goes.
pub struct KeyRing {
    keys: Vec<TokenKey>,
}

/// What a good token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// The holder may see the working view of some events.
    Preview(Viewer),
    /// The holder signed in. Whether that still holds is for the store to say.
    Session {
        /// Who it was.
        user: Id,
        /// The sign-in.
        session: Id,
    },
}

/// Why a token opens nothing. The text may be shown to whoever sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// It is no token of this server, or was changed.
    #[error("the token is not one of this server")]
    Invalid,
    /// It was signed with a key that this server does not have (yet), or by somebody else.
    #[error("the token is not one of this server")]
    UnknownKey,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not begun.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// It was ended: by signing out, by a new password, by revoking it, or with the account.
    #[error("the token has been ended; sign in again")]
    Ended,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.keys.iter().map(|key| &key.id)).finish()
    }
}

impl KeyRing {
    /// A new key, as the text of a PEM file (PKCS#8).
    pub fn generate() -> Result<String, Error> {
        let document = Ed25519KeyPair::generate()
            .and_then(|pair| pair.to_pkcs8())
            .map_err(|_| Error::Input("the system could not make a key".to_owned()))?;
        Ok(pem::encode(&pem::Pem::new("PRIVATE KEY", document.as_ref())))
    }

    /// The keys in the text of a PEM file, of which the first one signs.
    pub fn from_pem(text: &str) -> Result<KeyRing, Error> {
        let bad = || Error::Input("the key file does not hold Ed25519 keys (PKCS#8, PEM)".to_owned());
        let blocks = pem::parse_many(text).map_err(|_| bad())?;
        let keys = blocks.iter().map(|block| TokenKey::from_der(block.contents()).ok_or_else(bad));
        let keys: Vec<_> = keys.collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(bad()) } else { Ok(KeyRing { keys }) }
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
        self.sign(&Claims { events, ..Claims::new(subject.to_owned(), PREVIEW, now, validity) })
    }

    /// A token of a sign-in.
    pub fn issue_session(
        &self,
        user: Id,
        session: Id,
        now: Timestamp,
        validity: SignedDuration,
    ) -> Result<Secret, Error> {
        let claims = Claims { sid: Some(session), ..Claims::new(user.to_string(), SESSION, now, validity) };
        self.sign(&claims).map(Secret::from)
    }

    /// What this token says, if it is good at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Statement, Rejected> {
        if token.len() > MAX_LENGTH {
            return Err(Rejected::Invalid);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Rejected::Invalid)?;
        let key = self.keys.iter().find(|key| header.kid.as_deref() == Some(&key.id)).ok_or(Rejected::UnknownKey)?;
        // What `crit` names has to be understood, and none of it is (RFC 7515 §4.1.11); the JWT crate leaves that to others.
        if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return Err(Rejected::Invalid);
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // The times are compared below, with the clock that the caller has.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let token = jsonwebtoken::decode::<Claims>(token, &key.check, &validation).map_err(|_| Rejected::Invalid)?;
        let claims = token.claims;
        if claims.exp.saturating_sub(claims.iat) > MAX_VALIDITY.as_secs() {
            return Err(Rejected::Invalid);
        }
        check_times(claims.exp, Some(claims.nbf), Some(claims.iat), now)?;
        match (claims.scope.as_str(), claims.sid) {
            (PREVIEW, None) => Ok(Statement::Preview(Viewer::Reader { subject: claims.sub, events: claims.events })),
            (SESSION, Some(session)) => {
                let user = claims.sub.parse().map_err(|_| Rejected::Invalid)?;
                Ok(Statement::Session { user, session })
            }
            _ => Err(Rejected::Invalid),
        }
    }

    /// The public halves, as others who check tokens take them (RFC 7517).
    pub fn public_keys(&self) -> Result<JwkSet, Error> {
        let keys = self.keys.iter().map(|key| {
            let mut jwk = Jwk::from_decoding_key(&key.check, Some(Algorithm::EdDSA))
                .map_err(|_| Error::Input("a key can't be shown as a JWK".to_owned()))?;
            jwk.common.key_id = Some(key.id.clone());
            jwk.common.public_key_use = Some(PublicKeyUse::Signature);
            Ok(jwk)
        });
        Ok(JwkSet { keys: keys.collect::<Result<_, Error>>()? })
    }

    fn sign(&self, claims: &Claims) -> Result<String, Error> {
        let key = self.keys.first().ok_or_else(|| Error::Input("there is no key to sign with".to_owned()))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.id.clone());
        jsonwebtoken::encode(&header, claims, &key.sign)
            .map_err(|_| Error::Input("the token could not be signed".to_owned()))
    }
}

impl TokenKey {
    fn from_der(der: &[u8]) -> Option<TokenKey> {
        let pair = Ed25519KeyPair::from_pkcs8(der).ok()?;
        let public = pair.public_key().as_ref();
        let id = Sha256::digest(public).iter().take(8).fold(String::new(), |mut id, byte| {
            let _ = write!(id, "{byte:02x}");
            id
        });
        use_one_backend();
        Some(TokenKey { id, sign: EncodingKey::from_ed_der(der), check: DecodingKey::from_ed_der(public) })
    }
}

impl Claims {
    fn new(subject: String, scope: &str, now: Timestamp, validity: SignedDuration) -> Claims {
        let begin = now.as_second();
        Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: subject,
            iat: begin,
            nbf: begin,
            exp: begin + validity.as_secs(),
            jti: uuid::Uuid::now_v7().to_string(),
            scope: scope.to_owned(),
            sid: None,
            events: None,
        }
    }
}

/// The JWT crate must use the backend that makes the keys, whatever features other crates switch on in it.
pub(super) fn use_one_backend() {
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
}

/// Whether a token's time has begun and is not over.
pub(super) fn check_times(
    expires: i64,
    not_before: Option<i64>,
    issued: Option<i64>,
    now: Timestamp,
) -> Result<(), Rejected> {
    let now = now.as_second();
    if expires.saturating_add(LEEWAY) <= now {
        return Err(Rejected::Expired);
    }
    if [not_before, issued].into_iter().flatten().any(|instant| instant.saturating_sub(LEEWAY) > now) {
        return Err(Rejected::NotYetValid);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn key() -> KeyRing {
        KeyRing::from_pem(&KeyRing::generate().unwrap()).unwrap()
    }

    fn preview(events: Option<&str>) -> Statement {
        let events = events.map(|slug| vec![slug.to_owned()]);
        Statement::Preview(Viewer::Reader { subject: "preview".to_owned(), events })
    }

    #[test]
    fn a_token_opens_what_it_says_while_it_is_valid() {
        let key = key();
        let noon = at("2026-11-01T12:00:00Z");
        let events = Some(vec!["a".to_owned()]);
        let token = key.issue("preview", events, noon, SignedDuration::from_hours(1)).unwrap();
        assert_eq!(key.verify(&token, at("2026-11-01T12:59:00Z")), Ok(preview(Some("a"))));
        assert_eq!(key.verify(&token, at("2026-11-01T13:00:31Z")), Err(Rejected::Expired));
        assert_eq!(key.verify(&token, at("2026-11-01T11:59:00Z")), Err(Rejected::NotYetValid));
        let all = key.issue("preview", None, noon, SignedDuration::from_hours(1)).unwrap();
        assert_eq!(key.verify(&all, noon), Ok(preview(None)));
        let (user, session) = (Id(uuid::Uuid::from_u128(1)), Id(uuid::Uuid::from_u128(2)));
        let token = key.issue_session(user, session, noon, SignedDuration::from_mins(15)).unwrap();
        assert_eq!(key.verify(token.reveal(), noon), Ok(Statement::Session { user, session }));
    }

    #[test]
    fn a_new_key_signs_while_the_old_one_still_checks() {
        let now = at("2026-11-01T12:00:00Z");
        let (old, new) = (KeyRing::generate().unwrap(), KeyRing::generate().unwrap());
        let before = KeyRing::from_pem(&old).unwrap();
        let both = KeyRing::from_pem(&format!("{new}{old}")).unwrap();
        let after = KeyRing::from_pem(&new).unwrap();
        let issue = |ring: &KeyRing| ring.issue("preview", None, now, SignedDuration::from_hours(1)).unwrap();
        assert_eq!(both.verify(&issue(&before), now), Ok(preview(None)));
        assert_eq!(after.verify(&issue(&both), now), Ok(preview(None)));
        assert_eq!(after.verify(&issue(&before), now), Err(Rejected::UnknownKey));
        let public = serde_json::to_value(both.public_keys().unwrap()).unwrap();
        assert_eq!(public["keys"].as_array().unwrap().len(), 2);
        assert_eq!((&public["keys"][0]["kty"], &public["keys"][0]["alg"]), (&"OKP".into(), &"EdDSA".into()));
        assert!(public["keys"][0]["d"].is_null() && public["keys"][0]["kid"].is_string());
    }

    #[test]
    fn tokens_that_others_made_open_nothing() {
        let key = key();
        let now = at("2026-11-01T12:00:00Z");
        let token = key.issue("preview", None, now, SignedDuration::from_hours(1)).unwrap();
        let other = self::key().issue("preview", None, now, SignedDuration::from_hours(1)).unwrap();
        assert_eq!(key.verify(&other, now), Err(Rejected::UnknownKey));
        let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        parts[1].insert(5, 'A');
        assert_eq!(key.verify(&parts.join("."), now), Err(Rejected::Invalid));
        for bad in ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", &"x".repeat(10_000)] {
            assert!(matches!(key.verify(bad, now), Err(Rejected::Invalid | Rejected::UnknownKey)), "{bad}");
        }
    }

    #[test]
    fn a_header_or_claims_of_another_kind_are_refused() {
        let ring = key();
        let key = &ring.keys[0];
        let now = at("2026-11-01T12:00:00Z");
        let hour = SignedDuration::from_hours(1);
        let claims = |scope: &str| Claims::new("x".to_owned(), scope, now, hour);
        let sign = |typ: &str, kid: &str, claims: &Claims| {
            let mut header = Header::new(Algorithm::EdDSA);
            header.typ = Some(typ.to_owned());
            header.kid = Some(kid.to_owned());
            jsonwebtoken::encode(&header, claims, &key.sign).unwrap()
        };
        let good = claims(PREVIEW);
        assert!(ring.verify(&sign(TYPE, &key.id, &good), now).is_ok());
        assert_eq!(ring.verify(&sign(TYPE, "other", &good), now), Err(Rejected::UnknownKey));
        let session = Some(Id(uuid::Uuid::from_u128(1)));
        for token in [
            sign("JWT", &key.id, &good),
            sign(TYPE, &key.id, &claims("write")),
            sign(TYPE, &key.id, &Claims { sid: session, ..claims(PREVIEW) }),
            sign(TYPE, &key.id, &Claims { sid: session, ..claims(SESSION) }),
            sign(TYPE, &key.id, &claims(SESSION)),
            sign(TYPE, &key.id, &Claims { iss: "other".to_owned(), ..claims(PREVIEW) }),
            sign(TYPE, &key.id, &Claims { aud: "other".to_owned(), ..claims(PREVIEW) }),
            sign(TYPE, &key.id, &Claims { exp: now.as_second() + 100 * 86_400, ..claims(PREVIEW) }),
        ] {
            assert_eq!(ring.verify(&token, now), Err(Rejected::Invalid));
        }
    }

    #[test]
    fn no_other_algorithm_is_taken() {
        let ring = key();
        let key = &ring.keys[0];
        let now = at("2026-11-01T12:00:00Z");
        let claims = Claims::new("x".to_owned(), PREVIEW, now, SignedDuration::from_hours(1));
        let public = key.check.try_get_as_bytes().unwrap();
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let mut header = Header::new(algorithm);
            header.typ = Some(TYPE.to_owned());
            header.kid = Some(key.id.clone());
            let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(public)).unwrap();
            assert_eq!(ring.verify(&token, now), Err(Rejected::Invalid));
        }
    }

    #[test]
    fn what_makes_no_sense_is_not_issued() {
        let key = key();
        let now = at("2026-11-01T12:00:00Z");
        assert!(key.issue("", None, now, SignedDuration::from_hours(1)).is_err());
        assert!(key.issue("x", None, now, SignedDuration::from_hours(24 * 31)).is_err());
        assert!(key.issue("x", None, now, SignedDuration::ZERO).is_err());
        assert!(KeyRing::from_pem("not a key").is_err());
    }
}
