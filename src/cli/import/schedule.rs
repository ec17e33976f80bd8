//! `plenary import frab` and its like: files that tell the programme of an event.

use std::path::{Path, PathBuf};

use super::{Format, PublicationArg, date, progress, put, slug, tell, time_zone, website};
use crate::access::Editor;
use crate::clock::Clock;
use crate::content::Date;
use crate::error::Error;
use crate::import::{Imported, Options};
use crate::store::Store;

/// What to import, and as what.
#[derive(Debug, clap::Args)]
pub(super) struct ScheduleArgs {
    /// The file, or - to read it from standard input.
    file: PathBuf,
    /// The event's name in URLs, for example enlsp-2022. An event that has it is updated.
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    event: String,
    /// The IANA time zone of the event, for example Europe/Berlin; left out, the one that the schedule tells.
    #[arg(long, value_name = "ZONE", value_parser = time_zone)]
    time_zone: Option<String>,
    /// The event's first day, as YYYY-MM-DD; left out, the one that the schedule tells.
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<Date>,
    /// The event's website; left out, the one that the schedule tells.
    #[arg(long, value_name = "URL", value_parser = website)]
    website: Option<String>,
    /// Who sees a new event: everybody at once, or only those with access. An event that is there keeps what it has.
    #[arg(long, value_name = "WHO", value_enum, default_value = "live")]
    publication: PublicationArg,
    /// Write nothing; only tell what would be done.
    #[arg(long)]
    dry_run: bool,
    /// How to tell it: for people, or as one JSON object.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    format: Format,
}

/// Reads a file with the reader of its format, and puts what it says into the store.
pub(super) async fn run(
    args: ScheduleArgs,
    read: fn(&Path, &Options) -> Result<Imported, Error>,
    store: &Store,
    clock: &Clock,
    editor: &Editor,
) -> Result<(), Error> {
    let progress = progress();
    progress.set_message(format!("reading {}", args.file.display()));
    let known_zone = match store.find_event(&args.event).await? {
        Some(event) => store.load(event).await?.map(|stored| stored.document.event.time_zone.clone()),
        None => None,
    };
    let options = Options {
        slug: args.event,
        time_zone: args.time_zone,
        known_zone,
        date: args.date,
        website: args.website,
        publication: args.publication.into(),
        now: clock.now(),
    };
    let imported = tokio::task::spawn_blocking({
        let options = options.clone();
        move || read(&args.file, &options)
    })
    .await
    .map_err(|_| Error::Input("the file could not be read; please report this with the file".to_owned()))??;
    progress.set_message("comparing with what is there");
    let outcome = put(imported, &options, args.dry_run, store, editor).await?;
    progress.finish_and_clear();
    tell(&outcome, args.format)
}
