//! XML as a tree with line numbers, within bounds, without any entity that a file declares itself.
//!
//! It knows no format. Files that declare entities are refused: nothing that is read here needs them, and they are how
//! a small file becomes a large one.

use quick_xml::Reader;
use quick_xml::escape::{resolve_html5_entity, unescape_with};
use quick_xml::events::{BytesStart, Event};

use super::input::Input;
use crate::error::Error;

/// The most levels that elements may be nested.
const MAX_DEPTH: usize = 100;
/// The most elements that a file may have.
const MAX_ELEMENTS: usize = 1_000_000;

/// One element.
#[derive(Clone, Debug, Default)]
pub(crate) struct Element {
    /// Its name without a namespace prefix.
    pub(crate) name: String,
    /// The line of its start tag, counted from 1.
    pub(crate) line: u32,
    /// Its attributes, without namespace prefixes.
    pub(crate) attributes: Vec<(String, String)>,
    /// The text that is directly in it.
    pub(crate) text: String,
    /// The elements in it.
    pub(crate) children: Vec<Element>,
    /// Its content as it stands in the file, where there are elements in it; otherwise empty.
    pub(crate) source: String,
}

impl Element {
    /// The value of an attribute, trimmed; `None` where it is absent or empty.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(own, _)| own == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// The first element with this name in it.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The elements with this name in it.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text in it, trimmed, as markup where it holds elements; `None` where there is none.
    pub(crate) fn content(&self) -> Option<&str> {
        let text = if self.children.is_empty() { &self.text } else { &self.source };
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    /// The text of the first element with this name.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)?.content()
    }
}

/// What was read.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The outermost element.
    pub(crate) root: Element,
    /// Names of entities that nobody knows, which stay as they are written, with their lines.
    pub(crate) unknown_entities: Vec<(String, u32)>,
    /// The line of a document type declaration that declares nothing.
    pub(crate) doctype: Option<u32>,
}

/// Reads a file as XML.
pub(crate) fn parse(input: &Input) -> Result<Tree, Error> {
    let start = input.text.trim_start_matches(['\u{feff}', ' ', '\n', '\t']);
    let head: String = start.chars().take(200).collect::<String>().to_ascii_lowercase();
    if head.starts_with("<!doctype html") || head.starts_with("<html") {
        return Err(Error::Input(format!(
            "{} is an HTML page, no XML, perhaps one to sign in; fetch the schedule itself",
            input.name
        )));
    }
    if !start.starts_with('<') {
        let hint = if start.starts_with(['{', '[']) { "; it looks like JSON" } else { "" };
        return Err(Error::Input(format!("{} is no XML{hint}; give the file of the schedule in XML", input.name)));
    }
    Builder { input, text: start, at: 0, line: first_line(input, start), open: Vec::new(), count: 0 }.build()
}

/// The line on which the text begins that is left without the blanks before it.
fn first_line(input: &Input, start: &str) -> u32 {
    let skipped = input.text.len() - start.len();
    1 + lines_in(&input.text[..skipped])
}

fn lines_in(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}

struct Builder<'a> {
    input: &'a Input,
    text: &'a str,
    /// Up to where lines are counted.
    at: usize,
    line: u32,
    /// The elements that are open, each with the place where its content begins.
    open: Vec<(Element, usize)>,
    count: usize,
}

impl Builder<'_> {
    fn build(mut self) -> Result<Tree, Error> {
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().allow_dangling_amp = true;
        let mut unknown_entities = Vec::new();
        let mut doctype = None;
        let mut root = None;
        loop {
            let before = place(reader.buffer_position());
            self.count_lines(before);
            let event = reader.read_event();
            let after = place(reader.buffer_position());
            match event {
                Ok(Event::Start(tag)) => {
                    let element = self.element(&tag, &mut unknown_entities)?;
                    self.open.push((element, after));
                }
                Ok(Event::Empty(tag)) => {
                    let element = self.element(&tag, &mut unknown_entities)?;
                    self.close(element, &mut root)?;
                }
                Ok(Event::End(_)) => {
                    let Some((mut element, begin)) = self.open.pop() else {
                        return Err(self.refuse("an element ends that did not begin; mend it there, or fetch it again"));
                    };
                    if !element.children.is_empty() {
                        element.source = self.text[begin..before].replace("<![CDATA[", "").replace("]]>", "");
                    }
                    self.close(element, &mut root)?;
                }
                Ok(Event::Text(text)) => self.push(&text.xml10_content()),
                Ok(Event::CData(text)) => self.push(&text.xml10_content()),
                Ok(Event::GeneralRef(name)) => {
                    let raw = format!("&{};", &*name);
                    let resolved = self.unescaped(&raw, &mut unknown_entities);
                    self.push(&resolved);
                }
                Ok(Event::DocType(declaration)) => {
                    if declaration.contains('[') || declaration.to_ascii_uppercase().contains("ENTITY") {
                        return Err(
                            self.refuse("it declares entities of its own, which are never read; remove <!DOCTYPE … >")
                        );
                    }
                    doctype = Some(self.line);
                }
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
                Ok(Event::Eof) => break,
                Err(error) => {
                    self.count_lines(place(reader.error_position()));
                    return Err(self.refuse(&format!("{error}; mend it there, or fetch it again")));
                }
            }
        }
        if let Some((element, _)) = self.open.last() {
            let message = format!(
                "the file ends before <{}> of line {} does, so it is cut off; fetch it again",
                element.name, element.line
            );
            return Err(self.refuse(&message));
        }
        let root = root.ok_or_else(|| self.refuse("there is no element in it; fetch it again"))?;
        Ok(Tree { root, unknown_entities, doctype })
    }

    fn count_lines(&mut self, to: usize) {
        if to > self.at {
            self.line += lines_in(self.text.get(self.at..to).unwrap_or_default());
            self.at = to;
        }
    }

    fn element(&mut self, tag: &BytesStart<'_>, unknown: &mut Vec<(String, u32)>) -> Result<Element, Error> {
        self.count += 1;
        if self.open.len() >= MAX_DEPTH {
            return Err(self.refuse("its elements are nested deeper than any schedule's; give another file"));
        }
        if self.count > MAX_ELEMENTS {
            return Err(self.refuse("it has more elements than any schedule; give a file with one event only"));
        }
        let mut element = Element { name: tag.local_name().as_ref().to_owned(), line: self.line, ..Element::default() };
        for attribute in tag.attributes().with_checks(false) {
            let Ok(attribute) = attribute else {
                return Err(self.refuse("an attribute can't be read; mend it there, or fetch it again"));
            };
            let name = attribute.key.local_name().as_ref().to_owned();
            let value = self.unescaped(&attribute.value, unknown);
            element.attributes.push((name, value));
        }
        Ok(element)
    }

    fn close(&mut self, element: Element, root: &mut Option<Element>) -> Result<(), Error> {
        match self.open.last_mut() {
            Some((parent, _)) => parent.children.push(element),
            None if root.is_none() => *root = Some(element),
            None => return Err(self.refuse("there is a second outermost element; take one of them out")),
        }
        Ok(())
    }

    fn push(&mut self, text: &str) {
        if let Some((element, _)) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }

    /// Text with its references resolved: those of XML, characters by number, and the names of HTML.
    fn unescaped(&self, raw: &str, unknown: &mut Vec<(String, u32)>) -> String {
        match unescape_with(raw, resolve_html5_entity) {
            Ok(text) => text.into_owned(),
            Err(_) => {
                unknown.push((raw.chars().take(40).collect(), self.line));
                raw.to_owned()
            }
        }
    }

    fn refuse(&self, message: &str) -> Error {
        Error::Input(format!("{}:{}: this XML can't be read: {message}", self.input.name, self.line))
    }
}

fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Tree, Error> {
        parse(&Input::of("x.xml", text))
    }

    #[test]
    fn a_tree_has_lines_text_and_markup() {
        let tree = read("\n<?xml version=\"1.0\"?>\n<a x='1 &amp; 2'>\n <b>R&amp;D &eacute; &#65; R&D &odd;</b>\n <c>x <p>one</p><![CDATA[<i>]]></c><d/></a>").unwrap();
        assert_eq!(tree.root.attribute("x"), Some("1 & 2"));
        assert_eq!(tree.root.line, 3);
        assert_eq!(tree.root.text_of("b"), Some("R&D é A R&D &odd;"));
        assert_eq!(tree.root.child("c").map(|c| c.line), Some(5));
        assert_eq!(tree.root.text_of("c"), Some("x <p>one</p><i>"));
        assert_eq!(tree.root.text_of("d"), None);
        assert_eq!(tree.unknown_entities, [("&odd;".to_owned(), 4)]);
    }

    #[test]
    fn what_is_no_plain_xml_is_refused() {
        let deep = "<a>".repeat(500);
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;</a>";
        for (text, words) in [
            ("", "no XML"),
            ("{\"a\":1}", "looks like JSON"),
            ("<!DOCTYPE html><html>", "an HTML page"),
            ("<a>\n<b></a>", "x.xml:2: "),
            ("<a>\n<b>", "ends before <b> of line 2"),
            (deep.as_str(), "nested deeper"),
            (bomb, "declares entities"),
            ("<a/><b/>", "second outermost"),
        ] {
            let Err(Error::Input(message)) = read(text) else { panic!("{text} was read") };
            assert!(message.contains(words), "{message}");
        }
        assert!(read("<!DOCTYPE a SYSTEM \"a.dtd\"><a/>").is_ok_and(|tree| tree.doctype == Some(1)));
    }
}
