//! Sessions: how they begin, go on, and end, with everything that came of them.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::desk::{Desk, PASSWORD, code, tokens};
use crate::harness::{database, on_each_database};

const NEW: &str = "another good password";

#[tokio::test(flavor = "multi_thread")]
async fn a_session_begins_and_is_renewed() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        let payload = desk.try_login(" ADA@example.org", PASSWORD).await;
        assert_eq!(payload["signIn"]["expiresAt"], "2022-11-01T12:15:00+00:00", "{payload}");
        let first = tokens(&payload);
        assert_eq!(desk.kind(&first.access).await, "USER");
        let answer = desk.ask(Some(&first.access), "{ viewer { user { email name } } }", Value::Null).await;
        assert_eq!(answer["data"]["viewer"]["user"], json!({"email": "ada@example.org", "name": "ada"}));

        desk.wait(SignedDuration::from_mins(16));
        assert_eq!(desk.kind(&first.access).await, "UNAUTHENTICATED");
        let second = tokens(&desk.refresh(&first.refresh).await);
        assert_eq!(desk.kind(&second.access).await, "USER");
        // The answer may have been lost on its way, so the old token is good for a moment more.
        desk.wait(SignedDuration::from_secs(9));
        let third = tokens(&desk.refresh(&first.refresh).await);
        assert_eq!(desk.kind(&third.access).await, "USER");
        assert_eq!(desk.kind(&second.access).await, "USER");
        // The session ends at its time, however often it was renewed.
        desk.wait(SignedDuration::from_hours(24 * 30));
        assert_eq!(code(&desk.refresh(&third.refresh).await), "INVALID");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_comes_twice_ends_its_session() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        let (stolen, other) = (desk.login("ada@example.org").await, desk.login("ada@example.org").await);
        let thief = tokens(&desk.refresh(&stolen.refresh).await);
        desk.wait(SignedDuration::from_secs(11));
        let answer = desk.refresh(&stolen.refresh).await;
        assert_eq!(code(&answer), "INVALID");
        assert!(answer["signIn"].is_null());
        for token in [&stolen.access, &thief.access] {
            assert_eq!(desk.kind(token).await, "UNAUTHENTICATED");
        }
        assert_eq!(code(&desk.refresh(&thief.refresh).await), "INVALID");
        assert_eq!(desk.kind(&other.access).await, "USER", "another session goes on");
        assert_eq!(code(&desk.refresh("plenary_refresh_nonsense").await), "INVALID");
        assert_eq!(code(&desk.refresh(&other.access).await), "INVALID");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_share_a_session_within_the_grace_are_found_out() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        let stolen = desk.login("ada@example.org").await;
        let owner = tokens(&desk.refresh(&stolen.refresh).await);
        let thief = tokens(&desk.refresh(&stolen.refresh).await);
        desk.wait(SignedDuration::from_mins(14));
        let next = tokens(&desk.refresh(&owner.refresh).await);
        desk.wait(SignedDuration::from_secs(11));
        assert_eq!(code(&desk.refresh(&thief.refresh).await), "INVALID");
        assert_eq!(desk.kind(&next.access).await, "UNAUTHENTICATED", "nobody knows which of the two is the thief");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_begun_before_a_new_password_does_not_outlast_it() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        let (ada, thief) = (desk.login("ada@example.org").await, desk.login("ada@example.org").await);
        // Another server, which knows the thief's session already and hears of its end half a second later.
        let elsewhere = Desk::join(&database, &desk).await;
        assert_eq!(elsewhere.kind(&thief.access).await, "USER");
        let change = json!({"currentPassword": PASSWORD, "newPassword": NEW});
        tokens(&desk.run(Some(&ada.access), "changePassword", "signIn { accessToken refreshToken }", change).await);
        let token = json!({"name": "backdoor", "scopes": ["MANAGE"]});
        let made = elsewhere.run(Some(&thief.access), "createAccessToken", "secret", token).await;
        assert_eq!(code(&made), "UNAUTHENTICATED", "{made}");
        let again = json!({"currentPassword": PASSWORD, "newPassword": "a password of the thief"});
        let changed = elsewhere.run(Some(&thief.access), "changePassword", "signIn { accessToken }", again).await;
        assert!(changed["signIn"].is_null(), "{changed}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_new_passwords_at_once_one_counts() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        let session = desk.login("ada@example.org").await;
        let change = |new: &'static str| {
            let input = json!({"currentPassword": PASSWORD, "newPassword": new});
            desk.run(Some(&session.access), "changePassword", "signIn { accessToken }", input)
        };
        let answers = tokio::join!(change(NEW), change("and yet another password"));
        let changed = [&answers.0, &answers.1].map(|answer| answer["signIn"].is_object());
        assert_eq!(changed.iter().filter(|changed| **changed).count(), 1, "{answers:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_use_of_a_refresh_token_wins_among_many_at_once() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        let first = desk.login("ada@example.org").await;
        let answers = futures_util::future::join_all((0..8).map(|_| desk.refresh(&first.refresh))).await;
        for answer in answers {
            assert_eq!(desk.kind(&tokens(&answer).access).await, "USER");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_what_was_signed_in() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        let (first, second) = (desk.login("ada@example.org").await, desk.login("ada@example.org").await);
        let third = desk.login("ada@example.org").await;
        let payload = desk.run(Some(&first.access), "logout", "ended", json!({})).await;
        assert_eq!(payload["ended"], true, "{payload}");
        assert_eq!(desk.kind(&first.access).await, "UNAUTHENTICATED");
        assert_eq!(code(&desk.refresh(&first.refresh).await), "INVALID");
        assert_eq!(desk.kind(&second.access).await, "USER");
        desk.run(None, "logout", "ended", json!({"refreshToken": third.refresh})).await;
        assert_eq!(desk.kind(&third.access).await, "UNAUTHENTICATED");
        let fourth = desk.login("ada@example.org").await;
        desk.run(Some(&second.access), "logout", "ended", json!({"everywhere": true})).await;
        for session in [second, fourth] {
            assert_eq!(desk.kind(&session.access).await, "UNAUTHENTICATED");
            assert_eq!(code(&desk.refresh(&session.refresh).await), "INVALID");
        }
        assert_eq!(code(&desk.run(None, "logout", "ended", json!({})).await), "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_everything_else() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.user("ada@example.org").await;
        let (first, second) = (desk.login("ada@example.org").await, desk.login("ada@example.org").await);
        let script = desk.script(&first.access, &["READ"], None).await;
        let change = async |token: &str, current: &str, new: &str, keep: bool| {
            let input = json!({"currentPassword": current, "newPassword": new, "keepAccessTokens": keep});
            desk.run(Some(token), "changePassword", "signIn { accessToken refreshToken }", input).await
        };
        let wrong = change(&first.access, "not the password", NEW, false).await;
        assert_eq!(wrong["userErrors"][0]["field"][0], "currentPassword");
        for weak in ["short", "ada@example.org", "aaaaaaaaaaaaaaaaaaaa"] {
            let weak = change(&first.access, PASSWORD, weak, false).await;
            assert_eq!(weak["userErrors"][0]["field"][0], "newPassword");
        }
        assert_eq!(desk.kind(&second.access).await, "USER");
        assert_eq!(code(&change(&script, PASSWORD, NEW, false).await), "FORBIDDEN");

        let kept = tokens(&change(&first.access, PASSWORD, NEW, true).await);
        assert_eq!(desk.kind(&script).await, "SCRIPT");
        for session in [&first, &second] {
            assert_eq!(desk.kind(&session.access).await, "UNAUTHENTICATED");
            assert_eq!(code(&desk.refresh(&session.refresh).await), "INVALID");
        }
        let new = tokens(&change(&kept.access, NEW, "and yet another password", false).await);
        assert_eq!(desk.kind(&script).await, "UNAUTHENTICATED");
        assert_eq!(desk.kind(&kept.access).await, "UNAUTHENTICATED");
        assert_eq!(desk.kind(&new.access).await, "USER");
        assert_eq!(code(&desk.try_login("ada@example.org", PASSWORD).await), "INVALID");
        desk.try_login("ada@example.org", "and yet another password").await["signIn"].as_object().unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_ends_an_account_within_a_second() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        let user = desk.user("ada@example.org").await;
        let session = desk.login("ada@example.org").await;
        let script = desk.script(&session.access, &["READ"], None).await;
        assert_eq!(desk.kind(&script).await, "SCRIPT");
        let mut open = Vec::new();
        for token in [&session.access, &script] {
            let viewer = desk.app.accounts.viewer(token).await.unwrap();
            assert_eq!(desk.app.accounts.recheck(&viewer).await.unwrap(), viewer);
            open.push(viewer);
        }
        // A store of its own, as `plenary user disable` has it.
        let elsewhere = database::open(&database).await;
        elsewhere.set_active(user, false, desk.now()).await.unwrap();
        let ended = Instant::now();
        for token in [&session.access, &script] {
            while desk.kind(token).await != "UNAUTHENTICATED" {
                assert!(ended.elapsed() < Duration::from_secs(1));
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        for viewer in &open {
            assert!(desk.app.accounts.recheck(viewer).await.is_err(), "what stays open ends too");
        }
        assert_eq!(code(&desk.refresh(&session.refresh).await), "INVALID");
        assert_eq!(code(&desk.try_login("ada@example.org", PASSWORD).await), "INVALID");
        // What has ended stays so when the user may come back.
        elsewhere.set_active(user, true, desk.now()).await.unwrap();
        assert_eq!(desk.kind(&session.access).await, "UNAUTHENTICATED");
        assert_eq!(desk.kind(&script).await, "UNAUTHENTICATED");
        desk.login("ada@example.org").await;
        elsewhere.delete_user(user).await.unwrap();
        assert_eq!(code(&desk.try_login("ada@example.org", PASSWORD).await), "INVALID");
        elsewhere.close().await.unwrap();
    })
    .await;
}
