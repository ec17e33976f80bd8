//! YAML with line numbers, forgiving: a small tree of texts, lists and maps.
//!
//! Numbers and truth values stay text as written. Depth and size are bounded, aliases included. It knows nothing of
//! what the texts mean; lines that are no YAML are put right by [`super::yaml_mending`].

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::content::Severity;

/// The most levels that lists and maps may be nested.
const MAX_DEPTH: usize = 64;
/// The most values that a file may have, with those that aliases repeat.
const MAX_NODES: usize = 500_000;
/// The most bytes that the texts of a file may have, with those that aliases repeat.
const MAX_TEXT: usize = 64 << 20;

/// A value and the line where it begins, counted from 1; for a value in a map this is the line of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) line: u32,
    pub(crate) value: Value,
}

/// What a YAML file is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing: an empty value, `~` or `null`.
    Null,
    /// A text, a number or a truth value, as written.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The text, unless it is a list or a map; nothing is an empty text.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Null => Some(""),
            Value::Text(text) => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The items of a list.
    pub(crate) fn list(&self) -> Option<&[Node]> {
        if let Value::List(items) = &self.value { Some(items) } else { None }
    }

    /// The entries of a map.
    pub(crate) fn map(&self) -> Option<&[(String, Node)]> {
        if let Value::Map(entries) = &self.value { Some(entries) } else { None }
    }

    /// The value of a key, however it is capitalised.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(key)).map(|(_, node)| node)
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::Text(text) => text.trim().is_empty(),
            Value::List(items) => items.iter().all(Node::is_empty),
            Value::Map(entries) => entries.is_empty(),
        }
    }

    fn size(&self) -> (usize, usize) {
        let sum = |(nodes, bytes): (usize, usize), (more, text): (usize, usize)| (nodes + more, bytes + text);
        match &self.value {
            Value::Null => (1, 0),
            Value::Text(text) => (1, text.len()),
            Value::List(items) => items.iter().map(Node::size).fold((1, 0), sum),
            Value::Map(entries) => entries.iter().map(|(key, node)| sum(node.size(), (0, key.len()))).fold((1, 0), sum),
        }
    }
}

/// Something odd about the YAML itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) line: u32,
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Why a text is no YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: u32,
    /// The characters before the fault, to see whether a mending got further.
    pub(super) reached: usize,
    pub(crate) message: String,
}

/// Reads a YAML text. Lines that are no YAML are mended where that is possible.
pub(crate) fn parse(text: &str) -> Result<(Node, Vec<Finding>), Fault> {
    match parse_strictly(text) {
        Ok(parsed) => Ok(parsed),
        Err(fault) => super::yaml_mending::parse(text, fault),
    }
}

/// Reads a YAML text as it is.
pub(super) fn parse_strictly(text: &str) -> Result<(Node, Vec<Finding>), Fault> {
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => builder.take(event, u32::try_from(span.start.line()).unwrap_or(u32::MAX))?,
            Err(error) => {
                let line = u32::try_from(error.marker().line()).unwrap_or(u32::MAX);
                return Err(Fault { line, reached: error.marker().index(), message: error.info().to_owned() });
            }
        }
    }
    Ok((builder.finish(), builder.findings))
}

/// A list or map that is not closed yet.
struct Open {
    node: Node,
    anchor: usize,
    key: Option<(String, u32)>,
}

/// Makes a tree of the parser's events.
#[derive(Default)]
struct Builder {
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    findings: Vec<Finding>,
    nodes: usize,
    bytes: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: u32) -> Result<(), Fault> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_nothing = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if is_nothing { Value::Null } else { Value::Text(text.into_owned()) };
                let node = Node { line, value };
                self.count(&node)?;
                self.close(node, anchor)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(node) => {
                    self.count(&node)?;
                    self.close(Node { line, ..node }, 0)
                }
                None => Err(fault(line, "an alias (*) stands inside what it repeats")),
            },
            Event::SequenceStart(anchor, _) => self.begin(Value::List(Vec::new()), anchor, line),
            Event::MappingStart(anchor, _) => self.begin(Value::Map(Vec::new()), anchor, line),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => {
                    self.nodes += 1;
                    self.close(open.node, open.anchor)
                }
                None => Ok(()),
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn begin(&mut self, value: Value, anchor: usize, line: u32) -> Result<(), Fault> {
        if self.open.len() == MAX_DEPTH {
            return Err(fault(line, &format!("lists and maps are nested more than {MAX_DEPTH} times")));
        }
        self.open.push(Open { node: Node { line, value }, anchor, key: None });
        Ok(())
    }

    /// Counts values that are kept, or repeated by an alias or an anchor.
    fn count(&mut self, node: &Node) -> Result<(), Fault> {
        let (nodes, bytes) = node.size();
        self.nodes += nodes;
        self.bytes += bytes;
        if self.nodes > MAX_NODES || self.bytes > MAX_TEXT {
            return Err(fault(node.line, "the file holds too many values; are its aliases (*) right?"));
        }
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn close(&mut self, node: Node, anchor: usize) -> Result<(), Fault> {
        if anchor > 0 {
            self.count(&node)?;
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        match &mut open.node.value {
            Value::List(items) => items.push(node),
            Value::Map(entries) => match open.key.take() {
                None => open.key = Some((key_text(&node), node.line)),
                Some((key, line)) => insert(entries, key, Node { line, ..node }, &mut self.findings),
            },
            Value::Null | Value::Text(_) => {}
        }
        Ok(())
    }

    /// The file's one document; several are put together.
    fn finish(&mut self) -> Node {
        let mut documents: Vec<Node> =
            std::mem::take(&mut self.documents).into_iter().filter(|node| node.value != Value::Null).collect();
        match documents.len() {
            0 => Node { line: 1, value: Value::Null },
            1 => documents.remove(0),
            _ => {
                let line = documents[0].line;
                let items = documents.into_iter().flat_map(|node| match node.value {
                    Value::List(items) => items,
                    value => vec![Node { line: node.line, value }],
                });
                Node { line, value: Value::List(items.collect()) }
            }
        }
    }
}

fn fault(line: u32, message: &str) -> Fault {
    Fault { line, reached: 0, message: message.to_owned() }
}

fn key_text(node: &Node) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

/// Adds an entry to a map. Of a key that stands twice the last one counts, as it does for Jekyll; a merge (`<<`) fills
/// only what is missing.
fn insert(entries: &mut Vec<(String, Node)>, key: String, node: Node, findings: &mut Vec<Finding>) {
    if key == "<<"
        && let Value::Map(base) = node.value
    {
        for (key, node) in base {
            if !entries.iter().any(|(other, _)| *other == key) {
                entries.push((key, node));
            }
        }
        return;
    }
    if let Some((_, earlier)) = entries.iter_mut().find(|(other, _)| *other == key) {
        let message =
            format!("the key {key} stands twice in one record, first on line {}; this one counts", earlier.line);
        findings.push(Finding { line: node.line, severity: Severity::Warning, code: "duplicate-key", message });
        *earlier = node;
    } else {
        entries.push((key, node));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text<'a>(node: &'a Node, key: &str) -> &'a str {
        node.get(key).and_then(Node::text).unwrap_or_else(|| panic!("no {key} in {node:?}"))
    }

    #[test]
    fn values_keep_their_lines_and_stay_text() {
        let (node, findings) = parse("- Title: One\n  Time: 08:00\n\n- title: ~\n  n: 012\n  on: yes\n").unwrap();
        let items = node.list().unwrap();
        assert_eq!(items[0].get("time").map(|node| node.line), Some(2));
        assert_eq!(items[1].line, 4);
        assert_eq!(text(&items[1], "title"), "");
        assert_eq!(text(&items[1], "n"), "012");
        assert_eq!(text(&items[1], "on"), "yes");
        assert_eq!(findings, []);
    }

    #[test]
    fn json_with_trailing_commas_comments_and_tabs_is_yaml() {
        let json = "[\n{\n\"id\": \"2\",\n\t\"title\": \"A\tB\",\n},\n# {\n# },\n{ \"id\": 3, },\n]\n";
        let (node, _) = parse(json).unwrap();
        assert_eq!(node.list().unwrap().len(), 2, "{node:?}");
        assert_eq!(text(&node.list().unwrap()[0], "title"), "A\tB");
        assert_eq!(node.list().unwrap()[1].line, 8);
    }

    #[test]
    fn the_last_of_two_equal_keys_counts_and_is_reported() {
        let (node, findings) = parse("a: 1\nb: 2\na: 3\n").unwrap();
        assert_eq!(text(&node, "a"), "3");
        assert_eq!((findings[0].line, findings[0].code), (3, "duplicate-key"));
    }

    #[test]
    fn laughs_are_bounded() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let before = format!("*a{}", level - 1);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![before; 9].join(", ")));
        }
        assert!(parse_strictly(&bomb).is_err());
        assert!(parse_strictly(&"[".repeat(10_000)).is_err());
        assert!(parse_strictly("a: &a [*a]\n").is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[ \\t\\n:\\-'\"\\[\\]{}&*#|>a-c,%@`!?\\\\]{0,60}") {
            let _ = parse(&text);
        }
    }
}
