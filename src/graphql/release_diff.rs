//! How differences between releases are asked for: a type for each, with what is its own.

use std::sync::Arc;

use async_graphql::{Object, Result, Union};

use super::connection::{Connection, Identified, Listed, Listing, PageArguments};
use super::kinds::important_date::MomentNode;
use super::kinds::release::{self, ReleaseNode};
use super::node::Node;
use super::scope::Scope;
use crate::content::{DateTime, Id, Kind, Role};
use crate::publishing::release_diff::{ReleaseChange, Slot, What, release_diff};

/// The differences between two states of an event.
#[derive(Debug)]
pub(super) struct ReleaseDiffNode {
    before: Scope,
    after: Scope,
    changes: Vec<Arc<ReleaseChange>>,
}

impl ReleaseDiffNode {
    /// What `after` has else than `before`; both are what everybody may see of the two states.
    pub(super) fn new(before: Scope, after: Scope) -> Self {
        let changes = release_diff(before.document(), after.document()).into_iter().map(Arc::new).collect();
        ReleaseDiffNode { before, after, changes }
    }
}

/// What is different between two states of an event, in the words of those who attend it.
#[Object(name = "ReleaseDiff", serial)]
impl ReleaseDiffNode {
    /// The release that is compared; absent when it is the beginning, before anything was released.
    async fn from(&self) -> Option<ReleaseNode> {
        release::shown(&self.before)
    }

    /// The release that it is compared with; absent when that is the working content.
    async fn to(&self) -> Option<ReleaseNode> {
        release::shown(&self.after)
    }

    /// The differences: what is new or different by its kind, and then what is no longer there.
    async fn changes(
        &self,
        #[graphql(desc = "The most items to give, from the beginning: 0 to 100, 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "Give what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most items to give, from the end: 0 to 100. Not together with `first`.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Give what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ReleaseChangeNode>> {
        let page = PageArguments { first, after, last, before };
        page.page(&Listing::Whole(&self.changes), |change| {
            let scope = if change.what == What::Removed { &self.before } else { &self.after };
            ReleaseChangeNode::new(Told { change: change.clone(), before: self.before.clone(), scope: scope.clone() })
        })
    }
}

impl Identified for ReleaseChange {
    fn identity(&self) -> Id {
        self.id
    }
}

impl Listed for ReleaseChangeNode {
    const CONNECTION: &'static str = "ReleaseChangeConnection";
    const EDGE: &'static str = "ReleaseChangeEdge";
}

/// A difference, with the states that it is between.
#[derive(Clone, Debug)]
pub(super) struct Told {
    change: Arc<ReleaseChange>,
    before: Scope,
    /// Where the record is: in the later state, or in the earlier one when it is no longer there.
    scope: Scope,
}

/// A place in the schedule.
#[derive(Debug)]
struct SlotNode<'a>(&'a Slot, &'a Scope);

/// A place in the schedule.
#[Object(name = "ReleaseSlot", serial)]
impl SlotNode<'_> {
    /// When it begins; absent without a place in the schedule.
    async fn starts_at(&self) -> Option<DateTime> {
        self.0.starts_at.map(|at| self.1.date_time(at))
    }

    /// When it ends; absent where that is open.
    async fn ends_at(&self) -> Option<DateTime> {
        self.0.ends_at.map(|at| self.1.date_time(at))
    }

    /// The name of the room.
    async fn room(&self) -> Option<&str> {
        self.0.room.as_deref()
    }
}

/// Makes the types of the differences: what all have is said once.
macro_rules! changes {
    ($($(#[$($doc:tt)*])* $node:ident = $name:literal { $($own:tt)* })*) => {
        $(
            $(#[$($doc)*])*
            #[derive(Clone, Debug)]
            pub(super) struct $node(Told);

            $(#[$($doc)*])*
            #[Object(name = $name, serial)]
            impl $node {
                /// The kind of the record.
                async fn kind(&self) -> Kind {
                    self.0.change.kind
                }

                /// The id of the record.
                async fn record_id(&self) -> Id {
                    self.0.change.id
                }

                /// What it is called afterwards, or was called before it went.
                async fn title(&self) -> &str {
                    &self.0.change.title
                }

                /// The record as it is afterwards, or as it was before it went.
                async fn node(&self) -> Option<Node> {
                    self.0.scope.record(self.0.change.id).and_then(|record| Node::new(&record, &self.0.scope))
                }

                $($own)*
            }
        )*
    };
}

changes! {
    /// A session is at another time or in another room.
    SessionMovedNode = "SessionMoved" {
        /// Where it was.
        async fn before(&self) -> Option<SlotNode<'_>> {
            self.0.slots().map(|(before, _)| SlotNode(before, &self.0.before))
        }

        /// Where it is.
        async fn after(&self) -> Option<SlotNode<'_>> {
            self.0.slots().map(|(_, after)| SlotNode(after, &self.0.scope))
        }
    }
    /// A session that was to take place does not.
    SessionCancelledNode = "SessionCancelled" {}
    /// A session is new.
    SessionAddedNode = "SessionAdded" {}
    /// A session is no longer in the programme.
    SessionRemovedNode = "SessionRemoved" {}
    /// Somebody has come in: as speaker, panelist, organizer, volunteer or committee member.
    ParticipantAddedNode = "ParticipantAdded" {
        /// As what.
        async fn role(&self) -> Option<Role> {
            self.0.change.kind.role()
        }
    }
    /// Somebody is no longer there: as speaker, panelist, organizer, volunteer or committee member.
    ParticipantRemovedNode = "ParticipantRemoved" {
        /// As what.
        async fn role(&self) -> Option<Role> {
            self.0.change.kind.role()
        }
    }
    /// A paper is new.
    PaperAddedNode = "PaperAdded" {}
    /// A paper is no longer there.
    PaperRemovedNode = "PaperRemoved" {}
    /// An announcement is new.
    AnnouncementPublishedNode = "AnnouncementPublished" {}
    /// Something is called something else.
    TitleChangedNode = "TitleChanged" {
        /// What it was called.
        async fn before(&self) -> Option<&str> {
            match &self.0.change.what {
                What::Renamed { before } => Some(before),
                _ => None,
            }
        }
    }
    /// An important date is at another time.
    DateChangedNode = "DateChanged" {
        /// When it was.
        async fn before(&self) -> Option<MomentNode<'_>> {
            self.0.moments().map(|(before, _)| MomentNode::new(before, &self.0.before))
        }

        /// When it is.
        async fn after(&self) -> Option<MomentNode<'_>> {
            self.0.moments().map(|(_, after)| MomentNode::new(after, &self.0.scope))
        }
    }
    /// Something else is new.
    ItemAddedNode = "ItemAdded" {}
    /// Something else is no longer there.
    ItemRemovedNode = "ItemRemoved" {}
    /// Something is different in other ways.
    ItemChangedNode = "ItemChanged" {
        /// The names of the fields that are different, as the document of the event has them, in alphabetical order.
        async fn fields(&self) -> &[String] {
            match &self.0.change.what {
                What::Changed { fields } => fields,
                _ => &[],
            }
        }
    }
}

impl Told {
    fn slots(&self) -> Option<(&Slot, &Slot)> {
        match &self.change.what {
            What::Moved { before, after } => Some((before, after)),
            _ => None,
        }
    }

    fn moments(&self) -> Option<(&crate::content::Moment, &crate::content::Moment)> {
        match &self.change.what {
            What::Rescheduled { before, after } => Some((before, after)),
            _ => None,
        }
    }
}

/// A difference between two states of an event. New types may come: show what you do not know by `title`.
#[derive(Clone, Debug, Union)]
#[graphql(name = "ReleaseChange")]
pub(super) enum ReleaseChangeNode {
    SessionMoved(SessionMovedNode),
    SessionCancelled(SessionCancelledNode),
    SessionAdded(SessionAddedNode),
    SessionRemoved(SessionRemovedNode),
    ParticipantAdded(ParticipantAddedNode),
    ParticipantRemoved(ParticipantRemovedNode),
    PaperAdded(PaperAddedNode),
    PaperRemoved(PaperRemovedNode),
    AnnouncementPublished(AnnouncementPublishedNode),
    TitleChanged(TitleChangedNode),
    DateChanged(DateChangedNode),
    ItemAdded(ItemAddedNode),
    ItemRemoved(ItemRemovedNode),
    ItemChanged(ItemChangedNode),
}

impl ReleaseChangeNode {
    fn new(told: Told) -> Self {
        let kind = told.change.kind;
        match &told.change.what {
            What::Added => match kind {
                Kind::Session => SessionAddedNode(told).into(),
                Kind::Paper => PaperAddedNode(told).into(),
                Kind::Announcement => AnnouncementPublishedNode(told).into(),
                kind if kind.role().is_some() => ParticipantAddedNode(told).into(),
                _ => ItemAddedNode(told).into(),
            },
            What::Removed => match kind {
                Kind::Session => SessionRemovedNode(told).into(),
                Kind::Paper => PaperRemovedNode(told).into(),
                kind if kind.role().is_some() => ParticipantRemovedNode(told).into(),
                _ => ItemRemovedNode(told).into(),
            },
            What::Moved { .. } => SessionMovedNode(told).into(),
            What::Cancelled => SessionCancelledNode(told).into(),
            What::Renamed { .. } => TitleChangedNode(told).into(),
            What::Rescheduled { .. } => DateChangedNode(told).into(),
            What::Changed { .. } => ItemChangedNode(told).into(),
        }
    }
}
