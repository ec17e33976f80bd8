//! `plenary export`: gets content out, the same bytes for the same content.

use std::path::PathBuf;

use clap::Subcommand;

use super::feeds::{self, FeedArgs, Which};
use super::mirror::{self, AllArgs};
use super::output;
use crate::config::Config;
use crate::error::Error;
use crate::store::Store;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub(super) struct ExportArgs {
    #[command(subcommand)]
    format: Option<TargetFormat>,
    /// Export everything that the public reads of this event, as the command `all` does.
    #[arg(long, value_name = "EVENT", requires = "output")]
    all: Option<String>,
    #[command(flatten)]
    which: Which,
    /// The folder to write to; any web server can serve it in place of this one.
    #[arg(short, long, value_name = "FOLDER", requires = "all")]
    output: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum TargetFormat {
    /// Export everything of an event, drafts included, as one JSON document: a backup, and what `plenary import document`
    /// reads.
    Document(DocumentArgs),
    /// Export one feed of an event as the public reads it, for example schedule.xml.
    Feed(FeedArgs),
    /// Export every feed of an event as the public reads it, and a calendar of each track, room and person: a folder that
    /// any web server can serve.
    All(AllArgs),
}

#[derive(Debug, clap::Args)]
struct DocumentArgs {
    /// The event's name in URLs.
    event: String,
    /// The number of a release; left out, the content as it is now.
    #[arg(long, value_name = "NUMBER")]
    release: Option<i32>,
    /// The file to write; left out, standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) async fn run(args: ExportArgs, store: &Store, config: &Config) -> Result<(), Error> {
    let ExportArgs { format, all, which, output } = args;
    let args = match (format, all.zip(output)) {
        (Some(TargetFormat::Document(args)), _) => args,
        (Some(TargetFormat::Feed(args)), _) => return feeds::run_one(args, store, config).await,
        (Some(TargetFormat::All(args)), _) => return mirror::run(args, store, config).await,
        (None, Some((event, output))) => return mirror::run(AllArgs { event, which, output }, store, config).await,
        (None, None) => return Err(Error::Input("say what to export: document, feed or all".to_owned())),
    };
    let stored = super::event(store, &args.event).await?;
    let document = match args.release {
        None => stored.document,
        Some(number) => {
            let missing = || Error::NotFound(format!("the event {} has no release {number}", args.event));
            store.release_document(stored.document.event.id, number).await?.ok_or_else(missing)?
        }
    };
    let mut bytes = document.to_json();
    bytes.push(b'\n');
    match args.output {
        Some(file) => std::fs::write(&file, bytes).map_err(Error::io(format!("{} can't be written", file.display()))),
        None => output::print_bytes(&bytes),
    }
}
