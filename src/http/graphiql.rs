//! GraphiQL for browsers, from files that are part of the binary: it works offline, under a policy that lets it load
//! nothing from elsewhere.

use std::fmt::Write;

use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::answer::matches;
use super::failure::problem;

/// What `assets/graphiql` holds: `index.html` and what it loads from `/graphql/assets/`.
#[derive(RustEmbed)]
#[folder = "assets/graphiql"]
struct Files;

const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The page.
pub(super) fn page(headers: &HeaderMap) -> Response {
    match Files::get("index.html") {
        Some(file) => respond("index.html", &file, headers),
        None => problem(StatusCode::NOT_FOUND, "this binary was built without GraphiQL"),
    }
}

/// A file that the page loads.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match Files::get(&name) {
        Some(file) => respond(&name, &file, &headers),
        None => problem(StatusCode::NOT_FOUND, "there is no such file"),
    }
}

fn respond(name: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let mut tag = String::from("\"");
    for byte in file.metadata.sha256_hash().iter().take(16) {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    let tag = HeaderValue::try_from(tag).expect("hexadecimal digits are a header value");
    let known = matches(headers, &tag);
    let mut response = Response::new(if known { Body::empty() } else { Body::from(file.data.clone().into_owned()) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let out = response.headers_mut();
    out.insert(ETAG, tag);
    out.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    out.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    out.insert(VARY, HeaderValue::from_static("accept"));
    // Names don't change with their content, so browsers ask each time, and are told that nothing changed.
    out.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
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
