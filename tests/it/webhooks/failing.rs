//! Receivers that are away, slow, in pain or gone.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Answer, Office, Receiver, a_while, eventually, rename, status};
use crate::harness::on_each_database;

const LOG: &str =
    "id enabled disabledReason failingSince waiting deliveries(first: 50) { totalCount nodes { messageId type
    status attemptCount nextAttemptAt attempts { number status problem answer nextAttemptAt } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_was_down_for_hours_gets_everything_in_order() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let receiver = Receiver::start().await;
        let (id, secret) = office.hook(&receiver.url, None).await;
        receiver.answer((0..5).map(|_| status(503)));
        office.edit(rename("talk", "First")).await;
        receiver.wait_for(1).await;
        office.edit(rename("talks", "Second")).await;
        let seen = office.until(LOG, |hook| hook["waiting"] == 2).await;
        assert!(seen["failingSince"].is_string(), "{seen}");
        // Nothing comes before its time, and the second waits for the first.
        a_while().await;
        assert_eq!(receiver.received().len(), 1);
        for (attempt, seconds) in [(2, 6), (3, 331), (4, 1_981), (5, 7_921)] {
            office.desk.wait(SignedDuration::from_secs(seconds));
            receiver.wait_for(attempt).await;
            // Only when it is noted that this failed too, time may go on.
            office.until(LOG, |hook| hook["deliveries"]["nodes"][1]["attemptCount"] == attempt).await;
        }
        assert_eq!(receiver.received().len(), 5);
        office.desk.wait(SignedDuration::from_hours(6));
        let received = receiver.wait_for(7).await;
        let ids: Vec<&str> = received.iter().map(super::Received::id).collect();
        assert!(ids[..6].iter().all(|id| *id == ids[0]) && ids[6] != ids[0], "{ids:?}");
        assert!(received.iter().all(|message| message.is_signed_with(&secret)));
        assert_ne!(received[0].header("webhook-timestamp"), received[5].header("webhook-timestamp"));
        assert_eq!(received[0].body, received[5].body);
        assert_eq!(received[6].json()["data"]["session"]["title"], "Second");
        let log = office.until(LOG, |hook| hook["waiting"] == 0).await;
        assert_eq!(log["id"], json!(id));
        assert!(log["failingSince"].is_null());
        let first = &log["deliveries"]["nodes"][1];
        assert_eq!((&first["status"], &first["attemptCount"]), (&json!("DELIVERED"), &json!(6)), "{log}");
        assert_eq!(first["attempts"][0]["status"], 503);
        assert_eq!(first["attempts"][0]["answer"], "What I think of it");
        assert!(first["attempts"][0]["nextAttemptAt"].is_string());
        assert_eq!(first["attempts"][5]["status"], 204);
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_waits_than_may_and_the_receiver_is_told_to_load_anew() {
    on_each_database(async |database| {
        let office = Office::open_with(&database, |webhooks| webhooks.waiting_messages = 3).await;
        let receiver = Receiver::start().await;
        office.hook(&receiver.url, Some(&["SESSION_UPDATED"])).await;
        receiver.answer([status(503)]);
        for (slug, title, waiting) in [("talk", "First", 1), ("talks", "Second", 2), ("talk", "Third", 3)] {
            office.edit(rename(slug, title)).await;
            office.until(LOG, |hook| hook["waiting"] == waiting).await;
        }
        receiver.wait_for(1).await;
        office.edit(rename("talks", "Fourth")).await;
        let log = office.until(LOG, |hook| hook["waiting"] == 2).await;
        let kinds: Vec<_> = log["deliveries"]["nodes"].as_array().unwrap().iter().map(|node| &node["type"]).collect();
        assert_eq!(kinds, ["EVENT_RELOADED", "SESSION_UPDATED"], "{log}");
        let counts = async || {
            let request = office.desk.client.get(office.desk.url("/metrics"));
            request.send().await.unwrap().text().await.unwrap()
        };
        let told = counts().await;
        for count in [
            "plenary_webhook_messages_dropped_total 2",
            "plenary_webhook_endpoints 1",
            "plenary_webhook_endpoints_failing 1",
            "plenary_webhook_attempts_total{result=\"Again\"} 1",
        ] {
            assert!(told.contains(count), "{count} is not in {told}");
        }
        office.desk.wait(SignedDuration::from_secs(10));
        receiver.wait_for(3).await;
        assert_eq!(receiver.kinds(), ["session.updated", "session.updated", "event.reloaded"]);
        office.until(LOG, |hook| hook["waiting"] == 0).await;
        assert!(counts().await.contains("plenary_webhook_attempts_total{result=\"Delivered\"} 2"));
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_says_when_it_wants_to_be_asked_again() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let receiver = Receiver::start().await;
        office.hook(&receiver.url, None).await;
        receiver.answer([Answer { status: 429, retry_after: Some("3600".to_owned()), ..Answer::default() }]);
        office.edit(rename("talk", "First")).await;
        receiver.wait_for(1).await;
        office.until(LOG, |hook| hook["failingSince"].is_string()).await;
        office.desk.wait(SignedDuration::from_secs(3_500));
        a_while().await;
        assert_eq!(receiver.received().len(), 1);
        office.desk.wait(SignedDuration::from_secs(101));
        receiver.wait_for(2).await;
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_is_disabled_and_can_be_enabled_again() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let receiver = Receiver::start().await;
        let (id, _) = office.hook(&receiver.url, None).await;
        receiver.answer([status(410)]);
        office.edit(rename("talk", "First")).await;
        let gone = office.until(LOG, |hook| hook["enabled"] == false).await;
        assert!(gone["disabledReason"].as_str().unwrap().contains("410"), "{gone}");
        office.edit(rename("talks", "Second")).await;
        a_while().await;
        assert_eq!(receiver.received().len(), 1);
        let ping = office.run("sendWebhookPing", "message { id }", json!({"id": id})).await;
        assert_eq!(ping["userErrors"][0]["code"], "NOT_FOUND", "{ping}");
        // Nothing is lost: what waited comes first, and then what has changed in the meantime.
        office.run("updateWebhook", "webhook { enabled }", json!({"id": id, "enabled": true})).await;
        let received = receiver.wait_for(3).await;
        assert_eq!(received[1].id(), received[0].id());
        assert_eq!(received[2].json()["data"]["session"]["title"], "Second");
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_days_is_given_up_and_then_disabled() {
    on_each_database(async |database| {
        let office = Office::open_with(&database, |config| config.retry_seconds = vec![60]).await;
        let receiver = Receiver::start().await;
        let (id, _) = office.hook(&receiver.url, None).await;
        // 30x is no success, and nobody follows it.
        receiver.answer([status(500), status(302), status(404), status(500)]);
        office.edit(rename("talk", "First")).await;
        receiver.wait_for(1).await;
        office.until(LOG, |hook| hook["failingSince"].is_string()).await;
        office.desk.wait(SignedDuration::from_secs(67));
        let failed = office.until(LOG, |hook| hook["deliveries"]["nodes"][0]["status"] == "FAILED").await;
        assert_eq!(failed["deliveries"]["nodes"][0]["attempts"][1]["status"], 302, "{failed}");
        assert_eq!(failed["enabled"], true);
        // The next one has its turn.
        office.edit(rename("talk", "Second")).await;
        receiver.wait_for(3).await;
        office.until(LOG, |hook| hook["deliveries"]["nodes"][0]["attemptCount"] == 1).await;
        office.desk.wait(SignedDuration::from_hours(24 * 5));
        let disabled = office.until(LOG, |hook| hook["enabled"] == false).await;
        assert!(disabled["disabledReason"].as_str().unwrap().contains("5 day"), "{disabled}");
        assert_eq!(receiver.received().len(), 4);
        // With the endpoint mended, what was given up is sent again too.
        office.run("updateWebhook", "webhook { id }", json!({"id": id, "enabled": true})).await;
        receiver.wait_for(5).await;
        let since = "2022-10-01T00:00:00Z";
        let input = json!({"id": id, "since": since, "onlyFailed": true});
        office.until(LOG, |hook| hook["waiting"] == 0).await;
        assert_eq!(office.run("replayWebhook", "count", input).await["count"], 1);
        let received = receiver.wait_for(6).await;
        assert_eq!(received[5].id(), received[0].id());
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_closed_endpoints_hold_nobody_up() {
    on_each_database(async |database| {
        let office = Office::open_with(&database, |config| config.timeout_ms = 300).await;
        let (slow, quick) = (Receiver::start().await, Receiver::start().await);
        office.hook(&slow.url, None).await;
        let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        office.hook(&format!("http://{nobody}/"), None).await;
        office.hook(&quick.url, None).await;
        slow.answer([Answer { status: 200, delay: Duration::from_secs(30), ..Answer::default() }]);
        office.edit(rename("talk", "First")).await;
        quick.wait_for(1).await;
        slow.wait_for(1).await;
        let problem = |hooks: &Value, place: usize| {
            hooks[place]["deliveries"]["nodes"][0]["attempts"][0]["problem"].as_str().map(str::to_owned)
        };
        let began = std::time::Instant::now();
        let hooks = loop {
            let hooks = office.hooks(LOG).await;
            if problem(&hooks, 0).is_some() && problem(&hooks, 1).is_some() {
                break hooks;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{hooks}");
            a_while().await;
        };
        assert_eq!(problem(&hooks, 0).as_deref(), Some("no answer within 300 ms"));
        assert_eq!(problem(&hooks, 1).as_deref(), Some("no connection: it was refused"));
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_waits_for_nobody_who_takes_their_time() {
    on_each_database(async |database| {
        let mut office = Office::open(&database).await;
        let receiver = Receiver::start().await;
        office.hook(&receiver.url, None).await;
        receiver.answer([Answer { status: 200, delay: Duration::from_secs(30), ..Answer::default() }]);
        office.edit(rename("talk", "First")).await;
        receiver.wait_for(1).await;
        let began = std::time::Instant::now();
        office.running.take().unwrap().stop(Duration::from_millis(100)).await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        // It goes on where it was, with the same message.
        let again = office.desk.app.deliver_webhooks("https://api.example.org").unwrap().unwrap();
        let received = receiver.wait_for(2).await;
        assert_eq!(received[0].id(), received[1].id());
        eventually(|| if receiver.received().len() == 2 { Ok(()) } else { Err(String::new()) }).await;
        again.stop(Duration::from_millis(100)).await;
    })
    .await;
}
