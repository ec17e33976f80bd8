//! Papers from OpenReview: the notes that its API answers, version 2 and 1, with both shapes of authors.
//!
//! They come into an event that is there. What a note does not say of a paper stays as it is.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use super::additions::{Additions, name_key};
use super::diagnostic::Place;
use super::input::Input;
use super::json::{self, Json, Object};
use super::text::clean;
use super::{Diagnostics, Imported, Options, html, programme};
use crate::content::{Document, Id, Kind, MAX_LINE, Paper, PaperAuthor, Presentation, Severity, WebLink};
use crate::error::Error;

/// Where paths of notes begin.
const SITE: &str = "https://openreview.net";

/// Reads the file of an answer into an event; with a venue id only the notes that have it.
pub fn read(path: &Path, stored: Document, venue: Option<&str>, options: &Options) -> Result<Imported, Error> {
    let mut diagnostics = Diagnostics::default();
    let input = Input::open(path, &mut diagnostics)?;
    read_input(&input, stored, venue, options, diagnostics)
}

/// Reads the text of an answer.
pub fn read_input(
    input: &Input,
    stored: Document,
    venue: Option<&str>,
    options: &Options,
    diagnostics: Diagnostics,
) -> Result<Imported, Error> {
    let json = json::parse(input)?;
    let (root, notes) = match &json.value {
        Value::Array(notes) => ("", notes),
        Value::Object(map) => match map.get("notes").and_then(Value::as_array) {
            Some(notes) => ("notes.", notes),
            None => return Err(Error::Input(format!("{} has no list of notes", input.name))),
        },
        _ => return Err(Error::Input(format!("{} has no list of notes", input.name))),
    };
    if !notes.iter().any(|note| note.get("content").is_some_and(|content| content.get("title").is_some())) {
        return Err(Error::Input(format!("{} has no note with a title; ask OpenReview for submissions", input.name)));
    }
    let decided = notes.iter().any(|note| standing(note) == Standing::Accepted);
    let additions = Additions::new(stored, options, diagnostics);
    let known = Known::new(&additions.document);
    let mut reading = Reading { json: &json, additions, known };
    for (number, note) in notes.iter().enumerate() {
        reading.note(note, &format!("{root}{number}"), venue, decided);
    }
    Ok(reading.additions.done())
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Accepted,
    Undecided,
    /// Rejected, withdrawn or deleted.
    Out,
}

fn standing(note: &Value) -> Standing {
    let venue_id =
        note.get("content").and_then(|content| field(content, "venueid")).and_then(json::text_of).unwrap_or_default();
    let last = venue_id.rsplit('/').next().unwrap_or_default().to_lowercase();
    if note.get("ddate").is_some_and(|date| !date.is_null())
        || ["reject", "withdraw"].iter().any(|word| last.contains(word))
    {
        Standing::Out
    } else if last.ends_with("submission") {
        Standing::Undecided
    } else {
        Standing::Accepted
    }
}

/// The value of a field of a note's content: version 2 wraps it into an object.
fn field<'a>(content: &'a Value, name: &str) -> Option<&'a Value> {
    let value = content.get(name)?;
    Some(value.as_object().and_then(|object| object.get("value")).unwrap_or(value)).filter(|value| !value.is_null())
}

struct Reading<'a> {
    json: &'a Json<'a>,
    additions: Additions,
    known: Known,
}

/// What is there, by what notes call it. Papers are listed under everything that they were ever called while notes are read.
#[derive(Default)]
struct Known {
    by_page: HashMap<String, Vec<Id>>,
    by_title: HashMap<String, Vec<Id>>,
    by_number: HashMap<String, Vec<Id>>,
    /// People by the addresses of their pages.
    people: HashMap<String, Id>,
}

impl Known {
    fn new(document: &Document) -> Known {
        let mut known = Known::default();
        document.papers.iter().for_each(|paper| known.note(paper));
        for person in &document.people {
            for link in &person.links {
                known.people.entry(link.url.clone()).or_insert(person.id);
            }
        }
        known
    }

    /// Notes what a paper is called now.
    fn note(&mut self, paper: &Paper) {
        let id = paper.head.id;
        let add = |list: &mut HashMap<String, Vec<Id>>, name: Option<String>| {
            let Some(name) = name else { return };
            let ids = list.entry(name).or_default();
            if !ids.contains(&id) {
                ids.push(id);
            }
        };
        add(&mut self.by_page, page(paper));
        add(&mut self.by_title, Some(name_key(&paper.title)));
        add(&mut self.by_number, paper.number.clone());
    }
}

/// The id that a paper has on OpenReview.
fn page(paper: &Paper) -> Option<String> {
    let url = url::Url::parse(paper.openreview_url.as_deref()?).ok()?;
    url.query_pairs().find(|(key, _)| key == "id").map(|(_, id)| id.into_owned())
}

/// An author as a note tells them.
struct Author {
    name: String,
    /// The profile on OpenReview, as `~Ada_Falk1`.
    profile: Option<String>,
    affiliation: Option<String>,
}

impl Reading<'_> {
    fn note(&mut self, note: &Value, path: &str, venue: Option<&str>, decided: bool) {
        let at = self.json.place(path);
        let Some(content) = note.get("content").filter(|content| content.is_object()) else {
            self.additions.tell(Severity::Warning, "no-content", &at, "a note has no content, and is left out");
            return;
        };
        if note.get("replyto").is_some_and(|other| !other.is_null()) {
            self.additions.tell(Severity::Info, "reply", &at, "a note is a review or a comment, and is left out");
            return;
        }
        if let Some(venue) = venue {
            if field(content, "venueid").and_then(json::text_of).as_deref() != Some(venue) {
                self.additions.tell(Severity::Info, "other-venue", &at, "a note is of another venue, and is left out");
                return;
            }
        } else {
            match standing(note) {
                Standing::Accepted => {}
                Standing::Out => {
                    let message = "a submission was rejected, withdrawn or deleted, and is left out";
                    self.additions.tell(Severity::Info, "not-accepted", &at, message);
                    return;
                }
                Standing::Undecided if decided => {
                    let message = "a submission was not accepted, and is left out";
                    self.additions.tell(Severity::Info, "not-accepted", &at, message);
                    return;
                }
                Standing::Undecided => {
                    let message = "nothing tells yet which submissions are accepted; all of them became papers";
                    self.additions.tell(Severity::Warning, "undecided", &at, message);
                }
            }
        }
        self.paper(note, content, &at);
    }

    fn paper(&mut self, note: &Value, content: &Value, at: &Place) {
        let text = |name: &str| field(content, name).and_then(json::text_of);
        let title: String = clean(&html::plain(&text("title").unwrap_or_default())).chars().take(MAX_LINE).collect();
        if title.is_empty() {
            self.additions.tell(Severity::Warning, "no-title", at, "a note has no title, and is left out");
            return;
        }
        let id = note.get("forum").or_else(|| note.get("id")).and_then(json::text_of).unwrap_or_default();
        let number = note.get("number").and_then(json::text_of);
        let authors = self.authors(content, at);
        let found = self.find(&id, number.as_deref(), &title);
        let paper_id = match found {
            Some(known) => known,
            None => {
                let name = Some(format!("openreview:{id}")).filter(|_| !id.is_empty());
                let head = self.additions.head(Kind::Paper, &title, name.as_deref());
                self.additions.add(Paper::new(head, title.clone()))
            }
        };
        let presentation = text("venue")
            .as_deref()
            .and_then(presentation)
            .or_else(|| text("decision").as_deref().and_then(presentation));
        let link = |name: &str| text(name).and_then(|path| address(&path, &id, name));
        let (pdf, supplement) = (link("pdf"), link("supplementary_material"));
        let code = ["code", "code_url", "github"].iter().find_map(|name| link(name));
        let video = link("video").or_else(|| link("presentation_video"));
        let summary = text("abstract").as_deref().and_then(programme::markdown);
        if let Some(paper) = self.additions.item::<Paper>(paper_id) {
            paper.title = title;
            if !id.is_empty() {
                paper.openreview_url = Some(format!("{SITE}/forum?id={id}"));
            }
            paper.number = number.or(paper.number.take());
            paper.summary = summary.or(paper.summary.take());
            paper.presentation = presentation.or(paper.presentation);
            paper.pdf_url = pdf.or(paper.pdf_url.take());
            paper.supplement_url = supplement.or(paper.supplement_url.take());
            paper.code_url = code.or(paper.code_url.take());
            paper.video_url = video.or(paper.video_url.take());
            if !authors.is_empty() {
                // Affiliations that somebody put in stay where the note has none.
                let before = std::mem::replace(&mut paper.authors, authors);
                for author in &mut paper.authors {
                    let known = before.iter().find(|known| name_key(&known.name) == name_key(&author.name));
                    if let Some(known) = known {
                        author.affiliation = author.affiliation.take().or_else(|| known.affiliation.clone());
                        author.corresponding |= known.corresponding;
                    }
                }
            }
            self.known.note(paper);
        }
        self.others(content, at);
    }

    /// The stored paper that a note is about: by its page on OpenReview, its title, or its number.
    fn find(&self, id: &str, number: Option<&str>, title: &str) -> Option<Id> {
        let Known { by_page, by_title, by_number, .. } = &self.known;
        let key = name_key(title);
        let first = |list: &HashMap<String, Vec<Id>>, name: &str, fits: &dyn Fn(&Paper) -> bool| {
            let known = list.get(name).into_iter().flatten().filter_map(|id| {
                let place = self.additions.place(*id)?;
                let paper = self.additions.document.papers.get(place)?;
                fits(paper).then_some((place, *id))
            });
            known.min().map(|(_, id)| id)
        };
        let is_free = |paper: &Paper| page(paper).is_none_or(|page| page == id);
        first(by_page, id, &|paper| !id.is_empty() && page(paper).as_deref() == Some(id))
            .or_else(|| first(by_title, &key, &|paper| name_key(&paper.title) == key && is_free(paper)))
            .or_else(|| first(by_number, number?, &|paper| paper.number.as_deref() == number && is_free(paper)))
    }

    fn authors(&mut self, content: &Value, at: &Place) -> Vec<PaperAuthor> {
        let told = told_authors(content);
        if told.is_empty() {
            self.additions.tell(Severity::Warning, "no-authors", at, "a note names no authors");
        }
        let mut authors = Vec::new();
        for Author { name, profile, affiliation } in told {
            let name: String = clean(&html::plain(&name)).chars().take(MAX_LINE).collect();
            if name.is_empty() {
                continue;
            }
            let is_anonymous = name.to_lowercase().starts_with("anonymous");
            let person = (!is_anonymous).then(|| self.person(&name, profile.as_deref()));
            if is_anonymous {
                self.additions.tell(Severity::Info, "anonymous-authors", at, "the authors of a paper are anonymous");
            }
            authors.push(PaperAuthor { person, name, affiliation, corresponding: false });
        }
        authors
    }

    /// The person with a profile, or with a name.
    fn person(&mut self, name: &str, profile: Option<&str>) -> Id {
        let page =
            profile.filter(|profile| profile.starts_with('~')).map(|profile| format!("{SITE}/profile?id={profile}"));
        let known = page.as_ref().and_then(|page| self.known.people.get(page).copied());
        let id = known.unwrap_or_else(|| self.additions.person(name));
        if let Some(url) = page.filter(|_| known.is_none()) {
            let link = WebLink { label: "OpenReview".to_owned(), url };
            let people = &mut self.known.people;
            self.additions.change_person(id, |person| {
                if !person.links.iter().any(|known| known.label == link.label) {
                    people.insert(link.url.clone(), person.id);
                    person.links.push(link);
                }
            });
        }
        id
    }

    fn others(&mut self, content: &Value, at: &Place) {
        const KNOWN: [&str; 15] = [
            "title",
            "abstract",
            "authors",
            "authorids",
            "pdf",
            "supplementary_material",
            "venue",
            "venueid",
            "decision",
            "code",
            "code_url",
            "github",
            "video",
            "presentation_video",
            "paperhash",
        ];
        for name in content.as_object().into_iter().flat_map(|content| content.keys()) {
            if !KNOWN.contains(&name.as_str())
                && field(content, name).is_some_and(|value| value.as_array().is_none_or(|list| !list.is_empty()))
            {
                let name: String = name.chars().take(80).collect();
                let message = format!("“{name}” of a note has no place here, and is left out");
                self.additions.tell(Severity::Info, "left-out", at, message);
            }
        }
    }
}

/// The authors of a note: a list of names beside a list of ids, or a list of objects.
fn told_authors(content: &Value) -> Vec<Author> {
    let ids: Vec<Option<String>> = match field(content, "authorids") {
        Some(Value::Array(ids)) => ids.iter().map(json::text_of).collect(),
        _ => Vec::new(),
    };
    let profile_of = |number: usize| ids.get(number).cloned().flatten();
    match field(content, "authors") {
        Some(Value::Array(list)) => list
            .iter()
            .enumerate()
            .filter_map(|(number, value)| match Object::of(value) {
                Some(author) => Some(Author {
                    name: author.text(&["fullname", "name", "fullName"])?,
                    profile: author.text(&["username", "id", "profile"]).or_else(|| profile_of(number)),
                    affiliation: author.text(&["institution", "affiliation"]).or_else(|| institution(value)),
                }),
                None => {
                    json::text_of(value).map(|name| Author { name, profile: profile_of(number), affiliation: None })
                }
            })
            .collect(),
        Some(Value::String(names)) => names
            .split([',', ';'])
            .enumerate()
            .map(|(number, name)| Author {
                name: name.trim().to_owned(),
                profile: profile_of(number),
                affiliation: None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The first institution of an author: `institutions: [{name, domain}]`.
fn institution(author: &Value) -> Option<String> {
    let first = author.get("institutions")?.as_array()?.first()?;
    Object::of(first).map_or_else(|| json::text_of(first), |first| first.text(&["name", "domain"]))
}

/// What a venue or decision says about the way of presenting: `Venue 2031 Oral`, `Accept (Poster)`.
fn presentation(text: &str) -> Option<Presentation> {
    let text = text.to_lowercase();
    [("oral", Presentation::Oral), ("spotlight", Presentation::Spotlight), ("poster", Presentation::Poster)]
        .into_iter()
        .find(|(word, _)| text.contains(word))
        .map(|(_, presentation)| presentation)
}

/// The address of a file of a note, which is a path on OpenReview or leads elsewhere.
fn address(path: &str, id: &str, field: &str) -> Option<String> {
    let path = path.trim();
    if path.starts_with("/pdf") || (field == "pdf" && path.starts_with('/')) {
        return Some(format!("{SITE}/pdf?id={id}"));
    }
    if path.starts_with('/') {
        return Some(format!("{SITE}/attachment?id={id}&name={field}"));
    }
    url::Url::parse(path).ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(|_| path.to_owned())
}
