//! The only reader of the system clock; everything else is given the time.

use std::sync::Arc;

use jiff::Timestamp;

/// Where the present time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A clock that stands still until it is set, for tests.
    Fixed(Arc<parking_lot::Mutex<Timestamp>>),
}

impl Clock {
    /// A clock that shows `now` until it is set.
    pub fn fixed(now: Timestamp) -> Self {
        Clock::Fixed(Arc::new(parking_lot::Mutex::new(now)))
    }

    /// The present time.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::Fixed(time) => *time.lock(),
        }
    }
}
