//! The outbox: messages come in, one endpoint at a time, and are delivered in their order by whoever holds the lease.

use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Attempt, Delivery, Message, NewMessage, Room, Verdict, head, hurry, locked, message_from_row, note_due,
    webhook_from_row,
};
use crate::content::Id;
use crate::error::Error;
use crate::snapshot::Cursor;
use crate::store::{Store, bulk};
use entity::{webhook, webhook_attempt, webhook_message};

impl Store {
    /// Puts what there is to tell an endpoint into the outbox and moves its cursor, both or neither. Where there is no room
    /// for it, what waits is dropped, but for the message that may be on its way. Answers how many were dropped; `None`, and
    /// nothing is done, where the cursor is not `from` any more: somebody else has told it.
    pub async fn tell_webhook(
        &self,
        (event, id): (Id, Id),
        (from, to): (Cursor, Cursor),
        mut messages: Vec<NewMessage>,
        room: Room,
        now: Timestamp,
    ) -> Result<Option<u64>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let row = locked(&transaction, event, id).await?;
        let Some(row) = row.filter(|row| row.cursor == from.to_string()) else { return Ok(None) };
        webhook::Entity::update_many()
            .col_expr(webhook::Column::Cursor, Expr::value(to.to_string()))
            .filter(webhook::Column::Id.eq(id.0))
            .exec(&transaction)
            .await?;
        let mut dropped = 0;
        if !messages.is_empty() && waiting(&transaction, id).await? + messages.len() as u64 > room.most {
            dropped = drop_waiting(&transaction, id).await?;
            messages = room.instead.map_or(messages, |instead| vec![instead]);
        }
        insert(&transaction, &row, messages, now).await?;
        transaction.commit().await?;
        Ok(Some(dropped))
    }

    /// Puts a message for an endpoint into the outbox and has everything tried at once that waits there; `None` when the
    /// event has no such endpoint, or that is disabled.
    pub async fn add_webhook_message(
        &self,
        event: Id,
        id: Id,
        message: NewMessage,
        now: Timestamp,
    ) -> Result<Option<Message>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let row = locked(&transaction, event, id).await?.filter(|row| row.disabled_at.is_none());
        let Some(row) = row else { return Ok(None) };
        let added = insert(&transaction, &row, vec![message], now).await?;
        hurry(&transaction, id.0, now).await?;
        transaction.commit().await?;
        self.outbox.notify_one();
        added.into_iter().next().map(message_from_row).transpose()
    }

    /// Takes the lease of an endpoint for `worker`, and what is to be delivered to it; `None` when nothing is due, or
    /// somebody else has the lease.
    pub async fn take_delivery(
        &self,
        id: Id,
        worker: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Delivery>, Error> {
        use webhook::Column;
        let now = now.as_microsecond();
        let is_free = Condition::any().add(Column::LeasedUntil.is_null()).add(Column::LeasedUntil.lte(now));
        let transaction = self.begin_write_beside_log().await?;
        let taken = webhook::Entity::update_many()
            .col_expr(Column::LeasedBy, Expr::value(worker))
            .col_expr(Column::LeasedUntil, Expr::value(until.as_microsecond()))
            .filter(Column::Id.eq(id.0))
            .filter(Column::DisabledAt.is_null())
            .filter(Column::DueAt.lte(now))
            .filter(is_free)
            .exec(&transaction)
            .await?;
        if taken.rows_affected == 0 {
            return Ok(None);
        }
        let row = webhook::Entity::find_by_id(id.0).one(&transaction).await?;
        let Some((row, message)) = row.zip(head(&transaction, id.0).await?) else { return Ok(None) };
        transaction.commit().await?;
        Ok(Some(Delivery { webhook: webhook_from_row(row)?, message: message_from_row(message)? }))
    }

    /// Keeps the lease of an endpoint for longer.
    pub async fn keep_lease(&self, id: Id, worker: Uuid, until: Timestamp) -> Result<(), Error> {
        use webhook::Column;
        webhook::Entity::update_many()
            .col_expr(Column::LeasedUntil, Expr::value(until.as_microsecond()))
            .filter(Column::Id.eq(id.0))
            .filter(Column::LeasedBy.eq(worker))
            .exec(&self.writer)
            .await?;
        Ok(())
    }

    /// Gives back every lease of a worker that stops.
    pub async fn give_back_leases(&self, worker: Uuid) -> Result<(), Error> {
        use webhook::Column;
        webhook::Entity::update_many()
            .col_expr(Column::LeasedBy, Expr::value(None::<Uuid>))
            .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
            .filter(Column::LeasedBy.eq(worker))
            .exec(&self.writer)
            .await?;
        Ok(())
    }

    /// Notes how an attempt went and gives the lease back. Answers whether it did: where somebody else has taken the lease
    /// meanwhile, what they find out counts.
    pub async fn finish_delivery(
        &self,
        delivery: &Delivery,
        worker: Uuid,
        attempt: Attempt,
        verdict: &Verdict,
    ) -> Result<bool, Error> {
        let Delivery { webhook, message } = delivery;
        let transaction = self.begin_write_beside_log().await?;
        let row = locked(&transaction, webhook.event, webhook.id).await?;
        let Some(row) = row.filter(|row| row.leased_by == Some(worker)) else { return Ok(false) };
        let at = attempt.at.as_microsecond();
        note_attempt(&transaction, message, attempt, verdict).await?;
        note_outcome(&transaction, row, verdict, at).await?;
        note_due(&transaction, webhook.id.0).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Is woken when there may be something to deliver.
    pub async fn outbox_woken(&self) {
        self.outbox.notified().await;
    }
}

/// How many messages wait for an endpoint.
async fn waiting(transaction: &DatabaseTransaction, webhook: Id) -> Result<u64, Error> {
    use webhook_message::{Column, Entity};
    let pending = Entity::find().filter(Column::WebhookId.eq(webhook.0)).filter(Column::Status.eq("pending"));
    Ok(pending.count(transaction).await?)
}

/// Drops what waits for an endpoint, but for the oldest, which may be on its way; answers how many.
async fn drop_waiting(transaction: &DatabaseTransaction, webhook: Id) -> Result<u64, Error> {
    use webhook_message::{Column, Entity};
    let Some(head) = head(transaction, webhook.0).await? else { return Ok(0) };
    let pending = Entity::delete_many().filter(Column::WebhookId.eq(webhook.0)).filter(Column::Status.eq("pending"));
    Ok(pending.filter(Column::Id.ne(head.id)).exec(transaction).await?.rows_affected)
}

/// Adds messages after those that there are.
pub(super) async fn insert(
    transaction: &DatabaseTransaction,
    row: &webhook::Model,
    messages: Vec<NewMessage>,
    now: Timestamp,
) -> Result<Vec<webhook_message::Model>, Error> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let now = now.as_microsecond();
    let rows: Vec<_> = (row.position + 1..)
        .zip(messages)
        .map(|(position, message)| webhook_message::Model {
            id: Uuid::now_v7(),
            webhook_id: row.id,
            position,
            kind: message.kind,
            payload: message.payload,
            happened_at: message.happened_at.as_microsecond(),
            created_at: now,
            status: "pending".to_owned(),
            attempts: 0,
            tries: 0,
            next_attempt_at: Some(now),
            finished_at: None,
        })
        .collect();
    let position = rows.last().map_or(row.position, |last| last.position);
    bulk::insert::<webhook_message::Entity>(transaction, rows.clone()).await?;
    webhook::Entity::update_many()
        .col_expr(webhook::Column::Position, Expr::value(position))
        .filter(webhook::Column::Id.eq(row.id))
        .exec(transaction)
        .await?;
    note_due(transaction, row.id).await?;
    Ok(rows)
}

async fn note_attempt(
    transaction: &DatabaseTransaction,
    message: &Message,
    attempt: Attempt,
    verdict: &Verdict,
) -> Result<(), Error> {
    use webhook_message::Column;
    let ended = attempt.at.as_microsecond() + attempt.duration * 1_000;
    let (status, next, finished) = match verdict {
        Verdict::Delivered => ("delivered", None, Some(ended)),
        Verdict::GivenUp => ("failed", None, Some(ended)),
        Verdict::Again(at) => ("pending", Some(at.as_microsecond()), None),
        Verdict::Disabled(_) => ("pending", Some(ended), None),
    };
    let count = |column: Column| Expr::col(column).add(1);
    webhook_message::Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::Attempts, count(Column::Attempts))
        .col_expr(Column::Tries, count(Column::Tries))
        .col_expr(Column::NextAttemptAt, Expr::value(next))
        .col_expr(Column::FinishedAt, Expr::value(finished))
        .filter(Column::Id.eq(message.id.0))
        .exec(transaction)
        .await?;
    let row = webhook_attempt::Model {
        message_id: message.id.0,
        number: attempt.number,
        at: attempt.at.as_microsecond(),
        duration: attempt.duration,
        status: attempt.status,
        problem: attempt.problem,
        answer: attempt.answer,
        next_attempt_at: match verdict {
            Verdict::Again(at) => Some(at.as_microsecond()),
            _ => None,
        },
    };
    bulk::insert::<webhook_attempt::Entity>(transaction, vec![row]).await
}

/// What the attempt says about the endpoint.
async fn note_outcome(
    transaction: &DatabaseTransaction,
    row: webhook::Model,
    verdict: &Verdict,
    at: i64,
) -> Result<(), Error> {
    use webhook::Column;
    let is_delivered = *verdict == Verdict::Delivered;
    let failing_since = if is_delivered { None } else { row.failing_since.or(Some(at)) };
    let delivered_at = if is_delivered { Some(at) } else { row.delivered_at };
    let disabled = match verdict {
        Verdict::Disabled(reason) if row.disabled_at.is_none() => Some((at, reason.clone())),
        _ => row.disabled_at.zip(row.disabled_reason),
    };
    let (disabled_at, disabled_reason) = disabled.unzip();
    webhook::Entity::update_many()
        .col_expr(Column::LeasedBy, Expr::value(None::<Uuid>))
        .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
        .col_expr(Column::FailingSince, Expr::value(failing_since))
        .col_expr(Column::DeliveredAt, Expr::value(delivered_at))
        .col_expr(Column::DisabledAt, Expr::value(disabled_at))
        .col_expr(Column::DisabledReason, Expr::value(disabled_reason))
        .filter(Column::Id.eq(row.id))
        .exec(transaction)
        .await?;
    Ok(())
}
