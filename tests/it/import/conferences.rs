//! What the schedules of large conferences have that small examples don't: in their shapes, with content of our own.

use std::fmt::Write as _;

use plenary::content::{Document, Markdown, SessionKind};
use plenary::import::{Diagnostics, Imported, Options, c3voc, frab, input::Input, sched, sessionize};
use serde_json::{Value, json};

use super::{options, problems};

type Read = fn(&Input, &Options, Diagnostics) -> Result<Imported, plenary::error::Error>;

fn read(reader: Read, text: &str) -> Imported {
    let imported =
        reader(&Input::of("x", text), &options("tides-2031"), Diagnostics::default()).expect("it can be read");
    assert_eq!(problems(&imported.document), Vec::<String>::new());
    imported
}

/// A schedule in XML of one day in one room.
fn one_room(before_the_day: &str, events: &str) -> Imported {
    let conference = "<conference><title>X</title><time_zone_name>Europe/Berlin</time_zone_name></conference>";
    let day = format!("<day index='1' date='2031-08-01'><room name='A'>{events}</room></day>");
    read(frab::read_input, &format!("<schedule>{before_the_day}{conference}{day}</schedule>"))
}

fn event(number: usize, title: &str, inner: &str) -> String {
    let start = format!("<start>{:02}:{:02}</start>", 7 + number / 12, number % 12 * 5);
    format!("<event id='{number}'><title>{title}</title>{start}<duration>00:05</duration>{inner}</event>")
}

fn json_of(days: &Value, more: Value) -> Imported {
    let mut conference = json!({ "title": "X", "acronym": "x", "time_zone_name": "Europe/Berlin", "days": days });
    if let (Some(conference), Value::Object(more)) = (conference.as_object_mut(), more) {
        conference.extend(more);
    }
    read(c3voc::read_input, &json!({ "schedule": { "version": "1", "conference": conference } }).to_string())
}

/// The findings with a code, as sentences.
fn told(imported: &Imported, code: &str) -> Vec<String> {
    imported.diagnostics.iter().filter(|finding| finding.code == code).map(|finding| finding.message.clone()).collect()
}

fn text(document: &Document, title: &str) -> String {
    let session = document.sessions.iter().find(|session| session.title == title);
    session.expect("the title is whole").summary.as_ref().map(Markdown::to_text).unwrap_or_default()
}

#[test]
fn tags_that_texts_are_about_are_text() {
    let imported = one_room(
        "",
        &[
            event(
                1,
                "The &lt;video&gt; element and you",
                "<abstract>Why &lt;script&gt; blocks &amp; &lt;style&gt; too</abstract>",
            ),
            event(
                2,
                "&lt;script&gt;alert(1)&lt;/script&gt; considered",
                "<abstract>Use `&lt;b&gt;x&lt;/b&gt;` here</abstract>",
            ),
            event(
                3,
                "An &lt;i&gt;old&lt;/i&gt; habit",
                "<abstract>&lt;p&gt;One &lt;b&gt;two&lt;/b&gt;&lt;/p&gt;</abstract>",
            ),
        ]
        .concat(),
    );
    let document = &imported.document;
    assert_eq!(text(document, "The <video> element and you"), "Why <script> blocks & <style> too");
    assert_eq!(text(document, "<script>alert(1)</script> considered"), "Use <b>x</b> here");
    assert_eq!(text(document, "An old habit"), "One two");
}

#[test]
fn durations_with_seconds_are_told_by_each_other() {
    let event = |number: usize, length: &str| {
        format!(
            "<event id='{number}'><title>T</title><start>{:02}:00</start><duration>{length}</duration></event>",
            8 + number
        )
    };
    let lengths = |imported: Imported| -> Vec<i64> {
        let sessions = imported.document.sessions.iter();
        sessions.map(|one| one.ends_at.unwrap().duration_since(one.starts_at.unwrap()).as_mins()).collect()
    };
    assert_eq!(lengths(one_room("", &[event(1, "0:45:00"), event(2, "1:00:00")].concat())), [45, 60]);
    assert_eq!(lengths(one_room("", &event(1, "1:00:00"))), [24 * 60]);
}

#[test]
fn a_download_beside_the_page_of_a_recording_is_kept() {
    let recording = "<video_download_url>https://x.example/v.mp4</video_download_url>\
                     <recording><url>https://x.example/watch</url></recording>";
    let document = one_room("", &event(1, "T", recording)).document;
    assert_eq!(document.sessions[0].recording_url.as_deref(), Some("https://x.example/watch"));
    assert!(text(&document, "T").contains("Video"));
    assert!(document.sessions[0].summary.as_ref().is_some_and(|text| text.0.contains("https://x.example/v.mp4")));
}

#[test]
fn tracks_beside_the_conference_are_read() {
    let tracks = "<tracks><track slug='rust-room'>Rust</track><track slug='empty'>Nobody yet</track></tracks>";
    let imported = one_room(tracks, &event(1, "T", "<track slug='rust-room'>Rust</track>"));
    let tracks: Vec<_> = imported.document.tracks.iter().map(|track| (&*track.name, &*track.head.slug)).collect();
    assert_eq!(tracks, [("Rust", "rust-room"), ("Nobody yet", "empty")]);
    assert_eq!(told(&imported, "unknown-element"), Vec::<String>::new());
}

#[test]
fn wafers_word_for_no_track_is_none() {
    let generator = "<generator name='wafer' version='1'/>";
    let imported = one_room(generator, &event(1, "T", "<track>No Track</track>"));
    assert!(imported.document.tracks.is_empty());
    assert_eq!(one_room("", &event(1, "T", "<track>No Track</track>")).document.tracks.len(), 1);
}

#[test]
fn rooms_stand_as_the_days_of_json_list_them() {
    // `serde_json` sorts keys; the text does not.
    let event = |id: usize, room: &str| {
        format!(
            "\"{room}\":[{{\"id\":{id},\"title\":\"T{id}\",\"date\":\"2031-08-01T1{id}:00:00+02:00\",\"duration\":\"0:30\"}}]"
        )
    };
    let day = |rooms: &[String]| format!("{{\"date\":\"2031-08-01\",\"rooms\":{{{}}}}}", rooms.join(","));
    let days = [
        day(&[event(1, "Saal 2"), event(2, "Foyer")]),
        day(&[event(3, "Saal 2"), event(4, "Saal 10"), event(5, "Foyer")]),
    ];
    let schedule = format!("{{\"schedule\":{{\"conference\":{{\"title\":\"X\",\"days\":[{}]}}}}}}", days.join(","));
    let document = read(c3voc::read_input, &schedule).document;
    let rooms: Vec<_> = document.rooms.iter().map(|room| &*room.name).collect();
    assert_eq!(rooms, ["Saal 2", "Saal 10", "Foyer"]);
}

#[test]
fn people_whom_version_2_tells_once_are_read() {
    let guid = "77777777-1111-4222-8333-444444444402";
    let avatar = json!({ "type": "Image", "url": "https://x.example/a.png" });
    let imported = read(
        c3voc::read_input,
        &json!({ "schedule": {
            "conference": { "title": "X", "time_zone_name": "Europe/Berlin" },
            "events": [{
                "title": "T", "start": "2031-08-01T10:00:00+02:00", "end": "2031-08-01T10:30:00+02:00",
                "participants": [{ "guid": guid, "name": "Ada Falk", "role": "speaker" }],
                "feedback": { "url": "https://x.example/f" },
            }],
            "persons": [{ "guid": guid, "name": "Ada Falk", "biography": "Swims.", "avatar": avatar }],
        } })
        .to_string(),
    );
    let [speaker] = imported.document.speakers.as_slice() else { panic!("one speaker") };
    assert_eq!(speaker.bio.as_ref().map(Markdown::to_text).as_deref(), Some("Swims."));
    assert_eq!(speaker.photo.as_ref().map(|photo| &*photo.url), Some("https://x.example/a.png"));
    assert_eq!(told(&imported, "unknown-key"), Vec::<String>::new());
    // And told again.
    let exported = super::round_trip::exported(&imported.document, "schedule2.json");
    let again = read(c3voc::read_input, &exported).document;
    assert_eq!((&again.speakers[0].bio, &again.speakers[0].photo), (&speaker.bio, &speaker.photo));
}

#[test]
fn hundreds_of_findings_of_a_kind_are_counted() {
    let mut events = String::new();
    for number in 1..=30 {
        write!(events, "<event id='{number}'><title>T{number}</title><type>Soirée</type><start>10:00</start>").unwrap();
        events.push_str("<duration>1:00</duration></event>");
    }
    let imported = one_room("", &events);
    assert_eq!(told(&imported, "room-twice").len(), 20);
    let [more] = &*told(&imported, "more") else { panic!("one sentence for the others") };
    assert!(more.starts_with("415 more") && more.contains("plenary check tides-2031"), "{more}");
    // However different the sessions are, a word that is not known is told once.
    let speaker = "<type>Soirée</type><persons><person id='1'>Ada Falk</person></persons>";
    let imported = one_room("", &[event(1, "A", "<type>Soirée</type>"), event(2, "B", speaker)].concat());
    assert_eq!(told(&imported, "unknown-kind").len(), 1);
}

#[test]
fn what_does_not_fit_is_told() {
    let long = "ä".repeat(600);
    let imported = one_room("", &event(1, &long, &format!("<subtitle>{long}</subtitle>")));
    assert_eq!(told(&imported, "too-long").len(), 1, "the title is cut, and the subtitle is whole");
    assert_eq!(imported.document.sessions[0].summary, Some(Markdown(long)));
    let imported = one_room("", &event(1, "T", &format!("<abstract>{}</abstract>", "a b ".repeat(30_000))));
    assert_eq!(told(&imported, "too-long").len(), 1);
}

#[test]
fn texts_in_several_languages_are_told() {
    let day = json!([{ "date": "2031-08-01", "rooms": { "A": [{
        "id": 1, "title": { "en": "Sea", "de": "Meer" }, "language": "German", "type": { "en": "Talk" },
        "date": "2031-08-01T10:00:00+02:00", "duration": "0:30",
    }] } }]);
    let imported = json_of(&day, json!({}));
    assert_eq!(imported.document.sessions[0].title, "Sea");
    assert_eq!(told(&imported, "languages"), ["“title” of an event is told in several languages, and is kept in one"]);
    assert_eq!(imported.document.event.language.as_deref(), Some("de"));
}

#[test]
fn midnight_after_the_last_day_ends_the_event_on_that_day() {
    let day = json!([{ "date": "2031-08-01", "rooms": { "A": [{
        "id": 1, "title": "T", "date": "2031-08-01T10:00:00+02:00", "duration": "0:30",
    }] } }]);
    let ends = |end: &str| json_of(&day, json!({ "end": end })).document.event.ends_on.to_string();
    assert_eq!(ends("2031-08-02T00:00:00+02:00"), "2031-08-01");
    assert_eq!(ends("2031-08-02"), "2031-08-02");
    assert_eq!(ends("2031-08-02T10:00:00+02:00"), "2031-08-02");
}

#[test]
fn proposals_that_are_not_in_the_programme_are_held_back() {
    let session = |id: &str, status: &str| json!({ "id": id, "title": id, "startsAt": "2031-08-01T10:00:00", "endsAt": "2031-08-01T11:00:00", "status": status });
    let sessions: Vec<Value> = ["Accepted", "Declined", "Waitlisted", "Accept_Queue"]
        .iter()
        .enumerate()
        .map(|(at, word)| session(&at.to_string(), word))
        .collect();
    let view = json!({ "sessions": sessions, "speakers": [], "questions": [], "categories": [], "rooms": [] });
    let imported = read(sessionize::read_input, &view.to_string());
    let mut shown: Vec<_> = imported.document.sessions.iter().map(|one| (&*one.title, one.head.published)).collect();
    shown.sort_unstable();
    assert_eq!(shown, [("0", true), ("1", false), ("2", false), ("3", false)]);
    assert_eq!(told(&imported, "held-back").len(), 1);
}

#[test]
fn the_copies_of_times_in_scheds_export_are_known() {
    let mut session = json!({
        "event_key": "k1", "active": "Y", "name": "T", "event_type": "Workshops (90 min)", "venue": "A",
        "event_start": "2031-08-01 10:00", "event_end": "2031-08-01 11:00", "speakers": "Ada Falk, Bo Lund",
    });
    for side in ["event_start", "event_end"] {
        for part in ["year", "month", "month_short", "day", "weekday", "weekday_short", "time"] {
            session[format!("{side}_{part}")] = json!("x");
        }
    }
    let imported = read(sched::read_input, &json!([session]).to_string());
    assert_eq!(told(&imported, "unknown-key"), Vec::<String>::new());
    assert_eq!(imported.document.sessions[0].kind, SessionKind::Other);
    assert_eq!(imported.document.speakers.len(), 2);
}
