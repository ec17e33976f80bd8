//! What looks wrong in the document as a whole: what is told of any content, and what hints at a misread site.
//!
//! It changes nothing.

use super::draft::Draft;
use crate::content::{Role, Severity};
use crate::import::diagnostic::Place;
use crate::publishing::checks;

/// The gap in a programme from which somebody should look at it, in seconds.
const LONG_GAP: i64 = 3 * 3600;

/// Looks at everything that was read.
pub(crate) fn check(draft: &mut Draft) {
    general(draft);
    gaps(draft);
    without_affiliation(draft);
}

/// What is told of any content, with the place that the record to mend was read from.
fn general(draft: &mut Draft) {
    let mut findings = checks::clashes(&draft.document);
    findings.extend(checks::without_session(&draft.document));
    for finding in findings {
        let place = finding.records.first().map_or_else(Place::default, |id| draft.place(*id));
        // A site that names one room for all says nothing by it: what overlaps there overlaps as anything else does.
        let code = if finding.code == "room-twice" { "session-overlap" } else { finding.code };
        draft.report(finding.severity, code, place, finding.message);
    }
}

/// Hours in the middle of a day in which nothing happens: often a time was read wrong.
fn gaps(draft: &mut Draft) {
    let mut sessions: Vec<_> =
        draft.document.sessions.iter().filter(|session| session.starts_at.is_some()).cloned().collect();
    sessions.sort_by_key(|session| (session.starts_at, session.head.position));
    let zone = draft.document.event.zone();
    for pair in sessions.iter().filter(|session| session.parent.is_none()).collect::<Vec<_>>().windows(2) {
        let gap = pair[0]
            .ends_at
            .zip(pair[1].starts_at)
            .map(|(end, start)| (end, start, start.as_second() - end.as_second()));
        if let Some((end, start, gap)) = gap
            && gap >= LONG_GAP
            && zone.to_datetime(end).date() == zone.to_datetime(start).date()
        {
            let message = format!("nothing happens for {} hours before “{}”", gap / 3600, pair[1].title);
            let place = draft.place(pair[1].head.id);
            draft.report(Severity::Info, "schedule-gap", place, message);
        }
    }
}

fn without_affiliation(draft: &mut Draft) {
    for (role, code, severity) in [
        (Role::Speaker, "speaker-without-affiliation", Severity::Warning),
        (Role::Panelist, "panelist-without-affiliation", Severity::Warning),
        (Role::Organizer, "organizer-without-affiliation", Severity::Warning),
        (Role::Volunteer, "volunteer-without-affiliation", Severity::Info),
        (Role::CommitteeMember, "committee-member-without-affiliation", Severity::Info),
    ] {
        for item in draft.document.participations(role).clone().iter().filter(|item| item.affiliation.is_none()) {
            let name = name_of(draft, item.person);
            let place = draft.place(item.head.id);
            draft.report(severity, code, place, format!("{name} has no affiliation here"));
        }
    }
}

fn name_of(draft: &Draft, person: crate::content::Id) -> String {
    draft.person_of(person).map_or_else(String::new, |person| person.name.clone())
}
