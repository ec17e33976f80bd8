//! Writing content. What all kinds share is here, once: who may, the one way through the store, slugs, positions, and
//! how what is wrong is told. `items` has the mutations of every kind of item, `event` those of what is no item, and
//! `jobs` those that do several things at once.

pub(super) mod event;
pub(super) mod items;
pub(super) mod jobs;

use std::sync::Arc;

use async_graphql::{Context, Result};
use uuid::Uuid;

use self::event::events_of_series;
use super::{event_with_right, unavailable};
use crate::access::Right;
use crate::content::{Content, Document, Head, Id, Kind, Problem, Record, Report, slugify};
use crate::graphql::error::{Code, denied};
use crate::graphql::finding::FindingNode;
use crate::graphql::inputs::{Desk, ItemInput};
use crate::graphql::query::reading;
use crate::graphql::scope::Scope;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::publishing::{Draft, Refusal, checks, diff};
use crate::snapshot::View;
use crate::store::EventHeader;

/// What a change came to: the answer, seen in the working view of what was written, or what is to be mended.
pub(super) struct Outcome<T> {
    /// What the change answered; absent when nothing was written.
    pub(super) answer: Option<T>,
    /// The event's working view, with what was written.
    pub(super) scope: Option<Scope>,
    /// What the caller can mend.
    pub(super) user_errors: Vec<UserError>,
    /// What looks wrong with the records that are asked about; empty where nobody asks.
    pub(super) warnings: Vec<FindingNode>,
}

/// Changes an event that the viewer may write. `own` is the record that the input speaks of: what is wrong with it is
/// told with the fields of the input, what is wrong with others with their ids before.
pub(super) async fn change<T: Send>(
    context: &Context<'_>,
    header: &EventHeader,
    own: Option<Id>,
    shared: &[Id],
    change: impl FnOnce(&mut Draft) -> std::result::Result<T, Refusal> + Send,
) -> Result<Outcome<T>> {
    let reading = reading(context)?;
    let editor = reading.viewer().editor(&header.event);
    let editor = editor.ok_or_else(|| Code::Forbidden.error("you may see this event, and not do this with it"))?;
    let shelf = reading.shelf();
    let base = shelf.stored(header.event.id).await.map_err(unavailable)?.ok_or_else(no_such_event)?;
    let mut touched = Vec::new();
    let mut mine: Vec<Id> = own.into_iter().collect();
    let noting = |draft: &mut Draft| {
        let answer = change(draft)?;
        touched = draft.touched();
        // The input of a participation speaks of the person too.
        mine.extend(own.and_then(|own| draft.person_of(own)));
        Ok(answer)
    };
    let written = shelf.store().edit(&editor, &base, shared, reading.now(), noting).await.map_err(unavailable)?;
    // Who is told of a conflict is shown what there is now, whichever server wrote it.
    let is_new_to_shelf = !matches!(written, Err(Refusal::Invalid(_)));
    let (answer, user_errors) = match written {
        Ok((answer, _)) => (Some(answer), Vec::new()),
        Err(refusal) => (None, told(refusal, own, &mine)?),
    };
    if is_new_to_shelf && let Err(error) = shelf.refresh().await {
        tracing::warn!(%error, "what was written is seen later");
    }
    let scope = reading.snapshot(header.event.id, View::Working).await.map_err(denied)?.map(Scope::new);
    let warnings = match &scope {
        Some(scope) if answer.is_some() && context.look_ahead().field("warnings").exists() => {
            let findings = checks::findings(scope.document(), reading.now()).into_iter();
            findings.filter(|finding| finding.records.iter().any(|id| touched.contains(id))).map(FindingNode).collect()
        }
        _ => Vec::new(),
    };
    Ok(Outcome { answer, scope, user_errors, warnings })
}

/// What is wrong, for the caller.
fn told(refusal: Refusal, own: Option<Id>, mine: &[Id]) -> Result<Vec<UserError>> {
    match refusal {
        Refusal::Invalid(problems) => {
            let told = |(id, mut problem): (Id, Problem)| {
                if !mine.contains(&id) && !id.0.is_nil() {
                    problem.path.insert(0, id.to_string());
                }
                UserError::from(problem)
            };
            Ok(problems.into_iter().map(told).collect())
        }
        Refusal::Conflict(record) => {
            let revision = record.head().map_or(0, |head| head.revision);
            let message =
                format!("somebody has changed it: it is at revision {revision} now; look at it and try again");
            Ok(vec![UserError::new("ifRevision", UserErrorCode::Conflict, message)])
        }
        Refusal::NotFound(id) if Some(id) == own => Err(Code::NotFound.error("there is nothing with this id")),
        Refusal::NotFound(id) => {
            Ok(vec![UserError::new("", UserErrorCode::NotFound, format!("there is nothing with the id {id}"))])
        }
    }
}

/// The event of an item, for a viewer who may write it. To those who may not see the item, it is not there.
pub(super) async fn event_of_item(context: &Context<'_>, kind: Kind, id: Id) -> Result<Arc<EventHeader>> {
    let reading = reading(context)?;
    if reading.viewer().is_public() {
        return Err(Code::Unauthenticated.error("changing something needs a token"));
    }
    let nothing = || Code::NotFound.error("there is nothing with this id");
    let event = reading.locate(id).await.map_err(denied)?.ok_or_else(nothing)?;
    for view in [View::Working, View::Public] {
        let Some(header) = reading.event_with_id(event, view).map_err(denied)? else { continue };
        let Some(snapshot) = reading.snapshot(event, view).await.map_err(denied)? else { continue };
        if snapshot.record(id).is_some_and(|record| record.kind() == kind) {
            return event_with_right(context, &header.event.slug, Right::Write);
        }
    }
    Err(nothing())
}

fn no_such_event() -> async_graphql::Error {
    Code::NotFound.error("there is no event with this slug")
}

/// Creates an item at the end of its list; answers its id. An item that is there already with the id that the caller
/// chose is what an earlier attempt made, and stays.
pub(super) fn create<I: ItemInput>(
    draft: &mut Draft,
    id: Id,
    input: I,
    now: jiff::Timestamp,
) -> std::result::Result<Id, Refusal>
where
    Record: From<Arc<I::Content>>,
{
    let blank = I::blank(Head::new(id, "", 0, now));
    let kind = blank.record_kind();
    if draft.document().find(kind, id).is_some() {
        return Ok(id);
    }
    let mut content = blank;
    content.head_mut().position = draft.document().next_position(kind);
    let has_slug = input.has_slug();
    apply(draft, input, &mut content, now)?;
    if !has_slug {
        let slug = draft.document().free_slug(kind, &slugify(&I::name(&content, draft)));
        content.head_mut().slug = slug;
    }
    draft.put(Record::from(Arc::new(content)));
    Ok(id)
}

/// Changes an item.
pub(super) fn update<I: ItemInput>(
    draft: &mut Draft,
    id: Id,
    if_revision: Option<i32>,
    input: I,
    now: jiff::Timestamp,
) -> std::result::Result<Id, Refusal>
where
    Record: From<Arc<I::Content>>,
{
    let kind = I::blank(Head::new(id, "", 0, now)).record_kind();
    draft.expect_revision(kind, id, if_revision)?;
    let mut content = I::Content::clone(&*draft.item::<I::Content>(kind, id)?);
    apply(draft, input, &mut content, now)?;
    draft.put(Record::from(Arc::new(content)));
    Ok(id)
}

fn apply<I: ItemInput>(
    draft: &mut Draft,
    input: I,
    content: &mut I::Content,
    now: jiff::Timestamp,
) -> std::result::Result<(), Refusal> {
    let mut report = Report::default();
    input.apply(content, &mut Desk { draft, report: &mut report, now });
    let problems = report.into_problems();
    let id = content.head().id;
    draft.object(problems.into_iter().map(|problem| (id, problem)));
    Ok(())
}

/// Puts the named items first, in this order, and the others of their kind after them in theirs.
pub(super) fn reorder(draft: &mut Draft, kind: Kind, ids: &[Id]) -> std::result::Result<(), Refusal> {
    let mut rest = draft.document().heads(kind);
    let mut order = Vec::with_capacity(rest.len());
    for id in ids {
        let place = rest.iter().position(|(other, _)| other == id);
        let twice = || Refusal::invalid(Id(Uuid::nil()), "ids", "reference", format!("{id} is not there, or is twice"));
        order.push(rest.remove(place.ok_or_else(twice)?));
    }
    order.append(&mut rest);
    for (place, (id, position)) in (0..).zip(order) {
        if position != place
            && let Some(mut record) = draft.record(kind, id)
        {
            if let Some(head) = record.head_mut() {
                head.position = place;
            }
            draft.put(record);
        }
    }
    Ok(())
}

/// A person whom the viewer may bring into an event: somebody in an event that they can see.
pub(super) async fn check_people(context: &Context<'_>, header: &EventHeader, people: &[Id]) -> Result<Vec<UserError>> {
    let reading = reading(context)?;
    let mut errors = Vec::new();
    for id in people.iter().take(MAX_PEOPLE) {
        let events = reading.shelf().events_of_person(*id).await.map_err(unavailable)?;
        let mut is_seen = events.contains(&header.event.id);
        for event in events {
            if is_seen {
                break;
            }
            for view in [View::Public, View::Working] {
                if let Some(snapshot) = reading.snapshot(event, view).await.map_err(denied)? {
                    is_seen |= snapshot.person(*id).is_some();
                }
            }
        }
        if !is_seen {
            errors.push(UserError::new(
                "person",
                UserErrorCode::NotFound,
                format!("there is no person with the id {id}"),
            ));
        }
    }
    if people.len() > MAX_PEOPLE {
        let message = format!("at most {MAX_PEOPLE} people can be named at once");
        errors.push(UserError::new("people", UserErrorCode::Invalid, message));
    }
    Ok(errors)
}

/// The most people that one mutation may name.
const MAX_PEOPLE: usize = 1_000;

/// Refuses an input that changes a person whom events show that the viewer may not write. `item` is the participation
/// that the input is for.
pub(super) async fn check_person(
    context: &Context<'_>,
    header: &EventHeader,
    item: Option<Id>,
    input: &impl ItemInput,
) -> Result<Vec<UserError>> {
    if !input.changes_person() {
        return Ok(Vec::new());
    }
    let reading = reading(context)?;
    let mut person = input.people().first().copied();
    if let (None, Some(item)) = (person, item) {
        let snapshot = reading.snapshot(header.event.id, View::Working).await.map_err(denied)?;
        if let Some(Record::Participation(participation)) = snapshot.and_then(|snapshot| snapshot.record(item)) {
            person = Some(participation.person);
        }
    }
    match person {
        Some(person) => {
            let events = reading.shelf().events_of_person(person).await.map_err(unavailable)?;
            check_elsewhere(context, &events)
        }
        None => Ok(Vec::new()),
    }
}

/// Refuses content that changes people or series in events that the viewer may not write, or brings in those of such events.
pub(in crate::graphql::mutation) async fn check_shared(
    context: &Context<'_>,
    stored: Option<&Document>,
    wanted: &Document,
) -> Result<Vec<UserError>> {
    let reading = reading(context)?;
    for edit in diff(stored, wanted).iter().filter(|edit| edit.after.is_some()) {
        let events = match edit.kind {
            Kind::Person => reading.shelf().events_of_person(edit.id).await.map_err(unavailable)?,
            Kind::Series => events_of_series(context, edit.id)?,
            _ => continue,
        };
        if check_elsewhere(context, &events)?.is_empty() {
            continue;
        }
        let (words, id) = (edit.kind.words(), edit.id);
        let error = match edit.before {
            // Whether somebody whom the viewer may not see has it, is not told.
            None => UserError::new("", UserErrorCode::Taken, format!("the id {id} is taken; give the {words} another")),
            Some(_) => {
                let message = format!("the {words} {id} is also shown by events that you may not change");
                UserError::new("", UserErrorCode::InUse, message)
            }
        };
        return Ok(vec![error]);
    }
    Ok(Vec::new())
}

/// Refuses to change what a person or series is in events that the viewer may not write.
pub(super) fn check_elsewhere(context: &Context<'_>, events: &[Id]) -> Result<Vec<UserError>> {
    let reading = reading(context)?;
    let catalogue = reading.shelf().catalogue();
    let may = |event: &Id| {
        let header = catalogue.with_id(*event);
        header.is_none_or(|header| reading.viewer().may(Right::Write, &header.event))
    };
    if events.iter().all(may) {
        return Ok(Vec::new());
    }
    let message = "this is also shown by events that you may not change: ask their organizers";
    Ok(vec![UserError::new("", UserErrorCode::InUse, message)])
}
