//! The schedule on the page: day by day, in the order of time, with what is part of a session inside it. Breaks are there,
//! and so is what is cancelled or moved, marked as such.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use maud::{Markup, html};

use super::super::links::links;
use super::super::text;
use super::parts::{Parts, language};
use crate::content::{Id, Session, SessionKind, SessionPart, SessionStatus};
use crate::snapshot::Day;

/// The heading of a session in its day, and the deepest level at which sessions are drawn within sessions.
const FIRST: u8 = 4;
const DEEPEST: u8 = 20;

pub(super) fn schedule(parts: &Parts<'_>) -> Option<Markup> {
    let snapshot = parts.source.snapshot;
    let mut drawn = HashSet::new();
    let days = snapshot.schedule();
    let days: Vec<Markup> = days.iter().map(|found| day(parts, found, &mut drawn)).collect();
    // Sessions that no day shows: those without a time, and what stands too deep in others.
    let is_apart = |session: &Session| session.parent.is_none_or(|parent| snapshot.session(parent).is_none());
    let (apart, within): (Vec<_>, Vec<_>) = snapshot.document().sessions.iter().partition(|session| is_apart(session));
    let mut open: Vec<Markup> = Vec::new();
    for session in apart.into_iter().chain(within) {
        if !drawn.contains(&session.head.id) {
            open.push(slot(parts, session, FIRST, &mut drawn));
        }
    }
    if days.is_empty() && open.is_empty() {
        return None;
    }
    Some(html! {
        @for day in &days { (day) }
        @if !open.is_empty() {
            section { h3 { "Other sessions" } ol.slots { @for slot in &open { (slot) } } }
        }
    })
}

fn day(parts: &Parts<'_>, day: &Day<'_>, drawn: &mut HashSet<Id>) -> Markup {
    let date = day.date.0;
    let mut sessions: Vec<&Arc<Session>> = day.rooms.iter().flat_map(|room| &room.slots).copied().collect();
    // The sort is stable: what begins together stays in the order of the rooms.
    sessions.sort_by_key(|session| session.starts_at);
    html! {
        section {
            h3 { time datetime=(date.to_string()) { (date.strftime("%A, %-d %B %Y").to_string()) } }
            ol.slots {
                @for session in sessions {
                    // Sessions that hold each other are each in the schedule; they are drawn once.
                    @if !drawn.contains(&session.head.id) { (slot(parts, session, FIRST, drawn)) }
                }
            }
        }
    }
}

fn slot(parts: &Parts<'_>, session: &Session, level: u8, drawn: &mut HashSet<Id>) -> Markup {
    drawn.insert(session.head.id);
    let snapshot = parts.source.snapshot;
    let mut within: Vec<&Arc<Session>> = Vec::new();
    if level < DEEPEST {
        within.extend(snapshot.parts_of_session(session.head.id).filter(|part| !drawn.contains(&part.head.id)));
        within.sort_by_key(|part| (Reverse(part.starts_at.is_some()), part.starts_at));
    }
    let is_pause = matches!(session.kind, SessionKind::Break | SessionKind::Meal | SessionKind::Social);
    let is_off = session.status == SessionStatus::Cancelled;
    let class = match (is_off, is_pause) {
        (true, _) => "slot off",
        (false, true) => "slot pause",
        (false, false) => "slot",
    };
    let title = text::line(&session.title);
    let lang = language(session.language.as_deref()).or(parts.lang());
    html! {
        li id=(session.head.slug) class=(class) {
            p.when { (time(parts, session)) }
            div {
                (heading(level, lang, &html! { (if title.is_empty() { "Untitled" } else { &title }) }))
                (marks(parts, session))
                (people(parts, session))
                (place(parts, session))
                (more(parts, session, level))
                @if !within.is_empty() {
                    ol.slots { @for part in within { (slot(parts, part, level + 1, drawn)) } }
                }
            }
        }
    }
}

fn heading(level: u8, lang: Option<&str>, words: &Markup) -> Markup {
    match level {
        4 => html! { h4 lang=[lang] { (words) } },
        5 => html! { h5 lang=[lang] { (words) } },
        _ => html! { h6 lang=[lang] { (words) } },
    }
}

fn time(parts: &Parts<'_>, session: &Session) -> Markup {
    match (session.starts_at, session.ends_at) {
        (Some(start), Some(end)) if end > start && end.duration_since(start).as_hours() >= 24 => {
            html! { (parts.clock(start)) " – " (parts.day_and_clock(end)) }
        }
        (Some(start), Some(end)) if end > start => html! { (parts.clock(start)) " – " (parts.clock(end)) },
        (Some(start), _) => parts.clock(start),
        (None, _) => html! { "No time yet" },
    }
}

fn marks(parts: &Parts<'_>, session: &Session) -> Markup {
    let moved_from = session.moved_from.filter(|before| Some(*before) != session.starts_at);
    let (is_off, is_open) = (session.status == SessionStatus::Cancelled, session.status == SessionStatus::Tentative);
    let is_unrecorded = session.do_not_record && !is_off;
    if !is_off && !is_open && !is_unrecorded && moved_from.is_none() {
        return html! {};
    }
    html! {
        p {
            @if is_off { strong.mark.bad { "Cancelled" } }
            @if is_open { strong.mark.warn { "Tentative" } }
            @if let (Some(before), false) = (moved_from, is_off) {
                strong.mark.warn { "Moved" } " " span.soft { "was " (parts.day_and_clock(before)) }
            }
            @if is_unrecorded { " " span.mark { "Not recorded" } }
        }
    }
}

fn people(parts: &Parts<'_>, session: &Session) -> Markup {
    let of = |part: SessionPart| {
        let people = session.people.iter().filter(move |one| one.part == part);
        people.filter_map(|one| parts.source.snapshot.person(one.person)).collect::<Vec<_>>()
    };
    let groups = [(SessionPart::Speaker, ""), (SessionPart::Panelist, "Panel: "), (SessionPart::Chair, "Chair: ")];
    html! {
        @for (part, label) in groups {
            @let people = of(part);
            @if !people.is_empty() {
                p {
                    (label)
                    @for (place, person) in people.iter().enumerate() {
                        @if place > 0 { ", " }
                        (parts.person(person))
                    }
                }
            }
        }
    }
}

fn place(parts: &Parts<'_>, session: &Session) -> Markup {
    let snapshot = parts.source.snapshot;
    let room = session.room.and_then(|room| snapshot.room(room));
    let track = session.track.and_then(|track| snapshot.track(track));
    let room = room.map(|room| match &room.url {
        Some(url) => parts.link(url, &room.name),
        None => html! { (text::line(&room.name)) },
    });
    let track = track.map(|track| html! { (text::line(&track.name)) });
    let told: Vec<Markup> = room.into_iter().chain(track).collect();
    html! {
        @if !told.is_empty() {
            p.soft { @for (place, word) in told.iter().enumerate() { @if place > 0 { " · " } (word) } }
        }
    }
}

/// The abstract and where there is more.
fn more(parts: &Parts<'_>, session: &Session, level: u8) -> Markup {
    let links = links(parts.source, session);
    let page = parts.source.event_url();
    html! {
        @if let Some(summary) = session.summary.as_ref().filter(|summary| !summary.as_str().trim().is_empty()) {
            details { summary { "Abstract" } (parts.prose(summary, level.saturating_add(1))) }
        }
        @if !links.is_empty() {
            ul.links {
                @for link in links {
                    // On the page itself an anchor is enough, and stays on a saved or released page.
                    @let inner = link.url.strip_prefix(&page).filter(|rest| rest.starts_with('#')).unwrap_or(&link.url);
                    // The paper of a talk is mostly called like the talk.
                    @let is_namesake = link.title == text::line(&session.title);
                    li { a href=(inner) {
                        @if is_namesake { "Paper" span.away { ": " (link.title) } } @else { (link.title) }
                    } }
                }
            }
        }
    }
}
