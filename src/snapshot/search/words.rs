//! Words and their stems: the same for what is searched, for the query, and for what is marked in a snippet.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use bm25::{DefaultTokenizer, Language, TokenEmbedder, Tokenizer};
use unicode_segmentation::UnicodeSegmentation;

/// Every word of a snapshot with its stems.
///
/// Texts are cut into words first and each word is stemmed by itself, so that a stem always leads back to a place in
/// the text. Each different word is stemmed once.
pub(super) struct Vocabulary {
    tokenizer: DefaultTokenizer,
    words: HashMap<String, Vec<String>>,
    /// Words without case and accents, to complete a word that is being typed.
    plain: BTreeMap<String, Vec<u64>>,
}

impl Vocabulary {
    /// An empty vocabulary for texts in a language, given as a BCP 47 tag; English where there is none.
    pub(super) fn new(language: Option<&str>) -> Self {
        Vocabulary {
            tokenizer: DefaultTokenizer::new(language_of(language)),
            words: HashMap::new(),
            plain: BTreeMap::new(),
        }
    }

    /// Takes the words of texts in; answers their stems, parted by spaces.
    pub(super) fn learn(&mut self, texts: &[&str]) -> String {
        let mut stems = String::new();
        for word in texts.iter().flat_map(|text| text.unicode_words()) {
            if !self.words.contains_key(word) {
                let stemmed = self.tokenizer.tokenize(word);
                self.words.insert(word.to_owned(), stemmed);
            }
            for stem in &self.words[word] {
                stems.push_str(stem);
                stems.push(' ');
            }
        }
        stems
    }

    /// Makes completions known, once everything is learnt.
    pub(super) fn finish(&mut self) {
        for (word, stems) in self.words.iter().filter(|(_, stems)| !stems.is_empty()) {
            let known = self.plain.entry(plain(word)).or_default();
            known.extend(stems.iter().map(|stem| u64::embed(stem)));
            known.sort_unstable();
            known.dedup();
        }
    }

    /// The stems of a query, each once, in order.
    pub(super) fn stems(&self, query: &str) -> Vec<u64> {
        let mut stems = Vec::new();
        for stem in query.unicode_words().flat_map(|word| self.tokenizer.tokenize(word)) {
            let stem = u64::embed(&stem);
            if !stems.contains(&stem) {
                stems.push(stem);
            }
        }
        stems
    }

    /// The stems of words that begin like the last word of a query, at most `most`. None when the query ends with
    /// something else than a word, or the word is a single ASCII letter: that would be nearly everything.
    pub(super) fn completions(&self, query: &str, most: usize) -> Vec<u64> {
        let last = query.unicode_word_indices().next_back().filter(|(start, word)| start + word.len() == query.len());
        let beginning = last.map(|(_, word)| plain(word)).unwrap_or_default();
        if beginning.len() < 2 {
            return Vec::new();
        }
        let words = self.plain.range(beginning.clone()..).take_while(|(word, _)| word.starts_with(&beginning));
        let mut stems: Vec<u64> = words.flat_map(|(_, stems)| stems).copied().take(most).collect();
        stems.sort_unstable();
        stems.dedup();
        stems
    }

    /// Where a text of the snapshot has words with one of these stems, and which.
    pub(super) fn find(&self, text: &str, stems: &[u64]) -> Vec<(Range<usize>, u64)> {
        let sought = |word: &str| {
            let known = self.words.get(word)?;
            known.iter().map(|stem| u64::embed(stem)).find(|stem| stems.contains(stem))
        };
        text.unicode_word_indices()
            .filter_map(|(start, word)| Some((start..start + word.len(), sought(word)?)))
            .collect()
    }
}

/// Cuts at spaces what [`Vocabulary::learn`] has put together.
pub(super) struct Spaces;

impl Tokenizer for Spaces {
    fn tokenize(&self, text: &str) -> Vec<String> {
        text.split(' ').filter(|stem| !stem.is_empty()).map(str::to_owned).collect()
    }
}

fn plain(word: &str) -> String {
    deunicode::deunicode(word).to_lowercase()
}

fn language_of(tag: Option<&str>) -> Language {
    let primary = tag.unwrap_or("en").split('-').next().unwrap_or_default().to_ascii_lowercase();
    match primary.as_str() {
        "ar" => Language::Arabic,
        "da" => Language::Danish,
        "nl" => Language::Dutch,
        "fr" => Language::French,
        "de" => Language::German,
        "el" => Language::Greek,
        "hu" => Language::Hungarian,
        "it" => Language::Italian,
        "nb" | "nn" | "no" => Language::Norwegian,
        "pt" => Language::Portuguese,
        "ro" => Language::Romanian,
        "ru" => Language::Russian,
        "es" => Language::Spanish,
        "sv" => Language::Swedish,
        "ta" => Language::Tamil,
        "tr" => Language::Turkish,
        _ => Language::English,
    }
}
