//! The collections that can grow, as connections: on an event, and at the root for frontends of a single event.

use async_graphql::{Context, Object, Result};

use super::event::Contents;
use super::paper::{PaperFilter, PaperNode, PaperOrder};
use super::participation::{
    CommitteeMemberNode, OrganizerNode, PanelistNode, ParticipantFilter, ParticipantOrder, SpeakerNode, VolunteerNode,
};
use super::person::{PersonFilter, PersonNode, PersonOrder};
use super::session::{SessionFilter, SessionNode, SessionOrder};
use super::sponsor::{SponsorFilter, SponsorNode, SponsorOrder};
use super::{paper, participation, person, session, sponsor};
use crate::graphql::connection::{Page, PageArguments};
use crate::graphql::query::chosen_event;
use crate::snapshot::View;

/// The connections of one event.
#[derive(Clone, Debug)]
pub struct EventLists(pub Contents);

/// The same connections at the root.
#[derive(Clone, Copy, Debug, Default)]
pub struct RootLists;

/// Writes each connection twice: as a field of `Event`, and at the root with the event as an argument.
macro_rules! connections {
    ($($(#[$doc:meta])* $name:ident: $node:ty, $filter:ty, $order:ty => $page:path;)*) => {
        #[Object(name = "EventLists")]
        impl EventLists {
            $(
                $(#[$doc])*
                #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
                async fn $name(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "How many from the beginning, or after `after`; 20 by default, at most 100.")]
                    first: Option<i32>,
                    #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
                    #[graphql(desc = "How many up to the end, or before `before`; at most 100.")] last: Option<i32>,
                    #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
                    #[graphql(desc = "Which ones; all when left out.")] filter: Option<$filter>,
                    #[graphql(desc = "In which order, at most 5; ties keep the organizers' order.")]
                    order_by: Option<Vec<$order>>,
                ) -> Result<Page<$node>> {
                    let arguments = PageArguments { first, after, last, before };
                    $page(self.0.open(ctx).await?, &arguments, filter.as_ref(), order_by.as_deref())
                }
            )*
        }

        #[Object(name = "RootLists")]
        impl RootLists {
            $(
                $(#[$doc])*
                #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
                async fn $name(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "The slug of the event; the server's default event when left out.")]
                    event: Option<String>,
                    #[graphql(desc = "Which view of the event.", default_with = "View::Public")] view: View,
                    #[graphql(desc = "How many from the beginning, or after `after`; 20 by default, at most 100.")]
                    first: Option<i32>,
                    #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
                    #[graphql(desc = "How many up to the end, or before `before`; at most 100.")] last: Option<i32>,
                    #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
                    #[graphql(desc = "Which ones; all when left out.")] filter: Option<$filter>,
                    #[graphql(desc = "In which order, at most 5; ties keep the organizers' order.")]
                    order_by: Option<Vec<$order>>,
                ) -> Result<Page<$node>> {
                    let arguments = PageArguments { first, after, last, before };
                    let scope = chosen_event(ctx, event, view).await?;
                    $page(&scope, &arguments, filter.as_ref(), order_by.as_deref())
                }
            )*
        }
    };
}

connections! {
    /// Who gives invited talks, in the organizers' order.
    speakers: SpeakerNode, ParticipantFilter, ParticipantOrder => participation::speakers;
    /// Who sits on panels, in the organizers' order.
    panelists: PanelistNode, ParticipantFilter, ParticipantOrder => participation::panelists;
    /// Who organizes the event, in the organizers' order.
    organizers: OrganizerNode, ParticipantFilter, ParticipantOrder => participation::organizers;
    /// Who helps the organizers, in the organizers' order.
    volunteers: VolunteerNode, ParticipantFilter, ParticipantOrder => participation::volunteers;
    /// Who reviews papers or serves on another committee, in the organizers' order.
    committee: CommitteeMemberNode, ParticipantFilter, ParticipantOrder => participation::committee;
    /// Everybody who takes part, authors included, by name.
    people: PersonNode, PersonFilter, PersonOrder => person::people;
    /// The sessions, in the organizers' order.
    sessions: SessionNode, SessionFilter, SessionOrder => session::sessions;
    /// The papers, in the organizers' order.
    papers: PaperNode, PaperFilter, PaperOrder => paper::papers;
    /// The sponsors of all tiers, in the organizers' order.
    sponsors: SponsorNode, SponsorFilter, SponsorOrder => sponsor::sponsors;
}
