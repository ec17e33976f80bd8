//! How other sites of the family write the same things: tests of data files alone, with invented content.

use super::data;
use super::draft::{Draft, test_options};
use super::source::Source;

/// A draft of these data files.
fn draft(files: &[(&str, &str)]) -> Draft {
    let mut draft = Draft::new(&test_options());
    data::read(&Source::of(files), &mut draft).unwrap();
    draft
}

/// A schedule as lines: kind, times, title, people; parts are indented.
fn programme(files: &[(&str, &str)]) -> Vec<String> {
    let draft = draft(files);
    let zone = draft.document.event.zone();
    let shown = |at: Option<jiff::Timestamp>| {
        at.map_or("?".to_owned(), |at| zone.to_datetime(at).strftime("%d %H:%M").to_string())
    };
    let line = |session: &std::sync::Arc<crate::content::Session>| {
        let people: Vec<_> =
            session.people.iter().filter_map(|p| draft.person_of(p.person)).map(|p| p.name.as_str()).collect();
        let indent = if session.parent.is_some() { "  " } else { "" };
        let (start, end) = (shown(session.starts_at), shown(session.ends_at));
        format!("{indent}{:?} {start}-{end} {} [{}]", session.kind, session.title, people.join(", "))
    };
    draft.document.sessions.iter().map(line).collect()
}

fn codes(draft: &Draft) -> Vec<&'static str> {
    draft.diagnostics.iter().map(|finding| finding.code).collect()
}

#[test]
fn sessions_hold_sessions() {
    let schedule = "
- name: Talks Session I
  start_time: \"9:00 AM\"
  end_time: \"11:00 AM\"
  sub_events:
  - name: Ada Falk
    start_time: \"9:05 AM\"
    end_time: \"9:25 AM\"
  - name: |
      Spotlight Talks:
      <ul><li>On Moss</li>
      <li>Is Moss Slow? An Assessment</li></ul>
    start_time: \"10:25 AM\"
    end_time: \"11:00 AM\"
- name: Virtual Panel Discussion
  start_time: \"11:00 AM\"
  end_time: \"12:00 PM\"
  sub_events:
    - name: \"Panelists: Ada Falk, Bo Lund\"
      start_time:
      end_time:
";
    let speakers = "- name: Ada Falk\n  affil: Varde\n";
    assert_eq!(
        programme(&[("_data/schedule.yml", schedule), ("_data/speakers.yml", speakers)]),
        [
            "Other 03 09:00-03 11:00 Talks Session I []",
            "  Keynote 03 09:05-03 09:25 Ada Falk [Ada Falk]",
            "  Other 03 10:25-03 11:00 Spotlight Talks []",
            "  Spotlight ?-? On Moss []",
            "  Spotlight ?-? Is Moss Slow? An Assessment []",
            "Panel 03 11:00-03 12:00 Virtual Panel Discussion [Ada Falk, Bo Lund]",
        ]
    );
}

#[test]
fn days_hold_sessions() {
    let schedule = "
- day: Day 1
  sessions:
    - {time: '9:00 - 10:00', title: Welcome}
- date: May 4, 2030
  talks:
    - title: 'Keynote: On Moss'
      time: 14:00–15:00
      speaker: Dr. Ada Falk
";
    assert_eq!(
        programme(&[("_data/program.yml", schedule)]),
        ["Opening 03 09:00-03 10:00 Welcome []", "Keynote 04 14:00-04 15:00 On Moss [Ada Falk]"]
    );
    assert_eq!(draft(&[("_data/program.yml", schedule)]).document.event.ends_on.to_string(), "2030-05-04");
}

#[test]
fn titles_without_titles_and_names_in_titles() {
    let schedule = "
- Title: <b>KeyNote Talk </b>
  Time: 8:30AM - 9:00AM
  Presenter: Prof. Ada Falk
- Title: (<b>Invited Talk</b>) # On Moss
  Time: 9:00AM - 9:30AM
  Presenter: Bo Lund
- Title: \"Invited speaker: Cy Moe\"
  Time: 9:30-10:00
- Title: <b>Panel discussion: Ada Falk, Bo Lund</b>
  Time: 10:00-11:30
- Title: <b>Accepted Oral Presentations - Part I</b>
  Time: 11:30AM - 12:00AM
- Title: <b>Posters <a href=\"https://example.org/p\">[Link to Posters]</a></b>
  Time: 12:00 - 12:45 PM
";
    assert_eq!(
        programme(&[("_data/schedule.yml", schedule)]),
        [
            "Keynote 03 08:30-03 09:00 KeyNote Talk [Ada Falk]",
            "Keynote 03 09:00-03 09:30 Invited Talk [Bo Lund]",
            "Keynote 03 09:30-03 10:00 Cy Moe [Cy Moe]",
            "Panel 03 10:00-03 11:30 Panel discussion [Ada Falk, Bo Lund]",
            "Talk 03 11:30-03 12:00 Accepted Oral Presentations - Part I []",
            "Poster 03 12:00-03 12:45 Posters []",
        ]
    );
    let draft = draft(&[("_data/schedule.yml", schedule)]);
    let said = draft.diagnostics.iter().any(|finding| finding.message.contains("the comment “On Moss”"));
    assert!(said, "a title that YAML takes for a comment is told");
}

#[test]
fn papers_come_from_the_schedule_where_there_is_no_list() {
    let schedule = "
- Title: (Spotlight 2) Moss&#58; A State
  Time: 5:36PM - 5:42PM
  Presenter: Bo Lund
  Is_paper: true
  Authors: Bo Lund (Varde, North),Ada Falk (Slow Lab)*,Cy Moe
";
    let draft = draft(&[("_data/schedule.yml", schedule)]);
    let paper = &draft.document.papers[0];
    assert_eq!(paper.title, "Moss: A State");
    assert_eq!(
        paper.authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>(),
        ["Bo Lund", "Ada Falk", "Cy Moe"]
    );
    assert_eq!(paper.authors[0].affiliation.as_deref(), Some("Varde, North"));
    assert_eq!(draft.document.sessions[0].paper, Some(paper.head.id));
    assert_eq!(codes(&draft), ["papers-from-schedule"]);
}

#[test]
fn people_stand_in_groups_of_all_kinds() {
    let committee = "
reviewers:
  - Ada Falk (Varde)
area_chairs:
  - name: Bo Lund
    institution: Slow Lab
emergency:
  - Cy Moe - Moss & Stone
";
    let draft = draft(&[("_data/committee.yml", committee)]);
    let shown: Vec<_> = draft
        .document
        .committee
        .iter()
        .map(|item| (item.group.as_deref().unwrap_or("-"), item.affiliation.as_deref().unwrap_or("-")))
        .collect();
    assert_eq!(shown, [("Reviewers", "Varde"), ("Area chairs", "Slow Lab"), ("Emergency", "Moss & Stone")]);
}

#[test]
fn parts_of_a_list_are_told_from_its_copies() {
    let paper = |title: &str| format!("- title: {title}\n  authors: Ada Falk\n");
    let (first, second) = (paper("On Moss"), paper("On Tides"));
    let parts = draft(&[("_data/papers.yml", &first), ("_data/papers2.yml", &second)]);
    assert_eq!(parts.document.papers.len(), 2);
    let copies = draft(&[("_data/papers.yml", &first), ("_data/papers2.yml", &first)]);
    assert_eq!((copies.document.papers.len(), codes(&copies)), (1, vec!["backup-file"]));
    let alone = draft(&[("_data/papers - Copy.yml", &first)]);
    assert_eq!((alone.document.papers.len(), codes(&alone)), (1, vec!["backup-used"]));
    let reading = "- title: On Stone\n  author: Bo Lund\n  venue: Journal of Stone\n  year: 2001\n";
    let list = draft(&[("_data/accepted_papers.yml", &first), ("_data/papers.yml", reading)]);
    assert_eq!((list.document.papers.len(), codes(&list)), (1, vec!["reading-list"]));
}
