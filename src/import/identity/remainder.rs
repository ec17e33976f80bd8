//! What a programme does not tell: everything of the stored event that a schedule has no words for stays.
//!
//! A schedule tells sessions, rooms, tracks and who speaks. It knows no sponsors, pages or dates, nor whether a talk is
//! of a paper or a part of a session.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::content::{Content, Document, Event, Id, Paper, Participation, Role, Session, TOP_SPEAKERS};

/// Gives the event what a schedule does not say of it.
pub(super) fn keep_event(document: &mut Document, stored: &Event, tells_name: bool, tells_days: bool) {
    let event = Arc::make_mut(&mut document.event);
    if !tells_name {
        event.name.clone_from(&stored.name);
    }
    if !tells_days {
        // The event is as long as it was, and longer where a session asks for it.
        event.starts_on = event.starts_on.min(stored.starts_on);
        event.ends_on = event.ends_on.max(stored.ends_on);
    }
    event.attendance_mode = stored.attendance_mode;
    event.edition = stored.edition;
    event.series = stored.series;
    // A schedule's short name is often made for programs.
    for (field, known) in [
        (&mut event.acronym, &stored.acronym),
        (&mut event.host_conference, &stored.host_conference),
        (&mut event.country, &stored.country),
        (&mut event.contact_email, &stored.contact_email),
        (&mut event.city, &stored.city),
    ] {
        if known.is_some() {
            field.clone_from(known);
        }
    }
    event.language = event.language.take().or_else(|| stored.language.clone());
    event.description = event.description.take().or_else(|| stored.description.clone());
    event.venue = stored.venue.clone().or_else(|| event.venue.take());
    event.banner = match (event.banner.take(), &stored.banner) {
        (Some(told), Some(known)) if told.url == known.url => Some(known.clone()),
        (told, known) => told.or_else(|| known.clone()),
    };
    event.social_links.clone_from(&stored.social_links);
}

/// Puts into a document whose items have their identities what of the stored one the schedule does not tell.
pub(super) fn keep(document: &mut Document, stored: &Document, tells_status: bool) {
    document.series.clone_from(&stored.series);
    document.topics.clone_from(&stored.topics);
    document.important_dates.clone_from(&stored.important_dates);
    document.announcements.clone_from(&stored.announcements);
    document.pages.clone_from(&stored.pages);
    document.awards.clone_from(&stored.awards);
    document.sponsor_tiers.clone_from(&stored.sponsor_tiers);
    document.sponsors.clone_from(&stored.sponsors);
    document.links.clone_from(&stored.links);
    for role in [Role::Organizer, Role::Volunteer, Role::CommitteeMember] {
        document.participations_mut(role).clone_from(stored.participations(role));
    }
    without_room(document);
    keep_papers(document, stored);
    keep_session_fields(document, stored, tells_status);
    let used: HashSet<Id> =
        stored.sessions.iter().flat_map(|session| [session.room, session.track]).flatten().collect();
    add_others(&mut document.rooms, &stored.rooms, |room| !used.contains(&room.head.id));
    add_others(&mut document.tracks, &stored.tracks, |track| !used.contains(&track.head.id));
    let on_stage: HashSet<Id> =
        stored.sessions.iter().flat_map(|session| &session.people).map(|person| person.person).collect();
    for role in [Role::Speaker, Role::Panelist] {
        let list = document.participations_mut(role);
        keep_words(list, stored.participations(role));
        add_others(list, stored.participations(role), |item| !on_stage.contains(&item.person));
    }
    let here: HashSet<Id> = document.people.iter().map(|person| person.id).collect();
    document.people.extend(stored.people.iter().filter(|person| !here.contains(&person.id)).cloned());
}

/// A schedule needs a room for every session; the event itself, by its id, stands for none.
fn without_room(document: &mut Document) {
    let event = document.event.id;
    let before = document.rooms.len();
    document.rooms.retain(|room| room.head.id != event);
    if document.rooms.len() < before {
        for session in document.sessions.iter_mut().filter(|session| session.room == Some(event)) {
            Arc::make_mut(session).room = None;
        }
    }
}

/// Adds the stored items that are not there, where `stays` says so.
fn add_others<T: Content>(list: &mut Vec<Arc<T>>, stored: &[Arc<T>], stays: impl Fn(&T) -> bool) {
    let here: HashSet<Id> = list.iter().map(|item| item.head().id).collect();
    list.extend(stored.iter().filter(|item| !here.contains(&item.head().id) && stays(item)).cloned());
}

/// What the event tells of a speaker, and the schedule does not.
fn keep_words(list: &mut [Arc<Participation>], stored: &[Arc<Participation>]) {
    let known: HashMap<Id, &Arc<Participation>> = stored.iter().map(|item| (item.head.id, item)).collect();
    // Where some are told to be top speakers, the others are not.
    let is_top = |group: &String| group == TOP_SPEAKERS;
    let tells_top = list.iter().any(|item| item.group.as_ref().is_some_and(is_top));
    for item in list {
        let Some(known) = known.get(&item.head.id) else { continue };
        let item = Arc::make_mut(item);
        item.honorific.clone_from(&known.honorific);
        item.group = item.group.take().or_else(|| known.group.clone().filter(|group| !(tells_top && is_top(group))));
        item.affiliation = item.affiliation.take().or_else(|| known.affiliation.clone());
        item.photo = item.photo.take().or_else(|| known.photo.clone());
        item.bio = item.bio.take().or_else(|| known.bio.clone());
    }
}

fn keep_session_fields(document: &mut Document, stored: &Document, tells_status: bool) {
    let known: HashMap<Id, &Arc<Session>> = stored.sessions.iter().map(|session| (session.head.id, session)).collect();
    let papers: HashSet<Id> = document.papers.iter().map(|paper| paper.head.id).collect();
    let here: HashSet<Id> = document.sessions.iter().map(|session| session.head.id).collect();
    for session in &mut document.sessions {
        let Some(known) = known.get(&session.head.id) else { continue };
        let session = Arc::make_mut(session);
        session.paper = session.paper.or(known.paper).filter(|paper| papers.contains(paper));
        session.parent = known.parent.filter(|parent| here.contains(parent));
        if !tells_status {
            session.status = known.status;
        }
        for (field, known) in [
            (&mut session.stream_url, &known.stream_url),
            (&mut session.recording_url, &known.recording_url),
            (&mut session.slides_url, &known.slides_url),
        ] {
            if field.is_none() {
                field.clone_from(known);
            }
        }
    }
}

/// All stored papers stay. A paper that a schedule only links to takes nothing from what is known of it, and where the
/// session has a paper already it is that one.
fn keep_papers(document: &mut Document, stored: &Document) {
    let known: HashMap<Id, &Arc<Paper>> = stored.papers.iter().map(|paper| (paper.head.id, paper)).collect();
    let of_session: HashMap<Id, Id> =
        stored.sessions.iter().filter_map(|session| Some((session.head.id, session.paper?))).collect();
    let mut needless = HashSet::new();
    for session in &mut document.sessions {
        let (Some(told), Some(paper)) = (session.paper, of_session.get(&session.head.id)) else { continue };
        if told != *paper && known.contains_key(paper) && !known.contains_key(&told) {
            needless.insert(told);
            Arc::make_mut(session).paper = Some(*paper);
        }
    }
    document.papers.retain(|paper| !needless.contains(&paper.head.id));
    for paper in &mut document.papers {
        let Some(known) = known.get(&paper.head.id) else { continue };
        let told = std::mem::replace(paper, (*known).clone());
        let paper = Arc::make_mut(paper);
        for (field, told) in [
            (&mut paper.pdf_url, &told.pdf_url),
            (&mut paper.supplement_url, &told.supplement_url),
            (&mut paper.poster_url, &told.poster_url),
            (&mut paper.slides_url, &told.slides_url),
            (&mut paper.video_url, &told.video_url),
            (&mut paper.code_url, &told.code_url),
            (&mut paper.openreview_url, &told.openreview_url),
            (&mut paper.arxiv_url, &told.arxiv_url),
            (&mut paper.doi, &told.doi),
        ] {
            if told.is_some() {
                field.clone_from(told);
            }
        }
    }
    add_others(&mut document.papers, &stored.papers, |_| true);
}
