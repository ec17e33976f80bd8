//! The round trip: what Plenary exports as a schedule, imported into an empty server and exported again, is the same.

use plenary::content::Document;
use plenary::feeds::{self, Source};
use plenary::import::{Diagnostics, Imported, Options, c3voc, frab, input::Input, jekyll, sessionize};
use plenary::snapshot::{Snapshot, Stamp, View};

use super::{fixture, options, schedule, schedules};

type ReadInput = fn(&Input, &Options, Diagnostics) -> Result<Imported, plenary::error::Error>;

/// The feeds that can be read back.
const FEEDS: [(&str, ReadInput); 2] = [("schedule.xml", frab::read_input), ("schedule.json", c3voc::read_input)];

pub(super) fn exported(document: &Document, path: &str) -> String {
    let stamp = Stamp { revision: 1, release: None, released_at: None };
    let snapshot = Snapshot::new(document.clone(), View::Public, stamp);
    let source = Source { snapshot: &snapshot, base_url: "https://plenary.example.org" };
    let feed = feeds::feed(path).expect("the feed");
    let bytes = (feed.render)(&source, &feeds::Options::default()).expect("it is made");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Exports, imports and exports again in every format.
fn there_and_back(name: &str, mut document: Document) {
    document.drop_unreferenced();
    document.sort();
    for (path, read) in FEEDS {
        let first = exported(&document, path);
        let input = Input::of(path, &first);
        let options = options(&document.event.slug);
        let back = read(&input, &options, Diagnostics::default()).expect("an export can be imported").document;
        let again = exported(&back, path);
        let differs = first.lines().zip(again.lines()).find(|(one, other)| one != other);
        assert!(first == again, "{name} as {path} comes back otherwise: {differs:#?}");
    }
}

#[test]
fn a_workshop_comes_back_the_same() {
    let mut options = options("slowcomp-2031");
    options.date = Some(plenary::content::Date("2031-05-02".parse().expect("a date")));
    there_and_back("the fixture site", jekyll::read(&fixture(), &options).expect("it can be read").document);
    if let Some(shared) = super::shared_sites::enlsp_2022() {
        there_and_back("ENLSP 2022", shared.document);
    }
}

#[test]
fn schedules_come_back_the_same() {
    let mut options = options("tides-2031");
    options.time_zone = Some("Europe/Lisbon".to_owned());
    let read = |read: fn(&std::path::Path, &Options) -> Result<Imported, plenary::error::Error>, name: &str| {
        read(&schedule(name), &options).expect("the fixture can be read").document
    };
    there_and_back("frab", read(frab::read, "frab.xml"));
    there_and_back("pentabarf", read(frab::read, "pentabarf.xml"));
    there_and_back("c3voc 1", read(c3voc::read, "c3voc1.json"));
    there_and_back("c3voc 2", read(c3voc::read, "c3voc2.json"));
    there_and_back("Sessionize", read(sessionize::read, "sessionize.json"));
    let large = Input::of("large.xml", &schedules::large());
    let large = frab::read_input(&large, &options, Diagnostics::default()).expect("it can be read").document;
    there_and_back("a large one", large);
}
