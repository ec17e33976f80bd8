//! The title of an event: its name, acronym, edition, and the conference that hosts it.
//!
//! It reads text and tells facts; nothing here knows a page or changes a document.

use super::hero::Facts;

/// Conferences that workshops are held at.
const HOSTS: [&str; 82] = [
    "NeurIPS",
    "NIPS",
    "ICML",
    "ICLR",
    "AAAI",
    "IJCAI",
    "AISTATS",
    "UAI",
    "COLT",
    "COLM",
    "CoLLAs",
    "MLSys",
    "AutoML",
    "KDD",
    "ECML-PKDD",
    "ECML PKDD",
    "PAKDD",
    "ICDM",
    "WSDM",
    "CIKM",
    "RecSys",
    "SIGIR",
    "ECIR",
    "TheWebConf",
    "WWW",
    "ACL",
    "EMNLP",
    "NAACL",
    "EACL",
    "AACL",
    "IJCNLP",
    "COLING",
    "LREC-COLING",
    "LREC",
    "CoNLL",
    "SIGDIAL",
    "INLG",
    "Interspeech",
    "INTERSPEECH",
    "ICASSP",
    "ASRU",
    "SLT",
    "EUSIPCO",
    "ISMIR",
    "CVPR",
    "ICCV",
    "ECCV",
    "WACV",
    "BMVC",
    "ACCV",
    "MICCAI",
    "ISBI",
    "SIGGRAPH",
    "ICRA",
    "IROS",
    "CoRL",
    "RSS",
    "CHI",
    "CSCW",
    "UIST",
    "IUI",
    "FAccT",
    "AIES",
    "AAMAS",
    "ICAPS",
    "GECCO",
    "SIGMOD",
    "VLDB",
    "ICDE",
    "SOSP",
    "OSDI",
    "EuroSys",
    "ASPLOS",
    "ISCA",
    "HPCA",
    "PLDI",
    "ICSE",
    "ISSTA",
    "CCS",
    "NDSS",
    "ISWC",
    "ESWC",
];

/// Reads the title of the event: `The 2nd workshop on Efficient … (ENLSP)`.
pub(crate) fn read_title(title: &str, facts: &mut Facts) {
    let (title, acronym) = without_acronym(title);
    if let Some((acronym, edition)) = acronym {
        facts.acronym.get_or_insert(acronym);
        facts.edition = facts.edition.or(edition);
    }
    if facts.host.is_none() {
        facts.host = host_in(&title, facts.acronym.as_deref());
    }
    let (name, edition) = without_prefix(&title);
    facts.edition = facts.edition.or(edition);
    if facts.name.is_none() && name.chars().filter(|character| character.is_alphabetic()).count() >= 3 {
        facts.name = Some(name);
    }
}

/// Whether a title says of itself that it is one of a meeting: `The 2nd workshop on …`.
pub(super) fn names_meeting(title: &str) -> bool {
    without_prefix(title).0.split_whitespace().count() >= 2
        && title.split_whitespace().any(|word| {
            let word = word.trim_matches(|character: char| !character.is_alphanumeric()).to_lowercase();
            matches!(word.as_str(), "workshop" | "symposium" | "conference" | "tutorial" | "meeting")
        })
}

/// The conference of a line, known or not, after words such as `in conjunction with`.
pub(super) fn host_after_words(line: &str) -> Option<String> {
    const WORDS: [&str; 6] =
        ["conjunction with", "co-located with", "colocated with", "collocated with", "affiliated with", "as part of"];
    let lower = line.to_ascii_lowercase();
    let after = WORDS.iter().find_map(|words| Some(&line[lower.find(words)? + words.len()..]))?;
    let words: Vec<&str> = after.split_whitespace().take(8).collect();
    let year = words.iter().position(|word| {
        let digits = word.trim_matches(|character: char| !character.is_ascii_digit());
        digits.len() == 4 && digits.parse().is_ok_and(|year: i32| (1950..2200).contains(&year))
    })?;
    let name = words[..=year].join(" ");
    let name = name.trim_start_matches("the ").trim_end_matches([',', '.', ')', ';', ':']);
    (year > 0 && name.chars().any(char::is_uppercase)).then(|| name.to_owned())
}

/// The conference of a text, with its year: `NeurIPS 2022`.
pub(crate) fn host_in(text: &str, acronym: Option<&str>) -> Option<String> {
    let (at, host) = HOSTS
        .iter()
        .filter(|host| acronym != Some(host))
        .filter_map(|host| Some((find_host(text, host)?, *host)))
        .min_by_key(|(at, host)| (*at, std::cmp::Reverse(host.len())))?;
    let year = |part: &str| {
        let word = part.trim_start_matches([' ', '\'', '’', '-', '@']);
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<i32>().ok().filter(|year| (1950..2200).contains(year))
    };
    let after = year(&text[at + host.len()..]);
    let before = text[..at]
        .split_whitespace()
        .next_back()
        .and_then(|word| year(word.trim_matches(|c: char| !c.is_ascii_digit())));
    let name = if host == "INTERSPEECH" { "Interspeech" } else { host };
    Some(after.or(before).map_or_else(|| name.to_owned(), |year| format!("{name} {year}")))
}

/// Where a conference stands in a text, as a word of its own; a year may follow at once: `NeurIPS2022`.
fn find_host(text: &str, host: &str) -> Option<usize> {
    text.match_indices(host)
        .find(|(at, _)| {
            let before = text[..*at].chars().next_back();
            let after = text[at + host.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphabetic)
        })
        .map(|(at, _)| at)
}

/// Takes `(ENLSP-II)` out of a title; what it tells comes with the rest.
fn without_acronym(title: &str) -> (String, Option<(String, Option<i32>)>) {
    for (at, _) in title.match_indices('(').collect::<Vec<_>>().into_iter().rev() {
        let Some(length) = title[at..].find(')') else { continue };
        if let Some(found) = acronym(&title[at + 1..at + length]) {
            let rest = format!("{} {}", title[..at].trim_end(), title[at + length + 1..].trim_start());
            let rest = rest.replace(" :", ":").replace(" ,", ",");
            return (rest.trim().to_owned(), Some(found));
        }
    }
    (title.trim().to_owned(), None)
}

/// Reads `ENLSP-II`, `ENLSP 2022` or `ENLSP'22` as an acronym and maybe an edition.
pub(crate) fn acronym(text: &str) -> Option<(String, Option<i32>)> {
    let text = text.trim();
    let (name, rest) = text.split_once([' ', '-', '\'', '’', '@']).unwrap_or((text, ""));
    let capitals = name.chars().filter(char::is_ascii_uppercase).count();
    let fits = (2..=12).contains(&name.chars().count())
        && capitals >= 2
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(|character| character.is_alphanumeric() || matches!(character, '&' | '.' | '+'));
    let edition = roman(rest);
    let is_year = rest.trim_matches(['\'', '’', ' ', '-']).chars().all(|character| character.is_ascii_digit());
    if fits && (rest.is_empty() || edition.is_some() || is_year) {
        return Some((name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(), edition));
    }
    // A hyphen may belong to the acronym itself.
    let whole = text.chars().all(|character| character.is_ascii_uppercase() || character == '-') && text.len() <= 12;
    (whole && capitals >= 2).then(|| (text.to_owned(), None))
}

/// A Roman number up to thirty-nine.
fn roman(text: &str) -> Option<i32> {
    const VALUES: [(&str, i32); 5] = [("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)];
    if text.is_empty() || text.len() > 6 {
        return None;
    }
    let (mut value, mut rest) = (0, text);
    for (sign, worth) in VALUES {
        while let Some(after) = rest.strip_prefix(sign) {
            (value, rest) = (value + worth, after);
        }
    }
    rest.is_empty().then_some(value)
}

/// `2nd`, `Second` or `II` as a number.
pub(crate) fn ordinal(word: &str) -> Option<i32> {
    const WORDS: [&str; 20] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ];
    let lower = word.to_lowercase();
    if let Some(at) = WORDS.iter().position(|name| *name == lower) {
        return i32::try_from(at + 1).ok();
    }
    let digits = lower.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let ending = &lower[digits.len()..];
    digits.parse().ok().filter(|number| matches!(ending, "st" | "nd" | "rd" | "th") && (1..200).contains(number))
}

/// Takes `The 2nd NeurIPS 2022 workshop on` from the beginning, and the conference from the end.
fn without_prefix(title: &str) -> (String, Option<i32>) {
    const MEETINGS: [&str; 6] = ["workshop", "workshops", "symposium", "conference", "tutorial", "meeting"];
    let mut edition = None;
    let words: Vec<&str> = title.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|character: char| !character.is_alphanumeric()).to_owned();
    let meeting = words.iter().take(9).position(|word| MEETINGS.contains(&bare(word).to_lowercase().as_str()));
    let mut start = 0;
    if let Some(meeting) = meeting {
        let is_opening = words[..meeting].iter().all(|word| {
            let word = bare(word);
            let number = ordinal(&word);
            edition = edition.or(number);
            number.is_some()
                || word.is_empty()
                || word.parse::<i32>().is_ok()
                || matches!(
                    word.to_lowercase().as_str(),
                    "the"
                        | "annual"
                        | "international"
                        | "edition"
                        | "of"
                        | "at"
                        | "and"
                        | "joint"
                        | "a"
                        | "ieee"
                        | "acm"
                )
                || HOSTS.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()))
        });
        let mut after = meeting + 1;
        while words.get(after).is_some_and(|word| bare(word).parse::<i32>().is_ok() || bare(word).is_empty()) {
            after += 1;
        }
        let joins =
            words.get(after).is_some_and(|word| matches!(word.to_lowercase().as_str(), "on" | "for" | "in" | "about"));
        let colon = words[..after].iter().any(|word| word.ends_with(':'));
        if is_opening && (joins || colon) && after + usize::from(joins) < words.len() {
            start = after + usize::from(joins);
        } else if !is_opening {
            edition = None;
        }
    }
    if start == 0 {
        let skipped = words.first().is_some_and(|word| word.eq_ignore_ascii_case("the")) as usize;
        if let Some(number) = words.get(skipped).and_then(|word| ordinal(&bare(word))) {
            edition = edition.or(Some(number));
        }
    }
    let mut name = words[start..].join(" ");
    // `… Workshop @ NeurIPS 2022`, `… at ICML 2024`
    for joint in [" @ ", " @", " at ", " | ", " - ", " – ", ", "] {
        if let Some((before, after)) = name.rsplit_once(joint)
            && host_in(after, None).is_some_and(|_| after.split_whitespace().count() <= 3)
        {
            name = before.trim().to_owned();
        }
    }
    (name.trim_matches([':', '-', '–', ',', ' ']).to_owned(), edition)
}

/// Which edition a sentence names: `The second version of the … workshop`, `(ENLSP-II)`.
pub(crate) fn edition_in(text: &str, name: Option<&str>) -> Option<i32> {
    let words: Vec<&str> = text.split_whitespace().take(40).collect();
    for (at, word) in words.iter().enumerate() {
        let Some(number) = ordinal(word) else { continue };
        let follows = words[at + 1..].iter().take(4).any(|word| {
            let word = word.to_lowercase();
            ["edition", "version", "workshop", "installment", "iteration"].iter().any(|noun| word.starts_with(noun))
        });
        if follows {
            return Some(number);
        }
    }
    let name = name?;
    words.iter().find_map(|word| {
        let word = word.trim_matches(|character: char| !character.is_alphanumeric());
        roman(word.strip_prefix(name)?.strip_prefix('-')?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> (Option<String>, Option<String>, Option<i32>, Option<String>) {
        let mut facts = Facts::default();
        read_title(text, &mut facts);
        (facts.name, facts.acronym, facts.edition, facts.host)
    }

    #[test]
    fn titles_tell_name_acronym_edition_and_host() {
        let some = |text: &str| Some(text.to_owned());
        for (text, name, acronym, edition, host) in [
            (
                "The 2nd workshop on Efficient Natural Language and Speech Processing (ENLSP)",
                "Efficient Natural Language and Speech Processing",
                some("ENLSP"),
                Some(2),
                None,
            ),
            (
                "NeurIPS 2021 Workshop: Learning Small Things (Models, Training)",
                "Learning Small Things (Models, Training)",
                None,
                None,
                some("NeurIPS 2021"),
            ),
            (
                "The Third NeurIPS Workshop on Learning Small Things (LST-III)",
                "Learning Small Things",
                some("LST"),
                Some(3),
                some("NeurIPS"),
            ),
            (
                "The Fourth NeurIPS Workshop on Learning Small Things (LST-IV): Highlighting New Ways",
                "Learning Small Things: Highlighting New Ways",
                some("LST"),
                Some(4),
                some("NeurIPS"),
            ),
            ("Small Models Workshop @ ICML 2024", "Small Models Workshop", None, None, some("ICML 2024")),
            ("First Workshop on Gardens for Robots", "Gardens for Robots", None, Some(1), None),
            ("Gardens for Robots", "Gardens for Robots", None, None, None),
        ] {
            assert_eq!(title(text), (some(name), acronym, edition, host), "{text}");
        }
    }

    #[test]
    fn hosts_need_not_be_known() {
        let host = |line| host_after_words(line);
        assert_eq!(host("In conjunction with  Moss Multimedia 2030 ").as_deref(), Some("Moss Multimedia 2030"));
        assert_eq!(host("Co-located with the MOS-TREE 2030, Varde").as_deref(), Some("MOS-TREE 2030"));
        assert_eq!(host("co-located with friends"), None);
        assert!(names_meeting("The 6th workshop on moss and trees") && !names_meeting("LST 2030"));
    }

    #[test]
    fn editions_are_found_in_sentences() {
        assert_eq!(edition_in("The second version of the Learning (LST-II) workshop", None), Some(2));
        assert_eq!(edition_in("Welcome to LST-III.", Some("LST")), Some(3));
        assert_eq!(edition_in("The first step is hard", None), None);
    }
}
