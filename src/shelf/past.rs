//! Releases that are not the newest: loaded when somebody looks back, and kept for a while beside the shelf.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::Shelf;
use super::shelved::{Shelved, json_length};
use crate::content::{Document, Id};
use crate::error::Error;
use crate::publishing::{Embargoes, public_before};
use crate::snapshot::{Snapshot, Stamp, View};

/// What part of the shelf's memory looking back may take beside it.
const PART: usize = 8;

/// Snapshots of releases. What the public sees of one depends on what it sees now, so that stands in the key.
pub(super) type Past = Cache<(Id, i32, Option<Stamp>), Arc<Kept>, Weights>;

/// A snapshot, and about how much memory it takes.
#[derive(Debug)]
pub(super) struct Kept {
    snapshot: Arc<Snapshot>,
    bytes: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Weights;

impl<K> Weighter<K, Arc<Kept>> for Weights {
    fn weight(&self, _: &K, kept: &Arc<Kept>) -> u64 {
        kept.bytes as u64
    }
}

/// An empty cache for a part of the shelf's budget.
pub(super) fn past(budget: usize) -> Past {
    Cache::with_weighter(64, (budget / PART) as u64, Weights)
}

impl Shelf {
    /// What a view shows of a release of an event; `None` when the view does not show the event or that release.
    ///
    /// The working view shows everything that it holds; the public one what [`public_before`] says, and the newest release
    /// as it is.
    pub async fn snapshot_of_release(
        &self,
        event: Id,
        view: View,
        number: i32,
    ) -> Result<Option<Arc<Snapshot>>, Error> {
        let Some(shelved) = self.shelved(event).await? else { return Ok(None) };
        let Some(current) = shelved.snapshot(view, self.clock.now()) else { return Ok(None) };
        if current.stamp().release == Some(number) {
            return Ok(Some(current));
        }
        if !current.releases().iter().any(|release| release.number == number) {
            return Ok(None);
        }
        let key = (event, number, (view == View::Public).then(|| current.stamp()));
        let make = async {
            let document = self.store.release_document(event, number).await?;
            let missing = || Error::NotFound(format!("release {number} of the event {event} is not there"));
            let document = document.ok_or_else(missing)?;
            let bytes = json_length(&document) * super::shelved::BYTES_PER_JSON_BYTE;
            let snapshot = Arc::new(self.look_back(&shelved, &current, document, number));
            Ok(Arc::new(Kept { snapshot, bytes }))
        };
        let kept: Result<Arc<Kept>, Error> = self.past.get_or_insert_async(&key, make).await;
        Ok(Some(kept?.snapshot.clone()))
    }

    /// The snapshot of a release that `current` shows to be there, out of its document.
    fn look_back(&self, shelved: &Shelved, current: &Snapshot, document: Document, number: i32) -> Snapshot {
        let releases = shelved.releases();
        let place = releases.partition_point(|release| release.number < number);
        let mut stamp = Stamp { revision: releases[place].sequence, release: Some(number), released_at: None };
        let shown = match (current.view(), releases.get(place + 1)) {
            (View::Public, Some(next)) => {
                let now = self.clock.now();
                // It stays as it was when the next took its place, with the embargoes that had ended by then.
                stamp.released_at = Embargoes::of(&document).last_change(next.at.min(now));
                public_before(&document, next.at, now, shelved.public_document(), current.document())
            }
            _ => document,
        };
        Snapshot::new(shown, current.view(), stamp).with_releases(current.releases().into())
    }
}
