//! How events are asked for.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, InputObject, Result, SimpleObject};
use tokio::sync::OnceCell;

use super::page::PageNode;
use super::paper::PaperNode;
use super::participant::SpeakerNode;
use super::person::PersonNode;
use super::release::{self, ReleaseNode};
use super::room::RoomNode;
use super::series::SeriesNode;
use super::session::SessionNode;
use super::track::TrackNode;
use crate::content::{AttendanceMode, DateTime, Event, Id, Kind, Record, Series};
use crate::graphql::account::{InvitationNode, MemberNode, invitations_of, members_of};
use crate::graphql::change::{ChangeFilter, ChangeNode, changes_of};
use crate::graphql::collections::EventCollections;
use crate::graphql::connection::{Connection, Listed, Listing, PageArguments};
use crate::graphql::error::{Code, denied};
use crate::graphql::filter::{Choice, ChoiceFilter, DateFilter, IdFilter, Key, ReferenceFilter, TextFilter, combined};
use crate::graphql::inline::InlineList;
use crate::graphql::query::{events, reading};
use crate::graphql::schedule::{NowAndNextNode, ScheduleDay};
use crate::graphql::scope::Scope;
use crate::graphql::search::{SearchArguments, SearchResult};
use crate::graphql::webhook::{WebhookNode, webhooks_of};
use crate::snapshot::{Cursor, View};
use crate::store::EventHeader;

/// One edition of a workshop or conference, and everything in it.
#[derive(Debug, SimpleObject)]
#[graphql(complex, serial, name = "Event")]
pub(in crate::graphql) struct EventNode {
    #[graphql(flatten)]
    fields: Arc<Event>,
    #[graphql(flatten)]
    collections: EventCollections,
    #[graphql(skip)]
    series: Option<Arc<Series>>,
    #[graphql(skip)]
    revision: i64,
}

/// The snapshot of an event in a list: loaded when a field first needs it, so that a list of names loads none.
#[derive(Debug)]
pub(in crate::graphql) struct LazyScope {
    event: Id,
    view: View,
    loaded: OnceCell<Scope>,
}

impl LazyScope {
    /// The snapshot.
    pub(in crate::graphql) async fn get(&self, context: &Context<'_>) -> Result<&Scope> {
        let load = || async {
            let snapshot = reading(context)?.snapshot(self.event, self.view).await.map_err(denied)?;
            let snapshot = snapshot.ok_or_else(|| Code::NotFound.error("the event is not there any more"))?;
            Ok(Scope::new(snapshot))
        };
        self.loaded.get_or_try_init(load).await
    }
}

impl EventNode {
    /// The event of a snapshot.
    pub(in crate::graphql) fn of(scope: &Scope) -> Self {
        let loaded = OnceCell::new_with(Some(scope.clone()));
        EventNode {
            fields: scope.event().clone(),
            collections: EventCollections(LazyScope { event: scope.event().id, view: scope.view(), loaded }),
            series: scope.document().series.clone(),
            revision: scope.stamp().revision,
        }
    }

    /// An event of the catalogue; its snapshot is loaded when a field needs it.
    pub(in crate::graphql) fn listed(header: &EventHeader, view: View) -> Self {
        let loaded = OnceCell::new();
        EventNode {
            fields: header.event.clone(),
            collections: EventCollections(LazyScope { event: header.event.id, view, loaded }),
            series: header.series.clone(),
            revision: header.revision,
        }
    }

    pub(in crate::graphql) async fn id(&self, _context: &Context<'_>) -> Result<Id> {
        Ok(self.fields.id)
    }

    fn scope(&self) -> &LazyScope {
        &self.collections.0
    }

    /// The edition of the same series that is `step` places later, in the order of time.
    fn neighbour(&self, context: &Context<'_>, step: isize) -> Result<Option<EventNode>> {
        let Some(series) = self.fields.series else { return Ok(None) };
        let view = self.scope().view;
        let mut editions = events(context, view)?;
        editions.retain(|header| header.event.series == Some(series));
        editions.sort_by_key(|header| (header.event.starts_on, header.event.edition, header.event.id));
        let here = editions.iter().position(|header| header.event.id == self.fields.id);
        let there = here.and_then(|here| here.checked_add_signed(step)).and_then(|place| editions.get(place));
        Ok(there.map(|header| EventNode::listed(header, view)))
    }

    async fn by_slug(&self, context: &Context<'_>, kind: Kind, slug: &str) -> Result<Option<(Record, &Scope)>> {
        let scope = self.scope().get(context).await?;
        Ok(scope.by_slug(kind, slug).map(|record| (record, scope)))
    }
}

/// Gives the node of the item with a slug, and an error only for this field: `Result<Option<_>>` would empty the parent.
macro_rules! by_slug {
    ($self:ident, $context:ident, $slug:ident, $kind:expr, $record:ident, $node:ident) => {
        match $self.by_slug($context, $kind, &$slug).await {
            Ok(Some((Record::$record(item), scope))) => Some(Ok($node::new(&item, scope))),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        }
    };
}

#[ComplexObject]
impl EventNode {
    /// The series that it is an edition of; absent where it is none.
    async fn series(&self) -> Option<SeriesNode> {
        self.series.as_ref().map(|series| SeriesNode::new(series, self.scope().view))
    }

    /// The edition before this one in its series.
    async fn previous_edition(&self, context: &Context<'_>) -> Option<Result<EventNode>> {
        self.neighbour(context, -1).transpose()
    }

    /// The edition after this one in its series.
    async fn next_edition(&self, context: &Context<'_>) -> Option<Result<EventNode>> {
        self.neighbour(context, 1).transpose()
    }

    /// Tells states of the event's content apart: it changes with every change to anything in the event. Opaque; to be
    /// compared for being equal.
    async fn revision(&self) -> String {
        self.revision.to_string()
    }

    /// The release that this is; absent when it is not one: in the working view, and where what is written is public at
    /// once.
    async fn release(&self, context: &Context<'_>) -> Option<Result<ReleaseNode>> {
        self.scope().get(context).await.map(release::shown).transpose()
    }

    /// The releases, the newest first. Everybody sees those that the event was published by; the working view has all.
    async fn releases(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The most items to give, from the beginning: 0 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Give what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most items to give, from the end: 0 to 100. Not together with `first`.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Give what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ReleaseNode>> {
        release::list(self.scope().get(context).await?, &PageArguments { first, after, last, before })
    }

    /// Where this is in what the view shows over time: give it as `since` to `eventChanged` to hear of everything that
    /// changes after what you have just loaded. Opaque.
    async fn cursor(&self, context: &Context<'_>) -> Result<String> {
        Ok(Cursor::from(self.scope().get(context).await?.stamp()).to_string())
    }

    /// When the event was created on this server.
    async fn created_at(&self) -> DateTime {
        DateTime::new(self.fields.created_at, &self.fields.zone())
    }

    /// When the event's own fields were last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime::new(self.fields.updated_at, &self.fields.zone())
    }

    /// The schedule, ready to draw: days, then rooms, then sessions. A session that is a part of another one is found in
    /// that one's `parts`.
    async fn schedule(&self, context: &Context<'_>) -> Result<InlineList<ScheduleDay>> {
        Ok(ScheduleDay::all(self.scope().get(context).await?))
    }

    /// What runs, and what comes next.
    async fn now(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The instant to look at; the present when left out, and then the answer can't be cached.")]
        at: Option<DateTime>,
    ) -> Result<NowAndNextNode> {
        let scope = self.scope().get(context).await?;
        let at = match at {
            Some(at) => at.instant(),
            None => reading(context)?.now(),
        };
        Ok(NowAndNextNode::new(scope, at))
    }

    /// Everything in the event that matches a query, the best match first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a search and of a Relay connection")]
    async fn search(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "The words to look for, 1 to 256 characters. Case, accents and endings do not matter; the last \
            word may be only the beginning of one."
        )]
        query: String,
        #[graphql(desc = "Only records of these kinds; every kind when left out.")] kinds: Option<Vec<Kind>>,
        #[graphql(desc = "The most items to give, from the beginning: 0 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Give what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most items to give, from the end: 0 to 100. Not together with `first`.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Give what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SearchResult>> {
        let scope = self.scope().get(context).await?;
        SearchArguments { query, kinds, page: PageArguments { first, after, last, before } }.search(scope)
    }

    /// Who may do what with the event; null for those who do not manage it.
    async fn members(&self, context: &Context<'_>) -> Option<Result<Vec<MemberNode>>> {
        members_of(context, &self.fields).await.transpose()
    }

    /// The invitations that wait for an answer; null for those who do not manage the event.
    async fn invitations(&self, context: &Context<'_>) -> Option<Result<Vec<InvitationNode>>> {
        invitations_of(context, &self.fields).await.transpose()
    }

    /// The endpoints that are told what changes in the event, the oldest first; null for those who may not write.
    async fn webhooks(&self, context: &Context<'_>) -> Option<Result<Vec<WebhookNode>>> {
        webhooks_of(context, &self.fields).await.transpose()
    }

    /// What was changed in the event, by whom, and what it was before: the newest change first. Null for those who may not
    /// see the working view. It is about the event as it is worked on, whatever view or release you look at.
    async fn changes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The most items to give, from the beginning: 0 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Give what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most items to give, from the end: 0 to 100. Not together with `first`.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Give what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which changes; all when left out.")] filter: Option<ChangeFilter>,
    ) -> Option<Result<Connection<ChangeNode>>> {
        let page = PageArguments { first, after, last, before };
        changes_of(context, self.fields.id, &page, filter.as_ref()).await.transpose()
    }

    /// The session with a slug.
    async fn session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session's slug.")] slug: String,
    ) -> Option<Result<SessionNode>> {
        by_slug!(self, context, slug, Kind::Session, Session, SessionNode)
    }

    /// The paper with a slug.
    async fn paper(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The paper's slug.")] slug: String,
    ) -> Option<Result<PaperNode>> {
        by_slug!(self, context, slug, Kind::Paper, Paper, PaperNode)
    }

    /// The page with a slug.
    async fn page(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The page's slug.")] slug: String,
    ) -> Option<Result<PageNode>> {
        by_slug!(self, context, slug, Kind::Page, Page, PageNode)
    }

    /// The speaker with a slug.
    async fn speaker(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The speaker's slug.")] slug: String,
    ) -> Option<Result<SpeakerNode>> {
        by_slug!(self, context, slug, Kind::Speaker, Participation, SpeakerNode)
    }

    /// The room with a slug.
    async fn room(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The room's slug.")] slug: String,
    ) -> Option<Result<RoomNode>> {
        by_slug!(self, context, slug, Kind::Room, Room, RoomNode)
    }

    /// The track with a slug.
    async fn track(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The track's slug.")] slug: String,
    ) -> Option<Result<TrackNode>> {
        by_slug!(self, context, slug, Kind::Track, Track, TrackNode)
    }

    /// Somebody who takes part in the event, with their sessions and papers in it.
    async fn person(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The person's id.")] id: Id,
    ) -> Option<Result<PersonNode>> {
        match self.scope().get(context).await {
            Ok(scope) => scope.person(id).map(|person| Ok(PersonNode::new(person, scope))),
            Err(error) => Some(Err(error)),
        }
    }
}

impl Listed for EventNode {
    const CONNECTION: &'static str = "EventConnection";
    const EDGE: &'static str = "EventEdge";
}

/// Which events. Conditions that are given together all hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct EventFilter {
    /// The id.
    id: Option<IdFilter>,
    /// The slug.
    slug: Option<TextFilter>,
    /// The full title.
    name: Option<TextFilter>,
    /// The short name.
    acronym: Option<TextFilter>,
    /// The series: `{exists: false}` gives those that are an edition of none.
    series: Option<ReferenceFilter>,
    /// The conference that hosts it.
    host_conference: Option<TextFilter>,
    /// The first day.
    starts_on: Option<DateFilter>,
    /// The last day.
    ends_on: Option<DateFilter>,
    /// The year of the first day.
    year: Option<i32>,
    /// The city.
    city: Option<TextFilter>,
    /// The country as ISO 3166-1 alpha-2, for example `US`.
    country: Option<TextFilter>,
    /// How people take part.
    attendance_mode: Option<ChoiceFilter<AttendanceMode>>,
    /// All of these hold too.
    pub(in crate::graphql) and: Option<Vec<EventFilter>>,
    /// One of these holds too; an empty list matches nothing.
    pub(in crate::graphql) or: Option<Vec<EventFilter>>,
    /// This does not hold.
    pub(in crate::graphql) not: Option<Box<EventFilter>>,
}
combined!(EventFilter);

impl EventFilter {
    fn accepts(&self, header: &EventHeader) -> bool {
        let EventFilter { id, slug, name, acronym, series, host_conference, .. } = self;
        let event = &header.event;
        let series_names = || header.series.as_ref().map(|series| (series.id, series.slug.as_str()));
        id.as_ref().is_none_or(|id| id.accepts(event.id))
            && slug.as_ref().is_none_or(|slug| slug.accepts(Some(&event.slug)))
            && name.as_ref().is_none_or(|name| name.accepts(Some(&event.name)))
            && acronym.as_ref().is_none_or(|acronym| acronym.accepts(event.acronym.as_deref()))
            && series.as_ref().is_none_or(|series| series.accepts(series_names()))
            && host_conference.as_ref().is_none_or(|host| host.accepts(event.host_conference.as_deref()))
            && self.accepts_time_and_place(event)
    }

    fn accepts_time_and_place(&self, event: &Event) -> bool {
        let EventFilter { starts_on, ends_on, year, city, country, attendance_mode, .. } = self;
        starts_on.as_ref().is_none_or(|span| span.accepts(event.starts_on))
            && ends_on.as_ref().is_none_or(|span| span.accepts(event.ends_on))
            && year.is_none_or(|year| i32::from(event.starts_on.0.year()) == year)
            && city.as_ref().is_none_or(|city| city.accepts(event.city.as_deref()))
            && country.as_ref().is_none_or(|country| country.accepts(event.country.as_deref()))
            && attendance_mode.as_ref().is_none_or(|mode| mode.accepts(Some(event.attendance_mode)))
    }
}

/// What events can be ordered by. Without an order, the latest event comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum EventOrderField {
    /// The first day.
    StartsOn,
    /// The full title.
    Name,
    /// Which edition of its series it is.
    Edition,
    /// When the event's own fields were last changed.
    UpdatedAt,
}

pub(in crate::graphql) fn list(
    headers: &[Arc<EventHeader>],
    view: View,
    page: &PageArguments,
    choice: &Choice<EventFilter, EventOrderField>,
) -> Result<Connection<EventNode>> {
    let chosen = choice.of(Listing::Whole(headers), EventFilter::accepts, |field, header| match field {
        EventOrderField::StartsOn => Key::Day(header.event.starts_on),
        EventOrderField::Name => Key::text(&header.event.name),
        EventOrderField::Edition => header.event.edition.map_or(Key::Absent, |edition| Key::Number(edition.into())),
        EventOrderField::UpdatedAt => Key::Time(header.event.updated_at),
    })?;
    page.page(&chosen, |header| EventNode::listed(header, view))
}
