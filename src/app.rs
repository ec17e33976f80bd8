//! The application: everything that a running server is made of, built once from the settings.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::accounts::Accounts;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::graphql::guard::Guard;
use crate::graphql::{self, Schema, Settings};
use crate::http;
use crate::shelf::Shelf;
use crate::store::Store;
use crate::webhooks;

/// Everything that a running server is made of.
#[derive(Debug)]
pub struct App {
    /// The settings.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// The snapshots, which follow the change log as long as the application lives.
    pub shelf: Arc<Shelf>,
    /// The accounts.
    pub accounts: Arc<Accounts>,
    /// The time.
    pub clock: Clock,
    webhook_counts: Arc<webhooks::Counts>,
    following: JoinHandle<()>,
}

impl Drop for App {
    fn drop(&mut self) {
        self.following.abort();
    }
}

impl App {
    /// Opens the database and begins to follow its changes. An embedded database is brought up to this version; a
    /// server's must be already.
    pub async fn open(config: Config, clock: Clock) -> Result<App, Error> {
        let store = open_store(&config).await?;
        App::with_store(config, store, clock).await
    }

    /// Begins to follow the changes of a database that is open.
    pub async fn with_store(config: Config, store: Store, clock: Clock) -> Result<App, Error> {
        let shelf = Shelf::open(store.clone(), clock.clone(), config.shelf.memory_budget_bytes).await?;
        let interval = Duration::from_millis(config.shelf.poll_interval_ms);
        let following = tokio::spawn(shelf.clone().follow_every(interval));
        let accounts = Accounts::new(store.clone(), clock.clone(), config.auth.clone());
        accounts.check_files()?;
        Ok(App { config, store, shelf, accounts, clock, webhook_counts: Arc::default(), following })
    }

    /// Makes and delivers the messages of webhooks, where the settings say so. What is on its way when that is stopped may
    /// arrive within a time of grace.
    pub fn deliver_webhooks(&self, base_url: &str) -> Result<Option<webhooks::Running>, Error> {
        let config = &self.config.webhooks;
        let start = || webhooks::start(&self.shelf, &self.clock, config, &self.webhook_counts, base_url);
        config.enabled.then(start).transpose()
    }

    /// Follows no changes any more and closes the database.
    pub async fn close(&self) -> Result<(), Error> {
        self.following.abort();
        self.store.close().await
    }

    /// Everything that the server answers.
    pub fn service(&self) -> http::Service {
        let (schema, guard) = schema(&self.config);
        http::service(http::Parts {
            schema,
            trusting_schema: graphql::trusting_schema(&settings(&self.config)),
            guard,
            shelf: self.shelf.clone(),
            store: self.store.clone(),
            clock: self.clock.clone(),
            accounts: self.accounts.clone(),
            webhook_counts: self.webhook_counts.clone(),
            config: self.config.clone(),
        })
    }
}

/// The schema with these settings, and the guard of it.
pub fn schema(config: &Config) -> (Schema, Guard) {
    let schema = graphql::schema(&settings(config));
    let guard = Guard::new(&schema.sdl(), &config.graphql);
    (schema, guard)
}

fn settings(config: &Config) -> Settings {
    Settings {
        introspection: config.graphql.introspection,
        default_event: config.graphql.default_event.clone(),
        webhooks: config.webhooks.clone(),
    }
}

/// Opens the database with the schema of this version, which an embedded database is given.
pub async fn open_store(config: &Config) -> Result<Store, Error> {
    let store = Store::open(&config.database).await?;
    if store.is_embedded() {
        store.migrate().await?;
        return Ok(store);
    }
    let pending = store.pending_migrations().await?;
    if !pending.is_empty() {
        let message = format!("the database lacks {} migration(s): run `plenary migrate` first", pending.len());
        return Err(Error::Schema(message));
    }
    Ok(store)
}
