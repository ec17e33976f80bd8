//! Accounts from outside: signing in and out, tokens, members, and what is tried against them.

mod attacks;
mod commands;
pub(crate) mod desk;
mod guesses;
mod issuer;
mod members;
mod open;
mod sessions;
mod tokens;
