//! Sched's JSON: the list of sessions that `session/list` and `session/export` answer, alone or beside the speakers.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

use super::diagnostic::Place;
use super::input::Input;
use super::json::{self, Json, Object};
use super::programme::clock::{Clock, Told, ZoneClues};
use super::programme::times::{self, Day, Moment};
use super::programme::{self, LinkFacts, PersonFacts, Programme, Talk};
use super::{Diagnostics, Imported, Options};
use crate::content::{SessionPart, Severity};
use crate::error::Error;

/// Reads the file of an export.
pub fn read(path: &Path, options: &Options) -> Result<Imported, Error> {
    let mut diagnostics = Diagnostics::default();
    let input = Input::open(path, &mut diagnostics)?;
    read_input(&input, options, diagnostics)
}

/// Reads the text of an export.
pub fn read_input(input: &Input, options: &Options, diagnostics: Diagnostics) -> Result<Imported, Error> {
    let json = json::parse(input)?;
    let (root, sessions) = match &json.value {
        Value::Array(sessions) => (String::new(), sessions),
        Value::Object(map) => ["sessions", "events", "data"]
            .iter()
            .find_map(|key| Some((format!("{key}."), map.get(*key)?.as_array()?)))
            .ok_or_else(|| Error::Input(format!("{} is no list of sessions of Sched", input.name)))?,
        _ => return Err(Error::Input(format!("{} is no list of sessions of Sched", input.name))),
    };
    let is_sched = |value: &Value| {
        ["event_key", "event_start", "start_date", "event_type"].iter().any(|key| value.get(key).is_some())
    };
    if !sessions.is_empty() && !sessions.iter().any(is_sched) {
        return Err(Error::Input(format!("{} is no list of sessions of Sched: none has an event_start", input.name)));
    }
    let mut reading = Reading { json: &json, programme: Programme::default(), usernames: HashMap::new() };
    let clock = reading.clock(sessions, options);
    for key in ["speakers", "users"] {
        let people = json.value.get(key).and_then(Value::as_array);
        for (number, value) in people.into_iter().flatten().enumerate() {
            if let Some(person) = Object::of(value) {
                let at = json.place(&format!("{key}.{number}"));
                reading.person(&person, &at);
            }
        }
    }
    for (number, value) in sessions.iter().enumerate() {
        reading.session(value, &format!("{root}{number}"), &clock);
    }
    programme::build(reading.programme, &input.name, options, diagnostics)
}

struct Reading<'a> {
    json: &'a Json<'a>,
    programme: Programme,
    usernames: HashMap<String, usize>,
}

impl Reading<'_> {
    /// The zone: a session with both an instant and what the clock shows tells the offset.
    fn clock(&mut self, sessions: &[Value], options: &Options) -> Clock {
        let offset = sessions.iter().find_map(|session| {
            let instant = epoch(Object::of(session)?.number(&["start_time_ts"])?)?;
            let Moment::Local(shown) = times::moment(session.get("event_start")?.as_str()?)? else { return None };
            let utc = jiff::tz::TimeZone::UTC.to_datetime(instant);
            let seconds = i32::try_from(utc.until(shown).ok()?.total(jiff::Unit::Second).ok()?.round() as i64).ok()?;
            jiff::tz::Offset::from_seconds(seconds).ok()
        });
        let named = sessions.iter().find_map(|session| session.get("timezone").and_then(Value::as_str));
        let place = self.json.place("");
        let clock = Clock::choose(
            options,
            &ZoneClues { named, offset, ..ZoneClues::default() },
            &place,
            &mut self.programme.tally,
        );
        self.programme.time_zone.clone_from(&clock.name);
        clock
    }

    fn person(&mut self, person: &Object<'_>, at: &Place) -> Option<usize> {
        let username = person.text(&["username"]);
        let place = self.programme.people.add(PersonFacts {
            key: username.clone().or_else(|| person.text(&["id"])),
            name: person.text(&["name"]).or_else(|| username.clone()).unwrap_or_default(),
            affiliation: person.text(&["company"]),
            bio: person.text(&["about", "bio"]),
            photo: person.text(&["avatar"]),
            homepage: person.text(&["url", "website"]),
            ..PersonFacts::default()
        });
        person.known(&["id", "custom_order", "position"]);
        let no_place = ["location", "role", "sessions", "email", "phone", "joined", "lastactive"];
        person.tell_others("a speaker", &no_place, at, &mut self.programme.tally);
        if let (Some(username), Some(place)) = (username, place) {
            self.usernames.insert(username, place);
        }
        place
    }

    fn session(&mut self, value: &Value, path: &str, clock: &Clock) {
        let at = self.json.place(path);
        let Some(session) = Object::of(value) else { return };
        let (starts_at, ends_at) = self.span(&session, clock, &at);
        let mut talk = Talk {
            place: at.clone(),
            key: session.text(&["event_key", "id"]),
            title: session.text(&["name", "title"]).unwrap_or_default(),
            summary: session.text(&["description"]),
            starts_at,
            ends_at,
            is_hidden: session.truth(&["active"]) == Some(false),
            stream_url: session.text(&["video_stream"]),
            ..Talk::default()
        };
        talk.room = session.text(&["venue"]).map(|name| self.programme.room(&name));
        if let Some(kind) = session.text(&["event_type", "type"]) {
            talk.track = Some(self.programme.track(&kind));
            // Types of sessions are the organizers' own; those that say a kind are one.
            talk.kind = programme::kind_named(&kind).map(|_| kind.clone());
        }
        self.speakers(&session, &mut talk, &at);
        for value in session.list(&["files"]) {
            let Some(file) = Object::of(value) else { continue };
            if let Some(url) = file.text(&["path", "url"]) {
                talk.links.push(LinkFacts { url, title: file.text(&["name"]), kind: None });
            }
        }
        // Copies of the times in other words.
        session.known(&[
            "id",
            "venue_id",
            "start_date",
            "start_time",
            "end_date",
            "end_time",
            "event_type_sort",
            "pinned",
        ]);
        for side in ["start", "end", "event_start", "event_end"] {
            for part in ["year", "month", "month_short", "day", "weekday", "weekday_short", "time"] {
                session.known(&[&format!("{side}_{part}")]);
            }
        }
        const NO_PLACE: [&str; 6] = ["event_subtype", "goers", "seats", "seats-title", "invite_only", "rsvp_url"];
        session.tell_others("a session", &NO_PLACE, &at, &mut self.programme.tally);
        self.programme.talks.push(talk);
    }

    /// An instant counts more than what the clock shows.
    fn span(&mut self, session: &Object<'_>, clock: &Clock, at: &Place) -> (Option<Timestamp>, Option<Timestamp>) {
        let joined = |date: &str, time: &str| Some(format!("{} {}", session.text(&[date])?, session.text(&[time])?));
        let start = session.text(&["event_start"]).or_else(|| joined("start_date", "start_time"));
        let end = session.text(&["event_end"]).or_else(|| joined("end_date", "end_time"));
        let told = Told { date: start.as_deref(), end: end.as_deref(), ..Told::default() };
        let (shown_start, shown_end) = clock.span(&Day::default(), &told, at, &mut self.programme.tally);
        let starts_at = session.number(&["start_time_ts"]).and_then(epoch).or(shown_start);
        let ends_at = session.number(&["end_time_ts"]).and_then(epoch).or_else(|| {
            let length = shown_end?.duration_since(shown_start?);
            starts_at?.checked_add(length).ok()
        });
        (starts_at, ends_at.filter(|ends_at| starts_at.is_some_and(|starts_at| starts_at <= *ends_at)))
    }

    fn speakers(&mut self, session: &Object<'_>, talk: &mut Talk, at: &Place) {
        for (key, part) in [("speakers", SessionPart::Speaker), ("moderators", SessionPart::Chair)] {
            let names: Vec<&Value> = match session.get(&[key]) {
                Some(Value::Array(list)) => list.iter().collect(),
                Some(value) => vec![value],
                None => continue,
            };
            for value in names {
                if let Some(person) = Object::of(value) {
                    let known = person.text(&["username"]).and_then(|username| self.usernames.get(&username).copied());
                    let place = known.or_else(|| self.person(&person, at));
                    talk.people.extend(place.map(|place| (place, part)));
                    continue;
                }
                let text = json::text_of(value).unwrap_or_default();
                for name in text.split([',', ';']).map(str::trim).filter(|name| !name.is_empty()) {
                    let known = self.usernames.get(name).copied();
                    let place = known.or_else(|| {
                        self.programme.people.add(PersonFacts { name: name.to_owned(), ..PersonFacts::default() })
                    });
                    talk.people.extend(place.map(|place| (place, part)));
                }
            }
        }
        for key in ["artists", "sponsors", "exhibitors", "volunteers"] {
            if session.get(&[key]).is_some() {
                let message = format!("the {key} of a session have no place there, and are left out");
                self.programme.tally.add(Severity::Info, "left-out", at.clone(), message);
            }
        }
    }
}

fn epoch(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)
}
