//! What is found, and what is not.

use std::sync::Arc;

use jiff::ToSpan;

use super::*;
use crate::content::{Head, Paper, Participation, Person, Room, SessionKind, SessionPart, SessionPerson};

fn id(number: u32) -> Id {
    Id(uuid::Uuid::from_u128(number.into()))
}

fn head(number: u32) -> Head {
    Head::new(id(number), format!("item-{number}"), 0, Timestamp::UNIX_EPOCH)
}

fn document(zone: &str, first: &str, last: &str) -> Document {
    let event = serde_json::json!({
        "id": id(1_000_000), "slug": "event", "name": "Workshop", "startsOn": first, "endsOn": last, "timeZone": zone,
        "attendanceMode": "HYBRID", "publication": "LIVE", "createdAt": Timestamp::UNIX_EPOCH,
        "updatedAt": Timestamp::UNIX_EPOCH,
    });
    Document::new(serde_json::from_value(event).unwrap())
}

fn session(number: u32, title: &str, start: &str, end: &str) -> Session {
    let at = |text: &str| Some(text.parse().unwrap());
    Session { starts_at: at(start), ends_at: at(end), ..Session::new(head(number), SessionKind::Talk, title) }
}

fn day() -> Document {
    document("UTC", "2022-12-02", "2022-12-02")
}

fn talk(number: u32, start: &str, end: &str) -> Session {
    session(number, &format!("Talk {number}"), &format!("2022-12-02T{start}Z"), &format!("2022-12-02T{end}Z"))
}

fn room(number: u32) -> Arc<Room> {
    let name = format!("Room {number}");
    Arc::new(Room { head: head(number), name, description: None, capacity: None, online: false, url: None })
}

fn person(document: &mut Document, number: u32) -> SessionPerson {
    document.people.push(Arc::new(Person::new(id(number), format!("Person {number}"), Timestamp::UNIX_EPOCH)));
    SessionPerson { person: id(number), part: SessionPart::Speaker }
}

fn speaker(number: u32, person: u32) -> Participation {
    Participation {
        head: head(number),
        role: Role::Speaker,
        person: id(person),
        honorific: None,
        affiliation: None,
        photo: None,
        bio: None,
        group: None,
    }
}

/// A time before everything that is embargoed here.
const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn codes(document: &Document) -> Vec<(&'static str, Vec<u32>)> {
    codes_at(document, NOW)
}

fn codes_at(document: &Document, now: Timestamp) -> Vec<(&'static str, Vec<u32>)> {
    let number = |id: &Id| u32::try_from(id.0.as_u128()).unwrap();
    findings(document, now).iter().map(|found| (found.code, found.records.iter().map(number).collect())).collect()
}

#[test]
fn a_room_and_a_person_are_in_one_place_at_a_time() {
    let mut document = day();
    document.rooms = vec![room(50), room(51)];
    let busy = person(&mut document, 60);
    let sessions =
        [(1, "09:00", "10:00", 50), (2, "09:30", "10:30", 50), (3, "09:45", "11:00", 51), (4, "11:00", "12:00", 51)];
    for (number, start, end, room) in sessions {
        let mut session = talk(number, start, end);
        session.room = Some(id(room));
        session.people = if number == 2 { vec![] } else { vec![busy.clone(), busy.clone()] };
        document.sessions.push(Arc::new(session));
    }
    assert_eq!(codes(&document), [("room-twice", vec![2, 1]), ("person-twice", vec![3, 1, 60])]);
    Arc::make_mut(&mut document.sessions[0]).status = SessionStatus::Cancelled;
    assert_eq!(codes(&document), []);
}

#[test]
fn a_part_and_its_whole_are_no_clash() {
    let mut document = day();
    document.rooms = vec![room(50)];
    let chair = person(&mut document, 60);
    let mut whole = talk(1, "09:00", "12:00");
    let mut part = talk(2, "09:00", "09:30");
    let mut late = talk(3, "11:30", "12:30");
    for session in [&mut whole, &mut part, &mut late] {
        session.room = Some(id(50));
        session.people = vec![chair.clone()];
    }
    (part.parent, late.parent) = (Some(id(1)), Some(id(1)));
    document.sessions = vec![Arc::new(whole), Arc::new(part), Arc::new(late)];
    assert_eq!(codes(&document), [("part-outside-session", vec![3, 1])]);
}

#[test]
fn sessions_that_nothing_tells_apart_overlap() {
    let mut document = day();
    document.sessions = vec![Arc::new(talk(1, "09:00", "10:00")), Arc::new(talk(2, "09:59", "10:30"))];
    assert_eq!(codes(&document), [("session-overlap", vec![2, 1])]);
    assert!(findings(&document, NOW)[0].message.contains("“Talk 2” (09:59–10:30) overlaps “Talk 1”"));
}

#[test]
fn sessions_belong_to_the_days_of_the_event() {
    let mut document = document("America/Chicago", "2022-12-02", "2022-12-02");
    let times = [
        // 23:00 on the day before, 23:30 to 2:00 on the evening of the day, and two days later.
        (1, "2022-12-02T05:00Z", "2022-12-02T05:30Z"),
        (2, "2022-12-03T05:30Z", "2022-12-03T08:00Z"),
        (3, "2022-12-04T15:00Z", "2022-12-04T16:00Z"),
    ];
    document.sessions =
        times.iter().map(|(number, start, end)| Arc::new(session(*number, "Talk", start, end))).collect();
    assert_eq!(codes(&document), [("session-outside-days", vec![1]), ("session-outside-days", vec![3])]);
}

#[test]
fn speakers_have_sessions_once_there_are_any() {
    let mut document = day();
    person(&mut document, 60);
    document.speakers = vec![Arc::new(speaker(70, 60))];
    assert_eq!(codes(&document), []);
    document.sessions = vec![Arc::new(talk(1, "09:00", "10:00"))];
    assert_eq!(codes(&document), [("speaker-without-session", vec![70, 60])]);
}

#[test]
fn what_is_public_does_not_lead_to_what_is_hidden() {
    let mut document = day();
    let later = "2022-11-01T00:00:00Z".parse::<Timestamp>().unwrap();
    let named = person(&mut document, 60);
    let mut hidden = Paper::new(head(80), "Paper");
    hidden.head.published = false;
    document.papers = vec![Arc::new(hidden)];
    document.rooms = vec![room(50)];
    Arc::make_mut(&mut document.rooms[0]).head.publish_at = Some(later);
    let mut embargoed = speaker(70, 60);
    embargoed.head.publish_at = Some(later);
    document.speakers = vec![Arc::new(embargoed)];
    let mut talk = talk(1, "09:00", "10:00");
    (talk.paper, talk.room, talk.people) = (Some(id(80)), Some(id(50)), vec![named]);
    document.sessions = vec![Arc::new(talk)];
    let expected =
        [("hidden-reference", vec![1, 50]), ("hidden-reference", vec![1, 80]), ("named-early", vec![70, 1, 60])];
    assert_eq!(codes(&document), expected);
    assert_eq!(codes_at(&document, later), [("hidden-reference", vec![1, 80])], "an embargo that has ended is none");
    Arc::make_mut(&mut document.sessions[0]).head.publish_at = Some(later + 1.hour());
    assert_eq!(codes(&document), [("hidden-reference", vec![1, 80])]);
    Arc::make_mut(&mut document.sessions[0]).head.published = false;
    assert_eq!(codes(&document), []);
}

#[test]
fn broken_rules_come_first_and_not_everything_is_told() {
    let mut document = day();
    document.sessions = (1..100).map(|number| Arc::new(talk(number, "09:00", "10:00"))).collect();
    Arc::make_mut(&mut document.sessions[7]).title = String::new();
    let found = findings(&document, NOW);
    assert_eq!(found.len(), MAX_FINDINGS);
    assert_eq!(
        (found[0].severity, found[0].code, found[0].records.as_slice()),
        (Severity::Error, "blank", &[id(8)][..])
    );
}
