//! Personal access tokens: what they may do, and that they never may do more.

use jiff::SignedDuration;
use plenary::access::Role;
use serde_json::{Value, json};

use super::desk::{Desk, EVENT, OTHER, add_user, code};
use crate::harness::on_each_database;

const LIST: &str = "{ viewer { accessTokens { id name prefix scopes events lastUsedAt revokedAt expiresAt } } }";
const RIGHTS: [&str; 4] = ["READ", "WRITE", "PUBLISH", "MANAGE"];

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_listed_used_and_revoked() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("ada@example.org", EVENT, Role::Owner).await;
        let session = desk.login("ada@example.org").await.access;
        let token = desk.script(&session, &["WRITE"], Some(&[EVENT])).await;
        assert!(token.starts_with("plenary_pat_") && token.len() == 58);
        assert_eq!(desk.kind(&token).await, "SCRIPT");
        let mut listed = Value::Null;
        for _ in 0..100 {
            listed = desk.ask(Some(&session), LIST, Value::Null).await["data"]["viewer"]["accessTokens"][0].clone();
            if listed["lastUsedAt"].is_string() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(listed["lastUsedAt"], "2022-11-01T12:00:00+00:00");
        assert_eq!((&listed["scopes"], &listed["prefix"]), (&json!(["READ", "WRITE"]), &json!(token[..16])));
        assert_eq!(listed["events"], json!([desk.event(EVENT).await.to_string()]));
        assert!(!listed.to_string().contains(&token[16..]));
        // A token does not see tokens, nor makes them.
        let answer = desk.ask(Some(&token), LIST, Value::Null).await;
        assert!(answer["data"]["viewer"]["accessTokens"].is_null(), "{answer}");
        let input = json!({"name": "x", "scopes": ["READ"]});
        assert_eq!(code(&desk.run(Some(&token), "createAccessToken", "secret", input.clone()).await), "FORBIDDEN");
        assert_eq!(code(&desk.run(None, "createAccessToken", "secret", input).await), "UNAUTHENTICATED");

        // Nobody else can revoke it.
        desk.member("eve@example.org", EVENT, Role::Owner).await;
        let eve = desk.login("eve@example.org").await.access;
        let revoke = json!({"id": listed["id"]});
        assert_eq!(code(&desk.run(Some(&eve), "revokeAccessToken", "", revoke.clone()).await), "NOT_FOUND");
        assert_eq!(desk.kind(&token).await, "SCRIPT");
        let payload = desk.run(Some(&session), "revokeAccessToken", "accessToken { revokedAt }", revoke).await;
        assert!(payload["accessToken"]["revokedAt"].is_string(), "{payload}");
        assert_eq!(desk.kind(&token).await, "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_stays_within_its_scopes_its_events_and_its_user() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        let ada = desk.member("ada@example.org", EVENT, Role::Owner).await;
        let other = desk.event(OTHER).await;
        desk.app.store.add_member(other, ada, Role::Editor, desk.now()).await.unwrap();
        let session = desk.login("ada@example.org").await.access;
        assert_eq!(desk.rights(&session, EVENT).await, RIGHTS);
        assert_eq!(desk.rights(&session, OTHER).await, RIGHTS[..3]);

        let here = desk.script(&session, &RIGHTS, Some(&[EVENT])).await;
        assert_eq!(desk.rights(&here, EVENT).await, RIGHTS);
        assert_eq!(desk.rights(&here, OTHER).await, [""; 0]);
        let reads = desk.script(&session, &["READ"], None).await;
        assert_eq!(desk.rights(&reads, EVENT).await, ["READ"]);
        assert_eq!(desk.rights(&reads, OTHER).await, ["READ"]);
        let all = desk.script(&session, &RIGHTS, None).await;
        assert_eq!(desk.rights(&all, OTHER).await, RIGHTS[..3]);

        // Whatever way is tried, the other event is not there.
        let working = "query($s: String!, $i: [ID!]!) { event(slug: $s, view: WORKING) { name members { role } }
            nodes(ids: $i, view: WORKING) { id } events(view: WORKING) { nodes { slug } }
            viewer { memberships { event { slug } } canSeeWorkingView(event: $s) } }";
        let answer = desk.ask(Some(&here), working, json!({"s": OTHER, "i": [other.to_string()]})).await;
        assert!(answer["data"]["event"].is_null() && answer["data"]["nodes"] == json!([null]), "{answer}");
        assert_eq!(answer["data"]["events"]["nodes"], json!([{"slug": EVENT}]));
        assert_eq!(answer["data"]["viewer"]["memberships"], json!([{"event": {"slug": EVENT}}]));
        assert_eq!(answer["data"]["viewer"]["canSeeWorkingView"], false);
        let invite = |event: &str| json!({"event": event, "email": "b@example.org", "role": "EDITOR"});
        let missing = desk.run(Some(&here), "inviteMember", "secret", invite("nothing")).await;
        let hidden = desk.run(Some(&here), "inviteMember", "secret", invite(OTHER)).await;
        assert_eq!((code(&hidden), &hidden["message"]), ("NOT_FOUND", &missing["message"]));
        assert_eq!(code(&desk.run(Some(&reads), "inviteMember", "secret", invite(EVENT)).await), "FORBIDDEN");
        assert!(desk.run(Some(&here), "inviteMember", "secret", invite(EVENT)).await["secret"].is_string());

        // The token follows what its user loses.
        desk.app.accounts.change_member_role(other, ada, Role::Reviewer).await.unwrap();
        assert_eq!(desk.rights(&all, OTHER).await, ["READ"]);
        desk.app.accounts.remove_member(other, ada).await.unwrap();
        assert_eq!(desk.rights(&all, OTHER).await, [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrators_token_is_held_too() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        add_user(&desk.app.store, "root@example.org", true).await;
        let session = desk.login("root@example.org").await.access;
        assert_eq!(desk.rights(&session, OTHER).await, RIGHTS);
        let token = desk.script(&session, &["WRITE"], Some(&[OTHER])).await;
        assert_eq!(desk.rights(&token, OTHER).await, RIGHTS[..2]);
        assert_eq!(desk.rights(&token, EVENT).await, [""; 0]);
        let can = "{ viewer { canCreateEvents } }";
        assert_eq!(desk.ask(Some(&token), can, Value::Null).await["data"]["viewer"]["canCreateEvents"], false);
        assert_eq!(desk.ask(Some(&session), can, Value::Null).await["data"]["viewer"]["canCreateEvents"], true);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_end_by_themselves_and_bad_ones_are_not_made() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("ada@example.org", EVENT, Role::Owner).await;
        let session = desk.login("ada@example.org").await.access;
        let make = async |input: Value| desk.run(Some(&session), "createAccessToken", "secret", input).await;
        let token = make(json!({"name": "day", "scopes": [], "days": 1})).await["secret"].as_str().unwrap().to_owned();
        assert_eq!(desk.rights(&token, EVENT).await, ["READ"]);
        desk.wait(SignedDuration::from_hours(25));
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        assert_eq!(desk.kind(&token).await, "UNAUTHENTICATED");
        let session = desk.login("ada@example.org").await.access;
        for (input, field) in [
            (json!({"name": " ", "scopes": []}), "name"),
            (json!({"name": "x", "scopes": [], "days": 367}), "days"),
            (json!({"name": "x", "scopes": [], "days": -1}), "days"),
            (json!({"name": "x", "scopes": [], "events": [OTHER]}), "events"),
            (json!({"name": "x", "scopes": [], "events": ["nothing"]}), "events"),
        ] {
            let payload = desk.run(Some(&session), "createAccessToken", "secret", input).await;
            assert_eq!(payload["userErrors"][0]["field"], json!([field]), "{payload}");
            assert!(payload["secret"].is_null());
        }
    })
    .await;
}
