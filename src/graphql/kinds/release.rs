//! How releases are asked for.

use std::sync::Arc;

use async_graphql::{Object, Result};

use crate::content::{DateTime, Id, Markdown, Release};
use crate::graphql::connection::{Connection, Identified, Listed, Listing, PageArguments};
use crate::graphql::scope::Scope;
use crate::snapshot::View;

/// A release of an event, as a view shows it.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct ReleaseNode {
    release: Arc<Release>,
    view: View,
}

impl ReleaseNode {
    pub(in crate::graphql) fn new(release: &Arc<Release>, view: View) -> Self {
        ReleaseNode { release: release.clone(), view }
    }

    /// Which release of its event it is.
    pub(in crate::graphql) fn place(&self) -> i32 {
        self.release.number
    }
}

/// A state of an event's content that was fixed: numbered, and never changed again. `event(slug:, release:)` shows it.
#[Object(name = "Release", serial)]
impl ReleaseNode {
    /// Which release of the event it is, counted from 1.
    async fn number(&self) -> i32 {
        self.release.number
    }

    /// The name of the version, for example `Final programme`; absent where nobody gave one.
    async fn name(&self) -> Option<&str> {
        self.release.name.as_deref()
    }

    /// What is new in it, in its makers' words.
    async fn note(&self) -> Option<&Markdown> {
        self.release.note.as_ref()
    }

    /// When it was made, in the time zone that the event had in it.
    async fn published_at(&self) -> DateTime {
        DateTime::new(self.release.at, &self.release.event.zone())
    }

    /// Who made it: `operator`, or `user:` and an id, with `/token:` and an id where a script made it; only in the working
    /// view.
    async fn published_by(&self) -> Option<&str> {
        (self.view == View::Working).then_some(self.release.actor.as_str())
    }
}

impl Identified for Release {
    fn identity(&self) -> Id {
        self.id
    }
}

impl Listed for ReleaseNode {
    const CONNECTION: &'static str = "ReleaseConnection";
    const EDGE: &'static str = "ReleaseEdge";
}

/// The release that a snapshot shows, where it shows one.
pub(in crate::graphql) fn shown(scope: &Scope) -> Option<ReleaseNode> {
    let number = scope.stamp().release?;
    let release = scope.releases().iter().find(|release| release.number == number)?;
    Some(ReleaseNode::new(release, scope.view()))
}

/// The releases that a snapshot's view shows, the newest first.
pub(in crate::graphql) fn list(scope: &Scope, page: &PageArguments) -> Result<Connection<ReleaseNode>> {
    let newest_first = Listing::Chosen(scope.releases().iter().rev().collect());
    page.page(&newest_first, |release| ReleaseNode::new(release, scope.view()))
}
