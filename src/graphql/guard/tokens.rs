//! Counts the lexical tokens of a GraphQL document (specification October 2021, §2.1) without parsing it.

/// Whether a text has more than `maximum` tokens. Linear, and stops as soon as it knows.
pub(super) fn exceeds(text: &str, maximum: usize) -> bool {
    let bytes = text.as_bytes();
    let mut count = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        at = match bytes[at] {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                while at < bytes.len() && bytes[at] != b'\n' && bytes[at] != b'\r' {
                    at += 1;
                }
                continue;
            }
            b'"' => end_of_string(bytes, at),
            byte if is_word(byte) => {
                while at < bytes.len() && is_word(bytes[at]) {
                    at += 1;
                }
                at
            }
            _ => at + 1,
        };
        count += 1;
        if count > maximum {
            return true;
        }
    }
    false
}

/// Names and numbers; a number such as `-1.5e+3` counts as a few tokens, which errs on the safe side.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The place after the string that begins at `start`, or the end of the text when it never ends.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let block = bytes[start..].starts_with(b"\"\"\"");
    let mut at = start + if block { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if block && bytes[at..].starts_with(b"\\\"\"\"") => at += 4,
            b'\\' if !block => at += 2,
            b'"' if !block => return at + 1,
            b'"' if bytes[at..].starts_with(b"\"\"\"") => return at + 3,
            b'\n' | b'\r' if !block => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::exceeds;

    #[test]
    fn tokens_are_counted_as_the_specification_says() {
        let query = "query Q($a: Int = 1) { # a comment { { {\n event(slug: \"a \\\" b { {\", x: \"\"\"c \" {\"\"\") { id, name } }";
        // query Q ( $ a : Int = 1 ) { event ( slug : "" x : """""" ) { id name } }
        assert!(!exceeds(query, 25), "more than 25 tokens");
        assert!(exceeds(query, 24), "at most 24 tokens");
        assert!(!exceeds("", 0));
        assert!(!exceeds("\"never closed", 1));
    }
}
