//! A table of papers: titles, authors and where everything of a paper is.

use std::collections::HashSet;

use super::table::{Column, Row, Table};
use crate::content::{self, Id, Kind, Paper, PaperAuthor, Presentation, Session, Severity};
use crate::import::additions::{Additions, Named, Waiting, name_key};
use crate::import::{jekyll, programme, source_ids};

pub(super) const COLUMNS: &[Column] = &[
    Column { name: "title", others: &["papertitle", "name", "paper"], needed: true },
    Column { name: "id", others: &["guid", "uuid"], needed: false },
    Column {
        name: "number",
        others: &["no", "nr", "paperid", "papernumber", "submission", "submissionnumber", "submissionid"],
        needed: false,
    },
    Column { name: "slug", others: &[], needed: false },
    Column { name: "authors", others: &["author", "authornames", "authorlist"], needed: false },
    Column { name: "affiliations", others: &["affiliation", "institutions", "authoraffiliations"], needed: false },
    Column { name: "abstract", others: &["summary", "description"], needed: false },
    Column { name: "presentation", others: &["decision", "type", "kind", "track"], needed: false },
    Column { name: "pdf", others: &["pdfurl", "url", "link", "paperurl"], needed: false },
    Column { name: "supplement", others: &["supplementurl", "supplementary", "supplementarymaterial"], needed: false },
    Column { name: "poster", others: &["posterurl"], needed: false },
    Column { name: "slides", others: &["slidesurl"], needed: false },
    Column { name: "video", others: &["videourl"], needed: false },
    Column { name: "code", others: &["codeurl", "github", "repository"], needed: false },
    Column { name: "openreview", others: &["openreviewurl", "forum"], needed: false },
    Column { name: "arxiv", others: &["arxivurl", "arxivid"], needed: false },
    Column { name: "doi", others: &[], needed: false },
    Column { name: "session", others: &["sessionslug", "sessiontitle"], needed: false },
];

pub(super) fn read(table: &Table, additions: &mut Additions) {
    let mut stored = Stored::new(additions);
    let sessions = Named::sessions(&additions.document);
    for row in &table.rows {
        let Some(title) = row.line("title") else {
            additions.tell(Severity::Warning, "no-title", &row.place, "a row has no title, and is left out");
            continue;
        };
        let id = stored.find(row, &title).unwrap_or_else(|| {
            let slug = row.line("slug").unwrap_or_else(|| title.clone());
            let head = additions.head(Kind::Paper, &slug, row.text("id"));
            additions.add(Paper::new(head, title.clone()))
        });
        stored.taken.insert(id);
        let authors = authors(row, additions);
        fill(row, id, title, authors, additions);
        present(row, id, &sessions, additions);
    }
}

/// The papers that are there already, by what rows call them.
struct Stored {
    ids: HashSet<Id>,
    by_number: Waiting<String>,
    by_slug: Waiting<String>,
    by_title: Waiting<String>,
    numbered: HashSet<Id>,
    /// Those that a row was found to be.
    taken: HashSet<Id>,
}

impl Stored {
    fn new(additions: &Additions) -> Stored {
        let papers = || additions.document.papers.iter();
        let id = |paper: &Paper| paper.head.id;
        Stored {
            ids: papers().map(|paper| id(paper)).collect(),
            by_number: Waiting::new(papers().filter_map(|paper| Some((paper.number.clone()?, id(paper))))),
            by_slug: Waiting::new(papers().map(|paper| (paper.head.slug.clone(), id(paper)))),
            by_title: Waiting::new(papers().map(|paper| (name_key(&paper.title), id(paper)))),
            numbered: papers().filter(|paper| paper.number.is_some()).map(|paper| id(paper)).collect(),
            taken: HashSet::new(),
        }
    }

    /// The paper of a row: by id, number, slug or title.
    fn find(&mut self, row: &Row, title: &str) -> Option<Id> {
        let Stored { ids, by_number, by_slug, by_title, numbered, taken } = self;
        let given = row.text("id").and_then(source_ids::given);
        let number = row.line("number");
        given
            .filter(|id| ids.contains(id) && !taken.contains(id))
            .or_else(|| by_number.first(number.as_ref()?, taken))
            .or_else(|| by_slug.first(&row.text("slug")?.to_owned(), taken))
            // Another number is another paper.
            .or_else(|| by_title.first_that(&name_key(title), taken, |id| number.is_none() || !numbered.contains(&id)))
    }
}

fn authors(row: &Row, additions: &mut Additions) -> Vec<PaperAuthor> {
    let list = row.text("authors").unwrap_or_default();
    // `Lund, Bo; Falk, Ada` is a list of names with the family first.
    let parts: Vec<&str> = list.split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_reversed = parts.len() > 1 && parts.iter().all(|part| part.matches(',').count() == 1 && !part.contains('('));
    let names: Vec<String> = if is_reversed {
        parts
            .iter()
            .filter_map(|part| part.split_once(','))
            .map(|(family, given)| format!("{} {}", given.trim(), family.trim()))
            .collect()
    } else {
        jekyll::split_people(list)
    };
    let affiliations: Vec<&str> = row.text("affiliations").unwrap_or_default().split(';').map(str::trim).collect();
    let fits = affiliations.len() == names.len();
    if !fits && !affiliations.concat().is_empty() && affiliations.len() != 1 {
        additions.tell(
            Severity::Warning,
            "affiliations",
            &row.place,
            "there are not as many affiliations as authors, and they are left out",
        );
    }
    let mut authors = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let named = jekyll::parse_person(name);
        if named.name.is_empty() {
            continue;
        }
        let told = if fits {
            affiliations.get(number).copied()
        } else {
            affiliations.first().copied().filter(|_| affiliations.len() == 1)
        };
        let affiliation = named.affiliation.or_else(|| told.filter(|text| !text.is_empty()).map(str::to_owned));
        let is_anonymous = named.name.to_lowercase().starts_with("anonymous");
        let person = (!is_anonymous).then(|| additions.person(&named.name));
        authors.push(PaperAuthor { person, name: named.name, affiliation, corresponding: named.is_marked });
    }
    authors
}

fn fill(row: &Row, id: Id, title: String, authors: Vec<PaperAuthor>, additions: &mut Additions) {
    let mut urls = Vec::new();
    for column in ["pdf", "supplement", "poster", "slides", "video", "code", "openreview", "arxiv"] {
        let Some(text) = row.line(column) else { continue };
        let full = match column {
            "arxiv" if !text.contains('/') => format!("https://arxiv.org/abs/{}", text.trim_start_matches("arXiv:")),
            "openreview" if !text.contains(['/', '.']) => format!("https://openreview.net/forum?id={text}"),
            _ => text,
        };
        match programme::usable(&full) {
            Some(url) => urls.push((column, url)),
            None => {
                let message = format!("the column {column} holds no address, which is left out");
                additions.tell(Severity::Warning, "link-unusable", &row.place, message);
            }
        }
    }
    let doi = row.text("doi").and_then(content::doi);
    if row.text("doi").is_some() && doi.is_none() {
        additions.tell(Severity::Warning, "doi", &row.place, "a DOI looks like 10.1000/182; this one is left out");
    }
    let presentation = row.text("presentation").and_then(|word| {
        let word = word.to_lowercase();
        [
            ("oral", Presentation::Oral),
            ("talk", Presentation::Oral),
            ("spotlight", Presentation::Spotlight),
            ("poster", Presentation::Poster),
        ]
        .into_iter()
        .find(|(part, _)| word.contains(part))
        .map(|(_, presentation)| presentation)
    });
    if let (Some(word), None) = (row.line("presentation"), presentation) {
        additions.tell(
            Severity::Info,
            "presentation",
            &row.place,
            format!("“{word}” is no way of presenting; there are oral, spotlight and poster"),
        );
    }
    let Some(paper) = additions.item::<Paper>(id) else { return };
    paper.title = title;
    paper.number = row.line("number").or(paper.number.take());
    paper.summary = row.text("abstract").and_then(programme::markdown).or(paper.summary.take());
    paper.presentation = presentation.or(paper.presentation);
    paper.doi = doi.or(paper.doi.take());
    if !authors.is_empty() {
        paper.authors = authors;
    }
    for (column, url) in urls {
        let field = match column {
            "pdf" => &mut paper.pdf_url,
            "supplement" => &mut paper.supplement_url,
            "poster" => &mut paper.poster_url,
            "slides" => &mut paper.slides_url,
            "video" => &mut paper.video_url,
            "code" => &mut paper.code_url,
            "openreview" => &mut paper.openreview_url,
            _ => &mut paper.arxiv_url,
        };
        *field = Some(url);
    }
}

/// Puts a paper into the session that its row names.
fn present(row: &Row, paper: Id, sessions: &Named, additions: &mut Additions) {
    let Some(name) = row.line("session") else { return };
    match sessions.find(&name).and_then(|id| additions.item::<Session>(id)) {
        Some(session) => session.paper = Some(paper),
        None => {
            additions.tell(Severity::Warning, "unknown-session", &row.place, format!("there is no session “{name}”"));
        }
    }
}
