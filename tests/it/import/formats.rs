//! Every format by the command line, on both databases: what comes in, comes again, and comes corrected.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::Value;

use super::schedule;
use crate::harness::database::shared_server;
use crate::harness::plenary;

/// The event that everything comes into.
const EVENT: &str = "tides-2031";

/// A format with its fixture, and a correction of it.
struct Case {
    format: &'static [&'static str],
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

const fn case(format: &'static [&'static str], file: &'static str, from: &'static str, to: &'static str) -> Case {
    Case { format, file, from, to }
}

static CASES: [Case; 12] = [
    case(&["frab"], "frab.xml", "Night swim", "Midnight run over the dunes"),
    case(&["frab"], "pentabarf.xml", "Long night", "A very different title"),
    case(&["c3voc"], "c3voc1.json", "\"Pumps\"", "\"Sails\""),
    case(&["c3voc"], "c3voc2.json", "CANCELED", "CONFIRMED"),
    case(&["sessionize"], "sessionize.json", "Pumps for everybody", "Pumps for nobody at all"),
    case(&["sessionize"], "sessionize_grid.json", "Pumps for everybody", "Pumps for nobody at all"),
    case(&["sched"], "sched.json", "\"Lunch\"", "\"A late breakfast\""),
    case(&["openreview"], "openreview2.json", "We study pumps.", "We build pumps."),
    case(&["openreview"], "openreview1.json", "old.pdf", "new.pdf"),
    case(&["csv", "people"], "people.csv", "Tides Inc.", "Tides Ltd."),
    case(&["csv", "papers"], "papers.csv", "Dry Land", "Drier Land"),
    case(&["csv", "sessions"], "sessions.csv", "9:15\t", "9:20\t"),
];

/// What the command answers.
async fn run(url: &str, arguments: &[&str]) -> Value {
    let output = plenary(url, arguments).await;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn import(url: &str, format: &[&str], file: &str) -> Value {
    let mut arguments = vec!["import"];
    arguments.extend(format);
    arguments.extend([file, "--event", EVENT, "--format", "json"]);
    // What tells no zone of its own is told one; the others know it already.
    if matches!(format, ["sessionize" | "sched" | "frab" | "c3voc"]) {
        arguments.extend(["--time-zone", "Europe/Lisbon"]);
    }
    run(url, &arguments).await
}

fn ids(document: &Value) -> BTreeSet<String> {
    let lists = document.as_object().unwrap().values().filter_map(Value::as_array).flatten();
    lists.filter_map(|item| item["id"].as_str().map(str::to_owned)).collect()
}

async fn check(case: &Case, url: &str) {
    let Case { format, file, from, to } = case;
    let name = format!("{format:?} {file}");
    if matches!(format, ["openreview" | "csv", ..]) {
        let base = schedule("frab.xml").display().to_string();
        import(url, &["frab"], &base).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(file);
    let path = copy.display().to_string();
    let bytes = std::fs::read(schedule(file)).unwrap();
    std::fs::write(&copy, &bytes).unwrap();
    let first = import(url, format, &path).await;
    assert!(first["changes"]["created"].as_i64() > Some(0), "{name}: {first}");
    let export = async || run(url, &["export", "document", EVENT]).await;
    let stored = export().await;

    let again = import(url, format, &path).await;
    for what in ["created", "updated", "deleted"] {
        assert_eq!(again["changes"][what], 0, "{name}: {again}");
    }
    assert_eq!(again["revision"], first["revision"], "{name}");
    assert_eq!(export().await, stored, "{name}");

    // The tables are not all UTF-8.
    let places: Vec<usize> =
        bytes.windows(from.len()).enumerate().filter(|(_, part)| *part == from.as_bytes()).map(|(at, _)| at).collect();
    let mut corrected = bytes;
    assert!(!places.is_empty(), "{name} has no {from}");
    for at in places.into_iter().rev() {
        corrected.splice(at..at + from.len(), to.bytes());
    }
    std::fs::write(&copy, corrected).unwrap();
    let changed = import(url, format, &path).await;
    let counts = ["created", "deleted"].map(|what| changed["changes"][what].as_i64());
    assert_eq!(counts, [Some(0), Some(0)], "{name}: {changed}");
    assert!(changed["changes"]["updated"].as_i64() > Some(0), "{name}: {changed}");
    assert!(changed["revision"].as_i64() > first["revision"].as_i64(), "{name}");
    let updated = export().await;
    assert_eq!(ids(&updated), ids(&stored), "{name}");
    assert_ne!(updated, stored, "{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_again_changes_nothing_and_what_is_corrected_stays_itself() {
    let folder = tempfile::tempdir().unwrap();
    let on_sqlite = CASES.iter().enumerate().map(|(number, case)| {
        let url = format!("sqlite://{}?mode=rwc", folder.path().join(format!("{number}.db")).display());
        async move { check(case, &url).await }
    });
    join_all(on_sqlite).await;
    let on_postgres = CASES.iter().map(async |case| check(case, &shared_server().database().await).await);
    join_all(on_postgres).await;
}
