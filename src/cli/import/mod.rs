//! `plenary import`: gets content in, and tells what was done and what was odd.

mod additions;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};

use self::additions::{CsvArgs, OpenReviewArgs};
use super::output;
use crate::access::Editor;
use crate::clock::Clock;
use crate::content::{Date, Document, Id, Person, Publication, Report};
use crate::each_list;
use crate::error::Error;
use crate::import::identity::{self, Known, Taken};
use crate::import::render::{Outcome, count};
use crate::import::{Imported, Options, c3voc, document, frab, jekyll, sched, sessionize};
use crate::publishing::diff;
use crate::store::Store;

/// What to import.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    #[command(subcommand)]
    format: SourceFormat,
}

#[derive(Debug, Subcommand)]
enum SourceFormat {
    /// Import a workshop's Jekyll site: _config.yml, _data/*.yml and its pages.
    ///
    /// Importing again updates what changed and keeps every id. What the site no longer has goes. Whatever was mended,
    /// not understood or looks wrong is told with its file and line.
    Jekyll(JekyllArgs),
    /// Import an event's document, as `plenary export document` writes it.
    ///
    /// An event that is new here comes with its ids, revisions and times; one that is here becomes what the document says,
    /// with a change for each record that differs.
    Document(DocumentArgs),
    /// Import a schedule in XML, as frab, pentabarf, pretalx and the c3voc write it.
    ///
    /// It tells sessions, rooms, tracks and who speaks: sessions that it no longer has go, and whatever a schedule has no
    /// words for stays, such as sponsors and pages.
    Frab(ScheduleArgs),
    /// Import a schedule in JSON, as the c3voc, frab and pretalx write it: version 1, or the draft of version 2.
    C3voc(ScheduleArgs),
    /// Import Sessionize's JSON: the view All, or GridSmart or Sessions.
    Sessionize(ScheduleArgs),
    /// Import Sched's JSON: the list of sessions of its API.
    Sched(ScheduleArgs),
    /// Import papers from OpenReview: the notes that its API answers.
    ///
    /// They come into an event that is there. Papers that are known are updated, and nothing goes.
    Openreview(OpenReviewArgs),
    /// Import a table of people, papers or sessions.
    ///
    /// The rows come into an event that is there. What is known is updated, cells that are empty change nothing, and
    /// nothing goes.
    Csv(CsvArgs),
}

#[derive(Debug, clap::Args)]
struct DocumentArgs {
    /// The file, or - to read it from standard input.
    file: PathBuf,
    /// The event's name in URLs here; left out, the one that the document has.
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    event: Option<String>,
    /// Write nothing; only tell what would be done.
    #[arg(long)]
    dry_run: bool,
    /// How to tell it: for people, or as one JSON object.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, clap::Args)]
struct JekyllArgs {
    /// The folder of the site: the one that holds _config.yml and _data.
    path: PathBuf,
    #[command(flatten)]
    event: EventArgs,
}

#[derive(Debug, clap::Args)]
struct ScheduleArgs {
    /// The file, or - to read it from standard input.
    file: PathBuf,
    #[command(flatten)]
    event: EventArgs,
}

/// As what an event is imported of which the whole is told.
#[derive(Debug, clap::Args)]
struct EventArgs {
    /// The event's name in URLs, for example enlsp-2022. An event that has it is updated.
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    event: String,
    /// The IANA time zone of the times, for example America/Chicago; left out, the one that the input tells.
    #[arg(long, value_name = "ZONE", value_parser = time_zone)]
    time_zone: Option<String>,
    /// The first day, as YYYY-MM-DD; left out, the one that the input tells.
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<Date>,
    /// Where the event's site is on the web; left out, what the input tells. Paths of a site are relative to it.
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

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PublicationArg {
    /// Everybody sees the event.
    Live,
    /// Only those with access see the event.
    Draft,
    /// Everybody sees what is released.
    Released,
}

impl From<PublicationArg> for Publication {
    fn from(arg: PublicationArg) -> Publication {
        match arg {
            PublicationArg::Live => Publication::Live,
            PublicationArg::Draft => Publication::Draft,
            PublicationArg::Released => Publication::Released,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    /// Lines and a table, in colour on a terminal.
    Text,
    /// One JSON object.
    Json,
}

impl ImportArgs {
    /// Prints what needs no database, if that is all that is asked for.
    pub fn print(&self) -> Option<Result<(), Error>> {
        match &self.format {
            SourceFormat::Csv(args) => args.template.map(additions::print_template),
            _ => None,
        }
    }
}

/// Imports.
pub async fn run(args: ImportArgs, store: &Store, clock: &Clock, editor: &Editor) -> Result<(), Error> {
    match args.format {
        SourceFormat::Jekyll(args) => import_jekyll(args, store, clock, editor).await,
        SourceFormat::Document(args) => import_document(args, store, clock, editor).await,
        SourceFormat::Frab(args) => import_schedule(args, frab::read, store, clock, editor).await,
        SourceFormat::C3voc(args) => import_schedule(args, c3voc::read, store, clock, editor).await,
        SourceFormat::Sessionize(args) => import_schedule(args, sessionize::read, store, clock, editor).await,
        SourceFormat::Sched(args) => import_schedule(args, sched::read, store, clock, editor).await,
        SourceFormat::Openreview(args) => additions::import_openreview(args, store, clock, editor).await,
        SourceFormat::Csv(args) => additions::import_csv(args, store, clock, editor).await,
    }
}

async fn import_document(args: DocumentArgs, store: &Store, clock: &Clock, editor: &Editor) -> Result<(), Error> {
    let Imported { document, diagnostics, .. } = document::read(&args.file, args.event.as_deref())?;
    let stored = store.load(document.event.id).await?;
    refuse_faults(&document)?;
    let counts = count(&document, &diff(stored.as_ref().map(|stored| &stored.document), &document));
    let event = document.event.slug.clone();
    let revision = match args.dry_run {
        true => stored.map(|stored| stored.revision),
        false => Some(store.restore_document(editor, document, clock.now()).await?.revision),
    };
    let outcome = Outcome { event, revision, dry_run: args.dry_run, counts, diagnostics: diagnostics.into_sorted() };
    tell(&outcome, args.format)
}

fn tell(outcome: &Outcome, format: Format) -> Result<(), Error> {
    output::print(&match format {
        Format::Text => outcome.to_text(),
        Format::Json => outcome.to_json(),
    })
}

async fn import_jekyll(args: JekyllArgs, store: &Store, clock: &Clock, editor: &Editor) -> Result<(), Error> {
    let JekyllArgs { path, event } = args;
    let shown = path.display().to_string();
    let read = move |options: &Options| jekyll::read(&path, options);
    import_event(event, None, &shown, read, store, clock, editor).await
}

/// Imports the programme of an event, with the reader of its format. A schedule that says no zone has the event's.
async fn import_schedule(
    args: ScheduleArgs,
    read: fn(&Path, &Options) -> Result<Imported, Error>,
    store: &Store,
    clock: &Clock,
    editor: &Editor,
) -> Result<(), Error> {
    let ScheduleArgs { file, event } = args;
    let known_zone = match store.find_event(&event.event).await? {
        Some(event) => store.load(event).await?.map(|stored| stored.document.event.time_zone.clone()),
        None => None,
    };
    let shown = file.display().to_string();
    let read = move |options: &Options| read(&file, options);
    import_event(event, known_zone, &shown, read, store, clock, editor).await
}

/// Reads an event, aside so that the terminal shows signs of life, and puts it into the store.
async fn import_event(
    args: EventArgs,
    known_zone: Option<String>,
    shown: &str,
    read: impl FnOnce(&Options) -> Result<Imported, Error> + Send + 'static,
    store: &Store,
    clock: &Clock,
    editor: &Editor,
) -> Result<(), Error> {
    let progress = progress();
    progress.set_message(format!("reading {shown}"));
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
        move || read(&options)
    })
    .await
    .map_err(|_| Error::Input("the input could not be read; please report this with it".to_owned()))??;
    progress.set_message("comparing with what is there");
    let outcome = put(imported, &options, args.dry_run, store, editor).await?;
    progress.finish_and_clear();
    tell(&outcome, args.format)
}

/// Puts an imported document into the store, unless this is only a trial.
async fn put(
    imported: Imported,
    options: &Options,
    dry_run: bool,
    store: &Store,
    editor: &Editor,
) -> Result<Outcome, Error> {
    let Imported { mut document, mut diagnostics, extent, tells_recording, dated } = imported;
    let event = store.find_event(&options.slug).await?;
    let stored = match event {
        Some(event) => store.load(event).await?,
        None => None,
    };
    let series = match &document.series {
        Some(series) => store.find_series(&series.slug).await?,
        None => None,
    };
    let taken = taken(&document, event, store).await?;
    identity::give_way(&mut document, &taken);
    let people = known_people(&document, store).await?;
    let revision = stored.as_ref().map(|stored| stored.revision);
    let before = stored.map(|stored| stored.document);
    let mut document = identity::keep(
        document,
        Known { stored: before.clone(), people, series, extent, tells_recording },
        &mut diagnostics,
    );
    taken.settle_numbers(&mut document);
    document.drop_unreferenced();
    refuse_faults(&document)?;
    let counts = count(&document, &diff(before.as_ref(), &document));
    let revision = match (dry_run, dated.filter(|_| before.is_none())) {
        (true, _) => revision,
        (false, None) => Some(store.put_document(editor, document, options.now).await?.revision),
        (false, Some(_)) => Some(store.restore_document(editor, document, options.now).await?.revision),
    };
    Ok(Outcome { event: options.slug.clone(), revision, dry_run, counts, diagnostics: diagnostics.into_sorted() })
}

/// Who on the server may be somebody of the document: the same id, or the same name.
async fn known_people(document: &Document, store: &Store) -> Result<Vec<Person>, Error> {
    let ids: Vec<Id> = document.people.iter().map(|person| person.id).collect();
    let here: HashSet<Id> = ids.iter().copied().collect();
    let names: Vec<String> = document.people.iter().map(|person| person.name.clone()).collect();
    let mut people = store.people_with(&ids).await?;
    let named = store.people_named(&names).await?;
    people.extend(named.into_iter().filter(|person| !here.contains(&person.id)));
    Ok(people)
}

/// What of the identities that a document brings along is taken.
async fn taken(document: &Document, event: Option<Id>, store: &Store) -> Result<Taken, Error> {
    let mut ids = Vec::new();
    each_list!(&document, list => ids.extend(list.iter().map(|item| item.head.id)));
    let sessions: Vec<Id> = document.sessions.iter().map(|session| session.head.id).collect();
    let numbers: Vec<i32> =
        document.sessions.iter().map(|session| session.number).filter(|number| *number > 0).collect();
    let mut taken = Taken {
        event: event.is_none() && store.locate(document.event.id).await?.is_some(),
        items: store.items_elsewhere(&ids, event).await?.into_iter().collect(),
        ..Taken::default()
    };
    for (session, number) in store.session_numbers(&sessions, &numbers).await? {
        taken.owners.insert(number, session);
        taken.numbers.insert(session, number);
    }
    Ok(taken)
}

/// A trial finds what the store would refuse, too.
fn refuse_faults(document: &Document) -> Result<(), Error> {
    let mut report = Report::default();
    document.check(&mut report);
    let problems = report.into_problems();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// A sign of life on a terminal while something takes long; elsewhere nothing.
fn progress() -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::new_spinner();
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}

fn slug(text: &str) -> Result<String, String> {
    checked(text, |report| report.slug("event", text))
}

fn website(text: &str) -> Result<String, String> {
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return Err("a website's address begins with https://".to_owned());
    }
    checked(text, |report| report.url("website", Some(text)))
}

fn checked(text: &str, check: impl FnOnce(&mut Report)) -> Result<String, String> {
    let mut report = Report::default();
    check(&mut report);
    match report.into_problems().into_iter().next() {
        None => Ok(text.to_owned()),
        Some(problem) => Err(problem.message),
    }
}

fn time_zone(text: &str) -> Result<String, String> {
    match jiff::tz::TimeZone::get(text) {
        Ok(zone) => Ok(zone.iana_name().unwrap_or(text).to_owned()),
        Err(_) => Err("this is no IANA time zone; one looks like America/Chicago".to_owned()),
    }
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map(Date).map_err(|_| "a date looks like 2022-12-02".to_owned())
}
