//! How content is asked for: the GraphQL schema over snapshots.
//!
//! Types are made in code, and `schema.graphql` at the root of the repository is their picture. Nothing here knows a
//! table or a transport; content comes from the request's [`crate::reading::Reading`].

pub mod connection;
pub mod error;
pub mod execution;
pub mod filter;
pub mod guard;
pub mod kinds;
pub mod node;
pub mod query;
pub mod reading;
pub mod scope;
pub mod search;

use async_graphql::{EmptyMutation, EmptySubscription, SDLExportOptions};

pub use query::Query;

/// The schema: for now it can only be read.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// What the schema is told beside the content.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The slug of the event that root fields belong to when none is named.
    pub default_event: Option<String>,
}

/// The schema, ready to be executed. Every request brings an `Arc<Reading>` as data.
pub fn schema(settings: &Settings) -> Schema {
    Schema::build(Query::default(), EmptyMutation, EmptySubscription)
        .register_output_type::<node::Node>()
        .data(settings.clone())
        .disable_suggestions()
        .finish()
}

/// The schema in the schema definition language, as `schema.graphql` has it.
pub fn sdl() -> String {
    let schema = schema(&Settings::default());
    let options = SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions();
    format!("{}\n", schema.sdl_with_options(options).trim_end())
}

#[cfg(test)]
mod tests;
