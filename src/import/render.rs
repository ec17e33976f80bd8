//! What an import did and found, for people and for machines. Pure: whoever calls it writes the text somewhere.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use tabled::builder::Builder;
use tabled::settings::{Alignment, Style as Borders, object::Columns};

use super::Diagnostic;
use super::diagnostic::Place;
use crate::content::{Document, Kind, Severity};
use crate::publishing::Edit;

/// What an import did, or would do.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The event's slug.
    pub event: String,
    /// The event's revision afterwards; `None` when nothing was written and there was nothing before.
    pub revision: Option<i64>,
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// What became of the records, kind by kind.
    pub counts: Vec<(Kind, Count)>,
    /// What was odd about the input, by file and line.
    pub diagnostics: Vec<Diagnostic>,
}

/// How many records were found, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// In the input.
    pub found: usize,
    /// New on the server.
    pub created: usize,
    /// Changed on the server.
    pub updated: usize,
    /// As they were.
    pub unchanged: usize,
    /// No longer in the input, and therefore taken off the server.
    pub deleted: usize,
}

/// Counts what edits do to the records of a document.
pub fn count(document: &Document, edits: &[Edit]) -> Vec<(Kind, Count)> {
    let records = document.records();
    Kind::ALL
        .into_iter()
        .map(|kind| {
            let mut count =
                Count { found: records.iter().filter(|record| record.kind() == kind).count(), ..Count::default() };
            for edit in edits.iter().filter(|edit| edit.kind == kind) {
                match (&edit.before, &edit.after) {
                    (None, _) => count.created += 1,
                    (Some(_), Some(_)) => count.updated += 1,
                    (Some(_), None) => count.deleted += 1,
                }
            }
            count.unchanged = count.found - count.created - count.updated;
            (kind, count)
        })
        .filter(|(_, count)| *count != Count::default())
        .collect()
}

impl Outcome {
    fn total(&self) -> Count {
        self.counts.iter().fold(Count::default(), |sum, (_, count)| Count {
            found: sum.found + count.found,
            created: sum.created + count.created,
            updated: sum.updated + count.updated,
            unchanged: sum.unchanged + count.unchanged,
            deleted: sum.deleted + count.deleted,
        })
    }

    fn findings(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|finding| finding.severity == severity).count()
    }

    /// One JSON object.
    pub fn to_json(&self) -> String {
        let total = self.total();
        let counts: serde_json::Map<String, serde_json::Value> =
            self.counts.iter().map(|(kind, count)| (kind.name().to_owned(), serde_json::json!(count))).collect();
        let json = serde_json::json!({
            "event": self.event,
            "revision": self.revision,
            "dryRun": self.dry_run,
            "changes": {
                "created": total.created,
                "updated": total.updated,
                "deleted": total.deleted,
                "unchanged": total.unchanged,
            },
            "counts": counts,
            "diagnostics": self.diagnostics,
        });
        format!("{json:#}\n")
    }

    /// Findings by file, then a table of the records, then the totals, with colours as ANSI sequences.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.write_findings(&mut text);
        self.write_table(&mut text);
        self.write_totals(&mut text);
        text
    }

    fn write_findings(&self, text: &mut String) {
        let bold = Style::new().bold();
        let dim = Style::new().dimmed();
        let mut file: Option<&Option<String>> = None;
        for finding in &self.diagnostics {
            if file != Some(&finding.file) {
                file = Some(&finding.file);
                let name = finding.file.as_deref().unwrap_or("the whole input");
                let gap = if text.is_empty() { "" } else { "\n" };
                let _ = writeln!(text, "{gap}{bold}{}{bold:#}", shown(name));
            }
            let place = match &finding.file {
                Some(file) => Place { file: Some(file.clone()), line: finding.line }.to_string(),
                None => self.event.clone(),
            };
            let style = style(finding.severity);
            let word = word(finding.severity);
            let code = finding.code;
            let _ = writeln!(
                text,
                "  {}: {style}{word}{style:#}{dim}[{code}]{dim:#} {}",
                shown(&place),
                shown(&finding.message)
            );
        }
        if !text.is_empty() {
            text.push('\n');
        }
    }

    fn write_table(&self, text: &mut String) {
        let mut builder = Builder::default();
        builder.push_record(["", "found", "created", "updated", "unchanged", "deleted"]);
        let row = |name: &str, count: Count| {
            let number = |count: usize| if count == 0 { "·".to_owned() } else { count.to_string() };
            [
                name.to_owned(),
                number(count.found),
                number(count.created),
                number(count.updated),
                number(count.unchanged),
                number(count.deleted),
            ]
        };
        for (kind, count) in &self.counts {
            builder.push_record(row(&kind.name().replace('_', " "), *count));
        }
        builder.push_record(row("together", self.total()));
        let mut table = builder.build();
        table.with(Borders::psql()).modify(Columns::new(1..), Alignment::right());
        let _ = writeln!(text, "{table}\n");
    }

    fn write_totals(&self, text: &mut String) {
        let bold = Style::new().bold();
        let total = self.total();
        let changes = total.created + total.updated + total.deleted;
        let event = shown(&self.event);
        let done = match (self.dry_run, changes) {
            (true, 0) => format!("Nothing would change in {bold}{event}{bold:#}."),
            (true, 1) => format!("1 record of {bold}{event}{bold:#} would change; nothing was written."),
            (true, changes) => format!("{changes} records of {bold}{event}{bold:#} would change; nothing was written."),
            (false, 0) => format!("{bold}{event}{bold:#} is as it was: 0 changes{}.", self.at_revision()),
            (false, 1) => format!("{bold}{event}{bold:#} is imported: 1 change{}.", self.at_revision()),
            (false, changes) => format!("{bold}{event}{bold:#} is imported: {changes} changes{}.", self.at_revision()),
        };
        let _ = writeln!(text, "{done}");
        let findings: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info]
            .into_iter()
            .filter(|severity| self.findings(*severity) > 0)
            .map(|severity| {
                let style = style(severity);
                let count = self.findings(severity);
                let plural = if count == 1 || severity == Severity::Info { "" } else { "s" };
                let noun = if severity == Severity::Info { "for information" } else { word(severity) };
                format!("{style}{count} {noun}{plural}{style:#}")
            })
            .collect();
        if findings.is_empty() {
            let _ = writeln!(text, "Nothing was odd about the input.");
        } else {
            let _ = writeln!(text, "Findings: {}.", findings.join(", "));
        }
    }

    fn at_revision(&self) -> String {
        self.revision.map(|revision| format!(", revision {revision}")).unwrap_or_default()
    }
}

/// Text of the input without characters that a terminal would obey.
pub(crate) fn shown(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

pub(crate) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

pub(crate) fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Info => AnsiColor::Cyan,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Error => AnsiColor::Red,
    };
    color.on_default().bold()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome() -> Outcome {
        let finding = |line, code| Diagnostic {
            severity: Severity::Warning,
            code,
            file: Some("_data/schedule.yml".to_owned()),
            line: Some(line),
            message: "“A” overlaps \u{1b}[31mB".to_owned(),
        };
        let count = Count { found: 3, created: 1, updated: 0, unchanged: 2, deleted: 4 };
        Outcome {
            event: "test-2030".to_owned(),
            revision: Some(7),
            dry_run: false,
            counts: vec![(Kind::Session, count)],
            diagnostics: vec![finding(3, "session-overlap"), finding(9, "time-typo")],
        }
    }

    #[test]
    fn text_names_the_place_and_counts() {
        let text = anstream::adapter::strip_str(&outcome().to_text()).to_string();
        assert!(text.contains("_data/schedule.yml:3: warning[session-overlap] “A” overlaps �[31mB"), "{text}");
        assert!(text.contains("5 changes, revision 7"), "{text}");
        assert!(text.contains("2 warnings"), "{text}");
    }

    #[test]
    fn json_is_one_object() {
        let json: serde_json::Value = serde_json::from_str(&outcome().to_json()).unwrap();
        assert_eq!(json["changes"], serde_json::json!({"created": 1, "updated": 0, "deleted": 4, "unchanged": 2}));
        assert_eq!(json["counts"]["session"]["found"], 3);
        assert_eq!(json["diagnostics"][1]["line"], 9);
        assert_eq!(json["diagnostics"][1]["severity"], "WARNING");
    }
}
