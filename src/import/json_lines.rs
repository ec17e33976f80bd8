//! Where the objects and lists of a JSON file begin: their lines and their order, which the parser does not tell.
//!
//! The text is known to be JSON; this looks only for strings, brackets and commas.

use std::collections::HashMap;

/// The deepest level whose objects and lists are remembered.
const MAX_DEPTH: usize = 10;

/// The lines of objects and lists by their paths, such as `schedule.conference.days.0`, and how many bytes are before them.
#[derive(Debug, Default)]
pub(crate) struct Lines(HashMap<String, (u32, usize)>);

/// A list or an object that is open.
struct Open {
    is_list: bool,
    index: usize,
    key: String,
}

impl Lines {
    /// Looks through a text.
    pub(crate) fn of(text: &str) -> Lines {
        let mut lines = HashMap::new();
        let mut line = 1;
        let mut open: Vec<Open> = Vec::new();
        let mut characters = text.bytes().enumerate();
        while let Some((at, byte)) = characters.next() {
            match byte {
                b'\n' => line += 1,
                b'{' | b'[' => {
                    if open.len() <= MAX_DEPTH {
                        lines.insert(path(&open), (line, at));
                    }
                    open.push(Open { is_list: byte == b'[', index: 0, key: String::new() });
                }
                b'}' | b']' => {
                    open.pop();
                }
                b',' => {
                    if let Some(list) = open.last_mut() {
                        list.index += 1;
                    }
                }
                b'"' => {
                    let mut end = at + 1;
                    let mut escaped = false;
                    for (place, byte) in characters.by_ref() {
                        end = place;
                        match byte {
                            b'"' if !escaped => break,
                            b'\\' => escaped = !escaped,
                            _ => escaped = false,
                        }
                    }
                    let is_key = text[end..].trim_start_matches('"').trim_start().starts_with(':');
                    if let Some(object) = open.last_mut().filter(|object| is_key && !object.is_list) {
                        object.key = serde_json::from_str(&text[at..=end]).unwrap_or_default();
                    }
                }
                _ => {}
            }
        }
        Lines(lines)
    }

    /// The line of the object or list with a path.
    pub(crate) fn line(&self, path: &str) -> Option<u32> {
        self.0.get(path).map(|(line, _)| *line)
    }

    /// How far into the file the object or list with a path stands.
    pub(crate) fn offset(&self, path: &str) -> Option<usize> {
        self.0.get(path).map(|(_, offset)| *offset)
    }
}

fn path(open: &[Open]) -> String {
    let parts: Vec<String> =
        open.iter().map(|open| if open.is_list { open.index.to_string() } else { open.key.clone() }).collect();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_by_path() {
        let lines = Lines::of("{\n\"a\": [\n{\"b\": \"x, \\\"{ \"},\n{\"c\":\n{}}],\n\"d \\u00e9\": {}}");
        for (path, line) in [("", 1), ("a.0", 3), ("a.1", 4), ("a.1.c", 5), ("d é", 6)] {
            assert_eq!(lines.line(path), Some(line), "{path}");
        }
        assert_eq!(lines.line("a.2"), None);
        assert!(lines.offset("a.0") < lines.offset("d é"));
    }
}
