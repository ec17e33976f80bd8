//! `plenary check`: what looks wrong in an event's content, with an exit status for scripts.

use std::fmt::Write;

use super::import::Format;
use super::output;
use crate::clock::Clock;
use crate::content::Severity;
use crate::error::Error;
use crate::import::render::{shown, style, word};
use crate::publishing::checks::{Finding, findings};
use crate::store::Store;

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// The event's name in URLs.
    event: String,
    /// Fail on warnings too.
    #[arg(long)]
    strict: bool,
    /// How to tell it: for people, or as one JSON object.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    format: Format,
}

pub(super) async fn run(args: CheckArgs, store: &Store, clock: &Clock) -> Result<(), Error> {
    let stored = super::event(store, &args.event).await?;
    let found = findings(&stored.document, clock.now());
    output::print(&match args.format {
        Format::Text => to_text(&found),
        Format::Json => {
            let json = serde_json::json!({
                "event": args.event,
                "revision": stored.revision,
                "findings": found,
            });
            format!("{json:#}\n")
        }
    })?;
    let worst = found.iter().map(|finding| finding.severity).max();
    match worst {
        Some(Severity::Error) => Err(Error::Input("the content has errors".to_owned())),
        Some(Severity::Warning) if args.strict => Err(Error::Input("the content has warnings".to_owned())),
        _ => Ok(()),
    }
}

/// Findings in lines, with colours as ANSI sequences.
pub(super) fn to_text(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let (style, word) = (style(finding.severity), word(finding.severity));
        let _ = writeln!(text, "  {style}{word}{style:#}[{}] {}", finding.code, shown(&finding.message));
    }
    let _ = match findings.len() {
        0 => writeln!(text, "Nothing looks wrong."),
        1 => writeln!(text, "1 finding."),
        count => writeln!(text, "{count} findings."),
    };
    text
}
