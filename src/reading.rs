//! One request's reading of the shelf: what its viewer may see, and what its answer depends on.
//!
//! Resolvers and feeds get content only through a [`Reading`], so that nobody sees what they may not, and every answer
//! knows which changes make it stale.

use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;

use crate::access::{Right, Viewer};
use crate::clock::Clock;
use crate::content::Id;
use crate::error::Error;
use crate::shelf::{Dependency, Headers, Shelf};
use crate::snapshot::{Snapshot, View};
use crate::store::{EventHeader, LogFilter, LogPage, LogSpan};

/// How many releases are put beside a snapshot.
const LOOK_BACK: usize = 6;

/// One request's reading.
#[derive(Debug)]
pub struct Reading {
    shelf: Arc<Shelf>,
    viewer: Viewer,
    time: Time,
    /// What was read; nobody asks that of a reading that goes on.
    dependencies: Option<Mutex<Vec<Dependency>>>,
}

/// What time it is for a reading.
#[derive(Debug)]
enum Time {
    /// The moment at which the request began.
    At(Timestamp),
    /// The present, for a reading that goes on.
    Goes(Clock),
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
        Reading { shelf, viewer, time: Time::At(now), dependencies: Some(Mutex::default()) }
    }

    /// A reading that goes on: it always reads what is there at the moment, and notes nothing.
    pub fn lasting(shelf: Arc<Shelf>, viewer: Viewer, clock: Clock) -> Self {
        Reading { shelf, viewer, time: Time::Goes(clock), dependencies: None }
    }

    /// Who reads.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// The events that the viewer may see in a view, the latest first.
    pub fn events(&self, view: View) -> Result<Vec<Arc<EventHeader>>, Denied> {
        self.allow(view)?;
        let catalogue = self.shelf.catalogue();
        let headers = catalogue.side(view);
        self.note(Dependency::Catalogue(view, headers.revision));
        Ok(headers.events.iter().filter(|header| self.shows(header, view)).cloned().collect())
    }

    /// The event with this slug, if the viewer may see it in a view.
    pub fn event_with_slug(&self, slug: &str, view: View) -> Result<Option<Arc<EventHeader>>, Denied> {
        self.find(view, |headers| headers.with_slug(slug))
    }

    /// The event with this id, if the viewer may see it in a view.
    pub fn event_with_id(&self, id: Id, view: View) -> Result<Option<Arc<EventHeader>>, Denied> {
        self.find(view, |headers| headers.with_id(id))
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

    /// A release of an event, if the viewer may see it in a view.
    pub async fn release(&self, event: Id, view: View, number: i32) -> Result<Option<Arc<Snapshot>>, Denied> {
        // What everybody may see of a release depends on what they may see now.
        if self.snapshot(event, view).await?.is_none() {
            return Ok(None);
        }
        self.shelf.snapshot_of_release(event, view, number).await.map_err(Denied::Unavailable)
    }

    /// A snapshot with the newest of the releases that it shows beside it, to tell how they differ.
    pub async fn looking_back(&self, snapshot: &Snapshot) -> Result<Snapshot, Denied> {
        let mut past = Vec::new();
        for release in snapshot.releases().iter().rev().take(LOOK_BACK) {
            past.extend(self.release(snapshot.event().id, snapshot.view(), release.number).await?);
        }
        Ok(snapshot.looking_back(past))
    }

    /// A part of the change log of an event, for those who may see its working view; `None` for everybody else.
    pub async fn log(&self, event: Id, filter: &LogFilter, span: LogSpan) -> Result<Option<LogPage>, Denied> {
        if self.viewer.is_public() || self.event_with_id(event, View::Working)?.is_none() {
            return Ok(None);
        }
        // The log is no snapshot: whether what was read of it is still right can't be told.
        self.note(Dependency::Volatile);
        let page = self.shelf.store().log_of_event(event, filter, span).await.map_err(Denied::Unavailable)?;
        Ok(Some(page))
    }

    /// The shelf that is read from, for those who write and then want to see it.
    pub fn shelf(&self) -> &Arc<Shelf> {
        &self.shelf
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
        match &self.time {
            Time::At(now) => *now,
            Time::Goes(clock) => clock.now(),
        }
    }

    /// Says that the answer must not be kept. Where nothing is found, every reason for it has to look the same, also in how
    /// long the answer may be kept.
    pub fn found_nothing(&self) {
        self.note(Dependency::Volatile);
    }

    /// What has been read so far, each part once.
    pub fn dependencies(&self) -> Vec<Dependency> {
        self.dependencies.as_ref().map(|noted| noted.lock().clone()).unwrap_or_default()
    }

    fn find(
        &self,
        view: View,
        wanted: impl Fn(&Headers) -> Option<&Arc<EventHeader>>,
    ) -> Result<Option<Arc<EventHeader>>, Denied> {
        self.allow(view)?;
        let catalogue = self.shelf.catalogue();
        let headers = catalogue.side(view);
        let found = wanted(headers).filter(|header| self.shows(header, view)).cloned();
        if found.is_none() {
            self.note(Dependency::Catalogue(view, headers.revision));
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
            // The public side of the catalogue has nothing else.
            View::Public => true,
            View::Working => self.viewer.may(Right::Read, &header.event),
        }
    }

    fn note(&self, dependency: Dependency) {
        let Some(noted) = &self.dependencies else { return };
        let mut dependencies = noted.lock();
        if !dependencies.contains(&dependency) {
            dependencies.push(dependency);
        }
    }
}
