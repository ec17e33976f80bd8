//! `plenary migrate`: brings the database up to this version.

use super::output;
use crate::config::Config;
use crate::error::Error;
use crate::store::Store;

pub(super) async fn run(config: &Config) -> Result<(), Error> {
    let store = Store::open(&config.database).await?;
    let steps = store.migrate().await?;
    store.close().await?;
    match steps {
        0 => output::print("The database is up to date."),
        steps => output::print(&format!("The database is up to date after {steps} migration(s).")),
    }
}
