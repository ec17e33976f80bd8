//! Schedules in JSON as the c3voc, frab and pretalx write them: version 1, with days and rooms, and the draft of
//! version 2, with one list of events. Which it is, the content tells.

use std::path::Path;

use serde_json::Value;

use super::diagnostic::Place;
use super::input::Input;
use super::json::{self, Json, Object};
use super::programme::clock::{Clock, Told, ZoneClues};
use super::programme::times::{self, Day, Moment};
use super::programme::{self, LinkFacts, PersonFacts, Programme, Talk};
use super::{Diagnostics, Imported, Options};
use crate::content::{Date, SessionPart, SessionStatus, Severity, WebLink};
use crate::error::Error;

/// Reads the file of a schedule.
pub fn read(path: &Path, options: &Options) -> Result<Imported, Error> {
    let mut diagnostics = Diagnostics::default();
    let input = Input::open(path, &mut diagnostics)?;
    read_input(&input, options, diagnostics)
}

/// Reads the text of a schedule.
pub fn read_input(input: &Input, options: &Options, diagnostics: Diagnostics) -> Result<Imported, Error> {
    let json = json::parse(input)?;
    let no_schedule =
        || Error::Input(format!("{} is no schedule: it has no “schedule” with a “conference”", input.name));
    let top = Object::of(&json.value).ok_or_else(no_schedule)?;
    // Some write the inner object alone.
    let schedule = top.object(&["schedule"]).or_else(|| Object::of(&json.value)).ok_or_else(no_schedule)?;
    let conference = schedule.object(&["conference"]).ok_or_else(no_schedule)?;
    let root = if top.get(&["schedule"]).is_some() { "schedule" } else { "" };
    let mut reading = Reading { json: &json, root, programme: Programme::default() };
    let generator = top
        .object(&["generator"])
        .or_else(|| schedule.object(&["generator"]))
        .and_then(|generator| generator.text(&["name"]));
    if generator.is_some_and(|name| name.eq_ignore_ascii_case("plenary")) {
        reading.programme.mark_own();
        reading.programme.version = schedule.text(&["version"]);
    }
    if !root.is_empty() {
        top.known(&["$schema"]);
        top.tell_others("the file", &[], &json.place(""), &mut reading.programme.tally);
    }
    reading.schedule(&schedule, &conference, options);
    programme::build(reading.programme, &input.name, options, diagnostics)
}

struct Reading<'a> {
    json: &'a Json<'a>,
    /// The path of the schedule.
    root: &'static str,
    programme: Programme,
}

impl Reading<'_> {
    fn place(&self, path: &str) -> Place {
        self.json.place(&self.full(path))
    }

    /// The path of something in the schedule as one from the top of the file.
    fn full(&self, path: &str) -> String {
        if self.root.is_empty() { path.to_owned() } else { format!("{}.{path}", self.root) }
    }

    /// The name of the track that was told with a slug.
    fn track_with_slug(&self, slug: &str) -> Option<String> {
        let tracks = &self.programme.tracks;
        tracks.iter().find(|track| track.slug.as_deref() == Some(slug)).map(|track| track.name.clone())
    }

    fn tell(&mut self, severity: Severity, code: &'static str, path: &str, message: impl Into<String>) {
        let place = self.place(path);
        self.programme.tally.add(severity, code, place, message);
    }

    fn schedule(&mut self, schedule: &Object<'_>, conference: &Object<'_>, options: &Options) {
        self.conference(conference);
        let page = schedule.text(&["base_url"]);
        if self.programme.is_own {
            // The feed lies below the event's page.
            let above = |feed: String| feed.rsplit_once('/').map(|(above, _)| above.to_owned());
            let page = page.or_else(|| above(schedule.text(&["url"])?));
            self.programme.website = self.programme.website.take().filter(|website| Some(website) != page.as_ref());
        } else if self.programme.website.is_none() {
            self.programme.website = page.or_else(|| schedule.text(&["url"]));
        }
        let days = conference.list(&["days"]);
        let events = schedule.list(&["events"]);
        // Version 2 tells once for all sessions who the people are.
        let persons = schedule.list(&["persons"]);
        let named = conference.text(&["time_zone_name", "timezone"]);
        let clues = ZoneClues { named: named.as_deref(), city: None, offset: offset_in(days, events) };
        let place = self.place("conference");
        let mut clock = Clock::choose(options, &clues, &place, &mut self.programme.tally);
        clock.day_change = conference.text(&["day_change"]).as_deref().and_then(times::clock);
        self.programme.time_zone.clone_from(&clock.name);
        let told = |keys: &[&str]| times::moment(&conference.text(keys)?);
        let (start, end) = (told(&["start"]), told(&["end"]));
        let dates = days.iter().filter_map(|day| times::moment(day.get("date")?.as_str()?));
        let range = times::range(dates.map(|moment| times::day(moment, &clock.zone)));
        let starts_on = start.map(|start| Date(times::day(start, &clock.zone)));
        self.programme.starts_on = starts_on.or(range.map(|(first, _)| first));
        let last = range.map(|(_, last)| last);
        let told_by_own = self.last_day(conference, &clock);
        let ends_on = told_by_own.or_else(|| Some(times::last_day(end?, last, &clock.zone)));
        self.programme.ends_on = ends_on.or(last).max(self.programme.starts_on);
        schedule.known(&["base_url", "url", "generator", "$schema", "conference"]);
        schedule.tell_others("the schedule", &["version"], &place, &mut self.programme.tally);
        conference.known(&["daysCount", "timeslot_duration", "days", "url"]);
        conference.tell_others(
            "the conference",
            &["colors", "keywords", "meta", "languages", "defaults"],
            &place,
            &mut self.programme.tally,
        );
        for (number, person) in persons.iter().enumerate() {
            let place = self.place(&format!("persons.{number}"));
            self.person(person, &place);
        }
        if events.is_empty() {
            let is_ordered = !self.programme.rooms.is_empty();
            let rooms: Vec<Vec<usize>> =
                days.iter().enumerate().map(|(number, day)| self.day(day, number, &clock)).collect();
            if !is_ordered {
                self.programme.order_rooms(&rooms);
            }
        } else {
            self.programme.tells_status = true;
            self.programme.tells_parts = self.programme.is_own;
            for (number, event) in events.iter().enumerate() {
                self.event(event, &format!("events.{number}"), &Day::default(), None, &clock);
            }
        }
    }

    /// The last day as Plenary tells it in version 2: the event ends at the midnight after it.
    fn last_day(&self, conference: &Object<'_>, clock: &Clock) -> Option<Date> {
        let text = conference.text(&["end"]).filter(|_| self.programme.is_own)?;
        let Moment::At(end, _) = times::moment(&text)? else { return None };
        let last = end.checked_sub(jiff::SignedDuration::from_secs(1)).ok()?;
        Some(Date(clock.zone.to_datetime(last).date()))
    }

    fn conference(&mut self, conference: &Object<'_>) {
        let text = |keys: &[&str]| conference.text(keys);
        self.programme.title = text(&["title"]);
        if let Some(meta) = conference.object(&["meta"]).filter(|_| self.programme.is_own) {
            self.programme.guid = meta.text(&["guid"]);
            self.programme.tentative = meta.list(&["tentative"]).iter().filter_map(json::text_of).collect();
        }
        self.programme.acronym = text(&["acronym"]).filter(|_| !self.programme.is_own);
        if self.programme.is_own {
            self.programme.language = conference.list(&["languages"]).first().and_then(json::text_of);
        }
        self.programme.logo = address(conference, &["logo"]);
        self.programme.description = conference.long(&["description"]);
        self.programme.website = text(&["url"]);
        for track in conference.list(&["tracks"]) {
            let Some(facts) = Object::of(track) else {
                if let Some(name) = json::text_of(track) {
                    self.programme.track(&name);
                }
                continue;
            };
            let Some(name) = facts.text(&["name"]) else { continue };
            let place = self.programme.track(&name);
            let colors = facts.object(&["colors"]);
            let track = &mut self.programme.tracks[place];
            track.color = facts.text(&["color"]).or_else(|| colors?.text(&["light", "primary", "dark"]));
            track.guid = facts.text(&["guid"]);
            track.description = facts.text(&["description"]);
            track.slug = facts.text(&["slug"]);
            let place = self.place("conference.tracks");
            facts.known(&["id", "type"]);
            facts.tell_others("a track", &[], &place, &mut self.programme.tally);
        }
        for room in conference.list(&["rooms"]) {
            let Some(facts) = Object::of(room) else {
                if let Some(name) = json::text_of(room) {
                    self.programme.room(&name);
                }
                continue;
            };
            let Some(name) = facts.text(&["name"]) else { continue };
            let place = self.programme.room(&name);
            let room = &mut self.programme.rooms[place];
            room.guid = facts.text(&["guid"]);
            room.description = facts.long(&["description"]);
            room.slug = facts.text(&["slug"]).filter(|_| self.programme.is_own);
            room.capacity = facts.number(&["capacity"]).and_then(|capacity| capacity.try_into().ok());
            room.url = facts.text(&["url"]);
            room.online = facts
                .text(&["type"])
                .is_some_and(|kind| matches!(kind.to_lowercase().as_str(), "online" | "bbb" | "virtual"));
            let place = self.place("conference.rooms");
            facts.known(&["slug", "id"]);
            facts.tell_others("a room", &["stream_id", "features", "assembly"], &place, &mut self.programme.tally);
        }
    }

    /// Reads a day; answers its rooms in their order.
    fn day(&mut self, value: &Value, number: usize, clock: &Clock) -> Vec<usize> {
        let path = format!("conference.days.{number}");
        let Some(day) = Object::of(value) else {
            self.tell(Severity::Warning, "day", &path, "a day is no object, and is left out");
            return Vec::new();
        };
        let moment = |keys: &[&str]| times::moment(&day.text(keys)?);
        let instant = |keys: &[&str]| {
            times::instant(moment(keys).filter(|moment| !matches!(moment, Moment::On(_)))?, &clock.zone)
        };
        let facts = Day {
            date: moment(&["date"]).map(|moment| times::day(moment, &clock.zone)),
            starts_at: instant(&["day_start", "start"]),
            ends_at: instant(&["day_end", "end"]),
        };
        let place = self.place(&path);
        let rooms = day.get(&["rooms"]);
        day.known(&["index"]);
        day.tell_others("a day", &[], &place, &mut self.programme.tally);
        let mut order = Vec::new();
        match rooms {
            Some(Value::Object(rooms)) => {
                let offset = |name: &str| self.json.offset(&self.full(&format!("{path}.rooms.{name}")));
                let mut rooms: Vec<(&String, &Value)> = rooms.iter().collect();
                rooms.sort_by_cached_key(|(name, _)| offset(name));
                for (name, events) in rooms {
                    let room = self.programme.room(name);
                    order.push(room);
                    for (number, event) in events.as_array().into_iter().flatten().enumerate() {
                        self.event(event, &format!("{path}.rooms.{name}.{number}"), &facts, Some(room), clock);
                    }
                }
            }
            Some(Value::Array(events)) => {
                for (number, event) in events.iter().enumerate() {
                    self.event(event, &format!("{path}.rooms.{number}"), &facts, None, clock);
                }
            }
            _ => {}
        }
        order
    }

    fn event(&mut self, value: &Value, path: &str, day: &Day, room: Option<usize>, clock: &Clock) {
        let Some(event) = Object::of(value) else {
            self.tell(Severity::Warning, "event", path, "an event is no object, and is left out");
            return;
        };
        let place = self.place(path);
        let (date, start) = (event.text(&["date"]), event.text(&["start"]));
        let (duration, end) = (event.text(&["duration"]), event.text(&["end"]));
        let told =
            Told { date: date.as_deref(), start: start.as_deref(), duration: duration.as_deref(), end: end.as_deref() };
        let (starts_at, ends_at) = clock.span(day, &told, &place, &mut self.programme.tally);
        // Version 2 has no numbers, so Plenary writes them as codes.
        let number = event.number(&["id"]).or_else(|| event.number(&["code"]).filter(|_| self.programme.is_own));
        let named_room = event.get(&["room"]).and_then(|room| match Object::of(room) {
            Some(room) => room.text(&["name"]),
            None => json::text_of(room),
        });
        let track = event.get(&["track"]).and_then(|track| match Object::of(track) {
            Some(track) => track
                .text(&["name"])
                .or_else(|| track.text(&["en", "de"]))
                .or_else(|| self.track_with_slug(&track.text(&["slug"])?)),
            None => json::text_of(track),
        });
        let mut talk = Talk {
            guid: event.text(&["guid"]),
            key: event.text(&["code"]).or_else(|| event.text(&["id"])),
            number,
            title: event.text(&["title"]).unwrap_or_default(),
            subtitle: event.text(&["subtitle"]),
            summary: event.text(&["abstract"]),
            description: event.text(&["description"]),
            starts_at,
            ends_at,
            has_duration: duration.is_some(),
            room: room.or_else(|| Some(self.programme.room(&named_room?))),
            track: track.map(|name| self.programme.track(&name)),
            kind: event.text(&["type"]),
            status: event.text(&["state", "status"]).as_deref().and_then(programme::status_named),
            language: event.text(&["language"]),
            recording_url: event.text(&["video_download_url", "recording_url"]),
            ..Talk::default()
        };
        talk.is_service = talk.kind.as_deref().is_some_and(|kind| matches!(kind, "BREAK" | "META"));
        if talk.status == Some(SessionStatus::Confirmed) || talk.status.is_none() {
            // A state that says nothing odd is none.
            talk.status = None;
        }
        talk.slug = self.programme.slug(event.text(&["slug"]).as_deref(), event.text(&["url"]).as_deref(), number);
        self.people(&event, &mut talk, &place);
        self.links(&event, &mut talk);
        // A word that is neither yes nor no is no leave to record.
        let forbids = |key: &str| event.get(&[key]).map(|_| event.truth(&[key]).unwrap_or(true));
        let forbids = [forbids("do_not_record"), forbids("do_not_stream")];
        talk.do_not_record = forbids.into_iter().flatten().reduce(|one, other| one || other);
        const NO_PLACE: [&str; 8] =
            ["feedback", "feedback_url", "origin_url", "logo", "answers", "recording_license", "license", "date"];
        event.tell_others("an event", &NO_PLACE, &place, &mut self.programme.tally);
        talk.place = place;
        self.programme.talks.push(talk);
    }

    fn people(&mut self, event: &Object<'_>, talk: &mut Talk, place: &Place) {
        for value in event.list(&["persons", "participants", "speakers"]) {
            talk.people.extend(self.person(value, place));
        }
    }

    /// Somebody and their part; told where they have no name.
    fn person(&mut self, value: &Value, place: &Place) -> Option<(usize, SessionPart)> {
        let mut part = SessionPart::Speaker;
        let mut facts = PersonFacts::default();
        if let Some(person) = Object::of(value) {
            let name = person.text(&["public_name", "name", "full_public_name", "full_name", "display_name"]);
            facts = PersonFacts {
                guid: person.text(&["guid"]),
                key: person.text(&["code"]).or_else(|| person.text(&["id"])),
                name: name.unwrap_or_default(),
                affiliation: person.text(&["affiliation", "organization", "company"]),
                bio: person.long(&["biography", "bio", "description"]),
                photo: address(&person, &["avatar"]).or_else(|| person.text(&["avatar_url"])),
                homepage: person.text(&["url", "homepage"]),
                ..PersonFacts::default()
            };
            for link in person.list(&["links"]).iter().filter_map(web_link) {
                facts.add_page(link, self.programme.is_own);
            }
            part = match person.text(&["role"]).unwrap_or_default().to_lowercase().as_str() {
                "moderator" | "host" | "chair" => SessionPart::Chair,
                "panelist" => SessionPart::Panelist,
                "guest" if self.programme.is_own => SessionPart::Panelist,
                _ => SessionPart::Speaker,
            };
            person.known(&["id", "code"]);
            let no_place = ["slug", "gender", "email", "answers"];
            person.tell_others("a person", &no_place, place, &mut self.programme.tally);
        } else {
            facts.name = json::text_of(value).unwrap_or_default();
        }
        let known = self.programme.people.add(facts);
        if known.is_none() {
            let message = "a person has no name, and is left out";
            self.programme.tally.add(Severity::Warning, "person-without-name", place.clone(), message);
        }
        known.map(|known| (known, part))
    }

    fn links(&self, event: &Object<'_>, talk: &mut Talk) {
        for value in event.list(&["links"]).iter().chain(event.list(&["attachments"])) {
            let link = match Object::of(value) {
                Some(link) => link.text(&["url", "href"]).map(|url| LinkFacts {
                    url,
                    title: link.text(&["title", "name"]),
                    kind: link.text(&["type"]),
                }),
                None => json::text_of(value).map(|url| LinkFacts { url, ..LinkFacts::default() }),
            };
            if let Some(mut link) = link {
                if let (true, Some(website)) = (link.url.starts_with('/'), &self.programme.website) {
                    link.url = url::Url::parse(website)
                        .and_then(|base| base.join(&link.url))
                        .map_or(link.url, |url| url.to_string());
                }
                talk.links.push(link);
            }
        }
    }
}

/// The address of an image, alone or in an object of its own.
fn address(object: &Object<'_>, keys: &[&str]) -> Option<String> {
    match object.object(keys) {
        Some(image) => image.text(&["url"]),
        None => object.text(keys),
    }
}

fn web_link(value: &Value) -> Option<WebLink> {
    let link = Object::of(value)?;
    let url = link.text(&["url", "href"])?;
    Some(WebLink { label: link.text(&["title", "name", "service", "type"]).unwrap_or_else(|| url.clone()), url })
}

/// The offset of the first date that has one; dates in UTC say nothing about the place.
fn offset_in(days: &[Value], events: &[Value]) -> Option<jiff::tz::Offset> {
    let of_days = days.iter().flat_map(|day| {
        let rooms = day.get("rooms").and_then(Value::as_object);
        let events = rooms.into_iter().flat_map(|rooms| rooms.values()).filter_map(Value::as_array).flatten();
        let ends = ["day_start", "day_end"].into_iter().filter_map(|key| day.get(key));
        ends.chain(events.filter_map(|event| event.get("date")))
    });
    let dates = of_days.chain(events.iter().filter_map(|event| event.get("start")));
    let offsets: Vec<jiff::tz::Offset> = dates
        .filter_map(|date| match times::moment(date.as_str()?)? {
            Moment::At(_, offset) => Some(offset),
            _ => None,
        })
        .take(10_000)
        .collect();
    offsets.iter().find(|offset| **offset != jiff::tz::Offset::UTC).or(offsets.first()).copied()
}
