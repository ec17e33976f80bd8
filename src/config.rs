//! The settings: their types, the order in which they are merged, and errors that name the key.
//!
//! `config/default.toml` is their manual, and its values are the defaults. This module knows only files and variables;
//! what a setting does is written where it is used.

use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
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

    /// Says the first setting that is out of its bounds.
    fn check(&self) -> Result<(), String> {
        let Config { database, server, graphql, subscriptions, cache, shelf, log, auth, webhooks } = self;
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| database.url.starts_with(scheme)) {
            return Err("database.url must begin with sqlite: or postgres:".to_owned());
        }
        within("database.max_connections", database.max_connections, 1..=1000)?;
        within("database.acquire_timeout_ms", database.acquire_timeout_ms, 1..=600_000)?;
        within("server.request_timeout_ms", server.request_timeout_ms, 100..=600_000)?;
        within("server.body_limit_bytes", server.body_limit_bytes, 1024..=16_777_216)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)], file: Option<&str>) -> Result<Config, String> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.toml");
        std::fs::write(&path, file.unwrap_or_default()).unwrap();
        Config::from_sources(Some(&path), Environment::default().source(Some(variables)))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_defaults_are_right_and_later_sources_win() {
        let config = Config::defaults();
        assert_eq!(config.server.address.port(), 8080);
        assert_eq!(config.database.url, "sqlite://plenary.db?mode=rwc");
        let file = "[server]\naddress = \"127.0.0.1:1\"\nrequest_timeout_ms = 2000\n";
        let variables = [
            ("PLENARY__SERVER__ADDRESS", "127.0.0.1:2"),
            ("PLENARY__SERVER__CORS__ORIGINS", "https://a.example,https://b.example"),
            ("PLENARY__GRAPHQL__LIMITS__DEPTH", "20"),
            ("PLENARY__GRAPHQL__DEFAULT_EVENT", "2026"),
            ("PLENARY_CONFIG", "not a setting"),
        ];
        let config = with(&variables, Some(file)).unwrap();
        assert_eq!(config.server.address.port(), 2);
        assert_eq!(config.server.request_timeout_ms, 2000);
        assert_eq!(config.server.cors.origins, ["https://a.example", "https://b.example"]);
        assert_eq!(config.graphql.limits.depth, 20);
        assert_eq!(config.graphql.default_event.as_deref(), Some("2026"));
    }

    #[test]
    fn errors_name_the_key() {
        for (name, value, key) in [
            ("PLENARY__SERVER__ADDRESS", "nowhere", "server.address"),
            ("PLENARY__SERVER__ADRESS", "127.0.0.1:80", "adress"),
            ("PLENARY__SERVER__REQUEST_TIMEOUT_MS", "soon", "server.request_timeout_ms"),
            ("PLENARY__SERVER__REQUEST_TIMEOUT_MS", "5", "server.request_timeout_ms"),
            ("PLENARY__DATABASE__URL", "mysql://x", "database.url"),
            ("PLENARY__GRAPHQL__LIMITS__DEPTH", "0", "graphql.limits.depth"),
            ("PLENARY__GRAPHQL__INTROSPECTION", "perhaps", "graphql.introspection"),
            ("PLENARY__SUBSCRIPTIONS__KEEP_ALIVE_MS", "1", "subscriptions.keep_alive_ms"),
            ("PLENARY__LOG__FORMAT", "xml", "log.format"),
            ("PLENARY__LOG__LEVEL", "a=b=c", "log.level"),
            ("PLENARY__SERVER__CORS__ORIGINS", "*,https://a.example", "server.cors.origins"),
            ("PLENARY__SERVER__CORS__ORIGINS", "a.example", "server.cors.origins"),
            ("PLENARY__WEBHOOKS__RETRY_SECONDS", "1,soon", "webhooks.retry_seconds"),
            ("PLENARY__WEBHOOKS__RETRY_SECONDS", "1,604801", "webhooks.retry_seconds"),
            ("PLENARY__WEBHOOKS__TIMEOUT_MS", "1", "webhooks.timeout_ms"),
            ("PLENARY__NOTHING__AT_ALL", "1", "nothing"),
        ] {
            let message = with(&[(name, value)], None).expect_err(name);
            assert!(message.contains(key) && !message.contains('\n'), "{name}={value}: {message}");
        }
        let message = with(&[], Some("[server]\naddress = 5")).unwrap_err();
        assert!(message.contains("server.address") && message.contains("test.toml"), "{message}");
        assert!(with(&[], Some("[server")).unwrap_err().contains("test.toml"));
    }

    #[test]
    fn a_password_is_not_shown() {
        let url = "postgres://plenary:hunter2@localhost/plenary";
        let config = with(&[("PLENARY__DATABASE__URL", url)], None).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
