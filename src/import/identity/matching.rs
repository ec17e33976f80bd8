//! Pairs of new and stored records by what they are known by: equal keys first, then texts that are much alike.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::content::Id;

/// What records are known by, the most telling first; a record without a key is not matched by it.
pub(super) type Keys<'a, T> = &'a [&'a dyn Fn(&T) -> Option<String>];

/// The most pairs of texts that are compared letter by letter.
const MAX_COMPARISONS: usize = 250_000;

/// What two spellings of a text have in common: no capitals, accents, punctuation or spare blanks.
pub(super) fn key(text: &str) -> String {
    let plain = deunicode::deunicode(text).to_lowercase();
    let words: Vec<&str> =
        plain.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { text.trim().to_lowercase() } else { words.join(" ") }
}

/// Pairs records by keys, one key after the other. Of several with the same key the first goes to the first.
pub(super) fn pair<T>(
    new: &[&T],
    stored: &[&T],
    id: impl Fn(&T) -> Id,
    keys: Keys<'_, T>,
    found: &mut HashMap<Id, Id>,
) {
    let mut taken: HashSet<Id> = found.values().copied().collect();
    for key in keys {
        let mut free: HashMap<String, VecDeque<Id>> = HashMap::new();
        for record in stored.iter().filter(|record| !taken.contains(&id(record))) {
            if let Some(key) = key(record) {
                free.entry(key).or_default().push_back(id(record));
            }
        }
        for record in new {
            if found.contains_key(&id(record)) {
                continue;
            }
            if let Some(kept) = key(record).and_then(|key| free.get_mut(&key)?.pop_front()) {
                found.insert(id(record), kept);
                taken.insert(kept);
            }
        }
    }
}

/// Pairs what is left with the stored record whose text is most alike, from `least` (0 to 1) on.
pub(super) fn pair_similar<T>(
    new: &[&T],
    stored: &[&T],
    id: impl Fn(&T) -> Id,
    text: impl Fn(&T) -> String,
    least: f64,
    found: &mut HashMap<Id, Id>,
) {
    let taken: HashSet<Id> = found.values().copied().collect();
    let mut free: Vec<(Id, String)> =
        stored.iter().filter(|record| !taken.contains(&id(record))).map(|record| (id(record), text(record))).collect();
    let left = new.iter().filter(|record| !found.contains_key(&id(record))).count();
    if left * free.len() > MAX_COMPARISONS {
        // Nearly everything is another: it is not the same list any more.
        return;
    }
    for record in new {
        if found.contains_key(&id(record)) || free.is_empty() {
            continue;
        }
        let own = text(record);
        let alike = free.iter().enumerate().map(|(at, (_, other))| (at, strsim::normalized_levenshtein(&own, other)));
        let best = alike.max_by(|one, other| one.1.total_cmp(&other.1)).filter(|(_, alike)| *alike >= least);
        if let Some((at, _)) = best {
            found.insert(id(record), free.swap_remove(at).0);
        }
    }
}
