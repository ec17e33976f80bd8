//! What a search finds, as pages of results.

use async_graphql::{Object, Result, SimpleObject};

use super::connection::{Connection, Identified, Listed, Listing, PageArguments};
use super::error::Code;
use super::node::Node;
use super::scope::Scope;
use crate::content::{Id, Kind};
use crate::snapshot::{Hit, MAX_QUERY};

/// The arguments of a search, as they were given.
#[derive(Debug)]
pub(super) struct SearchArguments {
    pub query: String,
    pub kinds: Option<Vec<Kind>>,
    pub page: PageArguments,
}

impl SearchArguments {
    pub(super) fn search(self, scope: &Scope) -> Result<Connection<SearchResult>> {
        if self.query.trim().is_empty() || self.query.chars().count() > MAX_QUERY {
            return Err(Code::BadUserInput.error(format!("`query` must have 1 to {MAX_QUERY} characters")));
        }
        let hits = scope.search(&self.query, self.kinds.as_deref());
        let found: Vec<_> = hits.into_iter().map(std::sync::Arc::new).collect();
        self.page.page(&Listing::Whole(&found), |hit| SearchResult { hit: Hit::clone(hit), scope: scope.clone() })
    }
}

impl Identified for Hit {
    fn identity(&self) -> Id {
        self.id
    }
}

/// Something that a search has found.
#[derive(Clone, Debug)]
pub(super) struct SearchResult {
    hit: Hit,
    scope: Scope,
}

/// Something that a search has found.
#[Object]
impl SearchResult {
    /// What was found. What a person is at the event is found as the person.
    async fn node(&self) -> Option<Node> {
        self.scope.record(self.hit.id).and_then(|record| Node::new(&record, &self.scope))
    }

    /// Which kind of record it is.
    async fn kind(&self) -> Kind {
        self.hit.kind
    }

    /// What it is called.
    async fn title(&self) -> &str {
        self.hit.title()
    }

    /// How well it matches: above 0, greater is better, comparable only within one search.
    async fn score(&self) -> f32 {
        self.hit.score
    }

    /// The piece of its text that matches best.
    async fn snippet(&self) -> SearchSnippet {
        let snippet = self.hit.snippet();
        SearchSnippet { html: snippet.html(), text: snippet.text }
    }
}

/// A piece of a text around what matches.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial)]
pub(super) struct SearchSnippet {
    /// The piece in one line of plain text, about 200 characters, with `…` where the text goes on.
    text: String,
    /// The piece as HTML: escaped, with `<mark>` around the words that match.
    html: String,
}

impl Listed for SearchResult {
    const CONNECTION: &'static str = "SearchConnection";
    const EDGE: &'static str = "SearchEdge";
}
