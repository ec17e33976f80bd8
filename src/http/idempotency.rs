//! Mutations with an `Idempotency-Key` are executed once, however often they are sent
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! A client that got no answer sends the same request again and gets the answer of the first. `docs/writing.md` says what
//! is promised.

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::Api;
use super::failure::Failure;
use super::graphql::hex;
use crate::access::Viewer;
use crate::content::Id;
use crate::graphql::error::Code;
use crate::graphql::execution::Outcome;
use crate::store::{OnceOnly, Turn};

pub(super) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that the answer was given before.
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The longest key, in characters.
const MAX_KEY: usize = 255;
/// The longest answer that is kept, in bytes. What has a longer one is not executed once only.
const MAX_ANSWER: usize = 1 << 20;
/// For how long after the time of a request its execution may still be going on, in milliseconds.
const MARGIN: u64 = 5_000;

/// The key of a request, if it has one and somebody who is known sends it. The others may only sign in.
pub(super) fn key(headers: &HeaderMap, viewer: &Viewer) -> Result<Option<(Id, String)>, Failure> {
    let mut values = headers.get_all(KEY).into_iter();
    let (Some(value), Some(account)) = (values.next(), viewer.account()) else { return Ok(None) };
    // A structured field string has quotes around it (RFC 9941); both ways are the same key.
    let text = value.to_str().unwrap_or_default().trim();
    let key = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let good = (1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !good || values.next().is_some() {
        let message = "send one Idempotency-Key of 1 to 255 visible ASCII characters, for example a UUID";
        return Err(Failure::new(StatusCode::BAD_REQUEST, Code::BadRequest, message));
    }
    Ok(Some((account.user, key.to_owned())))
}

/// The request of a user under a key; `asked` stands for what it asks.
pub(super) fn once_only((user, key): (Id, String), asked: &[u8]) -> OnceOnly {
    let mut hash = Sha256::new();
    hash.update(user.0.as_bytes());
    hash.update(key.as_bytes());
    OnceOnly { user, key: hex(&hash.finalize()), fingerprint: hex(asked) }
}

/// What has come of a request that is executed once only.
pub(super) enum Executed {
    /// It was executed now.
    Now(Outcome),
    /// It was executed before, and this was the answer.
    Before(Bytes),
}

/// Executes a request, unless that was done before or is being done.
///
/// The execution goes on when the client goes away, which is when the key is needed.
pub(super) async fn execute<F>(api: &Arc<Api>, request: OnceOnly, execution: F) -> Result<Executed, Failure>
where
    F: Future<Output = Result<Outcome, Failure>> + Send + 'static,
{
    let server = &api.parts.config.server;
    let hold = SignedDuration::from_millis(i64::try_from(server.request_timeout_ms + MARGIN).unwrap_or(i64::MAX));
    let keep = SignedDuration::from_hours(i64::from(server.idempotency_hours));
    let turn = api
        .parts
        .store
        .take_turn(&request, api.parts.clock.now(), hold, keep)
        .await
        .map_err(|error| unavailable(&error))?;
    match turn {
        Turn::Yours => {}
        Turn::Answered(body) => return Ok(Executed::Before(Bytes::from(body))),
        Turn::Taken(seconds) => {
            let message = "a request with this Idempotency-Key is being executed; ask again in a moment";
            let failure = Failure::new(StatusCode::CONFLICT, Code::IdempotencyKeyInUse, message);
            return Err(failure.retry_after(seconds.min(2)));
        }
        Turn::Other => {
            let message = "this Idempotency-Key was sent with another request; take a new key for each mutation";
            return Err(Failure::new(StatusCode::UNPROCESSABLE_ENTITY, Code::IdempotencyKeyReused, message));
        }
    }
    let store = api.parts.store.clone();
    let aside = tokio::spawn(async move {
        let outcome = execution.await;
        let kept = match &outcome {
            Ok(outcome) if is_final(outcome) => {
                let body = outcome.to_json::<()>(None);
                match String::from_utf8(body.into()) {
                    Ok(body) if body.len() <= MAX_ANSWER => store.keep_answer(&request, body).await,
                    _ => store.give_turn_back(&request).await,
                }
            }
            // It may still be committed at this moment: the turn is held until that is over.
            Err(failure) if failure.code() == Code::Timeout => Ok(()),
            Ok(_) | Err(_) => store.give_turn_back(&request).await,
        };
        if let Err(error) = kept {
            tracing::warn!(%error, "what became of a mutation with an idempotency key could not be noted");
        }
        outcome
    });
    let outcome = aside
        .await
        .map_err(|_| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, "internal error"))??;
    Ok(Executed::Now(outcome))
}

/// Whether sending the request again would answer the same: not where it was refused, nor where something was wrong for
/// the moment.
fn is_final(outcome: &Outcome) -> bool {
    let passing = [Code::Internal, Code::Unavailable, Code::RateLimited, Code::Timeout].map(Code::as_str);
    outcome.is_executed() && !outcome.codes().any(|code| passing.contains(&code))
}

fn unavailable(error: &crate::error::Error) -> Failure {
    tracing::error!(%error, "an idempotency key could not be looked up");
    let message = "mutations can't be executed at the moment; try again";
    Failure::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message)
}
