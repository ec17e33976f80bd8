//! The paper that a session presents: one of the lists, spelt a little differently maybe, or one that is on none.

use super::authors::{self, Author};
use super::draft::name_key;
use super::fields::{Fields, Reading};
use super::heading::Heading;
use super::html;
use super::names::{is_placeholder, tidy};
use super::papers;
use super::people;
use super::titles;
use crate::content::{Kind, Paper, Severity};

/// The paper that a session presents; one that is on no list is added.
pub(crate) fn paper_of(
    reading: &mut Reading<'_>,
    fields: &mut Fields<'_>,
    heading: &Heading,
    is_paper: bool,
    line: u32,
) -> Option<Paper> {
    let authors = fields.node(&["authors", "author"]);
    let title = fields
        .line_of_text(reading, &["paper_title", "paper"])
        .map(|(title, _)| title)
        .filter(|title| !matches!(title.to_lowercase().as_str(), "true" | "false" | "yes" | "no"))
        .unwrap_or_else(|| heading.title.clone());
    if heading.is_tentative || is_placeholder(&title) {
        return None;
    }
    let found = find_paper(reading, &title, is_paper);
    let authors = authors.filter(|node| node.text().is_none_or(|text| !is_placeholder(&tidy(text))));
    let authors = authors.map(|node| papers::authors_of(reading, node)).unwrap_or_default();
    if let Some(mut paper) = found {
        if tidy(&paper.title).to_lowercase() != title.to_lowercase() {
            let message = format!(
                "the schedule calls the paper “{title}” and the list of papers “{}”; they were taken for one",
                paper.title
            );
            reading.report(Severity::Info, "title-differs", line, message);
        }
        if paper.authors.is_empty() && !authors.is_empty() {
            paper.authors = papers::people(reading, authors, line);
            let place = reading.draft.place(paper.head.id);
            reading.draft.add(paper.clone(), place);
        } else {
            compare_authors(reading, &paper, &authors, line);
            if fill_authors(reading, &mut paper, &authors, line) {
                let place = reading.draft.place(paper.head.id);
                reading.draft.add(paper.clone(), place);
            }
        }
        return Some(paper);
    }
    if !is_paper
        || (heading.label.is_none() && titles::kind_of_words(&title).is_some() && title.split_whitespace().count() < 4)
    {
        return None;
    }
    if !reading.draft.document.papers.is_empty() {
        let message =
            format!("“{title}” is a paper by the schedule and on no list of papers; it was added to the papers");
        reading.report(Severity::Warning, "paper-not-in-list", line, message);
    } else {
        let message =
            "the site has no list of papers; the papers of the schedule were taken (only the first is reported)";
        reading.report_once(Severity::Info, "papers-from-schedule", line, message);
    }
    let head = reading.draft.head(Kind::Paper, &title);
    reading.draft.know_paper(&title, head.id);
    let mut paper = Paper::new(head, title);
    paper.authors = papers::people(reading, authors, line);
    paper.summary = fields.peek("abstract").filter(|text| !is_placeholder(&tidy(text))).map(html::markdown);
    let place = reading.at(line);
    reading.draft.add(paper.clone(), place);
    Some(paper)
}

/// The paper with this title: the same letters, or, for what is a paper for sure, nearly the same.
fn find_paper(reading: &Reading<'_>, title: &str, is_paper: bool) -> Option<Paper> {
    let key = name_key(title);
    if let Some(paper) = reading.draft.papers_titled(title).first() {
        return Some((**paper).clone());
    }
    let papers = &reading.draft.document.papers;
    if !is_paper {
        return None;
    }
    let similarity = |paper: &Paper| strsim::normalized_damerau_levenshtein(&name_key(&paper.title), &key);
    let best = papers.iter().map(|paper| (similarity(paper), paper)).max_by(|one, other| one.0.total_cmp(&other.0))?;
    let begins_alike = |one: &str, other: &str| one.len() > 20 && other.starts_with(one);
    let other_key = name_key(&best.1.title);
    (best.0 >= 0.85 || begins_alike(&key, &other_key) || begins_alike(&other_key, &key)).then(|| (**best.1).clone())
}

/// Fills in what the list of papers does not say of an author and the schedule does; tells whether that was anything.
fn fill_authors(reading: &mut Reading<'_>, paper: &mut Paper, authors: &[Author], line: u32) -> bool {
    let mut is_filled = false;
    for known in &mut paper.authors {
        let Some(author) = authors.iter().find(|author| name_key(&author.name) == name_key(&known.name)) else {
            continue;
        };
        if known.affiliation.is_none()
            && let Some(affiliation) = &author.affiliation
        {
            let affiliation = super::fields::short(reading, affiliation.clone(), line);
            if let Some(person) = known.person {
                people::know_affiliation(reading, person, Some(&affiliation), line);
            }
            known.affiliation = Some(affiliation);
            is_filled = true;
        }
        if author.corresponding && !known.corresponding {
            known.corresponding = true;
            is_filled = true;
        }
    }
    is_filled
}

/// Reports authors in the schedule who are not among those of the paper.
fn compare_authors(reading: &mut Reading<'_>, paper: &Paper, authors: &[Author], line: u32) {
    let known: Vec<String> = paper.authors.iter().map(|author| name_key(&author.name)).collect();
    let strangers: Vec<&str> = authors
        .iter()
        .map(|author| author.name.as_str())
        .filter(|name| !authors::is_anonymous(name) && !known.contains(&name_key(name)))
        .collect();
    let is_hidden = paper.authors.iter().any(|author| author.person.is_none());
    if !strangers.is_empty() && !is_hidden {
        let message = format!(
            "the schedule names authors who are not in the list of papers: {}; the list counts",
            strangers.join(", ")
        );
        reading.report(Severity::Info, "authors-differ", line, message);
    }
}
