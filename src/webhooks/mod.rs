//! Webhooks: endpoints elsewhere are told what changes for everybody, as Standard Webhooks 1.0.0 has it.
//!
//! Two halves with the outbox of the store between them: `following` compares what the public sees with what it saw and
//! puts messages in, `delivering` takes them out and sends them until they have arrived. Both begin again where they were,
//! however the server ended. Drafts can't be told: what is compared are public documents. It knows no GraphQL; `manage` is
//! what is done with endpoints from outside.

mod addresses;
mod counts;
mod delivering;
mod following;
mod manage;
mod messages;
mod payload;
mod retrying;
mod sending;
#[cfg(test)]
mod tests;
mod types;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::config::WebhooksConfig;
use crate::error::Error;
use crate::shelf::Shelf;
use crate::store::{Store, Webhook};
pub use counts::Counts;
use delivering::Deliveries;
use following::Follower;
pub use manage::{Hooks, NewEndpoint, Wrong};
pub use types::WebhookEventType;

/// How often is looked for endpoints while there are none: another server may have made one.
const IDLE: Duration = Duration::from_secs(5);
/// How long to wait while the database is away.
const AWAY: Duration = Duration::from_secs(2);
/// How often messages are looked for whose time is over.
const CLEANING: Duration = Duration::from_secs(3_600);
/// How often is counted what waits.
const COUNTING: Duration = Duration::from_secs(10);

/// The worker of a server, running.
#[derive(Debug)]
pub struct Running {
    /// Says how long what is on its way may take, when it is time to stop.
    stop: watch::Sender<Option<Duration>>,
    task: JoinHandle<()>,
}

impl Running {
    /// Stops the worker: what is on its way may arrive within a time of grace.
    pub async fn stop(mut self, grace: Duration) {
        let _ = self.stop.send(Some(grace));
        // It waits for deliveries by itself; this is for a database that does not answer.
        if tokio::time::timeout(grace + AWAY, &mut self.task).await.is_err() {
            tracing::warn!("webhooks were stopped in the middle");
            self.task.abort();
        }
    }
}

/// Starts the worker of a server that is found at `base_url`.
pub fn start(
    shelf: &Arc<Shelf>,
    clock: &Clock,
    config: &WebhooksConfig,
    counts: &Arc<Counts>,
    base_url: &str,
) -> Result<Running, Error> {
    let (stop, stopped) = watch::channel(None);
    let config = Arc::new(config.clone());
    let store = shelf.store().clone();
    let base_url = base_url.trim_end_matches('/').to_owned();
    let worker = Worker {
        follower: Follower::new(shelf.clone(), clock.clone(), config.clone(), counts.clone(), base_url),
        deliveries: Deliveries::new(store.clone(), clock.clone(), config.clone(), counts.clone())?,
        counts: counts.clone(),
        store,
        shelf: shelf.clone(),
        clock: clock.clone(),
        config,
        cleaned: None,
        counted: None,
        is_away: false,
    };
    Ok(Running { stop, task: tokio::spawn(worker.run(stopped)) })
}

struct Worker {
    store: Store,
    shelf: Arc<Shelf>,
    clock: Clock,
    config: Arc<WebhooksConfig>,
    follower: Follower,
    deliveries: Deliveries,
    counts: Arc<Counts>,
    cleaned: Option<Instant>,
    counted: Option<Instant>,
    is_away: bool,
}

impl Worker {
    async fn run(mut self, mut stopped: watch::Receiver<Option<Duration>>) {
        let mut followed = self.shelf.follows();
        let store = self.store.clone();
        loop {
            followed.borrow_and_update();
            let (until, is_idle) = self.round().await;
            tokio::select! {
                _ = stopped.wait_for(Option::is_some) => break,
                () = self.deliveries.ended() => {}
                () = store.outbox_woken() => {}
                // Where there is nobody to tell, changes wake nobody.
                _ = followed.changed(), if !is_idle => {}
                () = tokio::time::sleep_until(until) => {}
            }
        }
        let grace = stopped.borrow().unwrap_or_default();
        self.deliveries.stop(grace).await;
    }

    /// Does what there is to do; answers when to look again at the latest, and whether there is nobody to tell.
    async fn round(&mut self) -> (Instant, bool) {
        match self.work().await {
            Ok(next) => {
                if std::mem::take(&mut self.is_away) {
                    tracing::info!("webhooks are delivered again");
                }
                next
            }
            Err(error) => {
                if !std::mem::replace(&mut self.is_away, true) {
                    tracing::warn!(%error, "webhooks can't be delivered at the moment");
                }
                (Instant::now() + AWAY, true)
            }
        }
    }

    async fn work(&mut self) -> Result<(Instant, bool), Error> {
        let mut webhooks = self.store.enabled_webhooks().await?;
        self.counts.known(&webhooks);
        if webhooks.is_empty() {
            self.counts.waiting(0);
            return Ok((Instant::now() + IDLE, true));
        }
        let (is_told, again) = self.follower.follow(&webhooks).await;
        if is_told {
            webhooks = self.store.enabled_webhooks().await?;
        }
        self.deliveries.begin(&webhooks, self.clock.now());
        self.count(&webhooks).await?;
        self.clean().await?;
        let poll = Instant::now() + Duration::from_millis(self.config.poll_interval_ms);
        Ok((again.map_or(poll, |again| again.min(poll)), false))
    }

    /// Counts what waits.
    async fn count(&mut self, webhooks: &[Webhook]) -> Result<(), Error> {
        if self.counted.is_some_and(|counted| counted.elapsed() < COUNTING) {
            return Ok(());
        }
        self.counted = Some(Instant::now());
        let ids: Vec<_> = webhooks.iter().map(|webhook| webhook.id).collect();
        self.counts.waiting(self.store.webhooks_waiting(&ids).await?.values().sum());
        Ok(())
    }

    /// Forgets messages that were done with long ago.
    async fn clean(&mut self) -> Result<(), Error> {
        if self.cleaned.is_some_and(|cleaned| cleaned.elapsed() < CLEANING) {
            return Ok(());
        }
        self.cleaned = Some(Instant::now());
        let kept = SignedDuration::from_hours(24 * i64::from(self.config.keep_days));
        let Ok(before) = self.clock.now().checked_sub(kept) else { return Ok(()) };
        while self.store.forget_webhook_messages(before).await? > 0 {}
        Ok(())
    }
}
