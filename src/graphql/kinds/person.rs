//! People, as they are asked for.

use std::cmp::Ordering;
use std::sync::Arc;

use async_graphql::{ComplexObject, Enum, InputObject, Result, SimpleObject};

use super::paper::PaperNode;
use super::participation::Participant;
use super::session::SessionNode;
use crate::content::{DateTime, Kind, Person};
use crate::graphql::connection::{Page, PageArguments, page_of};
use crate::graphql::filter::{Filter, IdFilter, Order, OrderDirection, TextFilter, combinations, compare_text, select};
use crate::graphql::scope::Scope;

/// Somebody who takes part in the event: on stage, in a committee, as an author.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Person", complex)]
pub struct PersonNode {
    #[graphql(flatten)]
    person: Arc<Person>,
    #[graphql(skip)]
    scope: Scope,
}

identified!(PersonNode, person);

impl PersonNode {
    /// The node of a person in a scope.
    pub fn new(person: &Arc<Person>, scope: &Scope) -> Self {
        PersonNode { person: person.clone(), scope: scope.clone() }
    }
}

#[ComplexObject]
impl PersonNode {
    /// What the person is at this event: speaker, panelist, organizer, volunteer, committee member.
    async fn participations(&self) -> Vec<Participant> {
        let participations = self.scope.participations_of(self.person.id);
        participations.map(|item| Participant::new(item, &self.scope)).collect()
    }

    /// The sessions of this event that the person takes part in, by start.
    async fn sessions(&self) -> Vec<SessionNode> {
        let sessions = self.scope.sessions_of_person(self.person.id);
        sessions.map(|session| SessionNode::new(session, &self.scope)).collect()
    }

    /// The papers of this event that the person wrote.
    async fn papers(&self) -> Vec<PaperNode> {
        self.scope.papers_of_person(self.person.id).map(|paper| PaperNode::new(paper, &self.scope)).collect()
    }

    /// When the person was first recorded on this server.
    async fn created_at(&self) -> DateTime {
        self.scope.time(self.person.created_at)
    }

    /// When the person's own fields were last changed.
    async fn updated_at(&self) -> DateTime {
        self.scope.time(self.person.updated_at)
    }
}

/// Which people: all conditions that are given have to hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PersonFilter {
    /// The person's id.
    pub id: Option<IdFilter>,
    /// The person's name.
    pub name: Option<TextFilter>,
    /// The person's newest affiliation.
    pub affiliation: Option<TextFilter>,
    /// All of these have to hold too.
    pub and: Option<Vec<PersonFilter>>,
    /// One of these has to hold too.
    pub or: Option<Vec<PersonFilter>>,
    /// This must not hold.
    pub not: Option<Box<PersonFilter>>,
}

impl Filter<Person> for PersonFilter {
    fn matches_own(&self, person: &Person, _: &Scope) -> bool {
        self.id.as_ref().is_none_or(|filter| filter.matches(Some(person.id)))
            && self.name.as_ref().is_none_or(|filter| filter.matches(Some(&person.name)))
            && self.affiliation.as_ref().is_none_or(|filter| filter.matches(person.affiliation.as_deref()))
    }

    combinations!();
}

/// What people can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PersonOrderField {
    /// The name, as it is written.
    Name,
    /// The newest affiliation.
    Affiliation,
}

/// An order of people.
#[derive(Clone, Debug, InputObject)]
pub struct PersonOrder {
    /// What to order by.
    pub field: PersonOrderField,
    /// Which way to order.
    #[graphql(default)]
    pub direction: OrderDirection,
}

impl Order<Person> for PersonOrder {
    fn compare(&self, a: &Person, b: &Person, _: &Scope) -> Ordering {
        match self.field {
            PersonOrderField::Name => compare_text(&a.name, &b.name),
            PersonOrderField::Affiliation => {
                compare_text(a.affiliation.as_deref().unwrap_or_default(), b.affiliation.as_deref().unwrap_or_default())
            }
        }
    }

    fn direction(&self) -> OrderDirection {
        self.direction
    }
}

/// A page of people, by name.
pub fn people(
    scope: &Scope,
    arguments: &PageArguments,
    filter: Option<&PersonFilter>,
    orders: Option<&[PersonOrder]>,
) -> Result<Page<PersonNode>> {
    let list = &scope.document().people;
    let places = select(list, filter, orders, scope)?;
    let place_of = |id| scope.place(Kind::Person, id);
    page_of(arguments, &places, list, place_of, |item| item.id, |item| PersonNode::new(item, scope))
}
