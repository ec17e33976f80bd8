//! GraphiQL for browsers, from files that are part of the binary: it works offline, under a policy that lets it load
//! nothing from elsewhere.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderMap, HeaderValue, StatusCode};
use parking_lot::Mutex;
use rust_embed::RustEmbed;

use super::Api;
use super::answer::{Answer, Delivery};
use super::failure::problem;
use super::negotiation::Encoding;

/// What `assets/graphiql/dist` holds: `index.html` and what it loads from `/graphql/assets/`.
#[derive(RustEmbed)]
#[folder = "assets/graphiql/dist"]
struct Files;

const PAGE: &str = "index.html";

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The files that somebody has asked for, with their compressed forms.
#[derive(Debug, Default)]
pub(super) struct Assets(Mutex<HashMap<String, Arc<Answer>>>);

impl Assets {
    fn get(&self, name: &str) -> Option<Arc<Answer>> {
        if let Some(answer) = self.0.lock().get(name) {
            return Some(answer.clone());
        }
        let bytes = match Files::get(name)?.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        Some(self.0.lock().entry(name.to_owned()).or_insert(Answer::new(bytes, Vec::new())).clone())
    }
}

/// The page.
pub(super) async fn page(api: &Api, headers: &HeaderMap) -> Response {
    respond(api, PAGE, headers).await
}

/// A file that the page loads.
pub(super) async fn asset(State(api): State<Arc<Api>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    respond(&api, &name, &headers).await
}

async fn respond(api: &Api, name: &str, headers: &HeaderMap) -> Response {
    let Some(answer) = api.assets.get(name) else {
        return problem(StatusCode::NOT_FOUND, "there is no such file");
    };
    let delivery = Delivery {
        content_type: HeaderValue::from_static(content_type(name)),
        is_other_type: false,
        encoding: Encoding::accepted(headers),
        // Names don't change with their content, so browsers ask each time, and are told that nothing changed.
        cache_control: &api.cache_control.revalidate,
        conditional: true,
    };
    let mut response = answer.deliver(delivery, headers).await;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
