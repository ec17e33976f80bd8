//! What the links of a site are for, once they are all read: its own parts, other editions, places on the network.

use super::draft::Draft;
use crate::content::{Link, LinkKind};

/// Hosts where people meet on the network.
const MEETINGS: [&str; 16] = [
    "gather.town",
    "zoom.us",
    "zoom.com",
    "slideslive.com",
    "teams.microsoft.com",
    "meet.google.com",
    "webex.com",
    "discord.gg",
    "discord.com",
    "ohyay.co",
    "virtualchair.net",
    "hopin.com",
    "whova.com",
    "underline.io",
    "zhumu.com",
    "rocket.chat",
];

/// Settles the kinds of the links, and where the online room is entered.
pub(crate) fn settle(draft: &mut Draft) {
    let event = draft.document.event.clone();
    for link in draft.document.links.clone() {
        let kind = kind(&link, event.website.as_deref(), event.acronym.as_deref());
        if kind != link.kind {
            let place = draft.place(link.head.id);
            draft.add(Link { kind, ..(*link).clone() }, place);
        }
    }
    let entrance =
        draft.document.links.iter().find(|link| link.kind == LinkKind::VirtualVenue).map(|link| link.url.clone());
    let room = draft.document.rooms.iter().find(|room| room.online && room.url.is_none()).cloned();
    if let (Some(url), Some(room)) = (entrance, room) {
        let place = draft.place(room.head.id);
        let mut room = (*room).clone();
        room.url = Some(url);
        draft.add(room, place);
    }
}

fn kind(link: &Link, website: Option<&str>, acronym: Option<&str>) -> LinkKind {
    let Ok(url) = url::Url::parse(&link.url) else { return LinkKind::Navigation };
    let host = url.host_str().unwrap_or_default();
    let own = website.and_then(|site| url::Url::parse(site).ok());
    if own.is_some_and(|own| own.host_str() == Some(host)) {
        return LinkKind::Navigation;
    }
    if MEETINGS.iter().any(|meeting| host == *meeting || host.ends_with(&format!(".{meeting}"))) {
        return LinkKind::VirtualVenue;
    }
    if is_edition(&link.label, acronym) { LinkKind::Edition } else { LinkKind::Other }
}

/// `ENLSP2021`, `2023 edition`, `Previous workshop`, `Last year`.
fn is_edition(label: &str, acronym: Option<&str>) -> bool {
    let lower = label.to_lowercase();
    let has_year = label
        .split(|character: char| !character.is_ascii_digit())
        .any(|digits| digits.len() == 4 && digits.parse().is_ok_and(|year: i32| (1950..2200).contains(&year)));
    let names_event = acronym.is_some_and(|acronym| lower.contains(&acronym.to_lowercase()));
    let says_edition =
        ["edition", "previous", "past", "last year", "next year", "earlier"].iter().any(|word| lower.contains(word));
    (has_year && (names_event || lower.contains("workshop") || label.trim().len() == 4)) || says_edition
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_are_known_by_their_labels() {
        for label in ["LST2021", "LST 2023", "2023 Workshop", "Previous edition", "2021"] {
            assert!(is_edition(label, Some("LST")), "{label}");
        }
        assert!(!is_edition("NeurIPS 2022", Some("LST")));
        assert!(!is_edition("CMT", Some("LST")));
    }
}
