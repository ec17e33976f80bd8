//! What is counted of webhooks, for whoever reads `/metrics`.

use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::store::{Verdict, Webhook};

/// What an attempt to deliver a message came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
enum Result {
    Delivered,
    Again,
    GivenUp,
    Disabled,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Attempted {
    result: Result,
}

/// The counts of a server. What it delivers is its own; what waits is the same for all servers of a database.
#[derive(Debug)]
pub struct Counts {
    attempts: Family<Attempted, Counter>,
    durations: Histogram,
    dropped: Counter,
    waiting: Gauge,
    endpoints: Gauge,
    failing: Gauge,
}

impl Default for Counts {
    fn default() -> Self {
        Counts {
            attempts: Family::default(),
            durations: Histogram::new([0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0]),
            dropped: Counter::default(),
            waiting: Gauge::default(),
            endpoints: Gauge::default(),
            failing: Gauge::default(),
        }
    }
}

impl Counts {
    /// Has them shown with the others.
    pub fn register(&self, registry: &mut Registry) {
        let help = "Attempts to deliver a message of a webhook, by what came of them";
        registry.register("webhook_attempts", help, self.attempts.clone());
        let help = "Time until an endpoint of a webhook had answered";
        registry.register("webhook_attempt_duration_seconds", help, self.durations.clone());
        let help = "Messages that were dropped because too many waited for their endpoint";
        registry.register("webhook_messages_dropped", help, self.dropped.clone());
        let help = "Messages that wait for an endpoint that is not disabled";
        registry.register("webhook_messages_waiting", help, self.waiting.clone());
        registry.register("webhook_endpoints", "Endpoints that are not disabled", self.endpoints.clone());
        let help = "Those of them whose last delivery failed";
        registry.register("webhook_endpoints_failing", help, self.failing.clone());
    }

    pub(super) fn attempted(&self, verdict: &Verdict, time: Duration) {
        let result = match verdict {
            Verdict::Delivered => Result::Delivered,
            Verdict::Again(_) => Result::Again,
            Verdict::GivenUp => Result::GivenUp,
            Verdict::Disabled(_) => Result::Disabled,
        };
        self.attempts.get_or_create(&Attempted { result }).inc();
        self.durations.observe(time.as_secs_f64());
    }

    pub(super) fn dropped(&self, messages: u64) {
        self.dropped.inc_by(messages);
    }

    pub(super) fn waiting(&self, messages: i64) {
        self.waiting.set(messages);
    }

    pub(super) fn known(&self, webhooks: &[Webhook]) {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.endpoints.set(count(webhooks.len()));
        self.failing.set(count(webhooks.iter().filter(|webhook| webhook.failing_since.is_some()).count()));
    }
}
