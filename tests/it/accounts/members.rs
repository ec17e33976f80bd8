//! Members: invited, accepted, changed, removed, and shown only to those who manage the event.

use jiff::SignedDuration;
use plenary::access::Role;
use serde_json::{Value, json};

use super::desk::{Desk, EVENT, OTHER, PASSWORD, add_user, code, tokens};
use crate::harness::{on_each_database, sample};

const MEMBERS: &str =
    "query($s: String!) { event(slug: $s) { members { role user { email id } } invitations { email } } }";

/// What somebody sees of the members of the event: a list, or nothing.
async fn members(desk: &Desk, token: Option<&str>) -> Value {
    desk.ask(token, MEMBERS, json!({ "s": EVENT })).await["data"]["event"].clone()
}

async fn invite(desk: &Desk, token: Option<&str>, event: &str, email: &str) -> Value {
    let input = json!({"event": event, "email": email, "role": "EDITOR"});
    desk.run(token, "inviteMember", "secret invitation { id email role }", input).await
}

async fn accept(desk: &Desk, token: Option<&str>, input: Value) -> Value {
    desk.run(token, "acceptInvitation", "event role signIn { accessToken refreshToken }", input).await
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_is_invited_and_comes() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("ada@example.org", EVENT, Role::Owner).await;
        let owner = desk.login("ada@example.org").await.access;
        let invited = invite(&desk, Some(&owner), EVENT, "Grace@Example.org ").await;
        let secret = invited["secret"].as_str().unwrap().to_owned();
        assert!(secret.starts_with("plenary_invitation_"));
        assert_eq!(members(&desk, Some(&owner)).await["invitations"], json!([{"email": "grace@example.org"}]));
        assert_eq!(code(&accept(&desk, None, json!({"token": secret})).await), "INVALID");
        assert_eq!(code(&accept(&desk, None, json!({"token": secret, "password": PASSWORD})).await), "REQUIRED");
        let weak = accept(&desk, None, json!({"token": secret, "name": "Grace", "password": "short"})).await;
        assert_eq!(weak["userErrors"][0]["field"], json!(["password"]));
        let input = json!({"token": secret, "name": "Grace", "password": "a password of grace"});
        // Somebody who is signed in as somebody else does not get it.
        assert_eq!(code(&accept(&desk, Some(&owner), input.clone()).await), "INVALID");
        let grace = tokens(&accept(&desk, None, input.clone()).await).access;
        assert_eq!(desk.rights(&grace, EVENT).await, ["READ", "WRITE", "PUBLISH"]);
        assert_eq!(desk.rights(&grace, OTHER).await, [""; 0]);
        assert_eq!(code(&accept(&desk, None, input).await), "NOT_FOUND", "it is good for one use");
        assert_eq!(members(&desk, Some(&owner)).await["members"][1]["user"]["email"], "grace@example.org");
        assert_eq!(code(&invite(&desk, Some(&owner), EVENT, "grace@example.org").await), "TAKEN");
        assert_eq!(code(&invite(&desk, Some(&owner), EVENT, "nonsense").await), "INVALID");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_for_one_address_and_a_while() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("ada@example.org", EVENT, Role::Owner).await;
        desk.user("grace@example.org").await;
        desk.user("eve@example.org").await;
        let owner = desk.login("ada@example.org").await.access;
        let (grace, eve) = (desk.login("grace@example.org").await.access, desk.login("eve@example.org").await.access);
        let secret = |invited: &Value| json!({"token": invited["secret"]});
        let first = invite(&desk, Some(&owner), EVENT, "grace@example.org").await;
        let second = invite(&desk, Some(&owner), EVENT, "grace@example.org").await;
        assert_eq!(code(&accept(&desk, Some(&grace), secret(&first)).await), "NOT_FOUND", "the newer one counts");
        assert_eq!(code(&accept(&desk, Some(&eve), secret(&second)).await), "INVALID");
        let script = desk.script(&grace, &["MANAGE"], None).await;
        assert_eq!(code(&accept(&desk, Some(&script), secret(&second)).await), "FORBIDDEN");
        // An account that is there is not taken over with a new password.
        let takeover = json!({"token": second["secret"], "name": "Eve", "password": "a password of eve"});
        assert_eq!(code(&accept(&desk, None, takeover).await), "INVALID");
        let accepted = accept(&desk, Some(&grace), secret(&second)).await;
        assert_eq!((&accepted["role"], &accepted["signIn"]), (&json!("EDITOR"), &Value::Null), "{accepted}");
        assert_eq!(desk.rights(&grace, EVENT).await.len(), 3);

        let third = invite(&desk, Some(&owner), EVENT, "eve@example.org").await;
        let withdraw = json!({"event": EVENT, "id": third["invitation"]["id"]});
        assert_eq!(code(&desk.run(Some(&grace), "withdrawInvitation", "", withdraw.clone()).await), "FORBIDDEN");
        let gone = desk.run(Some(&owner), "withdrawInvitation", "withdrawn", withdraw).await;
        assert_eq!(gone["withdrawn"], third["invitation"]["id"]);
        assert_eq!(code(&accept(&desk, Some(&eve), secret(&third)).await), "NOT_FOUND");
        let fourth = invite(&desk, Some(&owner), EVENT, "eve@example.org").await;
        desk.wait(SignedDuration::from_hours(24 * 7 + 1));
        let eve = desk.login("eve@example.org").await.access;
        assert_eq!(code(&accept(&desk, Some(&eve), secret(&fourth)).await), "NOT_FOUND");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_leaves_a_door_open_behind_them() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("ada@example.org", EVENT, Role::Owner).await;
        let owner = desk.login("ada@example.org").await.access;
        desk.user("eve@example.org").await;
        let eve = desk.login("eve@example.org").await.access;
        for email in ["removed@example.org", "demoted@example.org", "disabled@example.org", "deleted@example.org"] {
            let user = desk.member(email, EVENT, Role::Owner).await;
            let token = desk.login(email).await.access;
            let invited = invite(&desk, Some(&token), EVENT, "eve@example.org").await;
            assert!(invited["secret"].is_string(), "{invited}");
            let input = json!({"event": EVENT, "user": user.to_string()});
            match email.split('@').next().unwrap() {
                "removed" => {
                    let removed = desk.run(Some(&owner), "removeMember", "removed", input).await;
                    assert_eq!(removed["userErrors"], json!([]));
                }
                "demoted" => {
                    let input = json!({"event": EVENT, "user": user.to_string(), "role": "EDITOR"});
                    let demoted = desk.run(Some(&owner), "changeMemberRole", "member { role }", input).await;
                    assert_eq!(demoted["userErrors"], json!([]));
                }
                "disabled" => desk.app.store.set_active(user, false, desk.now()).await.unwrap(),
                _ => desk.app.store.delete_user(user).await.unwrap(),
            }
            let accepted = accept(&desk, Some(&eve), json!({"token": invited["secret"]})).await;
            assert_eq!(code(&accepted), "NOT_FOUND", "{email}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_manage_an_event_see_and_change_its_members() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        let ada = desk.member("ada@example.org", EVENT, Role::Owner).await;
        desk.member("ed@example.org", EVENT, Role::Editor).await;
        desk.member("rev@example.org", EVENT, Role::Reviewer).await;
        desk.member("stranger@example.org", OTHER, Role::Owner).await;
        let nothing = json!({"members": null, "invitations": null});
        assert_eq!(members(&desk, None).await, nothing);
        for email in ["ed@example.org", "rev@example.org", "stranger@example.org"] {
            let token = desk.login(email).await.access;
            assert_eq!(members(&desk, Some(&token)).await, nothing, "{email}");
            let changed = json!({"event": EVENT, "user": ada.to_string(), "role": "REVIEWER"});
            let removed = json!({"event": EVENT, "user": ada.to_string()});
            assert_eq!(code(&invite(&desk, Some(&token), EVENT, "x@example.org").await), "FORBIDDEN", "{email}");
            assert_eq!(code(&desk.run(Some(&token), "changeMemberRole", "", changed).await), "FORBIDDEN", "{email}");
            assert_eq!(code(&desk.run(Some(&token), "removeMember", "", removed).await), "FORBIDDEN", "{email}");
        }
        let editor = desk.login("ed@example.org").await.access;
        let hidden = invite(&desk, Some(&editor), OTHER, "x@example.org").await;
        let missing = invite(&desk, Some(&editor), "nothing", "x@example.org").await;
        assert_eq!((code(&hidden), &hidden["message"]), ("NOT_FOUND", &missing["message"]));
        assert_eq!(code(&invite(&desk, None, OTHER, "x@example.org").await), "UNAUTHENTICATED");
        assert_eq!(code(&invite(&desk, None, EVENT, "x@example.org").await), "UNAUTHENTICATED");
        let owner = desk.login("ada@example.org").await.access;
        let seen = members(&desk, Some(&owner)).await;
        let roles: Vec<_> = seen["members"].as_array().unwrap().iter().map(|member| &member["role"]).collect();
        assert_eq!(roles, ["OWNER", "EDITOR", "REVIEWER"]);
        assert_eq!(members(&desk, None).await, nothing, "what an owner has seen is shown to nobody else");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_keeps_an_owner() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        let ada = desk.member("ada@example.org", EVENT, Role::Owner).await.to_string();
        let ed = desk.member("ed@example.org", EVENT, Role::Editor).await.to_string();
        let (owner, editor) = (desk.login("ada@example.org").await.access, desk.login("ed@example.org").await.access);
        let change = async |token: &str, user: &str, role: &str| {
            let input = json!({"event": EVENT, "user": user, "role": role});
            desk.run(Some(token), "changeMemberRole", "member { role user { id } }", input).await
        };
        let remove = async |token: &str, user: &str| {
            desk.run(Some(token), "removeMember", "removed", json!({"event": EVENT, "user": user})).await
        };
        assert_eq!(code(&change(&owner, &ada, "EDITOR").await), "IN_USE");
        assert_eq!(code(&remove(&owner, &ada).await), "IN_USE");
        let changed = change(&owner, &ed, "OWNER").await;
        assert_eq!(changed["member"], json!({"role": "OWNER", "user": {"id": ed}}), "{changed}");
        assert_eq!(desk.rights(&editor, EVENT).await.len(), 4, "from the next request on");
        // Two owners remove each other: one stays.
        let (one, two) = tokio::join!(remove(&owner, &ed), remove(&editor, &ada));
        let removed = [&one, &two].into_iter().filter(|payload| payload["removed"].is_string()).count();
        assert_eq!(removed, 1, "{one} {two}");
        let store = &desk.app.store;
        assert_eq!(store.members(desk.event(EVENT).await).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_creates_an_event_is_its_first_owner() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        add_user(&desk.app.store, "root@example.org", true).await;
        desk.user("ada@example.org").await;
        let viewer = async |email: &str| {
            let access = desk.login(email).await.access;
            desk.app.accounts.viewer(&access).await.unwrap()
        };
        assert!(viewer("ada@example.org").await.creator().is_none());
        let root = viewer("root@example.org").await;
        let editor = root.creator().unwrap();
        assert_eq!(editor.actor(), format!("user:{}", root.account().unwrap().user));
        let store = &desk.app.store;
        let document = sample::document(5000, "new");
        store.put_document(&editor, document.clone(), desk.now()).await.unwrap();
        let members = store.members(document.event.id).await.unwrap();
        assert_eq!((members.len(), members[0].role, Some(members[0].user.id)), (1, Role::Owner, editor.user()));
        // Whoever writes to an event that there is becomes nothing by it.
        let mut document = sample::document(1, EVENT);
        std::sync::Arc::make_mut(&mut document.event).name = "Renamed".to_owned();
        store.put_document(&editor, document.clone(), desk.now()).await.unwrap();
        assert!(store.members(document.event.id).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_leave() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("ada@example.org", EVENT, Role::Owner).await;
        let rev = desk.member("rev@example.org", EVENT, Role::Reviewer).await.to_string();
        let token = desk.login("rev@example.org").await.access;
        let input = json!({"event": EVENT, "user": rev});
        let script = desk.script(&token, &["READ"], None).await;
        assert_eq!(code(&desk.run(Some(&script), "removeMember", "", input.clone()).await), "FORBIDDEN");
        assert_eq!(desk.run(Some(&token), "removeMember", "removed", input).await["removed"], json!(rev));
        assert_eq!(desk.rights(&token, EVENT).await, [""; 0]);
    })
    .await;
}
