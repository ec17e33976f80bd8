//! What a caller is told when something goes wrong: one code each, and never a word about the inside.

use async_graphql::{Error, ErrorExtensions};

use crate::reading::Denied;

/// The values of `extensions.code`; `docs/errors.md` lists them for callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The HTTP request is not a GraphQL request.
    BadRequest,
    /// The document is not GraphQL.
    GraphqlParseFailed,
    /// The document does not fit the schema.
    GraphqlValidationFailed,
    /// The document has no operation of that name, or several and none was named.
    OperationResolutionFailure,
    /// A variable or an argument has a value that can't be used.
    BadUserInput,
    /// The hash of a persisted query is not known: send the query along once.
    PersistedQueryNotFound,
    /// The query is larger, deeper or costlier than this server answers.
    TooComplex,
    /// This needs a token.
    Unauthenticated,
    /// You may see this and not change it.
    Forbidden,
    /// What was asked for is not there.
    NotFound,
    /// A subscription can't go on from where the client was.
    ResumeImpossible,
    /// A request with this idempotency key is being executed: ask again in a moment.
    IdempotencyKeyInUse,
    /// The idempotency key was sent with another request.
    IdempotencyKeyReused,
    /// As many connections or operations are open as may be.
    LimitReached,
    /// The content can't be read at the moment: try again.
    Unavailable,
    /// There were too many attempts: wait.
    RateLimited,
    /// The answer took too long.
    Timeout,
    /// A fault of this server.
    Internal,
}

impl Code {
    /// Every code.
    pub const ALL: [Code; 18] = [
        Code::BadRequest,
        Code::GraphqlParseFailed,
        Code::GraphqlValidationFailed,
        Code::OperationResolutionFailure,
        Code::BadUserInput,
        Code::PersistedQueryNotFound,
        Code::TooComplex,
        Code::Unauthenticated,
        Code::Forbidden,
        Code::NotFound,
        Code::ResumeImpossible,
        Code::IdempotencyKeyInUse,
        Code::IdempotencyKeyReused,
        Code::LimitReached,
        Code::Unavailable,
        Code::RateLimited,
        Code::Timeout,
        Code::Internal,
    ];

    /// The code as it stands in `extensions.code`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::BadRequest => "BAD_REQUEST",
            Code::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Code::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Code::OperationResolutionFailure => "OPERATION_RESOLUTION_FAILURE",
            Code::BadUserInput => "BAD_USER_INPUT",
            Code::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Code::TooComplex => "TOO_COMPLEX",
            Code::Unauthenticated => "UNAUTHENTICATED",
            Code::Forbidden => "FORBIDDEN",
            Code::NotFound => "NOT_FOUND",
            Code::ResumeImpossible => "RESUME_IMPOSSIBLE",
            Code::IdempotencyKeyInUse => "IDEMPOTENCY_KEY_IN_USE",
            Code::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Code::LimitReached => "LIMIT_REACHED",
            Code::Unavailable => "UNAVAILABLE",
            Code::RateLimited => "RATE_LIMITED",
            Code::Timeout => "TIMEOUT",
            Code::Internal => "INTERNAL",
        }
    }

    /// An error with this code.
    pub fn error(self, message: impl Into<String>) -> Error {
        Error::new(message).extend_with(|_, extensions| extensions.set("code", self.as_str()))
    }
}

/// What a caller is told who may not read, or can't at the moment. What happened inside is for the log.
pub fn denied(denied: Denied) -> Error {
    match denied {
        Denied::Unauthenticated => Code::Unauthenticated.error("the working view needs a token"),
        Denied::Unavailable(error) => {
            tracing::error!(%error, "content could not be read");
            Code::Unavailable.error("the content can't be read at the moment; try again")
        }
    }
}
