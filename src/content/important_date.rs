//! An important date: a deadline or a day to remember, and what it was before it was moved.

use async_graphql::{Enum, SimpleObject};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Date, Head, Report};

/// What is due at an important date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportantDateKind {
    /// Abstracts are to be registered.
    AbstractSubmission,
    /// Papers are to be submitted.
    Submission,
    /// Reviews are to be done.
    Review,
    /// Authors are told.
    Notification,
    /// Final versions are to be handed in.
    CameraReady,
    /// Registration opens or closes.
    Registration,
    /// The event itself.
    Event,
    /// Anything else.
    Other,
}

/// A moment as it was announced: often only a day, often *anywhere on earth*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "MomentFields")]
pub struct Moment {
    /// The day as announced.
    pub date: Date,
    /// Whether a time of day was announced with it.
    pub has_time: bool,
    /// Whether it is *anywhere on earth* (AoE, UTC−12): it has not passed while it is still that day somewhere.
    pub anywhere_on_earth: bool,
    /// The instant. Without an announced time it is the last second of the day.
    #[graphql(skip)]
    pub at: Timestamp,
}

impl Moment {
    /// The day, where nothing more was announced. *Anywhere on earth* is more: it is an instant.
    pub fn whole_day(&self) -> Option<Date> {
        (!self.has_time && !self.anywhere_on_earth).then_some(self.date)
    }

    /// The end of a day, anywhere on earth.
    pub fn end_of_day_anywhere_on_earth(date: Date) -> Self {
        let zone = TimeZone::fixed(Offset::constant(-12));
        Moment { anywhere_on_earth: true, ..Moment::end_of_day(date, &zone) }
    }

    /// The end of a day in a zone.
    pub fn end_of_day(date: Date, zone: &TimeZone) -> Self {
        Moment { date, has_time: false, anywhere_on_earth: false, at: instant(date.0.at(23, 59, 59, 0), zone) }
    }

    /// A time of day in a zone; for *anywhere on earth* the zone is UTC−12.
    pub fn at(local: jiff::civil::DateTime, zone: &TimeZone, anywhere_on_earth: bool) -> Self {
        Moment { date: Date(local.date()), has_time: true, anywhere_on_earth, at: instant(local, zone) }
    }
}

/// A local time as an instant; in a gap of the zone it is the later, in a fold the earlier reading (RFC 5545 §3.3.5).
pub fn instant(local: jiff::civil::DateTime, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(local).compatible().unwrap_or(Timestamp::MAX)
}

/// A deadline or another day to remember.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "ImportantDateFields")]
pub struct ImportantDate {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// What it is called.
    pub label: String,
    /// What is due.
    pub kind: ImportantDateKind,
    /// When.
    #[graphql(skip)]
    pub moment: Moment,
    /// What was announced before, oldest first: an extended deadline keeps its former ones.
    #[graphql(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<Moment>,
    /// Whether the organizers struck it through, as many do when it has passed. Whether it *has* passed is for the
    /// reader's clock to say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub struck_through: bool,
    /// A remark, for example `in-person and virtual`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl ImportantDate {
    /// Adds what is wrong with the date to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.line("label", &self.label);
        if self.moment.date.0.year() < 1 {
            report.add("moment", "required", "an important date needs its day");
        }
        report.optional_line("note", self.note.as_deref());
    }
}
