//! How other sites of the family write the same things: tests of data files alone, with invented content.

use super::data;
use super::draft::{Draft, test_options};
use super::source::Source;

/// A draft of these data files.
fn draft(files: &[(&str, &str)]) -> Draft {
    let mut draft = Draft::new(&test_options());
    data::read(&Source::of(files), &mut draft, &std::collections::HashSet::new()).unwrap();
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
fn rows_that_are_headings_of_days_are_no_sessions() {
    let schedule = "
- Title: <b>Friday, May 3, 2030</b>
  Whole_line: true
- {Title: Welcome, Time: 9:00 AM - 9:10 AM}
- {Title: On Moss, Time: 5:00 PM - 6:00 PM}
- Title: \"Day 2: Saturday\"
  Time:
- {Title: Morning, Time: 9:00 AM - 10:00 AM}
- Title: Sunday
- {Title: Late, Time: 9:00 - 10:00}
";
    assert_eq!(
        programme(&[("_data/schedule.yml", schedule)]),
        [
            "Opening 03 09:00-03 09:10 Welcome []",
            "Other 03 17:00-03 18:00 On Moss []",
            "Other 04 09:00-04 10:00 Morning []",
            "Other 05 09:00-05 10:00 Late []",
        ]
    );
    assert_eq!(codes(&draft(&[("_data/schedule.yml", schedule)])), ["event-days"]);
}

#[test]
fn ends_and_durations_are_written_in_many_ways() {
    let schedule = "
- date: May 3
  timeslots:
  - {startTime: '9:00', endTime: '9:30', title: On Moss}
  - {time: '09:30', end_time: '10:00', title: Stones, facilitators: [Ada Falk]}
  - {time: '10:00', duration: 0.75, title: Trees}
  - {time: '10:45', duration: '1:15:00', title: Bark}
  - {time: '12:00', duration: 1, title: Lunch}
  - {time: '13:00', duration: 20, title: Late}
";
    assert_eq!(
        programme(&[("_data/schedule.yml", schedule)]),
        [
            "Other 03 09:00-03 09:30 On Moss []",
            "Talk 03 09:30-03 10:00 Stones [Ada Falk]",
            "Other 03 10:00-03 10:45 Trees []",
            "Other 03 10:45-03 12:00 Bark []",
            "Meal 03 12:00-03 13:00 Lunch []",
            "Other 03 13:00-03 13:20 Late []",
        ]
    );
}

#[test]
fn links_in_titles_belong_to_sessions_and_people() {
    let schedule = "
- Title: <b>(First Keynote)</b> On Moss <a href='https://example.net/m.pdf'>Slides</a>
  Time: 9:00 - 9:30
  Presenter: Ada Falk
- event: '**Invited talk**: [Bo Lund](https://bo.example.net/)'
  start: '09:30'
  end: '10:00'
- event: '**Welcome** by the Moss Chairs'
  time: 10:00 - 10:10
  presenter: Moss Chairs
";
    let speakers = "- {name: Ada Falk, affiliation: V}\n- {name: Bo Lund, affiliation: V, talk_title: Slow Trees}\n";
    let files = [("_data/schedule.yml", schedule), ("_data/speakers.yml", speakers)];
    assert_eq!(
        programme(&files),
        [
            "Keynote 03 09:00-03 09:30 On Moss [Ada Falk]",
            "Keynote 03 09:30-03 10:00 Slow Trees [Bo Lund]",
            "Opening 03 10:00-03 10:10 Welcome by the Moss Chairs []",
        ]
    );
    let draft = draft(&files);
    assert_eq!(draft.document.sessions[0].slides_url.as_deref(), Some("https://example.net/m.pdf"));
    let bo = draft.document.people.iter().find(|person| person.name == "Bo Lund").unwrap();
    assert_eq!(bo.homepage.as_deref(), Some("https://bo.example.net/"));
    assert_eq!(codes(&draft), ["nobody-named"]);
}

#[test]
fn the_schedule_knows_more_of_authors_than_the_list_of_papers() {
    let papers = "[{\"id\": \"1\", \"title\": \"Moss is Slow\", \"authors\": \"Ada Falk, Bo Lund\",},]";
    let schedule = "
- Title: (<b>Spotlight 1</b>) Moss is Slow
  Time: 9:00AM - 9:06AM
  Presenter: Bo Lund
  Is_paper: true
  Authors: Ada Falk (University of Varde, North),Bo Lund (Varde Labs)*
";
    let draft = draft(&[("_data/accepted_papers.yml", papers), ("_data/schedule.yml", schedule)]);
    let shown = |author: &crate::content::PaperAuthor| {
        format!(
            "{} @ {}{}",
            author.name,
            author.affiliation.as_deref().unwrap_or("?"),
            if author.corresponding { "*" } else { "" }
        )
    };
    let authors: Vec<_> = draft.document.papers[0].authors.iter().map(shown).collect();
    assert_eq!(authors, ["Ada Falk @ University of Varde, North", "Bo Lund @ Varde Labs*"]);
}

#[test]
fn the_folders_of_other_years_are_left_alone() {
    let files = [
        ("_data/2029/organizers.yml", "- {name: Ada Falk, affiliation: V}\n"),
        ("_data/2030/organizers.yml", "- {name: Bo Lund, affiliation: V}\n"),
    ];
    let draft = draft(&files);
    assert_eq!(draft.document.organizers.len(), 1);
    assert_eq!(
        draft.person_of(draft.document.organizers[0].person).map(|person| person.name.as_str()),
        Some("Bo Lund")
    );
    assert_eq!(codes(&draft), ["other-edition"]);
}

#[test]
fn of_editions_in_one_file_that_of_the_event_counts() {
    let organizers = "2029:\n- {name: Ada Falk, affiliation: V}\n2030:\n- {name: Bo Lund, affiliation: V}\n";
    let schedule = "
2031:
  - {time: '9:00 - 9:30', title: Thoughts on Later}
'2030':
  - {time: '9:00 - 9:30', title: Thoughts on Moss, speaker: Cy Moe}
2029: []
";
    let papers = "2028:\n- {title: Moss is Slow, authors: Ada Falk}\n";
    let draft = draft(&[
        ("_data/organizers.yml", organizers),
        ("_data/schedule.yml", schedule),
        ("_data/accepted_papers.yml", papers),
    ]);
    let document = &draft.document;
    assert_eq!(
        document.organizers.iter().map(|own| draft.person_of(own.person).unwrap().name.as_str()).collect::<Vec<_>>(),
        ["Bo Lund"]
    );
    assert_eq!(document.sessions.iter().map(|own| own.title.as_str()).collect::<Vec<_>>(), ["Thoughts on Moss"]);
    // The only edition that is there is the one that is meant.
    assert_eq!(document.papers.iter().map(|own| own.title.as_str()).collect::<Vec<_>>(), ["Moss is Slow"]);
    let others: Vec<_> = codes(&draft).into_iter().filter(|code| *code == "other-edition").collect();
    assert_eq!(others.len(), 3);
}

#[test]
fn what_others_published_elsewhere_is_no_paper_of_the_event() {
    let accepted = "- {title: Moss is Slow, authors: Ada Falk}\n";
    let reading = "- {title: Stones are Slower, author: Bo Lund, year: 2018, venue: SLOW}\n";
    let draft = draft(&[("_data/accepted_papers.yml", accepted), ("_data/geology.yml", reading)]);
    let titles: Vec<_> = draft.document.papers.iter().map(|paper| paper.title.as_str()).collect();
    assert_eq!(titles, ["Moss is Slow"]);
    assert_eq!(codes(&draft), ["reading-list"]);
}

#[test]
fn people_are_found_in_lists_of_any_name() {
    let files = [
        ("_data/contributors.yml", "- {name: Ada Falk, website: 'https://a.example.net', photo: a.png}\n"),
        ("_data/organizers.yml", "members: 'Bo Lund (V)<br>Cy Moe'\nweb: Di Ros\n"),
        (
            "_data/speakers.yml",
            "- name: Eve Fee\n  affiliation: V\n  position: Associate Professor\n  links:\n    github: eve\n    homepage: https://e.example.net\n",
        ),
    ];
    let draft = draft(&files);
    let document = &draft.document;
    let shown = |items: &[std::sync::Arc<crate::content::Participation>]| -> Vec<String> {
        let group = |item: &crate::content::Participation| item.group.as_ref().map(|group| format!(" of {group}"));
        let name = |id| draft.person_of(id).map_or_else(String::new, |person| person.name.clone());
        items.iter().map(|item| name(item.person) + &group(item).unwrap_or_default()).collect()
    };
    assert_eq!(shown(&document.volunteers), ["Ada Falk of Contributors"]);
    assert_eq!(shown(&document.organizers), ["Bo Lund", "Cy Moe", "Di Ros of Web"]);
    assert_eq!(document.speakers[0].honorific.as_deref(), Some("Associate Professor"));
    let eve = document.people.iter().find(|person| person.name == "Eve Fee").unwrap();
    assert_eq!(eve.homepage.as_deref(), Some("https://e.example.net"));
    assert!(codes(&draft).contains(&"role-assumed") && !codes(&draft).contains(&"unknown-key"));
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
