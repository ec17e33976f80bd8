//! Publishing by releases, through running servers: what the public sees, and what it does not.

mod commands;
mod leaks;
mod publishing;

use std::sync::Arc;
use std::time::Duration;

use plenary::access::{Editor, Viewer};
use plenary::content::{Document, Publication};
use plenary::store::Store;
use serde_json::Value;

use crate::harness::{Server, plenary, sample};

const SLUG: &str = "sample";

fn editor() -> Editor {
    Viewer::Operator.creator().unwrap()
}

/// The sample event, published by releases, with nothing embargoed.
fn document() -> Document {
    let mut document = sample::document(1, SLUG);
    Arc::make_mut(&mut document.event).publication = Publication::Released;
    document
}

async fn put(store: &Store, document: &Document) {
    store.put_document(&editor(), document.clone(), sample::now()).await.unwrap();
}

/// Asks in a process of its own, as the operator, who may do everything.
async fn operator(database: &str, query: &str) -> Value {
    let output = plenary(database, &["query", query]).await;
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Waits until a server has seen everything that was written so far: an event that comes last is there.
async fn followed(server: &Server, store: &Store) {
    static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let slug = format!("marker-{number}");
    put(store, &Document::new(sample::event(900_000 + u128::from(number), &slug))).await;
    let query = format!("{{ event(slug: \"{slug}\") {{ slug }} }}");
    for _ in 0..200 {
        if server.graphql(&query).await["data"]["event"]["slug"] == slug {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the server does not follow");
}

/// What stands at a place of an answer.
fn at<'a>(answer: &'a Value, pointer: &str) -> &'a Value {
    answer.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer} of {answer}"))
}
