//! Executes a guarded document over a reading, and sorts what went wrong into codes.
//!
//! Used by every transport and by the command line. It knows no HTTP.

use std::sync::Arc;

use async_graphql::{Name, Request, Response, ServerError, Value, Variables};
use async_graphql_parser::types::{ExecutableDocument, Selection, SelectionSet};
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt};
use serde::Serialize;

use super::Schema;
use super::error::Code;
use super::guard;
use super::inline::{self, Unmerged};
use super::json::{self, Sequence};
use super::subscription::Progress;
use crate::accounts::Visit;
use crate::reading::Reading;

/// The longest error message that leaves; messages may quote names out of a query.
const MAX_MESSAGE: usize = 400;

/// What came out of an execution.
#[derive(Debug)]
pub struct Outcome {
    /// What the operation asked for; `None` when it was not executed. Parts of it may be JSON already.
    data: Option<Value>,
    /// What went wrong, each with its `extensions.code`.
    pub errors: Vec<ServerError>,
}

/// A document that is ready to be executed, any number of times.
#[derive(Clone, Debug)]
pub struct Prepared {
    document: ExecutableDocument,
    needs_merging: bool,
}

impl Prepared {
    /// Looks at the whole document, once.
    pub fn new(document: ExecutableDocument) -> Self {
        let needs_merging = inline::needs_merging(&document);
        Prepared { document, needs_merging }
    }

    /// The document.
    pub fn document(&self) -> &ExecutableDocument {
        &self.document
    }

    fn request(&self, operation_name: Option<String>, variables: Variables) -> Request {
        let mut request = Request::new("").variables(variables);
        request.operation_name = operation_name;
        request.set_parsed_query(self.document.clone());
        if self.needs_merging { request } else { request.data(Unmerged) }
    }
}

/// Executes one operation of a document that the guard has let through.
pub async fn execute(
    schema: &Schema,
    prepared: &Prepared,
    operation_name: Option<String>,
    variables: Variables,
    reading: Arc<Reading>,
    visit: Option<Visit>,
) -> Outcome {
    let keys = root_keys(&prepared.document, operation_name.as_deref());
    let mut request = prepared.request(operation_name, variables).data(reading);
    if let Some(visit) = visit {
        request = request.data(visit);
    }
    let mut outcome = sorted(schema.execute(request).await);
    if let Some(data) = &mut outcome.data {
        put_in_order(data, &keys);
    }
    outcome
}

/// The names of the fields at the root of the answer, in the order in which they are asked for; some may be there twice.
fn root_keys(document: &ExecutableDocument, operation_name: Option<&str>) -> Vec<Name> {
    fn collect(document: &ExecutableDocument, set: &SelectionSet, keys: &mut Vec<Name>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => keys.push(field.node.response_key().node.clone()),
                Selection::InlineFragment(inline) => collect(document, &inline.node.selection_set.node, keys),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        collect(document, &fragment.node.selection_set.node, keys);
                    }
                }
            }
        }
    }
    let mut keys = Vec::new();
    if let Ok(operation) = guard::operation(document, operation_name) {
        collect(document, &operation.selection_set.node, &mut keys);
    }
    keys
}

/// Puts the fields at the root into the order in which they were asked for. async-graphql leaves them in the order in which
/// they were done, which is not that of the specification (§7.2.2), and would tell what had to be looked for.
fn put_in_order(data: &mut Value, keys: &[Name]) {
    let Value::Object(fields) = data else { return };
    let mut done = std::mem::take(fields);
    for key in keys {
        if let Some(value) = done.swap_remove(key) {
            fields.insert(key.clone(), value);
        }
    }
    fields.extend(done);
}

/// Executes a subscription that the guard has let through: an outcome for each message.
pub fn subscribe(
    schema: &Schema,
    prepared: &Prepared,
    operation_name: Option<String>,
    variables: Variables,
    reading: Arc<Reading>,
    progress: Arc<Progress>,
) -> BoxStream<'static, Outcome> {
    let request = prepared.request(operation_name, variables).data(reading).data(progress);
    schema.execute_stream(request).map(sorted).boxed()
}

/// Gives every error of a response its code.
fn sorted(response: Response) -> Outcome {
    let mut errors = response.errors;
    // Errors of validation have no path, and nothing was executed; errors of execution always have one.
    let refused = !errors.is_empty() && response.data == Value::Null && errors.iter().all(|e| e.path.is_empty());
    for error in &mut errors {
        classify(error, refused);
    }
    Outcome { data: (!refused).then_some(response.data), errors }
}

impl Outcome {
    /// Nothing was executed.
    pub fn refused(errors: Vec<ServerError>) -> Self {
        Outcome { data: None, errors }
    }

    /// Whether everything that was asked for is there.
    pub fn is_whole(&self) -> bool {
        self.errors.is_empty()
    }

    /// Whether the operation was executed, however it went.
    pub fn is_executed(&self) -> bool {
        self.data.is_some()
    }

    /// The codes of what went wrong.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.errors.iter().filter_map(|error| match coded(error) {
            Some(Value::String(code)) => Some(code.as_str()),
            _ => None,
        })
    }

    /// Whether nothing that was asked for is there: a subscription that comes to this is over.
    pub fn is_nothing(&self) -> bool {
        self.data.as_ref().is_none_or(|data| *data == Value::Null)
    }

    /// The response's JSON, with `extensions` if there are any.
    pub fn to_json<E: Serialize>(&self, extensions: Option<&E>) -> Bytes {
        to_json(&self.errors, self.data.as_ref(), extensions)
    }
}

/// The JSON of a response that has errors only.
pub fn errors_to_json(errors: &[ServerError]) -> Bytes {
    to_json::<()>(errors, None, None)
}

/// The JSON of a list of errors.
pub fn error_list_to_json(errors: &[ServerError]) -> Bytes {
    written(|json| sonic_rs::to_writer(json, errors))
}

/// Errors come first, as the specification suggests.
fn to_json<E: Serialize>(errors: &[ServerError], data: Option<&Value>, extensions: Option<&E>) -> Bytes {
    written(|json| {
        let mut body = Sequence::object(json);
        if !errors.is_empty() {
            sonic_rs::to_writer(body.field("errors"), errors)?;
        }
        if let Some(data) = data {
            json::write(body.field("data"), data)?;
        }
        if let Some(extensions) = extensions {
            sonic_rs::to_writer(body.field("extensions"), extensions)?;
        }
        body.end();
        Ok(())
    })
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> json::Result<()>) -> Bytes {
    let mut text = Vec::with_capacity(16 * 1024);
    match write(&mut text) {
        Ok(()) => text.into(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            Bytes::from_static(br#"{"errors":[{"message":"internal error","extensions":{"code":"INTERNAL"}}]}"#)
        }
    }
}

/// Gives an error its code, where the resolver has not. What has no code and is not known to be the caller's fault is
/// a fault of this server: it is logged, and the caller is not told what it says.
fn classify(error: &mut ServerError, refused: bool) {
    let code = match coded(error) {
        Some(_) => None,
        None if error.message.starts_with("Invalid value for argument")
            || error.message.starts_with("Failed to parse ") =>
        {
            Some(Code::BadUserInput)
        }
        None if refused => Some(Code::GraphqlValidationFailed),
        None => {
            tracing::error!(message = %error.message, path = ?error.path, "a resolver failed without a code");
            error.message = "internal error".to_owned();
            Some(Code::Internal)
        }
    };
    if let Some(code) = code {
        error.extensions.get_or_insert_default().set("code", code.as_str());
    }
    let line = error.message.split(['\n', '\r']).next().unwrap_or_default();
    if line.len() < error.message.len() || line.len() > MAX_MESSAGE {
        error.message = line.chars().take(MAX_MESSAGE).collect();
    }
}

fn coded(error: &ServerError) -> Option<&Value> {
    error.extensions.as_ref().and_then(|extensions| extensions.get("code"))
}
