//! What an importer found in its input: file, line, code, severity, message.

use std::fmt;

use serde::Serialize;

use crate::content::Severity;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable word for programs, in kebab-case, for example `session-overlap`.
    pub code: &'static str,
    /// The file, relative to the imported folder, with `/` between its parts.
    pub file: Option<String>,
    /// The line in the file, counted from 1.
    pub line: Option<u32>,
    /// A sentence for people: what was found, and what was made of it.
    pub message: String,
}

/// Findings in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a finding.
    pub fn add(&mut self, severity: Severity, code: &'static str, place: impl Into<Place>, message: impl Into<String>) {
        let place = place.into();
        self.0.push(Diagnostic { severity, code, file: place.file, line: place.line, message: message.into() });
    }

    /// The findings.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// The findings, by file and line.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.0.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        self.0
    }
}

/// Where something was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the imported folder.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: Option<u32>,
}

impl fmt::Display for Place {
    /// As editors and terminals know it: `_data/schedule.yml:12`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(formatter, "{file}:{line}"),
            (Some(file), None) => formatter.write_str(file),
            (None, _) => formatter.write_str("the input"),
        }
    }
}

impl From<(&str, u32)> for Place {
    fn from((file, line): (&str, u32)) -> Place {
        Place { file: Some(file.to_owned()), line: Some(line) }
    }
}

impl From<&str> for Place {
    fn from(file: &str) -> Place {
        Place { file: Some(file.to_owned()), line: None }
    }
}
