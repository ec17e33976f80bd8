//! The roots of what can be asked.

use async_graphql::{Context, ID, MergedObject, Object, Result, SimpleObject};

use super::connection::{Page, PageArguments};
use super::error::Code;
use super::kinds::announcement::AnnouncementNode;
use super::kinds::event::{self, EventFilter, EventNode, EventOrder};
use super::kinds::important_date::ImportantDateNode;
use super::kinds::lists::RootLists;
use super::kinds::page::PageNode;
use super::kinds::series::SeriesNode;
use super::kinds::topic::TopicNode;
use super::node::Node;
use super::scope::Scope;
use super::search::{SearchResult, search};
use super::{Settings, reading};
use crate::access;
use crate::content::{Id, Kind};
use crate::snapshot::View;

/// How many ids may be asked for at once.
const MAX_IDS: usize = 100;

/// Everything that can be asked.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
#[graphql(name = "Query")]
pub struct Query(Root, RootLists);

/// The fields of the root that are not connections of one event.
#[derive(Clone, Copy, Debug, Default)]
pub struct Root;

/// Who the server takes the caller for.
#[derive(SimpleObject)]
pub struct Viewer {
    /// Whether the caller is known.
    is_authenticated: bool,
    /// The name that the caller's token was issued to.
    subject: Option<String>,
    /// The slugs of the events of which the caller sees the working view; absent where that is every event.
    working_events: Option<Vec<String>>,
}

/// The scope of the event that an `event` argument names, or of the server's default event.
pub async fn chosen_event(ctx: &Context<'_>, event: Option<String>, view: View) -> Result<Scope> {
    let default = || ctx.data_opt::<Settings>().and_then(|settings| settings.default_event.clone());
    let Some(slug) = event.or_else(default) else {
        return Err(Code::BadUserInput.error("name the event: this server has no default event"));
    };
    let scope = reading::scope_of_slug(ctx, &slug, view).await?;
    scope.ok_or_else(|| Code::NotFound.error("there is no such event"))
}

/// The record with an id, in the public or the working view.
async fn find(ctx: &Context<'_>, id: &ID, view: View) -> Result<Option<Node>> {
    let Ok(id) = id.parse::<Id>() else { return Ok(None) };
    if let Some(series) =
        reading::events(ctx, view)?.iter().find_map(|header| header.series.clone().filter(|it| it.id == id))
    {
        return Ok(Some(Node::Series(SeriesNode::new(&series, view))));
    }
    let Some(scope) = reading::scope_of_item(ctx, id, view).await? else { return Ok(None) };
    Ok(scope.record(id).map(|record| Node::new(&record, &scope)))
}

#[Object]
impl Root {
    /// The event with a slug; null when there is none that the caller may see.
    async fn event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The event's slug; the server's default event when left out.")] slug: Option<String>,
        #[graphql(desc = "Which view of the event.", default_with = "View::Public")] view: View,
    ) -> Result<Option<EventNode>> {
        match slug {
            Some(slug) => Ok(reading::scope_of_slug(ctx, &slug, view).await?.as_ref().map(EventNode::opened)),
            None => chosen_event(ctx, None, view).await.map(|scope| Some(EventNode::opened(&scope))),
        }
    }

    /// The events, the latest first.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the beginning, or after `after`; 20 by default, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
        #[graphql(desc = "How many up to the end, or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Which ones; all when left out.")] filter: Option<EventFilter>,
        #[graphql(desc = "In which order, at most 5; the latest first when left out.")] order_by: Option<
            Vec<EventOrder>,
        >,
        #[graphql(desc = "Which view of the events.", default_with = "View::Public")] view: View,
    ) -> Result<Page<EventNode>> {
        let arguments = PageArguments { first, after, last, before };
        event::events(ctx, view, &arguments, filter.as_ref(), order_by.as_deref())
    }

    /// The series with a slug; null when no event that the caller may see is an edition of it.
    async fn series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The series' slug.")] slug: String,
        #[graphql(desc = "Which view of its events.", default_with = "View::Public")] view: View,
    ) -> Result<Option<SeriesNode>> {
        let events = reading::events(ctx, view)?;
        let series = events.iter().find_map(|header| header.series.as_ref().filter(|series| series.slug == slug));
        Ok(series.map(|series| SeriesNode::new(series, view)))
    }

    /// Whatever has this id; null when there is nothing that the caller may see. A person is found through an event:
    /// ask for one of their participations, sessions or papers.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id.")] id: ID,
        #[graphql(desc = "Which view of its event.", default_with = "View::Public")] view: View,
    ) -> Result<Option<Node>> {
        find(ctx, &id, view).await
    }

    /// Whatever has these ids, in their order, with null for each of which there is nothing that the caller may see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids, at most 100.")] ids: Vec<ID>,
        #[graphql(desc = "Which view of their events.", default_with = "View::Public")] view: View,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MAX_IDS {
            let message = format!("ids has {} ids; at most {MAX_IDS} are answered", ids.len());
            return Err(Code::BadUserInput.error(message));
        }
        let mut nodes = Vec::with_capacity(ids.len());
        for id in &ids {
            nodes.push(find(ctx, id, view).await?);
        }
        Ok(nodes)
    }

    /// What fits a query in everything that an event holds, best first. The last word may be unfinished.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to search for, at most 256 characters.")] query: String,
        #[graphql(desc = "The slug of the event; the server's default event when left out.")] event: Option<String>,
        #[graphql(desc = "Only results of these kinds; all when left out.")] kinds: Option<Vec<Kind>>,
        #[graphql(desc = "Which view of the event.", default_with = "View::Public")] view: View,
        #[graphql(desc = "How many from the beginning, or after `after`; 20 by default, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
        #[graphql(desc = "How many up to the end, or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> Result<Page<SearchResult>> {
        let scope = chosen_event(ctx, event, view).await?;
        search(&scope, &query, kinds.as_deref(), &PageArguments { first, after, last, before })
    }

    /// Who the server takes the caller for.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        let viewer = reading::of(ctx)?.viewer();
        let (subject, working_events) = match viewer {
            access::Viewer::Anonymous => (None, Some(Vec::new())),
            access::Viewer::Reader { subject, events } => (Some(subject.clone()), events.clone()),
            access::Viewer::Operator => (Some("operator".to_owned()), None),
        };
        Ok(Viewer { is_authenticated: !viewer.is_public(), subject, working_events })
    }

    /// The important dates of an event, in order.
    async fn important_dates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the event; the server's default event when left out.")] event: Option<String>,
        #[graphql(desc = "Which view of the event.", default_with = "View::Public")] view: View,
    ) -> Result<Vec<ImportantDateNode>> {
        let scope = chosen_event(ctx, event, view).await?;
        Ok(scope.document().important_dates.iter().map(|item| ImportantDateNode::new(item, &scope)).collect())
    }

    /// The topics of an event's call for papers, in order.
    async fn topics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the event; the server's default event when left out.")] event: Option<String>,
        #[graphql(desc = "Which view of the event.", default_with = "View::Public")] view: View,
    ) -> Result<Vec<TopicNode>> {
        let scope = chosen_event(ctx, event, view).await?;
        Ok(scope.document().topics.iter().map(|item| TopicNode::new(item, &scope)).collect())
    }

    /// The announcements of an event, in order.
    async fn announcements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the event; the server's default event when left out.")] event: Option<String>,
        #[graphql(desc = "Which view of the event.", default_with = "View::Public")] view: View,
    ) -> Result<Vec<AnnouncementNode>> {
        let scope = chosen_event(ctx, event, view).await?;
        Ok(scope.document().announcements.iter().map(|item| AnnouncementNode::new(item, &scope)).collect())
    }

    /// The pages of an event, in order.
    async fn pages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the event; the server's default event when left out.")] event: Option<String>,
        #[graphql(desc = "Which view of the event.", default_with = "View::Public")] view: View,
    ) -> Result<Vec<PageNode>> {
        let scope = chosen_event(ctx, event, view).await?;
        Ok(scope.document().pages.iter().map(|item| PageNode::new(item, &scope)).collect())
    }
}
