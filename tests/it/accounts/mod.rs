//! Accounts from outside: signing in and out, tokens, members, and what is tried against them.

mod attacks;
mod commands;
mod desk;
mod guesses;
mod issuer;
mod members;
mod sessions;
mod tokens;
