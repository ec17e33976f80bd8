//! What messages say: thin values, with what one needs to know whether it matters, and where to look it up. Pure.
//!
//! `docs/webhooks.schema.json` describes them; a message stays under 20 kB however long names are.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::content::{DateTime, Document, Event, Id, Kind, Participation, Record, Release, Session};

/// What messages are made with.
pub(super) struct Source<'a> {
    /// Where this server is, without a slash at the end.
    pub(super) base_url: &'a str,
    /// The event's `revision` in the public view; `None` when it is not to be seen.
    pub(super) revision: Option<String>,
    /// The event's `cursor` in the public view.
    pub(super) cursor: Option<String>,
    /// What time it is.
    pub(super) now: Timestamp,
    /// The event's time zone.
    pub(super) zone: TimeZone,
}

impl Source<'_> {
    /// The event, which is in every message.
    pub(super) fn event(&self, event: &Event) -> Value {
        json!({
            "event": { "id": event.id, "slug": event.slug, "name": event.name, "url": self.url(event, "") },
            "revision": self.revision,
            "cursor": self.cursor,
        })
    }

    /// A release. What it changed is asked for with `releaseDiff`.
    pub(super) fn release(&self, document: &Document, release: &Release) -> Value {
        let event = &document.event;
        let mut data = self.event(event);
        data["release"] = json!({
            "number": release.number,
            "name": release.name,
            "publishedAt": self.time(Some(release.at)),
            "diffUrl": (release.number > 1).then(|| self.diff_url(event, release.number)),
        });
        data
    }

    fn diff_url(&self, event: &Event, number: i32) -> String {
        let query = format!(
            "{{releaseDiff(event:\"{}\",from:{},to:{number}){{changes{{totalCount nodes{{__typename}}}}}}}}",
            event.slug,
            number - 1
        );
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        format!("{}/graphql?query={query}", self.base_url)
    }

    /// A record of a document.
    pub(super) fn record(&self, document: &Document, record: &Record) -> Value {
        let event = &document.event;
        let mut data = self.event(event);
        match record {
            Record::Event(_) | Record::Series(_) | Record::Person(_) | Record::Release(_) => {}
            Record::Session(session) => data["session"] = self.session(event, session),
            Record::Participation(item) if record.kind() == Kind::Speaker => {
                data["speaker"] = json!({
                    "id": item.head.id,
                    "slug": item.head.slug,
                    "person": item.person,
                    "name": name_of(document, item),
                    "url": self.item_url(event, "speakers", item.head.id),
                });
            }
            Record::Paper(paper) => {
                data["paper"] = json!({
                    "id": paper.head.id,
                    "slug": paper.head.slug,
                    "title": paper.title,
                    "url": self.item_url(event, "papers", paper.head.id),
                });
            }
            Record::ImportantDate(date) => {
                data["date"] = json!({
                    "id": date.head.id,
                    "slug": date.head.slug,
                    "label": date.label,
                    "kind": date.kind,
                    "moment": self.moment(record),
                });
            }
            Record::Announcement(news) => {
                data["announcement"] = json!({
                    "id": news.head.id,
                    "slug": news.head.slug,
                    "title": news.title,
                    "severity": news.severity,
                });
            }
            item => {
                data["item"] = json!({
                    "kind": item.kind(),
                    "id": item.id(),
                    "slug": item.head().map(|head| head.slug.as_str()),
                    "name": name(document, item),
                });
            }
        }
        data
    }

    fn session(&self, event: &Event, session: &Session) -> Value {
        json!({
            "id": session.head.id,
            "number": session.number,
            "slug": session.head.slug,
            "title": session.title,
            "kind": session.kind,
            "status": session.status,
            "startsAt": self.time(session.starts_at),
            "endsAt": self.time(session.ends_at),
            "url": self.item_url(event, "sessions", session.head.id),
        })
    }

    /// Where and when a session is in a document.
    pub(super) fn slot(&self, document: &Document, record: &Record) -> Value {
        let Record::Session(session) = record else { return Value::Null };
        let room = session.room.and_then(|id| document.rooms.iter().find(|room| room.head.id == id));
        json!({
            "startsAt": self.time(session.starts_at),
            "endsAt": self.time(session.ends_at),
            "room": room.map(|room| json!({ "id": room.head.id, "name": room.name })),
        })
    }

    /// When an important date is.
    pub(super) fn moment(&self, record: &Record) -> Value {
        let Record::ImportantDate(date) = record else { return Value::Null };
        json!({
            "date": date.moment.date,
            "hasTime": date.moment.has_time,
            "anywhereOnEarth": date.moment.anywhere_on_earth,
            "at": self.time(Some(date.moment.at)),
        })
    }

    /// A time as the clocks at the event show it.
    fn time(&self, at: Option<Timestamp>) -> Option<String> {
        at.map(|at| DateTime::new(at, &self.zone).to_string())
    }

    fn item_url(&self, event: &Event, collection: &str, id: Id) -> String {
        self.url(event, &format!("/{collection}/{id}"))
    }

    fn url(&self, event: &Event, rest: &str) -> String {
        format!("{}/events/{}{rest}.json", self.base_url, event.slug)
    }
}

fn name_of<'a>(document: &'a Document, item: &Participation) -> &'a str {
    document.people.iter().find(|person| person.id == item.person).map_or("", |person| person.name.as_str())
}

/// What an item is called.
fn name<'a>(document: &'a Document, record: &'a Record) -> &'a str {
    match record {
        Record::Participation(item) => name_of(document, item),
        Record::Room(item) => &item.name,
        Record::Track(item) => &item.name,
        Record::Topic(item) => &item.title,
        Record::Page(item) => &item.title,
        Record::Award(item) => &item.name,
        Record::SponsorTier(item) => &item.name,
        Record::Sponsor(item) => &item.name,
        Record::Link(item) => &item.label,
        _ => "",
    }
}
