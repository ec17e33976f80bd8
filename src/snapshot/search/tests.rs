//! What is found, in which order, and how it is shown.

use std::sync::Arc;

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::super::examples;
use super::*;
use crate::content::{Markdown, Page, Paper, PaperAuthor, Participation, Person, Topic};

fn snapshot() -> Snapshot {
    let mut document = examples::document("UTC", "2022-12-02", "2022-12-02");
    let about = |number, title: &str, text: &str| Paper {
        summary: Some(Markdown(text.to_owned())),
        ..examples::paper(number, title)
    };
    let author = |number, name: &str, affiliation: &str| PaperAuthor {
        person: Some(examples::id(number)),
        name: name.to_owned(),
        affiliation: Some(affiliation.to_owned()),
        corresponding: false,
    };
    document.people = ["Éloïse Lefèvre", "Bo Li", "Ann Other"]
        .into_iter()
        .zip(100..)
        .map(|(name, number)| Arc::new(Person::new(examples::id(number), name, jiff::Timestamp::UNIX_EPOCH)))
        .collect();
    document.papers = vec![
        Arc::new(Paper {
            authors: vec![author(100, "É. Lefèvre", "Université de Montréal")],
            ..about(
                1,
                "Pruning Transformers",
                "We prune. Later we try *quantization*, distillation and <b>more</b> & others.",
            )
        }),
        Arc::new(about(2, "Quantization of Large Models", "Four bits are enough for every model that we tried.")),
        Arc::new(about(3, "Speech 語音 Recognition", "Nothing of the kind.")),
    ];
    document.speakers = vec![Arc::new(Participation {
        head: examples::head(10),
        role: crate::content::Role::Speaker,
        person: examples::id(101),
        honorific: None,
        affiliation: Some("Mila".to_owned()),
        photo: None,
        bio: Some(Markdown("Works on **federated** learning.".to_owned())),
        group: None,
    })];
    document.topics = vec![Arc::new(Topic {
        head: examples::head(20),
        title: "Efficient training".to_owned(),
        description: None,
        items: vec!["Quantization-aware training".to_owned()],
        special: false,
    })];
    document.pages = vec![Arc::new(Page {
        head: examples::head(30),
        title: "Overview".to_owned(),
        body: Markdown(format!(
            "{}The word federated is far in.\n\n{}",
            "One more filler. ".repeat(40),
            "End. ".repeat(90)
        )),
    })];
    examples::snapshot(document)
}

fn found(snapshot: &Snapshot, query: &str) -> Vec<String> {
    snapshot.search(query, None).iter().map(|hit| hit.title().to_owned()).collect()
}

#[test]
fn titles_weigh_more_and_everything_is_searched() {
    let snapshot = snapshot();
    let quantization = found(&snapshot, "quantization");
    assert_eq!(quantization[0], "Quantization of Large Models");
    assert_eq!(quantization.len(), 3, "{quantization:?}");
    assert_eq!(found(&snapshot, "federated learning")[0], "Bo Li");
    assert_eq!(found(&snapshot, "workshop"), ["Workshop 1000000"]);
    assert_eq!(found(&snapshot, "montreal"), ["Éloïse Lefèvre", "Pruning Transformers"]);
}

#[test]
fn case_accents_and_endings_do_not_matter() {
    let snapshot = snapshot();
    for query in ["eloise LEFEVRE", "Éloïse", "e\u{301}loi\u{308}se"] {
        assert_eq!(found(&snapshot, query)[0], "Éloïse Lefèvre", "{query}");
    }
    assert_eq!(found(&snapshot, "transformer")[0], "Pruning Transformers");
    assert_eq!(found(&snapshot, "音"), ["Speech 語音 Recognition"]);
}

#[test]
fn the_last_word_completes() {
    let snapshot = snapshot();
    for query in ["quant", "quantiz", "quantizatio", "large quanti"] {
        assert_eq!(found(&snapshot, query)[0], "Quantization of Large Models", "{query}");
    }
    assert!(found(&snapshot, "quant ").is_empty());
    assert!(found(&snapshot, "q").is_empty());
    let marked = snapshot.search("quanti", None)[0].snippet().html();
    assert!(marked.contains("<mark>Quantization</mark>"), "{marked}");
}

#[test]
fn kinds_narrow_the_search() {
    let snapshot = snapshot();
    let of = |kinds: &[Kind]| snapshot.search("federated", Some(kinds)).iter().map(|hit| hit.kind).collect::<Vec<_>>();
    assert_eq!(of(&[Kind::Page]), [Kind::Page]);
    assert_eq!(of(&[Kind::Speaker]), [Kind::Person]);
    assert_eq!(of(&[Kind::Person]), [Kind::Person]);
    assert!(of(&[Kind::Organizer]).is_empty());
    assert!(of(&[]).is_empty());
}

#[test]
fn a_snippet_shows_the_match_and_escapes_the_rest() {
    let snapshot = snapshot();
    let hit = &snapshot.search("distillation", None)[0];
    assert_eq!(
        hit.snippet().html(),
        "We prune. Later we try quantization, <mark>distillation</mark> and &lt;b&gt;more&lt;/b&gt; &amp; others. É. \
         Lefèvre Université de Montréal"
    );
    let page = &snapshot.search("federated", Some(&[Kind::Page]))[0].snippet();
    assert!(page.text.starts_with('…') && page.text.ends_with('…'), "{page:?}");
    assert!(page.text.chars().count() <= 202, "{page:?}");
    assert_eq!(page.highlights.iter().map(|range| &page.text[range.clone()]).collect::<Vec<_>>(), ["federated"]);
}

#[test]
fn nothing_is_found_for_nothing() {
    let snapshot = snapshot();
    for query in ["", "   ", "zzyzx", "!?", "\0"] {
        assert!(found(&snapshot, query).is_empty(), "{query}");
    }
}

fn check_snippet(snippet: &Snippet) -> Result<(), TestCaseError> {
    let boundaries: Vec<usize> =
        snippet.text.grapheme_indices(true).map(|(at, _)| at).chain([snippet.text.len()]).collect();
    let mut end = 0;
    for range in &snippet.highlights {
        prop_assert!(range.start < range.end && range.start >= end);
        prop_assert!(boundaries.contains(&range.start) && boundaries.contains(&range.end), "{:?}", snippet);
        end = range.end;
    }
    let html = snippet.html();
    prop_assert_eq!(html.matches('<').count(), snippet.highlights.len() * 2);
    Ok(())
}

proptest! {
    #[test]
    fn no_query_breaks_it(query in any::<String>()) {
        static SNAPSHOT: std::sync::LazyLock<Snapshot> = std::sync::LazyLock::new(snapshot);
        for hit in SNAPSHOT.search(&query, None) {
            prop_assert!(hit.score.is_finite() && hit.score > 0.0);
            check_snippet(&hit.snippet())?;
        }
    }

    #[test]
    fn any_text_finds_itself(text in "(\\PC| |\\n|e\u{301}|👩‍👩‍👧|<b>|&){1,400}", word in "[a-z]{4,8}xq") {
        let mut document = examples::document("UTC", "2022-12-02", "2022-12-02");
        let summary = Some(Markdown(format!("{text} {word} {text}")));
        document.papers = vec![Arc::new(Paper { summary, ..examples::paper(1, "Title") })];
        let snapshot = examples::snapshot(document);
        for query in [word.as_str(), text.as_str()] {
            for hit in snapshot.search(query, None) {
                let snippet = hit.snippet();
                check_snippet(&snippet)?;
                prop_assert!(snippet.text.chars().count() < 260, "{:?}", snippet);
            }
        }
    }
}
