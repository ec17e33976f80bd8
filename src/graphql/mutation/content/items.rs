//! Creating, changing, deleting and ordering the items of an event: four mutations for each kind, all made alike.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use uuid::Uuid;

use super::{change, check_people, check_person, create, event_of_item, reorder, update};
use crate::access::Right;
use crate::content::{Content, Id, Kind, Record};
use crate::graphql::finding::FindingNode;
use crate::graphql::inputs::{
    AnnouncementInput, AwardInput, CommitteeMemberInput, ImportantDateInput, ItemInput, LinkInput, OrganizerInput,
    PageInput, PanelistInput, PaperInput, RoomInput, SessionInput, SpeakerInput, SponsorInput, SponsorTierInput,
    TopicInput, TrackInput, VolunteerInput,
};
use crate::graphql::kinds::announcement::AnnouncementNode;
use crate::graphql::kinds::award::AwardNode;
use crate::graphql::kinds::important_date::ImportantDateNode;
use crate::graphql::kinds::link::LinkNode;
use crate::graphql::kinds::page::PageNode;
use crate::graphql::kinds::paper::PaperNode;
use crate::graphql::kinds::participant::{
    CommitteeMemberNode, OrganizerNode, PanelistNode, SpeakerNode, VolunteerNode,
};
use crate::graphql::kinds::room::RoomNode;
use crate::graphql::kinds::session::SessionNode;
use crate::graphql::kinds::sponsor::SponsorNode;
use crate::graphql::kinds::sponsor_tier::SponsorTierNode;
use crate::graphql::kinds::topic::TopicNode;
use crate::graphql::kinds::track::TrackNode;
use crate::graphql::mutation::event_with_right;
use crate::graphql::query::reading;
use crate::graphql::scope::Scope;
use crate::graphql::user_error::UserError;

/// The most items that one order may name.
const MAX_ORDER: usize = 10_000;

/// Looks up an item of a type in what was written.
fn found<T: Content>(scope: Option<&Scope>, id: Option<Id>) -> Option<std::sync::Arc<T>> {
    let record: Record = scope?.record(id?)?;
    T::from_record(&record).cloned()
}

macro_rules! item_mutations {
    ($($kind:ident ($snake:ident, $many:ident) $article:literal $name:literal, $names:literal;)*) => {
        pastey::paste! {
            $(
                #[doc = "What a new " $name " is to be."]
                #[derive(Debug, InputObject)]
                struct [<Create $kind Input>] {
                    /// The slug of the event.
                    event: String,
                    /// The id that it is to have, a UUID of your choice: who tries again with the same id gets what the
                    /// first attempt made. A new one when left out.
                    id: Option<Id>,
                    #[graphql(flatten)]
                    fields: [<$kind Input>],
                }

                #[doc = "What is to become different of a " $name "; what is left out stays."]
                #[derive(Debug, InputObject)]
                struct [<Update $kind Input>] {
                    /// The id.
                    id: Id,
                    /// The revision that you have seen: if somebody has changed it since, nothing is written.
                    if_revision: Option<i32>,
                    #[graphql(flatten)]
                    fields: [<$kind Input>],
                }

                #[doc = "Which " $name " is to go."]
                #[derive(Debug, InputObject)]
                struct [<Delete $kind Input>] {
                    /// The id.
                    id: Id,
                    /// The revision that you have seen: if somebody has changed it since, nothing is deleted.
                    if_revision: Option<i32>,
                }

                #[doc = "The order of the " $names "."]
                #[derive(Debug, InputObject)]
                struct [<Reorder $kind:camel sInput>] {
                    /// The slug of the event.
                    event: String,
                    /// The ids in their new order. Those that are left out come after them, in the order that they had.
                    ids: Vec<Id>,
                }

                #[doc = "What became of creating a " $name "."]
                #[derive(SimpleObject)]
                #[graphql(serial)]
                struct [<Create $kind Payload>] {
                    #[doc = "The " $name " in the working view; absent when nothing was written."]
                    $snake: Option<[<$kind Node>]>,
                    /// What is to be mended; nothing was written if there is something.
                    user_errors: Vec<UserError>,
                    /// What looks wrong and was written all the same.
                    warnings: Vec<FindingNode>,
                }

                #[doc = "What became of changing a " $name "."]
                #[derive(SimpleObject)]
                #[graphql(serial)]
                struct [<Update $kind Payload>] {
                    #[doc = "The " $name " in the working view as it is now, also when nothing was written."]
                    $snake: Option<[<$kind Node>]>,
                    /// What is to be mended; nothing was written if there is something.
                    user_errors: Vec<UserError>,
                    /// What looks wrong and was written all the same.
                    warnings: Vec<FindingNode>,
                }

                #[doc = "What became of deleting a " $name "."]
                #[derive(SimpleObject)]
                #[graphql(serial)]
                struct [<Delete $kind Payload>] {
                    /// The id of what is gone; absent when nothing was.
                    deleted_id: Option<Id>,
                    /// What is to be mended; nothing was written if there is something.
                    user_errors: Vec<UserError>,
                    /// What looks wrong and was written all the same.
                    warnings: Vec<FindingNode>,
                }

                #[doc = "What became of the order of the " $names "."]
                #[derive(SimpleObject)]
                #[graphql(serial)]
                struct [<Reorder $kind:camel sPayload>] {
                    #[doc = "The " $names " that were named, in the order that they have now."]
                    $many: Vec<[<$kind Node>]>,
                    /// What is to be mended; nothing was written if there is something.
                    user_errors: Vec<UserError>,
                }

                #[doc = "The mutations of the " $names "."]
                #[derive(Debug, Default)]
                pub(in crate::graphql::mutation) struct [<$kind Mutations>];

                #[Object]
                impl [<$kind Mutations>] {
                    #[doc = "Adds " $article " " $name " to an event, at the end of the list."]
                    async fn [<create_ $snake>](
                        &self,
                        context: &Context<'_>,
                        #[graphql(desc = "What it is to be.")] input: [<Create $kind Input>],
                    ) -> Result<[<Create $kind Payload>]> {
                        let header = event_with_right(context, &input.event, Right::Write)?;
                        let people = input.fields.people();
                        let mut user_errors = check_people(context, &header, &people).await?;
                        user_errors.extend(check_person(context, &header, None, &input.fields).await?);
                        if !user_errors.is_empty() {
                            return Ok([<Create $kind Payload>] { $snake: None, user_errors, warnings: Vec::new() });
                        }
                        let (id, now) = (input.id.unwrap_or_else(|| Id(Uuid::now_v7())), reading(context)?.now());
                        let make = |draft: &mut _| create(draft, id, input.fields, now);
                        let done = change(context, &header, Some(id), &people, make).await?;
                        let content = found(done.scope.as_ref(), done.answer);
                        Ok([<Create $kind Payload>] {
                            $snake: content.zip(done.scope).map(|(content, scope)| [<$kind Node>]::new(&content, &scope)),
                            user_errors: done.user_errors,
                            warnings: done.warnings,
                        })
                    }

                    #[doc = "Changes " $article " " $name ". What is left out stays, null clears."]
                    async fn [<update_ $snake>](
                        &self,
                        context: &Context<'_>,
                        #[graphql(desc = "Which one, and what is to become different.")] input: [<Update $kind Input>],
                    ) -> Result<[<Update $kind Payload>]> {
                        let header = event_of_item(context, Kind::$kind, input.id).await?;
                        let people = input.fields.people();
                        let mut user_errors = check_people(context, &header, &people).await?;
                        user_errors.extend(check_person(context, &header, Some(input.id), &input.fields).await?);
                        if !user_errors.is_empty() {
                            return Ok([<Update $kind Payload>] { $snake: None, user_errors, warnings: Vec::new() });
                        }
                        let (id, revision, now) = (input.id, input.if_revision, reading(context)?.now());
                        let make = |draft: &mut _| update(draft, id, revision, input.fields, now);
                        let done = change(context, &header, Some(id), &people, make).await?;
                        let content = found(done.scope.as_ref(), Some(id));
                        Ok([<Update $kind Payload>] {
                            $snake: content.zip(done.scope).map(|(content, scope)| [<$kind Node>]::new(&content, &scope)),
                            user_errors: done.user_errors,
                            warnings: done.warnings,
                        })
                    }

                    #[doc = "Deletes " $article " " $name ". What refers to it does so no longer."]
                    async fn [<delete_ $snake>](
                        &self,
                        context: &Context<'_>,
                        #[graphql(desc = "Which one.")] input: [<Delete $kind Input>],
                    ) -> Result<[<Delete $kind Payload>]> {
                        let header = event_of_item(context, Kind::$kind, input.id).await?;
                        let make = |draft: &mut crate::publishing::Draft| {
                            draft.expect_revision(Kind::$kind, input.id, input.if_revision)?;
                            draft.remove(Kind::$kind, input.id)
                        };
                        let done = change(context, &header, Some(input.id), &[], make).await?;
                        Ok([<Delete $kind Payload>] {
                            deleted_id: done.answer.map(|()| input.id),
                            user_errors: done.user_errors,
                            warnings: done.warnings,
                        })
                    }

                    #[doc = "Puts the " $names " of an event into an order."]
                    async fn [<reorder_ $many>](
                        &self,
                        context: &Context<'_>,
                        #[graphql(desc = "Of which event, and which order.")] input: [<Reorder $kind:camel sInput>],
                    ) -> Result<[<Reorder $kind:camel sPayload>]> {
                        let header = event_with_right(context, &input.event, Right::Write)?;
                        if input.ids.len() > MAX_ORDER {
                            let message = format!("at most {MAX_ORDER} ids are taken");
                            let too_many = UserError::new("ids", crate::graphql::user_error::UserErrorCode::Invalid, message);
                            return Ok([<Reorder $kind:camel sPayload>] { $many: Vec::new(), user_errors: vec![too_many] });
                        }
                        let make = |draft: &mut _| reorder(draft, Kind::$kind, &input.ids);
                        let done = change(context, &header, None, &[], make).await?;
                        let node = |id: &Id| {
                            let content = found(done.scope.as_ref(), Some(*id))?;
                            Some([<$kind Node>]::new(&content, done.scope.as_ref()?))
                        };
                        let $many = if done.answer.is_some() { input.ids.iter().filter_map(node).collect() } else { Vec::new() };
                        Ok([<Reorder $kind:camel sPayload>] { $many, user_errors: done.user_errors })
                    }
                }
            )*
        }
    };
}

item_mutations! {
    Speaker (speaker, speakers) "a" "speaker", "speakers";
    Panelist (panelist, panelists) "a" "panelist", "panelists";
    Organizer (organizer, organizers) "an" "organizer", "organizers";
    Volunteer (volunteer, volunteers) "a" "volunteer", "volunteers";
    CommitteeMember (committee_member, committee_members) "a" "committee member", "committee members";
    Session (session, sessions) "a" "session", "sessions";
    Paper (paper, papers) "a" "paper", "papers";
    Room (room, rooms) "a" "room", "rooms";
    Track (track, tracks) "a" "track", "tracks";
    Topic (topic, topics) "a" "topic of the call for papers", "topics of the call for papers";
    ImportantDate (important_date, important_dates) "an" "important date", "important dates";
    Announcement (announcement, announcements) "an" "announcement", "announcements";
    Page (page, pages) "a" "page", "pages";
    Award (award, awards) "an" "award", "awards";
    SponsorTier (sponsor_tier, sponsor_tiers) "a" "sponsor tier", "sponsor tiers";
    Sponsor (sponsor, sponsors) "a" "sponsor", "sponsors";
    Link (link, links) "a" "link", "links";
}
