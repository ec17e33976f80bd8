//! `plenary token`: prints a token that opens the working view of events, or changes the key that signs tokens.

use clap::Subcommand;
use jiff::SignedDuration;

use super::output;
use crate::access::key_file;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct TokenArgs {
    #[command(subcommand)]
    command: Option<TokenCommand>,
    /// Who gets it: a name for the log.
    #[arg(long, value_name = "NAME", required = true)]
    subject: Option<String>,
    /// The slug of an event whose drafts it opens; repeat it for several. Left out, it opens every event.
    #[arg(long = "event", value_name = "SLUG")]
    events: Vec<String>,
    /// How long it is valid, such as 15m, 1h or 7d; 30 days at most.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = parse_duration)]
    valid_for: SignedDuration,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Sign with a new key from now on; running servers see it within a second.
    Rotate {
        /// How many of the keys until now go on being good; 0 ends every token that they signed.
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        keep: u8,
    },
}

pub(super) fn run(args: &TokenArgs, config: &Config) -> Result<(), Error> {
    let path = &config.auth.key_file;
    if let Some(TokenCommand::Rotate { keep }) = args.command {
        let keys = key_file::rotate(path, usize::from(keep))?;
        return output::print(&format!("A new key signs; {keys} key(s) are good."));
    }
    let events = (!args.events.is_empty()).then(|| args.events.clone());
    let subject = args.subject.as_deref().unwrap_or_default();
    output::print(&key_file::read_or_create(path)?.issue(subject, events, Clock::System.now(), args.valid_for)?)
}

/// Reads `15m`, `1h`, `7d` or `1h 30m`; a day has 24 hours here.
fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    let span: jiff::Span = text.parse().map_err(|_| "write it like 15m, 1h or 7d".to_owned())?;
    span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(|_| "use minutes, hours or days".to_owned())
}
