//! Everything public that is not GraphQL: pages, feeds, JSON over HTTP, and what is told to those who run the server.

use plenary::feeds::{FEEDS, Feed, Values};
use plenary::rest::{COLLECTIONS, Collection};
use serde_json::{Value, json};

use super::answers::Answer;
use super::canaries::{FAR, sings};
use super::graphql::{assert_silent, told};
use super::world::{DRAFT, EDITION, ELSEWHERE, Guesses, OPEN, STABLE, STAGED, World};
use crate::harness::on_each_database;

/// What is about no event.
const GENERAL: [&str; 9] = [
    "/",
    "/events",
    "/events.json",
    "/events.json?fields=name,series",
    "/events.json?updatedSince=2022-01-01T00:00:00Z",
    "/openapi.json",
    "/healthz",
    "/nowhere",
    "/graphql/assets/nothing",
];
/// What is different on every server. How it does is told too: how many events it has in memory, drafts too, but nothing of
/// them.
const OPERATIONS: [&str; 3] = ["/readyz", "/metrics", "/.well-known/jwks.json"];

/// The addresses of an event, or of one of its releases, which lie below a path.
fn below(place: &str) -> Vec<String> {
    let feeds = FEEDS.iter().map(|feed| format!("{place}/{}", feed.path));
    let lists = COLLECTIONS.iter().map(|list| format!("{place}/{}.json", list.name));
    [place.to_owned(), format!("{place}.json"), format!("{place}/releases.json")]
        .into_iter()
        .chain(feeds)
        .chain(lists)
        .collect()
}

/// A feed with each parameter, and with values that mean something hidden.
fn choices(place: &str, feed: &Feed, guesses: &Guesses) -> Vec<String> {
    let mut addresses = Vec::new();
    for parameter in feed.parameters {
        let list = format!("{}s", parameter.name);
        let hidden = guesses.slugs.get(&list).or(guesses.slugs.get(parameter.name)).cloned();
        let values: Vec<String> = match parameter.values {
            Values::Of(values) => values.iter().map(|value| (*value).to_owned()).collect(),
            Values::Any | Values::Matching(_) => guesses.ids.iter().step_by(8).cloned().chain(hidden).collect(),
        };
        addresses.extend(values.iter().map(|value| format!("{place}/{}?{}={value}", feed.path, parameter.name)));
    }
    addresses
}

/// A collection with each parameter, and its items that are hidden.
fn questions(place: &str, list: &Collection, guesses: &Guesses) -> Vec<String> {
    let (name, id) = (list.name, &guesses.ids[0]);
    let mut addresses = vec![
        format!("{place}/{name}.json?limit=1"),
        format!("{place}/{name}.json?after={id}"),
        format!("{place}/{name}.json?updatedSince=2022-01-01T00:00:00Z"),
        format!("{place}/{name}.json?updatedSince={FAR}"),
        format!("{place}/{name}.json?unknown=zyzz"),
    ];
    addresses.extend(list.fields().iter().map(|field| format!("{place}/{name}.json?fields={field}")));
    let slug = guesses.slugs.get(name);
    addresses.extend(guesses.of_list[name].iter().chain(slug).map(|key| format!("{place}/{name}/{key}.json")));
    addresses
}

/// Everything that can be asked for.
fn addresses(guesses: &Guesses) -> Vec<String> {
    let mut addresses: Vec<String> = GENERAL.map(str::to_owned).to_vec();
    for event in [OPEN, STABLE, ELSEWHERE, DRAFT, EDITION, STAGED] {
        addresses.extend(below(&format!("/events/{event}")));
    }
    for event in [OPEN, STABLE] {
        let place = format!("/events/{event}");
        addresses.extend(FEEDS.iter().flat_map(|feed| choices(&place, feed, guesses)));
        addresses.extend(COLLECTIONS.iter().flat_map(|list| questions(&place, list, guesses)));
    }
    for number in 1..4 {
        addresses.extend(below(&format!("/events/{STABLE}/releases/{number}")));
    }
    addresses
}

async fn get_all(world: &World, token: Option<&str>, addresses: &[String]) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(addresses.len());
    for address in addresses {
        answers.push(world.get(token, address).await);
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_tells_of_what_is_hidden() {
    on_each_database(async |database| {
        let guesses = Guesses::new();
        let (world, without) = World::both(&database).await;
        let addresses = addresses(&guesses);
        let public = get_all(&world, None, &addresses).await;
        let same = get_all(&without, None, &addresses).await;
        for ((address, answer), same) in addresses.iter().zip(&public).zip(&same) {
            assert!(answer.status < 500, "{address}: {answer:?}");
            assert_silent("the public", address, answer, &world);
            assert!(world.is_same(answer, &without, same), "{address}: {answer:?}\nwithout secrets: {same:?}");
        }
        for address in OPERATIONS {
            assert_silent("the public", address, &world.get(None, address).await, &world);
        }
        // Whoever sends a token gets what everybody gets, also where the token opens more.
        let places: Vec<String> =
            [OPEN, STABLE, DRAFT].iter().flat_map(|event| below(&format!("/events/{event}"))).collect();
        for address in &places {
            let place = addresses.iter().position(|other| other == address).unwrap();
            let answer = world.get(Some(&world.owner), address).await;
            assert_eq!((&answer.status, &answer.body), (&public[place].status, &public[place].body), "{address}");
        }

        // Once the draft is public, each of its addresses tells of it: the search above could have found something.
        let input = json!({"event": DRAFT, "publication": "LIVE"});
        let made = world.desk.run(Some(&world.owner), "setPublication", "event { slug }", input).await;
        assert_eq!(made["event"]["slug"], DRAFT, "{made}");
        for address in below(&format!("/events/{DRAFT}")) {
            let answer = world.get(None, &address).await;
            let is_empty = address.ends_with("/releases.json");
            assert!(answer.status == 200 && (is_empty || sings(&told(&address, &answer))), "{address}: {answer:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_owner_was_answered_is_kept_for_nobody() {
    on_each_database(async |database| {
        let world = World::new(&database, true).await;
        let query =
            format!("{{ event(slug: \"{DRAFT}\", view: WORKING) {{ name sessions {{ nodes {{ title }} }} }} }}");
        let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let hash: String = {
            use sha2::Digest;
            sha2::Sha256::digest(query.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let extensions = json!({"persistedQuery": {"version": 1, "sha256Hash": hash}});
        let by_hash: String = url::form_urlencoded::byte_serialize(extensions.to_string().as_bytes()).collect();
        let addresses = [
            format!("/graphql?query={encoded}&extensions={by_hash}"),
            format!("/graphql?extensions={by_hash}"),
            format!("/graphql?query={encoded}"),
        ];
        let mut tags = vec!["\"none\"".to_owned()];
        for address in &addresses {
            let answer = world.get(Some(&world.owner), address).await;
            assert!(sings(&answer.body), "{address}: {answer:?}");
            assert!(answer.headers.contains(&"cache-control: private, no-store".to_owned()), "{answer:?}");
            tags.extend(answer.headers.iter().filter_map(|line| line.strip_prefix("etag: ")).map(str::to_owned));
        }
        for address in &addresses {
            for (who, token) in std::iter::once(("the public", None)).chain(world.each_stranger()) {
                for tag in &tags {
                    let request = world.desk.client.get(world.desk.url(address)).header("if-none-match", tag);
                    let request = token.iter().fold(request, reqwest::RequestBuilder::bearer_auth);
                    let answer = Answer::of(request).await;
                    assert_ne!(answer.status, 304, "{who} learns that nothing has changed: {answer:?}");
                    assert_silent(who, address, &answer, &world);
                    let body: Value = serde_json::from_str(&answer.body).unwrap();
                    assert!(body["data"]["event"].is_null(), "{who}: {body}");
                }
            }
        }
        // The cost is told of what is asked, and never of what is found.
        let cost = async |slug: &str| {
            let query = format!("{{ event(slug: \"{slug}\", view: WORKING) {{ papers {{ totalCount }} }} }}");
            let request = world.desk.client.post(world.desk.url("/graphql")).json(&json!({ "query": query }));
            let body: Value = request.header("plenary-cost", "1").send().await.unwrap().json().await.unwrap();
            body["extensions"]["cost"].clone()
        };
        let told = cost(DRAFT).await;
        assert!(told.is_object());
        assert_eq!(told, cost("no-such-event").await);
    })
    .await;
}
