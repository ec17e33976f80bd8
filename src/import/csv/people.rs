//! A table of people: what they are at the event, and what is told of them.

use std::collections::HashMap;

use super::table::{Column, Row, Table};
use crate::content::{self, Id, Image, Participation, Role, Severity, WebLink};
use crate::import::additions::Additions;
use crate::import::{jekyll, programme};

pub(super) const COLUMNS: &[Column] = &[
    Column { name: "name", others: &["fullname", "person", "speaker", "displayname"], needed: true },
    Column { name: "role", others: &["type", "kind"], needed: false },
    Column { name: "group", others: &["committee", "team"], needed: false },
    Column { name: "honorific", others: &["prefix", "salutation"], needed: false },
    Column {
        name: "affiliation",
        others: &["organization", "organisation", "company", "institution", "university"],
        needed: false,
    },
    Column { name: "bio", others: &["biography", "about"], needed: false },
    Column { name: "photo", others: &["photourl", "image", "picture", "portrait", "avatar"], needed: false },
    Column { name: "homepage", others: &["website", "url", "web", "page", "link"], needed: false },
    Column { name: "orcid", others: &["orcidid"], needed: false },
    Column { name: "scholar", others: &["googlescholar"], needed: false },
    Column { name: "linkedin", others: &[], needed: false },
    Column { name: "twitter", others: &["x"], needed: false },
    Column { name: "github", others: &[], needed: false },
    Column { name: "mastodon", others: &[], needed: false },
];

/// What people are at the event: the items of each role and person, in their order.
type Parts = HashMap<(Role, Id), Vec<Id>>;

pub(super) fn read(table: &Table, additions: &mut Additions) {
    let mut parts = Parts::new();
    for item in Role::ALL.into_iter().flat_map(|role| additions.document.participations(role)) {
        parts.entry((item.role, item.person)).or_default().push(item.head.id);
    }
    for row in &table.rows {
        let Some(name) = row.line("name") else {
            additions.tell(Severity::Warning, "no-name", &row.place, "a row has no name, and is left out");
            continue;
        };
        let named = jekyll::parse_person(&name);
        let person = additions.person(if named.name.is_empty() { &name } else { &named.name });
        let affiliation = row.line("affiliation").or(named.affiliation);
        pages(row, person, affiliation.as_deref(), additions);
        let roles = roles(row, person, &parts, additions);
        for role in roles {
            let words = (affiliation.clone(), named.honorific.clone());
            participation(row, (role, person), words, &mut parts, additions);
        }
    }
}

/// The roles that a row names; without any, those that the person has.
fn roles(row: &Row, person: Id, parts: &Parts, additions: &mut Additions) -> Vec<Role> {
    let mut roles = Vec::new();
    for word in
        row.text("role").unwrap_or_default().split([',', ';', '/', '&']).map(str::trim).filter(|word| !word.is_empty())
    {
        match role_named(word) {
            Some(role) => roles.push(role),
            None => {
                let message = format!(
                    "“{}” is no role; there are speaker, panelist, organizer, volunteer and committee member",
                    word.chars().take(80).collect::<String>()
                );
                additions.tell(Severity::Warning, "role", &row.place, message);
            }
        }
    }
    if roles.is_empty() {
        roles = Role::ALL.into_iter().filter(|role| parts.contains_key(&(*role, person))).collect();
    }
    if roles.is_empty() {
        additions.tell(
            Severity::Warning,
            "no-role",
            &row.place,
            "a person has no role that is known, and became a speaker",
        );
        roles.push(Role::Speaker);
    }
    roles
}

fn role_named(word: &str) -> Option<Role> {
    let word = word.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|part| word.contains(part));
    Some(if has(&["panel"]) {
        Role::Panelist
    } else if has(&["speaker", "keynote", "invited", "presenter"]) {
        Role::Speaker
    } else if has(&["organi", "chair"]) && !has(&["area chair", "program committee"]) {
        Role::Organizer
    } else if has(&["volunteer", "helper"]) {
        Role::Volunteer
    } else if has(&["committee", "reviewer", "area chair", "pc member"]) {
        Role::CommitteeMember
    } else {
        return None;
    })
}

fn pages(row: &Row, person: Id, affiliation: Option<&str>, additions: &mut Additions) {
    let mut found = Vec::new();
    for (column, prefix) in [
        ("homepage", "https://"),
        ("orcid", ""),
        ("scholar", "https://scholar.google.com/citations?user="),
        ("linkedin", "https://www.linkedin.com/in/"),
        ("twitter", "https://twitter.com/"),
        ("github", "https://github.com/"),
        ("mastodon", ""),
    ] {
        let Some(text) = row.line(column) else { continue };
        if column == "orcid" {
            match content::orcid(&text) {
                Some(orcid) => found.push((column, orcid)),
                None => additions.tell(
                    Severity::Warning,
                    "orcid",
                    &row.place,
                    "an ORCID iD is none or has a wrong digit, and is left out",
                ),
            }
            continue;
        }
        let is_whole = text.contains("://");
        let address = if is_whole {
            text.clone()
        } else if text.contains('/') {
            format!("https://{text}")
        } else {
            format!("{prefix}{}", text.trim_start_matches('@'))
        };
        match url::Url::parse(&address) {
            Ok(url)
                if matches!(url.scheme(), "http" | "https")
                    && url.host_str().is_some_and(|host| host.contains('.')) =>
            {
                found.push((column, address));
            }
            _ => {
                let message = format!("the {column} of a person is no address, and is left out");
                additions.tell(Severity::Warning, "link-unusable", &row.place, message);
            }
        }
    }
    additions.change_person(person, |person| {
        if let Some(affiliation) = affiliation {
            person.affiliation = Some(affiliation.to_owned());
        }
        for (column, address) in found {
            match column {
                "homepage" => person.homepage = Some(address),
                "orcid" => person.orcid = Some(address),
                "scholar" => person.scholar = Some(address),
                "linkedin" => person.linkedin = Some(address),
                other => {
                    let label = match other {
                        "twitter" => "Twitter",
                        "github" => "GitHub",
                        _ => "Mastodon",
                    };
                    match person.links.iter_mut().find(|link| link.label == label) {
                        Some(link) => link.url = address,
                        None => person.links.push(WebLink { label: label.to_owned(), url: address }),
                    }
                }
            }
        }
    });
}

fn participation(
    row: &Row,
    (role, person): (Role, Id),
    (affiliation, honorific): (Option<String>, Option<String>),
    parts: &mut Parts,
    additions: &mut Additions,
) {
    let group = row.line("group");
    let known = parts.entry((role, person)).or_default();
    let same = known.iter().copied().min_by_key(|id| {
        let item = additions.item::<Participation>(*id);
        item.is_none_or(|item| item.group != group)
    });
    let id = same.unwrap_or_else(|| {
        let name = additions.name_of(person);
        let head = additions.head(role.kind(), &name, None);
        let id = additions.add(Participation {
            head,
            role,
            person,
            honorific: None,
            affiliation: None,
            photo: None,
            bio: None,
            group: None,
        });
        known.push(id);
        id
    });
    let photo = row.line("photo").and_then(|url| programme::usable(&url));
    if row.line("photo").is_some() && photo.is_none() {
        additions.tell(
            Severity::Warning,
            "link-unusable",
            &row.place,
            "the photo of a person is no address, and is left out",
        );
    }
    let Some(item) = additions.item::<Participation>(id) else { return };
    item.honorific = row.line("honorific").or(honorific).or(item.honorific.take());
    item.affiliation = affiliation.or(item.affiliation.take());
    item.group = group.or(item.group.take());
    item.bio = row.text("bio").and_then(programme::markdown).or(item.bio.take());
    if let Some(url) = photo {
        let alt = item.photo.take().and_then(|photo| photo.alt);
        item.photo = Some(Image { url, alt });
    }
}
