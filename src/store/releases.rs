//! Releases: fixed states of an event's content, numbered one after the other.
//!
//! A release and its entry in the change log are written in one transaction, in which nobody else writes: so the document
//! of a release is exactly what the entries before its own led to, and who follows the log has it already.

use std::sync::Arc;

use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::rows::{self, whole_microseconds};
use super::write::{self, Place};
use super::{Loaded, Store, Stored, Written, bulk, follow, identity, load};
use crate::access::Editor;
use crate::content::{Document, Event, Id, Kind, Markdown, Publication, Record, Release, Report, check_words};
use crate::error::Error;
use crate::publishing::{Edit, withdrawn_by_release};

/// What its makers call a release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// The name of the version.
    pub name: Option<String>,
    /// What is new in it.
    pub note: Option<Markdown>,
}

impl Store {
    /// Makes the next release of an event out of its content; `None` when there is no such event.
    pub async fn publish(
        &self,
        editor: &Editor,
        event: Id,
        version: Version,
        now: Timestamp,
    ) -> Result<Option<Release>, Error> {
        check(&version)?;
        let (transaction, position) = self.begin_write().await?;
        let Some(stored) = load::load(&transaction, event).await? else {
            transaction.rollback().await?;
            return Ok(None);
        };
        let place = Place { position, now: whole_microseconds(now), restore: false };
        let release = make(&transaction, editor, stored, version, place).await?;
        transaction.commit().await?;
        Ok(Some(release))
    }

    /// Makes an event's content equal to that of one of its releases, and a new release of it, all or nothing; `None` when
    /// there is no such release. The event's publication stays what it is.
    pub async fn roll_back(
        &self,
        editor: &Editor,
        event: Id,
        number: i32,
        version: Version,
        now: Timestamp,
    ) -> Result<Option<(Written, Release)>, Error> {
        check(&version)?;
        let (transaction, position) = self.begin_write().await?;
        let stored = load::load(&transaction, event).await?;
        let wanted = document(&transaction, event, number).await?;
        let (Some(stored), Some(wanted)) = (stored, wanted) else {
            transaction.rollback().await?;
            return Ok(None);
        };
        let wanted = with_publication(wanted, stored.document.event.publication);
        let place = Place { position, now: whole_microseconds(now), restore: false };
        let (mut written, position) = write::put(&transaction, editor, wanted, Some(stored), place).await?;
        let now_there = load::load(&transaction, event).await?;
        let now_there = now_there.ok_or_else(|| Error::NotFound("the event is not there any more".to_owned()))?;
        let place = Place { position, ..place };
        let release = make(&transaction, editor, now_there, version, place).await?;
        transaction.commit().await?;
        written.revision = release.sequence;
        Ok(Some((written, release)))
    }

    /// Decides who sees an event; `None` when there is no such event. One that is live needs a release before it can be
    /// published by releases: otherwise it would vanish.
    pub async fn set_publication(
        &self,
        editor: &Editor,
        event: Id,
        publication: Publication,
        now: Timestamp,
    ) -> Result<Option<Written>, Error> {
        let (transaction, position) = self.begin_write().await?;
        let Some(stored) = load::load(&transaction, event).await? else {
            transaction.rollback().await?;
            return Ok(None);
        };
        let is_live = stored.document.event.publication == Publication::Live;
        if is_live && publication == Publication::Released && of_event(&transaction, event).await?.is_empty() {
            let mut report = Report::default();
            let message = "make a release first: without one the event would vanish from the public";
            report.add("publication", "no-release", message);
            identity::refuse(report)?;
        }
        let wanted = with_publication(stored.document.clone(), publication);
        let place = Place { position, now: whole_microseconds(now), restore: false };
        let (written, _) = write::put(&transaction, editor, wanted, Some(stored), place).await?;
        transaction.commit().await?;
        Ok(Some(written))
    }

    /// The releases of an event without their documents, the oldest first.
    pub async fn releases(&self, event: Id) -> Result<Vec<Release>, Error> {
        of_event(&self.readers, event).await
    }

    /// The document of a release.
    pub async fn release_document(&self, event: Id, number: i32) -> Result<Option<Document>, Error> {
        document(&self.readers, event, number).await
    }

    /// Everything of one event that the public and the working view are made from, as of one moment.
    pub async fn load_with_releases(&self, event: Id) -> Result<Option<Loaded>, Error> {
        let transaction = self.begin_read().await?;
        let Some(stored) = load::load(&transaction, event).await? else { return Ok(None) };
        let releases = of_event(&transaction, event).await?;
        let released = match releases.last() {
            Some(newest) if stored.document.event.publication == Publication::Released => {
                document(&transaction, event, newest.number).await?
            }
            _ => None,
        };
        transaction.commit().await?;
        Ok(Some(Loaded { stored, releases: releases.into_iter().map(Arc::new).collect(), released }))
    }
}

impl From<Stored> for Loaded {
    /// An event that was never released.
    fn from(stored: Stored) -> Self {
        Loaded { stored, releases: Arc::new([]), released: None }
    }
}

/// The newest release of every event that has one.
pub(super) async fn newest(db: &impl ConnectionTrait) -> Result<Vec<Release>, Error> {
    use entity::release::{Column, Entity};
    let sequences =
        Entity::find().select_only().column_as(Column::Sequence.max(), "newest").group_by(Column::EventId).into_query();
    let rows = Entity::find().filter(Column::Sequence.in_subquery(sequences)).all(db).await?;
    rows.into_iter().map(rows::release_from_row).collect()
}

async fn of_event(db: &impl ConnectionTrait, event: Id) -> Result<Vec<Release>, Error> {
    use entity::release::{Column, Entity};
    let rows = Entity::find().filter(Column::EventId.eq(event.0)).order_by_asc(Column::Number).all(db).await?;
    rows.into_iter().map(rows::release_from_row).collect()
}

async fn document(db: &impl ConnectionTrait, event: Id, number: i32) -> Result<Option<Document>, Error> {
    use entity::release::{Column, Entity};
    let release = Entity::find().filter(Column::EventId.eq(event.0)).filter(Column::Number.eq(number)).one(db).await?;
    let Some(release) = release else { return Ok(None) };
    let row = entity::release_document::Entity::find_by_id(release.id).one(db).await?;
    row.map(|row| rows::document_from_row(&row)).transpose()
}

fn check(version: &Version) -> Result<(), Error> {
    let mut report = Report::default();
    check_words(version.name.as_deref(), version.note.as_ref(), &mut report);
    identity::refuse(report)
}

fn with_publication(mut document: Document, publication: Publication) -> Document {
    Arc::make_mut(&mut document.event).publication = publication;
    document
}

/// Writes the next release of the event of `document`, which is what is stored.
async fn make(
    db: &impl ConnectionTrait,
    editor: &Editor,
    stored: Stored,
    version: Version,
    place: Place,
) -> Result<Release, Error> {
    use entity::release::{Column, Entity};
    let event = stored.document.event.id;
    let newest = Entity::find().filter(Column::EventId.eq(event.0)).order_by_desc(Column::Number).one(db).await?;
    let replaced = newest.as_ref().map(|newest| newest.number);
    let (document, place) = withdraw(db, editor, stored, replaced, place).await?;
    let release = Release {
        id: Id(uuid::Uuid::now_v7()),
        number: newest.map_or(0, |newest| newest.number).saturating_add(1),
        name: version.name,
        note: version.note,
        at: place.now,
        actor: editor.actor().to_owned(),
        sequence: place.position + 1,
        event: Arc::new(Event { withdrawn: Vec::new(), ..Event::clone(&document.event) }),
        series: document.series.clone(),
    };
    let after = Record::Release(Arc::new(release.clone()));
    let entry = write::entry(editor, place.now, release.sequence, (event.0, None, Some(&after)));
    write::raise_revisions(db, event, std::slice::from_ref(&entry)).await?;
    follow::append(db, vec![entry]).await?;
    bulk::insert::<Entity>(db, vec![rows::release_to_row(&release)]).await?;
    let row = rows::document_to_row(release.id, &document)?;
    bulk::insert::<entity::release_document::Entity>(db, vec![row]).await?;
    Ok(release)
}

/// Notes in the event what is to be kept of sessions that the public saw in the release that is replaced, and that it
/// does not see in the next one; answers the document and where the log then is.
async fn withdraw(
    db: &impl ConnectionTrait,
    editor: &Editor,
    Stored { mut document, revision, .. }: Stored,
    replaced: Option<i32>,
    place: Place,
) -> Result<(Document, Place), Error> {
    let event = document.event.id;
    let replaced = match replaced {
        Some(number) if document.event.publication == Publication::Released => {
            self::document(db, event, number).await?
        }
        _ => None,
    };
    let Some(replaced) = replaced else { return Ok((document, place)) };
    let kept = withdrawn_by_release(&replaced, &document, place.now);
    if kept == document.event.withdrawn {
        return Ok((document, place));
    }
    let before = Record::Event(document.event.clone());
    let after =
        Record::Event(Arc::new(Event { withdrawn: kept, updated_at: place.now, ..Event::clone(&document.event) }));
    document.put(after.clone());
    let edit = Edit { kind: Kind::Event, id: event, before: Some(before), after: Some(after) };
    let (_, position) = write::put_edits(db, editor, event, revision, vec![edit], place).await?;
    Ok((document, Place { position, ..place }))
}
