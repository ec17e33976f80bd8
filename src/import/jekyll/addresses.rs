//! Web addresses as people write them, made into URLs that may be stored: without a scheme, with spaces, bare handles.

use super::fields::Reading;
use crate::content::{Image, MAX_URL, Severity};

/// An absolute `http(s)` or `mailto` URL; what can't be one is reported and left out.
pub(crate) fn url(reading: &mut Reading<'_>, text: &str, line: u32) -> Option<String> {
    let text = rooted(bare(text));
    if text.starts_with('/') && !text.starts_with("//") {
        let absolute = reading
            .draft
            .document
            .event
            .website
            .as_deref()
            .and_then(|site| url::Url::parse(site).ok()?.join(&text).ok());
        if absolute.is_none() {
            let message = format!("{text} is a path of the site, whose address is not known; say it with --website");
            reading.report(Severity::Warning, "relative-link", line, message);
        }
        return absolute.map(String::from);
    }
    url_or_path(reading, &text, line)
}

/// A URL as [`url()`], or a path on the site.
pub(crate) fn url_or_path(reading: &mut Reading<'_>, text: &str, line: u32) -> Option<String> {
    match mended(text) {
        Mended::Nothing => None,
        Mended::Kept(url) => Some(url),
        Mended::Changed(url) => {
            let message = format!("“{}” has no scheme; it was read as {url}", text.trim());
            reading.report(Severity::Info, "url-mended", line, message);
            Some(url)
        }
        Mended::Refused(why) => {
            let shown: String = text.trim().chars().take(80).collect();
            reading.report(Severity::Warning, "url-refused", line, format!("“{shown}” {why}, and was left out"));
            None
        }
    }
}

/// A portrait or logo: a mere file name is a file of `/images`, as in the template.
pub(crate) fn image(reading: &mut Reading<'_>, text: &str, line: u32, alt: Option<&str>) -> Option<Image> {
    let text = bare(text);
    let is_file_name = !text.contains(['/', ':']) && text.contains('.') && !text.to_lowercase().starts_with("www.");
    let path = if is_file_name { format!("/images/{text}") } else { text };
    let is_relative =
        !path.is_empty() && !path.starts_with('/') && !path.contains(':') && !path.to_lowercase().starts_with("www.");
    let path = if is_relative { format!("/{}", path.trim_start_matches("./").trim_start_matches("../")) } else { path };
    let url = url_or_path(reading, &path, line)?;
    Some(Image { url, alt: alt.map(str::to_owned) })
}

enum Mended {
    Nothing,
    Kept(String),
    Changed(String),
    Refused(&'static str),
}

/// A text without blanks, Liquid, angle brackets and stray backslashes around an address.
fn bare(text: &str) -> String {
    let mut text = text.trim().trim_matches(['<', '>']).replace('\\', "");
    while let (Some(open), Some(close)) = (text.find("{{"), text.find("}}")) {
        if close < open {
            break;
        }
        text.replace_range(open..close + 2, "");
    }
    if let Some((_, rest)) = text.split_once("](") {
        text = rest.trim_end_matches(')').to_owned();
    }
    text.trim().to_owned()
}

/// A path from the folder of the site, such as `papers/1.pdf` and `index.html#dates`, as one from its top.
fn rooted(text: String) -> String {
    const FILES: [&str; 15] =
        ["html", "htm", "pdf", "png", "jpg", "jpeg", "gif", "svg", "webp", "ppt", "pptx", "doc", "docx", "zip", "ics"];
    let is_file =
        |name: &str| name.rsplit_once('.').is_some_and(|(_, ending)| FILES.contains(&ending.to_lowercase().as_str()));
    let path = text.split(['#', '?']).next().unwrap_or_default();
    let first = path.split('/').next().unwrap_or_default();
    let is_below = !first.contains('.') && path.contains('/') && is_file(path);
    let is_anchor = text.len() > 1 && text.starts_with('#');
    let is_relative = is_file(first) || is_below || is_anchor || text.starts_with("./") || text.starts_with("../");
    if !is_relative || text.contains(':') || text.starts_with('/') || first.contains('@') {
        return text;
    }
    format!("/{}", text.trim_start_matches("./").trim_start_matches("../"))
}

fn mended(text: &str) -> Mended {
    let text = rooted(bare(text)).replace(' ', "%20");
    if text == "/" {
        return Mended::Kept(text);
    }
    if text.is_empty() || text == "#" || super::names::is_placeholder(&text) {
        return Mended::Nothing;
    }
    if text.len() > MAX_URL {
        return Mended::Refused("is longer than an address may be");
    }
    if text.starts_with('/') && !text.starts_with("//") {
        return Mended::Kept(text);
    }
    let secure = |rest: &str| match url::Url::parse(&format!("https://{rest}")) {
        Ok(url) if url.domain().is_some_and(|host| host.contains('.')) => Mended::Changed(format!("https://{rest}")),
        _ => Mended::Refused("is no web address"),
    };
    if let Some(rest) = text.strip_prefix("//") {
        return secure(rest);
    }
    match url::Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https" | "mailto") => Mended::Kept(text),
        // `example.org:8080/x` parses with the host as its scheme.
        Ok(url) if url.scheme().contains('.') => secure(&text),
        Ok(_) => Mended::Refused("has a scheme that is not allowed"),
        Err(_) if text.contains('@') && !text.contains('/') => Mended::Changed(format!("mailto:{text}")),
        Err(_) if text.contains('.') => secure(&text),
        Err(_) => Mended::Refused("is no web address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match mended(text) {
            Mended::Nothing => "nothing".to_owned(),
            Mended::Kept(url) => url,
            Mended::Changed(url) => format!("changed {url}"),
            Mended::Refused(_) => "refused".to_owned(),
        }
    }

    #[test]
    fn addresses_are_mended_or_refused() {
        for (text, expected) in [
            (" https://example.org/a?b=c\\&d=e ", "https://example.org/a?b=c&d=e"),
            ("www.example.org", "changed https://www.example.org"),
            ("example.org/x", "changed https://example.org/x"),
            ("//example.org/x", "changed https://example.org/x"),
            ("jane@example.org", "changed mailto:jane@example.org"),
            ("/images/a b.png", "/images/a%20b.png"),
            ("index.html#dates", "/index.html#dates"),
            ("papers/slides/a.pdf", "/papers/slides/a.pdf"),
            ("../a/b.png", "/a/b.png"),
            ("#dates", "/#dates"),
            ("/", "/"),
            ("{{ site.baseurl }}/images/a.png", "/images/a.png"),
            ("javascript:alert(1)", "refused"),
            ("data:text/html,x", "refused"),
            ("#", "nothing"),
            ("TBD", "nothing"),
            ("no address", "refused"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
