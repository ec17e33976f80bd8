//! What is told, to whom, and how it looks on the wire.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use plenary::content::{Publication, SessionStatus};
use serde_json::json;

use super::{Answer, Office, Receiver, a_while, rename, session};
use crate::harness::{on_each_database, sample};

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_session_is_told_as_the_standard_has_it() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let receiver = Receiver::start().await;
        let (_, secret) = office.hook(&receiver.url, None).await;
        office
            .edit(|document| {
                let talk = session(document, "talk");
                talk.starts_at = Some(sample::at("2022-12-02T16:00:00Z"));
                talk.ends_at = Some(sample::at("2022-12-02T17:00:00Z"));
                talk.room = None;
            })
            .await;
        let message = receiver.wait_for(1).await.remove(0);
        assert!(message.is_signed_with(&secret), "{message:?}");
        assert_eq!(message.header("content-type"), "application/json");
        assert!(message.header("user-agent").starts_with("Plenary/"));
        assert_eq!(message.header("webhook-timestamp"), office.desk.now().as_second().to_string());
        assert!(message.id().starts_with("msg_") && !message.id().contains('.'));
        let body = message.json();
        assert_eq!(body["type"], "session.moved");
        assert_eq!(body["timestamp"], office.desk.now().to_string());
        assert_eq!(body["data"]["session"]["slug"], "talk");
        assert_eq!(body["data"]["from"]["startsAt"], "2022-12-02T08:00:00-06:00");
        assert_eq!(body["data"]["to"]["startsAt"], "2022-12-02T10:00:00-06:00");
        assert_eq!(body["data"]["from"]["room"]["name"], "Ballroom C");
        assert!(body["data"]["to"]["room"].is_null());
        assert!(message.body.len() < 20_000);
        // What the message names is what everybody sees.
        let query = "{ event(slug: \"sample\") { revision cursor } }";
        let seen = office.desk.ask(None, query, json!({})).await;
        assert_eq!(seen["data"]["event"]["revision"], body["data"]["revision"]);
        assert_eq!(seen["data"]["event"]["cursor"], body["data"]["cursor"]);
        a_while().await;
        assert_eq!(receiver.received().len(), 1, "{:?}", receiver.kinds());
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_in_a_burst_are_one_message_and_endpoints_get_what_they_want() {
    on_each_database(async |database| {
        let office = Office::open_with(&database, |config| config.burst_ms = 500).await;
        let (all, some, none) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
        office.hook(&all.url, None).await;
        office.hook(&some.url, Some(&["SESSION_CANCELLED", "PAPER_UPDATED"])).await;
        office.hook(&none.url, Some(&["RELEASE_PUBLISHED"])).await;
        for title in ["A", "B", "C"] {
            office.edit(rename("talk", title)).await;
        }
        office.edit(|document| session(document, "talks").status = SessionStatus::Cancelled).await;
        let messages = all.wait_for(2).await;
        assert_eq!(all.kinds(), ["session.updated", "session.cancelled"]);
        assert_eq!(messages[0].json()["data"]["session"]["title"], "C");
        assert_eq!(some.wait_for(1).await[0].kind(), "session.cancelled");
        assert_ne!(some.received()[0].id(), messages[1].id(), "an id is for one endpoint");
        // What was taken back in the meantime is not told at all.
        office.edit(rename("talk", "D")).await;
        office.edit(rename("talk", "C")).await;
        a_while().await;
        a_while().await;
        assert_eq!((all.received().len(), some.received().len(), none.received().len()), (2, 1, 0));
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_in_order_and_one_at_a_time() {
    on_each_database(async |database| {
        let office = Office::open_with(&database, |config| config.burst_ms = 0).await;
        let receiver = Receiver::start().await;
        office.hook(&receiver.url, None).await;
        receiver.answer((0..12).map(|_| Answer { status: 200, delay: Duration::from_millis(30), ..Answer::default() }));
        // A second server over the same database wants to help.
        let other =
            plenary::app::App::open(office.desk.app.config.clone(), office.desk.app.clock.clone()).await.unwrap();
        let helping = other.deliver_webhooks("https://api.example.org").unwrap().unwrap();
        for number in 0..12 {
            office.edit(rename("talk", &format!("Talk {number}"))).await;
            office.desk.app.shelf.refresh().await.unwrap();
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let last = |title: &str| title == "Talk 11";
        super::eventually(|| {
            let received = receiver.received();
            let title = received.last().map(|message| message.json()["data"]["session"]["title"].clone());
            if title.as_ref().and_then(|title| title.as_str()).is_some_and(last) {
                Ok(())
            } else {
                Err(format!("{title:?}"))
            }
        })
        .await;
        a_while().await;
        let received = receiver.received();
        let numbers: Vec<u32> = received
            .iter()
            .map(|message| message.json()["data"]["session"]["title"].as_str().unwrap()[5..].parse().unwrap())
            .collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        assert_eq!(receiver.most_at_once(), 1);
        helping.stop(Duration::from_millis(100)).await;
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_not_told_before_they_are_public() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let publish = |name: &str| {
            let input = json!({"name": name});
            office.run("publishRelease", "release { number }", input)
        };
        office.edit(|document| Arc::make_mut(&mut document.event).publication = Publication::Released).await;
        publish("First").await;
        office.desk.app.shelf.refresh().await.unwrap();
        let receiver = Receiver::start().await;
        office.hook(&receiver.url, None).await;
        office.edit(rename("talk", "A secret title")).await;
        office.edit(|document| Arc::make_mut(&mut document.event).name = "A secret name".to_owned()).await;
        office.run("sendWebhookPing", "message { id }", json!({"id": office.hooks("id").await[0]["id"]})).await;
        receiver.wait_for(1).await;
        a_while().await;
        assert_eq!(receiver.kinds(), ["webhook.ping"]);
        assert!(!receiver.received()[0].body.contains("secret"), "{:?}", receiver.received());
        publish("Second").await;
        let messages = receiver.wait_for(4).await;
        assert_eq!(receiver.kinds()[1..], ["release.published", "event.updated", "session.updated"]);
        let release = &messages[1].json()["data"]["release"];
        assert_eq!((&release["number"], &release["name"]), (&json!(2), &json!("Second")));
        assert_eq!(messages[3].json()["data"]["session"]["title"], "A secret title");
        // The link leads to what is different.
        let link = release["diffUrl"].as_str().unwrap().replace("https://api.example.org", "");
        let diff: serde_json::Value =
            office.desk.client.get(office.desk.url(&link)).send().await.unwrap().json().await.unwrap();
        assert_eq!(diff["data"]["releaseDiff"]["changes"]["totalCount"], 2, "{diff}");
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embargo_that_ends_is_told() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let receiver = Receiver::start().await;
        office.hook(&receiver.url, Some(&["SPEAKER_ADDED", "ANNOUNCEMENT_PUBLISHED", "EVENT_UNPUBLISHED"])).await;
        a_while().await;
        assert!(receiver.received().is_empty());
        // The speakers of the sample are embargoed until the 20th of November.
        office.desk.wait(SignedDuration::from_hours(24 * 20));
        let messages = receiver.wait_for(2).await;
        assert_eq!(receiver.kinds(), ["speaker.added", "speaker.added"]);
        assert_eq!(messages[0].json()["timestamp"], "2022-11-20T08:00:00.123456Z");
        // The announcement is held back by hand.
        office
            .edit(|document| {
                let news = Arc::make_mut(&mut document.announcements[0]);
                news.head.published = true;
            })
            .await;
        receiver.wait_for(3).await;
        assert_eq!(receiver.kinds()[2], "announcement.published");
        office.edit(|document| Arc::make_mut(&mut document.event).publication = Publication::Draft).await;
        receiver.wait_for(4).await;
        assert_eq!(receiver.kinds()[3], "event.unpublished");
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_at_once_is_one_message() {
    on_each_database(async |database| {
        let office = Office::open_with(&database, |config| config.burst_messages = 2).await;
        let receiver = Receiver::start().await;
        office.hook(&receiver.url, Some(&["SESSION_UPDATED"])).await;
        office
            .edit(|document| document.sessions.iter_mut().for_each(|session| Arc::make_mut(session).title.push('!')))
            .await;
        assert_eq!(receiver.wait_for(1).await[0].kind(), "event.reloaded");
        office.edit(rename("talk", "Again")).await;
        assert_eq!(receiver.wait_for(2).await[1].kind(), "session.updated");
        office.close().await;
    })
    .await;
}
