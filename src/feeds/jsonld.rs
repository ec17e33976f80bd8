//! `event.jsonld`: the event in the words of schema.org, for search engines and for pages that put it into a `script`
//! element: no `<` or `&` stands in it, so nothing can end that element early.
//!
//! What a search engine wants of every event (a name, a start, a place) is said of every session too.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::programme::{Place, Programme, Slot};
use super::{Feed, Options, Refusal, Source, text};
use crate::content::{
    AttendanceMode, Id, Image, Markdown, Paper, Participation, Person, Session, SessionStatus, Sponsor,
};

/// The feed.
pub(super) const FEED: Feed = Feed {
    path: "event.jsonld",
    media_type: "application/ld+json",
    title: "The event for search engines (schema.org, JSON-LD)",
    parameters: &[],
    render,
};

fn render(source: &Source<'_>, _: &Options) -> Result<Vec<u8>, Refusal> {
    let programme = Programme::new(source);
    let made = Made { source, programme: &programme, parts: parts(&programme) };
    let mut event = made.event();
    event.insert("@context".to_owned(), json!("https://schema.org"));
    Ok(harmless(&Value::Object(event)).into_bytes())
}

/// JSON that can stand in HTML.
fn harmless(value: &Value) -> String {
    let json = value.to_string();
    let mut harmless = String::with_capacity(json.len() + 64);
    // These stand only within strings, where an escape says the same.
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                harmless.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => harmless.push(other),
        }
    }
    harmless
}

/// The sessions by the one that they are a part of; those that stand for themselves are under `None`.
fn parts<'a, 'b>(programme: &'b Programme<'a>) -> HashMap<Option<Id>, Vec<&'b Slot<'a>>> {
    let mut slots: Vec<&Slot<'_>> = programme.slots().collect();
    slots.sort_by_key(|slot| (slot.start, slot.end, slot.number));
    let there: Vec<Id> = slots.iter().map(|slot| slot.session.head.id).collect();
    let mut parts: HashMap<Option<Id>, Vec<&Slot<'_>>> = HashMap::new();
    for slot in slots {
        let parent = slot.session.parent.filter(|parent| there.contains(parent));
        parts.entry(parent).or_default().push(slot);
    }
    parts
}

struct Made<'a, 'b> {
    source: &'b Source<'a>,
    programme: &'b Programme<'a>,
    parts: HashMap<Option<Id>, Vec<&'b Slot<'a>>>,
}

impl Made<'_, '_> {
    fn event(&self) -> Map<String, Value> {
        let (snapshot, source) = (self.source.snapshot, self.source);
        let (event, document) = (snapshot.event(), snapshot.document());
        let mut made = thing("Event", &event.name);
        made.insert("@id".to_owned(), json!(text::strict_url(&source.event_url())));
        made.insert("identifier".to_owned(), json!(format!("urn:uuid:{}", event.id)));
        let website = event.website.as_deref().and_then(|website| source.web_url(website));
        put(&mut made, "url", website.unwrap_or_else(|| text::strict_url(&source.event_url())));
        put_some(&mut made, "alternateName", event.acronym.as_deref().map(text::line));
        put_some(&mut made, "description", event.description.as_ref().map(Markdown::to_text));
        let is_on = |slot: &&Slot<'_>| slot.session.status != SessionStatus::Cancelled;
        let first = self.programme.slots().filter(is_on).map(|slot| slot.start).min();
        let last = self.programme.slots().filter(is_on).map(|slot| slot.end).max();
        put(&mut made, "startDate", first.map_or_else(|| event.starts_on.to_string(), |at| self.local(at)));
        put(&mut made, "endDate", last.map_or_else(|| event.ends_on.to_string(), |at| self.local(at)));
        put(&mut made, "eventStatus", "https://schema.org/EventScheduled");
        put(&mut made, "eventAttendanceMode", mode(event.attendance_mode));
        made.insert("location".to_owned(), self.location());
        put_some(&mut made, "image", event.banner.as_ref().and_then(|banner| self.image(banner)));
        put_some(&mut made, "inLanguage", event.language.as_deref().map(text::line));
        put_some(&mut made, "superEvent", event.host_conference.as_deref().map(|host| thing("Event", host)));
        let series = document.series.as_ref().map(|series| thing("EventSeries", &series.name));
        if !made.contains_key("superEvent") {
            put_some(&mut made, "superEvent", series);
        }
        put_list(&mut made, "organizer", document.organizers.iter().filter_map(|one| self.participant(one)));
        let performers = document.speakers.iter().chain(&document.panelists);
        put_list(&mut made, "performer", performers.filter_map(|one| self.participant(one)));
        put_list(&mut made, "sponsor", document.sponsors.iter().map(|sponsor| self.sponsor(sponsor)));
        put_list(&mut made, "workFeatured", document.papers.iter().map(|paper| self.paper(paper)));
        put_list(&mut made, "subEvent", self.sessions(None, &mut Vec::new()).into_iter());
        made
    }

    /// The sessions that are parts of one, or that stand for themselves. `above` are those around them: a circle, which
    /// checked content does not have, is not followed.
    fn sessions(&self, parent: Option<Id>, above: &mut Vec<Id>) -> Vec<Value> {
        let Some(parts) = self.parts.get(&parent) else { return Vec::new() };
        let mut made = Vec::with_capacity(parts.len());
        for slot in parts {
            let id = slot.session.head.id;
            if above.contains(&id) {
                continue;
            }
            above.push(id);
            let mut session = self.session(slot);
            put_list(&mut session, "subEvent", self.sessions(Some(id), above).into_iter());
            above.pop();
            made.push(Value::Object(session));
        }
        made
    }

    fn session(&self, slot: &Slot<'_>) -> Map<String, Value> {
        let (source, session) = (self.source, slot.session);
        let mut made = thing("Event", &slot.plain_title());
        put(&mut made, "@id", text::strict_url(&source.session_url(session)));
        put(&mut made, "identifier", format!("urn:uuid:{}", session.head.id));
        put(&mut made, "url", text::strict_url(&source.session_url(session)));
        put_some(&mut made, "description", Some(Markdown(slot.summary(source)).to_text()));
        put(&mut made, "startDate", self.local(slot.start));
        put(&mut made, "endDate", self.local(slot.end));
        let moved_from = session.moved_from.filter(|before| Some(*before) != session.starts_at);
        put(&mut made, "eventStatus", status(session, moved_from));
        put_some(&mut made, "previousStartDate", moved_from.map(|before| self.local(before)));
        let place = &self.programme.places[slot.place];
        let is_online = place.room.is_some_and(|room| room.online);
        let whole = source.snapshot.event().attendance_mode;
        put(&mut made, "eventAttendanceMode", mode(if is_online { AttendanceMode::Online } else { whole }));
        made.insert("location".to_owned(), self.place_of(place, session));
        put_some(&mut made, "inLanguage", slot.language(source.snapshot.event()));
        put(&mut made, "superEvent", json!({ "@id": text::strict_url(&source.event_url()) }));
        let people = slot.people(source).into_iter().map(|(person, _)| self.person(person));
        put_list(&mut made, "performer", people.map(Value::Object));
        let paper = session.paper.and_then(|paper| source.snapshot.paper(paper));
        put_some(&mut made, "workFeatured", paper.map(|paper| json!({ "@id": self.paper_id(paper) })));
        let recording = session.recording_url.as_deref().and_then(|url| source.web_url(url));
        let recording = recording.map(|url| json!({ "@type": "CreativeWork", "name": "Recording", "url": url }));
        put_some(&mut made, "recordedIn", recording);
        made
    }

    /// Where the event is: at its venue, on the network, or both.
    fn location(&self) -> Value {
        let event = self.source.snapshot.event();
        let on_network = json!({ "@type": "VirtualLocation", "url": text::strict_url(&self.source.event_url()) });
        match event.attendance_mode {
            AttendanceMode::Online => on_network,
            AttendanceMode::InPerson => self.venue(None),
            AttendanceMode::Hybrid => json!([self.venue(None), on_network]),
        }
    }

    fn place_of(&self, place: &Place<'_>, session: &Session) -> Value {
        let room = place.room.filter(|room| room.online);
        let is_online = self.source.snapshot.event().attendance_mode == AttendanceMode::Online;
        if room.is_none() && !is_online {
            return self.venue(place.room.map(|_| place.name.as_str()));
        }
        let room = room.and_then(|room| room.url.as_deref());
        let url = session.stream_url.as_deref().or(room).and_then(|url| self.source.web_url(url));
        let url = url.unwrap_or_else(|| text::strict_url(&self.source.session_url(session)));
        json!({ "@type": "VirtualLocation", "name": place.name, "url": url })
    }

    /// The venue, or a room in it.
    fn venue(&self, room: Option<&str>) -> Value {
        let event = self.source.snapshot.event();
        let venue = event.venue.as_ref();
        let city = event.city.as_deref();
        let name = room.or(venue.map(|venue| venue.name.as_str())).or(city).unwrap_or(&event.name);
        let mut place = thing("Place", name);
        let mut address = Map::new();
        put_some(&mut address, "streetAddress", venue.and_then(|venue| venue.address.as_deref()).map(text::line));
        put_some(&mut address, "addressLocality", city.map(text::line));
        put_some(&mut address, "addressCountry", event.country.as_deref().map(text::line));
        if !address.is_empty() {
            put(&mut address, "@type", "PostalAddress");
            put(&mut place, "address", address);
        }
        if let Some(at) = venue.and_then(|venue| venue.coordinates) {
            let at = json!({ "@type": "GeoCoordinates", "latitude": at.latitude, "longitude": at.longitude });
            put(&mut place, "geo", at);
        }
        let around = venue.filter(|_| room.is_some()).map(|venue| thing("Place", &venue.name));
        put_some(&mut place, "containedInPlace", around);
        Value::Object(place)
    }

    fn participant(&self, participation: &Participation) -> Option<Value> {
        let mut person = self.person(self.source.snapshot.person(participation.person)?);
        put_some(&mut person, "honorificPrefix", participation.honorific.as_deref().map(text::line));
        put_some(&mut person, "image", participation.photo.as_ref().and_then(|photo| self.image(photo)));
        let then = participation.affiliation.as_deref().map(|name| thing("Organization", name));
        put_some(&mut person, "affiliation", then);
        Some(Value::Object(person))
    }

    fn person(&self, person: &Person) -> Map<String, Value> {
        let mut made = thing("Person", &person.name);
        put(&mut made, "@id", format!("urn:uuid:{}", person.id));
        put_some(&mut made, "url", person.homepage.as_deref().and_then(|url| self.source.web_url(url)));
        let pages = [&person.orcid, &person.scholar, &person.linkedin].into_iter().flatten();
        let pages = pages.chain(person.links.iter().map(|link| &link.url));
        put_list(&mut made, "sameAs", pages.filter_map(|url| self.source.web_url(url)).map(Value::String));
        put_some(&mut made, "affiliation", person.affiliation.as_deref().map(|name| thing("Organization", name)));
        made
    }

    fn sponsor(&self, sponsor: &Sponsor) -> Value {
        let mut made = thing("Organization", &sponsor.name);
        put_some(&mut made, "url", sponsor.url.as_deref().and_then(|url| self.source.web_url(url)));
        put_some(&mut made, "logo", sponsor.logo.as_ref().and_then(|logo| self.image(logo)));
        Value::Object(made)
    }

    fn paper(&self, paper: &Paper) -> Value {
        let mut made = thing("ScholarlyArticle", &paper.title);
        put(&mut made, "@id", self.paper_id(paper));
        put(&mut made, "headline", text::line(&paper.title));
        put_some(&mut made, "abstract", paper.summary.as_ref().map(Markdown::to_text));
        let author = |author: &crate::content::PaperAuthor| {
            let known = author.person.and_then(|person| self.source.snapshot.person(person));
            let mut person = known.map_or_else(|| thing("Person", &author.name), |person| self.person(person));
            put(&mut person, "name", text::line(&author.name));
            let affiliation = author.affiliation.as_deref().map(|name| thing("Organization", name));
            put_some(&mut person, "affiliation", affiliation);
            Value::Object(person)
        };
        put_list(&mut made, "author", paper.authors.iter().map(author));
        let doi = paper.doi.as_ref().map(|doi| format!("https://doi.org/{doi}"));
        let pages = [&doi, &paper.openreview_url, &paper.arxiv_url, &paper.pdf_url];
        let pages: Vec<String> = pages.into_iter().flatten().filter_map(|url| self.source.web_url(url)).collect();
        put_some(&mut made, "url", pages.first().cloned());
        put_list(&mut made, "sameAs", pages.into_iter().skip(1).map(Value::String));
        Value::Object(made)
    }

    fn paper_id(&self, paper: &Paper) -> String {
        format!("urn:uuid:{}", paper.head.id)
    }

    fn image(&self, image: &Image) -> Option<String> {
        self.source.web_url(&image.url)
    }

    fn local(&self, at: Timestamp) -> String {
        text::local(at, self.source.snapshot.zone())
    }
}

fn status(session: &Session, moved_from: Option<Timestamp>) -> &'static str {
    match session.status {
        SessionStatus::Cancelled => "https://schema.org/EventCancelled",
        _ if moved_from.is_some() => "https://schema.org/EventRescheduled",
        _ => "https://schema.org/EventScheduled",
    }
}

fn mode(mode: AttendanceMode) -> &'static str {
    match mode {
        AttendanceMode::InPerson => "https://schema.org/OfflineEventAttendanceMode",
        AttendanceMode::Online => "https://schema.org/OnlineEventAttendanceMode",
        AttendanceMode::Hybrid => "https://schema.org/MixedEventAttendanceMode",
    }
}

fn thing(kind: &str, name: &str) -> Map<String, Value> {
    let mut thing = Map::new();
    put(&mut thing, "@type", kind);
    put(&mut thing, "name", text::line(name));
    thing
}

fn put(map: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    map.insert(name.to_owned(), value.into());
}

/// Puts in what is there and not empty.
fn put_some<T: Into<Value>>(map: &mut Map<String, Value>, name: &str, value: Option<T>) {
    let value = value.map(Into::into).filter(|value| value != &Value::String(String::new()));
    if let Some(value) = value {
        map.insert(name.to_owned(), value);
    }
}

fn put_list(map: &mut Map<String, Value>, name: &str, values: impl Iterator<Item = Value>) {
    let values: Vec<Value> = values.collect();
    if !values.is_empty() {
        map.insert(name.to_owned(), Value::Array(values));
    }
}
