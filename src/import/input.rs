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
            return Input::of_bytes("standard input", &bytes, diagnostics);
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
        Input::of_bytes(&name, &bytes, diagnostics)
    }

    /// Text that is already there.
    pub fn of(name: &str, text: &str) -> Input {
        Input { name: name.to_owned(), text: text.replace("\r\n", "\n").replace('\r', "\n") }
    }

    fn of_bytes(name: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Result<Input, Error> {
        let unpacked = unpacked(name, bytes)?;
        let bytes = unpacked.as_deref().unwrap_or(bytes);
        let (encoding, start) = encoding_of(bytes);
        let (text, damaged) = encoding.decode_without_bom_handling(&bytes[start..]);
        tell(name, encoding, damaged, diagnostics);
        if text.contains('\0') {
            let message = format!("{name} is no text; give a file with XML, JSON or CSV, not a program's own format");
            return Err(Error::Input(message));
        }
        Ok(Input::of(name, &text))
    }
}

/// The content of a file that was packed with gzip, as servers and backups do; other archives are refused.
fn unpacked(name: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    if bytes.starts_with(b"\x1f\x8b") {
        let mut content = Vec::new();
        // A small archive may hold much.
        let mut reader = flate2::read::MultiGzDecoder::new(bytes).take(MAX_FILE + 1);
        if reader.read_to_end(&mut content).is_err() {
            let message = format!("{name} is packed with gzip and is damaged or cut off; fetch it again");
            return Err(Error::Input(message));
        }
        return if content.len() as u64 > MAX_FILE { Err(too_big(name)) } else { Ok(Some(content)) };
    }
    let archives: [(&[u8], &str); 5] = [
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\xfd7zXZ\0", "an XZ archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\x28\xb5\x2f\xfd", "a zstd archive"),
        (b"%PDF-", "a PDF"),
    ];
    match archives.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, what)) => {
            Err(Error::Input(format!("{name} is {what}; unpack it, or save what is in it as XML, JSON or CSV")))
        }
        None => Ok(None),
    }
}

/// The encoding of a text, and where it begins.
fn encoding_of(bytes: &[u8]) -> (&'static Encoding, usize) {
    if let Some(marked) = Encoding::for_bom(bytes) {
        return marked;
    }
    // All formats begin with characters of ASCII: in two bytes each, every other one is zero.
    match bytes {
        [1..=127, 0, 1..=127, 0, ..] => return (encoding_rs::UTF_16LE, 0),
        [0, 1..=127, 0, 1..=127, ..] => return (encoding_rs::UTF_16BE, 0),
        _ => {}
    }
    if is_mostly_utf8(bytes) {
        return (UTF_8, 0);
    }
    let encoding = declared(bytes).filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        detector.guess(None, chardetng::Utf8Detection::Allow)
    });
    (encoding, 0)
}

/// Whether the bytes are UTF-8, perhaps with a few damaged characters: letters of other encodings are hardly ever whole
/// characters of it.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut damaged) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    damaged == 0 || whole > 3 * damaged
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
    Error::Input(format!("{shown} is bigger than {} MiB; give a file with one event only", MAX_FILE >> 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_understood() {
        let mut diagnostics = Diagnostics::default();
        let mut text = |bytes: &[u8]| Input::of_bytes("x", bytes, &mut diagnostics).unwrap().text;
        assert_eq!(text("\u{feff}Zoë\r\n".as_bytes()), "Zoë\n");
        assert_eq!(
            text(b"<?xml version='1.0' encoding='iso-8859-1'?><a>Zo\xeb</a>").as_str().chars().rev().nth(4),
            Some('ë')
        );
        assert_eq!(
            text(b"<?xml version='1.0' encoding='utf-8'?><a>Zo\xeb, caf\xe9</a>").split('>').nth(2),
            Some("Zoë, café</a")
        );
        for bytes in [&b"\xff\xfeZ\0o\0\xeb\0"[..], b"Z\0o\0\xeb\0", b"\0Z\0o\0\xeb", b"\xfe\xff\0Z\0o\0\xeb"] {
            assert_eq!(text(bytes), "Zoë");
        }
        assert_eq!(text(b"name;r\xf4le\nZo\xeb;caf\xe9"), "name;rôle\nZoë;café");
        assert_eq!(text("éàü ø\u{2026}".as_bytes().split_last().unwrap().1), "éàü ø\u{fffd}");
        let told = diagnostics.iter().filter(|finding| finding.code == "encoding").count();
        assert_eq!(told, 8, "only what is plain UTF-8 is not told of");
    }

    #[test]
    fn what_is_packed_is_unpacked_or_an_error() {
        use std::io::Write;
        let mut diagnostics = Diagnostics::default();
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all("Zoë".repeat(1000).as_bytes()).unwrap();
        let packed = writer.finish().unwrap();
        assert_eq!(Input::of_bytes("x", &packed, &mut diagnostics).unwrap().text, "Zoë".repeat(1000));
        for (bytes, words) in [
            (&packed[..packed.len() / 2], "damaged or cut off"),
            (&b"PK\x03\x04 and more"[..], "a ZIP archive"),
            (&b"\x7fELF\0\0\0"[..], "is no text"),
        ] {
            let Err(Error::Input(message)) = Input::of_bytes("x", bytes, &mut diagnostics) else { panic!("{words}") };
            assert!(message.starts_with("x is ") && message.contains(words), "{message}");
        }
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
