//! What a client says about the form of the answer: media type and compression. Pure: headers in, choices out.

use http::header::{ACCEPT, ACCEPT_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The two media types of GraphQL over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: request errors come with status 200, as older clients expect.
    Json,
    /// `application/graphql-response+json`: the status says what happened.
    GraphqlResponse,
}

impl Media {
    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Media::Json => "application/json; charset=utf-8",
            Media::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }

    /// The media type that the client likes best; `None` when it takes neither. Who says nothing gets JSON.
    pub(super) fn accepted(headers: &HeaderMap) -> Option<Media> {
        let mut best = None;
        let mut said = false;
        for (media, quality) in elements(headers, &ACCEPT) {
            said = true;
            let found = match media.to_ascii_lowercase().as_str() {
                "*/*" | "application/*" | "application/json" => Media::Json,
                "application/graphql-response+json" => Media::GraphqlResponse,
                _ => continue,
            };
            if quality > best.map_or(0, |(quality, _)| quality) {
                best = Some((quality, found));
            }
        }
        if said { best.map(|(_, media)| media) } else { Some(Media::Json) }
    }
}

/// How a client likes server-sent events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Events {
    /// Not at all.
    Refused,
    /// Among other things: it wants them where it can't be otherwise.
    Taken,
    /// Best of all.
    Wanted,
}

impl Events {
    /// What the client says about them.
    pub(super) fn accepted(headers: &HeaderMap) -> Events {
        let (mut events, mut json) = (0, 0);
        for (media, quality) in elements(headers, &ACCEPT) {
            match media.to_ascii_lowercase().as_str() {
                "text/event-stream" => events = events.max(quality),
                "application/json" | "application/graphql-response+json" | "application/*" | "*/*" => {
                    json = json.max(quality);
                }
                _ => {}
            }
        }
        match events {
            0 => Events::Refused,
            events if events > json => Events::Wanted,
            _ => Events::Taken,
        }
    }
}

/// Whether the client would rather have a page than JSON, as browsers do.
pub(super) fn prefers_html(headers: &HeaderMap) -> bool {
    let mut html = 0;
    let mut json = 0;
    for (media, quality) in elements(headers, &ACCEPT) {
        match media.to_ascii_lowercase().as_str() {
            "text/html" => html = html.max(quality),
            "application/json" | "application/graphql-response+json" => json = json.max(quality),
            _ => {}
        }
    }
    html > json
}

/// The ways in which an answer can be compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Not at all.
    Identity,
    Gzip,
    Zstd,
    Brotli,
}

impl Encoding {
    pub(super) const COUNT: usize = 4;

    /// The name in `Content-Encoding`.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
            Encoding::Brotli => Some("br"),
            Encoding::Zstd => Some("zstd"),
        }
    }

    /// The best that the client takes. Among equals it is Brotli, the smallest: it is made once and kept, and some clients
    /// claim Zstandard on runtimes that don't have it.
    pub(super) fn accepted(headers: &HeaderMap) -> Encoding {
        let mut best = (0, Encoding::Identity);
        for (name, quality) in elements(headers, &ACCEPT_ENCODING) {
            let found = match name.to_ascii_lowercase().as_str() {
                "zstd" => Encoding::Zstd,
                "br" => Encoding::Brotli,
                "gzip" | "x-gzip" | "*" => Encoding::Gzip,
                _ => continue,
            };
            if quality > best.0 || (quality == best.0 && quality > 0 && found as usize > best.1 as usize) {
                best = (quality, found);
            }
        }
        best.1
    }
}

/// The elements of a header that is a list with weights, with the weight in thousandths.
fn elements<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = (&'a str, u16)> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).filter_map(|element| {
        let mut parts = element.split(';');
        let name = parts.next()?.trim();
        let weight = parts.find_map(|parameter| {
            let (key, value) = parameter.split_once('=')?;
            key.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
        });
        (!name.is_empty()).then_some((name, weight.unwrap_or(1000)))
    })
}

fn thousandths(weight: &str) -> u16 {
    match weight.parse::<f32>() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 and 1 before")]
        Ok(weight) if weight.is_finite() => (weight.clamp(0.0, 1.0) * 1000.0) as u16,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn the_media_type_is_what_the_client_likes_best() {
        assert_eq!(Media::accepted(&HeaderMap::new()), Some(Media::Json));
        for (accept, expected) in [
            ("*/*", Some(Media::Json)),
            ("application/*", Some(Media::Json)),
            ("application/json", Some(Media::Json)),
            ("Application/JSON; charset=utf-8", Some(Media::Json)),
            ("application/graphql-response+json", Some(Media::GraphqlResponse)),
            ("application/graphql-response+json, application/json;q=0.9", Some(Media::GraphqlResponse)),
            ("application/graphql-response+json;q=0.5, application/json", Some(Media::Json)),
            ("application/graphql-response+json; charset=utf-8, */*;q=0.1", Some(Media::GraphqlResponse)),
            ("text/event-stream", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(Media::accepted(&headers(ACCEPT, accept)), expected, "{accept}");
        }
    }

    #[test]
    fn events_are_for_those_who_want_them() {
        for (accept, expected) in [
            ("", Events::Refused),
            ("*/*", Events::Refused),
            ("text/event-stream;q=0", Events::Refused),
            ("text/event-stream", Events::Wanted),
            ("text/event-stream, */*;q=0.1", Events::Wanted),
            ("application/graphql-response+json, application/json, text/event-stream", Events::Taken),
            ("application/json;q=0.5, text/event-stream", Events::Wanted),
        ] {
            assert_eq!(Events::accepted(&headers(ACCEPT, accept)), expected, "{accept}");
        }
    }

    #[test]
    fn browsers_are_told_from_programs() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert!(prefers_html(&headers(ACCEPT, browser)));
        assert!(!prefers_html(&headers(ACCEPT, "*/*")));
        assert!(!prefers_html(&headers(ACCEPT, "application/json, text/html;q=0.5")));
        assert!(!prefers_html(&HeaderMap::new()));
    }

    #[test]
    fn the_encoding_is_the_best_that_the_client_takes() {
        for (accept, expected) in [
            ("", Encoding::Identity),
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip, deflate, br", Encoding::Brotli),
            ("gzip", Encoding::Gzip),
            ("zstd;q=0.1, gzip;q=0.9", Encoding::Gzip),
            ("br;q=0, zstd;q=0", Encoding::Identity),
            ("identity", Encoding::Identity),
            ("br;q=NaN", Encoding::Identity),
        ] {
            assert_eq!(Encoding::accepted(&headers(ACCEPT_ENCODING, accept)), expected, "{accept}");
        }
    }
}
