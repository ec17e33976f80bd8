//! How content is kept in rows: a file for each kind, which says what goes into which column and comes back out.
//!
//! Nothing here talks to the database, and nothing checks content: that was done before, by `content`.

mod announcement;
mod award;
mod event;
mod important_date;
mod item;
mod link;
mod page;
mod paper;
mod participation;
mod person;
mod release;
mod room;
mod series;
mod session;
mod sponsor;
mod sponsor_tier;
mod topic;
mod track;

use jiff::Timestamp;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};
use uuid::Uuid;

use crate::content::{Content, Date, Head, Image, Kind};
use crate::error::Error;

pub(super) use event::{event_from_row, event_to_row};
pub(super) use item::{head_from_row, head_to_row};
pub(super) use paper::{author_from_row, author_to_row};
pub(super) use person::{name_key, person_from_row, person_to_row};
pub(super) use release::{document_from_row, document_to_row, release_from_row, release_to_row};
pub(super) use series::{series_from_row, series_to_row};
pub(super) use session::{session_person_from_row, session_person_to_row};

/// A kind of item: its body is a row of a table of its own, with the id of the item as the key.
pub(super) trait Item: Content {
    /// The table of the bodies.
    type Table: EntityTrait<Model: IntoActiveModel<<Self::Table as EntityTrait>::ActiveModel> + Send>;

    /// The kinds whose bodies are in that table.
    const KINDS: &'static [Kind];

    /// The item of a head and a body; ordered lists that have tables of their own are left empty.
    fn from_row(kind: Kind, head: Head, row: <Self::Table as EntityTrait>::Model) -> Result<Self, Error>;

    /// The body.
    fn to_row(&self) -> <Self::Table as EntityTrait>::Model;

    /// The id in a body.
    fn id(row: &<Self::Table as EntityTrait>::Model) -> Uuid;

    /// Cuts the instants that are the kind's own with [`whole_microseconds`].
    fn cut_instants(&mut self) {}
}

/// An instant as far as the database keeps it. Content is cut before it is compared, so that what was stored and what
/// is given again are equal.
pub(super) fn whole_microseconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}

/// The row that columns are read from, so that an error can name it.
pub(in crate::store) struct Origin {
    kind: &'static str,
    id: Uuid,
}

impl Origin {
    pub(in crate::store) fn new(kind: &'static str, id: Uuid) -> Self {
        Origin { kind, id }
    }

    pub(in crate::store) fn corrupt(&self, source: serde_json::Error) -> Error {
        Error::Corrupt { kind: self.kind, id: self.id.to_string(), source }
    }

    pub(in crate::store) fn json<T: DeserializeOwned>(&self, text: &str) -> Result<T, Error> {
        serde_json::from_str(text).map_err(|source| self.corrupt(source))
    }

    /// A value of an enumeration, by the name that it has in JSON.
    pub(in crate::store) fn word<T: DeserializeOwned>(&self, text: String) -> Result<T, Error> {
        serde_json::from_value(serde_json::Value::String(text)).map_err(|source| self.corrupt(source))
    }

    pub(in crate::store) fn instant(&self, microseconds: i64) -> Result<Timestamp, Error> {
        Timestamp::from_microsecond(microseconds).map_err(|error| self.corrupt(serde_json::Error::custom(error)))
    }

    pub(in crate::store) fn optional_instant(&self, microseconds: Option<i64>) -> Result<Option<Timestamp>, Error> {
        microseconds.map(|microseconds| self.instant(microseconds)).transpose()
    }

    pub(in crate::store) fn date(&self, text: &str) -> Result<Date, Error> {
        text.parse().map(Date).map_err(|error: jiff::Error| self.corrupt(serde_json::Error::custom(error)))
    }
}

pub(in crate::store) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("content has only strings as keys, so it is always JSON")
}

/// The name that a value of an enumeration has in JSON.
pub(super) fn to_word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("an enumeration is a string in JSON, not {other:?}"),
    }
}

fn image(url: Option<String>, alt: Option<String>) -> Option<Image> {
    url.map(|url| Image { url, alt })
}

fn image_columns(image: Option<&Image>) -> (Option<String>, Option<String>) {
    image.map_or((None, None), |image| (Some(image.url.clone()), image.alt.clone()))
}
