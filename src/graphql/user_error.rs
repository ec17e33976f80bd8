//! What a caller can mend, told in the payload of a mutation: which field, which rule, and what to do.

use async_graphql::{Enum, SimpleObject};

use crate::content::Problem;

/// What is wrong with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum UserErrorCode {
    /// The value breaks a rule; the message says which.
    Invalid,
    /// Something is needed here.
    Required,
    /// Somebody has this already: a slug, an id or an address that must be unique.
    Taken,
    /// What is referred to is not there.
    NotFound,
    /// It was changed in the meantime: look at the current state and try again.
    Conflict,
    /// Something else refers to it or depends on it.
    InUse,
}

/// Something that is wrong with an input, and where. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
#[graphql(serial)]
pub(super) struct UserError {
    /// The fields of the input that lead to it, for example `["venue", "mapUrl"]`; empty where it is no single field.
    field: Vec<String>,
    /// What is wrong, for programs.
    code: UserErrorCode,
    /// What is wrong and what to do, for people.
    message: String,
}

impl UserError {
    /// Something wrong with one field.
    pub(super) fn new(field: &str, code: UserErrorCode, message: impl Into<String>) -> Self {
        let field = if field.is_empty() { Vec::new() } else { vec![field.to_owned()] };
        UserError { field, code, message: message.into() }
    }

    /// The error with fields before its own.
    pub(super) fn within(mut self, fields: &[&str]) -> Self {
        self.field.splice(0..0, fields.iter().map(|field| (*field).to_owned()));
        self
    }

    /// The error without the `kind:id` that the store puts before the fields of a record.
    pub(super) fn without_record(mut self) -> Self {
        if self.field.first().is_some_and(|first| first.contains(':')) {
            self.field.remove(0);
        }
        self
    }

    /// The error with the place of a change in the place of the id that it begins with.
    pub(super) fn at_change(mut self, place: impl Fn(&str) -> Option<usize>) -> Self {
        if let Some(place) = self.field.first().and_then(|id| place(id)) {
            self.field.splice(0..1, ["changes".to_owned(), place.to_string()]);
        }
        self
    }
}

impl From<Problem> for UserError {
    fn from(problem: Problem) -> Self {
        let code = match problem.code {
            "blank" | "required" => UserErrorCode::Required,
            "taken" | "duplicate-slug" | "duplicate-id" => UserErrorCode::Taken,
            "dangling-reference" => UserErrorCode::NotFound,
            "conflict" => UserErrorCode::Conflict,
            "in-use" => UserErrorCode::InUse,
            _ => UserErrorCode::Invalid,
        };
        UserError { field: problem.path, code, message: problem.message }
    }
}
