//! Endpoints as they are managed: who may, what is shown, what is refused, new secrets, and sending again.

use jiff::SignedDuration;
use plenary::access::Role;
use serde_json::{Value, json};

use super::{Office, Receiver, rename};
use crate::accounts::desk::{EVENT, code};
use crate::harness::on_each_database;

const ALL: &str = "webhooks { id url host description types enabled createdBy waiting
    deliveries { nodes { messageId payload } } }";

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_shown_once_and_addresses_to_those_who_manage() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let desk = &office.desk;
        let receiver = Receiver::start().await;
        let input = json!({"url": receiver.url, "description": "My site", "types": ["SESSION_MOVED", "SESSION_MOVED"]});
        let made = office.run("createWebhook", "webhook { id url description types enabled } secret", input).await;
        let secret = made["secret"].as_str().unwrap().to_owned();
        assert!(secret.starts_with("whsec_"), "{made}");
        assert_eq!(made["webhook"]["types"], json!(["SESSION_MOVED"]));
        for (email, role) in [("editor@example.org", Role::Editor), ("reviewer@example.org", Role::Reviewer)] {
            desk.member(email, EVENT, role).await;
        }
        let query = format!("{{ event(slug: \"{EVENT}\") {{ {ALL} }} }}");
        let ask =
            async |token: Option<&str>| desk.ask(token, &query, json!({})).await["data"]["event"]["webhooks"].clone();
        let owner = ask(Some(&office.token)).await;
        assert_eq!(owner[0]["url"], json!(receiver.url));
        let editor = ask(Some(&desk.login("editor@example.org").await.access)).await;
        assert_eq!((&editor[0]["url"], &editor[0]["host"]), (&Value::Null, &json!("127.0.0.1")));
        assert!(editor[0]["createdBy"].as_str().unwrap().starts_with("user:"));
        let reviewer = desk.login("reviewer@example.org").await.access;
        assert_eq!(ask(Some(&reviewer)).await, Value::Null);
        assert_eq!(ask(None).await, Value::Null);
        assert!(!format!("{owner}{editor}").contains(&secret));
        let store = &desk.app.store;
        let kept = store.webhooks_of_event(desk.event(EVENT).await).await.unwrap();
        assert!(!format!("{kept:?}").contains("hidden") && !format!("{kept:?}").contains(&secret), "{kept:?}");
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_an_endpoint_is_refused() {
    on_each_database(async |database| {
        let closed = |config: &mut plenary::config::WebhooksConfig| {
            (config.allow_http, config.allow_private) = (false, false);
        };
        let office = Office::open_with(&database, closed).await;
        for url in [
            "http://example.org/",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::ffff:10.0.0.1]/",
            "https://me:word@example.org/",
            "https://2130706433/",
            "gopher://example.org/",
            "not a URL",
            "",
        ] {
            let made = office.run("createWebhook", "webhook { id } secret", json!({"url": url})).await;
            assert_eq!(code(&made), "INVALID", "{url}: {made}");
            assert_eq!(made["userErrors"][0]["field"], json!(["url"]), "{made}");
            assert!(made["webhook"].is_null() && made["secret"].is_null(), "{made}");
        }
        let (id, _) = office.hook("https://example.org/hooks", None).await;
        let changed =
            office.run("updateWebhook", "webhook { url }", json!({"id": id, "url": "https://10.0.0.1/"})).await;
        assert_eq!(code(&changed), "INVALID", "{changed}");
        let nothing = office.run("updateWebhook", "webhook { url }", json!({"id": id, "types": []})).await;
        assert_eq!(nothing["userErrors"][0]["field"], json!(["types"]), "{nothing}");
        let long =
            office.run("updateWebhook", "webhook { url }", json!({"id": id, "description": "x".repeat(501)})).await;
        assert_eq!(long["userErrors"][0]["field"], json!(["description"]), "{long}");
        let fields = "webhook { url description types }";
        let input = json!({"id": id, "description": "Mine", "types": ["WEBHOOK_PING"], "url": "https://example.org/b"});
        let set = office.run("updateWebhook", fields, input).await["webhook"].clone();
        assert_eq!(set, json!({"url": "https://example.org/b", "description": "Mine", "types": ["WEBHOOK_PING"]}));
        let cleared = office.run("updateWebhook", fields, json!({"id": id, "description": null, "types": null})).await;
        assert_eq!(cleared["webhook"]["types"], Value::Null, "{cleared}");
        for number in 1..20 {
            office.hook(&format!("https://example.org/{number}"), None).await;
        }
        let many = office.run("createWebhook", "secret", json!({"url": "https://example.org/20"})).await;
        assert_eq!(many["userErrors"][0]["field"], json!(["event"]), "{many}");
        assert_eq!(office.run("deleteWebhook", "deleted", json!({"id": id})).await["deleted"], json!(id));
        assert_eq!(code(&office.run("deleteWebhook", "deleted", json!({"id": id})).await), "NOT_FOUND");
        for (mutation, fields) in [("rotateWebhookSecret", "secret"), ("sendWebhookPing", "message { id }")] {
            assert_eq!(code(&office.run(mutation, fields, json!({"id": id})).await), "NOT_FOUND", "{mutation}");
        }
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_secret_is_good_for_a_while() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let receiver = Receiver::start().await;
        let (id, first) = office.hook(&receiver.url, None).await;
        let rotated = office.run("rotateWebhookSecret", "secret previousSecretUntil", json!({"id": id})).await;
        let second = rotated["secret"].as_str().unwrap_or_else(|| panic!("{rotated}")).to_owned();
        assert_eq!(rotated["previousSecretUntil"], "2022-11-02T12:00:00+00:00");
        office.run("sendWebhookPing", "message { id }", json!({"id": id})).await;
        let ping = receiver.wait_for(1).await.remove(0);
        assert!(ping.is_signed_with(&first) && ping.is_signed_with(&second), "{ping:?}");
        assert_eq!(ping.header("webhook-signature").split(' ').count(), 2);
        office.desk.wait(SignedDuration::from_hours(25));
        office.run("sendWebhookPing", "message { id }", json!({"id": id})).await;
        let ping = receiver.wait_for(2).await.remove(1);
        assert!(!ping.is_signed_with(&first) && ping.is_signed_with(&second), "{ping:?}");
        let at_once = json!({"id": id, "overlapHours": 0});
        let third = office.run("rotateWebhookSecret", "secret", at_once).await["secret"].as_str().unwrap().to_owned();
        office.run("sendWebhookPing", "message { id }", json!({"id": id})).await;
        let ping = receiver.wait_for(3).await.remove(2);
        assert!(!ping.is_signed_with(&second) && ping.is_signed_with(&third), "{ping:?}");
        let bad = office.run("rotateWebhookSecret", "secret", json!({"id": id, "overlapHours": 721})).await;
        assert_eq!(code(&bad), "INVALID");
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_sent_again_when_asked() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let receiver = Receiver::start().await;
        let (id, _) = office.hook(&receiver.url, None).await;
        office.edit(rename("talk", "First")).await;
        receiver.wait_for(1).await;
        office.desk.wait(SignedDuration::from_mins(5));
        office.edit(rename("talk", "Second")).await;
        let received = receiver.wait_for(2).await;
        office.until("waiting", |hook| hook["waiting"] == 0).await;
        let input = json!({"messageId": received[0].id()});
        let again = office.run("resendWebhookMessage", "message { messageId status }", input).await;
        assert_eq!(again["message"], json!({"messageId": received[0].id(), "status": "PENDING"}), "{again}");
        let third = receiver.wait_for(3).await.remove(2);
        assert_eq!((third.id(), &third.body), (received[0].id(), &received[0].body));
        office.until("waiting", |hook| hook["waiting"] == 0).await;
        for wrong in ["msg_0", "something", &format!("msg_{}", "0".repeat(32))] {
            let refused = office.run("resendWebhookMessage", "message { id }", json!({"messageId": wrong})).await;
            assert_eq!(code(&refused), "NOT_FOUND", "{wrong}");
        }
        // Since the second one, and then since the beginning.
        let count = async |since: &str| office.run("replayWebhook", "count", json!({"id": id, "since": since})).await["count"].clone();
        assert_eq!(count("2022-11-01T12:03:00Z").await, 1);
        assert_eq!(receiver.wait_for(4).await[3].id(), received[1].id());
        office.until("waiting", |hook| hook["waiting"] == 0).await;
        assert_eq!(count("2022-11-01T12:00:00Z").await, 2);
        let all = receiver.wait_for(6).await;
        assert_eq!((all[4].id(), all[5].id()), (received[0].id(), received[1].id()), "in their order");
        // The log has pages, as every list.
        let page = "deliveries(first: 1) { totalCount nodes { messageId } pageInfo { hasNextPage endCursor } }";
        let first = office.hooks(page).await[0]["deliveries"].clone();
        assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(2), &json!(true)), "{first}");
        assert_eq!(first["nodes"][0]["messageId"], received[1].id());
        let after = first["pageInfo"]["endCursor"].as_str().unwrap();
        let next = format!("deliveries(first: 1, after: \"{after}\") {{ nodes {{ messageId }} pageInfo {{ hasNextPage hasPreviousPage }} }}");
        let next = office.hooks(&next).await[0]["deliveries"].clone();
        assert_eq!(next["nodes"][0]["messageId"], received[0].id());
        assert_eq!(next["pageInfo"], json!({"hasNextPage": false, "hasPreviousPage": true}));
        let none = office.hooks("deliveries(status: [FAILED]) { nodes { id } }").await;
        assert_eq!(none[0]["deliveries"]["nodes"], json!([]));
        // Messages that are done with are forgotten in time.
        let store = &office.desk.app.store;
        office.until("waiting", |hook| hook["waiting"] == 0).await;
        office.desk.wait(SignedDuration::from_secs(60));
        assert_eq!(store.forget_webhook_messages(office.desk.now()).await.unwrap(), 2);
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn endpoints_go_with_their_event() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let receiver = Receiver::start().await;
        office.hook(&receiver.url, None).await;
        office.edit(rename("talk", "First")).await;
        receiver.wait_for(1).await;
        let deleted = office.run("deleteEvent", "deletedId", json!({"confirm": EVENT})).await;
        assert_eq!(deleted["userErrors"], json!([]), "{deleted}");
        assert!(office.desk.app.store.enabled_webhooks().await.unwrap().is_empty());
        super::a_while().await;
        assert_eq!(receiver.received().len(), 1);
        office.close().await;
    })
    .await;
}
