//! Workshop sites made with Jekyll: `_config.yml`, `_data/*.yml` and `index.md`.

mod config;
mod draft;
mod html;
mod page;
mod source;
mod text;
mod yaml;

use std::path::Path;

use self::draft::Draft;
use self::source::Source;
use crate::error::Error;
use crate::import::{Imported, Options};

/// Reads the site in a folder.
///
/// The configuration and the page come first: they tell the event's day and zone, without which the times of the
/// schedule are no instants.
pub fn read(folder: &Path, options: &Options) -> Result<Imported, Error> {
    let mut draft = Draft::new(options);
    let source = Source::open(folder, &mut draft.diagnostics)?;
    config::read(&source, &mut draft)?;
    page::read(&source, &mut draft);
    if !draft.is_dated {
        return Err(Error::Input(
            "the site does not say on which day the event is; say it with --date YYYY-MM-DD".to_owned(),
        ));
    }
    draft.document.sort();
    Ok(Imported { document: draft.document, diagnostics: draft.diagnostics })
}
