//! What kind of session a source means by its word for it, or by a title.

use crate::content::SessionKind;
use crate::import::titles;

/// The kind that a source's word means: Plenary's own words, those of frab, pretalx and c3voc, or any that say it.
pub(crate) fn kind_named(word: &str) -> Option<SessionKind> {
    let plain: Vec<String> = word
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    Some(match plain.join(" ").as_str() {
        "keynote" | "keynotes" | "invited talk" | "plenary" => SessionKind::Keynote,
        "talk" | "lecture" | "presentation" | "devroom" | "maintrack" | "paper" | "oral" | "contributed talk" => {
            SessionKind::Talk
        }
        "spotlight" | "lightning talk" | "lightningtalk" | "lightning" | "short talk" => SessionKind::Spotlight,
        "panel" | "podium" | "discussion" | "panel discussion" | "debate" | "fishbowl" => SessionKind::Panel,
        "poster" | "posters" | "poster session" => SessionKind::Poster,
        "break" | "breaks" | "coffee break" | "pause" => SessionKind::Break,
        "meal" | "lunch" | "breakfast" | "dinner" => SessionKind::Meal,
        "opening" | "welcome" => SessionKind::Opening,
        "closing" => SessionKind::Closing,
        "award" | "awards" => SessionKind::Award,
        "social" | "party" | "concert" | "performance" | "djset" | "film" | "movie" | "music" | "game"
        | "entertainment" | "social event" | "meeting" => SessionKind::Social,
        "other"
        | "workshop"
        | "hands on"
        | "tutorial"
        | "bof"
        | "contest"
        | "podcast"
        | "meta"
        | "misc"
        | "training"
        | "installation"
        | "exhibition"
        | "self organized session" => SessionKind::Other,
        _ => return titles::kind_named(word),
    })
}

/// The kind of a session by everything that is known of it.
pub(crate) fn kind_of(word: Option<&str>, title: &str, is_service: bool, has_people: bool) -> SessionKind {
    let named = word.and_then(kind_named);
    match named {
        // Sources that know only talks call everything that.
        Some(SessionKind::Talk) => beginning_or_end(title).unwrap_or(SessionKind::Talk),
        Some(kind) => kind,
        None if is_service => match titles::kind_of_words(title) {
            Some(SessionKind::Talk) | None => SessionKind::Break,
            Some(kind) => kind,
        },
        None if has_people => {
            let label = titles::split_label(title).kind;
            beginning_or_end(title).or(label).unwrap_or(SessionKind::Talk)
        }
        None => titles::kind_of_words(title).unwrap_or(SessionKind::Other),
    }
}

/// The kind of what is called nothing but the opening or the closing.
fn beginning_or_end(title: &str) -> Option<SessionKind> {
    let title = title.to_lowercase();
    let mut words = title.split_whitespace();
    let first = words.next()?;
    let rest =
        ["ceremony", "session", "event", "remarks", "words", "plenary", "keynote", "of", "the", "conference", "and"];
    if !words.all(|word| rest.contains(&word) || word.parse::<u32>().is_ok()) {
        return None;
    }
    match first {
        "opening" | "welcome" => Some(SessionKind::Opening),
        "closing" => Some(SessionKind::Closing),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_sources_are_kinds() {
        for (word, title, kind) in [
            (Some("lecture"), "Break my code", SessionKind::Talk),
            (Some("lecture"), "Opening Ceremony", SessionKind::Opening),
            (Some("LIGHTNING_TALK"), "x", SessionKind::Spotlight),
            (Some("Coffee break"), "x", SessionKind::Break),
            (Some("HANDS-ON"), "x", SessionKind::Other),
            (Some("podium"), "x", SessionKind::Panel),
            (Some("unheard of"), "Lunch", SessionKind::Meal),
            (None, "Lunch", SessionKind::Meal),
            (None, "Something", SessionKind::Other),
        ] {
            assert_eq!(kind_of(word, title, false, false), kind, "{word:?} {title}");
        }
        assert_eq!(kind_of(None, "How to break things", false, true), SessionKind::Talk);
        assert_eq!(kind_of(None, "Registration", true, false), SessionKind::Break);
        assert_eq!(kind_of(None, "Keynote: On Trees", false, true), SessionKind::Keynote);
    }
}
