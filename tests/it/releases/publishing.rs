//! Release, edit, release again, look at the difference, look back, roll back.

use std::sync::Arc;

use plenary::content::{Document, SessionStatus};
use reqwest::header::IF_NONE_MATCH;
use serde_json::json;

use super::{SLUG, at, document, followed, operator, put};
use crate::harness::database::open;
use crate::harness::{Server, on_each_database, sample};

const SEEN: &str = "{ event(slug: \"sample\") { name revision publication release { number name note { markdown } }
    releases { totalCount nodes { number publishedBy } } sessions { nodes { slug title startsAt } }
    papers { totalCount } } }";

/// The sample event with another name, a talk at another time, a paper less, and a session cancelled.
fn edited() -> Document {
    let mut document = document();
    Arc::make_mut(&mut document.event).name = "Another Name".to_owned();
    let talk = document.sessions.iter_mut().find(|session| session.head.slug == "talk").unwrap();
    let talk = Arc::make_mut(talk);
    talk.title = "Another Title".to_owned();
    talk.starts_at = Some(sample::at("2022-12-03T15:00:00Z"));
    talk.ends_at = Some(sample::at("2022-12-03T16:00:00Z"));
    talk.status = SessionStatus::Cancelled;
    talk.room = None;
    document
}

async fn get(server: &Server, query: &str, tag: Option<&str>) -> reqwest::Response {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let request = reqwest::Client::new().get(server.url(&format!("/graphql?query={query}")));
    tag.into_iter().fold(request, |request, tag| request.header(IF_NONE_MATCH, tag)).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_sees_the_newest_release() {
    on_each_database(async |database| {
        let store = open(&database).await;
        put(&store, &document()).await;
        let server = Server::start(&database).await;
        assert_eq!(server.graphql(SEEN).await, json!({"data": {"event": null}}), "nothing is released yet");

        let publish = |name: &str, dry: bool| {
            format!(
                "mutation {{ publishRelease(input: {{event: \"{SLUG}\", name: \"{name}\", note: \"*New*\", dryRun: {dry}}}) {{
                release {{ number name publishedBy }} warnings {{ code recordIds message }} userErrors {{ field code }}
                diff {{ from {{ number }} to {{ number }} changes(first: 100) {{ totalCount nodes {{ __typename
                    ... on ItemAdded {{ title }} }} }} }} }} }}"
            )
        };
        let tried = operator(&database, &publish("First", true)).await;
        assert!(at(&tried, "/data/publishRelease/release").is_null(), "{tried}");
        assert!(at(&tried, "/data/publishRelease/diff/changes/totalCount").as_i64() > Some(5), "{tried}");
        let first = operator(&database, &publish("First", false)).await;
        let expected = json!({"number": 1, "name": "First", "publishedBy": "operator"});
        assert_eq!(at(&first, "/data/publishRelease/release"), &expected, "{first}");
        followed(&server, &store).await;
        let seen = get(&server, SEEN, None).await;
        let tag = seen.headers()["etag"].to_str().unwrap().to_owned();
        let before: serde_json::Value = seen.json().await.unwrap();
        assert_eq!(at(&before, "/data/event/release/number"), 1, "{before}");
        assert_eq!(at(&before, "/data/event/release/note/markdown"), "*New*");
        assert_eq!(at(&before, "/data/event/releases/nodes"), &json!([{"number": 1, "publishedBy": null}]));

        // Nothing of an edit is public, not even that there was one.
        put(&store, &edited()).await;
        followed(&server, &store).await;
        assert_eq!(get(&server, SEEN, Some(&tag)).await.status(), 304);
        assert_eq!(server.graphql(SEEN).await, before);

        operator(&database, &publish("Second", false)).await;
        followed(&server, &store).await;
        let after = server.graphql(SEEN).await;
        assert_eq!(at(&after, "/data/event/name"), "Another Name");
        assert_eq!(at(&after, "/data/event/release/number"), 2);
        assert_eq!(at(&after, "/data/event/releases/totalCount"), 2);
        assert_eq!(get(&server, SEEN, Some(&tag)).await.status(), 200);
        look_at_the_difference(&server).await;

        // A server that starts now sees the same.
        let other = Server::start(&database).await;
        assert_eq!(other.graphql(SEEN).await, after);
        other.stop().await;
        server.stop().await;
    })
    .await;
}

async fn look_at_the_difference(server: &Server) {
    let diff = "{ releaseDiff(event: \"sample\", from: 1, to: 2) { from { number } to { number name }
        changes { totalCount nodes { __typename
            ... on TitleChanged { kind title before node { id } }
            ... on SessionMoved { title before { startsAt room } after { startsAt room } }
            ... on SessionCancelled { title } } } } }";
    let diff = server.graphql(diff).await;
    assert_eq!(at(&diff, "/data/releaseDiff/from/number"), 1);
    assert_eq!(at(&diff, "/data/releaseDiff/to/name"), "Second");
    let changes = at(&diff, "/data/releaseDiff/changes/nodes").as_array().unwrap();
    let kinds: Vec<_> = changes.iter().map(|change| change["__typename"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["TitleChanged", "SessionMoved", "SessionCancelled", "TitleChanged"], "{diff}");
    assert_eq!(changes[0]["kind"], "EVENT");
    assert_eq!(changes[1]["after"], json!({"startsAt": "2022-12-03T09:00:00-06:00", "room": null}));
    assert_eq!(changes[1]["before"]["room"], "Ballroom C");
    assert_eq!((&changes[3]["title"], changes[3]["node"]["id"].is_string()), (&json!("Another Title"), true));

    let back = server.graphql(&SEEN.replace("\"sample\"", "\"sample\", release: 1")).await;
    assert_eq!(at(&back, "/data/event/name"), "Event sample");
    assert_eq!(at(&back, "/data/event/release/number"), 1);
    for missing in [0, 3, -1] {
        let query = format!("{{ event(slug: \"sample\", release: {missing}) {{ slug }} }}");
        assert_eq!(server.graphql(&query).await, json!({"data": {"event": null}}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_brings_a_release_back_as_a_new_one() {
    on_each_database(async |database| {
        let store = open(&database).await;
        put(&store, &document()).await;
        operator(&database, "mutation { publishRelease(input: {event: \"sample\"}) { release { number } } }").await;
        let first = store.release_document(sample::id(1), 1).await.unwrap().unwrap();
        let mut bare = Document::new((*document().event).clone());
        bare.series = document().series;
        put(&store, &bare).await;
        operator(&database, "mutation { publishRelease(input: {event: \"sample\"}) { release { number } } }").await;
        let server = Server::start(&database).await;
        assert_eq!(at(&server.graphql(SEEN).await, "/data/event/papers/totalCount"), 0);

        let back = |to: i32, dry: bool| {
            format!(
                "mutation {{ rollback(input: {{event: \"sample\", to: {to}, name: \"Back\", dryRun: {dry}}}) {{
                release {{ number }} userErrors {{ field code }} diff {{ changes {{ totalCount }} }}
                workingDiff {{ from {{ number }} to {{ number }} changes {{ totalCount nodes {{ __typename }} }} }} }} }}"
            )
        };
        let none = operator(&database, &back(7, false)).await;
        assert_eq!(at(&none, "/data/rollback/userErrors"), &json!([{"field": ["to"], "code": "NOT_FOUND"}]));
        let tried = operator(&database, &back(1, true)).await;
        assert!(at(&tried, "/data/rollback/release").is_null());
        assert!(at(&tried, "/data/rollback/diff/changes/totalCount").as_i64() > Some(5));
        // What is staged and was never released goes too, and the preview says so.
        let mut staged = bare.clone();
        Arc::make_mut(&mut staged.event).name = "Staged".to_owned();
        put(&store, &staged).await;
        let tried = operator(&database, &back(2, true)).await;
        assert_eq!(at(&tried, "/data/rollback/diff/changes/totalCount"), 0, "{tried}");
        let working = json!({"from": null, "to": {"number": 2},
            "changes": {"totalCount": 1, "nodes": [{"__typename": "TitleChanged"}]}});
        assert_eq!(at(&tried, "/data/rollback/workingDiff"), &working, "{tried}");
        let done = operator(&database, &back(1, false)).await;
        assert_eq!(at(&done, "/data/rollback/release/number"), 3, "{done}");
        let third = store.release_document(sample::id(1), 3).await.unwrap().unwrap();
        assert_eq!(plenary::publishing::diff(Some(&first), &third), [], "the content is what it was");
        assert_eq!(store.load(sample::id(1)).await.unwrap().unwrap().document, third);
        followed(&server, &store).await;
        let seen = server.graphql(SEEN).await;
        assert_eq!(at(&seen, "/data/event/papers/totalCount"), 2);
        assert_eq!(at(&seen, "/data/event/release/name"), "Back");
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn releases_at_once_are_numbered_one_after_the_other() {
    on_each_database(async |database| {
        let stores = [open(&database).await, open(&database).await];
        put(&stores[0], &document()).await;
        let publishing: Vec<_> = (0..12)
            .map(|turn| {
                let store = stores[turn % 2].clone();
                tokio::spawn(async move {
                    let version = plenary::store::Version::default();
                    store
                        .publish(&super::editor(), sample::id(1), version, sample::now())
                        .await
                        .unwrap()
                        .unwrap()
                        .number
                })
            })
            .collect();
        let mut numbers = Vec::new();
        for publishing in publishing {
            numbers.push(publishing.await.unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
        let releases = stores[0].releases(sample::id(1)).await.unwrap();
        assert!(releases.is_sorted_by_key(|release| (release.number, release.sequence)));
        assert_eq!(stores[0].newest_sequence().await.unwrap(), releases[11].sequence);
        assert_eq!(stores[0].load(sample::id(1)).await.unwrap().unwrap().revision, releases[11].sequence);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_an_event_is_decided_by_its_publication() {
    on_each_database(async |database| {
        let store = open(&database).await;
        put(&store, &document()).await;
        let server = Server::start(&database).await;
        let set = |publication: &str| {
            format!(
                "mutation {{ setPublication(input: {{event: \"sample\", publication: {publication}}}) {{
                event {{ publication }} userErrors {{ field code message }} }} }}"
            )
        };
        let name = "{ event(slug: \"sample\") { name publication } }";
        operator(&database, &set("LIVE")).await;
        followed(&server, &store).await;
        let live = json!({"data": {"event": {"name": "Event sample", "publication": "LIVE"}}});
        assert_eq!(server.graphql(name).await, live);
        let refused = operator(&database, &set("RELEASED")).await;
        assert_eq!(at(&refused, "/data/setPublication/userErrors/0/field"), &json!(["publication"]), "{refused}");
        followed(&server, &store).await;
        assert_eq!(server.graphql(name).await, live);

        operator(&database, "mutation { publishRelease(input: {event: \"sample\"}) { release { number } } }").await;
        let mut edited = super::document();
        Arc::make_mut(&mut edited.event).publication = plenary::content::Publication::Live;
        Arc::make_mut(&mut edited.event).name = "Later".to_owned();
        put(&store, &edited).await;
        let done = operator(&database, &set("RELEASED")).await;
        assert_eq!(at(&done, "/data/setPublication/event/publication"), "RELEASED");
        followed(&server, &store).await;
        let released = json!({"data": {"event": {"name": "Event sample", "publication": "RELEASED"}}});
        assert_eq!(server.graphql(name).await, released, "it is the release that is seen");
        operator(&database, &set("DRAFT")).await;
        followed(&server, &store).await;
        assert_eq!(server.graphql(name).await, json!({"data": {"event": null}}));

        // Nobody may without a token, who is told the same whether there is such an event or not.
        for (slug, code) in
            [("sample", "UNAUTHENTICATED"), ("nothing", "UNAUTHENTICATED"), ("marker-0", "UNAUTHENTICATED")]
        {
            put(&store, &Document::new(sample::event(800_000, "marker-0"))).await;
            followed(&server, &store).await;
            let answer = server
                .graphql(&format!(
                    "mutation {{ publishRelease(input: {{event: \"{slug}\"}}) {{ release {{ number }} }} }}"
                ))
                .await;
            assert_eq!(at(&answer, "/errors/0/extensions/code"), code, "{slug}: {answer}");
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embargo_in_a_release_ends_by_itself() {
    on_each_database(async |database| {
        let store = open(&database).await;
        let mut document = document();
        let (here, other) = (Server::start(&database).await, Server::start(&database).await);
        let lifts = plenary::clock::Clock::System.now() + jiff::SignedDuration::from_secs(3);
        Arc::make_mut(&mut document.papers[0]).head.publish_at = Some(lifts);
        put(&store, &document).await;
        operator(&database, "mutation { publishRelease(input: {event: \"sample\"}) { release { number } } }").await;
        followed(&here, &store).await;
        let papers = "{ event(slug: \"sample\") { papers { totalCount } } }";
        assert_eq!(at(&here.graphql(papers).await, "/data/event/papers/totalCount"), 1);
        // Staged: the next release would embargo the other paper too, and this one longer.
        for paper in &mut document.papers {
            Arc::make_mut(paper).head.publish_at = Some(lifts + jiff::SignedDuration::from_hours(1));
        }
        put(&store, &document).await;
        let after = Server::start(&database).await;
        tokio::time::sleep(std::time::Duration::from_secs(4)).await;
        for server in [&here, &other, &after] {
            assert_eq!(at(&server.graphql(papers).await, "/data/event/papers/totalCount"), 2);
        }
        for server in [here, other, after] {
            server.stop().await;
        }
    })
    .await;
}
