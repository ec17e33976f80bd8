//! A programme as a document: every record with its identity, in an order that does not depend on the file's.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::links::{self, PaperLinks};
use super::sessions::language;
use super::{Programme, RoomFacts, Talk, own, texts, times};
use crate::content::{
    AttendanceMode, Date, Document, Event, Head, Id, Image, Kind, Markdown, Participation, Person, Publication, Role,
    Room, SessionKind, SessionPart, Severity, TOP_SPEAKERS, Track, WebLink, slugify,
};
use crate::error::Error;
use crate::import::diagnostic::Place;
use crate::import::{Diagnostics, Extent, Imported, Options, source_ids};
use crate::publishing::checks;

/// How many findings of a kind are told one by one where they are about the whole programme.
const MAX_TOLD: usize = 20;

/// Makes the document.
pub(crate) fn build(
    mut programme: Programme,
    file: &str,
    options: &Options,
    diagnostics: Diagnostics,
) -> Result<Imported, Error> {
    if programme.talks.is_empty() {
        let message = format!("there is no session in {file}; an event is not emptied by an import");
        return Err(Error::Input(message));
    }
    let mut dated = None;
    if programme.is_own {
        own::undo(&mut programme);
        programme.tells_status = true;
        dated = own::dated(&programme).filter(|at| *at <= options.now);
    }
    let now = dated.unwrap_or(options.now);
    let mut builder = Builder {
        options,
        now,
        document: Document::new(event(&programme, options, now)),
        diagnostics,
        programme,
        ids: HashSet::new(),
        slugs: HashSet::new(),
        papers: Vec::new(),
        places: HashMap::new(),
        told_slugs: HashSet::new(),
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
    let tells_recording = programme.talks.iter().all(|talk| talk.do_not_record.is_some());
    programme.tally.tell(&mut diagnostics);
    document.drop_unreferenced();
    document.sort();
    Ok(Imported { document, diagnostics, extent, tells_recording, dated })
}

fn event(programme: &Programme, options: &Options, now: Timestamp) -> Event {
    let zone = jiff::tz::TimeZone::get(&programme.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let moments = programme.talks.iter().filter_map(|talk| talk.starts_at);
    let (first, last) = times::range(moments.map(|at| zone.to_datetime(at).date()))
        .unwrap_or((Date(jiff::civil::date(1970, 1, 1)), Date(jiff::civil::date(1970, 1, 1))));
    let starts_on = options.date.or(programme.starts_on).unwrap_or(first);
    let line = |text: &Option<String>| text.as_deref().map(|text| programme.line(text)).filter(|text| !text.is_empty());
    Event {
        id: programme.guid.as_deref().and_then(source_ids::given).unwrap_or_else(|| source_ids::fresh(options.now)),
        slug: options.slug.clone(),
        name: line(&programme.title).unwrap_or_else(|| options.slug.clone()),
        acronym: line(&programme.acronym),
        edition: None,
        series: None,
        host_conference: None,
        description: programme.description.as_deref().and_then(if programme.is_own {
            texts::as_it_is
        } else {
            texts::markdown
        }),
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
        language: programme.language.clone().or_else(|| common_language(programme)),
        publication: options.publication,
        created_at: now,
        updated_at: now,
        withdrawn: Vec::new(),
    }
}

/// The language of the event, where all sessions have the same.
fn common_language(programme: &Programme) -> Option<String> {
    let of = |talk: &Talk| language(talk, programme.is_own);
    let first = programme.talks.first().and_then(of)?;
    programme.talks.iter().all(|talk| of(talk).as_ref() == Some(&first)).then_some(first)
}

fn absolute(url: &str) -> Option<String> {
    links::usable(url).filter(|url| !url.starts_with('/'))
}

pub(super) struct Builder<'a> {
    pub(super) options: &'a Options,
    /// When the records were written.
    now: Timestamp,
    pub(super) programme: Programme,
    pub(super) document: Document,
    pub(super) diagnostics: Diagnostics,
    pub(super) ids: HashSet<Id>,
    pub(super) slugs: HashSet<(Kind, String)>,
    pub(super) papers: Vec<(PaperLinks, Id)>,
    pub(super) places: HashMap<Id, Place>,
    /// The slugs that the source gives to sessions.
    pub(super) told_slugs: HashSet<String>,
}

impl Builder<'_> {
    /// The identity of a record: the source's own, the one made of what the source calls it, or a fresh one.
    pub(super) fn id(&mut self, kind: Kind, guid: Option<&str>, key: Option<&str>) -> Id {
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
            id = source_ids::derived(
                &self.options.slug,
                kind,
                &format!("{}#{count}", name.as_deref().unwrap_or_default()),
            );
        }
        id
    }

    pub(super) fn head(&mut self, kind: Kind, id: Id, wish: &str, position: usize) -> Head {
        let wish = slugify(wish);
        let mut slug = wish.clone();
        let mut count = 1;
        while !self.slugs.insert((kind, slug.clone())) {
            count += 1;
            let ending = format!("-{count}");
            slug = format!("{}{ending}", wish[..wish.len().min(80 - ending.len())].trim_end_matches('-'));
        }
        Head::new(id, slug, i32::try_from(position).unwrap_or(i32::MAX), self.now)
    }

    fn filled_line(&self, text: Option<&str>) -> Option<String> {
        text.map(|text| self.programme.line(text)).filter(|text| !text.is_empty())
    }

    pub(super) fn text(&self, text: Option<&str>) -> Option<Markdown> {
        let text = text?;
        if self.programme.is_own { texts::as_it_is(text) } else { texts::markdown(text) }
    }

    /// Days that the source tells and that its sessions do not keep to.
    fn check_days(&mut self) {
        let event = self.document.event.clone();
        let zone = event.zone();
        let day = |at: Timestamp| {
            Date(zone.to_datetime(at.saturating_sub(jiff::SignedDuration::from_hours(6)).unwrap_or(at)).date())
        };
        for talk in &self.programme.talks {
            let Some(at) = talk.starts_at else { continue };
            let shown = Date(zone.to_datetime(at).date());
            if shown < event.starts_on || day(at) > event.ends_on {
                let message = format!(
                    "the event is from {} to {}, and a session is on another day",
                    event.starts_on, event.ends_on
                );
                self.programme.tally.add(Severity::Warning, "day-outside", talk.place.clone(), message);
            }
        }
    }

    fn rooms(&mut self) -> Vec<Id> {
        let rooms: Vec<RoomFacts> = self.programme.rooms.clone();
        let mut ids = Vec::with_capacity(rooms.len());
        for (position, facts) in rooms.into_iter().enumerate() {
            let id = self.id(Kind::Room, facts.guid.as_deref(), Some(&facts.name));
            let name = self.programme.line(&facts.name);
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
            let name = self.programme.line(&facts.name);
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
            let mut person = Person::new(id, self.programme.line(&facts.name), self.now);
            if person.name.is_empty() {
                facts.name.trim().clone_into(&mut person.name);
            }
            person.affiliation = self.filled_line(facts.affiliation.as_deref());
            person.homepage = facts.homepage.as_deref().and_then(absolute);
            person.linkedin = facts.linkedin.as_deref().and_then(absolute);
            person.scholar = facts.scholar.as_deref().and_then(absolute);
            person.orcid = facts.orcid.as_deref().and_then(crate::content::orcid);
            for link in &facts.links {
                let (label, url) = (self.programme.line(&link.label), absolute(&link.url));
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

    /// Everybody who speaks is a speaker, and who sits on a panel a panelist; what is told of them is kept there.
    fn speakers(&mut self, people: &[Id]) {
        let mut parts: HashMap<Id, HashSet<Role>> = HashMap::new();
        let mut keynotes = HashSet::new();
        for session in &self.document.sessions {
            for person in &session.people {
                if session.kind == SessionKind::Keynote && person.part == SessionPart::Speaker {
                    keynotes.insert(person.person);
                }
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
            let affiliation = self.filled_line(facts.affiliation.as_deref());
            let mut roles: Vec<Role> = parts.remove(&people[place]).unwrap_or_default().into_iter().collect();
            // Who is told about and is in no session is a speaker whose session is not there yet.
            if roles.is_empty() && (facts.is_listed || bio.is_some() || photo.is_some()) {
                roles.push(Role::Speaker);
            }
            roles.sort();
            // Who gives a keynote is a top speaker without further words.
            let is_top = facts.is_top == Some(true) && !keynotes.contains(&people[place]);
            for role in roles {
                let id = self.id(role.kind(), None, Some(&people[place].to_string()));
                let position = self.document.participations(role).len();
                let head = self.head(role.kind(), id, &facts.name, position);
                self.document.participations_mut(role).push(Arc::new(Participation {
                    head,
                    role,
                    person: people[place],
                    honorific: None,
                    affiliation: affiliation.clone(),
                    photo: photo.clone().map(|url| Image { url, alt: None }),
                    bio: bio.clone(),
                    group: (is_top && role == Role::Speaker).then(|| TOP_SPEAKERS.to_owned()),
                }));
            }
        }
    }

    /// What looks wrong in the programme as a whole.
    fn look_over(&mut self) {
        let mut told: HashMap<&'static str, usize> = HashMap::new();
        for finding in checks::clashes(&self.document) {
            let count = told.entry(finding.code).or_default();
            *count += 1;
            if *count > MAX_TOLD {
                continue;
            }
            let place = finding.records.first().and_then(|id| self.places.get(id)).cloned().unwrap_or_default();
            self.diagnostics.add(finding.severity, finding.code, place, finding.message);
        }
        let more: usize = told.values().map(|count| count.saturating_sub(MAX_TOLD)).sum();
        if more > 0 {
            let message = format!(
                "{more} more sessions are at the same time as another; `plenary check {}` tells what the event has",
                self.options.slug
            );
            self.diagnostics.add(Severity::Warning, "more", Place::default(), message);
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
