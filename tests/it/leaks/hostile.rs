//! Content and requests that want to become something else: scripts in pages and feeds, SQL in names.

use plenary::feeds::FEEDS;
use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::answers::Answer;
use super::canaries::{json, plant, show};
use super::crawler::{Asked, Crawler};
use super::graphql::crawl;
use super::world::{Guesses, OPEN, World};
use crate::harness::{on_each_database, sample};

/// In every text that may be anything.
const SCRIPT: &str = "<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) \
    <svg/onload=alert(1)> ]]> <a href=\"javascript:alert(1)\">b</a>";
const START: u128 = 5000;

/// Puts the script where a free text is.
fn poison(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with("Hostile ") => SCRIPT.clone_into(text),
        Value::Array(values) => values.iter_mut().for_each(poison),
        Value::Object(fields) => fields.values_mut().for_each(poison),
        _ => {}
    }
}

/// Whether a piece of HTML does nothing.
fn is_harmless(html: &str) -> bool {
    let html = Html::parse_document(html);
    let every = Selector::parse("*").unwrap();
    html.select(&every).all(|element| {
        let is_active =
            ["script", "iframe", "object", "embed", "form", "base", "svg"].contains(&element.value().name());
        let does = |(name, value): (&str, &str)| {
            name.starts_with("on") || value.trim_start().to_ascii_lowercase().starts_with("javascript:")
        };
        !is_active && !element.value().attrs().any(does)
    })
}

/// Every text under a name that says that it is HTML.
fn pieces<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| pieces(value, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "html" => found.push(text),
                    value => pieces(value, found),
                }
            }
        }
        _ => {}
    }
}

fn has(answer: &Answer, header: &str) -> bool {
    answer.headers.iter().any(|line| line.starts_with(header))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_becomes_a_script() {
    on_each_database(async |database| {
        let mut hostile = json(&sample::document(START, "hostile"));
        show(&mut hostile);
        plant(&mut hostile, "Hostile");
        poison(&mut hostile);
        hostile["event"]["publication"] = json!("LIVE");
        let slug = hostile["event"]["slug"].as_str().unwrap().to_owned();
        let world = World::with(&database, hostile).await;

        let guesses = Guesses::new();
        let crawler = Crawler::of(&world).await;
        let queries = crawler.queries(Asked { event: &slug, view: "PUBLIC", guesses: &guesses }, |_| true);
        let mut checked = 0;
        for (query, answer) in queries.iter().zip(crawl(&world, None, &queries).await) {
            let body: Value = serde_json::from_str(&answer.body).unwrap();
            let mut found = Vec::new();
            pieces(&body, &mut found);
            for html in &found {
                assert!(is_harmless(html), "{query}: {html}");
            }
            checked += found.len();
        }
        assert!(checked > 50, "{checked} texts as HTML");

        let mut addresses: Vec<String> = FEEDS.iter().map(|feed| format!("/events/{slug}/{}", feed.path)).collect();
        addresses.extend([format!("/events/{slug}"), "/events".to_owned(), format!("/events/{slug}.json")]);
        for address in addresses {
            let answer = world.get(None, &address).await;
            assert_eq!(answer.status, 200, "{address}: {answer:?}");
            // Whatever it is, a browser does not take it for something else, and runs nothing in it.
            assert!(has(&answer, "x-content-type-options: nosniff"), "{address}");
            assert!(has(&answer, "content-security-policy: default-src 'none'"), "{address}");
            if has(&answer, "content-type: text/html") {
                assert!(answer.body.contains("alert(1)") && is_harmless(&answer.body), "{address}: {}", answer.body);
            }
            if has(&answer, "content-type: application/atom") {
                let (feed, as_html) = (Html::parse_document(&answer.body), Selector::parse("[type=html]").unwrap());
                let texts: Vec<String> = feed.select(&as_html).map(|one| one.text().collect()).collect();
                assert!(!texts.is_empty() && texts.iter().all(|text| is_harmless(text)), "{texts:?}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_becomes_a_statement() {
    on_each_database(async |database| {
        let world = World::new(&database, false).await;
        let attacks =
            ["' OR '1'='1", "\\\"; DROP TABLE event; --", "%", "_", "open' --", "open\\u0000", "') UNION SELECT 1 --"];
        for attack in attacks {
            for query in [
                format!("{{ found: event(slug: \"{attack}\") {{ name }} }}"),
                format!("{{ found: series(slug: \"{attack}\") {{ name }} }}"),
                format!("{{ found: event(slug: \"{OPEN}\") {{ session(slug: \"{attack}\") {{ title }} }} }}"),
                format!("{{ events(filter: {{slug: {{startsWith: \"{attack}\"}}}}) {{ nodes {{ name }} }} }}"),
                format!("{{ events(filter: {{name: {{contains: \"{attack}\"}}}}) {{ nodes {{ name }} }} }}"),
                format!("{{ found: node(id: \"{attack}\") {{ id }} }}"),
            ] {
                let answer = world.ask(None, &query).await;
                assert!(!answer.body.contains("INTERNAL") && answer.status < 500, "{query}: {answer:?}");
                let data: Value = serde_json::from_str::<Value>(&answer.body).unwrap()["data"].take();
                let found = data.to_string();
                assert!(!found.contains("\"name\":") && !found.contains("\"title\":"), "{query}: {found}");
            }
            let encoded: String = url::form_urlencoded::byte_serialize(attack.as_bytes()).collect();
            for address in [format!("/events/{encoded}.json"), format!("/events/{OPEN}/papers/{encoded}.json")] {
                let answer = world.get(None, &address).await;
                assert!((400..500).contains(&answer.status), "{address}: {answer:?}");
            }
        }
        let there = world.ask(None, "{ events { totalCount } }").await;
        assert!(there.body.contains("\"totalCount\":3"), "{there:?}");
    })
    .await;
}
