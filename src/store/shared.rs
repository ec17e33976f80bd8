//! People and series: rows that several events share.
//!
//! A person who comes into an event may have a row already, and one who changes changes in every event that refers to
//! them: each of these gets a log entry of its own, so that its revision rises and whoever follows it learns of it.
//! A row that no event refers to any more stays, because people come back in later editions.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use sea_orm::sea_query::{Expr, ExprTrait, IntoIden, Query};
use sea_orm::{ColumnTrait, ConnectionTrait};
use uuid::Uuid;

use super::write::Place;
use super::{bulk, edits, rows};
use crate::content::{Id, Kind, Record};
use crate::error::Error;
use crate::publishing::{Edit, is_same};

/// A person or series whose row is new or changes.
pub(super) struct Shared {
    pub(super) before: Option<Record>,
    pub(super) after: Record,
}

/// The rows that the edits change. An edit of a record whose row is right already keeps the times of the row.
pub(super) async fn prepare(db: &impl ConnectionTrait, edits: &mut [Edit], place: Place) -> Result<Vec<Shared>, Error> {
    let mut kept = rows_of_newcomers(db, edits).await?;
    let mut shared = Vec::new();
    for edit in edits.iter_mut().filter(|edit| matches!(edit.kind, Kind::Person | Kind::Series)) {
        let Some(record) = edit.after.take() else { continue };
        let before = edit.before.clone().or_else(|| kept.remove(&edit.id));
        edit.after = Some(match before {
            Some(row) if is_same(&row, &record) => row,
            before => {
                let after = edits::stamped(record, before.as_ref(), None, place);
                shared.push(Shared { before, after: after.clone() });
                after
            }
        });
    }
    Ok(shared)
}

/// Writes the rows.
pub(super) async fn write(db: &impl ConnectionTrait, shared: &[Shared]) -> Result<(), Error> {
    let mut people = Vec::new();
    let mut series = Vec::new();
    for Shared { after, .. } in shared {
        match after {
            Record::Person(person) => people.push(rows::person_to_row(person)),
            Record::Series(record) => series.push(rows::series_to_row(record)),
            _ => {}
        }
    }
    bulk::put::<entity::series::Entity>(db, series).await?;
    bulk::put::<entity::person::Entity>(db, people).await
}

/// The other events that refer to a record whose row changed, each with the record, in a fixed order.
pub(super) async fn elsewhere<'a>(
    db: &impl ConnectionTrait,
    event: Id,
    shared: &'a [Shared],
) -> Result<Vec<(Uuid, &'a Shared)>, Error> {
    let changed: HashMap<Uuid, &Shared> =
        shared.iter().filter(|shared| shared.before.is_some()).map(|shared| (shared.after.id().0, shared)).collect();
    let ids = |kind: Kind| -> Vec<Uuid> {
        changed.iter().filter(|(_, shared)| shared.after.kind() == kind).map(|(id, _)| *id).collect()
    };
    let mut pairs = BTreeSet::new();
    pairs.extend(events_with_people(db, &ids(Kind::Person)).await?);
    for row in bulk::find::<entity::event::Entity, _>(db, entity::event::Column::SeriesId, &ids(Kind::Series)).await? {
        pairs.extend(row.series_id.map(|series| (row.id, series)));
    }
    pairs.retain(|(other, _)| *other != event.0);
    Ok(pairs.into_iter().filter_map(|(other, id)| Some((other, *changed.get(&id)?))).collect())
}

/// The rows that there are already of people and series that are new in the event.
async fn rows_of_newcomers(db: &impl ConnectionTrait, edits: &[Edit]) -> Result<HashMap<Id, Record>, Error> {
    use entity::{person, series};
    let ids = |kind| -> Vec<Uuid> {
        edits.iter().filter(|edit| edit.kind == kind && edit.before.is_none()).map(|edit| edit.id.0).collect()
    };
    let mut found = HashMap::new();
    for row in bulk::find::<person::Entity, _>(db, person::Column::Id, &ids(Kind::Person)).await? {
        found.insert(Id(row.id), Record::Person(Arc::new(rows::person_from_row(row)?)));
    }
    for row in bulk::find::<series::Entity, _>(db, series::Column::Id, &ids(Kind::Series)).await? {
        found.insert(Id(row.id), Record::Series(Arc::new(rows::series_from_row(row)?)));
    }
    Ok(found)
}

/// Which events refer to which of these people.
async fn events_with_people(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>, Error> {
    use entity::{item, paper_author, participation, session_person};
    let places = [
        (participation::Entity.into_iden(), "id"),
        (session_person::Entity.into_iden(), "session_id"),
        (paper_author::Entity.into_iden(), "paper_id"),
    ];
    let mut found = Vec::new();
    for people in people.chunks(bulk::MAX_VALUES) {
        for (table, owner) in &places {
            let person = || Expr::col((table.clone(), "person_id"));
            let query = Query::select()
                .distinct()
                .column((item::Entity, item::Column::EventId))
                .expr_as(person(), "person_id")
                .from(table.clone())
                .inner_join(item::Entity, item::Column::Id.into_expr().equals((table.clone(), *owner)))
                .and_where(person().is_in(people.iter().copied()))
                .to_owned();
            for row in db.query_all(&query).await? {
                found.push((row.try_get("", "event_id")?, row.try_get("", "person_id")?));
            }
        }
    }
    Ok(found)
}
