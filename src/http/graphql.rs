//! GraphQL over HTTP: the path of a request from its bytes to its answer.
//!
//! If the very same request was answered before and what the answer was made from is still current, the kept bytes go
//! out. Otherwise the request is read, its document parsed and measured by the guard, and the operation executed over a
//! reading of the shelf.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::CONTENT_LENGTH;
use http::request::Parts as Head;
use http::{HeaderValue, Method, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use super::answer::{Answer, Delivery};
use super::cache::{self, Document, RawRequest};
use super::failure::Failure;
use super::negotiation::{Encoding, Media, prefers_html};
use super::request::{GraphqlRequest, check_content_type};
use super::{Api, graphiql};
use crate::config::Limits;
use crate::graphql::error::Code;
use crate::graphql::execution::{self, Outcome};
use crate::graphql::guard::{self, Measure};
use crate::reading::Reading;
use crate::shelf::Dependency;

const ALLOW: &str = "GET, HEAD, POST, OPTIONS";

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
enum Reach {
    /// Everybody gets the same, until the content changes.
    Public,
    /// Everybody gets the same, but another the next time.
    Momentary,
    /// It is for this client only.
    Private,
}

/// Answers `/graphql`.
pub(super) async fn endpoint(State(api): State<Arc<Api>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if api.parts.config.graphql.graphiql
        && matches!(head.method, Method::GET | Method::HEAD)
        && prefers_html(&head.headers)
    {
        return graphiql::page(&head.headers);
    }
    let media = Media::accepted(&head.headers);
    let answered = match media {
        Some(media) => respond(&api, &head, body, media).await,
        None => Err(Failure::new(
            StatusCode::NOT_ACCEPTABLE,
            Code::BadRequest,
            "answers are application/graphql-response+json or application/json",
        )),
    };
    answered.unwrap_or_else(|failure| {
        api.metrics.refused(failure.code());
        failure.into_graphql(media.unwrap_or(Media::GraphqlResponse))
    })
}

async fn respond(api: &Arc<Api>, head: &Head, body: Body, media: Media) -> Result<Response, Failure> {
    let is_post = match head.method {
        Method::POST => true,
        Method::GET | Method::HEAD => false,
        _ => return Err(Failure::method("ask by GET or POST", ALLOW)),
    };
    let viewer = api.parts.tokens.viewer(&head.headers, api.parts.clock.now())?;
    let deadline = Instant::now() + std::time::Duration::from_millis(api.parts.config.server.request_timeout_ms);
    let body = if is_post {
        check_content_type(&head.headers)?;
        timeout_at(deadline, read(head, body, api.parts.config.server.body_limit_bytes)).await.unwrap_or_else(|_| {
            Err(Failure::new(StatusCode::REQUEST_TIMEOUT, Code::Timeout, "the body came too slowly"))
        })?
    } else {
        Bytes::new()
    };
    let bytes = if is_post { &*body } else { head.uri.query().unwrap_or_default().as_bytes() };
    let raw = RawRequest { is_post, bytes };
    let told_cost = head.headers.contains_key("plenary-cost");

    // The path of an answer that was given before: nothing is read but the bytes.
    let cacheable = viewer.is_public() && !told_cost;
    if cacheable && let Some(answer) = api.caches.answer_to(raw).filter(|answer| is_current(api, answer)) {
        api.metrics.hit();
        return Ok(deliver(api, head, is_post, media, &answer, &Reach::Public).await);
    }

    let mut request = if is_post {
        GraphqlRequest::from_body(bytes)?
    } else {
        GraphqlRequest::from_query_string(head.uri.query().unwrap_or_default())?
    };
    request.wants_cost |= told_cost;
    let document = document(api, &request)?;
    let operation = guard::operation(&document.parsed, request.operation_name.as_deref())?;
    if !is_post && operation.ty != async_graphql_parser::types::OperationType::Query {
        return Err(Failure::method("only queries may be sent by GET", "POST"));
    }
    let variables = request.variables();
    let measure = api.parts.guard.measure(&document.parsed, request.operation_name.as_deref(), &variables)?;

    let fingerprint = cache::answer_fingerprint(
        &document.fingerprint,
        request.operation_name.as_deref(),
        &request.variables,
        request.wants_cost,
    );
    if viewer.is_public()
        && let Some(answer) = api.caches.answer(&fingerprint).filter(|answer| is_current(api, answer))
    {
        api.metrics.hit();
        if cacheable {
            api.caches.remember(raw, fingerprint);
        }
        return Ok(deliver(api, head, is_post, media, &answer, &Reach::Public).await);
    }
    api.metrics.miss();

    let is_public = viewer.is_public();
    let reading = Arc::new(Reading::new(api.parts.shelf.clone(), viewer, api.parts.clock.now()));
    let execution = async {
        // The semaphore is never closed; if it were, there would be no bound, which is no reason to refuse.
        let _permit = api.executing.acquire().await;
        execution::execute(
            &api.parts.schema,
            document.parsed.clone(),
            request.operation_name.clone(),
            variables,
            reading.clone(),
        )
        .await
    };
    let outcome = timeout_at(deadline, execution).await.map_err(|_| {
        Failure::new(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, "the answer took too long; ask for less at once")
    })?;
    if outcome.data.is_none() {
        return Ok(not_executed(&outcome, media));
    }
    let extensions = request.wants_cost.then(|| cost(&measure, api.parts.guard.limits()));
    let body = outcome.to_json(extensions.as_ref());
    let dependencies = reading.dependencies();
    let lasting = !dependencies.contains(&Dependency::Volatile);
    let answer = Answer::new(body, dependencies);
    if !outcome.is_whole() {
        return Ok(deliver(api, head, is_post, media, &answer, &Reach::Private).await);
    }
    let reach = match (is_public, lasting) {
        (true, true) => Reach::Public,
        (true, false) => Reach::Momentary,
        (false, _) => Reach::Private,
    };
    if matches!(reach, Reach::Public) {
        api.caches.keep_answer(fingerprint, answer.clone());
        if cacheable {
            api.caches.remember(raw, fingerprint);
        }
    }
    Ok(deliver(api, head, is_post, media, &answer, &reach).await)
}

/// The document of a request: out of the cache, or parsed and kept.
fn document(api: &Api, request: &GraphqlRequest) -> Result<Arc<Document>, Failure> {
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
            let document = Document::new(api.parts.guard.parse(query)?, fingerprint, query);
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

async fn deliver(api: &Api, head: &Head, is_post: bool, media: Media, answer: &Arc<Answer>, reach: &Reach) -> Response {
    let cache_control: &HeaderValue = match (reach, is_post) {
        (Reach::Private, _) => &api.cache_control.private,
        (_, true) => &api.cache_control.no_store,
        (Reach::Public, false) => &api.cache_control.public,
        (Reach::Momentary, false) => &api.cache_control.revalidate,
    };
    let encoding = Encoding::accepted(&head.headers);
    answer.deliver(Delivery { media, encoding, cache_control, conditional: !is_post }, &head.headers).await
}

/// The response when validation refused the document.
fn not_executed(outcome: &Outcome, media: Media) -> Response {
    let mut response = Response::new(Body::from(outcome.to_json::<()>(None)));
    *response.status_mut() = if media == Media::Json { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    response.headers_mut().insert(http::header::CONTENT_TYPE, media.content_type());
    response.headers_mut().insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The whole body, if it is not too long.
async fn read(head: &Head, body: Body, limit: usize) -> Result<Bytes, Failure> {
    let too_long = || {
        let message = format!("the body is longer than {limit} bytes");
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, Code::BadRequest, message)
    };
    let said = head.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|length| length > limit as u64) {
        return Err(too_long());
    }
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_long()),
        Err(_) => Err(Failure::new(StatusCode::BAD_REQUEST, Code::BadRequest, "the body did not come to its end")),
    }
}

fn cost(measure: &Measure, limits: &Limits) -> Extensions {
    let Measure { cost, fields, depth, .. } = *measure;
    Extensions { cost: Cost { requested: cost, maximum: limits.cost, fields, depth } }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<cache::Fingerprint> {
    let mut bytes = cache::Fingerprint::default();
    for (place, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *place = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    (text.len() == 64).then_some(bytes)
}
