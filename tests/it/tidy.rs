//! The rules of ARCHITECTURE.md that the compiler doesn't know.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of `src/`, in the order in which each may use only those before it.
const ORDER: [&[&str]; 15] = [
    &["content"],
    &["error"],
    &["clock", "config"],
    &["access", "publishing", "snapshot"],
    &["feeds"],
    &["rest"],
    &["store"],
    &["accounts", "shelf"],
    &["reading"],
    &["watching"],
    &["webhooks"],
    &["graphql", "import"],
    &["http"],
    &["app"],
    &["cli"],
];

fn sources() -> Vec<(PathBuf, String)> {
    fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "entity/src", "migration/src", "tests/it", "benches"] {
        collect(&root.join(folder), &mut files);
    }
    for (path, _) in &mut files {
        *path = path.strip_prefix(root).unwrap().to_owned();
    }
    files
}

/// The top-level module that a file of `src/` belongs to.
fn module_of(path: &Path) -> Option<String> {
    let first = path.strip_prefix("src").ok()?.components().next()?;
    Some(first.as_os_str().to_str()?.trim_end_matches(".rs").to_owned())
}

/// The part of a file that is not its tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn every_file_begins_by_saying_what_it_is_for() {
    let silent: Vec<_> = sources().into_iter().filter(|(_, text)| !text.starts_with("//! ")).collect();
    assert!(
        silent.is_empty(),
        "these begin without `//!`: {:?}",
        silent.iter().map(|(path, _)| path).collect::<Vec<_>>()
    );
}

#[test]
fn modules_use_only_what_stands_before_them() {
    let level = |module: &str| ORDER.iter().position(|modules| modules.contains(&module));
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(module) = module_of(&path) else { continue };
        let Some(own) = level(&module) else {
            assert!(module == "lib" || module == "main", "{module} has no place in the order of the modules");
            continue;
        };
        for (number, line) in without_tests(&text).lines().enumerate() {
            let line = line.trim_start();
            let Some(used) = (!line.starts_with("//")).then(|| line.split_once("crate::")).flatten() else { continue };
            let used: String = used.1.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if used != module && level(&used).is_some_and(|other| other >= own) {
                wrong.push(format!("{}:{}: {module} uses {used}", path.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_modules_do_not_wait() {
    for (path, text) in sources() {
        let Some(module) = module_of(&path) else { continue };
        if !["content", "access", "publishing", "snapshot", "feeds", "rest"].contains(&module.as_str()) {
            continue;
        }
        for (number, line) in without_tests(&text).lines().enumerate() {
            // The getters of a GraphQL object have to be called `async`; none of them waits.
            assert!(!line.contains(".await"), "{}:{} waits", path.display(), number + 1);
        }
    }
}

#[test]
fn only_the_store_knows_the_tables() {
    for (path, text) in sources() {
        let Some(module) = module_of(&path) else { continue };
        if module == "store" {
            continue;
        }
        for word in ["entity::", "migration::", "sea_orm::", "sqlx::"] {
            let allowed = module == "error" && word == "sea_orm::";
            let text = without_tests(&text);
            let mut places = text.match_indices(word).map(|(at, _)| &text[..at]);
            let used = places.any(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
            assert!(allowed || !used, "{} uses {word}", path.display());
        }
    }
}
