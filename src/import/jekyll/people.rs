//! Lists of people: flat, in rows, in groups, or plain texts such as `Name (Affiliation)`.

use super::addresses;
use super::draft::{SpeakerTalk, name_key};
use super::fields::{Fields, Reading, key_name};
use super::html;
use super::names::{self, Named, is_placeholder, tidy};
use super::person_links;
use super::yaml::{Node, Value};
use crate::content::{Id, Image, Markdown, Participation, Role, SessionPart, SessionPerson, Severity};

const NAME: [&str; 5] = ["name", "full_name", "fullname", "speaker", "person"];
const AFFILIATION: [&str; 10] = [
    "affiliation",
    "affil",
    "affiliations",
    "institution",
    "institute",
    "company",
    "organization",
    "organisation",
    "org",
    "university",
];
const PHOTO: [&str; 8] = ["photo", "image", "img", "picture", "pic", "pic_url", "avatar", "headshot"];
const BIO: [&str; 4] = ["bio", "biography", "about", "description"];
const POSITION: [&str; 6] = ["role", "position", "group", "category", "job", "job_title"];
/// Keys that only say how the template lays a list out.
const LAYOUT: [&str; 8] = ["num_row", "row", "row_num", "id", "order", "weight", "image_width", "image_height"];

/// Which people a file or key of this name holds, and the group that the name adds to the role.
pub(crate) fn role_of(name: &str) -> Option<(Role, Option<String>)> {
    let key = key_name(name);
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    let role = if has(&["areachair", "area_chair", "moderator"]) {
        Role::CommitteeMember
    } else if has(&["organiz", "organis", "steering", "advis", "executive", "workshop_team", "core_team", "board"])
        || matches!(key.as_str(), "team" | "chairs" | "committee_chairs" | "general_chairs" | "workshop_chairs")
        || key.ends_with("_chairs")
    {
        Role::Organizer
    } else if has(&["committee", "review", "pc_member", "technical_program"]) || key == "pc" || key == "tpc" {
        Role::CommitteeMember
    } else if has(&["volunteer", "student", "helper"]) {
        Role::Volunteer
    } else if has(&["panelist", "panellist"]) || key == "panel" {
        Role::Panelist
    } else if has(&["speaker", "keynote", "presenter"]) {
        Role::Speaker
    } else {
        return None;
    };
    Some((role, (!is_generic(&key)).then(|| heading(name))))
}

/// Whether a name says no more than the role.
fn is_generic(key: &str) -> bool {
    matches!(
        key,
        "speakers"
            | "speaker"
            | "invited_speakers"
            | "confirmed_speakers"
            | "keynote"
            | "keynotes"
            | "keynote_speakers"
            | "panel"
            | "panelist"
            | "panelists"
            | "panellists"
            | "industrial_panelists"
            | "organizer"
            | "organizers"
            | "organiser"
            | "organisers"
            | "organizing_committee"
            | "organising_committee"
            | "organization"
            | "chairs"
            | "workshop_organizers"
            | "volunteer"
            | "volunteers"
            | "committee"
            | "committee_members"
            | "technical_committee"
            | "program_committee"
            | "programcommittee"
            | "technicalcommittee"
            | "programme_committee"
            | "technical_program_committee"
            | "pc"
            | "tpc"
            | "members"
            | "people"
            | "list"
            | "names"
            | "items"
    )
}

/// A key as a heading: `area_chairs` and `areachairs` are `Area chairs`.
pub(crate) fn heading(name: &str) -> String {
    let spaced = tidy(&name.replace(['_', '-'], " ")).replace("areachair", "area chair");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Reads everybody in a list into a role.
pub(crate) fn read(reading: &mut Reading<'_>, node: &Node, role: Role, group: Option<&str>) {
    match &node.value {
        Value::Null => {}
        Value::Text(text) => {
            for name in names::split_people(text) {
                from_text(reading, &name, node.line, role, group);
            }
        }
        Value::List(items) => items.iter().for_each(|item| item_of_list(reading, item, role, group)),
        Value::Map(entries) if is_person(node) => from_fields(reading, node, entries.len(), role, group),
        Value::Map(entries) => {
            for (key, value) in entries {
                let (role, group) = narrowed(key, role, group);
                match &value.value {
                    Value::Null => {}
                    Value::Text(_) if is_layout(key) => {}
                    // `Jane Doe: Some University`
                    Value::Text(text) if names::looks_like_name(key) => {
                        let named = Named { affiliation: some(tidy(text)), ..names::parse_person(key) };
                        add(reading, &named, value.line, role, group.as_deref());
                    }
                    Value::Text(_) if is_generic(&key_name(key)) => read(reading, value, role, group.as_deref()),
                    Value::Text(text) if role_of(key).is_none() && !names::looks_like_name(&tidy(text)) => {
                        reading.unread(key, value.line);
                    }
                    Value::Map(_) if is_person(value) || names::looks_like_name(&heading(key)) && is_details(value) => {
                        named_by_key(reading, key, value, role, group.as_deref());
                    }
                    Value::Text(_) | Value::List(_) | Value::Map(_) => read(reading, value, role, group.as_deref()),
                }
            }
        }
    }
}

/// What a key inside a list of people makes of role and group.
fn narrowed(key: &str, role: Role, group: Option<&str>) -> (Role, Option<String>) {
    match role_of(key) {
        // Rows of `panelists.yml` may well be called `speakers`: the file knows better, unless the key says more.
        Some((own, Some(name))) if group.is_none() => (own, Some(name)),
        Some(_) => (role, group.map(str::to_owned)),
        None if is_generic(&key_name(key)) || is_layout(key) || group.is_some() => (role, group.map(str::to_owned)),
        None => (role, Some(heading(key))),
    }
}

fn is_layout(key: &str) -> bool {
    LAYOUT.contains(&key_name(key).as_str())
}

fn is_person(node: &Node) -> bool {
    NAME.iter().any(|key| has(node, key)) && !has_people_inside(node)
}

fn is_details(node: &Node) -> bool {
    AFFILIATION.iter().chain(&PHOTO).any(|key| has(node, key))
}

fn has(node: &Node, key: &str) -> bool {
    node.map()
        .is_some_and(|entries| entries.iter().any(|(name, value)| key_name(name) == key && value.text().is_some()))
}

fn has_people_inside(node: &Node) -> bool {
    node.map().is_some_and(|entries| {
        entries.iter().any(|(key, value)| {
            value.list().is_some_and(|items| {
                !items.is_empty() && items.iter().any(|item| is_person(item) || item.text().is_some())
            }) && !key_name(key).starts_with("link")
                && !AFFILIATION.contains(&key_name(key).as_str())
        })
    })
}

fn item_of_list(reading: &mut Reading<'_>, item: &Node, role: Role, group: Option<&str>) {
    // A group that names itself: `name: Area chairs` beside `members:`.
    let own = ["group", "category", "heading", "title", "name", "role"]
        .iter()
        .find_map(|key| item.get(key)?.text().filter(|text| !text.trim().is_empty()));
    if let (Some(own), true, Some(entries)) = (own, has_people_inside(item), item.map()) {
        let name = tidy(own);
        let (role, group) = narrowed(&name, role, group);
        for (key, value) in entries {
            if value.list().is_some() || value.map().is_some() {
                read(reading, value, role, group.as_deref());
            } else if !is_layout(key) && value.text() != Some(own) && !value.is_empty() {
                reading.unread(key, value.line);
            }
        }
        return;
    }
    match &item.value {
        Value::Text(text) => from_text(reading, text, item.line, role, group),
        _ => read(reading, item, role, group),
    }
}

fn from_text(reading: &mut Reading<'_>, text: &str, line: u32, role: Role, group: Option<&str>) {
    let named = names::parse_person(text);
    if is_placeholder(&named.name) {
        return placeholder(reading, line);
    }
    let item = add(reading, &named, line, role, group);
    if let Some(link) = person_links::link_in(text)
        && let Some(link) = addresses::url(reading, &link, line)
    {
        person_links::put(reading, item.person, "Website", link, line);
    }
}

fn placeholder(reading: &mut Reading<'_>, line: u32) {
    reading.report(Severity::Info, "placeholder", line, "somebody is still to be announced here; nobody was added");
}

/// A person whose name is the key of their details.
fn named_by_key(reading: &mut Reading<'_>, key: &str, node: &Node, role: Role, group: Option<&str>) {
    if is_person(node) {
        return read(reading, node, role, group);
    }
    let name = Node { line: node.line, value: Value::Text(heading(key)) };
    let mut entries = vec![("name".to_owned(), name)];
    entries.extend(node.map().unwrap_or_default().iter().cloned());
    read(reading, &Node { line: node.line, value: Value::Map(entries) }, role, group);
}

fn from_fields(reading: &mut Reading<'_>, node: &Node, count: usize, role: Role, group: Option<&str>) {
    let Some(mut fields) = Fields::of(node) else { return };
    let name = fields.raw(&NAME);
    for key in LAYOUT {
        fields.node(&[key]);
    }
    let Some((name, line)) = name.filter(|(name, _)| !is_placeholder(&tidy(name))) else {
        if count > 1 {
            placeholder(reading, node.line);
        }
        return;
    };
    let mut named = names::parse_person(name);
    if let Some(link) = person_links::link_in(name) {
        // `name: <a href=…>Jane Doe</a>`
        fields.line = line;
        let id = reading.draft.person(&named.name);
        if let Some(link) = addresses::url(reading, &link, line) {
            person_links::put(reading, id, "Website", link, line);
        }
    }
    let own_group = affiliation_and_title(reading, &mut fields, &mut named, role);
    let shown = named.name.clone();
    let photo = fields.raw(&PHOTO).and_then(|(photo, line)| addresses::image(reading, photo, line, Some(&shown)));
    let bio = fields.raw(&BIO).filter(|(bio, _)| !is_placeholder(&tidy(bio))).map(|(bio, _)| html::markdown(bio));
    let both = match (group, own_group) {
        (Some(group), Some(own)) if name_key(group) != name_key(&own) => Some(format!("{group}: {own}")),
        (group, own) => own.or(group.map(str::to_owned)),
    };
    let item = add(reading, &named, line, role, both.as_deref());
    fill(reading, role, item.item, photo, bio);
    person_links::read(reading, &mut fields, item.person);
    talk(reading, &mut fields, item.person);
    fields.finish(reading);
}

/// Reads affiliation, honorific and what somebody's part is called; gives the latter.
fn affiliation_and_title(
    reading: &mut Reading<'_>,
    fields: &mut Fields<'_>,
    named: &mut Named,
    role: Role,
) -> Option<String> {
    let affiliation = match fields.node(&AFFILIATION) {
        Some(node) => match node.list() {
            Some(items) => some(items.iter().filter_map(Node::text).map(tidy).collect::<Vec<_>>().join(" / ")),
            None => some(tidy(node.text().unwrap_or_default())),
        },
        None => None,
    };
    if let Some(affiliation) = affiliation.filter(|text| !is_placeholder(text)) {
        named.affiliation = some(super::fields::short(reading, affiliation, fields.line));
    }
    let mut group = None;
    if let Some((title, _)) = fields.line_of_text(reading, &["title", "honorific", "prefix"]) {
        if names::is_title(&title) {
            named.honorific = Some(title);
        } else {
            group = Some(title);
        }
    }
    if let Some((position, _)) = fields.line_of_text(reading, &POSITION) {
        if names::is_title(&position) && named.honorific.is_none() {
            named.honorific = Some(position);
            return group;
        }
        let says_no_more = role_of(&position).is_some_and(|(own, group)| own == role && group.is_none());
        group = if says_no_more {
            group
        } else {
            Some(group.map_or(position.clone(), |title| format!("{title}, {position}")))
        };
    }
    group.filter(|group| !is_placeholder(group))
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A participation that was added or was there already.
#[derive(Clone, Copy)]
struct Added {
    item: Id,
    person: Id,
}

/// Adds somebody to a role, once; whoever is listed twice is reported and keeps the first place.
fn add(reading: &mut Reading<'_>, named: &Named, line: u32, role: Role, group: Option<&str>) -> Added {
    let name = super::fields::short(reading, named.name.clone(), line);
    let group = group.map(|group| super::fields::short(reading, group.to_owned(), line));
    let group = group.as_deref();
    let person = reading.draft.person(&name);
    know_affiliation(reading, person, named.affiliation.as_deref(), line);
    let earlier = reading.draft.document.participations(role).iter().find(|item| item.person == person).cloned();
    if let Some(earlier) = earlier {
        if group.is_none() || earlier.group.as_deref() == group {
            let message =
                format!("{name} is in this list twice; the first entry counts, and what it lacks was filled in");
            reading.report(Severity::Warning, "duplicate-person-in-list", line, message);
        } else if let Some(group) = group {
            let both = earlier.group.as_ref().map_or(group.to_owned(), |first| format!("{first}, {group}"));
            reading.draft.change_participation(role, earlier.head.id, |item| item.group = Some(both));
        }
        reading.draft.change_participation(role, earlier.head.id, |item| {
            item.affiliation = item.affiliation.take().or(named.affiliation.clone());
            item.honorific = item.honorific.take().or(named.honorific.clone());
        });
        return Added { item: earlier.head.id, person };
    }
    let item = Participation {
        head: reading.draft.head(role.kind(), &name),
        role,
        person,
        honorific: named.honorific.clone(),
        affiliation: named.affiliation.clone(),
        photo: None,
        bio: None,
        group: group.map(str::to_owned),
    };
    let id = item.head.id;
    let place = reading.at(line);
    reading.draft.add(item, place);
    Added { item: id, person }
}

/// Notes a person's affiliation where none is known yet; a quite different one is reported.
pub(crate) fn know_affiliation(reading: &mut Reading<'_>, person: Id, affiliation: Option<&str>, line: u32) {
    let Some(affiliation) = affiliation else { return };
    let known = reading.draft.person_of(person).map(|person| (person.name.clone(), person.affiliation.clone()));
    match known {
        Some((name, Some(known))) => {
            if !are_alike(&known, affiliation) {
                let message =
                    format!("{name} is of {affiliation} here and of {known} elsewhere; each place keeps its own");
                reading.report(Severity::Info, "conflicting-affiliation", line, message);
            }
        }
        _ => reading.draft.change_person(person, |person| person.affiliation = Some(affiliation.to_owned())),
    }
}

/// Whether two affiliations may be the same: they share a word of some length, or one is short for the other.
fn are_alike(one: &str, other: &str) -> bool {
    let (one_key, other_key) = (name_key(one), name_key(other));
    let words = |key: &str| -> Vec<String> {
        key.split(' ')
            .filter(|word| word.len() > 3 && !["university", "institute", "labs"].contains(word))
            .map(str::to_owned)
            .collect()
    };
    let initials = |text: &str| -> String {
        text.split(|c: char| !c.is_alphanumeric())
            .filter_map(|word| word.chars().next())
            .filter(|c| c.is_uppercase())
            .collect()
    };
    let is_short_for = |short: &str, long: &str| {
        let letters: String = short.chars().filter(char::is_ascii_uppercase).collect();
        letters.len() > 1 && initials(long).contains(&letters)
    };
    let others = words(&other_key);
    one_key == other_key
        || one_key.contains(&other_key)
        || other_key.contains(&one_key)
        || words(&one_key).iter().any(|word| others.contains(word))
        || is_short_for(one, other)
        || is_short_for(other, one)
}

/// Somebody who speaks in a session.
pub(crate) fn speaker(person: Id) -> SessionPerson {
    SessionPerson { person, part: SessionPart::Speaker }
}

fn fill(reading: &mut Reading<'_>, role: Role, item: Id, photo: Option<Image>, bio: Option<Markdown>) {
    reading.draft.change_participation(role, item, |item| {
        item.photo = item.photo.take().or(photo);
        item.bio = item.bio.take().or(bio);
    });
}

/// The talk that a speaker's entry tells of, kept for the schedule.
fn talk(reading: &mut Reading<'_>, fields: &mut Fields<'_>, person: Id) {
    let line = fields.line;
    let title = fields.line_of_text(reading, &["talk_title", "talk", "topic", "presentation_title"]);
    let title = title.map(|(title, _)| title).filter(|title| !is_placeholder(title));
    let summary = fields.raw(&["abstract", "talk_abstract"]).filter(|(text, _)| !is_placeholder(&tidy(text)));
    let summary = summary.map(|(text, _)| html::markdown(text));
    if title.is_some() || summary.is_some() {
        let place = reading.at(line);
        reading.draft.talks.push(SpeakerTalk { person, title, summary, place });
    }
}
