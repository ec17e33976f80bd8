//! What the public sees too little or too much of: public things that refer to hidden ones, and people who are to be
//! announced later but are named already.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Checks;
use crate::content::{Content, Head, Id, Role, Severity, references};
use crate::each_list;

/// From when the public sees an item; `None` when it never does. When that has begun, it does not matter since when.
fn visible_from(head: &Head, now: Timestamp) -> Option<Timestamp> {
    head.published.then_some(head.publish_at.filter(|from| *from > now).unwrap_or(Timestamp::MIN))
}

/// Whether something that is seen `from` then is seen without something that is seen `other` then.
fn precedes(from: Option<Timestamp>, other: Option<Timestamp>) -> bool {
    from.is_some_and(|from| other.is_none_or(|other| from < other))
}

impl Checks<'_> {
    pub(super) fn hidden(&mut self, now: Timestamp) {
        self.references_to_hidden(now);
        self.people_named_early(now);
    }

    fn references_to_hidden(&mut self, now: Timestamp) {
        let mut seen: HashMap<Id, (Option<Timestamp>, &str)> = HashMap::new();
        each_list!(&self.document, list => for item in list {
            let kind = item.record_kind();
            seen.insert(item.head.id, (visible_from(&item.head, now), kind.name()));
        });
        for record in self.document.records() {
            let Some(head) = record.head() else { continue };
            for (field, id, _) in references(&record) {
                let Some((from, what)) = seen.get(&id).filter(|(from, _)| precedes(visible_from(head, now), *from))
                else {
                    continue;
                };
                let when = if from.is_none() { "is held back" } else { "is to be seen only later" };
                let own = record.kind().name().replace('_', " ");
                let message = format!(
                    "the {own} {} is public, but the {} in its {field} {when}",
                    head.slug,
                    what.replace('_', " ")
                );
                self.add(Severity::Warning, "hidden-reference", &[head.id, id], message);
            }
        }
    }

    /// A speaker or panelist who is held back, and whom something names that is seen before.
    fn people_named_early(&mut self, now: Timestamp) {
        let mut named: HashMap<Id, (Timestamp, Id, &str)> = HashMap::new();
        let mut name = |person: Id, head: &Head, what: &'static str| {
            let Some(from) = visible_from(head, now) else { return };
            let known = named.entry(person).or_insert((from, head.id, what));
            if from < known.0 {
                *known = (from, head.id, what);
            }
        };
        for session in &self.document.sessions {
            session.people.iter().for_each(|person| name(person.person, &session.head, "session"));
        }
        for role in [Role::Speaker, Role::Panelist] {
            for item in self.document.participations(role) {
                let Some((from, place, what)) = named.get(&item.person).copied() else { continue };
                if precedes(Some(from), visible_from(&item.head, now)) {
                    let who = self.name(item.person);
                    let role = role.kind().name();
                    let message = format!("{who} is not announced as {role} yet, but a public {what} names them");
                    self.add(Severity::Warning, "named-early", &[item.head.id, place, item.person], message);
                }
            }
        }
    }
}
