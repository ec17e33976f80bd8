//! Sponsors written into the page: logos and names under the heading of their tier.

use scraper::{ElementRef, Html};

use super::sections::{Section, heading_level, line};
use super::short;
use crate::content::{Id, Kind, Severity, Sponsor, SponsorTier};
use crate::import::jekyll::addresses;
use crate::import::jekyll::draft::name_key;
use crate::import::jekyll::fields::Reading;
use crate::import::jekyll::html::text_of;
use crate::import::jekyll::text::clean;

/// The names of tiers that slips of the pen are mended to.
const TIERS: [&str; 12] = [
    "Platinum",
    "Diamond",
    "Gold",
    "Silver",
    "Bronze",
    "Titanium",
    "Emerald",
    "Sapphire",
    "Ruby",
    "Copper",
    "Supporter",
    "Partner",
];

/// A sponsor whose name was guessed from its logo's file, to be looked at when everything is read.
#[derive(Clone, Debug)]
pub(super) struct Guessed {
    pub(super) name: String,
    pub(super) file: String,
    pub(super) path: String,
    pub(super) line: u32,
}

/// Reads the sponsors of a section.
pub(super) fn read(section: &Section, reading: &mut Reading<'_>) -> Vec<Guessed> {
    let tree = Html::parse_fragment(&section.html);
    let mut reader = Reader { reading, tier: section.title.clone(), tier_line: section.line, guessed: Vec::new() };
    reader.walk(tree.root_element());
    reader.guessed
}

struct Reader<'a, 'b> {
    reading: &'a mut Reading<'b>,
    tier: String,
    tier_line: u32,
    guessed: Vec<Guessed>,
}

impl Reader<'_, '_> {
    fn walk(&mut self, element: ElementRef<'_>) {
        let has_image =
            |element: ElementRef<'_>| element.descendent_elements().any(|inner| inner.value().name() == "img");
        for child in element.child_elements() {
            let name = child.value().name();
            if name == "img" {
                self.logo(child, None);
            } else if name == "a" && !text_of(child).is_empty() && !has_image(child) {
                self.named(child);
            } else if (heading_level(child).is_some() || (matches!(name, "b" | "strong") && is_tier(&text_of(child))))
                && !has_image(child)
            {
                self.tier = text_of(child);
                self.tier_line = line(child);
            } else if name == "a" && has_image(child) {
                for image in child.descendent_elements().filter(|inner| inner.value().name() == "img") {
                    self.logo(image, child.attr("href"));
                }
            } else if name == "li"
                && !has_image(child)
                && !child.descendent_elements().any(|inner| inner.value().name() == "a")
            {
                self.named(child);
            } else {
                self.walk(child);
            }
        }
    }

    fn logo(&mut self, image: ElementRef<'_>, href: Option<&str>) {
        let number = line(image);
        let src = image.attr("src").unwrap_or_default();
        let caption =
            image.ancestors().filter_map(ElementRef::wrap).find(|above| above.value().name() == "figure").map(text_of);
        let written = [image.attr("alt"), image.attr("title"), caption.as_deref()]
            .into_iter()
            .flatten()
            .map(without_logo)
            .find(|name| !name.is_empty() && !name.contains(".png") && !name.contains(".svg"));
        let file = src.rsplit('/').next().unwrap_or_default();
        let from_host = href.and_then(name_of_host).filter(|_| written.is_none() && !has_letters(file));
        let name = written.clone().or(from_host).unwrap_or_else(|| name_of_file(file));
        // `logos.png` says nothing, but is all that there is.
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let name = if name.is_empty() { capitalised(&clean(stem), false) } else { name };
        if name.is_empty() {
            let message = "this sponsor has neither a name nor a logo; it was left out";
            return self.reading.report(Severity::Warning, "sponsor-without-name", number, message);
        }
        if written.is_none() {
            let path = self.reading.file.path.clone();
            self.guessed.push(Guessed { name: name.clone(), file: file.to_owned(), path, line: number });
        }
        self.add(&name, href, Some(src), number);
    }

    fn named(&mut self, element: ElementRef<'_>) {
        let name = text_of(element);
        let href = element.attr("href").map(str::to_owned);
        if name.chars().count() <= 100 && !name.to_lowercase().contains("contact us") && !name.contains('@') {
            self.add(&name, href.as_deref(), None, line(element));
        }
    }

    fn add(&mut self, name: &str, href: Option<&str>, logo: Option<&str>, number: u32) {
        let known = self.reading.draft.document.sponsors.iter().any(|known| name_key(&known.name) == name_key(name));
        if known {
            let message = format!("{name} is a sponsor already; the first entry counts");
            return self.reading.report(Severity::Info, "duplicate-sponsor", number, message);
        }
        let name = &short(name);
        let tier = self.tier();
        let url = href.and_then(|href| addresses::url(self.reading, href, number));
        let logo = logo.and_then(|logo| addresses::image(self.reading, logo, number, Some(name)));
        let head = self.reading.draft.head(Kind::Sponsor, name);
        let place = self.reading.at(number);
        let item = Sponsor { head, tier, name: name.clone(), url, logo, description: None };
        self.reading.draft.add(item, place);
    }

    /// The tier of the heading above, made when its first sponsor comes.
    fn tier(&mut self) -> Id {
        let (name, mended) = tier_name(&self.tier);
        let tiers = &self.reading.draft.document.sponsor_tiers;
        if let Some(tier) = tiers.iter().find(|tier| tier.name == name) {
            return tier.head.id;
        }
        if mended {
            let message = format!("“{}” was read as the tier {name}", self.tier);
            self.reading.report(Severity::Info, "tier-mended", self.tier_line, message);
        }
        let name = short(&name);
        let head = self.reading.draft.head(Kind::SponsorTier, &name);
        let id = head.id;
        let place = self.reading.at(self.tier_line);
        self.reading.draft.add(SponsorTier { head, name }, place);
        id
    }
}

fn has_letters(file: &str) -> bool {
    name_of_file(file).chars().filter(|character| character.is_alphabetic()).count() >= 2
}

/// `Platinium Sponsor` is `Platinum`, mended; `Our Sponsors` is `Sponsors`.
fn tier_name(heading: &str) -> (String, bool) {
    let words: Vec<&str> = heading
        .split(|character: char| character.is_whitespace() || matches!(character, ':' | '(' | ')'))
        .filter(|word| {
            let lower = word.to_lowercase();
            !word.is_empty()
                && !lower.starts_with("sponsor")
                && !matches!(lower.as_str(), "our" | "the" | "level" | "tier" | "and" | "&")
        })
        .collect();
    if words.is_empty() || heading.to_lowercase().contains("supported by") {
        return ("Sponsors".to_owned(), false);
    }
    if let [word] = words.as_slice()
        && let Some(tier) =
            TIERS.iter().find(|tier| strsim::osa_distance(&tier.to_lowercase(), &word.to_lowercase()) <= 1)
    {
        return ((*tier).to_owned(), !tier.eq_ignore_ascii_case(word));
    }
    (words.join(" "), false)
}

fn is_tier(text: &str) -> bool {
    let (name, _) = tier_name(text);
    text.to_lowercase().contains("sponsor") || TIERS.contains(&name.as_str())
}

fn without_logo(text: &str) -> String {
    let words =
        text.split_whitespace().filter(|word| !matches!(word.to_lowercase().as_str(), "logo" | "image" | "sponsor"));
    clean(&words.collect::<Vec<_>>().join(" "))
}

/// A name made of a logo's file name: `noahs_ark_lab_logo.png` is `Noahs Ark Lab`, `rbc_logo.svg` is `RBC`.
pub(super) fn name_of_file(file: &str) -> String {
    let stem = file.split(['?', '#']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).replace("%20", " ");
    let words: Vec<&str> = stem
        .split(|character: char| !character.is_alphanumeric() && character != '&')
        .filter(|word| {
            let lower = word.to_lowercase();
            let is_size = lower.trim_end_matches("px").chars().all(|c| c.is_ascii_digit() || c == 'x');
            let about_the_file = [
                "logo",
                "logos",
                "logotype",
                "icon",
                "banner",
                "img",
                "image",
                "sponsor",
                "color",
                "colour",
                "rgb",
                "white",
                "black",
                "dark",
                "light",
                "transparent",
                "horizontal",
                "vertical",
                "final",
                "new",
                "copy",
                "small",
                "large",
                "full",
                "v1",
                "v2",
                "svg",
                "png",
            ];
            !word.is_empty() && !is_size && !about_the_file.contains(&lower.as_str())
        })
        .collect();
    let is_alone = words.len() == 1;
    let named: Vec<String> = words.iter().map(|word| capitalised(word, is_alone)).collect();
    named.join(" ")
}

fn capitalised(word: &str, is_alone: bool) -> String {
    let is_lower = word.chars().all(|character| !character.is_uppercase());
    if !is_lower {
        return word.to_owned();
    }
    // Few letters alone are mostly the initials of a company.
    if is_alone && word.chars().count() <= 4 {
        return word.to_uppercase();
    }
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `https://www.example-corp.com/` is `Example Corp`.
fn name_of_host(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let host = url.domain()?.trim_start_matches("www.").to_owned();
    let mut parts = host.split('.').rev().skip(1).filter(|part| !matches!(*part, "co" | "com" | "ac" | "org"));
    let name = parts.next()?.replace('-', " ");
    Some(name.split_whitespace().map(|word| capitalised(word, !name.contains(' '))).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_files() {
        for (file, name) in [
            ("noahs_ark_lab_logo.png", "Noahs Ark Lab"),
            ("rbc_logo.svg", "RBC"),
            ("BASF_logo.png", "BASF"),
            ("huawei_logo.png", "Huawei"),
            ("DeepMind-logo-2048x512.png", "DeepMind"),
            ("logo.png", ""),
        ] {
            assert_eq!(name_of_file(file), name);
        }
    }

    #[test]
    fn tiers_are_named() {
        for (heading, name, mended) in [
            ("Platinium Sponsor", "Platinum", true),
            ("Gold Sponsors:", "Gold", false),
            ("Our Sponsors", "Sponsors", false),
            ("Best paper award sponsor", "Best paper award", false),
        ] {
            assert_eq!(tier_name(heading), (name.to_owned(), mended), "{heading}");
        }
    }
}
