//! What looks wrong in the document as a whole: sessions that overlap, speakers whom no session names.
//!
//! It changes nothing.

use super::draft::Draft;
use crate::content::{Content, Role, Session, Severity};

/// The gap in a programme from which somebody should look at it, in seconds.
const LONG_GAP: i64 = 3 * 3600;

/// Looks at everything that was read.
pub(crate) fn check(draft: &mut Draft) {
    overlaps(draft);
    speakers_without_session(draft);
    without_affiliation(draft);
}

/// Sessions at the same time that are in no different rooms and tracks.
fn overlaps(draft: &mut Draft) {
    let mut sessions: Vec<_> =
        draft.document.sessions.iter().filter(|session| session.starts_at.is_some()).cloned().collect();
    sessions.sort_by_key(|session| (session.starts_at, session.head.position));
    let zone = draft.document.event.zone();
    let shown = |session: &Session| {
        let clock = |at: Option<jiff::Timestamp>| {
            at.map_or_else(String::new, |at| zone.to_datetime(at).strftime("%H:%M").to_string())
        };
        format!("“{}” ({}–{})", session.title, clock(session.starts_at), clock(session.ends_at))
    };
    for (position, first) in sessions.iter().enumerate() {
        for second in &sessions[position + 1..] {
            if first.ends_at <= second.starts_at {
                break;
            }
            let is_elsewhere = (first.room.is_some() && second.room.is_some() && first.room != second.room)
                || (first.track.is_some() && second.track.is_some() && first.track != second.track);
            if first.parent == second.parent && !is_elsewhere && second.starts_at < second.ends_at {
                let message = format!("{} overlaps {}", shown(second), shown(first));
                let place = draft.place(second.head().id);
                draft.report(Severity::Warning, "session-overlap", place, message);
            }
        }
    }
    for pair in sessions.iter().filter(|session| session.parent.is_none()).collect::<Vec<_>>().windows(2) {
        let gap = pair[0]
            .ends_at
            .zip(pair[1].starts_at)
            .map(|(end, start)| (end, start, start.as_second() - end.as_second()));
        if let Some((end, start, gap)) = gap
            && gap >= LONG_GAP
            && zone.to_datetime(end).date() == zone.to_datetime(start).date()
        {
            let message = format!("nothing happens for {} hours before {}", gap / 3600, shown(pair[1]));
            let place = draft.place(pair[1].head.id);
            draft.report(Severity::Info, "schedule-gap", place, message);
        }
    }
}

fn speakers_without_session(draft: &mut Draft) {
    if draft.document.sessions.is_empty() {
        return;
    }
    for (role, code, what) in [
        (Role::Speaker, "speaker-without-session", "a confirmed speaker"),
        (Role::Panelist, "panelist-without-session", "a panelist"),
    ] {
        for item in draft.document.participations(role).clone() {
            let speaks =
                |session: &std::sync::Arc<Session>| session.people.iter().any(|person| person.person == item.person);
            if !draft.document.sessions.iter().any(speaks) {
                let name = name_of(draft, item.person);
                let place = draft.place(item.head.id);
                draft.report(
                    Severity::Warning,
                    code,
                    place,
                    format!("{name} is {what} and in no session of the schedule"),
                );
            }
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
