//! What kind of session a source means by its word for it, or by a title.

use crate::content::SessionKind;
use crate::import::titles;

/// The kind that a source's word means: Plenary's own words, those of frab, pretalx, Sessionize and c3voc, or any that say
/// it. How long such sessions are does not matter: `Workshop 90min`, `Session (40 mins)`.
pub(crate) fn kind_named(word: &str) -> Option<SessionKind> {
    let outside = word.split(['(', '[']).next().unwrap_or_default();
    let words: Vec<String> = outside
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .filter(|word| !is_length(word))
        .collect();
    Some(match words.join(" ").as_str() {
        "keynote" | "keynotes" | "invited talk" | "plenary" => SessionKind::Keynote,
        "talk" | "lecture" | "presentation" | "devroom" | "maintrack" | "paper" | "oral" | "contributed talk"
        | "session" | "regular session" | "breakout session" => SessionKind::Talk,
        "spotlight" | "lightning talk" | "lightningtalk" | "lightning" | "short talk" => SessionKind::Spotlight,
        "panel" | "podium" | "discussion" | "panel discussion" | "debate" | "fishbowl" => SessionKind::Panel,
        "poster" | "posters" | "poster session" => SessionKind::Poster,
        "break" | "breaks" | "coffee break" | "pause" => SessionKind::Break,
        "meal" | "lunch" | "breakfast" | "dinner" => SessionKind::Meal,
        "opening" | "welcome" => SessionKind::Opening,
        "closing" => SessionKind::Closing,
        "award" | "awards" => SessionKind::Award,
        "social" | "party" | "concert" | "performance" | "djset" | "dj set" | "film" | "movie" | "music" | "game"
        | "entertainment" | "social event" | "meeting" => SessionKind::Social,
        "other"
        | "contest"
        | "podcast"
        | "meta"
        | "misc"
        | "installation"
        | "exhibition"
        | "self organized session"
        | "self organized sessions" => SessionKind::Other,
        _ => return titles::kind_named(word).or_else(|| words.iter().find_map(|word| form(word))),
    })
}

/// Whether a word says how long something is: `90`, `90min`, `hours`.
fn is_length(word: &str) -> bool {
    let unit = word.trim_start_matches(|character: char| character.is_ascii_digit());
    unit.is_empty()
        || matches!(unit, "min" | "mins" | "minute" | "minutes" | "hr" | "hrs" | "hour" | "hours")
        || (unit.len() < word.len() && matches!(unit, "m" | "h"))
}

/// What is known to be no talk and has no kind of its own here: workshops, meetings of those who are interested.
fn form(word: &str) -> Option<SessionKind> {
    let forms = [
        "workshop",
        "workshops",
        "tutorial",
        "tutorials",
        "training",
        "trainings",
        "bof",
        "bofs",
        "hands",
        "hackathon",
        "sprint",
        "sprints",
        "meetup",
        "meetups",
        "unconference",
        "demo",
        "demos",
    ];
    forms.contains(&word).then_some(SessionKind::Other)
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
            (Some("Workshop 90min"), "Closing the gap", SessionKind::Other),
            (Some("BoF (45 minutes)"), "x", SessionKind::Other),
            (Some("Session (40 min)"), "Lunch", SessionKind::Talk),
            (Some("Talk 60min + 20min Q&A"), "x", SessionKind::Talk),
            (Some("Long talk (45 minutes)"), "x", SessionKind::Talk),
            (Some("Lightning talk (5 mins)"), "x", SessionKind::Spotlight),
            (Some("DJ Set"), "x", SessionKind::Social),
            (Some("Meeting 2h"), "x", SessionKind::Social),
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
