//! A piece of a text around the best match, with the matching words marked.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// About how many characters a snippet has, at most.
const LENGTH: usize = 200;
/// How many characters stand before the first match, at most.
const BEFORE: usize = 60;

/// A piece of a text with the matching words marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The piece in one line, with `…` where the text goes on.
    pub text: String,
    /// The bytes of `text` that match, in order, without overlaps, never within a character as people see it.
    pub highlights: Vec<Range<usize>>,
}

/// A character as people see it, and where it stands in the text.
struct Grapheme<'a> {
    at: usize,
    text: &'a str,
}

impl Snippet {
    /// Cuts the piece with the most different matches out of a text. A match is a range of bytes and what it stands for.
    pub(super) fn new(text: &str, matches: &[(Range<usize>, u64)]) -> Self {
        let best = best_match(text, matches);
        let graphemes: Vec<Grapheme<'_>> = nearby(text, best);
        let first = graphemes.iter().position(|grapheme| grapheme.at + grapheme.text.len() > best).unwrap_or(0);
        let start = start_of_piece(&graphemes, first);
        let end = end_of_piece(&graphemes, start);
        let piece = &graphemes[start..end];
        let mut snippet = Snippet::default();
        if piece.first().is_some_and(|grapheme| !text[..grapheme.at].trim().is_empty()) {
            snippet.text.push('…');
        }
        for grapheme in piece {
            snippet.push(grapheme, matches);
        }
        snippet.text.truncate(snippet.text.trim_end().len());
        if piece.last().is_some_and(|grapheme| !text[grapheme.at + grapheme.text.len()..].trim().is_empty()) {
            snippet.text.push('…');
        }
        snippet.widen_highlights();
        snippet
    }

    /// The piece as HTML: escaped, with `<mark>` around what matches.
    pub fn html(&self) -> String {
        let mut html = String::with_capacity(self.text.len() + self.highlights.len() * 13);
        let mut written = 0;
        for highlight in &self.highlights {
            escape(&self.text[written..highlight.start], &mut html);
            html.push_str("<mark>");
            escape(&self.text[highlight.clone()], &mut html);
            html.push_str("</mark>");
            written = highlight.end;
        }
        escape(&self.text[written..], &mut html);
        html
    }

    /// Adds a character; runs of spaces and line breaks become one space.
    fn push(&mut self, grapheme: &Grapheme<'_>, matches: &[(Range<usize>, u64)]) {
        if grapheme.is_space() {
            if !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
            return;
        }
        let start = self.text.len();
        self.text.push_str(grapheme.text);
        let place = matches.partition_point(|(range, _)| range.end <= grapheme.at);
        let ends = grapheme.at + grapheme.text.len();
        if matches.get(place).is_some_and(|(range, _)| range.start < ends) {
            match self.highlights.last_mut().filter(|last| last.end == start) {
                Some(last) => last.end = self.text.len(),
                None => self.highlights.push(start..self.text.len()),
            }
        }
    }
}

impl Snippet {
    /// An accent without a letter joins what has come to stand before it, so highlights are widened to whole characters
    /// once the text is final.
    fn widen_highlights(&mut self) {
        let mut widened: Vec<Range<usize>> = Vec::with_capacity(self.highlights.len());
        let mut graphemes = self.text.grapheme_indices(true).map(|(at, text)| at..at + text.len()).peekable();
        for highlight in &self.highlights {
            while graphemes.next_if(|grapheme| grapheme.end <= highlight.start).is_some() {}
            let mut wide = highlight.clone();
            while let Some(grapheme) = graphemes.next_if(|grapheme| grapheme.start < highlight.end) {
                wide = wide.start.min(grapheme.start)..wide.end.max(grapheme.end);
            }
            match widened.last_mut().filter(|last| last.end >= wide.start) {
                Some(last) => last.end = last.end.max(wide.end),
                None => widened.push(wide),
            }
        }
        self.highlights = widened;
    }
}

/// Where the piece should be: at the match that is followed closely by the most different others.
fn best_match(text: &str, matches: &[(Range<usize>, u64)]) -> usize {
    let mut best = (0, 0);
    for (place, (range, _)) in matches.iter().enumerate() {
        let mut different: Vec<u64> = Vec::new();
        let near = matches[place..].iter().take_while(|(other, _)| other.end - range.start <= LENGTH - BEFORE);
        for (_, stem) in near {
            if !different.contains(stem) {
                different.push(*stem);
            }
        }
        if different.len() > best.0 {
            best = (different.len(), range.start);
        }
    }
    best.1.min(text.len())
}

/// The characters that may become part of the piece, counted from well before the match.
fn nearby(text: &str, best: usize) -> Vec<Grapheme<'_>> {
    // What people see as one character may be many bytes: sixteen each leave room for accents and emoji.
    let (from, to) = (best.saturating_sub(BEFORE * 16), best + LENGTH * 16);
    text.grapheme_indices(true)
        .map(|(at, text)| Grapheme { at, text })
        .skip_while(|grapheme| grapheme.at < from)
        .take_while(|grapheme| grapheme.at < to)
        .collect()
}

/// Goes back from the match as far as may be, and then forward to the beginning of a word.
fn start_of_piece(graphemes: &[Grapheme<'_>], first: usize) -> usize {
    let mut start = first;
    let mut length = 0;
    while start > 0 {
        length += graphemes[start - 1].text.chars().count();
        if length > BEFORE {
            break;
        }
        start -= 1;
    }
    if start == 0 && graphemes.first().is_none_or(|grapheme| grapheme.at == 0) {
        return 0;
    }
    let space = graphemes[start..first].iter().position(Grapheme::is_space);
    space.map_or(start, |space| start + space + 1)
}

/// Goes forward as far as may be, and then back to the end of a word, if there is one in the last quarter.
fn end_of_piece(graphemes: &[Grapheme<'_>], start: usize) -> usize {
    let mut end = start;
    let mut length = 0;
    while end < graphemes.len() {
        length += graphemes[end].text.chars().count();
        if length > LENGTH && end > start {
            break;
        }
        end += 1;
    }
    if end == graphemes.len() {
        return end;
    }
    let from = end - (end - start) / 4;
    let space = graphemes[from..=end].iter().rposition(Grapheme::is_space);
    space.map_or(end, |space| from + space)
}

impl Grapheme<'_> {
    fn is_space(&self) -> bool {
        self.text.trim().is_empty()
    }
}

fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
}
