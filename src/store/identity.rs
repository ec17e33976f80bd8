//! What is unique on the whole server: numbers of sessions, ids of items, slugs of events and series.
//!
//! The database holds these rules too; here they are checked first, so that whoever wrote the content learns what to
//! mend. Writers are one at a time, so nothing can come between the check and the write.

use std::collections::HashMap;
use std::sync::Arc;

use entity::event::Column as Events;
use entity::series::Column as AllSeries;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{bulk, rows};
use crate::content::{Event, Id, Kind, Problem, Publication, Record, Report, Session};
use crate::error::Error;
use crate::publishing::Edit;

/// Stops when something was found.
pub(super) fn refuse(report: Report) -> Result<(), Error> {
    let problems = report.into_problems();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// A problem that was found here, with the record that it is about: its path begins with `kind:id`.
pub(super) fn of_record(mut problem: Problem) -> (Id, Problem) {
    let id = problem.path.first().and_then(|part| part.split_once(':')?.1.parse().ok());
    if id.is_some() {
        problem.path.remove(0);
    }
    (id.unwrap_or(Id(Uuid::nil())), problem)
}

/// Gives every session its number: the one that it ever had, or else the next.
///
/// `numbers` has those of the sessions that are stored. A new session may bring its number from elsewhere if nobody ever had it here; where somebody had, it is refused, or
/// gives way and gets the next one. A session never changes its number.
pub(super) async fn number_sessions(
    db: &impl ConnectionTrait,
    mut numbers: HashMap<Id, i32>,
    sessions: Vec<&mut Arc<Session>>,
    give_way: bool,
) -> Result<(), Error> {
    use entity::session_number::{Column, Entity, Model};
    if sessions.is_empty() {
        return Ok(());
    }
    let unknown = || sessions.iter().filter(|session| !numbers.contains_key(&session.head.id));
    let ids: Vec<Uuid> = unknown().map(|session| session.head.id.0).collect();
    let wanted: Vec<i32> = unknown().map(|session| session.number).filter(|number| *number > 0).collect();
    let mut owners: HashMap<i32, Id> = HashMap::new();
    for row in bulk::find::<Entity, _>(db, Column::Number, &wanted).await? {
        owners.insert(row.number, Id(row.session_id));
    }
    for row in bulk::find::<Entity, _>(db, Column::SessionId, &ids).await? {
        numbers.insert(Id(row.session_id), row.number);
    }
    let newest = Entity::find().order_by_desc(Column::Number).one(db).await?.map_or(0, |row| row.number);
    let mut next = wanted.iter().copied().chain([newest]).max().unwrap_or(0);

    let mut report = Report::default();
    let mut given = Vec::new();
    for session in sessions {
        let id = session.head.id;
        let is_taken = |owner: &Id| *owner != id;
        if give_way && !numbers.contains_key(&id) && owners.get(&session.number).is_some_and(is_taken) {
            Arc::make_mut(session).number = 0;
        }
        let problem = match (numbers.get(&id).copied(), session.number) {
            (Some(known), 0) => {
                Arc::make_mut(session).number = known;
                None
            }
            (Some(known), number) => (known != number).then(|| format!("the session has the number {known} for ever")),
            (None, 0) => match next.checked_add(1) {
                Some(number) => {
                    next = number;
                    Arc::make_mut(session).number = number;
                    given.push(Model { number, session_id: id.0 });
                    None
                }
                None => Some("there are no more numbers".to_owned()),
            },
            (None, number) => match owners.insert(number, id) {
                None => {
                    given.push(Model { number, session_id: id.0 });
                    None
                }
                Some(_) => Some(format!("another session has the number {number}; 0 asks for a new one")),
            },
        };
        if let Some(message) = problem {
            report.within(format!("{}:{id}", Kind::Session.name()), |report| report.add("number", "number", message));
        }
    }
    refuse(report)?;
    bulk::insert::<Entity>(db, given).await
}

/// Refuses ids of items and slugs of events and series that something else has.
pub(super) async fn check_taken(db: &impl ConnectionTrait, event: Id, edits: &[Edit]) -> Result<(), Error> {
    let mut report = Report::default();
    let new: Vec<Uuid> =
        edits.iter().filter(|edit| edit.kind.is_item() && edit.before.is_none()).map(|edit| edit.id.0).collect();
    for row in bulk::find::<entity::item::Entity, _>(db, entity::item::Column::Id, &new).await? {
        let message = if row.event_id == event.0 {
            format!("an item never changes its kind, and this one is a {}", row.kind)
        } else {
            "an item of another event has this id".to_owned()
        };
        report.within(format!("item:{}", row.id), |report| report.add("id", "duplicate-id", message));
    }
    for edit in edits {
        let taken = match &edit.after {
            Some(Record::Event(event)) => taken_slug_of_event(db, event).await?,
            Some(Record::Series(series)) => {
                let same_slug = AllSeries::Slug.eq(&*series.slug).and(AllSeries::Id.ne(series.id.0));
                let other = entity::series::Entity::find().filter(same_slug).one(db).await?;
                other.map(|_| format!("another series has the slug {}", series.slug))
            }
            _ => None,
        };
        if let Some(message) = taken {
            report.within(format!("{}:{}", edit.kind.name(), edit.id), |report| {
                report.add("slug", "duplicate-slug", message);
            });
        }
    }
    refuse(report)
}

async fn taken_slug_of_event(db: &impl ConnectionTrait, event: &Event) -> Result<Option<String>, Error> {
    let same_slug = Events::Slug.eq(&*event.slug).and(Events::Id.ne(event.id.0));
    match entity::event::Entity::find().filter(same_slug).one(db).await? {
        Some(_) => Ok(Some(format!("another event has the slug {}", event.slug))),
        None => released_slug(db, event).await,
    }
}

/// Events that are published by releases are public under the slug that their newest release has. It may differ from the
/// one in the rows, and belongs to them as well.
async fn released_slug(db: &impl ConnectionTrait, event: &Event) -> Result<Option<String>, Error> {
    use entity::release::{Column, Entity};
    let newest = async |event: Uuid| {
        Entity::find().filter(Column::EventId.eq(event)).order_by_desc(Column::Number).one(db).await
    };
    for release in
        Entity::find().filter(Column::Slug.eq(&*event.slug).and(Column::EventId.ne(event.id.0))).all(db).await?
    {
        let owner = entity::event::Entity::find_by_id(release.event_id).one(db).await?;
        let is_released = owner.is_some_and(|owner| owner.publication == rows::to_word(&Publication::Released));
        if is_released && newest(release.event_id).await?.is_some_and(|newest| newest.id == release.id) {
            return Ok(Some(format!("another event is public under the slug {}", event.slug)));
        }
    }
    if event.publication == Publication::Released
        && let Some(own) = newest(event.id.0).await?
    {
        let same_slug = Events::Slug.eq(&*own.slug).and(Events::Id.ne(event.id.0));
        if entity::event::Entity::find().filter(same_slug).one(db).await?.is_some() {
            return Ok(Some(format!("another event has the slug {} of the newest release", own.slug)));
        }
    }
    Ok(None)
}
