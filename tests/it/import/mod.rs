//! Getting content in.

mod again;
mod hopeless;
mod jekyll_site;
mod shared_pages;
mod shared_sites;

use std::path::{Path, PathBuf};

use plenary::content::{Document, Publication};
use plenary::import::Options;

/// The fixture site: invented, with every quirk that real ones have.
fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/jekyll-site")
}

/// What the operator says, for an event with this slug.
pub(crate) fn options(slug: &str) -> Options {
    Options {
        slug: slug.to_owned(),
        time_zone: None,
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
