//! Files that are part of the binary, and pages made of them. Each is looked up once and compressed once.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::response::Response;
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderMap, HeaderValue, StatusCode};
use parking_lot::Mutex;

use super::Api;
use super::answer::{Answer, Delivery};
use super::failure::problem;
use super::negotiation::Encoding;

/// The files that somebody has asked for, by their addresses, with their compressed forms.
#[derive(Debug, Default)]
pub(super) struct Assets(Mutex<HashMap<String, Arc<Answer>>>);

impl Assets {
    /// The file at an address; `find` looks it up when it is first asked for. What is not there is not noted, so there are
    /// never more than the binary has.
    fn get(&self, address: &str, find: impl FnOnce() -> Option<Bytes>) -> Option<Arc<Answer>> {
        if let Some(answer) = self.0.lock().get(address) {
            return Some(answer.clone());
        }
        let bytes = find()?;
        Some(self.0.lock().entry(address.to_owned()).or_insert(Answer::new(bytes, Vec::new())).clone())
    }
}

/// Answers with the file at an address, under what a browser may do with it.
pub(super) async fn respond(
    api: &Api,
    address: &str,
    find: impl FnOnce() -> Option<Bytes>,
    policy: &HeaderValue,
    headers: &HeaderMap,
) -> Response {
    let Some(answer) = api.assets.get(address, find) else {
        return problem(StatusCode::NOT_FOUND, "there is no such file");
    };
    let delivery = Delivery {
        content_type: HeaderValue::from_static(content_type(address)),
        is_other_type: false,
        encoding: Encoding::accepted(headers),
        // Names don't change with their content, so browsers ask each time, and are told that nothing changed.
        cache_control: &api.cache_control.revalidate,
        conditional: true,
    };
    let mut response = answer.deliver(delivery, headers).await;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy.clone());
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
