//! One request's reading of the shelf: what its viewer may see, and what its answer depends on.
//!
//! Resolvers and feeds get content only through a [`Reading`], so that nobody sees what they may not, and every answer
//! knows which changes make it stale.

use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;

use crate::access::{Right, Viewer};
use crate::content::{Id, Publication};
use crate::error::Error;
use crate::shelf::{Catalogue, Dependency, Shelf};
use crate::snapshot::{Snapshot, View};
use crate::store::EventHeader;

/// One request's reading.
#[derive(Debug)]
pub struct Reading {
    shelf: Arc<Shelf>,
    viewer: Viewer,
    now: Timestamp,
    dependencies: Mutex<Vec<Dependency>>,
}

/// Why something can't be read.
#[derive(Debug)]
pub enum Denied {
    /// The working view was asked for without saying who asks.
    Unauthenticated,
    /// The content could not be loaded; the text is for the log, not for the caller.
    Unavailable(Error),
}

impl Reading {
    /// A reading for a viewer that begins at `now`.
    pub fn new(shelf: Arc<Shelf>, viewer: Viewer, now: Timestamp) -> Self {
        Reading { shelf, viewer, now, dependencies: Mutex::new(Vec::new()) }
    }

    /// Who reads.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// The events that the viewer may see in a view, the latest first.
    pub fn events(&self, view: View) -> Result<Vec<Arc<EventHeader>>, Denied> {
        self.allow(view)?;
        let catalogue = self.shelf.catalogue();
        self.note(Dependency::Catalogue(catalogue.revision));
        Ok(catalogue.events.iter().filter(|header| self.shows(header, view)).cloned().collect())
    }

    /// The event with this slug, if the viewer may see it in a view.
    pub fn event_with_slug(&self, slug: &str, view: View) -> Result<Option<Arc<EventHeader>>, Denied> {
        self.find(view, |catalogue| catalogue.with_slug(slug))
    }

    /// The event with this id, if the viewer may see it in a view.
    pub fn event_with_id(&self, id: Id, view: View) -> Result<Option<Arc<EventHeader>>, Denied> {
        self.find(view, |catalogue| catalogue.with_id(id))
    }

    /// The snapshot of an event, if the viewer may see it in a view.
    pub async fn snapshot(&self, event: Id, view: View) -> Result<Option<Arc<Snapshot>>, Denied> {
        if self.event_with_id(event, view)?.is_none() {
            return Ok(None);
        }
        let snapshot = self.shelf.snapshot(event, view).await.map_err(Denied::Unavailable)?;
        match &snapshot {
            Some(snapshot) => self.note(Dependency::Event(event, view, snapshot.stamp())),
            None => self.note(Dependency::Volatile),
        }
        Ok(snapshot)
    }

    /// The event that an item belongs to, seen or not: ask [`Reading::snapshot`] for it next.
    pub async fn locate(&self, item: Id) -> Result<Option<Id>, Denied> {
        let event = self.shelf.locate(item).await.map_err(Denied::Unavailable)?;
        if event.is_none() {
            self.note(Dependency::Volatile);
        }
        Ok(event)
    }

    /// The events in which a person takes part and that the viewer may see in a view, the latest first. What a view shows
    /// of an event may still not have the person: ask [`Reading::snapshot`] for it next.
    pub async fn events_of_person(&self, person: Id, view: View) -> Result<Vec<Id>, Denied> {
        let events = self.shelf.events_of_person(person).await.map_err(Denied::Unavailable)?;
        let visible = self.events(view)?.into_iter().map(|header| header.event.id);
        Ok(visible.filter(|event| events.contains(event)).collect())
    }

    /// The present time; an answer that was made with it is not kept.
    pub fn now(&self) -> Timestamp {
        self.note(Dependency::Volatile);
        self.now
    }

    /// What has been read so far, each part once.
    pub fn dependencies(&self) -> Vec<Dependency> {
        self.dependencies.lock().clone()
    }

    fn find(
        &self,
        view: View,
        wanted: impl Fn(&Catalogue) -> Option<&Arc<EventHeader>>,
    ) -> Result<Option<Arc<EventHeader>>, Denied> {
        self.allow(view)?;
        let catalogue = self.shelf.catalogue();
        let found = wanted(&catalogue).filter(|header| self.shows(header, view)).cloned();
        if found.is_none() {
            self.note(Dependency::Catalogue(catalogue.revision));
        }
        Ok(found)
    }

    fn allow(&self, view: View) -> Result<(), Denied> {
        match view {
            View::Working if self.viewer.is_public() => Err(Denied::Unauthenticated),
            View::Public | View::Working => Ok(()),
        }
    }

    fn shows(&self, header: &EventHeader, view: View) -> bool {
        match view {
            View::Public => header.event.publication == Publication::Live,
            View::Working => self.viewer.may(Right::Read, &header.event),
        }
    }

    fn note(&self, dependency: Dependency) {
        let mut dependencies = self.dependencies.lock();
        if !dependencies.contains(&dependency) {
            dependencies.push(dependency);
        }
    }
}
