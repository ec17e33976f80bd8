//! Accounts as they are stored: whole values in and out, secrets only as hashes.
//!
//! What ends a sign-in or a token is written here in the same transaction as its cause. Nothing here decides who may do
//! what, and nothing here is in the change log, which is about content.

mod invitations;
mod members;
mod sessions;
mod tokens;
mod users;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

pub use invitations::{Guest, NewInvitation};
pub(super) use members::make_owner;
pub use tokens::{AddedToken, NewAccessToken};
pub(super) use users::users_with_ids;

use crate::access::{Right, Role};
use crate::content::Id;

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The identity.
    pub id: Id,
    /// The address to sign in with, in lower case.
    pub email: String,
    /// The name.
    pub name: String,
    /// Whether they may do everything.
    pub administrator: bool,
    /// Whether they may create events.
    pub creates_events: bool,
    /// Whether somebody trusted has said that the address is theirs.
    pub email_verified: bool,
    /// Whether they may sign in.
    pub active: bool,
    /// Grows with everything that ends what they have signed in with.
    pub version: i32,
    /// Who they are to the outside issuer: its name and its name for them.
    pub outside: Option<(String, String)>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A user who is to be.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address, in lower case.
    pub email: String,
    /// The name.
    pub name: String,
    /// The hash of the password; `None` for somebody who comes by the outside issuer only.
    pub password: Option<PasswordHash>,
    /// Whether they may do everything.
    pub administrator: bool,
    /// Whether they may create events.
    pub creates_events: bool,
    /// Whether somebody trusted has said that the address is theirs.
    pub email_verified: bool,
}

/// The hash of a password, which is shown to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PasswordHash")
    }
}

/// A user with what they are at which event, and what they came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<T> {
    /// The user, who is active.
    pub user: User,
    /// What they are at which event.
    pub roles: BTreeMap<Id, Role>,
    /// What they came with.
    pub with: T,
}

/// What a used refresh token came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The session goes on.
    Going {
        /// The session.
        session: Id,
        /// Whose it is.
        user: Id,
        /// When the session ends by itself.
        expires_at: Timestamp,
    },
    /// The token had been used before: somebody else has it too, and the session has been ended.
    Reused,
    /// There is no such token, or its session is over.
    Unknown,
}

/// A personal access token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The identity.
    pub id: Id,
    /// Whose it is.
    pub user: Id,
    /// What it is for.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// The rights that it has at most.
    pub scopes: BTreeSet<Right>,
    /// The events that it is good for; `None`: all events of its user.
    pub events: Option<BTreeSet<Id>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A user at an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: User,
    /// What they are there.
    pub role: Role,
    /// Since when.
    pub since: Timestamp,
}

/// An invitation, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The identity.
    pub id: Id,
    /// The event.
    pub event: Id,
    /// Who is invited, in lower case.
    pub email: String,
    /// What they are to be.
    pub role: Role,
    /// Who invites; `None` for the operator, or somebody whose account is gone.
    pub invited_by: Option<Id>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
}

/// What became of a change of an event's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It is done.
    Done,
    /// The user is no member.
    NotThere,
    /// The event would have no owner afterwards.
    LastOwner,
}

fn word(role: Role) -> String {
    role.name().to_owned()
}
