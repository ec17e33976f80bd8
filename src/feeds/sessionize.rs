//! `sessionize/view/…`: the five views of Sessionize's API, for websites and apps that read those.
//!
//! Instants end in `Z`, which most clients want; `?tz=local` gives the event's local times without an offset, for those that
//! take nothing else.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::links::links;
use super::people::Profile;
use super::programme::{Day, Programme, Slot, numbers};
use super::{Feed, Options, Parameter, Refusal, Source, Values, text};
use crate::content::{Id, Person, Session, SessionKind, SessionPart, SessionStatus};

const JSON: &str = "application/json; charset=utf-8";
const PARAMETERS: &[Parameter] = &[Parameter {
    name: "tz",
    description: "\"utc\" for instants that end in Z, the default, or \"local\" for the event's local times without an offset",
    values: Values::Of(&["utc", "local"]),
}];

/// Everything, in one answer.
pub(super) const ALL: Feed = Feed {
    path: "sessionize/view/All",
    media_type: JSON,
    title: "Sessions, speakers, rooms and tracks, as Sessionize tells them",
    parameters: PARAMETERS,
    render: |source, options| Ok(super::json_bytes(&Views::new(source, options)?.all())),
};
/// The sessions, with what belongs to them.
pub(super) const SESSIONS: Feed = Feed {
    path: "sessionize/view/Sessions",
    title: "Sessions, as Sessionize tells them",
    render: |source, options| Ok(super::json_bytes(&Views::new(source, options)?.sessions())),
    ..ALL
};
/// The speakers.
pub(super) const SPEAKERS: Feed = Feed {
    path: "sessionize/view/Speakers",
    title: "Speakers, as Sessionize tells them",
    render: |source, options| Ok(super::json_bytes(&Views::new(source, options)?.speakers())),
    ..ALL
};
/// The speakers in short.
pub(super) const SPEAKER_WALL: Feed = Feed {
    path: "sessionize/view/SpeakerWall",
    title: "Speakers with their portraits, as Sessionize tells them",
    render: |source, options| Ok(super::json_bytes(&Views::new(source, options)?.wall())),
    ..ALL
};
/// The schedule as a grid.
pub(super) const GRID: Feed = Feed {
    path: "sessionize/view/GridSmart",
    title: "The schedule as a grid, as Sessionize tells it",
    render: |source, options| Ok(super::json_bytes(&Views::new(source, options)?.grid())),
    ..ALL
};

/// The numbers of the categories and the question.
const TRACKS: i32 = 1;
const FORMATS: i32 = 2;
const PAPER: i32 = 1;

/// The formats of sessions, with what they are called. Their numbers are their places, counted from 1.
pub const KINDS: [(SessionKind, &str); 12] = [
    (SessionKind::Keynote, "Keynote"),
    (SessionKind::Talk, "Talk"),
    (SessionKind::Spotlight, "Spotlight"),
    (SessionKind::Panel, "Panel"),
    (SessionKind::Poster, "Poster"),
    (SessionKind::Break, "Break"),
    (SessionKind::Meal, "Meal"),
    (SessionKind::Opening, "Opening"),
    (SessionKind::Closing, "Closing"),
    (SessionKind::Award, "Award"),
    (SessionKind::Social, "Social"),
    (SessionKind::Other, "Other"),
];

/// What the views are made from.
struct Views<'a> {
    source: &'a Source<'a>,
    programme: Programme<'a>,
    is_local: bool,
    /// The numbers of the tracks.
    tracks: HashMap<Id, i32>,
    /// Who takes part in a session, by person, with their sessions.
    sessions_of: BTreeMap<Id, Vec<(i32, String)>>,
    /// Who gives a keynote.
    keynotes: HashSet<Id>,
}

impl<'a> Views<'a> {
    fn new(source: &'a Source<'a>, options: &Options) -> Result<Views<'a>, Refusal> {
        let is_local = match options.get("tz") {
            None | Some("utc") => false,
            Some("local") => true,
            Some(_) => {
                let message = "it is \"utc\" or \"local\"".to_owned();
                return Err(Refusal::BadParameter { name: "tz", message });
            }
        };
        let programme = Programme::new(source);
        let tracks = numbers(source.snapshot.document().tracks.iter().map(|track| track.head.id));
        let mut sessions_of: BTreeMap<Id, Vec<(i32, String)>> = BTreeMap::new();
        let mut keynotes = HashSet::new();
        for slot in slots(&programme) {
            if slot.session.kind == SessionKind::Keynote {
                let speak = slot.session.people.iter().filter(|person| person.part == SessionPart::Speaker);
                keynotes.extend(speak.map(|person| person.person));
            }
            for (person, _) in slot.people(source) {
                sessions_of.entry(person.id).or_default().push((slot.number, slot.title()));
            }
        }
        Ok(Views { source, programme, is_local, tracks, sessions_of, keynotes })
    }

    fn all(&self) -> Value {
        let category = |id: i32, title: &str, sort: i32, items: Value| json!({ "id": id, "title": title, "items": items, "sort": sort, "type": "session" });
        let tracks = self.source.snapshot.document().tracks.iter().enumerate().map(
            |(sort, track)| json!({ "id": self.tracks[&track.head.id], "name": text::line(&track.name), "sort": sort }),
        );
        let formats = (1..).zip(KINDS).map(|(id, (_, name))| json!({ "id": id, "name": name, "sort": id }));
        let rooms = self.programme.places.iter().enumerate();
        let question = json!({ "id": PAPER, "question": "Paper", "questionType": "Web_Address", "sort": 0 });
        json!({
            "sessions": slots(&self.programme).map(|slot| self.session(slot, false)).collect::<Vec<_>>(),
            "speakers": self.people().map(|person| self.speaker(person, false)).collect::<Vec<_>>(),
            "questions": [question],
            "categories": [
                category(TRACKS, "Track", 0, tracks.collect()),
                category(FORMATS, "Session format", 1, formats.collect()),
            ],
            "rooms": rooms.map(|(sort, place)| json!({ "id": place.number, "name": place.name, "sort": sort }))
                .collect::<Vec<_>>(),
        })
    }

    fn sessions(&self) -> Value {
        let sessions: Vec<_> = slots(&self.programme).map(|slot| self.session(slot, true)).collect();
        json!([{ "groupId": null, "groupName": "All", "sessions": sessions, "isDefault": true }])
    }

    fn speakers(&self) -> Value {
        self.people().map(|person| self.speaker(person, true)).collect()
    }

    fn wall(&self) -> Value {
        let tile = |person: &'a Person| {
            let mut tile = self.speaker(person, true);
            if let Some(members) = tile.as_object_mut() {
                for member in ["bio", "sessions", "links", "questionAnswers", "categories"] {
                    members.remove(member);
                }
            }
            tile
        };
        self.people().map(tile).collect()
    }

    fn grid(&self) -> Value {
        let days = self.programme.days.iter().filter(|day| !day.places.is_empty());
        days.enumerate().map(|(place, day)| self.grid_of(day, place == 0)).collect()
    }

    fn grid_of(&self, day: &Day<'a>, is_default: bool) -> Value {
        let rooms = day.places.iter().map(|(place, slots)| {
            let place = &self.programme.places[*place];
            let sessions: Vec<_> = slots.iter().map(|slot| self.session(slot, true)).collect();
            let plenum = slots.iter().all(|slot| is_plenum(slot.session));
            json!({ "id": place.number, "name": place.name, "sessions": sessions, "hasOnlyPlenumSessions": plenum })
        });
        let starts: BTreeSet<Timestamp> =
            day.places.iter().flat_map(|(_, slots)| slots).map(|slot| slot.start).collect();
        let time_slots = starts.into_iter().map(|start| {
            // What begins at the same time in the same room stands side by side.
            let rooms = day.places.iter().enumerate().flat_map(|(index, (place, slots))| {
                let place = &self.programme.places[*place];
                slots.iter().filter(move |slot| slot.start == start).map(move |slot| {
                    let session = self.session(slot, true);
                    json!({ "id": place.number, "name": place.name, "session": session, "index": index })
                })
            });
            let local = self.source.snapshot.zone().to_datetime(start);
            json!({ "slotStart": local.strftime("%H:%M:%S").to_string(), "rooms": rooms.collect::<Vec<_>>() })
        });
        json!({
            "date": self.time(day.start),
            "isDefault": is_default,
            "rooms": rooms.collect::<Vec<_>>(),
            "timeSlots": time_slots.collect::<Vec<_>>(),
        })
    }

    /// A session; `whole` with names beside the numbers, as all views but one have it.
    fn session(&self, slot: &Slot<'a>, whole: bool) -> Value {
        let session = slot.session;
        let place = &self.programme.places[slot.place];
        let people = slot.people(self.source);
        let links = links(self.source, session);
        let paper = links.iter().find(|link| link.kind == "paper");
        let address = |url: &Option<String>| url.as_deref().and_then(|url| self.source.web_url(url));
        let mut value = json!({
            "id": slot.number.to_string(),
            "title": slot.title(),
            "description": Some(slot.summary(self.source)).filter(|summary| !summary.is_empty()),
            "startsAt": self.time(slot.start),
            "endsAt": self.time(slot.end),
            "isServiceSession": is_service(session),
            "isPlenumSession": is_plenum(session),
            "questionAnswers": paper.map(|link| json!({ "questionId": PAPER, "answerValue": link.url }))
                .into_iter().collect::<Vec<_>>(),
            "roomId": place.number,
            "liveUrl": address(&session.stream_url),
            "recordingUrl": address(&session.recording_url),
            "status": "Accepted",
            "isInformed": true,
            "isConfirmed": session.status == SessionStatus::Confirmed,
        });
        let format = (1..).zip(KINDS).find(|(_, (kind, _))| *kind == session.kind);
        let track = slot.track.map(|track| (self.tracks[&track.head.id], text::line(&track.name)));
        if whole {
            let category = |id: i32, name: &str, sort: i32, item: (i32, &str)| {
                let items = [json!({ "id": item.0, "name": item.1 })];
                json!({ "id": id, "name": name, "categoryItems": items, "sort": sort })
            };
            let track = track.as_ref().map(|(id, name)| category(TRACKS, "Track", 0, (*id, name)));
            let format = format.map(|(id, (_, name))| category(FORMATS, "Session format", 1, (id, name)));
            value["categories"] = track.into_iter().chain(format).collect();
            value["room"] = json!(place.name);
            value["speakers"] = people.iter().map(|(person, name)| json!({ "id": person.id, "name": name })).collect();
        } else {
            let items = track.map(|(id, _)| id).into_iter().chain(format.map(|(id, _)| id));
            value["categoryItems"] = items.map(Value::from).collect();
            value["speakers"] = people.iter().map(|(person, _)| json!(person.id)).collect();
        }
        value
    }

    fn speaker(&self, person: &'a Person, whole: bool) -> Value {
        let profile = Profile::new(self.source, person);
        let full = text::line(&person.name);
        let (first, last) = full.rsplit_once(' ').unwrap_or((&full, ""));
        let homepage = profile.homepage.map(|url| json!({ "title": "Homepage", "url": url, "linkType": "Blog" }));
        let links = profile.links.iter().map(|link| {
            let kind = if link.title == "LinkedIn" { "LinkedIn" } else { "Other" };
            json!({ "title": link.title, "url": link.url, "linkType": kind })
        });
        let sessions = self.sessions_of.get(&person.id).into_iter().flatten();
        let mut value = json!({
            "id": person.id,
            "firstName": first,
            "lastName": last,
            "fullName": full,
            "bio": profile.bio,
            "tagLine": profile.affiliation,
            "profilePicture": profile.photo,
            "isTopSpeaker": profile.is_top || self.keynotes.contains(&person.id),
            "links": homepage.into_iter().chain(links).collect::<Vec<_>>(),
            "sessions": sessions.map(|(id, name)| match whole {
                true => json!({ "id": id, "name": name }),
                false => json!(id),
            }).collect::<Vec<_>>(),
            "questionAnswers": [],
        });
        value[if whole { "categories" } else { "categoryItems" }] = json!([]);
        value
    }

    /// Everybody who takes part in a session, and the invited speakers and panelists, in the order of the people.
    fn people(&self) -> impl Iterator<Item = &'a Person> {
        let document = self.source.snapshot.document();
        let invited: BTreeSet<Id> =
            document.speakers.iter().chain(&document.panelists).map(|part| part.person).collect();
        let people = document.people.iter().map(|person| &**person);
        people.filter(move |person| invited.contains(&person.id) || self.sessions_of.contains_key(&person.id))
    }

    fn time(&self, at: Timestamp) -> String {
        if self.is_local {
            return self.source.snapshot.zone().to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S").to_string();
        }
        at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

fn slots<'p, 'a>(programme: &'p Programme<'a>) -> impl Iterator<Item = &'p Slot<'a>> {
    programme.days.iter().flat_map(|day| &day.places).flat_map(|(_, slots)| slots)
}

fn is_service(session: &Session) -> bool {
    matches!(session.kind, SessionKind::Break | SessionKind::Meal)
}

/// Whether the session is for everybody, whatever the room.
fn is_plenum(session: &Session) -> bool {
    is_service(session) && session.room.is_none()
}
