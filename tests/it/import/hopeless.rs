//! Input that can't be used gives one clear error.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use plenary::error::Error;
use plenary::import::jekyll;

use super::{options, schedule};
use crate::harness::plenary;

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

/// Every importer of a file, with the word that its command is called by.
const IMPORTERS: [&[&str]; 9] = [
    &["document"],
    &["frab"],
    &["c3voc"],
    &["sessionize"],
    &["sched"],
    &["openreview"],
    &["csv", "people"],
    &["csv", "papers"],
    &["csv", "sessions"],
];

/// Words that say what to do.
const REMEDIES: [&str; 8] = ["give ", "fetch ", "mend ", "save ", "unpack ", "remove ", "writes one", "--template"];

/// Bytes as gzip packs them.
fn packed(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).and_then(|()| writer.finish()).expect("it is packed")
}

/// Files that nobody can import, by what they are.
fn hopeless(folder: &Path) -> Vec<String> {
    let bomb = format!(
        "<!DOCTYPE schedule [<!ENTITY a \"aaaaaaaaaa\">{}]><schedule><conference><title>&h;</title></conference></schedule>",
        ["b", "c", "d", "e", "f", "g", "h"]
            .iter()
            .zip(["a", "b", "c", "d", "e", "f", "g"])
            .map(|(name, of)| format!("<!ENTITY {name} \"{}\">", format!("&{of};").repeat(10)))
            .collect::<String>()
    );
    let frab = fs::read(schedule("frab.xml")).expect("the fixture");
    let json = fs::read(schedule("c3voc1.json")).expect("the fixture");
    let (deep, deeper) = (format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000)), "<a>".repeat(200_000));
    let gzip = packed(&frab);
    let files: [(&str, &[u8]); 12] = [
        ("empty", b""),
        ("blank.csv", b" \n\n"),
        ("program", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0"),
        ("sheet.xlsx", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"),
        ("page.html", b"<!DOCTYPE html><html><title>Sign in</title></html>"),
        ("bomb.xml", bomb.as_bytes()),
        ("cut.xml", &frab[..frab.len() / 2]),
        ("cut.json", &json[..json.len() / 2]),
        ("deep.json", deep.as_bytes()),
        ("deep.xml", deeper.as_bytes()),
        ("cut.gz", &gzip[..gzip.len() / 2]),
    ];
    let mut paths = Vec::new();
    for (name, content) in files {
        let path = folder.join(name);
        fs::write(&path, content).expect("a file");
        paths.push(path);
    }
    let sparse = folder.join("sparse.json");
    fs::File::create(&sparse).expect("a file").set_len(1 << 30).expect("a sparse file");
    paths.extend([sparse, folder.join("a folder"), folder.join("missing")]);
    fs::create_dir(folder.join("a folder")).expect("a folder");
    paths.into_iter().map(|path| path.display().to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_importer_refuses_what_is_hopeless_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("plenary.db").display());
    let base = schedule("frab.xml").display().to_string();
    let imported = plenary(&url, &["import", "frab", &base, "--event", "tides-2031"]).await;
    assert!(imported.status.success());
    let export = async || plenary(&url, &["export", "document", "tides-2031"]).await.stdout;
    let before = export().await;
    let files = hopeless(folder.path());
    let refuse = async |importer: &[&str], file: &str| {
        let mut arguments = vec!["import"];
        arguments.extend(importer);
        arguments.extend([file, "--event", "tides-2031"]);
        let begun = Instant::now();
        let output = plenary(&url, &arguments).await;
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        let name = Path::new(file).file_name().expect("a name").to_string_lossy().into_owned();
        assert!(!output.status.success() && output.stdout.is_empty(), "{importer:?} {name} is imported");
        assert!(error.lines().count() == 1 && error.contains(&name), "{importer:?} {name}: {error}");
        assert!(error.len() < 900 && !error.contains("panicked"), "{importer:?} {name}: {error}");
        assert!(
            REMEDIES.iter().any(|remedy| error.contains(remedy)),
            "{importer:?} {name} says not what to do: {error}"
        );
        assert!(begun.elapsed() < Duration::from_secs(20), "{importer:?} {name} takes {:?}", begun.elapsed());
    };
    join_all(IMPORTERS.map(async |importer| {
        for file in &files {
            refuse(importer, file).await;
        }
    }))
    .await;
    let bomb = folder.path().join("bomb.gz");
    fs::write(&bomb, packed(&vec![b' '; 70 << 20])).expect("a file");
    refuse(&["frab"], &bomb.display().to_string()).await;
    assert_eq!(export().await, before);
}
