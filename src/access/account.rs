//! A user who asks: their roles at events, and what the token that they came with leaves of them.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

use super::Right;
use crate::content::Id;

/// What a user is at an event; `docs/permissions.md` has the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum, Serialize, Deserialize)]
#[graphql(name = "MemberRole")]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees the working view, drafts included, and changes nothing.
    Reviewer,
    /// Changes content and publishes it.
    Editor,
    /// May do everything with the event: content, publication, members.
    Owner,
}

impl Role {
    /// Whether the role has a right.
    pub fn has(self, right: Right) -> bool {
        match self {
            Role::Reviewer => right == Right::Read,
            Role::Editor => matches!(right, Right::Read | Right::Write | Right::Publish),
            Role::Owner => true,
        }
    }

    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Role::Reviewer => "reviewer",
            Role::Editor => "editor",
            Role::Owner => "owner",
        }
    }
}

/// What somebody has shown to be taken for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// An access token of a sign-in.
    Session(Id),
    /// A personal access token, which may do less than its user.
    AccessToken(Id, Grant),
    /// A token of the configured outside issuer.
    Outside,
}

/// What a personal access token leaves of the rights of its user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// The rights that it has at most.
    pub scopes: BTreeSet<Right>,
    /// The events that it is good for; `None` for all events of its user.
    pub events: Option<BTreeSet<Id>>,
}

/// A user, as far as it matters for what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who it is.
    pub user: Id,
    /// The address that they sign in with.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Whether they may do everything.
    pub administrator: bool,
    /// Whether they may create events.
    pub creates_events: bool,
    /// What they are at which event.
    pub roles: BTreeMap<Id, Role>,
    /// How they showed who they are.
    pub credential: Credential,
}

impl Account {
    /// Whether the user, with this credential, has a right on an event.
    pub fn may(&self, right: Right, event: Id) -> bool {
        let has = self.administrator || self.roles.get(&event).is_some_and(|role| role.has(right));
        has && self.leaves(right, event)
    }

    /// Whether the user, with this credential, may create events. A token that is limited to events that there are
    /// already can't.
    pub fn may_create_events(&self) -> bool {
        let may = self.administrator || self.creates_events;
        may && match &self.credential {
            Credential::AccessToken(_, grant) => grant.scopes.contains(&Right::Write) && grant.events.is_none(),
            Credential::Session(_) | Credential::Outside => true,
        }
    }

    /// Whether the user may change their own account: with a personal access token nobody can, lest it make itself
    /// stronger or longer-lived.
    pub fn may_change_account(&self) -> bool {
        !matches!(self.credential, Credential::AccessToken(..))
    }

    fn leaves(&self, right: Right, event: Id) -> bool {
        match &self.credential {
            Credential::AccessToken(_, grant) => {
                grant.scopes.contains(&right) && grant.events.as_ref().is_none_or(|events| events.contains(&event))
            }
            Credential::Session(_) | Credential::Outside => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHTS: [Right; 4] = [Right::Read, Right::Write, Right::Publish, Right::Manage];

    fn account(role: Role, credential: Credential) -> Account {
        Account {
            user: Id(uuid::Uuid::from_u128(9)),
            email: "a@example.org".to_owned(),
            name: "A".to_owned(),
            administrator: false,
            creates_events: false,
            roles: BTreeMap::from([(Id(uuid::Uuid::from_u128(1)), role)]),
            credential,
        }
    }

    #[test]
    fn roles_have_the_rights_of_the_table() {
        let (here, there) = (Id(uuid::Uuid::from_u128(1)), Id(uuid::Uuid::from_u128(2)));
        for (role, rights) in [(Role::Reviewer, 1), (Role::Editor, 3), (Role::Owner, 4)] {
            let account = account(role, Credential::Session(Id(uuid::Uuid::from_u128(8))));
            assert_eq!(RIGHTS.map(|right| account.may(right, here)).iter().filter(|may| **may).count(), rights);
            assert!(RIGHTS.iter().all(|right| !account.may(*right, there)) && !account.may_create_events());
        }
    }

    #[test]
    fn a_token_has_no_more_than_its_user_and_its_scopes() {
        let (here, there) = (Id(uuid::Uuid::from_u128(1)), Id(uuid::Uuid::from_u128(2)));
        let grant = |scopes: &[Right], events: Option<&[Id]>| Grant {
            scopes: scopes.iter().copied().collect(),
            events: events.map(|events| events.iter().copied().collect()),
        };
        let with = |role, grant| account(role, Credential::AccessToken(Id(uuid::Uuid::from_u128(8)), grant));
        let reviewer = with(Role::Reviewer, grant(&RIGHTS, None));
        assert!(reviewer.may(Right::Read, here) && !reviewer.may(Right::Write, here));
        let owner = with(Role::Owner, grant(&[Right::Read], None));
        assert!(owner.may(Right::Read, here) && !owner.may(Right::Write, here) && !owner.may_change_account());
        let mut administrator = with(Role::Owner, grant(&RIGHTS, Some(&[there])));
        administrator.administrator = true;
        assert!(!administrator.may(Right::Read, here) && administrator.may(Right::Manage, there));
        assert!(!administrator.may_create_events());
        administrator.credential = Credential::AccessToken(Id(uuid::Uuid::from_u128(8)), grant(&[Right::Read], None));
        assert!(!administrator.may_create_events());
        administrator.credential = Credential::AccessToken(Id(uuid::Uuid::from_u128(8)), grant(&RIGHTS, None));
        assert!(administrator.may_create_events());
    }
}
