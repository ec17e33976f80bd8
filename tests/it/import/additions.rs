//! Papers from OpenReview and tables: they come into an event, change what they tell, and delete nothing.

use plenary::content::{Document, Kind};
use plenary::error::Error;
use plenary::import::csv::{self, Sheet};
use plenary::import::{Diagnostics, Imported, frab, input::Input, openreview};
use plenary::publishing::{Edit, diff};

use super::{options, problems, schedule, told, with_names_for_ids};

/// An event with a programme.
fn event() -> Document {
    let mut document =
        frab::read(&schedule("frab.xml"), &options("tides-2031")).expect("the fixture can be read").document;
    document.sort();
    document
}

fn notes(name: &str, stored: &Document) -> Imported {
    openreview::read(&schedule(name), stored.clone(), None, &options("tides-2031")).expect("the notes can be read")
}

fn table(name: &str, sheet: Sheet, stored: &Document) -> Imported {
    csv::read(&schedule(name), sheet, stored.clone(), &options("tides-2031")).expect("the table can be read")
}

fn text(text: &str, sheet: Sheet, stored: &Document) -> Result<Imported, Error> {
    csv::read_input(&Input::of("x.csv", text), sheet, stored.clone(), &options("tides-2031"), Diagnostics::default())
}

/// Only what came in or changed, and what was told.
fn golden(name: &str, stored: &Document, imported: Imported) -> Document {
    let Imported { document, diagnostics, .. } = imported;
    assert_eq!(problems(&document), Vec::<String>::new(), "{name}");
    let edits = diff(Some(stored), &document);
    assert!(edits.iter().all(|edit| edit.after.is_some()), "{name} deletes nothing");
    let changed: Vec<_> = edits.iter().map(|edit| edit.id).collect();
    let mut shown = with_names_for_ids(&document);
    for (list, items) in shown.as_object_mut().expect("a document is an object") {
        let Some(items) = items.as_array_mut() else { continue };
        let kept: Vec<_> = document.records().into_iter().filter(|record| changed.contains(&record.id())).collect();
        items.retain(|item| {
            kept.iter().any(|record| {
                let name = match record {
                    plenary::content::Record::Person(person) => person.name.clone(),
                    other => other.head().map(|head| head.slug.clone()).unwrap_or_default(),
                };
                item["id"] == format!("{}:{name}", record.kind().name())
            })
        });
        let _ = list;
    }
    let map = shown.as_object_mut().expect("a document is an object");
    map.retain(|_, value| value.as_array().is_some_and(|items| !items.is_empty()));
    insta::assert_json_snapshot!(name, shown);
    insta::assert_snapshot!(format!("{name}_told"), told(diagnostics));
    document
}

#[test]
fn notes_of_both_shapes_are_papers() {
    let stored = event();
    let papers = golden("openreview2", &stored, notes("openreview2.json", &stored));
    let again = notes("openreview2.json", &papers).document;
    assert_eq!(diff(Some(&papers), &again), Vec::<Edit>::new());
    golden("openreview1", &stored, notes("openreview1.json", &stored));
}

#[test]
fn tables_are_people_papers_and_sessions() {
    let stored = event();
    let people = golden("people", &stored, table("people.csv", Sheet::People, &stored));
    assert_eq!(diff(Some(&people), &table("people.csv", Sheet::People, &people).document), Vec::<Edit>::new());
    let papers = golden("papers", &stored, table("papers.csv", Sheet::Papers, &stored));
    assert_eq!(diff(Some(&papers), &table("papers.csv", Sheet::Papers, &papers).document), Vec::<Edit>::new());
    let sessions = golden("sessions", &papers, table("sessions.csv", Sheet::Sessions, &papers));
    assert_eq!(diff(Some(&sessions), &table("sessions.csv", Sheet::Sessions, &sessions).document), Vec::<Edit>::new());
}

#[test]
fn a_corrected_cell_changes_that_item() {
    let stored = event();
    let sheet = "title,day,start,end,room\nA walk,2031-06-14,10:00,11:00,Beach\nA talk,2031-06-14,11:00,12:00,Beach\n";
    let first = text(sheet, Sheet::Sessions, &stored).expect("a table").document;
    for (from, to) in [("A walk", "A long walk by the sea"), ("10:00", "09:30"), ("12:00", "12:30")] {
        let again = text(&sheet.replace(from, to), Sheet::Sessions, &first).expect("a table").document;
        let edits: Vec<_> = diff(Some(&first), &again).iter().map(|edit| (edit.kind, edit.before.is_some())).collect();
        assert_eq!(edits, [(Kind::Session, true)], "{from} → {to}");
    }
}

#[test]
fn delimiters_are_found_out() {
    let stored = event();
    for delimiter in [",", ";", "\t", "|"] {
        let sheet = format!("Name{delimiter}Role\n\"Ada; Falk, jr|\t\"{delimiter}speaker\n")
            .replace("Ada; Falk, jr|\t", "Zoe Zorn");
        let document = text(&sheet, Sheet::People, &stored).expect("a table").document;
        assert!(document.people.iter().any(|person| person.name == "Zoe Zorn"), "{sheet}");
    }
}

#[test]
fn templates_are_tables_that_can_be_read() {
    let stored = event();
    for (sheet, kind) in
        [(Sheet::People, Kind::Speaker), (Sheet::Papers, Kind::Paper), (Sheet::Sessions, Kind::Session)]
    {
        let Imported { document, diagnostics, .. } =
            text(csv::template(sheet), sheet, &stored).expect("the template can be read");
        assert_eq!(told(diagnostics), "", "{sheet:?}");
        assert!(
            diff(Some(&stored), &document).iter().any(|edit| edit.kind == kind && edit.before.is_none()),
            "{sheet:?}"
        );
    }
}

#[test]
fn what_is_no_table_or_no_notes_is_one_error() {
    let stored = event();
    for sheet in ["", "<html>", "[]", "Ada Falk,speaker\n", "name,role\n", "PK\u{3}\u{4}\0"] {
        assert!(matches!(text(sheet, Sheet::People, &stored), Err(Error::Input(_))), "{sheet:?}");
    }
    for notes in ["", "{}", "[]", "{\"notes\":[]}", "{\"notes\":[{\"content\":{}}]}"] {
        let input = Input::of("x.json", notes);
        let read = openreview::read_input(&input, stored.clone(), None, &options("x"), Diagnostics::default());
        assert!(matches!(read, Err(Error::Input(_))), "{notes}");
    }
}
