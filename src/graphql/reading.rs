//! How resolvers get at the request's [`Reading`], with refusals as errors of the API.

use std::sync::Arc;

use async_graphql::{Context, Error, Result};

use super::error::Code;
use super::scope::Scope;
use crate::content::Id;
use crate::reading::{Denied, Reading};
use crate::snapshot::View;
use crate::store::EventHeader;

/// The reading of the request that is being answered.
pub fn of<'a>(ctx: &Context<'a>) -> Result<&'a Arc<Reading>> {
    ctx.data::<Arc<Reading>>().map_err(|_| Code::Internal.error("the request has no reading"))
}

/// The events that the viewer may see in a view, the latest first.
pub fn events(ctx: &Context<'_>, view: View) -> Result<Vec<Arc<EventHeader>>> {
    of(ctx)?.events(view).map_err(refusal)
}

/// The scope of an event of which the header was seen before.
pub async fn scope_of_event(ctx: &Context<'_>, event: Id, view: View) -> Result<Scope> {
    let found = of(ctx)?.snapshot(event, view).await.map_err(refusal)?;
    found.map(Scope::new).ok_or_else(|| Code::NotFound.error("this event is no longer there"))
}

/// The scope of the event with a slug, if the viewer may see it.
pub async fn scope_of_slug(ctx: &Context<'_>, slug: &str, view: View) -> Result<Option<Scope>> {
    let reading = of(ctx)?;
    let Some(header) = reading.event_with_slug(slug, view).map_err(refusal)? else { return Ok(None) };
    let found = reading.snapshot(header.event.id, view).await.map_err(refusal)?;
    Ok(found.map(Scope::new))
}

/// The scope that holds an item, if the viewer may see its event.
pub async fn scope_of_item(ctx: &Context<'_>, item: Id, view: View) -> Result<Option<Scope>> {
    let reading = of(ctx)?;
    let Some(event) = reading.locate(item).await.map_err(refusal)? else { return Ok(None) };
    let found = reading.snapshot(event, view).await.map_err(refusal)?;
    Ok(found.map(Scope::new))
}

/// What a caller is told when something can't be read; the log is told why.
fn refusal(denied: Denied) -> Error {
    match denied {
        Denied::Unauthenticated => {
            Code::Unauthenticated.error("the working view needs a token; ask for the PUBLIC view, or send one")
        }
        Denied::Unavailable(error) => {
            tracing::error!(%error, "content could not be loaded");
            Code::Unavailable.error("the content can't be read at the moment; try again")
        }
    }
}
