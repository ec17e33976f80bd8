//! Search over everything that a view shows, best first.

use async_graphql::{ComplexObject, Result, SimpleObject};

use super::connection::{Page, PageArguments, Places, page};
use super::error::Code;
use super::node::Node;
use super::scope::Scope;
use crate::content::Kind;
use crate::snapshot::{Hit, MAX_QUERY};

/// Something that was found, and why.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct SearchResult {
    /// Of which kind it is.
    kind: Kind,
    /// How well it fits; only to be compared with the other results of the same search.
    score: f32,
    #[graphql(skip)]
    hit: Hit,
    #[graphql(skip)]
    scope: Scope,
}

/// A piece of what was found, around the words that were searched for.
#[derive(SimpleObject)]
pub struct SearchSnippet {
    /// The piece as plain text.
    text: String,
    /// The piece as HTML in which the words that were searched for are in `<mark>`; everything else is escaped.
    html: String,
}

#[ComplexObject]
impl SearchResult {
    /// What was found.
    async fn node(&self) -> Result<Node> {
        let record = self.scope.record(self.hit.id);
        record
            .map(|record| Node::new(&record, &self.scope))
            .ok_or_else(|| Code::Internal.error("the result is missing"))
    }

    /// What it is called.
    async fn title(&self) -> &str {
        self.hit.title()
    }

    /// A piece of its text around the words that were searched for.
    async fn snippet(&self) -> SearchSnippet {
        let snippet = self.hit.snippet();
        SearchSnippet { html: snippet.html(), text: snippet.text }
    }
}

/// A page of what fits a query, best first.
pub fn search(
    scope: &Scope,
    query: &str,
    kinds: Option<&[Kind]>,
    arguments: &PageArguments,
) -> Result<Page<SearchResult>> {
    if query.trim().is_empty() {
        return Err(Code::BadUserInput.error("query is empty; say what to search for"));
    }
    if query.chars().count() > MAX_QUERY {
        return Err(Code::BadUserInput.error(format!("query is longer than {MAX_QUERY} characters")));
    }
    let hits = scope.search(query, kinds);
    let place_of = |id| hits.iter().position(|hit| hit.id == id);
    page::<SearchResult>(arguments, &Places::All(hits.len()), place_of, |place| {
        let hit = hits[place].clone();
        (hit.id, SearchResult { kind: hit.kind, score: hit.score, hit, scope: scope.clone() })
    })
}
