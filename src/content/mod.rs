//! What an event holds: pure values, one file per kind.
//!
//! This module knows no database, no request and no clock; nothing in it waits. A kind is a struct with its fields,
//! their descriptions (which are the schema's descriptions too) and `check`. What is the same for every kind is said
//! once, by [`Head`], [`Kind`], [`Content`] and [`Record`].

mod announcement;
mod award;
mod document;
mod event;
mod head;
mod identifiers;
mod important_date;
mod link;
mod markdown;
mod page;
mod paper;
mod participation;
mod person;
mod release;
mod report;
mod room;
mod series;
mod session;
mod sponsor;
mod sponsor_tier;
mod topic;
mod track;
mod values;
mod withdrawn;

use std::sync::Arc;

use async_graphql::Enum;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use announcement::{Announcement, AnnouncementLink, AnnouncementSeverity};
pub use award::Award;
pub(crate) use document::references;
pub use document::{Document, FORMAT};
pub use event::{Event, Publication, Venue};
pub use head::Head;
pub use identifiers::{doi, is_email, orcid};
pub use important_date::{ImportantDate, ImportantDateKind, Moment, instant};
pub use link::{Link, LinkKind};
pub use markdown::Markdown;
pub use page::Page;
pub use paper::{Paper, PaperAuthor, Presentation};
pub use participation::{Participation, Role, TOP_SPEAKERS};
pub use person::Person;
pub use release::{Release, check_words};
pub use report::{MAX_LINE, MAX_MARKDOWN, MAX_URL, Problem, Report, Severity};
pub use room::Room;
pub use series::Series;
pub use session::{Session, SessionKind, SessionPart, SessionPerson, SessionStatus};
pub use sponsor::Sponsor;
pub use sponsor_tier::SponsorTier;
pub use topic::Topic;
pub use track::Track;
pub use values::{AttendanceMode, Coordinates, Date, DateTime, Id, Image, WebLink, slugify};
pub(crate) use withdrawn::MAX_WITHDRAWN;
pub use withdrawn::{Calendar, Withdrawn};

/// The kinds of records. All but events, series, people and releases are content items of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// An event.
    Event,
    /// A series of events.
    Series,
    /// A person.
    Person,
    /// A speaker.
    Speaker,
    /// A panelist.
    Panelist,
    /// An organizer.
    Organizer,
    /// A volunteer.
    Volunteer,
    /// A committee member.
    CommitteeMember,
    /// A session.
    Session,
    /// A paper.
    Paper,
    /// A room.
    Room,
    /// A track.
    Track,
    /// A topic of the call for papers.
    Topic,
    /// An important date.
    ImportantDate,
    /// An announcement.
    Announcement,
    /// A page.
    Page,
    /// An award.
    Award,
    /// A sponsor tier.
    SponsorTier,
    /// A sponsor.
    Sponsor,
    /// A link.
    Link,
    /// A release.
    Release,
}

impl Kind {
    /// Every kind, in the order in which records are written so that each finds what it refers to.
    pub const ALL: [Kind; 21] = [
        Kind::Series,
        Kind::Event,
        Kind::Person,
        Kind::Speaker,
        Kind::Panelist,
        Kind::Organizer,
        Kind::Volunteer,
        Kind::CommitteeMember,
        Kind::Room,
        Kind::Track,
        Kind::Paper,
        Kind::Session,
        Kind::Topic,
        Kind::ImportantDate,
        Kind::Announcement,
        Kind::Page,
        Kind::Award,
        Kind::SponsorTier,
        Kind::Sponsor,
        Kind::Link,
        Kind::Release,
    ];

    /// The kind's name in the database and the change log, in snake case.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Event => "event",
            Kind::Series => "series",
            Kind::Person => "person",
            Kind::Speaker => "speaker",
            Kind::Panelist => "panelist",
            Kind::Organizer => "organizer",
            Kind::Volunteer => "volunteer",
            Kind::CommitteeMember => "committee_member",
            Kind::Session => "session",
            Kind::Paper => "paper",
            Kind::Room => "room",
            Kind::Track => "track",
            Kind::Topic => "topic",
            Kind::ImportantDate => "important_date",
            Kind::Announcement => "announcement",
            Kind::Page => "page",
            Kind::Award => "award",
            Kind::SponsorTier => "sponsor_tier",
            Kind::Sponsor => "sponsor",
            Kind::Link => "link",
            Kind::Release => "release",
        }
    }

    /// The kind's name for people, for example `committee member`.
    pub fn words(self) -> String {
        self.name().replace('_', " ")
    }

    /// The kind with this [`Kind::name`].
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The role of the participations of this kind, if it is one of theirs.
    pub fn role(self) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.kind() == self)
    }

    /// Whether records of this kind are content items: they have a [`Head`] and belong to one event.
    pub const fn is_item(self) -> bool {
        !matches!(self, Kind::Event | Kind::Series | Kind::Person | Kind::Release)
    }
}

/// A content item: anything with a [`Head`].
pub trait Content: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Which kind it is. (The derived GraphQL getters are called `kind` where a body has such a field.)
    fn record_kind(&self) -> Kind;
    /// What every item has.
    fn head(&self) -> &Head;
    /// What every item has, to be changed.
    fn head_mut(&mut self) -> &mut Head;
    /// Adds what is wrong with the item to `report`.
    fn check(&self, report: &mut Report);
    /// The item in a record, if it is of this type.
    fn from_record(record: &Record) -> Option<&Arc<Self>>;
}

/// Any record, whole: what the change log holds before and after, and what `node` finds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Record {
    /// The event itself.
    Event(Arc<Event>),
    /// Its series.
    Series(Arc<Series>),
    /// Somebody in it.
    Person(Arc<Person>),
    /// A speaker, panelist, organizer, volunteer or committee member.
    Participation(Arc<Participation>),
    /// A session.
    Session(Arc<Session>),
    /// A paper.
    Paper(Arc<Paper>),
    /// A room.
    Room(Arc<Room>),
    /// A track.
    Track(Arc<Track>),
    /// A topic.
    Topic(Arc<Topic>),
    /// An important date.
    ImportantDate(Arc<ImportantDate>),
    /// An announcement.
    Announcement(Arc<Announcement>),
    /// A page.
    Page(Arc<Page>),
    /// An award.
    Award(Arc<Award>),
    /// A sponsor tier.
    SponsorTier(Arc<SponsorTier>),
    /// A sponsor.
    Sponsor(Arc<Sponsor>),
    /// A link.
    Link(Arc<Link>),
    /// A release, without its document. No document holds it; only the change log does.
    Release(Arc<Release>),
}

/// Says for each struct of content items which kind it is, and lifts it into [`Record`].
macro_rules! items {
    ($($type:ident => $kind:expr;)*) => {
        $(
            impl Content for $type {
                fn record_kind(&self) -> Kind {
                    let kind: fn(&$type) -> Kind = $kind;
                    kind(self)
                }
                fn head(&self) -> &Head {
                    &self.head
                }
                fn head_mut(&mut self) -> &mut Head {
                    &mut self.head
                }
                fn check(&self, report: &mut Report) {
                    $type::check(self, report);
                }
                fn from_record(record: &Record) -> Option<&Arc<Self>> {
                    match record {
                        Record::$type(item) => Some(item),
                        _ => None,
                    }
                }
            }

            impl From<Arc<$type>> for Record {
                fn from(item: Arc<$type>) -> Record {
                    Record::$type(item)
                }
            }
        )*

        impl Record {
            /// Which kind it is.
            pub fn kind(&self) -> Kind {
                match self {
                    Record::Event(_) => Kind::Event,
                    Record::Series(_) => Kind::Series,
                    Record::Person(_) => Kind::Person,
                    Record::Release(_) => Kind::Release,
                    $(Record::$type(item) => item.record_kind(),)*
                }
            }

            /// Whether both are the very same value in memory: then nothing has to be compared.
            pub fn is_shared_with(&self, other: &Record) -> bool {
                match (self, other) {
                    (Record::Event(this), Record::Event(other)) => Arc::ptr_eq(this, other),
                    (Record::Series(this), Record::Series(other)) => Arc::ptr_eq(this, other),
                    (Record::Person(this), Record::Person(other)) => Arc::ptr_eq(this, other),
                    $((Record::$type(this), Record::$type(other)) => Arc::ptr_eq(this, other),)*
                    _ => false,
                }
            }

            /// The head of a content item; events, series, people and releases have none.
            pub fn head(&self) -> Option<&Head> {
                match self {
                    Record::Event(_) | Record::Series(_) | Record::Person(_) | Record::Release(_) => None,
                    $(Record::$type(item) => Some(&item.head),)*
                }
            }

            /// The head of a content item, to be changed; the item is copied first when it is shared.
            pub fn head_mut(&mut self) -> Option<&mut Head> {
                match self {
                    Record::Event(_) | Record::Series(_) | Record::Person(_) | Record::Release(_) => None,
                    $(Record::$type(item) => Some(&mut Arc::make_mut(item).head),)*
                }
            }

            /// Adds what is wrong with the record to `report`.
            pub fn check(&self, report: &mut Report) {
                match self {
                    Record::Event(event) => event.check(report),
                    Record::Series(series) => series.check(report),
                    Record::Person(person) => person.check(report),
                    Record::Release(release) => release.check(report),
                    $(Record::$type(item) => item.check(report),)*
                }
            }
        }
    };
}

items! {
    Participation => |item| item.role.kind();
    Session => |_| Kind::Session;
    Paper => |_| Kind::Paper;
    Room => |_| Kind::Room;
    Track => |_| Kind::Track;
    Topic => |_| Kind::Topic;
    ImportantDate => |_| Kind::ImportantDate;
    Announcement => |_| Kind::Announcement;
    Page => |_| Kind::Page;
    Award => |_| Kind::Award;
    SponsorTier => |_| Kind::SponsorTier;
    Sponsor => |_| Kind::Sponsor;
    Link => |_| Kind::Link;
}

impl Record {
    /// The record's identity.
    pub fn id(&self) -> Id {
        match self {
            Record::Event(event) => event.id,
            Record::Series(series) => series.id,
            Record::Person(person) => person.id,
            Record::Release(release) => release.id,
            item => item.head().map_or(Id(uuid::Uuid::nil()), |head| head.id),
        }
    }

    /// Reads a record of a kind from the JSON that it serializes to.
    pub fn from_json(kind: Kind, json: &str) -> Result<Record, serde_json::Error> {
        fn read<T: DeserializeOwned>(json: &str) -> Result<Arc<T>, serde_json::Error> {
            serde_json::from_str(json).map(Arc::new)
        }
        Ok(match kind {
            Kind::Event => Record::Event(read(json)?),
            Kind::Series => Record::Series(read(json)?),
            Kind::Person => Record::Person(read(json)?),
            Kind::Speaker | Kind::Panelist | Kind::Organizer | Kind::Volunteer | Kind::CommitteeMember => {
                Record::Participation(read(json)?)
            }
            Kind::Session => Record::Session(read(json)?),
            Kind::Paper => Record::Paper(read(json)?),
            Kind::Room => Record::Room(read(json)?),
            Kind::Track => Record::Track(read(json)?),
            Kind::Topic => Record::Topic(read(json)?),
            Kind::ImportantDate => Record::ImportantDate(read(json)?),
            Kind::Announcement => Record::Announcement(read(json)?),
            Kind::Page => Record::Page(read(json)?),
            Kind::Award => Record::Award(read(json)?),
            Kind::SponsorTier => Record::SponsorTier(read(json)?),
            Kind::Sponsor => Record::Sponsor(read(json)?),
            Kind::Link => Record::Link(read(json)?),
            Kind::Release => Record::Release(read(json)?),
        })
    }
}
