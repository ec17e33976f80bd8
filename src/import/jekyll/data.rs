//! Which file of `_data` is what: by its name, else by its shape; backups and strangers are reported.

use std::collections::HashSet;

use super::draft::{Draft, name_key};
use super::fields::{Reading, key_name};
use super::names::{self, tidy};
use super::page::{self, Part};
use super::source::{Source, SourceFile};
use super::yaml::{self, Node};
use super::{lists, papers, people, schedule};
use crate::content::{Presentation, Role, Severity};
use crate::error::Error;

/// What a file or a key of a file holds. The order is the order of reading: the schedule names people and papers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Content {
    People(PeopleKind),
    Papers(Option<Presentation>),
    Navigation,
    Topics,
    Dates,
    Sponsors,
    Awards,
    Schedule,
}

/// The role of a list of people, and the group that its name adds.
type PeopleKind = (Role, Option<String>);

/// Reads every data file of the site into the draft. The event's day and zone must be known.
///
/// `taken` are the keys of files that told of the event itself and are read already.
pub(crate) fn read(source: &Source, draft: &mut Draft, taken: &HashSet<(String, String)>) -> Result<(), Error> {
    let mut files = Vec::new();
    let event_year = Some(draft.document.event.starts_on.0.year());
    let year = edition(source, event_year);
    for file in source.data() {
        if year_of(file).is_some_and(|own| Some(own) != year) {
            let message = "this file is in the folder of another year's edition; it was left alone";
            draft.report(Severity::Warning, "other-edition", file.path.as_str(), message);
            continue;
        }
        if is_backup(source, file, draft) {
            continue;
        }
        if !has_data_ending(&file.path) {
            draft.report(
                Severity::Warning,
                "unknown-file",
                file.path.as_str(),
                "this kind of file is not understood, and was left alone",
            );
            continue;
        }
        let (node, others) = of_edition(parsed(file, draft)?, event_year);
        for (key, line) in others {
            let message = format!("what is under {key} is of another year's edition; it was left alone");
            draft.report(Severity::Warning, "other-edition", file.at(line), message);
        }
        if node.is_empty() {
            draft.report(Severity::Info, "empty-file", file.path.as_str(), "there is nothing in this file");
        } else if repeats(source, file, &node) {
            backup(draft, file, "its records are those of the file without the number");
        } else if is_reading_list(source, file, &node) {
            let message = "these papers have venues of their own beside a list of accepted papers; they were taken for recommended reading and left alone";
            draft.report(Severity::Warning, "reading-list", file.path.as_str(), message);
        } else {
            files.push((file, node));
        }
    }
    let mut parts: Vec<(Content, &SourceFile, &Node)> = Vec::new();
    let mut strange: Vec<(&SourceFile, &str, u32)> = Vec::new();
    for (file, node) in &files {
        let heading = draft.headings.get(file.stem()).cloned();
        let content = by_name(file.stem()).map(|content| grouped(content, heading.as_deref()));
        let content = content.or_else(|| by_shape(node)).or_else(|| by_heading(heading.as_deref()?, node));
        if let Some(content) = content {
            parts.push((content, file, node));
        } else if are_people(node) {
            let group = people::heading(file.stem());
            let message =
                "these people have no role that is known; they were taken for volunteers in a group of their own";
            draft.report(Severity::Warning, "role-assumed", file.path.as_str(), message);
            parts.push((Content::People((Role::Volunteer, Some(group))), file, node));
        } else if let Some(entries) = node.map().filter(|entries| {
            entries.iter().any(|(key, _)| by_name(key).is_some() || taken.contains(&(file.path.clone(), key.clone())))
        }) {
            for (key, node) in entries {
                match by_name(key).filter(|_| node.list().is_some() || node.map().is_some()) {
                    Some(content) => parts.push((content, file, node)),
                    None if taken.contains(&(file.path.clone(), key.clone())) => {}
                    None => strange.push((file, key, node.line)),
                }
            }
        } else {
            let message = "what this file holds was not understood; it was left alone. Data files are known by names such as speakers, organizers, accepted_papers and schedule";
            draft.report(Severity::Warning, "unknown-file", file.path.as_str(), message);
        }
    }
    parts.sort_by(|one, other| one.0.cmp(&other.0));
    for (content, file, node) in parts {
        let mut reading = Reading::new(file, draft);
        take(&mut reading, &content, node);
        reading.finish();
    }
    let mut readings: Vec<&SourceFile> = strange.iter().map(|(file, ..)| *file).collect();
    readings.dedup_by_key(|file| &file.path);
    for file in readings {
        let mut reading = Reading::new(file, draft);
        strange
            .iter()
            .filter(|(other, ..)| other.path == file.path)
            .for_each(|(_, key, line)| reading.unread(key, *line));
        reading.finish();
    }
    schedule::give_talks(draft);
    Ok(())
}

fn take(reading: &mut Reading<'_>, content: &Content, node: &Node) {
    match content {
        Content::People((role, group)) => people::read(reading, node, *role, group.as_deref()),
        Content::Papers(presentation) => papers::read(reading, node, *presentation),
        Content::Navigation => lists::navigation(reading, node),
        Content::Topics => lists::topics(reading, node),
        Content::Dates => lists::dates(reading, node),
        Content::Sponsors => lists::sponsors(reading, node, None),
        Content::Awards => lists::awards(reading, node),
        Content::Schedule => schedule::read(reading, node),
    }
}

/// A file's YAML, mended where needed. What can't be read stops the import.
pub(crate) fn parsed(file: &SourceFile, draft: &mut Draft) -> Result<Node, Error> {
    let (node, findings) = yaml::parse(&file.text).map_err(|fault| {
        Error::Input(format!(
            "{}:{}: this is no YAML that can be read ({}); correct the line and import again",
            file.path, fault.line, fault.message
        ))
    })?;
    for finding in findings {
        draft.report(finding.severity, finding.code, file.at(finding.line), finding.message);
    }
    Ok(node)
}

/// The year in whose folder of `_data` a file is, as sites have them that keep their editions together.
pub(crate) fn year_of(file: &SourceFile) -> Option<i16> {
    year(file.path.strip_prefix("_data/")?.split_once('/')?.0)
}

fn year(name: &str) -> Option<i16> {
    name.parse().ok().filter(|year| name.len() == 4 && (1950..2200).contains(year))
}

/// The edition whose folder counts.
pub(crate) fn edition(source: &Source, event: Option<i16>) -> Option<i16> {
    counting(source.data().filter_map(year_of), event)
}

/// The one of these years that counts: that of the event, else the newest.
fn counting(years: impl Iterator<Item = i16>, event: Option<i16>) -> Option<i16> {
    years.max_by_key(|year| (Some(*year) == event, *year))
}

/// What a file that keeps its editions under the years as keys says of the one that counts, and where the others are. Any
/// other file is all of one edition.
pub(crate) fn of_edition(node: Node, event: Option<i16>) -> (Node, Vec<(String, u32)>) {
    let entries = node.map().unwrap_or_default();
    let is_edition = |(_, node): &(String, Node)| node.list().is_some() || node.map().is_some();
    let year_of = |entry: &(String, Node)| year(entry.0.trim()).filter(|_| is_edition(entry));
    let all_are = entries.iter().all(|entry| year_of(entry).is_some());
    let Some(own) = counting(entries.iter().filter_map(year_of), event).filter(|_| all_are) else {
        return (node, Vec::new());
    };
    let (counts, others): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| year_of(entry) == Some(own));
    // A year that is there twice is no key that could be chosen.
    let [(_, counts)] = counts[..] else { return (node, Vec::new()) };
    let others = others.into_iter().map(|(key, node)| (key.trim().to_owned(), node.line)).collect();
    (counts.clone(), others)
}

/// Whether a file or key of this name holds dates.
pub(crate) fn holds_dates(name: &str) -> bool {
    by_name(name) == Some(Content::Dates)
}

/// Whether a file of this name holds a schedule.
pub(crate) fn holds_schedule(name: &str) -> bool {
    by_name(name) == Some(Content::Schedule)
}

/// What a file or key with this name holds.
fn by_name(name: &str) -> Option<Content> {
    let key = key_name(name);
    let words: Vec<&str> = key.split('_').map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit())).collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let is_people = people::role_of(name);
    if has(&["navigation", "nav", "menu", "navbar", "header"]) {
        Some(Content::Navigation)
    } else if has(&["sponsor", "sponsors", "sponsorship", "partners", "supporters"]) {
        Some(Content::Sponsors)
    } else if has(&["dates", "deadlines", "timeline"]) {
        Some(Content::Dates)
    } else if has(&["topic", "topics", "themes"]) {
        Some(Content::Topics)
    } else if has(&["award", "awards", "prizes"]) {
        Some(Content::Awards)
    } else if is_people.is_some() && !has(&["paper", "papers", "schedule", "talks"]) {
        is_people.map(Content::People)
    } else if has(&[
        "paper",
        "papers",
        "posters",
        "poster",
        "spotlight",
        "spotlights",
        "oral",
        "orals",
        "accepted",
        "publications",
        "abstracts",
        "contributions",
    ]) {
        Some(Content::Papers(papers::presentation_of(name)))
    } else if has(&["schedule", "program", "programme", "agenda", "timetable", "sessions", "talks"]) {
        Some(Content::Schedule)
    } else {
        None
    }
}

/// What a file without a telling name holds, by the keys of its records.
fn by_shape(node: &Node) -> Option<Content> {
    let records = node.list()?;
    let most = |keys: &[&str]| {
        let with = records.iter().filter(|record| {
            record.map().is_some_and(|entries| entries.iter().any(|(key, _)| keys.contains(&key_name(key).as_str())))
        });
        with.count() * 2 > records.len()
    };
    if most(&["time", "start_time", "start"]) && most(&["title", "name"]) {
        Some(Content::Schedule)
    } else if most(&["title"]) && most(&["authors", "author"]) {
        Some(Content::Papers(None))
    } else if most(&["name"]) && most(&["role", "category", "group"]) {
        // A list of people who tell themselves what they are.
        let role = records.iter().find_map(|record| {
            people::role_of(&tidy(record.get("role").or(record.get("category")).or(record.get("group"))?.text()?))
        })?;
        Some(Content::People((role.0, None)))
    } else {
        None
    }
}

/// What the heading says under which a page shows the file.
fn by_heading(heading: &str, node: &Node) -> Option<Content> {
    node.list()?;
    match page::part_of(heading) {
        Part::People(role, group) => Some(Content::People((role, group.map(|_| heading.to_owned())))),
        Part::Papers => Some(Content::Papers(papers::presentation_of(heading))),
        Part::Schedule => Some(Content::Schedule),
        Part::Dates => Some(Content::Dates),
        Part::Sponsors => Some(Content::Sponsors),
        _ => None,
    }
}

/// People in a group are called as the page calls them.
fn grouped(content: Content, heading: Option<&str>) -> Content {
    match (content, heading) {
        (Content::People((role, Some(_))), Some(heading))
            if matches!(page::part_of(heading), Part::People(_, Some(_))) =>
        {
            Content::People((role, Some(heading.to_owned())))
        }
        (content, _) => content,
    }
}

/// Whether a list holds people and nothing else: records with names of people, and pictures or places beside them.
fn are_people(node: &Node) -> bool {
    let Some(records) = node.list() else { return false };
    let is_person = |record: &Node| {
        let says = |keys: &[&str]| keys.iter().any(|key| record.get(key).and_then(Node::text).is_some());
        record.get("name").and_then(Node::text).is_some_and(|name| names::looks_like_name(&tidy(name)))
            && says(&["affiliation", "affil", "photo", "image", "website", "bio"])
            && !says(&["logo", "tier", "title"])
    };
    !records.is_empty() && records.iter().all(is_person)
}

fn has_data_ending(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending.to_lowercase().as_str(), "yml" | "yaml" | "json"))
}

/// Whether a file is only an older or second copy of one beside it.
fn is_backup(source: &Source, file: &SourceFile, draft: &mut Draft) -> bool {
    let Some(base) = base_of(&file.path) else { return false };
    let has_base = source
        .data()
        .any(|other| has_data_ending(&other.path) && without_ending(&other.path) == base && other.path != file.path);
    let is_numbered = file.stem().ends_with(|c: char| c.is_ascii_digit());
    let may_be_part = is_numbered && matches!(by_name(file.stem()), Some(Content::Papers(_)));
    if has_base && !may_be_part {
        backup(draft, file, "the file without that ending is there");
        return true;
    }
    if !has_base && has_data_ending(&file.path) && !is_numbered {
        draft.report(
            Severity::Warning,
            "backup-used",
            file.path.as_str(),
            "this looks like a copy of a file that is not there; it was used",
        );
    }
    false
}

fn backup(draft: &mut Draft, file: &SourceFile, why: &str) {
    let message = format!("this looks like a copy that was put aside ({why}); it was left alone");
    draft.report(Severity::Warning, "backup-file", file.path.as_str(), message);
}

/// The path without ending of the file that this one would be a copy of: `schedule2.yml`, `schedule - Copy.yml`,
/// `schedule_old.yml`, `schedule.yml.bak`, `schedule (1).yml`.
fn base_of(path: &str) -> Option<String> {
    let lower = path.to_lowercase();
    let whole = without_ending(path);
    for ending in ["~", ".bak", ".old", ".orig", ".backup", ".save", ".swp"] {
        if lower.ends_with(ending) {
            return Some(without_ending(&path[..path.len() - ending.len()]).to_owned());
        }
    }
    let (folder, stem) = whole.rsplit_once('/').map_or(("", whole), |(folder, stem)| (&whole[..=folder.len()], stem));
    let mut base = stem.to_lowercase();
    loop {
        let before = base.len();
        for ending in ["copy", "old", "backup", "bak", "orig", "previous", "tmp", "temp", "draft", "test"] {
            if let Some(rest) = base.strip_suffix(ending)
                && rest.ends_with(['-', '_', ' ', '.'])
            {
                base = rest.trim_end_matches(['-', '_', ' ', '.']).to_owned();
            }
            if let Some(rest) = base.strip_prefix(ending)
                && rest.starts_with(['-', '_', ' ', '.'])
            {
                base = rest.trim_start_matches(['-', '_', ' ', '.', 'o', 'f']).to_owned();
            }
        }
        if let Some((rest, number)) = base.rsplit_once('(')
            && number.trim_end_matches(')').chars().all(|c| c.is_ascii_digit())
        {
            base = rest.trim_end().to_owned();
        }
        let unnumbered = base.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_year = base.len() - unnumbered.len() == 4;
        if unnumbered.len() < base.len() && !is_year {
            base = unnumbered.trim_end_matches(['-', '_', ' ', 'v']).to_owned();
        }
        if base.len() == before {
            break;
        }
    }
    (!base.is_empty() && base != stem.to_lowercase()).then(|| format!("{folder}{base}"))
}

fn without_ending(path: &str) -> &str {
    path.rsplit_once('.').filter(|(_, ending)| !ending.contains('/')).map_or(path, |(whole, _)| whole)
}

/// Whether a numbered file of papers only repeats those of the file without the number.
fn repeats(source: &Source, file: &SourceFile, node: &Node) -> bool {
    let Some(base) = base_of(&file.path) else { return false };
    let Some(other) = source.data().find(|other| has_data_ending(&other.path) && without_ending(&other.path) == base)
    else {
        return false;
    };
    let Ok((other, _)) = yaml::parse(&other.text) else { return false };
    let titles = |node: &Node| -> HashSet<String> {
        let records = node.list().unwrap_or_default().iter();
        records.filter_map(|record| record.get("title")?.text().map(name_key)).collect()
    };
    let (own, others) = (titles(node), titles(&other));
    !own.is_empty() && own.intersection(&others).count() * 2 >= own.len()
}

/// Whether a file of papers lists what others published elsewhere, beside the papers that were accepted here.
fn is_reading_list(source: &Source, file: &SourceFile, node: &Node) -> bool {
    let is_accepted = |file: &SourceFile| key_name(file.stem()).contains("accepted");
    let records = node.list().unwrap_or_default();
    let elsewhere = records.iter().filter(|record| record.get("venue").or(record.get("journal")).is_some());
    matches!(by_name(file.stem()).or_else(|| by_shape(node)), Some(Content::Papers(_)))
        && !is_accepted(file)
        && source.data().any(is_accepted)
        && elsewhere.count() * 2 > records.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_known_by_their_names() {
        for (path, base) in [
            ("_data/schedule2.yml", Some("_data/schedule")),
            ("_data/schedule - Copy.yml", Some("_data/schedule")),
            ("_data/schedule_old.yml", Some("_data/schedule")),
            ("_data/old_schedule.yml", Some("_data/schedule")),
            ("_data/schedule (1).yml", Some("_data/schedule")),
            ("_data/schedule.yml.bak", Some("_data/schedule")),
            ("_data/schedule.yml~", Some("_data/schedule")),
            ("_data/schedule_v2.yml", Some("_data/schedule")),
            ("_data/papers_2023.yml", None),
            ("_data/schedule.yml", None),
        ] {
            assert_eq!(base_of(path).as_deref(), base, "{path}");
        }
    }

    #[test]
    fn files_are_known_by_their_names() {
        let people = |role, group: Option<&str>| Some(Content::People((role, group.map(str::to_owned))));
        for (name, content) in [
            ("speakers", people(Role::Speaker, None)),
            ("panelists", people(Role::Panelist, None)),
            ("organizers", people(Role::Organizer, None)),
            ("workshop_team", people(Role::Organizer, Some("Workshop team"))),
            ("areachairs", people(Role::CommitteeMember, Some("Area chairs"))),
            ("moderators", people(Role::CommitteeMember, Some("Moderators"))),
            ("program_committee", people(Role::CommitteeMember, None)),
            ("students", people(Role::Volunteer, Some("Students"))),
            ("program", Some(Content::Schedule)),
            ("accepted_papers", Some(Content::Papers(None))),
            ("poster_papers", Some(Content::Papers(Some(Presentation::Poster)))),
            ("papers_spotlight", Some(Content::Papers(Some(Presentation::Spotlight)))),
            ("important_dates", Some(Content::Dates)),
            ("weather", None),
        ] {
            assert_eq!(by_name(name), content, "{name}");
        }
    }
}
