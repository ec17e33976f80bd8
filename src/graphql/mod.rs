//! How content is asked for: the GraphQL schema over snapshots.

pub mod error;
pub mod guard;
