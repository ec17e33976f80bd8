//! A server whose clock stands still until it is set, over a database with two events, and those who come to it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use plenary::access::{Role, Viewer};
use plenary::app::App;
use plenary::clock::Clock;
use plenary::config::Config;
use plenary::content::{Id, Publication};
use plenary::store::{NewUser, PasswordHash, Store};
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;

use crate::harness::{database, sample};

/// The password of everybody.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// The event that the tests are about, for everybody to see.
pub(crate) const EVENT: &str = "sample";
/// Another one, which is a draft.
pub(crate) const OTHER: &str = "other";

/// A running server.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) client: Client,
    pub(crate) folder: TempDir,
    time: Arc<Mutex<Timestamp>>,
    address: SocketAddr,
    serving: JoinHandle<bool>,
}

/// The tokens of a session.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Desk {
    pub(crate) async fn open(database: &str) -> Desk {
        Desk::open_with(database, |_, _| {}).await
    }

    /// A server with other settings; `change` is given the folder of its files too.
    pub(crate) async fn open_with(database: &str, change: impl FnOnce(&mut Config, &std::path::Path)) -> Desk {
        put_events(database).await;
        Desk::start(database, Arc::new(Mutex::new(sample::now())), change).await
    }

    /// A server over what is in the database.
    pub(crate) async fn over(database: &str, change: impl FnOnce(&mut Config)) -> Desk {
        Desk::start(database, Arc::new(Mutex::new(sample::now())), |config, _| change(config)).await
    }

    /// Another server of the same database, with the same keys and the same time.
    pub(crate) async fn join(database: &str, first: &Desk) -> Desk {
        Desk::join_with(database, first, |_| {}).await
    }

    /// Another server of the same database, with other settings.
    pub(crate) async fn join_with(database: &str, first: &Desk, change: impl FnOnce(&mut Config)) -> Desk {
        let key_file = first.folder.path().join("key.pem");
        Desk::start(database, first.time.clone(), |config, _| {
            config.auth.key_file = key_file;
            change(config);
        })
        .await
    }

    async fn start(
        database: &str,
        time: Arc<Mutex<Timestamp>>,
        change: impl FnOnce(&mut Config, &std::path::Path),
    ) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::defaults();
        config.database = database::config(database);
        config.auth.key_file = folder.path().join("key.pem");
        config.shelf.poll_interval_ms = 20;
        change(&mut config, folder.path());
        let app = App::open(config, Clock::Fixed(time.clone())).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = app.service();
        let serving = tokio::spawn(async move {
            plenary::http::serve(listener, router, std::future::pending(), Duration::ZERO).await
        });
        let client = Client::builder().no_proxy().build().unwrap();
        Desk { app, client, folder, time, address, serving }
    }

    /// Lets time go by.
    pub(crate) fn wait(&self, time: SignedDuration) {
        let mut now = self.time.lock();
        *now = now.checked_add(time).unwrap();
    }

    pub(crate) fn now(&self) -> Timestamp {
        *self.time.lock()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Adds a user with the password of everybody.
    pub(crate) async fn user(&self, email: &str) -> Id {
        add_user(&self.app.store, email, false).await
    }

    /// Adds a user who has a role at an event.
    pub(crate) async fn member(&self, email: &str, event: &str, role: Role) -> Id {
        let user = self.user(email).await;
        let event = self.event(event).await;
        self.app.store.add_member(event, user, role, self.now()).await.unwrap();
        user
    }

    pub(crate) async fn event(&self, slug: &str) -> Id {
        self.app.store.find_event(slug).await.unwrap().unwrap()
    }

    /// Asks with variables and perhaps a token; answers the whole body.
    pub(crate) async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let request = self.client.post(self.url("/graphql")).json(&body);
        let request = token.iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Runs a mutation with its input; answers its payload, or its error.
    pub(crate) async fn run(&self, token: Option<&str>, mutation: &str, fields: &str, input: Value) -> Value {
        let mut name = mutation.to_owned();
        name[..1].make_ascii_uppercase();
        let query = format!(
            "mutation($i: {name}Input!) {{ {mutation}(input: $i) {{ {fields} userErrors {{ field code message }} }} }}"
        );
        let answer = self.ask(token, &query, json!({ "i": input })).await;
        match answer.get("errors") {
            Some(errors) => errors[0].clone(),
            None => answer["data"][mutation].clone(),
        }
    }

    pub(crate) async fn try_login(&self, email: &str, password: &str) -> Value {
        let fields = "signIn { accessToken refreshToken expiresAt sessionExpiresAt }";
        self.run(None, "login", fields, json!({"email": email, "password": password})).await
    }

    pub(crate) async fn login(&self, email: &str) -> Tokens {
        tokens(&self.try_login(email, PASSWORD).await)
    }

    pub(crate) async fn refresh(&self, token: &str) -> Value {
        self.run(None, "refreshSession", "signIn { accessToken refreshToken }", json!({"refreshToken": token})).await
    }

    /// A personal access token of whoever has this access token.
    pub(crate) async fn script(&self, access: &str, scopes: &[&str], events: Option<&[&str]>) -> String {
        let input = json!({"name": "script", "scopes": scopes, "events": events});
        let payload = self.run(Some(access), "createAccessToken", "secret", input).await;
        payload["secret"].as_str().unwrap_or_else(|| panic!("{payload}")).to_owned()
    }

    /// Who a token is taken for: the kind, or the code of the refusal.
    pub(crate) async fn kind(&self, token: &str) -> String {
        let answer = self.ask(Some(token), "{ viewer { kind } }", Value::Null).await;
        let kind = answer["data"]["viewer"]["kind"].as_str();
        kind.or(answer["errors"][0]["extensions"]["code"].as_str()).unwrap().to_owned()
    }

    /// What a token may do with an event.
    pub(crate) async fn rights(&self, token: &str, event: &str) -> Vec<String> {
        let query = "query($e: String!) { viewer { rights(event: $e) } }";
        let answer = self.ask(Some(token), query, json!({ "e": event })).await;
        let rights = answer["data"]["viewer"]["rights"].as_array().unwrap_or_else(|| panic!("{answer}"));
        rights.iter().map(|right| right.as_str().unwrap().to_owned()).collect()
    }

    /// A client with an address of its own.
    pub(crate) fn client_from(&self, address: &str) -> Client {
        Client::builder().no_proxy().local_address(address.parse::<IpAddr>().unwrap()).build().unwrap()
    }
}

pub(crate) fn tokens(payload: &Value) -> Tokens {
    let text = |name: &str| payload["signIn"][name].as_str().unwrap_or_else(|| panic!("{payload}")).to_owned();
    Tokens { access: text("accessToken"), refresh: text("refreshToken") }
}

/// The code of an error, or of the first user error.
pub(crate) fn code(answer: &Value) -> &str {
    let code = answer["extensions"]["code"].as_str().or(answer["userErrors"][0]["code"].as_str());
    code.unwrap_or_else(|| panic!("no error: {answer}"))
}

/// Adds a user with the password of everybody, which is hashed once.
pub(crate) async fn add_user(store: &Store, email: &str, administrator: bool) -> Id {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash = HASH.get_or_init(|| async {
        let config = Config::defaults().auth;
        let accounts = plenary::accounts::Accounts::new(store.clone(), Clock::fixed(sample::now()), config);
        let PasswordHash(hash) = accounts.hash_password(&PASSWORD.to_owned().into()).await.unwrap();
        hash
    });
    let new = NewUser {
        email: email.to_owned(),
        name: email.split('@').next().unwrap().to_owned(),
        password: Some(PasswordHash(hash.await.clone())),
        administrator,
        creates_events: false,
        email_verified: true,
    };
    store.add_user(new, sample::now()).await.unwrap().unwrap().id
}

async fn put_events(database: &str) {
    let store = database::open(database).await;
    let editor = Viewer::Operator.creator().unwrap();
    for (start, slug, publication) in [(1, EVENT, Publication::Live), (1000, OTHER, Publication::Draft)] {
        let mut document = sample::document(start, slug);
        Arc::make_mut(&mut document.event).publication = publication;
        store.put_document(&editor, document, sample::now()).await.unwrap();
    }
    store.close().await.unwrap();
}
