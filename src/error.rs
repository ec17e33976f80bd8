//! Errors for the operator: what a command or the server says when it can't go on.
//!
//! Which error type to use when: [`Error`] for what stops a command or a request on this side; `content::Problem` for
//! what is wrong with content and can be mended by whoever wrote it; `import::Diagnostic` for what an importer found in
//! its input; `graphql::error` for what a caller of the API is told. The text of an [`Error`] never reaches a caller.

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting is missing or bad; the message names its key.
    #[error("configuration: {0}")]
    Configuration(String),
    /// The database can't be reached, or refused.
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// The database's schema is not the one that this version needs.
    #[error("{0}")]
    Schema(String),
    /// What the database holds can't be understood by this version.
    #[error("stored {kind} {id} can't be read: {source}")]
    Corrupt {
        /// The kind of the record.
        kind: &'static str,
        /// Its id.
        id: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// Content that breaks a rule and was therefore not stored.
    #[error("{}", problems_in_lines(.0))]
    Invalid(Vec<crate::content::Problem>),
    /// The input of a command can't be used at all.
    #[error("{0}")]
    Input(String),
    /// Something that was named is not there.
    #[error("{0}")]
    NotFound(String),
    /// Something that several waited for failed, once for all of them.
    #[error("{0}")]
    Shared(std::sync::Arc<Error>),
    /// A file or a socket refused.
    #[error("{context}: {source}")]
    Io {
        /// What was attempted, with the path or address.
        context: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Error {
    /// Says what was attempted when the system refused.
    pub fn io(context: impl Into<String>) -> impl FnOnce(std::io::Error) -> Error {
        let context = context.into();
        move |source| Error::Io { context, source }
    }
}

fn problems_in_lines(problems: &[crate::content::Problem]) -> String {
    let lines: Vec<_> =
        problems.iter().map(|problem| format!("{}: {}", problem.path.join("."), problem.message)).collect();
    format!("the content breaks {} rule(s):\n{}", lines.len(), lines.join("\n"))
}
