//! Who is at the other end of a connection that lasts, and whether they still are.

use std::fmt::{Debug, Formatter};
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use tokio::time::timeout;

use crate::access::Viewer;
use crate::graphql::error::Code;
use crate::http::failure::Failure;
use crate::http::{Api, auth};

/// How long it may take to find out who somebody is, for those who are known already.
const PATIENCE: Duration = Duration::from_secs(1);

/// Somebody with their credentials, which are looked at again from time to time.
pub(super) struct Identity {
    credentials: HeaderMap,
    viewer: Viewer,
}

impl Debug for Identity {
    /// The credentials are not shown.
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Identity").field("viewer", &self.viewer).finish_non_exhaustive()
    }
}

impl Identity {
    /// Whoever sends these headers.
    pub(super) async fn of(api: &Api, headers: &HeaderMap) -> Result<Identity, Failure> {
        let credentials: HeaderMap =
            headers.get_all(AUTHORIZATION).iter().map(|value| (AUTHORIZATION, value.clone())).collect();
        let viewer = viewer(api, &credentials).await?;
        Ok(Identity { credentials, viewer })
    }

    /// Whoever gives this as the value of an `Authorization` header.
    pub(super) async fn with_authorization(api: &Api, authorization: &str) -> Result<Identity, Failure> {
        // What can't be a header is no credential either; the empty one is refused like any bad one.
        let value = HeaderValue::from_str(authorization).unwrap_or(HeaderValue::from_static(""));
        Identity::of(api, &HeaderMap::from_iter([(AUTHORIZATION, value)])).await
    }

    /// Who it is.
    pub(super) fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// Whether they still are who they were, with the rights that they had. Whoever is nobody stays so, and nobody is
    /// sent away because it can't be found out at the moment.
    pub(super) async fn is_still_right(&self, api: &Api) -> bool {
        if self.credentials.is_empty() {
            return true;
        }
        match timeout(PATIENCE, viewer(api, &self.credentials)).await {
            Ok(Ok(viewer)) => viewer == self.viewer,
            Ok(Err(failure)) => failure.code() != Code::Unauthenticated,
            Err(_) => true,
        }
    }
}

/// The one place that asks who somebody is.
async fn viewer(api: &Api, credentials: &HeaderMap) -> Result<Viewer, Failure> {
    match auth::token(credentials)? {
        Some(token) => auth::viewer(&api.parts.accounts, token).await,
        None => Ok(Viewer::Anonymous),
    }
}
