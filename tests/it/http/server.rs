//! A server on a free port over a fresh SQLite file with the sample document, and a client for it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use plenary::access::Viewer;
use plenary::app::App;
use plenary::clock::Clock;
use plenary::config::Config;
use plenary::content::{Document, Publication};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::harness::sample;

/// The slug of the sample event.
pub(super) const SLUG: &str = "sample";
/// The media type whose statuses say what happened.
pub(super) const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// The sample document, for everybody to see.
pub(super) fn document() -> Document {
    let mut document = sample::document(1, SLUG);
    Arc::make_mut(&mut document.event).publication = Publication::Live;
    document
}

/// A server that answers until it is dropped.
pub(super) struct TestServer {
    pub(super) app: App,
    pub(super) address: SocketAddr,
    pub(super) client: Client,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<bool>,
}

impl TestServer {
    pub(super) async fn start() -> TestServer {
        TestServer::start_with(|_| {}).await
    }

    /// A server with other settings than the default ones.
    pub(super) async fn start_with(change: impl FnOnce(&mut Config)) -> TestServer {
        let server = TestServer::over(change).await;
        server.put(document()).await;
        server
    }

    /// A server over what is in its database.
    pub(super) async fn over(change: impl FnOnce(&mut Config)) -> TestServer {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::defaults();
        config.database.url = format!("sqlite://{}?mode=rwc", folder.path().join("plenary.db").display());
        config.auth.key_file = folder.path().join("key.pem");
        config.shelf.poll_interval_ms = 20;
        change(&mut config);
        let grace = Duration::from_millis(config.server.shutdown_grace_ms);
        let app = App::open(config, Clock::System).await.unwrap();
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
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        TestServer { app, address, client, folder, stop: Some(stop), serving }
    }

    /// Stores a document and waits until the server has it.
    pub(super) async fn put(&self, document: Document) {
        let editor = Viewer::Operator.creator().unwrap();
        self.app.store.put_document(&editor, document, sample::now()).await.unwrap();
        self.app.shelf.refresh().await.unwrap();
    }

    /// The path of a file beside the database.
    pub(super) fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    /// A query by GET.
    pub(super) fn get_query(&self, query: &str) -> RequestBuilder {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        self.get(&format!("/graphql?query={query}"))
    }

    /// A POST with a body of JSON.
    pub(super) fn post(&self, body: &Value) -> RequestBuilder {
        self.post_text(body.to_string())
    }

    /// A POST with a body that says that it is JSON.
    pub(super) fn post_text(&self, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.client.post(self.url("/graphql")).header(CONTENT_TYPE, "application/json").body(body)
    }

    /// A query by POST, from a client that wants the status to say what happened.
    pub(super) fn query(&self, query: &str) -> RequestBuilder {
        self.post(&json!({ "query": query })).header(ACCEPT, GRAPHQL_RESPONSE)
    }

    /// Asks the server to stop, without waiting for it.
    pub(super) fn ask_to_stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    /// Waits for the end of the server: whether every request was finished.
    pub(super) async fn stopped(&mut self) -> bool {
        (&mut self.serving).await.unwrap()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Sends a request; answers the response with its body as JSON.
pub(super) async fn send(request: RequestBuilder) -> (Response, Value) {
    let mut response = request.send().await.unwrap();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.unwrap() {
        body.extend_from_slice(&chunk);
    }
    let value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    (response, value)
}

/// Checks that a request is refused with a status and a code, and without data.
pub(super) async fn refused(request: RequestBuilder, status: u16, code: &str) -> Response {
    let (response, body) = send(request).await;
    assert_eq!(
        (response.status().as_u16(), &body["errors"][0]["extensions"]["code"]),
        (status, &json!(code)),
        "{body}"
    );
    assert!(body.get("data").is_none(), "{body}");
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(!message.is_empty() && !message.contains('\n') && message.len() < 500, "{message}");
    response
}

/// The value of a header, or nothing.
pub(super) fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
