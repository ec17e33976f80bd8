//! The one way to write content: a whole document, in one transaction with its log entries.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::rows::{self, Item, whole_microseconds};
use super::shared::Shared;
use super::{Operation, Store, Written, accounts, edits, follow, identity, load, shared};
use crate::access::Editor;
use crate::content::{Document, Id, Record, Report};
use crate::each_list;
use crate::error::Error;
use crate::publishing::{Edit, diff};

impl Store {
    /// Makes the stored event equal to `document`, in one transaction, with a log entry for each record that differs.
    ///
    /// Revisions, creation and change times are the store's: those in `document` are not compared. A document that
    /// breaks a rule is refused with [`Error::Invalid`] and nothing is written. People to whom no item refers are no
    /// part of a document and are left out.
    pub async fn put_document(
        &self,
        editor: &Editor,
        mut document: Document,
        now: Timestamp,
    ) -> Result<Written, Error> {
        let mut report = Report::default();
        document.check(&mut report);
        identity::refuse(report)?;
        settle(&mut document);
        let event = document.event.id;
        let now = whole_microseconds(now);

        let (transaction, position) = self.begin_write().await?;
        let stored = load::load(&transaction, event).await?;
        let revision = stored.as_ref().map_or(0, |stored| stored.revision);
        let before = stored.map(|stored| stored.document);
        identity::number_sessions(&transaction, before.as_ref(), &mut document).await?;
        let mut edits = diff(before.as_ref(), &document);
        if edits.is_empty() {
            transaction.rollback().await?;
            return Ok(Written { revision, ..Written::default() });
        }
        identity::check_taken(&transaction, &document, &edits).await?;

        edits::stamp(&mut edits, now);
        let shared = shared::prepare(&transaction, &mut edits, now).await?;
        shared::write(&transaction, &shared).await?;
        edits::write(&transaction, event, revision, &edits).await?;
        if before.is_none() {
            accounts::make_owner(&transaction, editor, event, now).await?;
        }
        let elsewhere = shared::elsewhere(&transaction, event, &shared).await?;
        let entries = entries(editor, event, position, now, &edits, &elsewhere);
        let revision = raise_revisions(&transaction, event, &entries).await?;
        follow::append(&transaction, entries).await?;
        transaction.commit().await?;
        Ok(counted(&edits, revision))
    }
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
    let json = |record: &Record| rows::to_json(record);
    (position + 1..)
        .zip(here.chain(elsewhere))
        .filter_map(|(sequence, (event, before, after))| {
            let record = after.or(before)?;
            Some(entity::change::Model {
                sequence,
                event_id: event,
                at: now.as_microsecond(),
                actor: editor.actor().to_owned(),
                kind: record.kind().name().to_owned(),
                item_id: record.id().0,
                operation: Operation::between(before, after).name().to_owned(),
                before: before.map(json),
                after: after.map(json),
            })
        })
        .collect()
}

/// Sets the revision of every event in the log entries to its newest; answers that of `event`.
async fn raise_revisions(
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
