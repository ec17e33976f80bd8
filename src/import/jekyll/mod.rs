//! Workshop sites made with Jekyll: `_config.yml`, `_data/*.yml` and `index.md`.

mod addresses;
mod authors;
mod bounds;
mod checks;
mod config;
mod data;
mod dates;
mod days;
mod draft;
#[cfg(test)]
mod family;
mod fields;
mod heading;
mod links;
mod lists;
mod names;
mod page;
mod papers;
mod people;
mod person_links;
mod presenters;
mod schedule;
mod session;
mod session_paper;
mod source;
mod times;
mod yaml;
mod yaml_mending;

use std::path::Path;

pub(crate) use self::names::{parse_person, split_people};

use self::draft::Draft;
use self::source::Source;
use super::{html, place, text, titles};
use crate::error::Error;
use crate::import::{Extent, Imported, Options};

/// Reads the site in a folder.
///
/// The configuration and the page come first: they tell the event's day and zone, without which the times of the
/// schedule are no instants.
pub fn read(folder: &Path, options: &Options) -> Result<Imported, Error> {
    let mut draft = Draft::new(options);
    let source = Source::open(folder, &mut draft.diagnostics)?;
    let mut facts = config::read(&source, &mut draft)?;
    let taken = config::read_data(&source, &mut draft, &mut facts);
    let pending = page::read(&source, &mut draft, facts);
    if !draft.is_dated {
        return Err(Error::Input(
            "the site does not say on which day the event is; say it with --date YYYY-MM-DD".to_owned(),
        ));
    }
    data::read(&source, &mut draft, &taken)?;
    page::finish(&pending, &mut draft);
    links::settle(&mut draft);
    bounds::keep(&mut draft)?;
    checks::check(&mut draft);
    draft.document.sort();
    Ok(Imported {
        document: draft.document,
        diagnostics: draft.diagnostics,
        extent: Extent::Whole,
        tells_recording: false,
        dated: None,
    })
}
