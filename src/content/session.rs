//! A session: something in the schedule, from a keynote to a coffee break.

use async_graphql::{Enum, InputObject, SimpleObject};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Id, Markdown, Report};

/// What happens in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SessionKind {
    /// An invited talk.
    Keynote,
    /// A talk, of a paper or not.
    Talk,
    /// A short talk of a paper.
    Spotlight,
    /// A panel discussion.
    Panel,
    /// Posters, also when it is a break at the same time.
    Poster,
    /// A break.
    Break,
    /// Breakfast, lunch or dinner.
    Meal,
    /// The opening.
    Opening,
    /// The closing.
    Closing,
    /// Awards are given.
    Award,
    /// A social event.
    Social,
    /// Anything else, and sessions that only hold other sessions.
    Other,
}

/// Whether a session takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SessionStatus {
    /// It takes place as it says.
    Confirmed,
    /// It is planned, and something may change.
    Tentative,
    /// It does not take place; it stays listed so that nobody waits for it.
    Cancelled,
}

/// The part that a person takes in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SessionPart {
    /// Speaks, or presents the paper.
    Speaker,
    /// Leads the session.
    Chair,
    /// Sits on the panel.
    Panelist,
}

/// A person in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[graphql(name = "SessionPersonInput")]
#[serde(rename_all = "camelCase")]
pub struct SessionPerson {
    /// Who it is.
    pub person: Id,
    /// What they do there.
    #[graphql(default_with = "SessionPart::Speaker")]
    pub part: SessionPart,
}

/// Something in the schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "SessionFields")]
pub struct Session {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// A positive number, unique on this server and never used again, for schedule apps that identify sessions by
    /// number. The store gives it; until then it is 0.
    pub number: i32,
    /// How often its time, room or status was changed. The store counts.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sequence: i32,
    /// What happens in it.
    pub kind: SessionKind,
    /// The title.
    pub title: String,
    /// What it is about.
    #[serde(rename = "abstract", default, skip_serializing_if = "Option::is_none")]
    #[graphql(name = "abstract")]
    pub summary: Option<Markdown>,
    /// When it begins; `None` while it has no place in the schedule.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// When it ends; not before it begins.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// When it was to begin before it was moved, as the public saw it. The store notes it.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Timestamp>,
    /// Where it is.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<Id>,
    /// The track that it belongs to.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<Id>,
    /// The session that it is a part of.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Id>,
    /// The paper that is presented.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<Id>,
    /// Who takes part, in the order of the programme.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<SessionPerson>,
    /// Whether it takes place.
    pub status: SessionStatus,
    /// The language that is spoken, as a BCP 47 tag; absent where it is the event's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where it can be followed live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_url: Option<String>,
    /// Where the recording is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_url: Option<String>,
    /// Where the slides are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slides_url: Option<String>,
    /// Whether it must not be recorded or streamed, because who speaks does not want it; schedules tell it to those who
    /// record.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub do_not_record: bool,
}

fn is_zero(number: &i32) -> bool {
    *number == 0
}

impl Session {
    /// A confirmed session with nothing but a kind and a title.
    pub fn new(head: Head, kind: SessionKind, title: impl Into<String>) -> Self {
        Session {
            head,
            number: 0,
            sequence: 0,
            kind,
            title: title.into(),
            summary: None,
            starts_at: None,
            ends_at: None,
            moved_from: None,
            room: None,
            track: None,
            parent: None,
            paper: None,
            people: Vec::new(),
            status: SessionStatus::Confirmed,
            language: None,
            stream_url: None,
            recording_url: None,
            slides_url: None,
            do_not_record: false,
        }
    }

    /// Whether it takes place at another time or in another room than `other`, or has another status: then calendars that
    /// have it must be told.
    pub fn is_moved_from(&self, other: &Session) -> bool {
        let slot = |session: &Session| (session.starts_at, session.ends_at, session.room, session.status);
        slot(self) != slot(other)
    }

    /// Adds what is wrong with the session to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        if self.number < 0 {
            report.add("number", "number", "a session's number is positive");
        }
        if self.sequence < 0 {
            report.add("sequence", "sequence", "sequence numbers count from 0");
        }
        report.line("title", &self.title);
        report.markdown("abstract", self.summary.as_ref());
        match (self.starts_at, self.ends_at) {
            (Some(start), Some(end)) if end < start => {
                report.add("endsAt", "end-before-start", "the session ends before it begins");
            }
            (None, Some(_)) => report.add("startsAt", "no-start", "a session with an end needs a start"),
            _ => {}
        }
        report.optional_line("language", self.language.as_deref());
        if self.parent == Some(self.head.id) {
            report.add("parent", "own-parent", "a session can't be a part of itself");
        }
        for (field, url) in
            [("streamUrl", &self.stream_url), ("recordingUrl", &self.recording_url), ("slidesUrl", &self.slides_url)]
        {
            report.url_or_path(field, url.as_deref());
        }
    }
}
