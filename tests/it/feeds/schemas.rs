//! The schemas of c3voc, which lie beside the repository, and not everywhere.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{nasty, rendered, snapshot};

/// Reads a schema and files, and says what is wrong with them.
const CHECK: &str = r#"
import json, sys
from jsonschema import Draft6Validator, FormatChecker
from lxml import etree
folder, files = sys.argv[1], sys.argv[2:]
bad = []
for path in files:
    if path.endswith(".xml"):
        schema = etree.XMLSchema(etree.parse(folder + "/schedule.xml.xsd"))
        schema.validate(etree.parse(path))
        bad += [f"{path}: {error}" for error in schema.error_log]
    else:
        name = "schedule2" if path.endswith("2.json") else "schedule"
        validator = Draft6Validator(json.load(open(f"{folder}/{name}.schema.json")), format_checker=FormatChecker())
        bad += [f"{path}: {list(e.path)} {e.message[:300]}" for e in validator.iter_errors(json.load(open(path)))]
print("\n".join(bad))
"#;

fn schemas() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/schemas");
    let folder = std::env::var_os("PLENARY_SHARED_SCHEMAS").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("NOT RUN: the schemas are not there; PLENARY_SHARED_SCHEMAS names the folder that holds them");
    None
}

/// A Python that has lxml and jsonschema.
fn python() -> Option<String> {
    let python = std::env::var("PLENARY_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let works = Command::new(&python).args(["-c", "import lxml, jsonschema"]).output();
    if works.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    eprintln!("NOT RUN: {python} has no lxml and jsonschema; PLENARY_PYTHON names one that has");
    None
}

#[test]
fn every_schedule_is_valid() {
    let (Some(schemas), Some(python)) = (schemas(), python()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(python);
    command.args(["-c", CHECK]).arg(schemas);
    for (number, document) in nasty::documents().into_iter().enumerate() {
        let snapshot = snapshot(document);
        for path in ["schedule.xml", "schedule.json", "schedule2.json"] {
            let file = folder.path().join(format!("{number}-{path}"));
            std::fs::write(&file, rendered(&snapshot, path)).unwrap();
            command.arg(file);
        }
    }
    let output = command.output().unwrap();
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{errors}");
    assert_eq!(out.trim(), "");
}
