//! What the public sees, and how documents differ: pure functions.

mod diff;

pub use diff::{Edit, apply, diff, is_same};
