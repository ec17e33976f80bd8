//! How those who take part are asked for: five types that share their fields, and the interface over them.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaType, MetaTypeId, Registry};
use async_graphql::resolver_utils::{ContainerType, Fields, resolve_container};
use async_graphql::{
    ComplexObject, Context, ContextSelectionSet, Enum, InputObject, InterfaceType, OutputType, Positioned, Result,
    ServerResult, Value,
};

use super::event::EventNode;
use super::item_node;
use super::paper::PaperNode;
use super::person::{PersonNode, papers_of, sessions_of};
use super::session::SessionNode;
use crate::content::{Participation, Person, Role, WebLink};
use crate::graphql::connection::{Connection, Listed, Listing, PageArguments};
use crate::graphql::error::Code;
use crate::graphql::filter::{Choice, IdFilter, Key, TextFilter, combined};
use crate::graphql::inline::InlineList;
use crate::graphql::scope::{Item, Scope};

/// Makes the five types, each with the fields that they share, and the interface over them.
macro_rules! participants {
    ($($(#[$($documentation:tt)*])* $role:ident: $node:ident, $name:literal, $connection:literal, $edge:literal;)*) => {
        $(
            item_node! { $(#[$($documentation)*])* $node, $name, Participation }

            impl $node {
                fn somebody(&self) -> Result<&Arc<Person>> {
                    let person = self.item.scope.person(self.item.content.person);
                    person.ok_or_else(|| Code::Internal.error("the person of a participation is missing"))
                }
            }

            #[ComplexObject]
            impl $node {
                /// The name as the person writes it, without honorific.
                async fn name(&self) -> Result<&str> {
                    Ok(&self.somebody()?.name)
                }

                /// The person's own page.
                async fn homepage(&self) -> Option<&str> {
                    self.somebody().ok()?.homepage.as_deref()
                }

                /// The ORCID iD as a URL, for example `https://orcid.org/0000-0002-1825-0097`.
                async fn orcid(&self) -> Option<&str> {
                    self.somebody().ok()?.orcid.as_deref()
                }

                /// The person's page on Google Scholar.
                async fn scholar(&self) -> Option<&str> {
                    self.somebody().ok()?.scholar.as_deref()
                }

                /// The person's page on LinkedIn.
                async fn linkedin(&self) -> Option<&str> {
                    self.somebody().ok()?.linkedin.as_deref()
                }

                /// Other pages and accounts of the person.
                async fn links(&self) -> &[WebLink] {
                    self.somebody().map_or(&[], |person| &person.links)
                }

                /// Who it is, the same in every edition.
                async fn person(&self) -> Result<PersonNode> {
                    Ok(PersonNode::new(self.somebody()?, &self.item.scope))
                }

                /// The sessions that the person takes part in, by start.
                async fn sessions(&self) -> InlineList<SessionNode> {
                    sessions_of(self.item.content.person, &self.item.scope)
                }

                /// The papers of the event that the person wrote.
                async fn papers(&self) -> InlineList<PaperNode> {
                    papers_of(self.item.content.person, &self.item.scope)
                }

                /// The event that it belongs to.
                async fn event(&self) -> EventNode {
                    EventNode::of(&self.item.scope)
                }
            }

            impl Listed for $node {
                const CONNECTION: &'static str = $connection;
                const EDGE: &'static str = $edge;
            }
        )*

        /// Somebody at an event, in a role. One person may be there in several.
        #[derive(Clone, Debug)]
        pub(in crate::graphql) enum Participant {
            $($(#[$($documentation)*])* $role($node),)*
        }

        impl Participant {
            pub(in crate::graphql) fn new(participation: &Arc<Participation>, scope: &Scope) -> Self {
                match participation.role {
                    $(Role::$role => Participant::$role($node::new(participation, scope)),)*
                }
            }
        }

        impl ContainerType for Participant {
            async fn resolve_field(&self, context: &Context<'_>) -> ServerResult<Option<Value>> {
                match self {
                    $(Participant::$role(node) => ContainerType::resolve_field(node, context).await,)*
                }
            }

            fn collect_all_fields<'a>(
                &'a self,
                context: &ContextSelectionSet<'a>,
                fields: &mut Fields<'a>,
            ) -> ServerResult<()> {
                match self {
                    $(Participant::$role(node) => node.collect_all_fields(context, fields),)*
                }
            }
        }

        impl OutputType for Participant {
            fn type_name() -> Cow<'static, str> {
                "Participant".into()
            }

            fn introspection_type_name(&self) -> Cow<'static, str> {
                match self {
                    $(Participant::$role(_) => $name.into(),)*
                }
            }

            fn create_type_info(registry: &mut Registry) -> String {
                registry.create_output_type::<Self, _>(MetaTypeId::Interface, |registry| {
                    $(
                        $node::create_type_info(registry);
                        registry.add_implements($name, "Participant");
                    )*
                    interface(registry, &[$($name),*])
                })
            }

            async fn resolve(
                &self,
                context: &ContextSelectionSet<'_>,
                _field: &Positioned<Field>,
            ) -> ServerResult<Value> {
                resolve_container(context, self).await
            }
        }

        impl InterfaceType for Participant {}
    };
}

participants! {
    /// Somebody who gives an invited talk.
    Speaker: SpeakerNode, "Speaker", "SpeakerConnection", "SpeakerEdge";
    /// Somebody who sits on a panel.
    Panelist: PanelistNode, "Panelist", "PanelistConnection", "PanelistEdge";
    /// Somebody who organizes the event.
    Organizer: OrganizerNode, "Organizer", "OrganizerConnection", "OrganizerEdge";
    /// Somebody who helps the organizers.
    Volunteer: VolunteerNode, "Volunteer", "VolunteerConnection", "VolunteerEdge";
    /// Somebody who reviews papers or serves on another committee.
    CommitteeMember: CommitteeMemberNode, "CommitteeMember", "CommitteeMemberConnection", "CommitteeMemberEdge";
}

/// The interface with all fields that the five types share, as these describe them.
///
/// This is what `#[derive(Interface)]` writes, except that it would want every field described a second time. The parts
/// are taken and not `Speaker` itself, which may be half made when its own fields lead here.
fn interface(registry: &mut Registry, possible_types: &[&str]) -> MetaType {
    let mut all_fields = match registry.create_fake_output_type::<Item<Participation>>() {
        MetaType::Object { fields, .. } => fields,
        _ => Default::default(),
    };
    all_fields.extend(<SpeakerNode as async_graphql::ComplexObject>::fields(registry));
    MetaType::Interface {
        name: "Participant".to_owned(),
        description: Some("Somebody at an event, in a role. One person may be there in several.".to_owned()),
        fields: all_fields,
        possible_types: possible_types.iter().map(|name| (*name).to_owned()).collect(),
        extends: false,
        inaccessible: false,
        tags: Vec::new(),
        keys: None,
        visible: None,
        rust_typename: Some(std::any::type_name::<Participant>()),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// Which of those who have a role. Conditions that are given together all hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct ParticipantFilter {
    /// The id of the participation.
    id: Option<IdFilter>,
    /// The id as `Person`.
    person: Option<IdFilter>,
    /// The slug.
    slug: Option<TextFilter>,
    /// The name.
    name: Option<TextFilter>,
    /// The affiliation at the time of the event.
    affiliation: Option<TextFilter>,
    /// The group within the role.
    group: Option<TextFilter>,
    /// All of these hold too.
    pub(in crate::graphql) and: Option<Vec<ParticipantFilter>>,
    /// One of these holds too; an empty list matches nothing.
    pub(in crate::graphql) or: Option<Vec<ParticipantFilter>>,
    /// This does not hold.
    pub(in crate::graphql) not: Option<Box<ParticipantFilter>>,
}
combined!(ParticipantFilter);

impl ParticipantFilter {
    fn accepts(&self, item: &Participation, scope: &Scope) -> bool {
        let ParticipantFilter { id, person, slug, name, affiliation, group, and: _, or: _, not: _ } = self;
        id.as_ref().is_none_or(|id| id.accepts(item.head.id))
            && person.as_ref().is_none_or(|person| person.accepts(item.person))
            && slug.as_ref().is_none_or(|slug| slug.accepts(Some(&item.head.slug)))
            && name.as_ref().is_none_or(|name| name.accepts(name_of(item, scope)))
            && affiliation.as_ref().is_none_or(|affiliation| affiliation.accepts(item.affiliation.as_deref()))
            && group.as_ref().is_none_or(|group| group.accepts(item.group.as_deref()))
    }
}

fn name_of<'a>(participation: &Participation, scope: &'a Scope) -> Option<&'a str> {
    scope.person(participation.person).map(|person| person.name.as_str())
}

/// What those who have a role can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum ParticipantOrderField {
    /// The organizers' order; this is also the order when none is given.
    Position,
    /// The name.
    Name,
    /// The affiliation at the time of the event.
    Affiliation,
    /// The group within the role.
    Group,
}

/// A page of those who have a role; `node` makes their nodes.
pub(in crate::graphql) fn list<N: Listed>(
    role: Role,
    node: fn(&Arc<Participation>, &Scope) -> N,
) -> impl Fn(&Scope, &PageArguments, &Choice<ParticipantFilter, ParticipantOrderField>) -> Result<Connection<N>> {
    move |scope, page, choice| {
        let chosen = choice.of(
            Listing::Whole(scope.document().participations(role)),
            |filter, item| filter.accepts(item, scope),
            |field, item| match field {
                ParticipantOrderField::Position => Key::Number(item.head.position.into()),
                ParticipantOrderField::Name => Key::optional_text(name_of(item, scope)),
                ParticipantOrderField::Affiliation => Key::optional_text(item.affiliation.as_deref()),
                ParticipantOrderField::Group => Key::optional_text(item.group.as_deref()),
            },
        )?;
        page.page(&chosen, |item| node(item, scope))
    }
}
