//! How people are asked for.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, InputObject, Result, SimpleObject};

use super::event::EventNode;
use super::paper::PaperNode;
use super::participant::Participant;
use super::session::SessionNode;
use crate::content::{DateTime, Id, Person, Role};
use crate::graphql::connection::{Connection, Listed, Listing, PageArguments};
use crate::graphql::filter::{Choice, IdFilter, Key, TextFilter, combined};
use crate::graphql::inline::InlineList;
use crate::graphql::scope::Scope;

/// Somebody who takes part in an event: on stage, in a committee, as an author. The same person has the same id in every
/// event; the relations are those in the event through which the person was asked for.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex, serial, name = "Person")]
pub(in crate::graphql) struct PersonNode {
    #[graphql(flatten)]
    fields: Arc<Person>,
    #[graphql(skip)]
    scope: Scope,
}

impl PersonNode {
    pub(in crate::graphql) fn new(fields: &Arc<Person>, scope: &Scope) -> Self {
        PersonNode { fields: fields.clone(), scope: scope.clone() }
    }

    pub(in crate::graphql) async fn id(&self, _context: &Context<'_>) -> Result<Id> {
        Ok(self.fields.id)
    }
}

#[ComplexObject]
impl PersonNode {
    /// When the person was first recorded on this server.
    async fn created_at(&self) -> DateTime {
        self.scope.date_time(self.fields.created_at)
    }

    /// When the person's own fields were last changed.
    async fn updated_at(&self) -> DateTime {
        self.scope.date_time(self.fields.updated_at)
    }

    /// What the person is at the event: speaker, panelist, organizer, volunteer, committee member, or several of these.
    async fn participations(&self) -> Vec<Participant> {
        let participations = self.scope.participations_of(self.fields.id);
        participations.map(|participation| Participant::new(participation, &self.scope)).collect()
    }

    /// The sessions of the event that the person takes part in, by start.
    async fn sessions(&self) -> InlineList<SessionNode> {
        sessions_of(self.fields.id, &self.scope)
    }

    /// The papers of the event that the person wrote.
    async fn papers(&self) -> InlineList<PaperNode> {
        papers_of(self.fields.id, &self.scope)
    }

    /// The event through which the person was asked for.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.scope)
    }
}

pub(super) fn sessions_of(person: Id, scope: &Scope) -> InlineList<SessionNode> {
    scope.sessions_of_person(person).map(|session| SessionNode::new(session, scope)).collect()
}

pub(super) fn papers_of(person: Id, scope: &Scope) -> InlineList<PaperNode> {
    scope.papers_of_person(person).map(|paper| PaperNode::new(paper, scope)).collect()
}

impl Listed for PersonNode {
    const CONNECTION: &'static str = "PersonConnection";
    const EDGE: &'static str = "PersonEdge";
}

/// Which people. Conditions that are given together all hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct PersonFilter {
    /// The id.
    id: Option<IdFilter>,
    /// The name.
    name: Option<TextFilter>,
    /// The newest known affiliation.
    affiliation: Option<TextFilter>,
    /// What they are at the event: one of these; an empty list matches nobody.
    roles: Option<Vec<Role>>,
    /// All of these hold too.
    pub(in crate::graphql) and: Option<Vec<PersonFilter>>,
    /// One of these holds too; an empty list matches nothing.
    pub(in crate::graphql) or: Option<Vec<PersonFilter>>,
    /// This does not hold.
    pub(in crate::graphql) not: Option<Box<PersonFilter>>,
}
combined!(PersonFilter);

impl PersonFilter {
    fn accepts(&self, person: &Person, scope: &Scope) -> bool {
        let PersonFilter { id, name, affiliation, roles, and: _, or: _, not: _ } = self;
        let is_one_of = |roles: &Vec<Role>| scope.participations_of(person.id).any(|item| roles.contains(&item.role));
        id.as_ref().is_none_or(|id| id.accepts(person.id))
            && name.as_ref().is_none_or(|name| name.accepts(Some(&person.name)))
            && affiliation.as_ref().is_none_or(|affiliation| affiliation.accepts(person.affiliation.as_deref()))
            && roles.as_ref().is_none_or(is_one_of)
    }
}

/// What people can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum PersonOrderField {
    /// The name; this is also the order when none is given, then case and accents count.
    Name,
    /// The newest known affiliation.
    Affiliation,
}

pub(in crate::graphql) fn list(
    scope: &Scope,
    page: &PageArguments,
    choice: &Choice<PersonFilter, PersonOrderField>,
) -> Result<Connection<PersonNode>> {
    let chosen = choice.of(
        Listing::Whole(&scope.document().people),
        |filter, person| filter.accepts(person, scope),
        |field, person| match field {
            PersonOrderField::Name => Key::text(&person.name),
            PersonOrderField::Affiliation => Key::optional_text(person.affiliation.as_deref()),
        },
    )?;
    page.page(&chosen, |person| PersonNode::new(person, scope))
}
