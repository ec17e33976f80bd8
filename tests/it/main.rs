//! The integration tests: one binary, so that there is one thing to link and one PostgreSQL to start.

mod accounts;
mod calendars;
mod changes;
mod durability;
mod enlsp;
mod feeds;
mod harness;
mod http;
mod import;
mod leaks;
mod mutations;
mod releases;
mod replicas;
mod shelf;
mod store;
mod subscriptions;
mod tidy;
mod webhooks;
