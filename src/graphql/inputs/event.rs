//! What can be said about an event, its series, and the people in it. None of them is an item.

use async_graphql::{InputObject, MaybeUndefined};

use super::parts::Personal;
use super::{list, optional, required};
use crate::content::{AttendanceMode, Date, Event, Id, Image, Person, Report, Series, Venue, WebLink};

/// What can be said about an event. Who sees it is for `setPublication` to say.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct EventInput {
    /// The name in URLs: `a-z`, `0-9` and single hyphens, at most 80 characters, unique on this server.
    slug: MaybeUndefined<String>,
    /// The full title, at most 500 characters.
    name: MaybeUndefined<String>,
    /// The short name.
    acronym: MaybeUndefined<String>,
    /// Which edition of its series it is, from 1.
    edition: MaybeUndefined<i32>,
    /// The series that it is an edition of, by its id.
    series: MaybeUndefined<Id>,
    /// The conference that hosts it.
    host_conference: MaybeUndefined<String>,
    /// What it is about, as Markdown.
    description: MaybeUndefined<String>,
    /// The first day, in the event's time zone.
    starts_on: MaybeUndefined<Date>,
    /// The last day; not before the first.
    ends_on: MaybeUndefined<Date>,
    /// The IANA time zone that its clocks show, for example `America/Chicago`.
    time_zone: MaybeUndefined<String>,
    /// How people take part.
    attendance_mode: MaybeUndefined<AttendanceMode>,
    /// Where it happens.
    venue: MaybeUndefined<Venue>,
    /// The city.
    city: MaybeUndefined<String>,
    /// The country as ISO 3166-1 alpha-2, for example `US`.
    country: MaybeUndefined<String>,
    /// The event's own website.
    website: MaybeUndefined<String>,
    /// The e-mail address for questions, which everybody sees.
    contact_email: MaybeUndefined<String>,
    /// The picture across the top of the site.
    banner: MaybeUndefined<Image>,
    /// Accounts and pages elsewhere: the whole list.
    social_links: MaybeUndefined<Vec<WebLink>>,
    /// The main language as a BCP 47 tag.
    language: MaybeUndefined<String>,
}

impl EventInput {
    /// The series that is named.
    pub(in crate::graphql) fn series(&self) -> Option<Id> {
        self.series.value().copied()
    }

    /// Takes over what is said.
    pub(in crate::graphql) fn apply(self, event: &mut Event, report: &mut Report) {
        required(self.slug, &mut event.slug, "slug", report);
        required(self.name, &mut event.name, "name", report);
        optional(self.acronym, &mut event.acronym);
        optional(self.edition, &mut event.edition);
        optional(self.series, &mut event.series);
        optional(self.host_conference, &mut event.host_conference);
        optional(self.description, &mut event.description);
        required(self.starts_on, &mut event.starts_on, "startsOn", report);
        required(self.ends_on, &mut event.ends_on, "endsOn", report);
        required(self.time_zone, &mut event.time_zone, "timeZone", report);
        required(self.attendance_mode, &mut event.attendance_mode, "attendanceMode", report);
        optional(self.venue, &mut event.venue);
        optional(self.city, &mut event.city);
        optional(self.country, &mut event.country);
        optional(self.website, &mut event.website);
        optional(self.contact_email, &mut event.contact_email);
        optional(self.banner, &mut event.banner);
        list(self.social_links, &mut event.social_links);
        optional(self.language, &mut event.language);
    }
}

/// What can be said about a series, in all its events.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct SeriesInput {
    /// The name in URLs, unique on this server.
    slug: MaybeUndefined<String>,
    /// The name, at most 500 characters.
    name: MaybeUndefined<String>,
    /// What it is about, as Markdown.
    description: MaybeUndefined<String>,
}

impl SeriesInput {
    /// Takes over what is said.
    pub(in crate::graphql) fn apply(self, series: &mut Series, report: &mut Report) {
        required(self.slug, &mut series.slug, "slug", report);
        required(self.name, &mut series.name, "name", report);
        optional(self.description, &mut series.description);
    }
}

/// What can be said about a person, in all their events.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct PersonInput {
    /// The name as the person writes it, without honorific.
    name: MaybeUndefined<String>,
    /// The newest known affiliation.
    affiliation: MaybeUndefined<String>,
    /// The person's own page.
    homepage: MaybeUndefined<String>,
    /// The ORCID iD, bare or as a URL.
    orcid: MaybeUndefined<String>,
    /// The person's page on Google Scholar.
    scholar: MaybeUndefined<String>,
    /// The person's page on LinkedIn.
    linkedin: MaybeUndefined<String>,
    /// Other pages and accounts: the whole list.
    links: MaybeUndefined<Vec<WebLink>>,
}

impl PersonInput {
    /// Takes over what is said.
    pub(in crate::graphql) fn apply(self, person: &mut Person, report: &mut Report) {
        let PersonInput { name, affiliation, homepage, orcid, scholar, linkedin, links } = self;
        Personal { name, affiliation, homepage, orcid, scholar, linkedin, links }.apply(person, report);
    }
}
