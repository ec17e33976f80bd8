//! The commands: their arguments, and one file for what each does. Results go to standard output, everything else to
//! standard error.

mod check;
mod completions;
mod demo;
mod export;
mod feeds;
pub mod import;
mod logging;
mod migrate;
mod mirror;
mod openapi;
mod output;
mod publish;
mod query;
mod schema;
mod serve;
mod token;
mod user;

pub use demo::DEMO_DOCUMENT;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::access::Viewer;
use crate::app::open_store;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::store::{Store, Stored};

/// How long what runs on the side may take at the end.
const LAST_WAIT: Duration = Duration::from_millis(500);

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
    /// Get content out.
    Export(export::ExportArgs),
    /// Make the next release of an event out of its content.
    Publish(publish::PublishArgs),
    /// Tell what looks wrong in an event's content, drafts included.
    Check(check::CheckArgs),
    /// Ask the database a GraphQL query, drafts included, and print the answer.
    Query(query::QueryArgs),
    /// Bring the database up to this version.
    Migrate,
    /// Print the GraphQL schema.
    Schema,
    /// Print the description of the HTTP API, as OpenAPI 3.1.
    Openapi,
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
        Ok(runtime) => {
            let done = runtime.block_on(run(cli));
            // A name server that does not answer a look-up is not waited for.
            runtime.shutdown_timeout(LAST_WAIT);
            done
        }
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
    // These need no settings, and must work when those are wrong.
    match &cli.command {
        Command::Schema => return schema::run(),
        Command::Openapi => return openapi::run(),
        Command::Completions(args) => return completions::run(args),
        Command::Import(args) => {
            if let Some(printed) = args.print() {
                return printed;
            }
        }
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
        Command::Export(args) => export::run(args, &open_store(&config).await?, &config).await,
        Command::Publish(args) => publish::run(args, &open_store(&config).await?, &Clock::System).await,
        Command::Check(args) => check::run(args, &open_store(&config).await?, &Clock::System).await,
        Command::Query(args) => query::run(args, config).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Token(args) => token::run(&args, &config),
        Command::User(args) => user::run(args, &config).await,
        Command::Schema => schema::run(),
        Command::Openapi => openapi::run(),
        Command::Completions(args) => completions::run(&args),
    }
}

/// The event with a slug, which has to be there.
async fn event(store: &Store, slug: &str) -> Result<Stored, Error> {
    let missing = || Error::NotFound(format!("there is no event {slug}"));
    let id = store.find_event(slug).await?.ok_or_else(missing)?;
    store.load(id).await?.ok_or_else(missing)
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
