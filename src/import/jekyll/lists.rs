//! The shorter lists of `_data`: navigation, sponsors, important dates, topics, awards.

use super::addresses;
use super::draft::name_key;
use super::fields::{Fields, Reading};
use super::html;
use super::names::{is_placeholder, tidy};
use super::page;
use super::yaml::{Node, Value};
use crate::content::{Award, Id, ImportantDate, Kind, Link, LinkKind, Severity, Sponsor, SponsorTier, Topic};

/// Reads the entries of a menu, with those of menus inside it.
pub(crate) fn navigation(reading: &mut Reading<'_>, node: &Node) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| navigation(reading, item)),
        Value::Map(_)
            if node.get("title").or(node.get("name")).or(node.get("label")).or(node.get("text")).is_some() =>
        {
            let Some(mut fields) = Fields::of(node) else { return };
            let label = fields.line_of_text(reading, &["title", "name", "label", "text"]);
            let url = fields.raw(&["url", "link", "href", "page", "path"]);
            let below =
                fields.node(&["children", "sublinks", "subfolderitems", "items", "dropdown", "links", "submenu"]);
            fields.finish(reading);
            if let (Some((label, line)), Some((url, _))) = (label, url) {
                link(reading, label, url, line);
            }
            if let Some(below) = below {
                navigation(reading, below);
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                match value.text() {
                    Some(url) if !url.is_empty() => link(reading, tidy(key), url, value.line),
                    Some(_) => {}
                    None => navigation(reading, value),
                }
            }
        }
        Value::Text(_) => reading.unread("(a line of text)", node.line),
        Value::Null => {}
    }
}

fn link(reading: &mut Reading<'_>, label: String, url: &str, line: u32) {
    let url = url.trim();
    let host = url.split('/').next().unwrap_or_default();
    let is_host = host.contains('.') && ![".html", ".htm", ".md", ".pdf"].iter().any(|ending| host.ends_with(ending));
    let is_relative = !is_host
        && !url.is_empty()
        && !url.contains(':')
        && !url.starts_with('/')
        && !url.starts_with("www.")
        && !url.contains("{{");
    let url = if let Some(anchor) = url.strip_prefix('#').filter(|anchor| !anchor.is_empty()) {
        format!("/#{anchor}")
    } else if is_relative && url != "#" {
        format!("/{}", url.trim_start_matches("./"))
    } else {
        url.to_owned()
    };
    let Some(url) = addresses::url_or_path(reading, &url, line) else { return };
    let head = reading.draft.head(Kind::Link, &label);
    let place = reading.at(line);
    reading.draft.add(Link { head, label, url, kind: LinkKind::Navigation }, place);
}

/// Reads sponsors: flat with a `tier:`, or in tiers.
pub(crate) fn sponsors(reading: &mut Reading<'_>, node: &Node, tier: Option<&str>) {
    match &node.value {
        Value::Null => {}
        Value::Text(name) => {
            let name = tidy(name);
            sponsor(reading, &name, tier, node.line, |_| {});
        }
        Value::List(items) => items.iter().for_each(|item| sponsors(reading, item, tier)),
        Value::Map(entries) => {
            let below = entries.iter().find(|(key, value)| {
                value.list().is_some() && !matches!(super::fields::key_name(key).as_str(), "links")
            });
            let own =
                ["tier", "level", "name", "title", "category"].iter().find_map(|key| node.get(key)?.text()).map(tidy);
            if let (Some((_, below)), Some(own)) = (below, &own) {
                return sponsors(reading, below, Some(own));
            }
            if own.is_none() || below.is_some() {
                for (key, value) in entries {
                    let key = tidy(&key.replace('_', " "));
                    let is_list = matches!(key.to_lowercase().as_str(), "sponsors" | "list" | "items" | "num row");
                    if !(is_list && value.text().is_some()) {
                        sponsors(reading, value, if is_list { tier } else { Some(&key) });
                    }
                }
                return;
            }
            from_fields(reading, node, tier);
        }
    }
}

fn from_fields(reading: &mut Reading<'_>, node: &Node, tier: Option<&str>) {
    let Some(mut fields) = Fields::of(node) else { return };
    let own_tier = fields.line_of_text(reading, &["tier", "level", "category", "type", "rank"]).map(|(tier, _)| tier);
    let name = fields.line_of_text(reading, &["name", "title", "sponsor", "alt"]).map(|(name, _)| name);
    let logo = fields.raw(&["logo", "image", "img", "photo", "picture", "src"]);
    let url = fields.raw(&["url", "link", "website", "homepage", "href"]);
    let description = fields.raw(&["description", "text", "about"]).map(|(text, _)| html::markdown(text));
    let line = node.line;
    let Some(name) = name.or_else(|| logo.map(|(logo, _)| name_of_file(logo))) else {
        reading.report(
            Severity::Warning,
            "sponsor-without-name",
            line,
            "this sponsor has neither a name nor a logo; it was left out",
        );
        return fields.finish(reading);
    };
    let logo = logo.and_then(|(logo, line)| addresses::image(reading, logo, line, Some(&name)));
    let url = url.and_then(|(url, line)| addresses::url(reading, url, line));
    fields.finish(reading);
    sponsor(reading, &name, own_tier.as_deref().or(tier), line, |sponsor| {
        (sponsor.logo, sponsor.url, sponsor.description) = (logo, url, description);
    });
}

/// A name made of a logo's file name: `huge_corp-logo.png` is `huge corp`.
fn name_of_file(path: &str) -> String {
    let file = path.trim().rsplit('/').next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    tidy(&stem.replace(['_', '-'], " ").replace("logo", " ").replace("Logo", " "))
}

fn sponsor(reading: &mut Reading<'_>, name: &str, tier: Option<&str>, line: u32, fill: impl FnOnce(&mut Sponsor)) {
    if is_placeholder(name) {
        return;
    }
    let tier = tier_of(reading, tier.unwrap_or("Sponsors"), line);
    let known = reading
        .draft
        .document
        .sponsors
        .iter()
        .find(|known| name_key(&known.name) == name_key(name))
        .map(|known| known.head.id);
    if known.is_some() {
        reading.report(
            Severity::Info,
            "duplicate-sponsor",
            line,
            format!("{name} is a sponsor already; the first entry counts"),
        );
        return;
    }
    let head = reading.draft.head(Kind::Sponsor, name);
    let mut item = Sponsor { head, tier, name: name.to_owned(), url: None, logo: None, description: None };
    fill(&mut item);
    let place = reading.at(line);
    reading.draft.add(item, place);
}

fn tier_of(reading: &mut Reading<'_>, name: &str, line: u32) -> Id {
    let bare = |name: &str| name_key(name).trim_end_matches('s').trim_end_matches("sponsor").trim().to_owned();
    let tiers = &reading.draft.document.sponsor_tiers;
    if let Some(tier) = tiers.iter().find(|tier| bare(&tier.name) == bare(name)) {
        return tier.head.id;
    }
    let head = reading.draft.head(Kind::SponsorTier, name);
    let id = head.id;
    let place = reading.at(line);
    reading.draft.add(SponsorTier { head, name: name.to_owned() }, place);
    id
}

/// Reads important dates.
pub(crate) fn dates(reading: &mut Reading<'_>, node: &Node) {
    match &node.value {
        Value::Null => {}
        Value::List(items) => items.iter().for_each(|item| dates(reading, item)),
        Value::Text(text) => match text.split_once(':') {
            Some((label, day)) => date(reading, &tidy(label), day, node.line, None),
            None => date(reading, &tidy(text), text, node.line, None),
        },
        Value::Map(entries)
            if node.get("date").or(node.get("deadline")).or(node.get("when")).or(node.get("day")).is_some() =>
        {
            let Some(mut fields) = Fields::of(node) else { return };
            let label = fields.line_of_text(
                reading,
                &["label", "name", "title", "event", "what", "description", "text", "milestone"],
            );
            let text = fields.raw(&["date", "deadline", "when", "day"]);
            let old = fields.raw(&["old", "old_date", "previous", "original", "strike", "superseded"]);
            let extra = fields.raw(&["timezone", "time_zone", "time", "note"]).map_or("", |(text, _)| text);
            // Twins of the date for scripts of the page.
            fields.node(&["start"]);
            fields.node(&["end"]);
            fields.finish(reading);
            if let (Some((label, line)), Some((text, _))) = (label, text) {
                date(reading, &label, &format!("{text} {extra}"), line, old.map(|(old, _)| old));
            } else {
                reading.report(
                    Severity::Warning,
                    "date-unread",
                    node.line,
                    format!("a date needs a label and a day; one of {} keys was not enough", entries.len()),
                );
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                match value.text() {
                    Some("") => {}
                    Some(text) => date(reading, &tidy(&key.replace('_', " ")), text, value.line, None),
                    None => dates(reading, value),
                }
            }
        }
    }
}

fn date(reading: &mut Reading<'_>, label: &str, text: &str, line: u32, old: Option<&str>) {
    let first = reading.draft.document.event.starts_on.0;
    let zone = reading.draft.document.event.zone();
    let html = old.map_or_else(|| text.to_owned(), |old| format!("<s>{old}</s> {text}"));
    let Some(deadline) = page::deadline(label, &html, first, &zone) else {
        let message = format!("“{}” is no day that could be read; “{label}” was left out", tidy(text));
        return reading.report(Severity::Warning, "date-unread", line, message);
    };
    if deadline.assumed_year {
        let message = format!("“{label}” has no year; {} was assumed", deadline.moment.date);
        reading.report(Severity::Info, "year-assumed", line, message);
    }
    if deadline.ambiguous {
        let message = format!("the day of “{label}” can be read in two ways; it was read as {}", deadline.moment.date);
        reading.report(Severity::Warning, "date-ambiguous", line, message);
    }
    let head = reading.draft.head(Kind::ImportantDate, label);
    let place = reading.at(line);
    let item = ImportantDate {
        head,
        label: label.to_owned(),
        kind: deadline.kind,
        moment: deadline.moment,
        superseded: deadline.superseded,
        struck_through: deadline.struck_through,
        note: deadline.note,
    };
    reading.draft.add(item, place);
}

/// Reads topics of the call for papers.
pub(crate) fn topics(reading: &mut Reading<'_>, node: &Node) {
    match &node.value {
        Value::Null => {}
        Value::Text(text) => topic(reading, tidy(text), None, Vec::new(), node.line),
        Value::List(items) => items.iter().for_each(|item| topics(reading, item)),
        Value::Map(_) if node.get("title").or(node.get("name")).or(node.get("topic")).is_some() => {
            let Some(mut fields) = Fields::of(node) else { return };
            let title = fields.line_of_text(reading, &["title", "name", "topic"]).map(|(title, _)| title);
            let description = fields.raw(&["description", "text", "summary"]).map(|(text, _)| text);
            let items = fields
                .node(&["items", "bullets", "subtopics", "topics", "list", "points"])
                .map(items_of)
                .unwrap_or_default();
            fields.finish(reading);
            topic(reading, title.unwrap_or_default(), description, items, node.line);
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                topic(reading, tidy(&key.replace('_', " ")), None, items_of(value), value.line);
            }
        }
    }
}

fn items_of(node: &Node) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(Node::text).map(tidy).filter(|item| !item.is_empty()).collect(),
        _ => node.text().map(html::lines).unwrap_or_default(),
    }
}

fn topic(reading: &mut Reading<'_>, title: String, description: Option<&str>, items: Vec<String>, line: u32) {
    if is_placeholder(&title) {
        return;
    }
    let title = super::fields::short(reading, title, line);
    let head = reading.draft.head(Kind::Topic, &title);
    let special = title.to_lowercase().contains("special");
    let place = reading.at(line);
    reading.draft.add(Topic { head, title, description: description.map(html::markdown), items, special }, place);
}

/// Reads awards and which papers won them.
pub(crate) fn awards(reading: &mut Reading<'_>, node: &Node) {
    match &node.value {
        Value::Null => {}
        Value::Text(text) => award(reading, &tidy(text), None, &[], node.line),
        Value::List(items) => items.iter().for_each(|item| awards(reading, item)),
        Value::Map(_) if node.get("name").or(node.get("award")).or(node.get("title")).is_some() => {
            let Some(mut fields) = Fields::of(node) else { return };
            let name = fields.line_of_text(reading, &["award", "name", "prize", "title"]).map(|(name, _)| name);
            let papers =
                fields.node(&["paper", "papers", "winner", "winners", "title"]).map(items_of).unwrap_or_default();
            let description = fields.raw(&["description", "text"]).map(|(text, _)| text);
            fields.finish(reading);
            award(reading, &name.unwrap_or_default(), description, &papers, node.line);
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                award(reading, &tidy(&key.replace('_', " ")), None, &items_of(value), value.line);
            }
        }
    }
}

fn award(reading: &mut Reading<'_>, name: &str, description: Option<&str>, winners: &[String], line: u32) {
    if is_placeholder(name) {
        return;
    }
    let mut papers = Vec::new();
    for winner in winners {
        match reading.draft.papers_titled(winner).first() {
            Some(paper) => papers.push(paper.head.id),
            None => reading.report(
                Severity::Warning,
                "award-without-paper",
                line,
                format!("“{winner}”, which won {name}, is on no list of papers"),
            ),
        }
    }
    let known = reading.draft.document.awards.iter().find(|known| name_key(&known.name) == name_key(name)).cloned();
    let place = known.as_ref().map_or_else(|| reading.at(line), |known| reading.draft.place(known.head.id));
    let mut item = match known {
        Some(known) => (*known).clone(),
        None => Award {
            head: reading.draft.head(Kind::Award, name),
            name: name.to_owned(),
            description: None,
            papers: Vec::new(),
        },
    };
    item.description = item.description.take().or(description.map(html::markdown));
    item.papers.extend(papers);
    reading.draft.add(item, place);
}
