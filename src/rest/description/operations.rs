//! The operations of the description: one for each address.

use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::{OperationBuilder, Parameter as Described, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, RefOr, Required, ResponseBuilder, Schema};

use super::super::collections::{Collection, document_fields, event_fields, release_fields};
use super::super::parameters::{DEFAULT_LIMIT, MAX_LIMIT, Parameter};
use super::schemas::reference;
use super::{CONTENT, FEED, FROZEN, RELEASES, SERVER, Segment};
use crate::content::Document;
use crate::feeds::{Feed, Values};

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// What an answer has beside its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// The header `Link` leads to other pages.
    Paged,
    /// The header `Last-Modified` tells when it changed.
    Dated,
}

pub(super) fn events() -> OperationBuilder {
    let text = "All events that the public sees, the latest first. `updatedSince` looks at the fields of the events \
                themselves; whether anything in an event is new is told by its own address.";
    let operation = operation("listEvents", CONTENT, "All events", text);
    let operation = with_query(operation, Parameter::OF_LISTS, event_fields());
    answered(operation, JSON, reference("Events"), &[Manner::Paged])
}

pub(super) fn releases() -> OperationBuilder {
    let text = "The releases of an event that the public sees, the oldest first.";
    let operation = operation("listReleases", RELEASES, "The releases of an event", text);
    let operation = with_query(with_path(operation, super::CURRENT), Parameter::OF_LISTS, release_fields());
    answered(operation, JSON, reference("Releases"), &[Manner::Paged, Manner::Dated])
}

pub(super) fn document(place: &[Segment]) -> OperationBuilder {
    let (id, summary) = if place == FROZEN { ("getRelease", "A release") } else { ("getEvent", "An event") };
    let text = "The whole document in one answer, in the form that `plenary import document` reads. With `fields` it has \
                only these of its parts.";
    let operation = with_path(operation(id, tag(place), summary, text), place);
    let operation = with_query(operation, Parameter::OF_ITEMS, document_fields());
    let format = ObjectBuilder::new().schema_type(Type::Integer);
    let part = ObjectBuilder::new()
        .description(Some("The parts that were asked for with `fields`."))
        .property("format", format)
        .required("format");
    let whole = reference(&<Document as ToSchema>::name());
    answered(operation, JSON, AnyOfBuilder::new().item(whole).item(part), &[Manner::Dated])
}

pub(super) fn collection(collection: &Collection, place: &[Segment]) -> OperationBuilder {
    let name = capitalised(collection.name);
    let id = if place == FROZEN { format!("listRelease{name}") } else { format!("list{name}") };
    let mut text = collection.description();
    let parameters = if place == FROZEN { Parameter::OF_RELEASES } else { Parameter::OF_LISTS };
    if parameters.contains(&Parameter::UpdatedSince) {
        text += " What is no longer listed is gone: ask for `fields=id` to see what is left.";
    }
    let summary = capitalised(&words(collection.name));
    let operation = with_path(operation(&id, tag(place), &summary, &text), place);
    let operation = with_query(operation, parameters, collection.fields());
    let schema = reference(&format!("{}Page", collection.schema_name()));
    answered(operation, JSON, schema, &[Manner::Paged, Manner::Dated])
}

pub(super) fn item(collection: &Collection, place: &[Segment]) -> OperationBuilder {
    let name = capitalised(&collection.words());
    let id: String = name.split(' ').map(capitalised).collect();
    let id = if place == FROZEN { format!("getRelease{id}") } else { format!("get{id}") };
    let text = "One item, found by its id or, where its kind has them, its slug.";
    let operation = with_path(operation(&id, tag(place), &name, text), place);
    let key = string().min_length(Some(1)).max_length(Some(200)).pattern(Some("^[^/]+$"));
    let operation = operation.parameter(in_path("item", "The id or the slug of the item.", key));
    let operation = with_query(operation, Parameter::OF_ITEMS, collection.fields());
    answered(operation, JSON, reference(&format!("{}Item", collection.schema_name())), &[Manner::Dated])
}

pub(super) fn feed(feed: &Feed, place: &[Segment]) -> OperationBuilder {
    let name: String = feed.path.split(['.', '/']).map(capitalised).collect();
    let id = if place == FROZEN { format!("feedRelease{name}") } else { format!("feed{name}") };
    let mut operation = with_path(operation(&id, FEED, feed.title, feed.title), place);
    for parameter in feed.parameters {
        let value = match parameter.values {
            Values::Any => string(),
            Values::Of(values) => string().enum_values(Some(values.iter().copied())),
            Values::Matching(pattern) => string().pattern(Some(pattern)),
        };
        let described = ParameterBuilder::new()
            .name(parameter.name)
            .parameter_in(ParameterIn::Query)
            .description(Some(parameter.description))
            .schema(Some(value));
        operation = operation.parameter(described);
    }
    let media_type = feed.media_type.split(';').next().unwrap_or(feed.media_type);
    let schema: RefOr<Schema> =
        if media_type.ends_with("json") { utoipa::openapi::schema::empty().into() } else { string().into() };
    answered(operation, media_type, schema, &[Manner::Dated])
}

pub(super) fn of_server() -> Vec<(String, OperationBuilder)> {
    let object = || ObjectBuilder::new().schema_type(Type::Object);
    let ok = |text: &str, media_type: &str| {
        ResponseBuilder::new()
            .description(text)
            .content(media_type, ContentBuilder::new().schema(Some(object())).build())
    };
    let health = operation("health", SERVER, "Whether the process lives", "For those who restart it.")
        .response("200", ok("It lives.", JSON));
    let ready = operation("readiness", SERVER, "Whether the server can answer", "For those who send requests to it.")
        .response("200", ok("It answers, from memory where the database is away.", JSON))
        .response("503", ok("It can't answer.", JSON));
    let keys = operation("publicKeys", SERVER, "The keys that check its tokens", "A JWK Set (RFC 7517).")
        .response("200", ok("The keys.", "application/jwk-set+json"));
    let this = operation("openapi", SERVER, "This description", "OpenAPI 3.1.");
    let this = answered(this, JSON, object(), &[]);
    [("/healthz", health), ("/readyz", ready), ("/.well-known/jwks.json", keys), ("/openapi.json", this)]
        .map(|(path, operation)| (path.to_owned(), operation))
        .into()
}

fn operation(id: &str, tag: &str, summary: &str, text: &str) -> OperationBuilder {
    OperationBuilder::new().operation_id(Some(id)).tag(tag).summary(Some(summary)).description(Some(text))
}

fn tag(place: &[Segment]) -> &'static str {
    if place == FROZEN { RELEASES } else { CONTENT }
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn in_path(name: &str, text: &str, schema: ObjectBuilder) -> Described {
    let described = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
    described.description(Some(text)).schema(Some(schema)).build()
}

fn with_path(operation: OperationBuilder, place: &[Segment]) -> OperationBuilder {
    place.iter().fold(operation, |operation, segment| {
        operation.parameter(match segment {
            Segment::Event => {
                let slug = string().min_length(Some(1)).max_length(Some(80)).pattern(Some("^[a-z0-9]+(-[a-z0-9]+)*$"));
                in_path("event", "The name of the event in addresses, for example `enlsp-2022`.", slug)
            }
            Segment::Release => {
                let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(i32::MAX));
                in_path("number", "The number of the release, counted from 1.", number)
            }
        })
    })
}

fn with_query(operation: OperationBuilder, known: &[Parameter], fields: &[String]) -> OperationBuilder {
    known.iter().fold(operation, |operation, parameter| {
        let described = ParameterBuilder::new().name(parameter.name()).parameter_in(ParameterIn::Query);
        let described = match parameter {
            Parameter::Limit => {
                let limit = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(MAX_LIMIT));
                described
                    .description(Some("How many items a page has at most."))
                    .schema(Some(limit.default(Some(json!(DEFAULT_LIMIT)))))
            }
            Parameter::After => described
                .description(Some("The id of the last item of the page before. Better follow `next`."))
                .schema(Some(string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))))),
            Parameter::Fields => described
                .description(Some("The only fields that are answered, parted by commas; `id` always is."))
                .style(Some(ParameterStyle::Form))
                .explode(Some(false))
                .schema(Some(
                    ArrayBuilder::new()
                        .min_items(Some(1))
                        .items(string().enum_values(Some(fields.iter().map(String::as_str)))),
                )),
            Parameter::UpdatedSince => described
                .description(Some("Only what changed or appeared at this instant or later (RFC 3339)."))
                .schema(Some(string().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))))),
        };
        operation.parameter(described)
    })
}

/// The answers of an address of the content: what it tells, that nothing is new, and the problems.
fn answered(
    operation: OperationBuilder,
    media_type: &str,
    schema: impl Into<RefOr<Schema>>,
    manners: &[Manner],
) -> OperationBuilder {
    let header = |text: &str| HeaderBuilder::new().schema(Some(string())).description(Some(text)).build();
    let tag = || header("Names these bytes (RFC 9110 §8.8.3).");
    let mut ok = ResponseBuilder::new()
        .description("The answer.")
        .content(media_type, ContentBuilder::new().schema(Some(schema)).build())
        .header("ETag", tag())
        .header("Cache-Control", header("How long it may be kept (RFC 9111)."));
    if manners.contains(&Manner::Dated) {
        ok = ok.header("Last-Modified", header("When it last changed (RFC 9110 §8.8.2)."));
    }
    if manners.contains(&Manner::Paged) {
        ok = ok.header("Link", header("The first page and the next one (RFC 8288)."));
    }
    let unchanged = ResponseBuilder::new().description("Nothing has changed.").header("ETag", tag());
    let problems = [
        ("400", "The request can't be understood."),
        ("401", "The token opens nothing. Without one everything here is answered."),
        ("404", "There is no such thing, or the public does not see it."),
        ("405", "The address takes GET, HEAD and OPTIONS only."),
        ("503", "The content can't be read at the moment."),
        ("504", "The answer took too long."),
    ];
    let too_long = ResponseBuilder::new().description("The address is longer than 64 KiB.");
    let operation = operation.response("200", ok).response("304", unchanged).response("414", too_long);
    problems.into_iter().fold(operation, |operation, (status, text)| {
        let content = ContentBuilder::new().schema(Some(reference("Problem"))).build();
        operation.response(status, ResponseBuilder::new().description(text).content(PROBLEM, content))
    })
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `importantDates` as `important dates`.
fn words(name: &str) -> String {
    name.chars().fold(String::new(), |mut words, letter| {
        if letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
        words
    })
}
