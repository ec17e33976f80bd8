//! Who a presenter is: somebody of the site, maybe spelt a little differently, or somebody new.

use super::draft::name_key;
use super::fields::Reading;
use super::names;
use crate::content::{Id, Role, Severity};

/// Among whom a presenter is looked for first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circle {
    /// Who is likely meant: the authors of the paper, the panelists, the speakers.
    pub(crate) likely: Vec<Id>,
    /// Whether the likely ones are the authors of the paper that is presented.
    pub(crate) are_authors: bool,
    /// Whether the paper's authors are hidden, so that a presenter may well be new.
    pub(crate) is_anonymous: bool,
}

/// Finds or adds the person whom a text of the schedule names.
pub(crate) fn resolve(reading: &mut Reading<'_>, text: &str, line: u32, circle: &Circle) -> Option<Id> {
    let named = names::parse_person(text);
    let name = super::fields::short(reading, named.name, line);
    if names::is_placeholder(&name) || super::authors::is_anonymous(&name) {
        return None;
    }
    let found = reading.draft.find_person(&name);
    if found.is_none() && names::is_collective(&name) {
        let message = format!("“{name}” names nobody in particular; nobody was added");
        reading.report(Severity::Info, "nobody-named", line, message);
        return None;
    }
    let id = match found {
        Some(id) => id,
        None => match similar(reading, &name, circle) {
            Some((id, known)) => {
                let message = format!(
                    "the presenter {name} is not on the lists of people, but {known} is; they were taken for one person"
                );
                reading.report(Severity::Warning, "presenter-spelling", line, message);
                reading.draft.also_called(id, &name);
                id
            }
            None => {
                let (severity, message) = if circle.is_anonymous {
                    (
                        Severity::Info,
                        format!(
                            "{name} presents a paper whose authors are anonymous, and is on no list; they were added"
                        ),
                    )
                } else {
                    (
                        Severity::Warning,
                        format!("the presenter {name} is on no list of people of this site; they were added"),
                    )
                };
                reading.report(severity, "unknown-presenter", line, message);
                reading.draft.person(&name)
            }
        },
    };
    super::people::know_affiliation(reading, id, named.affiliation.as_deref(), line);
    if let Some(honorific) = named.honorific {
        note_honorific(reading, id, &honorific);
    }
    Some(id)
}

/// Notes a title before the name where the person's own entry has none.
fn note_honorific(reading: &mut Reading<'_>, person: Id, honorific: &str) {
    for role in Role::ALL {
        let items = reading.draft.document.participations(role);
        if let Some(item) = items.iter().find(|item| item.person == person).map(|item| item.head.id) {
            reading.draft.change_participation(role, item, |item| {
                item.honorific.get_or_insert_with(|| honorific.to_owned());
            });
            return;
        }
    }
}

/// The person whose name is spelt like this one: the nearer somebody is, the more may differ.
fn similar(reading: &Reading<'_>, name: &str, circle: &Circle) -> Option<(Id, String)> {
    let key = name_key(name);
    let only = |mut found: Vec<(Id, String)>| if found.len() == 1 { found.pop() } else { None };
    let people = &reading.draft.document.people;
    let likely = || people.iter().filter(|person| circle.likely.contains(&person.id));
    let pair = |person: &std::sync::Arc<crate::content::Person>| (person.id, person.name.clone());
    let close = likely().filter(|person| is_close(&key, &name_key(&person.name))).map(pair).collect();
    if let Some(found) = only(close) {
        return Some(found);
    }
    if circle.are_authors {
        let same_surname =
            likely().filter(|person| surname(&key) == surname(&name_key(&person.name))).map(pair).collect();
        if let Some(found) = only(same_surname) {
            return Some(found);
        }
    }
    only(people.iter().filter(|person| is_misspelt(&key, &name_key(&person.name))).map(pair).collect())
}

fn surname(key: &str) -> &str {
    key.rsplit(' ').next().unwrap_or_default()
}

/// Whether two names of the same circle mean one person: the same words in another order, a name left out, initials,
/// or a few letters.
fn is_close(one: &str, other: &str) -> bool {
    let (mine, theirs): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    let (short, long) = if mine.len() <= theirs.len() { (&mine, &theirs) } else { (&theirs, &mine) };
    let is_initial = |short: &str, long: &str| short.len() == 1 && long.starts_with(short);
    let fits =
        |word: &&str| long.iter().any(|other| other == word || is_initial(word, other) || is_initial(other, word));
    let shares_a_word = short.iter().any(|word| word.len() > 2 && long.contains(word));
    (short.len() > 1 && short.iter().all(fits) && shares_a_word) || differ_little(one, other, 4)
}

/// Whether two names differ by a slip of the pen: at most two letters, in a name long enough to tell.
fn is_misspelt(one: &str, other: &str) -> bool {
    differ_little(one, other, 5)
}

/// Whether one word of two names differs a little; it has at least so many letters.
fn differ_little(one: &str, other: &str, least: usize) -> bool {
    let (mine, theirs): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    if mine.len() != theirs.len() {
        return one.len() > 9 && one.replace(' ', "") == other.replace(' ', "");
    }
    let different: Vec<_> = mine.iter().zip(&theirs).filter(|(mine, theirs)| mine != theirs).collect();
    match different[..] {
        [(mine, theirs)] => {
            let length = mine.len().min(theirs.len());
            length >= least
                && first_letter(mine) == first_letter(theirs)
                && strsim::damerau_levenshtein(mine, theirs) <= if length >= 7 { 2 } else { 1 }
        }
        _ => {
            let (mut mine, mut theirs) = (mine.clone(), theirs.clone());
            mine.sort_unstable();
            theirs.sort_unstable();
            !different.is_empty() && mine == theirs
        }
    }
}

fn first_letter(word: &str) -> Option<char> {
    word.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_told_from_other_people() {
        for (one, other) in [
            ("mehdi rezaghoizadeh", "mehdi rezagholizadeh"),
            ("luke zettelmoyer", "luke zettlemoyer"),
            ("you yang", "yang you"),
        ] {
            assert!(is_misspelt(one, other), "{one} / {other}");
        }
        for (one, other) in
            [("bang liu", "yang liu"), ("bo liu", "bo lin"), ("jim glass", "james glass"), ("ada falk", "ida falk")]
        {
            assert!(!is_misspelt(one, other), "{one} / {other}");
        }
        assert!(is_close("vikrant singh", "vikrant singh tomar"));
        assert!(is_close("j falk", "jane falk"));
        assert!(!is_close("bo lund", "cy lund"));
    }
}
