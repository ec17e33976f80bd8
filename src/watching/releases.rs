//! Watching for the releases of an event, one after the other, as a view shows them.
//!
//! A release's own entry in the change log is its place: whoever has heard of one says so, and hears of all that came
//! after it. Which of them are told is for the view, each time anew.

use std::sync::Arc;

use tokio::sync::watch;

use super::{PATIENCE, Refused};
use crate::content::{Id, Release};
use crate::reading::{Denied, Reading};
use crate::snapshot::{Cursor, Snapshot, View};

/// Somebody who waits for the releases of an event.
#[derive(Debug)]
pub struct Releases {
    reading: Arc<Reading>,
    event: Id,
    view: View,
    followed: watch::Receiver<i64>,
    /// The place of the newest release that they have heard of.
    heard: i64,
}

/// A release that the view shows, and did not before.
#[derive(Debug)]
pub struct Released {
    /// Its place: give it to hear of those after it.
    pub cursor: i64,
    /// The release.
    pub release: Arc<Release>,
    /// What the view shows now.
    pub snapshot: Arc<Snapshot>,
}

impl Releases {
    /// Waits for the releases of the event with a slug, after a cursor, or from now on.
    pub async fn begin(
        reading: Arc<Reading>,
        slug: &str,
        view: View,
        since: Option<Cursor>,
    ) -> Result<Releases, Refused> {
        // Subscribed first: what is followed from here on wakes the one who waits.
        let followed = reading.shelf().follows();
        if let Some(since) = since {
            reading.shelf().catch_up(since).await?;
        }
        let event = reading.event_with_slug(slug, view)?.ok_or(Refused::NotFound)?.event.id;
        let snapshot = reading.snapshot(event, view).await?.ok_or(Refused::NotFound)?;
        let newest = snapshot.releases().last().map_or(0, |release| release.sequence);
        let heard = since.map_or(newest, |since| since.revision);
        Ok(Releases { reading, event, view, followed, heard })
    }

    /// Waits for the next release; `None` when the event is not to be seen any more.
    pub async fn next(&mut self) -> Result<Option<Released>, Refused> {
        loop {
            self.followed.borrow_and_update();
            match self.reading.snapshot(self.event, self.view).await {
                Ok(None) => return Ok(None),
                Ok(Some(snapshot)) => {
                    let next = snapshot.releases().iter().find(|release| release.sequence > self.heard).cloned();
                    if let Some(release) = next {
                        self.heard = release.sequence;
                        return Ok(Some(Released { cursor: release.sequence, release, snapshot }));
                    }
                    // The shelf lives as long as the reading that is held here, so this does not fail.
                    let _ = self.followed.changed().await;
                }
                Err(Denied::Unavailable(error)) => {
                    tracing::warn!(%error, event = %self.event, "a watched event can't be read at the moment");
                    tokio::time::sleep(PATIENCE).await;
                }
                Err(denied) => return Err(denied.into()),
            }
        }
    }
}
