//! Schedules by the command line, into a database.

use std::path::Path;

use serde_json::Value;

use super::{schedule, schedules};
use crate::harness::plenary;

/// What a command answers as JSON, or its error.
async fn run(url: &str, arguments: &[&str]) -> Result<Value, String> {
    let output = plenary(url, arguments).await;
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    if output.status.success() {
        return Ok(serde_json::from_str(&text).unwrap_or(Value::String(text)));
    }
    assert_eq!(text, "");
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn database(folder: &Path) -> String {
    format!("sqlite://{}?mode=rwc", folder.join("plenary.db").display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_comes_in_twice_and_under_two_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = database(folder.path());
    let file = schedule("frab.xml").display().to_string();
    let import = async |event: &str| {
        run(&url, &["import", "frab", &file, "--event", event, "--format", "json"]).await.expect("imported")
    };
    let first = import("tides-2031").await;
    assert_eq!(first["counts"]["session"]["created"], 6);
    let again = import("tides-2031").await;
    assert_eq!(
        (&again["changes"]["created"], &again["changes"]["updated"], &again["changes"]["deleted"]),
        (&0.into(), &0.into(), &0.into())
    );
    assert_eq!(again["revision"], first["revision"]);
    let other = import("tides-copy").await;
    assert_eq!(other["counts"]["session"]["created"], 6);
    let again = import("tides-copy").await;
    assert_eq!(
        (&again["changes"]["created"], &again["changes"]["updated"], &again["changes"]["deleted"]),
        (&0.into(), &0.into(), &0.into())
    );

    let notes = schedule("openreview2.json").display().to_string();
    let papers = run(&url, &["import", "openreview", &notes, "--event", "tides-2031", "--format", "json"])
        .await
        .expect("imported");
    assert_eq!(papers["counts"]["paper"]["created"], 2);
    // A schedule says nothing of papers, which stay.
    let again = import("tides-2031").await;
    assert_eq!(again["changes"]["deleted"], 0);
    let table = schedule("people.csv").display().to_string();
    let people = run(&url, &["import", "csv", "people", &table, "--event", "tides-2031", "--format", "json"])
        .await
        .expect("imported");
    assert_eq!(people["changes"]["deleted"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_read_leaves_the_database_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = database(folder.path());
    let file = schedule("c3voc1.json").display().to_string();
    run(&url, &["import", "c3voc", &file, "--event", "tides-2031"]).await.expect("imported");
    let before = run(&url, &["export", "document", "tides-2031"]).await.expect("exported");
    let empty = folder.path().join("empty.json");
    std::fs::write(&empty, "{\"schedule\":{\"conference\":{\"days\":[]}}}").expect("a file");
    for path in [empty.to_str().expect("UTF-8"), "/no/such/file", folder.path().to_str().expect("UTF-8")] {
        let error = run(&url, &["import", "c3voc", path, "--event", "tides-2031"]).await.expect_err("it is refused");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let error = run(&url, &["import", "openreview", &file, "--event", "nothing-2031"]).await.expect_err("no event");
    assert!(error.contains("there is no event nothing-2031"), "{error}");
    assert_eq!(run(&url, &["export", "document", "tides-2031"]).await.expect("exported"), before);
    let template = run(&url, &["import", "csv", "--template", "sessions"]).await.expect("printed");
    assert!(template.as_str().is_some_and(|text| text.starts_with("title,kind,day")), "{template}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_schedule_comes_in_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = database(folder.path());
    let file = folder.path().join("large.xml");
    std::fs::write(&file, schedules::large()).expect("a file");
    let begun = std::time::Instant::now();
    let outcome =
        run(&url, &["import", "frab", &file.display().to_string(), "--event", "large-2031", "--format", "json"])
            .await
            .expect("imported");
    eprintln!("1,300 events came in within {:?}", begun.elapsed());
    assert_eq!(outcome["counts"]["session"]["created"], 1300);
}
