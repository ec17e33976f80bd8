//! The description of the HTTP API, and a viewer for it that is part of the binary.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue};
use utoipa_swagger_ui::Config;

use super::{Api, assets};

/// Where the description is.
pub(super) const DESCRIPTION: &str = "/openapi.json";
/// Where the files of the viewer are.
pub(super) const VIEWER: &str = "/openapi/{*file}";

/// The viewer sets styles from its scripts, and shows icons that are part of them.
static POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The addresses.
pub(super) fn with_routes(router: Router<Arc<Api>>) -> Router<Arc<Api>> {
    // The viewer finds its files beside its page. That is told by a relative address, which is right behind a proxy that
    // adds a prefix too.
    router
        .route(DESCRIPTION, get(description))
        .route("/openapi", get(async || Redirect::permanent("openapi/").into_response()))
        .route("/openapi/", get(page))
        .route(VIEWER, get(any_file))
}

async fn description(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    let find = || serde_json::to_vec(&crate::rest::openapi()).ok().map(Bytes::from);
    assets::respond(&api, DESCRIPTION, find, &POLICY, &headers).await
}

async fn page(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    file(&api, "index.html", &headers).await
}

async fn any_file(State(api): State<Arc<Api>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    file(&api, &name, &headers).await
}

async fn file(api: &Api, name: &str, headers: &HeaderMap) -> Response {
    let find = || {
        let config = Config::new(["../openapi.json"]).validator_url("none").try_it_out_enabled(true);
        let found = utoipa_swagger_ui::serve(name, Arc::new(config)).ok()??;
        Some(Bytes::from(found.bytes.into_owned()))
    };
    assets::respond(api, &format!("/openapi/{name}"), find, &POLICY, headers).await
}
