//! The lists of an event, told once: as fields of `Event`, and as root fields for sites that show a single event.

use async_graphql::{Context, Object, Result};

use super::connection::{Connection, PageArguments};
use super::filter::{Choice, Order};
use super::inline::InlineList;
use super::kinds::announcement::{self, AnnouncementNode};
use super::kinds::award::{self, AwardNode};
use super::kinds::event::LazyScope;
use super::kinds::important_date::{self, ImportantDateNode};
use super::kinds::link::{self, LinkNode};
use super::kinds::page::{self, PageNode};
use super::kinds::paper::{self, PaperFilter, PaperNode, PaperOrderField};
use super::kinds::participant::{
    self, CommitteeMemberNode, OrganizerNode, PanelistNode, ParticipantFilter, ParticipantOrderField, SpeakerNode,
    VolunteerNode,
};
use super::kinds::person::{self, PersonFilter, PersonNode, PersonOrderField};
use super::kinds::room::{self, RoomNode};
use super::kinds::session::{self, SessionFilter, SessionNode, SessionOrderField};
use super::kinds::sponsor::{self, SponsorFilter, SponsorNode, SponsorOrderField};
use super::kinds::sponsor_tier::{self, SponsorTierNode};
use super::kinds::topic::{self, TopicNode};
use super::kinds::track::{self, TrackNode};
use super::query::named_event;
use crate::content::Role;
use crate::snapshot::View;

/// The lists of an event, as fields of `Event`.
#[derive(Debug)]
pub(super) struct EventCollections(pub(super) LazyScope);

/// The lists of one event, as root fields.
#[derive(Debug, Default)]
pub(super) struct RootCollections;

/// Makes the two objects: each list is described once, with the function that gives it.
macro_rules! collections {
    (
        connections { $($(#[$($long:tt)*])* $many:ident($filter:ident, $order:ident) -> $item:ident = $page:expr;)* }
        lists { $($(#[$($short:tt)*])* $few:ident -> $node:ident = $all:path;)* }
    ) => {
        #[Object]
        impl EventCollections {
            $(
                $(#[$($long)*])*
                #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection, a filter and an order")]
                async fn $many(
                    &self,
                    context: &Context<'_>,
                    #[graphql(desc = "The most items to give, from the beginning: 0 to 100, 20 when left out.")]
                    first: Option<i32>,
                    #[graphql(desc = "Give what comes after this cursor.")] after: Option<String>,
                    #[graphql(desc = "The most items to give, from the end: 0 to 100. Not together with `first`.")]
                    last: Option<i32>,
                    #[graphql(desc = "Give what comes before this cursor.")] before: Option<String>,
                    #[graphql(desc = "Which items; all when left out.")] filter: Option<$filter>,
                    #[graphql(desc = "The order, by up to 3 values; ties are ordered by id.")]
                    order_by: Option<Vec<Order<$order>>>,
                ) -> Result<Connection<$item>> {
                    let scope = self.0.get(context).await?;
                    let page = PageArguments { first, after, last, before };
                    ($page)(scope, &page, &Choice { filter, order_by })
                }
            )*
            $(
                $(#[$($short)*])*
                async fn $few(&self, context: &Context<'_>) -> Result<InlineList<$node>> {
                    Ok($all(self.0.get(context).await?))
                }
            )*
        }

        #[Object]
        impl RootCollections {
            $(
                $(#[$($long)*])*
                #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection, a filter and an order")]
                async fn $many(
                    &self,
                    context: &Context<'_>,
                    #[graphql(desc = "The slug of the event; this server's default event when left out.")]
                    event: Option<String>,
                    #[graphql(desc = "What everybody may see, or drafts too.", default_with = "View::Public")]
                    view: View,
                    #[graphql(desc = "The most items to give, from the beginning: 0 to 100, 20 when left out.")]
                    first: Option<i32>,
                    #[graphql(desc = "Give what comes after this cursor.")] after: Option<String>,
                    #[graphql(desc = "The most items to give, from the end: 0 to 100. Not together with `first`.")]
                    last: Option<i32>,
                    #[graphql(desc = "Give what comes before this cursor.")] before: Option<String>,
                    #[graphql(desc = "Which items; all when left out.")] filter: Option<$filter>,
                    #[graphql(desc = "The order, by up to 3 values; ties are ordered by id.")]
                    order_by: Option<Vec<Order<$order>>>,
                ) -> Result<Connection<$item>> {
                    let scope = named_event(context, event, view).await?;
                    let page = PageArguments { first, after, last, before };
                    ($page)(&scope, &page, &Choice { filter, order_by })
                }
            )*
            $(
                $(#[$($short)*])*
                async fn $few(
                    &self,
                    context: &Context<'_>,
                    #[graphql(desc = "The slug of the event; this server's default event when left out.")]
                    event: Option<String>,
                    #[graphql(desc = "What everybody may see, or drafts too.", default_with = "View::Public")]
                    view: View,
                ) -> Result<InlineList<$node>> {
                    Ok($all(&named_event(context, event, view).await?))
                }
            )*
        }
    };
}

collections! {
    connections {
        /// Those who give invited talks, in the organizers' order.
        speakers(ParticipantFilter, ParticipantOrderField) -> SpeakerNode
            = participant::list(Role::Speaker, SpeakerNode::new);
        /// Those who sit on panels, in the organizers' order.
        panelists(ParticipantFilter, ParticipantOrderField) -> PanelistNode
            = participant::list(Role::Panelist, PanelistNode::new);
        /// Those who organize the event, in their order.
        organizers(ParticipantFilter, ParticipantOrderField) -> OrganizerNode
            = participant::list(Role::Organizer, OrganizerNode::new);
        /// Those who help the organizers, in the organizers' order.
        volunteers(ParticipantFilter, ParticipantOrderField) -> VolunteerNode
            = participant::list(Role::Volunteer, VolunteerNode::new);
        /// Those who review papers or serve on other committees, in the organizers' order.
        committee(ParticipantFilter, ParticipantOrderField) -> CommitteeMemberNode
            = participant::list(Role::CommitteeMember, CommitteeMemberNode::new);
        /// Everybody: those with a role, those in sessions, and the authors of papers, by name.
        people(PersonFilter, PersonOrderField) -> PersonNode = person::list;
        /// The sessions, by start; those without a start come last.
        sessions(SessionFilter, SessionOrderField) -> SessionNode = session::list;
        /// The papers, in the organizers' order.
        papers(PaperFilter, PaperOrderField) -> PaperNode = paper::list;
        /// The sponsors, in the organizers' order.
        sponsors(SponsorFilter, SponsorOrderField) -> SponsorNode = sponsor::list;
    }
    lists {
        /// The levels of sponsorship, in the organizers' order.
        sponsor_tiers -> SponsorTierNode = sponsor_tier::all;
        /// The rooms, in the organizers' order.
        rooms -> RoomNode = room::all;
        /// The tracks, in the organizers' order.
        tracks -> TrackNode = track::all;
        /// The topics of the call for papers, in the organizers' order.
        topics -> TopicNode = topic::all;
        /// The deadlines and other days to remember, in the organizers' order.
        important_dates -> ImportantDateNode = important_date::all;
        /// The news, in the organizers' order. Which of it to show when is told by each.
        announcements -> AnnouncementNode = announcement::all;
        /// The texts of the event's site, in the organizers' order.
        pages -> PageNode = page::all;
        /// The awards, in the organizers' order.
        awards -> AwardNode = award::all;
        /// The links of the site's navigation and to places of the event, in the organizers' order.
        links -> LinkNode = link::all;
    }
}
