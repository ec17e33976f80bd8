//! Authors of a paper as people list them: with affiliations and `;`, with commas, with footnote marks.
//!
//! It knows no files and no records; what was odd is told as codes with a sentence.

use super::names::{self, is_placeholder, tidy, without_marks};

/// One author as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Author {
    pub(crate) name: String,
    pub(crate) affiliation: Option<String>,
    pub(crate) corresponding: bool,
}

/// Whether the name only hides who wrote a paper.
pub(crate) fn is_anonymous(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    matches!(
        name.trim_end_matches('.'),
        "anonymous" | "anonymous author" | "anonymous authors" | "anon" | "double blind"
    )
}

/// Reads a list of authors; what was odd about it comes with it.
pub(crate) fn parse(text: &str) -> (Vec<Author>, Vec<(&'static str, String)>) {
    let mut odd = Vec::new();
    let lines = super::html::lines(text);
    let text = tidy(&lines.join("; "));
    if text.matches('(').count() != text.matches(')').count() {
        odd.push((
            "unbalanced-parenthesis",
            format!("the parentheses of the authors do not match: “{}”", start_of(&text)),
        ));
    }
    let mut pieces: Vec<String> = Vec::new();
    for part in names::split_outside(&text, &[';', '•', '·', '|', '\n']) {
        pieces.extend(names::split_outside(part, &[',']).into_iter().map(str::to_owned));
    }
    let by_semicolon = names::split_outside(&text, &[';', '•', '·', '|', '\n']);
    if by_semicolon.len() > 1 && by_semicolon.iter().all(|part| is_surname_first(part)) {
        odd.push(("surname-first", "the surnames stand first; the names were turned round".to_owned()));
        pieces = by_semicolon
            .iter()
            .filter_map(|part| part.split_once(','))
            .map(|(last, first)| format!("{} {}", first.trim(), last.trim()))
            .collect();
    } else if by_semicolon.len() > 1 && by_semicolon.iter().any(|part| is_name_and_affiliation(part)) {
        // `Jane Doe, Some University; …` without parentheses.
        pieces = by_semicolon.iter().map(|part| (*part).to_owned()).collect();
    } else if pieces.len() == 2 && is_name_and_affiliation(&text) {
        pieces = vec![text.clone()];
    }
    let mut authors: Vec<Author> = Vec::new();
    for piece in pieces.iter().flat_map(|piece| words_apart(piece)) {
        for piece in dots_apart(&piece, &mut odd) {
            add(&mut authors, &piece, &mut odd);
        }
    }
    (authors, odd)
}

fn start_of(text: &str) -> String {
    text.chars().take(60).collect()
}

/// `Doe, Jane`: a word, a comma, and a word or two that are not all capitals.
fn is_surname_first(text: &str) -> bool {
    let Some((last, first)) = text.split_once(',') else { return false };
    let words: Vec<&str> = first.split_whitespace().collect();
    !text.contains(['(', '*'])
        && !last.trim().contains(' ')
        && (1..=2).contains(&words.len())
        && words
            .iter()
            .all(|word| word.starts_with(char::is_uppercase) && (word.len() <= 2 || word.contains(char::is_lowercase)))
}

/// `Jane Doe, Some University`: the second part can't be a name.
fn is_name_and_affiliation(text: &str) -> bool {
    let parts = names::split_outside(text, &[',']);
    matches!(parts[..], [name, affiliation, ..] if names::looks_like_name(name) && !text.contains('(')
        && !names::looks_like_name(affiliation) && words_apart(affiliation).len() == 1 && affiliation.split_whitespace().count() > 1)
}

/// Parts `Jane Doe and John Roe`.
fn words_apart(piece: &str) -> Vec<String> {
    let piece = piece.strip_prefix("and ").or(piece.strip_prefix("& ")).unwrap_or(piece);
    for word in [" and ", " & "] {
        if let Some((one, other)) = piece.split_once(word)
            && !one.contains('(')
            && names::looks_like_name(other)
        {
            return vec![one.trim().to_owned(), other.trim().to_owned()];
        }
    }
    vec![piece.trim().to_owned()]
}

/// Parts `Jane Doe. John Roe`, where a dot stands for a comma. Initials and `Jr.` have dots of their own.
fn dots_apart(piece: &str, odd: &mut Vec<(&'static str, String)>) -> Vec<String> {
    let name_end = piece.find('(').unwrap_or(piece.len());
    if let Some(at) = piece[..name_end].find(". ") {
        let (one, other) = (piece[..at].trim(), piece[at + 1..].trim());
        let last = one.rsplit(' ').next().unwrap_or_default().to_lowercase();
        let is_abbreviation = last.chars().count() < 2
            || last.contains('.')
            || matches!(last.as_str(), "jr" | "sr" | "dr" | "st" | "mr" | "ms" | "mrs" | "prof" | "phd");
        if !is_abbreviation
            && one.contains(' ')
            && other.split('(').next().is_some_and(|name| name.trim().contains(' '))
        {
            odd.push((
                "dot-for-comma",
                format!("“{}” has a dot where a comma belongs; it was read as two people", start_of(piece)),
            ));
            return vec![one.to_owned(), other.to_owned()];
        }
    }
    vec![piece.to_owned()]
}

fn add(authors: &mut Vec<Author>, piece: &str, odd: &mut Vec<(&'static str, String)>) {
    if !piece.contains(char::is_alphabetic) {
        // What is left of footnote marks: `Jane Doe1,2`.
        if let Some(last) = authors.last_mut() {
            last.corresponding |= piece.contains('*');
        }
        return;
    }
    let words = piece.to_lowercase();
    if matches!(words.trim_end_matches('.'), "et al" | "et al." | "others" | "and others") {
        odd.push(("authors-incomplete", "the list of authors ends with “et al.”; the others are not known".to_owned()));
        return;
    }
    if matches!(words.trim_end_matches('.'), "jr" | "sr" | "phd" | "ii" | "iii")
        && let Some(last) = authors.last_mut()
    {
        last.name = format!("{}, {piece}", last.name);
        return;
    }
    let is_incomplete = words.trim_end_matches('.').ends_with(" et al");
    let piece =
        if is_incomplete { piece[..piece.to_lowercase().rfind(" et al").unwrap_or(piece.len())].trim() } else { piece };
    if is_incomplete {
        odd.push((
            "authors-incomplete",
            format!("the authors are given as “{piece} et al.”; the others are not known"),
        ));
    }
    let named = names::parse_person(piece);
    let mut name = named.name.clone();
    let bare = without_marks(name.trim_end_matches(|c: char| c.is_ascii_digit() || ",*†‡".contains(c))).to_owned();
    if bare != name && name.ends_with(|c: char| c.is_ascii_digit()) {
        odd.push(("author-marks", format!("“{name}” ends with a footnote mark; it was taken off")));
        name = bare;
    }
    if !name.is_empty() && !is_placeholder(&name) {
        authors.push(Author { name, affiliation: named.affiliation, corresponding: named.is_marked });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let (authors, _) = parse(text);
        authors
            .iter()
            .map(|author| {
                let mark = if author.corresponding { "*" } else { "" };
                author
                    .affiliation
                    .as_ref()
                    .map_or(format!("{}{mark}", author.name), |place| format!("{}{mark} @ {place}", author.name))
            })
            .collect()
    }

    #[test]
    fn authors_are_read_in_all_their_forms() {
        for (text, expected) in [
            (
                "Ada Falk (Varde)*; Bo Lund (A; B & C); Cy Moe (X (XY))",
                vec!["Ada Falk* @ Varde", "Bo Lund @ A; B & C", "Cy Moe @ X (XY)"],
            ),
            ("Ada Falk (Varde),Bo Lund (Uni, Town )*", vec!["Ada Falk @ Varde", "Bo Lund* @ Uni, Town"]),
            ("Ada Falk, Bo  Lund and Cy Moe", vec!["Ada Falk", "Bo Lund", "Cy Moe"]),
            ("Ada Falk, Bo Lund, and Cy\tMoe", vec!["Ada Falk", "Bo Lund", "Cy Moe"]),
            ("Ada Q. Falk, Bo Lund. Cy Moe", vec!["Ada Q. Falk", "Bo Lund", "Cy Moe"]),
            ("Ada Falk1, Bo Lund1,2*, Cy Moe", vec!["Ada Falk", "Bo Lund*", "Cy Moe"]),
            ("Falk, Ada; Lund, Bo", vec!["Ada Falk", "Bo Lund"]),
            (
                "Ada Falk, Varde Institute; Bo Lund, Varde Labs",
                vec!["Ada Falk @ Varde Institute", "Bo Lund @ Varde Labs"],
            ),
            ("Ada Falk et al.", vec!["Ada Falk"]),
            ("Ada Falk<br>Bo Lund", vec!["Ada Falk", "Bo Lund"]),
            ("Ada Falk", vec!["Ada Falk"]),
            ("TBD", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_odd_is_told() {
        let codes = |text| parse(text).1.into_iter().map(|(code, _)| code).collect::<Vec<_>>();
        assert_eq!(codes("Ada Falk, Bo Lund. Cy Moe"), ["dot-for-comma"]);
        assert_eq!(codes("Ada Falk et al."), ["authors-incomplete"]);
        assert_eq!(codes("Ada Falk (Varde; Bo Lund (X)"), ["unbalanced-parenthesis"]);
        assert!(is_anonymous(" Anonymous "));
    }

    proptest! {
        #[test]
        fn no_list_panics(text in ".{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn names_with_affiliations_come_back(names in proptest::collection::vec("Q[a-z]{2,8} [A-Z][a-z]{3,8}", 1..8)) {
            let list: Vec<String> = names.iter().map(|name| format!("{name} (Some Place; Other Place)")).collect();
            let (authors, _) = parse(&list.join("; "));
            prop_assert_eq!(authors.iter().map(|author| author.name.clone()).collect::<Vec<_>>(), names);
        }
    }
}
