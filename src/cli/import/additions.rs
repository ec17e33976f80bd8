//! `plenary import openreview` and `plenary import csv`: records that come into an event that is there already.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{Format, progress, put, slug, tell};
use crate::access::Editor;
use crate::cli::{event, output};
use crate::clock::Clock;
use crate::content::{Document, Publication};
use crate::error::Error;
use crate::import::csv::{self, Sheet};
use crate::import::{Imported, Options, openreview};
use crate::store::Store;

#[derive(Debug, clap::Args)]
pub(super) struct OpenReviewArgs {
    /// The file with the notes, or - to read it from standard input.
    file: PathBuf,
    /// The event that the papers come into, by its name in URLs.
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    event: String,
    /// Take only notes with this venue id; left out, all but the rejected and withdrawn.
    #[arg(long, value_name = "ID")]
    venue_id: Option<String>,
    /// Write nothing; only tell what would be done.
    #[arg(long)]
    dry_run: bool,
    /// How to tell it: for people, or as one JSON object.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct CsvArgs {
    /// What the rows are.
    #[arg(value_name = "ROWS", value_enum, required_unless_present = "template")]
    rows: Option<Rows>,
    /// The file, or - to read it from standard input.
    #[arg(required_unless_present = "template")]
    file: Option<PathBuf>,
    /// The event that the rows come into, by its name in URLs.
    #[arg(long, value_name = "SLUG", value_parser = slug, required_unless_present = "template")]
    event: Option<String>,
    /// Print a table to start from, and import nothing.
    #[arg(long, value_name = "ROWS", value_enum, conflicts_with_all = ["rows", "file", "event"])]
    pub(super) template: Option<Rows>,
    /// Write nothing; only tell what would be done.
    #[arg(long)]
    dry_run: bool,
    /// How to tell it: for people, or as one JSON object.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Rows {
    /// Speakers, panelists, organizers, volunteers and committee members.
    People,
    /// Papers with their authors.
    Papers,
    /// Sessions with their times, rooms and people.
    Sessions,
}

impl From<Rows> for Sheet {
    fn from(rows: Rows) -> Sheet {
        match rows {
            Rows::People => Sheet::People,
            Rows::Papers => Sheet::Papers,
            Rows::Sessions => Sheet::Sessions,
        }
    }
}

pub(super) fn print_template(rows: Rows) -> Result<(), Error> {
    output::print(csv::template(rows.into()))
}

pub(super) async fn import_openreview(
    args: OpenReviewArgs,
    store: &Store,
    clock: &Clock,
    editor: &Editor,
) -> Result<(), Error> {
    let OpenReviewArgs { file, event, venue_id, dry_run, format } = args;
    let read = move |stored: Document, options: &Options| openreview::read(&file, stored, venue_id.as_deref(), options);
    add(event, read, (dry_run, format), store, clock, editor).await
}

pub(super) async fn import_csv(args: CsvArgs, store: &Store, clock: &Clock, editor: &Editor) -> Result<(), Error> {
    let (Some(rows), Some(file), Some(event)) = (args.rows, args.file, args.event) else {
        return Err(Error::Input("say what the rows are, the file, and the event".to_owned()));
    };
    let read = move |stored: Document, options: &Options| csv::read(&file, rows.into(), stored, options);
    add(event, read, (args.dry_run, args.format), store, clock, editor).await
}

/// Puts what `read` makes of the stored event into the store.
async fn add(
    slug: String,
    read: impl FnOnce(Document, &Options) -> Result<Imported, Error> + Send + 'static,
    (dry_run, format): (bool, Format),
    store: &Store,
    clock: &Clock,
    editor: &Editor,
) -> Result<(), Error> {
    let progress = progress();
    progress.set_message("reading");
    let stored = event(store, &slug).await?.document;
    let options = Options {
        slug,
        time_zone: None,
        known_zone: None,
        date: None,
        website: None,
        publication: Publication::Live,
        now: clock.now(),
    };
    let imported = tokio::task::spawn_blocking({
        let options = options.clone();
        move || read(stored, &options)
    })
    .await
    .map_err(|_| Error::Input("the file could not be read; please report this with the file".to_owned()))??;
    progress.set_message("comparing with what is there");
    let outcome = put(imported, &options, dry_run, store, editor).await?;
    progress.finish_and_clear();
    tell(&outcome, format)
}
