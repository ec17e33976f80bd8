//! Series, as they are asked for.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Result, SimpleObject};

use super::event::EventNode;
use crate::content::{DateTime, Series};
use crate::graphql::reading;
use crate::snapshot::View;

/// A workshop or conference that comes again, of which events are the editions.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Series", complex)]
pub struct SeriesNode {
    #[graphql(flatten)]
    series: Arc<Series>,
    #[graphql(skip)]
    view: View,
}

identified!(SeriesNode, series);

impl SeriesNode {
    /// The node of a series; its events are those of a view.
    pub fn new(series: &Arc<Series>, view: View) -> Self {
        SeriesNode { series: series.clone(), view }
    }
}

#[ComplexObject]
impl SeriesNode {
    /// The editions, the latest first.
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<EventNode>> {
        let events = reading::events(ctx, self.view)?;
        let editions = events.iter().filter(|header| header.event.series == Some(self.series.id));
        Ok(editions.map(|header| EventNode::unopened(header, self.view)).collect())
    }

    /// When the series was created on this server.
    async fn created_at(&self) -> DateTime {
        DateTime::new(self.series.created_at, &jiff::tz::TimeZone::UTC)
    }

    /// When the series was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime::new(self.series.updated_at, &jiff::tz::TimeZone::UTC)
    }
}
