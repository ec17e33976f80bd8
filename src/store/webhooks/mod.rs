//! Webhooks as they are stored: endpoints, the outbox with the messages for them, and the log of deliveries.
//!
//! A message comes into the outbox in the transaction that moves the cursor of its endpoint, so it is there once. Who
//! delivers holds a lease on the endpoint, so that of several servers one does, and in order. Nothing here knows what a
//! message says, or when it is worth trying again.

mod endpoints;
mod log;
mod outbox;

use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rows::Origin;
use crate::access::signing::SigningSecret;
use crate::content::Id;
use crate::error::Error;
use crate::snapshot::Cursor;

/// An endpoint.
#[derive(Clone)]
pub struct Webhook {
    /// The identity.
    pub id: Id,
    /// The event that it is told of.
    pub event: Id,
    /// Where messages are sent. It may hold a secret, so it stays out of logs.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
    /// What messages are signed with, the newest first.
    pub secrets: Vec<KeptSecret>,
    /// The types of the messages that it gets; `None`: all.
    pub types: Option<Vec<String>>,
    /// Up to where of what the public sees messages have been made.
    pub cursor: Cursor,
    /// When the next delivery is due; `None` when nothing waits.
    pub due_at: Option<Timestamp>,
    /// Until when somebody delivers at the moment.
    pub leased_until: Option<Timestamp>,
    /// Since when every delivery has failed.
    pub failing_since: Option<Timestamp>,
    /// When a delivery last succeeded.
    pub delivered_at: Option<Timestamp>,
    /// Since when it gets nothing, and why.
    pub disabled: Option<(Timestamp, String)>,
    /// Who made it, in the words of the change log.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its settings were last changed.
    pub updated_at: Timestamp,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Webhook").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A secret that messages are signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSecret {
    /// The secret.
    pub secret: SigningSecret,
    /// Until when it is used, where another has taken its place.
    pub until: Option<Timestamp>,
}

/// An endpoint that is to be.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// The event.
    pub event: Id,
    /// Where messages are sent.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
    /// What messages are signed with.
    pub secret: SigningSecret,
    /// The types of the messages that it gets; `None`: all.
    pub types: Option<Vec<String>>,
    /// From where on of what the public sees it is told.
    pub cursor: Cursor,
    /// Who makes it.
    pub created_by: String,
}

/// What is to become different of an endpoint; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct WebhookChange {
    /// Where messages are sent.
    pub url: Option<String>,
    /// What it is for.
    pub description: Option<Option<String>>,
    /// The types of the messages that it gets.
    pub types: Option<Option<Vec<String>>>,
    /// `None` in it enables the endpoint, a reason disables it.
    pub disabled: Option<Option<String>>,
    /// What messages are signed with.
    pub secrets: Option<Vec<KeptSecret>>,
}

/// A message that is to be sent.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The type.
    pub kind: String,
    /// The body.
    pub payload: String,
    /// When what it tells happened.
    pub happened_at: Timestamp,
}

/// How much room there is for messages to an endpoint.
#[derive(Clone, Debug)]
pub struct Room {
    /// How many may wait.
    pub most: u64,
    /// What is told in the place of everything that waits, where there are more.
    pub instead: Option<NewMessage>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageStatus {
    /// It waits to be delivered.
    Pending,
    /// The endpoint has taken it.
    Delivered,
    /// It was given up.
    Failed,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The identity.
    pub id: Id,
    /// Whom it is for.
    pub webhook: Id,
    /// Its place among the messages of that endpoint.
    pub position: i64,
    /// The type.
    pub kind: String,
    /// The body.
    pub payload: String,
    /// When what it tells happened.
    pub happened_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// What became of it.
    pub status: MessageStatus,
    /// How often it was tried in all.
    pub attempts: i32,
    /// How often it was tried since it was last put into the queue.
    pub tries: i32,
    /// When it is tried next.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was delivered or given up.
    pub finished_at: Option<Timestamp>,
}

impl Message {
    /// The id by which receivers know a message.
    pub fn public_id(id: Id) -> String {
        format!("msg_{}", id.0.simple())
    }

    /// The id in a [`Message::public_id`].
    pub fn parse_id(text: &str) -> Option<Id> {
        let digits = text.strip_prefix("msg_").filter(|digits| digits.len() == 32)?;
        Uuid::try_parse(digits).ok().map(Id)
    }
}

/// An attempt to deliver a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which attempt of the message it is, counted from 1.
    pub number: i32,
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration: i64,
    /// The status of the answer.
    pub status: Option<i32>,
    /// Why there was no answer.
    pub problem: Option<String>,
    /// The beginning of the answer.
    pub answer: Option<String>,
    /// When the message was to be tried again.
    pub next_attempt_at: Option<Timestamp>,
}

/// What an attempt led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The message has arrived.
    Delivered,
    /// It is tried again then.
    Again(Timestamp),
    /// It is given up.
    GivenUp,
    /// The endpoint gets nothing any more, for this reason; the message waits.
    Disabled(String),
}

/// A message that is to be delivered now, by whoever holds the lease of its endpoint.
#[derive(Debug)]
pub struct Delivery {
    /// The endpoint.
    pub webhook: Webhook,
    /// The message.
    pub message: Message,
}

/// A part of the messages of an endpoint.
#[derive(Clone, Debug, Default)]
pub struct MessagePage {
    /// The messages with their newest attempts, the newest first.
    pub messages: Vec<(Message, Vec<Attempt>)>,
    /// Whether there are later ones outside of it.
    pub has_newer: bool,
    /// Whether there are earlier ones outside of it.
    pub has_older: bool,
    /// How many there are altogether, where they were counted.
    pub count: u64,
}

/// A secret as it is kept.
#[derive(Serialize, Deserialize)]
struct SecretRow {
    secret: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
}

fn secrets_to_json(secrets: &[KeptSecret]) -> String {
    let row = |kept: &KeptSecret| SecretRow {
        secret: kept.secret.reveal(),
        until: kept.until.map(Timestamp::as_microsecond),
    };
    super::rows::to_json(&secrets.iter().map(row).collect::<Vec<_>>())
}

fn webhook_from_row(row: entity::webhook::Model) -> Result<Webhook, Error> {
    use serde::de::Error as _;
    let origin = Origin::new("webhook", row.id);
    let broken = |what: &str| origin.corrupt(serde_json::Error::custom(what));
    let kept: Vec<SecretRow> = origin.json(&row.secrets)?;
    let secrets = kept.into_iter().map(|kept| {
        let secret = SigningSecret::parse(&kept.secret).ok_or_else(|| broken("a secret is not one"))?;
        Ok(KeptSecret { secret, until: origin.optional_instant(kept.until)? })
    });
    Ok(Webhook {
        secrets: secrets.collect::<Result<_, Error>>()?,
        id: Id(row.id),
        event: Id(row.event_id),
        url: row.url,
        description: row.description,
        types: row.types.as_deref().map(|text| origin.json(text)).transpose()?,
        cursor: row.cursor.parse().map_err(|_| broken("the cursor is not one"))?,
        due_at: origin.optional_instant(row.due_at)?,
        leased_until: origin.optional_instant(row.leased_until)?,
        failing_since: origin.optional_instant(row.failing_since)?,
        delivered_at: origin.optional_instant(row.delivered_at)?,
        disabled: origin.optional_instant(row.disabled_at)?.zip(row.disabled_reason),
        created_by: row.created_by,
        created_at: origin.instant(row.created_at)?,
        updated_at: origin.instant(row.updated_at)?,
    })
}

fn message_from_row(row: entity::webhook_message::Model) -> Result<Message, Error> {
    let origin = Origin::new("webhook_message", row.id);
    Ok(Message {
        id: Id(row.id),
        webhook: Id(row.webhook_id),
        position: row.position,
        kind: row.kind,
        payload: row.payload,
        happened_at: origin.instant(row.happened_at)?,
        created_at: origin.instant(row.created_at)?,
        status: origin.word(row.status)?,
        attempts: row.attempts,
        tries: row.tries,
        next_attempt_at: origin.optional_instant(row.next_attempt_at)?,
        finished_at: origin.optional_instant(row.finished_at)?,
    })
}

fn attempt_from_row(row: entity::webhook_attempt::Model) -> Result<Attempt, Error> {
    let origin = Origin::new("webhook_attempt", row.message_id);
    Ok(Attempt {
        number: row.number,
        at: origin.instant(row.at)?,
        duration: row.duration,
        status: row.status,
        problem: row.problem,
        answer: row.answer,
        next_attempt_at: origin.optional_instant(row.next_attempt_at)?,
    })
}

/// The row of an endpoint of an event, so that nobody else changes it until the end of the transaction.
async fn locked(transaction: &DatabaseTransaction, event: Id, id: Id) -> Result<Option<entity::webhook::Model>, Error> {
    use entity::webhook::{Column, Entity};
    let row = Entity::find_by_id(id.0).filter(Column::EventId.eq(event.0)).lock_exclusive().one(transaction).await?;
    Ok(row)
}

/// The oldest message of an endpoint that waits: the others wait for it.
async fn head(db: &impl ConnectionTrait, webhook: Uuid) -> Result<Option<entity::webhook_message::Model>, Error> {
    use entity::webhook_message::{Column, Entity};
    let pending = Column::WebhookId.eq(webhook).and(Column::Status.eq("pending"));
    Ok(Entity::find().filter(pending).order_by_asc(Column::Position).one(db).await?)
}

/// Notes when the next delivery of an endpoint is due.
async fn note_due(transaction: &DatabaseTransaction, webhook: Uuid) -> Result<(), Error> {
    let due = head(transaction, webhook).await?.and_then(|head| head.next_attempt_at);
    entity::webhook::Entity::update_many()
        .col_expr(entity::webhook::Column::DueAt, Expr::value(due))
        .filter(entity::webhook::Column::Id.eq(webhook))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Makes the oldest message that waits due at once, and with it all others.
async fn hurry(transaction: &DatabaseTransaction, webhook: Uuid, now: Timestamp) -> Result<(), Error> {
    use entity::webhook_message::{Column, Entity};
    if let Some(head) = head(transaction, webhook).await? {
        Entity::update_many()
            .col_expr(Column::NextAttemptAt, Expr::value(now.as_microsecond()))
            .filter(Column::Id.eq(head.id))
            .exec(transaction)
            .await?;
    }
    note_due(transaction, webhook).await
}
