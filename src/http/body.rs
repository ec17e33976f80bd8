//! The body of a POST: read to its end, if it is not too long for who sends it. It knows no GraphQL beside the request that
//! comes of it.

use axum::body::{Body, Bytes, HttpBody};
use http::StatusCode;
use http::header::CONTENT_LENGTH;
use http::request::Parts as Head;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::failure::Failure;
use super::request::GraphqlRequest;
use crate::access::Viewer;
use crate::config::ServerConfig;
use crate::graphql::error::Code;

/// How much of a body that is too long is read before it is refused, in bytes.
const MAX_FORGOTTEN: usize = 1 << 20;
/// Longer bodies are read aside.
const READ_ASIDE_FROM: usize = 256 << 10;

/// The whole body, if it is not too long for who sends it.
pub(super) async fn read(
    head: &Head,
    mut body: Body,
    viewer: &Viewer,
    server: &ServerConfig,
) -> Result<Bytes, Failure> {
    let is_known = !matches!(viewer, Viewer::Anonymous);
    let limit = if is_known { server.import_limit_bytes.max(server.body_limit_bytes) } else { server.body_limit_bytes };
    let said = head.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if said.is_none_or(|length| length <= limit as u64) {
        match whole(Limited::new(&mut body, limit)).await {
            Ok(body) => return Ok(body),
            Err(error) if error.is::<LengthLimitError>() => {}
            Err(_) => {
                let message = "the body did not come to its end";
                return Err(Failure::new(StatusCode::BAD_REQUEST, Code::BadRequest, message));
            }
        }
    }
    // Many clients look at the answer only when they have sent everything, so a little more is read and forgotten: of
    // those who are known, as much as they might have sent.
    let mut patience = if is_known { MAX_FORGOTTEN.max(limit) } else { MAX_FORGOTTEN };
    while let Some(Ok(frame)) = body.frame().await {
        patience = patience.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
        if patience == 0 {
            break;
        }
    }
    let message = match is_known {
        true => format!("the body is longer than {limit} bytes (server.import_limit_bytes)"),
        false => {
            let more = server.import_limit_bytes;
            format!("the body is longer than {limit} bytes (server.body_limit_bytes); with a token it may have {more}")
        }
    };
    Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, Code::BadRequest, message))
}

/// All bytes of a body.
///
/// Its length says when it is all there. Who reads on until nothing comes, as `BodyExt::collect` does, is told so by hyper
/// only when the connection has its next turn: for a small request that is a good part of what answering it costs.
async fn whole<B: HttpBody<Data = Bytes> + Unpin>(mut body: B) -> Result<Bytes, B::Error> {
    let mut first = Bytes::new();
    // In one piece, so that a body in a great many parts takes no more room than another.
    let mut rest = Vec::new();
    while !body.is_end_stream()
        && let Some(frame) = body.frame().await.transpose()?
    {
        match frame.into_data() {
            Ok(data) if first.is_empty() => first = data,
            Ok(data) => rest.extend_from_slice(&data),
            // A trailer, which says nothing here.
            Err(_) => {}
        }
    }
    Ok(if rest.is_empty() { first } else { [&first[..], &rest].concat().into() })
}

/// The request in a body; a long one is read on a thread of its own, so that others need not wait.
pub(super) async fn request(body: &Bytes) -> Result<GraphqlRequest, Failure> {
    if body.len() < READ_ASIDE_FROM {
        return GraphqlRequest::from_body(body);
    }
    let body = body.clone();
    let read = tokio::task::spawn_blocking(move || GraphqlRequest::from_body(&body)).await;
    read.map_err(|_| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, "internal error"))?
}
