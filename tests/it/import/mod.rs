//! Getting content in.

mod additions;
mod again;
mod conferences;
mod formats;
mod frab;
mod hopeless;
mod jekyll_site;
mod round_trip;
mod rounds;
mod schedule_command;
pub(crate) mod schedules;
mod shared_pages;
mod shared_sites;

use std::path::{Path, PathBuf};

use plenary::content::{Document, Publication, Record};
use plenary::import::{Diagnostics, Options};

/// The fixture site: invented, with every quirk that real ones have.
fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/jekyll-site")
}

/// What the operator says, for an event with this slug.
pub(crate) fn options(slug: &str) -> Options {
    Options {
        slug: slug.to_owned(),
        time_zone: None,
        known_zone: None,
        date: None,
        website: None,
        publication: Publication::Live,
        now: "2031-01-01T00:00:00Z".parse().expect("a timestamp"),
    }
}

/// What is wrong with a document by its own rules.
fn problems(document: &Document) -> Vec<String> {
    let mut report = plenary::content::Report::default();
    document.check(&mut report);
    report
        .into_problems()
        .into_iter()
        .map(|problem| format!("{}: {}", problem.path.join("."), problem.message))
        .collect()
}

/// A fixture schedule: invented, with the quirks of its dialect.
fn schedule(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/schedules").join(name)
}

/// The document with a readable name in the place of every id, for ids are new at every import.
fn with_names_for_ids(document: &Document) -> serde_json::Value {
    let mut json = serde_json::to_string(document).expect("a document is JSON");
    for record in document.records() {
        let name = match &record {
            Record::Event(event) => event.slug.clone(),
            Record::Series(series) => series.slug.clone(),
            Record::Person(person) => person.name.clone(),
            item => item.head().map(|head| head.slug.clone()).unwrap_or_default(),
        };
        json = json.replace(&record.id().to_string(), &format!("{}:{name}", record.kind().name()));
    }
    serde_json::from_str(&json).expect("still JSON")
}

/// The findings, a line each.
fn told(diagnostics: Diagnostics) -> String {
    let lines: Vec<String> = diagnostics
        .into_sorted()
        .into_iter()
        .map(|finding| {
            let line = finding.line.map_or_else(String::new, |line| format!(":{line}"));
            let place = format!("{}{line}", finding.file.unwrap_or_default());
            format!("{place} {:?} {}: {}", finding.severity, finding.code, finding.message)
        })
        .collect();
    lines.join("\n")
}
