//! What is done with endpoints from outside: they are made, changed, given another secret, and tried. It knows the rules for
//! what is given; who may do it is decided before.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::addresses::target;
use super::messages::body;
use super::types::WebhookEventType as Type;
use crate::access::signing::SigningSecret;
use crate::config::WebhooksConfig;
use crate::content::{Id, Report};
use crate::error::Error;
use crate::shelf::Shelf;
use crate::store::{KeptSecret, Message, NewMessage, NewWebhook, Store, Webhook, WebhookChange};

/// The reason of an endpoint that somebody has disabled.
const BY_HAND: &str = "somebody who manages the event has disabled it";

/// The endpoints of a server.
#[derive(Clone, Copy, Debug)]
pub struct Hooks<'a> {
    /// The content, with the store below it.
    pub shelf: &'a Arc<Shelf>,
    /// The settings.
    pub config: &'a WebhooksConfig,
    /// What time it is.
    pub now: Timestamp,
}

/// An endpoint as it is wished for.
#[derive(Clone, Debug)]
pub struct NewEndpoint {
    /// Where messages are to be sent.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
    /// The types of the messages that it is to get; `None`: all.
    pub types: Option<Vec<Type>>,
    /// Who makes it.
    pub created_by: String,
}

/// What is wrong with what was given: the field, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field.
    pub field: &'static str,
    /// What is wrong with it.
    pub message: String,
}

impl Hooks<'_> {
    fn store(&self) -> &Store {
        self.shelf.store()
    }

    /// Adds an endpoint of an event, with the secret to show once.
    pub async fn create(&self, event: Id, new: NewEndpoint) -> Result<Result<(Webhook, SigningSecret), Wrong>, Error> {
        if let Err(wrong) = self.check(Some(&new.url), new.description.as_deref(), new.types.as_deref()) {
            return Ok(Err(wrong));
        }
        let Some(progress) = self.shelf.progress(event, None).await? else {
            return Ok(Err(Wrong { field: "event", message: "there is no such event".to_owned() }));
        };
        let secret = SigningSecret::generate()?;
        let new = NewWebhook {
            event,
            url: new.url,
            description: new.description,
            secret: secret.clone(),
            types: new.types.map(names),
            cursor: progress.cursor,
            created_by: new.created_by,
        };
        Ok(match self.store().add_webhook(new, self.now).await? {
            Some(webhook) => Ok((webhook, secret)),
            None => {
                Err(Wrong { field: "event", message: "the event has too many webhooks: delete some first".to_owned() })
            }
        })
    }

    /// Changes an endpoint; `Ok(Ok(None))` when there is no such one.
    pub async fn change(
        &self,
        (event, id): (Id, Id),
        url: Option<String>,
        description: Option<Option<String>>,
        types: Option<Option<Vec<Type>>>,
        enabled: Option<bool>,
    ) -> Result<Result<Option<Webhook>, Wrong>, Error> {
        let text = description.as_ref().and_then(|text| text.as_deref());
        let named = types.as_ref().and_then(|types| types.as_deref());
        if let Err(wrong) = self.check(url.as_deref(), text, named) {
            return Ok(Err(wrong));
        }
        let disabled = enabled.map(|enabled| (!enabled).then(|| BY_HAND.to_owned()));
        let types = types.map(|types| types.map(names));
        let change = WebhookChange { url, description, types, disabled, secrets: None };
        self.store().change_webhook(event, id, |_| change, self.now).await.map(Ok)
    }

    /// Gives an endpoint a new secret, which is shown once; the one before is good for a while longer, as long as the second
    /// part of the answer says. `None` when there is no such endpoint.
    pub async fn rotate(
        &self,
        (event, id): (Id, Id),
        overlap_hours: Option<u32>,
    ) -> Result<Option<(Webhook, SigningSecret, Timestamp)>, Error> {
        let now = self.now;
        let hours = i64::from(overlap_hours.unwrap_or(self.config.rotation_hours));
        let until = now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now);
        let secret = SigningSecret::generate()?;
        let rotated = |webhook: &Webhook| {
            // One that was replaced before is not made to last longer, and is forgotten when its time is over.
            let older = webhook.secrets.iter().filter(|kept| kept.until.is_none_or(|until| until > now));
            let older = older.map(|kept| KeptSecret {
                secret: kept.secret.clone(),
                until: Some(kept.until.map_or(until, |other| other.min(until))),
            });
            let newest = KeptSecret { secret: secret.clone(), until: None };
            let secrets = std::iter::once(newest).chain(older).take(MAX_SECRETS).collect();
            WebhookChange { secrets: Some(secrets), ..WebhookChange::default() }
        };
        let webhook = self.store().change_webhook(event, id, rotated, now).await?;
        Ok(webhook.map(|webhook| (webhook, secret, until)))
    }

    /// Sends a message that only says that messages arrive; `None` when there is no such endpoint, or it is disabled.
    pub async fn ping(&self, event: Id, id: Id) -> Result<Option<Message>, Error> {
        let now = self.now;
        // What the event is called may not be for everybody yet.
        let data = json!({ "event": { "id": event }, "webhook": { "id": id } });
        let message = NewMessage {
            kind: Type::WebhookPing.name().to_owned(),
            payload: body(Type::WebhookPing, now, &data),
            happened_at: now,
        };
        self.store().add_webhook_message(event, id, message, now).await
    }

    fn check(&self, url: Option<&str>, description: Option<&str>, types: Option<&[Type]>) -> Result<(), Wrong> {
        if let Some(url) = url {
            target(url, self.config).map_err(|message| Wrong { field: "url", message })?;
        }
        let mut report = Report::default();
        report.optional_line("description", description);
        if let Some(problem) = report.into_problems().pop() {
            return Err(Wrong { field: "description", message: problem.message });
        }
        if types.is_some_and(<[Type]>::is_empty) {
            let message = "it would get nothing: name types, or leave them out to get all".to_owned();
            return Err(Wrong { field: "types", message });
        }
        Ok(())
    }
}

/// How many secrets an endpoint is signed for at once, however often it gets a new one.
const MAX_SECRETS: usize = 4;

fn names(types: Vec<Type>) -> Vec<String> {
    let mut names: Vec<String> = types.into_iter().map(|kind| kind.name().to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}
