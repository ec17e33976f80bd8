//! The one guard before execution: how large, how deep and how costly a query may be.
//!
//! Every transport parses through [`Guard::parse`] and measures through [`Guard::measure`] before anything is
//! validated or executed. Both are linear in the text: fragments are measured once and multiplied, never expanded,
//! because validating an expansion is itself the attack (a fragment that spreads another twice doubles with every
//! step). The guard knows the schema only as its SDL, and no request.

mod tokens;
mod types;
mod walk;

use async_graphql::Variables;
use async_graphql_parser::Pos;
use async_graphql_parser::types::ExecutableDocument;
use serde::{Deserialize, Serialize};

use super::error::Code;
use types::TypeMap;

/// How much a query may ask for. Every number is an inclusive maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The length of the document, in bytes.
    pub bytes: usize,
    /// Lexical tokens in the document, comments not counted.
    pub tokens: usize,
    /// How deep fields are nested; `__typename` does not count. The standard introspection query is 15 deep.
    pub depth: u64,
    /// Fields with an alias, after fragments are expanded.
    pub aliases: u64,
    /// Fields at the root of an operation, after fragments are expanded.
    pub root_fields: u64,
    /// Directives in an operation, after fragments are expanded.
    pub directives: u64,
    /// Fields and fragment spreads, after fragments are expanded.
    pub fields: u64,
    /// The cost: every field counts once for each time that it may be in the answer.
    pub cost: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 32_768,
            tokens: 2_000,
            depth: 15,
            aliases: 60,
            root_fields: 20,
            directives: 50,
            fields: 2_000,
            cost: 100_000,
        }
    }
}

/// What a query asks for, in the terms of [`Limits`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measure {
    /// How deep fields are nested.
    pub depth: u64,
    /// Fields with an alias.
    pub aliases: u64,
    /// Fields at the root.
    pub root_fields: u64,
    /// Directives.
    pub directives: u64,
    /// Fields and fragment spreads.
    pub fields: u64,
    /// Fields, each counted as often as it may be in the answer.
    pub cost: u64,
}

/// Why a query is refused before it is executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of fault it is.
    pub code: Code,
    /// What is wrong, and what to do.
    pub message: String,
    /// Where in the document, if at one place.
    pub position: Option<Pos>,
}

impl Refusal {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Refusal { code, message: message.into(), position: None }
    }

    fn at(code: Code, message: impl Into<String>, position: Pos) -> Self {
        Refusal { code, message: message.into(), position: Some(position) }
    }
}

/// The guard of one schema.
#[derive(Debug)]
pub struct Guard {
    types: TypeMap,
    limits: Limits,
}

impl Guard {
    /// A guard for the schema with this SDL.
    pub fn new(sdl: &str, limits: Limits) -> Self {
        Guard { types: TypeMap::from_sdl(sdl), limits }
    }

    /// The limits that it keeps.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Parses a document, if it is short enough to be parsed.
    pub fn parse(&self, text: &str) -> Result<ExecutableDocument, Refusal> {
        if text.len() > self.limits.bytes {
            let message = format!("the document has {} bytes; at most {} are read", text.len(), self.limits.bytes);
            return Err(Refusal::new(Code::TooComplex, message));
        }
        if tokens::exceeds(text, self.limits.tokens) {
            let message = format!("the document has more than {} tokens", self.limits.tokens);
            return Err(Refusal::new(Code::TooComplex, message));
        }
        async_graphql_parser::parse_query(text).map_err(|error| syntax_error(&error))
    }

    /// Measures every operation of a document and refuses it when one is over a limit; answers the measure of the
    /// operation that is to be executed.
    pub fn measure(
        &self,
        document: &ExecutableDocument,
        operation_name: Option<&str>,
        variables: &Variables,
    ) -> Result<Measure, Refusal> {
        let mut chosen = None;
        let mut operations = 0;
        for (name, operation) in document.operations.iter() {
            operations += 1;
            let measure = walk::measure(&self.types, &self.limits, document, &operation.node, variables)?;
            self.keep(&measure)?;
            let named = name.map(|name| name.as_str());
            if operation_name.is_none() || operation_name == named {
                chosen = Some(measure);
            }
        }
        match (operation_name, chosen) {
            (Some(name), None) => {
                let shown: String = name.chars().take(80).collect();
                let message = format!("the document has no operation named \"{shown}\"");
                Err(Refusal::new(Code::OperationResolutionFailure, message))
            }
            (None, _) if operations > 1 => {
                let message = "the document has several operations; say which one in operationName";
                Err(Refusal::new(Code::OperationResolutionFailure, message))
            }
            (_, Some(measure)) => Ok(measure),
            (None, None) => Err(Refusal::new(Code::OperationResolutionFailure, "the document has no operation")),
        }
    }

    fn keep(&self, measure: &Measure) -> Result<(), Refusal> {
        let limits = &self.limits;
        let Measure { depth, aliases, root_fields, directives, fields, cost } = *measure;
        for (what, is, may) in [
            ("levels of fields", depth, limits.depth),
            ("aliases", aliases, limits.aliases),
            ("root fields", root_fields, limits.root_fields),
            ("directives", directives, limits.directives),
            ("fields", fields, limits.fields),
            ("points of cost (ask for smaller pages)", cost, limits.cost),
        ] {
            if is > may {
                let message = format!("the query has {is} {what}; at most {may} are answered");
                return Err(Refusal::new(Code::TooComplex, message));
            }
        }
        Ok(())
    }
}

/// One line about a syntax error: where, and what the grammar would have taken there. It never repeats the query.
fn syntax_error(error: &async_graphql_parser::Error) -> Refusal {
    if matches!(error, async_graphql_parser::Error::RecursionLimitExceeded) {
        return Refusal::new(Code::TooComplex, "selections lie in each other too often to be read");
    }
    let text = error.to_string();
    let expected =
        text.lines().find_map(|line| line.trim_start().strip_prefix("= ")).map(|line| line.replace('_', " "));
    let position = error.positions().next();
    let place = position.map(|at| format!(" at line {}, column {}", at.line, at.column)).unwrap_or_default();
    let expected = expected.map(|expected| format!(": {expected}")).unwrap_or_default();
    Refusal {
        code: Code::GraphqlParseFailed,
        message: format!("the document is not GraphQL{place}{expected}"),
        position,
    }
}

#[cfg(test)]
mod tests;
