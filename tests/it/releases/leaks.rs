//! What is staged in an event that is published by releases can't be got at before the next release.

use std::sync::Arc;

use plenary::content::{Document, Id, Markdown, Paper, Person, Role, Series};
use serde_json::Value;

use super::{at, document, followed, operator, put};
use crate::harness::database::open;
use crate::harness::{Server, on_each_database, sample};

/// In every staged text.
const CANARY: &str = "Zyzzyva";
const SLUG: &str = "zyzzyva";

/// The sample event with a secret in everything: every text is another, and there are a new paper, person and speaker.
fn staged(document: &Document) -> Document {
    let json = String::from_utf8(document.to_json()).unwrap();
    let mut staged: Document = serde_json::from_str(&json).unwrap();
    let event = Arc::make_mut(&mut staged.event);
    (event.name, event.slug, event.city) = (CANARY.to_owned(), SLUG.to_owned(), Some(CANARY.to_owned()));
    event.starts_on = plenary::content::Date(jiff::civil::date(2021, 1, 1));
    let series: &mut Series = Arc::make_mut(staged.series.as_mut().unwrap());
    (series.name, series.slug) = (CANARY.to_owned(), format!("{SLUG}-series"));
    for session in &mut staged.sessions {
        let session = Arc::make_mut(session);
        session.title = format!("{CANARY} {}", session.title);
        session.head.slug = format!("{SLUG}-{}", session.head.slug);
    }
    for person in &mut staged.people {
        Arc::make_mut(person).name = format!("{CANARY} {}", person.name);
    }
    staged.people.push(Arc::new(Person::new(sample::id(501), CANARY, sample::now())));
    let mut paper = Paper::new(sample::head(500, SLUG, 7), CANARY);
    paper.summary = Some(Markdown(CANARY.to_owned()));
    staged.papers.push(Arc::new(paper));
    let mut speaker = (*staged.participations(Role::Speaker)[0]).clone();
    (speaker.head, speaker.person) = (sample::head(502, SLUG, 9), sample::id(501));
    speaker.bio = Some(Markdown(CANARY.to_owned()));
    staged.participations_mut(Role::Speaker).push(Arc::new(speaker));
    staged.rooms.clear();
    for session in &mut staged.sessions {
        Arc::make_mut(session).room = None;
    }
    staged
}

/// Everything by which somebody could try to learn of it.
fn attempts(released: &Document) -> Vec<String> {
    let mut attempts: Vec<String> = [
        "{ events { totalCount nodes { slug name city revision series { name } } } }",
        "{ events(filter: {name: {contains: \"zyz\"}}) { totalCount } }",
        "{ events(filter: {slug: {startsWith: \"z\"}}) { totalCount } }",
        "{ events(filter: {city: {contains: \"Zyz\"}}) { totalCount nodes { slug } } }",
        "{ events(filter: {year: 2021}) { totalCount nodes { slug } } }",
        "{ events(orderBy: [{field: NAME}]) { nodes { slug } } }",
        "{ event(slug: \"zyzzyva\") { name } }",
        "{ series(slug: \"zyzzyva-series\") { name events { slug } } }",
        "{ series(slug: \"sample-series\") { name events { slug name } } }",
        "{ event(slug: \"sample\") { name slug city revision series { name slug } previousEdition { slug }
            rooms { name } speakers { totalCount nodes { slug bio { text } person { name } } } papers { totalCount }
            people { totalCount nodes { name } } sessions { totalCount nodes { slug title room { name } people { name } } }
            schedule { date rooms { room { name } } } releases { totalCount nodes { number publishedBy } } } }",
        "{ event(slug: \"sample\") { papers(filter: {title: {contains: \"Zyz\"}}) { totalCount } } }",
        "{ event(slug: \"sample\") { sessions(filter: {title: {contains: \"Zyz\"}}) { totalCount } } }",
        "{ event(slug: \"sample\") { search(query: \"Zyzzyva\") { totalCount nodes { title snippet { text } } } } }",
        "{ search(event: \"sample\", query: \"zyz\") { totalCount } }",
        "{ event(slug: \"sample\") { session(slug: \"zyzzyva-talk\") { title } paper(slug: \"zyzzyva\") { title } } }",
        "{ event(slug: \"sample\", release: 2) { name } }",
        "{ releaseDiff(event: \"sample\", from: 1) { to { number } changes { totalCount } } }",
        "{ releaseDiff(event: \"sample\", from: 0) { to { number } changes(first: 100) { totalCount nodes { __typename } } } }",
        "{ releaseDiff(event: \"sample\", from: 1, view: WORKING) { changes { totalCount } } }",
        "{ event(slug: \"sample\", view: WORKING) { name } }",
        "{ event(slug: \"sample\", view: WORKING, release: 1) { name } }",
        "mutation { publishRelease(input: {event: \"zyzzyva\", dryRun: true}) { diff { changes { totalCount } } } }",
        "mutation { publishRelease(input: {event: \"sample\", dryRun: true}) { diff { changes { totalCount } } } }",
    ]
    .map(str::to_owned)
    .to_vec();
    let ids = [500, 501, 502, 600].map(sample::id);
    let known = released.records().into_iter().map(|record| record.id());
    for id in ids.into_iter().chain(known) {
        attempts.push(node(id));
        attempts.push(format!("{{ nodes(ids: [\"{id}\"]) {{ id }} }}"));
    }
    attempts
}

fn node(id: Id) -> String {
    format!(
        "{{ node(id: \"{id}\") {{ __typename id ... on Session {{ title slug }} ... on Person {{ name }}
        ... on Event {{ name }} ... on Series {{ name }} ... on Paper {{ title }} ... on Room {{ name }}
        ... on Speaker {{ person {{ name }} }} }} }}"
    )
}

async fn answers(server: &Server, attempts: &[String]) -> Vec<Value> {
    let mut answers = Vec::new();
    for attempt in attempts {
        answers.push(server.graphql(attempt).await);
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_staged_changes_no_answer() {
    on_each_database(async |database| {
        let store = open(&database).await;
        put(&store, &document()).await;
        operator(&database, "mutation { publishRelease(input: {event: \"sample\"}) { release { number } } }").await;
        let server = Server::start(&database).await;
        let attempts = attempts(&document());
        let mut before = answers(&server, &attempts).await;
        put(&store, &staged(&document())).await;
        followed(&server, &store).await;
        // A server that loads everything only now shows the same, too.
        let fresh = Server::start(&database).await;
        for server in [&server, &fresh] {
            let after = answers(server, &attempts).await;
            for ((attempt, before), after) in attempts.iter().zip(&mut before).zip(after) {
                // The event by which the server is known to follow is in the lists of events, and nowhere else.
                if attempt.starts_with("{ events") {
                    assert!(!after.to_string().to_lowercase().contains(SLUG), "{attempt}: {after}");
                    continue;
                }
                assert_eq!(*before, after, "{attempt}");
                assert!(!after.to_string().to_lowercase().contains(SLUG), "{attempt}: {after}");
            }
            let found = server.graphql(&node(document().rooms[0].head.id)).await;
            assert_eq!(at(&found, "/data/node/name"), "Ballroom C", "what is released is found by its id");
            let events = server.graphql("{ events(filter: {year: 2021}) { totalCount } }").await;
            assert_eq!(at(&events, "/data/events/totalCount"), 0);
        }

        operator(&database, "mutation { publishRelease(input: {event: \"zyzzyva\"}) { release { number } } }").await;
        followed(&server, &store).await;
        let after = server.graphql("{ event(slug: \"zyzzyva\") { name } }").await;
        assert_eq!(at(&after, "/data/event/name"), CANARY, "once it is released everybody may know");
        let gone = server.graphql(&node(document().rooms[0].head.id)).await;
        assert!(at(&gone, "/data/node").is_null());
        server.stop().await;
        fresh.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_shows_nothing_that_never_was_public_or_is_held_back_since() {
    on_each_database(async |database| {
        let store = open(&database).await;
        let publish = async |slug: &str| {
            let query = format!("mutation {{ publishRelease(input: {{event: \"{slug}\"}}) {{ release {{ number }} }} }}");
            let answer = operator(&database, &query).await;
            assert!(at(&answer, "/data/publishRelease/release/number").is_number(), "{answer}");
        };
        let server = Server::start(&database).await;
        let papers = async |release: i32| {
            let query = format!(
                "{{ event(slug: \"sample\", release: {release}) {{ papers {{ nodes {{ slug }} }} releases {{ nodes {{ number }} }} }} }}"
            );
            let answer = server.graphql(&query).await;
            let nodes = answer.pointer("/data/event/papers/nodes").and_then(Value::as_array).cloned();
            nodes.map(|nodes| nodes.iter().map(|node| node["slug"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
        };
        // The first is made while the event is a draft: nobody ever saw it.
        let mut document = document();
        Arc::make_mut(&mut document.event).publication = plenary::content::Publication::Draft;
        put(&store, &document).await;
        publish("sample").await;
        Arc::make_mut(&mut document.event).publication = plenary::content::Publication::Released;
        // In the second, a paper is to appear in a moment; in the third, it is embargoed for longer.
        let soon = plenary::clock::Clock::System.now() + jiff::SignedDuration::from_secs(2);
        Arc::make_mut(&mut document.papers[0]).head.publish_at = Some(soon);
        put(&store, &document).await;
        publish("sample").await;
        Arc::make_mut(&mut document.papers[0]).head.publish_at = Some(soon + jiff::SignedDuration::from_hours(1));
        put(&store, &document).await;
        publish("sample").await;
        tokio::time::sleep(std::time::Duration::from_millis(2200)).await;
        followed(&server, &store).await;
        assert_eq!(papers(1).await, None, "it never was public");
        let seen = Some(vec!["another-paper".to_owned()]);
        assert_eq!((papers(2).await, papers(3).await), (seen.clone(), seen), "the embargo never ended");

        // The fourth shows both, and so it stays in the past, until one is held back.
        Arc::make_mut(&mut document.papers[0]).head.publish_at = None;
        put(&store, &document).await;
        publish("sample").await;
        publish("sample").await;
        followed(&server, &store).await;
        assert_eq!(papers(4).await.map(|papers| papers.len()), Some(2));
        Arc::make_mut(&mut document.papers[0]).head.published = false;
        put(&store, &document).await;
        publish("sample").await;
        followed(&server, &store).await;
        assert_eq!(papers(4).await.map(|papers| papers.len()), Some(1));
        let diff = "{ releaseDiff(event: \"sample\", from: 2, to: 4) { changes { nodes { __typename } } } }";
        assert!(!server.graphql(diff).await.to_string().contains("Paper"));
        // The operator sees all of it.
        let query = "{ event(slug: \"sample\", view: WORKING, release: 1) { papers { totalCount } releases { totalCount } } }";
        let working = operator(&database, query).await;
        assert_eq!(at(&working, "/data/event/papers/totalCount"), 2);
        assert_eq!(at(&working, "/data/event/releases/totalCount"), 6);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_belongs_to_whoever_is_public_under_it() {
    on_each_database(async |database| {
        let store = open(&database).await;
        let mut document = document();
        put(&store, &document).await;
        operator(&database, "mutation { publishRelease(input: {event: \"sample\"}) { release { number } } }").await;
        Arc::make_mut(&mut document.event).slug = "renamed".to_owned();
        put(&store, &document).await;
        let other = Document::new(sample::event(700, "sample"));
        let refused = store.put_document(&super::editor(), other.clone(), sample::now()).await;
        assert!(refused.unwrap_err().to_string().contains("public under the slug sample"));
        operator(&database, "mutation { publishRelease(input: {event: \"renamed\"}) { release { number } } }").await;
        put(&store, &other).await;
    })
    .await;
}
