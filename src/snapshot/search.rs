//! Search over everything in a snapshot, ranked by BM25.
//!
//! Pure, and built when first asked for: an edit costs no indexing until somebody searches. It finds only what is in
//! the snapshot, so what the public must not see is neither found nor weighed.

mod snippet;
mod texts;
mod words;

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bm25::{Embedder, EmbedderBuilder, Embedding, Scorer};

use super::Snapshot;
use crate::content::{Document, Id, Kind};
pub use snippet::Snippet;
use texts::Text;
use words::{Spaces, Vocabulary};

/// The most characters of a query that are looked at; callers refuse longer ones.
pub const MAX_QUERY: usize = 256;

/// What a match in the title weighs beside one in the whole text, which contains the title too.
const TITLE: f32 = 2.0;
/// What a word weighs that only begins like the last word of the query.
const PREFIX: f32 = 0.3;
/// The most words that the last word of a query is taken to be the beginning of.
const MOST_COMPLETIONS: usize = 64;

/// Something that was found.
#[derive(Clone)]
pub struct Hit {
    /// Which kind of record it is. What a person is at the event is found as the person.
    pub kind: Kind,
    /// Its id.
    pub id: Id,
    /// How well it matches: finite, above 0, comparable only within one search.
    pub score: f32,
    text: Arc<Text>,
    vocabulary: Arc<Vocabulary>,
    sought: Arc<[u64]>,
}

impl Hit {
    /// What it is called.
    pub fn title(&self) -> &str {
        &self.text.title
    }

    /// The piece of its text that matches best; of its title, where nothing but the title matches.
    pub fn snippet(&self) -> Snippet {
        let matches = |text: &str| -> Vec<(Range<usize>, u64)> { self.vocabulary.find(text, &self.sought) };
        let found = matches(&self.text.body);
        if found.is_empty() {
            Snippet::new(&self.text.title, &matches(&self.text.title))
        } else {
            Snippet::new(&self.text.body, &found)
        }
    }
}

impl fmt::Debug for Hit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {:?} {}", self.kind.name(), self.id, self.text.title, self.score)
    }
}

impl Snapshot {
    /// Everything that matches a query, best first, then by kind and id, so that the order is total and the same on
    /// every replica.
    ///
    /// A record matches when it has one of the words, whatever their case, accents and endings; the last word also
    /// matches as the beginning of a word. With `kinds`, only records of these kinds are found; a kind of participation
    /// finds the people who are that. Only the first [`MAX_QUERY`] characters of a query count.
    pub fn search(&self, query: &str, kinds: Option<&[Kind]>) -> Vec<Hit> {
        self.search.get_or_init(|| Index::new(&self.document)).search(query, kinds)
    }
}

/// The words of a snapshot, and where they are.
pub(super) struct Index {
    texts: Vec<Arc<Text>>,
    vocabulary: Arc<Vocabulary>,
    titles: Scorer<u32, u64>,
    wholes: Scorer<u32, u64>,
}

impl fmt::Debug for Index {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "search::Index({} texts)", self.texts.len())
    }
}

impl Index {
    pub(super) fn new(document: &Document) -> Self {
        let texts: Vec<Arc<Text>> = texts::of(document).into_iter().map(Arc::new).collect();
        let mut vocabulary = Vocabulary::new(document.event.language.as_deref());
        let titles: Vec<String> = texts.iter().map(|text| vocabulary.learn(&[&text.title])).collect();
        let wholes: Vec<String> = texts.iter().map(|text| vocabulary.learn(&[&text.title, &text.body])).collect();
        vocabulary.finish();
        Index { texts, vocabulary: Arc::new(vocabulary), titles: scorer(&titles), wholes: scorer(&wholes) }
    }

    fn search(&self, query: &str, kinds: Option<&[Kind]>) -> Vec<Hit> {
        let query: String = query.chars().take(MAX_QUERY).collect();
        let exact = self.vocabulary.stems(&query);
        let mut begun = self.vocabulary.completions(&query, MOST_COMPLETIONS);
        begun.retain(|stem| !exact.contains(stem));
        let mut scores: HashMap<u32, f32> = HashMap::new();
        for (stems, weight) in [(&exact, 1.0), (&begun, PREFIX)] {
            let stems = as_query(stems);
            for (scorer, field) in [(&self.titles, TITLE), (&self.wholes, 1.0)] {
                for scored in scorer.matches(&stems) {
                    *scores.entry(scored.id).or_default() += scored.score * weight * field;
                }
            }
        }
        let sought: Arc<[u64]> = exact.into_iter().chain(begun).collect();
        let wanted = |text: &Text| kinds.is_none_or(|kinds| text.kinds.iter().any(|kind| kinds.contains(kind)));
        let mut hits: Vec<Hit> = scores
            .into_iter()
            .filter(|(place, score)| score.is_finite() && *score > 0.0 && wanted(&self.texts[*place as usize]))
            .map(|(place, score)| {
                let text = self.texts[place as usize].clone();
                let (vocabulary, sought) = (self.vocabulary.clone(), sought.clone());
                Hit { kind: text.kinds[0], id: text.id, score, text, vocabulary, sought }
            })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (a.kind, a.id).cmp(&(b.kind, b.id))));
        hits
    }
}

/// Weighs the words of texts that were learnt by the vocabulary.
fn scorer(texts: &[String]) -> Scorer<u32, u64> {
    let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
    let embedder: Embedder<u64, Spaces> = EmbedderBuilder::with_tokenizer_and_fit_to_corpus(Spaces, &borrowed).build();
    let mut scorer = Scorer::new();
    for (place, text) in (0..).zip(texts) {
        // The library repeats a word as often as it occurs, with the same value; once is enough to look it up.
        let mut embedding = embedder.embed(text);
        embedding.0.sort_by_key(|word| word.index);
        embedding.0.dedup_by_key(|word| word.index);
        scorer.upsert(&place, embedding);
    }
    scorer
}

fn as_query(stems: &[u64]) -> Embedding<u64> {
    Embedding(stems.iter().map(|stem| bm25::TokenEmbedding { index: *stem, value: 1.0 }).collect())
}

#[cfg(test)]
mod tests;
