//! Who asks, and what they may do: decided here and nowhere else, as argument types.
//!
//! Only a [`Viewer`] with the right can make an [`Editor`], and the store writes only for one. Nothing here knows HTTP
//! or the database.

pub mod key_file;
pub mod token;

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

/// The right to write.
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

    /// The right to write, for those who have it.
    pub fn editor(&self) -> Option<Editor> {
        match self {
            Viewer::Operator => Some(Editor { actor: "operator".to_owned() }),
            Viewer::Anonymous | Viewer::Reader { .. } => None,
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
