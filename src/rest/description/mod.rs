//! The description of the HTTP API as OpenAPI 3.1, made from what the code has: the list of collections, the list of feeds,
//! the parameters, and the types that are serialized.

mod operations;
mod schemas;

use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathsBuilder};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem};

use super::collections::COLLECTIONS;
use crate::feeds::FEEDS;

const CONTENT: &str = "content";
const RELEASES: &str = "releases";
const FEED: &str = "feeds";
const SERVER: &str = "server";

/// The names in the addresses of what is public now, and of what is in a release.
const CURRENT: &[Segment] = &[Segment::Event];
const FROZEN: &[Segment] = &[Segment::Event, Segment::Release];

/// A name in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Segment {
    Event,
    Release,
}

/// The description.
pub fn openapi() -> OpenApi {
    let text = "What a Plenary server tells over plain HTTP. Items have the shape that they have in the document of an \
                event. Everything here is public; content is changed through GraphQL, at /graphql.";
    let license = LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build();
    let info = InfoBuilder::new()
        .title("Plenary")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(text))
        .license(Some(license));
    let mut paths = PathsBuilder::new();
    for (path, operation) in all_operations() {
        paths = paths.path(path, PathItem::new(HttpMethod::Get, operation.build()));
    }
    let described = OpenApiBuilder::new().info(info.build()).paths(paths.build());
    described.components(Some(schemas::components())).tags(Some(tags())).build()
}

fn all_operations() -> Vec<(String, OperationBuilder)> {
    let mut all = vec![("/events.json".to_owned(), operations::events())];
    for place in [CURRENT, FROZEN] {
        let prefix = if place == FROZEN { "/events/{event}/releases/{number}" } else { "/events/{event}" };
        all.push((format!("{prefix}.json"), operations::document(place)));
        for collection in COLLECTIONS {
            all.push((format!("{prefix}/{}.json", collection.name), operations::collection(collection, place)));
            all.push((format!("{prefix}/{}/{{item}}.json", collection.name), operations::item(collection, place)));
        }
        all.extend(FEEDS.iter().map(|feed| (format!("{prefix}/{}", feed.path), operations::feed(feed, place))));
    }
    all.push(("/events/{event}/releases.json".to_owned(), operations::releases()));
    all.extend(operations::of_server());
    all
}

fn tags() -> Vec<Tag> {
    let tags = [
        (CONTENT, "Events and what they hold, as JSON"),
        (RELEASES, "The same as it was fixed in releases"),
        (FEED, "What calendars, schedule apps, feed readers and search engines read"),
        (SERVER, "The server itself"),
    ];
    tags.into_iter().map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Every `$ref` in a JSON value.
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_operation_has_its_name() {
        let description = serde_json::to_value(openapi()).unwrap();
        assert_eq!(description["openapi"], "3.1.0");
        let mut found = Vec::new();
        references(&description, &mut found);
        assert!(found.len() > 100, "the description refers to its schemas");
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(description.pointer(pointer).is_some_and(Value::is_object), "{reference}");
        }
        let mut names = std::collections::HashSet::new();
        for (path, item) in description["paths"].as_object().unwrap() {
            let name = item["get"]["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{path}: {name} is there twice");
            for word in ["event", "number", "item"] {
                let said = item["get"]["parameters"].as_array().into_iter().flatten();
                let is_said =
                    said.filter(|parameter| parameter["in"] == "path").any(|parameter| parameter["name"] == word);
                assert_eq!(path.contains(&format!("{{{word}}}")), is_said, "{path}: {word}");
            }
        }
    }
}
