//! `giggity.json`: the event as an entry of the list of events that the app Giggity comes with. An organizer sends it in
//! as it is, or a fork of the app reads it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::programme::Programme;
use super::{Feed, Options, Refusal, Source, frab, json_bytes, text};

/// The feed.
pub(super) const FEED: Feed = Feed {
    path: "giggity.json",
    media_type: "application/json",
    title: "Entry for Giggity's list of events (JSON)",
    parameters: &[],
    render,
};

/// What the list takes for a version: a day and an hour, as in the serial numbers of zones.
const VERSIONS: std::ops::RangeInclusive<i64> = 2_008_010_100..=2_029_123_199;

fn render(source: &Source<'_>, _: &Options) -> Result<Vec<u8>, Refusal> {
    let event = source.snapshot.event();
    let entry = json!({
        "id": Programme::new(source).acronym,
        "version": version(source.snapshot.modified_at()),
        "url": text::strict_url(&source.feed_url(frab::FEED.path)),
        // The app wants the very title that it finds in the schedule.
        "title": text::line(&event.name),
        "start": event.starts_on.to_string(),
        "end": event.ends_on.to_string(),
        "timezone": source.zone_name(),
        "metadata": metadata(source),
    });
    Ok(json_bytes(&entry))
}

fn version(at: Timestamp) -> i64 {
    let hour = at.strftime("%Y%m%d%H").to_string().parse().unwrap_or(*VERSIONS.start());
    hour.clamp(*VERSIONS.start(), *VERSIONS.end())
}

fn metadata(source: &Source<'_>) -> Value {
    let event = source.snapshot.event();
    let mut links = vec![json!({ "url": text::strict_url(&source.event_url()), "title": "Programme" })];
    let mut add = |title: &str, url: Option<&str>| {
        let Some(url) = url.and_then(|url| source.web_url(url)) else { return };
        if !links.iter().any(|link| link["url"] == url.as_str()) {
            links.push(json!({ "url": url, "title": text::line(title) }));
        }
    };
    add("Website", event.website.as_deref());
    let venue = event.venue.as_ref();
    add("Map of the venue", venue.and_then(|venue| venue.map_url.as_deref()));
    for link in &event.social_links {
        add(&link.label, Some(&link.url));
    }
    let mut metadata = json!({ "links": links });
    if let Some((venue, at)) = venue.and_then(|venue| Some((venue, venue.coordinates?))) {
        // The name is a pattern for names of rooms: every room is at the venue.
        let rooms =
            json!([{ "name": ".*", "show_name": text::line(&venue.name), "latlon": [at.latitude, at.longitude] }]);
        metadata["rooms"] = rooms;
    }
    metadata
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_hours_within_the_bounds_of_the_list() {
        for (at, expected) in [
            ("2026-11-24T02:59:59Z", 2_026_112_402),
            ("1999-01-01T00:00:00Z", 2_008_010_100),
            ("2040-01-01T00:00:00Z", 2_029_123_199),
        ] {
            assert_eq!(version(at.parse().unwrap()), expected);
        }
    }
}
