//! `schedule.json`: the schedule in the JSON of frab, pretalx and c3voc, version 1, valid against its schema.
//!
//! What the schema has no place for is in `conference.meta`. Cancelled sessions stay, with "Cancelled: " before the title.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::links::{Link, links};
use super::people::Profile;
use super::programme::{Place, Programme, Slot};
use super::{Feed, Options, Refusal, Source, text};
use crate::content::{SessionStatus, Track};

/// The feed.
pub(super) const FEED: Feed = Feed {
    path: "schedule.json",
    media_type: "application/json; charset=utf-8",
    title: "Schedule for apps, as JSON (c3voc, version 1)",
    parameters: &[],
    render,
};

fn render(source: &Source<'_>, _: &Options) -> Result<Vec<u8>, Refusal> {
    let programme = Programme::new(source);
    let days: Vec<Day> = programme.days.iter().map(|each| day(source, &programme, each)).collect();
    Ok(super::json_bytes(&File {
        schema: "https://c3voc.de/schedule/schema.json",
        generator: generator(),
        schedule: Schedule {
            url: text::strict_url(&source.feed_url(FEED.path)),
            version: source.version(),
            base_url: text::strict_url(&source.event_url()),
            conference: Conference { facts: conference(source, &programme, days.len()), days },
        },
    }))
}

/// The file. Converters write XML in the order in which they read, so it is that of the XML's schema.
#[derive(Serialize)]
struct File {
    #[serde(rename = "$schema")]
    schema: &'static str,
    generator: Value,
    schedule: Schedule,
}

#[derive(Serialize)]
struct Schedule {
    url: String,
    version: String,
    base_url: String,
    conference: Conference,
}

#[derive(Serialize)]
struct Conference {
    #[serde(flatten)]
    facts: Value,
    days: Vec<Day>,
}

#[derive(Serialize)]
struct Day {
    index: usize,
    date: String,
    day_start: String,
    day_end: String,
    rooms: Rooms,
}

/// The rooms of a day with their sessions. They keep their order: apps show them as they come.
struct Rooms(Vec<(String, Vec<Value>)>);

impl Serialize for Rooms {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, sessions)| (name, sessions)))
    }
}

pub(super) fn generator() -> Value {
    json!({ "name": "Plenary", "version": env!("CARGO_PKG_VERSION") })
}

/// What is told of the event beside its days.
fn conference(source: &Source<'_>, programme: &Programme<'_>, days: usize) -> Value {
    let event = source.snapshot.event();
    let website = event.website.as_deref().and_then(|website| source.web_url(website));
    let logo = event.banner.as_ref().and_then(|banner| source.web_url(&banner.url));
    let description = event.description.as_ref().map(|text| text::clean(text.as_str()).into_owned());
    filled([
        ("acronym", json!(programme.acronym)),
        ("title", json!(text::line(&event.name))),
        ("description", json!(description)),
        ("start", json!(event.starts_on)),
        ("end", json!(event.ends_on)),
        ("daysCount", json!(days)),
        ("timeslot_duration", json!("00:05")),
        ("time_zone_name", json!(zone_name(source))),
        ("logo", json!(logo)),
        ("url", json!(website.unwrap_or_else(|| text::strict_url(&source.event_url())))),
        ("tracks", source.snapshot.document().tracks.iter().map(|track| self::track(track)).collect()),
        ("rooms", programme.places.iter().map(|place| room(place, "online", "lecturehall")).collect()),
        ("meta", meta(source, programme)),
    ])
}

/// What apps of this format don't know, for those who know Plenary.
fn meta(source: &Source<'_>, programme: &Programme<'_>) -> Value {
    let slots = programme.days.iter().flat_map(|day| &day.places).flat_map(|(_, slots)| slots);
    let with = |status: SessionStatus| -> Value {
        slots.clone().filter(|slot| slot.session.status == status).map(|slot| json!(slot.session.head.id)).collect()
    };
    json!({
        "guid": source.snapshot.event().id,
        "release": source.snapshot.stamp().release,
        "cancelled": with(SessionStatus::Cancelled),
        "tentative": with(SessionStatus::Tentative),
    })
}

/// The zone's name, where the schema takes it.
pub(super) fn zone_name<'a>(source: &'a Source<'_>) -> Option<&'a str> {
    let is_word = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(|first| first.is_ascii_uppercase())
            && letters.next().is_some_and(|second| second.is_ascii_lowercase())
    };
    let name = source.zone_name();
    let continent = |part: &str| is_word(part) && part.chars().skip(1).all(|letter| letter.is_ascii_lowercase());
    let is_fit = name.split_once('/').is_some_and(|(first, rest)| continent(first) && is_word(rest));
    (is_fit || name == "UTC").then_some(name)
}

pub(super) fn track(track: &Track) -> Value {
    filled([
        ("name", json!(text::line(&track.name))),
        ("slug", json!(slug(&track.head.slug, "track"))),
        ("color", json!(track.color)),
    ])
}

/// A slug that has the two characters which the schemas want.
pub(super) fn slug(slug: &str, kind: &str) -> String {
    let ends_well = slug.bytes().last().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if slug.len() >= 2 && ends_well {
        slug.to_owned()
    } else {
        format!("{kind}-{slug}").trim_end_matches('-').to_owned()
    }
}

/// A room, with the words of a version for one on the network and one at the venue.
pub(super) fn room(place: &Place<'_>, online: &str, hall: &str) -> Value {
    let room = place.room;
    let description = room.and_then(|room| room.description.as_ref());
    filled([
        ("name", json!(place.name)),
        ("guid", json!(place.guid)),
        ("slug", json!(room.map(|room| slug(&room.head.slug, "room")))),
        ("type", json!(room.map(|room| if room.online { online } else { hall }))),
        ("description", json!(description.map(|text| text::clean(text.as_str())))),
        ("capacity", json!(room.and_then(|room| room.capacity))),
    ])
}

fn day(source: &Source<'_>, programme: &Programme<'_>, day: &super::programme::Day<'_>) -> Day {
    let zone = source.snapshot.zone();
    let room = |(place, slots): &(usize, Vec<Slot<'_>>)| {
        let name = &programme.places[*place].name;
        (name.clone(), slots.iter().map(|slot| session(source, name, slot, programme)).collect())
    };
    Day {
        index: day.index,
        date: day.date.to_string(),
        day_start: text::local(day.start, zone),
        day_end: text::local(day.end, zone),
        rooms: Rooms(day.places.iter().map(room).collect()),
    }
}

fn session(source: &Source<'_>, room: &str, slot: &Slot<'_>, programme: &Programme<'_>) -> Value {
    let zone = source.snapshot.zone();
    json!({
        "guid": slot.session.head.id,
        "id": slot.number,
        "date": text::local(slot.start, zone),
        "start": zone.to_datetime(slot.start).strftime("%H:%M").to_string(),
        "end": text::local(slot.end, zone),
        "duration": text::hours_and_minutes(slot.minutes()),
        "room": room,
        "slug": slot.slug,
        "url": text::strict_url(&source.session_url(slot.session)),
        "title": slot.title(),
        "subtitle": null,
        "track": slot.track.map(|track| text::line(&track.name)),
        "type": slot.kind(),
        "language": slot.language(source.snapshot.event()),
        "abstract": Some(slot.summary(source)).filter(|summary| !summary.is_empty()),
        "description": null,
        "recording_license": "",
        "do_not_record": slot.session.do_not_record,
        "persons": slot.people(source).iter().map(|(person, name)| {
            let profile = Profile::new(source, person);
            filled([
                ("guid", json!(person.id)),
                ("id", json!(programme.people[&person.id])),
                ("name", json!(name)),
                ("avatar", json!(profile.photo)),
                ("biography", json!(profile.bio)),
                ("url", json!(profile.homepage)),
                ("links", profile.links.iter().map(link).collect()),
            ])
        }).collect::<Vec<_>>(),
        "links": links(source, slot.session).iter().map(link).collect::<Vec<_>>(),
        "attachments": [],
    })
}

fn link(link: &Link) -> Value {
    json!({ "url": link.url, "title": link.title, "type": link.kind })
}

/// An object of the members that have a value.
pub(super) fn filled<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(members.map(|(name, value)| (name.to_owned(), value)).collect())
}
