//! Which sessions and dates leave the public calendars by a change, and what is kept of them.
//!
//! Pure. Calendars that have one learn from what is kept that it is off; it says nothing that the public had not seen.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::visibility::public;
use crate::content::{Calendar, Document, Event, Id, ImportantDate, MAX_WITHDRAWN, Publication, Session, Withdrawn};

/// What is to be kept of what is withdrawn when the content of an event changes. Only at a live event is that seen at
/// once; elsewhere everything stays as it was.
pub fn withdrawn(before: &Document, after: &Document, now: Timestamp) -> Vec<Withdrawn> {
    let is_live = |document: &Document| document.event.publication == Publication::Live;
    if is_live(before) && is_live(after) {
        noted(before.event.withdrawn.clone(), before, after, now)
    } else {
        before.event.withdrawn.clone()
    }
}

/// What is to be kept when `after` becomes the newest release in the place of `before`.
pub fn withdrawn_by_release(before: &Document, after: &Document, now: Timestamp) -> Vec<Withdrawn> {
    noted(after.event.withdrawn.clone(), before, after, now)
}

/// When a session that the public saw was to begin before it was moved; that of `before` where nothing changed. `events` are
/// the event before and after, and `whole` finds a session as it was before.
pub fn moved_from(
    events: [&Event; 2],
    before: &Session,
    after: &Session,
    whole: impl Fn(Id) -> Option<Arc<Session>>,
    now: Timestamp,
) -> Option<Timestamp> {
    let is_moved = before.starts_at != after.starts_at && before.starts_at.is_some();
    let is_live = events.iter().all(|event| event.publication == Publication::Live);
    if is_moved && is_live && was_seen(before, whole, now) { before.starts_at } else { before.moved_from }
}

/// Whether the public saw a session: it, and every session that it is a part of.
fn was_seen(session: &Session, whole: impl Fn(Id) -> Option<Arc<Session>>, now: Timestamp) -> bool {
    let mut above = session.parent.and_then(&whole);
    let mut is_visible = session.head.is_visible(now);
    while let (true, Some(parent)) = (is_visible, &above) {
        is_visible = parent.head.is_visible(now);
        above = parent.parent.and_then(&whole);
    }
    is_visible
}

/// What is kept already and what goes, the newest last.
fn noted(mut kept: Vec<Withdrawn>, before: &Document, after: &Document, now: Timestamp) -> Vec<Withdrawn> {
    let shown = public(before, now);
    let stays: HashSet<Id> = in_calendars(&public(after, now)).collect();
    let sessions = shown.sessions.iter().filter(|session| !stays.contains(&session.head.id));
    let dates = shown.important_dates.iter().filter(|date| !stays.contains(&date.head.id));
    let sessions = sessions.filter_map(|session| withdrawn_session(&shown, session, now));
    for mut gone in sessions.chain(dates.map(|date| withdrawn_date(&shown, date, now))) {
        if let Some(known) = kept.iter().position(|withdrawn| withdrawn.item == gone.item) {
            gone.sequence = gone.sequence.max(kept.remove(known).sequence.saturating_add(1));
        }
        kept.push(gone);
    }
    let surplus = kept.len().saturating_sub(MAX_WITHDRAWN);
    kept.drain(..surplus);
    kept
}

/// What is told of a session when it is withdrawn; `None` where it had no place in the schedule.
fn withdrawn_session(shown: &Document, session: &Session, now: Timestamp) -> Option<Withdrawn> {
    let room = session.room.and_then(|id| shown.rooms.iter().find(|room| room.head.id == id));
    let people = session.people.iter().map(|person| person.person);
    Some(Withdrawn {
        item: session.head.id,
        calendar: Calendar::Schedule,
        title: Some(session.title.clone()),
        starts_at: session.starts_at?,
        ends_at: session.ends_at,
        day: None,
        place: room.map(|room| room.name.clone()),
        calendars: session.room.into_iter().chain(session.track).chain(people).collect(),
        sequence: shown.event.sequence_of(session).saturating_add(1),
        at: now,
    })
}

/// What is told of an important date when it is withdrawn.
fn withdrawn_date(shown: &Document, date: &ImportantDate, now: Timestamp) -> Withdrawn {
    Withdrawn {
        item: date.head.id,
        calendar: Calendar::Dates,
        title: Some(date.label.clone()),
        starts_at: date.moment.at,
        ends_at: None,
        day: date.moment.whole_day(),
        place: None,
        calendars: Vec::new(),
        sequence: shown.event.sequence_of_date(date).saturating_add(1),
        at: now,
    }
}

/// What calendars show of a public document.
fn in_calendars(shown: &Document) -> impl Iterator<Item = Id> {
    let sessions = shown.sessions.iter().filter(|session| session.starts_at.is_some()).map(|session| session.head.id);
    sessions.chain(shown.important_dates.iter().map(|date| date.head.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::examples;

    fn live() -> Document {
        let mut document = examples::document("UTC", "2022-12-02", "2022-12-02");
        for number in [1, 2] {
            let session = examples::session(number, "Talk", "2022-12-02T10:00:00Z", "2022-12-02T11:00:00Z");
            document.sessions.push(Arc::new(session));
        }
        document
    }

    #[test]
    fn what_goes_is_kept_and_what_comes_back_counts_on() {
        let now = Timestamp::UNIX_EPOCH;
        let before = live();
        let mut after = before.clone();
        Arc::make_mut(&mut after.sessions[0]).head.published = false;
        after.sessions.remove(1);
        let kept = withdrawn(&before, &after, now);
        assert_eq!(
            kept.iter().map(|one| (one.item, one.sequence)).collect::<Vec<_>>(),
            [(examples::id(1), 1), (examples::id(2), 1),]
        );
        Arc::make_mut(&mut after.event).withdrawn = kept;
        let shown = &public(&after, now).event.withdrawn;
        assert_eq!((shown[0].title.as_deref(), shown[1].title.as_deref()), (None, Some("Talk")));

        let mut back = before.clone();
        back.event = after.event.clone();
        assert_eq!(back.event.sequence_of(&back.sessions[0]), 2);
        let again = withdrawn(&back, &after, now);
        assert_eq!(again.iter().map(|one| one.sequence).collect::<Vec<_>>(), [3, 3]);
    }

    #[test]
    fn a_room_that_is_held_back_later_is_told_no_more() {
        let now = Timestamp::UNIX_EPOCH;
        let mut before = live();
        before.rooms.push(Arc::new(examples::room(3, "Ballroom")));
        Arc::make_mut(&mut before.sessions[0]).room = Some(examples::id(3));
        let mut after = before.clone();
        after.sessions.remove(0);
        Arc::make_mut(&mut after.event).withdrawn = withdrawn(&before, &after, now);
        let told = |document: &Document| {
            let kept = &public(document, now).event.withdrawn[0];
            (kept.title.clone(), kept.place.clone())
        };
        assert_eq!(told(&after), (Some("Talk".to_owned()), Some("Ballroom".to_owned())));
        Arc::make_mut(&mut after.rooms[0]).head.published = false;
        assert_eq!(told(&after), (Some("Talk".to_owned()), None));
    }

    #[test]
    fn a_move_is_told_to_those_who_saw_the_session_before() {
        let (before, now) = (live(), Timestamp::UNIX_EPOCH);
        let [talk, block] = [&before.sessions[0], &before.sessions[1]];
        let moved = Session { starts_at: Some(now), ..Session::clone(talk) };
        let part = Session { parent: Some(block.head.id), ..Session::clone(talk) };
        let hidden = |session: &Session| {
            let mut session = session.clone();
            session.head.published = false;
            session
        };
        let draft = Event { publication: Publication::Draft, ..Event::clone(&before.event) };
        let live = [&*before.event; 2];
        let told = |events, session: &Session, whole: &Session| {
            moved_from(events, session, &moved, |_| Some(Arc::new(whole.clone())), now)
        };
        assert_eq!(told(live, talk, block), talk.starts_at);
        assert_eq!(told(live, &part, block), talk.starts_at);
        assert_eq!(told(live, &part, &hidden(block)), None, "what it was a part of was held back");
        assert_eq!(told(live, &hidden(talk), block), None);
        assert_eq!(told([&draft, &before.event], talk, block), None, "the event was a draft");
    }

    #[test]
    fn what_the_public_never_saw_leaves_nothing() {
        let now = Timestamp::UNIX_EPOCH;
        let mut before = live();
        Arc::make_mut(&mut before.sessions[0]).head.published = false;
        Arc::make_mut(&mut before.sessions[1]).head.publish_at = Some(Timestamp::MAX);
        let mut after = before.clone();
        after.sessions.clear();
        assert_eq!(withdrawn(&before, &after, now), []);
        let mut draft = live();
        Arc::make_mut(&mut draft.event).publication = Publication::Draft;
        let mut emptied = draft.clone();
        emptied.sessions.clear();
        assert_eq!(withdrawn(&draft, &emptied, now), []);
    }
}
