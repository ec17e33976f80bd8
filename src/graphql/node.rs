//! Everything that has an id, as Relay's `Node` (GraphQL Global Object Identification Specification).

use async_graphql::Interface;

use super::kinds::announcement::AnnouncementNode;
use super::kinds::award::AwardNode;
use super::kinds::event::EventNode;
use super::kinds::important_date::ImportantDateNode;
use super::kinds::link::LinkNode;
use super::kinds::page::PageNode;
use super::kinds::paper::PaperNode;
use super::kinds::participation::{
    CommitteeMemberNode, OrganizerNode, PanelistNode, Participant, SpeakerNode, VolunteerNode,
};
use super::kinds::person::PersonNode;
use super::kinds::room::RoomNode;
use super::kinds::series::SeriesNode;
use super::kinds::session::SessionNode;
use super::kinds::sponsor::SponsorNode;
use super::kinds::sponsor_tier::SponsorTierNode;
use super::kinds::topic::TopicNode;
use super::kinds::track::TrackNode;
use super::scope::Scope;
use crate::content::{Id, Record};

/// Anything that has an id.
#[derive(Clone, Debug, Interface)]
#[graphql(field(name = "id", ty = "Id", desc = "The identity: a UUID that never changes."))]
#[expect(clippy::large_enum_variant, reason = "a node lives for one answer, and boxing it would cost more")]
pub enum Node {
    /// An event.
    Event(EventNode),
    /// A series.
    Series(SeriesNode),
    /// A person.
    Person(PersonNode),
    /// A speaker.
    Speaker(SpeakerNode),
    /// A panelist.
    Panelist(PanelistNode),
    /// An organizer.
    Organizer(OrganizerNode),
    /// A volunteer.
    Volunteer(VolunteerNode),
    /// A committee member.
    CommitteeMember(CommitteeMemberNode),
    /// A session.
    Session(SessionNode),
    /// A paper.
    Paper(PaperNode),
    /// A room.
    Room(RoomNode),
    /// A track.
    Track(TrackNode),
    /// A topic.
    Topic(TopicNode),
    /// An important date.
    ImportantDate(ImportantDateNode),
    /// An announcement.
    Announcement(AnnouncementNode),
    /// A page.
    Page(PageNode),
    /// An award.
    Award(AwardNode),
    /// A sponsor tier.
    SponsorTier(SponsorTierNode),
    /// A sponsor.
    Sponsor(SponsorNode),
    /// A link.
    Link(LinkNode),
}

impl Node {
    /// The node of a record in a scope.
    pub fn new(record: &Record, scope: &Scope) -> Self {
        match record {
            Record::Event(_) => Node::Event(EventNode::opened(scope)),
            Record::Series(series) => Node::Series(SeriesNode::new(series, scope.view())),
            Record::Person(item) => Node::Person(PersonNode::new(item, scope)),
            Record::Participation(item) => match Participant::new(item, scope) {
                Participant::Speaker(node) => Node::Speaker(node),
                Participant::Panelist(node) => Node::Panelist(node),
                Participant::Organizer(node) => Node::Organizer(node),
                Participant::Volunteer(node) => Node::Volunteer(node),
                Participant::CommitteeMember(node) => Node::CommitteeMember(node),
            },
            Record::Session(item) => Node::Session(SessionNode::new(item, scope)),
            Record::Paper(item) => Node::Paper(PaperNode::new(item, scope)),
            Record::Room(item) => Node::Room(RoomNode::new(item, scope)),
            Record::Track(item) => Node::Track(TrackNode::new(item, scope)),
            Record::Topic(item) => Node::Topic(TopicNode::new(item, scope)),
            Record::ImportantDate(item) => Node::ImportantDate(ImportantDateNode::new(item, scope)),
            Record::Announcement(item) => Node::Announcement(AnnouncementNode::new(item, scope)),
            Record::Page(item) => Node::Page(PageNode::new(item, scope)),
            Record::Award(item) => Node::Award(AwardNode::new(item, scope)),
            Record::SponsorTier(item) => Node::SponsorTier(SponsorTierNode::new(item, scope)),
            Record::Sponsor(item) => Node::Sponsor(SponsorNode::new(item, scope)),
            Record::Link(item) => Node::Link(LinkNode::new(item, scope)),
        }
    }
}
