//! Awards that the page tells of: in running text, or in a section with who won them.

use scraper::{ElementRef, Html};

use super::sections::{Section, line};
use crate::content::{Award, Kind, Markdown, Severity};
use crate::import::jekyll::draft::{Draft, name_key};
use crate::import::jekyll::fields::Reading;
use crate::import::jekyll::html::{lines_of, markdown, plain, text_of};

/// A line that tells who won, to be matched when the papers are read.
#[derive(Clone, Debug)]
pub(super) struct Winner {
    pub(super) award: String,
    pub(super) text: String,
    pub(super) path: String,
    pub(super) line: u32,
}

/// An award found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    name: String,
    /// How it was written, where a word of it was mended.
    written: Option<String>,
}

/// Adds the awards that a section's running text names.
pub(super) fn mentions(section: &Section, reading: &mut Reading<'_>) {
    let tree = Html::parse_fragment(&section.html);
    for found in find(&text_of(tree.root_element())) {
        let number = line_with(tree.root_element(), &found).unwrap_or(section.line);
        add(reading, &found, number);
    }
}

/// Reads a section about awards: every line that names one, and what follows it as its winners.
pub(super) fn read(section: &Section, reading: &mut Reading<'_>) -> Vec<Winner> {
    let mut winners = Vec::new();
    let mut current = find(&section.title).into_iter().next();
    for text in lines_of(Html::parse_fragment(&section.html).root_element()) {
        let found = find(&text);
        let rest = match text.split_once(':') {
            Some((before, after)) if !find(before).is_empty() => after.trim().to_owned(),
            _ if found.is_empty() => text.clone(),
            _ => String::new(),
        };
        for one in &found {
            add(reading, one, section.line);
        }
        current = found.into_iter().next_back().or(current);
        if let Some(award) = current.as_ref().filter(|_| !rest.is_empty()) {
            // The heading may be all that names it.
            add(reading, award, section.line);
            let path = reading.file.path.clone();
            winners.push(Winner { award: award.name.clone(), text: rest, path, line: section.line });
        }
    }
    winners
}

/// Links the winners to the papers, when those are read.
pub(super) fn settle(winners: &[Winner], draft: &mut Draft) {
    for winner in winners {
        let text = format!(" {} ", name_key(&winner.text));
        let paper = draft.document.papers.iter().find(|paper| {
            let title = name_key(&paper.title);
            title.len() >= 8 && text.contains(&format!(" {title} "))
        });
        let award = draft.document.awards.iter().find(|award| award.name == winner.award).cloned();
        let (Some(paper), Some(award)) = (paper, award) else {
            let message =
                format!("“{}” stands under the {} and is the title of no paper", shown(&winner.text), winner.award);
            draft.report(Severity::Info, "award-without-paper", (winner.path.as_str(), winner.line), message);
            describe(winner, draft);
            continue;
        };
        let id = paper.head.id;
        if !award.papers.contains(&id) {
            let place = draft.place(award.head.id);
            let mut award = (*award).clone();
            award.papers.push(id);
            draft.add(award, place);
        }
    }
}

/// Keeps a line about a winner whom no list knows with the award.
fn describe(winner: &Winner, draft: &mut Draft) {
    let Some(award) = draft.document.awards.iter().find(|award| award.name == winner.award).cloned() else { return };
    let place = draft.place(award.head.id);
    let mut award = (*award).clone();
    let before = award.description.take().map_or_else(String::new, |text| text.0 + "\n\n");
    let escaped = winner.text.replace('&', "&amp;").replace('<', "&lt;");
    award.description = Some(Markdown(before + &markdown(&escaped).0));
    draft.add(award, place);
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

fn add(reading: &mut Reading<'_>, found: &Found, number: u32) {
    if reading.draft.document.awards.iter().any(|award| name_key(&award.name) == name_key(&found.name)) {
        return;
    }
    if let Some(written) = &found.written {
        let message = format!("“{written}” was read as {}", found.name);
        reading.report(Severity::Info, "award-mended", number, message);
    }
    let head = reading.draft.head(Kind::Award, &found.name);
    let place = reading.at(number);
    reading.draft.add(Award { head, name: found.name.clone(), description: None, papers: Vec::new() }, place);
}

/// The line of the innermost element that names the award.
fn line_with(root: ElementRef<'_>, found: &Found) -> Option<u32> {
    let wanted = found.written.as_ref().unwrap_or(&found.name).to_lowercase();
    let short = wanted.trim_end_matches(" award");
    root.descendent_elements().filter(|element| plain(&element.html()).to_lowercase().contains(short)).last().map(line)
}

/// The awards in a text: `Best Paper and the Best Poster Award`, `outstanding paper certification`.
fn find(text: &str) -> Vec<Found> {
    const FIRST: [&str; 5] = ["best", "outstanding", "distinguished", "runner-up", "honorable"];
    const WHAT: [&str; 20] = [
        "paper",
        "papers",
        "poster",
        "posters",
        "presentation",
        "demo",
        "reviewer",
        "reviewers",
        "talk",
        "oral",
        "spotlight",
        "student",
        "contribution",
        "theory",
        "industry",
        "application",
        "short",
        "long",
        "lightning",
        "mention",
    ];
    const KIND: [&str; 10] = [
        "award",
        "awards",
        "prize",
        "prizes",
        "certification",
        "certifications",
        "certificate",
        "mention",
        "mentions",
        "honor",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let ends = |word: &str| word.ends_with(['.', ',', ';', ':', '!', '?', ')']);
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let word = bare(words[at]);
        let first =
            FIRST.iter().find(|first| **first == word || (first.len() > 8 && strsim::osa_distance(first, &word) <= 1));
        let mut next = at + 1;
        let mut name: Vec<String> = Vec::new();
        if let Some(first) = first {
            name.push(capital(first));
            while next < words.len()
                && WHAT.contains(&bare(words[next]).as_str())
                && name.len() < 5
                && !ends(words[next - 1])
            {
                name.push(capital(&singular(&bare(words[next]))));
                next += 1;
            }
        }
        if name.len() < 2 {
            at += 1;
            continue;
        }
        // The kind follows at once, or after another award that shares it.
        let kind = words[next..].iter().take(6).map(|word| bare(word)).find(|word| KIND.contains(&word.as_str()));
        let closes = ends(words[next - 1]) && !words[next - 1].ends_with(',');
        if let Some(kind) = kind.filter(|_| !closes) {
            let is_direct = words.get(next).is_some_and(|word| bare(word) == kind);
            if name.last().is_none_or(|last| last.to_lowercase() != singular(&kind)) {
                name.push(capital(&singular(&kind)));
            }
            let name = name.join(" ");
            let written = words[at..next + usize::from(is_direct)].join(" ");
            let is_mended = first.is_some_and(|first| *first != word);
            if !found.iter().any(|found| found.name == name) {
                found.push(Found { name, written: is_mended.then_some(written) });
            }
        }
        at = next;
    }
    found
}

fn singular(word: &str) -> String {
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn awards_are_found_in_sentences() {
        let names = |text: &str| find(text).into_iter().map(|found| found.name).collect::<Vec<_>>();
        assert_eq!(
            names("offering the Best Paper and the Best Poster Award to all"),
            ["Best Paper Award", "Best Poster Award"]
        );
        assert_eq!(names("one outstading paper certification for"), ["Outstanding Paper Certification"]);
        assert_eq!(names("Best student paper awards: X"), ["Best Student Paper Award"]);
        assert_eq!(names("We want the best papers. Awards follow"), Vec::<String>::new());
        assert_eq!(
            find("outstading paper certification")[0].written.as_deref(),
            Some("outstading paper certification")
        );
    }
}
