//! `plenary completions`: prints what a shell needs to complete commands.

use clap_complete::Shell;

use super::output;
use crate::error::Error;

#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "plenary", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
