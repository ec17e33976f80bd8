//! Moving a block of the schedule.

use std::collections::HashSet;
use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use jiff::SignedDuration;

use crate::access::Right;
use crate::content::{Id, Kind, Record, Session};
use crate::graphql::finding::FindingNode;
use crate::graphql::kinds::session::SessionNode;
use crate::graphql::mutation::content::change;
use crate::graphql::mutation::event_with_right;
use crate::graphql::query::reading;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::publishing::{Draft, Refusal, checks};

/// The most sessions that are moved at once.
const MAX_SESSIONS: usize = 1_000;
/// The longest that sessions are moved, in minutes: a year.
const MAX_MINUTES: u32 = 366 * 24 * 60;

/// A block of the schedule that is moved.
#[derive(Debug, InputObject)]
struct MoveSessionsInput {
    /// The slug of the event.
    event: String,
    /// The sessions, at most 1,000. Sessions that are parts of them move with them.
    sessions: Vec<Id>,
    /// By how many minutes they are moved, at most a year: later, or earlier when it is negative.
    minutes: i32,
    /// The room that they are moved to; each stays in its own when this is left out.
    room: Option<Id>,
    /// Whether nothing is to be written: only look which conflicts it makes.
    #[graphql(default)]
    dry_run: bool,
}

/// What became of moving sessions.
#[derive(SimpleObject)]
#[graphql(serial)]
struct MoveSessionsPayload {
    /// The sessions that were named, as they are now.
    sessions: Vec<SessionNode>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
    /// The conflicts that the move makes: somebody in two places at once, a room used twice.
    warnings: Vec<FindingNode>,
}

/// The mutation.
#[derive(Debug, Default)]
pub(in crate::graphql::mutation) struct MoveSessions;

#[Object]
impl MoveSessions {
    /// Moves a block of the schedule to another time, another room, or both.
    async fn move_sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which sessions, and where to.")] input: MoveSessionsInput,
    ) -> Result<MoveSessionsPayload> {
        let header = event_with_right(context, &input.event, Right::Write)?;
        let invalid = |field, message: String| {
            let user_errors = vec![UserError::new(field, UserErrorCode::Invalid, message)];
            Ok(MoveSessionsPayload { sessions: Vec::new(), user_errors, warnings: Vec::new() })
        };
        if input.sessions.len() > MAX_SESSIONS {
            return invalid("sessions", format!("at most {MAX_SESSIONS} sessions are moved at once"));
        }
        if input.minutes.unsigned_abs() > MAX_MINUTES {
            return invalid("minutes", format!("at most {MAX_MINUTES} minutes, a year"));
        }
        let now = reading(context)?.now();
        let mut warnings = Vec::new();
        let make = |draft: &mut Draft| {
            let before: HashSet<_> =
                checks::findings(draft.document(), now).into_iter().map(|finding| key(&finding)).collect();
            move_all(draft, &input)?;
            let after = checks::findings(draft.document(), now).into_iter();
            let made = after.filter(|finding| !before.contains(&key(finding)));
            warnings = made.map(FindingNode).collect();
            // A dry run stops here, with what it found.
            if input.dry_run { Err(Refusal::Invalid(Vec::new())) } else { Ok(()) }
        };
        let done = change(context, &header, None, &[], make).await?;
        let node = |id: &Id| {
            let scope = done.scope.as_ref()?;
            Some(SessionNode::new(scope.session(*id)?, scope))
        };
        let sessions = input.sessions.iter().filter_map(node).collect();
        Ok(MoveSessionsPayload { sessions, user_errors: done.user_errors, warnings })
    }
}

fn move_all(draft: &mut Draft, input: &MoveSessionsInput) -> std::result::Result<(), Refusal> {
    let mut moved: HashSet<Id> = input.sessions.iter().copied().collect();
    loop {
        let sessions = draft.document().sessions.iter();
        let parts = sessions.filter(|session| session.parent.is_some_and(|parent| moved.contains(&parent)));
        let parts: Vec<Id> = parts.map(|session| session.head.id).filter(|id| !moved.contains(id)).collect();
        if parts.is_empty() {
            break;
        }
        moved.extend(parts);
    }
    let by = SignedDuration::from_mins(input.minutes.into());
    for id in moved {
        let mut session = Session::clone(&*draft.item::<Session>(Kind::Session, id)?);
        let shifted = |time: Option<jiff::Timestamp>| time.and_then(|time| time.checked_add(by).ok());
        session.starts_at = shifted(session.starts_at);
        session.ends_at = shifted(session.ends_at);
        session.room = input.room.or(session.room);
        draft.put(Record::Session(Arc::new(session)));
    }
    Ok(())
}

fn key(finding: &checks::Finding) -> (&'static str, Vec<Id>) {
    (finding.code, finding.records.clone())
}
