//! Events, as they are asked for: their own fields, and the way to everything that they hold.

use std::cmp::Ordering;
use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, InputObject, Result, SimpleObject};
use tokio::sync::OnceCell;

use super::announcement::AnnouncementNode;
use super::award::AwardNode;
use super::important_date::ImportantDateNode;
use super::link::LinkNode;
use super::lists::EventLists;
use super::page::PageNode;
use super::paper::PaperNode;
use super::room::RoomNode;
use super::schedule::{NowAndNext, ScheduleDay, schedule};
use super::series::SeriesNode;
use super::session::SessionNode;
use super::sponsor_tier::SponsorTierNode;
use super::topic::TopicNode;
use super::track::TrackNode;
use crate::content::{AttendanceMode, DateTime, Event, Id, Kind, Record};
use crate::graphql::connection::{Page, PageArguments, page_of};
use crate::graphql::filter::{
    DateFilter, Filter, IdFilter, Order, OrderDirection, TextFilter, combinations, compare_text, select,
};
use crate::graphql::reading;
use crate::graphql::scope::Scope;
use crate::snapshot::View;
use crate::store::EventHeader;

/// One edition of a workshop or conference.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Event", complex)]
pub struct EventNode {
    #[graphql(flatten)]
    event: Arc<Event>,
    #[graphql(flatten)]
    lists: EventLists,
    #[graphql(skip)]
    contents: Contents,
}

identified!(EventNode, event);

/// The content of one event in one view, opened when a field first needs it: a list of a thousand events must not load
/// a thousand snapshots.
#[derive(Clone, Debug)]
pub struct Contents {
    event: Id,
    view: View,
    scope: Arc<OnceCell<Scope>>,
}

impl Contents {
    /// The scope of the event's content.
    pub async fn open(&self, ctx: &Context<'_>) -> Result<&Scope> {
        self.scope.get_or_try_init(|| reading::scope_of_event(ctx, self.event, self.view)).await
    }
}

impl EventNode {
    /// The node of an event of which only the header has been read.
    pub fn unopened(header: &EventHeader, view: View) -> Self {
        EventNode::with(header.event.clone(), view, OnceCell::new())
    }

    /// The node of the event that a scope is in.
    pub fn opened(scope: &Scope) -> Self {
        EventNode::with(scope.event().clone(), scope.view(), OnceCell::new_with(Some(scope.clone())))
    }

    fn with(event: Arc<Event>, view: View, scope: OnceCell<Scope>) -> Self {
        let contents = Contents { event: event.id, view, scope: Arc::new(scope) };
        EventNode { event, lists: EventLists(contents.clone()), contents }
    }

    /// The edition next to this one in its series, in a direction.
    fn neighbour(&self, ctx: &Context<'_>, direction: Ordering) -> Result<Option<EventNode>> {
        let Some(series) = self.event.series else { return Ok(None) };
        let view = self.contents.view;
        let rank = |event: &Event| (event.starts_on, event.edition, event.id);
        let own = rank(&self.event);
        let events = reading::events(ctx, view)?;
        let others = events.iter().filter(|header| header.event.series == Some(series));
        let others = others.filter(|header| rank(&header.event).cmp(&own) == direction);
        let next = match direction {
            Ordering::Less => others.max_by_key(|header| rank(&header.event)),
            _ => others.min_by_key(|header| rank(&header.event)),
        };
        Ok(next.map(|header| EventNode::unopened(header, view)))
    }
}

#[ComplexObject]
impl EventNode {
    /// The version of the event's content in this view: it is another after every change, and greater later.
    async fn revision(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.contents.open(ctx).await?.stamp().revision.to_string())
    }

    /// The series that it is an edition of.
    async fn series(&self, ctx: &Context<'_>) -> Result<Option<SeriesNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(scope.document().series.as_ref().map(|series| SeriesNode::new(series, self.contents.view)))
    }

    /// The edition before this one.
    async fn previous_edition(&self, ctx: &Context<'_>) -> Result<Option<EventNode>> {
        self.neighbour(ctx, Ordering::Less)
    }

    /// The edition after this one.
    async fn next_edition(&self, ctx: &Context<'_>) -> Result<Option<EventNode>> {
        self.neighbour(ctx, Ordering::Greater)
    }

    /// When the event was created on this server.
    async fn created_at(&self) -> DateTime {
        DateTime::new(self.event.created_at, &self.event.zone())
    }

    /// When the event's own fields were last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime::new(self.event.updated_at, &self.event.zone())
    }

    /// The rooms, in order.
    async fn rooms(&self, ctx: &Context<'_>) -> Result<Vec<RoomNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(scope.document().rooms.iter().map(|item| RoomNode::new(item, scope)).collect())
    }

    /// The tracks, in order.
    async fn tracks(&self, ctx: &Context<'_>) -> Result<Vec<TrackNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(scope.document().tracks.iter().map(|item| TrackNode::new(item, scope)).collect())
    }

    /// The topics of the call for papers, in order.
    async fn topics(&self, ctx: &Context<'_>) -> Result<Vec<TopicNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(scope.document().topics.iter().map(|item| TopicNode::new(item, scope)).collect())
    }

    /// The important dates, in order.
    async fn important_dates(&self, ctx: &Context<'_>) -> Result<Vec<ImportantDateNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(scope.document().important_dates.iter().map(|item| ImportantDateNode::new(item, scope)).collect())
    }

    /// The announcements, in order. Which of them to show now is told by their `showsFrom` and `showsUntil`.
    async fn announcements(&self, ctx: &Context<'_>) -> Result<Vec<AnnouncementNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(scope.document().announcements.iter().map(|item| AnnouncementNode::new(item, scope)).collect())
    }

    /// The pages, in order.
    async fn pages(&self, ctx: &Context<'_>) -> Result<Vec<PageNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(scope.document().pages.iter().map(|item| PageNode::new(item, scope)).collect())
    }

    /// The awards, in order.
    async fn awards(&self, ctx: &Context<'_>) -> Result<Vec<AwardNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(scope.document().awards.iter().map(|item| AwardNode::new(item, scope)).collect())
    }

    /// The sponsor tiers with their sponsors, in order.
    async fn sponsor_tiers(&self, ctx: &Context<'_>) -> Result<Vec<SponsorTierNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(scope.document().sponsor_tiers.iter().map(|item| SponsorTierNode::new(item, scope)).collect())
    }

    /// The links of the navigation and to other places, in order.
    async fn links(&self, ctx: &Context<'_>) -> Result<Vec<LinkNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(scope.document().links.iter().map(|item| LinkNode::new(item, scope)).collect())
    }

    /// The session with a slug.
    async fn session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session's slug.")] slug: String,
    ) -> Result<Option<SessionNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(match scope.by_slug(Kind::Session, &slug) {
            Some(Record::Session(item)) => Some(SessionNode::new(&item, scope)),
            _ => None,
        })
    }

    /// The paper with a slug.
    async fn paper(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The paper's slug.")] slug: String,
    ) -> Result<Option<PaperNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(match scope.by_slug(Kind::Paper, &slug) {
            Some(Record::Paper(item)) => Some(PaperNode::new(&item, scope)),
            _ => None,
        })
    }

    /// The page with a slug.
    async fn page(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The page's slug, for example `overview`.")] slug: String,
    ) -> Result<Option<PageNode>> {
        let scope = self.contents.open(ctx).await?;
        Ok(match scope.by_slug(Kind::Page, &slug) {
            Some(Record::Page(item)) => Some(PageNode::new(&item, scope)),
            _ => None,
        })
    }

    /// The schedule, ready to draw: days, rooms, slots.
    async fn schedule(&self, ctx: &Context<'_>) -> Result<Vec<ScheduleDay>> {
        Ok(schedule(self.contents.open(ctx).await?))
    }

    /// What runs at a moment, and what begins next. Cancelled sessions are left out.
    async fn now(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The moment; when it is left out, the server's present time, and the answer is not cached.")]
        at: Option<DateTime>,
    ) -> Result<NowAndNext> {
        let scope = self.contents.open(ctx).await?;
        let at = match at {
            Some(at) => at.instant(),
            None => reading::of(ctx)?.now(),
        };
        Ok(NowAndNext::new(at, scope))
    }
}

/// A choice of ways to take part.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AttendanceModeFilter {
    /// It is one of these.
    #[graphql(name = "in")]
    pub one_of: Option<Vec<AttendanceMode>>,
}

/// Which events: all conditions that are given have to hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct EventFilter {
    /// The event's id.
    pub id: Option<IdFilter>,
    /// The slug.
    pub slug: Option<TextFilter>,
    /// The full title.
    pub name: Option<TextFilter>,
    /// The short name.
    pub acronym: Option<TextFilter>,
    /// The conference that hosts it.
    pub host_conference: Option<TextFilter>,
    /// The city.
    pub city: Option<TextFilter>,
    /// The country, as ISO 3166-1 alpha-2.
    pub country: Option<TextFilter>,
    /// The id of the series.
    pub series: Option<IdFilter>,
    /// The first day.
    pub starts_on: Option<DateFilter>,
    /// How people take part.
    pub attendance_mode: Option<AttendanceModeFilter>,
    /// All of these have to hold too.
    pub and: Option<Vec<EventFilter>>,
    /// One of these has to hold too.
    pub or: Option<Vec<EventFilter>>,
    /// This must not hold.
    pub not: Option<Box<EventFilter>>,
}

impl Filter<EventHeader, ()> for EventFilter {
    fn matches_own(&self, header: &EventHeader, (): &()) -> bool {
        let event = &header.event;
        let text = |filter: &Option<TextFilter>, text: Option<&str>| filter.as_ref().is_none_or(|it| it.matches(text));
        self.id.as_ref().is_none_or(|filter| filter.matches(Some(event.id)))
            && text(&self.slug, Some(&event.slug))
            && text(&self.name, Some(&event.name))
            && text(&self.acronym, event.acronym.as_deref())
            && text(&self.host_conference, event.host_conference.as_deref())
            && text(&self.city, event.city.as_deref())
            && text(&self.country, event.country.as_deref())
            && self.series.as_ref().is_none_or(|filter| filter.matches(event.series))
            && self.starts_on.as_ref().is_none_or(|filter| filter.matches(event.starts_on))
            && self.attendance_mode.as_ref().is_none_or(|filter| {
                filter.one_of.as_ref().is_none_or(|wanted| wanted.contains(&event.attendance_mode))
            })
    }

    combinations!();
}

/// What events can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum EventOrderField {
    /// The first day.
    StartsOn,
    /// The full title.
    Name,
}

/// An order of events.
#[derive(Clone, Debug, InputObject)]
pub struct EventOrder {
    /// What to order by.
    pub field: EventOrderField,
    /// Which way to order.
    #[graphql(default)]
    pub direction: OrderDirection,
}

impl Order<EventHeader, ()> for EventOrder {
    fn compare(&self, a: &EventHeader, b: &EventHeader, (): &()) -> Ordering {
        match self.field {
            EventOrderField::StartsOn => a.event.starts_on.cmp(&b.event.starts_on),
            EventOrderField::Name => compare_text(&a.event.name, &b.event.name),
        }
    }

    fn direction(&self) -> OrderDirection {
        self.direction
    }
}

/// A page of events, the latest first.
pub fn events(
    ctx: &Context<'_>,
    view: View,
    arguments: &PageArguments,
    filter: Option<&EventFilter>,
    orders: Option<&[EventOrder]>,
) -> Result<Page<EventNode>> {
    let list = reading::events(ctx, view)?;
    let places = select(&list, filter, orders, &())?;
    let place_of = |id| list.iter().position(|header| header.event.id == id);
    page_of(arguments, &places, &list, place_of, |item| item.event.id, |item| EventNode::unopened(item, view))
}
