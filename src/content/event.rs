//! The event itself: what, where, when and for whom. Not an item: everything else hangs on it.

use async_graphql::{Enum, InputObject, SimpleObject};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::withdrawn::MAX_WITHDRAWN;
use super::{
    AttendanceMode, Coordinates, Date, Id, Image, ImportantDate, Markdown, Report, Session, WebLink, Withdrawn,
};

/// Who sees an event's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Publication {
    /// Only those with access see the event.
    Draft,
    /// What is written is public at once.
    Live,
    /// The public sees the newest release; what is written is staged until the next one. Without a release the public
    /// sees nothing.
    Released,
}

/// The place where an event happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema)]
#[graphql(input_name = "VenueInput")]
#[serde(rename_all = "camelCase")]
pub struct Venue {
    /// The venue's name, for example `Ballroom C` or `New Orleans Convention Center`.
    pub name: String,
    /// The postal address in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Where the venue is on the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Coordinates>,
    /// A map or floor plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map_url: Option<String>,
}

/// One edition of a workshop or conference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "EventFields")]
pub struct Event {
    /// The event's identity: a UUID that never changes.
    pub id: Id,
    /// The name of the event in URLs, unique on this server, for example `enlsp-2022`.
    pub slug: String,
    /// The full title, for example `Efficient Natural Language and Speech Processing`.
    pub name: String,
    /// The short name, for example `ENLSP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acronym: Option<String>,
    /// Which edition of its series this is: 1 for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<i32>,
    /// The series that it is an edition of.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Id>,
    /// The conference that hosts it, for example `NeurIPS 2022`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_conference: Option<String>,
    /// What the event is about, in a paragraph or two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Markdown>,
    /// The first day, in the event's time zone.
    pub starts_on: Date,
    /// The last day, in the event's time zone; the first day again for an event of one day.
    pub ends_on: Date,
    /// The IANA time zone that the event's clocks show, for example `America/Chicago`.
    pub time_zone: String,
    /// How people take part.
    pub attendance_mode: AttendanceMode,
    /// Where it happens; absent for an event that is only online or not yet placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<Venue>,
    /// The city, for example `New Orleans`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The country as ISO 3166-1 alpha-2, for example `US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The event's own website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// The e-mail address that the organizers published for questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// The picture that goes across the top of the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banner: Option<Image>,
    /// Accounts and pages elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub social_links: Vec<WebLink>,
    /// The main language as a BCP 47 tag, for example `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Who sees the event's content.
    pub publication: Publication,
    /// The sessions and dates that the public could see in a calendar and no longer can, the oldest first. The store notes
    /// them.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<Withdrawn>,
    /// When the event was created on this server.
    #[graphql(skip)]
    pub created_at: Timestamp,
    /// When the event's own fields were last changed.
    #[graphql(skip)]
    pub updated_at: Timestamp,
}

impl Event {
    /// The event's time zone.
    ///
    /// [`Event::check`] refuses names that the time zone database does not have, so a stored event always has one;
    /// for a value that was not checked the answer is UTC.
    pub fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.time_zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// What is kept of an item that was withdrawn from a calendar at some time.
    pub fn withdrawn(&self, item: Id) -> Option<&Withdrawn> {
        self.withdrawn.iter().find(|withdrawn| withdrawn.item == item)
    }

    /// The sequence number of a session in calendars: greater after each change of its time, its room or its status, and
    /// after it was withdrawn and came back.
    pub fn sequence_of(&self, session: &Session) -> i32 {
        self.sequence_from(session.head.id).saturating_add(session.sequence)
    }

    /// The sequence number of an important date in calendars: greater after each change of it. Few dates change, and hardly
    /// anything of one but when it is.
    pub fn sequence_of_date(&self, date: &ImportantDate) -> i32 {
        self.sequence_from(date.head.id).saturating_add(date.head.revision.saturating_sub(1).max(0))
    }

    /// From where an item counts: above what calendars were told when it was withdrawn.
    fn sequence_from(&self, item: Id) -> i32 {
        self.withdrawn(item).map_or(0, |withdrawn| withdrawn.sequence.saturating_add(1))
    }

    fn check_withdrawn(&self, report: &mut Report) {
        if self.withdrawn.len() > MAX_WITHDRAWN {
            report.add("withdrawn", "too-many", format!("an event keeps at most {MAX_WITHDRAWN} withdrawn items"));
            return;
        }
        for (position, withdrawn) in self.withdrawn.iter().enumerate() {
            report.within(format!("withdrawn.{position}"), |report| {
                report.optional_line("title", withdrawn.title.as_deref());
                report.optional_line("place", withdrawn.place.as_deref());
                if withdrawn.sequence < 0 {
                    report.add("sequence", "sequence", "sequence numbers count from 0");
                }
            });
        }
    }

    /// Adds what is wrong with the event's own fields to `report`.
    pub fn check(&self, report: &mut Report) {
        report.slug("slug", &self.slug);
        report.line("name", &self.name);
        for (field, line) in [
            ("acronym", &self.acronym),
            ("hostConference", &self.host_conference),
            ("city", &self.city),
            ("contactEmail", &self.contact_email),
            ("language", &self.language),
        ] {
            report.optional_line(field, line.as_deref());
        }
        if self.contact_email.as_ref().is_some_and(|email| !super::is_email(email)) {
            report.add("contactEmail", "email", "this is no e-mail address; one looks like organizers@example.org");
        }
        if self.edition.is_some_and(|edition| edition < 1) {
            report.add("edition", "edition", "editions count from 1");
        }
        report.markdown("description", self.description.as_ref());
        if self.ends_on < self.starts_on {
            report.add("endsOn", "end-before-start", "the last day is before the first");
        }
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            report.add("timeZone", "time-zone", "this is no IANA time zone; one looks like America/Chicago");
        }
        if let Some(venue) = &self.venue {
            report.within("venue", |report| {
                report.line("name", &venue.name);
                report.optional_line("address", venue.address.as_deref());
                report.url_or_path("mapUrl", venue.map_url.as_deref());
                if let Some(place) = venue.coordinates
                    && !(place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0)
                {
                    report.add("coordinates", "coordinates", "latitude is within ±90 and longitude within ±180");
                }
            });
        }
        if self.country.as_ref().is_some_and(|code| code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase())) {
            report.add("country", "country", "a country is two capital letters of ISO 3166-1, for example US");
        }
        report.url("website", self.website.as_deref());
        report.image("banner", self.banner.as_ref());
        self.check_withdrawn(report);
        for (position, link) in self.social_links.iter().enumerate() {
            report.within(format!("socialLinks.{position}"), |report| {
                report.line("label", &link.label);
                report.url("url", Some(&link.url));
            });
        }
    }
}
