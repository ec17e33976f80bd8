//! Subscriptions from outside: the protocols to the letter, and what is told over them.

mod closing;
mod events;
mod releases;
mod resuming;
pub(crate) mod socket;
mod telling;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use plenary::access::{Viewer, key_file};
use plenary::app::App;
use plenary::clock::Clock;
use plenary::config::Config;
use plenary::content::{Document, Paper, Publication};
use plenary::store::Store;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::harness::{database, sample};

/// What most tests subscribe to.
const CHANGES: &str =
    "cursor reload event { name } changes { kind operation recordId node { id ... on Paper { title } } }";

/// A subscription to the event of these tests.
fn subscription(arguments: &str) -> String {
    format!("subscription {{ eventChanged(event: \"watched\"{arguments}) {{ {CHANGES} }} }}")
}

/// An event without anything.
fn document() -> Document {
    Document::new(sample::event(1, "watched"))
}

/// A paper that everybody may see.
fn paper(number: u128, title: &str) -> Arc<Paper> {
    let position = i32::try_from(number).unwrap();
    Arc::new(Paper::new(sample::head(1_000 + number, &format!("paper-{number}"), position), title))
}

/// Stores a document, as another process would.
async fn put(store: &Store, document: &Document) -> i64 {
    let editor = Viewer::Operator.creator().unwrap();
    store.put_document(&editor, document.clone(), sample::now()).await.unwrap().revision
}

#[expect(clippy::disallowed_methods, reason = "the server under test has the system's clock")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// A server over a database, with a store of its own beside it.
struct Watched {
    address: SocketAddr,
    store: Store,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<bool>,
    app: App,
}

impl Watched {
    async fn start(database: &str) -> Watched {
        Watched::start_with(database, |_| {}).await
    }

    async fn start_with(database: &str, change: impl FnOnce(&mut Config)) -> Watched {
        Watched::start_at(database, Clock::System, change).await
    }

    async fn start_at(database: &str, clock: Clock, change: impl FnOnce(&mut Config)) -> Watched {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::defaults();
        config.database = database::config(database);
        config.auth.key_file = folder.path().join("key.pem");
        config.shelf.poll_interval_ms = 20;
        change(&mut config);
        let grace = Duration::from_millis(config.server.shutdown_grace_ms);
        let app = App::open(config, clock).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let router = app.service();
        let serving = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            plenary::http::serve(listener, router, stopped, grace).await
        });
        let store = database::open(database).await;
        let mut document = document();
        Arc::make_mut(&mut document.event).publication = Publication::Live;
        put(&store, &document).await;
        app.shelf.refresh().await.unwrap();
        Watched { address, store, folder, stop: Some(stop), serving, app }
    }

    /// A server over a SQLite file of its own.
    async fn alone(change: impl FnOnce(&mut Config)) -> (Watched, TempDir) {
        Watched::alone_at(Clock::System, change).await
    }

    async fn alone_at(clock: Clock, change: impl FnOnce(&mut Config)) -> (Watched, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("plenary.db").display());
        (Watched::start_at(&url, clock, change).await, folder)
    }

    /// A token for an hour.
    fn token(&self) -> String {
        let key = key_file::read_or_create(&self.folder.path().join("key.pem")).unwrap();
        let token = key.issue("preview", None, self.app.clock.now(), jiff::SignedDuration::from_hours(1));
        format!("Bearer {}", token.unwrap())
    }

    fn ask_to_stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    async fn stopped(&mut self) -> bool {
        (&mut self.serving).await.unwrap()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
