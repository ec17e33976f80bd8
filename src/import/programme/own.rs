//! What Plenary itself writes into schedules, read back to the letter: where a format has no words for something, the
//! exporters say it in a way of their own.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::links::{PaperField, PaperLinks, Sorted};
use super::times::{self, Moment};
use super::{Programme, Talk};
use crate::content::SessionStatus;
use crate::feeds::PAPER_ANCHOR;

/// Undoes in the sessions of a file that Plenary wrote what its exporter did to them.
pub(super) fn undo(programme: &mut Programme) {
    let zone = jiff::tz::TimeZone::get(&programme.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    without_stand_in(programme);
    for talk in &mut programme.talks {
        if talk.guid.as_ref().is_some_and(|guid| programme.tentative.contains(guid)) {
            talk.status = Some(SessionStatus::Tentative);
        }
        if let Some(title) = talk.title.strip_prefix("Cancelled: ") {
            talk.title = title.to_owned();
            talk.status = Some(SessionStatus::Cancelled);
        }
        // A session of a day or more says in a sentence when it ends.
        let until =
            talk.description.as_deref().and_then(|text| text.strip_prefix("It goes on until ")?.strip_suffix('.'));
        if let Some(until) = until.and_then(times::moment)
            && matches!(until, Moment::Local(_))
        {
            talk.ends_at = times::instant(until, &zone).or(talk.ends_at);
            talk.description = None;
        }
        if talk.description == talk.summary {
            talk.description = None;
        }
    }
}

/// When the content was last changed. A live event has that as its version; the name of a release tells no time.
pub(super) fn dated(programme: &Programme) -> Option<Timestamp> {
    let told = programme.version.as_deref()?;
    let at = DateTime::strptime("%Y-%m-%d %H:%M:%S UTC", told.trim()).ok()?;
    TimeZone::UTC.to_timestamp(at).ok()
}

/// Sessions without a room stand in a place that has the event's own id and the name of its venue.
fn without_stand_in(programme: &mut Programme) {
    let Some(guid) = programme.guid.clone() else { return };
    let Some(place) = programme.rooms.iter().position(|room| room.guid.as_ref() == Some(&guid)) else { return };
    let name = programme.rooms.remove(place).name;
    programme.venue = Some(name).filter(|name| Some(name) != programme.title.as_ref()).or(programme.venue.take());
    for talk in &mut programme.talks {
        talk.room = match talk.room {
            Some(room) if room == place => None,
            Some(room) if room > place => Some(room - 1),
            room => room,
        };
    }
}

/// Sorts the links of a session as they were written.
pub(super) fn sorted(talk: &Talk) -> Sorted {
    let mut sorted =
        Sorted { recording: talk.recording_url.clone(), stream: talk.stream_url.clone(), ..Sorted::default() };
    let mut paper = PaperLinks::default();
    let has_later = |from: usize, titles: &[&str]| {
        talk.links[from + 1..].iter().any(|link| titles.contains(&link.title.as_deref().unwrap_or_default()))
    };
    let mut is_first = true;
    for (number, link) in talk.links.iter().enumerate() {
        let title = link.title.as_deref().unwrap_or_default();
        let url = link.url.clone();
        if link.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("paper")) && is_first {
            is_first = false;
            paper.title = link.title.clone();
            let field = match PaperField::of_address(&url) {
                // Code is never told as the paper itself, wherever that is kept.
                PaperField::Code => PaperField::Pdf,
                field => field,
            };
            let told_later = match field {
                PaperField::Openreview => has_later(number, &["OpenReview"]),
                PaperField::Arxiv => has_later(number, &["arXiv"]),
                PaperField::Doi => has_later(number, &["DOI"]),
                _ => false,
            };
            match url.split_once('#').filter(|(page, _)| page.contains("/events/")) {
                // A paper that is nowhere else is on the event's page.
                Some((_, name)) => paper.slug = Some(name.strip_prefix(PAPER_ANCHOR).unwrap_or(name).to_owned()),
                None => paper.fields.push((if told_later { PaperField::Pdf } else { field }, url)),
            }
            continue;
        }
        let field = match title {
            "OpenReview" => PaperField::Openreview,
            "arXiv" => PaperField::Arxiv,
            "DOI" => PaperField::Doi,
            "Supplement" => PaperField::Supplement,
            "Poster" => PaperField::Poster,
            "Video" => PaperField::Video,
            "Code" => PaperField::Code,
            "Slides" if !is_first && has_later(number, &["Slides", "Video", "Code"]) => PaperField::Slides,
            _ => {
                let slot = match title {
                    "Slides" => &mut sorted.slides,
                    "Recording" => &mut sorted.recording,
                    "Live stream" => &mut sorted.stream,
                    _ => {
                        sorted.others.push(link.clone());
                        continue;
                    }
                };
                *slot = Some(url);
                continue;
            }
        };
        paper.fields.push((field, url));
    }
    sorted.paper = (!is_first).then_some(paper);
    sorted
}
