//! The event itself, from the top of the index page, the configuration and what else the site says of it.

use std::sync::Arc;

use scraper::{ElementRef, Html};

use super::deadlines;
use super::hero::{self, Facts};
use super::markup::Prepared;
use super::sections::{Part, Parted, Section, heading_level};
use super::{short, title};
use crate::content::{
    AttendanceMode, Date, Event, Image, ImportantDateKind, Kind, Room, Series, Severity, Venue, slugify,
};
use crate::import::jekyll::dates;
use crate::import::jekyll::draft::Draft;
use crate::import::jekyll::html::{is_block, lines, lines_of, plain};
use crate::import::jekyll::place;
use crate::import::jekyll::source::SourceFile;
use crate::import::jekyll::yaml::Node;

/// Settles what the event is; answers the sections that are left to be read, the text of the top among them.
pub(super) fn settle(
    file: &SourceFile,
    page: &Prepared,
    parted: &Parted,
    draft: &mut Draft,
    config: Facts,
) -> Vec<Section> {
    let mut facts = Facts::default();
    let mut sections = parted.sections.clone();
    let front = page.front.as_ref().and_then(|front| front.get("title")).and_then(Node::text).map(plain);
    let top = hero_section(&sections, config.acronym.as_deref());
    if let Some(at) = top {
        let title = lines(&sections[at].heading).join(" ");
        title::read_title(&title, &mut facts);
    }
    let known_name = facts.name.is_some();
    if let Some(front) = front.filter(|title| !known_name && title.split_whitespace().count() >= 3) {
        title::read_title(&front, &mut facts);
    }
    let mut overview = String::new();
    let mut last = 0;
    for (at, section) in sections.iter().enumerate() {
        // A heading of its own for day and place still belongs to the top.
        let is_about_when = top.is_some_and(|top| at > top) && hero::is_facts(&section.title);
        if is_about_when {
            lines(&section.heading).iter().for_each(|line| hero::read_line(line, None, &mut facts));
        } else if !(section.title.is_empty() || Some(at) == top) {
            break;
        }
        overview.push_str(&top_of_page(section, &mut facts));
        last = at + 1;
    }
    if top.is_some_and(|top| top >= last) {
        last = 0;
        overview.clear();
    }
    let lead = plain(&overview);
    complete(&mut facts, config, &lead, &sections);
    let banner = banner(&page.html, &sections[..last]);
    apply(facts, file.path.as_str(), draft, banner);
    sections.drain(..last);
    join_overview(&mut sections, overview);
    sections
}

/// Settles what the event is from the configuration alone.
pub(super) fn settle_without_page(draft: &mut Draft, facts: Facts) {
    apply(facts, "_config.yml", draft, None);
}

/// The section whose heading is the title of the event: the first one, unless that is recognised as something else.
fn hero_section(sections: &[Section], acronym: Option<&str>) -> Option<usize> {
    let at = sections.iter().position(|section| !section.title.is_empty())?;
    let section = &sections[at];
    let lower = section.title.to_lowercase();
    let is_welcome = lower.starts_with("welcome");
    let is_title = ["workshop", "symposium", "conference", "tutorial"].iter().any(|word| lower.contains(word))
        || acronym.is_some_and(|acronym| section.title.contains(acronym))
        || title::acronym(&section.title).is_some() && section.title.contains(|c: char| c.is_ascii_digit())
        || lines(&section.html).iter().take(3).any(|line| hero::is_facts(line))
        || section.title.split(['(', ')']).nth(1).is_some_and(|inner| title::acronym(inner).is_some());
    let is_first = sections[..at].iter().all(|before| plain(&before.html).split_whitespace().count() < 400);
    (section.part == Part::Prose
        || (is_title && section.part != Part::Overview && section.title.split_whitespace().count() > 4))
        .then_some(at)
        .filter(|_| is_title && is_first && !is_welcome)
}

/// Reads the lines at the top of the page that tell when and where; the rest is text of the overview.
fn top_of_page(section: &Section, facts: &mut Facts) -> String {
    let tree = Html::parse_fragment(&section.html);
    let mut rest = String::new();
    keep(tree.root_element(), facts, &mut rest);
    rest
}

fn keep(element: ElementRef<'_>, facts: &mut Facts, rest: &mut String) {
    for node in element.children() {
        if let Some(text) = node.value().as_text() {
            rest.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
            continue;
        }
        let Some(child) = ElementRef::wrap(node) else { continue };
        let name = child.value().name();
        let holds_heading = child.descendent_elements().skip(1).any(|inner| heading_level(inner).is_some());
        if heading_level(child).is_some() || (!holds_heading && is_all_facts(child)) {
            heading(child, facts, rest);
        } else if (is_block(name) || name == "span")
            && (holds_heading || child.descendent_elements().skip(1).any(is_all_facts))
        {
            keep(child, facts, rest);
        } else if !(name == "span" && child.attr("style").is_some_and(|style| style.contains("url("))) {
            rest.push_str(&child.html());
        }
    }
}

/// Reads a heading at the top of the page, line by line; what tells nothing about when and where is kept as text.
fn heading(element: ElementRef<'_>, facts: &mut Facts, rest: &mut String) {
    let lines = lines_of(element);
    let whole = lines.join(" ");
    // `LST 2030` stands above the title that says what the letters mean.
    let is_long = title::names_meeting(&whole) && !lines.iter().any(|line| hero::is_facts(line));
    if is_long && let Some((acronym, _)) = facts.name.as_deref().and_then(title::acronym) {
        let short = facts.name.take();
        facts.acronym.get_or_insert(acronym);
        title::read_title(&whole, facts);
        facts.name = facts.name.take().or(short);
        return;
    }
    let mut told_nothing = Vec::new();
    for line in lines {
        let before = facts.clone();
        hero::read_line(&line, None, facts);
        // A heading that is nothing else may be the title, where the first was only a word of welcome.
        if facts.name.is_none() && !hero::is_facts(&line) && line.split_whitespace().count() >= 3 {
            title::read_title(&line, facts);
        }
        if *facts == before && !hero::is_facts(&line) {
            told_nothing.push(line);
        }
    }
    let text = told_nothing.join(" ");
    if text.split_whitespace().count() >= 3 {
        rest.push_str(&format!("<p>{}</p>", text.replace('&', "&amp;").replace('<', "&lt;")));
    }
}

/// Whether every line of an element is about when and where.
fn is_all_facts(element: ElementRef<'_>) -> bool {
    let lines = lines_of(element);
    !lines.is_empty()
        && lines.len() <= 6
        && is_block(element.value().name())
        && lines.iter().all(|line| hero::is_facts(line))
}

/// Fills what the top of the page did not tell from the rest of the page and from the configuration.
fn complete(facts: &mut Facts, config: Facts, lead: &str, sections: &[Section]) {
    let name = facts.name.take().or(config.name);
    facts.name = name;
    facts.acronym = facts.acronym.take().or_else(|| acronym_in(lead)).or(config.acronym);
    facts.edition = facts.edition.or_else(|| title::edition_in(lead, facts.acronym.as_deref())).or(config.edition);
    let held = sentence_with_place(lead, sections);
    facts.host =
        facts.host.take().or_else(|| title::host_in(held.as_deref()?, facts.acronym.as_deref())).or(config.host);
    facts.city = facts.city.or(config.city);
    facts.venue = facts.venue.take().or(config.venue);
    facts.room = facts.room.take().or(config.room);
    let among_dates = day_among_dates(sections);
    // The top may give the days of the whole conference, and the dates the one of the workshop.
    facts.days = match (facts.days, among_dates) {
        (Some((first, last)), Some((begin, end)))
            if first <= begin && end <= last && (end - begin).get_days() < (last - first).get_days() =>
        {
            Some((begin, end))
        }
        (days, _) => days,
    };
    facts.days = facts.days.or(config.days).or(among_dates).or_else(|| day_in_text(lead, sections));
    if facts.city.is_none() {
        facts.city = held.as_deref().and_then(place::city_in);
    }
    if facts.zone.is_none() {
        facts.zone = named_zone(lead, sections).or(config.zone);
    }
    if !facts.in_person && !facts.online {
        (facts.in_person, facts.online) = (config.in_person, config.online);
    }
}

/// An acronym in parentheses after capitalised words: `the Learning Small Things (LST-II) workshop`.
fn acronym_in(text: &str) -> Option<String> {
    let opening = text.split('(').nth(1)?.split(')').next()?;
    let follows = text.split(')').nth(1).is_some_and(|after| after.trim_start().to_lowercase().starts_with("workshop"));
    title::acronym(opening).filter(|_| follows).map(|(acronym, _)| acronym)
}

/// The day of the event in the list of important dates.
fn day_among_dates(sections: &[Section]) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    let lists = sections.iter().filter_map(|section| match section.part {
        Part::Dates => Some(section.html.clone()),
        _ => deadlines::list_in(&section.html).filter(|list| deadlines::are_due(list)),
    });
    lists.flat_map(|html| deadlines::entries(&html)).find_map(|entry| {
        let text = entry.text();
        let found = dates::find_dates(&text, None).into_iter().next()?;
        let label = text[..found.span.start].split(':').next().unwrap_or_default();
        let label = if label.trim().is_empty() { &text[found.span.end..] } else { label };
        let is_whole = !["begin", "start", "open", "first day"].iter().any(|word| label.to_lowercase().contains(word));
        (is_whole && deadlines::kind_of(label) == ImportantDateKind::Event)
            .then(|| (found.start, found.end.unwrap_or(found.start)))
    })
}

/// The day of the event in running text: one that a sentence about the event names.
fn day_in_text(lead: &str, sections: &[Section]) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    let sentence = sentence_with_place(lead, sections)?;
    let found = dates::find_dates(&sentence, None).into_iter().next()?;
    Some((found.start, found.end.unwrap_or(found.start)))
}

/// A sentence like `The workshop will be held in … on …`.
fn sentence_with_place(lead: &str, sections: &[Section]) -> Option<String> {
    let overview = sections.iter().filter(|section| matches!(section.part, Part::Overview | Part::Prose));
    let texts = std::iter::once(lead.to_owned()).chain(overview.map(|section| plain(&section.html)));
    let phrases = [
        "be held",
        "is held",
        "take place",
        "takes place",
        "took place",
        "was held",
        "co-located",
        "colocated",
        "collocated",
        "hosted at",
        "hosted in",
        "join us",
    ];
    texts.flat_map(|text| text.split(". ").map(str::to_owned).collect::<Vec<_>>()).find(|sentence| {
        let lower = sentence.to_lowercase();
        phrases.iter().any(|phrase| lower.contains(phrase))
    })
}

/// The zone that the headings, or sentences about the times, name.
fn named_zone(lead: &str, sections: &[Section]) -> Option<String> {
    let schedules = sections.iter().filter(|section| section.part == Part::Schedule);
    let headings = schedules.clone().filter_map(|section| place::zone_in(&section.title));
    let notes = schedules.flat_map(|section| lines(&section.html)).filter(|line| line.split_whitespace().count() <= 30);
    headings.chain(notes.filter_map(|line| place::zone_in(&line))).next().or_else(|| {
        let texts = std::iter::once(lead.to_owned()).chain(sections.iter().map(|section| plain(&section.html)));
        let sentences = texts.flat_map(|text| text.split(". ").map(str::to_owned).collect::<Vec<_>>());
        sentences
            .filter(|sentence| {
                let lower = sentence.to_lowercase();
                ["all times", "time zone", "timezone", "times are", "local time"]
                    .iter()
                    .any(|phrase| lower.contains(phrase))
            })
            .find_map(|sentence| place::zone_in(&sentence))
    })
}

/// The picture across the top: a background of the top, or the first picture in it.
fn banner(page: &str, top: &[Section]) -> Option<Image> {
    let of_top: String = top.iter().map(|section| section.html.as_str()).collect();
    let background = |html: &str| {
        let tree = Html::parse_fragment(html);
        tree.root_element().descendent_elements().find_map(|element| address_in_style(element.attr("style")?))
    };
    let picture = |html: &str| {
        let tree = Html::parse_fragment(html);
        let image = tree.root_element().descendent_elements().find(|element| element.value().name() == "img")?;
        image.attr("src").map(str::to_owned)
    };
    let first = page.find("<h").map_or("", |at| &page[..at]);
    let url = background(first).or_else(|| background(&of_top)).or_else(|| picture(&of_top));
    let url = url.filter(|url| !url.trim().is_empty())?;
    let url =
        if url.contains("://") || url.starts_with('/') { url } else { format!("/{}", url.trim_start_matches("./")) };
    let is_safe =
        url.starts_with('/') && !url.starts_with("//") || url.starts_with("http://") || url.starts_with("https://");
    is_safe.then_some(Image { url, alt: None })
}

fn address_in_style(style: &str) -> Option<String> {
    let inner = style.split_once("url(")?.1.split_once(')')?.0;
    Some(inner.trim().trim_matches(['\'', '"']).to_owned()).filter(|url| !url.is_empty() && !url.starts_with("data:"))
}

/// The text of the top belongs to the overview; where there is none it becomes one.
fn join_overview(sections: &mut Vec<Section>, top: String) {
    if plain(&top).is_empty() {
        return;
    }
    let first = sections.iter().position(|section| section.part == Part::Overview);
    match first {
        Some(at) => sections[at].html = format!("{top}<br><br>{}", sections[at].html),
        None => {
            let section = Section {
                part: Part::Overview,
                title: "Overview".to_owned(),
                heading: String::new(),
                line: 1,
                html: top,
            };
            sections.insert(0, section);
        }
    }
}

/// Puts the facts into the draft.
fn apply(facts: Facts, file: &str, draft: &mut Draft, banner: Option<Image>) {
    if let Some((first, last)) = facts.days.filter(|_| !draft.is_dated) {
        let event = draft.event_mut();
        (event.starts_on, event.ends_on) = (Date(first), Date(last));
        draft.is_dated = true;
    } else if let Some((first, last)) = facts.days {
        // The operator said the first day; the site says how many there are.
        let event = draft.event_mut();
        let length = last - first;
        event.ends_on = event.starts_on.0.checked_add(length).map_or(event.starts_on, Date);
    }
    let year = draft.document.event.starts_on.0.year();
    let is_dated = draft.is_dated;
    zone(&facts, file, draft);
    let mode = match (facts.in_person, facts.online) {
        (true, true) => AttendanceMode::Hybrid,
        (false, true) if facts.room.is_some() => AttendanceMode::Hybrid,
        (false, true) => AttendanceMode::Online,
        (_, false) => AttendanceMode::InPerson,
    };
    let event = draft.event_mut();
    if let Some(name) = facts.name {
        event.name = short(&name);
    }
    event.acronym = facts.acronym.or(event.acronym.take());
    event.edition = facts.edition;
    event.host_conference = facts.host.map(|host| with_year(&host, year, is_dated));
    event.attendance_mode = mode;
    event.city = facts.city.map(|city| city.name.to_owned());
    event.country = facts.city.map(|city| city.country.to_owned());
    event.banner = banner.or(event.banner.take());
    let venue = facts.venue.or_else(|| facts.room.clone());
    event.venue = venue.map(|name| Venue { name: short(&name), address: None, coordinates: None, map_url: None });
    let event: Event = event.clone();
    rooms(facts.room, mode, file, draft);
    series(&event, draft);
}

fn with_year(host: &str, year: i16, is_dated: bool) -> String {
    let has_year = host.split_whitespace().next_back().is_some_and(|word| word.parse::<i16>().is_ok());
    if has_year || !is_dated { host.to_owned() } else { format!("{host} {year}") }
}

/// Settles the time zone: the operator's, the one that the site names, the city's, else UTC.
fn zone(facts: &Facts, file: &str, draft: &mut Draft) {
    if draft.has_zone {
        return;
    }
    let of_city = facts.city.map(|city| city.zone.to_owned());
    let noon = draft.document.event.starts_on.0.at(12, 0, 0, 0);
    let offset = |zone: &str| {
        let zone = jiff::tz::TimeZone::get(zone).ok()?;
        Some(zone.to_offset(crate::content::instant(noon, &zone)))
    };
    let settled = match (&facts.zone, of_city) {
        (Some(named), Some(city)) if *named != city => {
            if offset(named) == offset(&city) {
                // `CET` in Vienna is the time of Vienna.
                city
            } else {
                let message = format!(
                    "the site names the time zone {named}, but its city goes by {city}; {named} was taken, say another with --time-zone"
                );
                draft.report(Severity::Warning, "time-zone-differs", file, message);
                named.clone()
            }
        }
        (Some(named), _) => named.clone(),
        (None, Some(city)) => city,
        (None, None) => {
            let message = "the site names neither a time zone nor a city that is known; UTC was assumed, say another with --time-zone";
            draft.report(Severity::Warning, "time-zone-assumed", file, message);
            "UTC".to_owned()
        }
    };
    draft.event_mut().time_zone = settled;
}

fn rooms(room: Option<String>, mode: AttendanceMode, file: &str, draft: &mut Draft) {
    let online = matches!(mode, AttendanceMode::Online | AttendanceMode::Hybrid).then(|| ("Virtual".to_owned(), true));
    for (name, online) in room.map(|room| (room, false)).into_iter().chain(online) {
        let head = draft.head(Kind::Room, &name);
        draft.add(Room { head, name, description: None, capacity: None, online, url: None }, file);
    }
}

/// The series, named after the acronym that all editions share.
fn series(event: &Event, draft: &mut Draft) {
    let Some(acronym) = &event.acronym else { return };
    let name = event.name.split(':').next().unwrap_or(&event.name).trim();
    // A series is called the same in every year.
    let year = event.starts_on.0.year().to_string();
    let name =
        name.strip_suffix(year.as_str()).map(str::trim_end).filter(|rest| !rest.is_empty()).unwrap_or(name).to_owned();
    let id = draft.id();
    let now = draft.now();
    let series = Series { id, slug: slugify(acronym), name, description: None, created_at: now, updated_at: now };
    draft.document.series = Some(Arc::new(series));
    draft.event_mut().series = Some(id);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_only_facts_when_every_line_is() {
        let tree = Html::parse_fragment("<p>May 3, 2030<br>Vienna</p>");
        let paragraph = tree.root_element().child_elements().next().unwrap();
        assert!(is_all_facts(paragraph));
        let tree = Html::parse_fragment("<p>May 3, 2030<br>We will talk about many things in the afternoon.</p>");
        assert!(!is_all_facts(tree.root_element().child_elements().next().unwrap()));
    }
}
