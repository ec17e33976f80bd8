//! The schema as a whole, and queries over content made by hand.

mod content;
mod queries;
mod refusals;
mod shape;
