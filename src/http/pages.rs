//! Pages for people over HTTP: an event, one of its releases, and the list of events.
//!
//! What stands in them is made by `feeds::page`; here is what a browser is told of them.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use http::{HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

use super::Api;
use super::failure::problem;
use super::feeds::{Made, Refused, base_url, fingerprint, respond, shown};
use crate::feeds::{Source, page};
use crate::reading::Reading;
use crate::snapshot::View;

const HTML: &str = "text/html; charset=utf-8";

/// Nothing runs on the pages and nothing is framed; the one style is known by its hash.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(page::STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src http: https: data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("words and base64 are a header value")
});

/// The routes of the pages.
pub(super) fn with_routes(router: Router<Arc<Api>>) -> Router<Arc<Api>> {
    let of_event =
        async |State(api): State<Arc<Api>>, slug: Result<Path<String>, PathRejection>, request: Request| match slug {
            Ok(Path(slug)) => event(&api, &slug, request).await,
            Err(_) => unreadable(),
        };
    let of_release =
        async |State(api): State<Arc<Api>>, path: Result<Path<(String, String)>, PathRejection>, request: Request| {
            match path {
                Ok(Path((slug, number))) => release(&api, &slug, &number, request).await,
                Err(_) => unreadable(),
            }
        };
    let of_all = async |State(api): State<Arc<Api>>, request: Request| events(&api, request).await;
    router
        .route("/events", get(of_all))
        .route("/events/{slug}", get(of_event))
        .route("/events/{slug}/releases/{number}", get(of_release))
}

fn unreadable() -> Response {
    problem(StatusCode::BAD_REQUEST, "the path is not UTF-8")
}

/// The name by which requests for the route of a page are counted.
pub(super) fn route(matched: &str) -> Option<&'static str> {
    ["/events", "/events/{slug}", "/events/{slug}/releases/{number}"].into_iter().find(|route| *route == matched)
}

/// The page of an event.
pub(super) async fn event(api: &Api, slug: &str, request: Request) -> Response {
    of_snapshot(api, slug, None, request).await
}

/// The page of an event as one of its releases fixed it.
pub(super) async fn release(api: &Api, slug: &str, number: &str, request: Request) -> Response {
    of_snapshot(api, slug, Some(number), request).await
}

async fn of_snapshot(api: &Api, slug: &str, release: Option<&str>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let base_url = match base_url(api, &head) {
        Ok(base_url) => base_url,
        Err(refused) => return refused.into(),
    };
    let key = fingerprint(&["page", &base_url, slug, release.unwrap_or_default()]);
    let make = async |reading: &Reading| {
        let snapshot = shown(reading, slug, release).await?;
        let body = page::render(&Source { snapshot: &snapshot, base_url: &base_url });
        // What is shown of a release may lose something that is hidden now.
        let dating = if release.is_some() { shown(reading, slug, None).await? } else { snapshot };
        Ok(Made { body, modified_at: Some(dating.changed_at()) })
    };
    harmless(respond(api, &head.headers, key, HTML, make).await)
}

/// The page of all events that the public may know of.
pub(super) async fn events(api: &Api, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let base_url = match base_url(api, &head) {
        Ok(base_url) => base_url,
        Err(refused) => return refused.into(),
    };
    let key = fingerprint(&["events", &base_url]);
    let make = async |reading: &Reading| {
        let headers = reading.events(View::Public).map_err(Refused::from)?;
        let events: Vec<_> = headers.iter().map(|header| header.event.clone()).collect();
        // An event that is gone leaves no date behind, so only the entity tag says whether the list is the same.
        Ok(Made { body: page::render_list(&events, &base_url), modified_at: None })
    };
    harmless(respond(api, &head.headers, key, HTML, make).await)
}

/// The page with what a browser may do with it.
fn harmless(mut response: Response) -> Response {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    response
}
