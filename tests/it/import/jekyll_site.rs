//! The fixture site, whole: what comes out, and what is said about it.

use plenary::import::{Imported, jekyll};

use super::{fixture, options, problems, told, with_names_for_ids};

fn imported() -> Imported {
    let mut options = options("slowcomp-2031");
    options.date = Some(plenary::content::Date("2031-05-02".parse().expect("a date")));
    options.time_zone = Some("Europe/Lisbon".to_owned());
    jekyll::read(&fixture(), &options).expect("the fixture can be read")
}

#[test]
fn the_document_is_what_the_site_says() {
    let document = imported().document;
    assert_eq!(problems(&document), Vec::<String>::new());
    insta::assert_json_snapshot!(with_names_for_ids(&document));
}

#[test]
fn everything_odd_is_told() {
    insta::assert_snapshot!(told(imported().diagnostics));
}

#[test]
fn reading_twice_gives_the_same_but_for_ids() {
    assert_eq!(with_names_for_ids(&imported().document), with_names_for_ids(&imported().document));
}
