//! People as rows, and the key that they are found by.

use entity::person::Model;

use super::{Origin, to_json};
use crate::content::{Id, Person};
use crate::error::Error;

/// A name without case, accents and superfluous blanks.
pub(in crate::store) fn name_key(name: &str) -> String {
    let plain = deunicode::deunicode(name).to_lowercase();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(in crate::store) fn person_from_row(row: Model) -> Result<Person, Error> {
    let origin = Origin::new("person", row.id);
    Ok(Person {
        id: Id(row.id),
        name: row.name,
        affiliation: row.affiliation,
        homepage: row.homepage,
        orcid: row.orcid,
        scholar: row.scholar,
        linkedin: row.linkedin,
        links: origin.json(&row.links)?,
        created_at: origin.instant(row.created_at)?,
        updated_at: origin.instant(row.updated_at)?,
    })
}

pub(in crate::store) fn person_to_row(person: &Person) -> Model {
    Model {
        id: person.id.0,
        name: person.name.clone(),
        name_key: name_key(&person.name),
        affiliation: person.affiliation.clone(),
        homepage: person.homepage.clone(),
        orcid: person.orcid.clone(),
        scholar: person.scholar.clone(),
        linkedin: person.linkedin.clone(),
        links: to_json(&person.links),
        created_at: person.created_at.as_microsecond(),
        updated_at: person.updated_at.as_microsecond(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_without_case_accents_and_blanks() {
        assert_eq!(name_key("  Émilie  du\u{a0}Châtelet "), "emilie du chatelet");
        assert_eq!(name_key("SØREN Kierkegaard"), name_key("Soren kierkegaard"));
    }
}
