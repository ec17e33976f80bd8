//! Who wrote something, as the change log and releases name them: never by what tells who somebody is.
//!
//! A user is there with their id, which leads nowhere when the account is gone.

use std::fmt::{Display, Formatter, Result};

use crate::content::Id;

/// Who wrote something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever ran a command on the server's machine.
    Operator,
    /// A user.
    User {
        /// Who it was.
        id: Id,
        /// The personal access token that they came with; `None` where they signed in.
        token: Option<Id>,
    },
}

impl Actor {
    /// The actor with this name. Only users and the operator write.
    pub fn named(name: &str) -> Actor {
        let read = || {
            let (user, token) = match name.strip_prefix("user:")?.split_once("/token:") {
                Some((user, token)) => (user, Some(token.parse().ok()?)),
                None => (name.strip_prefix("user:")?, None),
            };
            Some(Actor::User { id: user.parse().ok()?, token })
        };
        read().unwrap_or(Actor::Operator)
    }

    /// The user.
    pub fn user(self) -> Option<Id> {
        match self {
            Actor::Operator => None,
            Actor::User { id, .. } => Some(id),
        }
    }

    /// The name of a user who signed in, and what the names of their tokens begin with.
    pub fn names_of(user: Id) -> (String, String) {
        let name = Actor::User { id: user, token: None }.to_string();
        let tokens = format!("{name}/");
        (name, tokens)
    }
}

impl Display for Actor {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Actor::Operator => formatter.write_str("operator"),
            Actor::User { id, token: None } => write!(formatter, "user:{id}"),
            Actor::User { id, token: Some(token) } => write!(formatter, "user:{id}/token:{token}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_actor() {
        let id = |number| Id(uuid::Uuid::from_u128(number));
        for actor in
            [Actor::Operator, Actor::User { id: id(1), token: None }, Actor::User { id: id(1), token: Some(id(2)) }]
        {
            assert_eq!(Actor::named(&actor.to_string()), actor);
        }
        let (name, tokens) = Actor::names_of(id(1));
        assert_eq!(name, Actor::User { id: id(1), token: None }.to_string());
        assert!(Actor::User { id: id(1), token: Some(id(2)) }.to_string().starts_with(&tokens));
        for name in ["", "user:", "user:nobody", "user:nobody/token:nothing"] {
            assert_eq!(Actor::named(name), Actor::Operator, "{name}");
        }
    }
}
