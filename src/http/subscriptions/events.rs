//! Server-sent events: "distinct connections mode" of GraphQL over SSE, one operation for each request. The id of each
//! event is its cursor, so that a client that comes again with `Last-Event-ID` goes on where it was.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts as Head;
use http::{HeaderName, HeaderValue};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::identity::Identity;
use super::operation::{self, Operation};
use super::{Place, RECHECK, Stopping, address, millis};
use crate::graphql::Progress;
use crate::graphql::error::Code;
use crate::graphql::execution::Outcome;
use crate::http::Api;
use crate::http::failure::Failure;
use crate::http::metrics::Transport;
use crate::http::peer::Connection;
use crate::http::request::GraphqlRequest;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// A comment: it keeps proxies from thinking that nobody is there, and brings out the head of the response.
const SIGN_OF_LIFE: &str = ":\n\n";

/// Answers a request whose client wants events.
pub(in crate::http) async fn respond(
    api: &Arc<Api>,
    head: &Head,
    connection: Option<&Connection>,
    request: &GraphqlRequest,
) -> Result<Response, Failure> {
    let identity = Identity::of(api, &head.headers).await?;
    let address = address(connection, &head.headers, &api.parts.config.server.trusted_proxies);
    let place = Arc::new(api.connections.enter(address, &api.parts.config.subscriptions)?);
    let since = head.headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok());
    let progress = Progress::from(since.filter(|since| !since.is_empty()).map(str::to_owned));
    // A document that can't be executed is told as an event, since clients look for errors there.
    let operation = operation::begin(api, identity.viewer().clone(), request, progress.clone());
    let operation = operation.unwrap_or_else(|failure| {
        api.metrics.refused(failure.code());
        let outcome = failure.into_outcome();
        Operation { outcomes: stream::once(async { outcome }).boxed(), is_subscription: false }
    });
    let (sender, mut receiver) = mpsc::channel::<Result<Bytes, Interrupted>>(1);
    let telling = Telling { api: api.clone(), identity, progress, sender, _place: place.clone() };
    tokio::spawn(telling.run(operation, Stopping::of(connection)));
    let body = stream::poll_fn(move |context| {
        // It counts as open until the client has let go of it.
        let _place = &place;
        receiver.poll_recv(context)
    });
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// The response breaks off, so that its client comes again: it is not complete.
#[derive(Debug, thiserror::Error)]
#[error("the events break off")]
struct Interrupted;

/// A response that goes on.
struct Telling {
    api: Arc<Api>,
    identity: Identity,
    progress: Arc<Progress>,
    sender: mpsc::Sender<Result<Bytes, Interrupted>>,
    _place: Arc<Place>,
}

/// Why nothing more is told: the client is gone, or too slow.
struct Ended;

impl Telling {
    async fn run(self, operation: Operation, stopping: Stopping) {
        let _counted = (self.api.metrics.connected(Transport::Events), self.api.metrics.operation());
        let Err(Ended) = self.tell(operation, stopping).await else { return };
        // Who reads on afterwards sees that this was not the end.
        let _ = timeout(self.patience(), self.sender.send(Err(Interrupted))).await;
    }

    async fn tell(&self, operation: Operation, mut stopping: Stopping) -> Result<(), Ended> {
        let Operation { mut outcomes, is_subscription } = operation;
        let begin = Instant::now();
        let every = millis(self.api.parts.config.subscriptions.keep_alive_ms);
        let mut alive = interval_at(begin + every, every);
        alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut recheck = interval_at(begin + RECHECK, RECHECK);
        recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.send(SIGN_OF_LIFE.to_owned()).await?;
        loop {
            tokio::select! {
                outcome = outcomes.next() => match outcome {
                    Some(outcome) => {
                        let is_over = !is_subscription || outcome.is_nothing();
                        self.send_next(&outcome).await?;
                        if is_over {
                            return self.complete().await;
                        }
                    }
                    None => return self.complete().await,
                },
                _ = alive.tick() => self.send(SIGN_OF_LIFE.to_owned()).await?,
                _ = recheck.tick() => {
                    if !self.identity.is_still_right(&self.api).await {
                        let message = "the token is not valid any more";
                        let failure = Failure::new(http::StatusCode::UNAUTHORIZED, Code::Unauthenticated, message);
                        self.send_next(&failure.into_outcome()).await?;
                        return self.complete().await;
                    }
                }
                // Not completed: the client goes on at another server, or at this one when it is there again.
                () = stopping.wait() => return Ok(()),
                () = self.sender.closed() => return Ok(()),
            }
        }
    }

    async fn send_next(&self, outcome: &Outcome) -> Result<(), Ended> {
        let id = self.progress.reached().map(|cursor| format!("id: {cursor}\n")).unwrap_or_default();
        let json = outcome.to_json::<()>(None);
        self.send(format!("event: next\n{id}data: {}\n\n", String::from_utf8_lossy(&json))).await
    }

    async fn complete(&self) -> Result<(), Ended> {
        self.send("event: complete\ndata:\n\n".to_owned()).await
    }

    async fn send(&self, text: String) -> Result<(), Ended> {
        match timeout(self.patience(), self.sender.send(Ok(text.into()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Ended),
        }
    }

    fn patience(&self) -> Duration {
        millis(self.api.parts.config.subscriptions.send_timeout_ms)
    }
}
