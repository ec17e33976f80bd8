//! Identities that an input brings along, and that something else on the server has already.
//!
//! A schedule may be imported twice under two names, and numbers of sessions are unique on the whole server.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::rewrite;
use crate::content::{Document, Id};
use crate::each_list;
use crate::import::source_ids;

/// What is taken of what a document brings along.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// Whether another event has the event's id.
    pub event: bool,
    /// Ids of items of other events.
    pub items: HashSet<Id>,
    /// Which session has or had a number.
    pub owners: HashMap<i32, Id>,
    /// The numbers that sessions have or had.
    pub numbers: HashMap<Id, i32>,
}

/// Gives the items of a document other ids, always the same, where theirs are taken.
pub fn give_way(document: &mut Document, taken: &Taken) {
    if taken.event {
        let now = document.event.created_at;
        Arc::make_mut(&mut document.event).id = source_ids::fresh(now);
    }
    if taken.items.is_empty() {
        return;
    }
    let event = document.event.slug.clone();
    let mut ids = HashMap::new();
    each_list!(&mut document, list => for item in list.iter_mut() {
        let id = item.head.id;
        if taken.items.contains(&id) {
            let other = source_ids::derived(&event, crate::content::Content::record_kind(item.as_ref()), &id.to_string());
            Arc::make_mut(item).head.id = other;
            ids.insert(id, other);
        }
    });
    rewrite(document, &ids);
}

impl Taken {
    /// Takes numbers off sessions that can't have them; the store gives others.
    pub fn settle_numbers(&self, document: &mut Document) {
        for session in &mut document.sessions {
            let (id, number) = (session.head.id, session.number);
            let settled = match (self.numbers.get(&id), self.owners.get(&number)) {
                (Some(known), _) => *known,
                (None, Some(owner)) if *owner != id => 0,
                _ => number,
            };
            if settled != number {
                Arc::make_mut(session).number = settled;
            }
        }
    }
}
