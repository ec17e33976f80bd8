//! Events: one row per edition.

use sea_orm::entity::prelude::*;

/// A row of `event`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Unique on the server.
    pub slug: String,
    /// The full title.
    pub name: String,
    /// The short name.
    pub acronym: Option<String>,
    /// Which edition of the series it is.
    pub edition: Option<i32>,
    /// The series.
    pub series_id: Option<Uuid>,
    /// The conference that hosts it.
    pub host_conference: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// The first day, `YYYY-MM-DD`.
    pub starts_on: String,
    /// The last day, `YYYY-MM-DD`.
    pub ends_on: String,
    /// The IANA name.
    pub time_zone: String,
    /// In person, online or both.
    pub attendance_mode: String,
    /// The venue; without a name there is none.
    pub venue_name: Option<String>,
    /// The address of the venue.
    pub venue_address: Option<String>,
    /// Degrees north.
    pub venue_latitude: Option<f64>,
    /// Degrees east.
    pub venue_longitude: Option<f64>,
    /// A map of the venue.
    pub venue_map_url: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The event's own site.
    pub website: Option<String>,
    /// The published address for questions.
    pub contact_email: Option<String>,
    /// The banner; without a URL there is none.
    pub banner_url: Option<String>,
    /// What the banner shows.
    pub banner_alt: Option<String>,
    /// A JSON list of links.
    pub social_links: String,
    /// A BCP 47 tag.
    pub language: Option<String>,
    /// Who sees the content.
    pub publication: String,
    /// A JSON list of the sessions that were withdrawn.
    pub withdrawn: String,
    /// The sequence number of the newest change.
    pub revision: i64,
    /// When it was created, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When its own fields were last changed, in microseconds since 1970 UTC.
    pub updated_at: i64,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
