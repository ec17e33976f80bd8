//! Whole pages of invented sites, each written in another way.

use super::*;
use crate::content::{AttendanceMode, Document, Publication, Role};
use crate::import::Options;
use crate::import::jekyll::draft::test_options;
use crate::import::jekyll::{config, data};

/// What becomes of a site that has these files, and the codes of what was odd.
fn site(files: &[(&str, &str)]) -> (Document, Vec<&'static str>) {
    let options = Options {
        slug: "test".to_owned(),
        time_zone: None,
        known_zone: None,
        date: None,
        website: None,
        publication: Publication::Live,
        now: "2030-01-01T00:00:00Z".parse().unwrap(),
    };
    let mut draft = Draft::new(&options);
    let source = Source::of(files);
    let facts = config::read(&source, &mut draft).unwrap();
    let pending = read(&source, &mut draft, facts);
    finish(&pending, &mut draft);
    assert!(draft.is_dated);
    let codes = draft.diagnostics.iter().map(|finding| finding.code).collect();
    let mut report = crate::content::Report::default();
    draft.document.check(&mut report);
    assert_eq!(report.into_problems(), vec![]);
    (draft.document, codes)
}

/// The same with the data of the site.
fn whole_site(files: &[(&str, &str)]) -> (Document, Vec<&'static str>) {
    let options = Options { date: None, time_zone: None, ..test_options() };
    let mut draft = Draft::new(&options);
    let source = Source::of(files);
    let mut facts = config::read(&source, &mut draft).unwrap();
    let taken = config::read_data(&source, &mut draft, &mut facts);
    let pending = read(&source, &mut draft, facts);
    data::read(&source, &mut draft, &taken).unwrap();
    finish(&pending, &mut draft);
    let codes = draft.diagnostics.iter().map(|finding| finding.code).collect();
    (draft.document, codes)
}

fn names<'a, T: 'a>(list: &'a [std::sync::Arc<T>], name: impl Fn(&'a T) -> &'a str) -> Vec<&'a str> {
    list.iter().map(|item| name(item)).collect()
}

#[test]
fn a_virtual_workshop_in_html() {
    let page = "---\nlayout: home\n---\n<div class=\"jumbotron\" style=\"background: url(images/top.jpg)\">\n<center>\n<h1>NeurIPS 2021 Workshop: Learning Small Things (Models, Training)</h1>\n<h3>Monday December 13th 2021, Virtual</h3>\n</center></div>\n<p>Small things are everywhere, and this is the first workshop about them.</p>\n<h2 id=\"cfp\">Call for Papers</h2>\nWe ask for papers on:\n<ul>\n<li>small models</li>\n<li>short trainings</li>\n</ul>\n<h2>Important Dates</h2>\n<ul>\n<li>Submission Deadline: <strike>September 18, 2021</strike> <b>September 25, 2021</b> (AOE)</li>\n<li>Workshop: December 13, 2021</li></ul>\n<h2>Speakers</h2>\n{% include speakers.html %}\n<h2>Schedule (EST Time Zone)</h2>\n{% include schedule.html %}\n<h2>Sponsors</h2><a href=\"https://www.acme.example/\"><img src=\"/images/acme-logo.png\"></a>\n<img src=\"/images/x.png\" alt=\"Ex Corp logo\">";
    let config = "title: LST NeurIPS Workshop 2021\nemail: lst@workshops.test\nurl: https://lst.test\nbaseurl: /2021\nstrange: value\n";
    let (document, codes) = site(&[("index.md", page), ("_config.yml", config)]);
    let event = &document.event;
    assert_eq!(event.name, "Learning Small Things (Models, Training)");
    assert_eq!(event.acronym.as_deref(), Some("LST"));
    assert_eq!(event.host_conference.as_deref(), Some("NeurIPS 2021"));
    assert_eq!(event.starts_on.to_string(), "2021-12-13");
    assert_eq!(event.attendance_mode, AttendanceMode::Online);
    assert_eq!(event.time_zone, "America/New_York");
    assert_eq!(event.website.as_deref(), Some("https://lst.test/2021"));
    assert_eq!(event.banner.as_ref().map(|banner| banner.url.as_str()), Some("/images/top.jpg"));
    assert_eq!(names(&document.pages, |page| &page.title), ["Overview", "Call for Papers"]);
    assert_eq!(document.topics.len(), 1);
    assert_eq!(document.important_dates.len(), 2);
    assert_eq!(document.important_dates[0].superseded.len(), 1);
    assert!(document.important_dates[0].moment.anywhere_on_earth && !document.important_dates[0].struck_through);
    assert_eq!(names(&document.sponsors, |sponsor| &sponsor.name), ["ACME", "Ex Corp"]);
    assert_eq!(document.sponsors[0].url.as_deref(), Some("https://www.acme.example/"));
    assert_eq!(codes, ["unknown-key", "sponsor-name-from-file"]);
}

#[test]
fn a_workshop_in_kramdown() {
    let page = "---\ntitle: Home\n---\n# The Third ICML Workshop on Learning Small Things (LST-III)\n{: .no_toc}\n\n### Saturday July 22nd, 2023 | Room 206-207 | Honolulu, Hawaii\n\n**News:** we are back.\n\n## About\n\nThe workshop is about *small* things.\nSee [here](https://example.org).\n\n## Topics\n\n**Models** are small:\n\n- pruning\n- distilling\n\n**Data**\n\n* selection\n\n## Important dates\n\n| Submission deadline | ~~May 20~~ May 27, 2023 (AoE) |\n| --- | --- |\n| Notification | June 15, 2023 |\n| Camera-ready | TBA |\n\n## Organizers\n\n- Jane Doe (University of Somewhere)\n- John Roe, Acme\n\n## Invited speakers\n\n<div class=\"row\">\n  <div class=\"col\"><img src=\"images/ada.jpg\"><h4>Ada Lovelace</h4><p>Analytical Engines</p><a href=\"https://ada.test\">Website</a></div>\n  <div class=\"col\"><img src=\"images/grace.jpg\"><h4>Dr. Grace Hopper</h4><p>Navy</p></div>\n</div>\n\n## Sponsors\n\n### Gold\n\n![Acme Corp](/images/acme.svg)\n\n## Contact\n\nWrite to us.\n";
    let (document, codes) = site(&[("index.md", page)]);
    let event = &document.event;
    assert_eq!(event.name, "Learning Small Things");
    assert_eq!((event.acronym.as_deref(), event.edition), (Some("LST"), Some(3)));
    assert_eq!(event.host_conference.as_deref(), Some("ICML 2023"));
    assert_eq!(event.starts_on.to_string(), "2023-07-22");
    assert_eq!((event.city.as_deref(), event.time_zone.as_str()), (Some("Honolulu"), "Pacific/Honolulu"));
    assert_eq!(document.rooms[0].name, "Room 206-207");
    assert_eq!(names(&document.pages, |page| &page.title), ["About", "Important dates", "Contact"]);
    assert!(
        document.pages[0].body.0.contains("we are back")
            && document.pages[0].body.0.contains("[here](https://example.org)")
    );
    let topics: Vec<_> = document.topics.iter().map(|topic| (topic.title.as_str(), topic.items.len())).collect();
    assert_eq!(topics, [("Models", 2), ("Data", 1)]);
    assert_eq!(document.important_dates.len(), 2);
    assert_eq!(document.important_dates[0].superseded.len(), 1);
    assert_eq!(document.organizers.len(), 2);
    let speakers: Vec<_> =
        document.speakers.iter().map(|item| (item.honorific.as_deref(), item.affiliation.as_deref())).collect();
    assert_eq!(speakers, [(None, Some("Analytical Engines")), (Some("Dr."), Some("Navy"))]);
    assert_eq!(document.speakers[0].photo.as_ref().map(|photo| photo.url.as_str()), Some("/images/ada.jpg"));
    let tiers = names(&document.sponsor_tiers, |tier| &tier.name);
    assert_eq!((tiers, names(&document.sponsors, |sponsor| &sponsor.name)), (vec!["Gold"], vec!["Acme Corp"]));
    assert_eq!(codes, ["date-unread"]);
}

#[test]
fn a_workshop_in_running_text() {
    let page = "---\nlayout: default\ntitle: Workshop on Gardens for Robots\n---\n<p>Welcome! The workshop will be held in Vienna, Austria on July 26-27, 2024, co-located with ICML 2024.</p>\n<div class=\"alert alert-warning\"><strong>Deadline extended!</strong> See <a href=\"/dates.html\">the dates</a>.</div>\n<!-- Schedule -->\n<!--\n<h2>Travel grants</h2>\n<p>We will give travel grants to students who have no other means to come to the workshop.</p>\n-->\n<!-- <img src=\"old.png\"> -->\n{% comment %} secret {{ x }} things {% endcomment %}\n<h2>Program Committee</h2>\n<ul><li>Jane Doe, MIT</li><li>Max Roe, ETH</li></ul>\n<h2>Awards</h2>\n<p>Best Paper Award: On Hedges</p>";
    let other = "---\ntitle: Travel\n---\nTake the **train**.\n";
    let list =
        "---\ntitle: Accepted papers\n---\n{% for paper in site.data.papers %}<li>{{ paper.title }}</li>{% endfor %}\n";
    let (document, codes) = site(&[("index.html", page), ("travel.md", other), ("accepted_papers.html", list)]);
    let event = &document.event;
    assert_eq!(event.name, "Gardens for Robots");
    assert_eq!(
        (event.starts_on.to_string().as_str(), event.ends_on.to_string().as_str()),
        ("2024-07-26", "2024-07-27")
    );
    assert_eq!((event.city.as_deref(), event.time_zone.as_str()), (Some("Vienna"), "Europe/Vienna"));
    assert_eq!(event.host_conference.as_deref(), Some("ICML 2024"));
    let news: Vec<_> = document.announcements.iter().map(|news| (news.title.as_str(), news.head.published)).collect();
    assert_eq!(news, [("Deadline extended! See the dates.", true), ("Travel grants", false)]);
    assert_eq!(names(&document.pages, |page| &page.title), ["Overview", "Travel"]);
    assert_eq!(document.participations(Role::CommitteeMember).len(), 2);
    assert_eq!(names(&document.awards, |award| &award.name), ["Best Paper Award"]);
    assert_eq!(codes, ["commented-out", "commented-out", "commented-out", "award-without-paper"]);
}

#[test]
fn a_workshop_whose_first_heading_is_its_acronym() {
    let page = "---\nlayout: home\n---\n<div style=\"background: linear-gradient(white, white), url('images/moss.jpg')\"><center>\n<h2>MOSS 2030</h2>\n<h3>The 6<sup>th</sup> workshop on an<a>a</a>lysis<br>and <a>g</a>rowth of mosses</h3>\n<h4>Advances in slow things: <br>trees and stones</h4>\n<h5><b>In conjunction with <a href=\"https://g.test\"> Green Multimedia 2030 </a><br> 28 October - 1 November 2030, Melbourne, Australia (On-Site)</b></h5>\n</center></div>\n<!-- <br> -->\n<h2>Overview</h2><p>Moss.</p>\n<h2>Important information</h2>\n<p>All deadlines are 11:59 pm UTC -12h (\"Anywhere on Earth\"). See <a href=\"#faq\">this</a>.</p>\n<ul><li><del>Submission deadline: 16-Jul, 2030</del></li><li>Author notification: 6th August, 2030</li><li>Workshop date: 28-Oct, 2030</li></ul>\n<p>Bring boots.</p>\n<h2>Best Paper Awards</h2><p><strong>Moss at Last</strong><br>Ada Falk, Bo Lund</p>\n<h2>Accepted Papers</h2><ul><li><b>On Slow Trees</b> - <em>Ada Falk, Bo Lund</em><a href=\"https://x.test/10.1145/2\"> [DL]</a></li></ul>\n<h2>Shared Task Organizers</h2>\n{% include storganizers.html %}\n<h2>Sponsors</h2><img src=\"images/logos.png\">\n<h2>Gold Sponsors</h2><b>To be announced</b>";
    let (document, codes) = site(&[("index.md", page)]);
    let event = &document.event;
    assert_eq!(event.name, "analysis and growth of mosses");
    assert_eq!((event.acronym.as_deref(), event.edition), (Some("MOSS"), Some(6)));
    assert_eq!(event.host_conference.as_deref(), Some("Green Multimedia 2030"));
    // The dates know the day, the top only those of the conference.
    assert_eq!((event.starts_on.to_string(), event.ends_on.to_string()), ("2030-10-28".into(), "2030-10-28".into()));
    let dates: Vec<_> =
        document.important_dates.iter().map(|date| (date.label.as_str(), date.moment.anywhere_on_earth)).collect();
    assert_eq!(dates, [("Submission deadline", true), ("Author notification", true), ("Workshop date", false)]);
    let page = |title: &str| document.pages.iter().find(|page| page.title == title).map(|page| page.body.0.as_str());
    assert!(page("Overview").is_some_and(|text| text.contains("trees and stones")));
    let information = page("Important information").unwrap_or_default();
    assert!(information.contains("Bring boots") && !information.contains("notification"), "{information}");
    assert_eq!(page("Gold Sponsors"), Some("**To be announced**"));
    assert_eq!(names(&document.sponsors, |sponsor| &sponsor.name), ["Logos"]);
    assert_eq!(names(&document.papers, |paper| &paper.title), ["On Slow Trees"]);
    let award = document.awards[0].description.as_ref().map(|text| text.0.as_str());
    assert_eq!(award, Some("Moss at Last\n\nAda Falk, Bo Lund"));
    assert_eq!(codes, ["award-without-paper", "award-without-paper", "sponsor-name-from-file"]);
}

#[test]
fn what_a_data_file_tells_of_the_event() {
    let workshop = "short_title: Slow-Moss\ntitle: \"Slow Moss: growing\"\nsubtitle: 4th Workshop on Mosses\ntagline: Small plants, long lives.\nconference: NeurIPS 2030\nlocation: Paris, France\nsubmission_url: https://open.test/moss\nimportant_dates:\n  - {label: Reviews, date: 'September 7–19, 2030'}\n  - {label: Workshop, date: 'December 13, 2030'}\nstrange: value\n";
    let index = "---\nlayout: home\n---\n<img src=\"{{ site.data.workshop.banner }}\">\n<h2>Overview</h2><p>Moss.</p>";
    let schedule = "- {Title: A, Time: '9:00 - 9:30 AM PST'}\n";
    let navigation = "- {title: Home, url: /}\n";
    let files = [
        ("index.md", index),
        ("_config.yml", "title: Site\n"),
        ("_data/workshop.yml", workshop),
        ("_data/schedule.yml", schedule),
        ("_data/navigation.yml", navigation),
    ];
    let (document, codes) = whole_site(&files);
    let event = &document.event;
    assert_eq!((event.edition, event.acronym.as_deref()), (Some(4), Some("Slow-Moss")));
    assert_eq!((event.starts_on.to_string().as_str(), event.city.as_deref()), ("2030-12-13", Some("Paris")));
    assert_eq!(event.host_conference.as_deref(), Some("NeurIPS 2030"));
    assert_eq!(event.description.as_ref().map(|text| text.0.as_str()), Some("Small plants, long lives."));
    assert_eq!(event.banner, None);
    assert_eq!(document.important_dates[0].note.as_deref(), Some("2030-09-07 to 2030-09-19"));
    let links: Vec<_> = document.links.iter().map(|link| (link.label.as_str(), link.url.as_str())).collect();
    assert_eq!(links, [("Submission", "https://open.test/moss"), ("Home", "/")]);
    assert!(codes.contains(&"unknown-key") && codes.contains(&"time-zone-differs"), "{codes:?}");
}

#[test]
fn nothing_of_a_page_is_passed_through_raw() {
    let page = "<h1>The 1st Workshop on X and Y (XAY)</h1><h2>May 3, 2030, Paris</h2><script>alert(1)</script><p>Hello <iframe src=\"https://evil.test\"></iframe><a href=\"javascript:alert(1)\">you</a></p><h2>About</h2><style>p{}</style><p onclick=\"x()\">Text &lt;script&gt;</p>";
    let (document, _) = site(&[("index.html", page)]);
    let text = serde_json::to_string(&document).unwrap();
    for word in ["alert(1)", "iframe", "javascript:", "onclick", "p{}"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    assert!(document.pages[0].body.to_html().contains("&lt;script&gt;"));
}

#[test]
fn a_site_without_a_zone_says_so() {
    let (document, codes) = site(&[("index.md", "# Workshop on Nowhere\n\n### May 3, 2030\n")]);
    assert_eq!(document.event.time_zone, "UTC");
    assert_eq!(codes, ["time-zone-assumed"]);
}
