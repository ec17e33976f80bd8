//! The people of a programme: told apart by the source's ids where it has them, and by name where it has none.

use std::collections::HashMap;

use super::texts::one_line;
use crate::content::WebLink;
use crate::import::text::clean;

/// Somebody as a source tells them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PersonFacts {
    /// The source's globally unique id.
    pub(crate) guid: Option<String>,
    /// What else the source calls the person.
    pub(crate) key: Option<String>,
    pub(crate) name: String,
    pub(crate) affiliation: Option<String>,
    /// The biography, as it is in the source.
    pub(crate) bio: Option<String>,
    pub(crate) photo: Option<String>,
    pub(crate) homepage: Option<String>,
    pub(crate) linkedin: Option<String>,
    pub(crate) orcid: Option<String>,
    pub(crate) scholar: Option<String>,
    pub(crate) links: Vec<WebLink>,
    /// Whether the source lists the person among its speakers, in a session or not.
    pub(crate) is_listed: bool,
    /// Whether the person is one of the top speakers, where the source says it.
    pub(crate) is_top: Option<bool>,
}

impl PersonFacts {
    /// Puts a page of the person where it belongs. Plenary writes those with a field of their own before the others.
    pub(crate) fn add_page(&mut self, link: WebLink, is_own: bool) {
        let field = match link.label.as_str() {
            _ if is_own && !self.links.is_empty() => None,
            "ORCID" if crate::content::orcid(&link.url).is_some() => Some(&mut self.orcid),
            "Google Scholar" => Some(&mut self.scholar),
            "LinkedIn" => Some(&mut self.linkedin),
            _ => None,
        };
        match field {
            Some(field) if field.is_none() => *field = Some(link.url),
            _ => self.links.push(link),
        }
    }
}

/// Everybody in a programme.
#[derive(Debug, Default)]
pub(crate) struct People {
    list: Vec<PersonFacts>,
    by_key: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    /// Whether names stay as they are written.
    is_verbatim: bool,
}

impl People {
    /// From now on, names stay as they are written.
    pub(super) fn keep_names(&mut self) {
        self.is_verbatim = true;
    }

    /// Everybody, in the order in which they came up.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &PersonFacts> {
        self.list.iter()
    }

    /// The person with this place in the list.
    pub(crate) fn get(&self, place: usize) -> Option<&PersonFacts> {
        self.list.get(place)
    }

    /// The place of a person, who is added when nobody is known by the same id and name, or by the same name where the
    /// source has no id for one of them. What is told of somebody who is known fills what was not told yet.
    pub(crate) fn add(&mut self, mut person: PersonFacts) -> Option<usize> {
        person.name = if self.is_verbatim { one_line(&person.name) } else { clean(&person.name) };
        if person.name.is_empty() {
            return None;
        }
        let name = name_key(&person.name);
        // Sources without ids write 0 or nothing for everybody, so an id counts only together with the name.
        let usable = |id: &Option<String>| {
            id.as_deref().map(str::trim).filter(|id| !matches!(*id, "" | "0" | "-1")).map(str::to_owned)
        };
        person.guid = usable(&person.guid);
        person.key = usable(&person.key);
        let id = person.guid.clone().or_else(|| person.key.clone());
        let key = id.map(|id| format!("{}|{name}", id.to_lowercase()));
        let known = match &key {
            Some(key) => self.by_key.get(key).copied().or_else(|| {
                let namesake = *self.by_name.get(&name)?;
                self.list
                    .get(namesake)
                    .is_some_and(|known| known.guid.is_none() && known.key.is_none())
                    .then_some(namesake)
            }),
            None => self.by_name.get(&name).copied(),
        };
        let place = match known {
            Some(place) => {
                fill(&mut self.list[place], person);
                place
            }
            None => {
                self.list.push(person);
                self.list.len() - 1
            }
        };
        if let Some(key) = key {
            self.by_key.insert(key, place);
        }
        self.by_name.entry(name).or_insert(place);
        Some(place)
    }
}

fn fill(known: &mut PersonFacts, other: PersonFacts) {
    for (field, value) in [
        (&mut known.guid, other.guid),
        (&mut known.key, other.key),
        (&mut known.affiliation, other.affiliation),
        (&mut known.bio, other.bio),
        (&mut known.photo, other.photo),
        (&mut known.homepage, other.homepage),
        (&mut known.linkedin, other.linkedin),
        (&mut known.orcid, other.orcid),
        (&mut known.scholar, other.scholar),
    ] {
        if field.is_none() {
            *field = value;
        }
    }
    known.is_listed |= other.is_listed;
    known.is_top = known.is_top.or(other.is_top);
    for link in other.links {
        if !known.links.iter().any(|known| known.url == link.url) {
            known.links.push(link);
        }
    }
}

/// What two spellings of a name have in common.
fn name_key(name: &str) -> String {
    let plain = deunicode::deunicode(name).to_lowercase();
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { name.to_lowercase() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_namesakes_apart_and_missing_ids_do_not() {
        let mut people = People::default();
        let mut add = |key: &str, name: &str| {
            people.add(PersonFacts { key: Some(key.to_owned()), name: name.to_owned(), ..PersonFacts::default() })
        };
        assert_eq!(add("1", "Ada Falk"), Some(0));
        assert_eq!(add("2", "Ada Falk"), Some(1));
        assert_eq!(add("1", " Ada  Falk"), Some(0));
        assert_eq!(add("", "Ada Falk"), Some(0));
        assert_eq!(add("0", "Bo Lund"), Some(2));
        assert_eq!(add("0", "Cy Moe"), Some(3));
        assert_eq!(add("7", "Bo Lund"), Some(2), "an id that comes later is theirs");
        assert_eq!(add("9", " "), None);
    }
}
