//! What a session's title says about its kind: labels such as `(KeyNote Talk)` and `Spotlight 2:`, and words such as
//! `Lunch`.
//!
//! It knows no files, no people and no times.

use crate::content::SessionKind;

/// A title parted into the label before (or after) it and the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Labelled<'a> {
    pub(crate) kind: Option<SessionKind>,
    pub(crate) title: &'a str,
}

/// Parts `(KeyNote Talk) On Trees`, `[Keynote] On Trees`, `Keynote 2: On Trees`, `On Trees (Invited Talk)`.
pub(crate) fn split_label(title: &str) -> Labelled<'_> {
    let title = title.trim();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some(rest) = title.strip_prefix(open)
            && let Some((label, rest)) = rest.split_once(close)
            && let Some(kind) = kind_of_label(label)
        {
            return Labelled { kind: Some(kind), title: rest.trim_start_matches([' ', ':', '-', '–', '—']).trim() };
        }
        if let Some(rest) = title.strip_suffix(close)
            && let Some((rest, label)) = rest.rsplit_once(open)
            && let Some(kind) = kind_of_label(label)
            && matches!(kind, SessionKind::Keynote | SessionKind::Spotlight | SessionKind::Talk)
            && !rest.trim().is_empty()
        {
            return Labelled { kind: Some(kind), title: rest.trim() };
        }
    }
    // `Oral presentations - Part II` is a title, `Oral 2 - On Trees` is a label with one.
    for dash in [": ", " - ", " – ", " — ", ":"] {
        if let Some((label, rest)) = title.split_once(dash)
            && let Some(kind) = kind_of_label(label)
            && matches!(kind, SessionKind::Keynote | SessionKind::Spotlight | SessionKind::Talk)
            && !words(label).iter().any(|word| word.ends_with('s'))
        {
            return Labelled { kind: Some(kind), title: rest.trim() };
        }
    }
    let kind = kind_of_label(title);
    Labelled { kind, title: if kind.is_some() { "" } else { title } }
}

/// The kind that a label means: nothing but words for kinds of sessions, and numbers.
fn kind_of_label(label: &str) -> Option<SessionKind> {
    const WORDS: [&str; 38] = [
        "keynote",
        "keynotes",
        "key",
        "note",
        "talk",
        "talks",
        "speech",
        "speaker",
        "address",
        "lecture",
        "invited",
        "plenary",
        "spotlight",
        "spotlights",
        "lightning",
        "oral",
        "orals",
        "presentation",
        "presentations",
        "paper",
        "papers",
        "poster",
        "contributed",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "accepted",
        "selected",
        "short",
        "long",
        "remote",
        "virtual",
        "online",
        "student",
        "the",
        "of",
    ];
    let words = words(label);
    let is_number =
        |word: &str| word.chars().all(|c| c.is_ascii_digit()) || matches!(word, "i" | "ii" | "iii" | "iv" | "v" | "vi");
    if words.is_empty()
        || words.len() > 6
        || !words.iter().all(|word| WORDS.contains(&word.as_str()) || is_number(word))
    {
        return None;
    }
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    if has(&["keynote", "keynotes", "plenary", "invited"]) || (has(&["key"]) && has(&["note"])) {
        Some(SessionKind::Keynote)
    } else if has(&["spotlight", "spotlights", "lightning"]) {
        Some(SessionKind::Spotlight)
    } else if has(&["oral", "orals", "contributed", "paper", "talk"]) {
        Some(SessionKind::Talk)
    } else if has(&["poster"]) {
        Some(SessionKind::Poster)
    } else {
        None
    }
}

/// The kind that the words of a title mean, if they mean one.
pub(crate) fn kind_of_words(title: &str) -> Option<SessionKind> {
    let words = words(title);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    let starts = |wanted: &[&str]| words.first().is_some_and(|word| wanted.contains(&word.as_str()));
    let sets_up = has(&["setup", "installation"]) || (has(&["set"]) && has(&["up"]));
    let kind = if has(&["award", "awards", "prize", "prizes"]) && !has(&["talk", "talks"]) {
        SessionKind::Award
    } else if has(&["poster", "posters"]) && !sets_up {
        SessionKind::Poster
    } else if has(&["panel", "panels", "panelists"]) {
        SessionKind::Panel
    } else if has(&["lunch", "breakfast", "dinner", "brunch", "banquet"]) {
        SessionKind::Meal
    } else if has(&["break", "breaks", "coffee", "tea", "refreshments"]) {
        SessionKind::Break
    } else if has(&["social", "reception", "party", "networking", "mixer", "excursion", "drinks"])
        || (has(&["happy"]) && has(&["hour"]))
    {
        SessionKind::Social
    } else if has(&["opening", "welcome"]) || (has(&["introduction", "intro", "introductory"]) && words.len() <= 4) {
        SessionKind::Opening
    } else if has(&["closing", "concluding", "wrap", "farewell", "goodbye"]) || starts(&["conclusion", "end"]) {
        SessionKind::Closing
    } else if has(&["keynote", "keynotes"]) || (has(&["invited"]) && has(&["talk", "talks", "speaker", "speakers"])) {
        SessionKind::Keynote
    } else if has(&["spotlight", "spotlights", "lightning"]) {
        SessionKind::Spotlight
    } else if has(&["oral", "orals", "contributed", "talk", "talks", "presentations", "presentation"]) {
        SessionKind::Talk
    } else {
        return None;
    };
    Some(kind)
}

/// What is known about a session that tells its kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clues {
    /// The kind that a key of its own names.
    pub(crate) named: Option<SessionKind>,
    /// The kind that a label of the title means.
    pub(crate) label: Option<SessionKind>,
    /// The kind that the words of the title mean.
    pub(crate) words: Option<SessionKind>,
    /// Whether it holds other sessions.
    pub(crate) has_parts: bool,
    /// Whether it presents a paper.
    pub(crate) is_paper: bool,
    /// Whether the list of papers calls its paper a spotlight.
    pub(crate) is_spotlight: bool,
    /// Whether an invited speaker is in it.
    pub(crate) is_by_speaker: bool,
    /// Whether anybody presents.
    pub(crate) has_presenters: bool,
    /// The kind that the words of the title of the session around it mean.
    pub(crate) parent: Option<SessionKind>,
}

/// The kind of a session, by the strongest clue.
pub(crate) fn kind_of(clues: &Clues) -> SessionKind {
    let is_talk = |kind: SessionKind| matches!(kind, SessionKind::Talk | SessionKind::Spotlight);
    let says_spotlight = [clues.label, clues.words, clues.parent].contains(&Some(SessionKind::Spotlight));
    match (clues.named, clues.label, clues.words) {
        (Some(kind), ..) | (None, Some(kind @ SessionKind::Keynote), _) => kind,
        _ if clues.is_paper && (says_spotlight || clues.is_spotlight) => SessionKind::Spotlight,
        _ if clues.is_paper => SessionKind::Talk,
        // A session of talks is no talk.
        (None, Some(kind), _) | (None, None, Some(kind)) if !(clues.has_parts && is_talk(kind)) => kind,
        _ if clues.has_parts => SessionKind::Other,
        _ if clues.is_by_speaker => SessionKind::Keynote,
        _ if says_spotlight => SessionKind::Spotlight,
        _ if clues.has_presenters || clues.parent == Some(SessionKind::Talk) => SessionKind::Talk,
        _ => SessionKind::Other,
    }
}

/// The kind of a session that a `type:` names.
pub(crate) fn kind_named(text: &str) -> Option<SessionKind> {
    kind_of_label(text).or_else(|| kind_of_words(text))
}

fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_taken_off() {
        for (title, kind, rest) in [
            ("(KeyNote Talk) On Trees", Some(SessionKind::Keynote), "On Trees"),
            ("[Keynote] On Trees", Some(SessionKind::Keynote), "On Trees"),
            ("(Keynote 1) Ada Falk", Some(SessionKind::Keynote), "Ada Falk"),
            ("(First Keynote) On Trees", Some(SessionKind::Keynote), "On Trees"),
            ("(Poster) On Trees", Some(SessionKind::Poster), "On Trees"),
            ("Poster Session", None, "Poster Session"),
            ("Keynote 2: On Trees: a view", Some(SessionKind::Keynote), "On Trees: a view"),
            ("Invited speaker: Ada Falk", Some(SessionKind::Keynote), "Ada Falk"),
            ("(Spotlight 3) On Trees", Some(SessionKind::Spotlight), "On Trees"),
            ("(Paper Oral Presentation) TBD", Some(SessionKind::Talk), "TBD"),
            ("On Trees (Invited Talk)", Some(SessionKind::Keynote), "On Trees"),
            ("KeyNote Talk", Some(SessionKind::Keynote), ""),
            ("Oral Presentations - Part II", None, "Oral Presentations - Part II"),
            ("(Re)thinking Trees", None, "(Re)thinking Trees"),
            ("Paper: a history", Some(SessionKind::Talk), "a history"),
            ("Colossal: On Trees", None, "Colossal: On Trees"),
        ] {
            assert_eq!(split_label(title), Labelled { kind, title: rest }, "{title}");
        }
    }

    #[test]
    fn words_tell_the_kind() {
        for (title, kind) in [
            ("Breakfast", SessionKind::Meal),
            ("Opening Speech", SessionKind::Opening),
            ("Morning Break and Poster Session 1", SessionKind::Poster),
            ("Morning Break and Poster Setup", SessionKind::Break),
            ("Lunch Break and Virtual Poster Session", SessionKind::Poster),
            ("Lunch Break", SessionKind::Meal),
            ("Interactive Industrial Panel", SessionKind::Panel),
            ("Break and open discussion", SessionKind::Break),
            ("Best Paper and Poster Award & Closing", SessionKind::Award),
            ("Closing Remarks", SessionKind::Closing),
            ("Social Event", SessionKind::Social),
            ("Talks Session I", SessionKind::Talk),
        ] {
            assert_eq!(kind_of_words(title), Some(kind), "{title}");
        }
        assert_eq!(kind_of_words("Tearing down the team"), None);
    }
}
