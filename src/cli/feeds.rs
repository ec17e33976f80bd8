//! `plenary export feed`: what the public reads of an event, as a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::output;
use crate::access::Viewer;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::feeds::{FEEDS, Feed, Options, Refusal, Source, feed};
use crate::reading::{Denied, Reading};
use crate::shelf::Shelf;
use crate::snapshot::{Snapshot, View};
use crate::store::Store;

/// One feed of an event.
#[derive(Debug, clap::Args)]
pub(super) struct FeedArgs {
    /// The event's name in URLs.
    event: String,
    /// Which feed: its path below the event's address, for example schedule.xml.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(FEEDS.iter().map(|feed| feed.path)))]
    feed: String,
    #[command(flatten)]
    which: Which,
    /// A parameter of the feed, as NAME=VALUE; may be given more than once.
    #[arg(long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// The file to write; left out, standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Which content, and where it will be found.
#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// The number of a release; left out, the content as the public sees it now.
    #[arg(long, value_name = "NUMBER")]
    pub(super) release: Option<i32>,
    /// Where the files will be found, as https://host; left out, the configured server.public_url.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

pub(super) async fn run_one(args: FeedArgs, store: &Store, config: &Config) -> Result<(), Error> {
    let missing = || Error::NotFound(format!("there is no feed {}", args.feed));
    let feed = feed(&args.feed).ok_or_else(missing)?;
    let shown = Shown::find(store, config, &args.event, args.which.release).await?;
    let mut parameters = Vec::new();
    for parameter in &args.parameters {
        let wrong = || Error::Input(format!("--parameter {parameter}: a parameter looks like tz=utc"));
        let (name, value) = parameter.split_once('=').ok_or_else(wrong)?;
        if !feed.parameters.iter().any(|known| known.name == name) {
            return Err(Error::Input(format!("{} knows no parameter {name}", feed.path)));
        }
        parameters.push((name, value));
    }
    let options = Options::new(feed, parameters.into_iter()).map_err(refused)?;
    let bytes = shown.render(feed, &base_url(&args.which, config)?, &options).await?;
    match args.output {
        Some(file) => write(&file, &bytes),
        None => output::print_bytes(&bytes),
    }
}

/// What the public sees of an event.
pub(super) struct Shown {
    reading: Reading,
    pub(super) snapshot: Arc<Snapshot>,
}

impl Shown {
    pub(super) async fn find(store: &Store, config: &Config, slug: &str, release: Option<i32>) -> Result<Shown, Error> {
        let now: Timestamp = Clock::System.now();
        let shelf = Shelf::open(store.clone(), Clock::System, config.shelf.memory_budget_bytes).await?;
        let reading = Reading::new(shelf, Viewer::Anonymous, now);
        let missing = || Error::NotFound(format!("the public sees no event {slug}"));
        let event = reading.event_with_slug(slug, View::Public).map_err(denied)?.ok_or_else(missing)?.event.id;
        let snapshot = match release {
            None => reading.snapshot(event, View::Public).await.map_err(denied)?.ok_or_else(missing)?,
            Some(number) => {
                let missing = || Error::NotFound(format!("the event {slug} has no release {number} for the public"));
                reading.release(event, View::Public, number).await.map_err(denied)?.ok_or_else(missing)?
            }
        };
        Ok(Shown { reading, snapshot })
    }

    /// The bytes of a feed.
    pub(super) async fn render(&self, feed: &Feed, base_url: &str, options: &Options) -> Result<Vec<u8>, Error> {
        let looking_back;
        let snapshot = if feed.looks_back() {
            looking_back = self.reading.looking_back(&self.snapshot).await.map_err(denied)?;
            &looking_back
        } else {
            &*self.snapshot
        };
        (feed.render)(&Source { snapshot, base_url }, options).map_err(refused)
    }
}

fn denied(denied: Denied) -> Error {
    match denied {
        Denied::Unavailable(error) => error,
        Denied::Unauthenticated => Error::NotFound("the public does not see this".to_owned()),
    }
}

pub(super) fn base_url(which: &Which, config: &Config) -> Result<String, Error> {
    let url = which.base_url.as_ref().or(config.server.public_url.as_ref());
    let url = url.map_or("http://localhost", |url| url.trim_end_matches('/'));
    let is_web = url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if is_web { Ok(url.to_owned()) } else { Err(Error::Input(format!("--base-url {url}: it begins with https://"))) }
}

pub(super) fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::NotFound(message) => Error::NotFound(message),
        Refusal::BadParameter { name, message } => Error::Input(format!("the parameter {name}: {message}")),
    }
}

pub(super) fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unwritable = || Error::io(format!("{} can't be written", file.display()));
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(unwritable())?;
    }
    std::fs::write(file, bytes).map_err(unwritable())
}
