//! The schemas of the description: those of the content come from its types, what is around them is said here.

use serde::Serialize;
use utoipa::openapi::schema::{
    AnyOfBuilder, ArrayBuilder, Components, ComponentsBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type,
};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::super::collections::{COLLECTIONS, PublicRelease, SCHEMAS};
use super::super::parameters::MAX_LIMIT;
use crate::content::{Event, Person};

/// Why a request is not answered (RFC 9457).
#[derive(Serialize, ToSchema)]
struct Problem {
    /// The kind of problem; `about:blank` where the status says it all.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong with this request, and what helps.
    detail: String,
}

/// Every schema, by name.
pub(super) fn components() -> Components {
    let mut components = ComponentsBuilder::new().schemas_from_iter(SCHEMAS.clone());
    let mut name_all = |name: &str, schema: RefOr<Schema>| {
        let builder = std::mem::take(&mut components);
        components = builder.schema(name, schema);
    };
    name_all("Problem", Problem::schema());
    name_all("Selection", selection());
    name_all("Events", page(&<Event as ToSchema>::name(), false));
    name_all("Releases", page(&<PublicRelease as ToSchema>::name(), false));
    for collection in COLLECTIONS {
        let schema = collection.schema_name();
        name_all(&format!("{schema}Page"), page(&schema, true));
        name_all(&format!("{schema}Item"), wrapped(&schema));
    }
    components.build()
}

/// The schema with a name.
pub(super) fn reference(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

/// What is answered when only some fields are asked for.
fn selection() -> RefOr<Schema> {
    let id = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    let text = "The fields that were asked for with `fields`, and always `id`.";
    ObjectBuilder::new().description(Some(text)).property("id", id).required("id").into()
}

fn whole_or_selection(name: &str) -> RefOr<Schema> {
    AnyOfBuilder::new().item(reference(name)).item(reference("Selection")).into()
}

fn people() -> ArrayBuilder {
    ArrayBuilder::new()
        .description(Some("Everybody whom the items refer to, by name; absent where that is nobody."))
        .items(reference(&<Person as ToSchema>::name()))
}

fn page(name: &str, with_people: bool) -> RefOr<Schema> {
    let count = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(0))
        .description(Some("How many items all pages have together."));
    let next = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom("uri".to_owned())))
        .description(Some("Where the next page is; absent in the last one. The header Link says the same."));
    let mut object = ObjectBuilder::new()
        .description(Some("A page of a list."))
        .property("totalCount", count)
        .required("totalCount")
        .property("items", ArrayBuilder::new().items(whole_or_selection(name)).max_items(Some(MAX_LIMIT)))
        .required("items")
        .property("next", next);
    if with_people {
        object = object.property("people", people());
    }
    object.into()
}

fn wrapped(name: &str) -> RefOr<Schema> {
    let object = ObjectBuilder::new().description(Some("An item, with those whom it refers to."));
    object.property("item", whole_or_selection(name)).required("item").property("people", people()).into()
}
