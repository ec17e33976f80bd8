//! `plenary user`: who may sign in, and what they are at events. For those who run the server.
//!
//! A password comes from a prompt or from the environment, never as an argument, which other users of the machine see.

use std::io::IsTerminal;

use clap::{Subcommand, ValueEnum};
use tabled::builder::Builder;
use tabled::settings::Style;

use super::output;
use crate::access::Role;
use crate::access::secret::Secret;
use crate::accounts::{Accounts, check_new_password, normalized_email, normalized_name};
use crate::app::open_store;
use crate::clock::Clock;
use crate::config::Config;
use crate::content::Id;
use crate::error::Error;
use crate::store::{Membership, NewUser, PasswordHash, Store, User};

/// Where a password may be, for scripts.
const VARIABLE: &str = "PLENARY_USER_PASSWORD";

#[derive(Debug, clap::Args)]
pub(super) struct UserArgs {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Add a user. The password is asked for, or taken from PLENARY_USER_PASSWORD.
    Add(AddArgs),
    /// List the users.
    List,
    /// Let a user sign in no more: everything that they have signed in with ends at once.
    Disable(Which),
    /// Let a user sign in again.
    Enable(Which),
    /// Give a user another password, asked for or taken from PLENARY_USER_PASSWORD: everything that they have signed in
    /// with ends at once.
    Password(Which),
    /// Say what a user is at an event.
    Role(RoleArgs),
    /// Delete an account. In the change log, what its user did stays, under an id that leads nowhere.
    Delete(Which),
}

#[derive(Debug, clap::Args)]
struct AddArgs {
    /// The address to sign in with.
    email: String,
    /// The name.
    #[arg(long)]
    name: String,
    /// The user may do everything on this server.
    #[arg(long)]
    administrator: bool,
    /// The user may create events, and owns those that they create.
    #[arg(long)]
    creates_events: bool,
    /// The user has no password, and comes with tokens of the outside issuer (auth.outside).
    #[arg(long)]
    no_password: bool,
}

#[derive(Debug, clap::Args)]
struct Which {
    /// The address that they sign in with.
    email: String,
}

#[derive(Debug, clap::Args)]
struct RoleArgs {
    /// The address that they sign in with.
    email: String,
    /// The slug of the event.
    #[arg(long, value_name = "SLUG")]
    event: String,
    /// What they are there.
    #[arg(value_enum)]
    role: RoleArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleArg {
    /// May do everything with the event.
    Owner,
    /// Changes content and publishes it.
    Editor,
    /// Sees drafts.
    Reviewer,
    /// Nothing any more.
    None,
}

pub(super) async fn run(args: UserArgs, config: &Config) -> Result<(), Error> {
    let store = open_store(config).await?;
    let clock = Clock::System;
    let accounts = Accounts::new(store.clone(), clock.clone(), config.auth.clone());
    match args.command {
        UserCommand::Add(args) => add(args, &store, &accounts, &clock).await?,
        UserCommand::List => list(&store).await?,
        UserCommand::Disable(which) => {
            store.set_active(find(&store, &which.email).await?.id, false, clock.now()).await?;
            output::print("The user can't sign in any more.")?;
        }
        UserCommand::Enable(which) => {
            store.set_active(find(&store, &which.email).await?.id, true, clock.now()).await?;
            output::print("The user can sign in.")?;
        }
        UserCommand::Password(which) => {
            let user = find(&store, &which.email).await?;
            let hash = new_password(&accounts, &user.email).await?;
            store.set_password(user.id, None, hash, false, clock.now()).await?;
            output::print("The password is changed.")?;
        }
        UserCommand::Role(args) => set_role(&args, &store, &clock).await?,
        UserCommand::Delete(which) => {
            store.delete_user(find(&store, &which.email).await?.id).await?;
            output::print("The account is deleted.")?;
        }
    }
    store.close().await
}

async fn add(args: AddArgs, store: &Store, accounts: &Accounts, clock: &Clock) -> Result<(), Error> {
    let email =
        normalized_email(&args.email).ok_or_else(|| Error::Input(format!("{:?} is no e-mail address", args.email)))?;
    let name = normalized_name(&args.name)
        .ok_or_else(|| Error::Input("the name must be one line of 1 to 200 characters".to_owned()))?;
    if store.user_with_email(&email).await?.is_some() {
        return Err(Error::Input(format!("there is a user with the address {email} already")));
    }
    let password = if args.no_password { None } else { Some(new_password(accounts, &email).await?) };
    let new = NewUser {
        email,
        name,
        password,
        administrator: args.administrator,
        creates_events: args.creates_events,
        email_verified: true,
    };
    let user = store.add_user(new, clock.now()).await?;
    let user = user.ok_or_else(|| Error::Input("there is a user with this address already".to_owned()))?;
    output::print(&user.id.to_string())
}

async fn list(store: &Store) -> Result<(), Error> {
    let mut table = Builder::default();
    table.push_record(["Address", "Name", "May sign in", "May do", "Id"]);
    for user in store.users().await? {
        let may = match (user.administrator, user.creates_events) {
            (true, _) => "everything",
            (false, true) => "create events",
            (false, false) => "",
        };
        let active = if user.active { "yes" } else { "no" };
        table.push_record([user.email.as_str(), &user.name, active, may, &user.id.to_string()]);
    }
    output::print(&table.build().with(Style::blank()).to_string())
}

async fn set_role(args: &RoleArgs, store: &Store, clock: &Clock) -> Result<(), Error> {
    let user = find(store, &args.email).await?;
    let event = store.find_event(&args.event).await?;
    let event: Id = event.ok_or_else(|| Error::NotFound(format!("there is no event {:?}", args.event)))?;
    let role = match args.role {
        RoleArg::Owner => Some(Role::Owner),
        RoleArg::Editor => Some(Role::Editor),
        RoleArg::Reviewer => Some(Role::Reviewer),
        RoleArg::None => None,
    };
    let done = match role {
        Some(role) => store.add_member(event, user.id, role, clock.now()).await?,
        None => store.remove_member(event, user.id).await?,
    };
    match done {
        Membership::Done => output::print("Done."),
        Membership::NotThere => Err(Error::NotFound("the user is no member of this event".to_owned())),
        Membership::LastOwner => Err(Error::Input("the user is the event's last owner".to_owned())),
    }
}

async fn find(store: &Store, email: &str) -> Result<User, Error> {
    let user = match normalized_email(email) {
        Some(email) => store.user_with_email(&email).await?,
        None => None,
    };
    user.ok_or_else(|| Error::NotFound(format!("there is no user with the address {email:?}")))
}

/// A new password, out of the environment or asked for twice.
async fn new_password(accounts: &Accounts, email: &str) -> Result<PasswordHash, Error> {
    let password = match std::env::var(VARIABLE) {
        Ok(password) => Secret::from(password),
        Err(_) if std::io::stdin().is_terminal() => asked_for()?,
        Err(_) => return Err(Error::Input(format!("there is no terminal to ask for the password: set {VARIABLE}"))),
    };
    check_new_password(&password, email).map_err(|why| Error::Input(why.to_owned()))?;
    accounts.hash_password(&password).await
}

fn asked_for() -> Result<Secret, Error> {
    let ask = |prompt: &str| rpassword::prompt_password(prompt).map(Secret::from);
    let password = ask("Password: ").map_err(Error::io("the password can't be read"))?;
    if ask("Again: ").map_err(Error::io("the password can't be read"))? != password {
        return Err(Error::Input("the two passwords are not the same".to_owned()));
    }
    Ok(password)
}
