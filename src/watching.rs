//! Watching an event: what differs between what a view showed to somebody and what it shows now.
//!
//! It is woken when the shelf has followed more of the change log, and when an embargo ends; what it tells is always the
//! difference of two states of one view. So nothing is told that the view does not show, nothing is left out and nothing
//! is told twice, however late somebody looks: who comes late gets all of it as one difference. It knows no GraphQL and no
//! transport.

mod releases;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::content::{Id, Kind};
use crate::reading::{Denied, Reading};
use crate::shelf::{Changed, Difference, Untold};
use crate::snapshot::{Cursor, Snapshot, View};
use crate::store::Operation;

pub use releases::{Released, Releases};

/// How long to wait for content that can't be read at the moment.
const PATIENCE: Duration = Duration::from_secs(1);
/// The longest sleep, after which the clock is looked at again.
const LONGEST_SLEEP: Duration = Duration::from_secs(600);

/// Somebody who watches one view of an event.
#[derive(Debug)]
pub struct Watch {
    reading: Arc<Reading>,
    event: Id,
    view: View,
    followed: watch::Receiver<i64>,
    seen: Cursor,
    /// What they have seen, if they have not only said so.
    snapshot: Option<Arc<Snapshot>>,
    /// When an embargo ends next, as of what they have seen.
    appears: Option<Timestamp>,
    is_over: bool,
}

/// What has changed since the last step.
#[derive(Debug)]
pub struct Step {
    /// Where this leads to.
    pub cursor: Cursor,
    /// What the view shows now; `None` when the event is not to be seen any more, and nothing will follow.
    pub snapshot: Option<Arc<Snapshot>>,
    /// What differs.
    pub difference: Arc<Difference>,
}

/// Why nothing can be watched.
#[derive(Debug)]
pub enum Refused {
    /// It may not be read, or not at the moment.
    Denied(Denied),
    /// There is no such event for this viewer.
    NotFound,
    /// What has changed since the cursor can't be told.
    Unknown,
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Refused {
        Refused::Denied(denied)
    }
}

impl From<Untold> for Refused {
    fn from(untold: Untold) -> Refused {
        match untold {
            Untold::Unknown => Refused::Unknown,
            Untold::Error(error) => Refused::Denied(Denied::Unavailable(error)),
        }
    }
}

impl Watch {
    /// Watches the event with a slug, from a cursor on, or from now on.
    pub async fn begin(reading: Arc<Reading>, slug: &str, view: View, since: Option<Cursor>) -> Result<Watch, Refused> {
        // Subscribed first: what is followed from here on wakes this watch.
        let followed = reading.shelf().follows();
        if let Some(since) = since {
            reading.shelf().catch_up(since).await?;
        }
        let header = reading.event_with_slug(slug, view)?.ok_or(Refused::NotFound)?;
        let event = header.event.id;
        let snapshot = reading.snapshot(event, view).await?.ok_or(Refused::NotFound)?;
        let mut watch = Watch {
            appears: None,
            event,
            view,
            followed,
            seen: snapshot.stamp().into(),
            snapshot: Some(snapshot),
            is_over: false,
            reading,
        };
        match since {
            Some(since) => (watch.seen, watch.snapshot) = (since, None),
            None => watch.appears = watch.reading.shelf().next_appearance(event),
        }
        Ok(watch)
    }

    /// Waits until something has changed; `None` after the end.
    pub async fn next(&mut self) -> Result<Option<Step>, Refused> {
        loop {
            if self.is_over {
                return Ok(None);
            }
            self.followed.borrow_and_update();
            match self.look().await {
                Ok(Some(step)) => return Ok(Some(step)),
                Ok(None) => self.wait().await,
                Err(Refused::Denied(Denied::Unavailable(error))) if self.snapshot.is_some() => {
                    tracing::warn!(%error, event = %self.event, "a watched event can't be read at the moment");
                    tokio::time::sleep(PATIENCE).await;
                }
                Err(refused) => {
                    self.is_over = true;
                    return Err(refused);
                }
            }
        }
    }

    async fn look(&mut self) -> Result<Option<Step>, Refused> {
        let Some(header) = self.reading.event_with_id(self.event, self.view)? else { return Ok(Some(self.end())) };
        // Nothing is loaded for a change to another event.
        let is_lifted = self.appears.is_some_and(|appears| appears <= self.reading.now());
        if self.snapshot.is_some() && header.revision == self.seen.revision && !is_lifted {
            return Ok(None);
        }
        let Some(snapshot) = self.reading.snapshot(self.event, self.view).await? else {
            return Ok(Some(self.end()));
        };
        let cursor = snapshot.stamp().into();
        let appears = self.reading.shelf().next_appearance(self.event);
        if cursor == self.seen {
            (self.snapshot, self.appears) = (Some(snapshot), appears);
            return Ok(None);
        }
        let difference = self.reading.shelf().difference(self.seen, self.snapshot.as_deref(), &snapshot).await?;
        (self.seen, self.snapshot, self.appears) = (cursor, Some(snapshot.clone()), appears);
        Ok((!difference.is_empty()).then_some(Step { cursor, snapshot: Some(snapshot), difference }))
    }

    /// The last step: the event is not to be seen any more.
    fn end(&mut self) -> Step {
        self.is_over = true;
        let gone = Changed { kind: Kind::Event, id: self.event, operation: Operation::Delete };
        let difference = Arc::new(Difference { named: vec![gone], is_too_much: false });
        Step { cursor: self.seen, snapshot: None, difference }
    }

    /// Waits until it is worth looking again.
    async fn wait(&mut self) {
        let sleep = self.appears.map_or(LONGEST_SLEEP, |appears| {
            let left = appears.duration_since(self.reading.now());
            Duration::try_from(left).unwrap_or_default().clamp(Duration::from_millis(1), LONGEST_SLEEP)
        });
        tokio::select! {
            changed = self.followed.changed() => {
                // The shelf lives as long as the reading that this watch holds.
                debug_assert!(changed.is_ok());
            }
            () = tokio::time::sleep(sleep) => {}
        }
    }
}
