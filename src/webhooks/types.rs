//! The types of messages. `docs/webhooks.md` describes them for receivers, `docs/webhooks.schema.json` for their programs.

use async_graphql::Enum;

/// What a message tells. In the message itself the type is written in lower case with a dot, for example `session.moved`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum)]
pub enum WebhookEventType {
    /// `event.published`: everybody sees the event, who did not before.
    EventPublished,
    /// `event.updated`: the event's own fields or its series are other than before.
    EventUpdated,
    /// `event.unpublished`: nothing of the event is to be seen any more.
    EventUnpublished,
    /// `event.reloaded`: too much has changed to tell it one by one. An endpoint gets it whatever its types are.
    EventReloaded,
    /// `release.published`: the event was released.
    ReleasePublished,
    /// `session.created`: a session is new.
    SessionCreated,
    /// `session.updated`: something of a session is different, but not where and when it is.
    SessionUpdated,
    /// `session.moved`: a session is at another time or in another room.
    SessionMoved,
    /// `session.cancelled`: a session does not take place.
    SessionCancelled,
    /// `session.deleted`: a session is not there any more.
    SessionDeleted,
    /// `speaker.added`: a speaker is new.
    SpeakerAdded,
    /// `speaker.updated`: something of a speaker is different.
    SpeakerUpdated,
    /// `speaker.removed`: a speaker is not there any more.
    SpeakerRemoved,
    /// `paper.added`: a paper is new.
    PaperAdded,
    /// `paper.updated`: something of a paper is different.
    PaperUpdated,
    /// `paper.removed`: a paper is not there any more.
    PaperRemoved,
    /// `date.added`: an important date is new.
    DateAdded,
    /// `date.changed`: something of an important date is different, most often the date.
    DateChanged,
    /// `date.removed`: an important date is not there any more.
    DateRemoved,
    /// `announcement.published`: an announcement is new.
    AnnouncementPublished,
    /// `announcement.updated`: something of an announcement is different.
    AnnouncementUpdated,
    /// `announcement.removed`: an announcement is not there any more.
    AnnouncementRemoved,
    /// `item.added`: something of another kind is new: a room, a panelist, a page, a sponsor …
    ItemAdded,
    /// `item.updated`: something of another kind is different.
    ItemUpdated,
    /// `item.removed`: something of another kind is not there any more.
    ItemRemoved,
    /// `webhook.ping`: you asked whether messages arrive. An endpoint gets it whatever its types are.
    WebhookPing,
}

impl WebhookEventType {
    /// Every type.
    pub const ALL: [WebhookEventType; 26] = [
        WebhookEventType::EventPublished,
        WebhookEventType::EventUpdated,
        WebhookEventType::EventUnpublished,
        WebhookEventType::EventReloaded,
        WebhookEventType::ReleasePublished,
        WebhookEventType::SessionCreated,
        WebhookEventType::SessionUpdated,
        WebhookEventType::SessionMoved,
        WebhookEventType::SessionCancelled,
        WebhookEventType::SessionDeleted,
        WebhookEventType::SpeakerAdded,
        WebhookEventType::SpeakerUpdated,
        WebhookEventType::SpeakerRemoved,
        WebhookEventType::PaperAdded,
        WebhookEventType::PaperUpdated,
        WebhookEventType::PaperRemoved,
        WebhookEventType::DateAdded,
        WebhookEventType::DateChanged,
        WebhookEventType::DateRemoved,
        WebhookEventType::AnnouncementPublished,
        WebhookEventType::AnnouncementUpdated,
        WebhookEventType::AnnouncementRemoved,
        WebhookEventType::ItemAdded,
        WebhookEventType::ItemUpdated,
        WebhookEventType::ItemRemoved,
        WebhookEventType::WebhookPing,
    ];

    /// The type as it stands in a message.
    pub const fn name(self) -> &'static str {
        match self {
            WebhookEventType::EventPublished => "event.published",
            WebhookEventType::EventUpdated => "event.updated",
            WebhookEventType::EventUnpublished => "event.unpublished",
            WebhookEventType::EventReloaded => "event.reloaded",
            WebhookEventType::ReleasePublished => "release.published",
            WebhookEventType::SessionCreated => "session.created",
            WebhookEventType::SessionUpdated => "session.updated",
            WebhookEventType::SessionMoved => "session.moved",
            WebhookEventType::SessionCancelled => "session.cancelled",
            WebhookEventType::SessionDeleted => "session.deleted",
            WebhookEventType::SpeakerAdded => "speaker.added",
            WebhookEventType::SpeakerUpdated => "speaker.updated",
            WebhookEventType::SpeakerRemoved => "speaker.removed",
            WebhookEventType::PaperAdded => "paper.added",
            WebhookEventType::PaperUpdated => "paper.updated",
            WebhookEventType::PaperRemoved => "paper.removed",
            WebhookEventType::DateAdded => "date.added",
            WebhookEventType::DateChanged => "date.changed",
            WebhookEventType::DateRemoved => "date.removed",
            WebhookEventType::AnnouncementPublished => "announcement.published",
            WebhookEventType::AnnouncementUpdated => "announcement.updated",
            WebhookEventType::AnnouncementRemoved => "announcement.removed",
            WebhookEventType::ItemAdded => "item.added",
            WebhookEventType::ItemUpdated => "item.updated",
            WebhookEventType::ItemRemoved => "item.removed",
            WebhookEventType::WebhookPing => "webhook.ping",
        }
    }

    /// The type with this [`WebhookEventType::name`].
    pub fn from_name(name: &str) -> Option<WebhookEventType> {
        WebhookEventType::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Which types an endpoint gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted<'a>(pub(super) Option<&'a [String]>);

impl Wanted<'_> {
    pub(super) fn accepts(&self, kind: WebhookEventType) -> bool {
        let always = matches!(kind, WebhookEventType::EventReloaded | WebhookEventType::WebhookPing);
        always || self.0.is_none_or(|names| names.iter().any(|name| name == kind.name()))
    }
}
