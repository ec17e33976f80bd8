//! `_config.yml`: what it tells of the event. How Jekyll builds the site is nothing to import.

use std::collections::HashSet;

use super::addresses;
use super::data;
use super::draft::Draft;
use super::fields::{Fields, Reading, key_name};
use super::html;
use super::page::{self, Facts};
use super::source::Source;
use super::yaml::{self, Node, Value};
use super::{place, schedule};
use crate::content::{self, Image, ImportantDateKind, Kind, Link, LinkKind, Markdown, Severity, WebLink};
use crate::error::Error;

/// Keys that only say how Jekyll or a theme builds the site.
const BUILD: &[&str] = &[
    "theme",
    "remote_theme",
    "plugins",
    "gems",
    "exclude",
    "include",
    "keep_files",
    "markdown",
    "kramdown",
    "highlighter",
    "permalink",
    "paginate",
    "paginate_path",
    "date_format",
    "show_excerpts",
    "show_excerpt",
    "excerpt_separator",
    "sass",
    "scss",
    "collections",
    "collections_dir",
    "defaults",
    "source",
    "destination",
    "encoding",
    "future",
    "drafts",
    "unpublished",
    "incremental",
    "livereload",
    "lsi",
    "limit_posts",
    "safe",
    "port",
    "host",
    "baseurl",
    "timezone",
    "compress_html",
    "google_analytics",
    "analytics",
    "ga_tracking",
    "gtag",
    "disqus",
    "feed",
    "sitemap",
    "header_pages",
    "header_menu",
    "skin",
    "minima",
    "github",
    "repository",
    "liquid",
    "quiet",
    "verbose",
    "strict_front_matter",
    "ignore_theme_config",
    "whitelist",
    "cache_dir",
    "layouts_dir",
    "includes_dir",
    "data_dir",
    "plugins_dir",
    "webrick",
    "show_drafts",
    "profile",
    "minimal_mistakes_skin",
    "search",
    "comments",
    "footer",
    "navbar",
    "nav",
    "favicon",
    "logo",
    "color",
    "colors",
    "font",
    "fonts",
    "css",
    "js",
    "style",
    "styles",
    "version",
    "env",
    "environment",
    "bootwatch",
    "bootstrap",
    "mathjax",
    "math",
    "readme_index",
    "optional_front_matter",
    "titles_from_headings",
    "relative_links",
    "default_assets",
    "jekyll_archives",
    "archives",
    "seo",
    "webmaster_verifications",
];

/// Services that themes know by a handle.
const SERVICES: [(&str, &str, &str); 16] = [
    ("twitter", "Twitter", "https://twitter.com/"),
    ("x", "X", "https://x.com/"),
    ("github", "GitHub", "https://github.com/"),
    ("linkedin", "LinkedIn", "https://www.linkedin.com/in/"),
    ("facebook", "Facebook", "https://www.facebook.com/"),
    ("instagram", "Instagram", "https://www.instagram.com/"),
    ("youtube", "YouTube", "https://www.youtube.com/"),
    ("youtube_channel", "YouTube", "https://www.youtube.com/channel/"),
    ("telegram", "Telegram", "https://t.me/"),
    ("bluesky", "Bluesky", "https://bsky.app/profile/"),
    ("medium", "Medium", "https://medium.com/@"),
    ("slack", "Slack", "https://"),
    ("discord", "Discord", "https://discord.gg/"),
    ("dribbble", "Dribbble", "https://dribbble.com/"),
    ("flickr", "Flickr", "https://www.flickr.com/photos/"),
    ("pinterest", "Pinterest", "https://www.pinterest.com/"),
];

/// Reads the configuration: some of it goes to the event at once, the rest is answered as facts.
pub(crate) fn read(source: &Source, draft: &mut Draft) -> Result<Facts, Error> {
    let mut facts = Facts::default();
    let Some(file) = source.file("_config.yml").or_else(|| source.file("_config.yaml")) else { return Ok(facts) };
    let node = data::parsed(file, draft)?;
    let has_navigation = source.data().any(|file| matches!(file.stem(), "navigation" | "nav" | "menu" | "navbar"));
    let mut reading = Reading::new(file, draft);
    let Some(mut fields) = Fields::of(&node) else { return Ok(facts) };
    event(&mut reading, &mut fields, &mut facts);
    if let Some(menu) = fields.node(&["header_menu", "menu", "navigation"]) {
        menu_text(&mut reading, menu, has_navigation);
    }
    if let Some(minima) = node.get("minima") {
        social(&mut reading, minima.get("social_links"));
    }
    for (key, value) in fields.rest() {
        if !is_build(key) && !value.is_empty() {
            reading.unread(key, value.line);
        }
    }
    reading.finish();
    Ok(facts)
}

fn event(reading: &mut Reading<'_>, fields: &mut Fields<'_>, facts: &mut Facts) {
    let title = fields.line_of_text(reading, &["title", "name"]);
    if let Some((title, _)) = &title {
        page::read_title(title, facts);
        facts.acronym = facts.acronym.take().or_else(|| first_acronym(title));
    }
    let mut slogans = Vec::new();
    for key in ["subtitle", "tagline", "long_title", "full_title", "workshop_name"] {
        if let Some((text, _)) = fields.line_of_text(reading, &[key]) {
            let before = facts.clone();
            page::read_line(&text, None, facts);
            facts.edition = facts.edition.or_else(|| page::edition_in(&text, None));
            if *facts == before {
                slogans.push(text);
            }
        }
    }
    for keys in [
        &["date", "dates", "event_date", "workshop_date", "when", "workshop_window"][..],
        &["location", "place", "city", "where"][..],
        &["venue", "room"][..],
        &["conference", "host_conference", "event_label"][..],
    ] {
        if let Some((text, _)) = fields.line_of_text(reading, keys) {
            page::read_line(&text, None, facts);
            facts.host = facts.host.take().or_else(|| page::host_in(&text, None));
        }
    }
    if let Some((acronym, _)) = fields.line_of_text(reading, &["acronym", "short_title", "short_name", "abbreviation"])
    {
        let is_word = acronym.chars().count() <= 20 && !acronym.contains(' ');
        let named = page::acronym(&acronym).map(|(acronym, _)| acronym);
        facts.acronym = named.or(Some(acronym).filter(|_| is_word)).or(facts.acronym.take());
    }
    if let Some((text, _)) = fields.raw(&["description", "summary"]) {
        let description = html::markdown(&without_comment(text));
        facts.host = facts.host.take().or_else(|| page::host_in(&description.0, None));
        reading.draft.event_mut().description = Some(description).filter(|text| !text.0.is_empty());
    }
    // What a subtitle says that is no fact describes the event.
    for slogan in slogans {
        let event = reading.draft.event_mut();
        let before = event.description.take().map_or_else(String::new, |text| text.0 + "\n\n");
        event.description = Some(Markdown(before + &html::markdown(&slogan).0));
    }
    contact(reading, fields);
    if let Some((language, line)) = fields.line_of_text(reading, &["lang", "locale", "language"]) {
        let tag = language.replace('_', "-");
        let fits = (2..=12).contains(&tag.len()) && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if fits {
            reading.draft.event_mut().language = Some(tag);
        } else {
            reading.unread("lang", line);
        }
    }
    website(reading, fields);
    social(reading, fields.node(&["social", "social_links"]));
    for (key, label, prefix) in SERVICES {
        if let Some((handle, line)) = fields.raw(&[&format!("{key}_username"), &format!("{key}_user"), key]) {
            service(reading, label, prefix, handle, line);
        }
    }
}

/// Reads the data files that tell of the event itself, such as `_data/workshop.yml`, and the day of the event in a list
/// of dates; answers which keys of which files are read by that.
pub(crate) fn read_data(source: &Source, draft: &mut Draft, facts: &mut Facts) -> HashSet<(String, String)> {
    const NAMES: [&str; 12] = [
        "workshop",
        "event",
        "conference",
        "site",
        "info",
        "general",
        "details",
        "settings",
        "meta",
        "about",
        "home",
        "main",
    ];
    let mut taken = HashSet::new();
    let event_year = facts.days.map(|(first, _)| first.year());
    let year = data::edition(source, event_year);
    for file in source.data().filter(|file| data::year_of(file).is_none_or(|own| Some(own) == year)) {
        // What is no YAML is told when the data is read.
        let Ok((node, _)) = yaml::parse(&file.text) else { continue };
        let (node, _) = data::of_edition(node, event_year);
        if data::holds_dates(file.stem()) {
            facts.days = facts.days.or_else(|| day_in(&node));
        }
        if data::holds_schedule(file.stem()) {
            facts.zone = facts.zone.take().or_else(|| zone_in(&node));
        }
        let Some(entries) = node.map().filter(|_| NAMES.contains(&key_name(file.stem()).as_str())) else { continue };
        for (_, value) in entries.iter().filter(|(key, _)| data::holds_dates(key)) {
            facts.days = facts.days.or_else(|| day_in(value));
        }
        let texts: Vec<_> = entries.iter().filter(|(_, value)| value.text().is_some()).cloned().collect();
        let texts = Node { line: node.line, value: Value::Map(texts) };
        let Some(mut fields) = Fields::of(&texts) else { continue };
        let mut reading = Reading::new(file, draft);
        event(&mut reading, &mut fields, facts);
        let mut left: Vec<(&str, &Node)> = fields.rest();
        left.retain(|(key, value)| !link(&mut reading, key, value));
        for key in ["hero", "banner", "hero_image", "banner_image"] {
            let Some(node) = node.get(key) else { continue };
            let text = node.text().or_else(|| ["image", "src", "url"].iter().find_map(|key| node.get(key)?.text()));
            if let Some(image) = text.and_then(|text| addresses::image(&mut reading, text, node.line, None)) {
                let alt = node.get("alt").and_then(Node::text).map(html::plain);
                reading.draft.event_mut().banner = Some(Image { alt, ..image });
                taken.insert((file.path.clone(), key.to_owned()));
            }
        }
        reading.finish();
        let Value::Map(texts) = &texts.value else { continue };
        let read = texts.iter().map(|(key, _)| key).filter(|key| !left.iter().any(|(other, _)| other == key));
        taken.extend(read.map(|key| (file.path.clone(), key.clone())));
    }
    taken
}

/// The day of the event in a list of dates.
fn day_in(node: &Node) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    match &node.value {
        Value::List(items) => items.iter().find_map(day_in),
        Value::Map(_) => {
            let text = |keys: &[&str]| keys.iter().find_map(|key| node.get(key)?.text());
            let label = text(&["label", "name", "title", "event", "what", "milestone"])?;
            let day = text(&["date", "day", "when"])?;
            let found = super::dates::find_dates(day, None).into_iter().next()?;
            (page::kind_of_date(label) == ImportantDateKind::Event)
                .then(|| (found.start, found.end.unwrap_or(found.start)))
        }
        Value::Text(_) | Value::Null => None,
    }
}

/// The time zone that the times of a schedule name: `9:00 AM - 9:30 AM PST`.
fn zone_in(node: &Node) -> Option<String> {
    match &node.value {
        Value::List(items) => items.iter().find_map(zone_in),
        Value::Map(entries) => entries.iter().find_map(|(key, value)| match value.text() {
            Some(text) if schedule::is_time(key) => place::zone_in(text),
            Some(_) => None,
            None => zone_in(value),
        }),
        Value::Text(_) | Value::Null => None,
    }
}

/// Takes `submission_url: https://…` as a link called `Submission`.
fn link(reading: &mut Reading<'_>, key: &str, value: &Node) -> bool {
    let name = key_name(key);
    let Some(label) = ["_url", "_link"].iter().find_map(|ending| name.strip_suffix(ending)) else { return false };
    let Some(url) = value.text().filter(|url| url.contains("://")) else { return false };
    let Some(url) = addresses::url(reading, url, value.line) else { return false };
    let spaced = label.replace('_', " ");
    let mut letters = spaced.chars();
    let label: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    let head = reading.draft.head(Kind::Link, &label);
    let place = reading.at(value.line);
    reading.draft.add(Link { head, label, url, kind: LinkKind::Other }, place);
    true
}

/// YAML keeps `# …` in the first line of a folded text; people write comments there.
fn without_comment(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("# "));
    lines.collect::<Vec<_>>().join("\n")
}

/// `ENLSP NeurIPS Workshop 2022` begins with an acronym.
fn first_acronym(title: &str) -> Option<String> {
    let word = title.split_whitespace().next()?;
    let is_host = page::host_in(word, None).is_some();
    page::acronym(word).map(|(acronym, _)| acronym).filter(|acronym| !is_host && acronym.chars().count() >= 3)
}

fn contact(reading: &mut Reading<'_>, fields: &mut Fields<'_>) {
    let author = fields.node(&["author"]);
    let own = fields.line_of_text(reading, &["email", "contact", "contact_email"]).map(|(email, _)| email);
    let of_author = author.and_then(|author| author.get("email")).and_then(Node::text).map(html::plain);
    let text = author.and_then(Node::text).map(html::plain).filter(|text| text.contains('@'));
    let email = own.or(of_author).or(text).map(|email| email.trim_start_matches("mailto:").to_owned());
    if let Some(email) = email.filter(|email| content::is_email(email) && !email.contains("example.com")) {
        reading.draft.event_mut().contact_email = Some(email);
    }
}

/// `url` and `baseurl` together, if that is a real address.
fn website(reading: &mut Reading<'_>, fields: &mut Fields<'_>) {
    let url = fields.raw(&["url", "site_url", "website"]);
    let base = fields.raw(&["baseurl"]).map(|(base, _)| base.trim().trim_matches('/').to_owned()).unwrap_or_default();
    if reading.draft.document.event.website.is_some() {
        return;
    }
    let Some((url, _)) = url else { return };
    let whole = format!("{}/{base}", url.trim().trim_end_matches('/'));
    let parsed = url::Url::parse(&whole).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let is_real = |host: &str| {
        host.contains('.')
            && !host.contains("example")
            && !host.starts_with("localhost")
            && !host.starts_with("127.")
            && !host.starts_with("0.")
    };
    if parsed.is_some_and(|url| url.host_str().is_some_and(is_real)) {
        reading.draft.event_mut().website = Some(whole);
    }
}

/// Accounts elsewhere: a map of services, or a list of labels and addresses.
fn social(reading: &mut Reading<'_>, node: Option<&Node>) {
    let Some(node) = node else { return };
    match &node.value {
        Value::Map(entries) => {
            for (key, value) in entries {
                let key = key_name(key);
                let known = SERVICES.iter().find(|(name, ..)| *name == key);
                match (known, value.text()) {
                    (_, Some("")) => {}
                    (Some((_, label, prefix)), Some(handle)) => service(reading, label, prefix, handle, value.line),
                    (None, Some(url)) if url.starts_with("http") => service(reading, &key, "", url, value.line),
                    (None, None) => social(reading, Some(value)),
                    _ => reading.unread(&key, value.line),
                }
            }
        }
        Value::List(items) => {
            for item in items {
                let url = ["url", "link", "href"].iter().find_map(|key| item.get(key)?.text()).or(item.text());
                let label = ["title", "name", "label", "icon", "platform"].iter().find_map(|key| item.get(key)?.text());
                match url {
                    Some(url) if url.starts_with("http") => service(reading, label.unwrap_or(url), "", url, item.line),
                    Some("") | None => social(reading, Some(item)),
                    Some(_) => reading.unread("social_links", item.line),
                }
            }
        }
        Value::Text(_) => reading.unread("social_links", node.line),
        Value::Null => {}
    }
}

fn service(reading: &mut Reading<'_>, label: &str, prefix: &str, handle: &str, line: u32) {
    let handle = handle.trim();
    let is_default = matches!(handle, "" | "jekyll" | "jekyllrb");
    let url = if handle.contains("://") {
        handle.to_owned()
    } else {
        format!("{prefix}{}", handle.trim_start_matches(['@', '/']))
    };
    if is_default || url::Url::parse(&url).is_err() {
        if !is_default {
            reading.unread(label, line);
        }
        return;
    }
    let links = &mut reading.draft.event_mut().social_links;
    if !links.iter().any(|link| link.url == url) {
        links.push(WebLink { label: label.to_owned(), url });
    }
}

/// The words of a menu lead nowhere by themselves: they count only where no data file has the real links.
fn menu_text(reading: &mut Reading<'_>, menu: &Node, has_navigation: bool) {
    if has_navigation || menu.is_empty() {
        return;
    }
    let leads = |node: &Node| {
        node.text().is_some_and(|text| !text.is_empty()) || node.get("url").is_some() || node.list().is_some()
    };
    let has_links = menu.map().is_some_and(|entries| entries.iter().any(|(_, value)| leads(value)))
        || menu.list().is_some_and(|items| items.iter().any(|item| item.get("url").is_some()));
    if has_links {
        super::lists::navigation(reading, menu);
    } else {
        let message = "the menu has words and no addresses, and there is no _data/navigation.yml; it was left out";
        reading.report(Severity::Info, "menu-without-links", menu.line, message);
    }
}

fn is_build(key: &str) -> bool {
    let key = key_name(key);
    BUILD.contains(&key.as_str())
}
