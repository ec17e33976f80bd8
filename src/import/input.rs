//! One file that an importer reads, or standard input: bounded, decoded, as text.
//!
//! It knows encodings, and neither XML nor JSON nor CSV.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};

use super::Diagnostics;
use crate::content::Severity;
use crate::error::Error;

/// The most bytes that a file may have. Schedules of the largest conferences have a few million.
const MAX_FILE: u64 = 64 << 20;

/// A file as text.
#[derive(Clone, Debug)]
pub struct Input {
    /// What findings call it: the file's name without its folder.
    pub name: String,
    /// Its text, with `\n` at the ends of lines.
    pub text: String,
}

impl Input {
    /// Reads a file; `-` is standard input.
    pub fn open(path: &Path, diagnostics: &mut Diagnostics) -> Result<Input, Error> {
        if path.as_os_str() == "-" {
            let bytes = bounded(std::io::stdin().lock(), "standard input")?;
            return Ok(Input::of_bytes("standard input", &bytes, diagnostics));
        }
        let shown = path.display().to_string();
        let about = std::fs::metadata(path).map_err(|_| {
            Error::Input(format!("there is no file {shown}, or it can't be read; give the file's path"))
        })?;
        if about.is_dir() {
            return Err(Error::Input(format!("{shown} is a folder; give the file itself")));
        }
        if about.len() > MAX_FILE {
            return Err(too_big(&shown));
        }
        let file = File::open(path)
            .map_err(|_| Error::Input(format!("{shown} can't be read; check that it is there and its permissions")))?;
        let bytes = bounded(file, &shown)?;
        let name = path.file_name().map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
        Ok(Input::of_bytes(&name, &bytes, diagnostics))
    }

    /// Text that is already there.
    pub fn of(name: &str, text: &str) -> Input {
        Input { name: name.to_owned(), text: text.replace("\r\n", "\n").replace('\r', "\n") }
    }

    fn of_bytes(name: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Input {
        if let Some((encoding, length)) = Encoding::for_bom(bytes) {
            let (text, damaged) = encoding.decode_without_bom_handling(&bytes[length..]);
            tell(name, encoding, damaged, diagnostics);
            return Input::of(name, &text);
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Input::of(name, text);
        }
        let encoding = declared(bytes).unwrap_or_else(|| {
            let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            detector.guess(None, chardetng::Utf8Detection::Allow)
        });
        let (text, damaged) = encoding.decode_without_bom_handling(bytes);
        tell(name, encoding, damaged, diagnostics);
        Input::of(name, &text)
    }
}

fn tell(name: &str, encoding: &'static Encoding, damaged: bool, diagnostics: &mut Diagnostics) {
    if encoding != UTF_8 || damaged {
        let loss = if damaged { "; some characters are lost" } else { "" };
        let severity = if damaged { Severity::Warning } else { Severity::Info };
        let message = format!("the file is not plain UTF-8; it was read as {}{loss}", encoding.name());
        diagnostics.add(severity, "encoding", name, message);
    }
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let (_, rest) = declaration.split_once("encoding=")?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    Encoding::for_label(rest[1..].split(quote).next()?.as_bytes())
}

fn bounded(source: impl Read, shown: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    source
        .take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| Error::Input(format!("{shown} can't be read; check that it is a plain file")))?;
    if bytes.len() as u64 > MAX_FILE { Err(too_big(shown)) } else { Ok(bytes) }
}

fn too_big(shown: &str) -> Error {
    Error::Input(format!("{shown} is bigger than {} MiB; that is no schedule of one event", MAX_FILE >> 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_understood() {
        let mut diagnostics = Diagnostics::default();
        let mut text = |bytes: &[u8]| Input::of_bytes("x", bytes, &mut diagnostics).text;
        assert_eq!(text("\u{feff}Zoë\r\n".as_bytes()), "Zoë\n");
        assert_eq!(
            text(b"<?xml version='1.0' encoding='iso-8859-1'?><a>Zo\xeb</a>").as_str().chars().rev().nth(4),
            Some('ë')
        );
        assert_eq!(text(b"\xff\xfeZ\0o\0\xeb\0"), "Zoë");
        assert_eq!(text(b"name;r\xf4le\nZo\xeb;caf\xe9"), "name;rôle\nZoë;café");
        assert_eq!(diagnostics.iter().filter(|finding| finding.code == "encoding").count(), 3);
    }

    #[test]
    fn what_is_no_file_is_an_error() {
        let mut diagnostics = Diagnostics::default();
        for (path, words) in [("no/such/file", "there is no file"), ("src", "is a folder")] {
            let Err(Error::Input(message)) = Input::open(Path::new(path), &mut diagnostics) else { panic!("{path}") };
            assert!(message.contains(words), "{message}");
        }
    }
}
