//! What the public sees, how documents differ, and what looks wrong in them: pure functions.

pub mod checks;
mod diff;
mod draft;
pub mod release_diff;
mod released;
mod undo;
mod visibility;
mod withdrawal;

pub use diff::{Edit, apply, diff, is_same};
pub use draft::{Draft, Refusal};
pub use released::{open_releases, public_before, released_event};
pub use undo::{differing_fields, undo};
pub use visibility::{Embargoes, public};
pub use withdrawal::{moved_from, withdrawn, withdrawn_by_release};
