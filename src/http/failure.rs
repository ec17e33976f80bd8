//! Requests that are not executed: the status, the code and the sentence, as a GraphQL response or as problem details.

use std::borrow::Cow;

use async_graphql::{Pos, ServerError};
use axum::body::Body;
use axum::response::Response;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use super::negotiation::Media;
use crate::graphql::error::Code;
use crate::graphql::execution::{Outcome, errors_to_json};
use crate::graphql::guard::Refusal;

/// Why a request is not executed.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    code: Code,
    message: Cow<'static, str>,
    position: Option<Pos>,
    allow: Option<&'static str>,
    /// In how many seconds it is worth asking again.
    retry_after: Option<u64>,
    /// Whether clients of `application/json` get it with status 200: a well-formed request whose document can't be
    /// executed.
    well_formed: bool,
}

impl Failure {
    pub(super) fn new(status: StatusCode, code: Code, message: impl Into<Cow<'static, str>>) -> Failure {
        Failure {
            status,
            code,
            message: message.into(),
            position: None,
            allow: None,
            retry_after: None,
            well_formed: false,
        }
    }

    /// The method is not one that this address takes.
    pub(super) fn method(message: &'static str, allow: &'static str) -> Failure {
        Failure { allow: Some(allow), ..Failure::new(StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest, message) }
    }

    /// A hash that stands for no known document. Clients know this message, and send the document along.
    pub(super) fn persisted_query_not_found() -> Failure {
        let failure = Failure::new(StatusCode::BAD_REQUEST, Code::PersistedQueryNotFound, "PersistedQueryNotFound");
        Failure { well_formed: true, ..failure }
    }

    /// The failure with a word on when to ask again.
    pub(super) fn retry_after(self, seconds: u64) -> Failure {
        Failure { retry_after: Some(seconds), ..self }
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn code(&self) -> Code {
        self.code
    }

    /// As an error of GraphQL.
    pub(super) fn into_error(self) -> ServerError {
        let mut error = ServerError::new(self.message, self.position);
        error.extensions.get_or_insert_default().set("code", self.code.as_str());
        error
    }

    /// As what comes of an operation that is not executed.
    pub(super) fn into_outcome(self) -> Outcome {
        Outcome::refused(vec![self.into_error()])
    }

    /// As the response to a GraphQL request.
    pub(super) fn into_graphql(self, media: Media) -> Response {
        let status = match media {
            Media::Json if self.well_formed => StatusCode::OK,
            Media::Json | Media::GraphqlResponse => self.status,
        };
        let (allow, retry_after) = (self.allow, self.retry_after);
        let mut response = Response::new(Body::from(errors_to_json(&[self.into_error()])));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, media.content_type());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(allow) = allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"plenary\", error=\"invalid_token\""),
            );
        }
        response
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        // Too much is refused whatever the client; the rest depends on its media type, as the audits want it.
        let well_formed = refusal.code != Code::TooComplex;
        Failure {
            position: refusal.position,
            well_formed,
            ..Failure::new(StatusCode::BAD_REQUEST, refusal.code, refusal.message)
        }
    }
}

/// As problem details (RFC 9457), for everything that is not GraphQL.
pub(super) fn problem(status: StatusCode, detail: &str) -> Response {
    let title = status.canonical_reason().unwrap_or("Error");
    let body =
        serde_json::json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail });
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
