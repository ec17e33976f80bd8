//! JSON over plain HTTP, for those who want no GraphQL: the document of an event, its collections, one item, and the
//! description of all addresses as OpenAPI.
//!
//! Items have the shape that they have in the document, and collections the names. Nothing here knows SQL, a clock, a
//! request or waiting.

mod collections;
mod description;
mod listing;
mod parameters;

pub use collections::{COLLECTIONS, Collection, collection, document_fields, event_fields, release_fields};
pub use description::openapi;
pub use listing::{Listed, Since, document, item, list, whole_list};
pub use parameters::{Asked, DEFAULT_LIMIT, MAX_LIMIT, Parameter};

/// Why nothing is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What was asked for is not there; the sentence says what.
    NotFound(String),
    /// The request asks for something that can't be; the sentence says what, and what could be.
    BadRequest(String),
}
