//! What looks wrong in an event's content as a whole: somebody in two places at once, a public talk in a hidden room.
//!
//! Pure: mutations, releases, imports and `plenary check` tell the same findings. Only what breaks a rule is an error;
//! nothing else here ever keeps content from being written.

mod clashes;
mod hidden;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::content::{Content, Document, Id, Report, Role, Session, SessionStatus, Severity};

/// The most findings that are told: who has more learns nothing from the rest.
pub const MAX_FINDINGS: usize = 500;

/// Something that looks wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A stable word for programs, in kebab-case, for example `person-twice`.
    pub code: &'static str,
    /// The records that it concerns, the one to mend first.
    pub records: Vec<Id>,
    /// A sentence for people: what, and where.
    pub message: String,
}

/// Everything that looks wrong at `now`, what is worst first, at most [`MAX_FINDINGS`].
pub fn findings(document: &Document, now: Timestamp) -> Vec<Finding> {
    let mut found = broken_rules(document);
    let mut checks = Checks::new(document);
    checks.clashes();
    checks.days();
    checks.without_session();
    checks.hidden(now);
    found.append(&mut checks.found);
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found.truncate(MAX_FINDINGS);
    found
}

/// The findings about sessions that happen at the same time, as [`findings`] has them.
pub fn clashes(document: &Document) -> Vec<Finding> {
    let mut checks = Checks::new(document);
    checks.clashes();
    checks.found
}

/// The findings about speakers and panelists whom no session names, as [`findings`] has them.
pub fn without_session(document: &Document) -> Vec<Finding> {
    let mut checks = Checks::new(document);
    checks.without_session();
    checks.found
}

/// What the store would refuse.
fn broken_rules(document: &Document) -> Vec<Finding> {
    let mut report = Report::default();
    document.check(&mut report);
    let mut found = Vec::new();
    for problem in report.into_problems() {
        // Paths begin with the record: `session:0193…`.
        let id = problem.path.first().and_then(|part| part.split_once(':')?.1.parse().ok());
        found.push(Finding {
            severity: Severity::Error,
            code: problem.code,
            records: id.into_iter().collect(),
            message: format!("{}: {}", problem.path.join("."), problem.message),
        });
    }
    found
}

/// A document while it is looked at.
struct Checks<'a> {
    document: &'a Document,
    zone: TimeZone,
    names: HashMap<Id, &'a str>,
    parents: HashMap<Id, Id>,
    found: Vec<Finding>,
}

impl<'a> Checks<'a> {
    fn new(document: &'a Document) -> Self {
        let sessions = &document.sessions;
        Checks {
            document,
            zone: document.event.zone(),
            names: document.people.iter().map(|person| (person.id, person.name.as_str())).collect(),
            parents: sessions.iter().filter_map(|session| Some((session.head.id, session.parent?))).collect(),
            found: Vec::new(),
        }
    }

    fn add(&mut self, severity: Severity, code: &'static str, records: &[Id], message: String) {
        if self.found.len() < MAX_FINDINGS {
            self.found.push(Finding { severity, code, records: records.to_vec(), message });
        }
    }

    fn name(&self, person: Id) -> &'a str {
        self.names.get(&person).copied().unwrap_or("somebody")
    }

    /// A session as people call it: its title and when it is.
    fn shown(&self, session: &Session) -> String {
        let clock = |at: Option<Timestamp>| {
            at.map_or_else(String::new, |at| self.zone.to_datetime(at).strftime("%H:%M").to_string())
        };
        format!("“{}” ({}–{})", session.title, clock(session.starts_at), clock(session.ends_at))
    }

    /// Sessions that have a time and take place.
    fn scheduled(&self) -> Vec<&'a Session> {
        let takes_place =
            |session: &&Session| session.starts_at.is_some() && session.status != SessionStatus::Cancelled;
        let mut sessions: Vec<&Session> =
            self.document.sessions.iter().map(AsRef::as_ref).filter(takes_place).collect();
        sessions.sort_by_key(|session| (session.starts_at, session.head.position, session.head.id));
        sessions
    }

    /// Sessions on other days than the event's, and parts outside what holds them.
    fn days(&mut self) {
        let event = &self.document.event;
        let (first, last) = (event.starts_on.0, event.ends_on.0);
        let times: HashMap<Id, &Session> =
            self.document.sessions.iter().map(|session| (session.head.id, session.as_ref())).collect();
        for session in self.scheduled() {
            let id = session.head.id;
            let day = |at: Option<Timestamp>| at.map(|at| self.zone.to_datetime(at).date());
            let (start, end) = (day(session.starts_at), day(session.ends_at));
            // The last evening may go on past midnight.
            let too_late = end.is_some_and(|end| last.tomorrow().is_ok_and(|next| end > next));
            if start.is_some_and(|start| start < first || start > last) || too_late {
                let when = start.map_or_else(String::new, |start| start.to_string());
                let message =
                    format!("{} is on {when}, outside the event's days ({first} to {last})", self.shown(session));
                self.add(Severity::Warning, "session-outside-days", &[id], message);
            }
            let Some(whole) = session.parent.and_then(|parent| times.get(&parent)) else { continue };
            let early = whole.starts_at.is_some_and(|start| session.starts_at < Some(start));
            let late = whole.ends_at.is_some_and(|end| session.ends_at > Some(end));
            if early || late {
                let message =
                    format!("{} is not within {}, which it is a part of", self.shown(session), self.shown(whole));
                self.add(Severity::Warning, "part-outside-session", &[id, whole.head.id], message);
            }
        }
    }

    /// Speakers and panelists whom no session names, once there is a schedule.
    fn without_session(&mut self) {
        if self.document.sessions.is_empty() {
            return;
        }
        let named: HashSet<Id> =
            self.document.sessions.iter().flat_map(|session| &session.people).map(|person| person.person).collect();
        for (role, code, what) in [
            (Role::Speaker, "speaker-without-session", "a confirmed speaker"),
            (Role::Panelist, "panelist-without-session", "a panelist"),
        ] {
            for item in self.document.participations(role) {
                if !named.contains(&item.person) {
                    let message = format!("{} is {what} and in no session of the schedule", self.name(item.person));
                    self.add(Severity::Warning, code, &[item.head().id, item.person], message);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
