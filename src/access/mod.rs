//! Who asks, and what they may do: decided here and nowhere else, as argument types.
//!
//! Only a [`Viewer`] with the right can make an [`Editor`], and the store writes only for one. Nothing here knows HTTP
//! or the database.

pub mod key_file;
pub mod token;

use crate::content::Event;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Somebody of whom nothing is known: sees what is public.
    Anonymous,
    /// Whoever holds a token that opens the working view of some events.
    Reader {
        /// The name that the token was issued to, for logs.
        subject: String,
        /// The slugs of the events; `None` opens every event.
        events: Option<Vec<String>>,
    },
    /// Whoever runs the commands on this machine: may do everything.
    Operator,
}

/// What somebody may do with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// See the working view: drafts, embargoed items, the change log.
    Read,
    /// Change content.
    Write,
    /// Decide what the public sees: publication, releases, rollback.
    Publish,
    /// Decide who may do what: members, invitations; delete the event.
    Manage,
}

/// The right to write: only a [`Viewer`] who has it can make one.
#[derive(Clone, Debug)]
pub struct Editor {
    actor: String,
}

impl Viewer {
    /// Whether the viewer may see the working view, drafts included, of the event with this slug.
    pub fn may_see_working(&self, event_slug: &str) -> bool {
        match self {
            Viewer::Anonymous => false,
            Viewer::Reader { events, .. } => {
                events.as_ref().is_none_or(|slugs| slugs.iter().any(|slug| slug == event_slug))
            }
            Viewer::Operator => true,
        }
    }

    /// Whether the viewer has a right on an event.
    pub fn may(&self, right: Right, event: &Event) -> bool {
        match self {
            Viewer::Operator => true,
            Viewer::Reader { .. } => right == Right::Read && self.may_see_working(&event.slug),
            Viewer::Anonymous => false,
        }
    }

    /// The right to write an event's content, for those who have it.
    pub fn editor(&self, event: &Event) -> Option<Editor> {
        self.may(Right::Write, event).then(|| Editor { actor: self.actor() })
    }

    /// The right to create events, for those who have it.
    pub fn creator(&self) -> Option<Editor> {
        (*self == Viewer::Operator).then(|| Editor { actor: self.actor() })
    }

    /// Who acts, for the change log.
    fn actor(&self) -> String {
        match self {
            Viewer::Operator => "operator".to_owned(),
            Viewer::Reader { subject, .. } => subject.clone(),
            Viewer::Anonymous => "anonymous".to_owned(),
        }
    }

    /// What distinguishes this viewer's answers from the public's, for caches: `None` for those who see only what is
    /// public.
    pub fn is_public(&self) -> bool {
        *self == Viewer::Anonymous
    }
}

impl Editor {
    /// Who writes, for the change log.
    pub fn actor(&self) -> &str {
        &self.actor
    }
}
