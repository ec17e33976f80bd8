//! `plenary export all`: everything that the public reads of an event, as a folder that any web server can serve when this
//! one is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use super::feeds::{Shown, Which, base_url, refused, write};
use super::output;
use crate::config::Config;
use crate::content::{Id, Role};
use crate::error::Error;
use crate::feeds::{FEEDS, Feed, Options, feed};
use crate::rest::{self, Asked, COLLECTIONS, Collection, Since};
use crate::snapshot::Snapshot;
use crate::store::Store;

/// Everything that the public reads of an event.
#[derive(Debug, clap::Args)]
pub(super) struct AllArgs {
    /// The event's name in URLs.
    pub(super) event: String,
    #[command(flatten)]
    pub(super) which: Which,
    /// The folder to write to; any web server can serve it in place of this one.
    #[arg(short, long, value_name = "FOLDER")]
    pub(super) output: PathBuf,
}

/// A file of the mirror.
struct File {
    /// Below the event's folder.
    path: String,
    /// What it is.
    title: String,
    content: Content,
}

/// What is in a file.
enum Content {
    Feed(&'static Feed, Options),
    List(&'static Collection),
}

pub(super) async fn run(args: AllArgs, store: &Store, config: &Config) -> Result<(), Error> {
    let AllArgs { event, which, output: folder } = args;
    let shown = Shown::find(store, config, &event, which.release).await?;
    let base_url = base_url(&which, config)?;
    let mut folder = folder.join("events").join(&event);
    if let Some(number) = which.release {
        folder = folder.join("releases").join(number.to_string());
    }
    let files = files(&shown.snapshot)?;
    let document = rest::document(shown.snapshot.document(), &Asked::default());
    write(&folder.with_extension("json"), &document)?;
    let bar = indicatif::ProgressBar::new(files.len() as u64);
    let mut sizes = Vec::with_capacity(files.len());
    for file in &files {
        let bytes = match &file.content {
            Content::Feed(feed, options) => shown.render(feed, &base_url, options).await?,
            Content::List(collection) => whole_list(collection, &shown.snapshot)?,
        };
        write(&folder.join(&file.path), &bytes)?;
        sizes.push(bytes.len());
        bar.inc(1);
    }
    bar.finish_and_clear();
    let whole = sizes.iter().sum::<usize>() + document.len();
    let end = format!(
        "{} files with {whole} bytes are in {}, and the document is beside it",
        files.len() + 1,
        folder.display()
    );
    output::print(&format!("{}{end}", index(&files, &sizes)))
}

/// A collection on one page: files have no parameters.
fn whole_list(collection: &Collection, snapshot: &Snapshot) -> Result<Vec<u8>, Error> {
    let records = collection.records(snapshot.document());
    let asked = Asked { limit: usize::MAX, ..Asked::default() };
    let person = |id: Id| snapshot.person(id).cloned();
    let listed = rest::list(records, &asked, &Since::Records, person, |_| String::new());
    listed.map(|listed| listed.body).map_err(|refusal| Error::NotFound(format!("{}: {refusal:?}", collection.name)))
}

/// What is in the mirror: every feed and every collection as it is, and the calendars of the schedule's parts, which have addresses with
/// parameters on a server.
fn files(snapshot: &Snapshot) -> Result<Vec<File>, Error> {
    let plain = |feed: &'static Feed| File {
        path: feed.path.to_owned(),
        title: feed.title.to_owned(),
        content: Content::Feed(feed, Options::default()),
    };
    let list = |collection: &'static Collection| File {
        path: format!("{}.json", collection.name),
        title: "All of them, as JSON".to_owned(),
        content: Content::List(collection),
    };
    let mut files: Vec<File> = FEEDS.iter().map(plain).chain(COLLECTIONS.iter().map(list)).collect();
    let missing = || Error::NotFound("there is no feed schedule.ics".to_owned());
    let calendar = feed("schedule.ics").ok_or_else(missing)?;
    for (parameter, folder, name, id) in parts(snapshot) {
        let options = Options::new(calendar, [(parameter, &*id.to_string())].into_iter()).map_err(refused)?;
        let title = format!("Calendars of each {parameter}");
        files.push(File {
            path: format!("calendars/{folder}/{name}.ics"),
            title,
            content: Content::Feed(calendar, options),
        });
    }
    Ok(files)
}

/// The tracks, rooms and people with something in the schedule: by which parameter they are asked for, in which folder
/// they are, and under which name.
fn parts(snapshot: &Snapshot) -> Vec<(&'static str, &'static str, String, Id)> {
    let document = snapshot.document();
    let scheduled = || document.sessions.iter().filter(|session| session.starts_at.is_some());
    let mut parts = Vec::new();
    let used: BTreeSet<Id> = scheduled().filter_map(|session| session.track).collect();
    let tracks = document.tracks.iter().filter(|track| used.contains(&track.head.id));
    parts.extend(tracks.map(|track| ("track", "tracks", track.head.slug.clone(), track.head.id)));
    let used: BTreeSet<Id> = scheduled().filter_map(|session| session.room).collect();
    let rooms = document.rooms.iter().filter(|room| used.contains(&room.head.id));
    parts.extend(rooms.map(|room| ("room", "rooms", room.head.slug.clone(), room.head.id)));
    let used: BTreeSet<Id> =
        scheduled().flat_map(|session| &session.people).map(|taking_part| taking_part.person).collect();
    let mut names = BTreeSet::new();
    for person in used.into_iter().filter_map(|person| snapshot.person(person)) {
        // The slug of what they are at the event, as in its addresses; whoever has none or shares it goes by the id.
        let slugs = Role::ALL.into_iter().filter_map(|role| {
            let parts = document.participations(role);
            parts.iter().find(|part| part.person == person.id).map(|part| part.head.slug.clone())
        });
        let name = slugs.into_iter().next().filter(|slug| names.insert(slug.clone()));
        parts.push(("person", "people", name.unwrap_or_else(|| person.id.to_string()), person.id));
    }
    parts
}

/// A line for each file, and one for each folder of calendars.
fn index(files: &[File], sizes: &[usize]) -> String {
    let mut lines: BTreeMap<(bool, String), (usize, usize, &str)> = BTreeMap::new();
    for (file, size) in files.iter().zip(sizes) {
        let folder = file.path.strip_prefix("calendars/").and_then(|rest| rest.split_once('/'));
        let name = folder.map_or_else(|| file.path.clone(), |(folder, _)| format!("calendars/{folder}/"));
        let line = lines.entry((folder.is_some(), name)).or_insert((0, 0, &file.title));
        line.0 += 1;
        line.1 += size;
    }
    let mut index = String::new();
    for ((is_folder, name), (count, size, title)) in &lines {
        let count = if *is_folder { format!("{count} files, ") } else { String::new() };
        // Writing to a string does not fail.
        let _ = writeln!(index, "{name:<28} {title} ({count}{size} bytes)");
    }
    index
}
