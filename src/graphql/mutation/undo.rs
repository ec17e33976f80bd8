//! Taking a change back that still applies.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::content::event::events_of_series;
use super::content::{change, check_elsewhere, check_people};
use super::{event_with_right, unavailable};
use crate::access::Right;
use crate::content::{Id, Kind, Record, references};
use crate::graphql::connection::sequence;
use crate::graphql::finding::FindingNode;
use crate::graphql::kinds::event::EventNode;
use crate::graphql::node::Node;
use crate::graphql::query::reading;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::publishing::{Edit, undo};
use crate::store::EventHeader;

/// Which change is to be taken back.
#[derive(Debug, InputObject)]
struct UndoChangeInput {
    /// The slug of the event.
    event: String,
    /// The `sequence` of the change.
    change: String,
}

/// What became of taking a change back.
#[derive(SimpleObject)]
#[graphql(serial)]
struct UndoChangePayload {
    /// The event in the working view; absent when nothing was written.
    event: Option<EventNode>,
    /// The record as it is again; absent when it was created by the change and is gone now, or when nothing was written.
    node: Option<Node>,
    /// What is to be mended; nothing was written if there is something. `CONFLICT` says what was changed since.
    user_errors: Vec<UserError>,
    /// What looks wrong and was written all the same.
    warnings: Vec<FindingNode>,
}

/// The mutation that takes changes back.
#[derive(Debug, Default)]
pub(super) struct UndoMutations;

#[Object]
impl UndoMutations {
    /// Takes a change back: the record becomes what it was before, if it is still what the change made of it. What was
    /// created goes; what was deleted comes back with its id, its slug and, for a session, its number. That is a change
    /// too, and can be taken back. Releases and who sees the event are not taken back this way.
    async fn undo_change(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which change, and of which event.")] input: UndoChangeInput,
    ) -> Result<UndoChangePayload> {
        let header = event_with_right(context, &input.event, Right::Write)?;
        let refused = |user_errors: Vec<UserError>| UndoChangePayload {
            event: None,
            node: None,
            user_errors: user_errors.into_iter().map(|error| error.within(&["change"])).collect(),
            warnings: Vec::new(),
        };
        let Some(edit) = find(context, &header, &input.change).await? else {
            let message = "there is no change with this sequence number in the event's log";
            return Ok(refused(vec![UserError::new("", UserErrorCode::NotFound, message)]));
        };
        let people = shared(&edit, Kind::Person);
        let mut user_errors = check_people(context, &header, &people).await?;
        user_errors.extend(check_others(context, &edit).await?);
        if !user_errors.is_empty() {
            return Ok(refused(user_errors));
        }
        let known = [people, shared(&edit, Kind::Series)].concat();
        let done = change(context, &header, Some(edit.id), &known, |draft| undo(draft, &edit)).await?;
        if done.answer.is_none() {
            return Ok(refused(done.user_errors));
        }
        let node = done.scope.as_ref().and_then(|scope| Node::new(&scope.record(edit.id)?, scope));
        Ok(UndoChangePayload {
            event: done.scope.as_ref().map(EventNode::of),
            node,
            user_errors: Vec::new(),
            warnings: done.warnings,
        })
    }
}

/// The change with a sequence number, if it is one of the event.
async fn find(context: &Context<'_>, header: &EventHeader, text: &str) -> Result<Option<Edit>> {
    let Some(sequence) = sequence(text) else { return Ok(None) };
    let store = reading(context)?.shelf().store();
    let found = store.change_of_event(header.event.id, sequence).await.map_err(unavailable)?;
    Ok(found.map(|change| Edit { kind: change.kind, id: change.item, before: change.before, after: change.after }))
}

/// The people or the series to whom the record referred before the change: they may have to come back with it.
fn shared(edit: &Edit, kind: Kind) -> Vec<Id> {
    let references = edit.before.iter().flat_map(references);
    references.filter(|(_, _, wanted)| *wanted == kind).map(|(_, id, _)| id).collect()
}

/// People and series are the same in all their events, and an event may only become an edition of a series again by
/// whoever may write the others.
async fn check_others(context: &Context<'_>, edit: &Edit) -> Result<Vec<UserError>> {
    let events = match (edit.kind, series_of(&edit.before), series_of(&edit.after)) {
        (Kind::Person, ..) => reading(context)?.shelf().events_of_person(edit.id).await.map_err(unavailable)?,
        (Kind::Series, ..) => events_of_series(context, edit.id)?,
        (Kind::Event, Some(before), after) if after != Some(before) => events_of_series(context, before)?,
        _ => Vec::new(),
    };
    check_elsewhere(context, &events)
}

fn series_of(record: &Option<Record>) -> Option<Id> {
    match record {
        Some(Record::Event(event)) => event.series,
        _ => None,
    }
}
