//! What a person is at an event: five kinds that share one struct.

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Head, Id, Image, Kind, Markdown, Report};

/// The part that a person takes in an event as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Gives an invited talk.
    Speaker,
    /// Sits on a panel.
    Panelist,
    /// Organizes the event.
    Organizer,
    /// Helps the organizers.
    Volunteer,
    /// Reviews papers, or serves on another committee.
    CommitteeMember,
}

impl Role {
    /// Every role, in the order of the kinds.
    pub const ALL: [Role; 5] = [Role::Speaker, Role::Panelist, Role::Organizer, Role::Volunteer, Role::CommitteeMember];

    /// The kind of the participations with this role.
    pub fn kind(self) -> Kind {
        match self {
            Role::Speaker => Kind::Speaker,
            Role::Panelist => Kind::Panelist,
            Role::Organizer => Kind::Organizer,
            Role::Volunteer => Kind::Volunteer,
            Role::CommitteeMember => Kind::CommitteeMember,
        }
    }
}

/// The group of speakers whom a source counts among its top speakers, though they give no keynote.
pub const TOP_SPEAKERS: &str = "Top speakers";

/// A person at an event: as speaker, panelist, organizer, volunteer or committee member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "ParticipationFields")]
pub struct Participation {
    /// What every item has.
    #[serde(flatten)]
    #[graphql(flatten)]
    pub head: Head,
    /// The part that the person takes.
    pub role: Role,
    /// Who it is.
    #[graphql(skip)]
    pub person: Id,
    /// The title before the name, for example `Prof.`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub honorific: Option<String>,
    /// The affiliation at the time of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
    /// The portrait that the event shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<Image>,
    /// The biography that the event shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<Markdown>,
    /// The group within the role, where a site has its own, for example `Area chairs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

impl Participation {
    /// Adds what is wrong with the participation to `report`.
    pub fn check(&self, report: &mut Report) {
        self.head.check(report);
        report.optional_line("honorific", self.honorific.as_deref());
        report.optional_line("affiliation", self.affiliation.as_deref());
        report.optional_line("group", self.group.as_deref());
        report.image("photo", self.photo.as_ref());
        report.markdown("bio", self.bio.as_ref());
    }
}
