//! The bounds of every setting: the first one that is out of its own is named.

use std::fmt::Display;
use std::ops::RangeInclusive;

use super::{Config, Limits, OutsideConfig, SubscriptionsConfig, WebhooksConfig};

impl Config {
    /// Says the first setting that is out of its bounds.
    pub(super) fn check(&self) -> Result<(), String> {
        let Config { database, server, graphql, subscriptions, cache, shelf, log, auth, webhooks } = self;
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| database.url.starts_with(scheme)) {
            return Err("database.url must begin with sqlite: or postgres:".to_owned());
        }
        within("database.max_connections", database.max_connections, 1..=1000)?;
        within("database.acquire_timeout_ms", database.acquire_timeout_ms, 1..=600_000)?;
        within("server.request_timeout_ms", server.request_timeout_ms, 100..=600_000)?;
        within("server.body_limit_bytes", server.body_limit_bytes, 1024..=16_777_216)?;
        within("server.import_limit_bytes", server.import_limit_bytes, 1024..=268_435_456)?;
        within("server.max_concurrent_requests", server.max_concurrent_requests, 1..=100_000)?;
        within("server.idempotency_hours", server.idempotency_hours, 1..=720)?;
        within("server.shutdown_grace_ms", server.shutdown_grace_ms, 0..=600_000)?;
        within("server.cors.max_age", server.cors.max_age, 0..=86_400)?;
        check_origins(&server.cors.origins)?;
        if let Some(url) = &server.public_url {
            check_web_address("server.public_url", url)?;
        }
        check_limits(&graphql.limits)?;
        if graphql.default_event.as_ref().is_some_and(String::is_empty) {
            return Err("graphql.default_event is empty: leave it out, or name an event's slug".to_owned());
        }
        check_subscriptions(subscriptions)?;
        within("cache.documents_bytes", cache.documents_bytes, 0..=1 << 30)?;
        within("cache.persisted_bytes", cache.persisted_bytes, 0..=1 << 30)?;
        within("cache.responses_bytes", cache.responses_bytes, 0..=1 << 36)?;
        within("cache.max_age", cache.max_age, 0..=31_536_000)?;
        within("cache.stale_while_revalidate", cache.stale_while_revalidate, 0..=31_536_000)?;
        within("shelf.memory_budget_bytes", shelf.memory_budget_bytes, 1 << 20..=usize::MAX)?;
        within("shelf.poll_interval_ms", shelf.poll_interval_ms, 10..=60_000)?;
        tracing_subscriber::EnvFilter::try_new(&log.level)
            .map_err(|error| format!("log.level is not a log filter: {error}"))?;
        if auth.key_file.as_os_str().is_empty() {
            return Err("auth.key_file is empty".to_owned());
        }
        within("auth.access_token_minutes", auth.access_token_minutes, 1..=60)?;
        within("auth.session_days", auth.session_days, 1..=365)?;
        within("auth.attempts_per_account", auth.attempts_per_account, 1..=1000)?;
        within("auth.attempts_per_address", auth.attempts_per_address, 1..=100_000)?;
        within("auth.attempts_window_seconds", auth.attempts_window_seconds, 1..=86_400)?;
        if let Some(OutsideConfig { issuer, audience, .. }) = &auth.outside {
            if issuer.is_empty() || audience.is_empty() {
                return Err("auth.outside needs an issuer and an audience".to_owned());
            }
            if issuer == "plenary" {
                return Err("auth.outside.issuer is \"plenary\", which is this server's own name".to_owned());
            }
        }
        check_webhooks(webhooks)
    }
}

fn check_limits(limits: &Limits) -> Result<(), String> {
    let Limits { bytes, tokens, depth, aliases, root_fields, directives, fields, cost } = *limits;
    within("graphql.limits.bytes", bytes, 1..=1 << 20)?;
    within("graphql.limits.tokens", tokens, 1..=100_000)?;
    // The guard's own walk is recursive, so depth has a ceiling.
    within("graphql.limits.depth", depth, 1..=32)?;
    within("graphql.limits.aliases", aliases, 0..=100_000)?;
    within("graphql.limits.root_fields", root_fields, 1..=100_000)?;
    within("graphql.limits.directives", directives, 0..=100_000)?;
    within("graphql.limits.fields", fields, 1..=100_000)?;
    within("graphql.limits.cost", cost, 1..=u64::MAX)
}

fn check_subscriptions(config: &SubscriptionsConfig) -> Result<(), String> {
    within("subscriptions.connections", config.connections, 0..=1_000_000)?;
    within("subscriptions.connections_per_address", config.connections_per_address, 1..=1_000_000)?;
    within("subscriptions.operations_per_connection", config.operations_per_connection, 1..=10_000)?;
    within("subscriptions.message_limit_bytes", config.message_limit_bytes, 1024..=16_777_216)?;
    within("subscriptions.init_timeout_ms", config.init_timeout_ms, 10..=600_000)?;
    within("subscriptions.keep_alive_ms", config.keep_alive_ms, 10..=600_000)?;
    within("subscriptions.send_timeout_ms", config.send_timeout_ms, 10..=600_000)
}

fn check_webhooks(config: &WebhooksConfig) -> Result<(), String> {
    within("webhooks.burst_ms", config.burst_ms, 0..=60_000)?;
    within("webhooks.burst_messages", config.burst_messages, 1..=10_000)?;
    within("webhooks.waiting_messages", config.waiting_messages, 1..=1_000_000)?;
    within("webhooks.poll_interval_ms", config.poll_interval_ms, 10..=60_000)?;
    within("webhooks.timeout_ms", config.timeout_ms, 100..=60_000)?;
    if config.retry_seconds.len() > 50 {
        return Err("webhooks.retry_seconds has more than 50 entries".to_owned());
    }
    for seconds in &config.retry_seconds {
        within("webhooks.retry_seconds", *seconds, 0..=604_800)?;
    }
    within("webhooks.disable_after_days", config.disable_after_days, 1..=365)?;
    within("webhooks.rotation_hours", config.rotation_hours, 0..=720)?;
    within("webhooks.keep_days", config.keep_days, 1..=365)?;
    within("webhooks.concurrency", config.concurrency, 1..=1000)
}

fn check_origins(origins: &[String]) -> Result<(), String> {
    for origin in origins {
        if origin == "*" {
            if origins.len() > 1 {
                return Err("server.cors.origins has \"*\" beside other origins: it must stand alone".to_owned());
            }
            continue;
        }
        check_web_address("server.cors.origins", origin)?;
    }
    Ok(())
}

fn check_web_address(key: &str, text: &str) -> Result<(), String> {
    let good = url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if good && !text.ends_with('/') {
        return Ok(());
    }
    Err(format!("{key} is {text:?}: it must begin with http:// or https:// and have no slash at its end"))
}

fn within<N: Copy + PartialOrd + Display>(key: &str, value: N, bounds: RangeInclusive<N>) -> Result<(), String> {
    if bounds.contains(&value) {
        return Ok(());
    }
    Err(format!("{key} is {value}: it must be from {} to {}", bounds.start(), bounds.end()))
}
