//! The settings: their types, the order in which they are merged, and errors that name the key.

use serde::Deserialize;

/// All settings; `config/default.toml` is their manual.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[database]`
    pub database: DatabaseConfig,
}

/// `[database]`: where the content is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://path?mode=rwc` or `postgres://user:password@host:port/name`.
    pub url: String,
    /// The most connections that are open for reading at once.
    pub max_connections: u32,
    /// How long to wait for a connection, in milliseconds.
    pub acquire_timeout_ms: u64,
}
