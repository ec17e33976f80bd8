//! The change log: what was written, in the order in which it was.

use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::de::Error as _;
use uuid::Uuid;

use super::rows::Origin;
use super::{Change, Operation, Store, bulk};
use crate::content::{Id, Kind, Record};
use crate::error::Error;

impl Store {
    /// The entries of the change log after a sequence number, in order, at most `limit`.
    pub async fn changes_after(&self, sequence: i64, limit: u64) -> Result<Vec<Change>, Error> {
        use entity::change::{Column, Entity};
        let rows = Entity::find()
            .filter(Column::Sequence.gt(sequence))
            .order_by_asc(Column::Sequence)
            .limit(limit)
            .all(&self.readers)
            .await?;
        rows.into_iter().map(change_from_row).collect()
    }

    /// The entries of the change log about one event after a sequence number, in order, at most `limit`.
    pub async fn changes_of_event(&self, event: Id, sequence: i64, limit: u64) -> Result<Vec<Change>, Error> {
        use entity::change::{Column, Entity};
        let rows = Entity::find()
            .filter(Column::EventId.eq(event.0))
            .filter(Column::Sequence.gt(sequence))
            .order_by_asc(Column::Sequence)
            .limit(limit)
            .all(&self.readers)
            .await?;
        rows.into_iter().map(change_from_row).collect()
    }

    /// The sequence number of the oldest entry that the change log still has; `None` when it is empty.
    pub async fn oldest_sequence(&self) -> Result<Option<i64>, Error> {
        use entity::change::{Column, Entity};
        let query = Entity::find().select_only().column(Column::Sequence).order_by_asc(Column::Sequence);
        Ok(query.into_tuple().one(&self.readers).await?)
    }

    /// The sequence number of the newest change; 0 when there is none.
    pub async fn newest_sequence(&self) -> Result<i64, Error> {
        let position = entity::log_position::Entity::find().one(&self.readers).await?;
        Ok(position.map_or(0, |position| position.sequence))
    }
}

/// Appends entries that are numbered on from the newest and makes the last of them the newest.
pub(super) async fn append(db: &impl ConnectionTrait, entries: Vec<entity::change::Model>) -> Result<(), Error> {
    use entity::log_position::{Column, Entity};
    let Some(newest) = entries.last().map(|entry| entry.sequence) else { return Ok(()) };
    bulk::insert::<entity::change::Entity>(db, entries).await?;
    Entity::update_many().col_expr(Column::Sequence, Expr::value(newest)).exec(db).await?;
    Ok(())
}

/// When an entry was written, if the log still has it.
pub(super) async fn written_at(db: &impl ConnectionTrait, sequence: i64) -> Result<Option<Timestamp>, Error> {
    use entity::change::{Column, Entity};
    let query = Entity::find().select_only().column(Column::ItemId).column(Column::At);
    let found = query.filter(Column::Sequence.eq(sequence)).into_tuple::<(Uuid, i64)>().one(db).await?;
    found.map(|(item, at)| Origin::new("change", item).instant(at)).transpose()
}

impl Operation {
    /// What a change does that leads from one of these to the other.
    pub fn between(before: Option<&Record>, after: Option<&Record>) -> Operation {
        match (before, after) {
            (None, _) => Operation::Create,
            (Some(_), Some(_)) => Operation::Update,
            (Some(_), None) => Operation::Delete,
        }
    }

    /// The operation's name in the change log.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Operation::Create => "create",
            Operation::Update => "update",
            Operation::Delete => "delete",
        }
    }
}

pub(super) fn change_from_row(row: entity::change::Model) -> Result<Change, Error> {
    let origin = Origin::new("change", row.item_id);
    let unknown = |what: &str| origin.corrupt(serde_json::Error::custom(format!("{what} is not known")));
    let kind = Kind::from_name(&row.kind).ok_or_else(|| unknown(&row.kind))?;
    let operation = [Operation::Create, Operation::Update, Operation::Delete]
        .into_iter()
        .find(|operation| operation.name() == row.operation)
        .ok_or_else(|| unknown(&row.operation))?;
    let record = |json: Option<String>| {
        json.map(|json| Record::from_json(kind, &json).map_err(|source| origin.corrupt(source))).transpose()
    };
    Ok(Change {
        sequence: row.sequence,
        event: Id(row.event_id),
        at: origin.instant(row.at)?,
        actor: row.actor,
        kind,
        item: Id(row.item_id),
        operation,
        before: record(row.before)?,
        after: record(row.after)?,
    })
}
