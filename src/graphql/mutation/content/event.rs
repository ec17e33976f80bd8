//! Creating, changing and deleting what is no item: events, their series, and people.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use uuid::Uuid;

use super::{change, check_elsewhere};
use crate::access::Right;
use crate::content::{
    AttendanceMode, Date, Document, Event, Id, Kind, Person, Publication, Record, Report, Series, slugify,
};
use crate::graphql::error::{Code, denied};
use crate::graphql::finding::FindingNode;
use crate::graphql::inputs::{EventInput, PersonInput, SeriesInput};
use crate::graphql::kinds::event::EventNode;
use crate::graphql::kinds::person::PersonNode;
use crate::graphql::kinds::series::SeriesNode;
use crate::graphql::mutation::{event_with_right, refused, unavailable};
use crate::graphql::query::reading;
use crate::graphql::scope::Scope;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::publishing::Refusal;
use crate::snapshot::View;

/// What a new event is to be.
#[derive(Debug, InputObject)]
struct CreateEventInput {
    /// The id that it is to have, a UUID of your choice: who tries again with the same id gets what the first attempt
    /// made. A new one when left out.
    id: Option<Id>,
    /// Who is to see it: nobody but its members, unless you say otherwise.
    #[graphql(default_with = "Publication::Draft")]
    publication: Publication,
    #[graphql(flatten)]
    fields: EventInput,
}

/// What is to become different of an event; what is left out stays.
#[derive(Debug, InputObject)]
struct UpdateEventInput {
    /// The slug that the event has now.
    event: String,
    /// What is to become different.
    changes: EventInput,
}

/// Which event is to go, with everything that it holds.
#[derive(Debug, InputObject)]
struct DeleteEventInput {
    /// The slug of the event.
    event: String,
    /// The slug once more: everything is lost, the releases too.
    confirm: String,
}

/// A new series, of which the event becomes an edition.
#[derive(Debug, InputObject)]
struct CreateSeriesInput {
    /// The slug of the event.
    event: String,
    /// The id that it is to have; a new one when left out.
    id: Option<Id>,
    /// What it is to be.
    series: SeriesInput,
}

/// What is to become different of a series.
#[derive(Debug, InputObject)]
struct UpdateSeriesInput {
    /// The slug of one of its events.
    event: String,
    /// What is to become different, in all its events.
    changes: SeriesInput,
}

/// What is to become different of a person.
#[derive(Debug, InputObject)]
struct UpdatePersonInput {
    /// The slug of an event that the person takes part in.
    event: String,
    /// The id of the person.
    id: Id,
    /// What is to become different, in all their events.
    changes: PersonInput,
}

/// What became of creating an event.
#[derive(SimpleObject)]
#[graphql(serial)]
struct CreateEventPayload {
    /// The event in the working view; absent when nothing was written.
    event: Option<EventNode>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
}

/// What became of changing an event.
#[derive(SimpleObject)]
#[graphql(serial)]
struct UpdateEventPayload {
    /// The event in the working view as it is now.
    event: Option<EventNode>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
    /// What looks wrong and was written all the same.
    warnings: Vec<FindingNode>,
}

/// What became of deleting an event.
#[derive(SimpleObject)]
#[graphql(serial)]
struct DeleteEventPayload {
    /// The id of what is gone; absent when nothing was.
    deleted_id: Option<Id>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
}

/// What became of creating a series.
#[derive(SimpleObject)]
#[graphql(serial)]
struct CreateSeriesPayload {
    /// The series; absent when nothing was written.
    series: Option<SeriesNode>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
}

/// What became of changing a series.
#[derive(SimpleObject)]
#[graphql(serial)]
struct UpdateSeriesPayload {
    /// The series as it is now.
    series: Option<SeriesNode>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
}

/// What became of changing a person.
#[derive(SimpleObject)]
#[graphql(serial)]
struct UpdatePersonPayload {
    /// The person as they are now.
    person: Option<PersonNode>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
    /// What looks wrong and was written all the same.
    warnings: Vec<FindingNode>,
}

/// The mutations of events, series and people.
#[derive(Debug, Default)]
pub(in crate::graphql::mutation) struct EventMutations;

#[Object]
impl EventMutations {
    /// Creates an event. You become its owner.
    async fn create_event(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it is to be: it needs a name, a first day and a time zone.")] input: CreateEventInput,
    ) -> Result<CreateEventPayload> {
        let reading = reading(context)?;
        let editor = reading.viewer().creator().ok_or_else(|| match reading.viewer().is_public() {
            true => Code::Unauthenticated.error("changing something needs a token"),
            false => Code::Forbidden.error("you may not create events"),
        })?;
        let refused_with = |user_errors| Ok(CreateEventPayload { event: None, user_errors });
        let id = input.id.unwrap_or_else(|| Id(Uuid::now_v7()));
        if let Some(header) = reading.shelf().catalogue().with_id(id) {
            // What an earlier attempt made, for whoever made it.
            if !reading.viewer().may(Right::Write, &header.event) {
                let message = "something else has this id";
                return refused_with(vec![UserError::new("id", UserErrorCode::Taken, message)]);
            }
        } else {
            let (event, mut errors) = new_event(id, &input, reading.now());
            if event.series.is_some() {
                let message =
                    "create the event first, then say of which series it is: that needs the right on the series";
                errors.push(UserError::new("series", UserErrorCode::Invalid, message));
            }
            if !errors.is_empty() {
                return refused_with(errors);
            }
            let written = reading.shelf().store().put_document(&editor, Document::new(event), reading.now()).await;
            if let Err(error) = written {
                return refused_with(refused(error)?.into_iter().map(UserError::without_record).collect());
            }
            reading.shelf().refresh().await.map_err(unavailable)?;
        }
        // The viewer's rights were looked up before the event was theirs, so it is read past them.
        let snapshot = reading.shelf().snapshot(id, View::Working).await.map_err(unavailable)?;
        let event = snapshot.map(|snapshot| EventNode::of(&Scope::new(snapshot)));
        Ok(CreateEventPayload { event, user_errors: Vec::new() })
    }

    /// Changes an event's own fields. What is left out stays, null clears.
    async fn update_event(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which event, and what is to become different.")] input: UpdateEventInput,
    ) -> Result<UpdateEventPayload> {
        let header = event_with_right(context, &input.event, Right::Write)?;
        let id = header.event.id;
        let series = input.changes.series();
        let mut user_errors = Vec::new();
        if let Some(series) = series.filter(|series| header.event.series != Some(*series)) {
            let events = events_of_series(context, series)?;
            if events.is_empty() {
                let message = "there is no series with this id";
                user_errors.push(UserError::new("series", UserErrorCode::NotFound, message));
            }
            user_errors.extend(check_elsewhere(context, &events)?);
        }
        if !user_errors.is_empty() {
            return Ok(UpdateEventPayload { event: None, user_errors, warnings: Vec::new() });
        }
        let shared: Vec<Id> = series.into_iter().collect();
        let done = change(context, &header, Some(id), &shared, |draft| {
            let mut event = Event::clone(&draft.document().event);
            let mut report = Report::default();
            input.changes.apply(&mut event, &mut report);
            draft.object(report.into_problems().into_iter().map(|problem| (id, problem)));
            draft.put(Record::Event(Arc::new(event)));
            Ok(())
        });
        let done = done.await?;
        Ok(UpdateEventPayload {
            event: done.scope.map(|scope| EventNode::of(&scope)),
            user_errors: done.user_errors,
            warnings: done.warnings,
        })
    }

    /// Deletes an event with everything that it holds. Only its people, who may be in others, stay.
    async fn delete_event(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which event.")] input: DeleteEventInput,
    ) -> Result<DeleteEventPayload> {
        let header = event_with_right(context, &input.event, Right::Manage)?;
        let reading = reading(context)?;
        let refused_with = |error| Ok(DeleteEventPayload { deleted_id: None, user_errors: vec![error] });
        if input.confirm != header.event.slug {
            let message = "repeat the slug of the event: everything that it holds is lost";
            return refused_with(UserError::new("confirm", UserErrorCode::Invalid, message));
        }
        let editor = reading.viewer().editor(&header.event);
        let editor = editor.ok_or_else(|| Code::Forbidden.error("you may see this event, and not do this with it"))?;
        let id = header.event.id;
        let deleted = reading.shelf().store().delete_event(&editor, id, reading.now()).await.map_err(unavailable)?;
        reading.shelf().refresh().await.map_err(unavailable)?;
        Ok(DeleteEventPayload { deleted_id: deleted.then_some(id), user_errors: Vec::new() })
    }

    /// Creates a series and makes an event its first edition.
    async fn create_series(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Of which event, and what it is to be.")] input: CreateSeriesInput,
    ) -> Result<CreateSeriesPayload> {
        let header = event_with_right(context, &input.event, Right::Write)?;
        let (id, now) = (input.id.unwrap_or_else(|| Id(Uuid::now_v7())), reading(context)?.now());
        if !events_of_series(context, id)?.is_empty() && header.event.series != Some(id) {
            let message = "another series has this id";
            let user_errors = vec![UserError::new("id", UserErrorCode::Taken, message)];
            return Ok(CreateSeriesPayload { series: None, user_errors });
        }
        let done = change(context, &header, Some(id), &[], |draft| {
            if draft.document().series.as_ref().is_some_and(|series| series.id == id) {
                return Ok(());
            }
            let mut series = Series {
                id,
                slug: String::new(),
                name: String::new(),
                description: None,
                created_at: now,
                updated_at: now,
            };
            let mut report = Report::default();
            input.series.apply(&mut series, &mut report);
            if series.slug.is_empty() {
                series.slug = slugify(&series.name);
            }
            draft.object(report.into_problems().into_iter().map(|problem| (id, problem)));
            draft.put(Record::Series(Arc::new(series)));
            let event = Event { series: Some(id), ..Event::clone(&draft.document().event) };
            draft.put(Record::Event(Arc::new(event)));
            Ok(())
        });
        let done = done.await?;
        let series = done.answer.and_then(|()| done.scope.as_ref()?.document().series.clone());
        Ok(CreateSeriesPayload {
            series: series.map(|series| SeriesNode::new(&series, View::Working)),
            user_errors: done.user_errors,
        })
    }

    /// Changes a series, in all its events: you need the right to write each of them.
    async fn update_series(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which series, and what is to become different.")] input: UpdateSeriesInput,
    ) -> Result<UpdateSeriesPayload> {
        let header = event_with_right(context, &input.event, Right::Write)?;
        let Some(id) = header.event.series else {
            let message = "the event is of no series";
            let user_errors = vec![UserError::new("event", UserErrorCode::NotFound, message)];
            return Ok(UpdateSeriesPayload { series: None, user_errors });
        };
        let user_errors = check_elsewhere(context, &events_of_series(context, id)?)?;
        if !user_errors.is_empty() {
            return Ok(UpdateSeriesPayload { series: None, user_errors });
        }
        let done = change(context, &header, Some(id), &[], |draft| {
            let series = draft.document().series.clone().filter(|series| series.id == id);
            let mut series = Series::clone(&*series.ok_or(Refusal::NotFound(id))?);
            let mut report = Report::default();
            input.changes.apply(&mut series, &mut report);
            draft.object(report.into_problems().into_iter().map(|problem| (id, problem)));
            draft.put(Record::Series(Arc::new(series)));
            Ok(())
        });
        let done = done.await?;
        let series = done.scope.as_ref().and_then(|scope| scope.document().series.clone());
        Ok(UpdateSeriesPayload {
            series: series.map(|series| SeriesNode::new(&series, View::Working)),
            user_errors: done.user_errors,
        })
    }

    /// Changes a person's own fields, in all their events: you need the right to write each of them.
    async fn update_person(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who, and what is to become different.")] input: UpdatePersonInput,
    ) -> Result<UpdatePersonPayload> {
        let header = event_with_right(context, &input.event, Right::Write)?;
        let reading = reading(context)?;
        let snapshot = reading.snapshot(header.event.id, View::Working).await.map_err(denied)?;
        if snapshot.is_none_or(|snapshot| snapshot.person(input.id).is_none()) {
            let message = "there is nobody with this id in the event";
            let user_errors = vec![UserError::new("id", UserErrorCode::NotFound, message)];
            return Ok(UpdatePersonPayload { person: None, user_errors, warnings: Vec::new() });
        }
        let events = reading.shelf().events_of_person(input.id).await.map_err(unavailable)?;
        let user_errors = check_elsewhere(context, &events)?;
        if !user_errors.is_empty() {
            return Ok(UpdatePersonPayload { person: None, user_errors, warnings: Vec::new() });
        }
        let done = change(context, &header, Some(input.id), &[], |draft| {
            let Some(Record::Person(person)) = draft.document().find(Kind::Person, input.id) else {
                return Err(Refusal::NotFound(input.id));
            };
            let mut person = Person::clone(&person);
            let mut report = Report::default();
            input.changes.apply(&mut person, &mut report);
            draft.object(report.into_problems().into_iter().map(|problem| (input.id, problem)));
            draft.put(Record::Person(Arc::new(person)));
            Ok(())
        });
        let done = done.await?;
        let person = done.scope.as_ref().and_then(|scope| Some(PersonNode::new(scope.person(input.id)?, scope)));
        Ok(UpdatePersonPayload { person, user_errors: done.user_errors, warnings: done.warnings })
    }
}

/// The events of a series, whoever may see them.
pub(in crate::graphql::mutation) fn events_of_series(context: &Context<'_>, series: Id) -> Result<Vec<Id>> {
    let catalogue = reading(context)?.shelf().catalogue();
    let headers = catalogue.side(View::Working).events.iter();
    Ok(headers.filter(|header| header.event.series == Some(series)).map(|header| header.event.id).collect())
}

/// A new event, and what the input lacks.
fn new_event(id: Id, input: &CreateEventInput, now: jiff::Timestamp) -> (Event, Vec<UserError>) {
    let nothing = Date(jiff::civil::Date::ZERO);
    let mut event = Event {
        id,
        slug: String::new(),
        name: String::new(),
        acronym: None,
        edition: None,
        series: None,
        host_conference: None,
        description: None,
        starts_on: nothing,
        ends_on: nothing,
        time_zone: String::new(),
        attendance_mode: AttendanceMode::InPerson,
        venue: None,
        city: None,
        country: None,
        website: None,
        contact_email: None,
        banner: None,
        social_links: Vec::new(),
        language: None,
        publication: input.publication,
        withdrawn: Vec::new(),
        created_at: now,
        updated_at: now,
    };
    let mut report = Report::default();
    input.fields.clone().apply(&mut event, &mut report);
    if event.slug.is_empty() {
        event.slug = slugify(&event.name);
    }
    if event.starts_on == nothing {
        report.add("startsOn", "required", "an event needs its first day");
    } else if event.ends_on == nothing {
        event.ends_on = event.starts_on;
    }
    event.check(&mut report);
    (event, report.into_problems().into_iter().map(UserError::from).collect())
}
