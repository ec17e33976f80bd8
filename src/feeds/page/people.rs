//! The people on the page: those who are introduced, and those who are named.

use maud::{Markup, html};

use super::super::people::Profile;
use super::super::text;
use super::parts::Parts;
use crate::content::{Markdown, Participation, Role};

/// The anchor of what somebody is at the event. Slugs are unique within a role.
pub(super) fn anchor(part: &Participation) -> String {
    let role = match part.role {
        Role::Speaker => "speaker",
        Role::Panelist => "panelist",
        Role::Organizer => "organizer",
        Role::Volunteer => "volunteer",
        Role::CommitteeMember => "member",
    };
    format!("{role}_{}", part.head.slug)
}

/// The people of a role, each with a portrait and what they say of themselves.
pub(super) fn cards(parts: &Parts<'_>, role: Role) -> Option<Markup> {
    let people = parts.source.snapshot.document().participations(role);
    (!people.is_empty()).then(|| {
        html! { ul.cards { @for part in people { (card(parts, part)) } } }
    })
}

fn card(parts: &Parts<'_>, part: &Participation) -> Markup {
    let source = parts.source;
    let Some(person) = source.snapshot.person(part.person) else { return html! {} };
    let profile = Profile::new(source, person);
    let name = text::line(&person.name);
    let affiliation = part.affiliation.as_deref().map(text::line).or(profile.affiliation);
    let bio = part.bio.clone().or_else(|| profile.bio.map(Markdown)).filter(|bio| !bio.as_str().trim().is_empty());
    let homepage = profile.homepage.into_iter().map(|url| ("Homepage".to_owned(), url));
    let links: Vec<(String, String)> =
        homepage.chain(profile.links.into_iter().map(|link| (link.title, link.url))).collect();
    let is_on_stage = matches!(part.role, Role::Speaker | Role::Panelist);
    let sessions: Vec<_> = source.snapshot.sessions_of_person(person.id).filter(|_| is_on_stage).collect();
    html! {
        li.card id=(anchor(part)) {
            @if let Some(photo) = &part.photo { (parts.image(photo, None, &format!("Portrait of {name}"))) }
            h3.plain {
                @if let Some(honorific) = part.honorific.as_deref().map(text::line) { (honorific) " " }
                (name)
            }
            @if let Some(affiliation) = affiliation { p.soft { (affiliation) } }
            @if let Some(group) = part.group.as_deref().map(text::line) { p.soft { (group) } }
            @if !sessions.is_empty() {
                ul.plain { @for session in sessions {
                    li { a href={ "#" (session.head.slug) } { (text::line(&session.title)) } }
                } }
            }
            @if let Some(bio) = bio { details { summary { "About " (name) } (parts.prose(&bio, 4)) } }
            @if !links.is_empty() {
                ul.links { @for (label, url) in links {
                    li { a href=(url) { (label) span.away { " of " (name) } } }
                } }
            }
        }
    }
}

/// The people of a role by name and affiliation, in their groups.
pub(super) fn names(parts: &Parts<'_>, role: Role) -> Option<Markup> {
    let people = parts.source.snapshot.document().participations(role);
    let mut groups: Vec<(Option<&str>, Vec<&Participation>)> = Vec::new();
    for part in people {
        let group = part.group.as_deref();
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, members)) => members.push(part),
            None => groups.push((group, vec![part])),
        }
    }
    (!groups.is_empty()).then(|| {
        html! {
            @for (group, members) in &groups {
                @if let Some(group) = group { h3 { (text::line(group)) } }
                ul.names { @for part in members { (named(parts, part)) } }
            }
        }
    })
}

fn named(parts: &Parts<'_>, part: &Participation) -> Markup {
    let Some(person) = parts.source.snapshot.person(part.person) else { return html! {} };
    let affiliation = part.affiliation.as_ref().or(person.affiliation.as_ref());
    html! {
        li {
            @if let Some(homepage) = &person.homepage { (parts.link(homepage, &person.name)) }
            @else { (text::line(&person.name)) }
            @if let Some(affiliation) = affiliation { span.soft { " · " (text::line(affiliation)) } }
        }
    }
}
