//! Text that every format can hold, and addresses as strict readers want them.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The text without the characters that XML can't hold; most of them are control characters.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_fit) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| is_fit(*c)).collect())
    }
}

fn is_fit(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        other => !other.is_control(),
    }
}

/// The text as one line: for names, titles and attributes.
pub(super) fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address in which everything that RFC 3986 does not let stand is percent-encoded.
pub(super) fn strict_url(url: &str) -> String {
    let bytes = url.as_bytes();
    let mut strict = String::with_capacity(url.len());
    for (place, byte) in bytes.iter().enumerate() {
        let stands = match byte {
            b'%' => bytes.get(place + 1..place + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)),
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(byte),
        };
        if stands {
            strict.push(char::from(*byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(strict, "%{byte:02X}");
        }
    }
    strict
}

/// An instant as the event's clocks show it, with the offset.
pub(super) fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.display_with_offset(zone.to_offset(at)).to_string()
}

/// Minutes as `HH:MM`.
pub(super) fn hours_and_minutes(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_strict() {
        for (url, strict) in [
            ("https://example.org/a b|c", "https://example.org/a%20b%7Cc"),
            ("https://example.org/100%/%20é", "https://example.org/100%25/%20%C3%A9"),
        ] {
            assert_eq!(strict_url(url), strict);
        }
    }

    #[test]
    fn lines_have_no_controls() {
        assert_eq!(line(" a\u{0}\n b\u{1b}\tc "), "a b c");
        assert_eq!(clean("a\r\nb"), "a\nb");
    }
}
