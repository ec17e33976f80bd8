//! Writing content in one transaction with its log entries: a whole document, or (see `edit`) what was touched of one.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::rows::{self, Item, whole_microseconds};
use super::shared::Shared;
use super::{Operation, Store, Stored, Written, accounts, edits, follow, identity, load, returning, shared};
use crate::access::Editor;
use crate::content::{Document, Id, Kind, Record, Report, Session};
use crate::each_list;
use crate::error::Error;
use crate::publishing::{Edit, diff, moved_from, withdrawn};

impl Store {
    /// Makes the stored event equal to `document`, in one transaction, with a log entry for each record that differs.
    ///
    /// Revisions, creation and change times are the store's: those in `document` are not compared. A document that
    /// breaks a rule is refused with [`Error::Invalid`] and nothing is written. People to whom no item refers are no
    /// part of a document and are left out.
    pub async fn put_document(&self, editor: &Editor, document: Document, now: Timestamp) -> Result<Written, Error> {
        self.put_whole(editor, document, now, false).await
    }

    /// Like [`Store::put_document`], but an event that is new here comes with everything that the store kept about it
    /// elsewhere: revisions, times, and the numbers of sessions, but for those that another session has here.
    pub async fn restore_document(
        &self,
        editor: &Editor,
        document: Document,
        now: Timestamp,
    ) -> Result<Written, Error> {
        self.put_whole(editor, document, now, true).await
    }

    async fn put_whole(
        &self,
        editor: &Editor,
        document: Document,
        now: Timestamp,
        restore: bool,
    ) -> Result<Written, Error> {
        let mut report = Report::default();
        document.check(&mut report);
        identity::refuse(report)?;

        let (transaction, position) = self.begin_write().await?;
        let stored = load::load(&transaction, document.event.id).await?;
        let restore = restore && stored.is_none();
        let place = Place { position, now: whole_microseconds(now), restore };
        let (written, _) = put(&transaction, editor, document, stored, place).await?;
        transaction.commit().await?;
        Ok(written)
    }
}

/// Where a writing transaction stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The newest sequence number of the log.
    pub(super) position: i64,
    /// The time that everything in it is written at.
    pub(super) now: Timestamp,
    /// Whether what is new keeps the revisions, times and numbers that it brings.
    pub(super) restore: bool,
}

/// Writes what differs between a document and what is stored; answers what was done and the log's position afterwards.
pub(super) async fn put(
    transaction: &impl ConnectionTrait,
    editor: &Editor,
    mut document: Document,
    stored: Option<Stored>,
    place: Place,
) -> Result<(Written, i64), Error> {
    let restore = place.restore;
    settle(&mut document);
    let event = document.event.id;
    let revision = stored.as_ref().map_or(0, |stored| stored.revision);
    let before = stored.map(|stored| stored.document);
    let known = before.iter().flat_map(|before| &before.sessions);
    let known = known.map(|session| (session.head.id, session.number)).collect();
    identity::number_sessions(transaction, known, document.sessions.iter_mut().collect(), restore).await?;
    if let Some(before) = &before {
        let kept = withdrawn(before, &document, place.now);
        Arc::make_mut(&mut document.event).withdrawn = kept;
        note_moves(before, &mut document, place.now);
    }
    let mut edits = diff(before.as_ref(), &document);
    if let Some(before) = before.filter(|before| before.event.withdrawn != document.event.withdrawn)
        && !edits.iter().any(|edit| edit.kind == Kind::Event)
    {
        let (before, after) = (Record::Event(before.event), Record::Event(document.event));
        edits.insert(0, Edit { kind: Kind::Event, id: event, before: Some(before), after: Some(after) });
    }
    put_edits(transaction, editor, event, revision, edits, place).await
}

/// Notes when sessions that the public saw were to begin before.
fn note_moves(before: &Document, document: &mut Document, now: Timestamp) {
    let known: HashMap<Id, &Arc<Session>> = before.sessions.iter().map(|one| (one.head.id, one)).collect();
    let whole = |id: Id| known.get(&id).map(|session| (*session).clone());
    for session in &mut document.sessions {
        let Some(known) = known.get(&session.head.id) else { continue };
        let moved_from = moved_from([&before.event, &document.event], known, session, whole, now);
        if session.moved_from != moved_from {
            Arc::make_mut(session).moved_from = moved_from;
        }
    }
}

/// Writes edits of an event, whose revision was `revision` before, with their log entries; answers what was done and the
/// log's position afterwards.
pub(super) async fn put_edits(
    transaction: &impl ConnectionTrait,
    editor: &Editor,
    event: Id,
    revision: i64,
    mut edits: Vec<Edit>,
    place: Place,
) -> Result<(Written, i64), Error> {
    let Place { position, now, .. } = place;
    if edits.is_empty() {
        return Ok((Written { revision, ..Written::default() }, position));
    }
    identity::check_taken(transaction, event, &edits).await?;
    let gone = match place.restore {
        true => HashMap::new(),
        false => returning::heads(transaction, event, &edits).await?,
    };
    edits::stamp(&mut edits, &gone, place);
    let shared = shared::prepare(transaction, &mut edits, place).await?;
    shared::write(transaction, &shared).await?;
    edits::write(transaction, event, revision, &edits).await?;
    if edits.iter().any(|edit| edit.kind == Kind::Event && edit.before.is_none()) {
        accounts::make_owner(transaction, editor, event, now).await?;
    }
    let elsewhere = shared::elsewhere(transaction, event, &shared).await?;
    let entries = entries(editor, event, position, now, &edits, &elsewhere);
    let revision = raise_revisions(transaction, event, &entries).await?;
    let position = entries.last().map_or(position, |entry| entry.sequence);
    follow::append(transaction, entries).await?;
    Ok((counted(&edits, revision), position))
}

/// Brings a document into the form in which it would be loaded, so that it can be compared with what is stored.
fn settle(document: &mut Document) {
    fn cut<T: Item>(list: &mut [Arc<T>]) {
        for item in list {
            let item = Arc::make_mut(item);
            let head = item.head_mut();
            head.publish_at = head.publish_at.map(whole_microseconds);
            item.cut_instants();
        }
    }
    each_list!(&mut document, list => cut(list));
    if let Some(place) = document.event.venue.as_ref().and_then(|venue| venue.coordinates)
        && let Some(venue) = &mut Arc::make_mut(&mut document.event).venue
    {
        venue.coordinates = Some(place.rounded());
    }
    document.drop_unreferenced();
    document.sort();
}

/// The log entries: first those of the event that was written, then those of the events that share a changed person or
/// series with it.
fn entries(
    editor: &Editor,
    event: Id,
    position: i64,
    now: Timestamp,
    edits: &[Edit],
    elsewhere: &[(Uuid, &Shared)],
) -> Vec<entity::change::Model> {
    let here = edits.iter().map(|edit| (event.0, edit.before.as_ref(), edit.after.as_ref()));
    let elsewhere = elsewhere.iter().map(|(event, shared)| (*event, shared.before.as_ref(), Some(&shared.after)));
    (position + 1..).zip(here.chain(elsewhere)).map(|(sequence, change)| entry(editor, now, sequence, change)).collect()
}

/// One entry: the event, and the record before and after, of which one at least is there.
pub(super) fn entry(
    editor: &Editor,
    now: Timestamp,
    sequence: i64,
    (event, before, after): (Uuid, Option<&Record>, Option<&Record>),
) -> entity::change::Model {
    let record = after.or(before).expect("an edit has a record before or after");
    let json = |record: &Record| rows::to_json(record);
    entity::change::Model {
        sequence,
        event_id: event,
        at: now.as_microsecond(),
        actor: editor.actor().to_owned(),
        kind: record.kind().name().to_owned(),
        item_id: record.id().0,
        operation: Operation::between(before, after).name().to_owned(),
        before: before.map(json),
        after: after.map(json),
    }
}

/// Sets the revision of every event in the log entries to its newest; answers that of `event`.
pub(super) async fn raise_revisions(
    db: &impl ConnectionTrait,
    event: Id,
    entries: &[entity::change::Model],
) -> Result<i64, Error> {
    use entity::event::{Column, Entity};
    let newest: HashMap<Uuid, i64> = entries.iter().map(|entry| (entry.event_id, entry.sequence)).collect();
    for (event, revision) in &newest {
        let changed = Entity::update_many().col_expr(Column::Revision, Expr::value(*revision));
        changed.filter(Column::Id.eq(*event)).exec(db).await?;
    }
    Ok(newest.get(&event.0).copied().unwrap_or_default())
}

fn counted(edits: &[Edit], revision: i64) -> Written {
    let mut written = Written { revision, ..Written::default() };
    for edit in edits {
        match Operation::between(edit.before.as_ref(), edit.after.as_ref()) {
            Operation::Create => written.created += 1,
            Operation::Update => written.updated += 1,
            Operation::Delete => written.deleted += 1,
        }
    }
    written
}
