//! The delivery log: what endpoints were sent, to be looked at, and to be sent again.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{Attempt, Message, MessagePage, MessageStatus, attempt_from_row, hurry, locked, message_from_row};
use crate::content::Id;
use crate::error::Error;
use crate::store::rows::to_word;
use crate::store::{LogSpan, Store};
use entity::webhook_message::{Column, Entity};

/// How many attempts of a message are shown, the newest.
const MAX_ATTEMPTS: usize = 20;
/// How many messages are deleted at once when their time is over.
const BATCH: u64 = 1_000;

impl Store {
    /// A part of the messages of an endpoint, the newest first.
    pub async fn webhook_messages(
        &self,
        webhook: Id,
        statuses: Option<&[MessageStatus]>,
        span: LogSpan,
    ) -> Result<MessagePage, Error> {
        let transaction = self.begin_read().await?;
        let statuses = statuses.map(|some| Column::Status.is_in(some.iter().map(to_word)));
        let all = Condition::all().add(Column::WebhookId.eq(webhook.0)).add_option(statuses);
        let mut within = all.clone();
        within = within.add_option(span.before.map(|position| Column::Position.lt(position)));
        within = within.add_option(span.after.map(|position| Column::Position.gt(position)));
        let query = Entity::find().filter(within).limit(span.limit + 1);
        let mut rows = match span.oldest {
            true => query.order_by_asc(Column::Position).all(&transaction).await?,
            false => query.order_by_desc(Column::Position).all(&transaction).await?,
        };
        let is_more = rows.len() as u64 > span.limit;
        if is_more {
            rows.pop();
        }
        if span.oldest {
            rows.reverse();
        }
        let count = async |condition: Condition| Entity::find().filter(condition).count(&transaction).await;
        let newer = match span.before {
            Some(position) => count(all.clone().add(Column::Position.gte(position))).await?,
            None => 0,
        };
        let older = match span.after {
            Some(position) => count(all.clone().add(Column::Position.lte(position))).await?,
            None => 0,
        };
        let total = if span.counted { count(all).await? } else { 0 };
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut attempts = attempts(&transaction, &ids).await?;
        transaction.commit().await?;
        let messages = rows.into_iter().map(|row| {
            let attempts = attempts.remove(&row.id).unwrap_or_default();
            Ok((message_from_row(row)?, attempts))
        });
        Ok(MessagePage {
            messages: messages.collect::<Result<_, Error>>()?,
            has_newer: newer > 0 || (is_more && span.oldest),
            has_older: older > 0 || (is_more && !span.oldest),
            count: total,
        })
    }

    /// How many messages wait for each of these endpoints.
    pub async fn webhooks_waiting(&self, webhooks: &[Id]) -> Result<HashMap<Id, i64>, Error> {
        let query = Entity::find()
            .select_only()
            .column(Column::WebhookId)
            .column_as(Column::Id.count(), "waiting")
            .filter(Column::WebhookId.is_in(webhooks.iter().map(|id| id.0)))
            .filter(Column::Status.eq("pending"))
            .group_by(Column::WebhookId);
        let counts: Vec<(Uuid, i64)> = query.into_tuple().all(&self.readers).await?;
        Ok(counts.into_iter().map(|(id, count)| (Id(id), count)).collect())
    }

    /// Puts a message of an event's endpoint into the queue again, with the same id, and has it tried at once; `None` when
    /// there is no such message, or its endpoint is disabled.
    pub async fn resend_webhook_message(
        &self,
        event: Id,
        message: Id,
        now: Timestamp,
    ) -> Result<Option<(Message, Vec<Attempt>)>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let Some(row) = Entity::find_by_id(message.0).one(&transaction).await? else { return Ok(None) };
        let webhook = locked(&transaction, event, Id(row.webhook_id)).await?;
        let Some(webhook) = webhook.filter(|webhook| webhook.disabled_at.is_none()) else { return Ok(None) };
        again(&transaction, Condition::all().add(Column::Id.eq(message.0)), now).await?;
        hurry(&transaction, webhook.id, now).await?;
        let row = Entity::find_by_id(message.0).one(&transaction).await?.unwrap_or(row);
        let attempts = attempts(&transaction, &[message.0]).await?.remove(&message.0).unwrap_or_default();
        transaction.commit().await?;
        self.outbox.notify_one();
        Ok(Some((message_from_row(row)?, attempts)))
    }

    /// Puts the messages of an endpoint that were made since an instant into the queue again, those that were given up or
    /// all; answers how many, or `None` when the event has no such endpoint, or that is disabled.
    pub async fn replay_webhook(
        &self,
        event: Id,
        webhook: Id,
        since: Timestamp,
        only_failed: bool,
        now: Timestamp,
    ) -> Result<Option<u64>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let row = locked(&transaction, event, webhook).await?;
        if row.is_none_or(|row| row.disabled_at.is_some()) {
            return Ok(None);
        }
        let finished = if only_failed { vec!["failed"] } else { vec!["failed", "delivered"] };
        let which = Condition::all()
            .add(Column::WebhookId.eq(webhook.0))
            .add(Column::CreatedAt.gte(since.as_microsecond()))
            .add(Column::Status.is_in(finished));
        let count = again(&transaction, which, now).await?;
        hurry(&transaction, webhook.0, now).await?;
        transaction.commit().await?;
        self.outbox.notify_one();
        Ok(Some(count))
    }

    /// Deletes messages that were done with before an instant, a number of them at most; answers how many.
    pub async fn forget_webhook_messages(&self, before: Timestamp) -> Result<u64, Error> {
        let old = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::FinishedAt.lt(before.as_microsecond()))
            .limit(BATCH)
            .into_tuple();
        let ids: Vec<Uuid> = old.all(&self.readers).await?;
        if ids.is_empty() {
            return Ok(0);
        }
        // One that was put into the queue again in the meantime stays.
        let deleted = Entity::delete_many()
            .filter(Column::Id.is_in(ids))
            .filter(Column::FinishedAt.lt(before.as_microsecond()))
            .exec(&self.writer)
            .await?;
        Ok(deleted.rows_affected)
    }
}

/// Puts messages into the queue again, at their places, as if they had not been tried.
async fn again(db: &impl ConnectionTrait, which: Condition, now: Timestamp) -> Result<u64, Error> {
    let done = Entity::update_many()
        .col_expr(Column::Status, Expr::value("pending"))
        .col_expr(Column::Tries, Expr::value(0))
        .col_expr(Column::NextAttemptAt, Expr::value(now.as_microsecond()))
        .col_expr(Column::FinishedAt, Expr::value(None::<i64>))
        .filter(which)
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}

/// The newest attempts to deliver messages, the oldest of them first.
async fn attempts(db: &impl ConnectionTrait, messages: &[Uuid]) -> Result<HashMap<Uuid, Vec<Attempt>>, Error> {
    use entity::webhook_attempt::{Column, Entity};
    let rows = Entity::find().filter(Column::MessageId.is_in(messages.iter().copied()));
    let rows = rows.order_by_asc(Column::MessageId).order_by_asc(Column::Number).all(db).await?;
    let mut found: HashMap<Uuid, Vec<Attempt>> = HashMap::new();
    for row in rows {
        found.entry(row.message_id).or_default().push(attempt_from_row(row)?);
    }
    for attempts in found.values_mut() {
        let surplus = attempts.len().saturating_sub(MAX_ATTEMPTS);
        attempts.drain(..surplus);
    }
    Ok(found)
}
