//! GraphiQL for browsers, from files that are part of the binary: it works offline, under a policy that lets it load
//! nothing from elsewhere.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, HeaderValue};
use rust_embed::RustEmbed;

use super::{Api, assets};

/// What `assets/graphiql/dist` holds: `index.html` and what it loads from `/graphql/assets/`.
#[derive(RustEmbed)]
#[folder = "assets/graphiql/dist"]
struct Files;

const PAGE: &str = "index.html";

static POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The page.
pub(super) async fn page(api: &Api, headers: &HeaderMap) -> Response {
    respond(api, PAGE, headers).await
}

/// A file that the page loads.
pub(super) async fn asset(State(api): State<Arc<Api>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    respond(&api, &name, &headers).await
}

async fn respond(api: &Api, name: &str, headers: &HeaderMap) -> Response {
    let find = || {
        Some(match Files::get(name)?.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        })
    };
    assets::respond(api, &format!("/graphql/assets/{name}"), find, &POLICY, headers).await
}
