//! Findings that come many times: each is told once, with the first place and how often.

use std::collections::BTreeMap;

use super::Diagnostics;
use super::diagnostic::Place;
use crate::content::Severity;

/// Counts findings by their code and their sentence.
#[derive(Debug, Default)]
pub(crate) struct Tally(BTreeMap<(&'static str, String), (Severity, Place, usize)>);

impl Tally {
    /// Notes a finding; the same sentence is told once.
    pub(crate) fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: impl Into<Place>,
        message: impl Into<String>,
    ) {
        self.0.entry((code, message.into())).or_insert_with(|| (severity, place.into(), 0)).2 += 1;
    }

    /// Tells everything that was noted.
    pub(crate) fn tell(self, diagnostics: &mut Diagnostics) {
        for ((code, message), (severity, place, count)) in self.0 {
            let times = if count > 1 { format!(" ({count} times, here first)") } else { String::new() };
            diagnostics.add(severity, code, place, format!("{message}{times}"));
        }
    }
}
