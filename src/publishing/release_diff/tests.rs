//! Differences as they are told.
