//! A person: one row across all editions. What they are at an event is a [`super::Participation`].

use async_graphql::SimpleObject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, Report, WebLink};

/// Somebody who takes part in events: on stage, in a committee, as an author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "PersonFields")]
pub struct Person {
    /// The person's identity: a UUID that never changes, the same in every edition.
    pub id: Id,
    /// The name as the person writes it, without honorific.
    pub name: String,
    /// The newest known affiliation; what it was at an event is told by the participation or the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
    /// The person's own page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// The ORCID iD as a URL, for example `https://orcid.org/0000-0002-1825-0097`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orcid: Option<String>,
    /// The person's page on Google Scholar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scholar: Option<String>,
    /// The person's page on LinkedIn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linkedin: Option<String>,
    /// Other pages and accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<WebLink>,
    /// When the person was first recorded on this server.
    #[graphql(skip)]
    pub created_at: Timestamp,
    /// When the person's own fields were last changed.
    #[graphql(skip)]
    pub updated_at: Timestamp,
}

impl Person {
    /// A person of whom only the name is known.
    pub fn new(id: Id, name: impl Into<String>, now: Timestamp) -> Self {
        Person {
            id,
            name: name.into(),
            affiliation: None,
            homepage: None,
            orcid: None,
            scholar: None,
            linkedin: None,
            links: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Adds what is wrong with the person to `report`.
    pub fn check(&self, report: &mut Report) {
        report.line("name", &self.name);
        report.optional_line("affiliation", self.affiliation.as_deref());
        for (field, url) in [("homepage", &self.homepage), ("scholar", &self.scholar), ("linkedin", &self.linkedin)] {
            report.url(field, url.as_deref());
        }
        if self.orcid.as_ref().is_some_and(|text| super::orcid(text).as_ref() != Some(text)) {
            let message =
                "this is no ORCID iD, or a digit of it is wrong; one looks like https://orcid.org/0000-0002-1825-0097";
            report.add("orcid", "orcid", message);
        }
        for (position, link) in self.links.iter().enumerate() {
            report.within(format!("links.{position}"), |report| {
                report.line("label", &link.label);
                report.url("url", Some(&link.url));
            });
        }
    }
}
