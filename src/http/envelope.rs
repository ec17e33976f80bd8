//! What is around every request: its id, its log line, its metrics, the headers that every answer has, and an answer
//! even when a handler panics. It never logs the query string, variables or credentials.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;
use http::header::{ACCEPT, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::Api;
use super::failure::{Failure, problem};
use super::negotiation::Media;
use crate::graphql::error::Code;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The routes by which requests are counted. A route that is not here counts as `other`.
const ROUTES: [&str; 7] =
    ["/", "/graphql", "/.well-known/jwks.json", "/graphql/assets/{*file}", "/healthz", "/readyz", "/metrics"];

pub(super) async fn around(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let in_flight = api.metrics.begin();
    let route = route(&request);
    let method = request.method().clone();
    let accept = request.headers().get(ACCEPT).cloned();
    let id = request_id(request.headers());
    let mut response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        // The panic's message is in the log already: the runtime's hook writes it.
        Err(_) => broken(route, &method, accept),
    };
    drop(in_flight);
    let status = response.status();
    let time = begin.elapsed();
    api.metrics.answered(route, status.as_u16(), time);
    log(&method, route, status, time, &id);
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}

fn route(request: &Request) -> &'static str {
    let matched = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    matched.and_then(|path| ROUTES.into_iter().find(|route| *route == path)).unwrap_or("other")
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
        HeaderValue::try_from(format!("{}-{count:x}", *PROCESS)).expect("letters and digits are a header value")
    })
}

fn broken(route: &'static str, method: &Method, accept: Option<HeaderValue>) -> Response {
    tracing::error!(%method, route, "a request handler panicked");
    let message = "internal error";
    if route == "/graphql" {
        let headers: HeaderMap = accept.map(|accept| (ACCEPT, accept)).into_iter().collect();
        let media = Media::accepted(&headers).unwrap_or(Media::Json);
        return Failure::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, message).into_graphql(media);
    }
    problem(StatusCode::INTERNAL_SERVER_ERROR, message)
}

fn log(method: &Method, route: &str, status: StatusCode, time: std::time::Duration, id: &HeaderValue) {
    let status = status.as_u16();
    let id = id.to_str().unwrap_or_default();
    if status >= 500 {
        tracing::error!(%method, route, status, ?time, id, "answered");
    } else {
        tracing::debug!(%method, route, status, ?time, id, "answered");
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::http::tests::api;

    async fn ask(path: &str, accept: &'static str) -> (Response, String) {
        async fn broken() -> Response {
            panic!("a secret")
        }
        let folder = tempfile::tempdir().unwrap();
        let api = api(folder.path()).await;
        let router = axum::Router::new()
            .route("/graphql", get(broken))
            .route("/healthz", get(broken))
            .layer(axum::middleware::from_fn_with_state(api, around));
        let request = Request::builder().uri(path).header(ACCEPT, accept).body(Body::empty()).unwrap();
        let (head, body) = router.oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (Response::from_parts(head, Body::empty()), String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_not_told() {
        for (path, accept, media) in [
            ("/graphql", "*/*", "application/json; charset=utf-8"),
            ("/graphql", "application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
            ("/healthz", "*/*", "application/problem+json"),
        ] {
            let (response, body) = ask(path, accept).await;
            assert_eq!(
                (response.status().as_u16(), &response.headers()["content-type"]),
                (500, &media.parse().unwrap())
            );
            assert!(body.contains("internal error") && !body.contains("secret"), "{body}");
            assert!(path != "/graphql" || body.contains("\"INTERNAL\""), "{body}");
            assert!(response.headers().contains_key(REQUEST_ID));
        }
    }
}
