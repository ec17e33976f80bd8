//! Speakers, panelists, organizers, volunteers and committee members, as they are asked for: five types, one interface.

use std::cmp::Ordering;
use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, InputObject, Interface, OutputType, Result};

use super::paper::PaperNode;
use super::person::PersonNode;
use super::session::SessionNode;
use crate::content::{Id, Image, Markdown, Participation, Role, WebLink};
use crate::graphql::connection::{Page, PageArguments, page_of};
use crate::graphql::error::Code;
use crate::graphql::filter::{Filter, IdFilter, Order, OrderDirection, TextFilter, combinations, compare_text, select};
use crate::graphql::scope::Scope;

/// Makes the type of one role. The fields are those of a participation, and what is asked of its person.
macro_rules! participant {
    ($(#[$doc:meta])* $node:ident, $name:literal) => {
        node! {
            $(#[$doc])*
            complex $node, Participation, $name
        }

        #[ComplexObject]
        impl $node {
            /// The person's name, without honorific.
            async fn name(&self) -> Result<&str> {
                Ok(&person(&self.item, &self.scope)?.name)
            }

            /// The person, with everything else that they are and do at this event.
            async fn person(&self) -> Result<PersonNode> {
                Ok(PersonNode::new(person(&self.item, &self.scope)?, &self.scope))
            }

            /// The person's own page.
            async fn homepage(&self) -> Result<Option<&str>> {
                Ok(person(&self.item, &self.scope)?.homepage.as_deref())
            }

            /// The person's other pages and accounts: ORCID, Google Scholar and LinkedIn first.
            async fn links(&self) -> Result<Vec<WebLink>> {
                Ok(links(person(&self.item, &self.scope)?))
            }

            /// The sessions that the person takes part in, by start.
            async fn sessions(&self) -> Vec<SessionNode> {
                let sessions = self.scope.sessions_of_person(self.item.person);
                sessions.map(|session| SessionNode::new(session, &self.scope)).collect()
            }

            /// The papers of this event that the person wrote.
            async fn papers(&self) -> Vec<PaperNode> {
                let papers = self.scope.papers_of_person(self.item.person);
                papers.map(|paper| PaperNode::new(paper, &self.scope)).collect()
            }
        }

        /// What the `Participant` interface calls: a flattened field has no method.
        impl $node {
            async fn slug(&self, _: &Context<'_>) -> Result<&String> {
                Ok(&self.item.head.slug)
            }
            async fn role(&self, _: &Context<'_>) -> Result<Role> {
                Ok(self.item.role)
            }
            async fn honorific(&self, _: &Context<'_>) -> Result<&Option<String>> {
                Ok(&self.item.honorific)
            }
            async fn affiliation(&self, _: &Context<'_>) -> Result<&Option<String>> {
                Ok(&self.item.affiliation)
            }
            async fn photo(&self, _: &Context<'_>) -> Result<&Option<Image>> {
                Ok(&self.item.photo)
            }
            async fn bio(&self, _: &Context<'_>) -> Result<&Option<Markdown>> {
                Ok(&self.item.bio)
            }
            async fn group(&self, _: &Context<'_>) -> Result<&Option<String>> {
                Ok(&self.item.group)
            }
        }
    };
}

participant! {
    /// Somebody who gives an invited talk.
    SpeakerNode, "Speaker"
}
participant! {
    /// Somebody who sits on a panel.
    PanelistNode, "Panelist"
}
participant! {
    /// Somebody who organizes the event.
    OrganizerNode, "Organizer"
}
participant! {
    /// Somebody who helps the organizers.
    VolunteerNode, "Volunteer"
}
participant! {
    /// Somebody who reviews papers, or serves on another committee.
    CommitteeMemberNode, "CommitteeMember"
}

/// A snapshot's document has everybody whom its items refer to, so the error never comes to pass.
fn person<'a>(item: &Participation, scope: &'a Scope) -> Result<&'a Arc<crate::content::Person>> {
    scope.person(item.person).ok_or_else(|| Code::Internal.error("the person is missing"))
}

fn links(person: &crate::content::Person) -> Vec<WebLink> {
    let named = [("ORCID", &person.orcid), ("Google Scholar", &person.scholar), ("LinkedIn", &person.linkedin)];
    let named = named.into_iter().filter_map(|(label, url)| Some(WebLink { label: label.into(), url: url.clone()? }));
    named.chain(person.links.iter().cloned()).collect()
}

/// A person at an event, in one of the five roles.
#[derive(Clone, Debug, Interface)]
#[graphql(
    field(name = "id", ty = "Id", desc = "The participation's identity: a UUID that never changes."),
    field(name = "slug", ty = "&String", desc = "A readable name for URLs, unique in the role and the event."),
    field(name = "role", ty = "Role", desc = "The part that the person takes."),
    field(name = "name", ty = "&str", desc = "The person's name, without honorific."),
    field(name = "honorific", ty = "&Option<String>", desc = "The title before the name, for example `Prof.`."),
    field(name = "affiliation", ty = "&Option<String>", desc = "The affiliation at the time of the event."),
    field(name = "photo", ty = "&Option<Image>", desc = "The portrait that the event shows."),
    field(name = "bio", ty = "&Option<Markdown>", desc = "The biography that the event shows."),
    field(name = "group", ty = "&Option<String>", desc = "The group within the role, where a site has its own."),
    field(name = "homepage", ty = "Option<&str>", desc = "The person's own page."),
    field(name = "links", ty = "Vec<WebLink>", desc = "The person's other pages and accounts."),
    field(name = "person", ty = "PersonNode", desc = "The person, with all that they are and do at this event."),
    field(name = "sessions", ty = "Vec<SessionNode>", desc = "The sessions that the person takes part in, by start."),
    field(name = "papers", ty = "Vec<PaperNode>", desc = "The papers of this event that the person wrote.")
)]
pub enum Participant {
    /// A speaker.
    Speaker(SpeakerNode),
    /// A panelist.
    Panelist(PanelistNode),
    /// An organizer.
    Organizer(OrganizerNode),
    /// A volunteer.
    Volunteer(VolunteerNode),
    /// A committee member.
    CommitteeMember(CommitteeMemberNode),
}

impl Participant {
    /// The node of a participation, of the type of its role.
    pub fn new(item: &Arc<Participation>, scope: &Scope) -> Self {
        match item.role {
            Role::Speaker => Participant::Speaker(SpeakerNode::new(item, scope)),
            Role::Panelist => Participant::Panelist(PanelistNode::new(item, scope)),
            Role::Organizer => Participant::Organizer(OrganizerNode::new(item, scope)),
            Role::Volunteer => Participant::Volunteer(VolunteerNode::new(item, scope)),
            Role::CommitteeMember => Participant::CommitteeMember(CommitteeMemberNode::new(item, scope)),
        }
    }
}

/// Which participants: all conditions that are given have to hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ParticipantFilter {
    /// The participation's id.
    pub id: Option<IdFilter>,
    /// The id of the person.
    pub person: Option<IdFilter>,
    /// The person's name.
    pub name: Option<TextFilter>,
    /// The affiliation at the time of the event.
    pub affiliation: Option<TextFilter>,
    /// The group within the role.
    pub group: Option<TextFilter>,
    /// All of these have to hold too.
    pub and: Option<Vec<ParticipantFilter>>,
    /// One of these has to hold too.
    pub or: Option<Vec<ParticipantFilter>>,
    /// This must not hold.
    pub not: Option<Box<ParticipantFilter>>,
}

impl Filter<Participation> for ParticipantFilter {
    fn matches_own(&self, item: &Participation, scope: &Scope) -> bool {
        let name = || scope.person(item.person).map(|person| person.name.as_str());
        self.id.as_ref().is_none_or(|filter| filter.matches(Some(item.head.id)))
            && self.person.as_ref().is_none_or(|filter| filter.matches(Some(item.person)))
            && self.name.as_ref().is_none_or(|filter| filter.matches(name()))
            && self.affiliation.as_ref().is_none_or(|filter| filter.matches(item.affiliation.as_deref()))
            && self.group.as_ref().is_none_or(|filter| filter.matches(item.group.as_deref()))
    }

    combinations!();
}

/// What participants can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ParticipantOrderField {
    /// Their place in the organizers' list.
    Position,
    /// The person's name, as it is written.
    Name,
    /// The affiliation at the time of the event.
    Affiliation,
}

/// An order of participants.
#[derive(Clone, Debug, InputObject)]
pub struct ParticipantOrder {
    /// What to order by.
    pub field: ParticipantOrderField,
    /// Which way to order.
    #[graphql(default)]
    pub direction: OrderDirection,
}

impl Order<Participation> for ParticipantOrder {
    fn compare(&self, a: &Participation, b: &Participation, scope: &Scope) -> Ordering {
        let name =
            |item: &Participation| scope.person(item.person).map_or("", |person| person.name.as_str()).to_owned();
        match self.field {
            ParticipantOrderField::Position => a.head.position.cmp(&b.head.position),
            ParticipantOrderField::Name => compare_text(&name(a), &name(b)),
            ParticipantOrderField::Affiliation => {
                compare_text(a.affiliation.as_deref().unwrap_or_default(), b.affiliation.as_deref().unwrap_or_default())
            }
        }
    }

    fn direction(&self) -> OrderDirection {
        self.direction
    }
}

/// A page of the participants with a role.
fn participants<N: OutputType>(
    role: Role,
    node: impl Fn(&Arc<Participation>, &Scope) -> N,
    scope: &Scope,
    arguments: &PageArguments,
    filter: Option<&ParticipantFilter>,
    orders: Option<&[ParticipantOrder]>,
) -> Result<Page<N>> {
    let list = scope.document().participations(role);
    let places = select(list, filter, orders, scope)?;
    let place_of = |id| scope.place(role.kind(), id);
    page_of(arguments, &places, list, place_of, |item| item.head.id, |item| node(item, scope))
}

/// Makes the function that pages through one role.
macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident: $role:ident => $node:ident;)*) => {
        $(
            $(#[$doc])*
            pub fn $name(
                scope: &Scope,
                arguments: &PageArguments,
                filter: Option<&ParticipantFilter>,
                orders: Option<&[ParticipantOrder]>,
            ) -> Result<Page<$node>> {
                participants(Role::$role, $node::new, scope, arguments, filter, orders)
            }
        )*
    };
}

pages! {
    /// A page of speakers.
    speakers: Speaker => SpeakerNode;
    /// A page of panelists.
    panelists: Panelist => PanelistNode;
    /// A page of organizers.
    organizers: Organizer => OrganizerNode;
    /// A page of volunteers.
    volunteers: Volunteer => VolunteerNode;
    /// A page of committee members.
    committee: CommitteeMember => CommitteeMemberNode;
}
