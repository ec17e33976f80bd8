//! Lines that are no YAML, put right: values that want quotes, tabs, quotes that do not match, commas that are missing.
//!
//! A mending counts only when the parser gets further with it than without, and each is reported with its line.

use super::yaml::{Fault, Finding, Node, parse_strictly};
use crate::content::Severity;

/// The most lines that are mended in a file.
const MAX_MENDINGS: usize = 200;
/// The most bytes that are parsed again and again while mending.
const MAX_WORK: usize = 256 << 20;
/// How far back from a fault its cause is looked for.
const LOOK_BACK: usize = 40;

/// Reads a YAML text that has a fault, mending what can be mended; the answer to the hopeless is the first fault that
/// no mending helps.
pub(super) fn parse(text: &str, first: Fault) -> Result<(Node, Vec<Finding>), Fault> {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let mut mended: Vec<(usize, &'static str)> = spaces_for_tabs(&mut lines);
    let mut fault = first;
    if !mended.is_empty() {
        match parse_strictly(&lines.join("\n")) {
            Ok(parsed) => return Ok(told(parsed, &mended)),
            Err(next) => fault = next,
        }
    }
    let mut work = 0;
    for _ in 0..MAX_MENDINGS {
        let mut better = None;
        for candidate in candidates(&lines, &fault) {
            work += text.len();
            if work > MAX_WORK {
                return Err(fault);
            }
            let attempt = with(&lines, &candidate.changes);
            match parse_strictly(&attempt.join("\n")) {
                Ok(parsed) => {
                    mended.push((candidate.line, candidate.what));
                    return Ok(told(parsed, &mended));
                }
                Err(next) if next.line > fault.line => {
                    better = Some((candidate, attempt, next));
                    break;
                }
                Err(_) => {}
            }
        }
        let Some((candidate, attempt, next)) = better else { return Err(fault) };
        mended.push((candidate.line, candidate.what));
        lines = attempt;
        fault = next;
    }
    Err(fault)
}

/// One way to put lines right.
struct Candidate {
    /// The line to report, counted from 0.
    line: usize,
    what: &'static str,
    changes: Vec<(usize, String)>,
}

fn with(lines: &[String], changes: &[(usize, String)]) -> Vec<String> {
    let mut lines = lines.to_vec();
    for (number, line) in changes {
        lines[*number].clone_from(line);
    }
    lines
}

fn told((node, mut findings): (Node, Vec<Finding>), mended: &[(usize, &'static str)]) -> (Node, Vec<Finding>) {
    findings.extend(mended.iter().map(|(line, what)| Finding {
        line: u32::try_from(line + 1).unwrap_or(u32::MAX),
        severity: Severity::Warning,
        code: "yaml-mended",
        message: format!("this is no YAML; {what}"),
    }));
    findings.sort_by_key(|finding| finding.line);
    (node, findings)
}

/// Puts two spaces in the place of every tab that indents a line.
fn spaces_for_tabs(lines: &mut [String]) -> Vec<(usize, &'static str)> {
    let mut mended = Vec::new();
    for (number, line) in lines.iter_mut().enumerate() {
        let rest = line.trim_start_matches([' ', '\t', '-']);
        let head = &line[..line.len() - rest.len()];
        if head.contains('\t') && !rest.is_empty() {
            *line = format!("{}{rest}", head.replace('\t', "  "));
            mended.push((number, "it is indented with tabs, which were read as two spaces each"));
        }
    }
    mended.truncate(1);
    mended
}

/// What may help against a fault, the likeliest first.
fn candidates(lines: &[String], fault: &Fault) -> Vec<Candidate> {
    let last = lines.len().saturating_sub(1);
    let at = usize::try_from(fault.line.saturating_sub(1)).unwrap_or(last).min(last);
    let mut found: Vec<Candidate> = indented(lines, at).into_iter().collect();
    let nearest: Vec<usize> =
        (at.saturating_sub(LOOK_BACK)..=at).rev().filter(|&n| !lines[n].trim().is_empty()).collect();
    for &number in nearest.iter().take(3) {
        found.extend(quoted(lines, number));
    }
    found.extend(comma(lines, at));
    for &number in nearest.iter().skip(3) {
        if entry(&lines[number]).is_some_and(|entry| entry.value.starts_with(['"', '\''])) {
            found.extend(quoted(lines, number));
        }
    }
    // A value that goes on for many lines begins above the line where the parser stumbles.
    if let Some(&number) = nearest.iter().skip(3).find(|&&number| entry(&lines[number]).is_some()) {
        found.extend(quoted(lines, number));
    }
    found
}

/// A line of the form `key: value` or `- value`.
struct Entry<'a> {
    /// Everything before the value: indentation, dashes, the key and its colon.
    head: &'a str,
    value: &'a str,
    /// The columns before the key.
    indent: usize,
}

fn entry(line: &str) -> Option<Entry<'_>> {
    let body = line.trim_start_matches([' ', '-']);
    let indent = line.len() - body.len();
    let is_item = line.trim_start().starts_with("- ");
    let key_end = if let Some(rest) = body.strip_prefix(['"', '\'']) {
        let quote = body.chars().next()?;
        let close = rest.find(quote)? + 2;
        body[close..].starts_with(':').then_some(close + 1)
    } else {
        body.find(':')
            .filter(|&colon| is_key(&body[..colon]) && body[colon + 1..].starts_with([' ', '\t']))
            .map(|c| c + 1)
    };
    let head_end = match key_end {
        Some(end) => indent + end,
        None if is_item => indent,
        None => return None,
    };
    let value = line[head_end..].trim();
    (!value.is_empty() && !value.starts_with('#')).then_some(Entry { head: &line[..head_end], value, indent })
}

/// A text in quotes that goes on at the beginning of a line, as Jekyll allows it, indented as YAML wants it.
fn indented(lines: &[String], at: usize) -> Option<Candidate> {
    let opens = |number: &usize| {
        entry(&lines[*number])
            .is_some_and(|entry| entry.value.starts_with(['"', '\'']) && !closes(&entry.value[1..], &entry.value[..1]))
    };
    let number = (at.saturating_sub(LOOK_BACK)..=at).rev().find(opens)?;
    let Entry { value, indent, .. } = entry(&lines[number])?;
    let mut changes = Vec::new();
    for (next, line) in lines.iter().enumerate().skip(number + 1) {
        let text = line.trim_start();
        if !text.trim_end().is_empty() && line.len() - text.len() <= indent {
            changes.push((next, format!("{}{text}", " ".repeat(indent + 2))));
        }
        if closes(line, &value[..1]) {
            let what = "its text in quotes goes on at the beginning of a line, which was read as indented";
            return (!changes.is_empty()).then_some(Candidate { line: number, what, changes });
        }
    }
    None
}

/// Whether a quotation ends on a line: a quote that is not escaped.
fn closes(text: &str, quote: &str) -> bool {
    let bare = if quote == "'" { text.replace("''", "") } else { text.replace("\\\\", "").replace("\\\"", "") };
    bare.contains(quote)
}

/// Whether this may be a key: a word or a few, and no sentence.
fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && text.split_whitespace().count() <= 4
        && text.chars().all(|character| character.is_alphanumeric() || "_- ()/.".contains(character))
}

/// The value that begins on a line, with the lines that go on with it, put into quotes.
fn quoted(lines: &[String], number: usize) -> Option<Candidate> {
    let Entry { head, value, indent } = entry(&lines[number])?;
    if matches!(value, "|" | ">" | "|-" | ">-" | "|+" | ">+" | "[" | "{") {
        return None;
    }
    let goes_on = |line: &String| {
        let depth = line.len() - line.trim_start().len();
        line.trim().is_empty() || (depth > indent && !line.trim_start().starts_with(['"', '{', '}', ']', '#', '-']))
    };
    let mut whole = value.to_owned();
    let mut changes = Vec::new();
    for (next, line) in lines.iter().enumerate().skip(number + 1).take_while(|(_, line)| goes_on(line)) {
        if !line.trim().is_empty() {
            whole = format!("{whole} {}", line.trim());
            changes.push((next, String::new()));
        }
    }
    let is_json = head.trim_end().ends_with("\":");
    let comma = if is_json && whole.ends_with(',') { "," } else { "" };
    let bare = if comma.is_empty() { whole.as_str() } else { whole.trim_end_matches(',').trim_end() };
    let inner = unquoted(bare);
    let text = if is_json || bare.starts_with('"') {
        format!("\"{}\"", escaped(inner))
    } else {
        format!("'{}'", inner.replace("''", "'").replace('\'', "''"))
    };
    let space = if head.ends_with(' ') { "" } else { " " };
    changes.push((number, format!("{head}{space}{text}{comma}")));
    let mending = Candidate { line: number, what: "the value was read as if it were in quotes", changes };
    mending.changes.iter().any(|(number, line)| lines[*number] != *line).then_some(mending)
}

/// A text without the quotes around it, be there one or two.
fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(quote) {
            return match rest.strip_suffix(quote) {
                Some(inner) => inner,
                // `"Deep" learning` only begins with a quotation; `"Deep learning` has lost its end.
                None if rest.contains(quote) => text,
                None => rest,
            };
        }
    }
    text
}

/// A text for between double quotes, with what was escaped already left as it is.
fn escaped(text: &str) -> String {
    let mut whole = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('\\', Some(&next @ ('"' | '\\' | '/' | 'n' | 't'))) => {
                whole.extend(['\\', next]);
                characters.next();
            }
            ('\\', _) => whole.push_str("\\\\"),
            ('"', _) => whole.push_str("\\\""),
            _ => whole.push(character),
        }
    }
    whole
}

/// The comma that is missing between two entries of a JSON list or map.
fn comma(lines: &[String], at: usize) -> Option<Candidate> {
    if !lines[at].trim_start().starts_with(['"', '{']) {
        return None;
    }
    let before = (0..at).rev().find(|&number| {
        let line = lines[number].trim();
        !line.is_empty() && !line.starts_with('#')
    })?;
    let line = lines[before].trim_end();
    line.ends_with(['"', '}', ']']).then(|| Candidate {
        line: before,
        what: "a comma was missing at its end",
        changes: vec![(before, format!("{line},"))],
    })
}

#[cfg(test)]
mod tests {
    use super::super::yaml::{Node, parse};

    fn mended(text: &str) -> (Node, Vec<u32>) {
        let (node, findings) = parse(text).unwrap_or_else(|fault| panic!("{fault:?} in\n{text}"));
        (node, findings.iter().filter(|finding| finding.code == "yaml-mended").map(|finding| finding.line).collect())
    }

    fn first(text: &str, key: &str) -> (String, Vec<u32>) {
        let (node, lines) = mended(text);
        let node = node.list().map_or(node.clone(), |items| items[0].clone());
        (node.get(key).and_then(Node::text).unwrap_or_default().to_owned(), lines)
    }

    #[test]
    fn values_that_want_quotes_get_them() {
        let text = "- Title: Quantum: Accurate and 'cheap'\n  Time: 08:00\n- Title: b: c: d\n";
        assert_eq!(first(text, "title"), ("Quantum: Accurate and 'cheap'".to_owned(), vec![1, 3]));
        for value in ["@home with cats", "%5 of all", "`code` first", "*starred", "\"Deep\" learning", "[TBD] a talk"] {
            let text = format!("- Title: {value}\n  Time: 08:00\n");
            assert_eq!(first(&text, "title"), (value.to_owned(), vec![1]), "{text}");
        }
    }

    #[test]
    fn values_of_several_lines_are_joined() {
        let text = "- Title: One\n  Abstract: We ask:\n    why is it so: because\n    it is.\n  Time: 8:00\n";
        assert_eq!(first(text, "abstract"), ("We ask: why is it so: because it is.".to_owned(), vec![2]));
        assert_eq!(first(text, "time").0, "8:00");
    }

    #[test]
    fn quoted_texts_may_go_on_at_the_beginning_of_a_line() {
        let text = "- name: a\n  talk: \"One \\\"day\\\".\n\n\nAnother day: fine.\"\n  last: 'x\ny'\n- name: b\n";
        assert_eq!(first(text, "talk"), ("One \"day\".\n\nAnother day: fine.".to_owned(), vec![2, 6]));
        assert_eq!(first(text, "last").0, "x y");
    }

    #[test]
    fn tabs_quotes_and_commas_are_put_right() {
        assert_eq!(first("- Title: a\n\tTime: b\n", "time"), ("b".to_owned(), vec![2]));
        assert_eq!(first("- Title: \"Unclosed talk\n  Time: 9\n- Title: b\n", "time").0, "9");
        let json = "[\n{\n\"title\": \"A \"deep\" one\",\n\"id\": \"1\"\n}\n{\n\"title\": \"b\"\n\"id\": \"2\"\n}\n]\n";
        let (node, lines) = mended(json);
        let items = node.list().unwrap();
        assert_eq!(items[0].get("title").and_then(Node::text), Some("A \"deep\" one"));
        assert_eq!(items[1].get("id").and_then(Node::text), Some("2"));
        assert_eq!(lines, [3, 5, 7]);
    }

    #[test]
    fn the_hopeless_keeps_its_line() {
        let fault = parse("- a: 1\n- b: [1, 2\n  c\n: : :\n  - {{{\n").unwrap_err();
        assert!(fault.line >= 2, "{fault:?}");
    }
}
