//! Round trips through two databases by the command line: what one server exports, another imports into an empty database
//! and exports again, to the byte.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use futures_util::future::join_all;
use plenary::cli::DEMO_DOCUMENT;
use plenary::content::{
    Document, Markdown, Paper, Person, Publication, Room, Session, SessionKind, SessionPart, SessionPerson,
    SessionStatus, Track, WebLink,
};
use serde_json::Value;

use crate::harness::database::shared_server;
use crate::harness::plenary;
use crate::harness::sample::{self, at, head, id};

/// What is imported, with its format, and what then has to be as it was. A list of sessions does not tell of speakers.
const ROUNDS: [(&str, &str, &[&str]); 6] = [
    ("schedule.xml", "frab", &["schedule.xml"]),
    ("schedule.json", "c3voc", &["schedule.json", "schedule.xml"]),
    ("schedule2.json", "c3voc", &["schedule2.json"]),
    (
        "sessionize/view/All",
        "sessionize",
        &[
            "sessionize/view/All",
            "sessionize/view/Sessions",
            "sessionize/view/Speakers",
            "sessionize/view/SpeakerWall",
            "sessionize/view/GridSmart",
        ],
    ),
    ("sessionize/view/Sessions", "sessionize", &["sessionize/view/Sessions"]),
    ("sessionize/view/GridSmart", "sessionize", &["sessionize/view/GridSmart", "sessionize/view/Sessions"]),
];

/// What a schedule may have of everything.
fn rich() -> Document {
    use SessionKind::{Award, Break, Closing, Keynote, Meal, Opening, Other, Panel, Poster, Social, Spotlight, Talk};
    let mut document = sample::document(1, "rich");
    let event = Arc::make_mut(&mut document.event);
    event.publication = Publication::Live;
    event.time_zone = "Europe/Berlin".to_owned();
    event.language = Some("de".to_owned());
    event.name = "R&D <b>für</b> Zoe\u{308} — 語 🎓".to_owned();
    event.starts_on = plenary::content::Date(jiff::civil::date(2022, 12, 1));
    event.ends_on = plenary::content::Date(jiff::civil::date(2022, 12, 5));
    let room = |number: u128, slug: &str, name: &str, online| {
        Arc::new(Room {
            head: head(number, slug, i32::try_from(number % 100).unwrap()),
            name: name.to_owned(),
            description: Some(Markdown("Up\nthe *stairs*.".to_owned())),
            capacity: Some(20),
            online,
            url: None,
        })
    };
    document.rooms.extend([
        room(1_010, "1", "Zoe\u{308} <1>", false),
        room(1_011, "aula", "Aula & Foyer", false),
        room(1_012, "net", "On the network", true),
    ]);
    for (number, slug, name) in
        [(1_020, "7", "Seven"), (1_021, "late", "Späte \"Sachen\""), (1_022, "unused", "Unused")]
    {
        let head = head(number, slug, i32::try_from(number % 100).unwrap());
        document.tracks.push(Arc::new(Track { head, name: name.to_owned(), description: None, color: None }));
    }
    let person = |number: u128, name: &str| Person {
        affiliation: Some("Ein <Institut>".to_owned()),
        links: vec![WebLink { label: "LinkedIn".to_owned(), url: "https://www.linkedin.com/in/y".to_owned() }],
        ..Person::new(id(number), name, sample::now())
    };
    document.people.push(Arc::new(Person {
        homepage: Some("https://example.org/me".to_owned()),
        ..person(1_030, "Noe\u{308}l <i>")
    }));
    document.people.push(Arc::new(person(1_031, "Namesake One")));
    document.people.push(Arc::new(person(1_032, "Namesake One")));
    document.people.push(Arc::new(person(1_033, "李 小龍")));
    let mut paper = |number: u128, change: &dyn Fn(&mut Paper)| {
        let mut paper = Paper::new(head(number, &format!("paper-{number}"), 0), format!("Paper <{number}> & more"));
        change(&mut paper);
        document.papers.push(Arc::new(paper));
        id(number)
    };
    let papers = [
        paper(1_040, &|paper| paper.pdf_url = Some("https://github.com/x/y/raw/main/paper.pdf".to_owned())),
        paper(1_041, &|paper| paper.doi = Some("10.1000/183".to_owned())),
        paper(1_042, &|_| {}),
        paper(1_043, &|paper| {
            paper.openreview_url = Some("https://openreview.net/forum?id=zz".to_owned());
            paper.code_url = Some("https://github.com/x/z".to_owned());
        }),
    ];
    let mut add = |number: u128, slug: &str, kind, start: &str, minutes: i64, change: &dyn Fn(&mut Session)| {
        let start = at(start);
        let mut session = Session {
            starts_at: Some(start),
            ends_at: Some(start + jiff::ToSpan::minutes(minutes)),
            ..Session::new(
                head(number, slug, i32::try_from(number % 100).unwrap()),
                kind,
                format!("Session «{slug}» & <b>"),
            )
        };
        change(&mut session);
        document.sessions.push(Arc::new(session));
    };
    let who = |person: u128, part| SessionPerson { person: id(person), part };
    let (speaker, chair, panelist) = (SessionPart::Speaker, SessionPart::Chair, SessionPart::Panelist);
    add(1_100, "opening", Opening, "2022-12-01T08:00:00Z", 30, &|session| session.room = Some(id(1_011)));
    add(1_101, "key", Keynote, "2022-12-01T08:30:00Z", 60, &|session| {
        session.room = Some(id(1_011));
        session.people = vec![who(1_031, chair), who(1_030, speaker)];
        session.summary = Some(Markdown("First line\nsecond line\n\n- a\n- b & <c>".to_owned()));
        session.stream_url = Some("https://example.org/live?a=1&b=2".to_owned());
    });
    add(1_102, "lunch", Talk, "2022-12-01T12:00:00Z", 45, &|session| {
        session.title = "Not the lunch".to_owned();
        session.do_not_record = true;
        session.room = Some(id(1_010));
        session.track = Some(id(1_020));
        session.paper = Some(papers[0]);
        session.people = vec![who(1_032, speaker), who(1_031, speaker)];
        session.language = Some("en".to_owned());
    });
    add(1_103, "meal", Meal, "2022-12-01T11:00:00Z", 60, &|session| session.title = "Lunch".to_owned());
    add(1_104, "qa", Talk, "2022-12-01T13:00:00Z", 15, &|session| {
        session.room = Some(id(1_012));
        session.status = SessionStatus::Cancelled;
        session.paper = Some(papers[1]);
        session.recording_url = Some("https://example.org/qa.mp4".to_owned());
    });
    add(1_105, "coffee", Break, "2022-12-01T10:00:00Z", 15, &|session| session.status = SessionStatus::Cancelled);
    add(1_106, "panel-2", Panel, "2022-12-02T10:00:00Z", 90, &|session| {
        session.room = Some(id(1_010));
        session.people = vec![who(1_030, speaker), who(1_033, panelist), who(1_031, chair)];
    });
    add(1_107, "posters", Poster, "2022-12-02T12:00:00Z", 120, &|session| session.track = Some(id(1_021)));
    add(1_108, "poster-a", Poster, "2022-12-02T12:00:00Z", 60, &|session| {
        session.parent = Some(id(1_107));
        session.paper = Some(papers[2]);
        session.status = SessionStatus::Tentative;
    });
    add(1_109, "poster-b", Spotlight, "2022-12-02T13:00:00Z", 60, &|session| {
        session.parent = Some(id(1_107));
        session.paper = Some(papers[3]);
        session.room = Some(id(1_010));
        session.slides_url = Some("/slides/b.pdf".to_owned());
    });
    add(1_110, "party", Social, "2022-12-02T21:30:00Z", 240, &|session| session.room = Some(id(1_011)));
    add(1_111, "night", Other, "2022-12-03T01:15:00Z", 30, &|session| session.room = Some(id(1_010)));
    add(1_112, "hack", Other, "2022-12-03T09:00:00Z", 26 * 60, &|session| session.room = Some(id(1_012)));
    add(1_113, "prizes", Award, "2022-12-04T09:00:00Z", 0, &|session| session.room = Some(id(1_011)));
    add(1_114, "end", Closing, "2022-12-04T10:00:00Z", 20, &|session| session.ends_at = None);
    add(1_115, "untold", Talk, "2022-12-04T10:00:00Z", 20, &|session| {
        (session.starts_at, session.ends_at) = (None, None);
    });
    document.sort();
    document
}

/// Every feed that another server exports of an event.
async fn exported(url: &str, event: &str, folder: &Path) -> HashMap<String, String> {
    let target = folder.display().to_string();
    run(url, &["export", "all", event, "--output", &target]).await;
    let root = folder.join("events").join(event);
    let paths = ROUNDS.iter().flat_map(|(_, _, compared)| compared.iter());
    paths.map(|path| ((*path).to_owned(), std::fs::read_to_string(root.join(path)).unwrap())).collect()
}

async fn run(url: &str, arguments: &[&str]) {
    let output = plenary(url, arguments).await;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Sessionize's rooms and tracks have numbers that its views can't bring back: each becomes the place of its first mention.
fn without_numbers(text: &str) -> String {
    fn renumber(value: &mut Value, seen: &mut Vec<i64>) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| renumber(item, seen)),
            Value::Object(members) => {
                let is_room = members.contains_key("hasOnlyPlenumSessions") || members.contains_key("session");
                let is_item = members.keys().all(|key| ["id", "name", "sort"].contains(&key.as_str()));
                for (key, value) in members {
                    match (key.as_str(), value) {
                        ("roomId", value) => place(value, seen),
                        ("id", value) if is_room || is_item => place(value, seen),
                        ("categoryItems", Value::Array(items)) if items.iter().all(Value::is_i64) => {
                            items.iter_mut().for_each(|item| place(item, seen));
                        }
                        (_, value) => renumber(value, seen),
                    }
                }
            }
            _ => {}
        }
    }
    fn place(value: &mut Value, seen: &mut Vec<i64>) {
        // Sessions and formats have small numbers, which stay.
        let Some(number) = value.as_i64().filter(|number| *number > 100_000) else { return };
        let at = seen.iter().position(|known| *known == number).unwrap_or_else(|| {
            seen.push(number);
            seen.len() - 1
        });
        *value = Value::from(format!("place {at}"));
    }
    let mut value: Value = serde_json::from_str(text).unwrap();
    renumber(&mut value, &mut Vec::new());
    value.to_string()
}

/// Imports each format into an empty database, and compares what that exports.
async fn there_and_back(document: &Document, empty: impl AsyncFn() -> String) {
    let folder = tempfile::tempdir().unwrap();
    let (event, zone) = (&document.event.slug, &document.event.time_zone);
    let file = folder.path().join("document.json");
    std::fs::write(&file, document.to_json()).unwrap();
    let url = empty().await;
    run(&url, &["import", "document", &file.display().to_string()]).await;
    let first = exported(&url, event, &folder.path().join("first")).await;
    let rounds = ROUNDS.iter().map(async |(path, format, compared)| {
        let (url, target) = (empty().await, folder.path().join(path.replace('/', "-")));
        let input = folder.path().join(format!("input-{}", path.replace('/', "-")));
        std::fs::write(&input, &first[*path]).unwrap();
        let input = input.display().to_string();
        let mut arguments = vec!["import", *format, input.as_str(), "--event", event.as_str()];
        if *format == "sessionize" {
            // Its views name no zone.
            arguments.extend(["--time-zone", zone.as_str()]);
        }
        run(&url, &arguments).await;
        let again = exported(&url, event, &target).await;
        for path in *compared {
            let [one, other] = [&first, &again].map(|files| {
                if path.starts_with("sessionize") { without_numbers(&files[*path]) } else { files[*path].clone() }
            });
            if one != other {
                let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
                let around = |text: &str| {
                    String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(300)..text.len().min(at + 300)])
                        .into_owned()
                };
                panic!("{event}: {path} comes back otherwise by {format}:\n{}\n\n{}", around(&one), around(&other));
            }
        }
    });
    join_all(rounds).await;
}

async fn on_both(document: &Document) {
    let folder = tempfile::tempdir().unwrap();
    let count = std::sync::atomic::AtomicU32::new(0);
    let file = async || {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        format!("sqlite://{}?mode=rwc", folder.path().join(format!("{number}.db")).display())
    };
    there_and_back(document, file).await;
    there_and_back(document, async || shared_server().database().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_comes_back_the_same() {
    on_both(&serde_json::from_str(DEMO_DOCUMENT).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_a_schedule_may_have_comes_back_the_same() {
    on_both(&rich()).await;
}
