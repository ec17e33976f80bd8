//! A conference's programme as schedule formats tell it, before it becomes a document: rooms, tracks, people, talks.
//!
//! Readers of formats fill in a [`Programme`]; what it means for an event is decided here, once for all of them. Nothing
//! here knows a format.

mod build;
pub(crate) mod clock;
mod kinds;
mod links;
mod own;
mod people;
mod rooms;
mod sessions;
mod texts;
pub(crate) mod times;

pub(crate) use build::build;
pub(crate) use kinds::{kind_named, kind_of};
pub(crate) use links::usable;
pub(crate) use people::{People, PersonFacts};
pub(crate) use texts::markdown;

use jiff::Timestamp;

use crate::content::{Date, MAX_LINE, SessionPart, SessionStatus, slugify};
use crate::import::diagnostic::Place;
use crate::import::html;
use crate::import::tally::Tally;

/// What a schedule says of an event. Texts are as they are in the source: plain, Markdown or HTML.
#[derive(Debug, Default)]
pub(crate) struct Programme {
    /// The event's globally unique id.
    pub(crate) guid: Option<String>,
    /// What the source calls this state of it.
    pub(crate) version: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) acronym: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) website: Option<String>,
    /// The event's picture.
    pub(crate) logo: Option<String>,
    pub(crate) venue: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) starts_on: Option<Date>,
    pub(crate) ends_on: Option<Date>,
    /// The language of the event, where the source tells it apart from those of the sessions.
    pub(crate) language: Option<String>,
    /// The event's IANA time zone.
    pub(crate) time_zone: String,
    pub(crate) rooms: Vec<RoomFacts>,
    pub(crate) tracks: Vec<TrackFacts>,
    pub(crate) people: People,
    pub(crate) talks: Vec<Talk>,
    /// Whether the source can say that a session is cancelled; otherwise what the server has stays.
    pub(crate) tells_status: bool,
    /// Whether the source says what part people take in a session; otherwise who speaks on a panel is a panelist.
    pub(crate) tells_parts: bool,
    /// The guids of sessions that are not certain yet.
    pub(crate) tentative: Vec<String>,
    /// Whether Plenary wrote the file: then its texts are Markdown to the letter.
    pub(crate) is_own: bool,
    /// What comes up many times.
    pub(crate) tally: Tally,
}

/// A room as a source tells it.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoomFacts {
    pub(crate) name: String,
    pub(crate) guid: Option<String>,
    pub(crate) slug: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) capacity: Option<i32>,
    pub(crate) url: Option<String>,
    pub(crate) online: bool,
}

/// A track as a source tells it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrackFacts {
    pub(crate) name: String,
    pub(crate) guid: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) color: Option<String>,
    pub(crate) slug: Option<String>,
}

/// A session as a source tells it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Talk {
    pub(crate) place: Place,
    /// The source's globally unique id.
    pub(crate) guid: Option<String>,
    /// What else the source calls it, for sources without a guid.
    pub(crate) key: Option<String>,
    pub(crate) number: Option<i64>,
    pub(crate) slug: Option<String>,
    pub(crate) title: String,
    pub(crate) subtitle: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) starts_at: Option<Timestamp>,
    pub(crate) ends_at: Option<Timestamp>,
    /// Whether the source says how long it is, readable or not.
    pub(crate) has_duration: bool,
    /// Its place in [`Programme::rooms`].
    pub(crate) room: Option<usize>,
    /// Its place in [`Programme::tracks`].
    pub(crate) track: Option<usize>,
    /// Who takes part, by their place in [`Programme::people`].
    pub(crate) people: Vec<(usize, SessionPart)>,
    /// The word by which the source says what kind of session it is.
    pub(crate) kind: Option<String>,
    /// Whether the source says that it is a break or the like.
    pub(crate) is_service: bool,
    pub(crate) status: Option<SessionStatus>,
    /// Whether the source holds it back.
    pub(crate) is_hidden: bool,
    pub(crate) language: Option<String>,
    pub(crate) links: Vec<LinkFacts>,
    pub(crate) recording_url: Option<String>,
    pub(crate) stream_url: Option<String>,
    /// Whether it must not be recorded, where the source says either.
    pub(crate) do_not_record: Option<bool>,
}

/// A link or an attachment of a session.
#[derive(Clone, Debug, Default)]
pub(crate) struct LinkFacts {
    pub(crate) url: String,
    pub(crate) title: Option<String>,
    /// What it is, as the source says it: `slides`, `paper`, a media type.
    pub(crate) kind: Option<String>,
}

impl Programme {
    /// Says that Plenary wrote the file: what it tells is taken to the letter.
    pub(crate) fn mark_own(&mut self) {
        self.is_own = true;
        self.people.keep_names();
    }

    /// A name as this programme keeps it.
    pub(crate) fn name(&self, text: &str) -> String {
        if self.is_own { texts::one_line(text) } else { crate::import::text::clean(text) }
    }

    /// A text as one line of at most as many characters as content may have.
    fn line(&self, text: &str) -> String {
        let cut: String = self.whole_line(text).chars().take(MAX_LINE).collect();
        cut.trim().to_owned()
    }

    /// A text as one line, however long. Tags of a text that is written in HTML are taken off; those that it mentions stay.
    fn whole_line(&self, text: &str) -> String {
        if self.is_own {
            return texts::one_line(text);
        }
        if texts::is_html(text) { html::plain(text) } else { html::plain(&text.replace('<', "&lt;")) }
    }

    /// The room with this name, which is added when it is new.
    pub(crate) fn room(&mut self, name: &str) -> usize {
        let name = self.name(name);
        if let Some(known) = self.rooms.iter().position(|room| room.name == name) {
            return known;
        }
        self.rooms.push(RoomFacts { name, ..RoomFacts::default() });
        self.rooms.len() - 1
    }

    /// The track with this name, which is added when it is new.
    pub(crate) fn track(&mut self, name: &str) -> usize {
        let name = self.name(name);
        if let Some(known) = self.tracks.iter().position(|track| track.name == name) {
            return known;
        }
        self.tracks.push(TrackFacts { name, ..TrackFacts::default() });
        self.tracks.len() - 1
    }
}

impl Programme {
    /// The session's own part of a source's slug: `tides31-17-on-trees` is `on-trees` of session 17 at `tides31`.
    /// Plenary's own addresses end with the slug itself.
    pub(crate) fn slug(&self, slug: Option<&str>, url: Option<&str>, number: Option<i64>) -> Option<String> {
        if self.is_own {
            return url.and_then(|url| url.split_once('#')).map(|(_, slug)| slug.to_owned());
        }
        let slug = slug?.trim();
        let without = |prefix: &str| slug.strip_prefix(prefix.trim())?.strip_prefix('-');
        let rest = self.acronym.as_deref().and_then(without).unwrap_or(slug);
        let rest = number.and_then(|number| rest.strip_prefix(&number.to_string())?.strip_prefix('-')).unwrap_or(rest);
        Some(slugify(rest))
    }
}

/// Whether a session takes place, by the word that a source has for it; `None` for words about something else.
pub(crate) fn status_named(word: &str) -> Option<SessionStatus> {
    Some(match word.trim().to_lowercase().as_str() {
        "cancelled" | "canceled" | "withdrawn" | "deleted" | "rejected" => SessionStatus::Cancelled,
        "tentative" | "draft" | "submitted" | "accepted" | "delayed" => SessionStatus::Tentative,
        "confirmed" => SessionStatus::Confirmed,
        _ => return None,
    })
}
