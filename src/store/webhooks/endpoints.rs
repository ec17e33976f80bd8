//! Endpoints: made, changed, listed and gone.

use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{KeptSecret, NewWebhook, Webhook, WebhookChange, hurry, locked, secrets_to_json, webhook_from_row};
use crate::content::Id;
use crate::error::Error;
use crate::store::rows::to_json;
use crate::store::{Store, bulk};
use entity::webhook::{Column, Entity, Model};

/// The most endpoints that an event has.
const MAX_WEBHOOKS: u64 = 20;

impl Store {
    /// Adds an endpoint; `None` when the event has too many.
    pub async fn add_webhook(&self, new: NewWebhook, now: Timestamp) -> Result<Option<Webhook>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        if Entity::find().filter(Column::EventId.eq(new.event.0)).count(&transaction).await? >= MAX_WEBHOOKS {
            return Ok(None);
        }
        let row = Model {
            id: Uuid::now_v7(),
            event_id: new.event.0,
            url: new.url,
            description: new.description,
            secrets: secrets_to_json(&[KeptSecret { secret: new.secret, until: None }]),
            types: new.types.as_ref().map(to_json),
            cursor: new.cursor.to_string(),
            position: 0,
            due_at: None,
            leased_by: None,
            leased_until: None,
            failing_since: None,
            delivered_at: None,
            disabled_at: None,
            disabled_reason: None,
            created_by: new.created_by,
            created_at: now.as_microsecond(),
            updated_at: now.as_microsecond(),
        };
        bulk::insert::<Entity>(&transaction, vec![row.clone()]).await?;
        transaction.commit().await?;
        self.outbox.notify_one();
        webhook_from_row(row).map(Some)
    }

    /// The endpoints of an event, the oldest first.
    pub async fn webhooks_of_event(&self, event: Id) -> Result<Vec<Webhook>, Error> {
        let rows = Entity::find().filter(Column::EventId.eq(event.0)).order_by_asc(Column::CreatedAt);
        rows.order_by_asc(Column::Id).all(&self.readers).await?.into_iter().map(webhook_from_row).collect()
    }

    /// The endpoints of all events that are not disabled.
    pub async fn enabled_webhooks(&self) -> Result<Vec<Webhook>, Error> {
        let rows = Entity::find().filter(Column::DisabledAt.is_null()).all(&self.readers).await?;
        rows.into_iter().map(webhook_from_row).collect()
    }

    /// Changes an endpoint of an event; `None` when it has no such one. What waits is delivered at once where that was not
    /// possible before.
    pub async fn change_webhook(
        &self,
        event: Id,
        id: Id,
        change: impl FnOnce(&Webhook) -> WebhookChange + Send,
        now: Timestamp,
    ) -> Result<Option<Webhook>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let Some(row) = locked(&transaction, event, id).await? else { return Ok(None) };
        let change = change(&webhook_from_row(row.clone())?);
        let is_other = change.url.as_ref().is_some_and(|url| *url != row.url);
        let is_enabled = matches!(change.disabled, Some(None)) && row.disabled_at.is_some();
        let row = changed(row, change, now);
        if is_enabled || (is_other && row.disabled_at.is_none()) {
            hurry(&transaction, row.id, now).await?;
        }
        let id = row.id;
        Entity::update_many()
            .col_expr(Column::Url, Expr::value(row.url))
            .col_expr(Column::Description, Expr::value(row.description))
            .col_expr(Column::Types, Expr::value(row.types))
            .col_expr(Column::Secrets, Expr::value(row.secrets))
            .col_expr(Column::FailingSince, Expr::value(row.failing_since))
            .col_expr(Column::DisabledAt, Expr::value(row.disabled_at))
            .col_expr(Column::DisabledReason, Expr::value(row.disabled_reason))
            .col_expr(Column::UpdatedAt, Expr::value(row.updated_at))
            .filter(Column::Id.eq(id))
            .exec(&transaction)
            .await?;
        let row = Entity::find_by_id(id).one(&transaction).await?;
        transaction.commit().await?;
        self.outbox.notify_one();
        row.map(webhook_from_row).transpose()
    }

    /// Deletes an endpoint of an event with its messages; answers whether it was there.
    pub async fn delete_webhook(&self, event: Id, id: Id) -> Result<bool, Error> {
        let deleted = Entity::delete_many().filter(Column::Id.eq(id.0)).filter(Column::EventId.eq(event.0));
        Ok(deleted.exec(&self.writer).await?.rows_affected > 0)
    }
}

fn changed(mut row: Model, change: WebhookChange, now: Timestamp) -> Model {
    if let Some(url) = change.url {
        row.url = url;
    }
    if let Some(description) = change.description {
        row.description = description;
    }
    if let Some(types) = change.types {
        row.types = types.as_ref().map(to_json);
    }
    if let Some(secrets) = change.secrets {
        row.secrets = secrets_to_json(&secrets);
    }
    match change.disabled {
        Some(None) => {
            (row.disabled_at, row.disabled_reason) = (None, None);
            // It gets a fresh start.
            row.failing_since = None;
        }
        Some(Some(reason)) if row.disabled_at.is_none() => {
            (row.disabled_at, row.disabled_reason) = (Some(now.as_microsecond()), Some(reason));
        }
        None | Some(Some(_)) => {}
    }
    row.updated_at = now.as_microsecond();
    row
}
