//! Several changes of an event in one transaction.

use async_graphql::{Context, InputObject, Object, OneofObject, Result, SimpleObject};
use uuid::Uuid;

use crate::access::Right;
use crate::content::{Id, Kind, Problem};
use crate::graphql::finding::FindingNode;
use crate::graphql::inputs::{
    AnnouncementInput, AwardInput, CommitteeMemberInput, ImportantDateInput, ItemInput, LinkInput, OrganizerInput,
    PageInput, PanelistInput, PaperInput, RoomInput, SessionInput, SpeakerInput, SponsorInput, SponsorTierInput,
    TopicInput, TrackInput, VolunteerInput,
};
use crate::graphql::mutation::content::{Outcome, change, check_people, check_person, create, update};
use crate::graphql::mutation::event_with_right;
use crate::graphql::node::Node;
use crate::graphql::query::reading;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::publishing::{Draft, Refusal};

/// The most changes that are made in one transaction.
const MAX_CHANGES: usize = 200;

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
                    /// The revision that you have seen: if somebody has changed or deleted it since, nothing at all is written.
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
                                } else if input.if_revision.is_some() || draft.document().find(Kind::$kind, id).is_some() {
                                    // Whoever has seen a revision means what was there: if it is gone, nothing new is made.
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

/// The mutation.
#[derive(Debug, Default)]
pub(in crate::graphql::mutation) struct ApplyChanges;

#[Object]
impl ApplyChanges {
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
}

/// A refusal with the place of the change before what it says.
fn at(refusal: Refusal, place: usize) -> Refusal {
    let (field, code, message) = match refusal {
        Refusal::NotFound(id) => ("id", "dangling-reference", format!("there is nothing with the id {id}")),
        Refusal::Conflict(record) => {
            let revision = record.head().map_or(0, |head| head.revision);
            ("ifRevision", "conflict", format!("somebody has changed it: it is at revision {revision} now"))
        }
        invalid @ Refusal::Invalid(_) => return invalid,
    };
    let path = vec!["changes".to_owned(), place.to_string(), field.to_owned()];
    Refusal::Invalid(vec![(Id(Uuid::nil()), Problem { path, code, message })])
}
