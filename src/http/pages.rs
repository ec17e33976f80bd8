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
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use sha2::{Digest, Sha256};

use super::answer::Made;
use super::public::{Refused, base_url, fingerprint, respond, shown, unreadable};
use super::{Api, rest};
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

/// The routes of the pages, which the documents share: their addresses have `.json` at the end.
pub(super) fn with_routes(router: Router<Arc<Api>>) -> Router<Arc<Api>> {
    let of_event =
        async |State(api): State<Arc<Api>>, name: Result<Path<String>, PathRejection>, request: Request| match name {
            Ok(Path(name)) => match name.strip_suffix(".json") {
                Some(slug) => rest::document(&api, slug, None, request).await,
                None => of_snapshot(&api, &name, None, request).await,
            },
            Err(_) => unreadable(),
        };
    let of_release =
        async |State(api): State<Arc<Api>>, path: Result<Path<(String, String)>, PathRejection>, request: Request| {
            match path {
                Ok(Path((slug, name))) => match name.strip_suffix(".json") {
                    Some(number) => rest::document(&api, &slug, Some(number), request).await,
                    None => of_snapshot(&api, &slug, Some(&name), request).await,
                },
                Err(_) => unreadable(),
            }
        };
    let of_all = async |State(api): State<Arc<Api>>, request: Request| events(&api, request).await;
    router
        .route("/events", get(of_all))
        .route("/events/{slug}", get(of_event))
        .route("/events/{slug}/releases/{number}", get(of_release))
}

/// The name by which requests for the route of a page are counted.
pub(super) fn route(matched: &str) -> Option<&'static str> {
    ["/events", "/events/{slug}", "/events/{slug}/releases/{number}"].into_iter().find(|route| *route == matched)
}

/// The page of an event, or of one of its releases.
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
        Ok(Made::of_event(body, &dating))
    };
    harmless(respond(api, &head.headers, key, HTML, make).await)
}

/// The page of all events that the public may know of.
async fn events(api: &Api, request: Request) -> Response {
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
        Ok(Made { body: page::render_list(&events, &base_url), modified_at: None, links: None })
    };
    harmless(respond(api, &head.headers, key, HTML, make).await)
}

/// The page with what a browser may do with it.
fn harmless(mut response: Response) -> Response {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    response
}
