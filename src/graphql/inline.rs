//! Objects whose fields are resolved in one go.
//!
//! async-graphql boxes a future for each field of each object and waits for all of them. Below the root nothing of ours
//! ever waits, so for the usual selection, plain fields, one future an object does. Whatever is not plain (fragments,
//! directives, the same response key twice) is left to the library, and so is every rule about errors. Extensions of
//! async-graphql do not see these fields; this schema has none.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value};

/// An object, to be resolved in one go. In the schema it is the object.
#[derive(Clone, Debug)]
pub(super) struct Inline<T>(pub(super) T);

impl<T: ContainerType> OutputType for Inline<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        in_one_go(context, &self.0, field).await
    }
}

/// The same for an object that is held elsewhere. (The library takes a reference to one of several types for the type that
/// they have in common.)
#[derive(Clone, Debug)]
pub(super) struct InlineRef<'a, T>(pub(super) &'a T);

impl<T: ContainerType> OutputType for InlineRef<'_, T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        in_one_go(context, self.0, field).await
    }
}

async fn in_one_go<T: ContainerType>(
    context: &ContextSelectionSet<'_>,
    object: &T,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    if is_plain(context) {
        let all: Pin<Box<dyn Future<Output = Option<Value>> + Send>> = Box::pin(resolved(context, object));
        if let Some(value) = all.await {
            return Ok(value);
        }
    }
    object.resolve(context, field).await
}

/// Whether a selection has nothing but fields without directives, each with a response key of its own.
fn is_plain(context: &ContextSelectionSet<'_>) -> bool {
    let items = &context.item.node.items;
    items.iter().enumerate().all(|(place, item)| {
        let Selection::Field(field) = &item.node else { return false };
        let name = &field.node.response_key().node;
        let is_before = |other: &Positioned<Selection>| match &other.node {
            Selection::Field(other) => other.node.response_key().node == *name,
            _ => true,
        };
        field.node.directives.is_empty() && !items[..place].iter().any(is_before)
    })
}

/// All fields of a plain selection, in their order. A field that fails is noted and left out, as the library does it.
async fn resolved<T: ContainerType>(context: &ContextSelectionSet<'_>, object: &T) -> Option<Value> {
    let items = &context.item.node.items;
    let mut fields: IndexMap<Name, Value> = IndexMap::with_capacity(items.len());
    for item in items {
        let Selection::Field(field) = &item.node else { return None };
        let field_context = context.with_field(field);
        let key = field.node.response_key().node.clone();
        if field.node.name.node == "__typename" {
            fields.insert(key, Value::String(object.introspection_type_name().into_owned()));
            continue;
        }
        match object.resolve_field(&field_context).await {
            Ok(value) => _ = fields.insert(key, value.unwrap_or_default()),
            Err(error) => context.add_error(error),
        }
    }
    Some(if fields.is_empty() { Value::Null } else { Value::Object(fields) })
}
