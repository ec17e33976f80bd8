//! What becomes of the sections of a page.

use scraper::Html;

use super::sections::{Part, Section};
use super::{Pending, awards, call, cards, deadlines, listing, notices, short, sponsors};
use crate::content::{ImportantDate, Kind, Markdown, Page, Role, Severity, Topic};
use crate::import::jekyll::fields::Reading;
use crate::import::jekyll::html::{markdown, plain, text_of};
use crate::import::jekyll::papers;

/// The most characters of one theme of a topic.
const MAX_ITEM: usize = 2_000;

/// Puts sections into the draft.
pub(super) struct Content<'a, 'b> {
    pub(super) reading: &'a mut Reading<'b>,
    pub(super) pending: &'a mut Pending,
}

impl Content<'_, '_> {
    /// Puts one section into the draft.
    pub(super) fn read(&mut self, section: &Section) {
        match &section.part {
            Part::Call => self.call(section),
            Part::Dates => self.dates(section, deadlines::says_aoe_of_all(&section.title, &section.html)),
            Part::People(role, group) => self.people(section, *role, group.as_deref()),
            Part::Sponsors => {
                let before = self.reading.draft.document.sponsors.len();
                let guessed = sponsors::read(section, self.reading);
                self.pending.guessed.extend(guessed);
                if self.reading.draft.document.sponsors.len() == before {
                    self.page(&section.title, &section.html, section.line);
                }
            }
            Part::Awards => {
                let winners = awards::read(section, self.reading);
                if winners.is_empty() {
                    self.page(&section.title, &section.html, section.line);
                }
                self.pending.winners.extend(winners);
            }
            Part::News => {
                if !notices::read_news(&section.html, self.reading) {
                    self.page(&section.title, &section.html, section.line);
                }
            }
            Part::Papers if self.papers(section) => {}
            Part::Schedule | Part::Papers => {
                if !plain(&section.html).is_empty() {
                    self.written_out(section);
                    self.page(&section.title, &section.html, section.line);
                }
            }
            Part::Overview | Part::Submission | Part::Prose => {
                awards::mentions(section, self.reading);
                match deadlines::list_in(&section.html).filter(|list| deadlines::are_due(list)) {
                    Some(list) => {
                        let aoe = deadlines::says_aoe_of_all(&section.title, &section.html);
                        let html = Html::parse_fragment(&section.html).root_element().inner_html();
                        self.page(&section.title, &html.replacen(&list, "", 1), section.line);
                        self.dates(&Section { html: list, ..section.clone() }, aoe);
                    }
                    None => self.page(&section.title, &section.html, section.line),
                }
            }
        }
    }

    /// A page of this text, if there is any.
    fn page(&mut self, title: &str, html: &str, line: u32) {
        let title = title.trim_end_matches(':').trim();
        let body = markdown(html);
        let has_image = html.contains("<img");
        if plain(html).is_empty() && !has_image || body.0.trim().is_empty() {
            return;
        }
        let title = if title.is_empty() { "Overview" } else { title };
        self.add_page(title, body, line);
    }

    fn add_page(&mut self, title: &str, body: Markdown, line: u32) {
        let title = short(title);
        let head = self.reading.draft.head(Kind::Page, &title);
        let place = self.reading.at(line);
        self.reading.draft.add(Page { head, title, body }, place);
    }

    /// A schedule or list of papers that is written into the page and not in `_data`.
    fn written_out(&mut self, section: &Section) {
        let tree = Html::parse_fragment(&section.html);
        let count = tree
            .root_element()
            .descendent_elements()
            .filter(|element| matches!(element.value().name(), "tr" | "li") && !text_of(*element).is_empty())
            .count();
        if count >= 3 {
            let message = format!(
                "“{}” has {count} entries written into the page; they are kept as the text of a page, not one by one",
                section.title
            );
            self.reading.report(Severity::Warning, "list-in-page", section.line, message);
        }
    }

    /// Papers that are written into the page; tells whether there were any.
    fn papers(&mut self, section: &Section) -> bool {
        let Some(listing) = listing::read(&section.html) else { return false };
        let of_heading = papers::presentation_of(&section.title);
        for (presentation, node) in listing.papers {
            papers::read(self.reading, &node, presentation.or(of_heading));
        }
        self.page(&section.title, &listing.rest, section.line);
        true
    }

    fn call(&mut self, section: &Section) {
        awards::mentions(section, self.reading);
        if deadlines::list_in(&section.html).is_some() {
            return self.dates(section, deadlines::says_aoe_of_all(&section.title, &section.html));
        }
        let is_topics = section.title.to_lowercase().contains("topic");
        let call = call::read(&section.html, if is_topics { section.title.trim_end_matches(':') } else { "Topics" });
        self.page(&section.title, &call.prose, section.line);
        for group in call.groups {
            let description = markdown(&group.description);
            let description = Some(description).filter(|text| !text.0.trim().is_empty());
            let title = short(&group.title);
            let head = self.reading.draft.head(Kind::Topic, &title);
            let items = group.items.iter().map(|item| item.chars().take(MAX_ITEM).collect()).collect();
            let place = self.reading.at(if group.line == 0 { section.line } else { group.line });
            let item = Topic { head, title, description, items, special: group.special };
            self.reading.draft.add(item, place);
        }
    }

    /// The dates of a section; `aoe` is said of all of them.
    fn dates(&mut self, section: &Section, aoe: bool) {
        let event = self.reading.draft.document.event.clone();
        let zone = event.zone();
        let mut unread = Vec::new();
        for entry in deadlines::entries(&section.html) {
            let line = if entry.line == 0 { section.line } else { entry.line };
            let Some(deadline) = entry.read(event.starts_on.0, &zone, aoe) else {
                unread.push((entry.text(), line));
                continue;
            };
            if deadline.assumed_year {
                let message = format!("“{}” has no year; {} was assumed", deadline.label, deadline.moment.date);
                self.reading.report(Severity::Info, "year-assumed", line, message);
            }
            if deadline.ambiguous {
                let message = format!(
                    "the day of “{}” can be read in two ways; it was read as {}",
                    deadline.label, deadline.moment.date
                );
                self.reading.report(Severity::Warning, "date-ambiguous", line, message);
            }
            let head = self.reading.draft.head(Kind::ImportantDate, &deadline.label);
            let place = self.reading.at(line);
            let item = ImportantDate {
                head,
                label: short(&deadline.label),
                kind: deadline.kind,
                moment: deadline.moment,
                superseded: deadline.superseded,
                struck_through: deadline.struck_through,
                note: deadline.note.as_deref().map(short),
            };
            self.reading.draft.add(item, place);
        }
        self.dates_without_day(section, &unread);
    }

    /// Lines of the list of dates that name no day are kept as a page.
    fn dates_without_day(&mut self, section: &Section, unread: &[(String, u32)]) {
        for (text, line) in unread {
            if text.split_whitespace().count() <= 12 && text.contains(':') {
                let message = format!("“{text}” names no day that could be read; it is kept as text");
                self.reading.report(Severity::Warning, "date-unread", *line, message);
            }
        }
        let text: Vec<&str> = unread.iter().map(|(text, _)| text.as_str()).collect();
        if !text.is_empty() {
            let body = markdown(&text.join("\n\n"));
            self.add_page(section.title.trim_end_matches(':'), body, section.line);
        }
    }

    fn people(&mut self, section: &Section, role: Role, group: Option<&str>) {
        let rest = cards::read(&section.html, role, group, self.reading);
        if !rest.is_empty() {
            let body = rest.join("\n\n");
            self.page(&section.title, &body.replace('&', "&amp;").replace('<', "&lt;"), section.line);
        }
    }
}
