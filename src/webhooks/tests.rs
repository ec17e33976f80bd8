//! Tests of what there is to tell, and of the way to an endpoint.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use url::Host;

use super::addresses::Target;
use super::messages::occurrences;
use super::payload::Source;
use super::sending::Sender;
use super::types::{Wanted, WebhookEventType as Type};
use crate::config::{Config, WebhooksConfig};
use crate::content::{
    Date, Document, ImportantDate, ImportantDateKind, Moment, Participation, Person, Role, Session, SessionPart,
    SessionPerson, SessionStatus,
};
use crate::snapshot::examples::{document, head, id, paper, room, session};

const SCHEMA: &str = include_str!("../../docs/webhooks.schema.json");
const MANUAL: &str = include_str!("../../docs/webhooks.md");

fn now() -> Timestamp {
    "2022-12-01T00:00:00Z".parse().unwrap()
}

fn source() -> Source<'static> {
    Source {
        base_url: "https://api.example.org",
        revision: Some("7".to_owned()),
        cursor: Some("7-0".to_owned()),
        now: now(),
        zone: TimeZone::get("America/Chicago").unwrap(),
    }
}

fn filled() -> Document {
    let mut document = document("America/Chicago", "2022-12-02", "2022-12-02");
    document.rooms = vec![Arc::new(room(1, "Hall")), Arc::new(room(2, "Garden"))];
    document.people = vec![Arc::new(Person::new(id(3), "Ada", Timestamp::UNIX_EPOCH))];
    document.speakers = vec![Arc::new(Participation {
        head: head(4),
        role: Role::Speaker,
        person: id(3),
        honorific: None,
        affiliation: None,
        photo: None,
        bio: None,
        group: None,
    })];
    document.papers = vec![Arc::new(paper(5, "Paper"))];
    let talk = Session { room: Some(id(1)), ..session(6, "Talk", "2022-12-02T15:00:00Z", "2022-12-02T16:00:00Z") };
    let person = SessionPerson { person: id(3), part: SessionPart::Speaker };
    document.sessions = vec![Arc::new(Session { people: vec![person], ..talk })];
    document
}

/// The messages for an endpoint that wants these types.
fn told(before: Option<&Document>, after: Option<&Document>, types: Option<&[&str]>) -> Vec<Value> {
    let names: Option<Vec<String>> = types.map(|types| types.iter().map(|name| (*name).to_owned()).collect());
    let found = occurrences(before, after, &[], &source());
    let wanted = Wanted(names.as_deref());
    let drafts = found.iter().filter_map(|occurrence| occurrence.for_endpoint(&wanted));
    drafts.map(|draft| serde_json::from_str(&draft.body).unwrap()).collect()
}

fn types(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["type"].as_str().unwrap()).collect()
}

fn talk(document: &mut Document) -> &mut Session {
    Arc::make_mut(&mut document.sessions[0])
}

#[test]
fn a_moved_session_is_told_with_from_and_to() {
    let (before, mut after) = (filled(), filled());
    talk(&mut after).room = Some(id(2));
    talk(&mut after).starts_at = Some("2022-12-02T17:00:00Z".parse().unwrap());
    talk(&mut after).ends_at = Some("2022-12-02T18:00:00Z".parse().unwrap());
    talk(&mut after).head.updated_at = "2022-11-30T12:00:00Z".parse().unwrap();
    let messages = told(Some(&before), Some(&after), None);
    assert_eq!(types(&messages), ["session.moved"]);
    assert_eq!(messages[0]["timestamp"], "2022-11-30T12:00:00Z");
    let data = &messages[0]["data"];
    assert_eq!(data["changed"], json!(["endsAt", "room", "startsAt"]));
    assert_eq!(data["from"]["startsAt"], "2022-12-02T09:00:00-06:00");
    assert_eq!(data["to"]["startsAt"], "2022-12-02T11:00:00-06:00");
    assert_eq!(data["from"]["room"], json!({"id": id(1), "name": "Hall"}));
    assert_eq!(data["to"]["room"], json!({"id": id(2), "name": "Garden"}));
    assert_eq!(data["session"]["id"], json!(id(6)));
    assert_eq!(data["session"]["url"], format!("https://api.example.org/events/event-1000000/sessions/{}.json", id(6)));
    assert_eq!(data["event"]["slug"], "event-1000000");
    assert_eq!((&data["revision"], &data["cursor"]), (&json!("7"), &json!("7-0")));
}

#[test]
fn an_item_is_told_of_once_as_what_an_endpoint_wants() {
    let (before, mut after) = (filled(), filled());
    talk(&mut after).title = "Another talk".to_owned();
    talk(&mut after).starts_at = Some("2022-12-02T15:30:00Z".parse().unwrap());
    talk(&mut after).status = SessionStatus::Cancelled;
    let all = told(Some(&before), Some(&after), None);
    assert_eq!(types(&all), ["session.cancelled"]);
    assert_eq!(all[0]["data"]["changed"], json!(["startsAt", "status", "title"]));
    for (wanted, expected) in [
        (vec!["session.moved", "session.updated"], vec!["session.moved"]),
        (vec!["session.updated"], vec!["session.updated"]),
        (vec!["session.created", "speaker.added"], vec![]),
    ] {
        assert_eq!(types(&told(Some(&before), Some(&after), Some(&wanted))), expected, "{wanted:?}");
    }
    assert!(told(Some(&before), Some(&before), None).is_empty());
}

#[test]
fn what_comes_and_goes_is_told() {
    let empty = document("America/Chicago", "2022-12-02", "2022-12-02");
    let expected = ["speaker.added", "item.added", "item.added", "paper.added", "session.created"];
    assert_eq!(types(&told(Some(&empty), Some(&filled()), None)), expected);
    let gone = told(Some(&filled()), Some(&empty), None);
    assert_eq!(types(&gone), ["session.deleted", "paper.removed", "item.removed", "item.removed", "speaker.removed"]);
    assert_eq!(gone[4]["data"]["speaker"]["name"], "Ada");
    assert_eq!(gone[2]["data"]["item"]["kind"], "ROOM");
    assert_eq!(types(&told(None, Some(&filled()), None))[..2], ["event.published", "speaker.added"]);
    let hidden = told(Some(&filled()), None, None);
    assert_eq!(types(&hidden), ["event.unpublished"]);
    assert!(told(None, None, None).is_empty());
}

#[test]
fn somebody_with_a_new_name_is_told_of_where_they_are() {
    let (before, mut after) = (filled(), filled());
    Arc::make_mut(&mut after.people[0]).name = "Ada Lovelace".to_owned();
    let messages = told(Some(&before), Some(&after), None);
    assert_eq!(types(&messages), ["speaker.updated", "session.updated"]);
    assert_eq!(messages[0]["data"]["changed"], json!(["name"]));
    assert_eq!(messages[1]["data"]["changed"], json!(["people"]));
}

#[test]
fn a_series_is_a_part_of_the_event_and_dates_say_when_they_were() {
    let series = json!({"id": id(9), "slug": "series", "name": "Series", "createdAt": now(), "updatedAt": now()});
    let moment = Moment::end_of_day_anywhere_on_earth(Date("2022-09-30".parse().unwrap()));
    let date = ImportantDate {
        head: head(10),
        label: "Submission".to_owned(),
        kind: ImportantDateKind::Submission,
        moment: moment.clone(),
        superseded: Vec::new(),
        struck_through: false,
        note: None,
    };
    let (mut before, mut after) = (filled(), filled());
    before.important_dates = vec![Arc::new(date.clone())];
    let later = Moment::end_of_day_anywhere_on_earth(Date("2022-10-07".parse().unwrap()));
    after.important_dates = vec![Arc::new(ImportantDate { moment: later, superseded: vec![moment], ..date })];
    after.series = Some(serde_json::from_value(series).unwrap());
    Arc::make_mut(&mut after.event).series = Some(id(9));
    let messages = told(Some(&before), Some(&after), None);
    assert_eq!(types(&messages), ["event.updated", "date.changed"]);
    assert_eq!(messages[0]["data"]["changed"], json!(["series"]));
    let data = &messages[1]["data"];
    assert_eq!((&data["from"]["date"], &data["to"]["date"]), (&json!("2022-09-30"), &json!("2022-10-07")));
    assert_eq!((&data["date"]["label"], &data["changed"]), (&json!("Submission"), &json!(["moment"])));
}

#[test]
fn messages_stay_small_however_long_names_are() {
    let long = "🎓".repeat(500);
    let (mut before, mut after) = (filled(), filled());
    for document in [&mut before, &mut after] {
        Arc::make_mut(&mut document.event).name = long.clone();
        document.rooms.iter_mut().for_each(|room| Arc::make_mut(room).name = long.clone());
        talk(document).title = long.clone();
    }
    talk(&mut after).room = Some(id(2));
    for message in told(Some(&before), Some(&after), None).iter().chain(&told(None, Some(&after), None)) {
        assert!(message.to_string().len() < 20_000, "{}", message.to_string().len());
    }
}

#[test]
fn every_type_is_described() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    for kind in Type::ALL {
        assert!(MANUAL.contains(&format!("`{}`", kind.name())), "{} is not in docs/webhooks.md", kind.name());
        assert!(SCHEMA.contains(&format!("\"{}\"", kind.name())), "{} is not in the JSON schema", kind.name());
        assert_eq!(Type::from_name(kind.name()), Some(kind));
        assert!(kind.name().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_'));
    }
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

fn target(host: Host<String>, port: u16) -> Target {
    Target { host, port, is_encrypted: false, authority: "receiver".to_owned(), path: "/hooks?a=b".to_owned() }
}

fn sender(allow_private: bool) -> Sender {
    sender_with(allow_private, None)
}

fn sender_with(allow_private: bool, ca_file: Option<PathBuf>) -> Sender {
    let config = Config::defaults().webhooks;
    Sender::new(&WebhooksConfig { timeout_ms: 500, allow_private, ca_file, ..config }).unwrap()
}

/// A receiver of one request; answers with what it was sent.
async fn answering(answer: &'static [u8]) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 4_096];
        let mut length = 0;
        while !bytes[..length].ends_with(b"{}") {
            length += stream.read(&mut bytes[length..]).await.unwrap();
        }
        let _ = stream.write_all(answer).await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    });
    (port, task)
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_not_followed() {
    let (port, _task) = answering(b"HTTP/1.1 204 No Content\r\n\r\n").await;
    let name = Host::Domain("localhost".to_owned());
    for host in [name.clone(), Host::Ipv4([127, 0, 0, 1].into()), Host::Ipv6("::ffff:127.0.0.1".parse().unwrap())] {
        let refused = sender(false).post(&target(host, port), &[], "{}".to_owned()).await.unwrap_err();
        assert_eq!(refused, "the host has no address that messages may be sent to");
    }
    let allowed = sender(true).post(&target(name, port), &[("webhook-id", "msg_1".to_owned())], "{}".to_owned()).await;
    assert_eq!(allowed.unwrap().status, 204);
    let unknown = Host::Domain("no-such-name.invalid".to_owned());
    assert!(sender(true).post(&target(unknown, 1), &[], "{}".to_owned()).await.is_err());
}

#[tokio::test]
async fn answers_are_bounded_and_redirects_are_answers() {
    let post = async |answer| {
        let (port, task) = answering(answer).await;
        let host = Host::Ipv4([127, 0, 0, 1].into());
        let answer =
            sender(true).post(&target(host, port), &[("webhook-id", "msg_1".to_owned())], "{}".to_owned()).await;
        (answer, task)
    };
    let (answer, task) =
        post(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(answer.unwrap().status, 302);
    let request = task.await.unwrap().to_ascii_lowercase();
    for part in ["post /hooks?a=b http/1.1", "host: receiver", "webhook-id: msg_1", "content-type: application/json"] {
        assert!(request.contains(part), "{part} in {request}");
    }
    assert!(request.contains("user-agent: plenary/") && request.contains("content-length: 2"), "{request}");

    let (answer, _) = post(b"HTTP/1.1 503 No\r\nretry-after: 7\r\ncontent-length: 14\r\n\r\nNot now\0\x1b[31m!").await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.retry_after.as_deref(), answer.text.as_str()), (503, Some("7"), "Not now[31m!"));

    // A long answer is not read to its end, and one that does not come is not waited for.
    static LONG: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
        [b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_vec(), vec![b'a'; 100_000]].concat()
    });
    let (answer, _) = post(&LONG).await;
    assert_eq!(answer.unwrap().text.len(), 1_000);
    let (answer, _) = post(b"").await;
    assert_eq!(answer.unwrap_err(), "no answer within 500 ms");
    let (answer, _) = post(b"no HTTP at all\r\n\r\n").await;
    assert!(answer.unwrap_err().starts_with("the connection broke"));
}

#[tokio::test]
async fn certificates_are_checked() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authorities.pem");
    std::fs::write(&file, made.cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut bytes = [0; 4_096];
            let _ = stream.read(&mut bytes).await;
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        }
    });
    let post = async |sender: Sender, name: Host<String>| {
        let target = Target { is_encrypted: true, ..target(name, port) };
        sender.post(&target, &[], "{}".to_owned()).await
    };
    let named = || Host::Domain("localhost".to_owned());
    assert_eq!(post(sender_with(true, Some(file.clone())), named()).await.unwrap().status, 204);
    let unknown = post(sender_with(true, None), named()).await.unwrap_err();
    assert!(unknown.starts_with("no TLS"), "{unknown}");
    let other = post(sender_with(true, Some(file)), Host::Ipv4([127, 0, 0, 1].into())).await.unwrap_err();
    assert!(other.starts_with("no TLS"), "{other}");
    let config = Config::defaults().webhooks;
    for text in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let file = folder.path().join("broken.pem");
        std::fs::write(&file, text).unwrap();
        let broken = Sender::new(&WebhooksConfig { ca_file: Some(file), ..config.clone() });
        assert!(broken.err().is_some_and(|error| error.to_string().contains("webhooks.ca_file")));
    }
}
