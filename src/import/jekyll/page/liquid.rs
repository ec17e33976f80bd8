//! Liquid: the template language of Jekyll, taken out of a page.
//!
//! Includes and loops over data only say where the template shows what `_data` holds; what can't be known without
//! running the template is noted. Lines keep their numbers.

/// What was noticed while taking Liquid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// A part between `{% comment %}` and `{% endcomment %}`.
    Comment { line: u32, text: String },
    /// Something that only the template could have filled in.
    Unfilled { line: u32, text: String },
    /// A condition: what stands in both its branches was kept.
    Condition { line: u32, text: String },
}

/// The text without Liquid, with the same lines, and what was noticed.
pub(super) fn without_liquid(text: &str, title: Option<&str>) -> (String, Vec<Note>) {
    let mut plain = String::with_capacity(text.len());
    let mut notes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{').filter(|_| rest.contains("{%") || rest.contains("{{")) {
        let (before, tag) = rest.split_at(at);
        plain.push_str(before);
        let line = line_of(text, tag);
        if let Some(inner) = inside(tag, "{%", "%}") {
            let (kept, length) = statement(tag, inner, line, &mut notes);
            plain.push_str(&kept);
            push_lines(&mut plain, &tag[..length], &kept);
            rest = &tag[length..];
        } else if let Some(inner) = inside(tag, "{{", "}}") {
            match output(inner, title) {
                Some(value) => plain.push_str(&value),
                None => notes.push(Note::Unfilled { line, text: tag[..inner.len() + 4].to_owned() }),
            }
            push_lines(&mut plain, inner, "");
            rest = &tag[inner.len() + 4..];
        } else {
            plain.push('{');
            rest = &tag[1..];
        }
    }
    plain.push_str(rest);
    (plain, notes)
}

/// The text between two marks at the beginning of `text`.
fn inside<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let inner = text.strip_prefix(open)?;
    inner.find(close).map(|end| &inner[..end])
}

/// The number of the line in `whole` where its part `rest`, which reaches to the end, begins.
fn line_of(whole: &str, rest: &str) -> u32 {
    let before = &whole[..whole.len() - rest.len()];
    u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
}

/// Keeps the lines that `removed` had and `kept` has not.
fn push_lines(plain: &mut String, removed: &str, kept: &str) {
    let lines = removed.matches('\n').count().saturating_sub(kept.matches('\n').count());
    plain.extend(std::iter::repeat_n('\n', lines));
}

/// What stays of a statement, and how long it is with everything that belongs to it.
fn statement(tag: &str, inner: &str, line: u32, notes: &mut Vec<Note>) -> (String, usize) {
    let words = inner.trim_matches(|character: char| character.is_whitespace() || character == '-');
    let (name, argument) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let length = inner.len() + 4;
    match name {
        "comment" | "raw" | "for" | "tablerow" | "capture" => {
            let Some((body, length)) = block(tag, length, name) else { return (String::new(), length) };
            match name {
                "comment" => notes.push(Note::Comment { line, text: body.to_owned() }),
                "raw" => return (body.to_owned(), length),
                // A loop or capture that fills nothing in from data has a text of its own.
                _ if !body.contains("{{") && !body.contains("{%") && !body.trim().is_empty() => {
                    notes.push(Note::Unfilled { line, text: body.trim().to_owned() });
                }
                _ => {}
            }
            (String::new(), length)
        }
        "if" | "unless" | "case" => {
            notes.push(Note::Condition { line, text: words.to_owned() });
            (String::new(), length)
        }
        "link" => (page_address(argument.trim()), length),
        _ => (String::new(), length),
    }
}

/// The body of a block that begins with a tag of `start` bytes, and the length of the whole.
fn block<'a>(text: &'a str, start: usize, name: &str) -> Option<(&'a str, usize)> {
    let mut depth = 1;
    let mut at = start;
    loop {
        let next = at + text[at..].find("{%")?;
        let inner = inside(&text[next..], "{%", "%}")?;
        let word = inner.trim_matches(|c: char| c.is_whitespace() || c == '-').split_whitespace().next().unwrap_or("");
        let end = next + inner.len() + 4;
        if word == name && !matches!(name, "comment" | "raw") {
            depth += 1;
        } else if word.strip_prefix("end") == Some(name) {
            depth -= 1;
            if depth == 0 {
                return Some((&text[start..next], end));
            }
        }
        at = end;
    }
}

/// What an output tag would show; `None` when only the template knows.
fn output(inner: &str, title: Option<&str>) -> Option<String> {
    let mut filters = inner.trim_matches(|c: char| c.is_whitespace() || c == '-').split('|').map(str::trim);
    let value = filters.next().unwrap_or("");
    let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    match (quoted, value) {
        (Some(text), _) => Some(text.to_owned()),
        (None, "page.title") => Some(title.unwrap_or_default().to_owned()),
        (None, "site.baseurl" | "site.url" | "site.github.url" | "content") => Some(String::new()),
        _ => None,
    }
}

/// Where Jekyll puts a page.
fn page_address(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    format!("/{}.html", stem.trim_start_matches('/'))
}

/// The names of data files that a page shows by `{% include NAME.html %}` or `site.data.NAME`, with their lines.
pub(super) fn shown_data(text: &str) -> Vec<(u32, String)> {
    let mut shown = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        for (mark, ending) in [("{% include ", ".html"), ("{%- include ", ".html"), ("site.data.", "")] {
            for (at, _) in line.match_indices(mark) {
                let name: String = line[at + mark.len()..]
                    .trim_start()
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'))
                    .collect();
                let after = line[at + mark.len()..].trim_start().get(name.len()..).unwrap_or_default();
                if !name.is_empty() && after.starts_with(ending) {
                    shown.push((number, name.rsplit('/').next().unwrap_or_default().to_owned()));
                }
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn liquid_goes_and_lines_stay() {
        let page = "a\n{% include x.html %}\n{% for p in site.data.papers %}\n<li>{{ p.title }}</li>\n{% endfor %}\n<img src=\"{{ site.baseurl }}/x.png\">{{ '/y.png' | relative_url }}\n{{ site.time }} { b }";
        let (text, notes) = without_liquid(page, None);
        assert_eq!(text, "a\n\n\n\n\n<img src=\"/x.png\">/y.png\n { b }");
        assert_eq!(notes, [Note::Unfilled { line: 7, text: "{{ site.time }}".to_owned() }]);
    }

    #[test]
    fn comments_are_kept_apart_and_raw_stays() {
        let (text, notes) =
            without_liquid("{% comment %}\nold\n{% endcomment %}x{% raw %}{{ y }}{% endraw %}{% open", None);
        assert_eq!(text, "\n\nx{{ y }}{% open");
        assert_eq!(notes, [Note::Comment { line: 1, text: "\nold\n".to_owned() }]);
    }
}
