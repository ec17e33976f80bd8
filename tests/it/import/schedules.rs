//! Schedules in JSON, and what is the same for every format of schedules: importing again, names that are taken, size.

use std::fmt::Write;
use std::path::Path;

use plenary::content::{Document, Kind, SessionStatus};
use plenary::error::Error;
use plenary::import::identity::{self, Known};
use plenary::import::{Diagnostics, Imported, Options, c3voc, frab, input::Input, sched, sessionize};
use plenary::publishing::{Edit, diff};

use super::{options, problems, schedule, told, with_names_for_ids};

type Read = fn(&Path, &Options) -> Result<Imported, Error>;
type ReadInput = fn(&Input, &Options, Diagnostics) -> Result<Imported, Error>;

/// Every fixture with its reader.
const FIXTURES: [(&str, Read, ReadInput); 7] = [
    ("frab.xml", frab::read, frab::read_input),
    ("pentabarf.xml", frab::read, frab::read_input),
    ("c3voc1.json", c3voc::read, c3voc::read_input),
    ("c3voc2.json", c3voc::read, c3voc::read_input),
    ("sessionize.json", sessionize::read, sessionize::read_input),
    ("sessionize_grid.json", sessionize::read, sessionize::read_input),
    ("sched.json", sched::read, sched::read_input),
];

fn lisbon() -> Options {
    let mut options = options("tides-2031");
    options.time_zone = Some("Europe/Lisbon".to_owned());
    options
}

fn kept(imported: Imported, stored: Option<&Document>) -> Document {
    let Imported { document, mut diagnostics, extent, tells_recording, .. } = imported;
    let known = Known { stored: stored.cloned(), extent, tells_recording, ..Known::default() };
    let mut document = identity::keep(document, known, &mut diagnostics);
    document.drop_unreferenced();
    document
}

#[test]
fn every_format_is_read_as_it_should_be() {
    for (name, read, _) in &FIXTURES[2..] {
        let Imported { document, diagnostics, .. } = read(&schedule(name), &lisbon()).expect("the fixture can be read");
        assert_eq!(problems(&document), Vec::<String>::new(), "{name}");
        let stem = name.trim_end_matches(".json");
        insta::assert_json_snapshot!(stem, with_names_for_ids(&document));
        insta::assert_snapshot!(format!("{stem}_told"), told(diagnostics));
    }
}

#[test]
fn importing_twice_changes_nothing() {
    for (name, read, _) in FIXTURES {
        let stored = kept(read(&schedule(name), &lisbon()).expect("read"), None);
        let again = kept(read(&schedule(name), &lisbon()).expect("read"), Some(&stored));
        assert_eq!(diff(Some(&stored), &again), Vec::<Edit>::new(), "{name}");
    }
}

#[test]
fn a_correction_changes_that_one_item() {
    for (name, from, to, kind) in [
        ("frab.xml", "Night swim", "Midnight run over the dunes", Kind::Session),
        ("frab.xml", "<start>01:30</start>", "<start>23:30</start>", Kind::Session),
        ("frab.xml", "<date>2031-06-13T10:00:00Z</date>", "<date>2031-06-14T15:00:00Z</date>", Kind::Session),
        ("frab.xml", "Bo Lund", "Bodil Lundqvist", Kind::Person),
        ("pentabarf.xml", "Long night", "A very different title", Kind::Session),
        ("c3voc1.json", "\"Pumps\"", "\"Sails\"", Kind::Session),
        ("c3voc2.json", "CANCELED", "CONFIRMED", Kind::Session),
        ("sessionize.json", "Pumps for everybody", "Pumps for nobody at all", Kind::Session),
        ("sessionize.json", "\"fullName\": \"Ada Falk\"", "\"fullName\": \"Adeline Falke\"", Kind::Person),
        ("sched.json", "\"Lunch\"", "\"A late breakfast\"", Kind::Session),
    ] {
        let (_, read, read_input) = FIXTURES.iter().find(|(fixture, ..)| *fixture == name).expect("a fixture");
        let stored = kept(read(&schedule(name), &lisbon()).expect("read"), None);
        let bytes = std::fs::read(schedule(name)).expect("the fixture");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(text.contains(from), "{from}");
        let corrected = Input::of(name, &text.replace(from, to));
        let again = kept(read_input(&corrected, &lisbon(), Diagnostics::default()).expect("read"), Some(&stored));
        let edits = diff(Some(&stored), &again);
        let shown: Vec<_> = edits.iter().map(|edit| (edit.kind, edit.before.is_some(), edit.after.is_some())).collect();
        assert_eq!(shown, [(kind, true, true)], "{name}: {from} → {to}");
    }
}

#[test]
fn what_a_schedule_has_no_words_for_stays() {
    let mut stored = kept(frab::read(&schedule("frab.xml"), &lisbon()).expect("read"), None);
    let editors_own = |document: &mut Document| {
        let swim = document.sessions.iter().position(|session| session.title == "Night swim").expect("it is there");
        let parent = document.sessions[0].head.id;
        let session = std::sync::Arc::make_mut(&mut document.sessions[swim]);
        session.status = SessionStatus::Cancelled;
        session.parent = Some(parent);
        session.slides_url = Some("https://example.org/slides".to_owned());
        session.head.published = false;
        let speaker = std::sync::Arc::make_mut(&mut document.speakers[0]);
        speaker.honorific = Some("Prof.".to_owned());
        std::sync::Arc::make_mut(&mut document.event).contact_email = Some("hello@example.org".to_owned());
    };
    editors_own(&mut stored);
    let again = kept(frab::read(&schedule("frab.xml"), &lisbon()).expect("read"), Some(&stored));
    assert_eq!(diff(Some(&stored), &again), Vec::<Edit>::new());
}

#[test]
fn hopeless_json_is_one_error() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for read in [c3voc::read_input as ReadInput, sessionize::read_input, sched::read_input] {
        for text in [
            "",
            "<schedule/>",
            "{",
            "null",
            "{}",
            "[]",
            "{\"schedule\":{\"conference\":{}}}",
            "[{\"a\":1}]",
            deep.as_str(),
        ] {
            let read = read(&Input::of("x.json", text), &lisbon(), Diagnostics::default());
            assert!(matches!(read, Err(Error::Input(_))), "{}", text.chars().take(60).collect::<String>());
        }
    }
}

/// A schedule like those of the largest conferences: five days, twelve rooms, 1,300 events, 1,500 people.
pub(crate) fn large() -> String {
    let mut xml = String::from(
        "<?xml version='1.0' encoding='utf-8'?><schedule><version>1</version><conference><title>Large</title>\
         <acronym>large31</acronym><time_zone_name>Europe/Berlin</time_zone_name></conference>",
    );
    let mut number = 0;
    for day in 0..5 {
        let _ = write!(xml, "<day index='{}' date='2031-12-{}'>", day + 1, 26 + day);
        for room in 0..12 {
            let _ = write!(xml, "<room name='Room {room}'>");
            let talks = if (day * 12 + room) % 3 == 0 { 21 } else { 22 };
            for slot in 0..talks {
                number += 1;
                let minutes = 9 * 60 + slot * 40;
                let (date, minutes) = (26 + day + minutes / 1440, minutes % 1440);
                let _ = write!(
                    xml,
                    "<event id='{number}' guid='00000000-0000-4000-8000-{number:012}'>\
                     <date>2031-12-{date}T{:02}:{:02}:00+01:00</date><start>{:02}:{:02}</start><duration>00:30</duration>\
                     <title>Talk number {number} about things</title><track>Track {}</track><type>lecture</type>\
                     <language>en</language><abstract>&lt;p&gt;{}&lt;/p&gt;</abstract><persons>",
                    minutes / 60,
                    minutes % 60,
                    minutes / 60,
                    minutes % 60,
                    number % 9,
                    "A paragraph with &lt;b&gt;words&lt;/b&gt;. ".repeat(20),
                );
                for person in [number, number + 650, number * 7] {
                    let person = person % 1500;
                    let _ = write!(xml, "<person id='{}'>Person {person} of {}</person>", person + 1, person * 31);
                }
                xml.push_str("</persons></event>");
            }
            xml.push_str("</room>");
        }
        xml.push_str("</day>");
    }
    xml.push_str("</schedule>");
    xml
}

#[test]
fn a_large_schedule_is_whole() {
    let input = Input::of("large.xml", &large());
    let document = kept(frab::read_input(&input, &lisbon(), Diagnostics::default()).expect("read"), None);
    assert_eq!(document.sessions.len(), 1300);
    assert_eq!(document.rooms.len(), 12);
    assert_eq!(document.people.len(), 1500);
    let again = kept(frab::read_input(&input, &lisbon(), Diagnostics::default()).expect("read"), Some(&document));
    assert_eq!(diff(Some(&document), &again).len(), 0);
}

#[test]
fn every_encoding_is_read_alike() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, read, _) in FIXTURES {
        let bytes = std::fs::read(schedule(name)).expect("the fixture");
        let text = String::from_utf8(bytes)
            .expect("UTF-8")
            .replace("Ada", "Ädä")
            .replace("Pumps", "Pümps für Zoë")
            .replace("Bahnhof", "Bähnhof");
        assert!(!text.is_ascii(), "{name}");
        let is_xml = text.starts_with('<');
        let declared = |encoding: &str| match text.split_once("?>").filter(|_| is_xml) {
            Some((_, rest)) => format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>{rest}"),
            None => text.clone(),
        };
        let utf16 = |order: fn(u16) -> [u8; 2]| declared("utf-16").encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let latin =
            |text: String| text.chars().map(|letter| u8::try_from(letter).expect("Latin-1")).collect::<Vec<u8>>();
        let packed = {
            use std::io::Write;
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            writer.write_all(text.as_bytes()).and_then(|()| writer.finish()).expect("it is packed")
        };
        let path = folder.path().join(name);
        let shown = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("a file");
            let Imported { document, diagnostics, .. } = read(&path, &lisbon()).expect("it can be read");
            let is_told = diagnostics.iter().any(|finding| finding.code == "encoding");
            (with_names_for_ids(&document), is_told)
        };
        let (plain, is_told) = shown(text.as_bytes());
        assert!(!is_told, "{name}");
        for (form, bytes, is_told) in [
            ("UTF-8 with a mark", [b"\xef\xbb\xbf", text.as_bytes()].concat(), false),
            ("UTF-16, the low byte first", utf16(u16::to_le_bytes), true),
            ("UTF-16, the high byte first", utf16(u16::to_be_bytes), true),
            ("UTF-16 with a mark", [&b"\xff\xfe"[..], &utf16(u16::to_le_bytes)].concat(), true),
            ("Latin-1", latin(declared("iso-8859-1")), true),
            ("Latin-1 that is called UTF-8", latin(declared("utf-8")), true),
            ("packed", packed, false),
        ] {
            assert_eq!(shown(&bytes), (plain.clone(), is_told), "{name} as {form}");
        }
    }
}
