//! Items that come back: by undoing a deletion, by going back to a release, or because somebody makes them anew with the id
//! that they had.
//!
//! Whoever has seen an item at a revision may still say so with what they write. So an item that comes back does not begin
//! at the first revision again, under which it was something else: it goes on where it was when it went.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Operation, bulk, follow};
use crate::content::{Head, Id, Kind, Record};
use crate::error::Error;
use crate::publishing::Edit;
use entity::change::{Column, Entity};

/// What the items that are new by these edits were when they went, of those that were there before.
pub(super) async fn heads(db: &impl ConnectionTrait, event: Id, edits: &[Edit]) -> Result<HashMap<Id, Head>, Error> {
    let new = |edit: &&Edit| edit.before.is_none() && edit.kind.is_item();
    let ids: Vec<Uuid> = edits.iter().filter(new).map(|edit| edit.id.0).collect();
    let mut heads = HashMap::new();
    if ids.is_empty() || is_unheard_of(db, event, edits).await? {
        return Ok(heads);
    }
    for ids in ids.chunks(bulk::MAX_VALUES) {
        let gone = Entity::find()
            .filter(Column::ItemId.is_in(ids.iter().copied()))
            .filter(Column::Operation.eq(Operation::Delete.name()))
            .order_by_asc(Column::Sequence);
        for row in gone.all(db).await? {
            let change = follow::change_from_row(row)?;
            // The last time counts.
            if let Some(head) = change.before.as_ref().and_then(Record::head) {
                heads.insert(change.item, head.clone());
            }
        }
    }
    Ok(heads)
}

/// Whether the event itself is new and was never there: then it is not worth looking for each of the thousands of items
/// that may come with it.
async fn is_unheard_of(db: &impl ConnectionTrait, event: Id, edits: &[Edit]) -> Result<bool, Error> {
    let is_new = edits.iter().any(|edit| edit.kind == Kind::Event && edit.before.is_none());
    Ok(is_new && Entity::find().filter(Column::EventId.eq(event.0)).one(db).await?.is_none())
}
