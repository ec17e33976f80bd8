//! The root of queries.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use crate::reading::Reading;
use crate::snapshot::View;

/// The root of queries.
pub struct Query;

#[Object]
impl Query {
    /// The name of an event.
    async fn event_name(&self, ctx: &Context<'_>, slug: String, #[graphql(default)] drafts: bool) -> Result<Option<String>> {
        let reading = ctx.data::<Arc<Reading>>()?;
        let view = if drafts { View::Working } else { View::Public };
        let header = reading
            .event_with_slug(&slug, view)
            .map_err(|_| super::error::Code::Unauthenticated.error("the working view needs a token"))?;
        Ok(header.map(|header| header.event.name.clone()))
    }
}
