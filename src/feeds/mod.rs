//! The feeds: what other programs read of an event, each a pure function of a snapshot.
//!
//! Nothing here knows SQL, a clock, a request or waiting. Routes, the export, the description of the API, the event's page
//! and the tests are made from the one list, [`FEEDS`].

mod atom;
mod c3voc;
mod c3voc2;
mod frab;
mod giggity;
mod icalendar;
mod jsonld;
mod links;
pub mod page;
mod people;
mod programme;
mod sessionize;
mod text;

pub use self::sessionize::KINDS as SESSIONIZE_FORMATS;
use crate::content::{Paper, Session};
use crate::snapshot::Snapshot;

/// What a feed is made from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What is told.
    pub snapshot: &'a Snapshot,
    /// Where the server is, as `https://host[/prefix]` without a slash at the end.
    pub base_url: &'a str,
}

/// One feed: where it is under `/events/{slug}/`, what it is, and how it is made.
#[derive(Debug)]
pub struct Feed {
    /// The path below the event's, for example `schedule.xml`.
    pub path: &'static str,
    /// The media type, with the character set where it has one.
    pub media_type: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What may be asked of it.
    pub parameters: &'static [Parameter],
    /// Makes it.
    pub render: fn(&Source<'_>, &Options) -> Result<Vec<u8>, Refusal>,
}

/// A query parameter that a feed knows.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub description: &'static str,
    /// What it takes.
    pub values: Values,
}

/// What a query parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Any name.
    Any,
    /// One of these.
    Of(&'static [&'static str]),
    /// What this regular expression describes, in the dialect of JSON Schema.
    Matching(&'static str),
}

/// The query parameters of a request that a feed knows, each at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(Vec<(&'static str, String)>);

/// Why a feed is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What was asked for is not in the event; the sentence says what.
    NotFound(String),
    /// A parameter has a value that can't be used.
    BadParameter {
        /// Which one.
        name: &'static str,
        /// Why not.
        message: String,
    },
}

/// The longest value of a parameter, in bytes: room for a list of a hundred sessions.
const MAX_VALUE: usize = 4096;

/// What stands before the slug of a paper in its anchor on the event's page. Sessions stand there under their slugs, and
/// those have no underscore.
pub const PAPER_ANCHOR: &str = "paper_";

/// Every feed.
pub static FEEDS: &[Feed] = &[
    frab::FEED,
    c3voc::FEED,
    c3voc2::FEED,
    sessionize::ALL,
    sessionize::SESSIONS,
    sessionize::SPEAKERS,
    sessionize::SPEAKER_WALL,
    sessionize::GRID,
    icalendar::FEED,
    icalendar::DATES,
    jsonld::FEED,
    atom::FEED,
    giggity::FEED,
];

/// JSON as a feed sends it.
fn json_bytes(value: &impl serde::Serialize) -> Vec<u8> {
    // Writing into memory does not fail, and every key is a string.
    let mut bytes = serde_json::to_vec(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The feed at a path.
pub fn feed(path: &str) -> Option<&'static Feed> {
    FEEDS.iter().find(|feed| feed.path == path)
}

impl Feed {
    /// Whether it tells how releases differ: then it wants them beside the snapshot.
    pub fn looks_back(&self) -> bool {
        self.path == atom::FEED.path
    }
}

impl Options {
    /// The parameters that `feed` knows out of those of a request; others are left out, since many clients add one to get
    /// around caches.
    pub fn new<'a>(feed: &Feed, parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Options, Refusal> {
        let mut known: Vec<(&'static str, String)> = Vec::new();
        for (name, value) in parameters {
            let Some(parameter) = feed.parameters.iter().find(|parameter| parameter.name == name) else { continue };
            let name = parameter.name;
            if value.len() > MAX_VALUE {
                let message = format!("a value has at most {MAX_VALUE} bytes");
                return Err(Refusal::BadParameter { name, message });
            }
            if known.iter().any(|(other, _)| *other == name) {
                return Err(Refusal::BadParameter { name, message: "say it once".to_owned() });
            }
            known.push((name, value.to_owned()));
        }
        known.sort();
        Ok(Options(known))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl Source<'_> {
    /// Where the event's page is.
    pub fn event_url(&self) -> String {
        format!("{}/events/{}", self.base_url, self.snapshot.event().slug)
    }

    /// Where one of the event's feeds is.
    pub fn feed_url(&self, path: &str) -> String {
        format!("{}/{path}", self.event_url())
    }

    /// Where a session is on the event's page.
    pub fn session_url(&self, session: &Session) -> String {
        format!("{}#{}", self.event_url(), session.head.slug)
    }

    /// Where a paper is on the event's page.
    pub fn paper_url(&self, paper: &Paper) -> String {
        format!("{}#{PAPER_ANCHOR}{}", self.event_url(), paper.head.slug)
    }

    /// What the content is called as a version: the release's name or number, or when it last changed.
    pub fn version(&self) -> String {
        let stamp = self.snapshot.stamp();
        let Some(number) = stamp.release else {
            return self.snapshot.modified_at().strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        };
        let release = self.snapshot.releases().iter().find(|release| release.number == number);
        let name = release.and_then(|release| release.name.as_deref()).map(text::line).filter(|name| !name.is_empty());
        // Some apps look at the first kilobyte only to see what they have got.
        name.map_or_else(|| format!("Release {number}"), |name| name.chars().take(100).collect())
    }

    /// A URL of the content as one that stands by itself: relative paths lead from the event's website. `None` for what
    /// is no address on the web.
    pub fn web_url(&self, url: &str) -> Option<String> {
        let url = url.trim();
        let parsed = match url::Url::parse(url) {
            Ok(parsed) => parsed,
            Err(_) => {
                let website = self.snapshot.event().website.as_deref()?;
                url::Url::parse(website).ok()?.join(url).ok()?
            }
        };
        matches!(parsed.scheme(), "http" | "https").then(|| text::strict_url(parsed.as_str()))
    }

    /// The event's time zone by a name that every program knows.
    fn zone_name(&self) -> &str {
        self.snapshot.zone().iana_name().unwrap_or("UTC")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_known_and_said_once() {
        const KNOWING: Feed = Feed {
            path: "x",
            media_type: "text/plain",
            title: "",
            parameters: &[Parameter { name: "tz", description: "", values: Values::Any }],
            render: |_, _| Ok(Vec::new()),
        };
        let options = Options::new(&KNOWING, [("cache", "1"), ("tz", "utc"), ("cache", "2")].into_iter()).unwrap();
        assert_eq!((options.get("tz"), options.get("cache")), (Some("utc"), None));
        for bad in [vec![("tz", "a"), ("tz", "a")], vec![("tz", &*"x".repeat(MAX_VALUE + 1))]] {
            let refused = Options::new(&KNOWING, bad.into_iter());
            assert!(matches!(refused, Err(Refusal::BadParameter { name: "tz", .. })));
        }
    }
}
