//! Filling the outbox: what the public sees of an event is compared with what it saw when its endpoints were last told.
//!
//! Nothing is remembered here that could be lost: where an endpoint stands is in the store, and what was shown there is
//! worked out from the change log. So it makes no difference how often a server dies, nor which of several does the work.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::Instant;

use super::counts::Counts;
use super::messages::{Draft, Occurrence, occurrences};
use super::payload::Source;
use super::types::{Wanted, WebhookEventType as Type};
use crate::clock::Clock;
use crate::config::WebhooksConfig;
use crate::content::Id;
use crate::error::Error;
use crate::shelf::{Before, Progress, Shelf};
use crate::snapshot::{Cursor, Seen, Snapshot, View};
use crate::store::{NewMessage, Room, Store, Webhook};

/// A burst that does not end is told of after so many times as long as it would have to be quiet.
const MOST_WINDOWS: u32 = 10;

/// Fills the outbox.
pub(super) struct Follower {
    store: Store,
    shelf: Arc<Shelf>,
    clock: Clock,
    config: Arc<WebhooksConfig>,
    counts: Arc<Counts>,
    base_url: String,
    events: HashMap<Id, Known>,
}

/// What is known of an event that has endpoints.
#[derive(Default)]
struct Known {
    /// When the public sees more of it by itself, once it was looked at.
    appears: Option<Option<Timestamp>>,
    burst: Option<Burst>,
    /// Whether it was said that it can't be told.
    is_in_trouble: bool,
}

/// Whether it is time to tell the endpoints of an event.
enum Ripe {
    /// There is nothing to tell.
    No,
    /// When the burst is over, if nothing more comes.
    At(Instant),
    /// There may be something to tell.
    Now,
}

/// What happened, and what is said in its place where it is too much.
struct Happened {
    all: Vec<Occurrence>,
    reloaded: Option<Occurrence>,
}

/// Changes that have not been told yet.
#[derive(Clone, Copy)]
struct Burst {
    began: Instant,
    newest: Instant,
    revision: i64,
}

impl Follower {
    pub(super) fn new(
        shelf: Arc<Shelf>,
        clock: Clock,
        config: Arc<WebhooksConfig>,
        counts: Arc<Counts>,
        base_url: String,
    ) -> Follower {
        Follower { store: shelf.store().clone(), shelf, clock, config, counts, base_url, events: HashMap::new() }
    }

    /// Tells endpoints what there is to tell. Answers whether the outbox has something new, and when it is worth looking
    /// again, if that is known.
    pub(super) async fn follow(&mut self, webhooks: &[Webhook]) -> (bool, Option<Instant>) {
        let events: HashSet<Id> = webhooks.iter().map(|webhook| webhook.event).collect();
        self.events.retain(|event, _| events.contains(event));
        let (mut is_told, mut again): (bool, Option<Instant>) = (false, None);
        for event in events {
            let theirs: Vec<&Webhook> = webhooks.iter().filter(|webhook| webhook.event == event).collect();
            match self.is_ripe(event, &theirs) {
                Ripe::No => {}
                Ripe::At(instant) => again = Some(again.map_or(instant, |again| again.min(instant))),
                Ripe::Now => match self.tell(event, &theirs).await {
                    Ok(told) => is_told |= told,
                    // What can't be read of one event holds up no other; if the database is away, others will say so.
                    Err(error) => self.note_trouble(event, &error),
                },
            }
        }
        (is_told, again)
    }

    fn note_trouble(&mut self, event: Id, error: &Error) {
        let known = self.events.entry(event).or_default();
        if !std::mem::replace(&mut known.is_in_trouble, true) {
            tracing::warn!(%error, %event, "what is new in an event can't be told to its webhooks at the moment");
        }
    }

    /// Whether there may be something to tell, and the burst is over.
    fn is_ripe(&mut self, event: Id, webhooks: &[&Webhook]) -> Ripe {
        let catalogue = self.shelf.catalogue();
        let Some(header) = catalogue.side(View::Working).with_id(event) else { return Ripe::No };
        let known = self.events.entry(event).or_default();
        let is_lifted = known.appears.is_none_or(|appears| appears.is_some_and(|at| at <= self.clock.now()));
        let is_behind = webhooks.iter().any(|webhook| webhook.cursor.revision < header.revision);
        if !is_behind {
            known.burst = None;
            return if is_lifted { Ripe::Now } else { Ripe::No };
        }
        let now = Instant::now();
        let burst = known.burst.get_or_insert(Burst { began: now, newest: now, revision: header.revision });
        if burst.revision != header.revision {
            (burst.newest, burst.revision) = (now, header.revision);
        }
        let quiet = Duration::from_millis(self.config.burst_ms);
        let over = (burst.newest + quiet).min(burst.began + quiet * MOST_WINDOWS);
        if over <= now { Ripe::Now } else { Ripe::At(over) }
    }

    async fn tell(&mut self, event: Id, webhooks: &[&Webhook]) -> Result<bool, Error> {
        let mut is_told = false;
        let cursors: HashSet<Cursor> = webhooks.iter().map(|webhook| webhook.cursor).collect();
        for from in cursors {
            let Some(progress) = self.shelf.progress(event, Some(from)).await? else { continue };
            // Another server may have followed more of the log, or its clock may be ahead: nothing is told backwards.
            let is_newer = progress.cursor.revision > from.revision
                || (progress.cursor.revision == from.revision && is_later(progress.cursor.embargoes, from.embargoes));
            if is_newer {
                let happened = self.happened(from, &progress);
                for webhook in webhooks.iter().filter(|webhook| webhook.cursor == from) {
                    let (messages, reloaded) = self.messages(&happened, webhook);
                    is_told |= !messages.is_empty();
                    let (which, way) = ((event, webhook.id), (from, progress.cursor));
                    let room = Room { most: self.config.waiting_messages, instead: reloaded };
                    let dropped = self.store.tell_webhook(which, way, messages, room, self.clock.now()).await?;
                    self.note_dropped(webhook, dropped.unwrap_or_default());
                }
            }
            // Only now: what could not be written is tried again.
            let known = self.events.entry(event).or_default();
            *known = Known { appears: Some(progress.appears), burst: None, is_in_trouble: false };
        }
        Ok(is_told)
    }

    fn happened(&self, from: Cursor, progress: &Progress) -> Happened {
        let after = progress.after.as_deref();
        let source = Source {
            base_url: &self.base_url,
            // Not the cursor of the endpoint: that counts changes which the public can't see.
            revision: after.map(|after| after.stamp().revision.to_string()),
            cursor: after.map(|after| Cursor::from(after.stamp()).to_string()),
            now: self.clock.now(),
            zone: after.map_or(TimeZone::UTC, |after| after.zone().clone()),
        };
        let reloaded =
            after.map(|after| Occurrence::new(vec![Type::EventReloaded], source.now, source.event(after.event())));
        let all = match &progress.before {
            Before::Same => Vec::new(),
            Before::Unknown => reloaded.iter().cloned().collect(),
            Before::Shown(before) => {
                let releases = after.map(Snapshot::releases).unwrap_or_default();
                let newer = releases.partition_point(|release| release.sequence <= from.revision);
                occurrences(before.as_deref(), after.map(Snapshot::document), &releases[newer..], &source)
            }
        };
        Happened { all, reloaded }
    }

    /// The messages for an endpoint, and the one that can take the place of all that wait.
    fn messages(&self, happened: &Happened, webhook: &Webhook) -> (Vec<NewMessage>, Option<NewMessage>) {
        let wanted = Wanted(webhook.types.as_deref());
        let message = |draft: Draft| NewMessage {
            kind: draft.kind.name().to_owned(),
            payload: draft.body,
            happened_at: draft.at,
        };
        let drafts = happened.all.iter().filter_map(|occurrence| occurrence.for_endpoint(&wanted));
        let mut messages: Vec<_> = drafts.map(message).collect();
        let reloaded = happened.reloaded.as_ref().and_then(|reloaded| reloaded.for_endpoint(&wanted)).map(message);
        if messages.len() > self.config.burst_messages
            && let Some(reloaded) = &reloaded
        {
            messages = vec![reloaded.clone()];
        }
        (messages, reloaded)
    }

    fn note_dropped(&self, webhook: &Webhook, dropped: u64) {
        if dropped > 0 {
            self.counts.dropped(dropped);
            let (id, event) = (webhook.id, webhook.event);
            tracing::warn!(webhook = %id, %event, dropped, "too much waited for a webhook: it is to load the event anew");
        }
    }
}

/// Whether more embargoes have ended at one place than at another.
fn is_later(this: Seen, other: Seen) -> bool {
    match (this, other) {
        (Seen::UpTo(this), Seen::UpTo(other)) => this > other,
        _ => false,
    }
}
