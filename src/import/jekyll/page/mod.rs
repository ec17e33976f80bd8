//! The pages of a site: `index.md` and what stands beside it.
//!
//! The top of the index tells what the event is; its sections, and those of the other pages, give pages, topics,
//! dates, awards, sponsors, announcements and people. What the template fills in from `_data` is not read here.

mod awards;
mod call;
mod cards;
mod content;
mod deadlines;
mod event;
mod hero;
mod liquid;
mod listing;
mod markup;
mod notices;
mod sections;
mod sponsors;
mod title;

use self::content::Content;
use self::liquid::Note;
use self::markup::Prepared;
use super::draft::{Draft, name_key};
use super::fields::Reading;
use super::source::{Source, SourceFile};
use super::yaml::Node;
use crate::content::{MAX_LINE, Severity};

pub(crate) use deadlines::{kind_of as kind_of_date, of_data as deadline};
pub(crate) use hero::{Facts, read_line};
pub(crate) use sections::{Part, part_of};
pub(crate) use title::{acronym, edition_in, host_in, read_title};

/// The most bytes of a page that is read.
const MAX_PAGE: usize = 2 << 20;

/// What can only be finished when the data is read too.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    winners: Vec<awards::Winner>,
    guessed: Vec<sponsors::Guessed>,
}

/// Reads the pages of a site. `facts` is what the configuration tells; the pages know better.
pub(crate) fn read(source: &Source, draft: &mut Draft, facts: Facts) -> Pending {
    let index = source
        .pages()
        .filter(|file| file.stem() == "index" && file.text.len() <= MAX_PAGE)
        .min_by_key(|file| file.path.matches('/').count());
    let mut pending = Pending::default();
    match index {
        Some(file) => {
            let page = markup::prepare(file);
            let parted = sections::part_page(&page.html);
            know_headings(&page, &parted.sections, draft);
            let rest = event::settle(file, &page, &parted, draft, facts);
            read_page(file, &page, &rest, &parted.alerts, draft, &mut pending);
        }
        None => {
            let message = "there is no index.md; what the event is was taken from the configuration alone";
            draft.report(Severity::Warning, "no-index", "index.md", message);
            event::settle_without_page(draft, facts);
        }
    }
    for file in source.pages().filter(|file| index.is_none_or(|index| index.path != file.path)) {
        if file.text.len() > MAX_PAGE {
            let message = format!("the page is bigger than {} MiB; it was left out", MAX_PAGE >> 20);
            draft.report(Severity::Warning, "page-too-big", file.path.as_str(), message);
        } else if !is_machinery(file) {
            other_page(file, draft, &mut pending);
        }
    }
    pending
}

/// Notes under which heading the template shows each file of `_data`.
fn know_headings(page: &Prepared, sections: &[sections::Section], draft: &mut Draft) {
    for (line, name) in &page.shows {
        let above = sections.iter().rfind(|section| section.line > 0 && section.line <= *line);
        if let Some(section) = above.filter(|section| !section.title.is_empty()) {
            draft.headings.entry(name.clone()).or_insert_with(|| section.title.trim_end_matches(':').trim().to_owned());
        }
    }
}

/// Finishes what had to wait for the data: who won, and whose logos they are.
pub(crate) fn finish(pending: &Pending, draft: &mut Draft) {
    awards::settle(&pending.winners, draft);
    for guess in &pending.guessed {
        let known = affiliation_like(&guess.name, draft)
            .map(|known| format!("; the affiliation “{known}” on this site looks like the same"))
            .unwrap_or_default();
        let message = format!("the sponsor's name {} was made of the file name {}{known}", guess.name, guess.file);
        draft.report(Severity::Info, "sponsor-name-from-file", (guess.path.as_str(), guess.line), message);
    }
}

/// An affiliation of the site that is or contains this name, however it is written.
fn affiliation_like(name: &str, draft: &Draft) -> Option<String> {
    let key = name_key(name).replace(' ', "");
    let of_roles = crate::content::Role::ALL.into_iter().flat_map(|role| draft.document.participations(role));
    let affiliations = of_roles.filter_map(|item| item.affiliation.as_deref());
    let matching = affiliations.filter(|affiliation| {
        let other = name_key(affiliation).replace(' ', "");
        other.contains(&key) && key.len() >= 3 && **affiliation != *name
    });
    matching.min_by_key(|affiliation| affiliation.len()).map(str::to_owned)
}

/// Pages that every Jekyll site has and that say nothing.
fn is_machinery(file: &SourceFile) -> bool {
    matches!(
        file.stem(),
        "404"
            | "feed"
            | "search"
            | "tags"
            | "tag"
            | "categories"
            | "archive"
            | "archives"
            | "sitemap"
            | "redirect"
            | "robots"
    ) || file.path.contains("google") && file.path.ends_with(".html") && file.text.len() < 200
}

fn other_page(file: &SourceFile, draft: &mut Draft, pending: &mut Pending) {
    let page = markup::prepare(file);
    let mut parted = sections::part_page(&page.html);
    know_headings(&page, &parted.sections, draft);
    let title = page.front.as_ref().and_then(|front| front.get("title")).and_then(Node::text).map(super::html::plain);
    let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| title_of_file(file.stem()));
    // What stands before the first heading stands under the page's own title.
    if let Some(first) = parted.sections.first_mut().filter(|first| first.title.is_empty()) {
        first.part = sections::part_of(&title);
        first.title = title;
    }
    read_page(file, &page, &parted.sections, &parted.alerts, draft, pending);
}

fn title_of_file(stem: &str) -> String {
    let spaced = stem.replace(['_', '-'], " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn read_page(
    file: &SourceFile,
    page: &Prepared,
    sections: &[sections::Section],
    alerts: &[sections::Alert],
    draft: &mut Draft,
    pending: &mut Pending,
) {
    let mut reading = Reading::new(file, draft);
    if let Some((line, message)) = &page.fault {
        let message = format!("the front matter is no YAML ({message}); it was left out");
        reading.report(Severity::Warning, "front-matter", *line, message);
    }
    for note in &page.notes {
        match note {
            Note::Unfilled { line, text } => {
                let message = format!("“{}” is filled in by the template; what it shows is not known", excerpt(text));
                reading.report(Severity::Info, "liquid-unfilled", *line, message);
            }
            Note::Condition { line, text } => {
                let message = format!(
                    "“{}” is a condition of the template; what stands in all its branches was kept",
                    excerpt(text)
                );
                reading.report(Severity::Info, "liquid-condition", *line, message);
            }
            Note::Comment { .. } => {}
        }
    }
    notices::read_alerts(alerts, &mut reading);
    notices::read_comments(page, &mut reading);
    let mut content = Content { reading: &mut reading, pending };
    for section in sections {
        content.read(section);
    }
}

/// As much of a line as is kept where names and titles are.
fn short(text: &str) -> String {
    text.chars().take(MAX_LINE).collect()
}

fn excerpt(text: &str) -> String {
    super::text::clean(text).chars().take(80).collect()
}

#[cfg(test)]
mod tests;
