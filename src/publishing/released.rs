//! What the public sees of an event that is published by releases.
//!
//! The newest release is what the public sees. An older one shows what the public saw when the next one took its place,
//! without what the newest holds back: so nothing appears in the past that never was public, and who holds an item back
//! has it held back everywhere. Releases that were made while the event was not published by releases were never public
//! and stay closed, unless they are the newest.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::public;
use crate::content::{Document, Event, Id, Publication, Release};
use crate::each_list;

/// The releases that everybody may see, of all that there are, in order.
pub fn open_releases(publication: Publication, releases: &[Arc<Release>]) -> Vec<Arc<Release>> {
    if publication != Publication::Released {
        return Vec::new();
    }
    let newest = releases.last().map(|newest| newest.number);
    let is_open =
        |release: &&Arc<Release>| Some(release.number) == newest || release.event.publication == Publication::Released;
    releases.iter().filter(is_open).cloned().collect()
}

/// An event's own fields as they were released, with the publication that it has now.
pub fn released_event(event: &Arc<Event>) -> Arc<Event> {
    if event.publication == Publication::Released {
        return event.clone();
    }
    Arc::new(Event { publication: Publication::Released, ..Event::clone(event) })
}

/// What everybody may see of an open release's document when another release took its place at `replaced_at`: `newest` is
/// the document of the newest release, and `shown` what the public sees of that now.
pub fn public_before(
    document: &Document,
    replaced_at: Timestamp,
    now: Timestamp,
    newest: &Document,
    shown: &Document,
) -> Document {
    let ids = |document: &Document| {
        let mut ids: HashSet<Id> = HashSet::new();
        each_list!(&document, list => ids.extend(list.iter().map(|item| item.head.id)));
        ids
    };
    let shown = ids(shown);
    let withdrawn: HashSet<Id> = ids(newest).into_iter().filter(|id| !shown.contains(id)).collect();
    let mut document = document.clone();
    document.event = released_event(&document.event);
    each_list!(&mut document, list => for item in list.iter_mut().filter(|item| withdrawn.contains(&item.head.id)) {
        Arc::make_mut(item).head.published = false;
    });
    public(&document, replaced_at.min(now))
}
