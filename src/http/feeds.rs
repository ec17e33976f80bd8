//! The feeds over HTTP, and what everything public that is not GraphQL shares: an answer that is made once and kept until
//! the content changes, entity tags, dates, and real 304s.
//!
//! It knows no format: what a feed says is made by `feeds`.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::get;
use http::header::{HOST, VARY};
use http::request::Parts as Head;
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use url::form_urlencoded;

use super::answer::{Answer, Delivery};
use super::cache::Fingerprint;
use super::failure::problem;
use super::negotiation::Encoding;
use super::peer::Connection;
use super::{Api, auth};
use crate::access::Viewer;
use crate::feeds::{FEEDS, Feed, Options, Refusal, Source};
use crate::reading::{Denied, Reading};
use crate::shelf::Dependency;
use crate::snapshot::{Snapshot, View};

/// The routes of all feeds, as they are counted.
const CURRENT: &str = "/events/{slug}/{feed}";
const OF_RELEASE: &str = "/events/{slug}/releases/{number}/{feed}";

/// What an address answers.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) body: Vec<u8>,
    /// When it last changed, where that can be known.
    pub(super) modified_at: Option<Timestamp>,
}

/// Why an address answers nothing.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) status: StatusCode,
    /// The sentence for the caller.
    pub(super) detail: String,
}

impl Refused {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Refused {
        Refused { status, detail: detail.into() }
    }

    /// For everything that is not there, and everything that the caller may not see.
    pub(super) fn not_found(detail: impl Into<String>) -> Refused {
        Refused::new(StatusCode::NOT_FOUND, detail)
    }
}

impl From<Refused> for Response {
    fn from(refused: Refused) -> Response {
        problem(refused.status, &refused.detail)
    }
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Refused {
        match denied {
            Denied::Unauthenticated => Refused::new(StatusCode::UNAUTHORIZED, "say who you are"),
            Denied::Unavailable(error) => {
                tracing::error!(%error, "content could not be read");
                Refused::new(StatusCode::SERVICE_UNAVAILABLE, "the content can't be read at the moment; try again")
            }
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Refused {
        match refusal {
            Refusal::NotFound(detail) => Refused::not_found(detail),
            Refusal::BadParameter { name, message } => {
                Refused::new(StatusCode::BAD_REQUEST, format!("the parameter {name}: {message}"))
            }
        }
    }
}

/// The routes of the feeds.
pub(super) fn with_routes(mut router: Router<Arc<Api>>) -> Router<Arc<Api>> {
    for feed in FEEDS {
        let current =
            async move |State(api): State<Arc<Api>>, slug: Result<Path<String>, PathRejection>, request: Request| {
                match slug {
                    Ok(Path(slug)) => answer(&api, feed, &slug, None, request).await,
                    Err(_) => unreadable(),
                }
            };
        let of_release = async move |State(api): State<Arc<Api>>,
                                     path: Result<Path<(String, String)>, PathRejection>,
                                     request: Request| {
            match path {
                Ok(Path((slug, number))) => answer(&api, feed, &slug, Some(&number), request).await,
                Err(_) => unreadable(),
            }
        };
        router = router
            .route(&format!("/events/{{slug}}/{}", feed.path), get(current))
            .route(&format!("/events/{{slug}}/releases/{{number}}/{}", feed.path), get(of_release));
    }
    router
}

fn unreadable() -> Response {
    problem(StatusCode::BAD_REQUEST, "the path is not UTF-8")
}

/// The name by which requests for the route of a feed are counted.
pub(super) fn route(matched: &str) -> Option<&'static str> {
    let path = matched.strip_prefix("/events/{slug}/")?;
    match path.strip_prefix("releases/{number}/") {
        Some(_) => Some(OF_RELEASE),
        None => crate::feeds::feed(path).map(|_| CURRENT),
    }
}

async fn answer(api: &Api, feed: &'static Feed, slug: &str, release: Option<&str>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let query = head.uri.query().unwrap_or_default();
    let parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let parameters = parameters.iter().map(|(name, value)| (&**name, &**value));
    let made = Options::new(feed, parameters).map_err(Refused::from);
    let (base_url, options) = match base_url(api, &head).and_then(|base_url| Ok((base_url, made?))) {
        Ok(both) => both,
        Err(refused) => return refused.into(),
    };
    let mut asked = vec!["feed", feed.path, &base_url, slug, release.unwrap_or_default()];
    asked.extend(options.iter().flat_map(|(name, value)| [name, value]));
    let key = fingerprint(&asked);
    let make = async |reading: &Reading| {
        let snapshot = shown(reading, slug, release).await?;
        let past = if feed.looks_back() { Some(reading.looking_back(&snapshot).await?) } else { None };
        let source = Source { snapshot: past.as_ref().unwrap_or(&snapshot), base_url: &base_url };
        let body = (feed.render)(&source, &options)?;
        // What is shown of a release may lose something that is hidden now.
        let dating = if release.is_some() { shown(reading, slug, None).await? } else { snapshot };
        Ok(Made { body, modified_at: Some(dating.changed_at()) })
    };
    respond(api, &head.headers, key, feed.media_type, make).await
}

/// What the public sees of an event now, or of one of its releases.
pub(super) async fn shown(reading: &Reading, slug: &str, release: Option<&str>) -> Result<Arc<Snapshot>, Refused> {
    let missing = || Refused::not_found("there is no such event");
    let event = reading.event_with_slug(slug, View::Public)?.ok_or_else(missing)?.event.id;
    let Some(release) = release else {
        return reading.snapshot(event, View::Public).await?.ok_or_else(missing);
    };
    let missing = || Refused::not_found("the event has no such release");
    // Only one way of writing a number has an address.
    let number = release.parse::<i32>().ok().filter(|number| number.to_string() == release).ok_or_else(missing)?;
    reading.release(event, View::Public, number).await?.ok_or_else(missing)
}

/// Answers a GET or HEAD for something public: out of what is kept under `key` if that is still current, or made anew.
///
/// `make` gets a reading of what the public may see, and must read content through nothing else. `key` stands for
/// everything beside content that the answer depends on.
pub(super) async fn respond(
    api: &Api,
    headers: &HeaderMap,
    key: Fingerprint,
    media_type: &'static str,
    make: impl AsyncFnOnce(&Reading) -> Result<Made, Refused>,
) -> Response {
    if let Err(refused) = check_token(api, headers).await {
        return refused.into();
    }
    let shelf = &api.parts.shelf;
    let is_current = |answer: &Arc<Answer>| answer.dependencies().iter().all(|part| shelf.is_current(part));
    if let Some(answer) = api.caches.answer(&key).filter(is_current) {
        api.metrics.hit();
        return deliver(api, headers, media_type, &answer).await;
    }
    api.metrics.miss();
    let reading = Reading::new(shelf.clone(), Viewer::Anonymous, api.parts.clock.now());
    let making = async {
        // The semaphore is never closed; if it were, there would be no bound, which is no reason to refuse.
        let _permit = api.executing.acquire().await;
        make(&reading).await
    };
    let deadline = Duration::from_millis(api.parts.config.server.request_timeout_ms);
    let made = match timeout(deadline, making).await {
        Ok(Ok(made)) => made,
        Ok(Err(refused)) => return refused.into(),
        Err(_) => return problem(StatusCode::GATEWAY_TIMEOUT, "the answer took too long; try again"),
    };
    let answer = Answer::dated(made.body.into(), reading.dependencies(), made.modified_at);
    if !answer.dependencies().contains(&Dependency::Volatile) {
        api.caches.keep_answer(key, answer.clone());
    }
    deliver(api, headers, media_type, &answer).await
}

async fn deliver(api: &Api, headers: &HeaderMap, media_type: &'static str, answer: &Arc<Answer>) -> Response {
    let is_volatile = answer.dependencies().contains(&Dependency::Volatile);
    let delivery = Delivery {
        content_type: HeaderValue::from_static(media_type),
        is_other_type: false,
        encoding: Encoding::accepted(headers),
        cache_control: if is_volatile { &api.cache_control.revalidate } else { &api.cache_control.public },
        conditional: true,
    };
    let mut response = answer.deliver(delivery, headers).await;
    // Everybody gets the same here, whatever they accept or whoever they are.
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Everybody gets the same; but a token that opens nothing is refused, never ignored.
async fn check_token(api: &Api, headers: &HeaderMap) -> Result<(), Refused> {
    let refused = |failure: super::failure::Failure| Refused::new(failure.status(), failure.message().to_owned());
    let Some(token) = auth::token(headers).map_err(refused)? else { return Ok(()) };
    Box::pin(auth::viewer(&api.parts.accounts, token)).await.map(|_| ()).map_err(refused)
}

/// The fingerprint of what was asked for.
pub(super) fn fingerprint(parts: &[&str]) -> Fingerprint {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// Where clients find this server: what the settings say, or where the request says that it went.
pub(super) fn base_url(api: &Api, head: &Head) -> Result<String, Refused> {
    let server = &api.parts.config.server;
    if let Some(url) = &server.public_url {
        return Ok(url.clone());
    }
    let host = match head.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => head.headers.get(HOST).and_then(|host| host.to_str().ok()),
    };
    let is_sane = |host: &&str| {
        let fit = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
        (1..=255).contains(&host.len()) && host.bytes().all(fit) && url::Url::parse(&format!("http://{host}")).is_ok()
    };
    let Some(host) = host.filter(is_sane) else {
        return Err(Refused::new(StatusCode::BAD_REQUEST, "the header Host names no server"));
    };
    let peer = Connection::peer_of(&head.extensions).map(|peer| peer.to_canonical());
    let is_trusted = peer.is_some_and(|peer| server.trusted_proxies.iter().any(|proxy| proxy.to_canonical() == peer));
    let is_https = head.headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let scheme = if is_trusted && is_https { "https" } else { "http" };
    Ok(format!("{scheme}://{}", host.to_ascii_lowercase()))
}
