//! A site's folder, read safely and once: which files are there, and their text.
//!
//! It follows no link out of the folder, reads nothing that is too big, and decodes whatever encoding it meets. It does
//! not know what a file means.

use std::fs;
use std::path::{Path, PathBuf};

use super::text;
use crate::content::Severity;
use crate::error::Error;
use crate::import::{Diagnostics, diagnostic::Place};

/// The most bytes that one file may have.
const MAX_FILE: u64 = 16 << 20;
/// The most bytes that all files that are read may have together.
const MAX_TOTAL: u64 = 64 << 20;
/// The most files that are read.
const MAX_FILES: usize = 2_000;
/// The most folders below `_data` that are entered.
const MAX_DEPTH: usize = 6;

/// The endings of data files that are understood.
const DATA: [&str; 3] = ["yml", "yaml", "json"];
/// The endings of pages.
const PAGES: [&str; 4] = ["md", "markdown", "html", "htm"];

/// One file of a site, as text.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    /// Its path in the site, with `/` between its parts.
    pub(crate) path: String,
    /// Its text: UTF-8, `\n` at the ends of lines, mojibake mended.
    pub(crate) text: String,
}

impl SourceFile {
    /// A place in this file, for a finding.
    pub(crate) fn at(&self, line: u32) -> Place {
        (self.path.as_str(), line).into()
    }

    /// The file's name without folders and ending, for example `speakers`.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}

/// What a site is made of: `_config.yml`, the pages at its top and in `_pages`, and everything in `_data`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    files: Vec<SourceFile>,
}

impl Source {
    /// Reads the site in `folder`; what was odd about its files goes to `diagnostics`.
    pub(crate) fn open(folder: &Path, diagnostics: &mut Diagnostics) -> Result<Source, Error> {
        let root = fs::canonicalize(folder).map_err(|_| {
            Error::Input(format!("there is no folder {}; give the folder that holds the site", folder.display()))
        })?;
        if !root.is_dir() {
            return Err(Error::Input(format!("{} is not a folder; give the folder of the site", folder.display())));
        }
        let mut reader = Reader { root: &root, found: Vec::new() };
        reader.top()?;
        reader.folder("_pages", &PAGES, 1)?;
        reader.folder("_data", &[], 1)?;
        let mut found = reader.found;
        found.sort();
        let index = |path: &str| ["index.md", "index.html", "index.markdown"].contains(&path);
        if !found.iter().any(|path| path.starts_with("_data/") || index(path)) {
            return Err(Error::Input(format!(
                "{} is no Jekyll site: it has neither a folder _data nor an index.md; give the folder that holds them",
                folder.display()
            )));
        }
        let mut source = Source::default();
        let mut total = 0;
        for path in found {
            let bytes = read(&root, &path)?;
            total += bytes.len() as u64;
            if total > MAX_TOTAL {
                let limit = MAX_TOTAL >> 20;
                return Err(Error::Input(format!(
                    "the site's texts are more than {limit} MiB together; remove what is no part of the site, last {path}"
                )));
            }
            if let Some(text) = decoded(&path, &bytes, diagnostics) {
                source.files.push(SourceFile { path, text });
            }
        }
        Ok(source)
    }

    /// A site made of texts, for tests.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Source {
        let files = files.iter().map(|(path, text)| SourceFile { path: (*path).into(), text: (*text).into() });
        Source { files: files.collect() }
    }

    /// The file with this path.
    pub(crate) fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The files in `_data`, by path.
    pub(crate) fn data(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| file.path.starts_with("_data/"))
    }

    /// The pages: Markdown and HTML at the top of the site and in `_pages`, by path.
    pub(crate) fn pages(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| !file.path.starts_with("_data/") && has_ending(&file.path, &PAGES))
    }
}

/// Finds the files of a site.
struct Reader<'a> {
    root: &'a Path,
    found: Vec<String>,
}

impl Reader<'_> {
    /// The configuration and the pages at the top.
    fn top(&mut self) -> Result<(), Error> {
        for name in names(self.root, "")? {
            let wanted = matches!(name.as_str(), "_config.yml" | "_config.yaml") || has_ending(&name, &PAGES);
            let about_the_repository = ["readme", "license", "changelog", "contributing", "code_of_conduct"];
            let stem = name.split('.').next().unwrap_or_default().to_lowercase();
            if wanted && !about_the_repository.contains(&stem.as_str()) && !kind(self.root, &name)?.is_dir() {
                self.add(name)?;
            }
        }
        Ok(())
    }

    /// The files with one of these `endings` (none: all of them) in a folder and in the folders in it.
    fn folder(&mut self, folder: &str, endings: &[&str], depth: usize) -> Result<(), Error> {
        if !self.root.join(folder).exists() {
            return Ok(());
        }
        if kind(self.root, folder)?.is_file() {
            return Err(Error::Input(format!("{folder} is a file; a Jekyll site has a folder of that name")));
        }
        for name in names(self.root, folder)? {
            let path = format!("{folder}/{name}");
            if kind(self.root, &path)?.is_dir() {
                if depth < MAX_DEPTH && !name.starts_with('.') {
                    self.folder(&path, endings, depth + 1)?;
                }
            } else if endings.is_empty() || has_ending(&name, endings) {
                self.add(path)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, path: String) -> Result<(), Error> {
        if self.found.len() == MAX_FILES {
            return Err(Error::Input(format!(
                "the site has more than {MAX_FILES} files of content; is this the right folder?"
            )));
        }
        self.found.push(path);
        Ok(())
    }
}

/// The names in a folder of the site, in order.
fn names(root: &Path, folder: &str) -> Result<Vec<String>, Error> {
    let unreadable = |_| Error::Input(format!("the folder {} can't be read; check its permissions", shown(folder)));
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(folder)).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        names.push(name.to_string_lossy().into_owned());
        if names.len() > MAX_FILES * 10 {
            return Err(Error::Input(format!("the folder {} holds too many files to be a site", shown(folder))));
        }
    }
    names.sort();
    Ok(names)
}

fn shown(folder: &str) -> &str {
    if folder.is_empty() { "of the site" } else { folder }
}

/// What a path of the site is, after following links that stay in the site.
fn kind(root: &Path, path: &str) -> Result<fs::Metadata, Error> {
    let real = inside(root, path)?;
    fs::metadata(real).map_err(|_| unreadable(path))
}

/// The real path of a file of the site; a link that leads out of it is refused.
fn inside(root: &Path, path: &str) -> Result<PathBuf, Error> {
    let real = fs::canonicalize(root.join(path)).map_err(|_| unreadable(path))?;
    if real.starts_with(root) {
        return Ok(real);
    }
    Err(Error::Input(format!("{path} is a link that leads out of the site; put the file itself in its place")))
}

fn unreadable(path: &str) -> Error {
    Error::Input(format!("{path} can't be read; check that it is there and its permissions"))
}

fn read(root: &Path, path: &str) -> Result<Vec<u8>, Error> {
    use std::io::Read;

    let real = inside(root, path)?;
    let about = fs::metadata(&real).map_err(|_| unreadable(path))?;
    if !about.is_file() {
        return Err(Error::Input(format!("{path} is no plain file; put the file itself in its place")));
    }
    let mut bytes = Vec::new();
    if about.len() <= MAX_FILE {
        let file = fs::File::open(&real).map_err(|_| unreadable(path))?;
        file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|_| unreadable(path))?;
    }
    if about.len() > MAX_FILE || bytes.len() as u64 > MAX_FILE {
        let limit = MAX_FILE >> 20;
        return Err(Error::Input(format!("{path} is bigger than {limit} MiB; that is no content of a workshop site")));
    }
    Ok(bytes)
}

/// The text of a file: `None` for what is no text at all.
fn decoded(path: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Option<String> {
    let known_text = has_ending(path, &PAGES) || has_ending(path, &DATA);
    if !known_text && bytes.contains(&0) && encoding_rs::Encoding::for_bom(bytes).is_none() {
        diagnostics.add(Severity::Warning, "unknown-file", path, "this is no text, and was not read");
        return None;
    }
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, length)) => {
            let (text, _) = encoding.decode_without_bom_handling(&bytes[length..]);
            if encoding != encoding_rs::UTF_8 {
                let message = format!("the file is encoded as {}; it was read as such", encoding.name());
                diagnostics.add(Severity::Info, "encoding", path, message);
            }
            text.into_owned()
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => guessed(path, bytes, diagnostics),
        },
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Some(mended(path, &text, diagnostics))
}

/// The text of a file that is not UTF-8, in the encoding that it most probably has.
fn guessed(path: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> String {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let loss = if damaged { "; some characters are lost" } else { "" };
    let message = format!("the file is not UTF-8; it was read as {}{loss}", encoding.name());
    diagnostics.add(Severity::Warning, "encoding", path, message);
    text.into_owned()
}

/// The text with mojibake mended line by line, and without the control characters that no text needs.
fn mended(path: &str, text: &str, diagnostics: &mut Diagnostics) -> String {
    let mut whole = String::with_capacity(text.len());
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let (mut line, changed) = text::repair(line);
        if changed {
            let message = "letters that went through a wrong encoding were put right";
            diagnostics.add(Severity::Info, "mojibake", (path, number), message);
        }
        if line.contains(|character: char| character.is_control() && !matches!(character, '\n' | '\t' | '\u{85}')) {
            line.retain(|character| !character.is_control() || matches!(character, '\n' | '\t'));
            diagnostics.add(Severity::Info, "control-character", (path, number), "control characters were taken out");
        }
        whole.push_str(&line);
    }
    whole
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    ending.is_some_and(|ending| endings.iter().any(|wanted| ending.eq_ignore_ascii_case(wanted)))
}
