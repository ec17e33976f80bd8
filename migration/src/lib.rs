//! Plenary's database schema: an ordered list of steps, only ever appended to.
//!
//! Every statement is built for SQLite and PostgreSQL alike, and no step uses the `entity` crate: what a step made stays
//! as it was when the entities have moved on.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod columns;
mod m20261123_000001_events;
mod m20261123_000002_items;
mod m20261123_000003_programme;
mod m20261123_000004_change_log;
mod m20261123_000005_accounts;
mod m20261123_000006_releases;
mod m20261123_000007_idempotency;
mod m20261123_000008_webhooks;
mod m20261123_000009_sequences;
mod m20261201_000010_do_not_record;

/// The list of steps.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_events::Migration),
            Box::new(m20261123_000002_items::Migration),
            Box::new(m20261123_000003_programme::Migration),
            Box::new(m20261123_000004_change_log::Migration),
            Box::new(m20261123_000005_accounts::Migration),
            Box::new(m20261123_000006_releases::Migration),
            Box::new(m20261123_000007_idempotency::Migration),
            Box::new(m20261123_000008_webhooks::Migration),
            Box::new(m20261123_000009_sequences::Migration),
            Box::new(m20261201_000010_do_not_record::Migration),
        ]
    }
}
