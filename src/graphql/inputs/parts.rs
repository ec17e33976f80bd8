//! Parts of inputs that are no plain values: authors, moments, links of announcements, and people.

use std::sync::Arc;

use async_graphql::{InputObject, MaybeUndefined};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use uuid::Uuid;

use super::Desk;
use crate::content::{
    self, Announcement, AnnouncementLink, Date, DateTime, Id, ImportantDate, Kind, Markdown, Moment, Paper,
    PaperAuthor, Participation, Person, Record, Report, WebLink,
};
use crate::publishing::Draft;

impl From<DateTime> for Timestamp {
    fn from(time: DateTime) -> Timestamp {
        time.instant()
    }
}

impl From<String> for Markdown {
    fn from(text: String) -> Markdown {
        Markdown(text)
    }
}

/// One of a paper's authors.
#[derive(Clone, Debug, InputObject)]
pub(in crate::graphql) struct PaperAuthorInput {
    /// Who it is. When left out, it is the person of the event with exactly this name, or a new one; null says that it is
    /// not to be told.
    pub(super) person: MaybeUndefined<Id>,
    /// The name as it stands on the paper; the person's when left out.
    name: Option<String>,
    /// The affiliation as it stands on the paper.
    affiliation: Option<String>,
    /// Whether this is the author to write to.
    #[graphql(default)]
    corresponding: bool,
}

/// A moment as it is announced.
#[derive(Clone, Debug, InputObject)]
pub(in crate::graphql) struct MomentInput {
    /// The day.
    date: Date,
    /// The time of day as `HH:MM`, 24 hours; the end of the day when left out.
    time: Option<String>,
    /// Whether it is *anywhere on earth* (AoE, UTC−12); otherwise it is in the event's time zone.
    #[graphql(default)]
    anywhere_on_earth: bool,
}

/// A link of an announcement.
#[derive(Clone, Debug, InputObject)]
pub(in crate::graphql) struct AnnouncementLinkInput {
    /// What it is called.
    label: String,
    /// Where it leads.
    url: Option<String>,
    /// When what it leads to begins.
    starts_at: Option<DateTime>,
    /// When what it leads to ends.
    ends_at: Option<DateTime>,
}

impl From<AnnouncementLinkInput> for AnnouncementLink {
    fn from(input: AnnouncementLinkInput) -> Self {
        AnnouncementLink {
            label: input.label,
            url: input.url,
            starts_at: input.starts_at.map(Into::into),
            ends_at: input.ends_at.map(Into::into),
        }
    }
}

pub(super) fn announcement_links(
    input: MaybeUndefined<Vec<AnnouncementLinkInput>>,
    content: &mut Announcement,
    _desk: &mut Desk<'_>,
) {
    super::list(input, &mut content.links);
}

pub(super) fn authors(input: MaybeUndefined<Vec<PaperAuthorInput>>, paper: &mut Paper, desk: &mut Desk<'_>) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => paper.authors.clear(),
        MaybeUndefined::Value(authors) => {
            paper.authors = authors.into_iter().enumerate().map(|(place, input)| author(place, input, desk)).collect();
        }
    }
}

/// The DOI in the form in which it is kept; what is none is left for the check to refuse.
pub(super) fn doi(input: MaybeUndefined<String>, paper: &mut Paper, _: &mut Desk<'_>) {
    super::optional(input.map_value(|text| content::doi(&text).unwrap_or(text)), &mut paper.doi);
}

fn author(place: usize, input: PaperAuthorInput, desk: &mut Desk<'_>) -> PaperAuthor {
    let name = input.name.unwrap_or_default();
    let person = match input.person {
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(id) => Some(id),
        MaybeUndefined::Undefined => {
            let mut report = Report::default();
            report.line("name", &name);
            let is_named = report.into_problems().is_empty();
            is_named.then(|| somebody_named(&name, input.affiliation.as_deref(), desk))
        }
    };
    let of_person = person.and_then(|id| match desk.draft.record(Kind::Person, id) {
        Some(Record::Person(person)) => Some(person.name.clone()),
        _ => None,
    });
    let name = if name.is_empty() { of_person.unwrap_or_default() } else { name };
    desk.report.within(format!("authors.{place}"), |report| {
        report.line("name", &name);
        report.optional_line("affiliation", input.affiliation.as_deref());
    });
    PaperAuthor { person, name, affiliation: input.affiliation, corresponding: input.corresponding }
}

/// The only person of the event with this name, or a new one.
fn somebody_named(name: &str, affiliation: Option<&str>, desk: &mut Desk<'_>) -> Id {
    let mut namesakes = desk.draft.document().people.iter().filter(|person| person.name == name);
    if let (Some(person), None) = (namesakes.next(), namesakes.next()) {
        return person.id;
    }
    let person =
        Person { affiliation: affiliation.map(str::to_owned), ..Person::new(Id(Uuid::now_v7()), name, desk.now) };
    let id = person.id;
    desk.draft.put(Record::Person(Arc::new(person)));
    id
}

pub(super) fn moment(input: MaybeUndefined<MomentInput>, date: &mut ImportantDate, desk: &mut Desk<'_>) {
    let MaybeUndefined::Value(input) = input else {
        if input.is_null() {
            desk.report.add("moment", "required", "this can't be null; leave it out to keep what is there");
        }
        return;
    };
    date.moment = as_moment(input, "moment", desk);
}

pub(super) fn superseded(input: MaybeUndefined<Vec<MomentInput>>, date: &mut ImportantDate, desk: &mut Desk<'_>) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => date.superseded.clear(),
        MaybeUndefined::Value(moments) => {
            date.superseded = moments.into_iter().map(|input| as_moment(input, "superseded", desk)).collect();
        }
    }
}

fn as_moment(input: MomentInput, field: &str, desk: &mut Desk<'_>) -> Moment {
    let zone = desk.draft.document().event.zone();
    let Some(time) = input.time else {
        return match input.anywhere_on_earth {
            true => Moment::end_of_day_anywhere_on_earth(input.date),
            false => Moment::end_of_day(input.date, &zone),
        };
    };
    let zone = if input.anywhere_on_earth { TimeZone::fixed(Offset::constant(-12)) } else { zone };
    match jiff::civil::Time::strptime("%H:%M", &time) {
        Ok(time) => Moment::at(input.date.0.to_datetime(time), &zone, input.anywhere_on_earth),
        Err(_) => {
            desk.report.add(field, "time", "a time looks like 17:30");
            Moment::end_of_day(input.date, &zone)
        }
    }
}

/// What can be said about a person's own fields, from wherever they are named.
#[derive(Clone, Debug, Default)]
pub(super) struct Personal {
    pub(super) name: MaybeUndefined<String>,
    pub(super) affiliation: MaybeUndefined<String>,
    pub(super) homepage: MaybeUndefined<String>,
    pub(super) orcid: MaybeUndefined<String>,
    pub(super) scholar: MaybeUndefined<String>,
    pub(super) linkedin: MaybeUndefined<String>,
    pub(super) links: MaybeUndefined<Vec<WebLink>>,
}

impl Personal {
    pub(super) fn apply(self, person: &mut Person, report: &mut Report) {
        super::required(self.name, &mut person.name, "name", report);
        super::optional(self.affiliation, &mut person.affiliation);
        super::optional(self.homepage, &mut person.homepage);
        // A bare iD is as good; what is none is kept for the check to refuse.
        super::optional(self.orcid.map_value(|text| content::orcid(&text).unwrap_or(text)), &mut person.orcid);
        super::optional(self.scholar, &mut person.scholar);
        super::optional(self.linkedin, &mut person.linkedin);
        super::list(self.links, &mut person.links);
    }
}

/// Puts the person of a participation into the draft with what is said about them; a new one where none is there.
pub(super) fn person_of(participation: &mut Participation, personal: Personal, desk: &mut Desk<'_>) {
    let found = desk.draft.record(Kind::Person, participation.person);
    let mut person = match found {
        Some(Record::Person(person)) => Person::clone(&person),
        // An id that leads nowhere is refused as a reference; nil says that none was given.
        _ if !participation.person.0.is_nil() => return,
        _ => {
            participation.person = Id(Uuid::now_v7());
            Person { affiliation: participation.affiliation.clone(), ..Person::new(participation.person, "", desk.now) }
        }
    };
    personal.apply(&mut person, desk.report);
    desk.draft.put(Record::Person(Arc::new(person)));
}

/// The name of the person of a participation.
pub(super) fn name_of(participation: &Participation, draft: &Draft) -> String {
    match draft.record(Kind::Person, participation.person) {
        Some(Record::Person(person)) => person.name.clone(),
        _ => String::new(),
    }
}
