//! The site that the issue counts: it lies beside the repository, and not everywhere.

use std::path::{Path, PathBuf};

use plenary::content::{SessionKind, SessionPart};
use plenary::import::{Imported, jekyll};

use super::{options, problems};

/// The site of ENLSP 2022, where it is there.
pub(super) fn enlsp_2022() -> Option<Imported> {
    let sites = std::env::var_os("PLENARY_SHARED_SITES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/sites"), PathBuf::from);
    let folder = sites.join("enlsp-2022");
    if !folder.is_dir() {
        eprintln!(
            "SKIPPED: the shared site is not at {}; set PLENARY_SHARED_SITES to the folder of sites",
            folder.display()
        );
        return None;
    }
    Some(jekyll::read(&folder, &options("enlsp-2022")).expect("the site can be read"))
}

#[test]
fn people_papers_and_sessions_are_all_there() {
    let Some(Imported { document, .. }) = enlsp_2022() else { return };
    assert_eq!(problems(&document), Vec::<String>::new());
    assert_eq!(document.speakers.len(), 12);
    assert_eq!(document.panelists.len(), 7);
    assert_eq!(document.organizers.len(), 7);
    assert_eq!(document.committee.len(), 56);
    assert_eq!(document.committee.iter().filter(|item| item.affiliation.is_some()).count(), 55);
    assert_eq!(document.papers.len(), 40);
    assert_eq!(
        document.papers.iter().flat_map(|paper| &paper.authors).filter(|author| author.person.is_none()).count(),
        4
    );
    assert_eq!(document.links.iter().filter(|link| link.url.contains("index.html")).count(), 7);
    assert_eq!(document.sessions.len(), 26);
    let count = |kind| document.sessions.iter().filter(|session| session.kind == kind).count();
    for (kind, expected) in [
        (SessionKind::Keynote, 11),
        (SessionKind::Talk, 8),
        (SessionKind::Panel, 1),
        (SessionKind::Poster, 3),
        (SessionKind::Meal, 1),
        (SessionKind::Opening, 1),
        (SessionKind::Award, 1),
    ] {
        assert_eq!(count(kind), expected, "{kind:?}");
    }
    assert!(
        document.sessions.iter().filter(|session| session.kind == SessionKind::Talk).all(|talk| talk.paper.is_some())
    );
    let panel = document.sessions.iter().find(|session| session.kind == SessionKind::Panel).expect("a panel");
    let sits = |person| document.panelists.iter().any(|panelist| panelist.person == person);
    assert_eq!(panel.people.len(), 7);
    assert!(panel.people.iter().all(|person| person.part == SessionPart::Panelist && sits(person.person)));
    let keynotes = document.sessions.iter().filter(|session| session.kind == SessionKind::Keynote);
    assert!(
        keynotes
            .flat_map(|session| &session.people)
            .all(|person| document.speakers.iter().any(|s| s.person == person.person))
    );
    assert_eq!(document.speakers.iter().filter(|speaker| speaker.bio.is_some()).count(), 11);
    let first = document.sessions[0].starts_at.map(|at| at.to_string());
    assert_eq!(first.as_deref(), Some("2022-12-02T13:30:00Z"), "07:30 in New Orleans");
}

#[test]
fn what_is_odd_about_the_schedule_is_told() {
    let Some(Imported { diagnostics, .. }) = enlsp_2022() else { return };
    let count = |code: &str| diagnostics.iter().filter(|finding| finding.code == code).count();
    for (code, expected) in [
        ("session-overlap", 3),
        ("speaker-without-session", 1),
        ("panelist-without-affiliation", 1),
        ("anonymous-authors", 4),
        ("presenter-spelling", 2),
        ("backup-file", 2),
        ("dot-for-comma", 1),
    ] {
        assert_eq!(count(code), expected, "{code}");
    }
}
