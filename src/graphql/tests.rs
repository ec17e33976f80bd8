//! The schema as a whole, and queries over content made by hand.

mod shape;
