//! The feeds as pure functions: valid for the schemas and readable for the apps, whatever the content.

mod apps;
mod nasty;
mod schemas;

use plenary::content::Document;
use plenary::feeds::{self, Options, Source};
use plenary::snapshot::{Snapshot, Stamp, View};

const BASE: &str = "https://plenary.example";

/// A snapshot of a document as the public would see it.
fn snapshot(document: Document) -> Snapshot {
    Snapshot::new(document, View::Public, Stamp { revision: 7, release: None, released_at: None })
}

/// A feed of a snapshot.
fn rendered(snapshot: &Snapshot, path: &str) -> String {
    let feed = feeds::feed(path).unwrap();
    let bytes = (feed.render)(&Source { snapshot, base_url: BASE }, &Options::default()).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_same_content_is_the_same_bytes() {
    for document in nasty::documents() {
        let (one, other) = (snapshot(document.clone()), snapshot(document));
        for feed in feeds::FEEDS {
            assert_eq!(rendered(&one, feed.path), rendered(&other, feed.path), "{}", feed.path);
        }
    }
}
