//! The sessions of a programme as records: their numbers, kinds, people, texts and links.

use std::collections::HashSet;
use std::sync::Arc;

use super::build::Builder;
use super::links::{self, PaperLinks, Sorted};
use super::{Talk, kinds, own, texts};
use crate::content::{
    Id, Kind, MAX_LINE, MAX_MARKDOWN, Markdown, Paper, Session, SessionKind, SessionPart, SessionPerson, SessionStatus,
    Severity, slugify,
};

/// The highest number that a session may bring along: numbers are given on from the highest, so there must be some left.
const MAX_NUMBER: i64 = 2_000_000_000;

impl Builder<'_> {
    pub(super) fn sessions(&mut self, rooms: &[Id], tracks: &[Id], people: &[Id]) {
        let mut talks = std::mem::take(&mut self.programme.talks);
        // Sessions without a time come last; those of one time in the order of the rooms.
        talks.sort_by_key(|talk| (talk.starts_at.is_none(), talk.starts_at, talk.room));
        self.told_slugs = talks.iter().filter_map(|talk| talk.slug.as_deref()).map(slugify).collect();
        let mut numbers = HashSet::new();
        let mut guids = HashSet::new();
        for (position, talk) in talks.iter().enumerate() {
            if let Some(guid) = &talk.guid
                && !guids.insert(guid.to_lowercase())
            {
                let message = format!("the guid {guid} comes twice; “{}” gets one of its own", talk.title);
                self.diagnostics.add(Severity::Warning, "duplicate-guid", talk.place.clone(), message);
            }
            let session = self.session(talk, position, (rooms, tracks, people), &mut numbers);
            self.places.insert(session.head.id, talk.place.clone());
            self.document.sessions.push(Arc::new(session));
        }
        self.programme.talks = talks;
    }

    fn session(
        &mut self,
        talk: &Talk,
        position: usize,
        (rooms, tracks, people): (&[Id], &[Id], &[Id]),
        numbers: &mut HashSet<i32>,
    ) -> Session {
        let number = talk.number.map(|number| number.to_string());
        let id = self.id(Kind::Session, talk.guid.as_deref(), talk.key.as_deref().or(number.as_deref()));
        let mut title = self.programme.line(&talk.title);
        if title.is_empty() {
            self.programme.tally.add(Severity::Warning, "no-title", talk.place.clone(), "a session has no title");
            let kind = talk.kind.as_deref().map(|kind| self.programme.line(kind)).filter(|kind| !kind.is_empty());
            title = kind.unwrap_or_else(|| "Untitled".to_owned());
        }
        let wish = talk.slug.clone().unwrap_or_else(|| self.untold(&title));
        let head = self.head(Kind::Session, id, &wish, position);
        let named = talk.kind.as_deref().and_then(kinds::kind_named).filter(|_| self.programme.is_own);
        let kind = named
            .unwrap_or_else(|| kinds::kind_of(talk.kind.as_deref(), &title, talk.is_service, !talk.people.is_empty()));
        if let Some(word) =
            talk.kind.as_deref().filter(|word| !word.trim().is_empty() && kinds::kind_named(word).is_none())
        {
            let message = format!(
                "“{}” is no kind of session that is known here; such sessions became what their titles say, or talks \
                 where somebody speaks",
                word.trim()
            );
            self.programme.tally.add(Severity::Info, "unknown-kind", talk.place.clone(), message);
        }
        if self.programme.whole_line(&talk.title).chars().count() > MAX_LINE {
            let message = format!("the title of a session has more than {MAX_LINE} characters; the rest is left out");
            self.programme.tally.add(Severity::Warning, "too-long", talk.place.clone(), message);
        }
        let mut session = Session::new(head, kind, title);
        session.head.published = !talk.is_hidden;
        session.number = self.number(talk, numbers);
        session.starts_at = talk.starts_at;
        session.ends_at = talk.ends_at.filter(|_| talk.starts_at.is_some());
        if session.starts_at.is_none() {
            let message = "a session has no time that can be read; it is kept without one";
            self.programme.tally.add(Severity::Warning, "no-time", talk.place.clone(), message);
        } else if session.ends_at.is_none() && !talk.has_duration {
            self.programme.tally.add(
                Severity::Warning,
                "no-end",
                talk.place.clone(),
                "a session has no duration that can be read",
            );
        }
        session.room = talk.room.and_then(|room| rooms.get(room).copied());
        session.track = talk.track.and_then(|track| tracks.get(track).copied());
        let mut seen = HashSet::new();
        session.people = talk
            .people
            .iter()
            .filter_map(|(place, part)| Some(SessionPerson { person: *people.get(*place)?, part: *part }))
            .filter(|person| seen.insert((person.person, person.part)))
            .collect();
        if kind == SessionKind::Panel && !self.programme.tells_parts {
            for person in session.people.iter_mut().filter(|person| person.part == SessionPart::Speaker) {
                person.part = SessionPart::Panelist;
            }
        }
        session.status = talk.status.unwrap_or(SessionStatus::Confirmed);
        session.do_not_record = talk.do_not_record.unwrap_or_default();
        let own = language(talk, self.programme.is_own);
        if let (Some(given), None) = (talk.language.as_deref().filter(|text| !text.trim().is_empty()), &own) {
            let message = format!("“{}” is no tag of a language, and is left out", given.trim());
            self.programme.tally.add(Severity::Warning, "language", talk.place.clone(), message);
        }
        session.language = own.filter(|language| self.document.event.language.as_ref() != Some(language));
        self.texts_and_links(talk, &mut session);
        session
    }

    /// A slug that the source gives to none of its sessions, as it is that or made from it by a number.
    fn untold(&self, wish: &str) -> String {
        let wish = slugify(wish);
        let numbered = (2..).map(|number| format!("{wish}-{number}"));
        let mut candidates = std::iter::once(wish.clone()).chain(numbered);
        candidates.find(|slug| !self.told_slugs.contains(slug)).unwrap_or_default()
    }

    fn number(&mut self, talk: &Talk, numbers: &mut HashSet<i32>) -> i32 {
        let Some(given) = talk.number else { return 0 };
        let number = i32::try_from(given).ok().filter(|number| *number > 0 && i64::from(*number) <= MAX_NUMBER);
        match number {
            Some(number) if numbers.insert(number) => number,
            Some(number) => {
                let message = format!("the number {number} comes twice; “{}” gets a new one", talk.title);
                self.diagnostics.add(Severity::Warning, "duplicate-number", talk.place.clone(), message);
                0
            }
            None => {
                let message = "a number is not between 1 and 2,000,000,000, and a new one is given";
                self.programme.tally.add(Severity::Info, "number", talk.place.clone(), message);
                0
            }
        }
    }

    fn texts_and_links(&mut self, talk: &Talk, session: &mut Session) {
        let sorted = if self.programme.is_own { own::sorted(talk) } else { links::sorted(talk) };
        let Sorted { slides, recording, stream, paper, others, unusable } = sorted;
        (session.slides_url, session.recording_url, session.stream_url) =
            (slides, recording.as_deref().and_then(links::usable), stream.as_deref().and_then(links::usable));
        session.paper = paper.map(|paper| self.paper(paper, session));
        for link in unusable {
            let message = format!("“{}” is no address, and is left out", link.url.chars().take(80).collect::<String>());
            self.programme.tally.add(Severity::Warning, "link-unusable", talk.place.clone(), message);
        }
        let summary = self.text(talk.summary.as_deref());
        let description = self.text(talk.description.as_deref());
        let repeats = |long: &Markdown, short: &Markdown| long.0.trim_start().starts_with(short.0.trim());
        let mut parts: Vec<String> = Vec::new();
        if let Some(subtitle) =
            talk.subtitle.as_deref().map(|text| self.programme.whole_line(text)).filter(|text| !text.is_empty())
        {
            parts.extend(texts::markdown(&subtitle).map(|subtitle| subtitle.0));
        }
        match (summary, description) {
            (Some(summary), Some(description)) if repeats(&description, &summary) => parts.push(description.0),
            (summary, description) => parts.extend([summary, description].into_iter().flatten().map(|text| text.0)),
        }
        if !others.is_empty() {
            parts.push(links::list(&others));
            let message = "links of sessions that have no field of their own here are listed below the abstract";
            self.programme.tally.add(Severity::Info, "links-below", talk.place.clone(), message);
        }
        let whole = parts.join("\n\n");
        // What is longer was cut before already.
        if !self.programme.is_own && whole.chars().count() >= MAX_MARKDOWN {
            let message =
                format!("the text of a session has more than {MAX_MARKDOWN} characters; the rest is left out");
            self.programme.tally.add(Severity::Warning, "too-long", talk.place.clone(), message);
        }
        let text: String = whole.chars().take(MAX_MARKDOWN).collect();
        session.summary = (!text.trim().is_empty()).then_some(Markdown(text));
    }

    /// The paper of a session; one that two sessions tell alike is one.
    fn paper(&mut self, links: PaperLinks, session: &Session) -> Id {
        if let Some((_, known)) = self.papers.iter().find(|(known, _)| *known == links) {
            return *known;
        }
        let title = links.title.as_deref().map(|text| self.programme.line(text)).filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| session.title.clone());
        let id = self.id(Kind::Paper, None, Some(&session.head.id.to_string()));
        let head = self.head(Kind::Paper, id, links.slug.as_deref().unwrap_or(&title), self.document.papers.len());
        let mut paper = Paper::new(head, title);
        self.papers.push((links.clone(), id));
        links.fill(&mut paper);
        self.document.papers.push(Arc::new(paper));
        id
    }
}

/// The tag of a session's language: the one that is given, or that of a language named in English or in itself.
pub(super) fn language(talk: &Talk, is_own: bool) -> Option<String> {
    if is_own {
        return talk.language.as_deref().map(texts::one_line).filter(|language| !language.is_empty());
    }
    let text = talk.language.as_deref()?.trim().replace('_', "-");
    let named = match text.to_lowercase().as_str() {
        "english" => "en",
        "german" | "deutsch" => "de",
        "french" | "français" => "fr",
        "spanish" | "español" => "es",
        "portuguese" | "português" => "pt",
        "italian" | "italiano" => "it",
        "dutch" | "nederlands" => "nl",
        "polish" | "polski" => "pl",
        "japanese" | "日本語" => "ja",
        "chinese" | "中文" => "zh",
        "korean" | "한국어" => "ko",
        "russian" | "русский" => "ru",
        _ => "",
    };
    if !named.is_empty() {
        return Some(named.to_owned());
    }
    let is_tag =
        text.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    (is_tag && text.split('-').next().is_some_and(|first| matches!(first.len(), 2 | 3))).then_some(text)
}
