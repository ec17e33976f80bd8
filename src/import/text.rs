//! Text as it came through wrong encodings and many hands: mended, and cleaned.
//!
//! Nothing here knows HTML, YAML or what a text means, and correct text comes out as it went in.

use encoding_rs::WINDOWS_1252;
use unicode_normalization::UnicodeNormalization;

/// How many wrong encodings on top of each other are undone.
const LAYERS: usize = 3;

/// Mends mojibake: UTF-8 that was read as windows-1252 and written as UTF-8 again, even several times.
///
/// Only sequences that make sense when they are read as UTF-8, and hardly any sense as they stand, are changed. Tells
/// whether anything was.
pub(crate) fn repair(text: &str) -> (String, bool) {
    let mut mended: Option<String> = None;
    for _ in 0..LAYERS {
        match one_layer(mended.as_deref().unwrap_or(text)) {
            Some(better) => mended = Some(better),
            None => break,
        }
    }
    let changed = mended.is_some();
    (mended.unwrap_or_else(|| text.to_owned()), changed)
}

/// One line of plain text: blanks of every kind are single spaces, what can't be seen is gone, accents are composed.
pub(crate) fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.nfc() {
        if character.is_whitespace() || matches!(character, '\u{a0}' | '\u{2007}' | '\u{202f}') {
            if !line.ends_with(' ') && !line.is_empty() {
                line.push(' ');
            }
        } else if !is_invisible(character) {
            line.push(character);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// What a word for yes or no says; nothing where it is neither.
pub(crate) fn truth(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "y" | "yes" | "true" | "1" => Some(true),
        "n" | "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// Characters that take no room and mean nothing between letters. The joiners (U+200C, U+200D) stay: some scripts and
/// emoji need them.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fffe}')
        || ('\u{202a}'..='\u{202e}').contains(&character)
}

/// Undoes one wrong encoding; `None` when there was none.
fn one_layer(text: &str) -> Option<String> {
    if !text.chars().any(|character| ('Â'..='ô').contains(&character)) {
        return None;
    }
    let characters: Vec<char> = text.chars().collect();
    let mut mended = String::with_capacity(text.len());
    let mut changed = false;
    let mut after_sequence = false;
    let mut at = 0;
    while at < characters.len() {
        let found = decoded(&characters, at, after_sequence);
        after_sequence = found.is_some();
        match found {
            Some((found, length)) => {
                mended.push(found);
                changed = true;
                at += length;
            }
            None => {
                mended.push(characters[at]);
                at += 1;
            }
        }
    }
    changed.then_some(mended)
}

/// The character that the sequence at `at` stands for, and how many characters that sequence has.
fn decoded(text: &[char], at: usize, after_sequence: bool) -> Option<(char, usize)> {
    let (found, length) = sequence(text, at).or_else(|| lost_quote(text, at))?;
    let is_plausible = match u32::from(found) {
        // Bytes without a letter only come up below other wrong encodings.
        0x80..=0x9f => after_sequence,
        0xa0..=0x17f | 0x192 | 0x2c6 | 0x2dc => after_sequence || !is_word_before_punctuation(text, at),
        // Symbols, typographic signs, Vietnamese letters, ligatures, emoji: nobody writes the sequences for them.
        0x1e00..=0x1eff | 0x2000..=0x2bff | 0xfb00..=0xfb06 | 0xfeff | 0x1d400..=0x1d7ff | 0x1f000..=0x1faff => true,
        // Another script: one letter alone may be chance, two in a row are not.
        _ => is_in_foreign_run(text, at, length),
    };
    is_plausible.then_some((found, length))
}

/// Reads the characters at `at` as the bytes of one UTF-8 sequence.
fn sequence(text: &[char], at: usize) -> Option<(char, usize)> {
    let length = match byte(*text.get(at)?)? {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [0; 4];
    for (slot, character) in bytes.iter_mut().zip(text.get(at..at + length)?) {
        *slot = byte(*character)?;
    }
    let found = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
    Some((found, length))
}

/// A closing quote whose last byte was no character of windows-1252 and got lost on the way.
fn lost_quote(text: &[char], at: usize) -> Option<(char, usize)> {
    let rest = text.get(at..)?;
    let ends = rest.get(2).is_none_or(|next| byte(*next).is_none_or(|byte| byte < 0x80));
    (rest.starts_with(&['â', '€']) && ends).then_some(('”', 2))
}

/// The byte that windows-1252 has for a character, also for the five bytes that have no letter.
fn byte(character: char) -> Option<u8> {
    match u32::from(character) {
        code @ 0..=0x9f => u8::try_from(code).ok(),
        _ => {
            let mut buffer = [0; 4];
            let (bytes, _, failed) = WINDOWS_1252.encode(character.encode_utf8(&mut buffer));
            (!failed && bytes.len() == 1).then(|| bytes[0])
        }
    }
}

/// Whether the two characters at `at` may well be the end of a word in capitals and what stands after it, as in
/// `IRMÃ…` or `AMANHÃ”`, or the sign for ångström before a dash.
fn is_word_before_punctuation(text: &[char], at: usize) -> bool {
    let punctuation = ['”', '’', '»', '…', '–', '—', '\u{a0}', '™', '®', '°', '›', '“', '‘'];
    if !text.get(at + 1).is_some_and(|next| punctuation.contains(next)) {
        return false;
    }
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    let letter_after = text.get(at + 2).is_some_and(|after| after.is_alphabetic());
    match text[at] {
        'Â' => before.is_some_and(|before| before.is_uppercase()),
        'Ã' => before.is_some_and(|before| before.is_uppercase()) && !letter_after,
        _ => before.is_none_or(|before| !before.is_lowercase()) && !letter_after,
    }
}

/// Whether the sequence at `at` has a neighbour that is such a sequence too.
fn is_in_foreign_run(text: &[char], at: usize, length: usize) -> bool {
    let is_foreign = |at: usize, wanted: usize| {
        sequence(text, at).is_some_and(|(found, length)| length == wanted && u32::from(found) > 0x17f)
    };
    is_foreign(at + length, length) || at.checked_sub(length).is_some_and(|before| is_foreign(before, length))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a text becomes when its UTF-8 is read as windows-1252.
    fn garbled(text: &str) -> String {
        WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn mojibake_is_mended_however_often_it_happened() {
        for text in [
            "text–speech",
            "École de technologie",
            "“quoted” — it’s",
            "3 × 3 µm²",
            "Österreich",
            "Zürich",
            "→ 😀",
            "李明",
            "Σχολή",
            "Nguyễn",
        ] {
            assert_eq!(repair(&garbled(text)), (text.to_owned(), true), "{}", garbled(text));
            assert_eq!(repair(&garbled(&garbled(text))), (text.to_owned(), true));
        }
        assert_eq!(repair("â€œlost quoteâ€ here").0, "“lost quote” here");
    }

    #[test]
    fn correct_text_stays() {
        for text in [
            "naïve",
            "São Paulo",
            "NÃO",
            "INFORMAÇÃO",
            "IRMÃ…",
            "AMANHÃ”",
            "CHÂTEAU",
            "café…”",
            "Spaß…",
            "10 Å–12 Å",
            "à « là »",
            "Ålesund",
            "déjà vu",
            "“Ä”",
            "ÂME",
            "PELÉ™",
        ] {
            assert_eq!(repair(text), (text.to_owned(), false));
        }
    }

    #[test]
    fn cleaning_leaves_one_line() {
        assert_eq!(clean(" a\u{a0}\u{200b} b\n\tc\u{feff}e\u{301} \u{7}"), "a b cé");
    }

    proptest! {
        #[test]
        fn words_with_accents_stay(text in "([A-Za-zÀ-ÖØ-öø-ÿĀ-őŔ-şŢ-ŷ]{1,8}[ ,.;:!?'\"()-]{1,2}){0,8}") {
            prop_assert_eq!(repair(&text), (text, false));
        }

        #[test]
        fn garbled_words_come_back(text in "([a-zà-öø-ÿ]{1,8}[ ,.;:!?'\"()-]{1,2}){0,8}") {
            prop_assert_eq!(repair(&garbled(&text)).0, text);
        }

        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let (mended, _) = repair(&text);
            let _ = clean(&mended);
        }
    }
}
