//! Writing the edits of one event: the event's own row, its items, and the lists that belong to them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::bulk;
use super::rows::{self, Item, whole_microseconds};
use super::write::Place;
use crate::content::{
    Announcement, Award, Content, Head, Id, ImportantDate, Kind, Link, Page, Paper, Participation, Record, Room,
    Session, Sponsor, SponsorTier, Topic, Track,
};
use crate::error::Error;
use crate::publishing::Edit;

/// Fills in what the store keeps about the event and its items. (For people and series see `shared`.) `gone` has what items
/// that come back were when they went.
pub(super) fn stamp(edits: &mut [Edit], gone: &HashMap<Id, Head>, place: Place) {
    for edit in edits {
        if let Some(after) = edit.after.take() {
            edit.after = Some(stamped(after, edit.before.as_ref(), gone.get(&edit.id), place));
        }
    }
}

/// A record that is written at a place of the log instead of `before`; or that comes back, and was `gone`.
pub(super) fn stamped(mut record: Record, before: Option<&Record>, gone: Option<&Head>, place: Place) -> Record {
    let restored = place.restore && before.is_none();
    let times = |given: (Timestamp, Timestamp), before: Option<Timestamp>| match before {
        None if restored => (whole_microseconds(given.0), whole_microseconds(given.1)),
        before => (before.unwrap_or(place.now), place.now),
    };
    if let Some(head) = record.head_mut() {
        let before = before.and_then(Record::head).or(gone);
        if !restored {
            head.revision = before.map_or(1, |before| before.revision.saturating_add(1));
        }
        head.revision = head.revision.max(1);
        let given = (head.created_at, head.updated_at);
        (head.created_at, head.updated_at) = times(given, before.map(|before| before.created_at));
    }
    match &mut record {
        Record::Session(session) => {
            let session = Arc::make_mut(session);
            session.sequence = match before {
                Some(Record::Session(before)) => {
                    before.sequence.saturating_add(i32::from(session.is_moved_from(before)))
                }
                _ if restored => session.sequence,
                _ => 0,
            };
        }
        Record::Event(event) => {
            let created_at = if let Some(Record::Event(before)) = before { Some(before.created_at) } else { None };
            let event = Arc::make_mut(event);
            (event.created_at, event.updated_at) = times((event.created_at, event.updated_at), created_at);
        }
        Record::Series(series) => {
            let created_at = if let Some(Record::Series(before)) = before { Some(before.created_at) } else { None };
            let series = Arc::make_mut(series);
            (series.created_at, series.updated_at) = times((series.created_at, series.updated_at), created_at);
        }
        Record::Person(person) => {
            let created_at = if let Some(Record::Person(before)) = before { Some(before.created_at) } else { None };
            let person = Arc::make_mut(person);
            (person.created_at, person.updated_at) = times((person.created_at, person.updated_at), created_at);
        }
        _ => {}
    }
    record
}

/// Writes the rows of an event and its items. `revision` is the event's before these edits.
///
/// What is new or changed comes first and what goes last, so that nothing refers to a row that is not there.
pub(super) async fn write(db: &impl ConnectionTrait, event: Id, revision: i64, edits: &[Edit]) -> Result<(), Error> {
    if let Some(Record::Event(event)) =
        edits.iter().find(|edit| edit.kind == Kind::Event).and_then(|e| e.after.as_ref())
    {
        bulk::put::<entity::event::Entity>(db, vec![rows::event_to_row(event, revision)]).await?;
    }
    free_slugs(db, edits).await?;
    put_heads(db, event, edits).await?;
    put_bodies::<Participation>(db, edits).await?;
    put_bodies::<Room>(db, edits).await?;
    put_bodies::<Track>(db, edits).await?;
    put_bodies::<Paper>(db, edits).await?;
    put_authors(db, edits).await?;
    put_sessions(db, edits).await?;
    put_session_people(db, edits).await?;
    put_bodies::<Topic>(db, edits).await?;
    put_bodies::<ImportantDate>(db, edits).await?;
    put_bodies::<Announcement>(db, edits).await?;
    put_bodies::<Page>(db, edits).await?;
    put_bodies::<Award>(db, edits).await?;
    put_award_papers(db, edits).await?;
    put_bodies::<SponsorTier>(db, edits).await?;
    put_bodies::<Sponsor>(db, edits).await?;
    put_bodies::<Link>(db, edits).await?;
    let gone: Vec<Uuid> =
        edits.iter().filter(|edit| edit.kind.is_item() && edit.after.is_none()).map(|edit| edit.id.0).collect();
    bulk::delete::<entity::item::Entity>(db, entity::item::Column::Id, &gone).await
}

/// Gives items that lose their slug another for the time being, where an item that is written before wants it.
async fn free_slugs(db: &impl ConnectionTrait, edits: &[Edit]) -> Result<(), Error> {
    use entity::item::{Column, Entity};
    let slug = |record: &Option<Record>| record.as_ref().and_then(Record::head).map(|head| head.slug.clone());
    let changed = || edits.iter().filter(|edit| slug(&edit.before) != slug(&edit.after));
    let wanted: HashSet<(Kind, String)> =
        changed().filter_map(|edit| slug(&edit.after).map(|slug| (edit.kind, slug))).collect();
    for edit in changed() {
        if slug(&edit.before).is_some_and(|slug| wanted.contains(&(edit.kind, slug))) {
            // No slug has a tilde, so this one is free.
            let free = Expr::value(format!("~{}", edit.id));
            Entity::update_many().col_expr(Column::Slug, free).filter(Column::Id.eq(edit.id.0)).exec(db).await?;
        }
    }
    Ok(())
}

async fn put_heads(db: &impl ConnectionTrait, event: Id, edits: &[Edit]) -> Result<(), Error> {
    let heads = edits.iter().filter_map(|edit| {
        let head = edit.after.as_ref()?.head()?;
        Some(rows::head_to_row(event.0, edit.kind, head))
    });
    bulk::put::<entity::item::Entity>(db, heads.collect()).await
}

async fn put_bodies<T: Item>(db: &impl ConnectionTrait, edits: &[Edit]) -> Result<(), Error> {
    bulk::put::<T::Table>(db, written::<T>(edits).map(|item| item.to_row()).collect()).await
}

/// Sessions refer to sessions, perhaps to such as come later: all are written without their parents first.
async fn put_sessions(db: &impl ConnectionTrait, edits: &[Edit]) -> Result<(), Error> {
    let rows: Vec<_> = written::<Session>(edits).map(|session| session.to_row()).collect();
    let parts = rows.iter().filter(|row| row.parent_id.is_some()).cloned().collect();
    let alone = rows.into_iter().map(|row| entity::session::Model { parent_id: None, ..row }).collect();
    bulk::put::<entity::session::Entity>(db, alone).await?;
    bulk::put::<entity::session::Entity>(db, parts).await
}

async fn put_session_people(db: &impl ConnectionTrait, edits: &[Edit]) -> Result<(), Error> {
    use entity::session_person::{Column, Entity};
    let mut rows = Vec::new();
    for session in written::<Session>(edits) {
        let id = session.head.id.0;
        rows.extend((0..).zip(&session.people).map(|(place, person)| rows::session_person_to_row(id, place, person)));
    }
    bulk::delete::<Entity>(db, Column::SessionId, &updated::<Session>(edits)).await?;
    bulk::insert::<Entity>(db, rows).await
}

async fn put_authors(db: &impl ConnectionTrait, edits: &[Edit]) -> Result<(), Error> {
    use entity::paper_author::{Column, Entity};
    let mut rows = Vec::new();
    for paper in written::<Paper>(edits) {
        let id = paper.head.id.0;
        rows.extend((0..).zip(&paper.authors).map(|(place, author)| rows::author_to_row(id, place, author)));
    }
    bulk::delete::<Entity>(db, Column::PaperId, &updated::<Paper>(edits)).await?;
    bulk::insert::<Entity>(db, rows).await
}

async fn put_award_papers(db: &impl ConnectionTrait, edits: &[Edit]) -> Result<(), Error> {
    use entity::award_paper::{Column, Entity, Model};
    let mut rows = Vec::new();
    for award in written::<Award>(edits) {
        let award_id = award.head.id.0;
        rows.extend((0..).zip(&award.papers).map(|(position, paper)| Model { award_id, position, paper_id: paper.0 }));
    }
    bulk::delete::<Entity>(db, Column::AwardId, &updated::<Award>(edits)).await?;
    bulk::insert::<Entity>(db, rows).await
}

/// The items of a type that are new or changed.
fn written<T: Content>(edits: &[Edit]) -> impl Iterator<Item = &Arc<T>> {
    edits.iter().filter_map(|edit| T::from_record(edit.after.as_ref()?))
}

/// The ids of the items of a type that are changed.
fn updated<T: Content>(edits: &[Edit]) -> Vec<Uuid> {
    let changed = edits.iter().filter(|edit| edit.before.is_some());
    changed.filter_map(|edit| Some(T::from_record(edit.after.as_ref()?)?.head().id.0)).collect()
}
