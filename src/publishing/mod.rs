//! What the public sees, and how documents differ: pure functions.
