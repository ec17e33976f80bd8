//! An operation on a connection that lasts: the same documents, the same guard and the same codes as everywhere.

use std::sync::Arc;

use async_graphql_parser::types::OperationType;
use futures_util::stream::{self, BoxStream, StreamExt};
use http::StatusCode;
use tokio::time::Instant;

use super::millis;
use crate::access::Viewer;
use crate::accounts::Visit;
use crate::graphql::error::Code;
use crate::graphql::execution::{self, Outcome};
use crate::graphql::{Progress, guard};
use crate::http::Api;
use crate::http::failure::Failure;
use crate::http::graphql;
use crate::http::request::GraphqlRequest;
use crate::reading::Reading;

/// What comes of an operation: one outcome for a query, any number for a subscription.
pub(super) struct Operation {
    pub(super) outcomes: BoxStream<'static, Outcome>,
    pub(super) is_subscription: bool,
}

/// Begins an operation, if the guard lets it through. Mutations are refused: a connection that breaks leaves its client in
/// doubt, and over HTTP a mutation can be sent again safely.
pub(super) fn begin(
    api: &Arc<Api>,
    viewer: Viewer,
    request: &GraphqlRequest,
    progress: Arc<Progress>,
) -> Result<Operation, Failure> {
    let document = graphql::document(api, request)?;
    let name = request.operation_name.clone();
    let kind = guard::operation(document.prepared.document(), name.as_deref())?.ty;
    let variables = request.variables();
    api.parts.guard.measure(document.prepared.document(), name.as_deref(), &variables)?;
    let shelf = api.parts.shelf.clone();
    match kind {
        OperationType::Mutation => {
            let message = "mutations are sent by HTTP POST, with an answer in JSON";
            Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest, message))
        }
        OperationType::Query => {
            let (api, request) = (api.clone(), request.clone());
            let answer = async move {
                let deadline = Instant::now() + millis(api.parts.config.server.request_timeout_ms);
                let reading = Arc::new(Reading::new(shelf, viewer, api.parts.clock.now()));
                let visit = Visit { accounts: api.parts.accounts.clone(), from: None };
                let executed = graphql::execute(&api, deadline, visit, &request, &document, variables, &reading).await;
                executed.unwrap_or_else(Failure::into_outcome)
            };
            Ok(Operation { outcomes: stream::once(answer).boxed(), is_subscription: false })
        }
        OperationType::Subscription => {
            let schema = if document.is_trusted() { &api.parts.trusting_schema } else { &api.parts.schema };
            let reading = Arc::new(Reading::lasting(shelf, viewer, api.parts.clock.clone()));
            let outcomes = execution::subscribe(schema, &document.prepared, name, variables, reading, progress)
                .inspect(move |outcome| {
                    if outcome.is_executed() {
                        document.found_valid();
                    }
                });
            Ok(Operation { outcomes: outcomes.boxed(), is_subscription: true })
        }
    }
}

/// Whether an outcome is the failure of its operation: it was not executed, or a subscription has nothing more to tell.
pub(super) fn is_failed(is_subscription: bool, outcome: &Outcome) -> bool {
    if is_subscription { outcome.is_nothing() } else { !outcome.is_executed() }
}
