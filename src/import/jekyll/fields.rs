//! Records of data files, field by field: whatever nobody asks for is reported, not dropped in silence.

use std::collections::{BTreeMap, HashSet};

use super::draft::Draft;
use super::names::tidy;
use super::source::SourceFile;
use super::yaml::Node;
use crate::content::{MAX_LINE, Severity};
use crate::import::diagnostic::Place;

/// One data file while it is read into a draft.
pub(crate) struct Reading<'a> {
    pub(crate) file: &'a SourceFile,
    pub(crate) draft: &'a mut Draft,
    unread: BTreeMap<String, (u32, u32)>,
    said: HashSet<&'static str>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(file: &'a SourceFile, draft: &'a mut Draft) -> Self {
        Reading { file, draft, unread: BTreeMap::new(), said: HashSet::new() }
    }

    /// Where a line of this file is.
    pub(crate) fn at(&self, line: u32) -> Place {
        self.file.at(line)
    }

    /// Adds a finding.
    pub(crate) fn report(&mut self, severity: Severity, code: &'static str, line: u32, message: impl Into<String>) {
        self.draft.report(severity, code, self.file.at(line), message);
    }

    /// Adds a finding of which one in a file is enough.
    pub(crate) fn report_once(
        &mut self,
        severity: Severity,
        code: &'static str,
        line: u32,
        message: impl Into<String>,
    ) {
        if self.said.insert(code) {
            self.report(severity, code, line, message);
        }
    }

    /// Notes a key that was not understood.
    pub(crate) fn unread(&mut self, key: &str, line: u32) {
        self.unread.entry(key.to_owned()).or_insert((line, 0)).1 += 1;
    }

    /// Reports the keys that were not understood: each once, with how often it is there.
    pub(crate) fn finish(self) {
        for (key, (line, count)) in self.unread {
            let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
            let message = format!("the key {key} was not understood and its value was left out (it is there {times})");
            self.draft.report(Severity::Warning, "unknown-key", self.file.at(line), message);
        }
    }
}

/// The fields of one record.
pub(crate) struct Fields<'a> {
    pub(crate) line: u32,
    entries: &'a [(String, Node)],
    used: Vec<bool>,
}

impl<'a> Fields<'a> {
    /// The fields of a map.
    pub(crate) fn of(node: &'a Node) -> Option<Self> {
        let entries = node.map()?;
        Some(Fields { line: node.line, entries, used: vec![false; entries.len()] })
    }

    /// The first of these keys that has a value. Keys are compared without capitals, and `-` and blanks are `_`.
    pub(crate) fn node(&mut self, keys: &[&str]) -> Option<&'a Node> {
        let mut found: Option<usize> = None;
        for key in keys {
            for (position, (name, node)) in self.entries.iter().enumerate() {
                if key_name(name) != *key {
                    continue;
                }
                if node.is_empty() {
                    self.used[position] = true;
                } else if found.is_none() {
                    found = Some(position);
                }
            }
        }
        let position = found?;
        self.used[position] = true;
        Some(&self.entries[position].1)
    }

    /// The text of the first of these keys that has one, as written.
    pub(crate) fn raw(&mut self, keys: &[&str]) -> Option<(&'a str, u32)> {
        let node = self.node(keys)?;
        node.text().filter(|text| !text.trim().is_empty()).map(|text| (text, node.line))
    }

    /// Whether one of these keys is there, with or without a value.
    pub(crate) fn has(&self, keys: &[&str]) -> bool {
        self.entries.iter().any(|(name, _)| keys.contains(&key_name(name).as_str()))
    }

    /// The text of a key that somebody else is going to take.
    pub(crate) fn peek(&self, key: &str) -> Option<&'a str> {
        self.entries.iter().find(|(name, _)| key_name(name) == key).and_then(|(_, node)| node.text())
    }

    /// The plain text of the first of these keys that has one, in one line.
    pub(crate) fn line_of_text(&mut self, reading: &mut Reading<'_>, keys: &[&str]) -> Option<(String, u32)> {
        let (text, line) = self.raw(keys)?;
        let text = short(reading, tidy(text), line);
        (!text.is_empty()).then_some((text, line))
    }

    /// Takes every field of which the key was not asked for yet.
    pub(crate) fn rest(&mut self) -> Vec<(&'a str, &'a Node)> {
        let mut rest = Vec::new();
        for (position, (key, node)) in self.entries.iter().enumerate() {
            if !std::mem::replace(&mut self.used[position], true) {
                rest.push((key.as_str(), node));
            }
        }
        rest
    }

    /// Notes every field that was not asked for.
    pub(crate) fn finish(mut self, reading: &mut Reading<'_>) {
        for (key, node) in self.rest() {
            if !node.is_empty() {
                reading.unread(key, node.line);
            }
        }
    }
}

/// A line of text that fits where names and titles are kept.
pub(crate) fn short(reading: &mut Reading<'_>, text: String, line: u32) -> String {
    if text.chars().count() <= MAX_LINE {
        return text;
    }
    let message = format!("a text of more than {MAX_LINE} characters stands where a name or title is kept; it was cut");
    reading.report(Severity::Warning, "too-long", line, message);
    let kept: String = text.chars().take(MAX_LINE - 1).collect();
    format!("{}…", kept.trim_end())
}

/// A key as it is compared: `Scholar-Link ` is `scholar_link`.
pub(crate) fn key_name(key: &str) -> String {
    let lower = key.trim().to_lowercase();
    lower.chars().map(|character| if matches!(character, '-' | ' ' | '.') { '_' } else { character }).collect()
}
