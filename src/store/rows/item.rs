//! The head of every content item.

use jiff::Timestamp;
use serde::de::Error as _;
use uuid::Uuid;

use super::Origin;
use crate::content::{Head, Id, Kind};
use crate::error::Error;

pub(in crate::store) fn head_from_row(row: entity::item::Model) -> Result<(Kind, Head), Error> {
    let origin = Origin::new("item", row.id);
    let Some(kind) = Kind::from_name(&row.kind).filter(|kind| kind.is_item()) else {
        return Err(origin.corrupt(serde_json::Error::custom(format!("there is no kind {}", row.kind))));
    };
    let head = Head {
        id: Id(row.id),
        slug: row.slug,
        position: row.position,
        published: row.published,
        publish_at: origin.optional_instant(row.publish_at)?,
        revision: row.revision,
        created_at: origin.instant(row.created_at)?,
        updated_at: origin.instant(row.updated_at)?,
    };
    Ok((kind, head))
}

pub(in crate::store) fn head_to_row(event: Uuid, kind: Kind, head: &Head) -> entity::item::Model {
    entity::item::Model {
        id: head.id.0,
        event_id: event,
        kind: kind.name().to_owned(),
        slug: head.slug.clone(),
        position: head.position,
        published: head.published,
        publish_at: head.publish_at.map(Timestamp::as_microsecond),
        revision: head.revision,
        created_at: head.created_at.as_microsecond(),
        updated_at: head.updated_at.as_microsecond(),
    }
}
