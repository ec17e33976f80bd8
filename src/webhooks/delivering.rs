//! Delivering what waits in the outbox: to each endpoint in order and one at a time, to several endpoints at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::addresses::target;
use super::counts::Counts;
use super::retrying::verdict;
use super::sending::{Answer, Sender};
use crate::clock::Clock;
use crate::config::WebhooksConfig;
use crate::content::Id;
use crate::error::Error;
use crate::store::{Attempt, Delivery, Message, Store, Verdict, Webhook};

/// How long a lease is. Where a server dies, another goes on after it.
const LEASE: SignedDuration = SignedDuration::from_secs(8);
/// How often it is kept for longer while an endpoint takes its time.
const KEEPING: Duration = Duration::from_secs(2);
/// How many messages an endpoint gets before others have their turn.
const IN_A_ROW: usize = 50;
/// The longest text of a problem in the delivery log, in characters.
const MAX_PROBLEM: usize = 300;

/// Delivers.
#[derive(Clone)]
pub(super) struct Deliverer {
    store: Store,
    clock: Clock,
    config: Arc<WebhooksConfig>,
    counts: Arc<Counts>,
    sender: Sender,
    worker: Uuid,
}

/// Who is delivered to at the moment.
pub(super) struct Deliveries {
    deliverer: Deliverer,
    running: JoinSet<()>,
    busy: HashMap<tokio::task::Id, Id>,
}

impl Deliveries {
    pub(super) fn new(
        store: Store,
        clock: Clock,
        config: Arc<WebhooksConfig>,
        counts: Arc<Counts>,
    ) -> Result<Deliveries, Error> {
        let sender = Sender::new(&config)?;
        let deliverer = Deliverer { store, clock, config, counts, sender, worker: Uuid::now_v7() };
        Ok(Deliveries { deliverer, running: JoinSet::new(), busy: HashMap::new() })
    }

    /// Begins to deliver to those of the endpoints to which something is due.
    pub(super) fn begin(&mut self, webhooks: &[Webhook], now: Timestamp) {
        let is_due = |webhook: &&Webhook| {
            webhook.due_at.is_some_and(|due| due <= now) && webhook.leased_until.is_none_or(|until| until <= now)
        };
        let mut due: Vec<&Webhook> = webhooks.iter().filter(is_due).collect();
        due.sort_by_key(|webhook| webhook.due_at);
        for webhook in due {
            if self.running.len() >= self.deliverer.config.concurrency {
                break;
            }
            if self.busy.values().any(|busy| *busy == webhook.id) {
                continue;
            }
            let (deliverer, id) = (self.deliverer.clone(), webhook.id);
            let task = self.running.spawn(async move { deliverer.deliver(id).await });
            self.busy.insert(task.id(), id);
        }
    }

    /// Waits until somebody has been delivered to; for ever when nobody is.
    pub(super) async fn ended(&mut self) {
        match self.running.join_next_with_id().await {
            Some(Ok((task, ()))) => _ = self.busy.remove(&task),
            Some(Err(error)) => {
                tracing::error!(%error, "a delivery ended early");
                self.busy.remove(&error.id());
            }
            None => std::future::pending().await,
        }
    }

    /// Waits for what is on its way for a time, and gives up what is not done by then: it is delivered again later.
    pub(super) async fn stop(mut self, grace: Duration) {
        let all = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, all).await.is_err() {
            self.running.shutdown().await;
        }
        if let Err(error) = self.deliverer.store.give_back_leases(self.deliverer.worker).await {
            tracing::debug!(%error, "leases could not be given back");
        }
    }
}

impl Deliverer {
    async fn deliver(&self, webhook: Id) {
        for _ in 0..IN_A_ROW {
            match self.deliver_next(webhook).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(%error, %webhook, "a message could not be delivered: the outbox can't be used");
                    return;
                }
            }
        }
    }

    /// Delivers the next message, if it is due and nobody else does; answers whether there may be another.
    async fn deliver_next(&self, webhook: Id) -> Result<bool, Error> {
        let now = self.clock.now();
        let Some(delivery) = self.store.take_delivery(webhook, self.worker, now, self.lease()).await? else {
            return Ok(false);
        };
        let began = tokio::time::Instant::now();
        let sent = self.send(&delivery, now).await;
        let time = began.elapsed();
        let duration = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let Delivery { webhook, message } = &delivery;
        let answer = sent.as_ref().ok();
        let verdict = verdict(answer, message.tries, webhook.failing_since, self.clock.now(), &self.config);
        self.counts.attempted(&verdict, time);
        tell_log(webhook, message, &sent, &verdict);
        let (status, problem, text) = match sent {
            Ok(answer) => (Some(i32::from(answer.status)), None, Some(answer.text)),
            Err(problem) => (None, Some(problem.chars().take(MAX_PROBLEM).collect()), None),
        };
        let number = message.attempts + 1;
        let attempt = Attempt { number, at: now, duration, status, problem, answer: text, next_attempt_at: None };
        self.store.finish_delivery(&delivery, self.worker, attempt, &verdict).await?;
        Ok(matches!(verdict, Verdict::Delivered | Verdict::GivenUp))
    }

    /// Sends a message, signed now, and keeps the lease meanwhile.
    async fn send(&self, delivery: &Delivery, now: Timestamp) -> Result<Answer, String> {
        let Delivery { webhook, message } = delivery;
        let target = target(&webhook.url, &self.config)?;
        let id = Message::public_id(message.id);
        let timestamp = now.as_second();
        let good = webhook.secrets.iter().filter(|kept| kept.until.is_none_or(|until| until > now));
        let signatures: Vec<String> = good.map(|kept| kept.secret.sign(&id, timestamp, &message.payload)).collect();
        let headers = [
            ("webhook-id", id),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signatures.join(" ")),
        ];
        let keeping = async {
            loop {
                tokio::time::sleep(KEEPING).await;
                if let Err(error) = self.store.keep_lease(webhook.id, self.worker, self.lease()).await {
                    tracing::debug!(%error, "a lease could not be kept");
                }
            }
        };
        tokio::select! {
            answer = self.sender.post(&target, &headers, message.payload.clone()) => answer,
            () = keeping => Err("the lease was lost".to_owned()),
        }
    }

    fn lease(&self) -> Timestamp {
        let now = self.clock.now();
        now.checked_add(LEASE).unwrap_or(now)
    }
}

/// What happened, without the address, which may hold a secret.
fn tell_log(webhook: &Webhook, message: &Message, sent: &Result<Answer, String>, verdict: &Verdict) {
    let (id, event, kind) = (webhook.id, webhook.event, &message.kind);
    let message = Message::public_id(message.id);
    let status = sent.as_ref().map(|answer| answer.status).ok();
    let problem = sent.as_ref().err();
    match verdict {
        Verdict::Delivered => {
            tracing::debug!(webhook = %id, message, kind, status, "delivered");
        }
        Verdict::Again(at) => {
            tracing::debug!(webhook = %id, message, kind, status, problem, next = %at, "not delivered");
        }
        Verdict::GivenUp => {
            tracing::warn!(webhook = %id, %event, message, kind, status, problem, "a message was given up");
        }
        Verdict::Disabled(reason) => {
            tracing::warn!(webhook = %id, %event, message, kind, status, reason, "a webhook was disabled");
        }
    }
}
