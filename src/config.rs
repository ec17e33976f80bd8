//! The settings: their types, the order in which they are merged, and errors that name the key.
//!
//! `config/default.toml` is their manual, and its values are the defaults. This module knows only files and variables;
//! what a setting does is written where it is used.

mod checks;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use config::{ConfigError, Environment, File, FileFormat};
use serde::Deserialize;

use crate::error::Error;

/// The defaults with their descriptions.
pub const DEFAULTS: &str = include_str!("../config/default.toml");
/// The file that is read when no other is named, if it is there.
const FILE: &str = "plenary.toml";

/// All settings; `config/default.toml` is their manual.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[database]`
    pub database: DatabaseConfig,
    /// `[server]`
    pub server: ServerConfig,
    /// `[graphql]`
    pub graphql: GraphqlConfig,
    /// `[subscriptions]`
    pub subscriptions: SubscriptionsConfig,
    /// `[cache]`
    pub cache: CacheConfig,
    /// `[shelf]`
    pub shelf: ShelfConfig,
    /// `[log]`
    pub log: LogConfig,
    /// `[auth]`
    pub auth: AuthConfig,
    /// `[webhooks]`
    pub webhooks: WebhooksConfig,
}

/// `[database]`: where the content is kept.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://path?mode=rwc` or `postgres://user:password@host:port/name`.
    pub url: String,
    /// The most connections that are open for reading at once.
    pub max_connections: u32,
    /// How long to wait for a connection, in milliseconds.
    pub acquire_timeout_ms: u64,
}

/// `[server]`: how the server listens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// The address to listen on.
    pub address: SocketAddr,
    /// Where clients find this server, without a trailing slash.
    pub public_url: Option<String>,
    /// How long a request may take, in milliseconds.
    pub request_timeout_ms: u64,
    /// The longest request body that is read, in bytes.
    pub body_limit_bytes: usize,
    /// The longest request body that is read from those who are signed in, in bytes.
    pub import_limit_bytes: usize,
    /// The most requests that are executed at once.
    pub max_concurrent_requests: usize,
    /// For how long mutations with an idempotency key are remembered, in hours.
    pub idempotency_hours: u32,
    /// How long requests may go on after the signal to stop, in milliseconds.
    pub shutdown_grace_ms: u64,
    /// The addresses of the proxies that say whom they speak for.
    pub trusted_proxies: Vec<IpAddr>,
    /// `[server.cors]`
    pub cors: CorsConfig,
}

/// `[server.cors]`: which web pages may read answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorsConfig {
    /// The origins, or `*` alone.
    pub origins: Vec<String>,
    /// How long a browser may keep the answer to a preflight request, in seconds.
    pub max_age: u64,
}

/// `[graphql]`: what the schema is asked through.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GraphqlConfig {
    /// Whether the schema may be asked for.
    pub introspection: bool,
    /// Whether browsers get GraphiQL.
    pub graphiql: bool,
    /// The slug of the event that root fields mean when they get no `event` argument.
    pub default_event: Option<String>,
    /// `[graphql.limits]`
    pub limits: Limits,
}

/// `[graphql.limits]`: how much a query may ask for. Every number is an inclusive maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The length of the document, in bytes.
    pub bytes: usize,
    /// Lexical tokens in the document, comments not counted.
    pub tokens: usize,
    /// How deep fields are nested; `__typename` does not count. The standard introspection query is 15 deep.
    pub depth: u64,
    /// Fields with an alias, after fragments are expanded.
    pub aliases: u64,
    /// Fields at the root of an operation, after fragments are expanded.
    pub root_fields: u64,
    /// Directives in an operation, after fragments are expanded.
    pub directives: u64,
    /// Fields and fragment spreads of all operations, after fragments are expanded.
    pub fields: u64,
    /// The cost: every field counts once for each time that it may be in the answer.
    pub cost: u64,
}

/// `[subscriptions]`: how much may be open at once, and how long clients may take.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionsConfig {
    /// The most connections at once.
    pub connections: usize,
    /// The most connections at once from one address.
    pub connections_per_address: usize,
    /// The most operations at once on one connection.
    pub operations_per_connection: usize,
    /// The longest message that is read, in bytes.
    pub message_limit_bytes: usize,
    /// How long a client may take to say who it is, in milliseconds.
    pub init_timeout_ms: u64,
    /// How often a sign of life is sent, in milliseconds.
    pub keep_alive_ms: u64,
    /// How long a client may take to take in a message, in milliseconds.
    pub send_timeout_ms: u64,
}

/// `[cache]`: what is kept in memory, and what others may keep.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheConfig {
    /// Room for parsed documents, in bytes of their text.
    pub documents_bytes: u64,
    /// Room for the texts of automatic persisted queries, in bytes.
    pub persisted_bytes: u64,
    /// Room for finished answers, in bytes.
    pub responses_bytes: u64,
    /// How long others may use an answer, in seconds.
    pub max_age: u64,
    /// How long they may go on using it while they ask again, in seconds.
    pub stale_while_revalidate: u64,
}

/// `[shelf]`: the snapshots in memory.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShelfConfig {
    /// What the snapshots may take together, in bytes.
    pub memory_budget_bytes: usize,
    /// How often the change log is looked at, in milliseconds.
    pub poll_interval_ms: u64,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// For people or for programs.
    pub format: LogFormat,
    /// What is logged, as `tracing_subscriber::EnvFilter` writes it.
    pub level: String,
}

/// For whom the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object per line.
    Json,
}

/// `[webhooks]`: what is delivered, how often it is tried, and where to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhooksConfig {
    /// Whether this server makes and delivers messages.
    pub enabled: bool,
    /// How long an event must be quiet until its changes become messages, in milliseconds.
    pub burst_ms: u64,
    /// How many messages the changes of one burst may be.
    pub burst_messages: usize,
    /// How many messages may wait for an endpoint.
    pub waiting_messages: u64,
    /// How often is looked whether something is due, in milliseconds.
    pub poll_interval_ms: u64,
    /// How long an endpoint may take for its answer, in milliseconds.
    pub timeout_ms: u64,
    /// How long to wait after each failed attempt, in seconds.
    pub retry_seconds: Vec<u64>,
    /// After how many days on which every delivery failed an endpoint is disabled.
    pub disable_after_days: u32,
    /// How long a secret is good for signing after a new one has taken its place, in hours.
    pub rotation_hours: u32,
    /// How long messages are kept when they are done with, in days.
    pub keep_days: u32,
    /// How many endpoints are delivered to at once.
    pub concurrency: usize,
    /// A file with certificates of more authorities.
    pub ca_file: Option<PathBuf>,
    /// Whether endpoints may have `http:` addresses.
    pub allow_http: bool,
    /// Whether messages may go to this machine and its own network.
    pub allow_private: bool,
}

/// `[auth]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    /// The file with the keys that sign and check tokens; the first one signs.
    pub key_file: PathBuf,
    /// How long an access token of a sign-in is valid, in minutes.
    pub access_token_minutes: u32,
    /// How long a session lasts, however often it is renewed, in days.
    pub session_days: u32,
    /// How often somebody may fail to sign in to one account within a window.
    pub attempts_per_account: u32,
    /// How often somebody may fail to sign in from one address within a window.
    pub attempts_per_address: u32,
    /// How long a window is, in seconds.
    pub attempts_window_seconds: u32,
    /// `[auth.outside]`
    pub outside: Option<OutsideConfig>,
}

/// `[auth.outside]`: whose tokens are taken besides this server's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutsideConfig {
    /// The issuer, as it stands in `iss`.
    pub issuer: String,
    /// What stands in `aud` for this server.
    pub audience: String,
    /// The file with the issuer's public keys (JWKS).
    pub jwks_file: PathBuf,
}

impl std::fmt::Debug for DatabaseConfig {
    /// The address may hold a password, so it is not shown.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("DatabaseConfig")
            .field("max_connections", &self.max_connections)
            .field("acquire_timeout_ms", &self.acquire_timeout_ms)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// The settings of this process: defaults, then `file` (or `plenary.toml`, if it is there), then the environment.
    pub fn load(file: Option<&Path>) -> Result<Config, Error> {
        Config::merge(file, Environment::default())
    }

    /// The defaults alone.
    pub fn defaults() -> Config {
        let empty = Environment::default().source(Some(std::collections::HashMap::new()));
        Config::from_sources(None, empty).expect("config/default.toml is checked by a test of this module")
    }

    fn merge(file: Option<&Path>, environment: Environment) -> Result<Config, Error> {
        let file = match file {
            Some(path) => Some(path.to_owned()),
            None => Some(PathBuf::from(FILE)).filter(|path| path.exists()),
        };
        Config::from_sources(file.as_deref(), environment)
    }

    fn from_sources(file: Option<&Path>, environment: Environment) -> Result<Config, Error> {
        let mut builder = config::Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(path) = file {
            let text = std::fs::read_to_string(path)
                .map_err(Error::io(format!("the configuration file {} can't be read", path.display())))?;
            builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
        }
        let environment = environment
            .prefix("PLENARY")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true)
            .list_separator(",")
            .with_list_parse_key("server.cors.origins")
            .with_list_parse_key("server.trusted_proxies")
            .with_list_parse_key("webhooks.retry_seconds");
        let config: Config = builder
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|error| Error::Configuration(explain(&error, file)))?;
        config.check().map_err(Error::Configuration)?;
        Ok(config)
    }
}

/// One line about what is wrong in a source, with the key first where it is known. Values are shown only where they
/// have the wrong type, and never that of the database's address, which may hold a password.
fn explain(error: &ConfigError, file: Option<&Path>) -> String {
    let place = |origin: &Option<String>| match (origin, file) {
        (Some(origin), _) if origin.contains("environment") => " (from the environment)".to_owned(),
        (_, Some(path)) => format!(" (in {} or the environment)", path.display()),
        (_, None) => " (from the environment)".to_owned(),
    };
    match error {
        ConfigError::At { error, origin, key } => {
            let key = key.as_deref().unwrap_or("a key");
            format!("{key}: {}{}", one_line(error), place(origin))
        }
        ConfigError::Type { origin, unexpected, expected, key } => {
            let key = key.as_deref().unwrap_or("a key");
            if key == "database.url" {
                return format!("{key} must be {expected}{}", place(origin));
            }
            format!("{key} is {unexpected}, but must be {expected}{}", place(origin))
        }
        ConfigError::FileParse { cause, .. } => {
            let path = file.map(|path| path.display().to_string()).unwrap_or_default();
            format!("{path} is not TOML:\n{cause}")
        }
        ConfigError::NotFound(key) => format!("{key} is missing"),
        other => one_line(other),
    }
}

fn one_line(error: &ConfigError) -> String {
    error.to_string().lines().collect::<Vec<_>>().join(" ")
}
