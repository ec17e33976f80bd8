//! What callers can change: a part for each concern, and what all of them need.
//!
//! A mutation takes one `input` and gives one payload; what the caller can mend is in the payload's `userErrors`, and then
//! nothing was written.

mod releases;

use async_graphql::{Context, MergedObject, Result};

use super::error::Code;
use super::query::reading;
use super::user_error::UserError;
use crate::access::Right;
use crate::error::Error;
use crate::snapshot::View;
use crate::store::EventHeader;
use releases::ReleaseMutations;

/// Everything that can be changed.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(ReleaseMutations);

/// The event with a slug, if the viewer may do this with it. An event that they can't even read is not there.
fn event_for(context: &Context<'_>, slug: &str, right: Right) -> Result<EventHeader> {
    let reading = reading(context)?;
    let found = if reading.viewer().is_public() { None } else { visible(context, slug)? };
    let found = match found {
        Some(header) => Some(header),
        // Who sees only the public side is told so only of what is public.
        None => reading.event_with_slug(slug, View::Public).map_err(super::error::denied)?,
    };
    let header = found.ok_or_else(|| Code::NotFound.error("there is no event with this slug"))?;
    if !reading.viewer().may(right, &header.event) {
        return Err(if reading.viewer().is_public() {
            Code::Unauthenticated.error("this needs a token")
        } else {
            Code::Forbidden.error("you may see this event and not do this with it")
        });
    }
    Ok(EventHeader::clone(&header))
}

fn visible(context: &Context<'_>, slug: &str) -> Result<Option<std::sync::Arc<EventHeader>>> {
    reading(context)?.event_with_slug(slug, View::Working).map_err(super::error::denied)
}

/// What the caller is told when the store did not write: what they can mend, or that it can't be done now.
fn refused(error: Error) -> Result<Vec<UserError>> {
    match error {
        Error::Invalid(problems) => Ok(problems.into_iter().map(UserError::from).collect()),
        error => {
            tracing::error!(%error, "content could not be written");
            Err(Code::Unavailable.error("nothing can be written at the moment; try again"))
        }
    }
}
