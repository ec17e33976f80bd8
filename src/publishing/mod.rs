//! What the public sees, and how documents differ: pure functions.

mod diff;
mod draft;
mod visibility;

pub use diff::{Edit, apply, diff, is_same};
pub use draft::{Draft, Refusal};
pub use visibility::{Embargoes, public};
