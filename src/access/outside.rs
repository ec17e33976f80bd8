//! Tokens of an outside issuer (OpenID Connect): checked with the public keys of a JWKS file, never with a shared secret.
//!
//! It says who the issuer takes the holder for. Which user that is, and whether there is one, is for `accounts`.

use jiff::Timestamp;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::token::{MAX_LENGTH, Rejected, check_times, use_one_backend};
use crate::error::Error;

/// Who may issue tokens besides this server.
pub struct OutsideIssuer {
    issuer: String,
    audience: String,
    keys: Vec<OutsideKey>,
}

struct OutsideKey {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    check: DecodingKey,
}

/// Who the issuer takes somebody for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// The issuer.
    pub issuer: String,
    /// Their name for the person, which never changes.
    pub subject: String,
    /// The address, only where the issuer has verified it.
    pub verified_email: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    iat: Option<i64>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Option<bool>,
}

impl std::fmt::Debug for OutsideIssuer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("OutsideIssuer").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl OutsideIssuer {
    /// An issuer with the keys of a JWKS (RFC 7517). Keys that are not for signatures, and shared secrets, are left out.
    pub fn new(issuer: &str, audience: &str, jwks: &str) -> Result<OutsideIssuer, Error> {
        use_one_backend();
        let set: JwkSet = serde_json::from_str(jwks).map_err(|_| Error::Input("the file is not a JWKS".to_owned()))?;
        let keys: Vec<_> = set.keys.iter().filter_map(OutsideKey::new).collect();
        if keys.is_empty() {
            return Err(Error::Input("the JWKS has no key that can check signatures".to_owned()));
        }
        Ok(OutsideIssuer { issuer: issuer.to_owned(), audience: audience.to_owned(), keys })
    }

    /// Whom this token is about, if it is good at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Stranger, Rejected> {
        if token.len() > MAX_LENGTH {
            return Err(Rejected::Invalid);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Rejected::Invalid)?;
        // A token for another use (a logout token, for instance) says so.
        let is_token = |typ: &str| ["jwt", "at+jwt", "application/at+jwt"].contains(&typ.to_ascii_lowercase().as_str());
        if !header.typ.as_deref().is_none_or(is_token) || header.crit.is_some() {
            return Err(Rejected::Invalid);
        }
        let key = match (&header.kid, self.keys.as_slice()) {
            (Some(id), keys) => keys.iter().find(|key| key.id.as_ref() == Some(id)),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        let key = key.ok_or(Rejected::UnknownKey)?;
        if !key.algorithms.contains(&header.alg) {
            return Err(Rejected::Invalid);
        }
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&[&self.audience]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        // The times are compared below, with the clock that the caller has.
        validation.validate_exp = false;
        let claims =
            jsonwebtoken::decode::<Claims>(token, &key.check, &validation).map_err(|_| Rejected::Invalid)?.claims;
        check_times(claims.exp, claims.nbf, claims.iat, now)?;
        if claims.sub.is_empty() || claims.sub.len() > 255 {
            return Err(Rejected::Invalid);
        }
        let verified_email = claims.email.filter(|_| claims.email_verified == Some(true));
        Ok(Stranger { issuer: claims.iss, subject: claims.sub, verified_email })
    }
}

impl OutsideKey {
    fn new(jwk: &Jwk) -> Option<OutsideKey> {
        if jwk.common.public_key_use.as_ref().is_some_and(|used| *used != PublicKeyUse::Signature) {
            return None;
        }
        let possible: &[Algorithm] = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => &[
                Algorithm::RS256,
                Algorithm::RS384,
                Algorithm::RS512,
                Algorithm::PS256,
                Algorithm::PS384,
                Algorithm::PS512,
            ],
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => &[Algorithm::ES256],
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => &[Algorithm::ES384],
            AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[Algorithm::EdDSA],
            _ => return None,
        };
        let said = |algorithm: &&Algorithm| {
            jwk.common.key_algorithm.is_none_or(|only| only == KeyAlgorithm::from(**algorithm))
        };
        let algorithms: Vec<_> = possible.iter().filter(said).copied().collect();
        let check = DecodingKey::from_jwk(jwk).ok().filter(|_| !algorithms.is_empty())?;
        Some(OutsideKey { id: jwk.common.key_id.clone(), algorithms, check })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::token::KeyRing;
    use jsonwebtoken::{EncodingKey, Header};
    use serde_json::{Value, json};

    const NOW: i64 = 1_800_000_000;

    struct Issuer {
        sign: EncodingKey,
        kid: String,
        jwks: String,
    }

    fn issuer() -> Issuer {
        let text = KeyRing::generate().unwrap();
        let jwks = KeyRing::from_pem(&text).unwrap().public_keys().unwrap();
        let sign = EncodingKey::from_ed_der(pem::parse(text).unwrap().contents());
        Issuer { sign, kid: jwks.keys[0].common.key_id.clone().unwrap(), jwks: serde_json::to_string(&jwks).unwrap() }
    }

    fn claims(change: &Value) -> Value {
        let mut claims = json!({
            "iss": "https://id.example", "aud": "plenary", "sub": "s1", "exp": NOW + 60,
            "email": "a@example.org", "email_verified": true,
        });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    fn verify(issuer: &Issuer, header: &Header, claims: &Value) -> Result<Stranger, Rejected> {
        let outside = OutsideIssuer::new("https://id.example", "plenary", &issuer.jwks).unwrap();
        let token = jsonwebtoken::encode(header, claims, &issuer.sign).unwrap();
        outside.verify(&token, Timestamp::from_second(NOW).unwrap())
    }

    #[test]
    fn a_good_token_says_who_it_is() {
        let issuer = issuer();
        let header = Header { kid: Some(issuer.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let stranger = verify(&issuer, &header, &claims(&json!({}))).unwrap();
        assert_eq!((stranger.subject.as_str(), stranger.verified_email.as_deref()), ("s1", Some("a@example.org")));
        for unverified in [json!({"email_verified": false}), json!({"email_verified": null})] {
            assert_eq!(verify(&issuer, &header, &claims(&unverified)).unwrap().verified_email, None);
        }
    }

    #[test]
    fn what_is_not_for_this_server_is_refused() {
        let issuer = issuer();
        let header = Header { kid: Some(issuer.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        for bad in [
            json!({"iss": "https://evil.example"}),
            json!({"aud": "other"}),
            json!({"exp": NOW - 60}),
            json!({"nbf": NOW + 60}),
            json!({"sub": ""}),
            json!({"email_verified": "true"}),
        ] {
            assert!(verify(&issuer, &header, &claims(&bad)).is_err(), "{bad}");
        }
        let other = Header { kid: Some("other".to_owned()), ..header.clone() };
        assert_eq!(verify(&issuer, &other, &claims(&json!({}))), Err(Rejected::UnknownKey));
        let logout = Header { typ: Some("logout+jwt".to_owned()), ..header.clone() };
        assert_eq!(verify(&issuer, &logout, &claims(&json!({}))), Err(Rejected::Invalid));
        // The public key as the secret of a MAC.
        let x = serde_json::from_str::<Value>(&issuer.jwks).unwrap()["keys"][0]["x"].as_str().unwrap().to_owned();
        let confused = Issuer { sign: EncodingKey::from_secret(x.as_bytes()), ..issuer };
        let header = Header { kid: header.kid, ..Header::new(Algorithm::HS256) };
        assert_eq!(verify(&confused, &header, &claims(&json!({}))), Err(Rejected::Invalid));
    }

    #[test]
    fn shared_secrets_are_no_keys() {
        let secret = r#"{"keys": [{"kty": "oct", "k": "AAAA", "kid": "1", "alg": "HS256"}]}"#;
        assert!(OutsideIssuer::new("a", "b", secret).is_err());
        assert!(OutsideIssuer::new("a", "b", "nonsense").is_err());
    }
}
