//! Sessions, as they are asked for.

use std::cmp::Ordering;

use async_graphql::{ComplexObject, Enum, InputObject, Result, SimpleObject};

use super::paper::PaperNode;
use super::participation::Participant;
use super::person::PersonNode;
use super::room::RoomNode;
use super::track::TrackNode;
use crate::content::{DateTime, Image, Kind, Role, Session, SessionKind, SessionPart, SessionPerson, SessionStatus};
use crate::graphql::connection::{Page, PageArguments, page_of};
use crate::graphql::error::Code;
use crate::graphql::filter::{
    Filter, IdFilter, Order, OrderDirection, TextFilter, TimeFilter, combinations, compare_text, select,
};
use crate::graphql::scope::Scope;

node! {
    /// Something in the schedule, from a keynote to a coffee break.
    complex SessionNode, Session, "Session"
}

/// A person in a session.
#[derive(SimpleObject)]
#[graphql(name = "SessionPerson", complex)]
pub struct SessionPersonNode {
    /// What they do there.
    part: SessionPart,
    #[graphql(skip)]
    entry: SessionPerson,
    #[graphql(skip)]
    scope: Scope,
}

impl SessionPersonNode {
    /// What the person is at the event, in the role that fits their part best.
    fn participation(&self) -> Option<&std::sync::Arc<crate::content::Participation>> {
        let fitting = match self.part {
            SessionPart::Panelist => Role::Panelist,
            SessionPart::Speaker => Role::Speaker,
            SessionPart::Chair => Role::Organizer,
        };
        self.scope.participations_of(self.entry.person).min_by_key(|item| (item.role != fitting, item.role))
    }
}

#[ComplexObject]
impl SessionPersonNode {
    /// Who it is. A snapshot has everybody whom its sessions name.
    async fn person(&self) -> Result<PersonNode> {
        let person = self.scope.person(self.entry.person);
        let person = person.ok_or_else(|| Code::Internal.error("the person is missing"))?;
        Ok(PersonNode::new(person, &self.scope))
    }

    /// The person's name, without honorific.
    async fn name(&self) -> Result<&str> {
        let person = self.scope.person(self.entry.person);
        person.map(|person| person.name.as_str()).ok_or_else(|| Code::Internal.error("the person is missing"))
    }

    /// The title before the name, where the event gives one.
    async fn honorific(&self) -> Option<&str> {
        self.participation()?.honorific.as_deref()
    }

    /// The affiliation at the event or on the paper, or else the newest known one.
    async fn affiliation(&self) -> Option<&str> {
        let at_the_event = self.participation().and_then(|item| item.affiliation.as_deref());
        at_the_event.or_else(|| self.scope.person(self.entry.person)?.affiliation.as_deref())
    }

    /// The portrait that the event shows.
    async fn photo(&self) -> Option<&Image> {
        self.participation()?.photo.as_ref()
    }

    /// What the person is at the event, if anything: the speaker, panelist, …
    async fn participant(&self) -> Option<Participant> {
        self.participation().map(|item| Participant::new(item, &self.scope))
    }
}

#[ComplexObject]
impl SessionNode {
    /// When it begins; absent while it has no place in the schedule.
    async fn starts_at(&self) -> Option<DateTime> {
        self.item.starts_at.map(|at| self.scope.time(at))
    }

    /// When it ends.
    async fn ends_at(&self) -> Option<DateTime> {
        self.item.ends_at.map(|at| self.scope.time(at))
    }

    /// How long it is, in whole minutes.
    async fn duration_minutes(&self) -> Option<i32> {
        let seconds = self.item.ends_at?.as_second() - self.item.starts_at?.as_second();
        i32::try_from(seconds / 60).ok()
    }

    /// Who takes part, in the order of the programme.
    async fn people(&self) -> Vec<SessionPersonNode> {
        let node = |entry: &SessionPerson| SessionPersonNode {
            part: entry.part,
            entry: entry.clone(),
            scope: self.scope.clone(),
        };
        self.item.people.iter().map(node).collect()
    }

    /// Where it is.
    async fn room(&self) -> Option<RoomNode> {
        self.scope.room(self.item.room?).map(|room| RoomNode::new(room, &self.scope))
    }

    /// The track that it belongs to.
    async fn track(&self) -> Option<TrackNode> {
        self.scope.track(self.item.track?).map(|track| TrackNode::new(track, &self.scope))
    }

    /// The paper that is presented.
    async fn paper(&self) -> Option<PaperNode> {
        self.scope.paper(self.item.paper?).map(|paper| PaperNode::new(paper, &self.scope))
    }

    /// The session that it is a part of.
    async fn parent(&self) -> Option<SessionNode> {
        self.scope.session(self.item.parent?).map(|session| SessionNode::new(session, &self.scope))
    }

    /// The sessions that it holds, by start.
    async fn parts(&self) -> Vec<SessionNode> {
        let parts = self.scope.parts_of_session(self.item.head.id);
        parts.map(|session| SessionNode::new(session, &self.scope)).collect()
    }
}

/// A choice of kinds of sessions.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SessionKindFilter {
    /// It is one of these.
    #[graphql(name = "in")]
    pub one_of: Option<Vec<SessionKind>>,
    /// It is none of these.
    pub not_in: Option<Vec<SessionKind>>,
}

/// A choice of states of sessions.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SessionStatusFilter {
    /// It is one of these.
    #[graphql(name = "in")]
    pub one_of: Option<Vec<SessionStatus>>,
    /// It is none of these.
    pub not_in: Option<Vec<SessionStatus>>,
}

/// Which sessions: all conditions that are given have to hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SessionFilter {
    /// The session's id.
    pub id: Option<IdFilter>,
    /// What happens in it.
    pub kind: Option<SessionKindFilter>,
    /// Whether it takes place.
    pub status: Option<SessionStatusFilter>,
    /// The title.
    pub title: Option<TextFilter>,
    /// When it begins.
    pub starts_at: Option<TimeFilter>,
    /// The id of its room.
    pub room: Option<IdFilter>,
    /// The id of its track.
    pub track: Option<IdFilter>,
    /// The id of somebody who takes part.
    pub person: Option<IdFilter>,
    /// The name of somebody who takes part.
    pub person_name: Option<TextFilter>,
    /// Whether a paper is presented in it.
    pub has_paper: Option<bool>,
    /// Whether it is a part of another session.
    pub has_parent: Option<bool>,
    /// All of these have to hold too.
    pub and: Option<Vec<SessionFilter>>,
    /// One of these has to hold too.
    pub or: Option<Vec<SessionFilter>>,
    /// This must not hold.
    pub not: Option<Box<SessionFilter>>,
}

impl Filter<Session> for SessionFilter {
    fn matches_own(&self, session: &Session, scope: &Scope) -> bool {
        let people = || session.people.iter().map(|entry| entry.person);
        let names = || people().filter_map(|id| scope.person(id)).map(|person| person.name.as_str());
        self.id.as_ref().is_none_or(|filter| filter.matches(Some(session.head.id)))
            && self.kind.as_ref().is_none_or(|filter| {
                filter.one_of.as_ref().is_none_or(|wanted| wanted.contains(&session.kind))
                    && filter.not_in.as_ref().is_none_or(|unwanted| !unwanted.contains(&session.kind))
            })
            && self.status.as_ref().is_none_or(|filter| {
                filter.one_of.as_ref().is_none_or(|wanted| wanted.contains(&session.status))
                    && filter.not_in.as_ref().is_none_or(|unwanted| !unwanted.contains(&session.status))
            })
            && self.title.as_ref().is_none_or(|filter| filter.matches(Some(&session.title)))
            && self.starts_at.as_ref().is_none_or(|filter| filter.matches(session.starts_at))
            && self.room.as_ref().is_none_or(|filter| filter.matches(session.room))
            && self.track.as_ref().is_none_or(|filter| filter.matches(session.track))
            && self.person.as_ref().is_none_or(|filter| filter.matches_any(people()))
            && self.person_name.as_ref().is_none_or(|filter| filter.matches_any(names()))
            && self.has_paper.is_none_or(|wanted| session.paper.is_some() == wanted)
            && self.has_parent.is_none_or(|wanted| session.parent.is_some() == wanted)
    }

    combinations!();
}

/// What sessions can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SessionOrderField {
    /// Their place in the organizers' list.
    Position,
    /// When they begin; those without a time come last.
    Start,
    /// The title.
    Title,
}

/// An order of sessions.
#[derive(Clone, Debug, InputObject)]
pub struct SessionOrder {
    /// What to order by.
    pub field: SessionOrderField,
    /// Which way to order.
    #[graphql(default)]
    pub direction: OrderDirection,
}

impl Order<Session> for SessionOrder {
    fn compare(&self, a: &Session, b: &Session, _: &Scope) -> Ordering {
        match self.field {
            SessionOrderField::Position => a.head.position.cmp(&b.head.position),
            SessionOrderField::Start => (a.starts_at.is_none(), a.starts_at).cmp(&(b.starts_at.is_none(), b.starts_at)),
            SessionOrderField::Title => compare_text(&a.title, &b.title),
        }
    }

    fn direction(&self) -> OrderDirection {
        self.direction
    }
}

/// A page of sessions.
pub fn sessions(
    scope: &Scope,
    arguments: &PageArguments,
    filter: Option<&SessionFilter>,
    orders: Option<&[SessionOrder]>,
) -> Result<Page<SessionNode>> {
    let list = &scope.document().sessions;
    let places = select(list, filter, orders, scope)?;
    let place_of = |id| scope.place(Kind::Session, id);
    page_of(arguments, &places, list, place_of, |item| item.head.id, |item| SessionNode::new(item, scope))
}
