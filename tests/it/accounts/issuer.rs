//! Tokens of an outside issuer: taken for the user they belong to, and for nobody else.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use plenary::access::token::KeyRing;
use plenary::config::OutsideConfig;
use plenary::store::{NewUser, PasswordHash};
use serde_json::{Value, json};

use super::desk::{Desk, PASSWORD, code};
use crate::harness::{on_each_database, sample};

struct Issuer {
    sign: EncodingKey,
    kid: String,
}

impl Issuer {
    fn token(&self, change: &Value) -> String {
        let mut claims = json!({
            "iss": "https://login.example.org", "aud": "plenary-api", "sub": "subject-1",
            "exp": sample::now().as_second() + 600, "email": "ada@example.org", "email_verified": true,
        });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.sign).unwrap()
    }
}

async fn desk(database: &str) -> (Desk, Issuer) {
    let pem = KeyRing::generate().unwrap();
    let jwks = KeyRing::from_pem(&pem).unwrap().public_keys().unwrap();
    let kid = jwks.keys[0].common.key_id.clone().unwrap();
    let sign = EncodingKey::from_ed_der(pem::parse(&pem).unwrap().contents());
    let desk = Desk::open_with(database, |config, folder| {
        let jwks_file = folder.join("jwks.json");
        std::fs::write(&jwks_file, serde_json::to_string(&jwks).unwrap()).unwrap();
        let (issuer, audience) = ("https://login.example.org".to_owned(), "plenary-api".to_owned());
        config.auth.outside = Some(OutsideConfig { issuer, audience, jwks_file });
    })
    .await;
    (desk, Issuer { sign, kid })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_may_come_from_outside() {
    on_each_database(async |database| {
        let (desk, issuer) = desk(&database).await;
        let ada = desk.user("ada@example.org").await;
        for stranger in [
            json!({"email_verified": false}),
            json!({"email": "nobody@example.org"}),
            json!({"email": null}),
            json!({"aud": "other"}),
            json!({"iss": "plenary"}),
            json!({"exp": sample::now().as_second() - 60}),
        ] {
            assert_eq!(desk.kind(&issuer.token(&stranger)).await, "UNAUTHENTICATED", "{stranger}");
        }
        assert_eq!(desk.kind(&issuer.token(&json!({}))).await, "USER");
        // From now on the subject counts, and the address does not.
        assert_eq!(desk.kind(&issuer.token(&json!({"email": null}))).await, "USER");
        assert_eq!(desk.kind(&issuer.token(&json!({"sub": "subject-2"}))).await, "UNAUTHENTICATED");
        desk.login("ada@example.org").await;
        desk.app.store.set_active(ada, false, desk.now()).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        assert_eq!(desk.kind(&issuer.token(&json!({}))).await, "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_made_an_account_for_somebody_elses_address_is_shut_out() {
    on_each_database(async |database| {
        let (desk, issuer) = desk(&database).await;
        let hash = desk.app.accounts.hash_password(&PASSWORD.to_owned().into()).await.unwrap();
        let new = |email: &str, PasswordHash(hash): PasswordHash| NewUser {
            email: email.to_owned(),
            name: "A".to_owned(),
            password: Some(PasswordHash(hash)),
            administrator: false,
            creates_events: false,
            email_verified: false,
        };
        desk.app.store.add_user(new("ada@example.org", hash), desk.now()).await.unwrap();
        let squatter = desk.login("ada@example.org").await;
        let script = desk.script(&squatter.access, &["READ"], None).await;
        assert_eq!(desk.kind(&issuer.token(&json!({}))).await, "USER");
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        for token in [&squatter.access, &script] {
            assert_eq!(desk.kind(token).await, "UNAUTHENTICATED");
        }
        assert_eq!(code(&desk.try_login("ada@example.org", PASSWORD).await), "INVALID");
    })
    .await;
}
