//! What looks wrong in content, as mutations tell it.

use async_graphql::Object;

use crate::content::{Id, Severity};
use crate::publishing::checks::Finding;

/// Something in the content that looks wrong. It never keeps anything from being written.
#[derive(Clone, Debug)]
pub(super) struct FindingNode(pub(super) Finding);

/// Something in the content that looks wrong, for a person to look at. It never keeps anything from being written.
#[Object(name = "Finding", serial)]
impl FindingNode {
    /// How bad it is.
    async fn severity(&self) -> Severity {
        self.0.severity
    }

    /// A stable word for programs, in kebab-case, for example `person-twice`.
    async fn code(&self) -> &'static str {
        self.0.code
    }

    /// The ids of the records that it concerns, the one to mend first.
    async fn record_ids(&self) -> &[Id] {
        &self.0.records
    }

    /// What looks wrong, and where, for people.
    async fn message(&self) -> &str {
        &self.0.message
    }
}
