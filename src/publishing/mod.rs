//! What the public sees, how documents differ, and what looks wrong in them: pure functions.

pub mod checks;
mod diff;
mod visibility;

pub use diff::{Edit, apply, diff, is_same};
pub use visibility::{Embargoes, public};
