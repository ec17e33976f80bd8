//! Small values that content is made of: parsed once, trusted afterwards.
//!
//! Nothing here knows an event, a database or a request.

use std::fmt;
use std::str::FromStr;

use async_graphql::{Enum, InputObject, InputValueError, InputValueResult, Scalar, ScalarType, SimpleObject, Value};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The identity of a record: a UUID, version 7 where Plenary made it (RFC 9562).
///
/// It is the GraphQL `ID`, the Relay node id and the guid in every feed, and it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Id(pub Uuid);

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Id)
    }
}

/// An opaque id, unique on this server.
#[Scalar(name = "ID")]
impl ScalarType for Id {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => text.parse().map_err(|_| InputValueError::custom("not an id of this API")),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

/// A calendar day without a time zone, as `YYYY-MM-DD` (RFC 3339 `full-date`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Date(pub jiff::civil::Date);

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A calendar day without a time zone, as `YYYY-MM-DD` (RFC 3339 `full-date`).
#[Scalar(name = "Date", specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => {
                text.parse().map(Date).map_err(|_| InputValueError::custom("a date looks like 2022-12-02"))
            }
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

/// A point in time with its offset, as RFC 3339 `date-time`, for example `2022-12-02T08:00:00-06:00`.
///
/// The offset is the one that the event's time zone had at that moment, so the local time can be read off directly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateTime {
    instant: jiff::Timestamp,
    offset: jiff::tz::Offset,
}

impl DateTime {
    /// The instant as the clocks in `zone` show it.
    pub fn new(instant: jiff::Timestamp, zone: &jiff::tz::TimeZone) -> Self {
        DateTime { instant, offset: zone.to_offset(instant) }
    }

    /// The point in time, without the offset.
    pub fn instant(&self) -> jiff::Timestamp {
        self.instant
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.instant.display_with_offset(self.offset).fmt(formatter)
    }
}

/// A point in time with its offset, as RFC 3339 `date-time`, for example `2022-12-02T08:00:00-06:00`.
/// In answers the offset is that of the event's time zone at that moment.
#[Scalar(name = "DateTime", specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => text
                .parse::<jiff::Timestamp>()
                .map(|instant| DateTime { instant, offset: jiff::tz::Offset::UTC })
                .map_err(|_| InputValueError::custom("a date-time looks like 2022-12-02T08:00:00-06:00")),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

/// A picture: a portrait, a logo, a banner.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, SimpleObject, InputObject, ToSchema)]
#[graphql(input_name = "ImageInput")]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// Where the picture is: an `http(s)` URL, or a path that begins with `/`, relative to the event's website.
    pub url: String,
    /// What the picture shows, for those who can't see it; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
}

/// A labelled link to somewhere else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, SimpleObject, InputObject, ToSchema)]
#[graphql(input_name = "WebLinkInput")]
#[serde(rename_all = "camelCase")]
pub struct WebLink {
    /// What the link is called, for example `Mastodon` or `Slides`; at most 200 characters.
    pub label: String,
    /// Where it leads: an `http`, `https` or `mailto` URL.
    pub url: String,
}

/// A point on the earth, in decimal degrees of WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema)]
#[graphql(input_name = "CoordinatesInput")]
#[serde(rename_all = "camelCase")]
pub struct Coordinates {
    /// Degrees north of the equator, from -90 to 90.
    pub latitude: f64,
    /// Degrees east of Greenwich, from -180 to 180.
    pub longitude: f64,
}

impl Coordinates {
    /// The place to ten decimal places, which is finer than an atom of any building: so few digits survive every way
    /// through text unchanged.
    pub fn rounded(self) -> Self {
        const SCALE: f64 = 1e10;
        let round = |degrees: f64| (degrees * SCALE).round() / SCALE;
        Coordinates { latitude: round(self.latitude), longitude: round(self.longitude) }
    }
}

/// How people take part in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttendanceMode {
    /// Only at the venue.
    InPerson,
    /// Only over the network.
    Online,
    /// At the venue and over the network.
    Hybrid,
}

/// Makes a slug of a text: lower-case ASCII words with hyphens, at most 80 characters, never empty.
///
/// ```
/// assert_eq!(plenary::content::slugify("Break & Poster Session Ⅱ"), "break-poster-session-ii");
/// ```
pub fn slugify(text: &str) -> String {
    let plain = deunicode::deunicode(text);
    let mut slug = String::with_capacity(plain.len().min(80));
    for character in plain.chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if character != '\'' && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= 80 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "item".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_and_bounded() {
        assert_eq!(slugify("Énergie & Société — l'été"), "energie-societe-lete");
        assert_eq!(slugify("???"), "item");
        assert_eq!(slugify(&"word ".repeat(100)).len(), 79);
    }

    #[test]
    fn a_date_time_carries_the_offset_of_its_zone() {
        let zone = jiff::tz::TimeZone::get("America/Chicago").unwrap();
        let winter = DateTime::new("2022-12-02T14:00:00Z".parse().unwrap(), &zone);
        assert_eq!(winter.to_string(), "2022-12-02T08:00:00-06:00");
    }
}
