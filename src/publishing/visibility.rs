//! What the public may see of a document, and when that changes by itself.
//!
//! Pure, and the only code that can hide anything: it runs before any index exists, so what it takes out can't be
//! reached through a relation, a filter, a count, a search or an error. It knows no viewer: whether somebody may see
//! more is decided by `access`.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::content::{Document, Id, Session};
use crate::each_list;

/// The document without what the public must not see at `now`, and without references to it.
///
/// - A sponsor goes with its tier: which tier there will be is as secret as who is in it.
/// - A session goes with the session that it is a part of: who holds a block back means its programme too, and its parts
///   would give away when it is and what is in it.
/// - A session that can be seen loses a hidden room, track or paper; an award loses hidden papers.
/// - People are exactly those whom visible items refer to, so that nobody is announced before what they do.
///
/// What does not differ is shared with the given document.
pub fn public(document: &Document, now: Timestamp) -> Document {
    let mut shown = document.clone();
    if is_all_visible(document, now) {
        return shown;
    }
    each_list!(&mut shown, list => list.retain(|item| item.head.is_visible(now)));
    let tiers: HashSet<Id> = shown.sponsor_tiers.iter().map(|tier| tier.head.id).collect();
    shown.sponsors.retain(|sponsor| tiers.contains(&sponsor.tier));
    retain_parts_of_visible_sessions(&mut shown.sessions);
    drop_hidden_references(&mut shown);
    forget_hidden_names(document, &mut shown);
    shown.drop_unreferenced();
    shown
}

/// Of something withdrawn that is held back it is only told that it is off, and not where it was to be if that room is held
/// back: who holds something back has it held back everywhere.
fn forget_hidden_names(document: &Document, shown: &mut Document) {
    if shown.event.withdrawn.is_empty() {
        return;
    }
    let there = |document: &Document| -> HashSet<Id> {
        let sessions = document.sessions.iter().map(|session| session.head.id);
        let rooms = document.rooms.iter().map(|room| room.head.id);
        let dates = document.important_dates.iter().map(|date| date.head.id);
        sessions.chain(rooms).chain(dates).collect()
    };
    let (all, visible) = (there(document), there(shown));
    let is_hidden = |id: &Id| all.contains(id) && !visible.contains(id);
    for withdrawn in &mut Arc::make_mut(&mut shown.event).withdrawn {
        let is_held_back = is_hidden(&withdrawn.item);
        withdrawn.title = withdrawn.title.take().filter(|_| !is_held_back);
        let place = withdrawn.place.take();
        withdrawn.place = place.filter(|_| !is_held_back && !withdrawn.calendars.iter().any(is_hidden));
    }
}

/// Whether nothing is held back: then the public sees the document as it is, and nothing has to be worked out.
fn is_all_visible(document: &Document, now: Timestamp) -> bool {
    let mut all = true;
    each_list!(&document, list => all = all && list.iter().all(|item| item.head.is_visible(now)));
    all
}

/// Sessions may hold sessions that hold sessions, so this goes on until nothing more falls away.
fn retain_parts_of_visible_sessions(sessions: &mut Vec<Arc<Session>>) {
    loop {
        let visible: HashSet<Id> = sessions.iter().map(|session| session.head.id).collect();
        let before = sessions.len();
        sessions.retain(|session| session.parent.is_none_or(|parent| visible.contains(&parent)));
        if sessions.len() == before {
            return;
        }
    }
}

fn drop_hidden_references(shown: &mut Document) {
    let rooms: HashSet<Id> = shown.rooms.iter().map(|room| room.head.id).collect();
    let tracks: HashSet<Id> = shown.tracks.iter().map(|track| track.head.id).collect();
    let papers: HashSet<Id> = shown.papers.iter().map(|paper| paper.head.id).collect();
    let hidden = |id: Option<Id>, visible: &HashSet<Id>| id.is_some_and(|id| !visible.contains(&id));
    for session in &mut shown.sessions {
        let (room, track) = (hidden(session.room, &rooms), hidden(session.track, &tracks));
        let paper = hidden(session.paper, &papers);
        if room || track || paper {
            let session = Arc::make_mut(session);
            session.room = session.room.filter(|_| !room);
            session.track = session.track.filter(|_| !track);
            session.paper = session.paper.filter(|_| !paper);
        }
    }
    for award in &mut shown.awards {
        if award.papers.iter().any(|paper| !papers.contains(paper)) {
            Arc::make_mut(award).papers.retain(|paper| papers.contains(paper));
        }
    }
}

/// The instants at which something of a document appears to the public by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embargoes {
    /// In order, each once.
    instants: Arc<[Timestamp]>,
}

impl Embargoes {
    /// The embargoes of a document, past ones included. Items that are held back altogether have none.
    pub fn of(document: &Document) -> Self {
        let mut instants = Vec::new();
        each_list!(&document, list => {
            let published = list.iter().filter(|item| item.head.published);
            instants.extend(published.filter_map(|item| item.head.publish_at));
        });
        instants.sort_unstable();
        instants.dedup();
        Embargoes { instants: instants.into() }
    }

    /// The next instant after `now` at which the public document changes by itself.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        self.instants.get(self.passed(now)).copied()
    }

    /// The newest instant, `now` included, at which the public document changed by itself.
    pub fn last_change(&self, now: Timestamp) -> Option<Timestamp> {
        self.passed(now).checked_sub(1).map(|place| self.instants[place])
    }

    fn passed(&self, now: Timestamp) -> usize {
        self.instants.partition_point(|instant| *instant <= now)
    }
}

#[cfg(test)]
mod tests;
