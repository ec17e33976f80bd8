//! What feeds tell of a person: what the event says, and else what the person says of themselves.

use super::links::Link;
use super::{Source, text};
use crate::content::{Person, Role, TOP_SPEAKERS};

/// What a feed tells of a person beside the name.
pub(super) struct Profile {
    /// The portrait's address.
    pub(super) photo: Option<String>,
    /// The biography, as Markdown.
    pub(super) bio: Option<String>,
    pub(super) affiliation: Option<String>,
    pub(super) homepage: Option<String>,
    /// Pages elsewhere, the homepage not among them.
    pub(super) links: Vec<Link>,
    /// Whether the event counts the person among its top speakers.
    pub(super) is_top: bool,
}

impl Profile {
    pub(super) fn new(source: &Source<'_>, person: &Person) -> Profile {
        let parts: Vec<_> = source.snapshot.participations_of(person.id).collect();
        let photo = parts.iter().find_map(|part| part.photo.as_ref()).and_then(|photo| source.web_url(&photo.url));
        let bio = parts.iter().find_map(|part| part.bio.as_ref());
        let affiliation = parts.iter().find_map(|part| part.affiliation.as_ref()).or(person.affiliation.as_ref());
        let own = [("ORCID", &person.orcid), ("Google Scholar", &person.scholar), ("LinkedIn", &person.linkedin)];
        let own = own.into_iter().filter_map(|(label, url)| Some((label, url.as_deref()?)));
        let others = person.links.iter().map(|link| (link.label.as_str(), link.url.as_str()));
        let links = own
            .chain(others)
            .filter_map(|(label, url)| Some(Link { title: text::line(label), url: source.web_url(url)?, kind: "web" }));
        Profile {
            photo,
            bio: bio.map(|bio| text::clean(bio.as_str()).into_owned()).filter(|bio| !bio.is_empty()),
            affiliation: affiliation.map(|affiliation| text::line(affiliation)),
            homepage: person.homepage.as_deref().and_then(|url| source.web_url(url)),
            links: links.collect(),
            is_top: parts.iter().any(|part| part.role == Role::Speaker && part.group.as_deref() == Some(TOP_SPEAKERS)),
        }
    }
}
