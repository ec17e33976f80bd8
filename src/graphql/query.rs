//! The root fields: from a request to the snapshot that everything below is read from.
//!
//! Only here, and where an event in a list needs its snapshot, does anything wait.

use std::sync::Arc;

use async_graphql::{Context, MergedObject, Object, Result};

use super::Settings;
use super::collections::RootCollections;
use super::connection::{Connection, PageArguments};
use super::error::{Code, denied};
use super::filter::{Choice, Order};
use super::kinds::event::{self, EventFilter, EventNode, EventOrderField};
use super::kinds::series::SeriesNode;
use super::node::Node;
use super::release_diff::ReleaseDiffNode;
use super::scope::Scope;
use super::search::{SearchArguments, SearchResult};
use super::viewer::ViewerNode;
use crate::content::{Id, Kind};
use crate::publishing::{public, release_diff::nothing_of};
use crate::reading::Reading;
use crate::snapshot::{Snapshot, Stamp, View};
use crate::store::EventHeader;

/// The most ids that `nodes` takes.
const MAX_NODES: usize = 100;

/// Everything that can be asked for.
#[derive(Debug, Default, MergedObject)]
pub struct Query(Roots, RootCollections);

/// The root fields, except the lists of a single event.
#[derive(Debug, Default)]
pub(super) struct Roots;

/// The request's reading, from which all content comes.
pub(super) fn reading<'a>(context: &Context<'a>) -> Result<&'a Arc<Reading>> {
    context.data::<Arc<Reading>>().map_err(|_| Code::Internal.error("the request has no reading"))
}

/// The events that the viewer may see, the latest first.
pub(super) fn events(context: &Context<'_>, view: View) -> Result<Vec<Arc<EventHeader>>> {
    reading(context)?.events(view).map_err(denied)
}

/// The snapshot of an event; `None` where it is not to be seen.
async fn scope(context: &Context<'_>, event: Id, view: View) -> Result<Option<Scope>> {
    let snapshot = reading(context)?.snapshot(event, view).await.map_err(denied)?;
    Ok(snapshot.map(Scope::new))
}

async fn scope_of_slug(context: &Context<'_>, slug: &str, view: View) -> Result<Option<Scope>> {
    match reading(context)?.event_with_slug(slug, view).map_err(denied)? {
        Some(header) => scope(context, header.event.id, view).await,
        None => Ok(None),
    }
}

async fn scope_of_release(context: &Context<'_>, slug: &str, view: View, number: i32) -> Result<Option<Scope>> {
    let reading = reading(context)?;
    let Some(header) = reading.event_with_slug(slug, view).map_err(denied)? else { return Ok(None) };
    let snapshot = reading.release(header.event.id, view, number).await.map_err(denied)?;
    Ok(snapshot.map(Scope::new))
}

/// A state of an event to be compared: a release, or what the view shows now; of either, what everybody may see.
async fn state_of(context: &Context<'_>, slug: &str, view: View, release: Option<i32>) -> Result<Option<Scope>> {
    let scope = match release {
        Some(number) => scope_of_release(context, slug, view, number).await?,
        None => scope_of_slug(context, slug, view).await?,
    };
    let Some(scope) = scope else { return Ok(None) };
    if view == View::Public {
        return Ok(Some(scope));
    }
    let shown = public(scope.document(), reading(context)?.now());
    let snapshot = Snapshot::new(shown, View::Public, scope.stamp()).with_releases(scope.releases().into());
    Ok(Some(Scope::new(Arc::new(snapshot))))
}

/// The event with a slug, or the default event; an error where there is none.
pub(super) async fn named_event(context: &Context<'_>, slug: Option<String>, view: View) -> Result<Scope> {
    let default = || context.data_opt::<Settings>().and_then(|settings| settings.default_event.clone());
    let slug = slug.or_else(default).ok_or_else(|| {
        Code::BadUserInput.error("give `event`, the slug of an event: this server has no default event")
    })?;
    if slug.is_empty() {
        return Err(Code::BadUserInput.error("`event` is empty; it is the slug of an event"));
    }
    let found = scope_of_slug(context, &slug, view).await?;
    found.ok_or_else(|| Code::NotFound.error("there is no event with this slug"))
}

/// The record with an id, wherever it is: an event, an item of one, a series, or somebody in the latest event that shows
/// them.
async fn find(context: &Context<'_>, id: Id, view: View) -> Result<Option<Node>> {
    let reading = reading(context)?;
    let places = match reading.locate(id).await.map_err(denied)? {
        Some(event) => vec![event],
        None => {
            let headers = events(context, view)?;
            let mut series = headers.iter().filter_map(|header| header.series.as_ref());
            if let Some(series) = series.find(|series| series.id == id) {
                return Ok(Some(Node::Series(SeriesNode::new(series, view))));
            }
            reading.events_of_person(id, view).await.map_err(denied)?
        }
    };
    for event in places {
        if let Some(scope) = scope(context, event, view).await?
            && let Some(record) = scope.record(id)
        {
            return Ok(Node::new(&record, &scope));
        }
    }
    reading.found_nothing();
    Ok(None)
}

#[Object]
impl Roots {
    /// The event with a slug; null where there is none, or none that you may see. With `release`, the event as it was
    /// released: null where there is no such release, or none that the view shows. Of an older release everybody sees what
    /// was public when the next one took its place, without what is held back since.
    async fn event(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The event's slug, for example `enlsp-2022`.")] slug: String,
        #[graphql(desc = "What everybody may see, or drafts too.", default_with = "View::Public")] view: View,
        #[graphql(desc = "The number of a release; what the view shows now when left out.")] release: Option<i32>,
    ) -> Result<Option<EventNode>> {
        let scope = match release {
            None => scope_of_slug(context, &slug, view).await?,
            Some(number) => scope_of_release(context, &slug, view, number).await?,
        };
        Ok(scope.map(|scope| EventNode::of(&scope)))
    }

    /// What is different between two releases of an event, as everybody sees them; null where the event or one of the
    /// releases is not there, or not for you to see.
    async fn release_diff(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The event's slug, for example `enlsp-2022`.")] event: String,
        #[graphql(desc = "The number of the earlier release; 0 is the beginning, before anything was released.")]
        from: i32,
        #[graphql(desc = "The number of the later release; what the view shows now when left out.")] to: Option<i32>,
        #[graphql(
            desc = "Releases that everybody may see, or all of them and the working content.",
            default_with = "View::Public"
        )]
        view: View,
    ) -> Result<Option<ReleaseDiffNode>> {
        let Some(after) = state_of(context, &event, view, to).await? else { return Ok(None) };
        let before = if from == 0 {
            let nothing = nothing_of(after.document());
            Some(Scope::new(Arc::new(Snapshot::new(nothing, view, Stamp { release: None, ..after.stamp() }))))
        } else {
            state_of(context, &event, view, Some(from)).await?
        };
        Ok(before.map(|before| ReleaseDiffNode::new(before, after)))
    }

    /// The events of this server, the latest first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection, a filter and an order")]
    async fn events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What everybody may see, or drafts too.", default_with = "View::Public")] view: View,
        #[graphql(desc = "The most items to give, from the beginning: 0 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Give what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most items to give, from the end: 0 to 100. Not together with `first`.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Give what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which items; all when left out.")] filter: Option<EventFilter>,
        #[graphql(desc = "The order, by up to 3 values; ties are ordered by id.")] order_by: Option<
            Vec<Order<EventOrderField>>,
        >,
    ) -> Result<Connection<EventNode>> {
        let page = PageArguments { first, after, last, before };
        event::list(&events(context, view)?, view, &page, &Choice { filter, order_by })
    }

    /// The series with a slug; null where there is none, or none with an event that you may see.
    async fn series(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The series' slug, for example `enlsp`.")] slug: String,
        #[graphql(desc = "What everybody may see, or drafts too.", default_with = "View::Public")] view: View,
    ) -> Result<Option<SeriesNode>> {
        let headers = events(context, view)?;
        let found = headers.iter().filter_map(|header| header.series.as_ref()).find(|series| series.slug == slug);
        Ok(found.map(|series| SeriesNode::new(series, view)))
    }

    /// Anything that everybody may see, by its id; null where there is nothing with this id. It has no other argument, as
    /// Relay wants it: for drafts there is `nodes`.
    async fn node(&self, context: &Context<'_>, #[graphql(desc = "The id.")] id: Id) -> Result<Option<Node>> {
        find(context, id, View::Public).await
    }

    /// Several of anything, by their ids and in their order; null for each that is not there or that you may not see.
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The ids, at most 100.")] ids: Vec<Id>,
        #[graphql(desc = "What everybody may see, or drafts too.", default_with = "View::Public")] view: View,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MAX_NODES {
            return Err(
                Code::BadUserInput.error(format!("`ids` has {} ids; at most {MAX_NODES} are answered", ids.len()))
            );
        }
        let mut nodes = Vec::with_capacity(ids.len());
        for id in ids {
            nodes.push(find(context, id, view).await?);
        }
        Ok(nodes)
    }

    /// Everything in an event that matches a query, the best match first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a search and of a Relay connection")]
    async fn search(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "The words to look for, 1 to 256 characters. Case, accents and endings do not matter; the last \
            word may be only the beginning of one."
        )]
        query: String,
        #[graphql(desc = "The slug of the event; this server's default event when left out.")] event: Option<String>,
        #[graphql(desc = "What everybody may see, or drafts too.", default_with = "View::Public")] view: View,
        #[graphql(desc = "Only records of these kinds; every kind when left out.")] kinds: Option<Vec<Kind>>,
        #[graphql(desc = "The most items to give, from the beginning: 0 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Give what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most items to give, from the end: 0 to 100. Not together with `first`.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Give what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SearchResult>> {
        let scope = named_event(context, event, view).await?;
        SearchArguments { query, kinds, page: PageArguments { first, after, last, before } }.search(&scope)
    }

    /// Who the API thinks you are.
    async fn viewer(&self, context: &Context<'_>) -> Result<ViewerNode> {
        Ok(ViewerNode(reading(context)?.viewer().clone()))
    }
}
