//! The commands: their arguments, and one file for what each does. Results go to standard output, everything else to
//! standard error.

mod completions;
mod demo;
pub mod import;
mod logging;
mod migrate;
mod output;
mod query;
mod schema;
mod serve;
mod token;
mod user;

pub use demo::DEMO_DOCUMENT;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::access::Viewer;
use crate::app::open_store;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;

/// A headless GraphQL and JSON content API for academic workshops and conferences.
#[derive(Debug, Parser)]
#[command(name = "plenary", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
struct Global {
    /// The configuration file; left out, ./plenary.toml if it is there.
    #[arg(long, global = true, value_name = "FILE", env = "PLENARY_CONFIG")]
    config: Option<PathBuf>,
    /// The database, in place of the configured one: sqlite://PATH?mode=rwc or postgres://USER:PASSWORD@HOST/NAME.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Log more: -v for every request, -vv for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer requests.
    Serve(serve::ServeArgs),
    /// Show what Plenary does: a fresh database with the demo event, served at once.
    Demo(demo::DemoArgs),
    /// Get content in.
    Import(import::ImportArgs),
    /// Ask the database a GraphQL query, drafts included, and print the answer.
    Query(query::QueryArgs),
    /// Bring the database up to this version.
    Migrate,
    /// Print the GraphQL schema.
    Schema,
    /// Print a token that opens the working view, or change the key that signs tokens.
    Token(token::TokenArgs),
    /// Add users and say what they may do.
    User(user::UserArgs),
    /// Print the completions for a shell.
    Completions(completions::CompletionsArgs),
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(cli)),
        Err(error) => Err(Error::io("the program can't start")(error)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), Error> {
    // These two need no settings, and must work when those are wrong.
    match &cli.command {
        Command::Schema => return schema::run(),
        Command::Completions(args) => return completions::run(args),
        _ => {}
    }
    let mut config = Config::load(cli.global.config.as_deref())?;
    if let Some(url) = cli.global.database {
        config.database.url = url;
    }
    logging::start(&config.log, cli.global.verbose)?;
    match cli.command {
        Command::Serve(args) => serve::run(args, config).await,
        Command::Demo(args) => demo::run(args, config).await,
        Command::Import(args) => {
            let editor = Viewer::Operator.creator().ok_or_else(|| Error::Input("you may not write".to_owned()))?;
            import::run(args, &open_store(&config).await?, &Clock::System, &editor).await
        }
        Command::Query(args) => query::run(args, config).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Token(args) => token::run(&args, &config),
        Command::User(args) => user::run(args, &config).await,
        Command::Schema => schema::run(),
        Command::Completions(args) => completions::run(&args),
    }
}

/// The command line, for completions.
fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_well_formed() {
        super::command().debug_assert();
    }
}
