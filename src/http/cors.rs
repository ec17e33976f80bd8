//! Who may read answers from a web page (the Fetch standard's CORS protocol). Cookies are never used, so there is nothing to
//! steal.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use http::header::{self, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ORIGIN};
use http::{HeaderName, HeaderValue, Method};
use tower::{Layer, ServiceExt};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::idempotency;
use crate::config::CorsConfig;

/// What a page may send beside the headers that it always may.
const ALLOWED: [HeaderName; 9] = [
    header::ACCEPT,
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("plenary-cost"),
    HeaderName::from_static("last-event-id"),
    idempotency::KEY,
];
/// What a page may read beside the headers that it always may.
const EXPOSED: [HeaderName; 6] = [
    header::ETAG,
    header::LAST_MODIFIED,
    header::LINK,
    header::RETRY_AFTER,
    HeaderName::from_static("x-request-id"),
    idempotency::REPLAYED,
];

/// The rules, made once.
#[derive(Debug)]
pub(super) struct Cors {
    layer: CorsLayer,
    /// Where everybody may read, the two headers that say so.
    open: Option<[(HeaderName, HeaderValue); 2]>,
}

impl Cors {
    pub(super) fn new(config: &CorsConfig) -> Cors {
        let layer = CorsLayer::new()
            .allow_methods([Method::GET, Method::HEAD, Method::POST])
            .allow_headers(ALLOWED)
            .expose_headers(EXPOSED)
            .max_age(Duration::from_secs(config.max_age));
        if config.origins.iter().any(|origin| origin == "*") {
            let exposed = HeaderValue::try_from(EXPOSED.map(|name| name.to_string()).join(","));
            let exposed = exposed.expect("names of headers and commas are a header value");
            let anybody = (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            let open = Some([anybody, (ACCESS_CONTROL_EXPOSE_HEADERS, exposed)]);
            return Cors { layer: layer.allow_origin(AllowOrigin::any()).vary([]), open };
        }
        let origins: Vec<_> = config.origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
        Cors { layer: layer.allow_origin(AllowOrigin::list(origins)).vary([header::ORIGIN]), open: None }
    }

    /// The answer to a request, or to the question before it.
    pub(super) async fn around<F: Future<Output = Response>>(
        &self,
        request: Request,
        answer: impl FnOnce(Request) -> F,
    ) -> Response {
        if let Some(headers) = &self.open
            && request.method() != Method::OPTIONS
        {
            // Pages say where they come from whenever they send something (the Fetch standard's `Origin` header); what is
            // read may be kept on the way and given to another.
            let may_be_for_a_page = request.method() != Method::POST || request.headers().contains_key(ORIGIN);
            let mut response = answer(request).await;
            for (name, value) in headers.iter().filter(|_| may_be_for_a_page) {
                response.headers_mut().insert(name, value.clone());
            }
            return response;
        }
        let mut answer = Some(answer);
        let service = tower::service_fn(|request: Request| {
            // Called once, by `oneshot`.
            let answered = answer.take().map(|answer| answer(request));
            async move {
                match answered {
                    Some(answered) => Ok::<Response, Infallible>(answered.await),
                    None => Ok(Response::default()),
                }
            }
        });
        match self.layer.layer(service).oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}
