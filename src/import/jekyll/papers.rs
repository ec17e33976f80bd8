//! Lists of papers: YAML or JSON, one file or several, flat or in groups.

use super::addresses;
use super::authors::{self, Author};
use super::draft::name_key;
use super::fields::{Fields, Reading, key_name};
use super::html;
use super::names::{is_placeholder, tidy};
use super::people::know_affiliation;
use super::yaml::{Node, Value};
use crate::content::{self, Award, Id, Kind, Paper, PaperAuthor, Presentation, Severity};

const TITLE: [&str; 4] = ["title", "paper_title", "name", "paper"];
const AUTHORS: [&str; 4] = ["authors", "author", "author_list", "by"];

/// How the papers of a file or group with this name are presented, where the name says it.
pub(crate) fn presentation_of(name: &str) -> Option<Presentation> {
    let key = key_name(name);
    if key.contains("spotlight") || key.contains("lightning") {
        Some(Presentation::Spotlight)
    } else if key.contains("oral") || key.contains("talk") {
        Some(Presentation::Oral)
    } else if key.contains("poster") {
        Some(Presentation::Poster)
    } else {
        None
    }
}

/// Reads every paper of a list.
pub(crate) fn read(reading: &mut Reading<'_>, node: &Node, presentation: Option<Presentation>) {
    match &node.value {
        Value::Null => {}
        Value::Text(text) => from_text(reading, text, node.line, presentation),
        Value::List(items) => items.iter().for_each(|item| read(reading, item, presentation)),
        Value::Map(entries) if is_paper(entries) => from_fields(reading, node, presentation),
        Value::Map(entries) => {
            for (key, value) in entries {
                if value.list().is_some() || value.map().is_some() {
                    read(reading, value, presentation_of(key).or(presentation));
                } else if !value.is_empty() && !matches!(key_name(key).as_str(), "num_row" | "row" | "id") {
                    reading.unread(key, value.line);
                }
            }
        }
    }
}

/// Whether this is a paper and no group of papers that has a name.
fn is_paper(entries: &[(String, Node)]) -> bool {
    let has = |keys: &[&str]| {
        entries.iter().any(|(key, node)| keys.contains(&key_name(key).as_str()) && node.map().is_none())
    };
    let holds_papers = entries.iter().any(|(_, node)| {
        node.list().is_some_and(|items| items.iter().any(|item| item.map().is_some_and(is_paper_itself)))
    });
    !holds_papers && (has(&TITLE) || has(&AUTHORS) || has(&["abstract"]))
}

fn is_paper_itself(entries: &[(String, Node)]) -> bool {
    entries.iter().any(|(key, node)| matches!(key_name(key).as_str(), "title" | "paper_title") && node.text().is_some())
}

fn from_text(reading: &mut Reading<'_>, text: &str, line: u32, presentation: Option<Presentation>) {
    let title = super::fields::short(reading, tidy(text), line);
    if is_placeholder(&title) {
        return;
    }
    reading.report_once(
        Severity::Info,
        "title-only",
        line,
        "papers of this list are only a line of text, taken as the title",
    );
    let head = reading.draft.head(Kind::Paper, &title);
    reading.draft.know_paper(&title, head.id);
    let place = reading.at(line);
    reading.draft.add(Paper { presentation, ..Paper::new(head, title) }, place);
}

fn from_fields(reading: &mut Reading<'_>, node: &Node, presentation: Option<Presentation>) {
    let Some(mut fields) = Fields::of(node) else { return };
    let number =
        fields.line_of_text(reading, &["id", "number", "paper_id", "paper_number", "submission_id", "no", "num"]);
    let number = number.map(|(number, _)| number);
    let title = fields.line_of_text(reading, &TITLE).map(|(title, _)| title).filter(|title| !is_placeholder(title));
    let authors = fields.node(&AUTHORS);
    let authors_line = authors.map_or(node.line, |authors| authors.line);
    let authors = authors.map(|node| authors_of(reading, node)).unwrap_or_default();
    let summary =
        fields.raw(&["abstract", "summary", "description", "tldr"]).filter(|(text, _)| !is_placeholder(&tidy(text)));
    if title.is_none() && authors.is_empty() && summary.is_none() {
        reading.report(
            Severity::Info,
            "placeholder",
            node.line,
            "a paper is still to be filled in here; none was added",
        );
        return;
    }
    let title = title.unwrap_or_else(|| {
        reading.report(Severity::Warning, "title-missing", node.line, "this paper has no title");
        number.as_ref().map_or_else(|| "Untitled".to_owned(), |number| format!("Untitled paper {number}"))
    });
    // The head comes last: a paper that is merged into an earlier one takes no place.
    let mut paper = Paper::new(crate::content::Head::new(reading.draft.id(), "", 0, reading.draft.now()), title);
    paper.number = number;
    paper.summary = summary.map(|(text, _)| html::markdown(text));
    paper.presentation = presentation_in(reading, &mut fields).or(presentation);
    links(reading, &mut fields, &mut paper);
    let line = node.line;
    paper.authors = people(reading, authors, authors_line);
    let award = fields.line_of_text(reading, &["award", "awards", "prize", "best_paper"]).map(|(award, _)| award);
    fields.finish(reading);
    let id = keep(reading, paper, line);
    if let Some(award) = award.filter(|award| !matches!(award.to_lowercase().as_str(), "false" | "no" | "0")) {
        give(reading, id, &award, line);
    }
}

fn presentation_in(reading: &mut Reading<'_>, fields: &mut Fields<'_>) -> Option<Presentation> {
    let (text, line) = fields.line_of_text(
        reading,
        &["type", "presentation", "presentation_type", "format", "decision", "category", "track", "kind"],
    )?;
    let found = presentation_of(&text);
    if found.is_none() {
        let message = format!("“{text}” says nothing known about how the paper is presented; it was left out");
        reading.report(Severity::Info, "unknown-presentation", line, message);
    }
    found
}

/// Reads the authors in any of their forms.
pub(crate) fn authors_of(reading: &mut Reading<'_>, node: &Node) -> Vec<Author> {
    match &node.value {
        Value::Null => Vec::new(),
        Value::Text(text) => {
            let (authors, odd) = authors::parse(text);
            for (code, message) in odd {
                let severity = if code == "author-marks" { Severity::Info } else { Severity::Warning };
                if code == "author-marks" || code == "authors-incomplete" {
                    reading.report_once(
                        severity,
                        code,
                        node.line,
                        format!("{message} (only the first case is reported)"),
                    );
                } else {
                    reading.report(severity, code, node.line, message);
                }
            }
            authors
        }
        Value::List(items) => items.iter().flat_map(|item| authors_of(reading, item)).collect(),
        Value::Map(entries) => {
            let Some(mut fields) = Fields::of(node) else { return Vec::new() };
            let Some((name, _)) = fields.line_of_text(reading, &["name", "author", "full_name"]) else {
                // `Jane Doe: Some University`
                return entries
                    .iter()
                    .filter(|(name, _)| !name.is_empty())
                    .map(|(name, place)| Author {
                        name: tidy(name),
                        affiliation: place.text().map(tidy).filter(|text| !text.is_empty()),
                        corresponding: false,
                    })
                    .collect();
            };
            let affiliation =
                fields.line_of_text(reading, &["affiliation", "affiliations", "institution", "affil", "org"]);
            let mark =
                fields.raw(&["corresponding", "is_corresponding"]).is_some_and(|(text, _)| text.trim() == "true");
            fields.finish(reading);
            let named = super::names::parse_person(&name);
            let affiliation = affiliation.map(|(text, _)| text).or(named.affiliation);
            vec![Author { name: named.name, affiliation, corresponding: mark || named.is_marked }]
        }
    }
}

/// Finds or adds the people who wrote a paper. Who is anonymous is nobody.
pub(crate) fn people(reading: &mut Reading<'_>, authors: Vec<Author>, line: u32) -> Vec<PaperAuthor> {
    let mut people: Vec<PaperAuthor> = Vec::new();
    for author in authors {
        let name = super::fields::short(reading, author.name, line);
        let affiliation = author.affiliation.map(|text| super::fields::short(reading, text, line));
        if authors::is_anonymous(&name) {
            reading.report(
                Severity::Warning,
                "anonymous-authors",
                line,
                "the authors are given as Anonymous; who wrote it is not known",
            );
            people.push(PaperAuthor { person: None, name, affiliation, corresponding: author.corresponding });
            continue;
        }
        let person = reading.draft.person(&name);
        if people.iter().any(|known| known.person == Some(person)) {
            reading.report(
                Severity::Warning,
                "duplicate-author",
                line,
                format!("{name} is an author twice; the first one counts"),
            );
            continue;
        }
        know_affiliation(reading, person, affiliation.as_deref(), line);
        people.push(PaperAuthor { person: Some(person), name, affiliation, corresponding: author.corresponding });
    }
    people
}

/// Adds a paper, or fills the gaps of an earlier entry of the same paper.
fn keep(reading: &mut Reading<'_>, mut paper: Paper, line: u32) -> Id {
    let shares_an_author = |other: &Paper| {
        other.authors.is_empty()
            || paper.authors.is_empty()
            || other.authors.iter().any(|author| paper.authors.iter().any(|own| own.person == author.person))
    };
    let earlier = reading.draft.papers_titled(&paper.title).into_iter().find(|other| shares_an_author(other));
    if let Some(earlier) = earlier {
        let message =
            format!("the paper “{}” stands in the lists twice; what the first entry lacks was filled in", paper.title);
        reading.report(Severity::Info, "duplicate-paper", line, message);
        let mut merged = (*earlier).clone();
        merge(&mut merged, paper);
        let id = merged.head.id;
        let place = reading.draft.place(id);
        reading.draft.add(merged, place);
        return id;
    }
    paper.head = reading.draft.head(Kind::Paper, &paper.title);
    let id = paper.head.id;
    reading.draft.know_paper(&paper.title, id);
    let place = reading.at(line);
    reading.draft.add(paper, place);
    id
}

fn merge(first: &mut Paper, second: Paper) {
    if first.authors.len() < second.authors.len() {
        first.authors = second.authors;
    }
    first.number = first.number.take().or(second.number);
    first.summary = first.summary.take().or(second.summary);
    first.presentation = first.presentation.take().or(second.presentation);
    first.doi = first.doi.take().or(second.doi);
    for (mine, other) in [
        (&mut first.pdf_url, second.pdf_url),
        (&mut first.supplement_url, second.supplement_url),
        (&mut first.poster_url, second.poster_url),
        (&mut first.slides_url, second.slides_url),
        (&mut first.video_url, second.video_url),
        (&mut first.code_url, second.code_url),
        (&mut first.openreview_url, second.openreview_url),
        (&mut first.arxiv_url, second.arxiv_url),
    ] {
        *mine = mine.take().or(other);
    }
}

/// Reads everything that leads to the paper or something that belongs to it.
fn links(reading: &mut Reading<'_>, fields: &mut Fields<'_>, paper: &mut Paper) {
    const LINKS: [&str; 39] = [
        "pdf",
        "pdf_link",
        "pdf_url",
        "paper_pdf",
        "pdf_file",
        "camera_ready",
        "file",
        "poster",
        "poster_link",
        "poster_url",
        "poster_pdf",
        "video",
        "video_link",
        "video_url",
        "recording",
        "youtube",
        "slides",
        "slides_link",
        "slides_url",
        "code",
        "code_link",
        "code_url",
        "github",
        "repo",
        "openreview",
        "openreview_link",
        "openreview_url",
        "forum",
        "arxiv",
        "arxiv_link",
        "arxiv_url",
        "supplement",
        "supplementary",
        "supp",
        "paper_link",
        "paper_url",
        "link",
        "url",
        "href",
    ];
    for key in LINKS {
        let Some((text, line)) = fields.raw(&[key]) else { continue };
        let full = full_address(key, text.trim());
        if !text.contains('/') && full.starts_with('/') {
            let message = "files of papers have a name and no folder; they were looked for at the top of the site (only the first is reported)";
            reading.report_once(Severity::Info, "folder-unknown", line, message);
        }
        if let Some(url) = addresses::url_or_path(reading, &full, line) {
            let place = place_of(paper, key, &url);
            if place.as_ref().is_some_and(|known| *known != url) {
                reading.unread(key, line);
            }
            place.get_or_insert(url);
        }
    }
    if let Some((doi, _)) = fields.line_of_text(reading, &["doi", "doi_url"]) {
        paper.doi = doi.find("10.").and_then(|at| content::doi(&doi[at..]));
        if paper.doi.is_none() {
            reading.report(
                Severity::Warning,
                "doi-refused",
                fields.line,
                format!("“{doi}” is no DOI, and was left out"),
            );
        }
    }
}

/// Bare identifiers of arXiv and OpenReview as addresses, and file names as files of the site.
fn full_address(key: &str, text: &str) -> String {
    let is_bare = !text.contains("//") && !text.starts_with('/') && !text.to_lowercase().starts_with("www.");
    match key.split('_').next().unwrap_or_default() {
        "arxiv" if is_bare && !text.contains("arxiv.org") => {
            format!("https://arxiv.org/abs/{}", text.trim_start_matches("arXiv:").trim_start_matches("arxiv:").trim())
        }
        "openreview" | "forum" if is_bare && !text.contains('.') => format!("https://openreview.net/forum?id={text}"),
        "pdf" | "paper" | "poster" | "slides" | "supplement" | "supplementary" | "supp" | "camera" | "file"
            if is_bare
                && text.to_lowercase().ends_with(".pdf")
                && !text.split('/').next().is_some_and(|host| host.contains('.') && text.contains('/')) =>
        {
            format!("/{}", text.trim_start_matches("./"))
        }
        _ => text.to_owned(),
    }
}

fn place_of<'a>(paper: &'a mut Paper, key: &str, url: &str) -> &'a mut Option<String> {
    let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    match key.split('_').next().unwrap_or_default() {
        "poster" => &mut paper.poster_url,
        "video" | "recording" | "youtube" => &mut paper.video_url,
        "slides" => &mut paper.slides_url,
        "code" | "github" | "repo" => &mut paper.code_url,
        "openreview" | "forum" => &mut paper.openreview_url,
        "arxiv" => &mut paper.arxiv_url,
        "supplement" | "supplementary" | "supp" => &mut paper.supplement_url,
        // What is only called a link is known by its host.
        _ if host == "openreview.net" && !url.contains("/pdf") => &mut paper.openreview_url,
        _ if host.ends_with("arxiv.org") && !url.contains("/pdf") => &mut paper.arxiv_url,
        _ if host == "github.com" => &mut paper.code_url,
        _ if host.ends_with("youtube.com") || host == "youtu.be" || host.ends_with("slideslive.com") => {
            &mut paper.video_url
        }
        _ => &mut paper.pdf_url,
    }
}

/// Gives a paper an award, which may be known from elsewhere on the site.
fn give(reading: &mut Reading<'_>, paper: Id, award: &str, line: u32) {
    let name = if matches!(award.to_lowercase().as_str(), "true" | "yes" | "1") { "Best Paper" } else { award };
    let known = reading.draft.document.awards.iter().find(|known| name_key(&known.name) == name_key(name)).cloned();
    let place = known.as_ref().map_or_else(|| reading.at(line), |known| reading.draft.place(known.head.id));
    let mut award = match known {
        Some(known) => (*known).clone(),
        None => Award {
            head: reading.draft.head(Kind::Award, name),
            name: name.to_owned(),
            description: None,
            papers: Vec::new(),
        },
    };
    award.papers.push(paper);
    reading.draft.add(award, place);
}
