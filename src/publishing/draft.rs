//! An event's document while it is being changed, record by record: what was touched, and what is wrong with it.
//!
//! Pure, and the one place where a change is checked: mutations, undo and whole jobs all go through it. Only what was
//! touched is looked at again, so that a change costs the same in a large event as in a small one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::diff::{Edit, in_writing_order, is_same};
use super::withdrawal::{moved_from, withdrawn};
use crate::content::{Content, Document, Event, Id, Kind, Problem, Record, Report, Role, Session, references};
use crate::each_list;

/// How deep sessions may hold sessions.
const MAX_DEPTH: usize = 32;

/// A document that is being changed.
#[derive(Debug)]
pub struct Draft {
    document: Document,
    /// What each touched record was before.
    before: BTreeMap<(Kind, Id), Option<Record>>,
    /// People and series of other events who may come in.
    known: HashMap<Id, Record>,
    /// What is wrong with what was asked for, found before the rules of content are looked at.
    objections: Vec<(Id, Problem)>,
}

/// Why a change can't be made.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Something breaks a rule: everything that does, with the record that it is about.
    Invalid(Vec<(Id, Problem)>),
    /// The record is not the one that the change was made for: it has another revision.
    Conflict(Record),
    /// There is no such record.
    NotFound(Id),
}

impl Refusal {
    /// One broken rule.
    pub fn invalid(id: Id, field: &str, code: &'static str, message: impl Into<String>) -> Refusal {
        let path = if field.is_empty() { Vec::new() } else { vec![field.to_owned()] };
        Refusal::Invalid(vec![(id, Problem { path, code, message: message.into() })])
    }
}

impl Draft {
    /// Begins to change a document.
    pub fn new(document: Document) -> Self {
        Draft { document, before: BTreeMap::new(), known: HashMap::new(), objections: Vec::new() }
    }

    /// Lets people and series of other events come in.
    pub fn know(&mut self, records: impl IntoIterator<Item = Record>) {
        self.known.extend(records.into_iter().map(|record| (record.id(), record)));
    }

    /// Says what is wrong, to be told together with everything else that is.
    pub fn object(&mut self, problems: impl IntoIterator<Item = (Id, Problem)>) {
        self.objections.extend(problems);
    }

    /// The records that were touched so far.
    pub fn touched(&self) -> Vec<Id> {
        self.before.keys().map(|(_, id)| *id).collect()
    }

    /// The document as it is now.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// A record as it is now; a person or series may also be one that could come in.
    pub fn record(&self, kind: Kind, id: Id) -> Option<Record> {
        self.document.find(kind, id).or_else(|| self.known.get(&id).filter(|record| record.kind() == kind).cloned())
    }

    /// The item of a type with this id.
    pub fn item<T: Content>(&self, kind: Kind, id: Id) -> Result<Arc<T>, Refusal> {
        let record = self.document.find(kind, id).ok_or(Refusal::NotFound(id))?;
        T::from_record(&record).cloned().ok_or(Refusal::NotFound(id))
    }

    /// The person of a participation.
    pub fn person_of(&self, participation: Id) -> Option<Id> {
        let of = |role| self.document.participations(role).iter().find(|item| item.head.id == participation);
        Role::ALL.into_iter().find_map(of).map(|item| item.person)
    }

    /// Puts a record in the place of the one with its id, or adds it. Whoever it refers to comes in with it, if known.
    pub fn put(&mut self, record: Record) {
        let key = (record.kind(), record.id());
        for (_, id, kind) in references(&record) {
            if let Some(known) = self.known.get(&id).filter(|known| known.kind() == kind).cloned()
                && self.document.find(kind, id).is_none()
            {
                self.touch(kind, id);
                self.document.put(known);
            }
        }
        self.touch(key.0, key.1);
        self.document.put(record);
    }

    /// Takes a record out. What refers to it does no longer, except that a sponsor tier with sponsors stays: where they
    /// would go is not for a program to say.
    pub fn remove(&mut self, kind: Kind, id: Id) -> Result<(), Refusal> {
        if self.document.find(kind, id).is_none() {
            return Err(Refusal::NotFound(id));
        }
        let mut referring = Vec::new();
        each_list!(&self.document, list => {
            referring.extend(list.iter().cloned().map(Record::from).filter(|record| refers_to(record, kind, id)));
        });
        for record in referring {
            let refused = || Refusal::invalid(id, "", "in-use", "it still has sponsors: move or delete them first");
            self.put(without_reference(record, id).ok_or_else(refused)?);
        }
        self.touch(kind, id);
        self.document.remove(kind, id);
        Ok(())
    }

    /// Refuses a change that was made for another revision of an item.
    pub fn expect_revision(&self, kind: Kind, id: Id, revision: Option<i32>) -> Result<(), Refusal> {
        let record = self.document.find(kind, id).ok_or(Refusal::NotFound(id))?;
        match (revision, record.head()) {
            (Some(expected), Some(head)) if head.revision != expected => Err(Refusal::Conflict(record)),
            _ => Ok(()),
        }
    }

    /// Makes the whole document another, record by record.
    pub fn replace(&mut self, document: &Document) {
        for edit in super::diff(Some(&self.document), document) {
            self.touch(edit.kind, edit.id);
            super::apply(&mut self.document, edit.kind, edit.id, edit.after);
        }
    }

    /// Notes what the public is to be told of sessions that were moved, and of what it can't see any more in calendars.
    pub fn note_moves(&mut self, now: Timestamp) {
        let event = self.stored_event();
        let whole = |id: Id| match self.before.get(&(Kind::Session, id)) {
            Some(before) => before.as_ref().and_then(Session::from_record).cloned(),
            None => Session::from_record(&self.document.find(Kind::Session, id)?).cloned(),
        };
        let sessions = self.before.values().flatten().filter_map(Session::from_record);
        let moved: Vec<Arc<Session>> = sessions
            .filter_map(|before| {
                let after = self.document.find(Kind::Session, before.head.id)?;
                let mut after = Session::from_record(&after)?.clone();
                let moved_from = moved_from([&event, &self.document.event], before, &after, whole, now);
                (after.moved_from != moved_from).then(|| {
                    Arc::make_mut(&mut after).moved_from = moved_from;
                    after
                })
            })
            .collect();
        moved.into_iter().for_each(|session| self.document.put(Record::Session(session)));
        self.withdraw(now);
    }

    /// The event as it was before.
    fn stored_event(&self) -> Arc<Event> {
        match self.before.get(&(Kind::Event, self.document.event.id)) {
            Some(Some(Record::Event(event))) => event.clone(),
            _ => self.document.event.clone(),
        }
    }

    fn withdraw(&mut self, now: Timestamp) {
        let stored = self.stored_event();
        let kept = if self.may_withdraw(now) {
            let mut before = self.document.clone();
            for ((kind, id), record) in &self.before {
                super::apply(&mut before, *kind, *id, record.clone());
            }
            withdrawn(&before, &self.document, now)
        } else {
            stored.withdrawn.clone()
        };
        if self.document.event.withdrawn != kept {
            self.touch(Kind::Event, stored.id);
            Arc::make_mut(&mut self.document.event).withdrawn = kept;
        }
    }

    /// Whether something that was touched may have left the public calendars. Others can leave only with a session.
    fn may_withdraw(&self, now: Timestamp) -> bool {
        let shown = |record: &Record| match record {
            Record::Session(session) => session.starts_at.is_some() && session.head.is_visible(now),
            Record::ImportantDate(date) => date.head.is_visible(now),
            _ => false,
        };
        let parent = |record: &Record| if let Record::Session(session) = record { session.parent } else { None };
        self.before.iter().any(|((kind, id), before)| {
            let Some(before) = before.as_ref().filter(|before| shown(before)) else { return false };
            !self.document.find(*kind, *id).is_some_and(|after| shown(&after) && parent(&after) == parent(before))
        })
    }

    /// What has to be written, in the order in which it can be; or everything that is wrong with what was touched.
    pub fn finish(mut self) -> Result<Vec<Edit>, Refusal> {
        self.drop_forgotten_people();
        let mut problems = std::mem::take(&mut self.objections);
        problems.extend(self.problems());
        dedup(&mut problems);
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        let document = &self.document;
        let edits = self.before.into_iter().filter_map(|((kind, id), before)| {
            let after = document.find(kind, id);
            let same = match (&before, &after) {
                // What is noted of what is withdrawn is written too, though it is no difference for who reads.
                (Some(Record::Event(before)), Some(Record::Event(after))) if before.withdrawn != after.withdrawn => {
                    false
                }
                (Some(before), Some(after)) => is_same(before, after),
                (before, after) => before.is_none() && after.is_none(),
            };
            (!same).then_some(Edit { kind, id, before, after })
        });
        Ok(in_writing_order(edits.collect()))
    }

    fn touch(&mut self, kind: Kind, id: Id) {
        let document = &self.document;
        self.before.entry((kind, id)).or_insert_with(|| document.find(kind, id));
    }

    /// A document holds exactly the people to whom items refer, and the series of its event.
    fn drop_forgotten_people(&mut self) {
        let mut candidates = HashSet::new();
        for ((kind, id), before) in &self.before {
            let refers = |record: &Record| references(record).into_iter().map(|(_, id, kind)| (kind, id));
            candidates.extend(before.iter().flat_map(refers));
            // Somebody new to whom nothing refers does not stay either.
            candidates.extend((*kind == Kind::Person && before.is_none()).then_some((*kind, *id)));
        }
        candidates.retain(|(kind, _)| matches!(kind, Kind::Person | Kind::Series));
        if candidates.is_empty() {
            return;
        }
        candidates.retain(|(kind, id)| *kind != Kind::Series || self.document.event.series != Some(*id));
        each_list!(&self.document, list => for item in list {
            for (_, id, kind) in references(&Record::from(item.clone())) {
                candidates.remove(&(kind, id));
            }
        });
        for (kind, id) in candidates {
            self.touch(kind, id);
            self.document.remove(kind, id);
        }
    }

    fn problems(&self) -> Vec<(Id, Problem)> {
        let mut problems = Vec::new();
        for ((kind, id), before) in &self.before {
            let Some(after) = self.document.find(*kind, *id) else { continue };
            if before.as_ref().is_some_and(|before| is_same(before, &after)) {
                continue;
            }
            let mut report = Report::default();
            after.check(&mut report);
            self.check_slug(&after, &mut report);
            self.check_references(before.as_ref(), &after, &mut report);
            if let Record::Session(session) = &after {
                self.check_day(before.as_ref(), session, &mut report);
                self.check_circle(session, &mut report);
            }
            problems.extend(report.into_problems().into_iter().map(|problem| (*id, problem)));
        }
        problems
    }

    fn check_slug(&self, record: &Record, report: &mut Report) {
        let Some(head) = record.head() else { return };
        let is_other = |id: Id, slug: &str| id != head.id && slug == head.slug;
        let mut taken = false;
        each_list!(&self.document, list => {
            if list.first().is_some_and(|item| item.record_kind() == record.kind()) {
                taken |= list.iter().any(|item| is_other(item.head.id, &item.head.slug));
            }
        });
        if taken {
            let message = format!("another {} of the event has the slug {}", record.kind().words(), head.slug);
            report.add("slug", "duplicate-slug", message);
        }
    }

    fn check_references(&self, before: Option<&Record>, after: &Record, report: &mut Report) {
        let old: HashSet<Id> = before.map(references).unwrap_or_default().into_iter().map(|(_, id, _)| id).collect();
        for (field, id, kind) in references(after) {
            if !old.contains(&id) && self.document.find(kind, id).is_none() {
                report.add(
                    field,
                    "dangling-reference",
                    format!("there is no {} with the id {id} in the event", kind.words()),
                );
            }
        }
    }

    /// A session begins on a day of its event. What was outside before, as after an import, may stay where it is.
    fn check_day(&self, before: Option<&Record>, session: &Session, report: &mut Report) {
        if let Some(Record::Session(before)) = before
            && before.starts_at == session.starts_at
        {
            return;
        }
        let (event, Some(start)) = (&self.document.event, session.starts_at) else { return };
        let zone = TimeZone::get(&event.time_zone).unwrap_or(TimeZone::UTC);
        let day = start.to_zoned(zone).date();
        if day < event.starts_on.0 || day > event.ends_on.0 {
            let message =
                format!("the session would be on {day}; the event is from {} to {}", event.starts_on, event.ends_on);
            report.add("startsAt", "outside-event", message);
        }
    }

    fn check_circle(&self, session: &Session, report: &mut Report) {
        let mut above = session.parent;
        for _ in 0..MAX_DEPTH {
            let Some(id) = above.filter(|id| *id != session.head.id) else { break };
            above = self.document.sessions.iter().find(|other| other.head.id == id).and_then(|other| other.parent);
        }
        // A session that is directly its own parent is refused with the session itself.
        if above.is_some() && session.parent != Some(session.head.id) {
            report.add("parent", "circle", "it is a part of itself, or of more than 32 sessions in one another");
        }
    }
}

/// One problem for a field is enough: what was asked for, before what became of it.
fn dedup(problems: &mut Vec<(Id, Problem)>) {
    let mut seen = HashSet::new();
    problems.retain(|(id, problem)| seen.insert((*id, problem.path.clone())));
}

fn refers_to(record: &Record, kind: Kind, id: Id) -> bool {
    references(record).into_iter().any(|(_, other, wanted)| other == id && wanted == kind)
}

/// The record without its reference; `None` where it can't be without.
fn without_reference(mut record: Record, id: Id) -> Option<Record> {
    let cleared = |reference: Option<Id>| reference.filter(|other| *other != id);
    match &mut record {
        Record::Session(session) => {
            let session = Arc::make_mut(session);
            session.room = cleared(session.room);
            session.track = cleared(session.track);
            session.parent = cleared(session.parent);
            session.paper = cleared(session.paper);
            session.people.retain(|person| person.person != id);
        }
        Record::Paper(paper) => {
            for author in &mut Arc::make_mut(paper).authors {
                author.person = cleared(author.person);
            }
        }
        Record::Award(award) => Arc::make_mut(award).papers.retain(|paper| *paper != id),
        _ => return None,
    }
    Some(record)
}
