//! Series as rows.

use entity::series::Model;

use super::Origin;
use crate::content::{Id, Markdown, Series};
use crate::error::Error;

pub(in crate::store) fn series_from_row(row: Model) -> Result<Series, Error> {
    let origin = Origin::new("series", row.id);
    Ok(Series {
        id: Id(row.id),
        slug: row.slug,
        name: row.name,
        description: row.description.map(Markdown),
        created_at: origin.instant(row.created_at)?,
        updated_at: origin.instant(row.updated_at)?,
    })
}

pub(in crate::store) fn series_to_row(series: &Series) -> Model {
    Model {
        id: series.id.0,
        slug: series.slug.clone(),
        name: series.name.clone(),
        description: series.description.clone().map(|text| text.0),
        created_at: series.created_at.as_microsecond(),
        updated_at: series.updated_at.as_microsecond(),
    }
}
