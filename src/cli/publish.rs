//! `plenary publish`: makes a release, and tells what it makes different.

use std::fmt::Write;

use super::output;
use crate::access::Viewer;
use crate::clock::Clock;
use crate::content::{Document, Markdown, Publication};
use crate::error::Error;
use crate::import::render::shown;
use crate::publishing::checks::findings;
use crate::publishing::public;
use crate::publishing::release_diff::{nothing_of, release_diff};
use crate::store::{Store, Version};

#[derive(Debug, clap::Args)]
pub(super) struct PublishArgs {
    /// The event's name in URLs.
    event: String,
    /// The name of the version, for example "Final programme".
    #[arg(long)]
    name: Option<String>,
    /// What is new in it, as Markdown.
    #[arg(long)]
    note: Option<String>,
    /// Write nothing; only tell what would become different.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(args: PublishArgs, store: &Store, clock: &Clock) -> Result<(), Error> {
    let document = super::event(store, &args.event).await?.document;
    let id = document.event.id;
    let newest = store.releases(id).await?.pop();
    let before = match &newest {
        Some(release) => store.release_document(id, release.number).await?,
        None => None,
    };
    let mut text = different(before.as_ref(), &document, clock);
    text.push_str(&super::check::to_text(&findings(&document, clock.now())));
    if args.dry_run {
        text.push_str("Nothing was written.\n");
        return output::print(&text);
    }
    let publisher = Viewer::Operator.editor(&document.event);
    let publisher = publisher.ok_or_else(|| Error::Input("you may not publish".to_owned()))?;
    let version = Version { name: args.name, note: args.note.map(Markdown) };
    let missing = || Error::NotFound(format!("there is no event {}", args.event));
    let release = store.publish(&publisher, id, version, clock.now()).await?.ok_or_else(missing)?;
    let _ = writeln!(text, "{} is released: number {}.", shown(&args.event), release.number);
    if document.event.publication != Publication::Released {
        text.push_str("Everybody sees it once the event's publication is RELEASED.\n");
    }
    output::print(&text)
}

/// What becomes different for everybody.
fn different(before: Option<&Document>, after: &Document, clock: &Clock) -> String {
    let now = clock.now();
    let before = before.cloned().unwrap_or_else(|| nothing_of(after));
    let changes = release_diff(&public(&before, now), &public(after, now));
    let zone = after.event.zone();
    let mut text = String::new();
    for change in &changes {
        let _ = writeln!(text, "  {}", shown(&change.in_words(&zone)));
    }
    let _ = match changes.len() {
        0 => writeln!(text, "Nothing becomes different for everybody."),
        1 => writeln!(text, "1 difference for everybody."),
        count => writeln!(text, "{count} differences for everybody."),
    };
    text
}
