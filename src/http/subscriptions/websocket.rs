//! A WebSocket that speaks graphql-transport-ws: one task that reads, writes and executes, so that nothing piles up. While
//! a client takes in a message, its operations wait; what changes in the meantime is one message afterwards.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::stream::{self, AbortHandle, BoxStream, SelectAll, StreamExt};
use http::header::{HOST, ORIGIN};
use http::request::Parts as Head;
use http::{HeaderMap, StatusCode};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use super::identity::Identity;
use super::protocol::{self, Close, FromClient};
use super::{RECHECK, Stopping, address, millis, operation};
use crate::config::{CorsConfig, SubscriptionsConfig};
use crate::graphql::Progress;
use crate::graphql::error::Code;
use crate::graphql::execution::Outcome;
use crate::http::Api;
use crate::http::failure::Failure;
use crate::http::metrics::{Counted, Transport};
use crate::http::peer;
use crate::http::request::GraphqlRequest;

/// How long the closing of a socket may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// Makes a WebSocket of a request.
pub(in crate::http) async fn upgrade(
    api: &Arc<Api>,
    head: &mut Head,
    connection: Option<&peer::Connection>,
) -> Result<Response, Failure> {
    let config = api.parts.config.subscriptions;
    check_origin(&api.parts.config.server.cors, &head.headers)?;
    let identity = Identity::of(api, &head.headers).await?;
    let place =
        api.connections.enter(address(connection, &head.headers, &api.parts.config.server.trusted_proxies), &config)?;
    let stopping = Stopping::of(connection);
    let upgrade = WebSocketUpgrade::from_request_parts(head, &()).await.map_err(|_| {
        Failure::new(StatusCode::BAD_REQUEST, Code::BadRequest, "this is no handshake of a WebSocket, version 13")
    })?;
    // Beyond the limit the socket is closed with a code; beyond its double nothing is read at all.
    let most = config.message_limit_bytes.saturating_mul(2);
    let upgrade = upgrade.protocols([protocol::NAME]).max_message_size(most).max_frame_size(most);
    let is_spoken = upgrade.selected_protocol().is_some();
    let api = api.clone();
    Ok(upgrade.on_upgrade(move |socket| async move {
        let _counted = api.metrics.connected(Transport::Websocket);
        let mut connection = Connection::new(api, socket, identity);
        let end = if is_spoken { connection.talk(stopping).await } else { End::Close(Close::Subprotocol) };
        connection.finish(end).await;
        drop(place);
    }))
}

/// A page may open a socket when it is this server's own, or when it might read answers too. Programs have no origin.
fn check_origin(config: &CorsConfig, headers: &HeaderMap) -> Result<(), Failure> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let is_own = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
    if is_own || config.origins.iter().any(|allowed| allowed == "*" || allowed == origin) {
        return Ok(());
    }
    Err(Failure::new(StatusCode::FORBIDDEN, Code::Forbidden, "pages of this origin may not connect"))
}

/// How a connection ends.
#[derive(Debug)]
enum End {
    /// This side closes it.
    Close(Close),
    /// The client is gone.
    Gone,
}

/// What an operation has come to; `None` when it is over.
type News = (String, u64, Option<Outcome>);

struct Connection {
    api: Arc<Api>,
    config: SubscriptionsConfig,
    socket: WebSocket,
    identity: Identity,
    has_begun: bool,
    is_acknowledged: bool,
    /// Whether anything came since the last sign of life was sent.
    is_alive: bool,
    news: SelectAll<BoxStream<'static, News>>,
    open: HashMap<String, Open>,
    begun: u64,
}

/// An operation that goes on.
struct Open {
    /// Tells operations of the same id apart.
    number: u64,
    is_subscription: bool,
    stop: AbortHandle,
    _counted: Counted,
}

impl Connection {
    fn new(api: Arc<Api>, socket: WebSocket, identity: Identity) -> Connection {
        Connection {
            config: api.parts.config.subscriptions,
            api,
            socket,
            identity,
            has_begun: false,
            is_acknowledged: false,
            is_alive: true,
            news: SelectAll::new(),
            open: HashMap::new(),
            begun: 0,
        }
    }

    /// Talks until one side ends it.
    async fn talk(&mut self, mut stopping: Stopping) -> End {
        let begin = Instant::now();
        let init = begin + millis(self.config.init_timeout_ms);
        let every = millis(self.config.keep_alive_ms);
        let mut alive = interval_at(begin + every, every);
        alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut recheck = interval_at(begin + RECHECK, RECHECK);
        recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let done = tokio::select! {
                message = self.socket.recv() => self.hear(message).await,
                Some(news) = self.news.next() => self.tell(news).await,
                _ = alive.tick() => self.keep_alive().await,
                _ = recheck.tick() => self.recheck().await,
                () = sleep_until(init), if !self.has_begun => Err(End::Close(Close::InitTimeout)),
                () = stopping.wait() => Err(End::Close(Close::GoingAway)),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        self.is_alive = true;
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Binary(_))) => return Err(End::Close(Close::Invalid)),
            Some(Ok(Message::Close(_))) | None => return Err(End::Gone),
            // Either it is broken, and nobody hears the reason, or the message is far too long.
            Some(Err(_)) => return Err(End::Close(Close::TooBig)),
        };
        if text.len() > self.config.message_limit_bytes {
            return Err(End::Close(Close::TooBig));
        }
        match FromClient::read(&text).ok_or(End::Close(Close::Invalid))? {
            FromClient::Init(authorization) => self.init(authorization).await,
            FromClient::Ping(payload) => self.send(protocol::pong(payload)).await,
            FromClient::Pong => Ok(()),
            FromClient::Subscribe(id, request) => self.subscribe(id, &request).await,
            FromClient::Complete(id) => {
                self.forget(&id);
                Ok(())
            }
        }
    }

    async fn init(&mut self, authorization: Option<String>) -> Result<(), End> {
        if std::mem::replace(&mut self.has_begun, true) {
            return Err(End::Close(Close::TooManyInits));
        }
        if let Some(authorization) = authorization {
            let identity = Identity::with_authorization(&self.api, &authorization).await;
            self.identity = identity.map_err(|failure| {
                self.api.metrics.refused(failure.code());
                End::Close(Close::Forbidden)
            })?;
        }
        self.is_acknowledged = true;
        self.send(protocol::ack()).await
    }

    async fn subscribe(&mut self, id: String, request: &GraphqlRequest) -> Result<(), End> {
        if !self.is_acknowledged {
            return Err(End::Close(Close::Unauthorized));
        }
        if self.open.contains_key(&id) {
            return Err(End::Close(Close::Duplicate));
        }
        let begun = if self.open.len() < self.config.operations_per_connection {
            operation::begin(&self.api, self.identity.viewer().clone(), request, Progress::from(None))
        } else {
            let message = "as many operations are open on this socket as may be; complete one first";
            Err(Failure::new(StatusCode::TOO_MANY_REQUESTS, Code::LimitReached, message))
        };
        let operation = match begun {
            Ok(operation) => operation,
            Err(failure) => {
                self.api.metrics.refused(failure.code());
                return self.send(protocol::error(&id, &[failure.into_error()])).await;
            }
        };
        self.begun += 1;
        let number = self.begun;
        let (outcomes, stop) = stream::abortable(operation.outcomes);
        let is_subscription = operation.is_subscription;
        let counted = self.api.metrics.operation();
        self.open.insert(id.clone(), Open { number, is_subscription, stop, _counted: counted });
        let news = outcomes.map(Some).chain(stream::once(async { None }));
        self.news.push(news.map(move |outcome| (id.clone(), number, outcome)).boxed());
        Ok(())
    }

    async fn tell(&mut self, (id, number, outcome): News) -> Result<(), End> {
        let Some(open) = self.open.get(&id).filter(|open| open.number == number) else { return Ok(()) };
        match outcome {
            Some(outcome) if operation::is_failed(open.is_subscription, &outcome) => {
                self.forget(&id);
                self.send(protocol::error(&id, &outcome.errors)).await
            }
            Some(outcome) => self.send(protocol::next(&id, &outcome.to_json::<()>(None))).await,
            None => {
                self.forget(&id);
                self.send(protocol::complete(&id)).await
            }
        }
    }

    fn forget(&mut self, id: &str) {
        if let Some(open) = self.open.remove(id) {
            open.stop.abort();
        }
    }

    async fn keep_alive(&mut self) -> Result<(), End> {
        if !std::mem::replace(&mut self.is_alive, false) {
            return Err(End::Gone);
        }
        self.deliver(Message::Ping(axum::body::Bytes::new())).await
    }

    async fn recheck(&mut self) -> Result<(), End> {
        if self.identity.is_still_right(&self.api).await { Ok(()) } else { Err(End::Close(Close::Forbidden)) }
    }

    async fn send(&mut self, text: String) -> Result<(), End> {
        self.deliver(Message::Text(Utf8Bytes::from(text))).await
    }

    async fn deliver(&mut self, message: Message) -> Result<(), End> {
        match timeout(millis(self.config.send_timeout_ms), self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Close(Close::TooSlow)),
        }
    }

    /// Says why it ends, and gives the client a moment to hear it.
    async fn finish(mut self, end: End) {
        self.open.clear();
        self.news = SelectAll::new();
        let End::Close(close) = end else { return };
        tracing::debug!(code = close.code(), "a socket is closed");
        let frame = CloseFrame { code: close.code(), reason: close.reason().into() };
        let farewell = async {
            if self.socket.send(Message::Close(Some(frame))).await.is_ok() {
                // Whatever still comes is read and forgotten: a socket that is dropped with something unread takes back
                // what it has sent.
                while let Some(Ok(_)) = self.socket.recv().await {}
            }
        };
        let _ = timeout(FAREWELL, farewell).await;
    }
}
