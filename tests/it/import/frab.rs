//! Schedules in XML, dialect by dialect.

use plenary::import::{Diagnostics, Imported, Options, frab, input::Input};

use super::{options, problems, schedule, told, with_names_for_ids};

fn options_of(slug: &str) -> Options {
    options(slug)
}

fn read(name: &str, slug: &str) -> Imported {
    frab::read(&schedule(name), &options_of(slug)).expect("the fixture can be read")
}

fn text(xml: &str) -> Imported {
    frab::read_input(&Input::of("x.xml", xml), &options_of("x-2031"), Diagnostics::default()).expect("it can be read")
}

/// A schedule of one day with these events.
fn one_day(conference: &str, day: &str, events: &str) -> Imported {
    text(&format!(
        "<schedule><conference><title>X</title>{conference}</conference>\
         <day index='1' {day}><room name='A'>{events}</room></day></schedule>"
    ))
}

#[test]
fn frab_with_every_quirk() {
    let Imported { document, diagnostics, .. } = read("frab.xml", "tides-2031");
    assert_eq!(problems(&document), Vec::<String>::new());
    insta::assert_json_snapshot!(with_names_for_ids(&document));
    insta::assert_snapshot!(told(diagnostics));
}

#[test]
fn pentabarf_with_every_quirk() {
    let Imported { document, diagnostics, .. } = read("pentabarf.xml", "cafe-2031");
    assert_eq!(problems(&document), Vec::<String>::new());
    insta::assert_json_snapshot!(with_names_for_ids(&document));
    insta::assert_snapshot!(told(diagnostics));
}

#[test]
fn guids_and_numbers_are_kept() {
    let document = read("frab.xml", "tides-2031").document;
    let swim = document.sessions.iter().find(|session| session.title == "Night swim").expect("a session");
    assert_eq!(swim.head.id.to_string(), "0e8c1d4a-7c30-4d55-9d5e-1f0a2b3c4d03");
    assert_eq!(swim.number, 13);
    assert!(document.rooms.iter().any(|room| room.head.id.to_string() == "5a4e6d10-6f0e-4f9e-9d3a-0f1e2d3c4b5a"));
    assert!(document.people.iter().any(|person| person.id.to_string() == "77777777-1111-4222-8333-444444444402"));
}

#[test]
fn times_of_all_dialects_are_the_same_instant() {
    let zone = "<time_zone_name>Europe/Berlin</time_zone_name>";
    let event = |inner: &str| format!("<event id='1'><title>T</title><duration>0:30</duration>{inner}</event>");
    let day = "date='2031-12-27'";
    for (conference, day, inner) in [
        (zone, day, "<date>2031-12-28T00:30:00+01:00</date><start>00:30</start>"),
        (zone, day, "<date>2031-12-27T23:30:00Z</date><start>00:30</start>"),
        (zone, day, "<date>2031-12-28 00:30:00</date>"),
        (zone, day, "<start>00:30</start>"),
        (zone, day, "<date/><start>24:30</start>"),
        (zone, day, "<date>2031-12-28</date><start>00:30</start>"),
        (
            zone,
            "date='2031-12-27' start='2031-12-27T10:00:00+01:00' end='2031-12-28T04:00:00+01:00'",
            "<start>0:30</start>",
        ),
        (zone, "start='2031-12-27T10:00:00+01:00' end='2031-12-28T04:00:00+01:00'", "<start>0:30:00</start>"),
        ("<city>Berlin</city>", day, "<start>00:30</start>"),
    ] {
        let session = one_day(conference, day, &event(inner)).document.sessions[0].clone();
        assert_eq!(
            session.starts_at.map(|at| at.to_string()).as_deref(),
            Some("2031-12-27T23:30:00Z"),
            "{day} {inner}"
        );
        assert_eq!(session.ends_at.map(|at| at.to_string()).as_deref(), Some("2031-12-28T00:00:00Z"), "{day} {inner}");
    }
}

#[test]
fn without_a_zone_the_dates_tell_one() {
    let event = "<event id='1'><title>T</title><date>2031-07-01T10:00:00+02:00</date><duration>0:30</duration></event>";
    let Imported { document, diagnostics, .. } = one_day("", "date='2031-07-01'", event);
    assert_eq!(document.event.time_zone, "Etc/GMT-2");
    assert!(diagnostics.iter().any(|finding| finding.code == "no-time-zone"));
    let event = "<event id='1'><title>T</title><start>10:00</start><duration>0:30</duration></event>";
    let Imported { document, .. } = one_day("", "date='2031-07-01'", event);
    assert_eq!(document.event.time_zone, "UTC");
}

#[test]
fn hopeless_files_are_one_error() {
    let bomb = "<!DOCTYPE s [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><schedule>&b;</schedule>";
    for (xml, words) in [
        ("", "is no XML"),
        ("{}", "looks like JSON"),
        ("<!doctype html><html><body>Sign in", "an HTML page"),
        ("<icalendar/>", "its outermost element is <icalendar>"),
        ("<schedule><conference></schedule>", "x.xml:1: "),
        ("<schedule><conference/></schedule>", "there is no session"),
        (bomb, "declares entities"),
    ] {
        match frab::read_input(&Input::of("x.xml", xml), &options_of("x-2031"), Diagnostics::default()) {
            Err(plenary::error::Error::Input(message)) => assert!(message.contains(words), "{message}"),
            other => panic!("{xml}: {other:?}"),
        }
    }
    let huge = tempfile::NamedTempFile::new().expect("a file");
    huge.as_file().set_len(1 << 30).expect("a sparse file");
    let error = frab::read(huge.path(), &options_of("x-2031")).expect_err("too big");
    assert!(error.to_string().contains("is bigger than 64 MiB"), "{error}");
}
