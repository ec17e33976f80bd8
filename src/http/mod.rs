//! The HTTP server: the list of its addresses, and what all of them share.
//!
//! `graphql` answers queries, `subscriptions` goes on answering, `envelope` is around every request, `operations` is for those who run the server.

mod answer;
mod auth;
mod cache;
mod envelope;
mod failure;
mod graphiql;
mod graphql;
mod metrics;
mod negotiation;
mod operations;
mod patience;
mod peer;
mod request;
mod serve;
mod subscriptions;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{any, get};
use http::{HeaderValue, Method, header};
use tokio::sync::Semaphore;
use tower_http::cors::{AllowOrigin, CorsLayer};

pub use serve::serve;

use crate::accounts::Accounts;
use crate::clock::Clock;
use crate::config::{Config, CorsConfig};
use crate::graphql::Schema;
use crate::graphql::guard::Guard;
use crate::shelf::Shelf;
use crate::store::Store;
use cache::Caches;
use graphiql::Assets;
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
            metrics: Metrics::new(parts.shelf.clone()),
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
pub fn router(parts: Parts) -> Router {
    let cors = cors(&parts.config.server.cors);
    let api = Api::new(parts);
    Router::new()
        .route("/", get(operations::root))
        .route("/graphql", any(graphql::endpoint))
        .route("/graphql/assets/{*file}", get(graphiql::asset))
        .route("/.well-known/jwks.json", get(operations::public_keys))
        .route("/healthz", get(operations::health))
        .route("/readyz", get(operations::readiness))
        .route("/metrics", get(operations::metrics))
        .fallback(operations::not_found)
        .method_not_allowed_fallback(operations::method_not_allowed)
        // One layer, not two: each is another box around every request.
        .layer((axum::middleware::from_fn_with_state(api.clone(), envelope::around), cors))
        .with_state(api)
}

/// Who may read answers from a web page. Cookies are never used, so there is nothing to steal.
fn cors(config: &CorsConfig) -> CorsLayer {
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            http::HeaderName::from_static("x-request-id"),
            http::HeaderName::from_static("plenary-cost"),
            http::HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([header::ETAG, http::HeaderName::from_static("x-request-id")])
        .max_age(Duration::from_secs(config.max_age));
    if config.origins.iter().any(|origin| origin == "*") {
        return layer.allow_origin(AllowOrigin::any()).vary([]);
    }
    let origins: Vec<_> = config.origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    layer.allow_origin(AllowOrigin::list(origins)).vary([header::ORIGIN])
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
        Api::new(Parts { config, schema, trusting_schema, guard, shelf, store, clock: Clock::System, accounts })
    }
}
