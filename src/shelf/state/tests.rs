//! Following, eviction, stamps and swaps, without a database.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::ToSpan;

use super::*;
use crate::content::{Document, Event, Publication, Record, Series, Session};
use crate::snapshot::examples::{self, event, id, session};
use crate::store::{Operation, Stored};

const PLENTY: usize = usize::MAX;

fn now() -> Timestamp {
    "2022-12-02T12:00:00Z".parse().unwrap()
}

fn stored(number: u32, revision: i64) -> Stored {
    Stored { document: Document::new(event(number, "UTC", "2022-12-02", "2022-12-02")), revision, changed_at: now() }
}

fn header(number: u32, revision: i64) -> EventHeader {
    EventHeader { event: stored(number, revision).document.event, series: None, revision, release: None }
}

fn change(sequence: i64, event: u32, before: Option<Record>, after: Option<Record>) -> Change {
    let record = after.as_ref().or(before.as_ref()).unwrap();
    let operation = match (&before, &after) {
        (None, _) => Operation::Create,
        (_, None) => Operation::Delete,
        _ => Operation::Update,
    };
    Change {
        sequence,
        event: id(event),
        at: now(),
        actor: "test".to_owned(),
        kind: record.kind(),
        item: record.id(),
        operation,
        before,
        after,
    }
}

fn talk(number: u32, title: &str, revision: i32) -> Record {
    let mut talk = session(number, title, "2022-12-02T10:00Z", "2022-12-02T11:00Z");
    talk.head.revision = revision;
    Record::Session(Arc::new(talk))
}

fn embargoed(number: u32, from: Timestamp) -> Arc<Session> {
    let mut talk = session(number, "Secret", "2022-12-02T10:00Z", "2022-12-02T11:00Z");
    talk.head.publish_at = Some(from);
    Arc::new(talk)
}

/// A state with events 1 to `events` at revision 10, of which the first is on the shelf.
fn begun(events: u32) -> State {
    let state = State::default().with_headers((1..=events).map(|number| header(number, 10)).collect(), 10);
    state.shelve(stored(1, 10), PLENTY, 0).unwrap().0
}

fn titles(state: &State, number: u32) -> Vec<String> {
    let snapshot = state.shelved(id(number)).unwrap().snapshot(View::Working, now()).unwrap();
    snapshot.document().sessions.iter().map(|session| session.title.clone()).collect()
}

fn public_now(number: u32, revision: i64, released_at: Option<Timestamp>) -> Dependency {
    Dependency::Event(id(number), View::Public, Stamp { revision, release: None, released_at })
}

#[test]
fn entries_are_applied_without_loading() {
    let state = begun(2);
    let changes = [
        change(11, 1, None, Some(talk(100, "First", 1))),
        change(12, 1, None, Some(talk(101, "Second", 1))),
        change(13, 1, Some(talk(100, "First", 1)), Some(talk(100, "First, corrected", 2))),
        change(14, 1, Some(talk(101, "Second", 1)), None),
        change(15, 2, None, Some(talk(200, "Elsewhere", 1))),
    ];
    let next = state.follow(&changes, 15, PLENTY, now()).unwrap();
    assert_eq!(titles(&next, 1), ["First, corrected"]);
    assert_eq!(next.shelved(id(1)).unwrap().revision(), 14);
    assert_eq!(next.sequence, Some(15));
    assert_eq!(next.catalogue.side(View::Working).revision, 15);
    assert_eq!(next.catalogue.with_id(id(1)).unwrap().revision, 14);
    assert_eq!(next.catalogue.with_id(id(2)).unwrap().revision, 15);
    assert!(next.shelved(id(2)).is_none());
    assert_eq!(titles(&state, 1), [""; 0], "who has the old state keeps it");
    let fresh = Shelved::new(Stored {
        document: next.shelved(id(1)).unwrap().snapshot(View::Working, now()).unwrap().document().clone(),
        revision: 14,
        changed_at: now(),
    });
    let (followed, counted) = (next.shelved(id(1)).unwrap().bytes(), fresh.bytes());
    assert!(followed.abs_diff(counted) < 100, "{followed} is about {counted}");
}

#[test]
fn unchanged_items_are_shared() {
    let mut given = stored(1, 10);
    given.document.put(talk(100, "Stays", 1));
    let state = State::default().with_headers(vec![header(1, 10)], 10).shelve(given, PLENTY, 0).unwrap().0;
    let next = state.follow(&[change(11, 1, None, Some(talk(101, "New", 1)))], 11, PLENTY, now()).unwrap();
    let stays = |state: &State| {
        let snapshot = state.shelved(id(1)).unwrap().snapshot(View::Public, now()).unwrap();
        snapshot.session(id(100)).unwrap().clone()
    };
    assert!(Arc::ptr_eq(&stays(&state), &stays(&next)));
}

#[test]
fn entries_that_the_load_has_seen_are_passed_over() {
    let mut ahead = stored(1, 12);
    ahead.document.put(talk(100, "Corrected", 2));
    let state = State::default().with_headers(vec![header(1, 10)], 10).shelve(ahead, PLENTY, 0).unwrap().0;
    let seen = [
        change(11, 1, None, Some(talk(100, "First", 1))),
        change(12, 1, Some(talk(100, "First", 1)), Some(talk(100, "Corrected", 2))),
    ];
    let next = state.follow(&seen, 12, PLENTY, now()).unwrap();
    assert_eq!(titles(&next, 1), ["Corrected"]);
    let third = change(13, 1, Some(talk(100, "Corrected", 2)), Some(talk(100, "Again", 3)));
    let next = state.follow(&[seen[1].clone(), third], 13, PLENTY, now()).unwrap();
    assert_eq!(titles(&next, 1), ["Again"]);
}

#[test]
fn a_gap_takes_the_event_off_the_shelf() {
    let state = begun(1);
    let stamp = public_now(1, 10, None);
    assert!(state.is_current(&stamp, now));
    let gap = change(12, 1, Some(talk(100, "Never seen", 1)), Some(talk(100, "Changed", 2)));
    let next = state.follow(&[gap], 12, PLENTY, now()).unwrap();
    assert!(next.shelved(id(1)).is_none());
    assert!(!next.is_current(&stamp, now));
    assert!(!next.is_current(&public_now(1, 12, None), now), "unknown is not current");
    assert!(next.shelve(stored(1, 11), PLENTY, 0).is_none(), "an older load is refused");
    let loaded = next.shelve(stored(1, 12), PLENTY, 0).unwrap().0;
    assert!(loaded.is_current(&public_now(1, 12, None), now));
}

#[test]
fn a_second_load_changes_nothing() {
    let state = begun(1);
    let (next, shelved) = state.shelve(stored(1, 9), PLENTY, 0).unwrap();
    assert!(Arc::ptr_eq(&shelved, state.shelved(id(1)).unwrap()));
    assert!(Arc::ptr_eq(&shelved, next.shelved(id(1)).unwrap()));
}

#[test]
fn the_least_recently_used_leaves_and_its_answers_stay_current() {
    let mut state = begun(3);
    let budget = state.bytes() * 5 / 2;
    let lifts = now() + 1.hour();
    let mut second = stored(2, 10);
    second.document.sessions = vec![];
    state = state.shelve(second, budget, 1).unwrap().0;
    state.shelved(id(1)).unwrap().touch(2);
    let mut third = stored(3, 10);
    third.document.sessions = vec![embargoed(100, lifts)];
    state = state.shelve(third, budget, 3).unwrap().0;
    assert!(state.shelved(id(2)).is_none() && state.shelved(id(3)).is_some());
    assert!(state.is_current(&public_now(2, 10, None), now));

    let alone = state.shelve(stored(2, 10), 1, 4).unwrap().0;
    assert_eq!(alone.all_shelved().map(|shelved| shelved.id()).collect::<Vec<_>>(), [id(2)], "too big but asked for");
    assert!(alone.is_current(&public_now(3, 10, None), now));
    assert!(!alone.is_current(&public_now(3, 10, None), || lifts), "an embargo ended though the event has left");
    assert!(alone.is_current(&public_now(3, 10, Some(lifts)), || lifts));
    let edited = alone.follow(&[change(11, 3, None, Some(talk(101, "New", 1)))], 11, PLENTY, now()).unwrap();
    assert!(!edited.is_current(&public_now(3, 10, None), now));
    assert!(!edited.is_current(&public_now(3, 11, None), now));
}

#[test]
fn embargoes_end_at_their_instant_and_never_come_back() {
    let lifts = now() + 1.hour();
    let mut given = stored(1, 10);
    given.document.sessions = vec![embargoed(100, lifts)];
    let state = State::default().with_headers(vec![header(1, 10)], 10).shelve(given, PLENTY, 0).unwrap().0;
    let shelved = state.shelved(id(1)).unwrap();
    let shown = |at: Timestamp| {
        let snapshot = shelved.snapshot(View::Public, at).unwrap();
        (snapshot.document().sessions.len(), snapshot.stamp())
    };
    assert_eq!(shown(now()), (0, Stamp { revision: 10, release: None, released_at: None }));
    assert!(Arc::ptr_eq(
        &shelved.snapshot(View::Public, now()).unwrap(),
        &shelved.snapshot(View::Public, lifts - 1.nanosecond()).unwrap()
    ));
    shelved.lift_embargoes(lifts);
    let after = (1, Stamp { revision: 10, release: None, released_at: Some(lifts) });
    assert_eq!(shown(lifts), after);
    assert_eq!(shown(now()), after, "a clock that lags does not bring the embargo back");
    assert_eq!(titles(&state, 1), ["Secret"]);
    assert!(!state.is_current(&public_now(1, 10, None), || lifts));
    let working = Dependency::Event(id(1), View::Working, Stamp { revision: 10, release: None, released_at: None });
    assert!(state.is_current(&working, || lifts));
}

#[test]
fn a_draft_has_no_public_side() {
    let state = begun(1);
    let live = state.catalogue.with_id(id(1)).unwrap().event.clone();
    let draft = Arc::new(Event { publication: Publication::Draft, ..Event::clone(&live) });
    let hide = change(11, 1, Some(Record::Event(live.clone())), Some(Record::Event(draft.clone())));
    let hidden = state.follow(&[hide], 11, PLENTY, now()).unwrap();
    assert_eq!(hidden.catalogue.with_id(id(1)).unwrap().event.publication, Publication::Draft);
    assert!(hidden.shelved(id(1)).unwrap().snapshot(View::Public, now()).is_none());
    assert!(hidden.shelved(id(1)).unwrap().snapshot(View::Working, now()).is_some());
    assert!(!hidden.is_current(&public_now(1, 10, None), now));
    let show = change(12, 1, Some(Record::Event(draft)), Some(Record::Event(live)));
    let shown = hidden.follow(&[show], 12, PLENTY, now()).unwrap();
    assert!(shown.shelved(id(1)).unwrap().snapshot(View::Public, now()).is_some());
}

#[test]
fn the_catalogue_follows_events_that_come_change_and_go() {
    let state = begun(2);
    let series = Series {
        id: id(900),
        slug: "series".to_owned(),
        name: "Series".to_owned(),
        description: None,
        created_at: now(),
        updated_at: now(),
    };
    let newest = Event { series: Some(series.id), ..event(3, "UTC", "2023-12-02", "2023-12-02") };
    let series = Record::Series(Arc::new(series));
    let come = [
        change(11, 3, None, Some(series.clone())),
        change(12, 3, None, Some(Record::Event(Arc::new(newest.clone())))),
        change(13, 3, None, Some(talk(100, "Talk", 1))),
    ];
    let state = state.follow(&come, 13, PLENTY, now()).unwrap();
    let first = &state.catalogue.side(View::Working).events[0];
    assert_eq!((first.event.id, first.revision), (id(3), 13));
    assert_eq!(first.series.as_ref().unwrap().name, "Series");

    let renamed = Event {
        slug: "renamed".to_owned(),
        starts_on: event(9, "UTC", "2021-12-02", "2021-12-02").starts_on,
        ..newest.clone()
    };
    let rename = change(14, 3, Some(Record::Event(Arc::new(newest))), Some(Record::Event(Arc::new(renamed.clone()))));
    let state = state.follow(&[rename], 14, PLENTY, now()).unwrap();
    assert_eq!(state.catalogue.side(View::Working).events[2].event.slug, "renamed");
    assert!(state.catalogue.with_slug("event-3").is_none());
    assert_eq!(state.catalogue.with_slug("renamed").unwrap().series.as_ref().unwrap().id, id(900));

    let known = event(2, "UTC", "2022-12-02", "2022-12-02");
    let joined = Event { series: Some(id(900)), ..known.clone() };
    let join = change(15, 2, Some(Record::Event(Arc::new(known.clone()))), Some(Record::Event(Arc::new(joined))));
    let with_series = state.follow(&[join], 15, PLENTY, now()).unwrap();
    assert!(with_series.catalogue.with_id(id(2)).unwrap().series.is_some(), "the series is known from another event");
    let unknown = Event { series: Some(id(901)), ..known.clone() };
    let unknown = change(15, 2, Some(Record::Event(Arc::new(known))), Some(Record::Event(Arc::new(unknown))));
    assert!(state.follow(&[unknown], 15, PLENTY, now()).is_none(), "a series that nobody knows has to be read");

    let go = [change(15, 3, Some(Record::Event(Arc::new(renamed))), None), change(16, 3, Some(series), None)];
    let state = state.follow(&go, 16, PLENTY, now()).unwrap();
    assert_eq!(state.catalogue.side(View::Working).events.len(), 2);
    assert!(state.catalogue.with_id(id(3)).is_none());
}

#[test]
fn headers_that_are_read_anew_keep_what_is_at_the_same_revision() {
    let state = begun(2).shelve(stored(2, 10), PLENTY, 0).unwrap().0;
    let next = state.with_headers(vec![header(1, 10), header(2, 11)], 11);
    assert!(next.shelved(id(1)).is_some() && next.shelved(id(2)).is_none());
    assert_eq!(next.sequence, Some(11));
}

/// Every revision has as many sessions as its number says, all with that number as title: a reader that sees anything
/// else has seen half a change.
#[test]
fn readers_see_whole_revisions_that_never_go_back() {
    const ROUNDS: i64 = 60;
    let current = Current::default();
    current.change(|_| Some((begun(1), ()))).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4).map(|_| scope.spawn(|| read_until(&current, &done))).collect();
        let mut sequence = 10;
        let mut before: Vec<Record> = Vec::new();
        for round in 1..=ROUNDS {
            let after: Vec<Record> = (0..round)
                .map(|number| {
                    talk(100 + u32::try_from(number).unwrap(), &round.to_string(), i32::try_from(round).unwrap())
                })
                .collect();
            let changes: Vec<Change> = after
                .iter()
                .enumerate()
                .map(|(place, record)| {
                    sequence += 1;
                    change(sequence, 1, before.get(place).cloned(), Some(record.clone()))
                })
                .collect();
            current.change(|state| Some((state.follow(&changes, sequence, PLENTY, now())?, ()))).unwrap();
            if round % 10 == 0 {
                // A load that was under way all the time comes too late and must not be put on the shelf.
                current.change(|state| state.shelve(stored(1, 10), PLENTY, 0));
            }
            before = after;
        }
        done.store(true, Ordering::Relaxed);
        let seen: usize = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        assert!(seen > 0);
    });
    assert_eq!(current.look(|state| titles(state, 1).len()), usize::try_from(ROUNDS).unwrap());
}

fn read_until(current: &Current, done: &AtomicBool) -> usize {
    let (mut newest, mut reads) = (0, 0);
    while !done.load(Ordering::Relaxed) || reads == 0 {
        for view in [View::Public, View::Working] {
            let shelved = current.look(|state| state.shelved(id(1)).cloned()).unwrap();
            let snapshot = shelved.snapshot(view, now()).unwrap();
            let sessions = &snapshot.document().sessions;
            let number = sessions.len().to_string();
            assert!(sessions.iter().all(|session| session.title == number), "half a change");
            assert_eq!(snapshot.schedule().iter().map(|day| day.rooms[0].slots.len()).sum::<usize>(), sessions.len());
            assert!(snapshot.stamp().revision >= newest, "went back");
            newest = snapshot.stamp().revision;
            reads += 1;
        }
    }
    reads
}

#[test]
fn kinds_without_items_are_not_looked_for() {
    let mut given = stored(1, 10);
    given.document.people.push(Arc::new(crate::content::Person::new(id(50), "Somebody", now())));
    given.document.papers.push(Arc::new(examples::paper(60, "Paper")));
    let shelved = Shelved::new(given);
    assert!(!shelved.shows(id(60)), "nothing is made yet");
    shelved.snapshot(View::Working, now());
    assert!(shelved.shows(id(60)));
    assert!(!shelved.shows(id(50)), "a person belongs to no event");
}
