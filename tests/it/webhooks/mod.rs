//! Webhooks from outside: a real server, real receivers, and everything that goes wrong between them.

mod agreeing;
mod delivering;
mod failing;
mod managing;
mod surviving;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;
use plenary::access::signing::SigningSecret;
use plenary::access::{Role, Viewer};
use plenary::content::Document;
use plenary::webhooks::Running;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::accounts::desk::{Desk, EVENT};

/// Something that messages are sent to. It answers 204 until told otherwise.
pub(crate) struct Receiver {
    shared: Arc<Shared>,
    url: String,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    received: Mutex<Vec<Received>>,
    answers: Mutex<VecDeque<Answer>>,
    /// How many requests are being answered, and the most that there were at once.
    busy: Mutex<(usize, usize)>,
}

/// What is answered to one request.
#[derive(Clone, Default)]
struct Answer {
    status: u16,
    retry_after: Option<String>,
    delay: Duration,
}

fn status(status: u16) -> Answer {
    Answer { status, ..Answer::default() }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    headers: HeaderMap,
    body: String,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    fn id(&self) -> &str {
        self.header("webhook-id")
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// Whether one of the signatures is that of a secret.
    fn is_signed_with(&self, secret: &str) -> bool {
        let secret = SigningSecret::parse(secret).unwrap();
        let wanted = secret.sign(self.id(), self.header("webhook-timestamp").parse().unwrap(), &self.body);
        self.header("webhook-signature").split(' ').any(|signature| signature == wanted)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Receiver {
    pub(crate) async fn start() -> Receiver {
        let shared: Arc<Shared> = Arc::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks?key=hidden-in-the-address", listener.local_addr().unwrap());
        let router = Router::new().fallback(receive).with_state(shared.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Receiver { shared, url, serving }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What is answered to the next requests.
    fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.shared.answers.lock().extend(answers);
    }

    fn received(&self) -> Vec<Received> {
        self.shared.received.lock().clone()
    }

    fn kinds(&self) -> Vec<String> {
        self.received().iter().map(Received::kind).collect()
    }

    /// Waits until so many requests have come.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Received> {
        eventually(|| {
            let received = self.received();
            if received.len() >= count { Ok(received) } else { Err(format!("{count} wanted: {:?}", self.kinds())) }
        })
        .await
    }

    fn most_at_once(&self) -> usize {
        self.shared.busy.lock().1
    }
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    shared.received.lock().push(Received { headers, body });
    let answer = shared.answers.lock().pop_front().unwrap_or(status(204));
    {
        let mut busy = shared.busy.lock();
        busy.0 += 1;
        busy.1 = busy.1.max(busy.0);
    }
    tokio::time::sleep(answer.delay).await;
    shared.busy.lock().0 -= 1;
    let mut response = (StatusCode::from_u16(answer.status).unwrap(), "What I think of it").into_response();
    if let Some(retry_after) = answer.retry_after {
        response.headers_mut().insert("retry-after", retry_after.parse().unwrap());
    }
    response
}

/// Waits until something is there; says what is missing when it never comes.
async fn eventually<T>(look: impl Fn() -> Result<T, String>) -> T {
    let began = Instant::now();
    loop {
        match look() {
            Ok(found) => return found,
            Err(missing) => assert!(began.elapsed() < Duration::from_secs(20), "{missing}"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Time in which something that must not happen would have happened.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(400)).await;
}

/// A server that delivers, with an owner of the event.
struct Office {
    desk: Desk,
    token: String,
    running: Option<Running>,
}

impl Office {
    async fn open(database: &str) -> Office {
        Office::open_with(database, |_| {}).await
    }

    async fn open_with(database: &str, change: impl FnOnce(&mut plenary::config::WebhooksConfig)) -> Office {
        let desk = Desk::open_with(database, |config, _| {
            let webhooks = &mut config.webhooks;
            (webhooks.allow_http, webhooks.allow_private) = (true, true);
            (webhooks.burst_ms, webhooks.poll_interval_ms) = (60, 20);
            change(webhooks);
        })
        .await;
        desk.member("owner@example.org", EVENT, Role::Owner).await;
        // A sign-in would not last as long as some of these tests take by their clock.
        let access = desk.login("owner@example.org").await.access;
        let token = desk.script(&access, &["READ", "WRITE", "PUBLISH", "MANAGE"], None).await;
        let running = desk.app.deliver_webhooks("https://api.example.org").unwrap();
        Office { desk, token, running }
    }

    /// Runs a mutation as the owner.
    async fn run(&self, mutation: &str, fields: &str, mut input: Value) -> Value {
        input["event"] = json!(EVENT);
        self.desk.run(Some(&self.token), mutation, fields, input).await
    }

    /// Makes an endpoint; answers its id and its secret.
    async fn hook(&self, url: &str, types: Option<&[&str]>) -> (String, String) {
        let made = self.run("createWebhook", "webhook { id } secret", json!({"url": url, "types": types})).await;
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        (text(&made["webhook"]["id"]), text(&made["secret"]))
    }

    /// The endpoints of the event, as the owner sees them.
    async fn hooks(&self, fields: &str) -> Value {
        let query = format!("{{ event(slug: \"{EVENT}\") {{ webhooks {{ {fields} }} }} }}");
        let answer = self.desk.ask(Some(&self.token), &query, json!({})).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"]["event"]["webhooks"].clone()
    }

    /// Waits until a field of the first endpoint is as wanted.
    async fn until(&self, fields: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let hooks = self.hooks(fields).await;
            if wanted(&hooks[0]) {
                return hooks[0].clone();
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{hooks}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Changes the content of the event, as an importer would.
    async fn edit(&self, change: impl FnOnce(&mut Document)) {
        let store = &self.desk.app.store;
        let mut document = store.load(self.desk.event(EVENT).await).await.unwrap().unwrap().document;
        change(&mut document);
        store.put_document(&Viewer::Operator.creator().unwrap(), document, self.desk.now()).await.unwrap();
    }

    async fn close(mut self) {
        if let Some(running) = self.running.take() {
            running.stop(Duration::from_millis(100)).await;
        }
    }
}

/// The session with a slug, to be changed.
fn session<'a>(document: &'a mut Document, slug: &str) -> &'a mut plenary::content::Session {
    Arc::make_mut(document.sessions.iter_mut().find(|session| session.head.slug == slug).unwrap())
}

fn rename(slug: &'static str, title: &str) -> impl FnOnce(&mut Document) {
    let title = title.to_owned();
    move |document| session(document, slug).title = title
}
