//! How content is asked for: the GraphQL schema over snapshots.
//!
//! Root fields get a snapshot through the request's `Reading`; everything below reads only that snapshot. Nothing here
//! knows HTTP or the database.

mod account;
mod change;
mod collections;
mod connection;
pub mod error;
pub mod execution;
mod filter;
mod finding;
pub mod guard;
mod inline;
mod inputs;
mod json;
mod kinds;
mod mutation;
mod node;
mod query;
mod release_diff;
mod schedule;
mod scope;
mod search;
mod subscription;
#[cfg(test)]
mod tests;
mod user_error;
mod viewer;
mod webhook;

use async_graphql::{SDLExportOptions, ValidationMode};

use crate::config::{Config, WebhooksConfig};
use crate::content::Id;
pub use connection::{DEFAULT_PAGE, MAX_PAGE};
pub use mutation::Mutation;
pub use query::Query;
pub use subscription::{Progress, Subscription};

/// The schema. Requests carry their `Arc<Reading>` as data, subscriptions also their `Arc<Progress>`.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

type Builder = async_graphql::SchemaBuilder<Query, Mutation, Subscription>;

/// What the operator decides about the schema.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether anybody may ask for the schema.
    pub introspection: bool,
    /// The slug of the event that root fields speak of when they are not told.
    pub default_event: Option<String>,
    /// Which endpoints webhooks may have.
    pub webhooks: WebhooksConfig,
}

/// Puts the schema together.
pub fn schema(settings: &Settings) -> Schema {
    build(settings, |builder| builder)
}

/// The schema for documents that [`schema`] has validated before and that do not ask about the schema itself: it does not
/// look at all the rules again. That the variables of each request fit is for the guard to see.
pub fn trusting_schema(settings: &Settings) -> Schema {
    // Without federation, async-graphql looks through all types at each root field for one that has it. With it, there
    // are two root fields more, for which no validated document asks.
    build(settings, |builder| builder.validation_mode(ValidationMode::Fast).enable_federation())
}

fn build(settings: &Settings, mode: impl Fn(Builder) -> Builder) -> Schema {
    let builder = Schema::build(Query::default(), Mutation::default(), Subscription)
        .data(settings.clone())
        .override_output_type_description::<Id>("A UUID (RFC 9562) that identifies a record and never changes.");
    if settings.introspection {
        return mode(builder).finish();
    }
    // Suggestions in error messages would tell the names that introspection must not.
    mode(builder.disable_introspection().disable_suggestions()).finish()
}

/// The schema in the schema definition language, the same on every machine.
pub fn sdl() -> String {
    let webhooks = Config::defaults().webhooks;
    let schema = schema(&Settings { introspection: true, default_event: None, webhooks });
    let options = SDLExportOptions::new().include_specified_by().use_space_ident();
    let text = schema.sdl_with_options(options);
    format!("{}\n", text.trim_end())
}
