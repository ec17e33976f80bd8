//! A finished answer: its bytes, their compressed forms and their entity tags. It knows no GraphQL.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::negotiation::Encoding;
use crate::shelf::Dependency;
use crate::snapshot::Snapshot;

/// Shorter answers are not compressed: they fit one packet anyway.
const COMPRESS_FROM: usize = 1024;
/// Longer answers are compressed on a thread of their own, so that others need not wait.
const COMPRESS_ASIDE_FROM: usize = 64 * 1024;

/// A finished answer.
#[derive(Debug)]
pub(super) struct Answer {
    body: Bytes,
    dependencies: Vec<Dependency>,
    /// When it last changed, for answers that tell.
    modified_at: Option<SystemTime>,
    links: Option<HeaderValue>,
    forms: [OnceLock<Form>; Encoding::COUNT],
}

/// What an address tells.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) body: Vec<u8>,
    /// When it last changed, where that can be told.
    pub(super) modified_at: Option<Timestamp>,
    /// Other addresses that belong to it (RFC 8288).
    pub(super) links: Option<HeaderValue>,
}

impl Made {
    /// What was made from an event.
    pub(super) fn of_event(body: Vec<u8>, snapshot: &Snapshot) -> Made {
        Made { body, modified_at: Some(snapshot.changed_at()), links: None }
    }
}

/// The answer in one encoding, with its entity tags: the second is for the answer under its other content type. Tags are
/// made when somebody can use them, since hashing is a cost in the size of the answer.
#[derive(Debug)]
struct Form {
    bytes: Bytes,
    tags: OnceLock<[HeaderValue; 2]>,
}

/// How an answer goes out.
pub(super) struct Delivery<'a> {
    pub(super) content_type: HeaderValue,
    /// Whether this is not the answer's usual content type, so that it needs another entity tag.
    pub(super) is_other_type: bool,
    pub(super) encoding: Encoding,
    pub(super) cache_control: &'a HeaderValue,
    /// Whether the client may keep the answer: then it is told by what it may know it again, and what it depends on.
    pub(super) conditional: bool,
}

impl Answer {
    pub(super) fn new(body: Bytes, dependencies: Vec<Dependency>) -> Arc<Answer> {
        Arc::new(Answer { body, dependencies, modified_at: None, links: None, forms: Default::default() })
    }

    /// An answer that tells what else belongs to what was made.
    pub(super) fn made(made: Made, dependencies: Vec<Dependency>) -> Arc<Answer> {
        let Made { body, modified_at, links } = made;
        let modified_at = modified_at.and_then(http_date);
        Arc::new(Answer { body: body.into(), dependencies, modified_at, links, forms: Default::default() })
    }

    /// What the answer was made from.
    pub(super) fn dependencies(&self) -> &[Dependency] {
        &self.dependencies
    }

    /// The memory that it takes, with room for the compressed forms, which are made later.
    pub(super) fn weight(&self) -> u64 {
        (self.body.len() + self.body.len() / 2 + 512) as u64
    }

    /// The response to a client with these headers.
    pub(super) async fn deliver(self: &Arc<Self>, delivery: Delivery<'_>, headers: &HeaderMap) -> Response {
        let encoding = if self.is_compressed() { delivery.encoding } else { Encoding::Identity };
        let form = self.form(encoding).await;
        let tags = delivery.conditional.then(|| form.tags.get_or_init(|| self.tags(encoding)));
        let tag = tags.map(|tags| &tags[usize::from(delivery.is_other_type)]);
        let known = tag.is_some_and(|tag| match headers.contains_key(IF_NONE_MATCH) {
            true => matches(headers, tag),
            false => self.modified_at.is_some_and(|at| is_unmodified(headers, at)),
        });
        let body = if known { Body::empty() } else { Body::from(form.bytes.clone()) };
        let mut response = Response::new(body);
        let out = response.headers_mut();
        out.reserve(16);
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            out.insert(CONTENT_TYPE, delivery.content_type);
            if let Some(name) = encoding.name() {
                out.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
            }
        }
        let out = response.headers_mut();
        if let Some(tag) = tag {
            out.insert(ETAG, tag.clone());
        }
        if let Some(at) = self.modified_at
            && let Ok(at) = HeaderValue::try_from(httpdate::fmt_http_date(at))
        {
            out.insert(LAST_MODIFIED, at);
        }
        if let Some(links) = &self.links {
            out.insert(LINK, links.clone());
        }
        out.insert(CACHE_CONTROL, delivery.cache_control.clone());
        if delivery.conditional {
            out.insert(VARY, HeaderValue::from_static("accept, accept-encoding, authorization"));
        }
        response
    }

    fn is_compressed(&self) -> bool {
        self.body.len() >= COMPRESS_FROM
    }

    async fn form(self: &Arc<Self>, encoding: Encoding) -> &Form {
        let place = &self.forms[encoding as usize];
        if let Some(form) = place.get() {
            return form;
        }
        if encoding != Encoding::Identity && self.body.len() >= COMPRESS_ASIDE_FROM {
            let answer = Arc::clone(self);
            let aside = tokio::task::spawn_blocking(move || answer.make(encoding));
            if let Ok(form) = aside.await {
                return place.get_or_init(|| form);
            }
        }
        place.get_or_init(|| self.make(encoding))
    }

    fn make(&self, encoding: Encoding) -> Form {
        Form { bytes: compress(&self.body, encoding), tags: OnceLock::new() }
    }

    fn tags(&self, encoding: Encoding) -> [HeaderValue; 2] {
        let digest = Sha256::digest(&self.body);
        let tag = |is_other_type: bool| {
            let mut tag = String::with_capacity(48);
            tag.push('"');
            for byte in digest.iter().take(16) {
                let _ = write!(tag, "{byte:02x}");
            }
            if is_other_type {
                tag.push_str("-g");
            }
            if let Some(name) = encoding.name() {
                let _ = write!(tag, "-{name}");
            }
            tag.push('"');
            HeaderValue::try_from(tag).expect("hexadecimal digits and fixed words are a header value")
        };
        [tag(false), tag(true)]
    }
}

/// Whether the client has what this tag stands for. The comparison is the weak one, as RFC 9110 §13.1.2 says.
fn matches(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let tag = tag.to_str().unwrap_or_default();
    let values = headers.get_all(IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// The instant as HTTP can tell it: in whole seconds, in the years that its dates have.
fn http_date(at: Timestamp) -> Option<SystemTime> {
    let seconds = u64::try_from(at.as_second()).ok().filter(|seconds| *seconds < 253_402_300_800)?;
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

/// Whether the client has what was last changed at `at`. Asked only where it names no tag (RFC 9110 §13.2.2).
fn is_unmodified(headers: &HeaderMap, at: SystemTime) -> bool {
    let mut values = headers.get_all(IF_MODIFIED_SINCE).into_iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    value.to_str().ok().and_then(|text| httpdate::parse_http_date(text).ok()).is_some_and(|since| at <= since)
}

/// Compresses into memory, where nothing can fail; if it did, the plain bytes would be wrong, so it would be a bug.
fn compress(body: &Bytes, encoding: Encoding) -> Bytes {
    let made: std::io::Result<Vec<u8>> = match encoding {
        Encoding::Identity => return body.clone(),
        Encoding::Gzip => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
            writer.write_all(body).and_then(|()| writer.finish())
        }
        Encoding::Brotli => {
            let parameters = brotli::enc::BrotliEncoderParams { quality: 5, ..Default::default() };
            let mut out = Vec::new();
            brotli::BrotliCompress(&mut body.as_ref(), &mut out, &parameters).map(|_| out)
        }
        Encoding::Zstd => zstd::bulk::compress(body, 3),
    };
    made.expect("compressing from memory to memory does not fail").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn deliver(answer: &Arc<Answer>, is_other_type: bool, encoding: Encoding, headers: &HeaderMap) -> Response {
        let cache_control = HeaderValue::from_static("no-cache");
        let content_type = HeaderValue::from_static("text/plain");
        let delivery =
            Delivery { content_type, is_other_type, encoding, cache_control: &cache_control, conditional: true };
        answer.deliver(delivery, headers).await
    }

    #[tokio::test]
    async fn each_form_has_its_own_tag_and_is_known_again() {
        let answer = Answer::new(Bytes::from("x".repeat(100_000)), Vec::new());
        let mut tags = std::collections::HashSet::new();
        for is_other_type in [false, true] {
            for encoding in [Encoding::Identity, Encoding::Gzip, Encoding::Brotli, Encoding::Zstd] {
                let response = deliver(&answer, is_other_type, encoding, &HeaderMap::new()).await;
                let tag = response.headers()[ETAG].clone();
                assert_eq!(response.status(), 200);
                let again = HeaderMap::from_iter([(IF_NONE_MATCH, tag.clone())]);
                assert_eq!(deliver(&answer, is_other_type, encoding, &again).await.status(), 304);
                assert!(tags.insert(tag));
            }
        }
    }

    #[tokio::test]
    async fn short_answers_are_not_compressed() {
        let answer = Answer::new(Bytes::from_static(b"{}"), Vec::new());
        let response = deliver(&answer, false, Encoding::Zstd, &HeaderMap::new()).await;
        assert!(!response.headers().contains_key(CONTENT_ENCODING));
    }

    #[test]
    fn tags_are_compared_weakly_and_in_lists() {
        let tag = HeaderValue::from_static("\"a\"");
        for (value, expected) in
            [("\"a\"", true), ("W/\"a\"", true), ("\"b\", \"a\"", true), ("*", true), ("\"b\"", false), ("a", false)]
        {
            let headers = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static(value))]);
            assert_eq!(matches(&headers, &tag), expected, "{value}");
        }
    }
}
