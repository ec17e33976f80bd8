//! Leaks: secrets in everything that nobody may see, and a search for them through everything that answers.
//!
//! There are two worlds, one with secrets and one without. Whoever has no right to the secrets must be given the same
//! answers in both, to the byte: then nothing hidden is in an answer, counted in one, or changes its order or its tag.

mod addresses;
mod answers;
mod canaries;
mod crawler;
mod graphql;
mod hostile;
mod refusals;
mod watching;
mod world;
