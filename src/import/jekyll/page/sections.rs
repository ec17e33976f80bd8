//! A page as sections: what stands under which heading, and what the heading means.
//!
//! Headings are recognised in many spellings; a heading that is not recognised parts the page only where headings of
//! its level do so anyway.

use scraper::{ElementRef, Html};

use super::markup::LINE;
use crate::content::Role;
use crate::import::jekyll::html::text_of;
use crate::import::jekyll::people;

/// What a section is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// What the event is about.
    Overview,
    /// The call for papers with its topics.
    Call,
    /// How to submit.
    Submission,
    /// Important dates.
    Dates,
    /// People with a role, in a group.
    People(Role, Option<String>),
    /// The schedule.
    Schedule,
    /// The papers.
    Papers,
    /// Sponsors.
    Sponsors,
    /// Awards and who won them.
    Awards,
    /// News, item by item.
    News,
    /// Any other text.
    Prose,
}

/// A part of a page.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// What it is about.
    pub(super) part: Part,
    /// The heading's text; empty for what stands before the first heading.
    pub(super) title: String,
    /// The heading as HTML.
    pub(super) heading: String,
    /// The heading's line.
    pub(super) line: u32,
    /// What stands under the heading, as HTML.
    pub(super) html: String,
}

/// An alert of the page: its class and its HTML.
#[derive(Clone, Debug)]
pub(super) struct Alert {
    pub(super) class: String,
    pub(super) line: u32,
    pub(super) html: String,
}

/// A page, parted.
#[derive(Clone, Debug, Default)]
pub(super) struct Parted {
    pub(super) sections: Vec<Section>,
    pub(super) alerts: Vec<Alert>,
}

/// Parts a page.
pub(super) fn part_page(html: &str) -> Parted {
    let tree = Html::parse_fragment(html);
    let root = tree.root_element();
    let mut parted = Parted::default();
    parted.sections.push(Section {
        part: Part::Prose,
        title: String::new(),
        heading: String::new(),
        line: 1,
        html: String::new(),
    });
    let level = main_level(root);
    collect(root, level, &mut parted);
    if parted.sections[0].html.trim().is_empty() {
        parted.sections.remove(0);
    }
    parted
}

/// The line of an element; 0 where it is not known.
pub(super) fn line(element: ElementRef<'_>) -> u32 {
    let own = |element: ElementRef<'_>| element.attr(LINE).and_then(|line| line.parse().ok());
    own(element).or_else(|| element.ancestors().filter_map(ElementRef::wrap).find_map(own)).unwrap_or_default()
}

/// The level of a heading: 1 to 6.
pub(super) fn heading_level(element: ElementRef<'_>) -> Option<u8> {
    match element.value().name().as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// Whether an element is an alert: a box that wants to be seen.
pub(super) fn is_alert(element: ElementRef<'_>) -> bool {
    element.value().classes().any(|class| {
        class == "alert"
            || class.starts_with("alert-")
            || matches!(class, "notice" | "announcement" | "callout")
            || class.starts_with("notice--")
    }) || element.attr("role") == Some("alert")
}

/// The level at which headings part the page: the highest level of those that are recognised, or of all.
fn main_level(root: ElementRef<'_>) -> u8 {
    let headings = || root.descendent_elements().filter_map(|element| Some((heading_level(element)?, element)));
    let recognised =
        headings().filter(|(_, element)| part_of(&text_of(*element)) != Part::Prose).map(|(level, _)| level);
    recognised.min().or_else(|| headings().map(|(level, _)| level).min()).unwrap_or(2)
}

fn parts(element: ElementRef<'_>, level: u8) -> bool {
    heading_level(element).is_some_and(|own| {
        let text = text_of(element);
        !text.is_empty() && own <= 4 && (own <= level || part_of(&text) != Part::Prose)
    })
}

fn collect(element: ElementRef<'_>, level: u8, parted: &mut Parted) {
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
            current(parted).html.push_str(&escaped);
            continue;
        }
        let Some(child) = ElementRef::wrap(child) else { continue };
        if is_alert(child) {
            let class = child.attr("class").unwrap_or_default().to_owned();
            parted.alerts.push(Alert { class, line: line(child), html: child.inner_html() });
        } else if parts(child, level) {
            let title = text_of(child);
            let part = part_of(&title);
            parted.sections.push(Section {
                part,
                title,
                heading: child.inner_html(),
                line: line(child),
                html: String::new(),
            });
        } else if child.descendent_elements().skip(1).any(|inner| parts(inner, level) || is_alert(inner)) {
            if let Some(style) = child.attr("style").filter(|style| style.contains("url(")) {
                let style = style.replace('"', "'");
                current(parted).html.push_str(&format!("<span style=\"{style}\"></span>"));
            }
            collect(child, level, parted);
        } else {
            let html = child.html();
            current(parted).html.push_str(&html);
        }
    }
}

fn current(parted: &mut Parted) -> &mut Section {
    parted.sections.last_mut().expect("there is a section for what stands before the first heading")
}

/// What a heading says that the section is about.
pub(crate) fn part_of(title: &str) -> Part {
    let plain = deunicode::deunicode(title).to_lowercase();
    let without_notes = plain.split(['(', '[']).next().unwrap_or_default();
    let words: Vec<&str> =
        without_notes.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |wanted: &str| words.iter().any(|word| is_word(word, wanted));
    let says = |phrase: &[&str]| {
        words.windows(phrase.len()).any(|window| window.iter().zip(phrase).all(|(word, wanted)| is_word(word, wanted)))
    };
    if words.is_empty() || words.len() > 8 {
        return Part::Prose;
    }
    if has("sponsors") || has("sponsor") || says(&["supported", "by"]) || has("supporters") {
        return Part::Sponsors;
    }
    let is_only = |wanted: &[&str]| words.len() == 1 && wanted.iter().any(|wanted| is_word(words[0], wanted));
    if (has("important") || has("key") || has("relevant")) && (has("dates") || has("date"))
        || has("deadlines")
        || is_only(&["dates", "timeline", "timelines", "deadline"])
        || says(&["submission", "timeline"])
    {
        return Part::Dates;
    }
    if says(&["call", "for"])
        || has("cfp")
        || has("topics")
        || is_only(&["scope", "themes"])
        || says(&["research", "areas"])
    {
        return Part::Call;
    }
    if has("awards") || has("award") || (has("best") && has("paper")) {
        return Part::Awards;
    }
    if has("submission")
        || has("submissions")
        || has("submit")
        || says(&["author", "guidelines"])
        || says(&["instructions", "for"])
        || says(&["paper", "format"])
    {
        return Part::Submission;
    }
    let committee = has("committee");
    if !committee
        && (has("schedule") || has("agenda") || has("timetable") || has("program") || has("programme"))
        && !has("chairs")
        && !has("chair")
    {
        return Part::Schedule;
    }
    if let Some(part) = people(&words, has("talks") && has("invited")) {
        return part;
    }
    if (has("accepted") || is_only(&["papers", "publications"])) && !has("students")
        || says(&["list", "of", "papers"])
        || says(&["oral", "papers"])
        || says(&["poster", "papers"])
    {
        return Part::Papers;
    }
    if is_only(&["overview", "about", "introduction", "motivation", "description", "abstract", "summary"])
        || (has("overview") || has("about")) && words.len() <= 4
    {
        return Part::Overview;
    }
    if is_only(&["news", "announcements", "announcement", "updates"]) || says(&["latest", "news"]) {
        return Part::News;
    }
    Part::Prose
}

/// People of a role, if the heading names one.
fn people(words: &[&str], invited_talks: bool) -> Option<Part> {
    const NAMES: [&str; 15] = [
        "speakers",
        "speaker",
        "panelists",
        "panellists",
        "organizers",
        "organisers",
        "organization",
        "committee",
        "volunteers",
        "chairs",
        "reviewers",
        "moderators",
        "keynotes",
        "members",
        "team",
    ];
    if invited_talks {
        return Some(Part::People(Role::Speaker, None));
    }
    let named = words.iter().any(|word| NAMES.iter().any(|name| is_word(word, name))) || words == ["panel"];
    if !named || words.len() > 6 {
        return None;
    }
    // Misspelt words are put right before the name is looked up.
    let mended: Vec<&str> =
        words.iter().map(|word| NAMES.iter().find(|name| is_word(word, name)).copied().unwrap_or(word)).collect();
    let (role, group) = people::role_of(&mended.join("_"))?;
    let is_plain = mended.len() <= 2
        && mended.iter().all(|word| {
            NAMES[..9].contains(word)
                || matches!(
                    *word,
                    "confirmed"
                        | "invited"
                        | "keynote"
                        | "our"
                        | "the"
                        | "workshop"
                        | "industrial"
                        | "panel"
                        | "student"
                        | "technical"
                        | "program"
                        | "programme"
                        | "organizing"
                        | "organising"
                        | "conference"
                )
        });
    Some(Part::People(role, group.filter(|_| !is_plain)))
}

/// Whether a word is the wanted one, maybe misspelt: one slip in a long word is let pass.
fn is_word(word: &str, wanted: &str) -> bool {
    word == wanted || (wanted.len() >= 8 && word.len() >= 7 && strsim::osa_distance(word, wanted) <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_recognised_in_many_spellings() {
        for (title, part) in [
            ("Overview", Part::Overview),
            ("About the Workshop", Part::Overview),
            ("Call for Papers", Part::Call),
            ("Topics of Interest:", Part::Call),
            ("Important Dates:", Part::Dates),
            ("Key dates (AoE)", Part::Dates),
            ("Submission Instructions", Part::Submission),
            ("Confirmed Spearkers", Part::People(Role::Speaker, None)),
            ("Industrial Panelists", Part::People(Role::Panelist, None)),
            ("Organizing Committee", Part::People(Role::Organizer, None)),
            ("Technical Committee", Part::People(Role::CommitteeMember, None)),
            ("Area Chairs", Part::People(Role::CommitteeMember, Some("Area chairs".to_owned()))),
            ("Volunteers", Part::People(Role::Volunteer, None)),
            ("Schedule (New Orleans Time Zone)", Part::Schedule),
            ("Program", Part::Schedule),
            ("Accepted Papers", Part::Papers),
            ("Platinium Sponsor", Part::Sponsors),
            ("Best Paper Awards", Part::Awards),
            ("News", Part::News),
            ("Registration", Part::Prose),
            ("Efficient Pre-Training", Part::Prose),
            ("The 2nd workshop on Efficient Natural Language and Speech Processing (ENLSP)", Part::Prose),
        ] {
            assert_eq!(part_of(title), part, "{title}");
        }
    }

    #[test]
    fn a_page_is_parted_by_its_headings_only() {
        let page = "<div style=\"background: url('/b.png')\"><center><h2>The 2nd workshop on X</h2><h3>May 3</h3></center></div>\
            <p>Lead</p><div class=\"alert alert-danger\"><b>New!</b></div>\
            <div><h2 data-line=\"7\">Organizers</h2><div class=\"card\"><h4>Jane Doe</h4></div></div><h2>Call for papers</h2><h4>Topic A</h4><ul><li>a</li></ul>";
        let parted = part_page(page);
        let titles: Vec<_> = parted.sections.iter().map(|section| section.title.as_str()).collect();
        assert_eq!(titles, ["", "The 2nd workshop on X", "Organizers", "Call for papers"]);
        assert!(parted.sections[0].html.contains("/b.png"));
        assert!(parted.sections[1].html.contains("May 3") && parted.sections[1].html.contains("Lead"));
        assert!(parted.sections[2].html.contains("Jane Doe"));
        assert_eq!(parted.sections[2].line, 7);
        assert_eq!(parted.alerts.len(), 1);
    }
}
