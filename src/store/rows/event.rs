//! Events as rows.

use entity::event::Model;

use super::{Origin, image, image_columns, to_json, to_word};
use crate::content::{Coordinates, Event, Id, Markdown, Venue};
use crate::error::Error;

pub(in crate::store) fn event_from_row(row: Model) -> Result<Event, Error> {
    let origin = Origin::new("event", row.id);
    let coordinates = row.venue_latitude.zip(row.venue_longitude);
    let venue = row.venue_name.map(|name| Venue {
        name,
        address: row.venue_address,
        coordinates: coordinates.map(|(latitude, longitude)| Coordinates { latitude, longitude }),
        map_url: row.venue_map_url,
    });
    Ok(Event {
        id: Id(row.id),
        slug: row.slug,
        name: row.name,
        acronym: row.acronym,
        edition: row.edition,
        series: row.series_id.map(Id),
        host_conference: row.host_conference,
        description: row.description.map(Markdown),
        starts_on: origin.date(&row.starts_on)?,
        ends_on: origin.date(&row.ends_on)?,
        time_zone: row.time_zone,
        attendance_mode: origin.word(row.attendance_mode)?,
        venue,
        city: row.city,
        country: row.country,
        website: row.website,
        contact_email: row.contact_email,
        banner: image(row.banner_url, row.banner_alt),
        social_links: origin.json(&row.social_links)?,
        language: row.language,
        publication: origin.word(row.publication)?,
        withdrawn: origin.json(&row.withdrawn)?,
        created_at: origin.instant(row.created_at)?,
        updated_at: origin.instant(row.updated_at)?,
    })
}

/// The row of an event whose newest change has the sequence number `revision`.
pub(in crate::store) fn event_to_row(event: &Event, revision: i64) -> Model {
    let venue = event.venue.clone();
    let coordinates = venue.as_ref().and_then(|venue| venue.coordinates);
    let (banner_url, banner_alt) = image_columns(event.banner.as_ref());
    Model {
        id: event.id.0,
        slug: event.slug.clone(),
        name: event.name.clone(),
        acronym: event.acronym.clone(),
        edition: event.edition,
        series_id: event.series.map(|id| id.0),
        host_conference: event.host_conference.clone(),
        description: event.description.clone().map(|text| text.0),
        starts_on: event.starts_on.to_string(),
        ends_on: event.ends_on.to_string(),
        time_zone: event.time_zone.clone(),
        attendance_mode: to_word(&event.attendance_mode),
        venue_name: venue.as_ref().map(|venue| venue.name.clone()),
        venue_address: venue.as_ref().and_then(|venue| venue.address.clone()),
        venue_latitude: coordinates.map(|place| place.latitude),
        venue_longitude: coordinates.map(|place| place.longitude),
        venue_map_url: venue.and_then(|venue| venue.map_url),
        city: event.city.clone(),
        country: event.country.clone(),
        website: event.website.clone(),
        contact_email: event.contact_email.clone(),
        banner_url,
        banner_alt,
        social_links: to_json(&event.social_links),
        language: event.language.clone(),
        publication: to_word(&event.publication),
        withdrawn: to_json(&event.withdrawn),
        revision,
        created_at: event.created_at.as_microsecond(),
        updated_at: event.updated_at.as_microsecond(),
    }
}
