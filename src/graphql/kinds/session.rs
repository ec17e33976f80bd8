//! How sessions are asked for.

use std::sync::Arc;

use async_graphql::{ComplexObject, Enum, InputObject, Result, SimpleObject};

use super::event::EventNode;
use super::item_node;
use super::paper::PaperNode;
use super::participant::Participant;
use super::person::PersonNode;
use super::room::RoomNode;
use super::track::TrackNode;
use crate::content::{
    DateTime, Image, Participation, Person, Role, Session, SessionKind, SessionPart, SessionPerson, SessionStatus,
};
use crate::graphql::connection::{Connection, Listed, Listing, PageArguments};
use crate::graphql::filter::{Choice, ChoiceFilter, IdFilter, Key, ReferenceFilter, TextFilter, TimeFilter, combined};
use crate::graphql::inline::{Inline, InlineList};
use crate::graphql::scope::Scope;

item_node! {
    /// Something in the schedule, from a keynote to a coffee break.
    SessionNode, "Session", Session
}

#[ComplexObject]
impl SessionNode {
    /// When it begins; absent while it has no place in the schedule.
    async fn starts_at(&self) -> Option<DateTime> {
        self.item.content.starts_at.map(|instant| self.item.scope.date_time(instant))
    }

    /// When it ends; absent while that is not known.
    async fn ends_at(&self) -> Option<DateTime> {
        self.item.content.ends_at.map(|instant| self.item.scope.date_time(instant))
    }

    /// How often calendars were told that its time, its room or its status is another: the `SEQUENCE` of iCalendar. It
    /// only grows.
    async fn sequence(&self) -> i32 {
        self.item.scope.event().sequence_of(&self.item.content)
    }

    /// When it was to begin before it was moved; absent where the public never saw another start. Kept for live events.
    async fn moved_from(&self) -> Option<DateTime> {
        self.item.content.moved_from.map(|instant| self.item.scope.date_time(instant))
    }

    /// How long it takes, in minutes, rounded down; absent without a start or an end.
    async fn duration_minutes(&self) -> Option<i64> {
        let (start, end) = self.item.content.starts_at.zip(self.item.content.ends_at)?;
        Some(end.duration_since(start).as_secs() / 60)
    }

    /// Where it is; absent where that is not said.
    async fn room(&self) -> Option<Inline<RoomNode>> {
        let scope = &self.item.scope;
        self.item.content.room.and_then(|id| scope.room(id)).map(|room| Inline(RoomNode::new(room, scope)))
    }

    /// The track that it belongs to; absent where it belongs to none.
    async fn track(&self) -> Option<Inline<TrackNode>> {
        let scope = &self.item.scope;
        self.item.content.track.and_then(|id| scope.track(id)).map(|track| Inline(TrackNode::new(track, scope)))
    }

    /// The paper that is presented; absent where none is.
    async fn paper(&self) -> Option<Inline<PaperNode>> {
        let scope = &self.item.scope;
        self.item.content.paper.and_then(|id| scope.paper(id)).map(|paper| Inline(PaperNode::new(paper, scope)))
    }

    /// Who takes part, in the order of the programme.
    async fn people(
        &self,
        #[graphql(desc = "Only those who take one of these parts; everybody when left out.")] parts: Option<
            Vec<SessionPart>,
        >,
    ) -> InlineList<SessionPersonNode<'_>> {
        let scope = &self.item.scope;
        let wanted = |taken: &&SessionPerson| parts.as_ref().is_none_or(|parts| parts.contains(&taken.part));
        let taking_part = self.item.content.people.iter().filter(wanted);
        taking_part.filter_map(|taken| SessionPersonNode::new(taken, scope)).collect()
    }

    /// The session that it is a part of, such as a block of talks; absent where it stands for itself.
    async fn parent(&self) -> Option<Inline<SessionNode>> {
        let scope = &self.item.scope;
        self.item
            .content
            .parent
            .and_then(|id| scope.session(id))
            .map(|session| Inline(SessionNode::new(session, scope)))
    }

    /// The sessions that it is made of, such as the talks of a block, by start.
    async fn parts(&self) -> InlineList<SessionNode> {
        let scope = &self.item.scope;
        let parts = scope.parts_of_session(self.item.content.head.id);
        parts.map(|session| SessionNode::new(session, scope)).collect()
    }

    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

/// A person in a session.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex, serial, name = "SessionPerson")]
pub(in crate::graphql) struct SessionPersonNode<'a> {
    /// What they do there.
    part: SessionPart,
    /// The name as the person writes it, without honorific.
    name: &'a String,
    #[graphql(skip)]
    person: &'a Arc<Person>,
    /// What they are at the event, in the role that fits their part best.
    #[graphql(skip)]
    participation: Option<&'a Arc<Participation>>,
    #[graphql(skip)]
    scope: &'a Scope,
}

impl<'a> SessionPersonNode<'a> {
    fn new(taken: &SessionPerson, scope: &'a Scope) -> Option<Self> {
        let person = scope.person(taken.person)?;
        let role = match taken.part {
            SessionPart::Speaker => Role::Speaker,
            SessionPart::Panelist => Role::Panelist,
            SessionPart::Chair => Role::Organizer,
        };
        let participation = scope.participations_of(person.id).min_by_key(|participation| participation.role != role);
        Some(SessionPersonNode { part: taken.part, name: &person.name, person, participation, scope })
    }
}

#[ComplexObject]
impl SessionPersonNode<'_> {
    /// The affiliation at the time of the event, else the newest known one.
    async fn affiliation(&self) -> Option<&str> {
        let then = self.participation.and_then(|participation| participation.affiliation.as_deref());
        then.or(self.person.affiliation.as_deref())
    }

    /// The portrait that the event shows.
    async fn photo(&self) -> Option<&Image> {
        self.participation.and_then(|participation| participation.photo.as_ref())
    }

    /// Who it is.
    async fn person(&self) -> PersonNode {
        PersonNode::new(self.person, self.scope)
    }

    /// What they are at the event, in the role that fits their part best: for who speaks, the speaker. Absent for who is
    /// only in sessions, such as the presenter of a paper.
    async fn participant(&self) -> Option<Participant> {
        self.participation.map(|participation| Participant::new(participation, self.scope))
    }
}

impl Listed for SessionNode {
    const CONNECTION: &'static str = "SessionConnection";
    const EDGE: &'static str = "SessionEdge";
}

/// Which sessions. Conditions that are given together all hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct SessionFilter {
    /// The id.
    id: Option<IdFilter>,
    /// The slug.
    slug: Option<TextFilter>,
    /// What happens in it.
    kind: Option<ChoiceFilter<SessionKind>>,
    /// Whether it takes place.
    status: Option<ChoiceFilter<SessionStatus>>,
    /// The title.
    title: Option<TextFilter>,
    /// When it begins.
    starts_at: Option<TimeFilter>,
    /// When it ends.
    ends_at: Option<TimeFilter>,
    /// The room.
    room: Option<ReferenceFilter>,
    /// The track.
    track: Option<ReferenceFilter>,
    /// The session that it is a part of: `{exists: false}` gives those that stand for themselves.
    parent: Option<ReferenceFilter>,
    /// The paper that is presented: `{exists: true}` gives those that present one.
    paper: Option<ReferenceFilter>,
    /// The people who take part, by their ids as `Person`.
    person: Option<IdFilter>,
    /// The name of somebody who takes part.
    person_name: Option<TextFilter>,
    /// All of these hold too.
    pub(in crate::graphql) and: Option<Vec<SessionFilter>>,
    /// One of these holds too; an empty list matches nothing.
    pub(in crate::graphql) or: Option<Vec<SessionFilter>>,
    /// This does not hold.
    pub(in crate::graphql) not: Option<Box<SessionFilter>>,
}
combined!(SessionFilter);

impl SessionFilter {
    fn accepts(&self, session: &Session, scope: &Scope) -> bool {
        let SessionFilter { id, slug, kind, status, title, starts_at, ends_at, .. } = self;
        id.as_ref().is_none_or(|id| id.accepts(session.head.id))
            && slug.as_ref().is_none_or(|slug| slug.accepts(Some(&session.head.slug)))
            && kind.as_ref().is_none_or(|kind| kind.accepts(Some(session.kind)))
            && status.as_ref().is_none_or(|status| status.accepts(Some(session.status)))
            && title.as_ref().is_none_or(|title| title.accepts(Some(&session.title)))
            && starts_at.as_ref().is_none_or(|span| span.accepts(session.starts_at))
            && ends_at.as_ref().is_none_or(|span| span.accepts(session.ends_at))
            && self.accepts_relations(session, scope)
    }

    fn accepts_relations(&self, session: &Session, scope: &Scope) -> bool {
        let SessionFilter { room, track, parent, paper, person, person_name, .. } = self;
        let room_head = || session.room.and_then(|id| scope.room(id)).map(|room| &room.head);
        let track_head = || session.track.and_then(|id| scope.track(id)).map(|track| &track.head);
        let parent_head = || session.parent.and_then(|id| scope.session(id)).map(|session| &session.head);
        let paper_head = || session.paper.and_then(|id| scope.paper(id)).map(|paper| &paper.head);
        let people = || session.people.iter().filter_map(|taken| scope.person(taken.person));
        room.as_ref().is_none_or(|room| room.accepts_item(room_head()))
            && track.as_ref().is_none_or(|track| track.accepts_item(track_head()))
            && parent.as_ref().is_none_or(|parent| parent.accepts_item(parent_head()))
            && paper.as_ref().is_none_or(|paper| paper.accepts_item(paper_head()))
            && person.as_ref().is_none_or(|ids| ids.accepts_any(people().map(|person| person.id)))
            && person_name.as_ref().is_none_or(|name| name.accepts_any(people().map(|person| person.name.as_str())))
    }
}

/// What sessions can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum SessionOrderField {
    /// When it begins. When no order is given, sessions come by start, then end, then position.
    Start,
    /// The title.
    Title,
    /// The organizers' order.
    Position,
    /// The number.
    Number,
}

pub(in crate::graphql) fn list(
    scope: &Scope,
    page: &PageArguments,
    choice: &Choice<SessionFilter, SessionOrderField>,
) -> Result<Connection<SessionNode>> {
    let chosen = choice.of(
        Listing::Chosen(scope.sessions_by_start().collect()),
        |filter, session| filter.accepts(session, scope),
        |field, session| match field {
            SessionOrderField::Start => session.starts_at.map_or(Key::Absent, Key::Time),
            SessionOrderField::Title => Key::text(&session.title),
            SessionOrderField::Position => Key::Number(session.head.position.into()),
            SessionOrderField::Number => Key::Number(session.number.into()),
        },
    )?;
    page.page(&chosen, |session| SessionNode::new(session, scope))
}
