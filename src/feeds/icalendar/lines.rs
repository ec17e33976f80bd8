//! The lines of iCalendar (RFC 5545 §3.1): their folding, and the escaping of what stands in them.
//!
//! It is written here and not taken from a library, because the calendars must have the same bytes whenever they say the
//! same: libraries put properties into an order of their own, or the time of the request into `DTSTAMP`. It knows no
//! event; what a calendar says is decided by those who use it.

use std::borrow::Cow;

use crate::feeds::text;

/// The longest line, in octets, without its end.
const LONGEST: usize = 75;

/// A calendar while it is written.
#[derive(Debug, Default)]
pub(in crate::feeds) struct Lines(String);

impl Lines {
    /// A property with a value that is not text, such as an instant or an address. `name` may have parameters after it.
    pub(in crate::feeds) fn plain(&mut self, name: &str, value: &str) {
        let line = format!("{name}:{value}");
        let mut width = 0;
        // No value has controls, whatever it is: they would end the line.
        for character in line.chars().filter(|character| !character.is_control()) {
            if width + character.len_utf8() > LONGEST {
                // A space and not a tab: there are readers that know no other sign of a folded line.
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0.push(character);
            width += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A property with a text.
    pub(in crate::feeds) fn text(&mut self, name: &str, value: &str) {
        self.plain(name, &escaped(value));
    }

    /// A property with a text, where there is one.
    pub(in crate::feeds) fn optional_text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    /// The beginning of a component.
    pub(in crate::feeds) fn begin(&mut self, component: &str) {
        self.plain("BEGIN", component);
    }

    /// The end of a component.
    pub(in crate::feeds) fn end(&mut self, component: &str) {
        self.plain("END", component);
    }

    /// What was written.
    pub(in crate::feeds) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// A text as the value of a property (RFC 5545 §3.3.11).
fn escaped(value: &str) -> String {
    let value = text::clean(value);
    let mut escaped = String::with_capacity(value.len() + 8);
    for character in value.trim().chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' | '\u{2028}' | '\u{2029}' => escaped.push_str("\\n"),
            '\t' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A text as the value of a parameter, in quotes. It can hold no quotes itself.
pub(in crate::feeds) fn quoted(value: &str) -> String {
    format!("\"{}\"", text::line(value).replace('"', "'"))
}

/// An address as a value: commas and semicolons may stand in it.
pub(in crate::feeds) fn address(url: &str) -> Cow<'_, str> {
    Cow::Owned(text::strict_url(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let value = format!("{}😀é, naïve; back\\slash\r\nnext\u{0}\u{2028}last", "x".repeat(64));
        let mut lines = Lines::default();
        lines.text("SUMMARY", &value);
        let text = String::from_utf8(lines.into_bytes()).unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= LONGEST), "{text}");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
        let whole = text.replace("\r\n ", "");
        assert_eq!(whole, format!("SUMMARY:{}😀é\\, naïve\\; back\\\\slash\\nnext\\nlast\r\n", "x".repeat(64)));
    }

    #[test]
    fn a_parameter_stays_within_its_quotes() {
        assert_eq!(quoted("A \"B\"\nC"), "\"A 'B' C\"");
    }
}
