//! The document while it is made: everybody once, every slug once, positions in the order of reading.
//!
//! It knows nothing of files; where a record came from is told to it, so that later checks can name the place.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::content::{
    AttendanceMode, Content, Date, Document, Event, Head, Id, Kind, Markdown, Paper, Participation, Person, Record,
    Role, Severity, slugify,
};
use crate::import::{Diagnostics, Options, diagnostic::Place, source_ids};

/// A talk that the entry of a speaker tells of.
pub(crate) struct SpeakerTalk {
    pub(crate) person: Id,
    pub(crate) title: Option<String>,
    pub(crate) summary: Option<Markdown>,
    pub(crate) place: Place,
}

/// A document in the making, and what was found on the way.
pub(crate) struct Draft {
    /// What is there so far. Add items with [`Draft::add`].
    pub(crate) document: Document,
    /// The findings so far.
    pub(crate) diagnostics: Diagnostics,
    /// The talks that entries of speakers tell of, for the schedule.
    pub(crate) talks: Vec<SpeakerTalk>,
    /// The headings under which the pages show the files of `_data`, by the names of these.
    pub(crate) headings: HashMap<String, String>,
    /// Whether the event's day is known: from the operator or from the site.
    pub(crate) is_dated: bool,
    /// Whether the operator said the time zone.
    pub(crate) has_zone: bool,
    now: Timestamp,
    places: HashMap<Id, Place>,
    people: HashMap<String, Id>,
    /// Where in the document's list of people somebody stands, which is put in order only at the end.
    seats: HashMap<Id, usize>,
    /// The papers by what their titles have in common with other spellings.
    papers: HashMap<String, Vec<Id>>,
    slugs: HashSet<(Kind, String)>,
    positions: HashMap<Kind, i32>,
}

impl Draft {
    /// A document with nothing but what the operator said. Its name is the slug until the site tells a better one.
    pub(crate) fn new(options: &Options) -> Draft {
        let day = options.date.unwrap_or(Date(jiff::civil::date(1970, 1, 1)));
        let event = Event {
            id: source_ids::fresh(options.now),
            slug: options.slug.clone(),
            name: options.slug.clone(),
            acronym: None,
            edition: None,
            series: None,
            host_conference: None,
            description: None,
            starts_on: day,
            ends_on: day,
            time_zone: options.time_zone.clone().unwrap_or_else(|| "UTC".to_owned()),
            attendance_mode: AttendanceMode::InPerson,
            venue: None,
            city: None,
            country: None,
            website: options.website.clone(),
            contact_email: None,
            banner: None,
            social_links: Vec::new(),
            language: None,
            publication: options.publication,
            withdrawn: Vec::new(),
            created_at: options.now,
            updated_at: options.now,
        };
        Draft {
            document: Document::new(event),
            diagnostics: Diagnostics::default(),
            talks: Vec::new(),
            headings: HashMap::new(),
            is_dated: options.date.is_some(),
            has_zone: options.time_zone.is_some(),
            now: options.now,
            places: HashMap::new(),
            people: HashMap::new(),
            seats: HashMap::new(),
            papers: HashMap::new(),
            slugs: HashSet::new(),
            positions: HashMap::new(),
        }
    }

    /// The event, to be changed.
    pub(crate) fn event_mut(&mut self) -> &mut Event {
        Arc::make_mut(&mut self.document.event)
    }

    /// A fresh identity.
    pub(crate) fn id(&self) -> Id {
        source_ids::fresh(self.now)
    }

    /// The present time.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// The head of a new item: the next position of its kind, and a slug made of `source` that no other item of the
    /// kind has.
    pub(crate) fn head(&mut self, kind: Kind, source: &str) -> Head {
        let wish = slugify(source);
        let mut slug = wish.clone();
        let mut count = 1;
        while !self.slugs.insert((kind, slug.clone())) {
            count += 1;
            let ending = format!("-{count}");
            let room = wish.len().min(80 - ending.len());
            slug = format!("{}{ending}", wish[..room].trim_end_matches('-'));
        }
        let next = self.positions.entry(kind).or_default();
        let position = *next;
        *next += 1;
        Head::new(self.id(), slug, position, self.now)
    }

    /// Adds an item that was read at `place`.
    pub(crate) fn add<T: Content>(&mut self, item: T, place: impl Into<Place>)
    where
        Record: From<Arc<T>>,
    {
        self.places.insert(item.head().id, place.into());
        self.document.put(Record::from(Arc::new(item)));
    }

    /// Adds a finding.
    pub(crate) fn report(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: impl Into<Place>,
        message: impl Into<String>,
    ) {
        self.diagnostics.add(severity, code, place, message);
    }

    /// Where an item was read.
    pub(crate) fn place(&self, id: Id) -> Place {
        self.places.get(&id).cloned().unwrap_or_default()
    }

    /// The person with this name: the same for the same name, however it is capitalised, accented or dotted.
    pub(crate) fn person(&mut self, name: &str) -> Id {
        let key = name_key(name);
        if let Some(id) = self.people.get(&key) {
            return *id;
        }
        let person = Person::new(self.id(), name, self.now);
        let id = person.id;
        self.people.insert(key, id);
        self.seats.insert(id, self.document.people.len());
        self.document.people.push(Arc::new(person));
        id
    }

    /// The person with this name, if there is one already.
    pub(crate) fn find_person(&self, name: &str) -> Option<Id> {
        self.people.get(&name_key(name)).copied()
    }

    /// Makes a second spelling of a name lead to the same person.
    pub(crate) fn also_called(&mut self, id: Id, name: &str) {
        self.people.entry(name_key(name)).or_insert(id);
    }

    /// What is known of a person.
    pub(crate) fn person_of(&self, id: Id) -> Option<&Person> {
        self.document.people.get(*self.seats.get(&id)?).map(AsRef::as_ref)
    }

    /// Changes what is known of a person.
    pub(crate) fn change_person(&mut self, id: Id, change: impl FnOnce(&mut Person)) {
        if let Some(person) = self.seats.get(&id).and_then(|seat| self.document.people.get_mut(*seat)) {
            change(Arc::make_mut(person));
        }
    }

    /// Makes a paper known by its title.
    pub(crate) fn know_paper(&mut self, title: &str, id: Id) {
        self.papers.entry(name_key(title)).or_default().push(id);
    }

    /// The papers with this title, however it is capitalised and punctuated.
    pub(crate) fn papers_titled(&self, title: &str) -> Vec<Arc<Paper>> {
        let ids = self.papers.get(&name_key(title)).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.document.papers.iter().find(|paper| paper.head.id == *id)).cloned().collect()
    }

    /// Changes what a person is at the event.
    pub(crate) fn change_participation(&mut self, role: Role, id: Id, change: impl FnOnce(&mut Participation)) {
        let list = self.document.participations_mut(role);
        if let Some(item) = list.iter_mut().find(|item| item.head.id == id) {
            change(Arc::make_mut(item));
        }
    }
}

/// What two spellings of a name have in common: no capitals, accents, dots, hyphens or spare spaces.
pub(crate) fn name_key(name: &str) -> String {
    let plain = deunicode::deunicode(name).to_lowercase();
    let words: Vec<&str> = plain
        .split(|character: char| !character.is_alphanumeric() && character != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() { name.trim().to_lowercase() } else { words.join(" ").replace('\'', "") }
}

#[cfg(test)]
pub(crate) fn test_options() -> Options {
    Options {
        slug: "test-2030".to_owned(),
        time_zone: Some("America/Chicago".to_owned()),
        known_zone: None,
        date: Some(Date(jiff::civil::date(2030, 5, 3))),
        website: None,
        publication: crate::content::Publication::Live,
        now: "2030-01-01T00:00:00Z".parse().unwrap(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_person_however_it_is_written() {
        let mut draft = Draft::new(&test_options());
        let id = draft.person("Heitor R. Guimarães");
        assert_eq!(draft.person("heitor r guimaraes"), id);
        assert_ne!(draft.person("Heitor Guimaraes"), id);
        assert_eq!(draft.document.people.len(), 2);
    }

    #[test]
    fn slugs_are_unique_and_positions_count() {
        let mut draft = Draft::new(&test_options());
        let slugs: Vec<_> = (0..3).map(|_| draft.head(Kind::Session, "Break").slug).collect();
        assert_eq!(slugs, ["break", "break-2", "break-3"]);
        assert_eq!(draft.head(Kind::Session, "x").position, 3);
        assert_eq!(draft.head(Kind::Paper, "x").position, 0);
        let long = "a".repeat(100);
        draft.head(Kind::Page, &long);
        assert_eq!(draft.head(Kind::Page, &long).slug.len(), 80);
    }
}
