//! The change log for those who look back: pages of an event's entries, the newest first, read where they are.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Change, Operation, Store, User, accounts, follow};
use crate::access::Actor;
use crate::content::{Id, Kind};
use crate::error::Error;
use entity::change::{Column, Entity};

/// Which entries are wanted. Conditions that are given together all hold.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Of records of these kinds.
    pub kinds: Option<Vec<Kind>>,
    /// Of these operations.
    pub operations: Option<Vec<Operation>>,
    /// Of these records.
    pub records: Option<Vec<Id>>,
    /// Of none of these records.
    pub not_records: Vec<Id>,
    /// By these users.
    pub users: Option<Vec<Id>>,
    /// By none of these users.
    pub not_users: Vec<Id>,
    /// At this instant or later.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
}

/// Which part of the entries is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogSpan {
    /// Only entries before the one with this sequence number.
    pub before: Option<i64>,
    /// Only entries after the one with this sequence number.
    pub after: Option<i64>,
    /// The most entries.
    pub limit: u64,
    /// Whether they are the oldest of the span instead of its newest.
    pub oldest: bool,
    /// Whether all entries that the filter lets through are to be counted, in the span or not.
    pub counted: bool,
}

/// A part of an event's change log.
#[derive(Clone, Debug, Default)]
pub struct LogPage {
    /// The entries, the newest first.
    pub changes: Vec<Change>,
    /// Whether there are later ones outside of it.
    pub has_newer: bool,
    /// Whether there are earlier ones outside of it.
    pub has_older: bool,
    /// How many there are altogether, where they were counted.
    pub count: u64,
    /// The users who wrote these entries and still have an account.
    pub users: HashMap<Id, User>,
}

impl Store {
    /// A part of an event's change log.
    pub async fn log_of_event(&self, event: Id, filter: &LogFilter, span: LogSpan) -> Result<LogPage, Error> {
        let transaction = self.begin_read().await?;
        let all = condition(event, began(&transaction, event).await?, filter);
        let mut within = all.clone();
        within = within.add_option(span.before.map(|sequence| Column::Sequence.lt(sequence)));
        within = within.add_option(span.after.map(|sequence| Column::Sequence.gt(sequence)));
        let query = Entity::find().filter(within).limit(span.limit + 1);
        let mut rows = match span.oldest {
            true => query.order_by_asc(Column::Sequence).all(&transaction).await?,
            false => query.order_by_desc(Column::Sequence).all(&transaction).await?,
        };
        let is_more = rows.len() as u64 > span.limit;
        if is_more {
            rows.pop();
        }
        if span.oldest {
            rows.reverse();
        }
        let beyond = async |sequence: Option<i64>, is_newer: bool| match sequence {
            None => Ok(false),
            Some(sequence) => {
                let beyond = if is_newer { Column::Sequence.gte(sequence) } else { Column::Sequence.lte(sequence) };
                is_any(&transaction, all.clone().add(beyond)).await
            }
        };
        let has_newer = beyond(span.before, true).await? || (is_more && span.oldest);
        let has_older = beyond(span.after, false).await? || (is_more && !span.oldest);
        let count = if span.counted { count(&transaction, all.clone()).await? } else { 0 };
        let mut users: Vec<Id> = rows.iter().filter_map(|row| Actor::named(&row.actor).user()).collect();
        users.sort_unstable();
        users.dedup();
        let users = accounts::users_with_ids(&transaction, &users).await?;
        transaction.commit().await?;
        let changes = rows.into_iter().map(follow::change_from_row).collect::<Result<_, Error>>()?;
        Ok(LogPage { changes, has_newer, has_older, count, users })
    }

    /// The entry of an event's change log with this sequence number.
    pub async fn change_of_event(&self, event: Id, sequence: i64) -> Result<Option<Change>, Error> {
        let began = began(&self.readers, event).await?;
        let wanted = condition(event, began, &LogFilter::default()).add(Column::Sequence.eq(sequence));
        Entity::find().filter(wanted).one(&self.readers).await?.map(follow::change_from_row).transpose()
    }
}

/// The sequence number after which the log is about the event that there is now. Whoever creates an event may choose the
/// id of one that was deleted, and what that one held is none of their business.
async fn began(db: &impl ConnectionTrait, event: Id) -> Result<Option<i64>, Error> {
    let deleted = Column::ItemId
        .eq(event.0)
        .and(Column::Kind.eq(Kind::Event.name()))
        .and(Column::Operation.eq(Operation::Delete.name()));
    let sequence = Entity::find().select_only().column(Column::Sequence).filter(deleted);
    Ok(sequence.order_by_desc(Column::Sequence).into_tuple().one(db).await?)
}

fn condition(event: Id, began: Option<i64>, filter: &LogFilter) -> Condition {
    let kinds = filter.kinds.iter().map(|kinds| Column::Kind.is_in(kinds.iter().map(|kind| kind.name())));
    let operations = filter.operations.iter();
    let operations = operations.map(|some| Column::Operation.is_in(some.iter().map(|operation| operation.name())));
    let records = |ids: &Vec<Id>| Column::ItemId.is_in(ids.iter().map(|id| id.0));
    let mut condition = Condition::all().add(Column::EventId.eq(event.0));
    condition = condition.add_option(began.map(|sequence| Column::Sequence.gt(sequence)));
    condition = kinds.chain(operations).fold(condition, Condition::add);
    condition = condition.add_option(filter.records.as_ref().map(records));
    condition = condition.add_option(filter.users.as_deref().map(by_users));
    if !filter.not_records.is_empty() {
        condition = condition.add(records(&filter.not_records).not());
    }
    if !filter.not_users.is_empty() {
        condition = condition.add(by_users(&filter.not_users).not());
    }
    condition = condition.add_option(filter.from.map(|from| Column::At.gte(from.as_microsecond())));
    condition.add_option(filter.to.map(|to| Column::At.lt(to.as_microsecond())))
}

fn by_users(users: &[Id]) -> Condition {
    let mut condition = Condition::any().add(Column::Actor.is_in(users.iter().map(|user| Actor::names_of(*user).0)));
    for user in users {
        condition = condition.add(Column::Actor.starts_with(Actor::names_of(*user).1));
    }
    condition
}

async fn is_any(db: &impl ConnectionTrait, condition: Condition) -> Result<bool, Error> {
    let found: Option<i64> =
        Entity::find().select_only().column(Column::Sequence).filter(condition).into_tuple().one(db).await?;
    Ok(found.is_some())
}

async fn count(db: &impl ConnectionTrait, condition: Condition) -> Result<u64, Error> {
    let query = Entity::find().select_only().column_as(Column::Sequence.count(), "entries").filter(condition);
    let count: Option<i64> = query.into_tuple().one(db).await?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}
