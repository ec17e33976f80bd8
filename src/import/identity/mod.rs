//! Which imported record is which stored one: ids, slugs and numbers stay where the same thing comes again.
//!
//! A record is the same when what it is known by is the same: a name, a number, a time, a place in its list. Nothing
//! here knows the format that was imported, nor the database.

mod matching;
mod remainder;
mod taken;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use self::matching::{Keys, key, pair, pair_similar};
pub use self::taken::{Taken, give_way};
use crate::content::{
    Announcement, Award, Content, Document, Event, Id, ImportantDate, Kind, Link, Page, Paper, Participation, Person,
    Role, Room, Series, Session, Severity, Sponsor, SponsorTier, Topic, Track,
};
use crate::each_list;
use crate::import::{Diagnostics, Extent};

/// What the server has already.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The event as it is stored.
    pub stored: Option<Document>,
    /// People of any event who are called like those of the imported document.
    pub people: Vec<Person>,
    /// The series with the slug of the imported one.
    pub series: Option<Series>,
    /// How much of the event the input tells.
    pub extent: Extent,
    /// Whether it says of every session whether it must not be recorded.
    pub tells_recording: bool,
}

/// Gives the records of an imported document the identities that they have on the server.
///
/// Whether an item is published stays as it is on the server, but for announcements that the source now shows; the
/// publication of the event stays too.
pub fn keep(mut document: Document, known: Known, diagnostics: &mut Diagnostics) -> Document {
    let (extent, tells_recording) = (known.extent, known.tells_recording);
    let stored = known.stored.unwrap_or_else(|| Document::new((*document.event).clone()));
    keep_people(&mut document, &stored, &known.people);
    keep_series(&mut document, &stored, known.series);
    keep_event(&mut document, &stored.event);
    if let Extent::Programme { tells_name, tells_days, .. } = extent {
        remainder::keep_event(&mut document, &stored.event, tells_name, tells_days);
    }
    keep_items(&mut document, &stored, extent);
    if !tells_recording {
        keep_unrecorded(&mut document, &stored);
    }
    if let Extent::Programme { tells_status, .. } = extent {
        remainder::keep(&mut document, &stored, tells_status);
    }
    let heads: HashMap<Id, bool> = {
        let mut heads = HashMap::new();
        each_list!(&stored, list => heads.extend(list.iter().map(|item| (item.head.id, item.head.published))));
        heads
    };
    each_list!(&mut document, list => for item in list.iter_mut() {
        let source = item.head.published;
        let kept = heads.get(&item.head.id).copied().unwrap_or(source);
        // What was commented out in the source may come back in; nothing else is held back by an import.
        let kept = kept || (source && item.record_kind() == Kind::Announcement);
        if kept != source {
            Arc::make_mut(item).head.published = kept;
            if !kept {
                let message = format!("the {} {} is held back on the server, and stays so", item.record_kind().name(), item.head.slug);
                diagnostics.add(Severity::Info, "held-back", crate::import::diagnostic::Place::default(), message);
            }
        }
    });
    document.sort();
    document
}

fn keep_event(document: &mut Document, stored: &Event) {
    let event = Arc::make_mut(&mut document.event);
    event.id = stored.id;
    event.publication = stored.publication;
    event.created_at = stored.created_at;
    event.updated_at = stored.updated_at;
    // Sites do not say these; who wrote them into the event knows better.
    event.website = event.website.take().or_else(|| stored.website.clone());
    if let (Some(venue), Some(known)) = (&mut event.venue, &stored.venue) {
        venue.address = venue.address.take().or_else(|| known.address.clone());
        venue.coordinates = venue.coordinates.or(known.coordinates);
        venue.map_url = venue.map_url.take().or_else(|| known.map_url.clone());
    }
}

/// The series that all editions share: what is stored of it stays.
fn keep_series(document: &mut Document, stored: &Document, known: Option<Series>) {
    let known = known.map(Arc::new).or_else(|| {
        let slug = document.series.as_ref().map(|series| series.slug.clone());
        stored.series.clone().filter(|series| slug.is_none_or(|slug| slug == series.slug))
    });
    if let Some(series) = known {
        Arc::make_mut(&mut document.event).series = Some(series.id);
        document.series = Some(series);
    }
}

fn keep_people(document: &mut Document, stored: &Document, elsewhere: &[Person]) {
    let mut known: Vec<&Person> = stored.people.iter().map(AsRef::as_ref).collect();
    let here: HashSet<Id> = known.iter().map(|person| person.id).collect();
    known.extend(elsewhere.iter().filter(|person| !here.contains(&person.id)));
    let new: Vec<&Person> = document.people.iter().map(AsRef::as_ref).collect();
    // Namesakes are told apart by their affiliation, where it is known.
    let with_affiliation =
        |person: &Person| format!("{}|{}", key(&person.name), key(person.affiliation.as_deref()?)).into();
    let by_name = |person: &Person| Some(key(&person.name));
    let by_id = |person: &Person| Some(person.id.to_string());
    let mut ids = HashMap::new();
    pair(&new, &known, |person| person.id, &[&by_id, &with_affiliation, &by_name], &mut ids);
    let only_here: Vec<&Person> = stored.people.iter().map(AsRef::as_ref).collect();
    pair_similar(&new, &only_here, |person| person.id, |person| key(&person.name), 0.9, &mut ids);

    let by_id: HashMap<Id, &Person> = known.iter().map(|person| (person.id, *person)).collect();
    let told: HashSet<(Id, &str)> = Role::ALL
        .into_iter()
        .flat_map(|role| stored.participations(role))
        .filter_map(|item| Some((item.person, item.affiliation.as_deref()?)))
        .collect();
    let merged: Vec<Arc<Person>> = document
        .people
        .iter()
        .map(|person| match ids.get(&person.id).and_then(|id| by_id.get(id)) {
            Some(known) => Arc::new(merged(person, known, &told)),
            None => person.clone(),
        })
        .collect();
    document.people = merged;
    rewrite(document, &ids);
}

/// A stored person with what the import knows more of them; `told` are the affiliations that this event tells.
fn merged(new: &Person, known: &Person, told: &HashSet<(Id, &str)>) -> Person {
    let mut person = known.clone();
    // Where the source's own id says who it is, its spelling of the name is a correction.
    if new.id == known.id || key(&new.name) != key(&known.name) {
        person.name.clone_from(&new.name);
    }
    // The affiliation is the newest known one. It is this event's to correct if this event has told it.
    let told_here = known.affiliation.as_deref().is_some_and(|affiliation| told.contains(&(known.id, affiliation)));
    if known.affiliation.is_none() || (told_here && new.affiliation.is_some()) {
        person.affiliation.clone_from(&new.affiliation);
    }
    for (field, value) in [
        (&mut person.homepage, &new.homepage),
        (&mut person.orcid, &new.orcid),
        (&mut person.scholar, &new.scholar),
        (&mut person.linkedin, &new.linkedin),
    ] {
        if value.is_some() {
            field.clone_from(value);
        }
    }
    for link in &new.links {
        match person.links.iter_mut().find(|known| known.label == link.label) {
            Some(known) => known.url.clone_from(&link.url),
            None => person.links.push(link.clone()),
        }
    }
    person
}

/// Matches the items kind by kind: first those that others are known by.
fn keep_items(document: &mut Document, stored: &Document, extent: Extent) {
    let mut ids = HashMap::new();
    let items = Matching { extent };
    for role in Role::ALL {
        let by_group = |item: &Participation| Some(format!("{}|{:?}", item.person, item.group));
        let by_person = |item: &Participation| Some(item.person.to_string());
        let keys: Keys<'_, Participation> = &[&by_group, &by_person];
        items.keep(document.participations_mut(role), stored.participations(role), keys, None, &mut ids);
    }
    let name = |room: &Room| Some(key(&room.name));
    items.keep(&mut document.rooms, &stored.rooms, &[&name], None, &mut ids);
    let name = |track: &Track| Some(key(&track.name));
    items.keep(&mut document.tracks, &stored.tracks, &[&name], None, &mut ids);
    let exact = |paper: &Paper| Some(format!("{}|{}", paper.number.as_deref()?, key(&paper.title)));
    let title = |paper: &Paper| Some(key(&paper.title));
    let number = |paper: &Paper| paper.number.clone();
    items.keep(
        &mut document.papers,
        &stored.papers,
        &[&exact, &title, &number],
        Some(|paper| key(&paper.title)),
        &mut ids,
    );
    rewrite(document, &ids);
    keep_sessions(document, stored, items, &mut ids);
    let title = |topic: &Topic| Some(key(&topic.title));
    let bullets = |topic: &Topic| (!topic.items.is_empty()).then(|| topic.items.join("|"));
    items.keep(&mut document.topics, &stored.topics, &[&title, &bullets], Some(|topic| key(&topic.title)), &mut ids);
    let label = |date: &ImportantDate| Some(key(&date.label));
    let moment = |date: &ImportantDate| Some(format!("{:?}|{}", date.kind, date.moment.at));
    items.keep(
        &mut document.important_dates,
        &stored.important_dates,
        &[&label, &moment],
        Some(|date| key(&date.label)),
        &mut ids,
    );
    let title = |news: &Announcement| Some(key(&news.title));
    let body = |news: &Announcement| Some(key(&news.body.as_ref()?.0));
    items.keep(
        &mut document.announcements,
        &stored.announcements,
        &[&title, &body],
        Some(|news| key(&news.title)),
        &mut ids,
    );
    let title = |page: &Page| Some(key(&page.title));
    let body = |page: &Page| Some(key(&page.body.0));
    items.keep(&mut document.pages, &stored.pages, &[&title, &body], Some(|page| key(&page.title)), &mut ids);
    let name = |award: &Award| Some(key(&award.name));
    items.keep(&mut document.awards, &stored.awards, &[&name], Some(|award| key(&award.name)), &mut ids);
    let name = |tier: &SponsorTier| Some(key(&tier.name));
    items.keep(&mut document.sponsor_tiers, &stored.sponsor_tiers, &[&name], Some(|tier| key(&tier.name)), &mut ids);
    let name = |sponsor: &Sponsor| Some(key(&sponsor.name));
    let logo = |sponsor: &Sponsor| Some(sponsor.logo.as_ref()?.url.clone());
    items.keep(&mut document.sponsors, &stored.sponsors, &[&name, &logo], Some(|sponsor| key(&sponsor.name)), &mut ids);
    let exact = |link: &Link| Some(format!("{}|{}", link.label, link.url));
    let url = |link: &Link| Some(link.url.clone());
    let label = |link: &Link| Some(key(&link.label));
    items.keep(&mut document.links, &stored.links, &[&exact, &url, &label], None, &mut ids);
    rewrite(document, &ids);
}

fn keep_sessions(document: &mut Document, stored: &Document, items: Matching, ids: &mut HashMap<Id, Id>) {
    let exact = |session: &Session| Some(format!("{}|{:?}", key(&session.title), session.starts_at));
    let paper = |session: &Session| Some(session.paper?.to_string());
    let crew = |session: &Session| {
        let people: Vec<String> = session.people.iter().map(|person| person.person.to_string()).collect();
        (!people.is_empty()).then(|| people.join("|"))
    };
    // Many talks may be called `Keynote`: those who give them tell them apart, wherever they move.
    let whole = |session: &Session| Some(format!("{}|{}", exact(session)?, crew(session)?));
    let given = |session: &Session| Some(format!("{}|{}", key(&session.title), crew(session)?));
    let people = |session: &Session| Some(format!("{:?}|{}", session.starts_at, crew(session)?));
    let speakers = |session: &Session| Some(format!("{:?}|{}", session.kind, crew(session)?));
    let title = |session: &Session| Some(key(&session.title));
    let time = |session: &Session| {
        let starts_at = session.starts_at?;
        Some(format!("{starts_at}|{:?}|{:?}|{:?}", session.ends_at, session.kind, session.room))
    };
    let number = |session: &Session| (session.number > 0).then(|| session.number.to_string());
    // Where the source has names of its own for its sessions, and they are known, another name is another session.
    let here: HashSet<Id> = stored.sessions.iter().map(|session| session.head.id).collect();
    if document.sessions.iter().any(|session| here.contains(&session.head.id)) {
        items.keep(&mut document.sessions, &stored.sessions, &[&number, &exact], None, ids);
    } else {
        let keys: Keys<'_, Session> = &[&number, &whole, &given, &exact, &paper, &people, &title, &speakers, &time];
        items.keep(&mut document.sessions, &stored.sessions, keys, Some(|session| key(&session.title)), ids);
    }
    let numbers: HashMap<Id, i32> = stored.sessions.iter().map(|session| (session.head.id, session.number)).collect();
    for session in &mut document.sessions {
        if let Some(number) = numbers.get(&session.head.id) {
            Arc::make_mut(session).number = *number;
        }
    }
}

/// Who said that a session must not be recorded is not overruled by a source that has no words for it.
fn keep_unrecorded(document: &mut Document, stored: &Document) {
    let known: HashSet<Id> =
        stored.sessions.iter().filter(|session| session.do_not_record).map(|session| session.head.id).collect();
    for session in document.sessions.iter_mut().filter(|session| known.contains(&session.head.id)) {
        Arc::make_mut(session).do_not_record = true;
    }
}

/// How the items of a list are matched.
#[derive(Clone, Copy, Debug)]
struct Matching {
    extent: Extent,
}

impl Matching {
    /// Matches the items of a list, by id and then by other keys, and gives them the heads that they have.
    fn keep<T: Content>(
        self,
        new: &mut [Arc<T>],
        stored: &[Arc<T>],
        keys: Keys<'_, T>,
        text: Option<fn(&T) -> String>,
        ids: &mut HashMap<Id, Id>,
    ) {
        let mut found = HashMap::new();
        {
            let new: Vec<&T> = new.iter().map(AsRef::as_ref).collect();
            let old: Vec<&T> = stored.iter().map(AsRef::as_ref).collect();
            let same = |item: &T| Some(item.head().id.to_string());
            pair(&new, &old, |item| item.head().id, &[&same], &mut found);
            pair(&new, &old, |item| item.head().id, keys, &mut found);
            if let Some(text) = text {
                pair_similar(&new, &old, |item| item.head().id, text, 0.75, &mut found);
            }
        }
        let heads: HashMap<Id, _> = stored.iter().map(|item| (item.head().id, item.head().clone())).collect();
        for item in new.iter_mut() {
            let Some(known) = found.get(&item.head().id).and_then(|id| heads.get(id)) else { continue };
            let head = Arc::make_mut(item).head_mut();
            head.id = known.id;
            head.slug.clone_from(&known.slug);
            head.publish_at = known.publish_at;
            head.revision = known.revision;
            head.created_at = known.created_at;
            head.updated_at = known.updated_at;
        }
        // What a programme does not tell stays, and so do the slugs of it.
        let others = match self.extent {
            Extent::Whole => Vec::new(),
            Extent::Programme { .. } => stored.iter().map(|item| item.head().slug.clone()).collect(),
        };
        free_slugs(new, &heads.keys().copied().collect(), others);
        let positions = heads.into_iter().map(|(id, head)| (id, head.position)).collect();
        match self.extent {
            Extent::Whole => keep_positions(new, &positions),
            // The lists of a programme are ordered by time and name, so what moves in time moves nothing else.
            Extent::Programme { .. } => put_positions(new, &positions),
        }
        ids.extend(found);
    }
}

/// New items give way to those that keep their slug.
fn free_slugs<T: Content>(new: &mut [Arc<T>], stored: &HashSet<Id>, others: Vec<String>) {
    let mut taken: HashSet<String> =
        new.iter().filter(|item| stored.contains(&item.head().id)).map(|item| item.head().slug.clone()).collect();
    taken.extend(others);
    for item in new.iter_mut().filter(|item| !stored.contains(&item.head().id)) {
        let wish = item.head().slug.clone();
        let mut slug = wish.clone();
        let mut count = 1;
        while !taken.insert(slug.clone()) {
            count += 1;
            let ending = format!("-{count}");
            slug = format!("{}{ending}", wish[..wish.len().min(80 - ending.len())].trim_end_matches('-'));
        }
        if slug != wish {
            Arc::make_mut(item).head_mut().slug = slug;
        }
    }
}

/// Items that stand in the order in which they stood keep their positions, and new ones share that of the item before
/// them: ids grow with time, so they come after it. Otherwise all are counted anew.
fn keep_positions<T: Content>(new: &mut [Arc<T>], stored: &HashMap<Id, i32>) {
    if stored.is_empty() {
        return;
    }
    let mut positions: Vec<(i32, Id)> = Vec::with_capacity(new.len());
    let mut last = None;
    for item in new.iter() {
        let id = item.head().id;
        let position = stored.get(&id).copied().or(last).unwrap_or_default();
        last = Some(position);
        positions.push((position, id));
    }
    if positions.is_sorted() {
        for (item, (position, _)) in new.iter_mut().zip(positions) {
            if item.head().position != position {
                Arc::make_mut(item).head_mut().position = position;
            }
        }
    }
}

/// Stored items stand where they stood, and each new one beside the one before it.
fn put_positions<T: Content>(new: &mut [Arc<T>], stored: &HashMap<Id, i32>) {
    let mut last = None;
    for item in new.iter_mut().filter(|_| !stored.is_empty()) {
        let position = stored.get(&item.head().id).copied().or(last).unwrap_or_default();
        last = Some(position);
        if item.head().position != position {
            Arc::make_mut(item).head_mut().position = position;
        }
    }
}

/// Puts the kept ids into every reference, and into the records of people.
fn rewrite(document: &mut Document, ids: &HashMap<Id, Id>) {
    let to = |id: &mut Id| {
        if let Some(kept) = ids.get(id) {
            *id = *kept;
        }
    };
    for person in &mut document.people {
        to(&mut Arc::make_mut(person).id);
    }
    for role in Role::ALL {
        document.participations_mut(role).iter_mut().for_each(|item| to(&mut Arc::make_mut(item).person));
    }
    for paper in &mut document.papers {
        Arc::make_mut(paper).authors.iter_mut().filter_map(|author| author.person.as_mut()).for_each(to);
    }
    for session in &mut document.sessions {
        let session = Arc::make_mut(session);
        session.people.iter_mut().for_each(|person| to(&mut person.person));
        let references = [&mut session.room, &mut session.track, &mut session.parent, &mut session.paper];
        references.into_iter().filter_map(Option::as_mut).for_each(to);
    }
    for award in &mut document.awards {
        Arc::make_mut(award).papers.iter_mut().for_each(to);
    }
    for sponsor in &mut document.sponsors {
        to(&mut Arc::make_mut(sponsor).tier);
    }
}

#[cfg(test)]
mod tests;
