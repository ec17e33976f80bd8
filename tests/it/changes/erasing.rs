//! What is left of an account that was deleted: an id that leads nowhere.

use std::time::{Duration, Instant};

use plenary::access::Role;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};

use super::{done, done_to, log, newest};
use crate::accounts::desk::{Desk, EVENT, PASSWORD, code, tokens};
use crate::harness::{on_each_database, plenary};

/// What tells who it is.
const EMAIL: &str = "zyzzyva@example.org";
const NAME: &str = "Zyzzyva Quux";

/// Every value of every column of every table, as text.
async fn dump(url: &str) -> String {
    let database = Database::connect(url).await.unwrap();
    let backend = database.get_database_backend();
    let text = async |sql: String| -> Vec<String> {
        let rows = database.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
        rows.into_iter().filter_map(|row| row.try_get_by_index::<Option<String>>(0).unwrap()).collect()
    };
    let tables = match backend {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        _ => "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'",
    };
    let mut dump = String::new();
    for table in text(tables.to_owned()).await {
        dump.push_str(&format!("== {table}\n"));
        let rows = match backend {
            DbBackend::Sqlite => {
                let columns = text(format!("SELECT name FROM pragma_table_info('{table}')")).await;
                let values: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
                format!("SELECT {} FROM \"{table}\"", values.join(" || ' ' || "))
            }
            _ => format!("SELECT row_to_json(whole)::text FROM \"{table}\" whole"),
        };
        for row in text(rows).await {
            dump.push_str(&row);
            dump.push('\n');
        }
    }
    database.close().await.unwrap();
    dump
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_deleted_account_but_an_id() {
    on_each_database(async |database| {
        let desk = Desk::open(&database).await;
        desk.member("ada@example.org", EVENT, Role::Owner).await;
        let owner = desk.login("ada@example.org").await.access;
        let invite = async |token: &str, email: &str| {
            let input = json!({"email": email, "role": "OWNER"});
            done(&desk, token, "inviteMember", "secret", input).await["secret"].clone()
        };
        let input = json!({"token": invite(&owner, EMAIL).await, "name": NAME, "password": PASSWORD});
        let fields = "signIn { accessToken refreshToken }";
        let token = tokens(&desk.run(None, "acceptInvitation", fields, input).await).access;
        // A second invitation waits, at an event where they are not yet.
        invite(&token, "somebody@example.org").await;
        let input = json!({"event": crate::accounts::desk::OTHER, "email": EMAIL, "role": "EDITOR"});
        desk.member("other@example.org", crate::accounts::desk::OTHER, Role::Owner).await;
        let other = desk.login("other@example.org").await.access;
        desk.run(Some(&other), "inviteMember", "secret", input).await;
        let input = json!({"name": format!("laptop of {NAME}"), "scopes": ["READ", "WRITE", "PUBLISH"]});
        let script = desk.run(Some(&token), "createAccessToken", "secret", input).await;
        let script = script["secret"].as_str().unwrap();
        let room = done(&desk, &token, "createRoom", "room { id }", json!({"name": "Cellar"})).await;
        let input = json!({"id": room["room"]["id"], "name": "Attic"});
        done_to(&desk, script, "updateRoom", "room { id }", input).await;
        done(&desk, &token, "publishRelease", "release { number publishedBy }", json!({"name": "First"})).await;
        let change = newest(&desk, &owner).await;
        assert_eq!(change["actor"]["user"]["email"], EMAIL);
        let user = change["actor"]["userId"].as_str().unwrap().to_owned();

        let before = dump(&database).await;
        assert!(before.matches(EMAIL).count() >= 3 && before.matches(NAME).count() >= 2, "the dump sees them");
        let deleted = plenary(&database, &["user", "delete", EMAIL]).await;
        assert!(deleted.status.success(), "{deleted:?}");
        let after = dump(&database).await;
        let lower = after.to_lowercase();
        assert!(!lower.contains("zyzzyva") && !lower.contains("quux"), "{}", lines(&after, "zyzzyva"));
        assert!(after.contains(&format!("user:{user}")) && after.contains("== change"));
        let left: Vec<&str> = after.lines().filter(|line| line.contains(&user)).collect();
        assert!(left.iter().all(|line| line.contains(&format!("user:{user}"))), "{left:?}");

        // What it did stays, under the id that leads nowhere; what was released has no names either.
        let filter = json!({"f": {"actor": {"in": [user]}}});
        let page = log(&desk, Some(&owner), filter).await;
        assert_eq!(page["totalCount"], 3, "{page}");
        for node in page["nodes"].as_array().unwrap() {
            assert_eq!((&node["actor"]["userId"], &node["actor"]["user"]), (&json!(user), &Value::Null), "{node}");
        }
        let event = desk.event(EVENT).await;
        let released = desk.app.store.release_document(event, 1).await.unwrap().unwrap();
        assert!(!String::from_utf8(released.to_json()).unwrap().contains("yzzyva"));
        // The server looks users up anew within half a second.
        let patience = Instant::now() + Duration::from_secs(20);
        while desk.kind(script).await != "UNAUTHENTICATED" {
            assert!(Instant::now() < patience, "the token of a deleted account is still good");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(code(&desk.try_login(EMAIL, PASSWORD).await), "INVALID");

        // SQLite keeps what was deleted in its file until the place is used again, unless it is told not to.
        desk.app.store.close().await.unwrap();
        if let Some(path) = database.strip_prefix("sqlite://").and_then(|url| url.split('?').next()) {
            let bytes = std::fs::read(path).unwrap();
            let has = |wanted: &str| bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes());
            assert!(has(&user) && !has(EMAIL) && !has(NAME), "the file still has it");
        }
    })
    .await;
}

fn lines(dump: &str, wanted: &str) -> String {
    let lines = dump.lines().filter(|line| line.to_lowercase().contains(wanted));
    lines.map(|line| line.chars().take(300).collect::<String>()).collect::<Vec<_>>().join("\n")
}
