//! Content to measure with: the demo event, and the same with a hundred times the papers, sessions and people.

use std::collections::HashMap;
use std::sync::Arc;

use plenary::content::{Document, Id};
use uuid::Uuid;

/// The demo event, with abstracts as long as real ones are.
pub(crate) fn demo() -> Document {
    let mut document: Document = serde_json::from_str(plenary::cli::DEMO_DOCUMENT).expect("the demo document is valid");
    let long = |text: &str| plenary::content::Markdown(format!("{text} ").repeat(1 + 1_200 / (text.len() + 1)));
    for paper in &mut document.papers {
        let paper = Arc::make_mut(paper);
        paper.summary = Some(long(paper.summary.as_ref().map_or(paper.title.as_str(), |text| text.as_str())));
    }
    for session in &mut document.sessions {
        let session = Arc::make_mut(session);
        session.summary = session.summary.as_ref().map(|text| long(text.as_str()));
    }
    document
}

/// A document with `times` as many people, papers and sessions, and the slug `large`.
pub(crate) fn large(times: u32) -> Document {
    let small = demo();
    let mut large = Document::new((*small.event).clone());
    Arc::make_mut(&mut large.event).slug = "large".to_owned();
    Arc::make_mut(&mut large.event).id = copy_of(small.event.id, u32::MAX);
    Arc::make_mut(&mut large.event).series = None;
    for copy in 0..times {
        let mut ids: HashMap<Id, Id> = HashMap::new();
        let mut new = |id: Id| *ids.entry(id).or_insert_with(|| copy_of(id, copy));
        for person in &small.people {
            let mut person = (**person).clone();
            person.id = new(person.id);
            person.name = format!("{} {copy}", person.name);
            large.people.push(Arc::new(person));
        }
        for paper in &small.papers {
            let mut paper = (**paper).clone();
            paper.head.id = new(paper.head.id);
            paper.head.slug = format!("{copy}-{}", paper.head.slug).chars().take(80).collect();
            paper.head.slug = paper.head.slug.trim_matches('-').to_owned();
            paper.head.position += i32::try_from(copy * 1_000).unwrap_or_default();
            for author in &mut paper.authors {
                author.person = author.person.map(&mut new);
            }
            large.papers.push(Arc::new(paper));
        }
        // The schedule grows less than the papers: a conference has many papers at the same time.
        if copy < 10 {
            for session in &small.sessions {
                let mut session = (**session).clone();
                session.head.id = new(session.head.id);
                session.head.slug = format!("s{copy}-{}", session.head.slug).chars().take(80).collect();
                session.head.slug = session.head.slug.trim_matches('-').to_owned();
                session.head.position += i32::try_from(copy * 1_000).unwrap_or_default();
                session.number = 0;
                (session.room, session.track) = (None, None);
                session.parent = session.parent.map(&mut new);
                session.paper = session.paper.map(&mut new);
                for entry in &mut session.people {
                    entry.person = new(entry.person);
                }
                large.sessions.push(Arc::new(session));
            }
        }
    }
    large.sort();
    large
}

/// Another id for each copy, the same in every run.
fn copy_of(id: Id, copy: u32) -> Id {
    Id(Uuid::from_u128(id.0.as_u128() ^ (u128::from(copy) + 1) << 32))
}
