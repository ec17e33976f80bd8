//! Names as people write them: honorifics, affiliations in parentheses, lists by `<br>`, `;`, `·`, commas and “and”.
//!
//! It knows no files and no records.

use super::html;

/// A person as written in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) honorific: Option<String>,
    pub(crate) name: String,
    pub(crate) affiliation: Option<String>,
    /// Whether a `*` marks the name.
    pub(crate) is_marked: bool,
}

/// HTML or text as one line: no markup, no invisible characters, no spare blanks.
pub(crate) fn tidy(text: &str) -> String {
    let plain = without_markdown(&html::plain(text)).replace("\\&", "&");
    let visible = plain.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'));
    visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A link as Markdown writes it.
pub(crate) struct MarkdownLink<'a> {
    pub(crate) text: &'a str,
    pub(crate) url: &'a str,
    pub(crate) span: std::ops::Range<usize>,
}

/// The first `[text](address)` of a text.
pub(crate) fn markdown_link(text: &str) -> Option<MarkdownLink<'_>> {
    text.match_indices("](").find_map(|(middle, _)| {
        let start = text[..middle].rfind('[')?;
        let end = middle + 2 + text[middle + 2..].find(')')?;
        let url = text[middle + 2..end].trim();
        let leads = url.starts_with(['/', '#']) || url.contains("://") || url.starts_with("mailto:");
        (leads && !url.contains(char::is_whitespace)).then(|| MarkdownLink {
            text: &text[start + 1..middle],
            url,
            span: start..end + 1,
        })
    })
}

/// A line without the marks of Markdown that some templates let stand in it: links and bold words.
fn without_markdown(text: &str) -> String {
    let mut plain = text.to_owned();
    while let Some(MarkdownLink { text, span, .. }) = markdown_link(&plain) {
        let text = text.to_owned();
        plain.replace_range(span, &text);
    }
    let bold = plain.matches("**").count();
    if bold > 0 && bold.is_multiple_of(2) { plain.replace("**", "") } else { plain }
}

/// Whether a text names a part of the event's people, such as `Workshop Chairs`, and nobody by name.
pub(crate) fn is_collective(text: &str) -> bool {
    const NAMES: [&str; 16] = [
        "organizers",
        "organisers",
        "chairs",
        "co-chairs",
        "committee",
        "team",
        "authors",
        "speakers",
        "panelists",
        "panellists",
        "volunteers",
        "moderators",
        "participants",
        "attendees",
        "everyone",
        "winners",
    ];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.len() <= 4 && words.last().is_some_and(|word| NAMES.contains(word))
}

/// Whether a text only says that something will be told later, or nothing.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let word = text.trim().trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let mut words = word.split_whitespace();
    words.all(|word| matches!(word, "tbd" | "tba" | "tbc"))
        || matches!(
            word.as_str(),
            "" | "tbd"
                | "tba"
                | "tbc"
                | "n/a"
                | "none"
                | "null"
                | "to be announced"
                | "to be determined"
                | "to be confirmed"
                | "coming soon"
        )
}

/// Parts `Prof. Jane Doe` into the title before the name and the name.
pub(crate) fn split_honorific(name: &str) -> (Option<String>, &str) {
    let mut rest = name.trim();
    let mut length = 0;
    while let Some((word, after)) = rest.split_once(' ') {
        if !is_honorific(word) {
            break;
        }
        length = name.len() - after.len();
        rest = after.trim_start();
    }
    let title = name[..length].trim();
    ((!title.is_empty()).then(|| title.to_owned()), rest)
}

/// Whether a text is a title before a name and nothing else, such as `Prof. Dr.` or `Associate Professor`.
pub(crate) fn is_title(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.split_whitespace().all(is_honorific)
}

fn is_honorific(word: &str) -> bool {
    let word = word.to_lowercase();
    matches!(
        word.trim_end_matches(['.', ',']),
        "prof"
            | "professor"
            | "dr"
            | "doctor"
            | "mr"
            | "mrs"
            | "ms"
            | "miss"
            | "mx"
            | "sir"
            | "dame"
            | "assoc"
            | "asst"
            | "associate"
            | "assistant"
            | "emeritus"
            | "a/prof"
    )
}

/// Reads `Name (Affiliation)`, `Name, Affiliation`, `Name - Affiliation` or just a name.
pub(crate) fn parse_person(text: &str) -> Named {
    let text = tidy(text);
    let text = text.trim_end_matches([';', ',']).trim();
    let (name, affiliation, after) = match text.find(['(', '[']).filter(|at| *at > 0) {
        Some(at) => {
            let close = closing(text, at);
            let inner = &text[at + 1..close.unwrap_or(text.len())];
            (&text[..at], Some(inner), close.map_or("", |close| &text[close + 1..]))
        }
        None => match parted(text) {
            Some((name, affiliation)) => (name, Some(affiliation), ""),
            None => (text, None, ""),
        },
    };
    let is_marked = name.trim_end().ends_with('*') || after.trim_start().starts_with('*');
    let name = without_marks(name);
    let (honorific, name) = split_honorific(name);
    let affiliation = affiliation.map(without_marks).filter(|text| !is_placeholder(text)).map(str::to_owned);
    Named { honorific, name: name.to_owned(), affiliation, is_marked }
}

/// Where the parenthesis that opens at `at` closes.
fn closing(text: &str, at: usize) -> Option<usize> {
    let mut depth = 0;
    for (position, character) in text[at..].char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + position);
        }
    }
    None
}

/// Parts a name from an affiliation that stands after a dash, a comma or a colon.
fn parted(text: &str) -> Option<(&str, &str)> {
    let dash = [" - ", " – ", " — ", " | ", ": ", " @ "].iter().find_map(|dash| text.split_once(dash));
    let comma = || {
        let (name, rest) = text.split_once(',')?;
        // `Jane Doe, Jr.` and `Jane Doe, PhD` are names.
        (!is_suffix(rest) && name.trim().contains(' ')).then_some((name, rest))
    };
    let (name, affiliation) = dash.or_else(comma)?;
    let (name, affiliation) = (name.trim(), affiliation.trim());
    (!name.is_empty() && !affiliation.is_empty()).then_some((name, affiliation))
}

fn is_suffix(text: &str) -> bool {
    let word = text.trim().trim_end_matches('.').to_lowercase().replace('.', "");
    matches!(word.as_str(), "jr" | "sr" | "ii" | "iii" | "iv" | "phd" | "md" | "msc" | "esq")
}

/// A name or affiliation without footnote marks at its end.
pub(crate) fn without_marks(text: &str) -> &str {
    text.trim().trim_end_matches(['*', '†', '‡', '§', '¶', ' ', ',', ';', '¹', '²', '³', '⁴', '⁵']).trim()
}

/// The people of a list, one text each, however the list is written.
pub(crate) fn split_people(list: &str) -> Vec<String> {
    let mut people = Vec::new();
    for line in html::lines(list) {
        let line = tidy(&line);
        for part in split_outside(&line, &[';', '•', '·', '|', '\n']) {
            for part in split_words(part) {
                people.extend(split_commas(part));
            }
        }
    }
    people.retain(|person| person.chars().any(char::is_alphabetic));
    people
}

/// Parts a text at characters that stand outside parentheses. Parentheses that do not match part nothing.
pub(crate) fn split_outside<'a>(text: &'a str, separators: &[char]) -> Vec<&'a str> {
    let balanced = text.matches(['(', '[']).count() == text.matches([')', ']']).count();
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (position, character) in text.char_indices() {
        match character {
            '(' | '[' if balanced => depth += 1,
            ')' | ']' if balanced => depth -= 1,
            _ if depth <= 0 && separators.contains(&character) => {
                parts.push(text[start..position].trim());
                start = position + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Parts `Jane Doe and John Roe` and `Jane Doe & John Roe` outside parentheses.
fn split_words(text: &str) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    for (position, _) in text.char_indices() {
        let Some(word) = [" and ", " & ", " with "].iter().find(|word| text[position..].starts_with(**word)) else {
            continue;
        };
        let before = &text[start..position];
        let is_outside = before.matches(['(', '[']).count() == before.matches([')', ']']).count();
        // `Jane Doe, Research and Development` is one person: what stands around the word must be names.
        let after = split_outside(&text[position + word.len()..], &[',']);
        if is_outside && after.first().is_some_and(|name| looks_like_name(name)) {
            parts.push(before.trim().trim_end_matches(','));
            start = position + word.len();
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Parts `Jane Doe, John Roe`, but neither `Jane Doe, Jr.` nor `Jane Doe, Some University`.
fn split_commas(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in split_outside(text, &[',']) {
        match parts.last_mut() {
            Some(last) if is_suffix(part) => *last = format!("{last}, {part}"),
            _ => parts.push(part.trim_start_matches("and ").trim_start_matches("& ").to_owned()),
        }
    }
    let names = parts.iter().filter(|part| looks_like_name(part)).count();
    // A single word among many names is a name too (some people have one).
    if parts.len() > 1 && names < parts.len() && (names < 2 || names * 2 < parts.len()) {
        return vec![text.to_owned()];
    }
    parts
}

/// Whether a text can be the name of a person, and no affiliation, title or sentence.
pub(crate) fn looks_like_name(text: &str) -> bool {
    const ORGANIZATIONS: [&str; 33] = [
        "university",
        "universite",
        "universität",
        "université",
        "universidad",
        "institute",
        "institut",
        "college",
        "school",
        "lab",
        "labs",
        "laboratory",
        "research",
        "department",
        "inc",
        "inc.",
        "corp",
        "corporation",
        "google",
        "microsoft",
        "meta",
        "amazon",
        "technologies",
        "technology",
        "center",
        "centre",
        "ai",
        "foundation",
        "academy",
        "deepmind",
        "huawei",
        "of",
        "the",
    ];
    const PARTICLES: [&str; 22] = [
        "de", "da", "di", "do", "dos", "del", "della", "der", "den", "van", "von", "zu", "la", "le", "el", "al", "bin",
        "ibn", "ben", "ter", "ten", "y",
    ];
    let named = parse_name_only(text);
    let (_, name) = split_honorific(&named);
    let words: Vec<&str> = name.split_whitespace().collect();
    (2..=6).contains(&words.len())
        && !name.contains(['?', '!', ':', '/', '@', '"', '&'])
        && words.iter().all(|word| {
            let lower = word.to_lowercase();
            !ORGANIZATIONS.contains(&lower.as_str())
                && (PARTICLES.contains(&lower.as_str())
                    || word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase()))
                && !word.trim_end_matches(|c: char| c.is_ascii_digit()).contains(|c: char| c.is_ascii_digit())
        })
}

fn parse_name_only(text: &str) -> String {
    let end = text.find(['(', '[']).filter(|at| *at > 0).unwrap_or(text.len());
    without_marks(&text[..end]).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(text: &str) -> (String, String) {
        let person = parse_person(text);
        (person.name, person.affiliation.unwrap_or_default())
    }

    #[test]
    fn a_person_is_a_name_and_maybe_an_affiliation() {
        for (text, name, affiliation) in [
            ("Bo Lund (University of Varde (UoV)) ", "Bo Lund", "University of Varde (UoV)"),
            ("Bo Lund, Varde Institute", "Bo Lund", "Varde Institute"),
            ("Bo Lund - Varde Labs", "Bo Lund", "Varde Labs"),
            ("Bo Lund", "Bo Lund", ""),
            ("Bo Lund, Jr.", "Bo Lund, Jr.", ""),
            ("<b>Bo&nbsp;Lund</b> (TBD)", "Bo Lund", ""),
            ("Bo\u{200b} Lund (Varde", "Bo Lund", "Varde"),
        ] {
            assert_eq!(named(text), (name.to_owned(), affiliation.to_owned()), "{text}");
        }
        assert_eq!(named("[Bo Lund](https://example.org/bo) (Varde)"), ("Bo Lund".to_owned(), "Varde".to_owned()));
        assert_eq!(named("**Bo Lund**, Varde Institute"), ("Bo Lund".to_owned(), "Varde Institute".to_owned()));
        assert!(is_placeholder("TBD TBD") && is_placeholder("(TBA)") && !is_placeholder("TBD or later"));
        assert!(is_collective("MOSS Chairs") && is_collective("Organizers") && !is_collective("Ada Falk"));
        assert_eq!(parse_person("Prof. Dr. Ada Falk").honorific.as_deref(), Some("Prof. Dr."));
        assert!(parse_person("Ada Falk (Varde)*").is_marked);
        assert!(parse_person("Ada Falk*").is_marked);
    }

    #[test]
    fn lists_of_people_are_parted() {
        let two = vec!["Ada Falk".to_owned(), "Bo Lund".to_owned()];
        for list in [
            "Ada Falk, Bo Lund",
            "Ada Falk and Bo Lund",
            "Ada Falk \\& Bo Lund",
            "Ada Falk; Bo Lund",
            "Ada Falk <br> Bo Lund",
            "<ul><li>Ada Falk</li><li>Bo Lund</li></ul>",
            "Ada Falk · Bo Lund",
        ] {
            assert_eq!(split_people(list), two, "{list}");
        }
        assert_eq!(split_people("Ada Falk, Bo Lund, and Cy Moe"), ["Ada Falk", "Bo Lund", "Cy Moe"]);
        assert_eq!(split_people("Ada Falk, University of Varde"), ["Ada Falk, University of Varde"]);
        assert_eq!(split_people("Ada Falk, Jr., Bo Lund"), ["Ada Falk, Jr.", "Bo Lund"]);
        assert_eq!(split_people("Ada Falk (A, B), Bo Lund (C; D)"), ["Ada Falk (A, B)", "Bo Lund (C; D)"]);
    }

    #[test]
    fn names_look_like_names() {
        for name in ["Ada Falk", "Ludwig van der Moe", "Ada Q. Falk-Lund", "Niama EL KHBIR", "Prof. Bo Lund", "李 明"]
        {
            assert!(looks_like_name(name), "{name}");
        }
        for other in ["Varde Institute", "MIT", "Workshop intro", "Why Trees?", "A talk: on things"] {
            assert!(!looks_like_name(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn no_list_panics(text in ".{0,60}") {
            let _ = split_people(&text);
            let _ = parse_person(&text);
        }
    }
}
