//! What is around every request: its id, its log line, its metrics, the headers that every answer has, and an answer
//! even when a handler panics. It never logs the query string, variables or credentials.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;
use http::header::{ACCEPT, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use tokio::time::Instant;
use tower::ServiceExt;

use super::cors::Cors;
use super::failure::{Failure, problem};
use super::metrics::GRAPHQL;
use super::negotiation::Media;
use super::peer::Connection;
use super::{Api, feeds, graphql, openapi, pages, rest};
use crate::graphql::error::Code;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The routes by which requests are counted. A route that is not here counts as `other`.
const ROUTES: [&str; 14] = [
    GRAPHQL,
    "/",
    "/.well-known/jwks.json",
    "/graphql/assets/{*file}",
    "/healthz",
    "/readyz",
    "/metrics",
    openapi::DESCRIPTION,
    openapi::VIEWER,
    rest::EVENTS,
    rest::LIST,
    rest::ITEM,
    rest::LIST_OF_RELEASE,
    rest::ITEM_OF_RELEASE,
];

/// Everything that the server answers, with what is around every answer.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    api: Arc<Api>,
    router: Router,
    cors: Cors,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Service").finish_non_exhaustive()
    }
}

impl Service {
    pub(super) fn new(api: Arc<Api>, router: Router, cors: Cors) -> Service {
        Service(Arc::new(Inner { api, router, cors }))
    }

    /// Answers a request, whatever happens. One that came through no listener has no connection.
    pub(super) async fn answer(&self, mut request: Request, connection: Option<&Arc<Connection>>) -> Response {
        let Inner { api, router, .. } = &*self.0;
        if request.uri().path() == GRAPHQL {
            let connection = connection.map(|connection| &**connection);
            self.around(true, request, |request, begin| graphql::endpoint(api, request, connection, begin)).await
        } else {
            if let Some(connection) = connection {
                request.extensions_mut().insert(connection.clone());
            }
            self.around(false, request, |request, _| routed(router, request)).await
        }
    }

    async fn around<F: Future<Output = Response>>(
        &self,
        is_graphql: bool,
        request: Request,
        answer: impl FnOnce(Request, Instant) -> F,
    ) -> Response {
        let Inner { api, cors, .. } = &*self.0;
        let begin = Instant::now();
        let answer = |request| answer(request, begin);
        let in_flight = api.metrics.begin();
        let method = request.method().clone();
        let accept = request.headers().get(ACCEPT).cloned();
        let id = request_id(request.headers());
        let mut response = match AssertUnwindSafe(cors.around(request, answer)).catch_unwind().await {
            Ok(response) => response,
            // The panic's message is in the log already: the runtime's hook writes it.
            Err(_) => broken(is_graphql, &method, accept),
        };
        drop(in_flight);
        let route =
            if is_graphql { GRAPHQL } else { response.extensions().get().map_or("other", |Route(route)| route) };
        let status = response.status();
        let time = begin.elapsed();
        api.metrics.answered(route, status.as_u16(), time);
        log(&method, route, status, time, &id);
        let headers = response.headers_mut();
        headers.insert(REQUEST_ID, id);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // These two are about documents, which the answer to a POST of JSON never is.
        if !is_graphql || method != Method::POST {
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            headers
                .entry(CONTENT_SECURITY_POLICY)
                .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
        }
        response
    }
}

impl tower::Service<Request> for Service {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.answer(request, None).await) })
    }
}

/// The route that a request took, noted in its response.
#[derive(Clone, Copy)]
struct Route(&'static str);

/// Notes the route where it can still be seen.
pub(super) async fn note_route(path: MatchedPath, request: Request, next: Next) -> Response {
    let own = ROUTES.into_iter().find(|route| *route == path.as_str());
    let route = own.or_else(|| feeds::route(path.as_str())).or_else(|| pages::route(path.as_str()));
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(Route(route));
    }
    response
}

async fn routed(router: &Router, request: Request) -> Response {
    match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The client's id of the request, if it can stand in a log, or a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let is_sane = |value: &&HeaderValue| {
        let bytes = value.as_bytes();
        (1..=100).contains(&bytes.len())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':' | b'/'))
    };
    headers.get(REQUEST_ID).filter(is_sane).cloned().unwrap_or_else(|| {
        // A UUID for each would ask the system for randomness each time.
        static PROCESS: LazyLock<String> = LazyLock::new(|| uuid::Uuid::now_v7().simple().to_string());
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut id = String::with_capacity(PROCESS.len() + 17);
        id.push_str(&PROCESS);
        let _ = write!(id, "-{count:x}");
        HeaderValue::try_from(id).expect("letters and digits are a header value")
    })
}

fn broken(is_graphql: bool, method: &Method, accept: Option<HeaderValue>) -> Response {
    tracing::error!(%method, is_graphql, "a request handler panicked");
    let message = "internal error";
    if is_graphql {
        let headers: HeaderMap = accept.map(|accept| (ACCEPT, accept)).into_iter().collect();
        let media = Media::accepted(&headers).unwrap_or(Media::Json);
        return Failure::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, message).into_graphql(media);
    }
    problem(StatusCode::INTERNAL_SERVER_ERROR, message)
}

fn log(method: &Method, route: &str, status: StatusCode, time: std::time::Duration, id: &HeaderValue) {
    let status = status.as_u16();
    let id = || id.to_str().unwrap_or_default();
    if status >= 500 {
        tracing::error!(%method, route, status, ?time, id = id(), "answered");
    } else {
        tracing::debug!(%method, route, status, ?time, id = id(), "answered");
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http_body_util::BodyExt;

    use super::*;
    use crate::http::tests::api;

    async fn ask(is_graphql: bool, accept: &'static str) -> (Response, String) {
        async fn broken(_: Request, _: Instant) -> Response {
            panic!("a secret")
        }
        let folder = tempfile::tempdir().unwrap();
        let api = api(folder.path()).await;
        let cors = Cors::new(&api.parts.config.server.cors);
        let service = Service::new(api, Router::new(), cors);
        let request = Request::builder().header(ACCEPT, accept).body(Body::empty()).unwrap();
        let (head, body) = service.around(is_graphql, request, broken).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (Response::from_parts(head, Body::empty()), String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_not_told() {
        for (is_graphql, accept, media) in [
            (true, "*/*", "application/json; charset=utf-8"),
            (true, "application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
            (false, "*/*", "application/problem+json"),
        ] {
            let (response, body) = ask(is_graphql, accept).await;
            assert_eq!(
                (response.status().as_u16(), &response.headers()["content-type"]),
                (500, &media.parse().unwrap())
            );
            assert!(body.contains("internal error") && !body.contains("secret"), "{body}");
            assert!(!is_graphql || body.contains("\"INTERNAL\""), "{body}");
            assert!(response.headers().contains_key(REQUEST_ID));
        }
    }
}
