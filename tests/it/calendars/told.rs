//! What calendars are told when the content changes, on both databases: a session that moves, is cancelled, goes and comes
//! back.

use std::sync::Arc;

use plenary::content::{
    Date, Document, Id, ImportantDate, ImportantDateKind, Kind, Moment, Publication, Record, Session, SessionStatus,
};
use plenary::publishing::Draft;
use plenary::store::{Store, Version};

use super::strict::Vcalendar;
use super::{calendar, nasty};
use crate::harness::database::open;
use crate::harness::{on_each_database, sample};
use crate::store::editor;

/// The event with two sessions.
fn two() -> Document {
    let mut document = nasty("Europe/Oslo", &["2026-03-29T00:30:00Z", "2026-03-29T04:30:00Z"]);
    Arc::make_mut(&mut document.event).publication = Publication::Live;
    document.sessions.iter_mut().for_each(|session| Arc::make_mut(session).number = 0);
    document
}

async fn stored(store: &Store, event: Id) -> Document {
    store.load(event).await.unwrap().unwrap().document
}

/// Changes one session as a mutation does, and answers what calendars then see.
async fn change(store: &Store, event: Id, session: Id, change: impl FnOnce(&mut Session) + Send) -> Vcalendar {
    let base = store.load(event).await.unwrap().unwrap();
    let edit = |draft: &mut Draft| {
        let mut item: Arc<Session> = draft.item(plenary::content::Kind::Session, session)?;
        change(Arc::make_mut(&mut item));
        draft.put(Record::Session(item));
        Ok(())
    };
    store.edit(&editor(), &base, &[], sample::now(), edit).await.unwrap().unwrap();
    calendar(&stored(store, event).await, "schedule.ics", &[])
}

async fn remove(store: &Store, event: Id, session: Id) -> Vcalendar {
    let base = store.load(event).await.unwrap().unwrap();
    let edit = |draft: &mut Draft| draft.remove(plenary::content::Kind::Session, session);
    store.edit(&editor(), &base, &[], sample::now(), edit).await.unwrap().unwrap();
    calendar(&stored(store, event).await, "schedule.ics", &[])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_counts_its_moves_and_nothing_else() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let document = two();
        let (event, id) = (document.event.id, document.sessions[0].head.id);
        store.put_document(&editor(), document.clone(), sample::now()).await.unwrap();
        let sequence = |calendar: &Vcalendar| calendar.event(id).sequence;
        let later = sample::at("2026-03-29T00:45:00Z");
        let calendar = change(&store, event, id, |session| session.title = "Other".to_owned()).await;
        assert_eq!(sequence(&calendar), 0, "a title is no move");
        let calendar = change(&store, event, id, |session| session.starts_at = Some(later)).await;
        assert_eq!((sequence(&calendar), calendar.event(id).start), (1, later));
        assert_eq!(stored(&store, event).await.sessions[0].moved_from, document.sessions[0].starts_at);
        let calendar =
            change(&store, event, id, |session| session.ends_at = Some(sample::at("2026-03-29T02:00:00Z"))).await;
        assert_eq!(sequence(&calendar), 2);
        let calendar = change(&store, event, id, |session| session.room = None).await;
        assert_eq!(sequence(&calendar), 3);
        let calendar = change(&store, event, id, |session| session.status = SessionStatus::Cancelled).await;
        assert_eq!((sequence(&calendar), calendar.event(id).status.as_str()), (4, "CANCELLED"));
        // The document comes again as it was exported, and as whoever wrote it has it.
        let exported = stored(&store, event).await;
        let written = store.put_document(&editor(), exported.clone(), sample::now()).await.unwrap();
        assert_eq!(written.updated, 0);
        let mut written_by_hand = exported.clone();
        written_by_hand.sessions.iter_mut().for_each(|session| Arc::make_mut(session).sequence = 0);
        let written = store.put_document(&editor(), written_by_hand, sample::now()).await.unwrap();
        assert_eq!(written.updated, 0);
        assert_eq!(stored(&store, event).await.to_json(), exported.to_json());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_stays_as_cancelled_and_may_come_back() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let document = two();
        let event = document.event.id;
        let [gone, hidden] = [0, 1].map(|place: usize| document.sessions[place].head.id);
        store.put_document(&editor(), document.clone(), sample::now()).await.unwrap();

        let told = remove(&store, event, gone).await;
        let tombstone = told.event(gone);
        assert_eq!((tombstone.status.as_str(), tombstone.sequence), ("CANCELLED", 1));
        assert_eq!(Some(tombstone.start), document.sessions[0].starts_at);
        assert_eq!(tombstone.texts["SUMMARY"], document.sessions[0].title);

        let told = change(&store, event, hidden, |session| session.head.published = false).await;
        let tombstone = told.event(hidden);
        assert_eq!((tombstone.status.as_str(), tombstone.sequence), ("CANCELLED", 1));
        assert_eq!(tombstone.texts["SUMMARY"], "Withdrawn session", "what is held back is held back");
        let told = change(&store, event, hidden, |session| session.head.published = true).await;
        assert_eq!((told.event(hidden).status.as_str(), told.event(hidden).sequence), ("CONFIRMED", 2));
        let told = change(&store, event, hidden, |session| (session.starts_at, session.ends_at) = (None, None)).await;
        assert_eq!((told.event(hidden).status.as_str(), told.event(hidden).sequence), ("CANCELLED", 3));

        // An import brings both back: not a word is lost, and the numbers go on.
        store.put_document(&editor(), document.clone(), sample::now()).await.unwrap();
        let back = stored(&store, event).await;
        let told = calendar(&back, "schedule.ics", &[]);
        assert_eq!((told.event(gone).status.as_str(), told.event(gone).sequence), ("CONFIRMED", 2));
        assert!(told.event(hidden).sequence > 3, "{}", told.event(hidden).sequence);
        assert_eq!(store.put_document(&editor(), document.clone(), sample::now()).await.unwrap().updated, 0);

        // What was exported is restored with all that calendars know.
        assert!(store.delete_event(&editor(), event, sample::now()).await.unwrap());
        store.restore_document(&editor(), back.clone(), sample::now()).await.unwrap();
        assert_eq!(stored(&store, event).await.to_json(), back.to_json());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_goes_stays_as_cancelled_and_may_come_back() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut document = two();
        let day = Date("2026-05-01".parse().unwrap());
        let moments = [Moment::end_of_day_anywhere_on_earth(day), Moment::end_of_day(day, &jiff::tz::TimeZone::UTC)];
        document.important_dates = (0..)
            .zip(moments)
            .map(|(place, moment)| {
                let head = sample::head(950 + place as u128, &format!("date-{place}"), place);
                Arc::new(ImportantDate {
                    head,
                    label: format!("Deadline {place}"),
                    kind: ImportantDateKind::Submission,
                    moment,
                    superseded: Vec::new(),
                    struck_through: false,
                    note: None,
                })
            })
            .collect();
        let event = document.event.id;
        let [gone, hidden] = [0, 1].map(|place: usize| document.important_dates[place].head.id);
        store.put_document(&editor(), document.clone(), sample::now()).await.unwrap();
        let edit = async |change: &(dyn Fn(&mut Draft) + Sync)| {
            let base = store.load(event).await.unwrap().unwrap();
            let edit = |draft: &mut Draft| {
                change(draft);
                Ok(())
            };
            store.edit(&editor(), &base, &[], sample::now(), edit).await.unwrap().unwrap();
            calendar(&stored(&store, event).await, "dates.ics", &[])
        };
        let publish = |draft: &mut Draft, id: Id, published: bool| {
            let mut date: Arc<ImportantDate> = draft.item(Kind::ImportantDate, id).unwrap();
            Arc::make_mut(&mut date).head.published = published;
            draft.put(Record::ImportantDate(date));
        };

        let told = edit(&|draft| draft.remove(Kind::ImportantDate, gone).unwrap()).await;
        let tombstone = told.event(gone);
        assert_eq!((tombstone.status.as_str(), tombstone.sequence), ("CANCELLED", 1));
        assert_eq!((tombstone.start, tombstone.is_whole_day), (document.important_dates[0].moment.at, false));
        assert_eq!(tombstone.texts["SUMMARY"], "Deadline 0");
        assert!(!calendar(&stored(&store, event).await, "schedule.ics", &[]).has(gone));

        let told = edit(&|draft| publish(draft, hidden, false)).await;
        let tombstone = told.event(hidden);
        assert_eq!((tombstone.status.as_str(), tombstone.is_whole_day), ("CANCELLED", true));
        assert_eq!(tombstone.texts["SUMMARY"], "Withdrawn date", "what is held back is held back");
        let off = tombstone.sequence;
        let told = edit(&|draft| publish(draft, hidden, true)).await;
        assert_eq!(told.event(hidden).status, "CONFIRMED");
        assert!(told.event(hidden).sequence > off);

        store.put_document(&editor(), document.clone(), sample::now()).await.unwrap();
        let told = calendar(&stored(&store, event).await, "dates.ics", &[]);
        assert_eq!(told.event(gone).status, "CONFIRMED");
        assert!(told.event(gone).sequence > 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_public_leaves_no_trace() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut document = two();
        let event = document.event.id;
        let [secret, later] = [0, 1].map(|place: usize| document.sessions[place].head.id);
        Arc::make_mut(&mut document.sessions[0]).head.published = false;
        Arc::make_mut(&mut document.sessions[1]).head.publish_at = Some(sample::at("2029-01-01T00:00:00Z"));
        store.put_document(&editor(), document, sample::now()).await.unwrap();
        remove(&store, event, secret).await;
        let told = remove(&store, event, later).await;
        assert!(told.events.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_tells_what_the_one_before_had() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let mut document = two();
        Arc::make_mut(&mut document.event).publication = Publication::Released;
        let event = document.event.id;
        let [gone, brief] = [document.sessions[0].head.id, sample::id(899)];
        store.put_document(&editor(), document.clone(), sample::now()).await.unwrap();
        store.publish(&editor(), event, Version::default(), sample::now()).await.unwrap().unwrap();
        // This one was written and taken away between two releases: nobody saw it.
        let mut staged = stored(&store, event).await;
        let mut session = Session::clone(&staged.sessions[1]);
        (session.head.id, session.head.slug, session.number) = (brief, "brief".to_owned(), 0);
        staged.sessions.push(Arc::new(session));
        store.put_document(&editor(), staged, sample::now()).await.unwrap();
        remove(&store, event, brief).await;
        let told = remove(&store, event, gone).await;
        assert_eq!(told.events.len(), 1, "what is staged is told by the next release");
        store.publish(&editor(), event, Version::default(), sample::now()).await.unwrap().unwrap();
        let released = store.release_document(event, 2).await.unwrap().unwrap();
        let told = calendar(&released, "schedule.ics", &[]);
        assert_eq!(told.event(gone).status, "CANCELLED");
        assert!(!told.has(brief));
        assert_eq!(stored(&store, event).await.to_json(), released.to_json());
    })
    .await;
}
