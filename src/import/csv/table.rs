//! A table: its delimiter and its line of column names found out, its rows by the names of the columns.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use crate::content::Severity;
use crate::error::Error;
use crate::import::additions::Additions;
use crate::import::diagnostic::Place;
use crate::import::input::Input;
use crate::import::text::clean;

/// The most rows that a table may have.
const MAX_ROWS: usize = 100_000;
/// How far down the line of column names is looked for.
const MAX_TITLES: usize = 10;

/// A column that is understood, and what else people call it. Names are compared without capitals and punctuation.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) others: &'static [&'static str],
    /// Whether a table without it is none of its kind.
    pub(super) needed: bool,
}

/// The rows of a table.
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
}

/// One row: what its cells hold, by the names of their columns.
pub(super) struct Row {
    pub(super) place: Place,
    cells: HashMap<&'static str, String>,
}

impl Row {
    /// A cell's text; `None` where it is empty.
    pub(super) fn text(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    /// A cell as one line.
    pub(super) fn line(&self, column: &str) -> Option<String> {
        let line: String = clean(self.text(column)?).chars().take(crate::content::MAX_LINE).collect();
        (!line.is_empty()).then_some(line)
    }
}

impl Table {
    /// Reads a table; columns that are not known are told.
    pub(super) fn read(input: &Input, columns: &[Column], additions: &mut Additions) -> Result<Table, Error> {
        let start = input.text.trim_start();
        if start.starts_with(['<', '{', '[']) {
            return Err(Error::Input(format!(
                "{} is no table but looks like HTML, XML or JSON; save the sheet as CSV",
                input.name
            )));
        }
        if input.text.contains('\0') {
            return Err(Error::Input(format!("{} is no text; save the sheet as CSV", input.name)));
        }
        let (delimiter, head) = [b',', b';', b'\t', b'|']
            .into_iter()
            .filter_map(|delimiter| Some((delimiter, head(&input.text, delimiter, columns)?)))
            .max_by_key(|(_, head)| (head.known, std::cmp::Reverse(head.record)))
            .ok_or_else(|| no_head(input, columns))?;
        if head.record > 0 {
            let place = Place { file: Some(input.name.clone()), line: Some(1) };
            let message = "what stands above the names of the columns is left out";
            additions.tell(Severity::Info, "before-the-columns", &place, message);
        }
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(input.text.as_bytes());
        let mut rows = Vec::new();
        for (number, record) in reader.records().enumerate() {
            let record =
                record.map_err(|error| Error::Input(format!("{}: this table can't be read: {error}", input.name)))?;
            let line = record.position().and_then(|position| u32::try_from(position.line()).ok());
            let place = Place { file: Some(input.name.clone()), line };
            if number == head.record {
                tell_of_columns(&record, columns, &place, additions);
            }
            if number <= head.record || record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if rows.len() == MAX_ROWS {
                return Err(Error::Input(format!("{} has more than {MAX_ROWS} rows", input.name)));
            }
            if record.len() > head.names.len()
                && record.iter().skip(head.names.len()).any(|cell| !cell.trim().is_empty())
            {
                let message = "a row has more cells than there are columns; is a quotation mark missing?";
                additions.tell(Severity::Warning, "too-many-cells", &place, message);
            }
            let mut cells = HashMap::new();
            for (name, cell) in head.names.iter().zip(record.iter()) {
                if let Some(name) = name {
                    cells.entry(*name).or_insert_with(|| cell.to_owned());
                }
            }
            rows.push(Row { place, cells });
        }
        if rows.is_empty() {
            return Err(Error::Input(format!("{} has no row below the names of the columns", input.name)));
        }
        Ok(Table { rows })
    }
}

/// The line of column names.
struct Head {
    /// Which record it is.
    record: usize,
    names: Vec<Option<&'static str>>,
    /// How many columns are known.
    known: usize,
}

fn head(text: &str, delimiter: u8, columns: &[Column]) -> Option<Head> {
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    for (record, cells) in reader.records().take(MAX_TITLES).enumerate() {
        let cells = cells.ok()?;
        let names: Vec<_> = cells.iter().map(|cell| named(cell, columns)).collect();
        let is_complete =
            columns.iter().filter(|column| column.needed).all(|column| names.contains(&Some(column.name)));
        if is_complete {
            let known = names.iter().flatten().count();
            return Some(Head { record, names, known });
        }
    }
    None
}

fn named(cell: &str, columns: &[Column]) -> Option<&'static str> {
    let wanted = plain(cell);
    if wanted.is_empty() {
        return None;
    }
    columns
        .iter()
        .find(|column| plain(column.name) == wanted || column.others.contains(&wanted.as_str()))
        .map(|column| column.name)
}

fn plain(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn tell_of_columns(record: &StringRecord, columns: &[Column], place: &Place, additions: &mut Additions) {
    let mut seen = Vec::new();
    for cell in record.iter().map(str::trim).filter(|cell| !cell.is_empty()) {
        let shown: String = cell.chars().take(80).collect();
        match named(cell, columns) {
            None => additions.tell(
                Severity::Warning,
                "unknown-column",
                place,
                format!("the column “{shown}” is not known, and is left out"),
            ),
            Some(name) if seen.contains(&name) => {
                let message = format!("the column “{shown}” tells the same as one before it, and is left out");
                additions.tell(Severity::Warning, "column-twice", place, message);
            }
            Some(name) => seen.push(name),
        }
    }
}

fn no_head(input: &Input, columns: &[Column]) -> Error {
    let needed: Vec<&str> = columns.iter().filter(|column| column.needed).map(|column| column.name).collect();
    let all: Vec<&str> = columns.iter().map(|column| column.name).collect();
    Error::Input(format!(
        "{} has no line that names the columns: there must be {}, and there may be {}; --template prints a table to start from",
        input.name,
        needed.join(" and "),
        all.join(", ")
    ))
}
