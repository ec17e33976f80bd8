//! How content is asked for: the GraphQL schema over snapshots.

pub mod error;
pub mod execution;
pub mod guard;
mod query;

use async_graphql::{EmptyMutation, EmptySubscription};

/// The schema.
pub type Schema = async_graphql::Schema<query::Query, EmptyMutation, EmptySubscription>;

/// What the schema is told beside the content.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The slug of the event that root fields mean when they get no `event` argument.
    pub default_event: Option<String>,
}

/// The schema with these settings.
pub fn schema(_settings: &Settings) -> Schema {
    Schema::build(query::Query, EmptyMutation, EmptySubscription).finish()
}

/// The schema in its own language, as `schema.graphql` has it.
pub fn sdl() -> String {
    schema(&Settings::default()).sdl()
}
