//! What can be said about each kind of item. The descriptions say what a new item needs.

use async_graphql::{InputObject, MaybeUndefined};
use uuid::Uuid;

use super::parts::{
    AnnouncementLinkInput, MomentInput, PaperAuthorInput, Personal, announcement_links, authors, doi, moment, name_of,
    person_of, superseded,
};
use super::{Desk, HeadInput, ItemInput, item_input, optional, required};
use crate::content::{
    Announcement, AnnouncementSeverity, Award, Date, DateTime, Head, Id, Image, ImportantDate, ImportantDateKind, Link,
    LinkKind, Markdown, Moment, Page, Paper, Participation, Presentation, Role, Room, Session, SessionKind,
    SessionPerson, SessionStatus, Sponsor, SponsorTier, Topic, Track, WebLink,
};
use crate::publishing::Draft;

item_input! {
    /// What can be said about a session.
    SessionInput: Session = |head| Session::new(head, SessionKind::Talk, ""), named by |session, _| session.title.clone(),
        with people |input| match &input.people {
            MaybeUndefined::Value(people) => people.iter().map(|person| person.person).collect(),
            _ => Vec::new(),
        };
    /// What happens in it; a talk when a new session does not say.
    required kind: SessionKind,
    /// The title, at most 500 characters. A new session needs one.
    required title: String,
    /// What it is about, as Markdown of at most 100,000 characters.
    #[graphql(name = "abstract")]
    optional summary: String,
    /// When it begins: on a day of the event.
    optional starts_at: DateTime,
    /// When it ends; not before it begins.
    optional ends_at: DateTime,
    /// The room, by its id.
    optional room: Id,
    /// The track, by its id.
    optional track: Id,
    /// The session that it is a part of, by its id.
    optional parent: Id,
    /// The paper that is presented, by its id.
    optional paper: Id,
    /// Who takes part, in the order of the programme: the whole list.
    list people: Vec<SessionPerson>,
    /// Whether it takes place; confirmed when a new session does not say.
    required status: SessionStatus,
    /// The language that is spoken, as a BCP 47 tag, where it is not the event's.
    optional language: String,
    /// Where it can be followed live.
    optional stream_url: String,
    /// Where the recording is.
    optional recording_url: String,
    /// Where the slides are.
    optional slides_url: String,
    /// Whether it must not be recorded or streamed; false when a new session does not say.
    required do_not_record: bool,
}

item_input! {
    /// What can be said about a paper.
    PaperInput: Paper = |head| Paper::new(head, ""), named by |paper, _| paper.title.clone(),
        with people |input| match &input.authors {
            MaybeUndefined::Value(authors) => authors.iter().filter_map(|author| author.person.value().copied()).collect(),
            _ => Vec::new(),
        };
    /// The submission number or code as the organizers know it.
    optional number: String,
    /// The title, at most 500 characters. A new paper needs one.
    required title: String,
    /// The abstract, as Markdown of at most 100,000 characters.
    #[graphql(name = "abstract")]
    optional summary: String,
    /// Who wrote it, in the order of the paper: the whole list.
    with authors: Vec<PaperAuthorInput> = authors,
    /// How it is presented.
    optional presentation: Presentation,
    /// The paper itself.
    optional pdf_url: String,
    /// Supplementary material.
    optional supplement_url: String,
    /// The poster.
    optional poster_url: String,
    /// The slides.
    optional slides_url: String,
    /// A video of the presentation.
    optional video_url: String,
    /// The code.
    optional code_url: String,
    /// The paper's page on OpenReview.
    optional openreview_url: String,
    /// The paper's page on arXiv.
    optional arxiv_url: String,
    /// The DOI, for example `10.1000/182`; also as `https://doi.org/10.1000/182`.
    with doi: String = doi,
}

item_input! {
    /// What can be said about a room.
    RoomInput: Room = |head| Room { head, name: String::new(), description: None, capacity: None, online: false, url: None },
        named by |room, _| room.name.clone();
    /// The name, at most 500 characters. A new room needs one.
    required name: String,
    /// How to find it and what is there, as Markdown.
    optional description: String,
    /// How many people fit in.
    optional capacity: i32,
    /// Whether it is on the network and not at the venue.
    required online: bool,
    /// Where it is on the network, or its page.
    optional url: String,
}

item_input! {
    /// What can be said about a track.
    TrackInput: Track = |head| Track { head, name: String::new(), description: None, color: None },
        named by |track, _| track.name.clone();
    /// The name, at most 500 characters. A new track needs one.
    required name: String,
    /// What it is about, as Markdown.
    optional description: String,
    /// The colour in which schedules show it, as `#rrggbb`.
    optional color: String,
}

item_input! {
    /// What can be said about a topic of the call for papers.
    TopicInput: Topic = |head| Topic { head, title: String::new(), description: None, items: Vec::new(), special: false },
        named by |topic, _| topic.title.clone();
    /// The title, at most 500 characters. A new topic needs one.
    required title: String,
    /// What it is about, as Markdown.
    optional description: String,
    /// The bullets under it: the whole list.
    list items: Vec<String>,
    /// Whether it is a special topic of this edition.
    required special: bool,
}

item_input! {
    /// What can be said about an important date.
    ImportantDateInput: ImportantDate = |head| ImportantDate {
        head,
        label: String::new(),
        kind: ImportantDateKind::Other,
        moment: Moment::end_of_day_anywhere_on_earth(Date(jiff::civil::Date::ZERO)),
        superseded: Vec::new(),
        struck_through: false,
        note: None,
    }, named by |date, _| date.label.clone();
    /// What it is called, at most 500 characters. A new date needs it.
    required label: String,
    /// What is due.
    required kind: ImportantDateKind,
    /// When. A new date needs it.
    with moment: MomentInput = moment,
    /// What was announced before, oldest first: the whole list.
    with superseded: Vec<MomentInput> = superseded,
    /// Whether it is struck through.
    required struck_through: bool,
    /// A remark.
    optional note: String,
}

item_input! {
    /// What can be said about an announcement.
    AnnouncementInput: Announcement = |head| Announcement {
        head,
        title: String::new(),
        severity: AnnouncementSeverity::Info,
        body: None,
        links: Vec::new(),
        shows_from: None,
        shows_until: None,
    }, named by |announcement, _| announcement.title.clone();
    /// The title, at most 500 characters. A new announcement needs one.
    required title: String,
    /// How urgent it is; information when a new one does not say.
    required severity: AnnouncementSeverity,
    /// What it says, as Markdown.
    optional body: String,
    /// Where it leads: the whole list.
    with links: Vec<AnnouncementLinkInput> = announcement_links,
    /// From when it shows.
    optional shows_from: DateTime,
    /// Until when it shows.
    optional shows_until: DateTime,
}

item_input! {
    /// What can be said about a page.
    PageInput: Page = |head| Page { head, title: String::new(), body: Markdown::default() },
        named by |page, _| page.title.clone();
    /// The title, at most 500 characters. A new page needs one.
    required title: String,
    /// The text, as Markdown of at most 100,000 characters.
    required body: String,
}

item_input! {
    /// What can be said about an award.
    AwardInput: Award = |head| Award { head, name: String::new(), description: None, papers: Vec::new() },
        named by |award, _| award.name.clone();
    /// The name, at most 500 characters. A new award needs one.
    required name: String,
    /// What it is given for, as Markdown.
    optional description: String,
    /// The papers that won it, by their ids: the whole list.
    list papers: Vec<Id>,
}

item_input! {
    /// What can be said about a sponsor tier.
    SponsorTierInput: SponsorTier = |head| SponsorTier { head, name: String::new() }, named by |tier, _| tier.name.clone();
    /// The name, at most 500 characters, for example `Gold`. A new tier needs one.
    required name: String,
}

item_input! {
    /// What can be said about a sponsor.
    SponsorInput: Sponsor = |head| Sponsor {
        head,
        tier: Id(Uuid::nil()),
        name: String::new(),
        url: None,
        logo: None,
        description: None,
    }, named by |sponsor, _| sponsor.name.clone();
    /// The tier, by its id. A new sponsor needs one.
    required tier: Id,
    /// The name, at most 500 characters. A new sponsor needs one.
    required name: String,
    /// The sponsor's site.
    optional url: String,
    /// The logo.
    optional logo: Image,
    /// What the sponsor does, as Markdown.
    optional description: String,
}

item_input! {
    /// What can be said about a link.
    LinkInput: Link = |head| Link { head, label: String::new(), url: String::new(), kind: LinkKind::Other },
        named by |link, _| link.label.clone();
    /// What it is called, at most 500 characters. A new link needs it.
    required label: String,
    /// Where it leads. A new link needs it.
    required url: String,
    /// What it leads to.
    required kind: LinkKind,
}

/// Makes the inputs of the five kinds of people at an event, which are one struct with a role.
macro_rules! participant_inputs {
    ($($(#[$documentation:meta])* $input:ident: $role:ident;)*) => {
        $(
            $(#[$documentation])*
            #[derive(Clone, Debug, Default, InputObject)]
            pub(in crate::graphql) struct $input {
                #[graphql(flatten)]
                fields: ParticipantInput,
            }

            impl ItemInput for $input {
                type Content = Participation;

                fn blank(head: Head) -> Participation {
                    Participation {
                        head,
                        role: Role::$role,
                        person: Id(Uuid::nil()),
                        honorific: None,
                        affiliation: None,
                        photo: None,
                        bio: None,
                        group: None,
                    }
                }

                fn apply(self, content: &mut Participation, desk: &mut Desk<'_>) {
                    self.fields.apply(content, desk);
                }

                fn name(content: &Participation, draft: &Draft) -> String {
                    name_of(content, draft)
                }

                fn people(&self) -> Vec<Id> {
                    self.fields.person.value().copied().into_iter().collect()
                }

                fn changes_person(&self) -> bool {
                    self.fields.changes_person()
                }

                fn has_slug(&self) -> bool {
                    !self.fields.head.slug.is_undefined()
                }
            }
        )*
    };
}

participant_inputs! {
    /// What can be said about a speaker.
    SpeakerInput: Speaker;
    /// What can be said about a panelist.
    PanelistInput: Panelist;
    /// What can be said about an organizer.
    OrganizerInput: Organizer;
    /// What can be said about a volunteer.
    VolunteerInput: Volunteer;
    /// What can be said about a committee member.
    CommitteeMemberInput: CommitteeMember;
}

/// What can be said about somebody at an event, whatever their role.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct ParticipantInput {
    #[graphql(flatten)]
    head: HeadInput,
    /// Who it is, by the id of a person; a new person with this `name` when somebody new does not say.
    person: MaybeUndefined<Id>,
    /// The name of the person as they write it, in all their events. Somebody new needs it, unless `person` is given.
    name: MaybeUndefined<String>,
    /// The title before the name, for example `Prof.`.
    honorific: MaybeUndefined<String>,
    /// The affiliation at the time of the event.
    affiliation: MaybeUndefined<String>,
    /// The portrait that the event shows.
    photo: MaybeUndefined<Image>,
    /// The biography that the event shows, as Markdown.
    bio: MaybeUndefined<String>,
    /// The group within the role, for example `Area chairs`.
    group: MaybeUndefined<String>,
    /// The person's own page, in all their events.
    homepage: MaybeUndefined<String>,
    /// The person's ORCID iD, bare or as a URL, in all their events.
    orcid: MaybeUndefined<String>,
    /// The person's page on Google Scholar, in all their events.
    scholar: MaybeUndefined<String>,
    /// The person's page on LinkedIn, in all their events.
    linkedin: MaybeUndefined<String>,
    /// Other pages and accounts of the person, in all their events: the whole list.
    links: MaybeUndefined<Vec<WebLink>>,
}

impl ParticipantInput {
    fn changes_person(&self) -> bool {
        let ParticipantInput { name, homepage, orcid, scholar, linkedin, links, .. } = self;
        let texts = [name, homepage, orcid, scholar, linkedin];
        !links.is_undefined() || texts.into_iter().any(|text| !text.is_undefined())
    }

    fn apply(self, content: &mut Participation, desk: &mut Desk<'_>) {
        self.head.apply(&mut content.head, desk.report);
        required(self.person, &mut content.person, "person", desk.report);
        optional(self.honorific, &mut content.honorific);
        optional(self.affiliation, &mut content.affiliation);
        optional(self.photo, &mut content.photo);
        optional(self.bio, &mut content.bio);
        optional(self.group, &mut content.group);
        let personal = Personal {
            name: self.name,
            affiliation: MaybeUndefined::Undefined,
            homepage: self.homepage,
            orcid: self.orcid,
            scholar: self.scholar,
            linkedin: self.linkedin,
            links: self.links,
        };
        person_of(content, personal, desk);
    }
}
