//! The root fields that go on: what changes in an event, told as it happens.
//!
//! What there is to tell comes from [`crate::watching`]; here it only gets its GraphQL form. The transport hands in a
//! [`Progress`]: from where to go on, and where to read off how far it has come.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Result, SimpleObject, Subscription as Root};
use futures_util::stream::{self, BoxStream, StreamExt};
use jiff::tz::TimeZone;
use parking_lot::Mutex;

use super::change::ChangeOperation;
use super::error::{Code, denied};
use super::kinds::event::EventNode;
use super::kinds::release::ReleaseNode;
use super::node::Node;
use super::query::reading;
use super::scope::Scope;
use crate::content::{DateTime, Id, Kind};
use crate::shelf::Changed;
use crate::snapshot::{Cursor, View};
use crate::watching::{Refused, Released, Releases, Step, Watch};

/// How far a subscription has come, for transports that can say so beside the message.
#[derive(Debug, Default)]
pub struct Progress {
    since: Option<String>,
    reached: Mutex<Option<String>>,
}

impl Progress {
    /// Begins at a cursor, whatever the operation's own argument says.
    pub fn from(since: Option<String>) -> Arc<Progress> {
        Arc::new(Progress { since, reached: Mutex::default() })
    }

    /// The cursor of the newest message.
    pub fn reached(&self) -> Option<String> {
        self.reached.lock().clone()
    }

    fn reach(&self, cursor: &str) {
        *self.reached.lock() = Some(cursor.to_owned());
    }
}

/// A record of an event that has changed.
#[derive(Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct RecordChange {
    /// The record's kind.
    kind: Kind,
    /// The record's id.
    record_id: Id,
    /// What happened to it.
    operation: ChangeOperation,
    /// The record as it is now; null when it is not to be seen any more.
    node: Option<Node>,
}

/// Everything that has changed in an event since the message before, or since the cursor that the subscription began at.
/// Changes that come together, or faster than you read, are one message.
#[derive(Debug, SimpleObject)]
#[graphql(complex, serial)]
pub(super) struct EventChange {
    /// The place of this message: give it as `since` to go on from here without a gap or a repeat.
    cursor: String,
    /// The event's `revision` now.
    revision: String,
    /// The time at which the server told this, with the offset of the event's time zone.
    at: DateTime,
    /// True where more than 200 records have changed at once, as by the import of a document: `changes` is then empty, and
    /// what you show has to be loaded anew.
    reload: bool,
    #[graphql(skip)]
    step: Step,
}

#[ComplexObject]
impl EventChange {
    /// The event as it is now, in the view of the subscription; null when it is not to be seen any more: this message is
    /// then the last.
    async fn event(&self) -> Option<EventNode> {
        self.scope().map(|scope| EventNode::of(&scope))
    }

    /// The records that differ from those of the message before, at most 200; see `reload`.
    async fn changes(&self) -> Vec<RecordChange> {
        let scope = self.scope();
        let change = |changed: &Changed| {
            let record = scope.as_ref().and_then(|scope| scope.record(changed.id));
            RecordChange {
                kind: changed.kind,
                record_id: changed.id,
                operation: changed.operation.into(),
                node: record.zip(scope.as_ref()).and_then(|(record, scope)| Node::new(&record, scope)),
            }
        };
        self.step.difference.named.iter().map(change).collect()
    }
}

impl EventChange {
    fn new(step: Step, at: DateTime) -> EventChange {
        EventChange {
            cursor: step.cursor.to_string(),
            revision: step.cursor.revision.to_string(),
            at,
            reload: step.difference.is_too_much,
            step,
        }
    }

    fn scope(&self) -> Option<Scope> {
        self.step.snapshot.clone().map(Scope::new)
    }
}

/// A release of an event that everybody who uses the view sees from now on.
#[derive(Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct ReleasePublished {
    /// The place of this message: give it as `since` to go on from here without a gap or a repeat.
    cursor: String,
    /// The time at which the server told this, with the offset of the event's time zone.
    at: DateTime,
    /// The release.
    release: ReleaseNode,
    /// The event as the view shows it now; `releaseDiff` tells how two of its releases differ.
    event: EventNode,
}

impl ReleasePublished {
    fn new(released: &Released, at: DateTime) -> ReleasePublished {
        let scope = Scope::new(released.snapshot.clone());
        ReleasePublished {
            cursor: released.cursor.to_string(),
            at,
            release: ReleaseNode::new(&released.release, scope.view()),
            event: EventNode::of(&scope),
        }
    }
}

/// The root fields that go on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subscription;

/// What can be subscribed to, over WebSocket (graphql-transport-ws) and as server-sent events.
#[Root]
impl Subscription {
    /// Tells what changes in an event, as the view shows it: whatever the public can't see, the public view does not tell.
    /// What appears by itself when its embargo ends is told too. Nothing comes until something changes.
    async fn event_changed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The event's slug.")] event: String,
        #[graphql(
            desc = "Begin with everything that has changed since then: the `cursor` of a message or of an `Event`, or an \
            event's `revision`. From now on when left out."
        )]
        since: Option<String>,
        #[graphql(desc = "What everybody may see, or drafts too.", default_with = "View::Public")] view: View,
    ) -> Result<BoxStream<'static, Result<EventChange>>> {
        let reading = reading(context)?.clone();
        let progress = context.data_opt::<Arc<Progress>>().cloned().unwrap_or_default();
        let since = progress.since.clone().or(since).as_deref().map(cursor).transpose()?;
        let watch = Watch::begin(reading.clone(), &event, view, since).await.map_err(refused)?;
        let steps = stream::try_unfold(watch, async |mut watch: Watch| {
            let step = watch.next().await.map_err(refused)?;
            Ok(step.map(|step| (step, watch)))
        });
        let mut zone = None;
        Ok(steps
            .map(move |step: Result<Step>| {
                let step = step?;
                zone = step.snapshot.as_ref().map(|snapshot| snapshot.zone().clone()).or(zone.take());
                let at = DateTime::new(reading.now(), zone.as_ref().unwrap_or(&TimeZone::UTC));
                let change = EventChange::new(step, at);
                progress.reach(&change.cursor);
                Ok(change)
            })
            .boxed())
    }

    /// Tells each release of an event that the view comes to show, one after the other. It ends when the event is not to be
    /// seen any more.
    async fn release_published(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The event's slug.")] event: String,
        #[graphql(
            desc = "Begin with the releases after this: the `cursor` of a message or of an `Event`; 0 begins with the \
            first. From now on when left out."
        )]
        since: Option<String>,
        #[graphql(desc = "What everybody may see, or drafts too.", default_with = "View::Public")] view: View,
    ) -> Result<BoxStream<'static, Result<ReleasePublished>>> {
        let reading = reading(context)?.clone();
        let progress = context.data_opt::<Arc<Progress>>().cloned().unwrap_or_default();
        let since = progress.since.clone().or(since).as_deref().map(cursor).transpose()?;
        let releases = Releases::begin(reading.clone(), &event, view, since).await.map_err(refused)?;
        let each = stream::try_unfold(releases, async |mut releases: Releases| {
            let released = releases.next().await.map_err(refused)?;
            Ok(released.map(|released| (released, releases)))
        });
        Ok(each
            .map(move |released: Result<Released>| {
                let released = released?;
                let at = DateTime::new(reading.now(), released.snapshot.zone());
                let told = ReleasePublished::new(&released, at);
                progress.reach(&told.cursor);
                Ok(told)
            })
            .boxed())
    }
}

fn cursor(text: &str) -> Result<Cursor> {
    text.parse().map_err(|_| {
        Code::BadUserInput.error("`since` is no cursor: give the `cursor` of a message or of an event, or a `revision`")
    })
}

fn refused(refused: Refused) -> async_graphql::Error {
    match refused {
        Refused::Denied(reason) => denied(reason),
        Refused::NotFound => Code::NotFound.error("there is no event with this slug"),
        Refused::Unknown => Code::ResumeImpossible.error(
            "what has changed since then can't be told any more: load the event anew, and subscribe from its `cursor`",
        ),
    }
}
