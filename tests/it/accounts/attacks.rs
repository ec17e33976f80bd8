//! What is done to signed tokens to be taken for somebody else (OWASP's cheat sheet for JWT).

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use plenary::access::token::KeyRing;
use plenary::access::{Role, key_file};
use serde_json::{Value, json};

use super::desk::{Desk, EVENT};
use crate::harness::on_each_database;

/// A signed token in its parts.
fn parts(token: &str) -> (Value, Value) {
    let part = |index: usize| {
        let text = token.split('.').nth(index).unwrap();
        serde_json::from_slice(&base64_decode(text)).unwrap()
    };
    (part(0), part(1))
}

fn base64_decode(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'-' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        let number = chunk.iter().fold(0, |number, byte| number << 6 | digit(*byte)) << (6 * (4 - chunk.len()));
        bytes.extend(&number.to_be_bytes()[1..chunk.len()]);
    }
    bytes
}

fn base64_encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut four = [0; 4];
        four[1..=chunk.len()].copy_from_slice(chunk);
        let number = u32::from_be_bytes(four);
        text.extend((0..=chunk.len()).map(|place| char::from(DIGITS[(number >> (18 - 6 * place) & 63) as usize])));
    }
    text
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}.", base64_encode(header.to_string().as_bytes()), base64_encode(claims.to_string().as_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_tokens_are_refused() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("ada@example.org", EVENT, Role::Owner).await;
        desk.user("eve@example.org").await;
        let good = desk.login("ada@example.org").await.access;
        let (header, claims) = parts(&good);
        assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("at+jwt")));
        for claim in ["iss", "aud", "exp", "nbf", "iat", "jti", "sub", "sid"] {
            assert!(!claims[claim].is_null(), "{claim}");
        }
        let (_, eve) = parts(&desk.login("eve@example.org").await.access);
        let pem = std::fs::read_to_string(desk.folder.path().join("key.pem")).unwrap();
        let own = EncodingKey::from_ed_der(pem::parse(&pem).unwrap().contents());
        let public: Value =
            desk.client.get(desk.url("/.well-known/jwks.json")).send().await.unwrap().json().await.unwrap();
        let public = public["keys"][0]["x"].as_str().unwrap().to_owned();
        let kid = header["kid"].as_str().unwrap().to_owned();
        let sign = |change: &dyn Fn(&mut Header), claims: &Value, key: &EncodingKey| {
            let mut header =
                Header { typ: Some("at+jwt".into()), kid: Some(kid.clone()), ..Header::new(Algorithm::EdDSA) };
            change(&mut header);
            jsonwebtoken::encode(&header, claims, key).unwrap()
        };
        let with = |name: &str, value: Value| {
            let mut claims = claims.clone();
            claims[name] = value;
            claims
        };
        assert_eq!(desk.kind(&sign(&|_| {}, &claims, &own)).await, "USER", "the forger's tools work");
        let stranger = EncodingKey::from_ed_der(pem::parse(KeyRing::generate().unwrap()).unwrap().contents());
        let mut forged = vec![
            unsigned(&json!({"alg": "none", "typ": "at+jwt", "kid": kid}), &claims),
            unsigned(&json!({"alg": "None", "typ": "at+jwt", "kid": kid}), &claims),
            unsigned(&json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid}), &claims),
            sign(&|_| {}, &claims, &stranger),
            sign(&|header| header.kid = None, &claims, &own),
            sign(&|header| header.kid = Some("../../etc/passwd".into()), &claims, &own),
            sign(&|header| header.kid = Some("' OR 1=1 --".into()), &claims, &own),
            sign(&|header| header.typ = Some("JWT".into()), &claims, &own),
            sign(&|header| header.typ = None, &claims, &own),
            sign(&|_| {}, &with("aud", json!("other")), &own),
            sign(&|_| {}, &with("iss", json!("other")), &own),
            sign(&|_| {}, &with("exp", json!(claims["iat"].as_i64().unwrap() - 3600)), &own),
            sign(&|_| {}, &with("exp", json!("9999999999")), &own),
            sign(&|_| {}, &with("exp", json!(i64::MAX)), &own),
            sign(&|_| {}, &with("nbf", json!(claims["iat"].as_i64().unwrap() + 3600)), &own),
            sign(&|_| {}, &with("scope", json!("read:working")), &own),
            sign(&|_| {}, &with("sub", eve["sub"].clone()), &own),
            sign(&|_| {}, &with("sid", json!("00000000-0000-0000-0000-000000000000")), &own),
            sign(&|_| {}, &with("sid", Value::Null), &own),
        ];
        // What the header proposes is not looked at: neither its own key nor where there is one.
        let evil = KeyRing::generate().unwrap();
        let theirs = KeyRing::from_pem(&evil).unwrap().public_keys().unwrap().keys.remove(0);
        let evil = EncodingKey::from_ed_der(pem::parse(&evil).unwrap().contents());
        for kid in [Some(kid.clone()), theirs.common.key_id.clone(), None] {
            let jwk = |header: &mut Header| (header.jwk, header.kid) = (Some(theirs.clone()), kid.clone());
            forged.push(sign(&jwk, &claims, &evil));
        }
        forged.push(sign(&|header| header.jku = Some("https://evil.example/jwks.json".into()), &claims, &evil));
        forged.push(sign(&|header| header.x5u = Some("https://evil.example/cert.pem".into()), &claims, &evil));
        forged.push(sign(&|header| header.crit = Some(vec!["exp".into()]), &claims, &own));
        // Said twice, for two who each believe another one.
        let twice = claims.to_string().replacen('{', &format!("{{\"sub\":{},", eve["sub"]), 1);
        let signed = format!("{}.{}", good.split('.').next().unwrap(), base64_encode(twice.as_bytes()));
        let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &own, Algorithm::EdDSA).unwrap();
        forged.push(format!("{signed}.{signature}"));
        for secret in [base64_decode(&public), public.clone().into_bytes(), Vec::new(), b"secret".to_vec()] {
            let mac = EncodingKey::from_secret(&secret);
            forged.push(sign(&|header| header.alg = Algorithm::HS256, &claims, &mac));
        }
        let mut tampered: Vec<_> = good.split('.').map(str::to_owned).collect();
        tampered[1] = base64_encode(with("sub", eve["sub"].clone()).to_string().as_bytes());
        forged.push(tampered.join("."));
        forged.push(good[..good.len() - 4].to_owned());
        forged.push(format!("{good}.{good}"));
        forged.push(format!("plenary_pat_{}", "0".repeat(46)));
        for token in forged {
            assert_eq!(desk.kind(&token).await, "UNAUTHENTICATED", "{:?}", token.split('.').next());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_rotate_while_the_server_runs() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        let path = desk.folder.path().join("key.pem");
        let old = desk.login("ada@example.org").await.access;
        key_file::rotate(&path, 1).unwrap();
        // Another server has signed with the new key already.
        let user = desk.app.store.user_with_email("ada@example.org").await.unwrap().unwrap().id;
        let session = parts(&old).1["sid"].as_str().unwrap().parse().unwrap();
        let keys = key_file::read(&path).unwrap().unwrap();
        let minute = jiff::SignedDuration::from_mins(1);
        let new = keys.issue_session(user, session, desk.now(), minute).unwrap();
        assert_eq!(desk.kind(new.reveal()).await, "USER");
        assert_eq!(desk.kind(&old).await, "USER");
        let public: Value =
            desk.client.get(desk.url("/.well-known/jwks.json")).send().await.unwrap().json().await.unwrap();
        assert_eq!(public["keys"].as_array().unwrap().len(), 2);
        assert!(!public.to_string().contains("\"d\""));
        key_file::rotate(&path, 0).unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        assert_eq!(desk.kind(&old).await, "UNAUTHENTICATED");
        assert_eq!(desk.kind(&desk.login("ada@example.org").await.access).await, "USER");
    })
    .await;
}
