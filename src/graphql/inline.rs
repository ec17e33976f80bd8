//! Objects and lists of objects that are written as JSON in one go.
//!
//! async-graphql boxes a future for each field of each object, waits for all of them, and makes a map of what they come
//! to, which is then written as JSON. Below the root nothing of ours ever waits, so for the usual selection, plain fields,
//! one future a list does, and it writes the JSON itself. Whatever is not plain (fragments, directives, the same response
//! key twice) is left to the library, and so is every rule about errors. Extensions of async-graphql do not see these
//! fields; this schema has none.

use std::borrow::Cow;
use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::{ContainerType, Fields, resolve_list};
use async_graphql::{Context, ContextSelectionSet, OutputType, Positioned, ServerError, ServerResult, Value};

use super::json::{self, Sequence};

/// Data of a request that says: what is here written in one go need not be merged with anything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unmerged;

/// An object, to be written in one go. In the schema it is the object.
#[derive(Clone, Debug)]
pub(super) struct Inline<T>(pub(super) T);

/// An object that is held elsewhere. (The library forgets which of several types stands behind a plain reference.)
#[derive(Clone, Debug)]
pub(super) struct Ref<'a, T>(pub(super) &'a T);

/// A list of objects, to be written in one go. In the schema it is a list without nulls.
#[derive(Clone, Debug)]
pub(super) struct InlineList<T>(Vec<T>);

impl<T> FromIterator<T> for InlineList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        InlineList(items.into_iter().collect())
    }
}

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
        if !is_plain(context) {
            return self.0.resolve(context, field).await;
        }
        let writing: Writing<'_> = Box::pin(async {
            let mut json = Vec::new();
            write_object(&mut json, context, &self.0).await?;
            Ok(json)
        });
        value_of(writing.await, field)
    }
}

impl<T: ContainerType> OutputType for InlineList<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        if !is_plain(context) {
            return resolve_list(context, field, &self.0, Some(self.0.len())).await;
        }
        let writing: Writing<'_> = Box::pin(async {
            let mut json = Vec::new();
            let mut list = Sequence::list(&mut json);
            for (place, item) in self.0.iter().enumerate() {
                write_object(list.next(), &context.with_index(place), item).await?;
            }
            list.end();
            Ok(json)
        });
        value_of(writing.await, field)
    }
}

impl<T: ContainerType> OutputType for Ref<'_, T> {
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
        self.0.resolve(context, field).await
    }
}

impl<T: ContainerType> ContainerType for Ref<'_, T> {
    async fn resolve_field(&self, context: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(context).await
    }

    fn collect_all_fields<'a>(
        &'a self,
        context: &ContextSelectionSet<'a>,
        fields: &mut Fields<'a>,
    ) -> ServerResult<()> {
        self.0.collect_all_fields(context, fields)
    }
}

/// The future of what is written: boxed, because objects hold objects.
type Writing<'a> = Pin<Box<dyn Future<Output = json::Result<Vec<u8>>> + Send + 'a>>;

fn value_of(written: json::Result<Vec<u8>>, field: &Positioned<Field>) -> ServerResult<Value> {
    let failed = |error| ServerError::new(format!("an object could not be written as JSON: {error}"), Some(field.pos));
    written.map(|json| Value::Binary(json.into())).map_err(failed)
}

/// Adds all fields of a plain selection, in their order. A field that fails is noted and left out, as the library does it.
async fn write_object<T: ContainerType>(
    json: &mut Vec<u8>,
    context: &ContextSelectionSet<'_>,
    object: &T,
) -> json::Result<()> {
    let mut fields = Sequence::object(json);
    for item in &context.item.node.items {
        let Selection::Field(field) = &item.node else { continue };
        let key = &field.node.response_key().node;
        if field.node.name.node == "__typename" {
            let name = Value::String(object.introspection_type_name().into_owned());
            json::write(fields.field(key), &name)?;
            continue;
        }
        match object.resolve_field(&context.with_field(field)).await {
            Ok(value) => json::write(fields.field(key), &value.unwrap_or_default())?,
            Err(error) => context.add_error(error),
        }
    }
    fields.end_or_null();
    Ok(())
}

/// Whether a selection has nothing but fields without directives, each with a response key of its own, in a request whose
/// answer needs no merging.
fn is_plain(context: &ContextSelectionSet<'_>) -> bool {
    let items = &context.item.node.items;
    let is_plain = items.iter().enumerate().all(|(place, item)| {
        let Selection::Field(field) = &item.node else { return false };
        let name = &field.node.response_key().node;
        let is_other = |other: &Positioned<Selection>| match &other.node {
            Selection::Field(other) => other.node.response_key().node != *name,
            _ => false,
        };
        field.node.directives.is_empty() && items[..place].iter().all(is_other)
    });
    is_plain && context.data_opt::<Unmerged>().is_some()
}

/// Whether a document asks for the same object twice in one place, so that the library has to merge what came of both. It
/// may say so of documents where that is not needed: those that spread the same fragment twice in one place.
pub(super) fn needs_merging(document: &ExecutableDocument) -> bool {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    operations.chain(fragments).any(|set| has_merging_below(document, set))
}

fn has_merging_below(document: &ExecutableDocument, set: &SelectionSet) -> bool {
    let below = |item: &Positioned<Selection>| match &item.node {
        Selection::Field(field) => has_merging_below(document, &field.node.selection_set.node),
        Selection::InlineFragment(inline) => has_merging_below(document, &inline.node.selection_set.node),
        Selection::FragmentSpread(_) => false,
    };
    Place::default().needs_merging(document, set) || set.items.iter().any(below)
}

/// What is asked for in one place: the response keys of objects there, and the fragments that are spread there.
#[derive(Default)]
struct Place<'a> {
    objects: HashSet<&'a str>,
    fragments: HashSet<&'a str>,
}

impl<'a> Place<'a> {
    fn needs_merging(&mut self, document: &'a ExecutableDocument, set: &'a SelectionSet) -> bool {
        set.items.iter().any(|item| match &item.node {
            Selection::Field(field) => {
                let is_object = !field.node.selection_set.node.items.is_empty();
                is_object && !self.objects.insert(&field.node.response_key().node)
            }
            Selection::InlineFragment(inline) => self.needs_merging(document, &inline.node.selection_set.node),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                let is_again = !self.fragments.insert(name);
                let fragment = document.fragments.get(name);
                is_again || fragment.is_some_and(|it| self.needs_merging(document, &it.node.selection_set.node))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn only_objects_that_are_asked_for_twice_in_one_place_need_merging() {
        for (query, expected) in [
            ("{ a { b c } d: a { b } }", false),
            ("{ a { b } a { c } }", true),
            ("{ a b a }", false),
            ("{ a { __typename ...f ... on A { b } __typename } } fragment f on A { __typename b }", false),
            ("{ a { ...f ...g } } fragment f on A { b { c } } fragment g on A { b { d } }", true),
            ("{ a { ...f b { d } } } fragment f on A { ... @include(if: true) { b { c } } }", true),
            ("{ a { ...f } b { ...f } } fragment f on A { c { d } }", false),
            ("{ a { ...f ...f } } fragment f on A { b }", true),
            ("{ ...f } fragment f on Query { a { b { c } b { d } } }", true),
            ("query a { x { y } } query b { x { y } }", false),
        ] {
            assert_eq!(needs_merging(&parse_query(query).unwrap()), expected, "{query}");
        }
    }

    #[test]
    fn a_fan_of_fragments_is_told_at_once() {
        let fragments = |count: usize| {
            let one = |n: usize| {
                format!("fragment f{n} on Query {{ ...f{0} ...g{0} }} fragment g{n} on Query {{ ...f{0} }} ", n + 1)
            };
            (0..count).map(one).collect::<String>()
        };
        let query =
            format!("{{ ...f0 }} {} fragment f200 on Query {{ a }} fragment g200 on Query {{ a }}", fragments(200));
        assert!(needs_merging(&parse_query(query).unwrap()));
    }
}
