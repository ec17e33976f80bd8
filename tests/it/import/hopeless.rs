//! Input that can't be used gives one clear error.

use std::fs;
use std::path::Path;

use plenary::error::Error;
use plenary::import::jekyll;

use super::options;

fn error_of(folder: &Path) -> String {
    let mut options = options("x-2031");
    options.date = Some(plenary::content::Date("2031-05-02".parse().expect("a date")));
    match jekyll::read(folder, &options) {
        Err(Error::Input(message)) => message,
        other => panic!("expected an input error, got {other:?}"),
    }
}

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("_data")).expect("a folder");
    fs::write(folder.path().join("index.md"), "Friday May 2nd 2031, Lisbon\n").expect("a file");
    folder
}

#[test]
fn a_folder_that_is_not_there() {
    assert!(error_of(Path::new("no/such/folder")).contains("there is no folder no/such/folder"));
}

#[test]
fn a_folder_that_is_no_site() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(error_of(folder.path()).contains("no Jekyll site"));
}

#[test]
fn yaml_that_is_none() {
    let site = site();
    fs::write(site.path().join("_data/speakers.yml"), "- name: Ada\n- {{{ [\n: : :\n").expect("a file");
    assert!(error_of(site.path()).starts_with("_data/speakers.yml:"), "{}", error_of(site.path()));
}

#[test]
fn a_file_that_is_too_big() {
    let site = site();
    let file = fs::File::create(site.path().join("_data/papers.yml")).expect("a file");
    file.set_len(1 << 30).expect("a sparse file");
    assert!(error_of(site.path()).contains("_data/papers.yml is bigger than 16 MiB"));
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder() {
    let site = site();
    let other = tempfile::NamedTempFile::new().expect("a file");
    std::os::unix::fs::symlink(other.path(), site.path().join("_data/speakers.yml")).expect("a link");
    let message = error_of(site.path());
    assert!(message.contains("_data/speakers.yml is a link that leads out of the site"), "{message}");
    assert!(!message.contains(&other.path().display().to_string()), "{message}");
}
