//! What the pages and the configuration of the shared site become: the counts of the issue.

use plenary::content::{AttendanceMode, LinkKind};
use plenary::import::{Imported, jekyll};

use super::options;
use crate::harness::shared_site;

#[test]
fn the_event_and_its_pages_are_all_there() {
    let Some(folder) = shared_site("enlsp-2022") else { return };
    let Imported { document, diagnostics, .. } =
        jekyll::read(&folder, &options("enlsp-2022")).expect("the site can be read");
    let event = &document.event;
    assert_eq!(event.name, "Efficient Natural Language and Speech Processing");
    assert_eq!((event.acronym.as_deref(), event.edition), (Some("ENLSP"), Some(2)));
    assert_eq!(event.starts_on.to_string(), "2022-12-02");
    assert_eq!(event.time_zone, "America/Chicago");
    assert_eq!(event.attendance_mode, AttendanceMode::Hybrid);
    assert_eq!(event.banner.as_ref().map(|banner| banner.url.as_str()), Some("/images/banner_no_text.png"));
    let rooms: Vec<_> = document.rooms.iter().map(|room| (room.name.as_str(), room.url.is_some())).collect();
    assert_eq!(rooms, [("Ballroom C", false), ("Virtual", true)]);
    assert_eq!(document.volunteers.len(), 2);
    let bullets: Vec<usize> = document.topics.iter().map(|topic| topic.items.len()).collect();
    assert_eq!(bullets, [8, 4, 4, 5, 4, 5]);
    assert_eq!(document.topics.iter().filter(|topic| topic.special).count(), 1);
    assert!(document.topics[0].items[6].contains("text–speech"));
    let dates: Vec<_> =
        document.important_dates.iter().map(|date| (date.moment.anywhere_on_earth, date.struck_through)).collect();
    assert_eq!(dates, [(true, true), (true, true), (true, true), (false, false)]);
    let tiers: Vec<_> = document.sponsor_tiers.iter().map(|tier| tier.name.as_str()).collect();
    assert_eq!(tiers, ["Platinum", "Gold"]);
    let sponsors: Vec<_> = document.sponsors.iter().map(|sponsor| sponsor.name.as_str()).collect();
    assert_eq!(sponsors, ["Huawei", "Noahs Ark Lab", "BASF", "RBC"]);
    assert!(document.sponsors.iter().all(|sponsor| sponsor.logo.is_some()));
    assert_eq!(document.awards.len(), 3);
    let news: Vec<_> = document.announcements.iter().map(|news| (news.head.published, news.links.len())).collect();
    assert_eq!(news, [(true, 1), (false, 4)]);
    assert!(document.announcements[1].links.iter().all(|link| link.starts_at.is_some() && link.ends_at.is_some()));
    let pages: Vec<_> = document.pages.iter().map(|page| page.title.as_str()).collect();
    assert_eq!(pages, ["Overview", "Call for Papers", "Submission Instructions"]);
    let count = |kind| document.links.iter().filter(|link| link.kind == kind).count();
    assert_eq!((document.links.len(), count(LinkKind::VirtualVenue), count(LinkKind::Edition)), (10, 1, 1));
    let codes = |code: &str| diagnostics.iter().filter(|finding| finding.code == code).count();
    for (code, expected) in [
        ("mojibake", 1),
        ("tier-mended", 1),
        ("award-mended", 1),
        ("sponsor-name-from-file", 4),
        ("commented-out", 1),
        ("unknown-key", 0),
        ("time-zone-assumed", 0),
    ] {
        assert_eq!(codes(code), expected, "{code}");
    }
}
