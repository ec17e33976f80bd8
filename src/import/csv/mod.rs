//! Tables as spreadsheets write them, for people, papers and sessions of an event that is there.
//!
//! The first line names the columns; which delimiter and encoding a file has is found out. A cell that is empty tells
//! nothing: what is known stays.

mod papers;
mod people;
mod sessions;
mod table;
mod template;

use std::path::Path;

pub use template::template;

use self::table::Table;
use super::additions::Additions;
use super::input::Input;
use super::{Diagnostics, Imported, Options, text};
use crate::content::{Document, Severity};
use crate::error::Error;

/// What the lines of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// Speakers, panelists, organizers, volunteers and committee members.
    People,
    /// Papers with their authors.
    Papers,
    /// Sessions with their times, rooms and people.
    Sessions,
}

/// Reads a file into an event.
pub fn read(path: &Path, sheet: Sheet, stored: Document, options: &Options) -> Result<Imported, Error> {
    let mut diagnostics = Diagnostics::default();
    let input = Input::open(path, &mut diagnostics)?;
    read_input(&input, sheet, stored, options, diagnostics)
}

/// Reads a text into an event.
pub fn read_input(
    input: &Input,
    sheet: Sheet,
    stored: Document,
    options: &Options,
    mut diagnostics: Diagnostics,
) -> Result<Imported, Error> {
    let (mended, changed) = text::repair(&input.text);
    if changed {
        let message = "letters that went through a wrong encoding were put right";
        diagnostics.add(Severity::Info, "mojibake", input.name.as_str(), message);
    }
    let input = Input { name: input.name.clone(), text: mended };
    let columns = match sheet {
        Sheet::People => people::COLUMNS,
        Sheet::Papers => papers::COLUMNS,
        Sheet::Sessions => sessions::COLUMNS,
    };
    let mut additions = Additions::new(stored, options, diagnostics);
    let table = Table::read(&input, columns, &mut additions)?;
    match sheet {
        Sheet::People => people::read(&table, &mut additions),
        Sheet::Papers => papers::read(&table, &mut additions),
        Sheet::Sessions => sessions::read(&table, &mut additions),
    }
    Ok(additions.done())
}
