//! How often somebody may guess: failures are counted by account and by address, in windows of time.
//!
//! A success is not counted, so that people behind one address do not hinder each other. The counts are this server's
//! own: with several servers, somebody who reaches all of them has as many guesses more.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;

use jiff::Timestamp;
use parking_lot::Mutex;

use crate::access::network;
use crate::config::AuthConfig;

/// The most counts that are kept. Who is counted only once leaves first when there are more.
const MAX_COUNTS: usize = 100_000;

/// The counts.
#[derive(Debug)]
pub(super) struct Limits {
    per_account: u32,
    per_address: u32,
    window: i64,
    /// Keys are hashed with randomness of this process, so that no address stands in memory and nobody can choose
    /// whom they collide with.
    hasher: RandomState,
    counts: Mutex<HashMap<u64, Count>>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    /// When the window ends, in seconds.
    until: i64,
    failures: u32,
}

/// An attempt that has been counted as a failure until it succeeds.
#[derive(Debug)]
pub(super) struct Attempt {
    keys: [Option<u64>; 2],
}

impl Limits {
    pub(super) fn new(config: &AuthConfig) -> Limits {
        Limits {
            per_account: config.attempts_per_account,
            per_address: config.attempts_per_address,
            window: i64::from(config.attempts_window_seconds),
            hasher: RandomState::new(),
            counts: Mutex::default(),
        }
    }

    /// Counts an attempt before it is made, so that many at once are counted too; or answers in how many seconds it is
    /// worth trying again.
    pub(super) fn begin(&self, account: Option<&str>, from: Option<IpAddr>, now: Timestamp) -> Result<Attempt, u64> {
        let now = now.as_second();
        let account = account.map(|account| (self.hasher.hash_one(("account", account)), self.per_account));
        let address = from.map(|from| (self.hasher.hash_one(("address", network(from))), self.per_address));
        let mut counts = self.counts.lock();
        for (key, limit) in account.iter().chain(&address) {
            if let Some(count) = counts.get(key).filter(|count| count.until > now && count.failures >= *limit) {
                return Err(u64::try_from(count.until - now).unwrap_or(1).max(1));
            }
        }
        make_room(&mut counts, now);
        for (key, _) in account.iter().chain(&address) {
            let count = counts.entry(*key).or_insert(Count { until: 0, failures: 0 });
            if count.until <= now {
                *count = Count { until: now + self.window, failures: 0 };
            }
            count.failures += 1;
        }
        Ok(Attempt { keys: [account.map(|(key, _)| key), address.map(|(key, _)| key)] })
    }

    /// Takes an attempt back that was right.
    pub(super) fn succeeded(&self, attempt: &Attempt) {
        let mut counts = self.counts.lock();
        for key in attempt.keys.iter().flatten() {
            if let Some(count) = counts.get_mut(key) {
                count.failures = count.failures.saturating_sub(1);
            }
        }
    }
}

fn make_room(counts: &mut HashMap<u64, Count>, now: i64) {
    if counts.len() < MAX_COUNTS {
        return;
    }
    counts.retain(|_, count| count.until > now);
    let mut least = 1;
    while counts.len() >= MAX_COUNTS {
        counts.retain(|_, count| count.failures > least);
        least *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        let mut config = crate::config::Config::defaults().auth;
        (config.attempts_per_account, config.attempts_per_address, config.attempts_window_seconds) = (3, 5, 60);
        Limits::new(&config)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn an_account_is_guessed_at_only_so_often() {
        let limits = limits();
        for guess in 0..3 {
            // From wherever.
            assert!(limits.begin(Some("a"), ip(&format!("192.0.2.{guess}")), at(0)).is_ok());
        }
        assert_eq!(limits.begin(Some("a"), ip("192.0.2.9"), at(10)).unwrap_err(), 50);
        assert!(limits.begin(Some("b"), ip("192.0.2.9"), at(10)).is_ok());
        assert!(limits.begin(Some("a"), ip("192.0.2.9"), at(60)).is_ok());
    }

    #[test]
    fn an_address_guesses_only_so_often() {
        let limits = limits();
        for guess in 0..5 {
            assert!(limits.begin(Some(&guess.to_string()), ip(&format!("2001:db8::{guess}")), at(0)).is_ok());
        }
        assert!(limits.begin(Some("6"), ip("2001:db8::ffff"), at(0)).is_err());
        assert!(limits.begin(Some("6"), ip("2001:db8:0:1::"), at(0)).is_ok());
        for _ in 0..5 {
            assert!(limits.begin(None, ip("::ffff:192.0.2.1"), at(0)).is_ok());
        }
        assert!(limits.begin(None, ip("192.0.2.1"), at(0)).is_err());
    }

    #[test]
    fn what_succeeds_is_not_counted() {
        let limits = limits();
        for _ in 0..20 {
            let attempt = limits.begin(Some("a"), ip("192.0.2.1"), at(0)).unwrap();
            limits.succeeded(&attempt);
        }
    }

    #[test]
    fn there_is_a_bound_on_what_is_kept() {
        let limits = limits();
        for _ in 0..3 {
            limits.begin(Some("a"), None, at(0)).unwrap();
        }
        for other in 0..=MAX_COUNTS {
            limits.begin(Some(&format!("other{other}")), None, at(0)).unwrap();
        }
        assert!(limits.counts.lock().len() <= MAX_COUNTS);
        assert!(limits.begin(Some("a"), None, at(0)).is_err(), "who guesses often is not forgotten first");
    }
}
