//! Events that are hard to tell: strange texts, odd times, missing things.

use std::sync::Arc;

use jiff::ToSpan;
use plenary::content::{
    Document, Markdown, Paper, Person, Publication, Room, Session, SessionKind, SessionPart, SessionPerson,
    SessionStatus, Track,
};

use crate::harness::sample::{self, at, head, id};

/// Text that breaks what is not escaped.
const ODD: &str = "<b>\"A & B\"</b> ]]> \u{1}\u{fffe}\u{85} 'é' \u{1f600}\r\n\ttab --";

/// All of them.
pub(super) fn documents() -> Vec<Document> {
    let mut sample = sample::document(1, "sample");
    Arc::make_mut(&mut sample.event).publication = Publication::Live;
    vec![sample, empty(), odd_texts(), odd_times("Europe/Berlin"), odd_times("Pacific/Apia"), odd_times("Etc/GMT+5")]
}

fn empty() -> Document {
    Document::new(sample::event(1_000, "x"))
}

fn talk(number: u128, title: &str, start: &str, minutes: i64) -> Session {
    let start = at(start);
    Session {
        number: i32::try_from(number).unwrap(),
        starts_at: Some(start),
        ends_at: Some(start + minutes.minutes()),
        ..Session::new(head(number, &format!("talk-{number}"), 0), SessionKind::Talk, title)
    }
}

fn odd_texts() -> Document {
    let mut document = Document::new(sample::event(2_000, "odd-texts-2022"));
    let event = Arc::make_mut(&mut document.event);
    event.name = ODD.to_owned();
    event.description = Some(Markdown(ODD.to_owned()));
    event.website = Some("https://example.org/~a b/100%/[x]?q=\"é\"".to_owned());
    event.language = Some("gsw".to_owned());
    for (number, name) in [(2_001, ODD), (2_002, "\u{1}"), (2_003, ODD)] {
        document.people.push(Arc::new(Person::new(id(number), name, sample::now())));
    }
    for (number, name) in [(2_011, ODD), (2_012, ODD), (2_013, "\u{2}")] {
        let head = head(number, &format!("r{}", number % 10), 0);
        document.rooms.push(Arc::new(Room {
            head,
            name: name.to_owned(),
            description: Some(Markdown(ODD.to_owned())),
            capacity: Some(0),
            online: number == 2_012,
            url: None,
        }));
    }
    for (number, slug) in [(2_021, "1"), (2_022, "track")] {
        let head = head(number, slug, 0);
        document.tracks.push(Arc::new(Track { head, name: ODD.to_owned(), description: None, color: None }));
    }
    document.papers.push(Arc::new(Paper {
        pdf_url: Some("/papers/a b.pdf".to_owned()),
        summary: Some(Markdown(ODD.to_owned())),
        ..Paper::new(head(2_031, "p", 0), ODD)
    }));
    document.papers.push(Arc::new(Paper::new(head(2_032, "q", 0), "Nowhere")));
    for number in 0..6 {
        let base = 2_100 + number;
        let people = [2_001, 2_002, 2_003, 2_001, 9_999];
        let mut talk = talk(base, if number == 5 { "\u{1}" } else { ODD }, "2022-12-02T14:00:00Z", 30);
        // Long sums of lists, and the same number twice.
        talk.number = if number < 2 { 5 } else { 0 };
        talk.head.slug = if number == 0 { "a".to_owned() } else { talk.head.slug };
        talk.people = people.map(|person| SessionPerson { person: id(person), part: SessionPart::Speaker }).to_vec();
        talk.room = [Some(2_011), Some(2_012), Some(2_013), None, Some(9_998), None][number as usize].map(id);
        talk.track = [Some(2_021), Some(2_022), None, None, None, None][number as usize].map(id);
        talk.paper = [Some(2_031), Some(2_032), None, None, None, None][number as usize].map(id);
        talk.summary = (number % 2 == 0).then(|| Markdown(ODD.to_owned()));
        talk.stream_url = Some("https://example.org/live?a=1&b=<2>".to_owned());
        talk.status = [SessionStatus::Cancelled, SessionStatus::Tentative][number as usize % 2];
        document.sessions.push(Arc::new(talk));
    }
    document.sort();
    document
}

fn odd_times(zone: &str) -> Document {
    let mut document = Document::new(sample::event(3_000, "odd_times"));
    Arc::make_mut(&mut document.event).time_zone = zone.to_owned();
    let mut number = 3_000;
    for (start, minutes) in [
        ("2022-12-02T14:00:00Z", 0),
        ("2022-12-02T14:00:30Z", 1),
        ("2022-12-02T22:30:00Z", 240),
        ("2022-12-03T00:30:00Z", 60),
        ("2022-12-03T03:30:00Z", 60),
        ("2022-12-03T09:00:00Z", 24 * 60),
        ("2022-12-03T09:00:00Z", 24 * 60 * 12),
        ("2022-10-30T00:30:00Z", 120),
        ("2022-12-30T09:00:00Z", 60 * 1_000),
        ("1899-01-01T00:00:00Z", 60),
    ] {
        number += 1;
        document.sessions.push(Arc::new(talk(number, "Odd", start, minutes)));
    }
    for (start, has_end) in
        [(Some("2022-12-02T15:00:00Z"), false), (Some("2022-12-02T15:10:00Z"), false), (None, false)]
    {
        number += 1;
        let mut open = talk(number, "Open", start.unwrap_or("2022-12-02T15:00:00Z"), 10);
        open.kind = SessionKind::Meal;
        open.ends_at = open.ends_at.filter(|_| has_end);
        open.starts_at = start.map(at);
        document.sessions.push(Arc::new(open));
    }
    document.sort();
    document
}
