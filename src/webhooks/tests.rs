//! Tests of what there is to tell.
