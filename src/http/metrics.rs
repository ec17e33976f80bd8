//! What the server counts, as Prometheus reads it.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeLabelValue, EncodeMetric};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::graphql::error::Code;
use crate::shelf::Shelf;
use crate::webhooks::Counts;

/// The content type of the OpenMetrics text.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    code: &'static str,
}

/// How a subscription is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub(super) enum Transport {
    Websocket,
    Events,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connected {
    transport: Transport,
}

/// The route that nearly every request takes.
pub(super) const GRAPHQL: &str = "/graphql";

/// The counters.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<Request, Counter>,
    durations: Family<Route, Histogram>,
    /// The two that nearly every request counts in, so that they need not be looked up each time.
    answers: (Counter, Histogram),
    in_flight: Gauge,
    hits: Counter,
    misses: Counter,
    refusals: Family<Refused, Counter>,
    connections: Family<Connected, Gauge>,
    operations: Gauge,
}

/// Something that goes on; counted until it is dropped.
#[derive(Debug)]
pub(super) struct Counted(Gauge);

impl Counted {
    fn new(gauge: &Gauge) -> Counted {
        gauge.inc();
        Counted(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    pub(super) fn new(shelf: Arc<Shelf>, webhooks: &Counts) -> Metrics {
        let durations = Family::new_with_constructor(new_histogram as fn() -> Histogram);
        let mut registry = Registry::with_prefix("plenary");
        let requests = Family::<Request, Counter>::default();
        let in_flight = Gauge::default();
        let hits = Counter::default();
        let misses = Counter::default();
        let refusals = Family::default();
        let connections = Family::<Connected, Gauge>::default();
        let operations = Gauge::default();
        registry.register("http_requests", "Requests by route and status", requests.clone());
        registry.register("http_request_duration_seconds", "Time until the head of the answer", durations.clone());
        registry.register("http_requests_in_flight", "Requests that are being answered", in_flight.clone());
        registry.register("response_cache_hits", "Answers given from memory", hits.clone());
        registry.register("response_cache_misses", "Operations executed", misses.clone());
        registry.register("refusals", "GraphQL requests that were not executed, by code", refusals.clone());
        let help = "Connections for subscriptions that are open";
        registry.register("subscription_connections", help, connections.clone());
        let help = "Operations that go on on connections for subscriptions";
        registry.register("subscription_operations", help, operations.clone());
        webhooks.register(&mut registry);
        registry.register_collector(Box::new(ShelfCollector(shelf)));
        let usual = Request { route: GRAPHQL, status: 200 };
        let answers =
            (requests.get_or_create(&usual).clone(), durations.get_or_create(&Route { route: GRAPHQL }).clone());
        Metrics {
            registry: Mutex::new(registry),
            requests,
            durations,
            answers,
            in_flight,
            hits,
            misses,
            refusals,
            connections,
            operations,
        }
    }

    /// A request is being answered.
    pub(super) fn begin(&self) -> Counted {
        Counted::new(&self.in_flight)
    }

    /// A connection for subscriptions is open.
    pub(super) fn connected(&self, transport: Transport) -> Counted {
        Counted::new(&self.connections.get_or_create(&Connected { transport }))
    }

    /// An operation goes on on such a connection.
    pub(super) fn operation(&self) -> Counted {
        Counted::new(&self.operations)
    }

    pub(super) fn answered(&self, route: &'static str, status: u16, time: Duration) {
        if (route, status) == (GRAPHQL, 200) {
            self.answers.0.inc();
            self.answers.1.observe(time.as_secs_f64());
            return;
        }
        self.requests.get_or_create(&Request { route, status }).inc();
        self.durations.get_or_create(&Route { route }).observe(time.as_secs_f64());
    }

    pub(super) fn hit(&self) {
        self.hits.inc();
    }

    pub(super) fn miss(&self) {
        self.misses.inc();
    }

    pub(super) fn refused(&self, code: Code) {
        self.refusals.get_or_create(&Refused { code: code.as_str() }).inc();
    }

    /// Everything as OpenMetrics text.
    pub(super) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry.lock())?;
        Ok(text)
    }
}

fn new_histogram() -> Histogram {
    Histogram::new([0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0])
}

/// Asks the shelf when somebody asks for metrics.
#[derive(Debug)]
struct ShelfCollector(Arc<Shelf>);

impl Collector for ShelfCollector {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let statistics = self.0.statistics();
        for (name, help, value) in [
            ("shelf_events", "Events that are in memory", statistics.events),
            ("shelf_bytes", "About how much memory they take", statistics.bytes),
        ] {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(
                name,
                help,
                None,
                prometheus_client::metrics::MetricType::Gauge,
            )?)?;
        }
        let loads = ConstCounter::new(statistics.loads);
        let kind = prometheus_client::metrics::MetricType::Counter;
        loads.encode(encoder.encode_descriptor("shelf_loads", "Events loaded from the database", None, kind)?)
    }
}
