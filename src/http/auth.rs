//! Who sends a request: the `Authorization` header as a [`Viewer`]. A token that opens nothing is refused, never ignored.

use std::path::PathBuf;
use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use parking_lot::RwLock;

use super::failure::Failure;
use crate::access::token::TokenKey;
use crate::access::{Viewer, key_file};
use crate::graphql::error::Code;

/// What checks tokens: the key in a file, which may be made after the server has started.
#[derive(Debug)]
pub struct Tokens {
    path: PathBuf,
    key: RwLock<Option<Arc<TokenKey>>>,
}

impl Tokens {
    /// Checks tokens with the key in this file.
    pub fn new(path: PathBuf) -> Tokens {
        Tokens { path, key: RwLock::new(None) }
    }

    fn key(&self) -> Option<Arc<TokenKey>> {
        if let Some(key) = &*self.key.read() {
            return Some(key.clone());
        }
        match key_file::read(&self.path) {
            Ok(Some(key)) => Some(self.key.write().insert(Arc::new(key)).clone()),
            Ok(None) => None,
            Err(error) => {
                tracing::warn!(%error, "tokens can't be checked");
                None
            }
        }
    }

    /// Who sends a request with these headers.
    pub(super) fn viewer(&self, headers: &HeaderMap, now: Timestamp) -> Result<Viewer, Failure> {
        let mut values = headers.get_all(AUTHORIZATION).into_iter();
        let Some(value) = values.next() else { return Ok(Viewer::Anonymous) };
        let text = value.to_str().unwrap_or_default();
        let token = match text.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && values.next().is_none() => token.trim(),
            _ => return Err(refused("send one header \"Authorization: Bearer TOKEN\", or none")),
        };
        let key = self.key().ok_or_else(|| refused("this server has issued no tokens"))?;
        key.verify(token, now).map_err(|rejected| refused(&rejected.to_string()))
    }
}

fn refused(message: &str) -> Failure {
    Failure::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, message.to_owned())
}
