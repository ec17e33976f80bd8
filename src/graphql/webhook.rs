//! How webhooks and their deliveries are shown: to those who may write, and the address only to those who manage the event.
//! Secrets are in no answer but those of the mutations that make them.

use async_graphql::{Context, Enum, Json, Object, Result, SimpleObject};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use url::Url;

use super::connection::{Connection, Listed, PageArguments};
use super::error::Code;
use super::query::reading;
use crate::access::Right;
use crate::content::{DateTime, Event, Id};
use crate::store::{Attempt, Message, MessageStatus, Webhook};
use crate::webhooks::WebhookEventType;

/// An endpoint that is told what changes in an event, without its secrets.
#[derive(Clone, Debug)]
pub(super) struct WebhookNode {
    webhook: Webhook,
    waiting: i64,
    shows_url: bool,
}

/// The endpoints of an event, for those who may write; `None` for everybody else.
pub(super) async fn webhooks_of(context: &Context<'_>, event: &Event) -> Result<Option<Vec<WebhookNode>>> {
    let reading = reading(context)?;
    if !reading.viewer().may(Right::Write, event) {
        return Ok(None);
    }
    let shows_url = reading.viewer().may(Right::Manage, event);
    let webhooks = reading.shelf().store().webhooks_of_event(event.id).await.map_err(unavailable)?;
    WebhookNode::with_waiting(context, webhooks, shows_url).await.map(Some)
}

/// What the caller is told when webhooks can't be read or written. What happened inside is for the log.
pub(super) fn unavailable(error: impl std::fmt::Display) -> async_graphql::Error {
    tracing::error!(%error, "webhooks could not be read or written");
    Code::Unavailable.error("webhooks can't be reached at the moment; try again")
}

fn utc(instant: Timestamp) -> DateTime {
    DateTime::new(instant, &TimeZone::UTC)
}

impl WebhookNode {
    /// An endpoint, for those who manage its event.
    pub(super) async fn managed(context: &Context<'_>, webhook: Webhook) -> Result<Option<WebhookNode>> {
        Ok(WebhookNode::with_waiting(context, vec![webhook], true).await?.pop())
    }

    async fn with_waiting(context: &Context<'_>, webhooks: Vec<Webhook>, shows_url: bool) -> Result<Vec<WebhookNode>> {
        let ids: Vec<Id> = webhooks.iter().map(|webhook| webhook.id).collect();
        let waiting = reading(context)?.shelf().store().webhooks_waiting(&ids).await.map_err(unavailable)?;
        let node = |webhook: Webhook| {
            let waiting = waiting.get(&webhook.id).copied().unwrap_or_default();
            WebhookNode { webhook, waiting, shows_url }
        };
        Ok(webhooks.into_iter().map(node).collect())
    }
}

/// An endpoint that is told what changes in an event, as Standard Webhooks 1.0.0 has it.
#[Object(name = "Webhook", serial)]
impl WebhookNode {
    /// The identity: a UUID that never changes.
    async fn id(&self) -> Id {
        self.webhook.id
    }

    /// Where messages are sent; null for those who do not manage the event, because addresses often hold a secret.
    async fn url(&self) -> Option<&str> {
        self.shows_url.then_some(self.webhook.url.as_str())
    }

    /// The host that messages are sent to.
    async fn host(&self) -> String {
        let url = Url::parse(&self.webhook.url).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// What it is for; absent where nobody said so.
    async fn description(&self) -> Option<&str> {
        self.webhook.description.as_deref()
    }

    /// The types of the messages that it gets; absent where it gets all, those included that later versions add.
    async fn types(&self) -> Option<Vec<WebhookEventType>> {
        let names = self.webhook.types.as_ref()?;
        Some(names.iter().filter_map(|name| WebhookEventType::from_name(name)).collect())
    }

    /// Whether it gets messages. What changes while it does not is made up for when it is enabled again.
    async fn enabled(&self) -> bool {
        self.webhook.disabled.is_none()
    }

    /// Since when it gets no messages; absent where it does.
    async fn disabled_at(&self) -> Option<DateTime> {
        self.webhook.disabled.as_ref().map(|(at, _)| utc(*at))
    }

    /// Why it gets no messages: somebody said so, the endpoint answered 410, or every delivery failed for days.
    async fn disabled_reason(&self) -> Option<&str> {
        self.webhook.disabled.as_ref().map(|(_, reason)| reason.as_str())
    }

    /// Since when every delivery has failed; absent where the newest one did not.
    async fn failing_since(&self) -> Option<DateTime> {
        self.webhook.failing_since.map(utc)
    }

    /// When a message last arrived.
    async fn delivered_at(&self) -> Option<DateTime> {
        self.webhook.delivered_at.map(utc)
    }

    /// How many messages wait to be delivered.
    async fn waiting(&self) -> i64 {
        self.waiting
    }

    /// When the next attempt is due, if something waits.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.webhook.due_at.map(utc)
    }

    /// Until when a secret that was replaced is good for signing too; absent where none is.
    async fn previous_secret_until(&self, context: &Context<'_>) -> Option<Result<DateTime>> {
        let now = match reading(context) {
            Ok(reading) => reading.now(),
            Err(error) => return Some(Err(error)),
        };
        let until = self.webhook.secrets.iter().filter_map(|kept| kept.until).max();
        until.filter(|until| *until > now).map(|until| Ok(utc(until)))
    }

    /// Who made it: `operator`, or `user:` and an id, with `/token:` and an id where a script made it.
    async fn created_by(&self) -> &str {
        &self.webhook.created_by
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        utc(self.webhook.created_at)
    }

    /// When its settings were last changed.
    async fn updated_at(&self) -> DateTime {
        utc(self.webhook.updated_at)
    }

    /// The messages for it and what became of them, the newest first. They are kept for a while when they are done with.
    async fn deliveries(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The most items to give, from the beginning: 0 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Give what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most items to give, from the end: 0 to 100. Not together with `first`.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Give what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only messages of which this became; all when left out.")] status: Option<
            Vec<WebhookMessageStatus>,
        >,
    ) -> Result<Connection<WebhookMessageNode>> {
        let mut span = PageArguments { first, after, last, before }.span()?;
        span.counted = context.look_ahead().field("totalCount").exists();
        let statuses: Option<Vec<MessageStatus>> = status.map(|some| some.into_iter().map(Into::into).collect());
        let store = reading(context)?.shelf().store();
        let page = store.webhook_messages(self.webhook.id, statuses.as_deref(), span).await.map_err(unavailable)?;
        let nodes = page
            .messages
            .into_iter()
            .map(|(message, attempts)| (message.position, WebhookMessageNode { message, attempts }));
        Ok(Connection::of_log(nodes, (page.has_newer, page.has_older), page.count as usize))
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum WebhookMessageStatus {
    /// It waits to be delivered: for those before it, or for the next attempt.
    Pending,
    /// The endpoint has taken it.
    Delivered,
    /// It was tried as often as it is worth, and given up. It can be sent again.
    Failed,
}

impl From<WebhookMessageStatus> for MessageStatus {
    fn from(status: WebhookMessageStatus) -> MessageStatus {
        match status {
            WebhookMessageStatus::Pending => MessageStatus::Pending,
            WebhookMessageStatus::Delivered => MessageStatus::Delivered,
            WebhookMessageStatus::Failed => MessageStatus::Failed,
        }
    }
}

impl From<MessageStatus> for WebhookMessageStatus {
    fn from(status: MessageStatus) -> WebhookMessageStatus {
        match status {
            MessageStatus::Pending => WebhookMessageStatus::Pending,
            MessageStatus::Delivered => WebhookMessageStatus::Delivered,
            MessageStatus::Failed => WebhookMessageStatus::Failed,
        }
    }
}

/// A message for an endpoint.
#[derive(Clone, Debug)]
pub(super) struct WebhookMessageNode {
    message: Message,
    attempts: Vec<Attempt>,
}

impl WebhookMessageNode {
    pub(super) fn new(message: Message, attempts: Vec<Attempt>) -> Self {
        WebhookMessageNode { message, attempts }
    }
}

/// A message for an endpoint, and what became of it.
#[Object(name = "WebhookMessage", serial)]
impl WebhookMessageNode {
    /// The identity: a UUID that never changes.
    async fn id(&self) -> Id {
        self.message.id
    }

    /// What the endpoint knows it by, the header `webhook-id`: the same at every attempt.
    async fn message_id(&self) -> String {
        Message::public_id(self.message.id)
    }

    /// What it tells; absent where this version does not know the type.
    #[graphql(name = "type")]
    async fn kind(&self) -> Option<WebhookEventType> {
        WebhookEventType::from_name(&self.message.kind)
    }

    /// What became of it.
    async fn status(&self) -> WebhookMessageStatus {
        self.message.status.into()
    }

    /// When what it tells happened.
    async fn timestamp(&self) -> DateTime {
        utc(self.message.happened_at)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        utc(self.message.created_at)
    }

    /// When it was delivered or given up.
    async fn finished_at(&self) -> Option<DateTime> {
        self.message.finished_at.map(utc)
    }

    /// When it is tried next; those before it have to be done with first.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.message.next_attempt_at.map(utc)
    }

    /// How often it was tried.
    async fn attempt_count(&self) -> i32 {
        self.message.attempts
    }

    /// The attempts to deliver it, the newest 20, in their order.
    async fn attempts(&self) -> Vec<WebhookAttemptNode> {
        self.attempts.iter().cloned().map(WebhookAttemptNode::from).collect()
    }

    /// The body that is sent.
    async fn payload(&self) -> Json<Value> {
        Json(serde_json::from_str(&self.message.payload).unwrap_or_default())
    }
}

impl Listed for WebhookMessageNode {
    const CONNECTION: &'static str = "WebhookMessageConnection";
    const EDGE: &'static str = "WebhookMessageEdge";
}

/// An attempt to deliver a message.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "WebhookAttempt", serial)]
pub(super) struct WebhookAttemptNode {
    /// Which attempt of the message it is, counted from 1.
    number: i32,
    /// When it began.
    at: DateTime,
    /// How long it took, in milliseconds.
    duration: i64,
    /// The status of the answer; absent where there was none.
    status: Option<i32>,
    /// Why there was no answer.
    problem: Option<String>,
    /// The beginning of the answer's body, as text.
    answer: Option<String>,
    /// When the message was to be tried again.
    next_attempt_at: Option<DateTime>,
}

impl From<Attempt> for WebhookAttemptNode {
    fn from(attempt: Attempt) -> Self {
        let Attempt { number, at, duration, status, problem, answer, next_attempt_at } = attempt;
        let next_attempt_at = next_attempt_at.map(utc);
        WebhookAttemptNode { number, at: utc(at), duration, status, problem, answer, next_attempt_at }
    }
}
