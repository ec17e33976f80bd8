//! `plenary import`: gets content in.

use crate::access::Editor;
use crate::clock::Clock;
use crate::error::Error;
use crate::store::Store;

/// What to import.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {}

/// Imports.
pub async fn run(_args: ImportArgs, _store: &Store, _clock: &Clock, _editor: &Editor) -> Result<(), Error> {
    Err(Error::Input("this build can't import".to_owned()))
}
