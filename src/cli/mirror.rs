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
use crate::feeds::{FEEDS, Feed, Options, Source, feed, page};
use crate::rest::{self, Asked, COLLECTIONS, Collection};
use crate::snapshot::Snapshot;
use crate::store::Store;

/// Where the calendars of the schedule's parts are in the mirror.
const CALENDARS: &str = "calendars/";

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
    /// Below the folder of all events, or of all releases.
    path: String,
    /// What it is.
    title: String,
    content: Content,
}

/// What is in a file.
enum Content {
    Page,
    Document,
    Feed(&'static Feed, Options),
    List(&'static Collection),
}

pub(super) async fn run(args: AllArgs, store: &Store, config: &Config) -> Result<(), Error> {
    let AllArgs { event, which, output: folder } = args;
    let shown = Shown::find(store, config, &event, which.release).await?;
    let base_url = base_url(&which, config)?;
    let (folder, name) = match which.release {
        None => (folder.join("events"), event),
        Some(number) => (folder.join("events").join(&event).join("releases"), number.to_string()),
    };
    let files = files(&shown.snapshot, &name)?;
    let bar = indicatif::ProgressBar::new(files.len() as u64);
    let mut sizes = Vec::with_capacity(files.len());
    for file in &files {
        let bytes = shown.content(&file.content, &base_url).await?;
        write(&folder.join(&file.path), &bytes)?;
        sizes.push(bytes.len());
        bar.inc(1);
    }
    bar.finish_and_clear();
    let whole: usize = sizes.iter().sum();
    let end = format!("{} files with {whole} bytes are in {}", files.len(), folder.display());
    output::print(&format!("{}{end}", index(&files, &sizes, &name)))
}

impl Shown {
    async fn content(&self, content: &Content, base_url: &str) -> Result<Vec<u8>, Error> {
        let snapshot = &*self.snapshot;
        Ok(match content {
            Content::Page => page::render(&Source { snapshot, base_url }),
            Content::Document => rest::document(snapshot.document(), &Asked::default()),
            Content::List(collection) => {
                rest::whole_list(&collection.records(snapshot.document()), |id| snapshot.person(id).cloned())
            }
            Content::Feed(feed, options) => self.render(feed, base_url, options).await?,
        })
    }
}

/// What is in the mirror of what is called `name`: the page, the document, every feed and every collection as they are, and
/// the calendars of the schedule's parts, which have addresses with parameters on a server.
fn files(snapshot: &Snapshot, name: &str) -> Result<Vec<File>, Error> {
    let file = |path: String, title: &str, content: Content| File { path, title: title.to_owned(), content };
    let mut files = vec![
        file(format!("{name}/index.html"), "The page", Content::Page),
        file(format!("{name}.json"), "Everything (JSON)", Content::Document),
    ];
    files.extend(
        FEEDS
            .iter()
            .map(|feed| file(format!("{name}/{}", feed.path), feed.title, Content::Feed(feed, Options::default()))),
    );
    files.extend(
        COLLECTIONS
            .iter()
            .map(|list| file(format!("{name}/{}.json", list.name), "All of them, as JSON", Content::List(list))),
    );
    let missing = || Error::NotFound("there is no feed schedule.ics".to_owned());
    let calendar = feed("schedule.ics").ok_or_else(missing)?;
    for (parameter, folder, part, id) in parts(snapshot) {
        let options = Options::new(calendar, [(parameter, &*id.to_string())].into_iter()).map_err(refused)?;
        let path = format!("{name}/{CALENDARS}{folder}/{part}.ics");
        files.push(file(path, &format!("Calendars of each {parameter}"), Content::Feed(calendar, options)));
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
fn index(files: &[File], sizes: &[usize], name: &str) -> String {
    let calendars = format!("{name}/{CALENDARS}");
    let mut lines: BTreeMap<(bool, String), (usize, usize, &str)> = BTreeMap::new();
    for (file, size) in files.iter().zip(sizes) {
        let folder = file.path.strip_prefix(&calendars).and_then(|rest| rest.split_once('/'));
        let name = folder.map_or_else(|| file.path.clone(), |(folder, _)| format!("{calendars}{folder}/"));
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
