//! A programme as a document: every record with its identity, in an order that does not depend on the file's.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::links::{self, PaperLinks, Sorted};
use super::{Programme, RoomFacts, Talk, kinds, own, texts, times};
use crate::content::{
    AttendanceMode, Date, Document, Event, Head, Id, Image, Kind, MAX_LINE, Markdown, Paper, Participation, Person,
    Publication, Role, Room, Session, SessionKind, SessionPart, SessionPerson, SessionStatus, Severity, Track, WebLink,
    slugify,
};
use crate::error::Error;
use crate::import::diagnostic::Place;
use crate::import::text::clean;
use crate::import::{Diagnostics, Extent, Imported, Options, source_ids};
use crate::publishing::checks;

/// The highest number that a session may bring along: numbers are given on from the highest, so there must be some left.
const MAX_NUMBER: i64 = 2_000_000_000;

/// Makes the document.
pub(crate) fn build(mut programme: Programme, options: &Options, diagnostics: Diagnostics) -> Result<Imported, Error> {
    if programme.talks.is_empty() {
        return Err(Error::Input("there is no session in it; an event is not emptied by an import".to_owned()));
    }
    if programme.is_own {
        own::undo(&mut programme);
        programme.tells_status = true;
    }
    let mut builder = Builder {
        options,
        document: Document::new(event(&programme, options)),
        diagnostics,
        programme,
        ids: HashSet::new(),
        slugs: HashSet::new(),
        papers: Vec::new(),
        places: HashMap::new(),
    };
    builder.ids.insert(builder.document.event.id);
    builder.check_days();
    let rooms = builder.rooms();
    let tracks = builder.tracks();
    let people = builder.people();
    builder.sessions(&rooms, &tracks, &people);
    builder.speakers(&people);
    builder.look_over();
    let Builder { mut document, mut diagnostics, programme, .. } = builder;
    let extent = Extent::Programme {
        tells_status: programme.tells_status,
        tells_name: programme.title.is_some(),
        tells_days: options.date.is_some() || programme.starts_on.is_some(),
    };
    programme.tally.tell(&mut diagnostics);
    document.drop_unreferenced();
    document.sort();
    Ok(Imported { document, diagnostics, extent })
}

fn event(programme: &Programme, options: &Options) -> Event {
    let zone = jiff::tz::TimeZone::get(&programme.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let moments = programme.talks.iter().filter_map(|talk| talk.starts_at);
    let (first, last) = times::range(moments.map(|at| zone.to_datetime(at).date()))
        .unwrap_or((Date(jiff::civil::date(1970, 1, 1)), Date(jiff::civil::date(1970, 1, 1))));
    let starts_on = options.date.or(programme.starts_on).unwrap_or(first);
    let line = |text: &Option<String>| text.as_deref().map(line).filter(|text| !text.is_empty());
    Event {
        id: programme.guid.as_deref().and_then(source_ids::given).unwrap_or_else(|| source_ids::fresh(options.now)),
        slug: options.slug.clone(),
        name: line(&programme.title).unwrap_or_else(|| options.slug.clone()),
        acronym: line(&programme.acronym),
        edition: None,
        series: None,
        host_conference: None,
        description: programme.description.as_deref().and_then(if programme.is_own { texts::as_it_is } else { texts::markdown }),
        starts_on,
        ends_on: programme.ends_on.unwrap_or(last).max(starts_on),
        time_zone: programme.time_zone.clone(),
        attendance_mode: AttendanceMode::InPerson,
        venue: line(&programme.venue).map(|name| crate::content::Venue {
            name,
            address: None,
            coordinates: None,
            map_url: None,
        }),
        city: line(&programme.city),
        country: None,
        website: options.website.clone().or_else(|| absolute(programme.website.as_deref()?)),
        contact_email: None,
        banner: programme.logo.as_deref().and_then(links::usable).map(|url| Image { url, alt: None }),
        social_links: Vec::new(),
        language: common_language(&programme.talks),
        publication: options.publication,
        created_at: options.now,
        updated_at: options.now,
    }
}

/// The language of the event, where all sessions have the same.
fn common_language(talks: &[Talk]) -> Option<String> {
    let first = talks.first().and_then(language)?;
    talks.iter().all(|talk| language(talk).as_ref() == Some(&first)).then_some(first)
}

fn language(talk: &Talk) -> Option<String> {
    let text = talk.language.as_deref()?.trim().replace('_', "-");
    let is_tag = text.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    (is_tag && text.split('-').next().is_some_and(|first| matches!(first.len(), 2 | 3))).then_some(text)
}

fn absolute(url: &str) -> Option<String> {
    links::usable(url).filter(|url| !url.starts_with('/'))
}

/// One line of at most as many characters as content may have.
fn line(text: &str) -> String {
    let text = crate::import::html::plain(text);
    let cut: String = clean(&text).chars().take(MAX_LINE).collect();
    cut.trim().to_owned()
}

struct Builder<'a> {
    options: &'a Options,
    programme: Programme,
    document: Document,
    diagnostics: Diagnostics,
    ids: HashSet<Id>,
    slugs: HashSet<(Kind, String)>,
    papers: Vec<(PaperLinks, Id)>,
    places: HashMap<Id, Place>,
}

impl Builder<'_> {
    /// The identity of a record: the source's own, the one made of what the source calls it, or a fresh one.
    fn id(&mut self, kind: Kind, guid: Option<&str>, key: Option<&str>) -> Id {
        let given = guid.and_then(source_ids::given);
        let name = guid.or(key).map(str::to_owned);
        let mut id = match (&given, &name) {
            (Some(id), _) => *id,
            (None, Some(name)) => source_ids::derived(&self.options.slug, kind, name),
            (None, None) => source_ids::fresh(self.options.now),
        };
        let mut count = 1;
        while !self.ids.insert(id) {
            count += 1;
            id = source_ids::derived(&self.options.slug, kind, &format!("{}#{count}", name.as_deref().unwrap_or_default()));
        }
        id
    }

    fn head(&mut self, kind: Kind, id: Id, wish: &str, position: usize) -> Head {
        let wish = slugify(wish);
        let mut slug = wish.clone();
        let mut count = 1;
        while !self.slugs.insert((kind, slug.clone())) {
            count += 1;
            let ending = format!("-{count}");
            slug = format!("{}{ending}", wish[..wish.len().min(80 - ending.len())].trim_end_matches('-'));
        }
        Head::new(id, slug, i32::try_from(position).unwrap_or(i32::MAX), self.options.now)
    }

    fn text(&self, text: Option<&str>) -> Option<Markdown> {
        let text = text?;
        if self.programme.is_own { texts::as_it_is(text) } else { texts::markdown(text) }
    }

    /// Days that the source tells and that its sessions do not keep to.
    fn check_days(&mut self) {
        let event = self.document.event.clone();
        let zone = event.zone();
        let day = |at: Timestamp| Date(zone.to_datetime(at.saturating_sub(jiff::SignedDuration::from_hours(6)).unwrap_or(at)).date());
        for talk in &self.programme.talks {
            let Some(at) = talk.starts_at else { continue };
            let shown = Date(zone.to_datetime(at).date());
            if shown < event.starts_on || day(at) > event.ends_on {
                let message = format!("the event is from {} to {}, and a session is on another day", event.starts_on, event.ends_on);
                self.programme.tally.add(Severity::Warning, "day-outside", talk.place.clone(), message);
            }
        }
    }

    fn rooms(&mut self) -> Vec<Id> {
        let rooms: Vec<RoomFacts> = self.programme.rooms.clone();
        let mut ids = Vec::with_capacity(rooms.len());
        for (position, facts) in rooms.into_iter().enumerate() {
            let id = self.id(Kind::Room, facts.guid.as_deref(), Some(&facts.name));
            let name = line(&facts.name);
            let head = self.head(Kind::Room, id, facts.slug.as_deref().unwrap_or(&name), position);
            self.document.rooms.push(Arc::new(Room {
                head,
                name: if name.is_empty() { "Room".to_owned() } else { name },
                description: self.text(facts.description.as_deref()),
                capacity: facts.capacity.filter(|capacity| *capacity >= 0),
                online: facts.online,
                url: facts.url.as_deref().and_then(links::usable),
            }));
            ids.push(id);
        }
        ids
    }

    fn tracks(&mut self) -> Vec<Id> {
        let mut ids = Vec::with_capacity(self.programme.tracks.len());
        for (position, facts) in self.programme.tracks.clone().into_iter().enumerate() {
            let id = self.id(Kind::Track, facts.guid.as_deref(), Some(&facts.name));
            let name = line(&facts.name);
            let head = self.head(Kind::Track, id, facts.slug.as_deref().unwrap_or(&name), position);
            let color = facts.color.as_deref().and_then(color);
            if let (Some(given), None) = (&facts.color, &color) {
                let message = format!("“{given}” is no colour, and is left out");
                self.programme.tally.add(Severity::Warning, "color", Place::default(), message);
            }
            let description = self.text(facts.description.as_deref());
            self.document.tracks.push(Arc::new(Track {
                head,
                name: if name.is_empty() { "Track".to_owned() } else { name },
                description,
                color,
            }));
            ids.push(id);
        }
        ids
    }

    fn people(&mut self) -> Vec<Id> {
        let people: Vec<_> = self.programme.people.iter().cloned().collect();
        let mut ids = Vec::with_capacity(people.len());
        let mut names = HashSet::new();
        for facts in people {
            if !names.insert(facts.name.clone()) {
                let message = format!("{} comes with several ids; they were taken for namesakes", facts.name);
                self.programme.tally.add(Severity::Info, "namesakes", Place::default(), message);
            }
            let id = self.id(Kind::Person, facts.guid.as_deref(), facts.key.as_deref());
            let mut person = Person::new(id, line(&facts.name), self.options.now);
            if person.name.is_empty() {
                facts.name.trim().clone_into(&mut person.name);
            }
            person.affiliation = facts.affiliation.as_deref().map(line).filter(|text| !text.is_empty());
            person.homepage = facts.homepage.as_deref().and_then(absolute);
            person.linkedin = facts.linkedin.as_deref().and_then(absolute);
            person.scholar = facts.scholar.as_deref().and_then(absolute);
            person.orcid = facts.orcid.as_deref().and_then(crate::content::orcid);
            for link in &facts.links {
                let (label, url) = (line(&link.label), absolute(&link.url));
                match url {
                    Some(url) if !label.is_empty() => person.links.push(WebLink { label, url }),
                    Some(url) => person.links.push(WebLink { label: "Link".to_owned(), url }),
                    None => {
                        let message = format!("“{}” is no address, and is left out", link.url);
                        self.programme.tally.add(Severity::Warning, "link-unusable", Place::default(), message);
                    }
                }
            }
            self.document.people.push(Arc::new(person));
            ids.push(id);
        }
        ids
    }

    fn sessions(&mut self, rooms: &[Id], tracks: &[Id], people: &[Id]) {
        let mut talks = std::mem::take(&mut self.programme.talks);
        // Sessions without a time come last; those of one time in the order of the rooms.
        talks.sort_by_key(|talk| (talk.starts_at.is_none(), talk.starts_at, talk.room));
        let mut numbers = HashSet::new();
        let mut guids = HashSet::new();
        for (position, talk) in talks.iter().enumerate() {
            if let Some(guid) = &talk.guid
                && !guids.insert(guid.to_lowercase())
            {
                let message = format!("the guid {guid} comes twice; “{}” gets one of its own", talk.title);
                self.diagnostics.add(Severity::Warning, "duplicate-guid", talk.place.clone(), message);
            }
            let session = self.session(talk, position, (rooms, tracks, people), &mut numbers);
            self.places.insert(session.head.id, talk.place.clone());
            self.document.sessions.push(Arc::new(session));
        }
        self.programme.talks = talks;
    }

    fn session(
        &mut self,
        talk: &Talk,
        position: usize,
        (rooms, tracks, people): (&[Id], &[Id], &[Id]),
        numbers: &mut HashSet<i32>,
    ) -> Session {
        let number = talk.number.map(|number| number.to_string());
        let id = self.id(Kind::Session, talk.guid.as_deref(), talk.key.as_deref().or(number.as_deref()));
        let mut title = line(&talk.title);
        if title.is_empty() {
            self.programme.tally.add(Severity::Warning, "no-title", talk.place.clone(), "a session has no title");
            title = talk.kind.as_deref().map(line).filter(|kind| !kind.is_empty()).unwrap_or_else(|| "Untitled".to_owned());
        }
        let head = self.head(Kind::Session, id, talk.slug.as_deref().unwrap_or(&title), position);
        let named = talk.kind.as_deref().and_then(kinds::kind_named).filter(|_| self.programme.is_own);
        let kind = named.unwrap_or_else(|| {
            kinds::kind_of(talk.kind.as_deref(), &title, talk.is_service, !talk.people.is_empty())
        });
        if let Some(word) = talk.kind.as_deref().filter(|word| !word.trim().is_empty() && kinds::kind_named(word).is_none()) {
            let message = format!("“{}” is no kind of session that is known here; the session became {kind:?}", word.trim());
            self.programme.tally.add(Severity::Info, "unknown-kind", talk.place.clone(), message);
        }
        let mut session = Session::new(head, kind, title);
        session.head.published = !talk.is_hidden;
        session.number = self.number(talk, numbers);
        session.starts_at = talk.starts_at;
        session.ends_at = talk.ends_at.filter(|_| talk.starts_at.is_some());
        if session.starts_at.is_none() {
            let message = "a session has no time that can be read; it is kept without one";
            self.programme.tally.add(Severity::Warning, "no-time", talk.place.clone(), message);
        } else if session.ends_at.is_none() && !talk.has_duration {
            self.programme.tally.add(Severity::Warning, "no-end", talk.place.clone(), "a session has no duration that can be read");
        }
        session.room = talk.room.and_then(|room| rooms.get(room).copied());
        session.track = talk.track.and_then(|track| tracks.get(track).copied());
        let mut seen = HashSet::new();
        session.people = talk
            .people
            .iter()
            .filter_map(|(place, part)| Some(SessionPerson { person: *people.get(*place)?, part: *part }))
            .filter(|person| seen.insert((person.person, person.part)))
            .collect();
        if kind == SessionKind::Panel {
            for person in session.people.iter_mut().filter(|person| person.part == SessionPart::Speaker) {
                person.part = SessionPart::Panelist;
            }
        }
        session.status = talk.status.unwrap_or(SessionStatus::Confirmed);
        let own = language(talk);
        if let (Some(given), None) = (talk.language.as_deref().filter(|text| !text.trim().is_empty()), &own) {
            let message = format!("“{}” is no tag of a language, and is left out", given.trim());
            self.programme.tally.add(Severity::Warning, "language", talk.place.clone(), message);
        }
        session.language = own.filter(|language| self.document.event.language.as_ref() != Some(language));
        self.texts_and_links(talk, &mut session);
        session
    }

    fn number(&mut self, talk: &Talk, numbers: &mut HashSet<i32>) -> i32 {
        let Some(given) = talk.number else { return 0 };
        let number = i32::try_from(given).ok().filter(|number| *number > 0 && i64::from(*number) <= MAX_NUMBER);
        match number {
            Some(number) if numbers.insert(number) => number,
            Some(number) => {
                let message = format!("the number {number} comes twice; “{}” gets a new one", talk.title);
                self.diagnostics.add(Severity::Warning, "duplicate-number", talk.place.clone(), message);
                0
            }
            None => {
                let message = "a number is not between 1 and 2,000,000,000, and a new one is given";
                self.programme.tally.add(Severity::Info, "number", talk.place.clone(), message);
                0
            }
        }
    }

    fn texts_and_links(&mut self, talk: &Talk, session: &mut Session) {
        let sorted = if self.programme.is_own { own::sorted(talk) } else { links::sorted(talk) };
        let Sorted { slides, recording, stream, paper, others, unusable } = sorted;
        (session.slides_url, session.recording_url, session.stream_url) =
            (slides, recording.as_deref().and_then(links::usable), stream.as_deref().and_then(links::usable));
        session.paper = paper.map(|paper| self.paper(paper, session));
        for link in unusable {
            let message = format!("“{}” is no address, and is left out", link.url.chars().take(80).collect::<String>());
            self.programme.tally.add(Severity::Warning, "link-unusable", talk.place.clone(), message);
        }
        let summary = self.text(talk.summary.as_deref());
        let description = self.text(talk.description.as_deref());
        let repeats = |long: &Markdown, short: &Markdown| long.0.trim_start().starts_with(short.0.trim());
        let mut parts: Vec<String> = Vec::new();
        if let Some(subtitle) = talk.subtitle.as_deref().map(line).filter(|text| !text.is_empty()) {
            parts.extend(texts::markdown(&subtitle).map(|subtitle| subtitle.0));
        }
        match (summary, description) {
            (Some(summary), Some(description)) if repeats(&description, &summary) => parts.push(description.0),
            (summary, description) => parts.extend([summary, description].into_iter().flatten().map(|text| text.0)),
        }
        if !others.is_empty() {
            parts.push(links::list(&others));
            let message = "links of sessions that have no field of their own here are listed below the abstract";
            self.programme.tally.add(Severity::Info, "links-below", talk.place.clone(), message);
        }
        let text: String = parts.join("\n\n").chars().take(crate::content::MAX_MARKDOWN).collect();
        session.summary = (!text.trim().is_empty()).then_some(Markdown(text));
    }

    /// The paper of a session; one that two sessions tell alike is one.
    fn paper(&mut self, links: PaperLinks, session: &Session) -> Id {
        if let Some((_, known)) = self.papers.iter().find(|(known, _)| *known == links) {
            return *known;
        }
        let title = links.title.as_deref().map(line).filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| session.title.clone());
        let id = self.id(Kind::Paper, None, Some(&session.head.id.to_string()));
        let head = self.head(Kind::Paper, id, links.slug.as_deref().unwrap_or(&title), self.document.papers.len());
        let mut paper = Paper::new(head, title);
        self.papers.push((links.clone(), id));
        links.fill(&mut paper);
        self.document.papers.push(Arc::new(paper));
        id
    }

    /// Everybody who speaks is a speaker, and who sits on a panel a panelist; what is told of them is kept there.
    fn speakers(&mut self, people: &[Id]) {
        let mut parts: HashMap<Id, HashSet<Role>> = HashMap::new();
        for session in &self.document.sessions {
            for person in &session.people {
                let role = match person.part {
                    SessionPart::Speaker => Role::Speaker,
                    SessionPart::Panelist => Role::Panelist,
                    SessionPart::Chair => continue,
                };
                parts.entry(person.person).or_default().insert(role);
            }
        }
        let mut order: Vec<usize> = (0..people.len()).collect();
        order.sort_by_key(|place| self.programme.people.get(*place).map(|facts| (facts.name.to_lowercase(), *place)));
        for place in order {
            let Some(facts) = self.programme.people.get(place).cloned() else { continue };
            let (bio, photo) = (self.text(facts.bio.as_deref()), facts.photo.as_deref().and_then(links::usable));
            let mut roles: Vec<Role> = parts.remove(&people[place]).unwrap_or_default().into_iter().collect();
            // Who is told about and is in no session is a speaker whose session is not there yet.
            if roles.is_empty() && (bio.is_some() || photo.is_some()) {
                roles.push(Role::Speaker);
            }
            roles.sort();
            for role in roles {
                let id = self.id(role.kind(), None, Some(&people[place].to_string()));
                let position = self.document.participations(role).len();
                let head = self.head(role.kind(), id, &facts.name, position);
                self.document.participations_mut(role).push(Arc::new(Participation {
                    head,
                    role,
                    person: people[place],
                    honorific: None,
                    affiliation: facts.affiliation.as_deref().map(line).filter(|text| !text.is_empty()),
                    photo: photo.clone().map(|url| Image { url, alt: None }),
                    bio: bio.clone(),
                    group: None,
                }));
            }
        }
    }

    /// What looks wrong in the programme as a whole.
    fn look_over(&mut self) {
        for finding in checks::clashes(&self.document) {
            let place = finding.records.first().and_then(|id| self.places.get(id)).cloned().unwrap_or_default();
            self.diagnostics.add(finding.severity, finding.code, place, finding.message);
        }
        if self.options.publication == Publication::Draft {
            return;
        }
        let hidden = self.document.sessions.iter().filter(|session| !session.head.published).count();
        if hidden > 0 {
            let message = format!("{hidden} sessions are not active in the source, and are held back");
            self.diagnostics.add(Severity::Info, "held-back", Place::default(), message);
        }
    }
}

/// `#1F6FEB`, `1f6feb`, `#abc` as `#rrggbb`.
fn color(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches('#').to_lowercase();
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match digits.len() {
        6 => Some(format!("#{digits}")),
        3 => Some(digits.chars().fold("#".to_owned(), |color, digit| format!("{color}{digit}{digit}"))),
        _ => None,
    }
}
