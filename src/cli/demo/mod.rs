//! `plenary demo`: a fresh database with the demo event, served at once, and queries and a mutation to try.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::output;
use super::serve::{listen, public_url, serve, stop_signal};
use crate::access::secret::Secret;
use crate::access::{Grant, Right, Role, Viewer};
use crate::accounts::{AccountError, MadeToken, TokenRequest};
use crate::app::{App, open_store};
use crate::clock::Clock;
use crate::config::Config;
use crate::content::{Document, Id};
use crate::error::Error;
use crate::store::{NewUser, Store};

/// The demo event, as a document.
pub const DEMO_DOCUMENT: &str = include_str!("document.json");

/// Three queries to try: what they show, and their text.
const QUERIES: [(&str, &str); 3] = [
    ("Who speaks", "{ event(slug: \"enlsp-2022\") { name startsOn speakers { nodes { name affiliation } } } }"),
    (
        "The programme, ready to draw",
        "{ event(slug: \"enlsp-2022\") { schedule { date rooms { room { name } slots { title kind startsAt endsAt } } } } }",
    ),
    (
        "Papers that mention attention",
        "{ event(slug: \"enlsp-2022\") { papers(filter: {title: {contains: \"attention\"}}) { nodes { title authors { name } } } } }",
    ),
];

/// A mutation to try, with the token of the demo's user: what it does, and its text.
const MUTATION: (&str, &str) = (
    "Add a coffee break",
    "mutation { createSession(input: {event: \"enlsp-2022\", title: \"More coffee\", kind: BREAK, \
     startsAt: \"2022-12-02T16:00:00-06:00\", endsAt: \"2022-12-02T16:15:00-06:00\"}) \
     { session { id title startsAt } userErrors { message } warnings { message } } }",
);

/// The user of the demo, who owns its event.
const USER: &str = "demo@example.org";

#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    /// Keep the database in this file; left out, it is in a temporary folder that is removed at the end.
    #[arg(long, value_name = "PATH")]
    keep: Option<PathBuf>,
    /// The address to listen on, in place of the configured one; port 0 takes a free one.
    #[arg(long, value_name = "IP:PORT")]
    address: Option<SocketAddr>,
}

/// A folder that is removed when the demo ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "the demo's folder could not be removed");
        }
    }
}

pub(super) async fn run(args: DemoArgs, mut config: Config) -> Result<(), Error> {
    config.server.address = args.address.unwrap_or(config.server.address);
    let listener = listen(config.server.address).await?;
    let temporary = if args.keep.is_none() { Some(temporary_folder()?) } else { None };
    let file = match (&args.keep, &temporary) {
        (Some(file), _) => file.clone(),
        (None, Some(folder)) => folder.0.join("plenary.db"),
        (None, None) => unreachable!("one of the two was chosen above"),
    };
    config.database.url = format!("sqlite://{}?mode=rwc", file.display());
    if let Some(folder) = &temporary {
        config.auth.key_file = folder.0.join("token-key.pem");
    }
    let store = open_store(&config).await?;
    let event = fill(&store).await?;
    let app = App::with_store(config, store, Clock::System).await?;
    let token = owner_token(&app, event).await?;
    let address = listener.local_addr().map_err(Error::io("the address can't be read"))?;
    let stop = stop_signal()?;
    output::print(&welcome(&public_url(&app.config, address), &file, &token))?;
    serve(&app, listener, stop).await
}

/// Puts the demo event into the database.
async fn fill(store: &Store) -> Result<Id, Error> {
    let document: Document = serde_json::from_str(DEMO_DOCUMENT)
        .map_err(|error| Error::Input(format!("the demo event can't be read: {error}")))?;
    let event = document.event.id;
    let editor = Viewer::Operator.creator().ok_or_else(|| Error::Input("you may not write".to_owned()))?;
    store.put_document(&editor, document, Clock::System.now()).await?;
    Ok(event)
}

/// A personal access token of the demo's user, who is made if they are not there.
async fn owner_token(app: &App, event: Id) -> Result<Secret, Error> {
    let now = app.clock.now();
    let user = match app.store.user_with_email(USER).await? {
        Some(user) => Some(user),
        None => {
            let new = NewUser {
                email: USER.to_owned(),
                name: "Demo".to_owned(),
                password: None,
                administrator: false,
                creates_events: true,
                email_verified: true,
            };
            app.store.add_user(new, now).await?
        }
    };
    let failed = || Error::Input("the demo's user could not be made".to_owned());
    let user = user.ok_or_else(failed)?.id;
    app.store.add_member(event, user, Role::Owner, now).await?;
    let scopes = [Right::Read, Right::Write, Right::Publish, Right::Manage].into();
    let grant = Grant { scopes, events: None };
    let request = TokenRequest { user, session: None, name: "demo".to_owned(), grant, days: 30 };
    match app.accounts.create_access_token(request).await {
        Ok(MadeToken::Done(token, _)) => Ok(token),
        Err(AccountError::Failed(error)) => Err(error),
        Ok(MadeToken::TooMany | MadeToken::Ended) | Err(AccountError::Limited { .. }) => Err(failed()),
    }
}

fn temporary_folder() -> Result<Folder, Error> {
    let path = std::env::temp_dir().join(format!("plenary-demo-{}", uuid::Uuid::now_v7().simple()));
    std::fs::create_dir(&path).map_err(Error::io(format!("the folder {} can't be made", path.display())))?;
    Ok(Folder(path))
}

/// Where to look and what to try.
fn welcome(url: &str, file: &Path, token: &Secret) -> String {
    let mut text = format!(
        "Plenary is answering, with the demo event.\n\n\
         In a browser  {url}/graphql\n\
         For programs  {url}/graphql (POST or GET)\n\
         Health        {url}/readyz\n\
         Metrics       {url}/metrics\n\
         Database      {}\n\
         Token         {}\n\n\
         Try:\n",
        file.display(),
        token.reveal()
    );
    for (what, query) in QUERIES {
        let body = serde_json::json!({ "query": query }).to_string();
        let _ = writeln!(text, "\n# {what}\ncurl -s {url}/graphql -H 'Content-Type: application/json' -d '{body}'");
    }
    let (what, mutation) = MUTATION;
    let body = serde_json::json!({ "query": mutation }).to_string();
    let _ = writeln!(
        text,
        "\n# {what}\ncurl -s {url}/graphql -H 'Content-Type: application/json' -H 'Authorization: Bearer {}' -d '{body}'",
        token.reveal()
    );
    text.push_str("\nCtrl-C ends it.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_event_is_a_sound_document() {
        let document: Document = serde_json::from_str(DEMO_DOCUMENT).unwrap();
        let mut report = crate::content::Report::default();
        document.check(&mut report);
        assert!(report.into_problems().is_empty());
    }

    #[test]
    fn queries_can_be_pasted_into_a_shell() {
        for (_, query) in QUERIES.into_iter().chain([MUTATION]) {
            assert!(!query.contains('\''));
            async_graphql_parser::parse_query(query).unwrap();
        }
    }
}
