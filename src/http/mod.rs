//! The HTTP server: the list of its addresses, and what all of them share.
//!
//! `graphql` answers queries, `subscriptions` goes on answering, `feeds` and `rest` answer what is neither, `envelope` is around
//! every request, `operations` is for those who run the server.

mod answer;
mod assets;
mod auth;
mod body;
mod cache;
mod cors;
mod envelope;
mod failure;
mod feeds;
mod graphiql;
mod graphql;
mod idempotency;
mod metrics;
mod negotiation;
mod openapi;
mod operations;
mod pages;
mod patience;
mod peer;
mod public;
mod request;
mod rest;
mod serve;
mod subscriptions;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use http::HeaderValue;
use tokio::sync::Semaphore;

pub use envelope::Service;
pub use serve::serve;

use crate::accounts::Accounts;
use crate::clock::Clock;
use crate::config::Config;
use crate::graphql::Schema;
use crate::graphql::guard::Guard;
use crate::shelf::Shelf;
use crate::store::Store;
use crate::webhooks::Counts;
use assets::Assets;
use cache::Caches;
use cors::Cors;
use metrics::Metrics;
use subscriptions::Connections;

/// What the server answers with.
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The schema.
    pub schema: Schema,
    /// The same schema for documents that it has validated before.
    pub trusting_schema: Schema,
    /// The guard of the schema.
    pub guard: Guard,
    /// The snapshots.
    pub shelf: Arc<Shelf>,
    /// The database, asked only whether it is there.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// The accounts, which know who sends a token.
    pub accounts: Arc<Accounts>,
    /// What is counted of webhooks.
    pub webhook_counts: Arc<Counts>,
}

/// What every request handler shares.
struct Api {
    parts: Parts,
    caches: Caches,
    assets: Assets,
    metrics: Metrics,
    executing: Semaphore,
    connections: Arc<Connections>,
    cache_control: CacheControl,
}

/// The values of `Cache-Control`, made once.
#[derive(Debug)]
struct CacheControl {
    /// For answers to a GET that stay right until the content changes.
    public: HeaderValue,
    /// For answers to a GET that must be asked for again each time.
    revalidate: HeaderValue,
    /// For answers that others must not keep.
    private: HeaderValue,
    /// For answers to a POST, which nobody keeps.
    no_store: HeaderValue,
}

impl Api {
    fn new(parts: Parts) -> Arc<Api> {
        let cache = &parts.config.cache;
        let public =
            format!("public, max-age={}, stale-while-revalidate={}", cache.max_age, cache.stale_while_revalidate);
        Arc::new(Api {
            caches: Caches::new(cache),
            assets: Assets::default(),
            metrics: Metrics::new(parts.shelf.clone(), &parts.webhook_counts),
            executing: Semaphore::new(parts.config.server.max_concurrent_requests),
            connections: Arc::default(),
            cache_control: CacheControl {
                public: HeaderValue::try_from(public).expect("words and numbers are a header value"),
                revalidate: HeaderValue::from_static("no-cache"),
                private: HeaderValue::from_static("private, no-store"),
                no_store: HeaderValue::from_static("no-store"),
            },
            parts,
        })
    }
}

/// Everything that the server answers.
///
/// `/graphql` is asked most by far, and not a route: what a router does around a handler is a tenth of an answer that is
/// kept.
pub fn service(parts: Parts) -> Service {
    let cors = Cors::new(&parts.config.server.cors);
    let api = Api::new(parts);
    let router = Router::new()
        .route("/", get(operations::root))
        .route("/graphql/assets/{*file}", get(graphiql::asset))
        .route("/.well-known/jwks.json", get(operations::public_keys))
        .route("/healthz", get(operations::health))
        .route("/readyz", get(operations::readiness))
        .route("/metrics", get(operations::metrics));
    let router = openapi::with_routes(pages::with_routes(rest::with_routes(feeds::with_routes(router))))
        .route_layer(axum::middleware::from_fn(envelope::note_route))
        .fallback(operations::not_found)
        .method_not_allowed_fallback(operations::method_not_allowed)
        .with_state(api.clone());
    Service::new(api, router, cors)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What handlers share, over an empty database in a folder.
    pub(super) async fn api(folder: &std::path::Path) -> Arc<Api> {
        let mut config = Config::defaults();
        config.database.url = format!("sqlite://{}?mode=rwc", folder.join("plenary.db").display());
        let store = Store::open(&config.database).await.unwrap();
        let settings = crate::graphql::Settings {
            introspection: true,
            default_event: None,
            webhooks: crate::config::Config::defaults().webhooks,
        };
        let schema = crate::graphql::schema(&settings);
        let trusting_schema = crate::graphql::trusting_schema(&settings);
        let guard = Guard::new(&schema.sdl(), &config.graphql);
        let shelf = Shelf::new(store.clone(), Clock::System, config.shelf.memory_budget_bytes);
        let accounts = Accounts::new(store.clone(), Clock::System, config.auth.clone());
        let (clock, webhook_counts) = (Clock::System, Arc::default());
        Api::new(Parts { config, schema, trusting_schema, guard, shelf, store, clock, accounts, webhook_counts })
    }
}
