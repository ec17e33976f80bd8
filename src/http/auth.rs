//! Who sends a request: the `Authorization` header as a [`Viewer`]. A token that opens nothing is refused, never ignored.

use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};

use super::failure::Failure;
use crate::access::Viewer;
use crate::accounts::{Accounts, Refused};
use crate::graphql::error::Code;

/// The token that a request carries, if it carries one.
pub(super) fn token(headers: &HeaderMap) -> Result<Option<&str>, Failure> {
    let mut values = headers.get_all(AUTHORIZATION).into_iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && values.next().is_none() => {
            Ok(Some(token.trim()))
        }
        _ => Err(refused("send one header \"Authorization: Bearer TOKEN\", or none")),
    }
}

/// Who sends this token.
pub(super) async fn viewer(accounts: &Arc<Accounts>, token: &str) -> Result<Viewer, Failure> {
    accounts.viewer(token).await.map_err(|error| match error {
        Refused::Rejected(rejected) => refused(&rejected.to_string()),
        Refused::Unavailable(error) => {
            tracing::error!(%error, "a token could not be checked");
            let message = "tokens can't be checked at the moment; try again";
            Failure::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message)
        }
    })
}

fn refused(message: &str) -> Failure {
    Failure::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, message.to_owned())
}
