//! Every path through GraphQL, as everybody who comes: what the public must not see is in no answer, and changes none.

use std::collections::BTreeSet;

use serde_json::Value;

use super::answers::Answer;
use super::canaries::{forgotten, sings};
use super::crawler::{Asked, Crawler};
use super::world::{
    DRAFT, EDITION, ELSEWHERE, Guesses, HIDDEN_SERIES, OPEN, PRIVATE, SERIES, STABLE, STAGED, World, secret_documents,
};
use crate::harness::on_each_database;

/// Everything that is asked about the public view.
fn public_queries(crawler: &Crawler, guesses: &Guesses) -> Vec<String> {
    let mut queries = Vec::new();
    for event in [OPEN, STABLE] {
        queries.extend(crawler.queries(Asked { event, view: "PUBLIC", guesses }, |_| true));
    }
    // Of an event that is not there, nothing below is.
    for event in [DRAFT, EDITION, STAGED] {
        queries.extend(crawler.queries(Asked { event, view: "PUBLIC", guesses }, |name| name == "Query"));
    }
    queries.extend(HIDDEN_SERIES.map(|series| format!("{{ series(slug: \"{series}\") {{ id name }} }}")));
    queries.extend(about_the_past());
    queries.extend(by_id(guesses, "PUBLIC"));
    queries
}

/// What no list leads to: each release, and how each two of them differ.
fn about_the_past() -> Vec<String> {
    let mut queries = Vec::new();
    for number in 0..4 {
        queries.push(format!(
            "{{ event(slug: \"{STABLE}\", release: {number}) {{ name series {{ name }} people {{ nodes {{ id name }} }} \
             sessions {{ totalCount nodes {{ id title }} }} release {{ name note {{ text }} }} \
             releases {{ totalCount nodes {{ number name note {{ text }} publishedBy }} }} }} }}"
        ));
        for to in 0..4 {
            queries.push(format!(
                "{{ releaseDiff(event: \"{STABLE}\", from: {number}, to: {to}) {{ from {{ name }} to {{ name }} \
                 changes(first: 100) {{ totalCount nodes {{ __typename }} }} }} }}"
            ));
        }
    }
    queries
}

/// Every hidden record by its id.
fn by_id(guesses: &Guesses, view: &str) -> Vec<String> {
    let each = guesses.ids.iter().enumerate();
    let asks: Vec<String> = each.map(|(number, id)| format!("n{number}: node(id: \"{id}\") {{ id }}")).collect();
    let all: Vec<String> = guesses.ids.iter().map(|id| format!("\"{id}\"")).collect();
    let mut queries: Vec<String> = asks.chunks(50).map(|asks| format!("{{ {} }}", asks.join(" "))).collect();
    queries.extend(all.chunks(90).map(|ids| format!("{{ nodes(ids: [{}], view: {view}) {{ id }} }}", ids.join(", "))));
    queries
}

/// What a stranger may try to see of the working view.
fn working_queries(crawler: &Crawler, guesses: &Guesses) -> Vec<String> {
    let mut queries = Vec::new();
    for event in [OPEN, STABLE, STAGED, DRAFT, EDITION] {
        queries.extend(crawler.queries(Asked { event, view: "WORKING", guesses }, |name| name == "Query"));
    }
    queries.extend(by_id(guesses, "WORKING"));
    queries
}

pub(super) async fn crawl(world: &World, token: Option<&str>, queries: &[String]) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(queries.len());
    for query in queries {
        let answer = world.ask(token, query).await;
        for code in ["GRAPHQL_", "TOO_COMPLEX", "INTERNAL", "TIMEOUT"] {
            let found = answer.body.find(&format!("\"code\":\"{code}"));
            assert!(found.is_none(), "{query}: {}", answer.body);
        }
        answers.push(answer);
    }
    answers
}

/// What is told beyond what was asked with: an answer may repeat the names in a query or an address.
pub(super) fn told(asked: &str, answer: &Answer) -> String {
    let mut text = answer.text();
    for name in asked.split(['"', '/', '?', '=']).map(|name| name.trim_end_matches(".json")) {
        if name.len() > 4 && !name.contains([' ', '{']) {
            text = text.replace(name, "");
        }
    }
    text
}

pub(super) fn assert_silent(who: &str, query: &str, answer: &Answer, world: &World) {
    let told = told(query, answer);
    let place = || {
        let lower = told.to_lowercase();
        let at = lower.find("zyzzyva").or(lower.find(PRIVATE)).unwrap_or_default();
        told.chars().skip(at.saturating_sub(200)).take(400).collect::<String>()
    };
    assert!(!sings(&told), "{who} is told a secret by {query}: {}", place());
    assert!(!told.contains(PRIVATE), "{who} is told something private by {query}: {}", place());
    for secret in &world.secrets {
        assert!(!told.contains(secret), "{who} is told a secret of an account by {query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_hidden_is_told_and_nothing_hidden_changes_an_answer() {
    on_each_database(async |database| {
        let guesses = Guesses::new();
        let (world, without) = World::both(&database).await;
        let crawler = Crawler::of(&world).await;
        let queries = public_queries(&crawler, &guesses);
        eprintln!("{} queries, {} bytes", queries.len(), queries.iter().map(String::len).sum::<usize>());

        // Whoever may see everything asks first, so that every cache is full of it.
        crawl(&world, Some(&world.owner), &working_queries(&crawler, &guesses)).await;
        let begin = std::time::Instant::now();
        let public = crawl(&world, None, &queries).await;
        eprintln!("crawled in {:?}", begin.elapsed());
        let same = crawl(&without, None, &queries).await;
        for ((query, answer), same) in queries.iter().zip(&public).zip(&same) {
            assert_silent("the public", query, answer, &world);
            assert!(world.is_same(answer, &without, same), "{query}: {answer:?}\nwithout secrets: {same:?}");
        }
        let seen: String = public.iter().map(|answer| &*answer.body).collect();
        assert!(seen.contains("A paper") && seen.contains("Institute, at the time"), "the crawler sees what is public");

        for (who, token) in &world.strangers {
            for (query, public) in queries.iter().zip(&public) {
                let answer = &crawl(&world, Some(token), std::slice::from_ref(query)).await[0];
                assert_silent(who, query, answer, &world);
                // Only of themselves and of their own event they are told more.
                if !query.contains(" viewer") && !public.body.contains(ELSEWHERE) {
                    assert_eq!(answer.body, public.body, "{who} is told something else by {query}");
                }
            }
        }
        for (who, token) in std::iter::once(("the public", None)).chain(world.each_stranger()) {
            let queries = working_queries(&crawler, &guesses);
            for (query, answer) in queries.iter().zip(crawl(&world, token, &queries).await) {
                assert_silent(who, query, &answer, &world);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_see_everything_finds_every_canary() {
    on_each_database(async |database| {
        let guesses = Guesses::new();
        let world = World::new(&database, true).await;
        let openapi: Value = serde_json::from_str(&world.get(None, "/openapi.json").await.body).unwrap();
        let forgotten = forgotten(&openapi["components"]["schemas"], &secret_documents());
        assert!(forgotten.is_empty(), "fill these in in the sample: {forgotten:#?}");

        let crawler = Crawler::of(&world).await;
        let asked = |event| Asked { event, view: "WORKING", guesses: &guesses };
        let reached = crawler.reached(asked(OPEN));
        assert!(crawler.nodes().iter().all(|node| reached.contains(*node)), "{reached:?}");
        let mut queries = Vec::new();
        for event in [OPEN, STAGED, DRAFT, EDITION] {
            queries.extend(crawler.queries(asked(event), |_| true));
        }
        queries.push(format!("{{ series(slug: \"{SERIES}\", view: WORKING) {{ id }} }}"));
        let seen = |answers: &[Answer]| answers.iter().map(|answer| &*answer.body).collect::<Vec<_>>().join("\n");
        let all = seen(&crawl(&world, Some(&world.owner), &queries).await);
        let unseen: BTreeSet<&String> = guesses.songs.iter().filter(|song| !all.contains(&***song)).collect();
        assert!(unseen.is_empty(), "the crawler would not notice these: {unseen:#?}");
        for private in ["quagga@", "quagga-hook", "quagga token", "quagga-open@"] {
            assert!(all.contains(private), "the crawler would not notice {private}");
        }
        assert!(world.secrets.iter().all(|secret| !all.contains(secret)), "secrets are told once");

        // The working view is for every member, what is private to accounts only for those who manage them.
        let of_one = crawler.queries(asked(OPEN), |_| true);
        for (who, token) in [("a reviewer", &world.reviewer), ("an editor", &world.editor), ("a reader", &world.reader)]
        {
            let answers = crawl(&world, Some(token), &of_one).await;
            assert!(sings(&seen(&answers)), "{who} sees what is hidden");
            for (query, answer) in of_one.iter().zip(&answers) {
                assert!(
                    !answer.text().contains(PRIVATE),
                    "{who} is told something private by {query}: {}",
                    answer.body
                );
            }
        }
    })
    .await;
}
