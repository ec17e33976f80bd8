//! The fixture site, whole: what comes out, and what is said about it.

use plenary::content::{Document, Record};
use plenary::import::{Imported, jekyll};

use super::{fixture, options, problems};

fn imported() -> Imported {
    let mut options = options("slowcomp-2031");
    options.date = Some(plenary::content::Date("2031-05-02".parse().expect("a date")));
    options.time_zone = Some("Europe/Lisbon".to_owned());
    jekyll::read(&fixture(), &options).expect("the fixture can be read")
}

/// The document with a readable name in the place of every id, for ids are new at every import.
fn with_names_for_ids(document: &Document) -> serde_json::Value {
    let mut json = serde_json::to_string(document).expect("a document is JSON");
    for record in document.records() {
        let name = match &record {
            Record::Event(event) => event.slug.clone(),
            Record::Series(series) => series.slug.clone(),
            Record::Person(person) => person.name.clone(),
            item => item.head().map(|head| head.slug.clone()).unwrap_or_default(),
        };
        json = json.replace(&record.id().to_string(), &format!("{}:{name}", record.kind().name()));
    }
    serde_json::from_str(&json).expect("still JSON")
}

#[test]
fn the_document_is_what_the_site_says() {
    let document = imported().document;
    assert_eq!(problems(&document), Vec::<String>::new());
    insta::assert_json_snapshot!(with_names_for_ids(&document));
}

#[test]
fn everything_odd_is_told() {
    let lines: Vec<String> = imported()
        .diagnostics
        .into_sorted()
        .into_iter()
        .map(|finding| {
            let line = finding.line.map_or_else(String::new, |line| format!(":{line}"));
            let place = format!("{}{line}", finding.file.unwrap_or_default());
            format!("{place} {:?} {}: {}", finding.severity, finding.code, finding.message)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn reading_twice_gives_the_same_but_for_ids() {
    assert_eq!(with_names_for_ids(&imported().document), with_names_for_ids(&imported().document));
}
