//! Pages of a person: by their keys (`scholar_link`, `linkedin`, `website`) and by the hosts that they lead to.

use super::addresses;
use super::fields::{Fields, Reading};
use super::names::{is_placeholder, tidy};
use super::yaml::{Node, Value};
use crate::content::{self, Id, Severity, WebLink};

/// Where the first link of a text leads.
pub(crate) fn link_in(text: &str) -> Option<String> {
    static LINK: std::sync::LazyLock<Option<scraper::Selector>> =
        std::sync::LazyLock::new(|| scraper::Selector::parse("a[href]").ok());
    if text.contains("<a") {
        let fragment = scraper::Html::parse_fragment(text);
        let link = fragment.select(LINK.as_ref()?).next()?;
        return link.value().attr("href").map(str::to_owned);
    }
    let (_, rest) = text.split_once("](")?;
    rest.split_once(')').map(|(link, _)| link.to_owned())
}

/// Reads everything that leads to a page of the person.
pub(crate) fn read(reading: &mut Reading<'_>, fields: &mut Fields<'_>, person: Id) {
    const LINKS: [(&str, &str, &str); 29] = [
        ("website", "Website", ""),
        ("homepage", "Website", ""),
        ("home_page", "Website", ""),
        ("webpage", "Website", ""),
        ("url", "Website", ""),
        ("link", "Website", ""),
        ("page", "Website", ""),
        ("site", "Website", ""),
        ("web", "Website", ""),
        ("href", "Website", ""),
        ("website_link", "Website", ""),
        ("personal_page", "Website", ""),
        ("scholar_link", "Scholar", "https://scholar.google.com/citations?user="),
        ("scholar", "Scholar", "https://scholar.google.com/citations?user="),
        ("google_scholar", "Scholar", "https://scholar.google.com/citations?user="),
        ("scholar_url", "Scholar", "https://scholar.google.com/citations?user="),
        ("linkedin_link", "LinkedIn", "https://www.linkedin.com/in/"),
        ("linkedin", "LinkedIn", "https://www.linkedin.com/in/"),
        ("linkedin_url", "LinkedIn", "https://www.linkedin.com/in/"),
        ("orcid", "ORCID", "https://orcid.org/"),
        ("twitter", "Twitter", "https://twitter.com/"),
        ("twitter_link", "Twitter", "https://twitter.com/"),
        ("x", "Twitter", "https://twitter.com/"),
        ("github", "GitHub", "https://github.com/"),
        ("github_link", "GitHub", "https://github.com/"),
        ("email", "Email", "mailto:"),
        ("mail", "Email", "mailto:"),
        ("mastodon", "Mastodon", ""),
        ("bluesky", "Bluesky", "https://bsky.app/profile/"),
    ];
    for key in ["links", "social", "socials", "social_links", "contact"] {
        if let Some(node) = fields.node(&[key]) {
            nested(reading, node, person);
        }
    }
    for (key, label, prefix) in LINKS {
        let Some((text, line)) = fields.raw(&[key]) else { continue };
        let text = tidy(text);
        let handle = text.trim_start_matches('@');
        let is_handle = !text.contains('/') && !text.contains(':') && !text.to_lowercase().starts_with("www.");
        let full =
            if is_handle && !prefix.is_empty() && !is_placeholder(&text) { format!("{prefix}{handle}") } else { text };
        if let Some(url) = addresses::url(reading, &full, line) {
            put(reading, person, label, url, line);
        }
    }
}

/// Links that stand together: a map of them, or a list of maps, of labels with addresses, or of mere addresses.
fn nested(reading: &mut Reading<'_>, node: &Node, person: Id) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| nested(reading, item, person)),
        Value::Map(_) => {
            let Some(mut fields) = Fields::of(node) else { return };
            let label = fields.line_of_text(reading, &["label", "name", "title", "text", "icon", "type"]);
            let address = fields.raw(&["url", "link", "href"]).filter(|_| label.is_some());
            if let (Some((label, _)), Some((address, line))) = (label, address)
                && let Some(url) = addresses::url(reading, address, line)
            {
                put(reading, person, &label, url, line);
            }
            read(reading, &mut fields, person);
            fields.finish(reading);
        }
        Value::Text(text) if !text.trim().is_empty() => {
            if let Some(url) = addresses::url(reading, text, node.line) {
                put(reading, person, "Website", url, node.line);
            }
        }
        Value::Text(_) | Value::Null => {}
    }
}

/// Puts a link where it belongs: by its label, or by the host for those that are only called a website.
pub(crate) fn put(reading: &mut Reading<'_>, person: Id, label: &str, link: String, line: u32) {
    let host = url::Url::parse(&link).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let is_orcid = label == "ORCID" || matches!(host.as_str(), "orcid.org" | "www.orcid.org");
    let orcid = if is_orcid { content::orcid(&link) } else { None };
    if is_orcid && orcid.is_none() {
        let message = format!("{link} is no ORCID iD, or a digit of it is wrong; it was kept as a link");
        reading.report(Severity::Warning, "orcid-refused", line, message);
    }
    let label = if is_orcid { "ORCID" } else { label };
    let is_refused = is_orcid && orcid.is_none();
    let link = orcid.unwrap_or(link);
    reading.draft.change_person(person, |person| {
        let place = if label == "Scholar" || host.starts_with("scholar.google") {
            &mut person.scholar
        } else if label == "LinkedIn" || host == "linkedin.com" || host.ends_with(".linkedin.com") {
            &mut person.linkedin
        } else if is_orcid && !is_refused {
            &mut person.orcid
        } else if label == "Website" {
            &mut person.homepage
        } else {
            &mut None
        };
        let is_known = place.as_deref() == Some(link.as_str());
        let is_only_a_link = is_refused || matches!(label, "Twitter" | "GitHub" | "Email" | "Mastodon" | "Bluesky");
        if place.is_none() && !is_only_a_link {
            *place = Some(link);
        } else if !is_known && !person.links.iter().any(|known| known.url == link) {
            person.links.push(WebLink { label: label.to_owned(), url: link });
        }
    });
}
