//! Everything that is tested from outside the crate, in one binary.

mod import;
