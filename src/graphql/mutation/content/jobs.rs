//! Whole jobs: several changes in one transaction, moving a block of the schedule, making one person of two, and taking
//! over a whole document.

use std::collections::HashSet;
use std::sync::Arc;

use async_graphql::{Context, InputObject, Json, Object, OneofObject, Result, SimpleObject};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{Outcome, change, check_people, check_person, create, update};
use crate::access::Right;
use crate::content::{Document, Id, Kind, Problem, Record, Report, Session};
use crate::graphql::change::ChangeOperation;
use crate::graphql::error::Code;
use crate::graphql::finding::FindingNode;
use crate::graphql::inputs::{
    AnnouncementInput, AwardInput, CommitteeMemberInput, ImportantDateInput, ItemInput, LinkInput, OrganizerInput,
    PageInput, PanelistInput, PaperInput, RoomInput, SessionInput, SpeakerInput, SponsorInput, SponsorTierInput,
    TopicInput, TrackInput, VolunteerInput,
};
use crate::graphql::kinds::person::PersonNode;
use crate::graphql::kinds::session::SessionNode;
use crate::graphql::mutation::{event_with_right, refused, unavailable};
use crate::graphql::node::Node;
use crate::graphql::query::reading;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::publishing::{Draft, Refusal, checks, diff};
use crate::store::Operation;

/// The most changes that are made in one transaction.
const MAX_CHANGES: usize = 200;
/// The most sessions that are moved at once.
const MAX_SESSIONS: usize = 1_000;
/// The longest that sessions are moved, in minutes: a year.
const MAX_MINUTES: i32 = 366 * 24 * 60;

macro_rules! changes {
    ($($kind:ident ($snake:ident) $article:literal $name:literal;)*) => {
        pastey::paste! {
            $(
                #[doc = "One change of " $article " " $name "."]
                #[derive(Debug, InputObject)]
                struct [<$kind ChangeInput>] {
                    /// The id: of what is changed or deleted, or that something new is to have. Something new gets one
                    /// by itself when this is left out.
                    id: Option<Id>,
                    /// The revision that you have seen: if somebody has changed it since, nothing at all is written.
                    if_revision: Option<i32>,
                    /// Whether it is to go.
                    #[graphql(default)]
                    delete: bool,
                    #[graphql(flatten)]
                    fields: [<$kind Input>],
                }
            )*

            /// One change: of exactly one kind.
            #[derive(Debug, OneofObject)]
            enum ContentChangeInput {
                $(
                    #[doc = $article " " $name ": new, changed or deleted."]
                    $kind([<$kind ChangeInput>]),
                )*
            }

            impl ContentChangeInput {
                fn people(&self) -> Vec<Id> {
                    match self {
                        $(ContentChangeInput::$kind(input) => input.fields.people(),)*
                    }
                }

                async fn check_person(
                    &self,
                    context: &Context<'_>,
                    header: &crate::store::EventHeader,
                ) -> Result<Vec<UserError>> {
                    match self {
                        $(
                            ContentChangeInput::$kind(input) => {
                                check_person(context, header, input.id, &input.fields).await
                            }
                        )*
                    }
                }

                /// The record that the change is about; something new gets its id here.
                fn id(&mut self) -> Id {
                    let id = match self {
                        $(ContentChangeInput::$kind(input) => &mut input.id,)*
                    };
                    *id.get_or_insert_with(|| Id(Uuid::now_v7()))
                }

                fn make(self, draft: &mut Draft, now: jiff::Timestamp) -> std::result::Result<(), Refusal> {
                    match self {
                        $(
                            ContentChangeInput::$kind(input) => {
                                let id = input.id.unwrap_or(Id(Uuid::nil()));
                                if input.delete {
                                    draft.expect_revision(Kind::$kind, id, input.if_revision)?;
                                    draft.remove(Kind::$kind, id)
                                } else if draft.document().find(Kind::$kind, id).is_some() {
                                    update(draft, id, input.if_revision, input.fields, now).map(|_| ())
                                } else {
                                    create(draft, id, input.fields, now).map(|_| ())
                                }
                            }
                        )*
                    }
                }
            }
        }
    };
}

changes! {
    Speaker (speaker) "a" "speaker";
    Panelist (panelist) "a" "panelist";
    Organizer (organizer) "an" "organizer";
    Volunteer (volunteer) "a" "volunteer";
    CommitteeMember (committee_member) "a" "committee member";
    Session (session) "a" "session";
    Paper (paper) "a" "paper";
    Room (room) "a" "room";
    Track (track) "a" "track";
    Topic (topic) "a" "topic";
    ImportantDate (important_date) "an" "important date";
    Announcement (announcement) "an" "announcement";
    Page (page) "a" "page";
    Award (award) "an" "award";
    SponsorTier (sponsor_tier) "a" "sponsor tier";
    Sponsor (sponsor) "a" "sponsor";
    Link (link) "a" "link";
}

/// Changes of an event that are made together.
#[derive(Debug, InputObject)]
struct ApplyChangesInput {
    /// The slug of the event.
    event: String,
    /// The changes in their order, at most 200. Later ones may refer to what earlier ones create.
    changes: Vec<ContentChangeInput>,
}

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

/// People of an event who are one.
#[derive(Debug, InputObject)]
struct MergePeopleInput {
    /// The slug of the event.
    event: String,
    /// The id of the person who stays.
    keep: Id,
    /// The ids of those who become that person in this event, at most 100. In other events they stay who they are.
    merge: Vec<Id>,
}

/// A whole document to take over.
#[derive(Debug, InputObject)]
struct ImportDocumentInput {
    /// The canonical document as `plenary export document` gives it. The event that it names is made equal to it, or
    /// created.
    document: Json<serde_json::Value>,
    /// Whether nothing is to be written: only look what would become different.
    #[graphql(default)]
    dry_run: bool,
}

/// What became of the changes.
#[derive(SimpleObject)]
#[graphql(serial)]
struct ApplyChangesPayload {
    /// What each change is about, in their order; null for what is gone. Empty when nothing was written.
    records: Vec<Option<Node>>,
    /// What is to be mended; nothing at all was written if there is something.
    user_errors: Vec<UserError>,
    /// What looks wrong and was written all the same.
    warnings: Vec<FindingNode>,
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

/// What became of merging people.
#[derive(SimpleObject)]
#[graphql(serial)]
struct MergePeoplePayload {
    /// The person who stays.
    person: Option<PersonNode>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
}

/// A record that differs.
#[derive(SimpleObject)]
#[graphql(serial)]
struct DocumentDifference {
    /// The kind of the record.
    kind: Kind,
    /// The id of the record.
    record_id: Id,
    /// What happens to it.
    operation: ChangeOperation,
}

/// What became of taking over a document.
#[derive(SimpleObject)]
#[graphql(serial)]
struct ImportDocumentPayload {
    /// How many records are created.
    created: i32,
    /// How many records are changed.
    updated: i32,
    /// How many records are deleted.
    deleted: i32,
    /// The records that differ, at most 1,000 of them.
    differences: Vec<DocumentDifference>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
    /// What looks wrong in the document.
    warnings: Vec<FindingNode>,
}

/// The mutations that do a whole job.
#[derive(Debug, Default)]
pub(in crate::graphql::mutation) struct JobMutations;

#[Object]
impl JobMutations {
    /// Makes several changes of an event together: all of them, or none.
    async fn apply_changes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Of which event, and the changes.")] input: ApplyChangesInput,
    ) -> Result<ApplyChangesPayload> {
        let header = event_with_right(context, &input.event, Right::Write)?;
        let refused_with =
            |user_errors| Ok(ApplyChangesPayload { records: Vec::new(), user_errors, warnings: Vec::new() });
        if input.changes.len() > MAX_CHANGES {
            let message = format!("at most {MAX_CHANGES} changes are made at once");
            return refused_with(vec![UserError::new("changes", UserErrorCode::Invalid, message)]);
        }
        let mut changes = input.changes;
        let ids: Vec<Id> = changes.iter_mut().map(ContentChangeInput::id).collect();
        let people: Vec<Id> = changes.iter().flat_map(ContentChangeInput::people).collect();
        let mut user_errors = check_people(context, &header, &people).await?;
        for (place, change) in changes.iter().enumerate() {
            let errors = change.check_person(context, &header).await?;
            user_errors.extend(errors.into_iter().map(|error| error.within(&["changes", &place.to_string()])));
        }
        if !user_errors.is_empty() {
            return refused_with(user_errors);
        }
        let now = reading(context)?.now();
        let make = |draft: &mut Draft| {
            for (place, change) in changes.into_iter().enumerate() {
                change.make(draft, now).map_err(|refusal| at(refusal, place))?;
            }
            Ok(())
        };
        let done = change(context, &header, None, &people, make).await?;
        let Outcome { answer, scope, user_errors, warnings } = done;
        let place = |id: &str| ids.iter().position(|known| known.to_string() == id);
        let user_errors = user_errors.into_iter().map(|error| error.at_change(place)).collect();
        let node = |id: &Id| scope.as_ref().and_then(|scope| Node::new(&scope.record(*id)?, scope));
        let records = if answer.is_some() { ids.iter().map(node).collect() } else { Vec::new() };
        Ok(ApplyChangesPayload { records, user_errors, warnings })
    }

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
        if input.minutes.abs() > MAX_MINUTES {
            return invalid("minutes", format!("at most {MAX_MINUTES} minutes, a year"));
        }
        let mut warnings = Vec::new();
        let make = |draft: &mut Draft| {
            let before: HashSet<_> = conflicts(draft.document()).into_iter().map(|finding| key(&finding)).collect();
            move_all(draft, &input)?;
            let made = conflicts(draft.document()).into_iter().filter(|finding| !before.contains(&key(finding)));
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

    /// Makes one person of several who are the same, in one event.
    async fn merge_people(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who stays, and who becomes that person.")] input: MergePeopleInput,
    ) -> Result<MergePeoplePayload> {
        let header = event_with_right(context, &input.event, Right::Write)?;
        let make = |draft: &mut Draft| {
            let merged: HashSet<Id> = input.merge.iter().copied().filter(|id| *id != input.keep).collect();
            for id in merged.iter().chain([&input.keep]) {
                draft.document().find(Kind::Person, *id).ok_or(Refusal::NotFound(*id))?;
            }
            for record in draft.document().records() {
                if let Some(record) = with_person(record, &merged, input.keep) {
                    draft.put(record);
                }
            }
            Ok(())
        };
        let done = change(context, &header, None, &[], make).await?;
        let person = done.scope.as_ref().and_then(|scope| Some(PersonNode::new(scope.person(input.keep)?, scope)));
        Ok(MergePeoplePayload { person, user_errors: done.user_errors })
    }

    /// Makes an event equal to a document, or creates it. Nothing is written when something is to be mended.
    async fn import_document(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The document.")] input: ImportDocumentInput,
    ) -> Result<ImportDocumentPayload> {
        let reading = reading(context)?;
        if reading.viewer().is_public() {
            return Err(Code::Unauthenticated.error("changing something needs a token"));
        }
        let mut payload = ImportDocumentPayload {
            created: 0,
            updated: 0,
            deleted: 0,
            differences: Vec::new(),
            user_errors: Vec::new(),
            warnings: Vec::new(),
        };
        let mut document: Document = match serde_json::from_value(input.document.0) {
            Ok(document) => document,
            Err(error) => {
                let message = format!("this is no document of Plenary: {error}");
                payload.user_errors.push(UserError::new("document", UserErrorCode::Invalid, message));
                return Ok(payload);
            }
        };
        let shelf = reading.shelf();
        let event = document.event.id;
        let stored = shelf.stored(event).await.map_err(unavailable)?;
        let editor = match &stored {
            Some(stored) => {
                let (now_there, wanted) = (&stored.document.event, &document.event);
                if !reading.viewer().may(Right::Read, now_there) {
                    // Who may not see the event is told what everybody is told of an id that is taken.
                    let message = "another event has this id";
                    payload.user_errors.push(UserError::new("document", UserErrorCode::Taken, message));
                    return Ok(payload);
                }
                // Who sees an event is for those to say who may publish it.
                if now_there.publication != wanted.publication {
                    Arc::make_mut(&mut document.event).publication = now_there.publication;
                }
                reading.viewer().editor(now_there)
            }
            None => reading.viewer().creator(),
        };
        let editor = editor.ok_or_else(|| Code::Forbidden.error("you may not write this event"))?;
        let people: Vec<Id> = document.people.iter().map(|person| person.id).collect();
        payload.user_errors.extend(check_document(context, stored.as_ref().map(|it| &it.document), &people).await?);
        if !payload.user_errors.is_empty() {
            return Ok(payload);
        }
        let mut report = Report::default();
        document.check(&mut report);
        payload.user_errors.extend(report.into_problems().into_iter().map(UserError::from));
        if !payload.user_errors.is_empty() {
            return Ok(payload);
        }
        document.drop_unreferenced();
        document.sort();
        payload.tell(&document, stored.as_ref().map(|stored| &stored.document));
        if input.dry_run {
            return Ok(payload);
        }
        match shelf.store().put_document(&editor, document, reading.now()).await {
            Ok(_) => shelf.refresh().await.map_err(unavailable)?,
            Err(error) => payload.user_errors = refused(error)?,
        }
        Ok(payload)
    }
}

impl ImportDocumentPayload {
    fn tell(&mut self, document: &Document, stored: Option<&Document>) {
        const MAX_DIFFERENCES: usize = 1_000;
        self.warnings = checks::findings(document).into_iter().map(FindingNode).collect();
        for edit in diff(stored, document) {
            let operation = Operation::between(edit.before.as_ref(), edit.after.as_ref());
            match operation {
                Operation::Create => self.created += 1,
                Operation::Update => self.updated += 1,
                Operation::Delete => self.deleted += 1,
            }
            if self.differences.len() < MAX_DIFFERENCES {
                self.differences.push(DocumentDifference {
                    kind: edit.kind,
                    record_id: edit.id,
                    operation: operation.into(),
                });
            }
        }
    }
}

/// A document may bring in people whom the viewer may see, and change only those who are in events that they may write.
async fn check_document(context: &Context<'_>, stored: Option<&Document>, people: &[Id]) -> Result<Vec<UserError>> {
    let reading = reading(context)?;
    let known: HashSet<Id> = stored.iter().flat_map(|stored| &stored.people).map(|person| person.id).collect();
    for person in people.iter().filter(|id| !known.contains(id)) {
        let events = reading.shelf().events_of_person(*person).await.map_err(unavailable)?;
        let catalogue = reading.shelf().catalogue();
        let may = |event: &Id| {
            catalogue.with_id(*event).is_none_or(|header| reading.viewer().may(Right::Write, &header.event))
        };
        if !events.iter().all(may) {
            let message = format!("the id {person} is taken; give the person another");
            return Ok(vec![UserError::new("document", UserErrorCode::Taken, message)]);
        }
    }
    Ok(Vec::new())
}

/// A refusal with the place of the change before what it says.
fn at(refusal: Refusal, place: usize) -> Refusal {
    let message = match refusal {
        Refusal::NotFound(id) => format!("there is nothing with the id {id}"),
        Refusal::Conflict(record) => {
            let revision = record.head().map_or(0, |head| head.revision);
            format!("somebody has changed it: it is at revision {revision} now")
        }
        invalid @ Refusal::Invalid(_) => return invalid,
    };
    let path = vec!["changes".to_owned(), place.to_string(), "id".to_owned()];
    Refusal::Invalid(vec![(Id(Uuid::nil()), Problem { path, code: "conflict", message })])
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

fn conflicts(document: &Document) -> Vec<checks::Finding> {
    checks::findings(document)
}

fn key(finding: &checks::Finding) -> (&'static str, Vec<Id>) {
    (finding.code, finding.records.clone())
}

/// A record with one person in the place of others; `None` where it has none of them.
fn with_person(mut record: Record, merged: &HashSet<Id>, keep: Id) -> Option<Record> {
    let mut changed = false;
    let mut replace = |id: &mut Id| {
        if merged.contains(id) {
            *id = keep;
            changed = true;
        }
    };
    match &mut record {
        Record::Participation(item) if merged.contains(&item.person) => replace(&mut Arc::make_mut(item).person),
        Record::Session(item) if item.people.iter().any(|person| merged.contains(&person.person)) => {
            let people = &mut Arc::make_mut(item).people;
            people.iter_mut().for_each(|person| replace(&mut person.person));
            let mut seen = HashSet::new();
            people.retain(|person| seen.insert((person.person, person.part)));
        }
        Record::Paper(item)
            if item.authors.iter().any(|author| author.person.is_some_and(|id| merged.contains(&id))) =>
        {
            Arc::make_mut(item).authors.iter_mut().filter_map(|author| author.person.as_mut()).for_each(replace);
        }
        _ => return None,
    }
    changed.then_some(record)
}
