//! What Giggity, EventFahrplan, info-beamer, engelsystem and Confetti need of `schedule.xml`, as rules.

use std::collections::{HashMap, HashSet};

use plenary::content::{Document, SessionStatus};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{nasty, rendered, snapshot};

/// An element with its attributes, text and children.
#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn one(&self, name: &str) -> &Element {
        let mut found = self.children.iter().filter(|child| child.name == name);
        let (Some(child), None) = (found.next(), found.next()) else { panic!("{} has not one {name}", self.name) };
        child
    }

    /// It and everything in it.
    fn tree(&self) -> Vec<&Element> {
        let mut found = vec![self];
        found.extend(self.children.iter().flat_map(Element::tree));
        found
    }

    fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        &found.unwrap_or_else(|| panic!("{} has no {name}", self.name)).1
    }
}

/// The root of a document.
fn parse(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    let element = |start: &BytesStart<'_>| Element {
        name: start.name().as_ref().to_owned(),
        attributes: start
            .attributes()
            .map(|attribute| attribute.unwrap())
            .map(|attribute| {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap().into_owned();
                (attribute.key.as_ref().to_owned(), value)
            })
            .collect(),
        ..Element::default()
    };
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(element(&start)),
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(reference) => {
                let known = quick_xml::escape::resolve_xml_entity(&reference).expect("an entity of XML");
                open.last_mut().unwrap().text.push_str(known);
            }
            Event::DocType(_) | Event::PI(_) | Event::Comment(_) => panic!("apps refuse it"),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1);
    open.remove(0).children.remove(0)
}

/// `HH:MM`, as minutes.
fn clock(text: &str) -> u32 {
    let (hours, minutes) = text.split_once(':').unwrap();
    assert!(hours.len() == 2 && minutes.len() == 2, "{text}");
    let (hours, minutes): (u32, u32) = (hours.parse().unwrap(), minutes.parse().unwrap());
    assert!(hours < 24 && minutes < 60, "{text}");
    hours * 60 + minutes
}

/// What apps remember while they read a schedule.
#[derive(Default)]
struct Known {
    /// Ids and guids of sessions.
    ids: HashSet<String>,
    tracks: HashSet<String>,
    /// The guids of rooms by name.
    rooms: HashMap<String, String>,
    /// The names of people by id.
    people: HashMap<String, String>,
}

fn check_session(session: &Element, known: &mut Known, zone: &jiff::tz::TimeZone) {
    let ids = &mut known.ids;
    let id = session.attribute("id");
    assert!(id.parse::<i32>().unwrap() > 0);
    assert!(ids.insert(id.to_owned()) && ids.insert(session.attribute("guid").to_owned()));
    assert!(uuid::Uuid::parse_str(session.attribute("guid")).is_ok());
    let text = |name| session.one(name).text.as_str();
    for name in ["title", "room", "type", "date", "start", "duration", "slug", "url"] {
        assert!(!text(name).trim().is_empty(), "{name}");
    }
    assert!(clock(text("duration")) > 0);
    let at: jiff::Timestamp = text("date").parse().unwrap();
    let local = zone.to_datetime(at);
    assert_eq!(clock(text("start")), u32::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap());
    // Apps that know no zones show the clock of the date.
    assert_eq!(text("date").get(11..16), Some(text("start")));
    // Flat parsers take the last of these in a session, wherever it is.
    let tree = session.tree();
    for name in [
        "title",
        "subtitle",
        "type",
        "track",
        "language",
        "abstract",
        "description",
        "date",
        "start",
        "duration",
        "url",
    ] {
        assert!(tree.iter().filter(|element| element.name == name).count() <= 1, "{name}");
    }
    // Some parsers throw at these when they are empty.
    let fragile =
        ["start", "date", "duration", "person", "link", "attachment", "url", "logo", "language", "feedback_url"];
    assert!(tree.iter().all(|element| !fragile.contains(&&*element.name) || !element.text.trim().is_empty()));
    let language = session.all("language").flat_map(|language| language.text.split('-'));
    assert!(language.into_iter().all(|part| (1..=8).contains(&part.len()) && part.is_ascii()));
    assert!(text("track").is_empty() || known.tracks.contains(text("track")), "every track is listed");
    for person in session.all("persons").flat_map(|persons| &persons.children) {
        assert!(person.attribute("id").parse::<i32>().unwrap() > 0 && !person.text.trim().is_empty());
        assert!(uuid::Uuid::parse_str(person.attribute("guid")).is_ok());
        let name = known.people.entry(person.attribute("id").to_owned()).or_insert_with(|| person.text.clone());
        assert_eq!(*name, person.text, "an id is one person's");
    }
    let links: Vec<_> = session.all("links").flat_map(|links| &links.children).collect();
    let addresses: HashSet<_> = links.iter().map(|link| link.attribute("href")).collect();
    assert!(addresses.len() == links.len() && addresses.iter().all(|address| address.starts_with("http")));
    assert!(links.iter().all(|link| !link.text.is_empty()));
}

fn check(document: Document) {
    let scheduled = document.sessions.iter().filter(|session| session.starts_at.is_some()).count();
    let cancelled: Vec<_> =
        document.sessions.iter().filter(|session| session.status == SessionStatus::Cancelled).cloned().collect();
    let unrecorded = document.sessions.iter().filter(|session| session.do_not_record);
    let unrecorded: HashSet<_> = unrecorded.map(|session| session.head.id.to_string()).collect();
    let snapshot = snapshot(document);
    let xml = rendered(&snapshot, "schedule.xml");
    assert!(xml.starts_with("<?xml"), "nothing is before the declaration, which apps look for");
    let head: String = xml.to_lowercase().chars().take(1024).collect();
    assert!(head.contains("<schedule") && head.contains("<conference"));
    let schedule = parse(&xml);
    assert_eq!(schedule.name, "schedule");
    let names: Vec<_> = schedule.children.iter().map(|child| child.name.as_str()).collect();
    assert_eq!(names[..4], ["generator", "url", "version", "conference"]);
    let conference = schedule.one("conference");
    let zone = jiff::tz::TimeZone::get(&conference.one("time_zone_name").text).unwrap();
    assert!(!conference.one("title").text.is_empty());
    let tracks = conference.all("track").map(|track| track.attribute("name").to_owned()).collect();
    let mut known = Known { tracks, ..Known::default() };
    let mut sessions = 0;
    let mut last_day = None;
    for (index, day) in (1..).zip(schedule.all("day")) {
        assert_eq!(day.attribute("index").parse::<usize>().unwrap(), index);
        let [start, end] = ["start", "end"].map(|name| day.attribute(name).parse::<jiff::Timestamp>().unwrap());
        assert!(start < end && end.duration_since(start) <= jiff::SignedDuration::from_hours(25));
        let date = Some(day.attribute("date").parse::<jiff::civil::Date>().unwrap());
        assert!(last_day.replace(date) < Some(date), "days follow each other");
        assert_eq!(
            day.children.iter().map(|room| room.attribute("name")).collect::<HashSet<_>>().len(),
            day.children.len()
        );
        for room in day.all("room") {
            let mut last = None;
            let guid = known.rooms.entry(room.attribute("name").to_owned());
            assert_eq!(guid.or_insert_with(|| room.attribute("guid").to_owned()), room.attribute("guid"));
            assert!(!room.attribute("name").is_empty() && uuid::Uuid::parse_str(room.attribute("guid")).is_ok());
            for session in room.all("event") {
                sessions += 1;
                check_session(session, &mut known, &zone);
                assert_eq!(session.one("room").text, room.attribute("name"));
                let at: jiff::Timestamp = session.one("date").text.parse().unwrap();
                assert!((start..=end).contains(&at), "{at} is not in {start} to {end}");
                assert!(last.replace(at) <= Some(at), "sessions of a room follow each other");
                let guid = session.attribute("guid");
                assert_eq!(session.one("recording").one("optout").text, unrecorded.contains(guid).to_string());
                let is_cancelled = cancelled.iter().any(|cancelled| cancelled.head.id.to_string() == guid);
                assert_eq!(session.one("title").text.starts_with("Cancelled: "), is_cancelled);
            }
        }
    }
    assert_eq!(sessions, scheduled);
}

#[test]
fn apps_can_read_every_schedule() {
    nasty::documents().into_iter().for_each(check);
}

#[test]
fn json_has_its_members_in_the_order_in_which_apps_show_them() {
    for document in nasty::documents() {
        let snapshot = snapshot(document);
        let schedule = parse(&rendered(&snapshot, "schedule.xml"));
        let json = rendered(&snapshot, "schedule.json");
        let mut from = 0;
        let mut next = |wanted: &str| {
            let at = json[from..].find(wanted).unwrap_or_else(|| panic!("{wanted} is not after what is before it"));
            from += at + wanted.len();
        };
        // Converters write XML in this order, and its schema wants it.
        for wanted in ["\"generator\":", "\"schedule\":", "\"version\":", "\"conference\":", "\"days\":["] {
            next(wanted);
        }
        for day in schedule.all("day") {
            next("\"rooms\":{");
            for room in day.all("room") {
                let name = serde_json::to_string(room.attribute("name")).unwrap();
                next(&format!("{name}:["));
                // Ids are the same in both.
                room.all("event").for_each(|session| next(&format!("\"guid\":\"{}\"", session.attribute("guid"))));
            }
        }
    }
}

#[test]
fn every_feed_tells_of_the_same_sessions() {
    for document in nasty::documents() {
        let scheduled = document.sessions.iter().filter(|session| session.starts_at.is_some()).count();
        let snapshot = snapshot(document);
        let json = |path: &str| serde_json::from_str::<serde_json::Value>(&rendered(&snapshot, path)).unwrap();
        let days = json("schedule.json")["schedule"]["conference"]["days"].clone();
        let rooms = days.as_array().unwrap().iter().flat_map(|day| day["rooms"].as_object().unwrap().values());
        assert_eq!(rooms.map(|room| room.as_array().unwrap().len()).sum::<usize>(), scheduled);
        assert_eq!(json("schedule2.json")["schedule"]["events"].as_array().unwrap().len(), scheduled);
        assert_eq!(json("sessionize/view/All")["sessions"].as_array().unwrap().len(), scheduled);
        assert_eq!(json("sessionize/view/Sessions")[0]["sessions"].as_array().unwrap().len(), scheduled);
        let grid = json("sessionize/view/GridSmart");
        let slots = grid.as_array().unwrap().iter().flat_map(|day| day["timeSlots"].as_array().unwrap());
        assert_eq!(slots.map(|slot| slot["rooms"].as_array().unwrap().len()).sum::<usize>(), scheduled);
    }
}
