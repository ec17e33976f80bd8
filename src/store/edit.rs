//! Changing an event record by record: what a mutation writes costs by what it touches, not by what the event holds.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::rows::{self, whole_microseconds};
use super::write::{Place, entry, put_edits};
use super::{Store, Stored, Written, bulk, follow, identity, load};
use crate::access::Editor;
use crate::content::{Document, Id, Kind, Record};
use crate::error::Error;
use crate::publishing::{Draft, Edit, Refusal, apply};

/// How far behind what somebody knows of an event may be before it is better loaded.
const MAX_BEHIND: u64 = 1_000;

impl Store {
    /// Changes an event in one transaction: `change` gets the newest document, whatever `base` was, and what it does to
    /// it is checked, written and logged, or nothing is.
    ///
    /// `base` is the event as the caller knows it; entries of the log that came later are applied to it, so that the
    /// event need not be loaded. `shared` are people and series whom the change may bring in from other events.
    pub async fn edit<T: Send>(
        &self,
        editor: &Editor,
        base: &Stored,
        shared: &[Id],
        now: Timestamp,
        change: impl FnOnce(&mut Draft) -> Result<T, Refusal> + Send,
    ) -> Result<Result<(T, Written), Refusal>, Error> {
        let event = base.document.event.id;
        let now = whole_microseconds(now);
        let (transaction, position) = self.begin_write().await?;
        let Some((document, revision)) = newest(&transaction, base).await? else {
            transaction.rollback().await?;
            return Ok(Err(Refusal::NotFound(event)));
        };
        let mut draft = Draft::new(document);
        draft.know(shared_records(&transaction, shared).await?);
        let changed = change(&mut draft).and_then(|answer| {
            draft.note_moves(now);
            Ok((answer, draft.finish()?))
        });
        let (answer, mut edits) = match changed {
            Ok(changed) => changed,
            Err(refusal) => {
                transaction.rollback().await?;
                return Ok(Err(refusal));
            }
        };
        let place = Place { position, now, restore: false };
        let written = async {
            number_sessions(&transaction, &mut edits).await?;
            put_edits(&transaction, editor, event, revision, edits, place).await
        };
        match written.await {
            Ok((written, _)) => {
                transaction.commit().await?;
                Ok(Ok((answer, written)))
            }
            // Found by the database only: an id or a slug that something outside of the event has.
            Err(Error::Invalid(problems)) => {
                transaction.rollback().await?;
                Ok(Err(Refusal::Invalid(problems.into_iter().map(identity::of_record).collect())))
            }
            Err(error) => Err(error),
        }
    }
}

impl Store {
    /// Deletes an event with everything that it holds, with a log entry for each record; answers whether it was there.
    /// Its people and its series stay: others may refer to them.
    pub async fn delete_event(&self, editor: &Editor, event: Id, now: Timestamp) -> Result<bool, Error> {
        let (transaction, position) = self.begin_write().await?;
        let Some(stored) = load::load(&transaction, event).await? else {
            transaction.rollback().await?;
            return Ok(false);
        };
        // The event's own entry is the last: whoever follows the log drops the event with it.
        let records = stored.document.records();
        let (own, others): (Vec<_>, Vec<_>) = records.iter().partition(|record| record.kind() == Kind::Event);
        let entries = (position + 1..).zip(others.into_iter().rev().chain(own));
        let now = whole_microseconds(now);
        let entries = entries.map(|(sequence, record)| entry(editor, now, sequence, (event.0, Some(record), None)));
        follow::append(&transaction, entries.collect()).await?;
        entity::event::Entity::delete_by_id(event.0).exec(&transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// The event as it is now, and its revision; `None` when there is no such event any more.
async fn newest(transaction: &DatabaseTransaction, base: &Stored) -> Result<Option<(Document, i64)>, Error> {
    use entity::event::{Column, Entity};
    let event = base.document.event.id;
    let revision: Option<i64> =
        Entity::find_by_id(event.0).select_only().column(Column::Revision).into_tuple().one(transaction).await?;
    let Some(revision) = revision else { return Ok(None) };
    if revision == base.revision {
        return Ok(Some((base.document.clone(), revision)));
    }
    let changes = changes_of_event(transaction, event, base.revision).await?;
    if base.revision < revision && changes.len() < MAX_BEHIND as usize {
        let mut document = base.document.clone();
        for change in changes {
            let change = follow::change_from_row(change)?;
            apply(&mut document, change.kind, change.item, change.after);
        }
        return Ok(Some((document, revision)));
    }
    Ok(load::load(transaction, event).await?.map(|stored| (stored.document, stored.revision)))
}

async fn changes_of_event(
    db: &impl ConnectionTrait,
    event: Id,
    after: i64,
) -> Result<Vec<entity::change::Model>, Error> {
    use entity::change::{Column, Entity};
    let later = Column::EventId.eq(event.0).and(Column::Sequence.gt(after));
    Ok(Entity::find().filter(later).order_by_asc(Column::Sequence).limit(MAX_BEHIND).all(db).await?)
}

/// The people and series with these ids.
async fn shared_records(db: &impl ConnectionTrait, ids: &[Id]) -> Result<Vec<Record>, Error> {
    use entity::{person, series};
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut records = Vec::new();
    for row in bulk::find::<person::Entity, _>(db, person::Column::Id, &ids).await? {
        records.push(Record::Person(Arc::new(rows::person_from_row(row)?)));
    }
    for row in bulk::find::<series::Entity, _>(db, series::Column::Id, &ids).await? {
        records.push(Record::Series(Arc::new(rows::series_from_row(row)?)));
    }
    Ok(records)
}

async fn number_sessions(db: &impl ConnectionTrait, edits: &mut [Edit]) -> Result<(), Error> {
    let known: HashMap<Id, i32> = edits
        .iter()
        .filter_map(|edit| match &edit.before {
            Some(Record::Session(session)) => Some((session.head.id, session.number)),
            _ => None,
        })
        .collect();
    let sessions = edits.iter_mut().filter_map(|edit| match &mut edit.after {
        Some(Record::Session(session)) => Some(session),
        _ => None,
    });
    identity::number_sessions(db, known, sessions.collect(), false).await
}
