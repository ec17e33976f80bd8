//! Everything of one event in a fixed number of queries.
//!
//! No query names ids: each finds its rows through the event, so that neither the number nor the size of the statements
//! depends on how much there is.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::rows::{self, Item};
use super::{Store, Stored, follow};
use crate::content::{Document, Head, Id, Kind, Participation, Person};
use crate::error::Error;

impl Store {
    /// Everything of one event, in a fixed number of queries of one read transaction.
    pub async fn load(&self, event: Id) -> Result<Option<Stored>, Error> {
        let transaction = self.begin_read().await?;
        let stored = load(&transaction, event).await?;
        transaction.commit().await?;
        Ok(stored)
    }
}

type Heads = HashMap<Uuid, (Kind, Head)>;

pub(super) async fn load(db: &impl ConnectionTrait, id: Id) -> Result<Option<Stored>, Error> {
    let Some(row) = entity::event::Entity::find_by_id(id.0).one(db).await? else { return Ok(None) };
    let revision = row.revision;
    let mut document = Document::new(rows::event_from_row(row)?);
    if let Some(series) = document.event.series {
        let row = entity::series::Entity::find_by_id(series.0).one(db).await?;
        document.series = row.map(rows::series_from_row).transpose()?.map(Arc::new);
    }
    let heads = &mut heads(db, id).await?;
    document.people = people(db, id).await?;
    for item in bodies::<Participation>(db, id, heads).await? {
        document.participations_mut(item.role).push(Arc::new(item));
    }
    document.rooms = items(db, id, heads).await?;
    document.tracks = items(db, id, heads).await?;
    document.papers = papers(db, id, heads).await?;
    document.sessions = sessions(db, id, heads).await?;
    document.topics = items(db, id, heads).await?;
    document.important_dates = items(db, id, heads).await?;
    document.announcements = items(db, id, heads).await?;
    document.pages = items(db, id, heads).await?;
    document.awards = awards(db, id, heads).await?;
    document.sponsor_tiers = items(db, id, heads).await?;
    document.sponsors = items(db, id, heads).await?;
    document.links = items(db, id, heads).await?;
    document.sort();
    // An entry that the log does not have any more is older than all that the rows say.
    let changed_at = follow::written_at(db, revision).await?.unwrap_or(document.event.updated_at);
    Ok(Some(Stored { document, revision, changed_at }))
}

async fn heads(db: &impl ConnectionTrait, event: Id) -> Result<Heads, Error> {
    let rows = entity::item::Entity::find().filter(entity::item::Column::EventId.eq(event.0)).all(db).await?;
    rows.into_iter().map(|row| rows::head_from_row(row).map(|(kind, head)| (head.id.0, (kind, head)))).collect()
}

async fn bodies<T: Item>(db: &impl ConnectionTrait, event: Id, heads: &mut Heads) -> Result<Vec<T>, Error> {
    let rows = T::Table::find().filter(Expr::col("id").in_subquery(ids(event, T::KINDS))).all(db).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some((kind, head)) = heads.remove(&T::id(&row)) {
            items.push(T::from_row(kind, head, row)?);
        }
    }
    Ok(items)
}

async fn items<T: Item>(db: &impl ConnectionTrait, event: Id, heads: &mut Heads) -> Result<Vec<Arc<T>>, Error> {
    Ok(bodies(db, event, heads).await?.into_iter().map(Arc::new).collect())
}

async fn people(db: &impl ConnectionTrait, event: Id) -> Result<Vec<Arc<Person>>, Error> {
    use entity::{paper_author, participation, person, session_person};
    let mut referenced = Query::select()
        .column(participation::Column::PersonId)
        .from(participation::Entity)
        .and_where(participation::Column::Id.in_subquery(ids(event, Participation::KINDS)))
        .to_owned();
    let in_sessions = Query::select()
        .column(session_person::Column::PersonId)
        .from(session_person::Entity)
        .and_where(session_person::Column::SessionId.in_subquery(ids(event, &[Kind::Session])))
        .to_owned();
    let in_papers = Query::select()
        .column(paper_author::Column::PersonId)
        .from(paper_author::Entity)
        .and_where(paper_author::Column::PaperId.in_subquery(ids(event, &[Kind::Paper])))
        .and_where(paper_author::Column::PersonId.is_not_null())
        .to_owned();
    referenced.union(UnionType::Distinct, in_sessions).union(UnionType::Distinct, in_papers);
    let rows = person::Entity::find().filter(person::Column::Id.in_subquery(referenced)).all(db).await?;
    rows.into_iter().map(|row| rows::person_from_row(row).map(Arc::new)).collect()
}

async fn papers(
    db: &impl ConnectionTrait,
    event: Id,
    heads: &mut Heads,
) -> Result<Vec<Arc<crate::content::Paper>>, Error> {
    use entity::paper_author::{Column, Entity};
    let mut authors: HashMap<Uuid, Vec<_>> = HashMap::new();
    let of_event = Column::PaperId.in_subquery(ids(event, &[Kind::Paper]));
    for row in Entity::find().filter(of_event).order_by_asc(Column::Position).all(db).await? {
        authors.entry(row.paper_id).or_default().push(rows::author_from_row(row));
    }
    let mut papers: Vec<crate::content::Paper> = bodies(db, event, heads).await?;
    for paper in &mut papers {
        paper.authors = authors.remove(&paper.head.id.0).unwrap_or_default();
    }
    Ok(papers.into_iter().map(Arc::new).collect())
}

async fn sessions(
    db: &impl ConnectionTrait,
    event: Id,
    heads: &mut Heads,
) -> Result<Vec<Arc<crate::content::Session>>, Error> {
    use entity::session_person::{Column, Entity};
    let mut people: HashMap<Uuid, Vec<_>> = HashMap::new();
    let of_event = Column::SessionId.in_subquery(ids(event, &[Kind::Session]));
    for row in Entity::find().filter(of_event).order_by_asc(Column::Position).all(db).await? {
        people.entry(row.session_id).or_default().push(rows::session_person_from_row(row)?);
    }
    let mut sessions: Vec<crate::content::Session> = bodies(db, event, heads).await?;
    for session in &mut sessions {
        session.people = people.remove(&session.head.id.0).unwrap_or_default();
    }
    Ok(sessions.into_iter().map(Arc::new).collect())
}

async fn awards(
    db: &impl ConnectionTrait,
    event: Id,
    heads: &mut Heads,
) -> Result<Vec<Arc<crate::content::Award>>, Error> {
    use entity::award_paper::{Column, Entity};
    let mut papers: HashMap<Uuid, Vec<_>> = HashMap::new();
    let of_event = Column::AwardId.in_subquery(ids(event, &[Kind::Award]));
    for row in Entity::find().filter(of_event).order_by_asc(Column::Position).all(db).await? {
        papers.entry(row.award_id).or_default().push(Id(row.paper_id));
    }
    let mut awards: Vec<crate::content::Award> = bodies(db, event, heads).await?;
    for award in &mut awards {
        award.papers = papers.remove(&award.head.id.0).unwrap_or_default();
    }
    Ok(awards.into_iter().map(Arc::new).collect())
}

/// The ids of an event's items of some kinds.
fn ids(event: Id, kinds: &[Kind]) -> SelectStatement {
    use entity::item::{Column, Entity};
    Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::EventId.eq(event.0))
        .and_where(Column::Kind.is_in(kinds.iter().map(|kind| kind.name())))
        .to_owned()
}
