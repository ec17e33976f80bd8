//! Records that come into an event that is there already: who is known is found again, and nothing goes.
//!
//! It knows no format. Readers change the stored document, field by field, with what their input tells.

use std::collections::HashMap;
use std::sync::Arc;

use super::diagnostic::Place;
use super::tally::Tally;
use super::{Diagnostics, Extent, Imported, Options, source_ids};
use crate::content::{Content, Document, Head, Id, Kind, Person, Severity, slugify};
use crate::each_list;

/// The stored document while records come into it.
pub(crate) struct Additions {
    pub(crate) document: Document,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) tally: Tally,
    now: jiff::Timestamp,
    people: HashMap<String, Id>,
    seats: HashMap<Id, usize>,
}

impl Additions {
    /// Begins with what is stored.
    pub(crate) fn new(document: Document, options: &Options, diagnostics: Diagnostics) -> Additions {
        let mut people = HashMap::new();
        let mut seats = HashMap::new();
        for (seat, person) in document.people.iter().enumerate() {
            people.entry(name_key(&person.name)).or_insert(person.id);
            seats.insert(person.id, seat);
        }
        Additions { document, diagnostics, tally: Tally::default(), now: options.now, people, seats }
    }

    /// What was made of it.
    pub(crate) fn done(mut self) -> Imported {
        self.tally.tell(&mut self.diagnostics);
        self.document.sort();
        Imported { document: self.document, diagnostics: self.diagnostics, extent: Extent::Whole }
    }

    /// The person with this name, who is added when nobody has it.
    pub(crate) fn person(&mut self, name: &str) -> Id {
        let key = name_key(name);
        if let Some(id) = self.people.get(&key) {
            return *id;
        }
        let person = Person::new(source_ids::fresh(self.now), name, self.now);
        let id = person.id;
        self.people.insert(key, id);
        self.seats.insert(id, self.document.people.len());
        self.document.people.push(Arc::new(person));
        id
    }

    /// Changes what is known of a person.
    pub(crate) fn change_person(&mut self, id: Id, change: impl FnOnce(&mut Person)) {
        if let Some(person) = self.seats.get(&id).and_then(|seat| self.document.people.get_mut(*seat)) {
            change(Arc::make_mut(person));
        }
    }

    /// The head of a new item at the end of its kind's list; `name` is what its source calls it, where it does.
    pub(crate) fn head(&self, kind: Kind, wish: &str, name: Option<&str>) -> Head {
        let slug = self.document.free_slug(kind, &slugify(wish));
        let id = match name {
            Some(name) => {
                source_ids::given(name).unwrap_or_else(|| source_ids::derived(&self.document.event.slug, kind, name))
            }
            None => source_ids::fresh(self.now),
        };
        let id = if self.has(id) { source_ids::fresh(self.now) } else { id };
        Head::new(id, slug, self.document.next_position(kind), self.now)
    }

    fn has(&self, id: Id) -> bool {
        let mut found = self.seats.contains_key(&id) || self.document.event.id == id;
        each_list!(&self.document, list => found |= list.iter().any(|item| item.head.id == id));
        found
    }

    /// Notes a finding.
    pub(crate) fn tell(&mut self, severity: Severity, code: &'static str, place: &Place, message: impl Into<String>) {
        self.tally.add(severity, code, place.clone(), message);
    }
}

/// The item of a list with this id, to be changed.
pub(crate) fn item<T: Content>(list: &mut [Arc<T>], id: Id) -> Option<&mut T> {
    list.iter_mut().find(|item| item.head().id == id).map(Arc::make_mut)
}

/// What two spellings of a name or title have in common.
pub(crate) fn name_key(name: &str) -> String {
    let plain = deunicode::deunicode(name).to_lowercase();
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { name.trim().to_lowercase() } else { words.join(" ") }
}
