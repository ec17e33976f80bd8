//! How series are asked for.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use jiff::tz::TimeZone;

use super::event::EventNode;
use crate::content::{DateTime, Id, Series};
use crate::graphql::query::events;
use crate::snapshot::View;

/// A workshop or conference that comes again, of which events are the editions.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex, serial, name = "Series")]
pub(in crate::graphql) struct SeriesNode {
    #[graphql(flatten)]
    fields: Arc<Series>,
    #[graphql(skip)]
    view: View,
}

impl SeriesNode {
    pub(in crate::graphql) fn new(fields: &Arc<Series>, view: View) -> Self {
        SeriesNode { fields: fields.clone(), view }
    }

    pub(in crate::graphql) async fn id(&self, _context: &Context<'_>) -> Result<Id> {
        Ok(self.fields.id)
    }
}

#[ComplexObject]
impl SeriesNode {
    /// The editions, the latest first.
    async fn events(&self, context: &Context<'_>) -> Result<Vec<EventNode>> {
        let headers = events(context, self.view)?;
        let editions = headers.iter().filter(|header| header.event.series == Some(self.fields.id));
        Ok(editions.map(|header| EventNode::listed(header, self.view)).collect())
    }

    /// When the series was created on this server, in UTC.
    async fn created_at(&self) -> DateTime {
        DateTime::new(self.fields.created_at, &TimeZone::UTC)
    }

    /// When the series was last changed, in UTC.
    async fn updated_at(&self) -> DateTime {
        DateTime::new(self.fields.updated_at, &TimeZone::UTC)
    }
}
