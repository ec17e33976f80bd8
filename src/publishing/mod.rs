//! What the public sees, and how documents differ: pure functions.

mod visibility;

pub use visibility::{Embargoes, public, retain_referenced_people};
