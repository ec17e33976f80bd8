//! Who asks, and what they may do: decided here and nowhere else, as argument types.
//!
//! Only a [`Viewer`] with the right can make an [`Editor`], and the store writes only for one. Nothing here knows HTTP
//! or the database.

mod account;
mod actor;
pub mod key_file;
mod network;
pub mod outside;
pub mod secret;
pub mod signing;
pub mod token;

use std::sync::Arc;

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

pub use account::{Account, Credential, Grant, Role};
pub use actor::Actor;
pub use network::network;

use crate::content::{Event, Id};

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
    /// Somebody with an account.
    User(Arc<Account>),
    /// Whoever runs the commands on this machine: may do everything.
    Operator,
}

/// What somebody may do with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    user: Option<Id>,
}

impl Viewer {
    /// Whether the viewer has a right on an event.
    pub fn may(&self, right: Right, event: &Event) -> bool {
        match self {
            Viewer::Operator => true,
            Viewer::User(account) => account.may(right, event.id),
            Viewer::Reader { events, .. } => {
                let opens = |slugs: &Vec<String>| slugs.contains(&event.slug);
                right == Right::Read && events.as_ref().is_none_or(opens)
            }
            Viewer::Anonymous => false,
        }
    }

    /// The right to write an event's content, for those who have it.
    pub fn editor(&self, event: &Event) -> Option<Editor> {
        self.may(Right::Write, event).then(|| self.as_editor())
    }

    /// The right to write what the public sees of an event, for those who may publish it.
    pub fn publisher(&self, event: &Event) -> Option<Editor> {
        self.may(Right::Publish, event).then(|| self.as_editor())
    }

    /// The right to create events, for those who have it. A user who creates an event is its first owner.
    pub fn creator(&self) -> Option<Editor> {
        let may = match self {
            Viewer::Operator => true,
            Viewer::User(account) => account.may_create_events(),
            Viewer::Reader { .. } | Viewer::Anonymous => false,
        };
        may.then(|| self.as_editor())
    }

    /// The account, where the viewer has one.
    pub fn account(&self) -> Option<&Arc<Account>> {
        match self {
            Viewer::User(account) => Some(account),
            Viewer::Operator | Viewer::Reader { .. } | Viewer::Anonymous => None,
        }
    }

    fn as_editor(&self) -> Editor {
        Editor { actor: self.actor(), user: self.account().map(|account| account.user) }
    }

    /// Who acts, in the words of the change log.
    pub fn actor(&self) -> String {
        match self {
            Viewer::Operator => Actor::Operator.to_string(),
            Viewer::User(account) => {
                let token = match &account.credential {
                    Credential::AccessToken(id, _) => Some(*id),
                    Credential::Session(_) | Credential::Outside => None,
                };
                Actor::User { id: account.user, token }.to_string()
            }
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

    /// The user who writes; `None` for the operator.
    pub fn user(&self) -> Option<Id> {
        self.user
    }
}
