//! The interface that everything with an id has.

use async_graphql::Interface;

use super::kinds::announcement::AnnouncementNode;
use super::kinds::award::AwardNode;
use super::kinds::event::EventNode;
use super::kinds::important_date::ImportantDateNode;
use super::kinds::link::LinkNode;
use super::kinds::page::PageNode;
use super::kinds::paper::PaperNode;
use super::kinds::participant::{
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

/// Anything with an id: give the id to `node` to get it again.
#[derive(Debug, Interface)]
#[graphql(field(name = "id", ty = "Id", desc = "The identity: a UUID that never changes."))]
pub(super) enum Node {
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
    /// A record as `scope` shows it; releases are in no scope.
    pub(super) fn new(record: &Record, scope: &Scope) -> Option<Self> {
        let node = match record {
            Record::Event(_) => EventNode::of(scope).into(),
            Record::Series(series) => SeriesNode::new(series, scope.view()).into(),
            Record::Person(person) => PersonNode::new(person, scope).into(),
            Record::Participation(item) => match Participant::new(item, scope) {
                Participant::Speaker(node) => node.into(),
                Participant::Panelist(node) => node.into(),
                Participant::Organizer(node) => node.into(),
                Participant::Volunteer(node) => node.into(),
                Participant::CommitteeMember(node) => node.into(),
            },
            Record::Session(item) => SessionNode::new(item, scope).into(),
            Record::Paper(item) => PaperNode::new(item, scope).into(),
            Record::Room(item) => RoomNode::new(item, scope).into(),
            Record::Track(item) => TrackNode::new(item, scope).into(),
            Record::Topic(item) => TopicNode::new(item, scope).into(),
            Record::ImportantDate(item) => ImportantDateNode::new(item, scope).into(),
            Record::Announcement(item) => AnnouncementNode::new(item, scope).into(),
            Record::Page(item) => PageNode::new(item, scope).into(),
            Record::Award(item) => AwardNode::new(item, scope).into(),
            Record::SponsorTier(item) => SponsorTierNode::new(item, scope).into(),
            Record::Sponsor(item) => SponsorNode::new(item, scope).into(),
            Record::Link(item) => LinkNode::new(item, scope).into(),
            Record::Release(_) => return None,
        };
        Some(node)
    }
}
