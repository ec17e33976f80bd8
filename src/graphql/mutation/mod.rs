//! What can be changed: a file for each part, put together to one root type.
//!
//! A mutation takes one `input` and gives a payload. What the caller can mend stands in the payload's `userErrors`, and
//! then nothing was written; everything else is an error with a code.

mod accounts;
mod content;
mod members;
mod releases;
mod undo;
mod webhooks;

use std::sync::Arc;

use async_graphql::{Context, MergedObject, Result};

use content::{event, items, jobs};

use super::error::{Code, denied};
use super::query::reading;
use super::user_error::UserError;
use crate::access::Right;
use crate::error::Error;
use crate::snapshot::View;
use crate::store::EventHeader;

/// Everything that can be changed.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(
    accounts::AccountMutations,
    members::MemberMutations,
    releases::ReleaseMutations,
    event::EventMutations,
    jobs::JobMutations,
    undo::UndoMutations,
    webhooks::WebhookMutations,
    items::SpeakerMutations,
    items::PanelistMutations,
    items::OrganizerMutations,
    items::VolunteerMutations,
    items::CommitteeMemberMutations,
    items::SessionMutations,
    items::PaperMutations,
    items::RoomMutations,
    items::TrackMutations,
    items::TopicMutations,
    items::ImportantDateMutations,
    items::AnnouncementMutations,
    items::PageMutations,
    items::AwardMutations,
    items::SponsorTierMutations,
    items::SponsorMutations,
    items::LinkMutations,
);

/// The event with a slug, for a viewer who has a right on it. To those who may not even see it, it is not there.
fn event_with_right(context: &Context<'_>, slug: &str, right: Right) -> Result<Arc<EventHeader>> {
    let reading = reading(context)?;
    if reading.viewer().is_public() {
        return Err(Code::Unauthenticated.error("changing something needs a token"));
    }
    if let Some(header) = reading.event_with_slug(slug, View::Working).map_err(denied)? {
        if reading.viewer().may(right, &header.event) {
            return Ok(header);
        }
        return Err(Code::Forbidden.error("you may see this event, and not do this with it"));
    }
    match reading.event_with_slug(slug, View::Public).map_err(denied)? {
        Some(_) => Err(Code::Forbidden.error("you may see this event, and not do this with it")),
        None => Err(Code::NotFound.error("there is no event with this slug")),
    }
}

/// What the caller is told when the store did not write: what they can mend, or that it can't be done now.
fn refused(error: Error) -> Result<Vec<UserError>> {
    match error {
        Error::Invalid(problems) => Ok(problems.into_iter().map(UserError::from).collect()),
        error => Err(unavailable(error)),
    }
}

/// What the caller is told when the store can't be reached. What happened inside is for the log.
fn unavailable(error: impl std::fmt::Display) -> async_graphql::Error {
    tracing::error!(%error, "content could not be written");
    Code::Unavailable.error("nothing can be written at the moment; try again")
}
