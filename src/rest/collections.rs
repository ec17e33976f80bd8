//! The collections of an event, under the names that they have in its document.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::content::{
    Announcement, Award, Document, Event, Id, ImportantDate, Kind, Link, Markdown, Page, Paper, Participation, Person,
    Record, Room, Session, Sponsor, SponsorTier, Topic, Track,
};
use crate::snapshot::Snapshot;

/// One collection: what `/events/{event}/{name}.json` lists.
#[derive(Debug)]
pub struct Collection {
    /// Its name in the document and in addresses, for example `importantDates`.
    pub name: &'static str,
    /// The kind of its items.
    kind: Kind,
    records: fn(&Document) -> Vec<Record>,
    /// The name of the schema of its items.
    schema: fn() -> String,
}

/// A release, as everybody may see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Release)]
pub(super) struct PublicRelease<'a> {
    /// The release's identity.
    pub(super) id: Id,
    /// Which release of the event it is, counted from 1.
    pub(super) number: i32,
    /// The name of the version, for example `v1.0` or `Final programme`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'a str>,
    /// What is new in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<&'a Markdown>,
    /// When it was made.
    pub(super) published_at: Timestamp,
}

macro_rules! collections {
    ($($name:literal $field:ident $type:ident $kind:ident;)*) => {
        &[$(Collection {
            name: $name,
            kind: Kind::$kind,
            records: |document| document.$field.iter().cloned().map(Record::$type).collect(),
            schema: || <$type as ToSchema>::name().into_owned(),
        },)*]
    };
}

/// Every collection.
pub static COLLECTIONS: &[Collection] = collections! {
    "people" people Person Person;
    "speakers" speakers Participation Speaker;
    "panelists" panelists Participation Panelist;
    "organizers" organizers Participation Organizer;
    "volunteers" volunteers Participation Volunteer;
    "committee" committee Participation CommitteeMember;
    "rooms" rooms Room Room;
    "tracks" tracks Track Track;
    "papers" papers Paper Paper;
    "sessions" sessions Session Session;
    "topics" topics Topic Topic;
    "importantDates" important_dates ImportantDate ImportantDate;
    "announcements" announcements Announcement Announcement;
    "pages" pages Page Page;
    "awards" awards Award Award;
    "sponsorTiers" sponsor_tiers SponsorTier SponsorTier;
    "sponsors" sponsors Sponsor Sponsor;
    "links" links Link Link;
};

/// The collection with a name.
pub fn collection(name: &str) -> Option<&'static Collection> {
    COLLECTIONS.iter().find(|collection| collection.name == name)
}

/// The parts of a document.
pub fn document_fields() -> &'static [String] {
    fields_of(&<Document as ToSchema>::name())
}

/// The fields of an event in lists of events.
pub fn event_fields() -> &'static [String] {
    fields_of(&<Event as ToSchema>::name())
}

/// The fields of a release in the list of releases.
pub fn release_fields() -> &'static [String] {
    fields_of(&<PublicRelease as ToSchema>::name())
}

impl Collection {
    /// Its items, in their order.
    pub fn records(&self, document: &Document) -> Vec<Record> {
        (self.records)(document)
    }

    /// The item with an id or, where items of its kind have one, with a slug.
    pub fn find(&self, snapshot: &Snapshot, key: &str) -> Option<Record> {
        let by_id = key.parse::<Id>().ok().and_then(|id| snapshot.record(id));
        by_id.filter(|record| record.kind() == self.kind).or_else(|| snapshot.by_slug(self.kind, key))
    }

    /// The fields that its items may have.
    pub fn fields(&self) -> &'static [String] {
        fields_of(&self.schema_name())
    }

    /// The name of the schema of its items.
    pub(super) fn schema_name(&self) -> String {
        (self.schema)()
    }

    /// One of its items, in words.
    pub(super) fn words(&self) -> String {
        self.kind.words()
    }

    /// What it lists, in words.
    pub(super) fn description(&self) -> String {
        let document = serde_json::to_value(Document::schema()).unwrap_or_default();
        let description = document["properties"][self.name]["description"].as_str();
        description.unwrap_or(self.name).to_owned()
    }
}

/// The schemas of everything that is answered, by name: made from the types that are serialized.
pub(super) static SCHEMAS: LazyLock<BTreeMap<String, RefOr<Schema>>> = LazyLock::new(|| {
    let mut schemas = vec![
        (<Document as ToSchema>::name().into_owned(), Document::schema()),
        (<PublicRelease as ToSchema>::name().into_owned(), PublicRelease::schema()),
    ];
    Document::schemas(&mut schemas);
    PublicRelease::schemas(&mut schemas);
    schemas.into_iter().collect()
});

static FIELDS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let schemas = serde_json::to_value(&*SCHEMAS).unwrap_or_default();
    SCHEMAS.keys().map(|name| (name.clone(), properties(&schemas, &schemas[name]))).collect()
});

fn fields_of(schema: &str) -> &'static [String] {
    FIELDS.get(schema).map_or(&[], Vec::as_slice)
}

/// The names of the properties of a schema, with those of the schemas that it is put together from.
fn properties(schemas: &Value, schema: &Value) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(reference) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        names.extend(properties(schemas, &schemas[reference]));
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        names.extend(properties(schemas, part));
    }
    names.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::examples;

    #[test]
    fn every_list_of_the_document_is_a_collection() {
        let document = serde_json::to_value(Document::schema()).unwrap();
        let lists = document["properties"].as_object().unwrap().iter().filter(|(_, schema)| schema["type"] == "array");
        let lists: Vec<&String> = lists.map(|(name, _)| name).collect();
        let mut names: Vec<&str> = COLLECTIONS.iter().map(|collection| collection.name).collect();
        names.sort_unstable();
        assert_eq!(lists, names);
    }

    #[test]
    fn the_fields_are_those_that_are_serialized() {
        let mut session = examples::session(1, "Opening", "2022-12-02T14:00:00Z", "2022-12-02T15:00:00Z");
        session.room = Some(examples::id(2));
        let json = serde_json::to_value(&session).unwrap();
        let known = collection("sessions").unwrap().fields();
        for field in json.as_object().unwrap().keys() {
            assert!(known.contains(field), "{field} is not in {known:?}");
        }
        assert!(release_fields().contains(&"publishedAt".to_owned()));
        assert!(event_fields().contains(&"timeZone".to_owned()));
    }
}
