//! Guessing: limited whatever way it is tried, and telling nothing about who has an account.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use reqwest::Client;
use serde_json::{Value, json};

use super::desk::{Desk, PASSWORD, code};
use crate::harness::on_each_database;

const LOGIN: &str =
    "mutation($i: LoginInput!) { login(input: $i) { signIn { accessToken } userErrors { code message } } }";

async fn guess(desk: &Desk, client: &Client, email: &str, password: &str, header: Option<&str>) -> Value {
    let body = json!({"query": LOGIN, "variables": {"i": {"email": email, "password": password}}});
    let request = client.post(desk.url("/graphql")).json(&body);
    let request = header.iter().fold(request, |request, value| request.header("x-forwarded-for", *value));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    answer.get("errors").map_or_else(|| answer["data"]["login"].clone(), |errors| errors[0].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_is_guessed_at_only_so_often() {
    on_each_database(async |database| {
        let desk = Desk::open_with(&database, |config, _| config.auth.attempts_per_account = 4).await;
        desk.user("ada@example.org").await;
        for email in ["ada@example.org", "nobody@example.org"] {
            for attempt in 0..4 {
                // Another address and other spellings change nothing.
                let client = desk.client_from(&format!("127.0.0.{}", 10 + attempt));
                let spelled = if attempt % 2 == 0 { email.to_uppercase() } else { format!(" {email}") };
                assert_eq!(code(&guess(&desk, &client, &spelled, "wrong password", None).await), "INVALID");
            }
            let limited = guess(&desk, &desk.client_from("127.0.0.99"), email, PASSWORD, Some("192.0.2.1")).await;
            assert_eq!(code(&limited), "RATE_LIMITED", "{limited}");
        }
        desk.wait(SignedDuration::from_secs(901));
        desk.login("ada@example.org").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_guesses_only_so_often() {
    on_each_database(async |database| {
        let desk = Desk::open_with(&database, |config, _| {
            (config.auth.attempts_per_account, config.auth.attempts_per_address) = (100, 5);
        })
        .await;
        desk.user("ada@example.org").await;
        let client = desk.client_from("127.0.0.7");
        for _ in 0..10 {
            guess(&desk, &client, "ada@example.org", PASSWORD, None).await["signIn"].as_object().unwrap();
        }
        for attempt in 0..5 {
            let (email, made_up) = (format!("u{attempt}@example.org"), format!("192.0.2.{attempt}"));
            assert_eq!(code(&guess(&desk, &client, &email, "wrong password", Some(&made_up)).await), "INVALID");
        }
        let made_up = guess(&desk, &client, "ada@example.org", PASSWORD, Some("192.0.2.9")).await;
        assert_eq!(code(&made_up), "RATE_LIMITED");
        let refresh =
            json!({"query": "mutation { refreshSession(input: {refreshToken: \"x\"}) { userErrors { code } } }"});
        let answer = client.post(desk.url("/graphql")).json(&refresh).send().await.unwrap();
        assert!(answer.text().await.unwrap().contains("RATE_LIMITED"));
        let elsewhere = desk.client_from("127.0.0.8");
        guess(&desk, &elsewhere, "ada@example.org", PASSWORD, None).await["signIn"].as_object().unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_says_who_guesses() {
    on_each_database(async |database| {
        let desk = Desk::open_with(&database, |config, _| {
            config.auth.attempts_per_address = 2;
            config.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        })
        .await;
        for _ in 0..2 {
            let made_up = Some("198.51.100.1, 192.0.2.1");
            assert_eq!(code(&guess(&desk, &desk.client, "a@example.org", "x", made_up).await), "INVALID");
        }
        let limited = guess(&desk, &desk.client, "b@example.org", "x", Some("203.0.113.5, 192.0.2.1")).await;
        assert_eq!(code(&limited), "RATE_LIMITED");
        assert_eq!(code(&guess(&desk, &desk.client, "b@example.org", "x", Some("192.0.2.2")).await), "INVALID");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_operation_is_one_guess() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        let login = "login(input: {email: \"ada@example.org\", password: \"wrong password\"}) { userErrors { code } }";
        let refresh = "refreshSession(input: {refreshToken: \"x\"}) { userErrors { code } }";
        for document in [
            format!("mutation {{ a: {login} b: {login} }}"),
            format!("mutation {{ a: {login} b: {refresh} }}"),
            format!("mutation {{ ...f a: {login} }} fragment f on Mutation {{ b: {login} }}"),
            format!("mutation {{ ... on Mutation {{ b: {login} }} ... {{ c: {login} }} }}"),
            format!("mutation($s: Boolean = false) {{ a: {login} ... @include(if: $s) {{ b: {login} }} }}"),
            format!("mutation {{ ...f ...g }} fragment f on Mutation {{ a: {login} }} fragment g on Mutation {{ ...h }} fragment h on Mutation {{ b: {login} }}"),
        ] {
            let answer = desk.ask(None, &document, Value::Null).await;
            assert_eq!(code(&answer["errors"][0]), "TOO_COMPLEX", "{document}: {answer}");
            assert!(answer.get("data").is_none());
        }
        let batch = json!([{"query": format!("mutation {{ {login} }}")}, {"query": format!("mutation {{ {login} }}")}]);
        let answer = desk.client.post(desk.url("/graphql")).json(&batch).send().await.unwrap();
        assert!(answer.text().await.unwrap().contains("BAD_REQUEST"));
        let query: String = url::form_urlencoded::byte_serialize(format!("mutation {{ {login} }}").as_bytes()).collect();
        assert_eq!(desk.client.get(desk.url(&format!("/graphql?query={query}"))).send().await.unwrap().status(), 405);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_who_has_an_account() {
    on_each_database(async |database| {
        let desk = Desk::open_with(&database, |config, _| config.auth.attempts_per_account = 100).await;
        desk.user("ada@example.org").await;
        let gone = desk.user("gone@example.org").await;
        desk.app.store.set_active(gone, false, desk.now()).await.unwrap();
        let time = async |email: &str, password: &str| {
            let mut best = Duration::MAX;
            for _ in 0..5 {
                let begin = Instant::now();
                let answer = desk.try_login(email, password).await;
                best = best.min(begin.elapsed());
                assert_eq!(
                    answer,
                    json!({"signIn": null, "userErrors": [{"field": [], "code": "INVALID",
                        "message": "the address or the password is not right"}]})
                );
            }
            best
        };
        let known = time("ada@example.org", "wrong password").await;
        for (email, password) in
            [("nobody@example.org", "wrong password"), ("gone@example.org", PASSWORD), ("nonsense", "wrong password")]
        {
            let other = time(email, password).await;
            assert!(other * 3 > known && known * 3 > other, "{email}: {other:?}, a user: {known:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_sign_in_answers_is_kept_by_nobody() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        let body = json!({"query": LOGIN, "variables": {"i": {"email": "ada@example.org", "password": PASSWORD}}});
        let mut seen = Vec::new();
        for _ in 0..2 {
            let answer = desk.client.post(desk.url("/graphql")).json(&body).send().await.unwrap();
            assert!(answer.headers()["cache-control"].to_str().unwrap().contains("no-store"));
            seen.push(answer.text().await.unwrap());
        }
        assert_ne!(seen[0], seen[1], "each request is executed");
    })
    .await;
}
