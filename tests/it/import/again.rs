//! Importing again: the same site changes nothing, a corrected site changes what was corrected.

use std::fs;
use std::path::Path;

use plenary::content::{Document, Kind};
use plenary::import::identity::{self, Known};
use plenary::import::{Diagnostics, Imported, jekyll};
use plenary::publishing::{Edit, diff};
use serde_json::Value;

use super::{fixture, options};
use crate::harness::plenary;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn read(site: &Path, stored: Option<&Document>) -> Document {
    let Imported { document, mut diagnostics, .. } = jekyll::read(site, &options("slowcomp-2031")).unwrap();
    let mut document =
        identity::keep(document, Known { stored: stored.cloned(), ..Known::default() }, &mut diagnostics);
    document.drop_unreferenced();
    document
}

/// The edits that a change of one file makes.
fn edits_after(file: &str, from: &str, to: &str) -> Vec<Edit> {
    let folder = tempfile::tempdir().unwrap();
    copy(&fixture(), folder.path());
    let stored = read(folder.path(), None);
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from} is not in {file}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    diff(Some(&stored), &read(folder.path(), Some(&stored)))
}

#[test]
fn the_same_site_changes_nothing() {
    let stored = read(&fixture(), None);
    assert_eq!(diff(Some(&stored), &read(&fixture(), Some(&stored))), vec![]);
}

#[test]
fn a_site_has_no_words_for_who_must_not_be_recorded() {
    let mut stored = read(&fixture(), None);
    std::sync::Arc::make_mut(&mut stored.sessions[1]).do_not_record = true;
    assert_eq!(diff(Some(&stored), &read(&fixture(), Some(&stored))), vec![]);
}

#[test]
fn nothing_is_kept_where_nothing_was() {
    let imported = jekyll::read(&fixture(), &options("slowcomp-2031")).unwrap().document;
    let kept = identity::keep(imported.clone(), Known::default(), &mut Diagnostics::default());
    assert_eq!(kept, imported);
}

#[test]
fn a_correction_changes_one_item() {
    for (file, from, to, kind) in [
        ("_data/topics.yml", "title: Patience", "title: More patience", Kind::Topic),
        ("_data/navigation.yml", "title: Home", "title: Start", Kind::Link),
        ("index.md", "hurries them", "hurries it", Kind::Page),
        ("index.md", "Room Tejo", "Room Douro", Kind::Room),
    ] {
        let edits: Vec<_> = edits_after(file, from, to).into_iter().filter(|edit| edit.kind != Kind::Event).collect();
        let shown: Vec<_> = edits.iter().map(|edit| (edit.kind, edit.before.is_some(), edit.after.is_some())).collect();
        if kind == Kind::Room {
            assert_eq!(shown, [(Kind::Room, false, true), (Kind::Room, true, false)], "{file}");
        } else {
            assert_eq!(shown, [(kind, true, true)], "{file}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_tells_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("plenary.db").display());
    let site = fixture();
    let import = async |more: &[&str]| {
        let mut arguments = vec!["import", "jekyll", site.to_str().unwrap(), "--event", "slowcomp-2031"];
        arguments.extend(more);
        let output = plenary(&url, &arguments).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let trial = json(&import(&["--dry-run", "--format", "json"]).await);
    assert_eq!((&trial["dryRun"], &trial["revision"]), (&Value::Bool(true), &Value::Null));
    let first = json(&import(&["--format", "json"]).await);
    assert_eq!(first["changes"], trial["changes"]);
    assert!(first["changes"]["created"].as_u64().unwrap() > 20);
    assert!(!first["diagnostics"].as_array().unwrap().is_empty());
    let second = json(&import(&["--format", "json"]).await);
    assert_eq!(second["revision"], first["revision"]);
    for what in ["created", "updated", "deleted"] {
        assert_eq!(second["changes"][what], 0, "{what}");
    }
    let text = import(&[]).await;
    assert!(text.contains("0 changes") && !text.contains('\u{1b}'), "{text}");
    let output = plenary(&url, &["import", "jekyll", "/nowhere/at/all", "--event", "x"]).await;
    assert!(!output.status.success() && output.stdout.is_empty());
}
