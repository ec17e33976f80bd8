//! `schedule2.json`: the draft of version 2 of c3voc's JSON: one flat list of sessions, with breaks as breaks and with the
//! state of each session.

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::c3voc::{filled, generator, room, slug, track, zone_name};
use super::links::links;
use super::people::Profile;
use super::programme::{Programme, Slot};
use super::{Feed, Options, Refusal, Source, text};
use crate::content::{Event, Person, Session, SessionKind, SessionPart, SessionStatus};

/// The feed.
pub(super) const FEED: Feed = Feed {
    path: "schedule2.json",
    media_type: "application/json; charset=utf-8",
    title: "Schedule for apps, as JSON (c3voc, draft of version 2)",
    parameters: &[],
    render,
};

/// The language of what tells none: the schema wants one.
const LANGUAGE: &str = "en";

fn render(source: &Source<'_>, _: &Options) -> Result<Vec<u8>, Refusal> {
    let programme = Programme::new(source);
    let mut slots: Vec<&Slot<'_>> =
        programme.days.iter().flat_map(|day| &day.places).flat_map(|(_, slots)| slots).collect();
    slots.sort_by_key(|slot| (slot.start, slot.place, slot.number));
    let persons = persons(source, &slots);
    let whole = json!({
        "$schema": "https://c3voc.de/schema/schedule2",
        "generator": generator(),
        "schedule": {
            "version": source.version(),
            "url": text::strict_url(&source.feed_url(FEED.path)),
            "base_url": text::strict_url(&source.event_url()),
            "conference": conference(source, &programme),
            "persons": persons,
            "events": slots.into_iter().map(|slot| session(source, &programme, slot)).collect::<Vec<_>>(),
        },
    });
    Ok(super::json_bytes(&whole))
}

fn conference(source: &Source<'_>, programme: &Programme<'_>) -> Value {
    let event = source.snapshot.event();
    let zone = source.snapshot.zone();
    let midnight = |date: Date| {
        let at =
            zone.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        text::local(at, zone)
    };
    let website = event.website.as_deref().and_then(|website| source.web_url(website));
    let logo = event.banner.as_ref().and_then(|banner| source.web_url(&banner.url));
    let description = event.description.as_ref().map(|text| text::clean(text.as_str()).into_owned());
    let days = programme.days.iter().map(|day| {
        let (start, end) = (text::local(day.start, zone), text::local(day.end, zone));
        json!({ "index": day.index, "date": day.date.to_string(), "start": start, "end": end })
    });
    let rooms = programme.places.iter().map(|place| room(place, "VIRTUAL", "LECTURE_HALL"));
    filled([
        ("acronym", json!(programme.acronym)),
        ("title", json!(text::line(&event.name))),
        ("description", json!(description)),
        ("start", json!(midnight(event.starts_on.0))),
        ("end", json!(midnight(event.ends_on.0.saturating_add(1.day())))),
        ("timeslot_duration", json!("PT5M")),
        ("time_zone_name", json!(zone_name(source))),
        ("logo", json!(logo.map(|url| json!({ "type": "Image", "url": url })))),
        ("url", json!(website.unwrap_or_else(|| text::strict_url(&source.event_url())))),
        ("languages", json!([language(None, event)])),
        ("tracks", source.snapshot.document().tracks.iter().map(|each| track(each)).collect()),
        ("rooms", rooms.collect()),
        ("meta", json!({ "guid": event.id, "release": source.snapshot.stamp().release })),
        ("days", days.collect()),
    ])
}

fn session(source: &Source<'_>, programme: &Programme<'_>, slot: &Slot<'_>) -> Value {
    let zone = source.snapshot.zone();
    let place = &programme.places[slot.place];
    let session = slot.session;
    let (start, end) = (text::local(slot.start, zone), text::local(slot.end, zone));
    let room = json!({ "guid": place.guid, "name": place.name });
    if matches!(session.kind, SessionKind::Break | SessionKind::Meal) {
        // Breaks have no state here.
        let title = slot.title();
        return json!({
            "type": "BREAK", "guid": session.head.id, "title": title, "start": start, "end": end, "room": room,
        });
    }
    let links = links(source, session)
        .into_iter()
        .map(|link| json!({ "url": link.url, "title": link.title, "type": link.kind.to_ascii_uppercase() }));
    json!({
        "guid": session.head.id,
        "code": slot.number.to_string(),
        "start": start,
        "end": end,
        "room": room,
        "slug": slot.slug,
        "url": text::strict_url(&source.session_url(session)),
        "title": slot.plain_title(),
        "subtitle": null,
        "track": { "slug": slot.track.map_or("none".to_owned(), |track| slug(&track.head.slug, "track")) },
        "type": kind(session.kind),
        "language": language(Some(session), source.snapshot.event()),
        "abstract": Some(slot.summary(source)).filter(|summary| !summary.is_empty()),
        "participants": slot.people(source).into_iter().map(|(person, name)| {
            let part = session.people.iter().find(|part| part.person == person.id).map(|part| part.part);
            json!({ "guid": person.id, "name": name, "role": role(part) })
        }).collect::<Vec<_>>(),
        "links": links.collect::<Vec<_>>(),
        "state": match session.status {
            SessionStatus::Confirmed => "CONFIRMED",
            SessionStatus::Tentative => "ACCEPTED",
            SessionStatus::Cancelled => "CANCELED",
        },
    })
}

/// Who the people of all sessions are, each once.
fn persons(source: &Source<'_>, slots: &[&Slot<'_>]) -> Vec<Value> {
    let mut told = HashSet::new();
    let people = slots.iter().flat_map(|slot| slot.people(source)).filter(|(person, _)| told.insert(person.id));
    let person = |(person, name): (&Person, String)| {
        let profile = Profile::new(source, person);
        let links = profile.links.iter().map(|link| json!({ "url": link.url, "title": link.title, "type": "WEB" }));
        filled([
            ("guid", json!(person.id)),
            ("name", json!(name)),
            ("biography", json!(profile.bio)),
            ("avatar", json!(profile.photo.map(|url| json!({ "type": "Image", "url": url })))),
            ("url", json!(profile.homepage)),
            ("links", links.collect()),
        ])
    };
    people.map(person).collect()
}

fn kind(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::Keynote | SessionKind::Talk => "TALK",
        SessionKind::Spotlight => "LIGHTNING_TALK",
        SessionKind::Panel => "DISCUSSION",
        SessionKind::Social => "MEETING",
        _ => "OTHER",
    }
}

fn role(part: Option<SessionPart>) -> &'static str {
    match part {
        Some(SessionPart::Chair) => "MODERATOR",
        Some(SessionPart::Panelist) => "GUEST",
        Some(SessionPart::Speaker) | None => "SPEAKER",
    }
}

/// The language as two letters, as the schema wants it.
fn language(session: Option<&Session>, event: &Event) -> String {
    let tags = [session.and_then(|session| session.language.as_deref()), event.language.as_deref()];
    let two_letters = |tag: &str| {
        let first = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        (first.len() == 2 && first.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(first)
    };
    tags.into_iter().flatten().find_map(two_letters).unwrap_or_else(|| LANGUAGE.to_owned())
}
