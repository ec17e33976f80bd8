//! The one guard before execution: how large, how deep and how costly a query may be.
//!
//! Every transport parses through [`Guard::parse`] and measures through [`Guard::measure`] before anything is
//! validated or executed. Both are linear in the text: fragments are measured once and multiplied, never expanded,
//! because validating an expansion is itself the attack (a fragment that spreads another twice doubles with every
//! step). The guard knows the schema only as its SDL, and no request.

mod tokens;
mod types;
mod variables;
mod walk;

use async_graphql::Variables;
use async_graphql_parser::Pos;
use async_graphql_parser::types::{ExecutableDocument, OperationDefinition};
use serde::Serialize;

use super::error::Code;
use crate::config::{GraphqlConfig, Limits};
use types::TypeMap;
#[cfg(test)]
pub(super) use walk::is_secret;

/// The mutations of which an operation may have one: they try a secret, and an operation with many would be many
/// attempts in one request.
pub(super) const SIGN_INS: [&str; 5] = ["login", "refreshSession", "logout", "changePassword", "acceptInvitation"];

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
    /// Mutations that try a password or a token.
    #[serde(skip)]
    pub sign_ins: u64,
    /// Fields of mutations whose values nobody must keep.
    #[serde(skip)]
    pub secrets: u64,
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
    introspection: bool,
}

impl Guard {
    /// A guard for the schema with this SDL.
    pub fn new(sdl: &str, config: &GraphqlConfig) -> Self {
        Guard { types: TypeMap::from_sdl(sdl), limits: config.limits, introspection: config.introspection }
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

    /// Measures every operation of a document and refuses it when one is over a limit, or when the chosen one can't be
    /// executed with these variables; answers the measure of the chosen one.
    pub fn measure(
        &self,
        document: &ExecutableDocument,
        operation_name: Option<&str>,
        variables: &Variables,
    ) -> Result<Measure, Refusal> {
        let chosen = operation(document, operation_name)?;
        let mut measured = Measure::default();
        let mut walked = walk::Walked::default();
        for (_, operation) in document.operations.iter() {
            let measure = walk::measure(self, document, &operation.node, variables, &mut walked)?;
            self.keep(&measure)?;
            if std::ptr::eq(&operation.node, chosen) {
                measured = measure;
            }
        }
        walk::check_all_fragments_are_used(document, &walked)?;
        variables::check(&self.types, chosen, variables)?;
        Ok(measured)
    }

    fn keep(&self, measure: &Measure) -> Result<(), Refusal> {
        let limits = &self.limits;
        let Measure { depth, aliases, root_fields, directives, fields, cost, sign_ins, secrets: _ } = *measure;
        for (what, is, may) in [
            ("levels of fields", depth, limits.depth),
            ("aliases", aliases, limits.aliases),
            ("root fields", root_fields, limits.root_fields),
            ("directives", directives, limits.directives),
            ("fields", fields, limits.fields),
            ("points of cost (ask for smaller pages)", cost, limits.cost),
            ("fields that sign in or out", sign_ins, 1),
        ] {
            if is > may {
                let message = format!("the query has {is} {what}; at most {may} are answered");
                return Err(Refusal::new(Code::TooComplex, message));
            }
        }
        Ok(())
    }
}

/// The operation that is to be executed: the one with this name, or the only one.
pub fn operation<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, Refusal> {
    let mut operations = document.operations.iter();
    if let Some(wanted) = name {
        let found = operations.find(|(name, _)| name.is_some_and(|name| name.as_str() == wanted));
        return found.map(|(_, operation)| &operation.node).ok_or_else(|| {
            let shown: String = wanted.chars().take(80).collect();
            let message = format!("the document has no operation named \"{shown}\"");
            Refusal::new(Code::OperationResolutionFailure, message)
        });
    }
    match (operations.next(), operations.next()) {
        (Some((_, operation)), None) => Ok(&operation.node),
        (Some(_), Some(_)) => {
            let message = "the document has several operations; say which one in operationName";
            Err(Refusal::new(Code::OperationResolutionFailure, message))
        }
        (None, _) => Err(Refusal::new(Code::OperationResolutionFailure, "the document has no operation")),
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
