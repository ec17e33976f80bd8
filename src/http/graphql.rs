//! GraphQL over HTTP: the path of a request from its bytes to its answer.
//!
//! If the very same request was answered before and what the answer was made from is still current, the kept bytes go
//! out. Otherwise the request is read, its document parsed and measured by the guard, and the operation executed over a
//! reading of the shelf.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Variables;
use async_graphql_parser::types::OperationType;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, UPGRADE};
use http::request::Parts as Head;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use super::answer::{Answer, Delivery};
use super::cache::{self, Document, RawRequest};
use super::failure::Failure;
use super::idempotency::{self, Executed};
use super::negotiation::{Encoding, Events, Media, prefers_html};
use super::peer::Connection;
use super::request::{GraphqlRequest, check_content_type};
use super::subscriptions::{events, websocket};
use super::{Api, auth, body, graphiql, peer};
use crate::access::Viewer;
use crate::accounts::Visit;
use crate::config::Limits;
use crate::graphql::error::Code;
use crate::graphql::execution::{self, Outcome, Prepared};
use crate::graphql::guard::{self, Measure};
use crate::reading::Reading;
use crate::shelf::Dependency;

const ALLOW: &str = "GET, HEAD, POST, OPTIONS";
/// The header by which a request asks what it cost.
const COST: HeaderName = HeaderName::from_static("plenary-cost");

/// What a request is told about its cost, when it asks.
#[derive(Serialize)]
struct Extensions {
    cost: Cost,
}

#[derive(Serialize)]
struct Cost {
    requested: u64,
    maximum: u64,
    fields: u64,
    depth: u64,
}

/// How far an answer may travel.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Everybody gets the same, until the content changes.
    Public,
    /// Everybody gets the same, but another the next time.
    Momentary,
    /// It is for this client only.
    Private,
}

/// A request that has been taken in.
struct Incoming<'a> {
    head: &'a Head,
    connection: Option<&'a Connection>,
    is_post: bool,
    media: Media,
    deadline: Instant,
    /// Whether a header asks for the cost; what a header asks for is told to nobody else.
    told_cost: bool,
}

/// What an operation came to.
enum Done {
    /// It was executed.
    Answer(Arc<Answer>, Reach),
    /// It was executed before, and this was the answer.
    Replayed(Arc<Answer>),
    /// Validation refused it.
    Refused(Outcome),
}

/// Answers `/graphql`.
///
/// `begin` is when the request came. What is not on the path of an answer that is kept is boxed, so that the room that is
/// made for this future, for each request, is small.
pub(super) async fn endpoint(
    api: &Arc<Api>,
    request: Request,
    connection: Option<&Connection>,
    begin: Instant,
) -> Response {
    let (mut head, body) = request.into_parts();
    if is_websocket(&head) {
        let upgraded = Box::pin(websocket::upgrade(api, &mut head, connection)).await;
        return upgraded.unwrap_or_else(|failure| refused(api, failure, Media::Json));
    }
    let is_get = matches!(head.method, Method::GET | Method::HEAD);
    if is_get && api.parts.config.graphql.graphiql && prefers_html(&head.headers) {
        return Box::pin(graphiql::page(api, &head.headers)).await;
    }
    let events = Events::accepted(&head.headers);
    let Some(media) = Media::accepted(&head.headers).or((events == Events::Wanted).then_some(Media::GraphqlResponse))
    else {
        let message = "answers are application/graphql-response+json or application/json";
        return Failure::new(StatusCode::NOT_ACCEPTABLE, Code::BadRequest, message)
            .into_graphql(Media::GraphqlResponse);
    };
    let answered = if is_get || head.method == Method::POST {
        let deadline = begin + Duration::from_millis(api.parts.config.server.request_timeout_ms);
        let is_post = head.method == Method::POST;
        let told_cost = head.headers.contains_key(COST);
        let incoming = Incoming { head: &head, connection, is_post, media, deadline, told_cost };
        respond(api, &incoming, body, events).await
    } else {
        Err(Failure::method("ask by GET or POST", ALLOW))
    };
    answered.unwrap_or_else(|failure| refused(api, failure, media))
}

fn refused(api: &Api, failure: Failure, media: Media) -> Response {
    api.metrics.refused(failure.code());
    failure.into_graphql(media)
}

/// Whether the client wants to go on in another protocol than HTTP/1.1: a WebSocket.
fn is_websocket(head: &Head) -> bool {
    let is_named = |upgrade: &HeaderValue| upgrade.as_bytes().eq_ignore_ascii_case(b"websocket");
    head.method == Method::GET && head.headers.get(UPGRADE).is_some_and(is_named)
}

async fn respond(api: &Arc<Api>, incoming: &Incoming<'_>, body: Body, wanted: Events) -> Result<Response, Failure> {
    let Incoming { head, connection, media, .. } = *incoming;
    let viewer = match auth::token(&head.headers)? {
        None => Viewer::Anonymous,
        // Boxed, so that the many who send no token do not carry the room for it.
        Some(token) => Box::pin(auth::viewer(&api.parts.accounts, token)).await?,
    };
    let body = if incoming.is_post {
        check_content_type(&head.headers)?;
        let slow = |_| Failure::new(StatusCode::REQUEST_TIMEOUT, Code::Timeout, "the body came too slowly");
        timeout_at(incoming.deadline, body::read(head, body, &viewer, &api.parts.config.server))
            .await
            .map_err(slow)??
    } else {
        Bytes::new()
    };
    let query_string = head.uri.query().unwrap_or_default();
    let bytes = if incoming.is_post { &*body } else { query_string.as_bytes() };
    let raw = RawRequest { is_post: incoming.is_post, bytes };

    // The path of a request that was answered before: nothing is read but its bytes.
    let shared = viewer.is_public() && !incoming.told_cost && wanted != Events::Wanted;
    if shared && let Some(answer) = api.caches.answer_to(raw).filter(|answer| is_current(api, answer)) {
        api.metrics.hit();
        return Ok(deliver(api, incoming, &answer, Reach::Public).await);
    }

    let mut request = match incoming.is_post {
        true => body::request(&body).await?,
        false => GraphqlRequest::from_query_string(query_string)?,
    };
    request.wants_cost |= incoming.told_cost;
    if wanted == Events::Wanted || (wanted == Events::Taken && is_subscription(api, &request)?) {
        return Box::pin(events::respond(api, head, connection, &request)).await;
    }
    match Box::pin(answer(api, incoming, &request, viewer, shared.then_some(raw))).await? {
        Done::Answer(answer, reach) => Ok(deliver(api, incoming, &answer, reach).await),
        Done::Replayed(answer) => {
            let mut response = deliver(api, incoming, &answer, Reach::Private).await;
            response.headers_mut().insert(idempotency::REPLAYED, HeaderValue::from_static("true"));
            Ok(response)
        }
        Done::Refused(outcome) => {
            api.metrics.refused(Code::GraphqlValidationFailed);
            Ok(not_executed(&outcome, media))
        }
    }
}

fn is_subscription(api: &Api, request: &GraphqlRequest) -> Result<bool, Failure> {
    let document = document(api, request)?;
    let operation = guard::operation(document.prepared.document(), request.operation_name.as_deref())?;
    Ok(operation.ty == OperationType::Subscription)
}

/// Finds or makes the answer to a request. `raw` is under what it may be found again.
async fn answer(
    api: &Arc<Api>,
    incoming: &Incoming<'_>,
    request: &GraphqlRequest,
    viewer: Viewer,
    raw: Option<RawRequest<'_>>,
) -> Result<Done, Failure> {
    let document = document(api, request)?;
    let name = request.operation_name.as_deref();
    let operation = guard::operation(document.prepared.document(), name)?;
    if !incoming.is_post && operation.ty == OperationType::Mutation {
        return Err(Failure::method("mutations are not sent by GET", "POST"));
    }
    if operation.ty == OperationType::Subscription {
        let message = "subscriptions are told as server-sent events (Accept: text/event-stream) or over a WebSocket";
        return Err(Failure::new(StatusCode::NOT_ACCEPTABLE, Code::BadRequest, message));
    }
    // What a mutation answers is true once.
    let raw = raw.filter(|_| operation.ty == OperationType::Query);
    let variables = request.variables();
    let measure = api.parts.guard.measure(document.prepared.document(), name, &variables)?;
    let once = match operation.ty {
        OperationType::Mutation => idempotency::key(&incoming.head.headers, &viewer)?,
        _ => None,
    };
    if once.is_some() && measure.secrets > 0 {
        let message = "an answer with a secret is not kept: send this mutation without an Idempotency-Key";
        return Err(Failure::new(StatusCode::BAD_REQUEST, Code::BadRequest, message));
    }
    let fingerprint = cache::answer_fingerprint(&document.fingerprint, name, &request.variables, request.wants_cost);
    if let Some(raw) = raw
        && let Some(answer) = api.caches.answer(&fingerprint).filter(|answer| is_current(api, answer))
    {
        api.metrics.hit();
        api.caches.remember(raw, fingerprint);
        return Ok(Done::Answer(answer, Reach::Public));
    }
    api.metrics.miss();
    let reading = Arc::new(Reading::new(api.parts.shelf.clone(), viewer, api.parts.clock.now()));
    let (deadline, visit) = (incoming.deadline, visit(api, incoming));
    let outcome = match once {
        None => execute(api, deadline, visit, request, &document, variables, &reading).await?,
        Some(key) => {
            let once = idempotency::once_only(key, &fingerprint);
            let (own, request, document, reading) = (api.clone(), request.clone(), document.clone(), reading.clone());
            let execution =
                async move { execute(&own, deadline, visit, &request, &document, variables, &reading).await };
            match idempotency::execute(api, once, execution).await? {
                Executed::Now(outcome) => outcome,
                Executed::Before(body) => return Ok(Done::Replayed(Answer::new(body, Vec::new()))),
            }
        }
    };
    if !outcome.is_executed() {
        return Ok(Done::Refused(outcome));
    }
    let extensions = request.wants_cost.then(|| cost(&measure, api.parts.guard.limits()));
    let dependencies = reading.dependencies();
    let reach = match raw {
        Some(_) if !outcome.is_whole() => Reach::Private,
        Some(_) if dependencies.contains(&Dependency::Volatile) => Reach::Momentary,
        Some(_) => Reach::Public,
        None => Reach::Private,
    };
    let answer = Answer::new(outcome.to_json(extensions.as_ref()), dependencies);
    if let (Some(raw), Reach::Public) = (raw, reach) {
        api.caches.keep_answer(fingerprint, answer.clone());
        api.caches.remember(raw, fingerprint);
    }
    Ok(Done::Answer(answer, reach))
}

/// Executes the operation, when it is its turn and before the deadline.
pub(super) async fn execute(
    api: &Api,
    deadline: Instant,
    visit: Visit,
    request: &GraphqlRequest,
    document: &Document,
    variables: Variables,
    reading: &Arc<Reading>,
) -> Result<Outcome, Failure> {
    let execution = async {
        // The semaphore is never closed; if it were, there would be no bound, which is no reason to refuse.
        let _permit = api.executing.acquire().await;
        let name = request.operation_name.clone();
        let schema = if document.is_trusted() { &api.parts.trusting_schema } else { &api.parts.schema };
        execution::execute(schema, &document.prepared, name, variables, reading.clone(), Some(visit)).await
    };
    let outcome = timeout_at(deadline, execution).await.map_err(|_| {
        let message = "the answer took too long; ask for less at once";
        Failure::new(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, message)
    })?;
    if outcome.is_executed() {
        document.found_valid();
    }
    Ok(outcome)
}

/// The request's way to the accounts.
fn visit(api: &Api, incoming: &Incoming<'_>) -> Visit {
    let peer = incoming.connection.map(|connection| connection.peer);
    let from = peer::client(peer, &incoming.head.headers, &api.parts.config.server.trusted_proxies);
    Visit { accounts: api.parts.accounts.clone(), from }
}

/// The document of a request: out of the cache, or parsed and kept.
pub(super) fn document(api: &Api, request: &GraphqlRequest) -> Result<Arc<Document>, Failure> {
    let text: Arc<str>;
    let (query, fingerprint) = match (&request.query, &request.persisted) {
        (Some(query), persisted) => {
            let fingerprint = cache::fingerprint(query);
            if persisted.as_ref().is_some_and(|hash| hex(&fingerprint) != *hash) {
                let message = "the sha256Hash of \"persistedQuery\" is not that of the query";
                return Err(Failure::new(StatusCode::BAD_REQUEST, Code::BadRequest, message));
            }
            (query.as_str(), fingerprint)
        }
        (None, Some(hash)) => {
            let fingerprint = unhex(hash).ok_or_else(Failure::persisted_query_not_found)?;
            text = api.caches.persisted(&fingerprint).ok_or_else(Failure::persisted_query_not_found)?;
            (&*text, fingerprint)
        }
        (None, None) => return Err(Failure::persisted_query_not_found()),
    };
    let document = match api.caches.document(&fingerprint) {
        Some(document) => document,
        None => {
            let document = Document::new(Prepared::new(api.parts.guard.parse(query)?), fingerprint, query);
            api.caches.keep_document(document.clone());
            document
        }
    };
    // Only what parses is worth keeping.
    if request.persisted.is_some() && request.query.is_some() {
        api.caches.persist(fingerprint, query);
    }
    Ok(document)
}

fn is_current(api: &Api, answer: &Answer) -> bool {
    answer.dependencies().iter().all(|dependency| api.parts.shelf.is_current(dependency))
}

async fn deliver(api: &Api, incoming: &Incoming<'_>, answer: &Arc<Answer>, reach: Reach) -> Response {
    let headers = &incoming.head.headers;
    let delivery = Delivery {
        content_type: incoming.media.content_type(),
        is_other_type: incoming.media == Media::GraphqlResponse,
        encoding: Encoding::accepted(headers),
        cache_control: match reach {
            Reach::Private => &api.cache_control.private,
            _ if incoming.is_post => &api.cache_control.no_store,
            Reach::Public => &api.cache_control.public,
            Reach::Momentary => &api.cache_control.revalidate,
        },
        conditional: !incoming.is_post,
    };
    answer.deliver(delivery, headers).await
}

/// The response when validation refused the document.
fn not_executed(outcome: &Outcome, media: Media) -> Response {
    let mut response = Response::new(Body::from(outcome.to_json::<()>(None)));
    *response.status_mut() = if media == Media::Json { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    response.headers_mut().insert(CONTENT_TYPE, media.content_type());
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn cost(measure: &Measure, limits: &Limits) -> Extensions {
    let Measure { cost, fields, depth, .. } = *measure;
    Extensions { cost: Cost { requested: cost, maximum: limits.cost, fields, depth } }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<cache::Fingerprint> {
    let mut bytes = cache::Fingerprint::default();
    for (place, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *place = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    (text.len() == 64).then_some(bytes)
}
