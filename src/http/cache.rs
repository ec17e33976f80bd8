//! What is kept in memory between requests: parsed documents, persisted texts and finished answers. Each has a budget
//! in bytes; what is used least leaves first. Nothing here is ever invalidated: answers carry what they were made from,
//! and whoever takes one out asks the shelf whether that is still current.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};
use sha2::{Digest, Sha256};

use super::answer::Answer;
use crate::config::CacheConfig;
use crate::graphql::execution::Prepared;

/// What a hash of SHA-256 stands for can't be chosen by an attacker, so it may be a key.
pub(super) type Fingerprint = [u8; 32];

/// A parsed document.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) prepared: Prepared,
    pub(super) fingerprint: Fingerprint,
    length: usize,
    /// Whether it asks for content only, and the schema has validated it: it stays valid as long as the server runs.
    is_trusted: AtomicBool,
    asks_for_schema: bool,
}

impl Document {
    pub(super) fn new(prepared: Prepared, fingerprint: Fingerprint, text: &str) -> Arc<Document> {
        let asks_for_schema = text.contains("__schema") || text.replace("__typename", "").contains("__type");
        Arc::new(Document {
            prepared,
            fingerprint,
            length: text.len(),
            is_trusted: AtomicBool::new(false),
            asks_for_schema,
        })
    }

    /// Whether it may run on the schema that trusts it.
    pub(super) fn is_trusted(&self) -> bool {
        self.is_trusted.load(Ordering::Relaxed)
    }

    /// The schema has validated the document.
    pub(super) fn found_valid(&self) {
        self.is_trusted.store(!self.asks_for_schema, Ordering::Relaxed);
    }
}

/// A request as it came over the wire: the body of a POST or the query string of a GET.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct RawRequest<'a> {
    pub(super) is_post: bool,
    pub(super) bytes: &'a [u8],
}

#[derive(Clone, PartialEq, Eq)]
struct OwnedRequest {
    is_post: bool,
    bytes: Bytes,
}

impl OwnedRequest {
    fn borrow(&self) -> RawRequest<'_> {
        RawRequest { is_post: self.is_post, bytes: &self.bytes }
    }
}

impl Hash for OwnedRequest {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.borrow().hash(state);
    }
}

impl Equivalent<OwnedRequest> for RawRequest<'_> {
    fn equivalent(&self, key: &OwnedRequest) -> bool {
        *self == key.borrow()
    }
}

#[derive(Clone)]
struct Weights;

impl Weighter<Fingerprint, Arc<Document>> for Weights {
    fn weight(&self, _key: &Fingerprint, document: &Arc<Document>) -> u64 {
        // A parsed document takes about twenty times its text.
        document.length as u64 + 64
    }
}

impl Weighter<Fingerprint, Arc<str>> for Weights {
    fn weight(&self, _key: &Fingerprint, text: &Arc<str>) -> u64 {
        text.len() as u64 + 64
    }
}

impl Weighter<Fingerprint, Arc<Answer>> for Weights {
    fn weight(&self, _key: &Fingerprint, answer: &Arc<Answer>) -> u64 {
        answer.weight()
    }
}

impl Weighter<OwnedRequest, Fingerprint> for Weights {
    fn weight(&self, request: &OwnedRequest, _answer: &Fingerprint) -> u64 {
        request.bytes.len() as u64 + 128
    }
}

/// Everything that is kept between requests.
pub(super) struct Caches {
    documents: Cache<Fingerprint, Arc<Document>, Weights>,
    persisted: Cache<Fingerprint, Arc<str>, Weights>,
    /// Which answer a request has, by its bytes: the same bytes always mean the same, so this never grows old.
    requests: Cache<OwnedRequest, Fingerprint, Weights>,
    answers: Cache<Fingerprint, Arc<Answer>, Weights>,
}

impl std::fmt::Debug for Caches {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Caches").field("answers", &self.answers.len()).finish_non_exhaustive()
    }
}

impl Caches {
    pub(super) fn new(config: &CacheConfig) -> Caches {
        Caches {
            documents: cache(1024, config.documents_bytes),
            persisted: cache(1024, config.persisted_bytes),
            requests: cache(4096, config.responses_bytes / 8),
            answers: cache(2048, config.responses_bytes - config.responses_bytes / 8),
        }
    }

    /// The answer that was kept for the very same request, current or not.
    pub(super) fn answer_to(&self, request: RawRequest<'_>) -> Option<Arc<Answer>> {
        let fingerprint = self.requests.get(&request)?;
        self.answers.get(&fingerprint)
    }

    /// Remembers which answer a request has.
    pub(super) fn remember(&self, request: RawRequest<'_>, answer: Fingerprint) {
        let owned = OwnedRequest { is_post: request.is_post, bytes: Bytes::copy_from_slice(request.bytes) };
        self.requests.insert(owned, answer);
    }

    pub(super) fn answer(&self, fingerprint: &Fingerprint) -> Option<Arc<Answer>> {
        self.answers.get(fingerprint)
    }

    pub(super) fn keep_answer(&self, fingerprint: Fingerprint, answer: Arc<Answer>) {
        self.answers.insert(fingerprint, answer);
    }

    pub(super) fn document(&self, fingerprint: &Fingerprint) -> Option<Arc<Document>> {
        self.documents.get(fingerprint)
    }

    pub(super) fn keep_document(&self, document: Arc<Document>) {
        self.documents.insert(document.fingerprint, document);
    }

    pub(super) fn persisted(&self, fingerprint: &Fingerprint) -> Option<Arc<str>> {
        self.persisted.get(fingerprint)
    }

    pub(super) fn persist(&self, fingerprint: Fingerprint, text: &str) {
        self.persisted.insert(fingerprint, text.into());
    }
}

/// A cache for a weight of `budget`; with 0, nothing stays in it.
fn cache<K: Eq + Hash, V: Clone>(items: usize, budget: u64) -> Cache<K, V, Weights>
where
    Weights: Weighter<K, V>,
{
    Cache::with_weighter(items, budget, Weights)
}

/// The fingerprint of a document's text.
pub(super) fn fingerprint(text: &str) -> Fingerprint {
    Sha256::digest(text.as_bytes()).into()
}

/// The fingerprint of everything that an answer depends on beside content: document, operation, variables, wishes.
pub(super) fn answer_fingerprint(
    document: &Fingerprint,
    operation_name: Option<&str>,
    variables: &serde_json::Map<String, serde_json::Value>,
    wants_cost: bool,
) -> Fingerprint {
    let mut hash = Sha256::new();
    hash.update(document);
    hash.update([u8::from(wants_cost), u8::from(operation_name.is_some())]);
    let name = operation_name.unwrap_or_default();
    hash.update((name.len() as u64).to_le_bytes());
    hash.update(name.as_bytes());
    // The map is ordered by key, so equal variables have equal texts.
    hash.update(serde_json::to_vec(variables).unwrap_or_default());
    hash.finalize().into()
}
