//! Releases as rows.

use std::sync::Arc;

use entity::release::Model;
use serde::de::Error as _;

use super::{Origin, to_json};
use crate::content::{Document, Id, Markdown, Release};
use crate::error::Error;

/// How hard documents are compressed: more takes longer and gains little.
const COMPRESSION: i32 = 3;

pub(in crate::store) fn release_from_row(row: Model) -> Result<Release, Error> {
    let origin = Origin::new("release", row.id);
    Ok(Release {
        id: Id(row.id),
        number: row.number,
        name: row.name,
        note: row.note.map(Markdown),
        at: origin.instant(row.at)?,
        actor: row.actor,
        sequence: row.sequence,
        event: Arc::new(origin.json(&row.event)?),
        series: row.series.map(|series| origin.json(&series)).transpose()?.map(Arc::new),
    })
}

pub(in crate::store) fn release_to_row(release: &Release) -> Model {
    Model {
        id: release.id.0,
        event_id: release.event.id.0,
        number: release.number,
        name: release.name.clone(),
        note: release.note.clone().map(|note| note.0),
        at: release.at.as_microsecond(),
        actor: release.actor.clone(),
        sequence: release.sequence,
        slug: release.event.slug.clone(),
        event: to_json(&release.event),
        series: release.series.as_ref().map(to_json),
    }
}

pub(in crate::store) fn document_from_row(row: &entity::release_document::Model) -> Result<Document, Error> {
    let origin = Origin::new("release", row.id);
    let json = zstd::decode_all(row.document.as_slice());
    let json = json.map_err(|error| origin.corrupt(serde_json::Error::custom(error)))?;
    serde_json::from_slice(&json).map_err(|source| origin.corrupt(source))
}

pub(in crate::store) fn document_to_row(
    release: Id,
    document: &Document,
) -> Result<entity::release_document::Model, Error> {
    let failed = Error::io("a release's document can't be compressed");
    let document = zstd::encode_all(document.to_json().as_slice(), COMPRESSION).map_err(failed)?;
    Ok(entity::release_document::Model { id: release.0, document })
}
