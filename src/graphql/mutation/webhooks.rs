//! Webhooks: endpoints are made, changed, tried and deleted by those who manage the event, and sent messages again.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use jiff::tz::TimeZone;

use super::event_with_right;
use crate::access::Right;
use crate::content::{DateTime, Id};
use crate::graphql::Settings;
use crate::graphql::query::reading;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::graphql::webhook::{WebhookMessageNode, WebhookNode, unavailable};
use crate::store::Message;
use crate::webhooks::{Hooks, NewEndpoint, WebhookEventType, Wrong};

/// The most hours for which a secret that was replaced may be good.
const MAX_OVERLAP: u32 = 720;

/// What `createWebhook` takes.
#[derive(InputObject)]
struct CreateWebhookInput {
    /// The slug of the event.
    event: String,
    /// Where messages are to be sent: an `https` URL of at most 2048 bytes, without a user name, a password and a fragment,
    /// on a public address.
    url: String,
    /// What it is for: at most 500 characters.
    description: Option<String>,
    /// The types of the messages that it is to get; all when left out.
    types: Option<Vec<WebhookEventType>>,
}

/// What `updateWebhook` takes. A part left out stays.
#[derive(InputObject)]
struct UpdateWebhookInput {
    /// The slug of the event.
    event: String,
    /// The id of the webhook.
    id: Id,
    /// Where messages are to be sent, those included that wait.
    url: Option<String>,
    /// What it is for; null for nothing.
    description: MaybeUndefined<String>,
    /// The types of the messages that it is to get; null for all.
    types: MaybeUndefined<Vec<WebhookEventType>>,
    /// Whether it is to get messages. Enabled again, it gets what waits and then what has changed in the meantime.
    enabled: Option<bool>,
}

/// What `deleteWebhook` takes.
#[derive(InputObject)]
struct DeleteWebhookInput {
    /// The slug of the event.
    event: String,
    /// The id of the webhook.
    id: Id,
}

/// What `rotateWebhookSecret` takes.
#[derive(InputObject)]
struct RotateWebhookSecretInput {
    /// The slug of the event.
    event: String,
    /// The id of the webhook.
    id: Id,
    /// For how many hours messages are signed with the secret before too: 0 to 720; as the server is set up when left out, a
    /// day by default.
    overlap_hours: Option<i32>,
}

/// What `sendWebhookPing` takes.
#[derive(InputObject)]
struct SendWebhookPingInput {
    /// The slug of the event.
    event: String,
    /// The id of the webhook.
    id: Id,
}

/// What `resendWebhookMessage` takes.
#[derive(InputObject)]
struct ResendWebhookMessageInput {
    /// The slug of the event.
    event: String,
    /// The message, as the header `webhook-id` and `messageId` name it, for example
    /// `msg_019ab1c2d3e47f708192a3b4c5d6e7f8`.
    message_id: String,
}

/// What `replayWebhook` takes.
#[derive(InputObject)]
struct ReplayWebhookInput {
    /// The slug of the event.
    event: String,
    /// The id of the webhook.
    id: Id,
    /// Messages that were made at this instant or later are sent again.
    since: DateTime,
    /// Whether only those are sent again that were given up.
    #[graphql(default)]
    only_failed: bool,
}

/// What `createWebhook` came to.
#[derive(Default, SimpleObject)]
#[graphql(serial)]
struct CreateWebhookPayload {
    /// The webhook.
    webhook: Option<WebhookNode>,
    /// What the endpoint checks signatures with: `whsec_` and base64. It is shown this once.
    secret: Option<String>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `updateWebhook` came to.
#[derive(Default, SimpleObject)]
#[graphql(serial)]
struct UpdateWebhookPayload {
    /// The webhook.
    webhook: Option<WebhookNode>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `deleteWebhook` came to.
#[derive(SimpleObject)]
#[graphql(serial)]
struct DeleteWebhookPayload {
    /// The id of the webhook, which is gone with its messages.
    deleted: Option<Id>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `rotateWebhookSecret` came to.
#[derive(Default, SimpleObject)]
#[graphql(serial)]
struct RotateWebhookSecretPayload {
    /// The webhook.
    webhook: Option<WebhookNode>,
    /// The new secret. It is shown this once.
    secret: Option<String>,
    /// Until when messages are signed with the secret before too.
    previous_secret_until: Option<DateTime>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `sendWebhookPing` came to.
#[derive(SimpleObject)]
#[graphql(serial)]
struct SendWebhookPingPayload {
    /// The message, which waits for those before it.
    message: Option<WebhookMessageNode>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `resendWebhookMessage` came to.
#[derive(SimpleObject)]
#[graphql(serial)]
struct ResendWebhookMessagePayload {
    /// The message, which waits again.
    message: Option<WebhookMessageNode>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// What `replayWebhook` came to.
#[derive(SimpleObject)]
#[graphql(serial)]
struct ReplayWebhookPayload {
    /// How many messages are sent again.
    count: Option<i32>,
    /// What is wrong.
    user_errors: Vec<UserError>,
}

/// The mutations of webhooks.
#[derive(Debug, Default)]
pub(super) struct WebhookMutations;

#[Object]
impl WebhookMutations {
    /// Makes an endpoint that is told what changes in an event for everybody, from now on.
    async fn create_webhook(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Of which event, and where messages are sent.")] input: CreateWebhookInput,
    ) -> Result<CreateWebhookPayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let CreateWebhookInput { url, description, types, .. } = input;
        let created_by = reading(context)?.viewer().actor();
        let new = NewEndpoint { url, description, types, created_by };
        Ok(match hooks(context)?.create(header.event.id, new).await.map_err(unavailable)? {
            Ok((webhook, secret)) => CreateWebhookPayload {
                webhook: WebhookNode::managed(context, webhook).await?,
                secret: Some(secret.reveal()),
                user_errors: Vec::new(),
            },
            Err(wrong) => CreateWebhookPayload { user_errors: invalid(wrong), ..Default::default() },
        })
    }

    /// Changes an endpoint, or disables and enables it.
    async fn update_webhook(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which webhook, and what of it.")] input: UpdateWebhookInput,
    ) -> Result<UpdateWebhookPayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let UpdateWebhookInput { id, url, description, types, enabled, .. } = input;
        let (description, types) = (said(description), said(types));
        let changed = hooks(context)?.change((header.event.id, id), url, description, types, enabled).await;
        Ok(match changed.map_err(unavailable)? {
            Ok(Some(webhook)) => {
                UpdateWebhookPayload { webhook: WebhookNode::managed(context, webhook).await?, user_errors: Vec::new() }
            }
            Ok(None) => UpdateWebhookPayload { user_errors: not_there(), ..Default::default() },
            Err(wrong) => UpdateWebhookPayload { user_errors: invalid(wrong), ..Default::default() },
        })
    }

    /// Deletes an endpoint with its messages: those that wait are not delivered any more.
    async fn delete_webhook(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: DeleteWebhookInput,
    ) -> Result<DeleteWebhookPayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let store = reading(context)?.shelf().store();
        let was_there = store.delete_webhook(header.event.id, input.id).await.map_err(unavailable)?;
        let user_errors = if was_there { Vec::new() } else { not_there() };
        Ok(DeleteWebhookPayload { deleted: was_there.then_some(input.id), user_errors })
    }

    /// Gives an endpoint a new secret. For a while messages are signed with the one before too, so that there is time to
    /// make the new one known.
    async fn rotate_webhook_secret(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: RotateWebhookSecretInput,
    ) -> Result<RotateWebhookSecretPayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let wrong = |user_errors| RotateWebhookSecretPayload { user_errors, ..Default::default() };
        let overlap = match input.overlap_hours.map(u32::try_from).transpose() {
            Ok(overlap) if overlap.is_none_or(|hours| hours <= MAX_OVERLAP) => overlap,
            _ => {
                let message = format!("it must be from 0 to {MAX_OVERLAP}");
                return Ok(wrong(vec![UserError::new("overlapHours", UserErrorCode::Invalid, message)]));
            }
        };
        let rotated = hooks(context)?.rotate((header.event.id, input.id), overlap).await.map_err(unavailable)?;
        let Some((webhook, secret, until)) = rotated else { return Ok(wrong(not_there())) };
        Ok(RotateWebhookSecretPayload {
            webhook: WebhookNode::managed(context, webhook).await?,
            secret: Some(secret.reveal()),
            previous_secret_until: Some(DateTime::new(until, &TimeZone::UTC)),
            user_errors: Vec::new(),
        })
    }

    /// Sends a message of the type `webhook.ping` to an endpoint, whatever its types are. What waits before it is tried at
    /// once.
    async fn send_webhook_ping(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: SendWebhookPingInput,
    ) -> Result<SendWebhookPingPayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let message = hooks(context)?.ping(header.event.id, input.id).await.map_err(unavailable)?;
        let user_errors = if message.is_some() { Vec::new() } else { not_enabled() };
        let message = message.map(|message| WebhookMessageNode::new(message, Vec::new()));
        Ok(SendWebhookPingPayload { message, user_errors })
    }

    /// Sends a message again, with the same id: whoever has it already knows it by that.
    async fn resend_webhook_message(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which message.")] input: ResendWebhookMessageInput,
    ) -> Result<ResendWebhookMessagePayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let reading = reading(context)?;
        let again = match Message::parse_id(&input.message_id) {
            Some(id) => {
                let store = reading.shelf().store();
                store.resend_webhook_message(header.event.id, id, reading.now()).await.map_err(unavailable)?
            }
            None => None,
        };
        let message = again.map(|(message, attempts)| WebhookMessageNode::new(message, attempts));
        let problem = "there is no such message any more, or its webhook is disabled";
        let user_errors = match &message {
            Some(_) => Vec::new(),
            None => vec![UserError::new("messageId", UserErrorCode::NotFound, problem)],
        };
        Ok(ResendWebhookMessagePayload { message, user_errors })
    }

    /// Sends all messages again that were made since an instant and are done with, each with the id that it has. They are
    /// kept for a number of days that the server's settings say.
    async fn replay_webhook(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which webhook, and since when.")] input: ReplayWebhookInput,
    ) -> Result<ReplayWebhookPayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let reading = reading(context)?;
        let (event, since) = (header.event.id, input.since.instant());
        let store = reading.shelf().store();
        let count = store.replay_webhook(event, input.id, since, input.only_failed, reading.now()).await;
        let count = count.map_err(unavailable)?;
        let user_errors = if count.is_some() { Vec::new() } else { not_enabled() };
        Ok(ReplayWebhookPayload { count: count.map(|count| i32::try_from(count).unwrap_or(i32::MAX)), user_errors })
    }
}

fn hooks<'a>(context: &'a Context<'_>) -> Result<Hooks<'a>> {
    let reading = reading(context)?;
    let settings = context.data::<Settings>()?;
    Ok(Hooks { shelf: reading.shelf(), config: &settings.webhooks, now: reading.now() })
}

/// What a part of an input says: `None` where it is left out.
fn said<T>(input: MaybeUndefined<T>) -> Option<Option<T>> {
    match input {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

fn invalid(wrong: Wrong) -> Vec<UserError> {
    vec![UserError::new(wrong.field, UserErrorCode::Invalid, wrong.message)]
}

fn not_there() -> Vec<UserError> {
    vec![UserError::new("id", UserErrorCode::NotFound, "there is no webhook with this id")]
}

fn not_enabled() -> Vec<UserError> {
    let message = "there is no webhook with this id, or it is disabled: enable it first";
    vec![UserError::new("id", UserErrorCode::NotFound, message)]
}
