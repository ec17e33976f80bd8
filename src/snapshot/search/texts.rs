//! The searchable text of every record: what it is called, and all the words about it.

use std::collections::HashMap;

use crate::content::{Document, Id, Kind, Markdown, Participation, Person, Role, Session};

/// The searchable text of one record.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) id: Id,
    /// The kind of the record, and for a person what they are at the event.
    pub(super) kinds: Vec<Kind>,
    pub(super) title: String,
    /// The rest, as plain text, in paragraphs.
    pub(super) body: String,
}

impl Text {
    fn new(kind: Kind, id: Id, title: &str, body: Body) -> Text {
        Text { id, kinds: vec![kind], title: title.to_owned(), body: body.0 }
    }
}

/// A body that grows by paragraphs.
#[derive(Default)]
struct Body(String);

impl Body {
    fn line(mut self, text: &str) -> Self {
        let text = text.trim();
        if !text.is_empty() {
            if !self.0.is_empty() {
                self.0.push('\n');
            }
            self.0.push_str(text);
        }
        self
    }

    fn lines<'a>(self, texts: impl IntoIterator<Item = &'a String>) -> Self {
        texts.into_iter().fold(self, |body, text| body.line(text))
    }

    fn markdown(self, text: Option<&Markdown>) -> Self {
        match text {
            Some(text) => self.line(&text.to_text()),
            None => self,
        }
    }
}

/// The texts of everything in a document that can be found.
pub(super) fn of(document: &Document) -> Vec<Text> {
    let names: HashMap<Id, &str> = document.people.iter().map(|person| (person.id, person.name.as_str())).collect();
    let mut texts = vec![event(document)];
    texts.extend(people(document));
    texts.extend(document.sessions.iter().map(|item| session(item, &names)));
    for paper in &document.papers {
        let mut body = Body::default().markdown(paper.summary.as_ref()).lines(&paper.number);
        for author in &paper.authors {
            body = body.line(&author.name).lines(&author.affiliation);
        }
        texts.push(Text::new(Kind::Paper, paper.head.id, &paper.title, body));
    }
    called_and_described(document, &mut texts);
    written(document, &mut texts);
    texts
}

/// The kinds that have a name and at most a description.
fn called_and_described(document: &Document, texts: &mut Vec<Text>) {
    let described = |description: Option<&Markdown>| Body::default().markdown(description);
    for item in &document.rooms {
        texts.push(Text::new(Kind::Room, item.head.id, &item.name, described(item.description.as_ref())));
    }
    for item in &document.tracks {
        texts.push(Text::new(Kind::Track, item.head.id, &item.name, described(item.description.as_ref())));
    }
    for item in &document.awards {
        texts.push(Text::new(Kind::Award, item.head.id, &item.name, described(item.description.as_ref())));
    }
    for item in &document.sponsors {
        texts.push(Text::new(Kind::Sponsor, item.head.id, &item.name, described(item.description.as_ref())));
    }
    for item in &document.sponsor_tiers {
        texts.push(Text::new(Kind::SponsorTier, item.head.id, &item.name, Body::default()));
    }
    for item in &document.links {
        texts.push(Text::new(Kind::Link, item.head.id, &item.label, Body::default()));
    }
}

/// The kinds that are texts of the site.
fn written(document: &Document, texts: &mut Vec<Text>) {
    for item in &document.topics {
        let body = Body::default().markdown(item.description.as_ref()).lines(&item.items);
        texts.push(Text::new(Kind::Topic, item.head.id, &item.title, body));
    }
    for item in &document.important_dates {
        texts.push(Text::new(Kind::ImportantDate, item.head.id, &item.label, Body::default().lines(&item.note)));
    }
    for item in &document.announcements {
        let body = Body::default().markdown(item.body.as_ref()).lines(item.links.iter().map(|link| &link.label));
        texts.push(Text::new(Kind::Announcement, item.head.id, &item.title, body));
    }
    for item in &document.pages {
        texts.push(Text::new(Kind::Page, item.head.id, &item.title, Body::default().markdown(Some(&item.body))));
    }
}

fn event(document: &Document) -> Text {
    let event = &document.event;
    let body = Body::default()
        .lines(&event.acronym)
        .markdown(event.description.as_ref())
        .lines(&event.host_conference)
        .lines(event.venue.iter().map(|venue| &venue.name))
        .lines(&event.city);
    Text::new(Kind::Event, event.id, &event.name, body)
}

fn session(session: &Session, names: &HashMap<Id, &str>) -> Text {
    let people = session.people.iter().filter_map(|person| names.get(&person.person));
    let body = people.fold(Body::default().markdown(session.summary.as_ref()), |body, name| body.line(name));
    Text::new(Kind::Session, session.head.id, &session.title, body)
}

/// Everybody with all that they are at the event; an affiliation that is repeated is taken once.
fn people(document: &Document) -> Vec<Text> {
    let mut parts: HashMap<Id, Vec<&Participation>> = HashMap::new();
    for role in Role::ALL {
        for participation in document.participations(role) {
            parts.entry(participation.person).or_default().push(participation);
        }
    }
    let mut on_papers: HashMap<Id, Vec<&String>> = HashMap::new();
    for author in document.papers.iter().flat_map(|paper| &paper.authors) {
        if let Some(person) = author.person {
            on_papers.entry(person).or_default().extend(&author.affiliation);
        }
    }
    let text = |person: &Person| {
        let parts = parts.get(&person.id).map_or(&[][..], Vec::as_slice);
        let mut affiliations: Vec<&String> = parts.iter().filter_map(|part| part.affiliation.as_ref()).collect();
        affiliations.extend(&person.affiliation);
        affiliations.extend(on_papers.get(&person.id).into_iter().flatten());
        let mut seen: Vec<&String> = Vec::new();
        affiliations.retain(|affiliation| {
            let new = !seen.contains(affiliation);
            seen.extend(new.then_some(*affiliation));
            new
        });
        let mut body = parts.iter().fold(Body::default(), |body, part| body.markdown(part.bio.as_ref()));
        body = body.lines(affiliations).lines(parts.iter().filter_map(|part| part.group.as_ref()));
        let mut text = Text::new(Kind::Person, person.id, &person.name, body);
        text.kinds.extend(parts.iter().map(|part| part.role.kind()));
        text
    };
    document.people.iter().map(|person| text(person)).collect()
}
