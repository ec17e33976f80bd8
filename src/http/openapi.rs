//! The description of the HTTP API, and a viewer for it that is part of the binary.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderMap, HeaderValue, StatusCode};
use utoipa_swagger_ui::Config;

use super::Api;
use super::answer::{Answer, Delivery};
use super::failure::problem;
use super::negotiation::Encoding;

/// Where the description is.
pub(super) const DESCRIPTION: &str = "/openapi.json";
/// Where the files of the viewer are.
pub(super) const VIEWER: &str = "/openapi/{*file}";

/// The viewer sets styles from its scripts, and shows icons that are part of them.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

pub(super) fn with_routes(router: Router<Arc<Api>>) -> Router<Arc<Api>> {
    // The viewer finds its files beside its page.
    let page = async |State(api): State<Arc<Api>>, headers: HeaderMap| file(&api, "index.html", &headers).await;
    router
        .route(DESCRIPTION, get(description))
        .route("/openapi", get(async || Redirect::permanent("/openapi/").into_response()))
        .route("/openapi/", get(page))
        .route(VIEWER, get(any_file))
}

async fn description(State(api): State<Arc<Api>>, headers: HeaderMap) -> Response {
    static DESCRIBED: LazyLock<Arc<Answer>> = LazyLock::new(|| {
        let json = serde_json::to_vec(&crate::rest::openapi());
        Answer::new(json.expect("a description has only strings as keys, so it is always JSON").into(), Vec::new())
    });
    deliver(&api, &DESCRIBED, HeaderValue::from_static("application/json"), &headers).await
}

async fn any_file(State(api): State<Arc<Api>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    file(&api, &name, &headers).await
}

async fn file(api: &Api, name: &str, headers: &HeaderMap) -> Response {
    // The address is relative, so that it is right behind a proxy that adds a prefix too.
    let config = Config::new(["../openapi.json"]).validator_url("none").try_it_out_enabled(true);
    let found = utoipa_swagger_ui::serve(name, Arc::new(config)).ok().flatten();
    let Some(found) = found else { return problem(StatusCode::NOT_FOUND, "there is no such file") };
    let Ok(content_type) = HeaderValue::try_from(found.content_type) else {
        return problem(StatusCode::NOT_FOUND, "there is no such file");
    };
    let answer = Answer::new(Bytes::from(found.bytes.into_owned()), Vec::new());
    let mut response = deliver(api, &answer, content_type, headers).await;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    response
}

async fn deliver(api: &Api, answer: &Arc<Answer>, content_type: HeaderValue, headers: &HeaderMap) -> Response {
    let delivery = Delivery {
        content_type,
        is_other_type: false,
        encoding: Encoding::accepted(headers),
        // It changes with the version of the server, so clients ask each time, and are told that nothing changed.
        cache_control: &api.cache_control.revalidate,
        conditional: true,
    };
    answer.deliver(delivery, headers).await
}
