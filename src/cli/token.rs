//! `plenary token`: prints a token that opens the working view of events.

use jiff::SignedDuration;

use super::output;
use crate::access::key_file;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;

#[derive(Debug, clap::Args)]
pub(super) struct TokenArgs {
    /// Who gets it: a name for the log.
    #[arg(long, value_name = "NAME")]
    subject: String,
    /// The slug of an event whose drafts it opens; repeat it for several. Left out, it opens every event.
    #[arg(long = "event", value_name = "SLUG")]
    events: Vec<String>,
    /// How long it is valid, such as 15m, 1h or 7d; 30 days at most.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = parse_duration)]
    valid_for: SignedDuration,
}

pub(super) fn run(args: &TokenArgs, config: &Config) -> Result<(), Error> {
    let key = key_file::read_or_create(&config.auth.key_file)?;
    let events = (!args.events.is_empty()).then(|| args.events.clone());
    output::print(&key.issue(&args.subject, events, Clock::System.now(), args.valid_for)?)
}

/// Reads `15m`, `1h`, `7d` or `1h 30m`; a day has 24 hours here.
fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    let span: jiff::Span = text.parse().map_err(|_| "write it like 15m, 1h or 7d".to_owned())?;
    span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(|_| "use minutes, hours or days".to_owned())
}
