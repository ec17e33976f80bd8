//! Looking things up: events, series, people and the owners of items.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{EventHeader, Store, bulk, rows};
use crate::content::{Id, Person, Series};
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

    /// The event that a content item belongs to; for an event's own id, itself.
    pub async fn locate(&self, item: Id) -> Result<Option<Id>, Error> {
        if let Some(row) = entity::item::Entity::find_by_id(item.0).one(&self.readers).await? {
            return Ok(Some(Id(row.event_id)));
        }
        let event = entity::event::Entity::find_by_id(item.0).one(&self.readers).await?;
        Ok(event.map(|row| Id(row.id)))
    }

    /// A header for every event, drafts included, the latest first.
    pub async fn headers(&self) -> Result<Vec<EventHeader>, Error> {
        use entity::event::{Column, Entity};
        let transaction = self.begin_read().await?;
        let series = entity::series::Entity::find().all(&transaction).await?;
        let events = Entity::find().order_by_desc(Column::StartsOn).order_by_asc(Column::Id).all(&transaction).await?;
        transaction.commit().await?;
        let series: HashMap<Uuid, Arc<Series>> = series
            .into_iter()
            .map(|row| Ok((row.id, Arc::new(rows::series_from_row(row)?))))
            .collect::<Result<_, Error>>()?;
        events
            .into_iter()
            .map(|row| {
                let series = row.series_id.and_then(|id| series.get(&id).cloned());
                let revision = row.revision;
                Ok(EventHeader { event: Arc::new(rows::event_from_row(row)?), series, revision })
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

    /// The series with this slug.
    pub async fn find_series(&self, slug: &str) -> Result<Option<Series>, Error> {
        use entity::series::{Column, Entity};
        let row = Entity::find().filter(Column::Slug.eq(slug)).one(&self.readers).await?;
        row.map(rows::series_from_row).transpose()
    }
}
