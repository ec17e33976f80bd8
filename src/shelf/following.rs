//! Following the change log: what was written, here or by another process, comes to the shelf without loading anything
//! again.

use std::sync::Arc;
use std::time::Duration;

use super::Shelf;
use crate::error::Error;
use crate::store::Change;

/// How often the log is looked at.
const INTERVAL: Duration = Duration::from_millis(100);
/// How long to wait between attempts while the database is away, at most.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// How long one look may take before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many entries are read at once.
const BATCH: u64 = 1_000;
/// From how many new entries on it is better to load again what is asked for.
const TOO_MANY: i64 = 50_000;

impl Shelf {
    /// Follows the change log until the future is dropped: call it once, in a task of its own.
    pub async fn follow(self: Arc<Self>) {
        self.follow_every(INTERVAL).await;
    }

    /// Follows the change log, looking at it as often as said. While the database is away it goes on trying, at least
    /// once a second or as often as said, and the shelf goes on serving what it has.
    pub async fn follow_every(self: Arc<Self>, interval: Duration) {
        let mut wait = interval;
        let mut away = false;
        loop {
            tokio::time::sleep(wait).await;
            let now = self.clock.now();
            self.current.get().all_shelved().for_each(|shelved| shelved.lift_embargoes(now));
            let looked = tokio::time::timeout(PATIENCE, self.refresh())
                .await
                .unwrap_or_else(|_| Err(Error::io("reading the change log")(std::io::ErrorKind::TimedOut.into())));
            match looked {
                Ok(()) => {
                    if std::mem::take(&mut away) {
                        tracing::info!("the change log can be read again");
                    }
                    wait = interval;
                }
                Err(error) => {
                    if !std::mem::replace(&mut away, true) {
                        tracing::warn!(%error, "the change log can't be read; serving what is loaded");
                    }
                    wait = (wait * 2).min(LONGEST_WAIT.max(interval));
                }
            }
        }
    }

    /// Looks for changes now instead of at the next poll. The first time it reads the catalogue.
    pub async fn refresh(&self) -> Result<(), Error> {
        let _alone = self.following.lock().await;
        // The number is read before the headers and the entries, so that nothing falls between them.
        let newest = self.store.newest_sequence().await?;
        self.follow_to(newest).await?;
        // Only now: whoever is woken finds the new state.
        self.followed.send_if_modified(|followed| std::mem::replace(followed, newest) != newest);
        Ok(())
    }

    async fn follow_to(&self, newest: i64) -> Result<(), Error> {
        match self.current.look(|state| state.sequence) {
            Some(followed) if followed == newest => Ok(()),
            Some(followed) if followed < newest && newest - followed <= TOO_MANY => {
                let changes = self.changes_between(followed, newest).await?;
                let now = self.clock.now();
                let follow = |changes: Vec<Change>| {
                    self.current.change(|state| Some((state.follow(&changes, newest, self.budget, now)?, ())))
                };
                match changes.and_then(follow) {
                    Some(()) => Ok(()),
                    None => self.read_headers(newest).await,
                }
            }
            _ => self.read_headers(newest).await,
        }
    }

    /// Every entry after one sequence number up to another, so that no write is seen by halves; `None` when they can't
    /// be read.
    async fn changes_between(&self, followed: i64, newest: i64) -> Result<Option<Vec<Change>>, Error> {
        let mut changes: Vec<Change> = Vec::new();
        let mut last = followed;
        while last < newest {
            let batch = match self.store.changes_after(last, BATCH).await {
                Ok(batch) => batch,
                Err(error @ Error::Corrupt { .. }) => {
                    tracing::warn!(%error, "an entry of the change log can't be read; loading anew what it may concern");
                    return Ok(None);
                }
                Err(error) => return Err(error),
            };
            let Some(end) = batch.last() else { return Ok(None) };
            last = end.sequence;
            changes.extend(batch);
        }
        changes.retain(|change| change.sequence <= newest);
        Ok(Some(changes))
    }

    async fn read_headers(&self, newest: i64) -> Result<(), Error> {
        let headers = self.store.headers().await?;
        self.current.change(|state| Some((state.with_headers(headers, newest), ())));
        Ok(())
    }
}
