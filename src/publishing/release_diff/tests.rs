//! Differences as they are told.

use std::sync::Arc;

use super::*;
use crate::content::{
    Announcement, AnnouncementSeverity, Date, Head, ImportantDate, ImportantDateKind, Paper, Participation, Person,
    Role, Room, SessionKind,
};

fn id(number: u32) -> Id {
    Id(uuid::Uuid::from_u128(number.into()))
}

fn head(number: u32) -> Head {
    Head::new(id(number), format!("item-{number}"), 0, Timestamp::UNIX_EPOCH)
}

fn document() -> Document {
    let event = serde_json::json!({
        "id": id(1_000_000), "slug": "event", "name": "Workshop", "startsOn": "2022-12-02", "endsOn": "2022-12-02",
        "timeZone": "America/Chicago", "attendanceMode": "HYBRID", "publication": "LIVE",
        "createdAt": Timestamp::UNIX_EPOCH, "updatedAt": Timestamp::UNIX_EPOCH,
    });
    Document::new(serde_json::from_value(event).unwrap())
}

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

fn speaker(number: u32, person: u32) -> Arc<Participation> {
    Arc::new(Participation {
        head: head(number),
        role: Role::Speaker,
        person: id(person),
        honorific: None,
        affiliation: None,
        photo: None,
        bio: None,
        group: None,
    })
}

fn filled() -> Document {
    let mut document = document();
    let room =
        Room { head: head(1), name: "Hall".to_owned(), description: None, capacity: None, online: false, url: None };
    document.rooms = vec![Arc::new(room)];
    document.people = vec![Arc::new(Person::new(id(2), "Ada", Timestamp::UNIX_EPOCH))];
    document.speakers = vec![speaker(3, 2)];
    document.sessions = vec![Arc::new(Session {
        starts_at: at("2022-12-02T15:00:00Z"),
        ends_at: at("2022-12-02T16:00:00Z"),
        room: Some(id(1)),
        ..Session::new(head(4), SessionKind::Keynote, "Keynote")
    })];
    document.papers = vec![Arc::new(Paper::new(head(5), "Paper"))];
    document.important_dates = vec![Arc::new(ImportantDate {
        head: head(6),
        label: "Submission".to_owned(),
        kind: ImportantDateKind::Submission,
        moment: Moment::end_of_day_anywhere_on_earth(Date(jiff::civil::date(2022, 9, 1))),
        superseded: Vec::new(),
        struck_through: false,
        note: None,
    })];
    document
}

fn told(before: &Document, after: &Document) -> Vec<String> {
    let zone = after.event.zone();
    release_diff(before, after).iter().map(|change| change.in_words(&zone)).collect()
}

#[test]
fn what_is_the_same_is_not_told() {
    let before = filled();
    let mut after = before.clone();
    for session in &mut after.sessions {
        let head = &mut Arc::make_mut(session).head;
        (head.revision, head.published, head.publish_at) = (9, true, at("2000-01-01T00:00:00Z"));
        head.updated_at = Timestamp::MAX;
    }
    Arc::make_mut(&mut after.event).publication = crate::content::Publication::Released;
    assert_eq!(told(&before, &after), [""; 0]);
}

#[test]
fn a_session_moves_is_renamed_and_cancelled() {
    let before = filled();
    let mut after = before.clone();
    let session = Arc::make_mut(&mut after.sessions[0]);
    (session.starts_at, session.room) = (at("2022-12-02T15:30:00Z"), None);
    session.title = "Opening".to_owned();
    session.status = SessionStatus::Cancelled;
    session.language = Some("fr".to_owned());
    assert_eq!(
        told(&before, &after),
        [
            "session “Opening” moved from 2022-12-02 09:00 – 2022-12-02 10:00, Hall to 2022-12-02 09:30 – 2022-12-02 10:00",
            "session “Opening” cancelled",
            "session “Opening” was called “Keynote”",
            "session “Opening” changed: language",
        ]
    );
    assert_eq!(told(&after, &before)[2], "session “Keynote” changed: language, status");
}

#[test]
fn people_come_and_go_with_what_they_do() {
    let before = filled();
    let mut after = before.clone();
    after.people = vec![Arc::new(Person::new(id(20), "Grace", Timestamp::UNIX_EPOCH))];
    after.speakers = vec![speaker(30, 20)];
    assert_eq!(told(&before, &after), ["speaker “Grace” added", "speaker “Ada” removed"]);
    let mut renamed = before.clone();
    Arc::make_mut(&mut renamed.people[0]).name = "Ada L.".to_owned();
    assert_eq!(told(&before, &renamed), ["person “Ada L.” was called “Ada”"]);
}

#[test]
fn dates_papers_news_and_the_event_itself_are_told() {
    let before = filled();
    let mut after = before.clone();
    Arc::make_mut(&mut after.event).city = Some("Vienna".to_owned());
    after.papers.clear();
    let date = Arc::make_mut(&mut after.important_dates[0]);
    date.superseded = vec![date.moment.clone()];
    date.moment = Moment::end_of_day_anywhere_on_earth(Date(jiff::civil::date(2022, 9, 8)));
    after.announcements = vec![Arc::new(Announcement {
        head: head(7),
        title: "News".to_owned(),
        severity: AnnouncementSeverity::Info,
        body: None,
        links: Vec::new(),
        shows_from: None,
        shows_until: None,
    })];
    assert_eq!(
        told(&before, &after),
        [
            "event “Workshop” changed: city",
            "important date “Submission” moved from 2022-09-02 06:59 to 2022-09-09 06:59",
            "announcement “News” added",
            "paper “Paper” removed",
        ]
    );
    let first = told(&nothing_of(&before), &before);
    assert_eq!(first.len(), 5, "{first:?}");
}
