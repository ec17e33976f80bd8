//! Importing twice changes nothing, and a correction changes what it corrects.

use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::content::{AttendanceMode, Date, Head, Kind, Publication, SessionKind, SessionPart, SessionPerson, slugify};
use crate::publishing::diff;

fn fresh() -> Id {
    Id(Uuid::now_v7())
}

fn now() -> Timestamp {
    "2030-01-01T00:00:00Z".parse().unwrap()
}

/// A document as a reader makes it, with fresh ids: people who give sessions, some of them of papers.
fn imported(people: &[String], titles: &[String]) -> Document {
    let day = Date(jiff::civil::date(2030, 5, 3));
    let mut document = Document::new(Event {
        id: fresh(),
        slug: "test".to_owned(),
        name: "Test".to_owned(),
        acronym: None,
        edition: None,
        series: None,
        host_conference: None,
        description: None,
        starts_on: day,
        ends_on: day,
        time_zone: "UTC".to_owned(),
        attendance_mode: AttendanceMode::Online,
        venue: None,
        city: None,
        country: None,
        website: None,
        contact_email: None,
        banner: None,
        social_links: Vec::new(),
        language: None,
        publication: Publication::Live,
        withdrawn: Vec::new(),
        created_at: now(),
        updated_at: now(),
    });
    let mut slugs = HashSet::new();
    let mut head = |kind: Kind, text: &str, position: usize| {
        let mut slug = slugify(text);
        while !slugs.insert((kind, slug.clone())) {
            slug = format!("{}-2", slug.chars().take(70).collect::<String>().trim_end_matches('-'));
        }
        Head::new(fresh(), slug, i32::try_from(position).unwrap(), now())
    };
    for name in people {
        document.people.push(Arc::new(Person::new(fresh(), name.clone(), now())));
    }
    for (position, title) in titles.iter().enumerate() {
        let mut session = Session::new(head(Kind::Session, title, position), SessionKind::Talk, title.clone());
        session.starts_at = now().checked_add(jiff::Span::new().minutes(i64::try_from(position).unwrap() * 10)).ok();
        if position % 2 == 0 {
            let paper = Paper::new(head(Kind::Paper, title, position / 2), title.clone());
            session.paper = Some(paper.head.id);
            document.papers.push(Arc::new(paper));
        }
        if let Some(person) = document.people.get(position) {
            session.people.push(SessionPerson { person: person.id, part: SessionPart::Speaker });
        }
        document.sessions.push(Arc::new(session));
    }
    document.drop_unreferenced();
    document.sort();
    document
}

fn again(document: Document, stored: &Document) -> Document {
    let known = Known { stored: Some(stored.clone()), ..Known::default() };
    keep(document, known, &mut Diagnostics::default())
}

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_corrected_title_changes_that_item() {
    let people = words(&["Ada Lovelace", "Grace Hopper", "Emmy Noether"]);
    let stored = imported(&people, &words(&["Opening", "Programing by hand", "Rings"]));
    let corrected = again(imported(&people, &words(&["Opening", "Programming by hand", "Rings"])), &stored);
    let edits = diff(Some(&stored), &corrected);
    assert_eq!(edits.len(), 1, "{edits:?}");
    assert_eq!(edits[0].id, stored.sessions[1].head.id);
    assert_eq!(corrected.sessions[1].head.slug, "programing-by-hand");
}

#[test]
fn a_quite_different_title_of_the_same_talk_keeps_its_id() {
    let people = words(&["Ada Lovelace", "Grace Hopper"]);
    let stored = imported(&people, &words(&["One", "TBD"]));
    let corrected = again(imported(&people, &words(&["One", "Compilers for everybody"])), &stored);
    assert_eq!(corrected.sessions[1].head.id, stored.sessions[1].head.id);
    assert_eq!(diff(Some(&stored), &corrected).len(), 1);
}

#[test]
fn talks_of_one_title_that_change_places_stay_with_those_who_give_them() {
    let titles = words(&["Keynote", "Keynote", "Keynote"]);
    let stored = imported(&words(&["Ada Lovelace", "Grace Hopper", "Emmy Noether"]), &titles);
    let swapped = again(imported(&words(&["Grace Hopper", "Ada Lovelace", "Emmy Noether"]), &titles), &stored);
    let given = |document: &Document, name: &str| {
        let person = document.people.iter().find(|person| person.name == name).unwrap().id;
        document.sessions.iter().find(|session| session.people[0].person == person).unwrap().head.id
    };
    for name in ["Ada Lovelace", "Grace Hopper", "Emmy Noether"] {
        assert_eq!(given(&swapped, name), given(&stored, name), "{name}");
    }
}

#[test]
fn an_item_more_moves_nothing_else() {
    let stored = imported(&[], &words(&["Alpha", "Beta", "Gamma", "Delta"]));
    let more = again(imported(&[], &words(&["Alpha", "Beta", "Gamma", "Delta", "Epsilon"])), &stored);
    assert_eq!(diff(Some(&stored), &more).iter().filter(|edit| edit.before.is_some()).count(), 0);
}

#[test]
fn held_back_items_and_drafts_stay_so() {
    let mut stored = imported(&[], &words(&["Alpha"]));
    Arc::make_mut(&mut stored.sessions[0]).head.published = false;
    Arc::make_mut(&mut stored.event).publication = Publication::Draft;
    let mut diagnostics = Diagnostics::default();
    let known = Known { stored: Some(stored.clone()), ..Known::default() };
    let kept = keep(imported(&[], &words(&["Alpha"])), known, &mut diagnostics);
    assert!(diff(Some(&stored), &kept).is_empty());
    assert_eq!(diagnostics.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["held-back"]);
}

#[test]
fn people_of_other_editions_are_the_same_people() {
    let mut known = Person::new(fresh(), "Émile Zola", now());
    known.affiliation = Some("Elsewhere".to_owned());
    let document = imported(&words(&["Emile Zola"]), &words(&["Talk"]));
    let kept = keep(document, Known { people: vec![known.clone()], ..Known::default() }, &mut Diagnostics::default());
    assert_eq!(*kept.people[0], known);
    assert_eq!(kept.sessions[0].people[0].person, known.id);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn importing_twice_changes_nothing(
        people in proptest::collection::vec("[A-C][a-c]{1,3} [A-C][a-c]{1,2}", 0..6),
        titles in proptest::collection::vec("[A-B][a-b]{0,3}( [a-b]{1,3}){0,2}", 0..12),
    ) {
        let stored = imported(&people, &titles);
        let kept = again(imported(&people, &titles), &stored);
        prop_assert_eq!(diff(Some(&stored), &kept), vec![]);
    }

    #[test]
    fn whatever_changes_no_id_or_slug_is_there_twice(
        before in proptest::collection::vec("[A-B][a-b]{0,3}", 0..10),
        after in proptest::collection::vec("[A-B][a-b]{0,3}", 0..10),
    ) {
        let stored = imported(&[], &before);
        let kept = again(imported(&[], &after), &stored);
        let mut ids = HashSet::new();
        let mut slugs = HashSet::new();
        for session in &kept.sessions {
            prop_assert!(ids.insert(session.head.id) && slugs.insert(session.head.slug.clone()));
        }
        let titles: Vec<String> = kept.sessions.iter().map(|session| session.title.clone()).collect();
        prop_assert_eq!(titles, after);
        let third = again(imported(&[], &kept.sessions.iter().map(|s| s.title.clone()).collect::<Vec<_>>()), &kept);
        prop_assert_eq!(diff(Some(&kept), &third), vec![]);
    }
}
