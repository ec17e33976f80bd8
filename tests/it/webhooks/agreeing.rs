//! One mutation moves a session, and everything that tells of it says the same instants: GraphQL, every feed, the calendar
//! with its count, the JSON, the page, the webhook and the subscription.

use jiff::{Timestamp, ToSpan};
use plenary::content::Id;
use plenary::feeds::FEEDS;
use serde_json::{Value, json};

use super::{Office, Receiver};
use crate::accounts::desk::EVENT;
use crate::calendars::strict;
use crate::harness::{on_each_database, sample};

/// When something says that the session begins and ends; a start alone where the form has no end.
type Told = (Timestamp, Option<Timestamp>);

/// The session as GraphQL tells it.
const FIELDS: &str = "id number slug startsAt endsAt sequence";

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap_or_else(|| panic!("{value} is no instant")).parse().unwrap()
}

/// The objects in a value for which something holds.
fn objects<'a>(value: &'a Value, wanted: &dyn Fn(&Value) -> bool, found: &mut Vec<&'a Value>) {
    if value.is_object() && wanted(value) {
        found.push(value);
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| objects(item, wanted, found)),
        Value::Object(members) => members.values().for_each(|item| objects(item, wanted, found)),
        _ => {}
    }
}

/// What JSON says of the session wherever it stands in it.
fn in_json(text: &str, wanted: &dyn Fn(&Value) -> bool, start: &str, end: Option<&str>) -> Vec<Told> {
    let value: Value = serde_json::from_str(text).unwrap();
    let mut found = Vec::new();
    objects(&value, wanted, &mut found);
    found.into_iter().map(|object| (instant(&object[start]), end.map(|end| instant(&object[end])))).collect()
}

/// The part of a text between two others, after a third.
fn between<'a>(text: &'a str, after: &str, from: &str, to: &str) -> &'a str {
    let rest = text.split_once(after).unwrap_or_else(|| panic!("no {after} in {text}")).1;
    rest.split_once(from).and_then(|(_, rest)| rest.split_once(to)).unwrap_or_else(|| panic!("no {from} in {rest}")).0
}

/// What a feed says of the session; `None` for those that tell of no times of sessions.
fn told_by(path: &str, text: &str, session: &Value) -> Option<Vec<Told>> {
    let (id, number) = (session["id"].as_str().unwrap(), session["number"].to_string());
    let guid = |object: &Value| object["guid"] == id;
    let numbered = |object: &Value| object["id"] == *number && object.get("startsAt").is_some();
    let urn = format!("urn:uuid:{id}");
    let named = |object: &Value| object["identifier"] == *urn;
    Some(match path {
        "schedule.xml" => {
            let event = between(text, &format!("<event guid=\"{id}\""), ">", "</event>");
            let at: Timestamp = between(event, "", "<date>", "</date>").parse().unwrap();
            let (hours, minutes) = between(event, "", "<duration>", "</duration>").split_once(':').unwrap();
            let minutes = hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap();
            vec![(at, Some(at + minutes.minutes()))]
        }
        "schedule.json" => in_json(text, &guid, "date", Some("end")),
        "schedule2.json" => in_json(text, &guid, "start", Some("end")),
        "sessionize/view/All" | "sessionize/view/Sessions" | "sessionize/view/GridSmart" => {
            in_json(text, &numbered, "startsAt", Some("endsAt"))
        }
        "event.jsonld" => in_json(text, &named, "startDate", Some("endDate")),
        "schedule.ics" => {
            let event = strict::read(text.as_bytes()).event(Id(id.parse().unwrap())).clone();
            vec![(event.start, event.end)]
        }
        "sessionize/view/Speakers" | "sessionize/view/SpeakerWall" | "dates.ics" | "feed.xml" | "giggity.json" => {
            return None;
        }
        other => panic!("say where {other} tells when a session is"),
    })
}

struct Everything<'a> {
    office: &'a Office,
}

impl Everything<'_> {
    async fn session(&self) -> Value {
        let query = format!("{{ event(slug: \"{EVENT}\") {{ cursor sessions {{ nodes {{ {FIELDS} }} }} }} }}");
        let answer = self.office.desk.ask(None, &query, json!({})).await;
        let event = &answer["data"]["event"];
        let nodes = event["sessions"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
        let mut session = nodes.iter().find(|node| node["slug"] == "talk").unwrap().clone();
        session["cursor"] = event["cursor"].clone();
        session
    }

    async fn text(&self, path: &str) -> String {
        let answer = self.office.desk.client.get(self.office.desk.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    }

    /// Checks that every address says that the session is at these instants.
    async fn says(&self, session: &Value, told: Told) {
        assert_eq!((instant(&session["startsAt"]), Some(instant(&session["endsAt"]))), told, "GraphQL");
        let id = session["id"].as_str().unwrap();
        for feed in FEEDS {
            let path = format!("/events/{EVENT}/{}", feed.path);
            let Some(found) = told_by(feed.path, &self.text(&path).await, session) else { continue };
            assert!(!found.is_empty() && found.iter().all(|found| *found == told), "{path}: {found:?}, not {told:?}");
        }
        let utc = self.text(&format!("/events/{EVENT}/schedule.ics?tz=utc")).await;
        assert_eq!(told_by("schedule.ics", &utc, session), Some(vec![told]));
        for path in ["", "/sessions", &format!("/sessions/{id}"), "/sessions/talk"] {
            let text = self.text(&format!("/events/{EVENT}{path}.json")).await;
            assert_eq!(in_json(&text, &|object| object["id"] == id, "startsAt", Some("endsAt")), [told], "{path}");
        }
        let page = self.text(&format!("/events/{EVENT}")).await;
        let shown: Timestamp = between(&page, " id=\"talk\"", "datetime=\"", "\"").parse().unwrap();
        assert_eq!(shown, told.0, "the page");
    }
}

/// The first message of a subscription that tells something.
async fn message(mut stream: reqwest::Response) -> Value {
    let mut text = String::new();
    loop {
        if let Some(data) =
            text.lines().filter_map(|line| line.strip_prefix("data:")).find(|data| !data.trim().is_empty())
            && let Ok(message) = serde_json::from_str(data)
        {
            return message;
        }
        let chunk = tokio::time::timeout(std::time::Duration::from_secs(20), stream.chunk()).await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk.expect("the stream goes on")).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_says_when_a_moved_session_is() {
    on_each_database(async |database| {
        let office = Office::open(&database).await;
        let everything = Everything { office: &office };
        let receiver = Receiver::start().await;
        office.hook(&receiver.url, Some(&["SESSION_MOVED"])).await;
        let [start, end] = ["2022-12-02T14:00:00Z", "2022-12-02T14:30:00Z"].map(sample::at);
        let before = everything.session().await;
        everything.says(&before, (start, Some(end))).await;

        let since = before["cursor"].as_str().unwrap();
        let query = format!(
            "subscription {{ eventChanged(event: \"{EVENT}\", since: \"{since}\") {{ changes {{ operation recordId \
             node {{ ... on Session {{ {FIELDS} }} }} }} }} }}"
        );
        let watching = office.desk.client.post(office.desk.url("/graphql")).header("accept", "text/event-stream");
        let watching = watching.json(&json!({ "query": query })).send().await.unwrap();

        // It now is on the next day in UTC, and on the same in New Orleans.
        let input = json!({"sessions": [before["id"]], "minutes": 11 * 60});
        let moved = office.run("moveSessions", "sessions { id startsAt }", input).await;
        assert_eq!(moved["userErrors"], json!([]), "{moved}");
        let later = |at: Timestamp| at + 11.hours();
        let told = (later(start), Some(later(end)));
        assert_eq!(instant(&moved["sessions"][0]["startsAt"]), told.0, "the mutation");

        let after = everything.session().await;
        everything.says(&after, told).await;
        let count = |session: &Value| session["sequence"].as_i64().unwrap();
        assert_eq!(count(&after), count(&before) + 1);
        let calendar = strict::read(everything.text(&format!("/events/{EVENT}/schedule.ics")).await.as_bytes());
        let event = calendar.event(Id(before["id"].as_str().unwrap().parse().unwrap()));
        assert_eq!(event.sequence, count(&after));
        let linked: Value =
            serde_json::from_str(&everything.text(&format!("/events/{EVENT}/event.jsonld")).await).unwrap();
        let mut found = Vec::new();
        objects(&linked, &|object| object.get("previousStartDate").is_some(), &mut found);
        assert_eq!(found.iter().map(|object| instant(&object["previousStartDate"])).collect::<Vec<_>>(), [start]);

        let body = receiver.wait_for(1).await.remove(0).json();
        let moment =
            |side: &str| (instant(&body["data"][side]["startsAt"]), Some(instant(&body["data"][side]["endsAt"])));
        assert_eq!((body["type"].as_str(), &body["data"]["session"]["id"]), (Some("session.moved"), &before["id"]));
        assert_eq!((moment("from"), moment("to")), ((start, Some(end)), told), "the webhook");

        let message = message(watching).await;
        let changes = message["data"]["eventChanged"]["changes"].as_array().unwrap_or_else(|| panic!("{message}"));
        let change = changes.iter().find(|change| change["recordId"] == before["id"]).unwrap();
        let node = &change["node"];
        assert_eq!((instant(&node["startsAt"]), Some(instant(&node["endsAt"]))), told, "the subscription");
        assert_eq!(node["sequence"], after["sequence"]);
        office.close().await;
    })
    .await;
}
