//! Publishing: who sees an event's content, releases of it, and the way back to one.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::content::check_shared;
use super::{event_with_right, refused};
use crate::access::{Editor, Right};
use crate::content::{Document, Id, Markdown, Publication};
use crate::graphql::error::{Code, denied};
use crate::graphql::finding::FindingNode;
use crate::graphql::kinds::event::EventNode;
use crate::graphql::kinds::release::ReleaseNode;
use crate::graphql::query::reading;
use crate::graphql::release_diff::ReleaseDiffNode;
use crate::graphql::scope::Scope;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::publishing::{checks, public, release_diff::nothing_of};
use crate::reading::Reading;
use crate::snapshot::{Snapshot, Stamp, View};
use crate::store::{EventHeader, Version};

/// The mutations about publishing.
#[derive(Debug, Default)]
pub(super) struct ReleaseMutations;

/// What to release.
#[derive(Debug, InputObject)]
struct PublishReleaseInput {
    /// The slug of the event.
    event: String,
    /// The name of the version, for example `Final programme`: at most 500 characters.
    name: Option<String>,
    /// What is new in it, as Markdown of at most 100,000 characters.
    note: Option<String>,
    /// Whether nothing is to be written: only look what would become different.
    #[graphql(default)]
    dry_run: bool,
}

/// Which release to go back to.
#[derive(Debug, InputObject)]
struct RollbackInput {
    /// The slug of the event.
    event: String,
    /// The number of the release.
    to: i32,
    /// The name of the new release: at most 500 characters.
    name: Option<String>,
    /// Why, as Markdown of at most 100,000 characters.
    note: Option<String>,
    /// Whether nothing is to be written: only look what would become different.
    #[graphql(default)]
    dry_run: bool,
}

/// Who is to see the content.
#[derive(Debug, InputObject)]
struct SetPublicationInput {
    /// The slug of the event.
    event: String,
    /// Who is to see it.
    publication: Publication,
}

/// What was released, or would be.
#[derive(Debug, SimpleObject)]
#[graphql(serial)]
struct PublishReleasePayload {
    /// The new release; absent when nothing was written.
    release: Option<ReleaseNode>,
    /// What becomes different for everybody, compared with the release before; with the beginning, for the first.
    diff: Option<ReleaseDiffNode>,
    /// What looks wrong in the content that is released.
    warnings: Vec<FindingNode>,
    /// What to mend; nothing was written if there is something.
    user_errors: Vec<UserError>,
}

/// What was rolled back, or would be.
#[derive(Debug, SimpleObject)]
#[graphql(serial)]
struct RollbackPayload {
    /// The new release; absent when nothing was written.
    release: Option<ReleaseNode>,
    /// What becomes different for everybody, compared with the newest release before.
    diff: Option<ReleaseDiffNode>,
    /// What becomes different in the content that you write: what is staged and was never released is taken back too.
    working_diff: Option<ReleaseDiffNode>,
    /// What looks wrong in the content that is released.
    warnings: Vec<FindingNode>,
    /// What to mend; nothing was written if there is something.
    user_errors: Vec<UserError>,
}

/// What became of the publication.
#[derive(Debug, SimpleObject)]
#[graphql(serial)]
struct SetPublicationPayload {
    /// The event in the working view; absent when nothing was written.
    event: Option<EventNode>,
    /// What to mend; nothing was written if there is something.
    user_errors: Vec<UserError>,
}

#[Object]
impl ReleaseMutations {
    /// Makes the next release of an event out of its content. For an event that is published by releases, this is what
    /// everybody sees from now on.
    async fn publish_release(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Of which event, and what to call it.")] input: PublishReleaseInput,
    ) -> Result<PublishReleasePayload> {
        let (header, editor) = publisher(context, &input.event)?;
        let working = working(context, &header).await?;
        let before = newest(context, &header).await?;
        let mut payload = PublishReleasePayload {
            release: None,
            diff: Some(diff(reading(context)?, &before, &working)),
            warnings: warnings(working.document(), reading(context)?),
            user_errors: Vec::new(),
        };
        if input.dry_run {
            return Ok(payload);
        }
        let (id, reading) = (header.event.id, reading(context)?);
        let version = Version { name: input.name, note: input.note.map(Markdown) };
        match reading.shelf().store().publish(&editor, id, version, reading.now()).await {
            Ok(None) => return Err(gone()),
            Ok(Some(release)) => payload.release = Some(ReleaseNode::new(&Arc::new(release), View::Working)),
            Err(error) => (payload.diff, payload.user_errors) = (None, refused(error)?),
        }
        followed(reading).await;
        if let Some(release) = &payload.release {
            // Somebody may have written since the preview: this is what was released.
            payload.diff = diff_of(reading, id, release.place()).await.or(payload.diff);
        }
        Ok(payload)
    }

    /// Makes an event's content what it was in a release, and a new release of it: no release in between is lost. What was
    /// written since the newest one and not released is taken back too, and stays in the change log. People and the series
    /// become what they were too, in all their events: you need the right to write each of them. Who sees the event stays
    /// as it is.
    async fn rollback(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Of which event, and back to which release.")] input: RollbackInput,
    ) -> Result<RollbackPayload> {
        let (header, editor) = publisher(context, &input.event)?;
        let (id, reading) = (header.event.id, reading(context)?);
        let mut payload = RollbackPayload {
            release: None,
            diff: None,
            working_diff: None,
            warnings: Vec::new(),
            user_errors: Vec::new(),
        };
        let Some(wanted) = reading.release(id, View::Working, input.to).await.map_err(denied)? else {
            let message = format!("the event has no release {}", input.to);
            payload.user_errors.push(UserError::new("to", UserErrorCode::NotFound, message));
            return Ok(payload);
        };
        let before = newest(context, &header).await?;
        payload.diff = Some(diff(reading, &before, &wanted));
        let written = working(context, &header).await?;
        let errors = check_shared(context, Some(written.document()), wanted.document()).await?;
        payload.working_diff = Some(ReleaseDiffNode::new(Scope::new(written), Scope::new(wanted.clone())));
        payload.warnings = warnings(wanted.document(), reading);
        payload.user_errors.extend(errors.into_iter().map(|error| error.within(&["to"])));
        if !payload.user_errors.is_empty() {
            (payload.diff, payload.working_diff) = (None, None);
        }
        if input.dry_run || !payload.user_errors.is_empty() {
            return Ok(payload);
        }
        let version = Version { name: input.name, note: input.note.map(Markdown) };
        match reading.shelf().store().roll_back(&editor, id, input.to, version, reading.now()).await {
            Ok(None) => return Err(gone()),
            Ok(Some((_, release))) => payload.release = Some(ReleaseNode::new(&Arc::new(release), View::Working)),
            Err(error) => {
                payload.user_errors = refused(error)?;
                (payload.diff, payload.working_diff) = (None, None);
            }
        }
        followed(reading).await;
        if let Some(release) = &payload.release {
            payload.diff = diff_of(reading, id, release.place()).await.or(payload.diff);
        }
        Ok(payload)
    }

    /// Decides who sees an event's content: only those with access, everybody at once, or everybody what is released. An
    /// event that everybody sees can be published by releases once it has one.
    async fn set_publication(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Of which event, and who is to see it.")] input: SetPublicationInput,
    ) -> Result<SetPublicationPayload> {
        let (header, editor) = publisher(context, &input.event)?;
        let (id, reading) = (header.event.id, reading(context)?);
        let mut payload = SetPublicationPayload { event: None, user_errors: Vec::new() };
        match reading.shelf().store().set_publication(&editor, id, input.publication, reading.now()).await {
            Ok(None) => return Err(gone()),
            Ok(Some(_)) => {
                followed(reading).await;
                let snapshot = reading.snapshot(id, View::Working).await.map_err(denied)?;
                payload.event = snapshot.map(|snapshot| EventNode::of(&Scope::new(snapshot)));
            }
            Err(error) => payload.user_errors = refused(error)?,
        }
        Ok(payload)
    }
}

/// The event, and the proof that the viewer may publish it.
fn publisher(context: &Context<'_>, slug: &str) -> Result<(Arc<EventHeader>, Editor)> {
    let header = event_with_right(context, slug, Right::Publish)?;
    let editor = reading(context)?.viewer().publisher(&header.event);
    let editor = editor.ok_or_else(|| Code::Forbidden.error("you may see this event and not do this with it"))?;
    Ok((header, editor))
}

async fn working(context: &Context<'_>, header: &EventHeader) -> Result<Arc<Snapshot>> {
    let snapshot = reading(context)?.snapshot(header.event.id, View::Working).await.map_err(denied)?;
    snapshot.ok_or_else(gone)
}

/// What the newest release holds, or nothing of the event.
async fn newest(context: &Context<'_>, header: &EventHeader) -> Result<Arc<Snapshot>> {
    let working = working(context, header).await?;
    let newest = match working.releases().last() {
        Some(newest) => {
            reading(context)?.release(header.event.id, View::Working, newest.number).await.map_err(denied)?
        }
        None => None,
    };
    Ok(newest.unwrap_or_else(|| nothing(&working)))
}

/// What becomes different for everybody when `after` takes the place of `before`.
fn diff(reading: &Reading, before: &Snapshot, after: &Snapshot) -> ReleaseDiffNode {
    let now = reading.now();
    let seen = |snapshot: &Snapshot| {
        let shown = Snapshot::new(public(snapshot.document(), now), View::Public, snapshot.stamp());
        Scope::new(Arc::new(shown.with_releases(snapshot.releases().into())))
    };
    ReleaseDiffNode::new(seen(before), seen(after))
}

/// What a release that was just made makes different; `None` when that can't be read.
async fn diff_of(reading: &Reading, event: Id, number: i32) -> Option<ReleaseDiffNode> {
    let after = reading.release(event, View::Working, number).await.ok()??;
    let before = match number {
        1 => nothing(&after),
        number => reading.release(event, View::Working, number - 1).await.ok()??,
    };
    Some(diff(reading, &before, &after))
}

/// The beginning, before anything of an event was released.
fn nothing(snapshot: &Snapshot) -> Arc<Snapshot> {
    let stamp = Stamp { release: None, ..snapshot.stamp() };
    Arc::new(Snapshot::new(nothing_of(snapshot.document()), View::Working, stamp))
}

fn warnings(document: &Document, reading: &Reading) -> Vec<FindingNode> {
    checks::findings(document, reading.now()).into_iter().map(FindingNode).collect()
}

/// What was written is seen at once on this server; where that fails, it follows a moment later.
async fn followed(reading: &Reading) {
    if let Err(error) = reading.shelf().refresh().await {
        tracing::warn!(%error, "what was written is seen later");
    }
}

fn gone() -> async_graphql::Error {
    Code::NotFound.error("there is no event with this slug")
}
