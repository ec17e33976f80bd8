//! Records that come into an event that is there already: who is known is found again, and nothing goes.
//!
//! It knows no format. Readers change the stored document, field by field, with what their input tells.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::sync::Arc;

use super::diagnostic::Place;
use super::tally::Tally;
use super::{Diagnostics, Extent, Imported, Options, source_ids};
use crate::content::{
    Content, Document, Head, Id, Kind, Paper, Participation, Person, Role, Room, Session, Severity, Track, slugify,
};
use crate::each_list;

/// The stored document while records come into it, with everything that is looked up in it for each of them.
pub(crate) struct Additions {
    pub(crate) document: Document,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) tally: Tally,
    now: jiff::Timestamp,
    people: HashMap<String, Id>,
    seats: HashMap<Id, usize>,
    /// Where the items stand: the kind, and the place in its list.
    places: HashMap<Id, (Kind, usize)>,
    slugs: Slugs,
    /// The positions of the next items.
    positions: HashMap<Kind, i32>,
}

/// The slugs that are taken.
#[derive(Default)]
struct Slugs {
    taken: HashSet<(Kind, String)>,
    /// The number that is tried next for a slug that somebody has.
    numbers: HashMap<(Kind, String), u64>,
}

impl Slugs {
    /// The slug, or one made from it by a number, that nobody has. It is taken from now on.
    fn take(&mut self, kind: Kind, wish: String) -> String {
        if self.taken.insert((kind, wish.clone())) {
            return wish;
        }
        let next = self.numbers.entry((kind, wish.clone())).or_insert(2);
        loop {
            let end = format!("-{next}");
            *next += 1;
            let slug = format!("{}{end}", wish[..wish.len().min(80 - end.len())].trim_end_matches('-'));
            if self.taken.insert((kind, slug.clone())) {
                return slug;
            }
        }
    }
}

/// An item that can come in: it knows the list in which it stands.
pub(crate) trait Listed: Content {
    /// The list of the items of a kind.
    fn list(document: &mut Document, kind: Kind) -> &mut Vec<Arc<Self>>;
}

macro_rules! listed {
    ($($item:ident $list:ident;)*) => {
        $(impl Listed for $item {
            fn list(document: &mut Document, _: Kind) -> &mut Vec<Arc<Self>> {
                &mut document.$list
            }
        })*
    };
}

listed! {
    Paper papers;
    Room rooms;
    Session sessions;
    Track tracks;
}

impl Listed for Participation {
    fn list(document: &mut Document, kind: Kind) -> &mut Vec<Arc<Self>> {
        let role = Role::ALL.into_iter().find(|role| role.kind() == kind);
        document.participations_mut(role.unwrap_or(Role::Speaker))
    }
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
        let (mut places, mut slugs) = (HashMap::new(), Slugs::default());
        each_list!(&document, list => for (place, item) in list.iter().enumerate() {
            let kind = item.record_kind();
            places.insert(item.head.id, (kind, place));
            slugs.taken.insert((kind, item.head.slug.clone()));
        });
        let (tally, now, positions) = (Tally::default(), options.now, HashMap::new());
        Additions { document, diagnostics, tally, now, people, seats, places, slugs, positions }
    }

    /// What was made of it.
    pub(crate) fn done(mut self) -> Imported {
        self.tally.tell(&mut self.diagnostics);
        self.document.sort();
        Imported {
            document: self.document,
            diagnostics: self.diagnostics,
            extent: Extent::Whole,
            tells_recording: true,
            dated: None,
        }
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

    /// What a person is called.
    pub(crate) fn name_of(&self, id: Id) -> String {
        let person = self.seats.get(&id).and_then(|seat| self.document.people.get(*seat));
        person.map(|person| person.name.clone()).unwrap_or_default()
    }

    /// Changes what is known of a person.
    pub(crate) fn change_person(&mut self, id: Id, change: impl FnOnce(&mut Person)) {
        if let Some(person) = self.seats.get(&id).and_then(|seat| self.document.people.get_mut(*seat)) {
            change(Arc::make_mut(person));
        }
    }

    /// The head of a new item at the end of its kind's list; `name` is what its source calls it, where it does.
    pub(crate) fn head(&mut self, kind: Kind, wish: &str, name: Option<&str>) -> Head {
        let slug = self.slugs.take(kind, slugify(wish));
        let event = &self.document.event;
        let named =
            name.map(|name| source_ids::given(name).unwrap_or_else(|| source_ids::derived(&event.slug, kind, name)));
        let is_free = |id: &Id| event.id != *id && !self.seats.contains_key(id) && !self.places.contains_key(id);
        let id = named.filter(is_free).unwrap_or_else(|| source_ids::fresh(self.now));
        let next = self.positions.entry(kind).or_insert_with(|| self.document.next_position(kind));
        let position = *next;
        *next = next.saturating_add(1);
        Head::new(id, slug, position, self.now)
    }

    /// Adds an item at the end of its list.
    pub(crate) fn add<T: Listed>(&mut self, item: T) -> Id {
        let (id, kind) = (item.head().id, item.record_kind());
        let list = T::list(&mut self.document, kind);
        self.places.insert(id, (kind, list.len()));
        list.push(Arc::new(item));
        id
    }

    /// The item with this id, to be changed.
    pub(crate) fn item<T: Listed>(&mut self, id: Id) -> Option<&mut T> {
        let (kind, place) = *self.places.get(&id)?;
        T::list(&mut self.document, kind).get_mut(place).filter(|item| item.head().id == id).map(Arc::make_mut)
    }

    /// The place of an item in its list.
    pub(crate) fn place(&self, id: Id) -> Option<usize> {
        self.places.get(&id).map(|(_, place)| *place)
    }

    /// Notes a finding.
    pub(crate) fn tell(&mut self, severity: Severity, code: &'static str, place: &Place, message: impl Into<String>) {
        self.tally.add(severity, code, place.clone(), message);
    }
}

/// Items by what rows call them: their slug or number, or else their title.
pub(crate) struct Named {
    by_name: HashMap<String, Id>,
    by_title: HashMap<String, Id>,
}

impl Named {
    /// The papers of a document.
    pub(crate) fn papers(document: &Document) -> Named {
        let papers = document.papers.iter();
        Named::new(papers.map(|paper| (paper.head(), paper.number.clone(), paper.title.as_str())))
    }

    /// The sessions of a document.
    pub(crate) fn sessions(document: &Document) -> Named {
        let sessions = document.sessions.iter();
        Named::new(sessions.map(|session| (session.head(), Some(session.number.to_string()), session.title.as_str())))
    }

    fn new<'a>(items: impl Iterator<Item = (&'a Head, Option<String>, &'a str)>) -> Named {
        let (mut by_name, mut by_title) = (HashMap::new(), HashMap::new());
        for (head, number, title) in items {
            for name in number.into_iter().chain([head.slug.clone()]) {
                by_name.entry(name).or_insert(head.id);
            }
            by_title.entry(name_key(title)).or_insert(head.id);
        }
        Named { by_name, by_title }
    }

    /// The item that is called so.
    pub(crate) fn find(&self, name: &str) -> Option<Id> {
        self.by_name.get(name).or_else(|| self.by_title.get(&name_key(name))).copied()
    }
}

/// Candidates by what they are known by: the first that is not taken yet is the one.
#[derive(Debug)]
pub(crate) struct Waiting<K>(HashMap<K, VecDeque<Id>>);

impl<K: Eq + Hash> Waiting<K> {
    /// Puts candidates in line, in their order.
    pub(crate) fn new(candidates: impl Iterator<Item = (K, Id)>) -> Waiting<K> {
        let mut waiting: HashMap<K, VecDeque<Id>> = HashMap::new();
        for (key, id) in candidates {
            waiting.entry(key).or_default().push_back(id);
        }
        Waiting(waiting)
    }

    /// The first in line that is not taken.
    pub(crate) fn first(&mut self, key: &K, taken: &HashSet<Id>) -> Option<Id> {
        self.first_that(key, taken, |_| true)
    }

    /// The first in line that is not taken and fits.
    pub(crate) fn first_that(&mut self, key: &K, taken: &HashSet<Id>, fits: impl Fn(Id) -> bool) -> Option<Id> {
        let line = self.0.get_mut(key)?;
        // Who is taken stays so, and need not be looked at again.
        while line.front().is_some_and(|id| taken.contains(id)) {
            line.pop_front();
        }
        line.iter().copied().find(|id| !taken.contains(id) && fits(*id))
    }
}

/// What two spellings of a name or title have in common.
pub(crate) fn name_key(name: &str) -> String {
    let plain = deunicode::deunicode(name).to_lowercase();
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { name.trim().to_lowercase() } else { words.join(" ") }
}
