//! The log: where it goes, for whom, and how much of it.

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};
use crate::error::Error;

/// Starts to log to standard error.
pub(super) fn start(config: &LogConfig, verbose: u8) -> Result<(), Error> {
    let level = match verbose {
        0 => config.level.clone(),
        1 => format!("{},plenary=debug", config.level),
        _ => "debug,plenary=trace".to_owned(),
    };
    // Each step of a migration is of no interest unless it is asked for.
    let filter = EnvFilter::try_new(format!("sea_orm_migration=warn,{level}")).map_err(|error| Error::Configuration(format!("log.level: {error}")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match config.format {
        LogFormat::Text => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    // A log that runs already, in a test, stays as it is.
    drop(started);
    Ok(())
}
