//! The calendars: every rule of the standard on real and on nasty content, and what subscribers are told of changes.

pub(crate) mod strict;
mod told;

use std::sync::Arc;

use jiff::Timestamp;
use plenary::content::{
    Date, Document, ImportantDate, ImportantDateKind, Markdown, Moment, Room, Session, SessionKind, SessionPart,
    SessionPerson, SessionStatus,
};
use plenary::feeds::{Options, Refusal, Source, feed};
use plenary::publishing::public;
use plenary::snapshot::{Snapshot, Stamp, View};

use self::strict::{Vcalendar, read};
use crate::harness::{sample, shared_site};

const BASE: &str = "https://plenary.example";

/// A feed of what the public sees of a document.
fn render(document: &Document, path: &str, parameters: &[(&str, &str)]) -> Result<Vec<u8>, Refusal> {
    let now: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
    let stamp = Stamp { revision: 1, release: None, released_at: None };
    let snapshot = Snapshot::new(public(document, now), View::Public, stamp);
    let feed = feed(path).expect("the feed is there");
    let options = Options::new(feed, parameters.iter().copied())?;
    (feed.render)(&Source { snapshot: &snapshot, base_url: BASE }, &options)
}

fn calendar(document: &Document, path: &str, parameters: &[(&str, &str)]) -> Vcalendar {
    read(&render(document, path, parameters).expect("a calendar"))
}

fn demo() -> Document {
    serde_json::from_str(include_str!("../../../src/cli/demo/document.json")).unwrap()
}

/// Sessions around a change of the clocks, with all that text can hold.
fn nasty(zone: &str, starts: &[&str]) -> Document {
    let mut document = sample::document(1, "nasty");
    let event = Arc::make_mut(&mut document.event);
    event.time_zone = zone.to_owned();
    let days = starts.iter().map(|start| Date(start[..10].parse().unwrap()));
    event.starts_on = days.clone().min().unwrap_or(event.starts_on);
    event.ends_on = days.max().unwrap_or(event.ends_on);
    event.name = "Naïve, \"quoted\"; and \\ back 🎓".to_owned();
    let person = document.people[0].id;
    document.sessions.clear();
    document.rooms.push(Arc::new(Room {
        head: sample::head(700, "nasty-room", 9),
        name: "Saal; 1, links 🚪\"".to_owned(),
        description: None,
        capacity: None,
        online: false,
        url: None,
    }));
    for (number, start) in (0_i32..).zip(starts) {
        let start: Timestamp = start.parse().unwrap();
        let head = sample::head(800 + number as u128, &format!("nasty-{number}"), number);
        let fold = "x".repeat(60 + usize::try_from(number).unwrap() % 12);
        document.sessions.push(Arc::new(Session {
            number: number + 1,
            starts_at: Some(start),
            ends_at: (number % 3 != 0).then(|| start + jiff::SignedDuration::from_mins(20)),
            room: (number % 2 == 0).then(|| sample::id(700)),
            summary: Some(Markdown(format!("{fold}😀🇫🇷é\u{2028}- a; b, c\\d\r\n- e\u{7}\n\n`BEGIN:VEVENT`"))),
            people: vec![SessionPerson { person, part: SessionPart::Speaker }],
            stream_url: Some("https://example.org/live?a=1;b=2,3 ü".to_owned()),
            ..Session::new(head, SessionKind::Talk, format!("{fold}👩‍👩‍👧‍👦 — końcówka, \"q\"; \\n"))
        }));
    }
    document
}

/// What the calendar says is when the sessions are.
fn agrees(document: &Document, calendar: &Vcalendar) {
    let scheduled: Vec<_> = document.sessions.iter().filter(|session| session.starts_at.is_some()).collect();
    assert_eq!(calendar.events.len(), scheduled.len());
    for session in scheduled {
        let event = calendar.event(session.head.id);
        assert_eq!(Some(event.start), session.starts_at, "{}", session.title);
        if session.ends_at > session.starts_at {
            assert_eq!(event.end, session.ends_at, "{}", session.title);
        }
    }
}

#[test]
fn schedules_keep_every_rule() {
    let oslo = ["2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"];
    // The clock shows 02:30 twice.
    let back = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"];
    let howe = ["2026-04-04T14:40:00Z", "2026-04-04T15:10:00Z", "2026-10-03T15:40:00Z", "2027-12-31T23:00:00Z"];
    let casablanca = ["2026-02-14T23:00:00Z", "2026-02-15T03:30:00Z", "2026-03-22T02:10:00Z"];
    let mut documents = vec![
        demo(),
        nasty("Europe/Oslo", &oslo),
        nasty("Europe/Oslo", &back),
        nasty("Australia/Lord_Howe", &howe),
        nasty("Africa/Casablanca", &casablanca),
        nasty("Asia/Kathmandu", &["1975-06-01T00:00:00Z", "2026-06-01T00:00:00Z"]),
        nasty("UTC", &["2026-06-01T00:00:00Z"]),
        nasty("Europe/Berlin", &[]),
    ];
    if let Some(site) = shared_site("enlsp-2022") {
        let options = crate::import::options("enlsp-2022");
        documents.push(plenary::import::jekyll::read(&site, &options).unwrap().document);
    }
    for document in &documents {
        for parameters in [&[][..], &[("tz", "utc")], &[("attendees", "true")]] {
            agrees(document, &calendar(document, "schedule.ics", parameters));
        }
        let first = render(document, "schedule.ics", &[]).unwrap();
        assert_eq!(first, render(document, "schedule.ics", &[]).unwrap());
        calendar(document, "dates.ics", &[]);
    }
}

#[test]
fn texts_come_through_whole() {
    let document = nasty("Europe/Oslo", &["2026-03-29T00:30:00Z"]);
    let calendar = calendar(&document, "schedule.ics", &[]);
    let event = &calendar.events[0];
    assert_eq!(event.texts["SUMMARY"], document.sessions[0].title);
    assert_eq!(event.texts["LOCATION"], "Saal; 1, links 🚪\"");
    assert!(event.texts["DESCRIPTION"].contains("a; b, c\\d"), "{}", event.texts["DESCRIPTION"]);
    assert_eq!(calendar.properties["X-WR-TIMEZONE"], "Europe/Oslo");
}

#[test]
fn calendars_of_a_track_a_room_a_person_and_by_hand() {
    let mut document = sample::document(1, "sample");
    let (track, room) = (document.tracks[0].head.clone(), document.rooms[0].head.clone());
    let speaker = document.speakers[0].clone();
    for session in &mut document.sessions {
        Arc::make_mut(session).head.publish_at = None;
    }
    let one = Arc::make_mut(&mut document.sessions[0]);
    one.starts_at.get_or_insert(sample::at("2022-12-02T15:00:00Z"));
    (one.track, one.room) = (Some(track.id), Some(room.id));
    one.people = vec![SessionPerson { person: speaker.person, part: SessionPart::Speaker }];
    let (id, slug) = (one.head.id, one.head.slug.clone());
    let person = speaker.person.to_string();
    for (name, value) in [
        ("track", track.slug.as_str()),
        ("room", &room.slug),
        ("person", &person),
        ("person", &speaker.head.slug),
        ("sessions", &id.to_string()),
        ("sessions", &format!(" {slug},01840000-0000-7000-8000-00000000ffff")),
    ] {
        let calendar = calendar(&document, "schedule.ics", &[(name, value)]);
        assert!(calendar.has(id), "{name}={value}");
        assert!(calendar.properties["SOURCE"].contains(&format!("schedule.ics?{name}=")));
    }
    for (name, value) in [("track", "none"), ("room", "none"), ("person", "none"), ("sessions", "none")] {
        let refused = render(&document, "schedule.ics", &[(name, value)]);
        assert!(matches!(refused, Err(Refusal::NotFound(_))), "{name}={value}");
    }
    for (name, value) in [("tz", "Mars"), ("sessions", ","), ("attendees", "maybe")] {
        let refused = render(&document, "schedule.ics", &[(name, value)]);
        assert!(matches!(refused, Err(Refusal::BadParameter { .. })), "{name}={value}");
    }
}

#[test]
fn deadlines_are_the_instants_that_they_are() {
    let mut document = sample::document(1, "sample");
    let day = |text: &str| Date(text.parse().unwrap());
    let zone = document.event.zone();
    let date = |number: u128, moment: Moment| ImportantDate {
        head: sample::head(900 + number, &format!("date-{number}"), 0),
        label: "Submission, extended".to_owned(),
        kind: ImportantDateKind::Submission,
        moment,
        superseded: vec![Moment::end_of_day_anywhere_on_earth(day("2022-09-20"))],
        struck_through: true,
        note: None,
    };
    document.important_dates = vec![
        Arc::new(date(1, Moment::end_of_day_anywhere_on_earth(day("2022-09-25")))),
        Arc::new(date(2, Moment::end_of_day(day("2022-10-20"), &zone))),
        Arc::new(date(3, Moment::at("2022-10-21T17:00:00".parse().unwrap(), &zone, false))),
    ];
    let calendar = calendar(&document, "dates.ics", &[]);
    assert_eq!(calendar.events.len(), 3, "what was superseded is no event");
    let start = |number: u128| calendar.event(sample::id(900 + number)).start.to_string();
    assert_eq!(start(1), "2022-09-26T11:59:59Z", "the last second of the day, UTC-12");
    assert!(calendar.event(sample::id(902)).is_whole_day);
    assert_eq!(start(2), "2022-10-20T00:00:00Z");
    assert_eq!(start(3), "2022-10-21T22:00:00Z");
    let description = &calendar.event(sample::id(901)).texts["DESCRIPTION"];
    assert!(description.contains("Before: 2022-09-20 anywhere on earth"), "{description}");
}

#[test]
fn cancelled_and_tentative_sessions_say_so() {
    let mut document = nasty("Europe/Oslo", &["2026-03-29T00:30:00Z", "2026-03-29T04:30:00Z"]);
    Arc::make_mut(&mut document.sessions[0]).status = SessionStatus::Cancelled;
    Arc::make_mut(&mut document.sessions[1]).status = SessionStatus::Tentative;
    let calendar = calendar(&document, "schedule.ics", &[]);
    assert_eq!(calendar.event(sample::id(800)).status, "CANCELLED");
    assert_eq!(calendar.event(sample::id(801)).status, "TENTATIVE");
}

#[test]
fn the_event_in_the_words_of_schema_org_can_stand_in_a_page() {
    let mut document = nasty("Europe/Oslo", &["2026-03-29T00:30:00Z", "2026-03-29T04:30:00Z"]);
    let moved = Arc::make_mut(&mut document.sessions[0]);
    moved.title = "</script><script>alert(1)</script> & more".to_owned();
    moved.moved_from = Some(sample::at("2026-03-28T00:30:00Z"));
    Arc::make_mut(&mut document.sessions[1]).status = SessionStatus::Cancelled;
    let bytes = render(&document, "event.jsonld", &[]).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains(['<', '&', '\u{2028}']), "{text}");
    let event: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(event["@type"], "Event");
    assert_eq!(event["subEvent"][0]["eventStatus"], "https://schema.org/EventRescheduled");
    assert_eq!(event["subEvent"][0]["previousStartDate"], "2026-03-28T01:30:00+01:00");
    assert_eq!(event["subEvent"][1]["eventStatus"], "https://schema.org/EventCancelled");
    assert_eq!(event["eventAttendanceMode"], "https://schema.org/MixedEventAttendanceMode");
    for key in ["organizer", "sponsor", "performer", "workFeatured", "location", "startDate"] {
        assert!(event.get(key).is_some(), "{key}");
    }
    assert_eq!(event["workFeatured"][0]["@type"], "ScholarlyArticle");
}

#[test]
fn announcements_are_entries_of_a_feed() {
    let mut document = sample::document(1, "sample");
    Arc::make_mut(&mut document.announcements[0]).head = sample::head(950, "news", 0);
    let text = String::from_utf8(render(&document, "feed.xml", &[]).unwrap()).unwrap();
    let id = format!("<id>urn:uuid:{}</id>", document.announcements[0].head.id);
    assert!(text.contains(&id), "{text}");
    assert!(
        text.contains(
            "<link rel=\"self\" type=\"application/atom+xml\" href=\"https://plenary.example/events/sample/feed.xml\"/>"
        ),
        "{text}"
    );
    let mut reader = quick_xml::Reader::from_str(&text);
    loop {
        if matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {
            break;
        }
    }
}
