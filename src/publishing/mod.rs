//! What the public sees, and how documents differ: pure functions.

mod diff;
mod visibility;

pub use diff::{Edit, apply, diff, is_same};
pub use visibility::{Embargoes, public};
