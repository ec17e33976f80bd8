//! Looking things up: events, series, people and the owners of items.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{EventHeader, Store, bulk, releases, rows};
use crate::content::{Id, Kind, Person, Release, Series};
use crate::error::Error;

impl Store {
    /// The id of the event with this slug.
    pub async fn find_event(&self, slug: &str) -> Result<Option<Id>, Error> {
        use entity::event::{Column, Entity};
        let id: Option<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Slug.eq(slug))
            .into_tuple()
            .one(&self.readers)
            .await?;
        Ok(id.map(Id))
    }

    /// The event that a content item belongs or belonged to; for an event's own id, itself.
    pub async fn locate(&self, item: Id) -> Result<Option<Id>, Error> {
        if let Some(row) = entity::item::Entity::find_by_id(item.0).one(&self.readers).await? {
            return Ok(Some(Id(row.event_id)));
        }
        if let Some(row) = entity::event::Entity::find_by_id(item.0).one(&self.readers).await? {
            return Ok(Some(Id(row.id)));
        }
        // What has gone from the rows may still be in a release.
        let logged = self.events_logged_with(item, Kind::is_item).await?;
        Ok(logged.into_iter().next())
    }

    /// The events in whose log a record of a kind stands.
    async fn events_logged_with(&self, record: Id, wanted: impl Fn(Kind) -> bool) -> Result<Vec<Id>, Error> {
        use entity::change::{Column, Entity};
        let entries: Vec<(Uuid, String)> = Entity::find()
            .select_only()
            .columns([Column::EventId, Column::Kind])
            .distinct()
            .filter(Column::ItemId.eq(record.0))
            .into_tuple()
            .all(&self.readers)
            .await?;
        let wanted = |name: &str| Kind::from_name(name).is_some_and(&wanted);
        Ok(entries.into_iter().filter(|(_, kind)| wanted(kind)).map(|(event, _)| Id(event)).collect())
    }

    /// The events in which a person has or had a role, is in a session or wrote a paper, whatever of it is public.
    pub async fn events_of_person(&self, person: Id) -> Result<Vec<Id>, Error> {
        use entity::{item, paper_author, participation, session_person};
        let roles = participation::Entity::find()
            .select_only()
            .column(participation::Column::Id)
            .filter(participation::Column::PersonId.eq(person.0))
            .into_query();
        let sessions = session_person::Entity::find()
            .select_only()
            .column(session_person::Column::SessionId)
            .filter(session_person::Column::PersonId.eq(person.0))
            .into_query();
        let papers = paper_author::Entity::find()
            .select_only()
            .column(paper_author::Column::PaperId)
            .filter(paper_author::Column::PersonId.eq(person.0))
            .into_query();
        let is_theirs = [roles, sessions, papers].map(|items| item::Column::Id.in_subquery(items));
        let events: Vec<Uuid> = item::Entity::find()
            .select_only()
            .column(item::Column::EventId)
            .distinct()
            .filter(is_theirs.into_iter().fold(Condition::any(), Condition::add))
            .into_tuple()
            .all(&self.readers)
            .await?;
        // Somebody who has gone from the rows may still be in a release.
        let mut found = self.events_logged_with(person, |kind| kind == Kind::Person).await?;
        found.extend(events.into_iter().map(Id));
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// A header for every event, drafts included, the latest first.
    pub async fn headers(&self) -> Result<Vec<EventHeader>, Error> {
        use entity::event::{Column, Entity};
        let transaction = self.begin_read().await?;
        let series = entity::series::Entity::find().all(&transaction).await?;
        let events = Entity::find().order_by_desc(Column::StartsOn).order_by_asc(Column::Id).all(&transaction).await?;
        let releases = releases::newest(&transaction).await?;
        transaction.commit().await?;
        let mut releases: HashMap<Id, Arc<Release>> =
            releases.into_iter().map(|release| (release.event.id, Arc::new(release))).collect();
        let series: HashMap<Uuid, Arc<Series>> = series
            .into_iter()
            .map(|row| Ok((row.id, Arc::new(rows::series_from_row(row)?))))
            .collect::<Result<_, Error>>()?;
        events
            .into_iter()
            .map(|row| {
                let series = row.series_id.and_then(|id| series.get(&id).cloned());
                let revision = row.revision;
                let release = releases.remove(&Id(row.id));
                Ok(EventHeader { event: Arc::new(rows::event_from_row(row)?), series, revision, release })
            })
            .collect()
    }

    /// People whose names are among these (compared without case and accents), in any event: importers keep their ids.
    pub async fn people_named(&self, names: &[String]) -> Result<Vec<Person>, Error> {
        use entity::person::{Column, Entity};
        let mut keys: Vec<String> = names.iter().map(|name| rows::name_key(name)).collect();
        keys.sort();
        keys.dedup();
        let found = bulk::find::<Entity, _>(&self.readers, Column::NameKey, &keys).await?;
        let mut people = found.into_iter().map(rows::person_from_row).collect::<Result<Vec<_>, _>>()?;
        people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(people)
    }

    /// The people with these ids, whatever they are called.
    pub async fn people_with(&self, ids: &[Id]) -> Result<Vec<Person>, Error> {
        use entity::person::{Column, Entity};
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let found = bulk::find::<Entity, _>(&self.readers, Column::Id, &ids).await?;
        found.into_iter().map(rows::person_from_row).collect()
    }

    /// Which of these ids are those of items that are not in `event`.
    pub async fn items_elsewhere(&self, ids: &[Id], event: Option<Id>) -> Result<Vec<Id>, Error> {
        use entity::item::{Column, Entity};
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let found = bulk::find::<Entity, _>(&self.readers, Column::Id, &ids).await?;
        Ok(found.into_iter().filter(|row| Some(Id(row.event_id)) != event).map(|row| Id(row.id)).collect())
    }

    /// The numbers that sessions have or had, where the session or the number is one of these.
    pub async fn session_numbers(&self, sessions: &[Id], numbers: &[i32]) -> Result<Vec<(Id, i32)>, Error> {
        use entity::session_number::{Column, Entity};
        let ids: Vec<Uuid> = sessions.iter().map(|id| id.0).collect();
        let mut found = bulk::find::<Entity, _>(&self.readers, Column::SessionId, &ids).await?;
        found.extend(bulk::find::<Entity, _>(&self.readers, Column::Number, numbers).await?);
        Ok(found.into_iter().map(|row| (Id(row.session_id), row.number)).collect())
    }

    /// The series with this slug.
    pub async fn find_series(&self, slug: &str) -> Result<Option<Series>, Error> {
        use entity::series::{Column, Entity};
        let row = Entity::find().filter(Column::Slug.eq(slug)).one(&self.readers).await?;
        row.map(rows::series_from_row).transpose()
    }
}
