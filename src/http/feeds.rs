//! The feeds over HTTP.
//!
//! It knows no format: what a feed says is made by `feeds`.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use url::form_urlencoded;

use super::Api;
use super::answer::Made;
use super::public::{Refused, base_url, fingerprint, respond, shown, unreadable};
use crate::feeds::{FEEDS, Feed, Options, Refusal, Source};
use crate::reading::Reading;

/// The routes of all feeds, as they are counted.
const CURRENT: &str = "/events/{slug}/{feed}";
const OF_RELEASE: &str = "/events/{slug}/releases/{number}/{feed}";

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
        Ok(Made::of_event(body, &dating))
    };
    respond(api, &head.headers, key, feed.media_type, make).await
}
