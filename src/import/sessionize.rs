//! Sessionize's JSON: the view `All`, and the views `GridSmart` and `Sessions` where somebody has only those.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use super::diagnostic::Place;
use super::input::Input;
use super::json::{self, Json, Object};
use super::programme::clock::{Clock, Told, ZoneClues};
use super::programme::times::{self, Day, Moment};
use super::programme::{self, LinkFacts, PersonFacts, Programme, Talk};
use super::{Diagnostics, Imported, Options};
use crate::content::{SessionPart, SessionStatus, Severity, WebLink};
use crate::error::Error;
use crate::feeds::SESSIONIZE_FORMATS;

/// Reads the file of a view.
pub fn read(path: &Path, options: &Options) -> Result<Imported, Error> {
    let mut diagnostics = Diagnostics::default();
    let input = Input::open(path, &mut diagnostics)?;
    read_input(&input, options, diagnostics)
}

/// Reads the text of a view.
pub fn read_input(input: &Input, options: &Options, diagnostics: Diagnostics) -> Result<Imported, Error> {
    let json = json::parse(input)?;
    let mut reading = Reading {
        json: &json,
        programme: Programme { tells_status: false, ..Programme::default() },
        clock: None,
        people: HashMap::new(),
        categories: HashMap::new(),
        rooms: HashMap::new(),
        stand_in: None,
    };
    let sessions = sessions_of(&json.value).ok_or_else(|| {
        let hint = if json.value.as_array().is_some_and(|list| list.iter().any(|item| item.get("fullName").is_some())) {
            "; the view Speakers has no sessions, use the view All"
        } else {
            ""
        };
        Error::Input(format!("{} is no view of Sessionize with sessions{hint}", input.name))
    })?;
    reading.choose_clock(&sessions, options);
    if is_own(&json.value, &sessions) {
        reading.programme.mark_own();
    }
    if let Some(all) = Object::of(&json.value) {
        reading.all(&all);
    }
    for (path, session) in sessions {
        reading.session(session, &path);
    }
    reading.without_stand_in(options);
    if reading.programme.is_own && json.value.is_array() {
        reading.order_rooms();
    }
    programme::build(reading.programme, &input.name, options, diagnostics)
}

/// Whether Plenary wrote the view: its formats have the numbers that Plenary gives them, so small that no others have them.
fn is_own(value: &Value, sessions: &[(String, &Value)]) -> bool {
    let is_format = |item: &Value| {
        let known =
            item["id"].as_u64().and_then(|id| SESSIONIZE_FORMATS.get(usize::try_from(id.checked_sub(1)?).ok()?));
        known.is_some_and(|(_, name)| item["name"] == *name)
    };
    let has_formats = |categories: &Value, title: &str, items: &str| {
        let mut categories = categories.as_array().into_iter().flatten();
        let formats = categories.find(|category| category["id"] == FORMATS && category[title] == "Session format");
        formats.and_then(|formats| formats[items].as_array()).is_some_and(|items| items.iter().all(is_format))
    };
    match value.get("sessions") {
        Some(_) => has_formats(&value["categories"], "title", "items"),
        None => sessions.iter().all(|(_, session)| has_formats(&session["categories"], "name", "categoryItems")),
    }
}

/// The sessions with their paths, whichever view it is; a plenum session that stands in every room comes once.
fn sessions_of(value: &Value) -> Option<Vec<(String, &Value)>> {
    fn listed<'a>(list: &'a Value, path: &str) -> Vec<(String, &'a Value)> {
        let sessions = list.as_array().into_iter().flatten().enumerate();
        sessions.map(|(number, session)| (format!("{path}.{number}"), session)).collect()
    }
    if value.get("sessions").is_some() {
        return Some(listed(&value["sessions"], "sessions"));
    }
    let groups = value.as_array()?;
    let mut found = Vec::new();
    let mut is_view = false;
    for (number, group) in groups.iter().enumerate() {
        if let Some(sessions) = group.get("sessions").filter(|_| group.get("fullName").is_none()) {
            is_view = true;
            found.extend(listed(sessions, &format!("{number}.sessions")));
        }
        for (place, room) in group.get("rooms").and_then(Value::as_array).into_iter().flatten().enumerate() {
            if let Some(sessions) = room.get("sessions") {
                is_view = true;
                found.extend(listed(sessions, &format!("{number}.rooms.{place}.sessions")));
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|(_, session)| {
        session
            .get("id")
            .is_none_or(|id| seen.insert((id.to_string(), session.get("startsAt").map(ToString::to_string))))
    });
    is_view.then_some(found)
}

/// The numbers that Plenary gives to the category of formats and to the question for the paper.
const FORMATS: i64 = 2;
const PAPER: i64 = 1;

struct Reading<'a> {
    json: &'a Json<'a>,
    programme: Programme,
    clock: Option<Clock>,
    /// People by the source's id.
    people: HashMap<String, usize>,
    /// Items of categories by id: the category's title and the item's name.
    categories: HashMap<String, (String, String)>,
    /// Rooms by the source's id.
    rooms: HashMap<String, usize>,
    /// Where Plenary puts sessions without a room.
    stand_in: Option<usize>,
}

impl Reading<'_> {
    fn choose_clock(&mut self, sessions: &[(String, &Value)], options: &Options) {
        let offset =
            sessions.iter().find_map(|(_, session)| match times::moment(session.get("startsAt")?.as_str()?)? {
                // Times in UTC say nothing about the place.
                Moment::At(_, offset) if offset != jiff::tz::Offset::UTC => Some(offset),
                _ => None,
            });
        let place = self.json.place("");
        let clock =
            Clock::choose(options, &ZoneClues { offset, ..ZoneClues::default() }, &place, &mut self.programme.tally);
        self.programme.time_zone.clone_from(&clock.name);
        self.clock = Some(clock);
    }

    fn all(&mut self, all: &Object<'_>) {
        for (number, value) in all.list(&["rooms"]).iter().enumerate() {
            let Some(room) = Object::of(value) else { continue };
            let (Some(name), id) = (room.text(&["name"]), room.text(&["id"])) else { continue };
            let place = self.programme.room(&name);
            self.rooms.extend(id.map(|id| (id, place)));
            let at = self.json.place(&format!("rooms.{number}"));
            room.known(&["sort"]);
            room.tell_others("a room", &[], &at, &mut self.programme.tally);
        }
        for (number, value) in all.list(&["categories"]).iter().enumerate() {
            let Some(category) = Object::of(value) else { continue };
            let title = category.text(&["title", "name"]).unwrap_or_default();
            for item in category.list(&["items"]) {
                let Some(item) = Object::of(item) else { continue };
                // Plenary lists its tracks in their order, also those without a session.
                if let Some(name) = item.text(&["name"]).filter(|_| self.programme.is_own && title == "Track") {
                    self.programme.track(&name);
                }
                if let (Some(id), Some(name)) = (item.text(&["id"]), item.text(&["name"])) {
                    self.categories.insert(id, (title.clone(), name));
                }
            }
            let at = self.json.place(&format!("categories.{number}"));
            category.known(&["id", "sort", "type"]);
            category.tell_others("a category", &[], &at, &mut self.programme.tally);
        }
        for (number, value) in all.list(&["speakers"]).iter().enumerate() {
            let at = self.json.place(&format!("speakers.{number}"));
            if let Some(speaker) = Object::of(value) {
                self.speaker(&speaker, true, &at);
            }
        }
        let place = self.json.place("");
        all.known(&["sessions"]);
        if self.programme.is_own {
            all.known(&["questions"]);
        }
        all.tell_others("the view", &["questions"], &place, &mut self.programme.tally);
    }

    /// Reads a speaker, who is listed as such or only named in a session.
    fn speaker(&mut self, speaker: &Object<'_>, is_listed: bool, at: &Place) -> Option<usize> {
        let id = speaker.text(&["id"]);
        let full = speaker.text(&["fullName", "name"]).or_else(|| {
            let parts = [speaker.text(&["firstName"]), speaker.text(&["lastName"])];
            Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
        });
        speaker.known(&["firstName", "lastName", "sessions"]);
        let mut facts = PersonFacts {
            guid: id.clone(),
            name: full.unwrap_or_default(),
            affiliation: speaker.text(&["tagLine"]),
            bio: speaker.long(&["bio"]),
            photo: speaker.text(&["profilePicture"]),
            is_listed,
            is_top: is_listed.then(|| speaker.truth(&["isTopSpeaker"]) == Some(true)),
            ..PersonFacts::default()
        };
        for value in speaker.list(&["links"]) {
            let Some(link) = Object::of(value) else { continue };
            let Some(url) = link.text(&["url"]) else { continue };
            let kind = link.text(&["linkType"]).unwrap_or_default();
            let label = link.text(&["title"]);
            let label = label.unwrap_or_else(|| if kind.is_empty() { url.clone() } else { kind.clone() });
            match kind.as_str() {
                "Blog" if facts.homepage.is_none() => facts.homepage = Some(url),
                _ if self.programme.is_own => facts.add_page(WebLink { label, url }, true),
                "LinkedIn" if facts.linkedin.is_none() => facts.linkedin = Some(url),
                _ => facts.links.push(WebLink { label, url }),
            }
        }
        speaker.tell_others(
            "a speaker",
            &["categoryItems", "categories", "questionAnswers"],
            at,
            &mut self.programme.tally,
        );
        let place = self.programme.people.add(facts);
        if place.is_none() {
            self.programme.tally.add(
                Severity::Warning,
                "person-without-name",
                at.clone(),
                "a speaker has no name, and is left out",
            );
        }
        if let (Some(id), Some(place)) = (id, place) {
            self.people.insert(id, place);
        }
        place
    }

    fn session(&mut self, value: &Value, path: &str) {
        let at = self.json.place(path);
        let (Some(session), Some(clock)) = (Object::of(value), self.clock.clone()) else { return };
        let (start, end) = (session.text(&["startsAt"]), session.text(&["endsAt"]));
        let told = Told { date: start.as_deref(), end: end.as_deref(), ..Told::default() };
        let (starts_at, ends_at) = clock.span(&Day::default(), &told, &at, &mut self.programme.tally);
        let id = session.text(&["id"]);
        let mut talk = Talk {
            place: at.clone(),
            number: id.as_deref().and_then(|id| id.parse().ok()),
            key: id.clone(),
            guid: id.filter(|id| super::source_ids::given(id).is_some()),
            title: session.text(&["title"]).unwrap_or_default(),
            summary: session.text(&["description"]),
            starts_at,
            ends_at,
            is_service: session.truth(&["isServiceSession"]) == Some(true),
            status: session
                .text(&["status"])
                .as_deref()
                .and_then(programme::status_named)
                .filter(|status| *status == SessionStatus::Cancelled),
            stream_url: session.text(&["liveUrl"]),
            recording_url: session.text(&["recordingUrl"]),
            ..Talk::default()
        };
        if session.text(&["status"]).is_some_and(|status| is_undecided(&status)) {
            talk.is_hidden = true;
        }
        self.programme.tells_status |= talk.status.is_some();
        talk.room = self.room(&session);
        let is_own = self.programme.is_own;
        if is_own && session.truth(&["isConfirmed"]).is_none() {
            talk.status = Some(SessionStatus::Tentative);
        }
        if is_own && session.truth(&["isPlenumSession"]) == Some(true) {
            self.stand_in = talk.room;
        }
        for value in session.list(&["questionAnswers"]).iter().filter(|answer| is_own && answer["questionId"] == PAPER)
        {
            let url = value.get("answerValue").and_then(json::text_of);
            talk.links.extend(url.map(|url| LinkFacts { url, title: None, kind: Some("paper".to_owned()) }));
        }
        for value in session.list(&["speakers"]) {
            let place = match Object::of(value) {
                Some(speaker) => {
                    let known = speaker.text(&["id"]).and_then(|id| self.people.get(&id).copied());
                    known.or_else(|| self.speaker(&speaker, false, &at))
                }
                None => json::text_of(value).and_then(|id| self.people.get(&id).copied()),
            };
            match place {
                Some(place) => talk.people.push((place, SessionPart::Speaker)),
                None => {
                    let message = "a session names a speaker who is not in the file";
                    self.programme.tally.add(Severity::Warning, "unknown-speaker", at.clone(), message);
                }
            }
        }
        self.categories_of(&session, &mut talk, &at);
        if is_own && talk.kind.as_deref() == Some("Keynote") {
            // Who gives a keynote is a top speaker, so the others chair it.
            for (place, part) in &mut talk.people {
                if self.programme.people.get(*place).is_some_and(|person| person.is_top == Some(false)) {
                    *part = SessionPart::Chair;
                }
            }
        }
        for value in session.list(&["links"]) {
            if let Some(link) = Object::of(value)
                && let Some(url) = link.text(&["url"])
            {
                talk.links.push(LinkFacts { url, title: link.text(&["title"]), kind: link.text(&["linkType"]) });
            }
        }
        let no_place = ["isPlenumSession", "questionAnswers", "isInformed", "isConfirmed", "status"];
        session.tell_others("a session", &no_place, &at, &mut self.programme.tally);
        self.programme.talks.push(talk);
    }

    /// Only sessions without a room are plenum sessions in what Plenary writes, so nothing in their place has a room.
    fn without_stand_in(&mut self, options: &Options) {
        if let Some(room) = self.stand_in.and_then(|place| self.programme.rooms.get_mut(place)) {
            let guid = super::source_ids::fresh(options.now).to_string();
            (room.guid, self.programme.guid) = (Some(guid.clone()), Some(guid));
        }
    }

    /// Puts the rooms into the order that every day of Plenary's views without a list of rooms has.
    fn order_rooms(&mut self) {
        let zone = self.clock.as_ref().map_or(jiff::tz::TimeZone::UTC, |clock| clock.zone.clone());
        let mut days: Vec<(jiff::civil::Date, Vec<usize>)> = Vec::new();
        for talk in &self.programme.talks {
            let (Some(at), Some(room)) = (talk.starts_at, talk.room) else { continue };
            // What begins before six belongs to the night of the day before.
            let day = zone.to_datetime(at.saturating_sub(jiff::SignedDuration::from_hours(6)).unwrap_or(at)).date();
            match days.last_mut().filter(|(last, _)| *last == day) {
                Some((_, rooms)) => rooms.push(room),
                None => days.push((day, vec![room])),
            }
        }
        let lists: Vec<Vec<usize>> = days.into_iter().map(|(_, rooms)| rooms).collect();
        self.programme.order_rooms(&lists);
    }

    fn room(&mut self, session: &Object<'_>) -> Option<usize> {
        let id = session.text(&["roomId"]);
        let name = session.text(&["room"]);
        if let Some(known) = id.as_ref().and_then(|id| self.rooms.get(id)) {
            return Some(*known);
        }
        let place = self.programme.room(&name?);
        self.rooms.extend(id.map(|id| (id, place)));
        Some(place)
    }

    /// Tracks, kinds and languages are categories; what else organizers ask for has no place.
    fn categories_of(&mut self, session: &Object<'_>, talk: &mut Talk, at: &Place) {
        let mut found: Vec<(String, String)> = session
            .list(&["categoryItems"])
            .iter()
            .filter_map(|item| self.categories.get(&json::text_of(item)?).cloned())
            .collect();
        for value in session.list(&["categories"]) {
            let Some(category) = Object::of(value) else { continue };
            let title = category.text(&["name", "title"]).unwrap_or_default();
            for item in category.list(&["categoryItems", "items"]) {
                let name = item.get("name").and_then(json::text_of).or_else(|| json::text_of(item));
                found.extend(name.map(|name| (title.clone(), name)));
            }
        }
        for (title, name) in found {
            let plain = title.to_lowercase();
            if plain.contains("track") && talk.track.is_none() {
                talk.track = Some(self.programme.track(&name));
            } else if plain.contains("language") && talk.language.is_none() {
                talk.language = Some(name);
            } else if (plain.contains("format") || plain.contains("type")) && talk.kind.is_none() {
                // `Workshop: half a day` says how long, too.
                let word = name.split([':', ',']).next().unwrap_or_default().trim().to_owned();
                talk.kind = Some(word);
            } else {
                let message = format!("the category “{title}” has no place here, and is left out");
                self.programme.tally.add(Severity::Info, "left-out", at.clone(), message);
            }
        }
    }
}

/// Whether the word for a proposal's state says that it is not in the programme, or not yet. Views can be set to show these.
fn is_undecided(status: &str) -> bool {
    let status = status.to_lowercase().replace([' ', '_', '-'], "");
    matches!(status.as_str(), "declined" | "waitlisted" | "nominated" | "acceptqueue" | "declinequeue" | "submitted")
}
