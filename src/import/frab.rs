//! Schedules in XML as frab, pentabarf, pretalx and the c3voc write them, and as their relatives do.
//!
//! One reader for all dialects: whatever can be missing may be missing, and what is not known is told.

use std::path::Path;

use super::diagnostic::Place;
use super::input::Input;
use super::programme::clock::{Clock, Told, ZoneClues};
use super::programme::times::{self, Day, Moment};
use super::programme::{self, LinkFacts, PersonFacts, Programme, Talk, TrackFacts};
use super::xml::{self, Element};
use super::{Diagnostics, Imported, Options};
use crate::content::{Date, SessionPart, SessionStatus, Severity};
use crate::error::Error;

/// Reads the file of a schedule.
pub fn read(path: &Path, options: &Options) -> Result<Imported, Error> {
    let mut diagnostics = Diagnostics::default();
    let input = Input::open(path, &mut diagnostics)?;
    read_input(&input, options, diagnostics)
}

/// Reads the text of a schedule.
pub fn read_input(input: &Input, options: &Options, mut diagnostics: Diagnostics) -> Result<Imported, Error> {
    let tree = xml::parse(input)?;
    let root = &tree.root;
    if root.name != "schedule" {
        return Err(Error::Input(format!("{} is no schedule: its outermost element is <{}>", input.name, root.name)));
    }
    if let Some(line) = tree.doctype {
        let message = "a document type is declared, and was not read; schedule apps refuse such files";
        diagnostics.add(Severity::Info, "doctype", (input.name.as_str(), line), message);
    }
    let generator = root.child("generator").and_then(|generator| generator.attribute("name"));
    let mut reading = Reading { file: &input.name, generator, programme: Programme::default() };
    for (name, line) in &tree.unknown_entities {
        let message = format!("{name} is nothing that XML or HTML know, and stays as it is");
        reading.tell(Severity::Warning, "entity", *line, message);
    }
    reading.schedule(root, options);
    programme::build(reading.programme, &input.name, options, diagnostics)
}

struct Reading<'a> {
    file: &'a str,
    /// What wrote the file.
    generator: Option<&'a str>,
    programme: Programme,
}

impl Reading<'_> {
    fn place(&self, line: u32) -> Place {
        (self.file, line).into()
    }

    fn tell(&mut self, severity: Severity, code: &'static str, line: u32, message: impl Into<String>) {
        let place = self.place(line);
        self.programme.tally.add(severity, code, place, message);
    }

    /// Tells about the elements that are neither read nor mentioned as having no place.
    fn others(&mut self, element: &Element, known: &[&str], no_place: &[&str]) {
        for child in &element.children {
            if known.contains(&child.name.as_str()) {
                continue;
            }
            let is_empty = child.content().is_none() && child.attributes.is_empty();
            if no_place.contains(&child.name.as_str()) {
                if !is_empty {
                    let message = format!("<{}> in <{}> has no place here, and is left out", child.name, element.name);
                    self.tell(Severity::Info, "left-out", child.line, message);
                }
            } else {
                let message = format!("<{}> in <{}> is not known, and is left out", child.name, element.name);
                self.tell(Severity::Warning, "unknown-element", child.line, message);
            }
        }
    }

    fn attributes(&mut self, element: &Element, known: &[&str]) {
        for (name, value) in &element.attributes {
            let is_namespace = name.starts_with("xmlns")
                || matches!(name.as_str(), "schemaLocation" | "noNamespaceSchemaLocation" | "xsi");
            if !known.contains(&name.as_str()) && !is_namespace && !value.trim().is_empty() {
                let message = format!("the attribute {name} of <{}> is not known, and is left out", element.name);
                self.tell(Severity::Warning, "unknown-attribute", element.line, message);
            }
        }
    }

    fn schedule(&mut self, root: &Element, options: &Options) {
        let empty = Element { name: "conference".to_owned(), line: root.line, ..Element::default() };
        let conference = root.child("conference").unwrap_or(&empty);
        if self.generator.is_some_and(|name| name.eq_ignore_ascii_case("plenary")) {
            self.programme.mark_own();
            self.programme.version = root.text_of("version").map(str::to_owned);
        }
        self.programme.tells_status = root
            .all("day")
            .flat_map(|day| &day.children)
            .flat_map(|room| &room.children)
            .any(|event| status(event).is_some());
        // What Plenary calls a version tells when the content was changed; that of others has no place.
        let version = if self.programme.is_own { "version" } else { "day" };
        self.others(root, &["generator", "url", "conference", "tracks", "day", version], &["version"]);
        self.conference(conference);
        // FOSDEM lists its tracks beside the conference.
        self.tracks(root);
        if self.programme.website.is_none() && !self.programme.is_own {
            self.programme.website = root.text_of("url").map(str::to_owned);
        }
        let clues = ZoneClues {
            named: ["time_zone_name", "timezone", "time_zone"].iter().find_map(|name| conference.text_of(name)),
            city: conference.text_of("city"),
            offset: offset_in(root, conference),
        };
        let place = self.place(conference.line);
        let mut clock = Clock::choose(options, &clues, &place, &mut self.programme.tally);
        clock.day_change = conference.text_of("day_change").and_then(times::clock);
        clock.has_seconds = events(root).filter_map(|event| event.text_of("duration")).any(times::has_seconds);
        let told = |name: &str| times::moment(conference.text_of(name)?);
        let days = times::range(
            root.all("day")
                .filter_map(|day| times::moment(day.attribute("date")?))
                .map(|moment| times::day(moment, &clock.zone)),
        );
        let starts_on = told("start").map(|start| Date(times::day(start, &clock.zone)));
        self.programme.starts_on = starts_on.or(days.map(|(first, _)| first));
        let last = days.map(|(_, last)| last);
        let ends_on = told("end").map(|end| times::last_day(end, last, &clock.zone));
        self.programme.ends_on = ends_on.or(last).max(self.programme.starts_on);
        self.programme.time_zone.clone_from(&clock.name);
        let mut rooms = Vec::new();
        for day in root.all("day") {
            rooms.push(self.day(day, &clock));
        }
        self.programme.order_rooms(&rooms);
    }

    fn conference(&mut self, conference: &Element) {
        let text = |name: &str| conference.text_of(name).map(str::to_owned);
        self.programme.title = match (text("title"), text("subtitle")) {
            (Some(title), Some(subtitle)) if !title.contains(&subtitle) => Some(format!("{title}: {subtitle}")),
            (title, subtitle) => title.or(subtitle),
        };
        self.programme.acronym = text("acronym").filter(|_| !self.programme.is_own);
        self.programme.logo = text("logo");
        self.programme.description = text("description").or_else(|| text("abstract"));
        self.programme.venue = text("venue");
        self.programme.city = text("city");
        let page = text("base_url");
        self.programme.website =
            text("url").or_else(|| page.clone()).filter(|url| !self.programme.is_own || Some(url) != page.as_ref());
        self.tracks(conference);
        self.others(
            conference,
            &[
                "title",
                "subtitle",
                "acronym",
                "description",
                "abstract",
                "venue",
                "city",
                "url",
                "base_url",
                "start",
                "end",
                "track",
                "tracks",
                "time_zone_name",
                "timezone",
                "time_zone",
                "day_change",
                "days",
                "timeslot_duration",
                "logo",
            ],
            &["color", "release", "version", "keywords"],
        );
    }

    /// Whether the name of a track is what wafer, DebConf's system, writes where there is none.
    fn means_no_track(&self, name: &str) -> bool {
        name == "No Track" && self.generator == Some("wafer")
    }

    fn tracks(&mut self, parent: &Element) {
        for track in parent.all("track").chain(parent.all("tracks").flat_map(|tracks| tracks.all("track"))) {
            let Some(name) = track.attribute("name").or_else(|| track.content()) else { continue };
            let place = self.programme.track(name);
            let facts: &mut TrackFacts = &mut self.programme.tracks[place];
            facts.color = track.attribute("color").map(str::to_owned);
            facts.guid = track.attribute("guid").map(str::to_owned);
            facts.slug = track.attribute("slug").map(str::to_owned);
            self.attributes(track, &["name", "color", "guid", "slug", "id", "type"]);
        }
    }

    /// Reads a day; answers its rooms in their order.
    fn day(&mut self, day: &Element, clock: &Clock) -> Vec<usize> {
        let instant =
            |name: &str| times::moment(day.attribute(name)?).filter(|moment| !matches!(moment, Moment::On(_)));
        let facts = Day {
            date: day.attribute("date").and_then(times::moment).map(|moment| times::day(moment, &clock.zone)),
            starts_at: instant("start").and_then(|moment| times::instant(moment, &clock.zone)),
            ends_at: instant("end").and_then(|moment| times::instant(moment, &clock.zone)),
        };
        if facts.date.is_none() && facts.starts_at.is_none() {
            self.tell(Severity::Warning, "day-without-date", day.line, "a day has no date that can be read");
        }
        self.attributes(day, &["index", "date", "start", "end", "guid"]);
        self.others(day, &["room", "event"], &[]);
        let mut rooms = Vec::new();
        for room in day.all("room") {
            self.attributes(room, &["name", "guid", "id", "slug"]);
            self.others(room, &["event"], &["description"]);
            let place = room.attribute("name").map(|name| self.programme.room(name));
            rooms.extend(place);
            if let Some(place) = place {
                let guid = room.attribute("guid").map(str::to_owned);
                let facts = &mut self.programme.rooms[place];
                facts.guid = facts.guid.take().or(guid);
            }
            for event in room.all("event") {
                self.event(event, &facts, place, clock);
            }
        }
        for event in day.all("event") {
            self.event(event, &facts, None, clock);
        }
        rooms
    }

    fn event(&mut self, event: &Element, day: &Day, room: Option<usize>, clock: &Clock) {
        const KNOWN: [&str; 26] = [
            "room",
            "title",
            "subtitle",
            "type",
            "date",
            "start",
            "end",
            "duration",
            "abstract",
            "description",
            "slug",
            "track",
            "persons",
            "person",
            "speakers",
            "speaker",
            "language",
            "recording",
            "links",
            "link",
            "attachments",
            "attachment",
            "video_download_url",
            "status",
            "state",
            "event_state",
        ];
        const NO_PLACE: [&str; 12] = [
            "url",
            "feedback_url",
            "origin_url",
            "logo",
            "tag",
            "released",
            "conference_room",
            "answers",
            "license",
            "code",
            "event_state_progress",
            "actual_start",
        ];
        self.attributes(event, &["id", "guid", "code"]);
        self.others(event, &KNOWN, &NO_PLACE);
        let place = self.place(event.line);
        let told = Told {
            date: event.text_of("date"),
            start: event.text_of("start"),
            duration: event.text_of("duration"),
            end: event.text_of("end"),
        };
        let (starts_at, ends_at) = clock.span(day, &told, &place, &mut self.programme.tally);
        let text = |name: &str| event.text_of(name).map(str::to_owned);
        let room = match event.text_of("room") {
            Some(name) if room.is_none() => Some(self.programme.room(name)),
            Some(name) if room.is_some_and(|room| self.programme.rooms[room].name != self.programme.name(name)) => {
                let message = "the <room> of an event is another than the room that it stands in, which was taken";
                self.tell(Severity::Warning, "room-differs", event.line, message);
                room
            }
            _ => room,
        };
        let number = event.attribute("id").and_then(|id| id.parse().ok());
        let track = event.text_of("track").filter(|name| !self.means_no_track(name));
        let track = track.map(|name| self.programme.track(name));
        let people = self.people(event);
        let mut talk = Talk {
            place,
            guid: event.attribute("guid").map(str::to_owned),
            key: event.attribute("code").or_else(|| event.attribute("id")).map(str::to_owned),
            number,
            title: text("title").unwrap_or_default(),
            subtitle: text("subtitle"),
            summary: text("abstract"),
            description: text("description"),
            starts_at,
            ends_at,
            has_duration: told.duration.is_some(),
            room,
            track,
            people,
            kind: text("type"),
            status: status(event),
            language: text("language"),
            ..Talk::default()
        };
        talk.slug = self.programme.slug(event.text_of("slug"), event.text_of("url"), number);
        self.recording(event, &mut talk);
        self.links(event, &mut talk);
        self.programme.talks.push(talk);
    }

    fn people(&mut self, event: &Element) -> Vec<(usize, SessionPart)> {
        let lists = event.all("persons").chain(event.all("speakers")).flat_map(|list| &list.children);
        let loose = event.all("person").chain(event.all("speaker"));
        let persons: Vec<&Element> = lists.chain(loose).collect();
        let mut people = Vec::new();
        for person in persons {
            let inner = |names: &[&str]| names.iter().find_map(|name| person.text_of(name)).map(str::to_owned);
            let name = if person.children.is_empty() {
                person.content().map(str::to_owned)
            } else {
                inner(&["public_name", "name", "full_name", "display_name"])
                    .or_else(|| Some(person.text.trim().to_owned()).filter(|name| !name.is_empty()))
            };
            let Some(name) = name else {
                self.tell(
                    Severity::Warning,
                    "person-without-name",
                    person.line,
                    "a person has no name, and is left out",
                );
                continue;
            };
            self.attributes(person, &["id", "guid", "code", "name"]);
            let place = self.programme.people.add(PersonFacts {
                guid: person.attribute("guid").map(str::to_owned),
                key: person.attribute("code").or_else(|| person.attribute("id")).map(str::to_owned),
                name,
                bio: inner(&["biography", "bio", "description"]),
                photo: inner(&["avatar", "image"]),
                affiliation: inner(&["affiliation", "organization", "company"]),
                ..PersonFacts::default()
            });
            people.extend(place.map(|place| (place, SessionPart::Speaker)));
        }
        people
    }

    fn recording(&mut self, event: &Element, talk: &mut Talk) {
        let download = event.text_of("video_download_url");
        talk.recording_url = download.map(str::to_owned);
        let Some(recording) = event.child("recording") else { return };
        self.others(recording, &["url", "link", "optout"], &["license"]);
        if let Some(page) = recording.text_of("url").or_else(|| recording.text_of("link")) {
            talk.recording_url = Some(page.to_owned());
            let title = Some("Video".to_owned());
            let other = download.filter(|download| *download != page);
            talk.links.extend(other.map(|url| LinkFacts { url: url.to_owned(), title, kind: None }));
        }
        let optout = recording.text_of("optout").map(str::to_lowercase);
        talk.do_not_record = optout.map(|word| !matches!(word.as_str(), "false" | "0" | "no"));
    }

    fn links(&mut self, event: &Element, talk: &mut Talk) {
        let lists = event.all("links").chain(event.all("attachments")).flat_map(|list| &list.children);
        for link in lists.chain(event.all("link")).chain(event.all("attachment")) {
            let url = link.attribute("href").or_else(|| link.attribute("url")).or_else(|| link.content());
            let Some(url) = url else { continue };
            let title = link.content().filter(|title| *title != url).or_else(|| link.attribute("title"));
            let url = match &self.programme.website {
                // Attachments of frab are paths on its own server.
                Some(website) if url.starts_with('/') => joined(website, url),
                _ => url.to_owned(),
            };
            talk.links.push(LinkFacts {
                url,
                title: title.map(str::to_owned),
                kind: link.attribute("type").map(str::to_owned),
            });
        }
    }
}

fn joined(website: &str, path: &str) -> String {
    url::Url::parse(website).and_then(|base| base.join(path)).map_or_else(|_| path.to_owned(), |url| url.to_string())
}

/// Whether an event says that it takes place or not.
fn status(event: &Element) -> Option<SessionStatus> {
    let word = ["status", "state", "event_state"].iter().find_map(|name| event.text_of(name))?;
    programme::status_named(word)
}

/// Every event, in its room or outside of one.
fn events(root: &Element) -> impl Iterator<Item = &Element> {
    root.all("day").flat_map(|day| day.all("room").flat_map(|room| room.all("event")).chain(day.all("event")))
}

/// The offset of the first date that has one.
fn offset_in(root: &Element, conference: &Element) -> Option<jiff::tz::Offset> {
    let days = root.all("day").flat_map(|day| [day.attribute("start"), day.attribute("end")]).flatten();
    let days = days.chain(events(root).filter_map(|event| event.text_of("date")));
    let ends = [conference.text_of("start"), conference.text_of("end")];
    let mut offsets = days.chain(ends.into_iter().flatten()).filter_map(|text| match times::moment(text)? {
        Moment::At(_, offset) => Some(offset),
        _ => None,
    });
    let first = offsets.next()?;
    // Dates in UTC say nothing about the place, so any other offset tells more.
    Some(
        offsets
            .find(|offset| *offset != jiff::tz::Offset::UTC)
            .filter(|_| first == jiff::tz::Offset::UTC)
            .unwrap_or(first),
    )
}
