//! Users who were looked up a moment ago, so that a stream of requests does not ask the database for each.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::access::Account;
use crate::content::Id;

/// How long a user is known. Another process's change takes as long to be seen here; this one's is seen at once.
const MOMENT: Duration = Duration::from_millis(500);
/// The most users that are known at once.
const MAX_KNOWN: usize = 10_000;

/// By what a user was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Session(Id),
    /// The hash of a personal access token.
    AccessToken(String),
    /// The outside issuer's name for them.
    Outside(String),
}

/// The users who are known.
#[derive(Debug, Default)]
pub(super) struct KnownUsers {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Grows whenever everybody is forgotten: who was looked up before is not remembered after.
    age: u64,
    users: HashMap<Key, (Instant, Arc<Account>)>,
}

impl KnownUsers {
    /// The user, or the age that a look-up begins in.
    pub(super) fn get(&self, key: &Key) -> Result<Arc<Account>, u64> {
        let state = self.state.lock();
        match state.users.get(key) {
            Some((since, account)) if since.elapsed() < MOMENT => Ok(account.clone()),
            _ => Err(state.age),
        }
    }

    /// Remembers somebody whose look-up began in an age, unless everybody was forgotten meanwhile.
    pub(super) fn remember(&self, key: Key, account: Arc<Account>, age: u64) {
        let mut state = self.state.lock();
        if state.age != age {
            return;
        }
        if state.users.len() >= MAX_KNOWN {
            state.users.retain(|_, (since, _)| since.elapsed() < MOMENT);
        }
        if state.users.len() < MAX_KNOWN {
            state.users.insert(key, (Instant::now(), account));
        }
    }

    /// Forgets everybody: something about accounts has changed.
    pub(super) fn forget(&self) {
        let mut state = self.state.lock();
        state.age += 1;
        state.users.clear();
    }
}
